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
}

/// One text file, read whole.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path from the root, `/`-separated.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// Its text, without a byte order mark. Shared, so that a rebuild keeps what did not change.
    pub text: Arc<str>,
}

impl Source {
    /// Line and column of a byte offset, both from 1; columns count characters.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }

    /// The file's name without its folders.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder the file lies in, `/`-separated, without a trailing slash.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_survive_crlf() {
        let source = Source { path: "a.md".into(), role: Role::Article, text: "é1\r\nß2\n".into() };
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(2), (1, 2));
        assert_eq!(source.line_column(5), (2, 1));
        assert_eq!(source.line_column(7), (2, 2));
        assert_eq!(source.line_column(900), (3, 1));
    }
}
