//! Footnotes: taken out of the text, numbered in the order of their first references, written at its end.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::links::AfterLink;
use super::writer::{Open, Writer};
use super::{PageText, first_line};
use crate::content::body::Piece;
use crate::project::{Code, Diagnostic, Span, escape_into};

/// A footnote's definition, taken out of the text.
pub(super) struct Note {
    pub(super) label: String,
    pub(super) piece: Piece,
    pub(super) span: Span,
}

/// The footnotes that were referred to, in the order of their first references.
#[derive(Default)]
pub(super) struct NoteUses {
    /// Index into `uses`, by label.
    by_label: FxHashMap<String, usize>,
    /// How often each was referred to.
    uses: Vec<u32>,
}

impl NoteUses {
    /// Counts a reference; tells which note it is and which of its references, both from 1.
    fn refer(&mut self, label: &str) -> (usize, u32) {
        let index = match self.by_label.get(label) {
            Some(&index) => index,
            None => {
                self.by_label.insert(label.to_owned(), self.uses.len());
                self.uses.push(0);
                self.uses.len() - 1
            }
        };
        self.uses[index] += 1;
        (index + 1, self.uses[index])
    }
}

impl Writer<'_, '_> {
    pub(super) fn note_reference(&mut self, label: &str) {
        let (number, used) = self.note_uses.refer(label);
        let part = self.text.page_text;
        let reference = reference_id(part, number, used);
        let name = self.dialect.labels.note_number.replace("{number}", &number.to_string());
        let mut html = format!(
            "<sup class=\"note-marker\"><a id=\"{reference}\" href=\"#{part}note-{number}\" role=\"doc-noteref\" aria-label=\""
        );
        escape_into(&mut html, &name);
        html.push_str(&format!("\">{number}</a></sup>"));
        self.marks.anchors.push(reference);
        if self.is_in_link() {
            self.after_link.push(AfterLink::Note(html));
        } else {
            self.piece.html.push_str(&html);
        }
    }

    pub(super) fn start_note(&mut self, label: String, range: Range<usize>) -> Open {
        self.break_plain();
        self.outer_pieces.push(std::mem::replace(&mut self.piece, Piece::new()));
        Open::Note { label, span: self.text.span(first_line(self.text.markdown, range.start)) }
    }

    pub(super) fn end_note(&mut self, open: Open) {
        let outer = self.outer_pieces.pop().unwrap_or_else(Piece::new);
        let piece = std::mem::replace(&mut self.piece, outer);
        if let Open::Note { label, span } = open {
            self.notes.push(Note { label, piece, span });
        }
        self.break_plain();
    }

    /// The notes, in the order of their first references, each with the way back.
    pub(super) fn write_notes(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        let (used, unused): (Vec<_>, Vec<_>) =
            notes.into_iter().partition(|note| self.note_uses.by_label.contains_key(&note.label));
        for note in unused {
            let message = format!("nothing refers to the footnote `[^{}]`", note.label);
            self.report(
                Diagnostic::new(Code::UnusedFootnote, note.span, message)
                    .help("refer to it in the text, or take it out"),
            );
        }
        if used.is_empty() {
            return;
        }
        // A page has one landmark of that name, for its own text; an answer's notes are a part of the answer.
        let is_whole_text = self.text.page_text == PageText::Whole;
        if is_whole_text {
            let mut html = String::from("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
            escape_into(&mut html, &self.dialect.labels.footnotes);
            html.push_str("\">\n<ol>\n");
            self.line(&html);
        } else {
            self.line("<div class=\"footnotes\">\n<ol>\n");
        }
        let mut notes: BTreeMap<usize, Piece> = BTreeMap::new();
        for note in used {
            // The first definition of a label counts.
            notes.entry(self.note_uses.by_label[&note.label]).or_insert(note.piece);
        }
        for (index, piece) in notes {
            self.write_note(index, piece);
        }
        self.piece.html.push_str(if is_whole_text { "</ol>\n</section>\n" } else { "</ol>\n</div>\n" });
    }

    pub(super) fn write_note(&mut self, index: usize, mut piece: Piece) {
        let number = index + 1;
        let part = self.text.page_text;
        let id = format!("{part}note-{number}");
        self.piece.html.push_str(&format!("<li id=\"{id}\">"));
        self.marks.anchors.push(id);
        // The way back belongs into the last paragraph, if there is one.
        let ends_in_paragraph = piece.html.ends_with("</p>\n");
        if ends_in_paragraph {
            piece.html.truncate(piece.html.len() - "</p>\n".len());
        }
        self.piece.append(piece);
        for used in 1..=self.note_uses.uses[index] {
            let mut back = format!(
                " <a class=\"back\" href=\"#{}\" role=\"doc-backlink\" aria-label=\"",
                reference_id(part, number, used)
            );
            escape_into(&mut back, &self.dialect.labels.back_to_text);
            back.push_str("\">↩</a>");
            self.piece.html.push_str(&back);
        }
        self.piece.html.push_str(if ends_in_paragraph { "</p></li>\n" } else { "</li>\n" });
    }
}

fn reference_id(part: PageText, number: usize, used: u32) -> String {
    if used == 1 { format!("{part}note-ref-{number}") } else { format!("{part}note-ref-{number}-{used}") }
}
