//! Footnotes: taken out of the text, numbered in the order of their first references, written at its end.

use std::ops::Range;

use super::first_line;
use super::links::AfterLink;
use super::writer::{Open, Writer};
use crate::content::body::Piece;
use crate::project::{Code, Diagnostic, Span, escape_into};

/// A footnote's definition, taken out of the text.
pub(super) struct Note {
    pub(super) label: String,
    pub(super) piece: Piece,
    pub(super) span: Span,
}

/// A footnote's number and how often it was referred to.
pub(super) struct NoteUse {
    pub(super) label: String,
    pub(super) uses: u32,
}

impl Writer<'_, '_> {
    pub(super) fn note_reference(&mut self, label: &str) {
        let number = match self.note_uses.iter().position(|note| note.label == label) {
            Some(index) => index + 1,
            None => {
                self.note_uses.push(NoteUse { label: label.to_owned(), uses: 0 });
                self.note_uses.len()
            }
        };
        let used = &mut self.note_uses[number - 1].uses;
        *used += 1;
        let prefix = self.text.prefix;
        let reference = reference_id(prefix, number, *used);
        let name = self.dialect.labels.note_number.replace("{number}", &number.to_string());
        let mut html = format!(
            "<sup class=\"note-marker\"><a id=\"{reference}\" href=\"#{prefix}note-{number}\" role=\"doc-noteref\" aria-label=\""
        );
        escape_into(&mut html, &name);
        html.push_str(&format!("\">{number}</a></sup>"));
        self.body.anchors.push(reference);
        if self.is_in_link() {
            self.after_link.push(AfterLink::Note(html));
        } else {
            self.piece.html.push_str(&html);
        }
    }

    pub(super) fn start_note(&mut self, label: String, range: Range<usize>) -> Open {
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
            notes.into_iter().partition(|note| self.note_uses.iter().any(|used| used.label == note.label));
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
        let mut html = String::from("<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"");
        escape_into(&mut html, &self.dialect.labels.footnotes);
        html.push_str("\">\n<ol>\n");
        self.line(&html);
        let mut notes: Vec<Option<Note>> = used.into_iter().map(Some).collect();
        for index in 0..self.note_uses.len() {
            let label = &self.note_uses[index].label;
            let found = notes.iter_mut().find(|note| note.as_ref().is_some_and(|note| note.label == *label));
            if let Some(note) = found.and_then(Option::take) {
                self.write_note(index, note.piece);
            }
        }
        self.piece.html.push_str("</ol>\n</section>\n");
    }

    pub(super) fn write_note(&mut self, index: usize, mut piece: Piece) {
        let number = index + 1;
        let prefix = self.text.prefix;
        let id = format!("{prefix}note-{number}");
        self.piece.html.push_str(&format!("<li id=\"{id}\">"));
        self.body.anchors.push(id);
        // The way back belongs into the last paragraph, if there is one.
        let ends_in_paragraph = piece.html.ends_with("</p>\n");
        if ends_in_paragraph {
            piece.html.truncate(piece.html.len() - "</p>\n".len());
        }
        self.piece.append(piece);
        for used in 1..=self.note_uses[index].uses {
            let mut back = format!(
                " <a class=\"back\" href=\"#{}\" role=\"doc-backlink\" aria-label=\"",
                reference_id(prefix, number, used)
            );
            escape_into(&mut back, &self.dialect.labels.back_to_text);
            back.push_str("\">↩</a>");
            self.piece.html.push_str(&back);
        }
        self.piece.html.push_str(if ends_in_paragraph { "</p></li>\n" } else { "</li>\n" });
    }
}

fn reference_id(prefix: &str, number: usize, used: u32) -> String {
    if used == 1 { format!("{prefix}note-ref-{number}") } else { format!("{prefix}note-ref-{number}-{used}") }
}
