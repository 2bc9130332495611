//! Markdown to a [`Body`]: the parser's events become HTML with holes. Never looks at another file.
//!
//! What differs from pulldown-cmark's own HTML is listed in docs/authoring.md under "What Galen adds to CommonMark".

use std::ops::Range;

use pulldown_cmark::{
    Alignment, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};

use super::body::{BLOCK_KINDS, Block, Body, Heading, Hole, HoleKind, Piece, Reference, ReferenceKind, is_care_card};
use super::ids::Ids;
use super::raw_html::OpenTags;
use super::words::count_words;
use crate::project::{
    Code, Diagnostic, HtmlPolicy, Labels, Located, MarkdownSettings, Scheme, Span, did_you_mean, escape_into,
    escape_text_into, scheme,
};

/// Deepest nesting of quotes and lists. CommonMark sets no bound; browsers and readers do.
const DEEPEST: usize = 60;

/// What a text may use, the same for every text of a site.
#[derive(Clone, Copy)]
pub(crate) struct Dialect<'a> {
    /// `[markdown]` of the settings.
    pub settings: MarkdownSettings,
    /// Kinds of block that the site's templates add, in lower case, sorted.
    pub blocks: &'a [String],
    /// The theme's words, for notes.
    pub labels: &'a Labels,
}

/// One Markdown text and where it is written.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The Markdown.
    pub markdown: &'a str,
    /// Where it is: the whole of it.
    pub span: Span,
    /// Whether the source holds it letter for letter, so that places in it can be told.
    pub verbatim: bool,
    /// Shallowest heading level it may write.
    pub top_level: u8,
    /// Distinguishes the notes of several texts on one page.
    pub prefix: &'a str,
}

impl Text<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        if self.verbatim {
            let start = self.span.start as usize;
            Span::new(self.span.source, start + range.start..start + range.end)
        } else {
            self.span
        }
    }
}

/// A body, and its words without markup for whoever counts or compares them.
pub(crate) struct Parsed {
    pub body: Body,
    pub plain: String,
}

/// The parser's options: everything of the contract that the parser knows by itself. Alerts are left out, since blocks
/// are ours.
pub(crate) fn options(settings: MarkdownSettings) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    options.set(Options::ENABLE_SMART_PUNCTUATION, settings.smart_punctuation);
    options
}

/// Parses a text of paragraphs.
pub(crate) fn parse(text: Text<'_>, dialect: Dialect<'_>, ids: &mut Ids, diagnostics: &mut Vec<Diagnostic>) -> Parsed {
    run(text, dialect, ids, diagnostics, false)
}

/// Parses a text that stands inside a line: a takeaway, the text of a promotion.
pub(crate) fn parse_inline(
    text: Text<'_>,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
) -> Parsed {
    run(text, dialect, ids, diagnostics, true)
}

fn run(text: Text<'_>, dialect: Dialect<'_>, ids: &mut Ids, diagnostics: &mut Vec<Diagnostic>, inline: bool) -> Parsed {
    let mut undefined = Vec::new();
    let mut on_undefined = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) && !link.reference.starts_with('^') {
            undefined.push((link.span, link.reference.into_string()));
        }
        None
    };
    let parser =
        Parser::new_with_broken_link_callback(text.markdown, options(dialect.settings), Some(&mut on_undefined));
    let mut writer = Writer::new(text, dialect, ids, diagnostics, inline);
    for (event, range) in parser.into_offset_iter() {
        writer.event(event, range);
    }
    let parsed = writer.finish();
    for (range, label) in undefined {
        diagnostics.push(
            Diagnostic::new(Code::UndefinedFootnote, text.span(range), format!("nothing defines `[{label}]`"))
                .help(format!("add a line `[{label}]: https://…`, or write the brackets as \\[ and \\]")),
        );
    }
    parsed
}

/// A footnote's definition, taken out of the text.
struct Note {
    label: String,
    piece: Piece,
    span: Span,
}

