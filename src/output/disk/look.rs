//! The calls of a [`Disk`] that only look. None of them changes anything or is counted; locking a file that is open is one
//! of them.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;

use super::{Disk, File, Kind, platform, told};

impl Disk {
    /// The path without its dependence on the current folder; links in it stay as they are.
    pub(in crate::output) fn absolute(&self, path: &Path) -> Result<PathBuf> {
        told(std::path::absolute(path), "find", path)
    }

    /// What stands at `path`, if anything does.
    pub(in crate::output) fn kind(&self, path: &Path) -> Result<Option<Kind>> {
        match fs::symlink_metadata(path) {
            Ok(found) => Ok(Some(kind(found.file_type()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => told(Err(error), "look at", path),
        }
    }

    /// True when nobody may write into the folder, not even its owner. Elsewhere than on Unix the flag says nothing of the
    /// kind about a folder.
    pub(in crate::output) fn is_read_only(&self, path: &Path) -> Result<bool> {
        let found = told(fs::symlink_metadata(path), "look at", path)?;
        Ok(cfg!(unix) && found.permissions().readonly())
    }

    /// The names in a folder, in no order.
    pub(in crate::output) fn list(&self, folder: &Path) -> Result<Vec<(OsString, Kind)>> {
        let names = fs::read_dir(folder).and_then(|entries| {
            entries.map(|entry| entry.and_then(|entry| Ok((entry.file_name(), kind(entry.file_type()?))))).collect()
        });
        told(names, "read the folder", folder)
    }

    /// Opens a regular file inside a folder of ours, and gives its size. None: there is none of that name.
    pub(in crate::output) fn open_inside(&self, path: &Path) -> Result<Option<(File, u64)>> {
        told(platform::open_inside(path), "open", path)
    }

    /// Opens a file of the project, wherever its path leads.
    pub(in crate::output) fn open_source(&self, path: &Path) -> Result<File> {
        told(File::open(path), "open", path)
    }

    /// Reads the next bytes; 0 at the end of the file.
    pub(in crate::output) fn read(&self, file: &mut File, path: &Path, page: &mut [u8]) -> Result<usize> {
        loop {
            match file.read(page) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return told(read, "read", path),
            }
        }
    }

    /// All of a regular file inside a folder of ours, if it is there.
    pub(in crate::output) fn read_inside(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let Some((mut file, _)) = self.open_inside(path)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        told(file.read_to_end(&mut bytes), "read", path)?;
        Ok(Some(bytes))
    }

    /// All of a file of the project.
    pub(in crate::output) fn read_source(&self, path: &Path) -> Result<Vec<u8>> {
        told(fs::read(path), "read", path)
    }

    /// How long ago a file inside a folder of ours was written or touched. None: there is none, or it is of tomorrow.
    pub(in crate::output) fn age(&self, path: &Path) -> Result<Option<Duration>> {
        let Some((file, _)) = self.open_inside(path)? else {
            return Ok(None);
        };
        let written = told(file.metadata().and_then(|found| found.modified()), "look at", path)?;
        Ok(SystemTime::now().duration_since(written).ok())
    }

    /// Takes the lock unless somebody else holds it.
    pub(in crate::output) fn try_lock(&self, file: &File, path: &Path) -> Result<bool> {
        match file.try_lock() {
            Ok(()) => Ok(true),
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            Err(fs::TryLockError::Error(error)) => told(Err(error), "lock", path),
        }
    }

    /// Gives the lock back. Closing the file would do, were it not for a process that is just being started and has it open
    /// as well for a moment.
    pub(in crate::output) fn unlock(&self, file: &File, path: &Path) -> Result<()> {
        told(file.unlock(), "unlock", path)
    }

    /// True when `path` still names the file that was opened.
    pub(in crate::output) fn is_same_file(&self, file: &File, path: &Path) -> Result<bool> {
        told(platform::is_same_file(file, path), "look at the lock", path)
    }
}

fn kind(found: fs::FileType) -> Kind {
    match found {
        found if found.is_dir() => Kind::Folder,
        found if found.is_file() => Kind::File,
        _ => Kind::Other,
    }
}
