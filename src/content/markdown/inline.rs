//! Text between elements: code, line breaks, and what the parser leaves as text though it is more: `CO~2~`, `10^9^`,
//! `[^citation]`.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::blocks::TitleState;
use super::links::AfterLink;
use super::writer::{Open, Writer};
use crate::content::body::HoleKind;
use crate::project::{Hits, Lanes, Located, escape_text_into, first_of, is_special_in_text};

/// Consecutive texts that may hold `CO~2~`, `10^9^` or `[^citation]`, which the parser leaves as they are.
#[derive(Default)]
pub(super) struct Run {
    pub(super) text: String,
    /// For each piece: offset in `text`, offset in the Markdown.
    pub(super) pieces: Vec<(usize, usize)>,
    /// Offsets in `text` of characters that the author escaped, or wrote as a reference: `&#126;`. Ascending.
    pub(super) escaped: Vec<usize>,
    pub(super) end: usize,
}

impl Run {
    fn is_escaped(&self, at: usize) -> bool {
        self.escaped.binary_search(&at).is_ok()
    }

    fn source_offset(&self, at: usize) -> usize {
        let after = self.pieces.partition_point(|(start, _)| *start <= at);
        after.checked_sub(1).map_or(0, |index| self.pieces[index].1 + (at - self.pieces[index].0))
    }
}

impl<'a> Writer<'a, '_> {
    pub(super) fn text_event(&mut self, text: CowStr<'a>, range: Range<usize>) {
        if self.in_code {
            escape_text_into(&mut self.piece.html, &text);
            self.plain.push_str(&text);
            return;
        }
        if let Some((html, _)) = &mut self.html_block {
            html.push_str(&text);
            return;
        }
        if self.tags.hides_text() {
            return;
        }
        let (text, range) = match self.title {
            TitleState::In { marker_end, .. } if range.end <= marker_end => return,
            TitleState::In { marker_end, .. } if range.start < marker_end && text.len() == range.len() => {
                (CowStr::from(text[marker_end - range.start..].to_owned()), marker_end..range.end)
            }
            TitleState::In { .. } if self.title_is_empty() => {
                let trimmed = text.trim_start();
                let cut = text.len() - trimmed.len();
                (CowStr::from(trimmed.to_owned()), range.start + cut..range.end)
            }
            _ => (text, range),
        };
        if self.run.text.is_empty() {
            // One look for all that most texts lack.
            if first_of(text.as_bytes(), |lanes| is_mark(lanes) | is_special_in_text(lanes)).is_none() {
                self.words(&text);
                return;
            }
            if first_of(text.as_bytes(), is_mark).is_none() {
                self.plain_text(&text);
                return;
            }
        }
        let markdown = self.text.markdown.as_bytes();
        // Of several backslashes before a mark each second one is itself escaped.
        let is_escaped = text.starts_with(['~', '^', '[', ']'])
            && markdown[..range.start].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        let is_reference = markdown.get(range.clone()) != Some(text.as_bytes());
        if is_escaped || is_reference {
            self.run.escaped.push(self.run.text.len());
        }
        self.run.pieces.push((self.run.text.len(), range.start));
        self.run.text.push_str(&text);
        self.run.end = range.end;
    }

    pub(super) fn title_is_empty(&self) -> bool {
        match self.title {
            TitleState::In { block, .. } => self.piece.holes.last().is_some_and(|hole| {
                hole.kind == HoleKind::BlockStart(block) && hole.at as usize == self.piece.html.len()
            }),
            TitleState::None => false,
        }
    }

    pub(super) fn flush_run(&mut self) {
        if self.run.text.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        let mut from = 0;
        let mut at = 0;
        while let Some(step) = first_of(&run.text.as_bytes()[at..], is_mark) {
            let mark = at + step;
            at = mark + 1;
            if run.is_escaped(mark) {
                continue;
            }
            let byte = run.text.as_bytes()[mark];
            let end = if byte == b'[' { citation_end(&run, mark) } else { small_end(&run, mark, byte) };
            let Some(end) = end else { continue };
            self.plain_text(&run.text[from..mark]);
            if byte == b'[' {
                self.citation(&run, mark, end);
            } else {
                self.small(byte, &run.text[mark + 1..end - 1]);
            }
            (from, at) = (end, end);
        }
        self.plain_text(&run.text[from..]);
    }

    pub(super) fn citation(&mut self, run: &Run, mark: usize, end: usize) {
        let start = run.source_offset(mark);
        let span = self.text.span(start..start + (end - mark));
        let index = self.marks.citations.len() as u32;
        self.marks.citations.push(Located { value: run.text[mark + 2..end - 1].to_owned(), span });
        if self.is_in_link() {
            self.after_link.push(AfterLink::Citation(index));
        } else {
            self.hole(HoleKind::Citation(index));
        }
    }

    pub(super) fn small(&mut self, byte: u8, text: &str) {
        let name = if byte == b'~' { "sub" } else { "sup" };
        self.piece.html.push('<');
        self.piece.html.push_str(name);
        self.piece.html.push('>');
        escape_text_into(&mut self.piece.html, text);
        self.plain.push_str(text);
        self.piece.html.push_str("</");
        self.piece.html.push_str(name);
        self.piece.html.push('>');
    }

    pub(super) fn code(&mut self, code: &str) {
        if self.tags.hides_text() {
            return;
        }
        self.piece.html.push_str("<code>");
        escape_text_into(&mut self.piece.html, code);
        self.piece.html.push_str("</code>");
        self.plain.push_str(code);
    }

    pub(super) fn line_break(&mut self, html: &str) {
        if let TitleState::In { depth, .. } = self.title
            && self.open.len() == depth
        {
            self.end_title(true);
            return;
        }
        let start = self.piece.html.len();
        self.piece.html.push_str(html);
        self.plain.push(' ');
        if html == "\n" {
            self.mark_prose(start);
        }
    }

    /// Whether the event is a mark that stays text, and so part of the run around it: `~5 mg CO~2~` holds a `CO~2~`.
    pub(super) fn is_literal_mark(&self, event: &Event<'_>, range: &Range<usize>) -> bool {
        match event {
            Event::Start(Tag::Subscript | Tag::Superscript) => self.is_literal(range),
            Event::End(TagEnd::Subscript | TagEnd::Superscript) => matches!(self.open.last(), Some(Open::Literal)),
            _ => false,
        }
    }

    /// The parser takes `~5 mg CO~` for a subscript; white space inside says that it is none.
    fn is_literal(&self, range: &Range<usize>) -> bool {
        self.text.markdown[range.start + 1..range.end.max(range.start + 2) - 1].contains(char::is_whitespace)
    }

    pub(super) fn start_small(&mut self, mark: &'static str, html: &str, range: &Range<usize>) -> Open {
        if self.is_literal(range) {
            self.push_literal(mark, range.start);
            return Open::Literal;
        }
        self.piece.html.push_str(html);
        self.no_prose += 1;
        Open::Other
    }

    pub(super) fn end_small(&mut self, open: &Open, mark: &'static str, html: &str, range: Range<usize>) {
        if matches!(open, Open::Literal) {
            self.push_literal(mark, range.end - 1);
            return;
        }
        self.piece.html.push_str(html);
        self.no_prose -= 1;
    }

    pub(super) fn push_literal(&mut self, mark: &str, at: usize) {
        self.run.pieces.push((self.run.text.len(), at));
        self.run.text.push_str(mark);
        self.run.end = at + 1;
    }
}

