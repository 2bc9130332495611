//! The calls that are not the same on every system. Each has a plain form for systems without a better one; none of them
//! adds to an error or counts as a call: [`Disk`](super::Disk) does both.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a regular file for reading, and gives its size; a symbolic link is not followed, and a pipe is not waited for.
/// None: there is no regular file of that name.
pub(super) fn open_inside(path: &Path) -> io::Result<Option<(File, u64)>> {
    let mut options = OpenOptions::new();
    options.read(true);
    no_follow(&mut options);
    if !cfg!(unix) && std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Ok(None);
    }
    match options.open(path) {
        Ok(file) => {
            let found = file.metadata()?;
            Ok(found.is_file().then_some((file, found.len())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound || is_link(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes `options` refuse a symbolic link as the last part of a path, and never wait for the other end of a pipe.
pub(super) fn no_follow(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    let _ = options;
}

/// True when the error says that a link stood where [`no_follow`] allows none.
fn is_link(error: &io::Error) -> bool {
    #[cfg(unix)]
    {
        use rustix::io::Errno;
        // The BSDs say "too many links" (MLINK) where the others say "loop".
        matches!(Errno::from_io_error(error), Some(Errno::LOOP | Errno::MLINK))
    }
    #[cfg(not(unix))]
    {
        let _ = error;
        false
    }
}

/// True when `path` still names the file that `file` has open.
pub(super) fn is_same_file(file: &File, path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let ours = file.metadata()?;
        match std::fs::symlink_metadata(path) {
            Ok(there) => Ok(there.dev() == ours.dev() && there.ino() == ours.ino()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
    #[cfg(not(unix))]
    {
        // Nobody unlinks a lock file here (`CAN_UNLINK_LOCK`), so a name cannot come to mean another file.
        let _ = (file, path);
        Ok(true)
    }
}

/// Whether the file of a lock that is held can be unlinked, and a waiter can tell that it was.
pub(in crate::output) const CAN_UNLINK_LOCK: bool = cfg!(unix);

/// Exchanges two names in one step, or gives an error that [`is_unsupported`] knows.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (one, other);
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// True for the errors by which a system or a file system says that it has no such way to rename.
pub(super) fn is_unsupported(error: &io::Error) -> bool {
    // Linux says EINVAL where the file system does not know the flag, else ENOSYS or EOPNOTSUPP.
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// Renames to a name nobody has yet. Where the system cannot promise that, an empty folder of that name may be replaced.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        let renamed = renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE);
        match renamed.map_err(io::Error::from) {
            Err(error) if is_unsupported(&error) => {}
            renamed => return renamed,
        }
    }
    std::fs::rename(from, to)
}

/// Flushes everything below `folder`, and the folder. On Linux the whole file system is flushed in one call, which for
/// thousands of files is far cheaper than flushing one after the other, and takes in the files that were only linked.
pub(super) fn flush_tree(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        rustix::fs::syncfs(File::open(folder)?)?;
        Ok(())
    }
    #[cfg(not(target_os = "linux"))]
    {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                flush_tree(&entry.path())?;
            } else if kind.is_file() {
                // Some systems flush only what is open for writing.
                OpenOptions::new().write(true).open(entry.path())?.sync_all()?;
            }
        }
        flush_folder(folder)
    }
}

/// Flushes the names in one folder. Where a folder cannot be opened like a file there is no such call.
pub(super) fn flush_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        File::open(folder)?.sync_all()
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
    }
}
