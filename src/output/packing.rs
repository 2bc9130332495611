//! Packed twins of texts, such as `page.html.gz` beside `page.html`, for hosts that send them as they are. Decides which files
//! have one and how bytes are packed; writes nothing.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Content, Tree};

/// How the twin of a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// `.gz`. <https://www.rfc-editor.org/rfc/rfc1952>
    Gzip,
    /// `.br`. <https://www.rfc-editor.org/rfc/rfc7932>
    Brotli,
}

/// Endings of files that packing makes much smaller. Pictures, sounds and fonts are packed already.
const TEXTS: [&str; 11] = ["atom", "css", "html", "js", "json", "md", "mjs", "svg", "txt", "webmanifest", "xml"];

/// Of 0 to 11. On pages, 9 takes fourteen times as long for a 300th of the bytes, and 11 thirty times for an eighth.
const BROTLI_QUALITY: i32 = 6;

/// The largest window that every browser accepts, as the logarithm of its size.
const BROTLI_WINDOW: i32 = 22;

impl Packing {
    fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// The packed bytes: for the same bytes always the same, without a time or a name in them.
    pub(super) fn pack(self, mut bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let mut packer = GzEncoder::new(Vec::new(), Compression::best());
                packer.write_all(bytes)?;
                packer.finish()
            }
            Self::Brotli => {
                let mut packed = Vec::new();
                let params = brotli::enc::BrotliEncoderParams {
                    quality: BROTLI_QUALITY,
                    lgwin: BROTLI_WINDOW,
                    size_hint: bytes.len(),
                    ..Default::default()
                };
                brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
                Ok(packed)
            }
        }
    }
}

/// A tree with the twins of its texts. A file of the tree that has the name of a twin stays as it is.
pub struct WithTwins<'a, T> {
    tree: &'a T,
    paths: Vec<String>,
    /// For each path, which file of the tree it is, or the twin of which.
    files: Vec<(usize, Option<Packing>)>,
}

impl<'a, T: Tree> WithTwins<'a, T> {
    /// The files of `tree`, and a twin of each text for each of `packings`.
    pub fn new(tree: &'a T, packings: &[Packing]) -> Self {
        let own = tree.paths();
        let mut files: Vec<(String, (usize, Option<Packing>))> =
            own.iter().enumerate().map(|(index, path)| (path.clone(), (index, None))).collect();
        for packing in packings {
            let texts = own.iter().enumerate().filter(|(_, path)| is_text(path));
            let twins = texts.map(|(index, path)| (format!("{path}{}", packing.ending()), (index, Some(*packing))));
            files.extend(twins.filter(|(path, _)| !is_taken(own, path)));
        }
        files.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (paths, files) = files.into_iter().unzip();
        Self { tree, paths, files }
    }
}

fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, ending)| TEXTS.contains(&ending))
}

/// Whether there is such a file, or a folder of that name.
fn is_taken(paths: &[String], path: &str) -> bool {
    let folder = format!("{path}/");
    let inside = paths.partition_point(|other| *other < folder);
    paths.binary_search_by(|other| other.as_str().cmp(path)).is_ok()
        || paths.get(inside).is_some_and(|other| other.starts_with(&folder))
}

impl<T: Tree> Tree for WithTwins<'_, T> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn content<'a>(&'a self, index: usize, buffer: &'a mut Vec<u8>) -> Option<Content<'a>> {
        self.tree.content(self.files[index].0, buffer)
    }

    fn packing(&self, index: usize) -> Option<Packing> {
        self.files[index].1
    }
}
