//! Puts the finished staging folder in the place of the output, and tidies up after writers that died.
//!
//! Where two names can be exchanged, the swap is that one step. Elsewhere it is two renames under a recorded intent, and
//! whoever comes next finishes it. What is found beside the output is judged by two rules, which all steps below keep:
//!
//! - **While the intent is there, nothing is removed**: staging and old folder, as far as they are there, are whole.
//! - **While it is not, the output is what it should be**: staging and old folder are leftovers.
//!
//! No folder is removed that is not proven to be ours.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use anyhow::{Context, Error, Result, bail};
use rayon::prelude::*;

use super::disk::{Disk, Kind};
use super::marker;
use super::places::Places;

/// True when there is something [`recover`] would see to.
pub(super) fn needs_recovery(disk: &Disk, places: &Places) -> Result<bool> {
    let leftovers = [&places.intent, &places.old, &places.staging];
    for path in leftovers {
        if disk.kind(path)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Finishes a swap that was cut short, and removes what dead writers left behind.
pub(super) fn recover(disk: &Disk, places: &Places) -> Result<()> {
    if disk.kind(&places.intent)?.is_some() {
        if disk.kind(&places.output)?.is_none() {
            if disk.kind(&places.staging)?.is_some() {
                disk.rename_new(&places.staging, &places.output)?;
            } else if disk.kind(&places.old)?.is_some() {
                disk.rename_new(&places.old, &places.output)?;
            }
        }
        disk.remove_file(&places.intent)?;
    }
    remove_tree(disk, &places.staging)?;
    remove_tree(disk, &places.old)
}

/// Swaps, and removes the old tree. `exists` says whether there is an output folder to exchange with.
pub(super) fn swap(disk: &Disk, places: &Places, exists: bool, durable: bool) -> Result<()> {
    if !exists {
        disk.rename_new(&places.staging, &places.output)?;
    } else if !exchange(disk, places)? {
        rename_twice(disk, places, durable)?;
    }
    if durable {
        disk.flush_folder(&places.parent)?;
    }
    // The new tree is in place, so the build is done. An old tree that cannot be removed now is a leftover, which the
    // next write removes or complains of.
    let _ = clear(disk, places);
    Ok(())
}

/// Removes what a write leaves behind, whether it came to a swap or not. After a swap that broke between its two renames
/// everything is left as it is, for [`recover`].
pub(super) fn clear(disk: &Disk, places: &Places) -> Result<()> {
    if disk.kind(&places.intent)?.is_none() {
        remove_tree(disk, &places.staging)?;
        remove_tree(disk, &places.old)?;
    }
    Ok(())
}

/// The swap in one step. False: not possible here.
fn exchange(disk: &Disk, places: &Places) -> Result<bool> {
    disk.exchange(&places.staging, &places.output).map_err(|error| hint(error, places))
}

/// The swap in two renames. When the second fails the first is undone; when that fails too, or the process dies, the
/// intent says that there is something to finish.
fn rename_twice(disk: &Disk, places: &Places, durable: bool) -> Result<()> {
    let flush = || match durable {
        true => disk.flush_folder(&places.parent),
        false => Ok(()),
    };
    let renames = || -> Result<()> {
        flush()?;
        disk.rename_new(&places.output, &places.old).map_err(|error| hint(error, places))?;
        disk.rename_new(&places.staging, &places.output)?;
        flush()
    };
    disk.replace(&places.intent)?;
    let result = renames();
    if let Err(error) = &result
        && disk.kind(&places.output)?.is_none()
    {
        disk.rename_new(&places.old, &places.output).with_context(|| {
            format!("{error:#}; it could not be undone, and the next build finishes what was begun")
        })?;
    }
    // With a whole tree in place, an intent that stays only means one file more for the next write to remove.
    let _ = disk.remove_file(&places.intent);
    result
}

/// Says what to do about a folder that the system will not rename.
fn hint(error: Error, places: &Places) -> Error {
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices) => {
            error.context(format!(
                "cannot replace {}: it seems to be a mount point, or part of a layered file system; choose a folder inside it",
                places.output.display()
            ))
        }
        _ => error,
    }
}

/// Removes a staging or old folder, if it is there. The marker goes last, so that what is left of a removal that broke
/// off is still proven to be ours.
fn remove_tree(disk: &Disk, folder: &Path) -> Result<()> {
    match disk.kind(folder)? {
        None => return Ok(()),
        Some(Kind::Folder) => {}
        Some(_) => bail!(not_ours(folder)),
    }
    let listed = disk.list(folder)?;
    let marker = |name: &OsStr| name == marker::NAME;
    if !listed.is_empty() {
        if !listed.iter().any(|(name, kind)| marker(name) && *kind == Kind::File) {
            bail!(not_ours(folder));
        }
        listed.par_iter().filter(|(name, _)| !marker(name)).try_for_each(|(name, kind)| match kind {
            Kind::Folder => disk.remove_all(&folder.join(name)),
            _ => disk.remove_file(&folder.join(name)),
        })?;
        disk.remove_file(&folder.join(marker::NAME))?;
    }
    disk.remove_folder(folder)
}

fn not_ours(folder: &Path) -> String {
    format!(
        "{} is in the way and was not made by galen (no {} file in it); move it away or remove it yourself",
        folder.display(),
        marker::NAME
    )
}
