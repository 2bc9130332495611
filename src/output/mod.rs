//! The finished files: staged, compared, swapped. This floor puts a tree of files onto the disk so that a reader, and a
//! process that dies at any moment, only ever sees the whole old tree or the whole new one. It knows nothing of articles
//! or pages, and makes no file itself: a [`Tree`] does, when asked.
//!
//! What a write does, in order, beside the output folder `public`:
//!
//! 1. takes the lock `.public.galen-lock`, and puts right what a writer that died has left behind;
//! 2. looks at the old tree, and refuses a folder that is neither empty nor ours (no marker `.galen` in it), and one of ours
//!    that holds a hidden folder of somebody else, such as `.git`;
//! 3. makes each file in memory and compares it with the bytes the old tree really has; only those that differ are
//!    written, into the folder `.public.galen-staging`. Nothing differs: the write ends here and has touched nothing;
//! 4. links the others into the staging folder, which keeps their times, and writes the marker;
//! 5. swaps the staging folder with the output, and removes the old tree.
//!
//! The tree that is swapped in is exactly the new one. Any other file in an output folder of ours that is not in the tree,
//! whoever put it there, is gone after the swap.

mod disk;
mod finished;
mod lock;
mod marker;
mod old;
mod packing;
mod pictures;
mod places;
mod stage;
mod store;
mod swap;
mod variants;

use std::path::Path;

use anyhow::{Result, bail};

pub use disk::{Disk, Failure, Faults};
pub use finished::{Looked, LookedKind, Output, Shape};
pub use packing::{Packing, WithTwins};
pub use pictures::{Pictures, Unmade};
use places::Places;
use stage::{Note, Stage};
pub use store::Store;

/// What one file of the tree holds.
pub enum Content<'a> {
    /// Bytes in memory.
    Bytes(&'a [u8]),
    /// A file on the disk that is to be copied.
    File {
        /// Where it is.
        path: &'a Path,
        /// The hash of its bytes; if they have another, it changed since it was read.
        hash: blake3::Hash,
    },
    /// The same, but that what its camera or its editor noted in it is left out.
    Picture {
        /// Where it is.
        path: &'a Path,
        /// The hash of its bytes as they are.
        hash: blake3::Hash,
    },
}

/// The finished files, made when asked for, from several threads.
pub trait Tree: Sync {
    /// The paths below the output folder: relative, `/` between the parts, sorted by their bytes, none twice, and proven to
    /// stay inside.
    fn paths(&self) -> &[String];

    /// Makes the file whose path has this `index`; `buffer` is empty, and only there to be used again. None: a fault of
    /// the author stops it, which is recorded elsewhere; the write then ends as [`Outcome::Refused`].
    fn content<'a>(&'a self, index: usize, buffer: &'a mut Vec<u8>) -> Option<Content<'a>>;

    /// How the content of the file is packed before it is written; none: it is written as it is.
    fn packing(&self, _index: usize) -> Option<Packing> {
        None
    }
}

/// What the caller may choose.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriteOptions {
    /// Flush everything before the swap and the swap itself, so that a loss of power also leaves one whole tree.
    pub durable: bool,
}

/// How a write ended that met no failure of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The output is the new tree.
    Written(Written),
    /// A file could not be made, so the output is still the old tree. Every other file was made nevertheless: all that is
    /// wrong with any of them is known.
    Refused,
}

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or have other bytes than before.
    pub made: usize,
    /// Files that had these bytes already.
    pub unchanged: usize,
    /// Files, links and empty folders of the old tree that the new one does not have.
    pub removed: usize,
    /// The size of all files of the tree together.
    pub bytes: u64,
    /// False: the old tree was equal to the new one, and nothing was touched.
    pub swapped: bool,
}

/// Makes the output `folder` hold exactly the files of `tree`. `progress` is called with the number of files made since it
/// was called before, from several threads. On an error the output is as it was.
pub fn write(
    tree: &impl Tree,
    folder: &Path,
    disk: &Disk,
    options: WriteOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Outcome> {
    marker::check_paths(tree.paths())?;
    let places = Places::of(folder, disk)?;
    disk.make_folders(&places.parent)?;
    let _lock = lock::take(disk, &places)?;
    swap::recover(disk, &places)?;
    let outcome = write_locked(tree, disk, &places, options, progress);
    if !matches!(outcome, Ok(Outcome::Written(_))) {
        // The reason for the failure is what the author has to hear; what cannot be removed now, the next write removes.
        let _ = swap::clear(disk, &places);
    }
    outcome
}

/// Finishes or undoes a write to `folder` that was cut short, and removes what it left. Every [`write()`] does so first;
/// whoever only reads an output does it to be sure of a whole tree. Without leftovers nothing is touched; with some, it
/// is an error if another process is writing.
pub fn recover(folder: &Path, disk: &Disk) -> Result<()> {
    let places = Places::of(folder, disk)?;
    if swap::needs_recovery(disk, &places)? {
        let _lock = lock::take(disk, &places)?;
        swap::recover(disk, &places)?;
    }
    Ok(())
}

fn write_locked(
    tree: &impl Tree,
    disk: &Disk,
    places: &Places,
    options: WriteOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Outcome> {
    let paths = tree.paths();
    let old = old::read(disk, places)?;
    if let Some(name) = old.precious(paths) {
        bail!(
            "{} holds {name}, which galen did not make and a build would remove; move it away or choose another --out",
            places.output.display()
        );
    }
    let names = old.names(paths);
    let stage = Stage::new(disk, places);
    let Some(notes) = stage.make(tree, &names.known, progress)? else {
        return Ok(Outcome::Refused);
    };
    let written = summary(&notes, names.strays, old.marker.as_deref() == Some(marker::FINISHED.as_bytes()));
    if written.swapped {
        stage.complete(paths, &notes)?;
        if old.exists {
            disk.keep_permissions(&places.output, &places.staging)?;
        }
        if options.durable {
            disk.flush_tree(&places.staging)?;
        }
        swap::swap(disk, places, old.exists, options.durable)?;
    } else if options.durable {
        // An earlier write of the same tree may not have been durable.
        disk.flush_tree(&places.output)?;
        disk.flush_folder(&places.parent)?;
    }
    Ok(Outcome::Written(written))
}

fn summary(notes: &[Note], removed: usize, same_marker: bool) -> Written {
    let made = notes.iter().filter(|note| note.fresh).count();
    Written {
        made,
        unchanged: notes.len() - made,
        removed,
        bytes: notes.iter().map(|note| note.bytes).sum(),
        swapped: made > 0 || removed > 0 || !same_marker,
    }
}
