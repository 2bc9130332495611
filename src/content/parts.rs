//! Finds the front matter and the body of a Markdown file; never says what a key means.

use std::ops::Range;

use crate::project::{Code, Diagnostic, Source, SourceId, Span, Table, read_nothing, read_toml};

/// Where a file's front matter and its body lie.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// The TOML between the two lines, if the file has both.
    pub front: Option<Range<usize>>,
    /// Everything after them.
    pub body: Range<usize>,
    /// The opening line, for faults about what is absent.
    pub opening: Span,
}

/// Finds front matter and body. A file without front matter is all body, and is reported.
pub(crate) fn split(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> Parts {
    let text = &*source.text;
    let first = line_end(text, 0);
    if text[..first].trim_end() != "+++" {
        report_missing(id, text, first, diagnostics);
        return Parts { front: None, body: 0..text.len(), opening: Span::new(id, 0..first.min(200)) };
    }
    let opening = Span::new(id, 0..3);
    let front_start = next_line(text, first);
    let mut at = front_start;
    while at < text.len() {
        let end = line_end(text, at);
        let line = &text[at..end];
        if line.starts_with("+++") && line.trim_end() == "+++" {
            return Parts { front: Some(front_start..at), body: next_line(text, end)..text.len(), opening };
        }
        at = next_line(text, end);
    }
    diagnostics.push(
        Diagnostic::new(Code::MissingFrontMatter, opening, "the front matter that begins here does not end")
            .help("close it with a line that holds only `+++`"),
    );
    Parts { front: None, body: text.len()..text.len(), opening }
}

/// Whether two texts of one file differ in nothing before their bodies.
pub(crate) fn has_same_front(before: &Source, after: &Source) -> bool {
    let body = |source| split(SourceId(0), source, &mut Vec::new()).body.start;
    before.text[..body(before)] == after.text[..body(after)]
}

fn report_missing(id: SourceId, text: &str, first: usize, diagnostics: &mut Vec<Diagnostic>) {
    let help = if text.starts_with("---") {
        "front matter between `---` lines is YAML; write it as TOML between two `+++` lines"
    } else {
        "begin the file with a line `+++`, then keys such as `title = \"…\"`, then another line `+++`"
    };
    let span = Span::new(id, 0..first.min(200));
    diagnostics
        .push(Diagnostic::new(Code::MissingFrontMatter, span, "this file does not begin with front matter").help(help));
}

fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |length| at + length)
}

fn next_line(text: &str, end: usize) -> usize {
    (end + 1).min(text.len())
}

/// Reads the front matter of a file with `read`. Of a file without any, all keys are unknown.
pub(crate) fn read_front_matter<T>(
    id: SourceId,
    source: &Source,
    parts: &Parts,
    diagnostics: &mut Vec<Diagnostic>,
    read: impl FnOnce(&mut Table<'_, '_, '_>) -> T,
) -> T {
    match &parts.front {
        Some(front) => read_toml(id, front.start, &source.text[front.clone()], diagnostics, read),
        None => read_nothing(id, diagnostics, read),
    }
}
