//! The preview: a site served from memory, on this machine alone, while its editors write. Writes nothing to the disk but
//! smaller pictures, which builds keep as well.
//!
//! ```text
//! disk ─hints─▶ follow ─edit, whole─▶ desk ◀─look─ answer ◀─ http ◀─ guard ◀─ browser
//!                                       └──number of the newest edition──▶ /_galen/events
//! ```
//!
//! What the file system tells are hints; what the disk holds when it is read again is the truth.

mod answer;
mod desk;
mod findings;
mod follow;
mod guard;
mod http;
mod inject;
mod inside;
mod pictures;
mod scan;
mod types;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use jiff::civil::Date;

use desk::Desk;

/// How many ports after the wanted one are tried.
const TRIES: u16 = 100;

/// How many connections may wait to be taken on; those of std are too few for many tabs that load at the same moment.
#[cfg(unix)]
const WAITING: i32 = 1024;

/// What is previewed.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The folder of the site. It may be broken, and it may be gone for a while.
    pub root: PathBuf,
    /// The day that is shown; without one it is today's, in UTC.
    pub as_of: Option<Date>,
    /// Whether drafts, scheduled, expired and unreviewed articles are shown.
    pub drafts: bool,
}

/// A port on this machine alone: the wanted one, or the next that is free.
///
/// # Errors
/// When none of a hundred ports can be had.
pub fn bind(port: u16) -> anyhow::Result<TcpListener> {
    let last = port.saturating_add(TRIES);
    for candidate in port..=last {
        match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, candidate))) {
            Ok(listener) => {
                #[cfg(unix)]
                rustix::net::listen(&listener, WAITING).context("cannot listen for browsers")?;
                return Ok(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && candidate < last => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot listen on port {candidate} of this machine"));
            }
        }
    }
    anyhow::bail!("cannot listen on any of the ports {port} to {last} of this machine")
}

/// What can be had once a site was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Number of pages.
    pub pages: usize,
    /// Path of the home page.
    pub home: String,
}

/// Serves a site until the process is asked to end. `ready` is called once the first pages can be had, or with the reason
/// why they cannot; requests that come before wait.
///
/// # Errors
/// When the operating system refuses threads or the listener.
pub fn serve(
    listener: TcpListener,
    options: ServeOptions,
    ready: impl FnOnce(Result<Ready, String>),
) -> anyhow::Result<()> {
    let port = listener.local_addr().context("cannot tell the port of the preview")?.port();
    let desk = Arc::new(Desk::new(options));
    follow::follow(&desk);
    ready(desk.summary());
    http::serve(listener, port, desk)
}
