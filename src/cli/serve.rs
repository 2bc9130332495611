//! `galen serve`: the preview, and how it says where it is.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use galen::serve::{ServeOptions, bind, serve as run};
use jiff::civil::Date;

use super::Terminal;

/// What the command line says of a preview.
pub(super) struct Wanted {
    pub root: PathBuf,
    pub port: u16,
    pub open: bool,
    pub as_of: Option<Date>,
    pub drafts: bool,
}

/// `galen serve`.
pub(super) fn serve(wanted: Wanted, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    // The real path, since that is what the file system tells of; a folder that is not there yet has none.
    let root = wanted.root.canonicalize().unwrap_or_else(|_| wanted.root.clone());
    let listener = bind(wanted.port)?;
    let port = listener.local_addr().context("cannot tell the port of the preview")?.port();
    if port != wanted.port && wanted.port != 0 {
        terminal.say(&format!("port {} is in use, so the preview is on the next free one, {port}", wanted.port))?;
    }
    let options = ServeOptions { root, as_of: wanted.as_of, drafts: wanted.drafts };
    start(listener, options, port, wanted.open, terminal)?;
    Ok(ExitCode::SUCCESS)
}

fn start(
    listener: TcpListener,
    options: ServeOptions,
    port: u16,
    open: bool,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let root = options.root.clone();
    run(listener, options, |read| {
        // Whoever closed standard error still gets the preview.
        let home = match read {
            Ok(ready) => {
                let _ = terminal.say(&format!("{} pages of {}", ready.pages, root.display()));
                ready.home
            }
            Err(trouble) => {
                let _ = terminal.say(&format!("the site cannot be read yet: {trouble}"));
                "/".to_owned()
            }
        };
        let address = format!("http://localhost:{port}{home}");
        let _ = terminal.say(&format!("preview at {address} – every saved change shows by itself; Ctrl+C ends it"));
        if open && let Err(error) = open::that_detached(&address) {
            let _ = terminal.say(&format!("cannot open a browser: {error}; open the address yourself"));
        }
    })
}
