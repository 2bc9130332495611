//! The marker file `.galen`: it says that a folder was made by Galen, and nothing of what is in it, since only the files
//! themselves are believed.

use std::path::{Component, Path};

use anyhow::{Result, bail};

/// The name of the marker, at the top of the output and of the staging folder.
pub(super) const NAME: &str = ".galen";

/// How every marker starts, whatever its version.
const MAGIC: &str = "galen output ";

/// The marker of a whole tree. Version 1 listed the files with their hashes.
pub(super) const FINISHED: &str = "galen output 2\n";

/// The marker of a tree in the making: enough to prove whose it is.
pub(super) const UNFINISHED: &str = "galen output unfinished\n";

/// True when these are the bytes of a marker, of this version or another.
pub(super) fn is_marker(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC.as_bytes())
}

/// Checks once more what the floors below have proven, because here a wrong path would leave the folder: each path is
/// relative, goes only down, is no marker and stays on its line; together they are sorted, none twice, and none is a folder
/// to another.
pub(super) fn check_paths(paths: &[String]) -> Result<()> {
    for path in paths {
        let down = |part: Component<'_>| matches!(part, Component::Normal(_));
        let plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."))
            && Path::new(path).components().all(down)
            && !path.contains(char::is_control);
        if !plain {
            bail!("cannot write {path:?}: this is not a path inside the output");
        }
        if path.split('/').next() == Some(NAME) {
            bail!("cannot write {path:?}: the name {NAME} is kept for galen's own marker");
        }
    }
    let unsorted = paths.iter().zip(paths.iter().skip(1)).find(|(one, next)| one >= next);
    if let Some((one, next)) = unsorted {
        bail!("cannot write {next:?} after {one:?}: the paths are not sorted, or one is there twice");
    }
    if let Some((file, inside)) = inside_a_file(paths) {
        bail!("cannot write {inside:?}: {file:?} is a file, and no folder");
    }
    Ok(())
}

/// The first of the sorted paths that lies inside another, with that other before it.
fn inside_a_file(paths: &[String]) -> Option<(&str, &str)> {
    // Only names that start alike stand between a file and what lies inside it, such as `a.b` between `a` and `a/b`.
    let mut starts: Vec<&str> = Vec::new();
    for path in paths {
        starts.retain(|start| path.starts_with(start));
        let inside = |start: &&str| path.strip_prefix(start).is_some_and(|rest| rest.starts_with('/'));
        if let Some(file) = starts.iter().copied().find(inside) {
            return Some((file, path));
        }
        starts.push(path);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_every_version_are_known() {
        for text in [FINISHED, UNFINISHED, "galen output 1\naf13  a/index.html\n", "galen output 3\n"] {
            assert!(is_marker(text.as_bytes()), "{text}");
        }
        assert!(!is_marker(b""));
        assert!(!is_marker(b"galen"));
    }

    #[test]
    fn paths_that_leave_or_collide_are_refused() -> Result<()> {
        let bad = ["", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\nb", ".galen", ".galen/x"];
        for path in bad {
            assert!(check_paths(&[path.to_owned()]).is_err(), "{path:?}");
        }
        let list = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect::<Vec<_>>();
        assert!(check_paths(&list(&["a", "a"])).is_err());
        assert!(check_paths(&list(&["b", "a"])).is_err());
        assert!(check_paths(&list(&["a", "a-b", "a.b", "a.b/c"])).is_err());
        assert!(check_paths(&list(&["a", "a-b", "a.b", "a/b"])).is_err());
        let good = ["...", ".well-known/x", "a/.galen", "a/b", "a/b.c", "a/b0/c", "\u{e9}/\u{5b57}.html"];
        check_paths(&list(&good))?;
        check_paths(&[])
    }
}