/// The bytes that begin what the parser leaves as text: `~2~`, `^9^`, `[^id]`.
fn is_mark(lanes: Lanes) -> Hits {
    lanes.is(b'~') | lanes.is(b'^') | lanes.is(b'[')
}

/// The end of `[^id]` that begins at `mark`, if one does.
fn citation_end(run: &Run, mark: usize) -> Option<usize> {
    let inside = run.text[mark..].strip_prefix("[^").filter(|_| !run.is_escaped(mark + 1))?;
    let length = inside.find([']', '[', ' ', '\t', '\n'])?;
    let end = mark + 2 + length;
    (length > 0 && run.text.as_bytes()[end] == b']' && !run.is_escaped(end)).then_some(end + 1)
}

/// The end of `~2~` or `^9^` that begins at `mark`, if one does: no white space inside, not empty. The second of two equal
/// marks begins none.
fn small_end(run: &Run, mark: usize, byte: u8) -> Option<usize> {
    let before = mark.checked_sub(1).filter(|&before| !run.is_escaped(before));
    if before.is_some_and(|before| run.text.as_bytes()[before] == byte) {
        return None;
    }
    let inside = &run.text[mark + 1..];
    for (at, character) in inside.char_indices() {
        if character.is_whitespace() {
            return None;
        }
        if character == char::from(byte) && !run.is_escaped(mark + 1 + at) {
            return (at > 0).then_some(mark + 1 + at + 1);
        }
    }
    None
}
