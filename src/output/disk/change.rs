//! The calls of a [`Disk`] that change something. Each asks the plan of faults first, once for every call of the system it
//! makes, so that a test can break it at that very point. None of them cleans up after itself.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use super::{Disk, File, Kind, platform, told};

impl Disk {
    /// Makes one folder, which must not be there yet.
    pub(in crate::output) fn make_folder(&self, path: &Path) -> Result<()> {
        told(self.mkdir(path), "make the folder", path)
    }

    /// Makes a folder and those above it; it may be there already.
    pub(in crate::output) fn make_folders(&self, path: &Path) -> Result<()> {
        if self.kind(path)? == Some(Kind::Folder) {
            return Ok(());
        }
        self.change("make the folder", path, || fs::create_dir_all(path))
    }

    /// Makes a new file; the folders between `root` and it are made when they are missing.
    pub(in crate::output) fn create(&self, root: &Path, path: &Path) -> Result<File> {
        let create = || self.step("create").and_then(|()| File::create_new(path));
        told(self.with_parents(root, path, create), "create", path)
    }

    /// Makes a new file for something that is to become `path`; the folders between `root` and it are made when they are
    /// missing. Gives its own name, which nobody else has.
    pub(in crate::output) fn create_part(&self, root: &Path, path: &Path) -> Result<(File, PathBuf)> {
        for number in 0_u64.. {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{}-{number}", std::process::id()));
            let part = PathBuf::from(name);
            let create = || self.step("create").and_then(|()| File::create_new(&part));
            match self.with_parents(root, &part, create) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => return Ok((told(created, "create", &part)?, part)),
            }
        }
        Err(anyhow!("cannot create {}: every name is taken", path.display()))
    }

    /// Renames to a name that may be taken.
    pub(in crate::output) fn rename_over(&self, from: &Path, to: &Path) -> Result<()> {
        let renamed = self.step("rename").and_then(|()| fs::rename(from, to));
        let to = to.display();
        renamed.with_context(|| format!("cannot rename {} to {to}", from.display()))
    }

    /// Says that a file was used just now.
    pub(in crate::output) fn touch(&self, path: &Path) -> Result<()> {
        let now = || File::options().write(true).open(path)?.set_modified(std::time::SystemTime::now());
        self.change("set the times of", path, now)
    }

    /// Opens a file to fill it anew: one that only this process uses, or that is not there.
    pub(in crate::output) fn replace(&self, path: &Path) -> Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        platform::no_follow(&mut options);
        self.change("create", path, || options.open(path))
    }

    /// Writes all of `bytes`.
    pub(in crate::output) fn write(&self, file: &mut File, path: &Path, bytes: &[u8]) -> Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.write_some(file, rest) {
                Ok(0) => return told(Err(io::ErrorKind::WriteZero.into()), "write", path),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return told(Err(error), "write", path),
            }
        }
        Ok(())
    }

    fn write_some(&self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        let Some(failure) = self.fault("write") else {
            return file.write(bytes);
        };
        let (half, _) = bytes.split_at(failure.written(bytes.len()));
        file.write_all(half)?;
        failure.error()?;
        Ok(half.len())
    }

    /// Gives `to`, which is at `path`, the times of `from`.
    pub(in crate::output) fn keep_times(&self, from: &File, to: &File, path: &Path) -> Result<()> {
        self.change("set the times of", path, || {
            let times = fs::FileTimes::new().set_modified(from.metadata()?.modified()?);
            to.set_times(times)
        })
    }

    /// Gives the folder `to` the permissions of `from`.
    pub(in crate::output) fn keep_permissions(&self, from: &Path, to: &Path) -> Result<()> {
        let wanted = told(fs::symlink_metadata(from), "look at", from)?.permissions();
        let found = told(fs::symlink_metadata(to), "look at", to)?.permissions();
        if wanted == found {
            return Ok(());
        }
        self.change("set the permissions of", to, || fs::set_permissions(to, wanted))
    }

    /// Gives the file `from` a second name. False: it could not be linked, whatever the reason.
    pub(in crate::output) fn link(&self, from: &Path, root: &Path, to: &Path) -> bool {
        let link = || self.step("link").and_then(|()| fs::hard_link(from, to));
        self.can_link && self.with_parents(root, to, link).is_ok()
    }

    /// Renames to a name that nobody has yet.
    pub(in crate::output) fn rename_new(&self, from: &Path, to: &Path) -> Result<()> {
        let renamed = self.step("rename").and_then(|()| platform::rename_new(from, to));
        let to = to.display();
        renamed.with_context(|| format!("cannot rename {} to {to}", from.display()))
    }

    /// Exchanges two names in one step. False: that cannot be done here, and nothing was.
    pub(in crate::output) fn exchange(&self, one: &Path, other: &Path) -> Result<bool> {
        if !self.can_exchange {
            return Ok(false);
        }
        match self.step("exchange").and_then(|()| platform::exchange(one, other)) {
            Err(error) if platform::is_unsupported(&error) => Ok(false),
            exchanged => {
                let other = other.display();
                exchanged.with_context(|| format!("cannot exchange {} with {other}", one.display()))?;
                Ok(true)
            }
        }
    }

    /// Removes a file or a link, never what the link leads to.
    pub(in crate::output) fn remove_file(&self, path: &Path) -> Result<()> {
        self.change("remove", path, || fs::remove_file(path))
    }

    /// Removes a folder that is empty.
    pub(in crate::output) fn remove_folder(&self, path: &Path) -> Result<()> {
        self.change("remove the folder", path, || fs::remove_dir(path))
    }

    /// Removes a folder and all below it; links in it are removed, not followed.
    pub(in crate::output) fn remove_all(&self, path: &Path) -> Result<()> {
        self.change("remove the folder", path, || fs::remove_dir_all(path))
    }

    /// Makes sure that a loss of power keeps everything below the folder.
    pub(in crate::output) fn flush_tree(&self, path: &Path) -> Result<()> {
        self.change("flush all of", path, || platform::flush_tree(path))
    }

    /// Makes sure that a loss of power keeps the names in the folder.
    pub(in crate::output) fn flush_folder(&self, path: &Path) -> Result<()> {
        self.change("flush", path, || platform::flush_folder(path))
    }

    /// Opens a lock file, making it when it is missing.
    pub(in crate::output) fn open_lock(&self, path: &Path) -> Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        platform::no_follow(&mut options);
        let file = self.change("open the lock", path, || options.open(path))?;
        match told(file.metadata(), "look at the lock", path)?.is_file() {
            true => Ok(file),
            false => Err(anyhow!("cannot lock {}: it is not a file", path.display())),
        }
    }

    /// Empties an open file.
    pub(in crate::output) fn empty(&self, file: &File, path: &Path) -> Result<()> {
        self.change("empty", path, || file.set_len(0))
    }

    /// One call that changes something at `path`.
    fn change<T>(&self, what: &'static str, path: &Path, call: impl FnOnce() -> io::Result<T>) -> Result<T> {
        told(self.step(what).and_then(|()| call()), what, path)
    }

    fn mkdir(&self, path: &Path) -> io::Result<()> {
        self.step("make the folder").and_then(|()| fs::create_dir(path))
    }

    /// Does `make`, and if a folder above `path` is missing makes it and tries once more: cheaper than to look first.
    fn with_parents<T>(&self, root: &Path, path: &Path, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
        match make() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_parents(root, path)?;
                make()
            }
            made => made,
        }
    }

    /// Makes the folders between `root` and `path`. The root is never made: if it went away, so did what was in it.
    fn make_parents(&self, root: &Path, path: &Path) -> io::Result<()> {
        let parent = path.parent().filter(|parent| *parent != root && parent.starts_with(root));
        let parent = parent.ok_or(io::ErrorKind::NotFound)?;
        let made = match self.mkdir(parent) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_parents(root, parent)?;
                self.mkdir(parent)
            }
            made => made,
        };
        match made {
            // Another thread was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }
}
