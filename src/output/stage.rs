//! Puts the new tree together in the staging folder. A file whose bytes the old tree has already is not written again but
//! linked; a tree that is equal to the old one is never staged at all. The old tree is read and never changed.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use super::disk::{Disk, File};
use super::marker;
use super::places::Places;
use super::{Content, Packing, Tree};
use crate::picture::clean;

/// How many bytes are read at once.
const PAGE: usize = 64 * 1024;

/// How many files a thread takes at most before it looks whether another has nothing to do: some take far longer to make.
const CHUNK: usize = 16;

/// What is known of one file of the new tree once it was made.
pub(super) struct Note {
    pub(super) bytes: u64,
    /// False: the old tree has the same bytes under the same name.
    pub(super) fresh: bool,
}

/// A new tree in the making.
pub(super) struct Stage<'a> {
    disk: &'a Disk,
    places: &'a Places,
    begun: Mutex<bool>,
}

/// What a thread uses again for each file.
#[derive(Default)]
struct Scratch {
    content: Vec<u8>,
    page: Vec<u8>,
}

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// Works on one file with what this thread keeps between files.
fn with_scratch<T>(work: impl FnOnce(&mut Scratch) -> T) -> T {
    let mut scratch = SCRATCH.take();
    scratch.content.clear();
    scratch.page.resize(PAGE, 0);
    let done = work(&mut scratch);
    SCRATCH.set(scratch);
    done
}

impl<'a> Stage<'a> {
    /// Nothing is staged yet, and nothing made.
    pub(super) fn new(disk: &'a Disk, places: &'a Places) -> Self {
        Self { disk, places, begun: Mutex::new(false) }
    }

    /// Makes every file, and writes those that differ from the old tree. `known` says which names the old tree has. None:
    /// one of them could not be made; the others were still made, so that everything wrong with them is known as well.
    pub(super) fn make(
        &self,
        tree: &impl Tree,
        known: &[bool],
        progress: &(dyn Fn(usize) + Sync),
    ) -> Result<Option<Vec<Note>>> {
        let refused = AtomicBool::new(false);
        let notes = tree
            .paths()
            .par_iter()
            .zip(known)
            .enumerate()
            .with_max_len(CHUNK)
            .map(|(index, (path, known))| {
                with_scratch(|scratch| {
                    let content = tree.content(index, &mut scratch.content);
                    progress(1);
                    let Some(content) = content else {
                        refused.store(true, Ordering::Relaxed);
                        return Ok(None);
                    };
                    if refused.load(Ordering::Relaxed) {
                        return Ok(None);
                    }
                    let note = match tree.packing(index) {
                        None => self.put(path, *known, &content, &mut scratch.page),
                        Some(packing) => self.put_packed(path, *known, &content, packing, &mut scratch.page),
                    };
                    note.map(Some)
                })
            })
            .collect::<Result<Vec<Option<Note>>>>()?;
        Ok(notes.into_iter().collect())
    }

    /// Writes one file, unless the old tree has it.
    fn put(&self, path: &str, known: bool, content: &Content<'_>, page: &mut [u8]) -> Result<Note> {
        match content {
            Content::Bytes(bytes) => self.put_bytes(path, known, bytes, page),
            Content::File { path: source, hash } => self.put_file(path, known, source, *hash, page),
            Content::Picture { path: source, hash } => {
                self.put_bytes(path, known, &clean(self.source(source, *hash, page)?), page)
            }
        }
    }

    fn put_bytes(&self, path: &str, known: bool, bytes: &[u8], page: &mut [u8]) -> Result<Note> {
        let same = known && self.holds(&self.places.output.join(path), bytes, page)?;
        if !same {
            let (mut file, new) = self.create(path)?;
            self.disk.write(&mut file, &new, bytes)?;
        }
        Ok(Note { bytes: bytes.len() as u64, fresh: !same })
    }

    /// Writes the packed twin of a file. Texts are small enough to be packed in memory.
    fn put_packed(
        &self,
        path: &str,
        known: bool,
        content: &Content<'_>,
        packing: Packing,
        page: &mut [u8],
    ) -> Result<Note> {
        let packed = match content {
            Content::Bytes(bytes) => packing.pack(bytes),
            Content::File { path: source, hash } | Content::Picture { path: source, hash } => {
                packing.pack(&self.source(source, *hash, page)?)
            }
        };
        self.put_bytes(path, known, &packed.with_context(|| format!("cannot pack {path}"))?, page)
    }

