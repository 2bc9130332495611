//! The texts of a project and positions within them; never opens a file.

use std::sync::Arc;

/// Which text of a [`Project`](super::Project): an index into its `sources`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A stretch of one source, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text it lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets. Sources are below 4 GiB: the loader refuses larger files.
    pub fn new(source: SourceId, range: std::ops::Range<usize>) -> Self {
        Self { source, start: clamp(range.start), end: clamp(range.end.max(range.start)) }
    }
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// What a text is, judged by its place in the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `site.toml`.
    Settings,
    /// `articles/**/*.md`.
    Article,
    /// `articles/**/_section.md`.
    Section,
    /// `data/people/*.md`.
    Person,
    /// `data/glossary/<group>/*.md`.
    Term,
    /// `data/*.toml`.
    Data,
    /// `templates/**`.
    Template,
    /// A text that could not be read as one: it is empty, and holds its place.
    Refused,
}

/// One text file, read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Path from the root, `/`-separated.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// Its text, without a byte order mark. Shared, so that a rebuild keeps what did not change.
    pub text: Arc<str>,
}

impl Source {
    /// The file's name without its folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder the file lies in, `/`-separated, without a trailing slash.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}
