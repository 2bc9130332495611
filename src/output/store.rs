//! Smaller pictures, kept from build to build: a store in which a name can only ever mean one content. Makes no picture.
//!
//! An entry is named by the hash of all that its content follows from: the original's bytes and the recipe. So an entry is
//! never out of date, nobody has to ask what changed, and two processes that make one at the same time make the same. It is
//! written under a name of its own and renamed when it is whole, and it begins with the hash of its content: what a loss of
//! power or a failing disk has damaged is seen and made anew. An entry that no build has used for a month is removed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};

use super::disk::{Disk, Kind};

/// The folder in the root of a site that is the program's own.
const OWN: &str = ".galen";

/// Bytes of the hash before each content.
const HASH: usize = blake3::OUT_LEN;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long an entry stays that no build uses: as long as a branch may lie still.
const UNUSED: Duration = DAY.saturating_mul(30);

/// The store of one site.
#[derive(Debug)]
pub struct Store {
    disk: Disk,
    own: PathBuf,
    folder: PathBuf,
    written: AtomicUsize,
}

impl Store {
    /// The store of the site in `root`; nothing is made before there is something to keep.
    pub fn of(root: &Path, disk: Disk) -> Self {
        let own = root.join(OWN);
        Self { disk, folder: own.join("pictures"), own, written: AtomicUsize::new(0) }
    }

    /// How many entries were written since it was opened.
    pub fn written(&self) -> usize {
        self.written.load(Ordering::Relaxed)
    }

    fn path(&self, key: &blake3::Hash) -> PathBuf {
        let name = key.to_hex();
        let (folder, name) = name.split_at(2);
        self.folder.join(folder).join(name)
    }

    /// Whether there is such an entry; only reading it tells whether it is whole.
    pub(super) fn has(&self, key: &blake3::Hash) -> bool {
        matches!(self.disk.open_inside(&self.path(key)), Ok(Some((_, length))) if length > HASH as u64)
    }

    /// Puts the content of an entry behind what `out` holds. False: there is none, or it is damaged.
    pub(super) fn read(&self, key: &blake3::Hash, out: &mut Vec<u8>) -> bool {
        let Ok(Some(entry)) = self.disk.read_inside(&self.path(key)) else { return false };
        let Some((hash, content)) = entry.split_at_checked(HASH) else { return false };
        let is_whole = !content.is_empty() && blake3::hash(content).as_bytes() == hash;
        if is_whole {
            out.extend_from_slice(content);
        }
        is_whole
    }

    /// Keeps a content under a name.
    pub(super) fn keep(&self, key: &blake3::Hash, content: &[u8]) -> Result<()> {
        self.begin()?;
        let path = self.path(key);
        let (mut file, part) = self.disk.create_part(&self.folder, &path)?;
        let filled = self.disk.write(&mut file, &part, blake3::hash(content).as_bytes());
        let filled = filled.and_then(|()| self.disk.write(&mut file, &part, content));
        drop(file);
        let kept = filled.and_then(|()| self.disk.rename_over(&part, &path));
        if kept.is_err() {
            // Should even that fail, it is pruned like any other entry that nobody uses.
            let _ = self.disk.remove_file(&part);
        }
        kept?;
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Makes the folder, unless something else has its name, and keeps it out of the site's history.
    fn begin(&self) -> Result<()> {
        match self.disk.kind(&self.own)? {
            Some(Kind::Folder) => {}
            None => self.disk.make_folders(&self.own)?,
            Some(_) => bail!("{} is no folder, so nothing can be kept there", self.own.display()),
        }
        match self.disk.kind(&self.folder)? {
            Some(Kind::Folder) => return Ok(()),
            None => self.disk.make_folders(&self.folder)?,
            Some(_) => bail!("{} is no folder, so nothing can be kept there", self.folder.display()),
        }
        let ignored = self.own.join(".gitignore");
        if self.disk.kind(&ignored)?.is_none() {
            let mut file = self.disk.replace(&ignored)?;
            self.disk.write(&mut file, &ignored, b"# What Galen keeps between builds: it can be made again.\n*\n")?;
        }
        Ok(())
    }

    /// Says that these entries are in use, and removes those that none has used for long. Looks at all of them once a day.
    pub(super) fn prune<'a>(&self, used: impl Iterator<Item = &'a blake3::Hash>) -> Result<()> {
        if self.disk.kind(&self.folder)? != Some(Kind::Folder) {
            return Ok(());
        }
        for key in used {
            let path = self.path(key);
            if self.disk.age(&path)?.is_some_and(|age| age > DAY) {
                self.disk.touch(&path)?;
            }
        }
        let looked = self.folder.join("looked");
        if self.disk.age(&looked)?.is_some_and(|age| age <= DAY) {
            return Ok(());
        }
        for (name, kind) in self.disk.list(&self.folder)? {
            if kind != Kind::Folder {
                continue;
            }
            let folder = self.folder.join(name);
            for (name, _) in self.disk.list(&folder)? {
                let entry = folder.join(name);
                if self.disk.age(&entry)?.is_some_and(|age| age > UNUSED) {
                    self.disk.remove_file(&entry)?;
                }
            }
        }
        self.disk.replace(&looked)?;
        self.disk.touch(&looked)
    }
}
