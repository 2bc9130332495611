//! What lies on the disk, seen from afar: which files there are, how long, and of when. Reads no file.

use std::hash::{Hash, Hasher};
use std::path::Path;
use std::time::SystemTime;

use rustc_hash::FxHasher;
use walkdir::WalkDir;

/// The parts of a site; nothing else in its folder makes a difference.
pub(super) const PARTS: [&str; 5] = ["site.toml", "articles", "data", "static", "templates"];

/// A number that changes with names, lengths and times of a site's files. A file that changes without any of them goes
/// unnoticed here, which is why this is but one of the hints.
pub(super) fn scan(root: &Path) -> u64 {
    let mut hasher = FxHasher::default();
    for part in PARTS {
        for entry in WalkDir::new(root.join(part)).follow_links(true).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            entry.path().hash(&mut hasher);
            if let Ok(metadata) = entry.metadata().map_err(drop)
                && metadata.is_file()
            {
                metadata.len().hash(&mut hasher);
                let modified =
                    metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
                modified.hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}
