//! Names what stands beside an output folder: lock, staging folder, and what a swap in two renames needs. All of it is in
//! the same parent folder, so that a rename never crosses file systems. Nothing is made here.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::disk::Disk;

/// The paths one output folder needs.
pub(super) struct Places {
    /// Where readers find the site.
    pub(super) output: PathBuf,
    /// The folder all of these are in.
    pub(super) parent: PathBuf,
    /// Held while anything here is changed.
    pub(super) lock: PathBuf,
    /// Where the new tree is put together.
    pub(super) staging: PathBuf,
    /// The old tree, between the two renames of a swap and until it is removed.
    pub(super) old: PathBuf,
    /// There from before the first of the two renames until after the second.
    pub(super) intent: PathBuf,
}

impl Places {
    /// The places of `folder`. A slash at its end is dropped, so that a link is seen as the link it is.
    pub(super) fn of(folder: &Path, disk: &Disk) -> Result<Self> {
        let folder = disk.absolute(folder)?;
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            bail!("cannot write to {}: this does not name a folder inside another", folder.display());
        };
        let beside = |role: &str| parent.join(hidden(name, role));
        Ok(Self {
            output: parent.join(name),
            lock: beside("lock"),
            staging: beside("staging"),
            old: beside("old"),
            intent: beside("intent"),
            parent: parent.to_path_buf(),
        })
    }
}

/// `.NAME.galen-ROLE`, for any name the system allows.
fn hidden(name: &OsStr, role: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".galen-");
    hidden.push(role);
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_beside_the_output() -> Result<()> {
        let places = Places::of(Path::new("/a/b/public/"), &Disk::new())?;
        assert_eq!(places.output, Path::new("/a/b/public"));
        assert!(!places.output.as_os_str().to_string_lossy().ends_with('/'));
        assert_eq!(places.staging, Path::new("/a/b/.public.galen-staging"));
        assert_eq!(places.lock, Path::new("/a/b/.public.galen-lock"));
        Ok(())
    }

    #[test]
    fn a_path_that_names_no_folder_is_refused() {
        for path in ["/", "..", "a/..", ""] {
            assert!(Places::of(Path::new(path), &Disk::new()).is_err(), "{path}");
        }
    }
}
