//! Looks at what the output folder holds before a write: whether it is ours to replace, and which names are in it. It
//! reads names and the marker, never follows a link, and changes nothing.

use std::path::Path;

use anyhow::{Result, bail};
use rayon::prelude::*;

use super::disk::{Disk, Kind};
use super::marker;
use super::places::Places;

/// The output as it was found.
#[derive(Default)]
pub(super) struct Old {
    /// False when there is no such folder.
    pub(super) exists: bool,
    /// The bytes of its marker; none when it is absent or empty.
    pub(super) marker: Option<Vec<u8>>,
    entries: Vec<Entry>,
}

/// A name in the old tree. A folder is one only when it is empty: of others, what is in them is named.
struct Entry {
    path: String,
    kind: Kind,
}

/// How the names of the old tree compare with those of the new.
pub(super) struct Names {
    /// For each path of the new tree, whether a regular file has that name already.
    pub(super) known: Vec<bool>,
    /// How many names of the old tree the new one does not have.
    pub(super) strays: usize,
}

/// Reads the names in the output folder; an error if it is not ours to replace.
pub(super) fn read(disk: &Disk, places: &Places) -> Result<Old> {
    let output = &places.output;
    match disk.kind(output)? {
        None => return Ok(Old::default()),
        Some(Kind::Folder) => {}
        Some(_) => bail!(
            "cannot write to {}: it is not a folder (where it is a link, name the folder it leads to)",
            output.display()
        ),
    }
    if disk.is_read_only(output)? {
        bail!("cannot write to {}: the folder is read-only", output.display());
    }
    let listed = disk.list(output)?;
    if listed.is_empty() {
        return Ok(Old { exists: true, ..Old::default() });
    }
    let marker = disk.read_inside(&output.join(marker::NAME))?;
    if !marker.as_deref().is_some_and(marker::is_marker) {
        bail!(
            "{} is not empty and was not made by galen (no {} file in it); choose another --out or empty it yourself",
            output.display(),
            marker::NAME
        );
    }
    let mut entries = walk(disk, output, "")?;
    entries.retain(|entry| entry.path != marker::NAME);
    Ok(Old { exists: true, marker, entries })
}

/// All names below `folder`, whose own name is `prefix`.
fn walk(disk: &Disk, folder: &Path, prefix: &str) -> Result<Vec<Entry>> {
    let listed = disk.list(folder)?;
    if listed.is_empty() {
        return Ok(vec![Entry { path: prefix.to_owned(), kind: Kind::Folder }]);
    }
    let mut entries = Vec::with_capacity(listed.len());
    let mut folders = Vec::new();
    for (name, kind) in listed {
        // No file of a site has a name that is not UTF-8, so a stand-in is good enough to count it.
        let shown = name.to_string_lossy();
        let path = match prefix {
            "" => shown.into_owned(),
            _ => format!("{prefix}/{shown}"),
        };
        match kind {
            Kind::Folder => folders.push((folder.join(name), path)),
            _ => entries.push(Entry { path, kind }),
        }
    }
    let below: Vec<Vec<Entry>> =
        folders.par_iter().map(|(folder, path)| walk(disk, folder, path)).collect::<Result<_>>()?;
    entries.extend(below.into_iter().flatten());
    Ok(entries)
}

impl Old {
    /// The first hidden folder that neither a build makes nor the new tree has, or the link to one: somebody else's work,
    /// such as a repository.
    pub(super) fn precious(&self, paths: &[String]) -> Option<&str> {
        self.entries.iter().find_map(|entry| {
            let path = entry.path.as_str();
            let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            ends.map(|end| &path[..end]).find(|part| {
                let name = part.rsplit('/').next().unwrap_or_default();
                let is_folder = part.len() < path.len() || entry.kind != Kind::File || name == ".git";
                name.starts_with('.') && is_folder && *part != ".well-known" && !is_above(part, paths)
            })
        })
    }

    /// Compares with the sorted `paths` of the new tree.
    pub(super) fn names(&self, paths: &[String]) -> Names {
        let mut names = Names { known: vec![false; paths.len()], strays: 0 };
        for entry in &self.entries {
            match paths.binary_search(&entry.path) {
                Ok(index) => {
                    if let Some(known) = names.known.get_mut(index) {
                        *known = entry.kind == Kind::File;
                    }
                }
                Err(_) if entry.kind == Kind::Folder && is_above(&entry.path, paths) => {}
                Err(_) => names.strays += 1,
            }
        }
        names
    }
}

/// True when some of the sorted `paths` are inside `folder`.
fn is_above(folder: &str, paths: &[String]) -> bool {
    let inside = format!("{folder}/");
    let first = paths.partition_point(|path| *path < inside);
    paths.get(first).is_some_and(|path| path.starts_with(&inside))
}