/// A footnote's number and how often it was referred to.
struct NoteUse {
    label: String,
    uses: u32,
}

/// What a list of open elements needs to know at their end.
struct OpenBlock {
    index: u32,
    is_care_card: bool,
}

enum Open {
    Quote,
    Block(OpenBlock),
    Note {
        label: String,
        span: Span,
    },
    Heading {
        level: u8,
        id: Option<CowId>,
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

type CowId = String;

/// The state of a block's first line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TitleState {
    None,
    /// In the title of block n; the marker ends at this offset of the Markdown.
    In {
        block: u32,
        marker_end: usize,
        depth: usize,
    },
}

struct Writer<'a, 'd> {
    text: Text<'a>,
    dialect: Dialect<'a>,
    ids: &'d mut Ids,
    diagnostics: &'d mut Vec<Diagnostic>,
    inline: bool,
    body: Body,
    piece: Piece,
    outer_pieces: Vec<Piece>,
    plain: String,
    open: Vec<Open>,
    notes: Vec<Note>,
    note_uses: Vec<NoteUse>,
    run: Run,
    title: TitleState,
    /// A blockquote has begun and its first paragraph has not.
    pending_block: Option<PendingBlock>,
    /// Level of the last heading outside blocks.
    level: u8,
    /// Elements in which no glossary link may stand.
    no_prose: usize,
    blocks_open: usize,
    in_code: bool,
    alignments: Vec<Alignment>,
    cell: usize,
    in_table_head: bool,
    picture: Option<OpenPicture>,
    paragraph_start: Option<(usize, usize)>,
    tags: OpenTags,
    html_block: Option<(String, Range<usize>)>,
    too_deep: bool,
}

struct PendingBlock {
    kind: String,
    title: String,
    marker_end: usize,
    span: Span,
}

struct OpenPicture {
    destination: String,
    caption: String,
    alt: String,
    nested: usize,
    span: Span,
}

/// Consecutive texts that may hold `CO~2~`, `10^9^` or `[^citation]`, which the parser leaves as they are.
#[derive(Default)]
struct Run {
    text: String,
    /// For each piece: offset in `text`, offset in the Markdown.
    pieces: Vec<(usize, usize)>,
    /// Offsets in `text` of characters that the author escaped.
    escaped: Vec<usize>,
    end: usize,
}

impl<'a, 'd> Writer<'a, 'd> {
    fn new(
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
            body: Body::default(),
            outer_pieces: Vec::new(),
            plain: String::with_capacity(text.markdown.len()),
            open: Vec::new(),
            notes: Vec::new(),
            note_uses: Vec::new(),
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
            tags: OpenTags::default(),
            html_block: None,
            too_deep: false,
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
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
        self.flush_run();
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

    // Text.

    fn text_event(&mut self, text: CowStr<'a>, range: Range<usize>) {
        if self.in_code {
            escape_text_into(&mut self.piece.html, &text);
            self.plain.push_str(&text);
            return;
        }
        if let Some((html, _)) = &mut self.html_block {
            html.push_str(&text);
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
        let special = text.bytes().any(|byte| matches!(byte, b'~' | b'^' | b'['));
        if !special && self.run.text.is_empty() {
            self.plain_text(&text);
            return;
        }
        let markdown = self.text.markdown.as_bytes();
        let is_escaped = range.start > 0
            && markdown.get(range.start - 1) == Some(&b'\\')
            && (self.run.pieces.is_empty() || self.run.end != range.start);
        // A backslash before the first piece of a run is an escape unless it is itself escaped, in which case the
        // parser hands it over as part of a text that ends where this one starts.
        if is_escaped {
            self.run.escaped.push(self.run.text.len());
        }
        self.run.pieces.push((self.run.text.len(), range.start));
        self.run.text.push_str(&text);
        self.run.end = range.end;
    }

    fn title_is_empty(&self) -> bool {
        match self.title {
            TitleState::In { block, .. } => self.piece.holes.last().is_some_and(|hole| {
                hole.kind == HoleKind::BlockStart(block) && hole.at as usize == self.piece.html.len()
            }),
            TitleState::None => false,
        }
    }

    fn plain_text(&mut self, text: &str) {
        let start = self.piece.html.len();
        escape_text_into(&mut self.piece.html, text);
        self.plain.push_str(text);
        self.mark_prose(start);
    }

    fn mark_prose(&mut self, start: usize) {
        let end = self.piece.html.len() as u32;
        let start = start as u32;
        if self.no_prose > 0 || start == end {
            return;
        }
        match self.piece.prose.last_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => self.piece.prose.push((start, end)),
        }
    }

    fn flush_run(&mut self) {
        if self.run.text.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        let mut from = 0;
        let mut at = 0;
        while let Some(step) = run.text[at..].bytes().position(|byte| matches!(byte, b'~' | b'^' | b'[')) {
            let mark = at + step;
            at = mark + 1;
            if run.escaped.contains(&mark) {
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

    fn citation(&mut self, run: &Run, mark: usize, end: usize) {
        let start = run.source_offset(mark);
        let span = self.text.span(start..start + (end - mark));
        let index = self.body.citations.len() as u32;
        self.body.citations.push(Located { value: run.text[mark + 2..end - 1].to_owned(), span });
        self.hole(HoleKind::Citation(index));
    }

    fn small(&mut self, byte: u8, text: &str) {
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

    fn code(&mut self, code: &str) {
        self.piece.html.push_str("<code>");
        escape_text_into(&mut self.piece.html, code);
        self.piece.html.push_str("</code>");
        self.plain.push_str(code);
    }

    fn line_break(&mut self, html: &str) {
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

    // Elements.

    fn hole(&mut self, kind: HoleKind) {
        let at = self.piece.html.len() as u32;
        self.piece.holes.push(Hole { at, kind });
    }

    /// Begins a new line unless one has just begun.
    fn fresh_line(&mut self) {
        if !self.piece.html.is_empty() && !self.piece.html.ends_with('\n') {
            self.piece.html.push('\n');
        }
    }

    fn line(&mut self, html: &str) {
        self.fresh_line();
        self.piece.html.push_str(html);
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        if let Some(pending) = self.pending_block.take() {
            if matches!(tag, Tag::Paragraph) {
                self.start_block(pending);
                self.open.push(Open::Paragraph);
                return;
            }
            self.line("<blockquote>\n");
        }
        if self.open.len() > DEEPEST && !self.too_deep {
            self.too_deep = true;
            let message = format!("this text nests more than {DEEPEST} levels deep");
            self.report(
                Diagnostic::new(Code::TooDeep, self.text.span(range.clone()), message)
                    .help("take it apart into sections"),
            );
        }
        let open = match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { level, id, classes, attrs } => {
                if !attrs.is_empty() {
                    let message = format!("a heading cannot have the attribute `{}`", attrs[0].0);
                    self.report(
                        Diagnostic::new(Code::HeadingAttribute, self.text.span(range.clone()), message)
                            .help("it may have an id: `{#id}`"),
                    );
                }
                self.start_heading(level, id.as_deref(), &classes, range)
            }
            Tag::BlockQuote(_) => {
                self.start_quote(range);
                Open::Quote
            }
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => {
                self.html_block = Some((String::new(), range));
                Open::Other
            }
            Tag::List(None) => self.element("<ul>\n"),
            Tag::List(Some(1)) => self.element("<ol>\n"),
            Tag::List(Some(first)) => self.element(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.element("<li>"),
            Tag::DefinitionList => self.element("<dl>\n"),
            Tag::DefinitionListTitle => self.element("<dt>"),
            Tag::DefinitionListDefinition => self.element("<dd>"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.piece.html.push_str("<div class=\"table\"><table>");
                Open::Other
            }
            Tag::TableHead => {
                (self.in_table_head, self.cell) = (true, 0);
                self.piece.html.push_str("<thead><tr>");
                Open::Other
            }
            Tag::TableRow => {
                self.cell = 0;
                self.piece.html.push_str("<tr>");
                Open::Other
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.inline_element("<em>"),
            Tag::Strong => self.inline_element("<strong>"),
            Tag::Strikethrough => self.inline_element("<del>"),
            Tag::Subscript => self.start_small("~", "<sub>", &range),
            Tag::Superscript => self.start_small("^", "<sup>", &range),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { dest_url, title, .. } => {
                self.picture = Some(OpenPicture {
                    destination: dest_url.into_string(),
                    caption: title.into_string(),
                    alt: String::new(),
                    nested: 0,
                    span: self.text.span(range),
                });
                return;
            }
            Tag::FootnoteDefinition(label) => self.start_note(label.into_string(), range),
            Tag::MetadataBlock(_) => Open::Other,
        };
        self.open.push(open);
    }

    fn element(&mut self, html: &str) -> Open {
        self.line(html);
        Open::Other
    }

    fn inline_element(&mut self, html: &str) -> Open {
        self.piece.html.push_str(html);
        Open::Other
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if self.pending_block.take().is_some() {
            // A quote that ended before its first paragraph: nothing was in it.
            self.line("<blockquote>\n");
        }
        let open = self.open.pop().unwrap_or(Open::Other);
        // Raw tags opened inside this element end with it.
        self.tags.close_from(self.open.len() + 1, &mut self.piece.html);
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(open),
            TagEnd::BlockQuote(_) => self.end_quote(open),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.no_prose -= 1;
                self.close("</code></pre>\n");
            }
            TagEnd::HtmlBlock => self.end_html_block(),
            TagEnd::List(true) => self.close("</ol>\n"),
            TagEnd::List(false) => self.close("</ul>\n"),
            TagEnd::Item => self.close("</li>\n"),
            TagEnd::DefinitionList => self.close("</dl>\n"),
            TagEnd::DefinitionListTitle => self.close("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.close("</dd>\n"),
            TagEnd::Table => self.close("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_table_head = false;
                self.close("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.close("</tr>\n"),
            TagEnd::TableCell => {
                self.cell += 1;
                self.close(if self.in_table_head { "</th>" } else { "</td>" });
            }
            TagEnd::Emphasis => self.piece.html.push_str("</em>"),
            TagEnd::Strong => self.piece.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.piece.html.push_str("</del>"),
            TagEnd::Subscript => self.end_small(&open, "~", "</sub>", range),
            TagEnd::Superscript => self.end_small(&open, "^", "</sup>", range),
            TagEnd::Link => self.end_link(open),
            TagEnd::FootnoteDefinition => self.end_note(open),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn close(&mut self, html: &str) {
        self.piece.html.push_str(html);
        self.break_plain();
    }

    fn break_plain(&mut self) {
        if !self.plain.is_empty() && !self.plain.ends_with('\n') {
            self.plain.push('\n');
        }
    }

    fn start_paragraph(&mut self) -> Open {
        if !(self.inline && self.open.is_empty()) {
            self.fresh_line();
            self.paragraph_start = Some((self.piece.html.len(), self.piece.holes.len()));
            self.piece.html.push_str("<p>");
        }
        Open::Paragraph
    }

    fn end_paragraph(&mut self) {
        if let TitleState::In { .. } = self.title {
            self.end_title(false);
            self.break_plain();
            return;
        }
        if self.inline && self.open.is_empty() {
            self.break_plain();
            return;
        }
        if !self.unwrap_figure() {
            self.piece.html.push_str("</p>\n");
        }
        self.paragraph_start = None;
        self.break_plain();
    }

    /// A paragraph that holds one picture and nothing else is a figure, which may not stand in a paragraph.
    fn unwrap_figure(&mut self) -> bool {
        let Some((start, holes)) = self.paragraph_start else { return false };
        let is_alone = &self.piece.html[start..] == "<p>" && self.piece.holes.len() == holes + 1;
        let Some(hole) = self.piece.holes.last_mut().filter(|_| is_alone) else { return false };
        let HoleKind::Picture(index) = hole.kind else { return false };
        if let ReferenceKind::Picture { figure, .. } = &mut self.body.references[index as usize].kind {
            *figure = true;
        }
        self.piece.html.truncate(start);
        hole.at = start as u32;
        self.piece.html.push('\n');
        true
    }

    fn start_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<&str>,
        classes: &[CowStr<'_>],
        range: Range<usize>,
    ) -> Open {
        let span = self.text.span(trimmed(self.text.markdown, range));
        let written = level as u8;
        if written == 1 && self.text.top_level == 2 {
            self.report(
                Diagnostic::new(
                    Code::TopLevelHeading,
                    span,
                    "a text begins at the second level: the title is the page's only first-level heading",
                )
                .help("begin the line with `##`"),
            );
        }
        let level = written.max(self.text.top_level).min(6);
        if self.blocks_open == 0 {
            if level > self.level + 1 {
                let message = format!("this heading skips from level {} to level {level}", self.level);
                self.report(
                    Diagnostic::new(Code::SkippedHeading, span, message)
                        .help(format!("begin the line with `{}`", "#".repeat(usize::from(self.level) + 1))),
                );
            }
            self.level = level;
        }
        self.fresh_line();
        if self.open.is_empty() && self.body.lead_end.is_none() {
            self.body.lead_end = Some(self.piece.html.len() as u32);
        }
        self.piece.html.push_str("<h");
        self.piece.html.push(char::from(b'0' + level));
        let start = self.piece.html.len();
        if !classes.is_empty() {
            self.piece.html.push_str(" class=\"");
            for (index, class) in classes.iter().enumerate() {
                if index > 0 {
                    self.piece.html.push(' ');
                }
                escape_into(&mut self.piece.html, class);
            }
            self.piece.html.push('"');
        }
        self.piece.html.push('>');
        self.no_prose += 1;
        Open::Heading { level, id: id.map(str::to_owned), start, plain_start: self.plain.len(), span }
    }

    fn end_heading(&mut self, open: Open) {
        self.no_prose -= 1;
        let Open::Heading { level, id, start, plain_start, span } = open else { return };
        let text = self.plain[plain_start..].trim().to_owned();
        if text.is_empty() {
            self.report(
                Diagnostic::new(Code::EmptyHeading, span, "this heading has no text")
                    .help("give it words, or take it out"),
            );
        }
        let id = match id {
            Some(wanted) => self.ids.wanted(&wanted).unwrap_or_else(|given| {
                let message = format!("another place of this page has the id `{wanted}` already");
                self.diagnostics.push(
                    Diagnostic::new(Code::DuplicateHeadingId, span, message)
                        .help(format!("give it another id; until then it is `{given}`")),
                );
                given
            }),
            None => self.ids.for_words(&text),
        };
        self.insert_id(start, &id);
        self.piece.html.push_str("</h");
        self.piece.html.push(char::from(b'0' + level));
        self.piece.html.push_str(">\n");
        self.break_plain();
        self.body.headings.push(Heading { level, id, text, span, in_block: self.blocks_open > 0 });
    }

    /// The id is known only after the words are; what was written since then moves.
    fn insert_id(&mut self, at: usize, id: &str) {
        let mut attribute = String::with_capacity(id.len() + 6);
        attribute.push_str(" id=\"");
        escape_into(&mut attribute, id);
        attribute.push('"');
        self.piece.html.insert_str(at, &attribute);
        for hole in self.piece.holes.iter_mut().rev().take_while(|hole| hole.at as usize >= at) {
            hole.at += attribute.len() as u32;
        }
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>) -> Open {
        self.fresh_line();
        self.in_code = true;
        self.no_prose += 1;
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split(' ').next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        if language.is_empty() {
            self.piece.html.push_str("<pre><code>");
        } else {
            self.piece.html.push_str("<pre><code class=\"language-");
            escape_into(&mut self.piece.html, language);
            self.piece.html.push_str("\">");
        }
        Open::Other
    }

    fn start_cell(&mut self) -> Open {
        self.piece.html.push_str(if self.in_table_head { "<th scope=\"col\"" } else { "<td" });
        self.piece.html.push_str(match self.alignments.get(self.cell) {
            Some(Alignment::Left) => " class=\"left\">",
            Some(Alignment::Center) => " class=\"center\">",
            Some(Alignment::Right) => " class=\"right\">",
            _ => ">",
        });
        Open::Other
    }

    /// The parser takes `~5 mg CO~` for a subscript; white space inside says that it is none.
    fn start_small(&mut self, mark: &'static str, html: &str, range: &Range<usize>) -> Open {
        let inside = &self.text.markdown[range.start + 1..range.end.max(range.start + 2) - 1];
        if inside.contains(char::is_whitespace) {
            self.push_literal(mark, range.start);
            return Open::Literal;
        }
        self.piece.html.push_str(html);
        self.no_prose += 1;
        Open::Other
    }

    fn end_small(&mut self, open: &Open, mark: &'static str, html: &str, range: Range<usize>) {
        if matches!(open, Open::Literal) {
            self.push_literal(mark, range.end - 1);
            return;
        }
        self.piece.html.push_str(html);
        self.no_prose -= 1;
    }

    fn push_literal(&mut self, mark: &str, at: usize) {
        self.run.pieces.push((self.run.text.len(), at));
        self.run.text.push_str(mark);
        self.run.end = at + 1;
    }

    // Links and pictures.

    fn start_link(&mut self, link_type: LinkType, destination: &str, title: &str, range: Range<usize>) -> Open {
        let span = self.text.span(range);
        let destination = match link_type {
            LinkType::Email => format!("mailto:{destination}"),
            _ => destination.to_owned(),
        };
        self.no_prose += 1;
        let plain_start = self.plain.len();
        if self.refuse_unsafe(&destination, span) {
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

    fn end_link(&mut self, open: Open) {
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
    }

    fn reference(&mut self, kind: ReferenceKind, destination: String, span: Span) -> u32 {
        let index = self.body.references.len() as u32;
        self.body.references.push(Reference { kind, destination, span });
        index
    }

    fn refuse_unsafe(&mut self, destination: &str, span: Span) -> bool {
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

    fn end_picture(&mut self) {
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

    // Raw HTML.

    fn raw_html(&mut self, html: &str, range: Range<usize>) {
        if let Some((block, _)) = &mut self.html_block {
            block.push_str(html);
            return;
        }
        match self.dialect.settings.html {
            HtmlPolicy::Deny => {
                if !html.starts_with("</") {
                    self.report_raw_html(range);
                }
                self.plain_text(html);
            }
            HtmlPolicy::Escape => self.plain_text(html),
            HtmlPolicy::Sanitize => self.tags.inline(html, self.open.len(), &mut self.piece.html),
        }
    }

    fn end_html_block(&mut self) {
        let Some((html, range)) = self.html_block.take() else { return };
        match self.dialect.settings.html {
            HtmlPolicy::Sanitize => {
                self.fresh_line();
                self.piece.html.push_str(&super::raw_html::sanitize(&html));
                self.fresh_line();
            }
            policy => {
                if policy == HtmlPolicy::Deny {
                    self.report_raw_html(range);
                }
                self.line("<p>");
                self.plain_text(html.trim_end());
                self.close("</p>\n");
            }
        }
    }

    fn report_raw_html(&mut self, range: Range<usize>) {
        let span = self.text.span(trimmed(self.text.markdown, range));
        self.report(Diagnostic::new(Code::RawHtml, span, "HTML has no place in an article").help(
            "write it as Markdown or as a block such as `> [!NOTE]`; a `<` that is meant as a sign is written `\\<`",
        ));
    }

    // Blocks.

    fn start_quote(&mut self, range: Range<usize>) {
        let Some((kind, title, marker_end)) = block_marker(self.text.markdown, range.start) else {
            self.line("<blockquote>\n");
            return;
        };
        let span = self.text.span(trimmed(self.text.markdown, first_line(self.text.markdown, range.start)));
        let known = BLOCK_KINDS.contains(&kind.as_str()) || self.dialect.blocks.binary_search(&kind).is_ok();
        if known {
            self.pending_block = Some(PendingBlock { kind, title, marker_end, span });
            return;
        }
        let kinds = BLOCK_KINDS.iter().copied().chain(self.dialect.blocks.iter().map(String::as_str));
        let help = did_you_mean(&kind, kinds).map(|help| help.to_uppercase().replace("DID YOU MEAN", "did you mean"));
        let message = format!("unknown block `[!{}]`", kind.to_uppercase());
        self.report(
            Diagnostic::new(Code::UnknownBlock, span, message)
                .maybe_help(help)
                .help(format!("a site adds a kind with a template `templates/blocks/{kind}.html`")),
        );
        self.line("<blockquote>\n");
    }

    fn start_block(&mut self, pending: PendingBlock) {
        let index = self.body.blocks.len() as u32;
        let is_care_card = is_care_card(&pending.kind);
        let start = self.body.references.len() as u32;
        self.fresh_line();
        self.hole(HoleKind::BlockStart(index));
        if let Some(open) = self.open.last_mut() {
            *open = Open::Block(OpenBlock { index, is_care_card });
        }
        self.no_prose += usize::from(is_care_card) + 1;
        self.blocks_open += 1;
        // The paragraph that holds the first line is about to be opened.
        self.title = TitleState::In { block: index, marker_end: pending.marker_end, depth: self.open.len() + 1 };
        self.body.blocks.push(Block {
            kind: pending.kind,
            title: pending.title,
            level: (self.level + 1).clamp(2, 6),
            span: pending.span,
            references: start..start,
        });
    }

    /// Ends a block's first line. `more`: its paragraph goes on.
    fn end_title(&mut self, more: bool) {
        let TitleState::In { block, .. } = self.title else { return };
        self.title = TitleState::None;
        self.tags.close_from(self.open.len(), &mut self.piece.html);
        while self.piece.html.ends_with(' ') {
            self.piece.html.pop();
        }
        self.no_prose -= 1;
        self.hole(HoleKind::BlockTitleEnd(block));
        self.break_plain();
        if more {
            self.paragraph_start = Some((self.piece.html.len(), self.piece.holes.len()));
            self.piece.html.push_str("<p>");
        }
    }

    fn end_quote(&mut self, open: Open) {
        let Open::Block(block) = open else {
            self.close("</blockquote>\n");
            return;
        };
        self.no_prose -= usize::from(block.is_care_card);
        self.blocks_open -= 1;
        let end = self.body.references.len() as u32;
        self.body.blocks[block.index as usize].references.end = end;
        self.video_reference(block.index);
        self.hole(HoleKind::BlockEnd(block.index));
        self.piece.html.push('\n');
        self.break_plain();
    }

    /// `> [!VIDEO] stretch.mp4` names its file on the first line.
    fn video_reference(&mut self, index: u32) {
        let block = &self.body.blocks[index as usize];
        let title = block.title.clone();
        let span = block.span;
        let is_path = !title.is_empty() && !title.contains(char::is_whitespace) && title.contains(['.', '/']);
        if block.kind != "video" || !block.references.is_empty() || !is_path || self.refuse_unsafe(&title, span) {
            return;
        }
        let start = self.reference(ReferenceKind::Video, title, span);
        self.body.blocks[index as usize].references = start..start + 1;
    }

    // Footnotes.

    fn note_reference(&mut self, label: &str) {
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
        self.piece.html.push_str(&html);
        self.body.anchors.push(reference);
    }

    fn start_note(&mut self, label: String, range: Range<usize>) -> Open {
        self.outer_pieces.push(std::mem::replace(&mut self.piece, Piece::new()));
        Open::Note { label, span: self.text.span(first_line(self.text.markdown, range.start)) }
    }

    fn end_note(&mut self, open: Open) {
        let outer = self.outer_pieces.pop().unwrap_or_else(Piece::new);
        let piece = std::mem::replace(&mut self.piece, outer);
        if let Open::Note { label, span } = open {
            self.notes.push(Note { label, piece, span });
        }
        self.break_plain();
    }

    /// The notes, in the order of their first references, each with the way back.
    fn write_notes(&mut self) {
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

    fn write_note(&mut self, index: usize, mut piece: Piece) {
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

    fn finish(mut self) -> Parsed {
        self.flush_run();
        self.tags.close_from(0, &mut self.piece.html);
        self.write_notes();
        let mut body = self.body;
        body.html = self.piece.html;
        body.holes = self.piece.holes;
        body.prose = self.piece.prose;
        body.words = count_words(&self.plain);
        body.html.shrink_to_fit();
        Parsed { body, plain: self.plain }
    }
}

fn reference_id(prefix: &str, number: usize, used: u32) -> String {
    if used == 1 { format!("{prefix}note-ref-{number}") } else { format!("{prefix}note-ref-{number}-{used}") }
}

/// Collects a picture's alternative text. `Some(true)` ends it, `Some(false)` took the event.
fn picture_event(picture: &mut OpenPicture, event: &Event<'_>) -> Option<bool> {
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

impl Run {
    fn source_offset(&self, at: usize) -> usize {
        let piece = self.pieces.iter().rev().find(|(start, _)| *start <= at);
        piece.map_or(0, |(start, source)| source + (at - start))
    }
}

/// The end of `[^id]` that begins at `mark`, if one does.
fn citation_end(run: &Run, mark: usize) -> Option<usize> {
    let inside = run.text[mark..].strip_prefix("[^")?;
    let length = inside.find([']', '[', ' ', '\t', '\n'])?;
    (length > 0 && inside.as_bytes()[length] == b']').then_some(mark + 2 + length + 1)
}

/// The end of `~2~` or `^9^` that begins at `mark`, if one does: no white space inside, not empty.
fn small_end(run: &Run, mark: usize, byte: u8) -> Option<usize> {
    let inside = &run.text[mark + 1..];
    for (at, character) in inside.char_indices() {
        if character.is_whitespace() {
            return None;
        }
        if character == char::from(byte) && !run.escaped.contains(&(mark + 1 + at)) {
            return (at > 0).then_some(mark + 1 + at + 1);
        }
    }
    None
}

/// The kind and the rest of the first line of a quote that names its kind, and where the marker ends.
fn block_marker(markdown: &str, start: usize) -> Option<(String, String, usize)> {
    let line = first_line(markdown, start);
    let text = &markdown[line.clone()];
    let quoted = text.trim_start_matches([' ', '\t']).strip_prefix('>')?.trim_start_matches([' ', '\t']);
    let marker = quoted.strip_prefix("[!")?;
    let close = marker.find(']')?;
    let kind = &marker[..close];
    let is_kind =
        !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let marker_end = line.end - (marker.len() - close - 1);
    is_kind.then(|| (kind.to_ascii_lowercase(), marker[close + 1..].trim().to_owned(), marker_end))
}

/// The line that begins at `start`, without its end.
fn first_line(markdown: &str, start: usize) -> Range<usize> {
    let rest = &markdown[start..];
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    start..start + length
}

fn trimmed(markdown: &str, range: Range<usize>) -> Range<usize> {
    let text = &markdown[range.clone()];
    range.start..range.start + text.trim_end().len()
}
