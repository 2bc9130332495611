//! Where the lines of each text begin, found once for all findings in it; never prints.

use std::cell::OnceCell;
use std::ops::Range;

use crate::project::{Source, SourceId, Span};

/// The lines of every text of a project.
pub(crate) struct Lines<'a> {
    sources: &'a [Source],
    /// First bytes of the lines, by source; made when the first finding of a source is written.
    starts: Vec<OnceCell<Vec<usize>>>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Self {
        Self { sources, starts: vec![OnceCell::new(); sources.len()] }
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub(crate) fn line_column(&self, source: SourceId, offset: u32) -> (usize, usize) {
        let text = &self.source(source).text;
        let offset = boundary(text, offset);
        let starts = self.starts(source);
        let line = line_at(starts, offset);
        (line + 1, text[starts[line]..offset].chars().count() + 1)
    }

    /// The lines from that of one place to that of another, and the number of the first, from 1. A place behind the last
    /// line end belongs to the last line.
    pub(crate) fn window(&self, source: SourceId, places: Range<usize>) -> (Range<usize>, usize) {
        let text = &self.source(source).text;
        let starts = self.starts(source);
        let last = text.len().saturating_sub(1);
        let (first, last) = (line_at(starts, places.start.min(last)), line_at(starts, places.end.min(last)));
        let end = starts.get(last + 1).copied().unwrap_or(text.len());
        (starts[first]..end, first + 1)
    }

    /// A text of the project.
    pub(crate) fn source(&self, id: SourceId) -> &'a Source {
        &self.sources[id.0 as usize]
    }

    /// A span as far as its first line goes: a caret under one line says more than a bracket around twenty.
    pub(crate) fn first_line(&self, span: Span) -> Range<usize> {
        let text = &self.source(span.source).text;
        let (start, end) = (boundary(text, span.start), boundary(text, span.end));
        let line = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
        start..end.min(line).max(start)
    }

    fn starts(&self, source: SourceId) -> &[usize] {
        self.starts[source.0 as usize].get_or_init(|| {
            let ends = self.source(source).text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        })
    }
}

/// Index of the line that holds an offset; the first line begins at 0.
fn line_at(starts: &[usize], offset: usize) -> usize {
    starts.partition_point(|&start| start <= offset).saturating_sub(1)
}

/// The offset, or the beginning of the character that it lies in.
fn boundary(text: &str, offset: u32) -> usize {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str, check: impl FnOnce(&Lines<'_>)) {
        let source = Source { path: "a.md".into(), role: crate::project::Role::Article, text: text.into() };
        check(&Lines::new(&[source]));
    }

    #[test]
    fn columns_count_characters_and_lines_survive_crlf() {
        lines_of("é1\r\nß2\n", |lines| {
            let at = |offset| lines.line_column(SourceId(0), offset);
            assert_eq!([at(0), at(2), at(5), at(7), at(900)], [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]);
        });
    }

    #[test]
    fn windows_are_whole_lines() {
        lines_of("one\ntwo\nthree\n", |lines| {
            assert_eq!(lines.window(SourceId(0), 5..6), (4..8, 2));
            assert_eq!(lines.window(SourceId(0), 1..9), (0..14, 1));
            assert_eq!(lines.window(SourceId(0), 14..14), (8..14, 3));
        });
        lines_of("", |lines| assert_eq!(lines.window(SourceId(0), 0..0), (0..0, 1)));
    }
}
