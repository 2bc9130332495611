//! The writer: what is open, what has been written, and which event goes where. Writes no element itself.

use std::ops::Range;

use pulldown_cmark::{Alignment, Event};

use super::blocks::{OpenBlock, PendingBlock, TitleState};
use super::inline::Run;
use super::links::{AfterLink, OpenPicture, picture_event};
use super::notes::{Note, NoteUses};
use super::{Dialect, Parsed, Text};
use crate::content::body::{Body, Hole, HoleKind, Marks, Piece};
use crate::content::ids::Ids;
use crate::content::raw_html::OpenTags;
use crate::project::{Diagnostic, Span, escape_text_into};

pub(super) enum Open {
    Quote,
    Block(OpenBlock),
    Note {
        label: String,
        span: Span,
    },
    Heading {
        level: u8,
        id: Option<String>,
        start: usize,
        plain_start: usize,
        span: Span,
    },
    Link {
        written: bool,
        plain_start: usize,
        span: Span,
    },
    /// A `~` or `^` that turned out to be one.
    Literal,
    Paragraph,
    Other,
}

pub(super) struct Writer<'a, 'd> {
    pub(super) text: Text<'a>,
    pub(super) dialect: Dialect<'a>,
    pub(super) ids: &'d mut Ids,
    pub(super) diagnostics: &'d mut Vec<Diagnostic>,
    pub(super) inline: bool,
    pub(super) marks: Marks,
    pub(super) piece: Piece,
    pub(super) outer_pieces: Vec<Piece>,
    pub(super) plain: String,
    pub(super) open: Vec<Open>,
    pub(super) notes: Vec<Note>,
    pub(super) note_uses: NoteUses,
    pub(super) run: Run,
    pub(super) title: TitleState,
    /// A blockquote has begun and its first paragraph has not.
    pub(super) pending_block: Option<PendingBlock>,
    /// Level of the last heading outside blocks.
    pub(super) level: u8,
    /// Elements in which no glossary link may stand.
    pub(super) no_prose: usize,
    pub(super) blocks_open: usize,
    pub(super) in_code: bool,
    pub(super) alignments: Vec<Alignment>,
    pub(super) cell: usize,
    pub(super) in_table_head: bool,
    pub(super) picture: Option<OpenPicture>,
    pub(super) paragraph_start: Option<(usize, usize)>,
    /// Markers of sources and notes that stand in a link: links cannot nest, so they follow it.
    pub(super) after_link: Vec<AfterLink>,
    pub(super) tags: OpenTags,
    pub(super) html_block: Option<(String, Range<usize>)>,
    pub(super) too_deep: bool,
}

impl<'a, 'd> Writer<'a, 'd> {
    pub(super) fn new(
        text: Text<'a>,
        dialect: Dialect<'a>,
        ids: &'d mut Ids,
        diagnostics: &'d mut Vec<Diagnostic>,
        inline: bool,
    ) -> Self {
        let mut piece = Piece::new();
        piece.html.reserve(text.markdown.len() + text.markdown.len() / 4);
        Self {
            text,
            dialect,
            ids,
            diagnostics,
            inline,
            piece,
            marks: Marks::default(),
            outer_pieces: Vec::new(),
            plain: String::with_capacity(text.markdown.len()),
            open: Vec::new(),
            notes: Vec::new(),
            note_uses: NoteUses::default(),
            run: Run::default(),
            title: TitleState::None,
            pending_block: None,
            level: text.top_level.saturating_sub(1).max(1),
            no_prose: 0,
            blocks_open: 0,
            in_code: false,
            alignments: Vec::new(),
            cell: 0,
            in_table_head: false,
            picture: None,
            paragraph_start: None,
            after_link: Vec::new(),
            tags: OpenTags::default(),
            html_block: None,
            too_deep: false,
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if let Some(picture) = &mut self.picture
            && let Some(done) = picture_event(picture, &event)
        {
            if done {
                self.end_picture();
            }
            return;
        }
        if let Event::Text(text) = event {
            self.text_event(text, range);
            return;
        }
        if !self.is_literal_mark(&event, &range) {
            self.flush_run();
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Code(code) => self.code(&code),
            Event::Html(html) | Event::InlineHtml(html) => self.raw_html(&html, range),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br />\n"),
            Event::Rule => self.line("<hr />\n"),
            Event::FootnoteReference(label) => self.note_reference(&label),
            Event::TaskListMarker(done) => {
                self.piece.html.push_str(if done {
                    "<span class=\"task\">☑</span> "
                } else {
                    "<span class=\"task\">☐</span> "
                });
            }
            Event::Text(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    pub(super) fn hole(&mut self, kind: HoleKind) {
        let at = self.piece.html.len() as u32;
        self.piece.holes.push(Hole { at, kind });
    }

    /// Begins a new line unless one has just begun; no word reaches over it.
    pub(super) fn fresh_line(&mut self) {
        self.break_plain();
        if !self.piece.html.is_empty() && !self.piece.html.ends_with('\n') {
            self.piece.html.push('\n');
        }
    }

    pub(super) fn line(&mut self, html: &str) {
        self.fresh_line();
        self.piece.html.push_str(html);
    }

    pub(super) fn close(&mut self, html: &str) {
        self.piece.html.push_str(html);
        self.break_plain();
    }

    pub(super) fn break_plain(&mut self) {
        if !self.plain.is_empty() && !self.plain.ends_with('\n') {
            self.plain.push('\n');
        }
    }

    pub(super) fn plain_text(&mut self, text: &str) {
        let start = self.piece.html.len();
        escape_text_into(&mut self.piece.html, text);
        self.plain.push_str(text);
        self.mark_prose(start);
    }

    /// A text without anything that needs an escape.
    pub(super) fn words(&mut self, text: &str) {
        let start = self.piece.html.len();
        self.piece.html.push_str(text);
        self.plain.push_str(text);
        self.mark_prose(start);
    }

    pub(super) fn mark_prose(&mut self, start: usize) {
        let end = self.piece.html.len() as u32;
        let start = start as u32;
        if self.no_prose > 0 || start == end {
            return;
        }
        match self.piece.prose.last_mut() {
            // A hole ends a stretch: what is put there must not be in the middle of a term.
            Some(last) if last.1 == start && self.piece.holes.last().is_none_or(|hole| hole.at < start) => last.1 = end,
            _ => self.piece.prose.push((start, end)),
        }
    }

    pub(super) fn finish(mut self) -> Parsed<'static> {
        self.flush_run();
        self.tags.close_from(0, &mut self.piece.html);
        self.write_notes();
        let Piece { html, holes, prose } = self.piece;
        let marks = Marks { holes, ..self.marks }.shrunk();
        // Copied, since an allocator leaves a text in place that merely shrinks, and it is kept as long as the site is.
        let body = Body { html: Box::from(html.as_str()), prose: Box::from(prose.as_slice()), marks };
        Parsed { body, plain: self.plain.into() }
    }
}
