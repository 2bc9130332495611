//! The one way from `output` to the file system: each call does one thing and, when it fails, its error names the
//! operation and the path. It never decides anything, never follows a symbolic link inside the output, and never retries
//! what the system refused.

mod change;
mod faults;
mod look;
mod platform;

use std::io;
use std::path::Path;

use anyhow::{Context, Result};

pub use faults::{Failure, Faults};
pub(in crate::output) use std::fs::File;

/// Whether the file of a lock that is held can be unlinked, and a waiter can tell that it was.
pub(in crate::output) use platform::CAN_UNLINK_LOCK;

/// The file system as `output` sees it. A test gives it a plan of faults, or takes away what not every system has.
#[derive(Debug)]
pub struct Disk {
    faults: Option<Faults>,
    can_exchange: bool,
    can_link: bool,
}

/// What a name stands for; a symbolic link stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::output) enum Kind {
    Folder,
    File,
    /// A symbolic link, a pipe, a device.
    Other,
}

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl Disk {
    /// The disk as it is.
    pub fn new() -> Self {
        Self { faults: None, can_exchange: true, can_link: true }
    }

    /// The same, but some calls that change the disk fail. For tests.
    #[must_use]
    pub fn with_faults(self, faults: Faults) -> Self {
        Self { faults: Some(faults), ..self }
    }

    /// The same, as on a system that cannot exchange two names. For tests.
    #[must_use]
    pub fn without_exchange(self) -> Self {
        Self { can_exchange: false, ..self }
    }

    /// The same, as on a file system without hard links. For tests.
    #[must_use]
    pub fn without_links(self) -> Self {
        Self { can_link: false, ..self }
    }

    /// What the calls that tried to change the disk were, in their order; nothing for a disk without a plan.
    pub fn calls(&self) -> Vec<&'static str> {
        self.faults.as_ref().map(Faults::calls).unwrap_or_default()
    }

    /// Comes before every call that changes the disk.
    fn step(&self, what: &'static str) -> io::Result<()> {
        self.fault(what).map_or(Ok(()), Failure::error)
    }

    fn fault(&self, what: &'static str) -> Option<Failure> {
        self.faults.as_ref().and_then(|faults| faults.next(what))
    }
}

fn told<T>(result: io::Result<T>, what: &str, path: &Path) -> Result<T> {
    result.with_context(|| format!("cannot {what} {}", path.display()))
}
