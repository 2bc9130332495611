//! The marker file `.galen`: it says that a folder was made by Galen, and lists its files with their hashes. It holds no
//! time and no path outside the folder, so that the same site always has the same marker. What it says is never believed
//! in place of the files themselves.

use std::fmt::Write;
use std::path::{Component, Path};

use anyhow::{Result, bail};

/// The name of the marker, at the top of the output and of the staging folder.
pub(super) const NAME: &str = ".galen";

/// How every marker starts, whatever its version.
const MAGIC: &str = "galen output ";

/// The version of the format below.
const VERSION: &str = "1";

/// A marker for a folder that is not finished: enough to prove whose it is.
pub(super) fn unfinished() -> String {
    format!("{MAGIC}unfinished\n")
}

/// The whole marker: a line with the version, then a line for each file, in the order of the paths.
pub(super) fn text<'a>(files: impl Iterator<Item = (&'a str, blake3::Hash)>) -> String {
    let mut text = format!("{MAGIC}{VERSION}\n");
    for (path, hash) in files {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{}  {path}", hash.to_hex());
    }
    text
}

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
    fn the_format_is_stable() {
        let files = [("a/index.html", blake3::hash(b"")), ("b.css", blake3::hash(b"b"))];
        let text = text(files.into_iter());
        let expected = "galen output 1\n\
            af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262  a/index.html\n\
            10e5cf3d3c8a4f9f3468c8cc58eea84892a22fdadbc1acb22410190044c1d553  b.css\n";
        assert_eq!(text, expected);
        assert!(is_marker(text.as_bytes()));
        assert!(is_marker(unfinished().as_bytes()));
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
