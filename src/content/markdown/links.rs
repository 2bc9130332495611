//! Links and pictures: written with a hole where their address goes. Looks nothing up.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType};

use super::writer::{Open, Writer};
use crate::content::body::{HoleKind, Reference, ReferenceKind};
use crate::project::{Code, Diagnostic, Scheme, Span, escape_into, escape_text_into, scheme};

/// A marker that waits for the end of a link.
pub(super) enum AfterLink {
    /// Of `citations[n]`.
    Citation(u32),
    /// Of a footnote, as HTML.
    Note(String),
}

pub(super) struct OpenPicture {
    pub(super) destination: String,
    pub(super) caption: String,
    pub(super) alt: String,
    pub(super) nested: usize,
    pub(super) span: Span,
}

impl<'a> Writer<'a, '_> {
    pub(super) fn start_link(
        &mut self,
        link_type: LinkType,
        destination: &str,
        title: &str,
        range: Range<usize>,
    ) -> Open {
        let span = self.text.span(range);
        let destination = match link_type {
            LinkType::Email => format!("mailto:{destination}"),
            _ => destination.to_owned(),
        };
        self.no_prose += 1;
        let plain_start = self.plain.len();
        // An address in angle brackets may stand in a link's text, but links cannot nest.
        if self.refuse_unsafe(&destination, span) || self.is_in_link() {
            return Open::Link { written: false, plain_start, span };
        }
        self.piece.html.push_str("<a href=\"");
        let index = self.reference(ReferenceKind::Link, destination, span);
        self.hole(HoleKind::Href(index));
        if !title.is_empty() {
            self.piece.html.push_str("\" title=\"");
            escape_into(&mut self.piece.html, title);
        }
        self.piece.html.push_str("\">");
        Open::Link { written: true, plain_start, span }
    }

    pub(super) fn end_link(&mut self, open: Open) {
        self.no_prose -= 1;
        let Open::Link { written, plain_start, span } = open else { return };
        if self.plain[plain_start..].trim().is_empty() {
            self.report(
                Diagnostic::new(Code::EmptyLink, span, "this link has no text")
                    .help("write what it leads to between the brackets"),
            );
        }
        if written {
            self.piece.html.push_str("</a>");
        }
        if !self.is_in_link() {
            for marker in std::mem::take(&mut self.after_link) {
                match marker {
                    AfterLink::Citation(index) => self.hole(HoleKind::Citation(index)),
                    AfterLink::Note(html) => self.piece.html.push_str(&html),
                }
            }
        }
    }

    /// Whether a link is open.
    pub(super) fn is_in_link(&self) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Link { .. }))
    }

    pub(super) fn reference(&mut self, kind: ReferenceKind, destination: String, span: Span) -> u32 {
        let index = self.marks.references.len() as u32;
        self.marks.references.push(Reference { kind, destination, span });
        index
    }

    pub(super) fn refuse_unsafe(&mut self, destination: &str, span: Span) -> bool {
        if scheme(destination) != Scheme::Unsafe {
            return false;
        }
        let name: String = destination.chars().filter(|c| !c.is_control()).take_while(|&c| c != ':').take(30).collect();
        self.report(
            Diagnostic::new(Code::UnsafeUrl, span, format!("`{}:` is not a scheme that a link may have", name.trim()))
                .help("links may begin with https:, http:, mailto:, tel: or sms:, or be paths of this site"),
        );
        true
    }

    pub(super) fn end_picture(&mut self) {
        let Some(picture) = self.picture.take() else { return };
        let alt = picture.alt.trim().to_owned();
        self.plain.push_str(&alt);
        if self.refuse_unsafe(&picture.destination, picture.span) {
            escape_text_into(&mut self.piece.html, &alt);
            return;
        }
        if alt.is_empty() {
            self.report(
                Diagnostic::new(Code::MissingAlt, picture.span, "this picture has no alternative text")
                    .help("say between the brackets what the picture shows: `![A person stretching their calf](…)`"),
            );
        }
        let kind = ReferenceKind::Picture { alt, caption: picture.caption, figure: false };
        let index = self.reference(kind, picture.destination, picture.span);
        self.hole(HoleKind::Picture(index));
    }
}

/// Collects a picture's alternative text. `Some(true)` ends it, `Some(false)` took the event.
pub(super) fn picture_event(picture: &mut OpenPicture, event: &Event<'_>) -> Option<bool> {
    match event {
        Event::Start(_) => picture.nested += 1,
        Event::End(_) if picture.nested == 0 => return Some(true),
        Event::End(_) => picture.nested -= 1,
        Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => picture.alt.push_str(text),
        Event::SoftBreak | Event::HardBreak => picture.alt.push(' '),
        _ => {}
    }
    Some(false)
}