    /// All bytes of a source; an error if they do not have this hash.
    fn source(&self, source: &Path, hash: blake3::Hash, page: &mut [u8]) -> Result<Vec<u8>> {
        let mut file = self.disk.open_source(source)?;
        let mut bytes = Vec::new();
        loop {
            let read = self.disk.read(&mut file, source, page)?;
            if read == 0 {
                break;
            }
            bytes.extend_from_slice(page.split_at(read).0);
        }
        if blake3::hash(&bytes) != hash {
            bail!("{} changed while it was being read", source.display());
        }
        Ok(bytes)
    }

    /// The same for a file that is on the disk already, of which one page at a time is in memory.
    fn put_file(&self, path: &str, known: bool, source: &Path, hash: blake3::Hash, page: &mut [u8]) -> Result<Note> {
        let same = match known {
            true => self.size_if(&self.places.output.join(path), hash, page)?,
            false => None,
        };
        let bytes = match same {
            Some(bytes) => bytes,
            None => {
                let mut from = self.disk.open_source(source)?;
                let (_, copied) = self.copy((&mut from, source), path, page)?;
                if copied.finalize() != hash {
                    bail!("{} changed while it was being read", source.display());
                }
                copied.count()
            }
        };
        Ok(Note { bytes, fresh: same.is_none() })
    }

    /// True when the file of the old tree has exactly these bytes.
    fn holds(&self, old: &Path, bytes: &[u8], page: &mut [u8]) -> Result<bool> {
        let Some((mut file, size)) = self.disk.open_inside(old)? else {
            return Ok(false);
        };
        if size != bytes.len() as u64 {
            return Ok(false);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (room, _) = page.split_at_mut(rest.len().min(PAGE));
            let read = self.disk.read(&mut file, old, room)?;
            let (expected, after) = rest.split_at(read);
            if read == 0 || expected != room.split_at(read).0 {
                return Ok(false);
            }
            rest = after;
        }
        Ok(true)
    }

    /// The size of the file of the old tree, if its bytes have this hash.
    fn size_if(&self, old: &Path, hash: blake3::Hash, page: &mut [u8]) -> Result<Option<u64>> {
        let Some((mut file, size)) = self.disk.open_inside(old)? else {
            return Ok(None);
        };
        let mut hasher = blake3::Hasher::new();
        loop {
            let read = self.disk.read(&mut file, old, page)?;
            if read == 0 {
                return Ok((hasher.finalize() == hash).then_some(size));
            }
            hasher.update(page.split_at(read).0);
        }
    }

    /// Copies an open file into the staging folder. Gives the copy, and what was hashed on the way.
    fn copy(&self, from: (&mut File, &Path), path: &str, page: &mut [u8]) -> Result<(File, blake3::Hasher)> {
        let (from, source) = from;
        let (mut to, new) = self.create(path)?;
        let mut hasher = blake3::Hasher::new();
        loop {
            let read = self.disk.read(from, source, page)?;
            if read == 0 {
                break;
            }
            let (bytes, _) = page.split_at(read);
            hasher.update(bytes);
            self.disk.write(&mut to, &new, bytes)?;
        }
        Ok((to, hasher))
    }

    /// Makes the file that is to hold `path`.
    fn create(&self, path: &str) -> Result<(File, PathBuf)> {
        self.begin()?;
        let new = self.places.staging.join(path);
        Ok((self.disk.create(&self.places.staging, &new)?, new))
    }

    /// Makes the staging folder when the first file needs it. Before anything else it gets a marker, so that whoever
    /// finds it after a crash knows whose it is.
    fn begin(&self) -> Result<()> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if !*begun {
            self.disk.make_folder(&self.places.staging)?;
            self.mark(marker::UNFINISHED)?;
            *begun = true;
        }
        Ok(())
    }

    /// Completes the tree: links what did not change, and writes the marker last.
    pub(super) fn complete(&self, paths: &[String], notes: &[Note]) -> Result<()> {
        self.begin()?;
        paths.par_iter().zip(notes).filter(|(_, note)| !note.fresh).try_for_each(|(path, _)| self.keep(path))?;
        self.mark(marker::FINISHED)
    }

    /// Gives a file of the old tree a place in the new one, with its times.
    fn keep(&self, path: &str) -> Result<()> {
        let old = self.places.output.join(path);
        let new = self.places.staging.join(path);
        if self.disk.link(&old, &self.places.staging, &new) {
            return Ok(());
        }
        let Some((mut from, _)) = self.disk.open_inside(&old)? else {
            bail!("{} went away while it was being read", old.display());
        };
        let (to, _) = self.copy((&mut from, &old), path, &mut vec![0; PAGE])?;
        self.disk.keep_times(&from, &to, &new)
    }

    /// Writes the marker of the staging folder.
    fn mark(&self, text: &str) -> Result<()> {
        let path = self.places.staging.join(marker::NAME);
        let mut file = self.disk.replace(&path)?;
        self.disk.write(&mut file, &path, text.as_bytes())
    }
}
