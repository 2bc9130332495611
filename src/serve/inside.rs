//! Reads files of the site that may have changed since they were found, and none outside of it: a file can have become a link to
//! elsewhere.

use std::fs;
use std::path::Path;

/// Whether a file really lies in `root`.
pub(super) fn is_inside(root: &Path, file: &Path) -> bool {
    matches!((fs::canonicalize(root), fs::canonicalize(file)), (Ok(root), Ok(file)) if file.starts_with(&root))
}

/// The bytes of a file that really lies in `root`; None where there is none.
pub(super) fn read_inside(root: &Path, file: &Path) -> Option<Vec<u8>> {
    let (root, file) = (fs::canonicalize(root).ok()?, fs::canonicalize(file).ok()?);
    file.starts_with(&root).then(|| fs::read(&file).ok()).flatten()
}
