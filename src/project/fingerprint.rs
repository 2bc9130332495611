//! Names that change with what a file holds, and hashes by which a browser refuses any other file. Reads nothing.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use super::style_sheet::minified_style_sheet;

/// Hexadecimal digits of a name: 2 to the power of 40 different ones.
const DIGITS: usize = 10;

/// Longest style sheet that is minified, in bytes: what is made of it is held in memory.
const LONGEST: usize = 1 << 20;

/// How a page names a style sheet or script so that a browser may keep it for ever and run nothing else in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Path of the copy that pages name: `theme.3f9a1c07de.css`.
    pub path: String,
    /// For `<link integrity>` and `<script integrity>`: `sha384-…`. <https://www.w3.org/TR/SRI/>
    pub integrity: String,
    /// What that copy holds, where it is shorter than the file.
    pub minified: Option<Arc<str>>,
}

/// The fingerprint of a file, where it is a style sheet or script. `path` is `/`-separated. `minify` shortens style sheets.
pub(crate) fn fingerprint(path: &str, bytes: &[u8], minify: bool) -> Option<Fingerprint> {
    let (stem, ending) = path.rsplit_once('.')?;
    if !is_code(path) {
        return None;
    }
    let is_style_sheet = ending.eq_ignore_ascii_case("css") && bytes.len() <= LONGEST;
    let text = std::str::from_utf8(bytes).ok().filter(|_| minify && is_style_sheet);
    let minified: Option<Arc<str>> = text.map(|text| minified_style_sheet(text).into());
    let bytes = minified.as_ref().map_or(bytes, |text| text.as_bytes());
    let hash = blake3::hash(bytes).to_hex();
    let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)));
    Some(Fingerprint { path: format!("{stem}.{}.{ending}", &hash[..DIGITS]), integrity, minified })
}

/// Whether a path names a style sheet or script.
pub(crate) fn is_code(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["css", "js", "mjs"].iter().any(|code| ending.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_what_the_file_holds() {
        let [one, two] =
            [&b"a{}"[..], b"b{}"].map(|text| fingerprint("styles/site.css", text, true).expect("a style sheet"));
        assert!(one.path.starts_with("styles/site.") && one.path.ends_with(".css"));
        assert_eq!(one.path.len(), "styles/site.css".len() + 1 + DIGITS);
        assert_ne!((&one.path, &one.integrity), (&two.path, &two.integrity));
        // Of the empty text, as RFC 6234's own program tells it.
        let empty = fingerprint("a.js", b"", true).expect("a script").integrity;
        assert_eq!(empty, "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb");
        assert_eq!(fingerprint("photo.jpg", b"", true), None);
    }
}
