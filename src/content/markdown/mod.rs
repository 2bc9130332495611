//! Markdown to a [`Body`]: the parser's events become HTML with holes. Never looks at another file.
//!
//! [`writer`] receives the events and hands each to its kind: [`inline`] text, [`elements`], [`links`], [`raw`] HTML,
//! [`blocks`], [`notes`]. What differs from pulldown-cmark's own HTML is listed in docs/authoring.md under "What Galen
//! adds to CommonMark".

mod blocks;
mod elements;
mod inline;
mod links;
mod notes;
mod raw;
mod writer;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::body::Body;
use super::ids::Ids;
use crate::project::{Code, Diagnostic, Labels, MarkdownSettings, Span};
use writer::Writer;

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
    pub(super) fn span(&self, range: Range<usize>) -> Span {
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

/// Whether a text means to Markdown what it says: one paragraph of words without emphasis, links, code or HTML.
pub(crate) fn is_plain(text: &str) -> bool {
    let is_words =
        |event| matches!(event, Event::Text(_) | Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph));
    catch_unwind(|| Parser::new(text).all(is_words)).unwrap_or(false)
}

/// Parses with all that the dialect has. The parser is another's work and has panicked on odd input before; what it
/// cannot read with extensions is read without, and what it cannot read at all is a fault, not the end of the program.
fn run(text: Text<'_>, dialect: Dialect<'_>, ids: &mut Ids, diagnostics: &mut Vec<Diagnostic>, inline: bool) -> Parsed {
    let all = options(dialect.settings);
    for options in [all, all - Options::ENABLE_HEADING_ATTRIBUTES, Options::empty()] {
        let (mut new_ids, mut found) = (ids.clone(), Vec::new());
        let parsed =
            catch_unwind(AssertUnwindSafe(|| run_with(options, text, dialect, &mut new_ids, &mut found, inline)));
        if let Ok(parsed) = parsed {
            *ids = new_ids;
            diagnostics.append(&mut found);
            return parsed;
        }
    }
    let message = "the Markdown parser cannot read this text";
    diagnostics.push(
        Diagnostic::new(Code::InvalidValue, text.span, message).help("look for odd marks in it, and leave them out"),
    );
    Parsed { body: Body::default(), plain: String::new() }
}

fn run_with(
    options: Options,
    text: Text<'_>,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
    inline: bool,
) -> Parsed {
    let mut undefined = Vec::new();
    let mut on_undefined = |link: BrokenLink<'_>| {
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) && !link.reference.starts_with('^') {
            undefined.push((link.span, link.reference.into_string()));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(text.markdown, options, Some(&mut on_undefined));
    let mut writer = Writer::new(text, dialect, ids, diagnostics, inline);
    for (event, range) in parser.into_offset_iter() {
        writer.event(event, range);
    }
    let parsed = writer.finish();
    for (range, label) in undefined {
        diagnostics.push(
            Diagnostic::new(Code::UndefinedReference, text.span(range), format!("nothing defines `[{label}]`"))
                .help(format!("add a line `[{label}]: https://…`, or write the brackets as \\[ and \\]")),
        );
    }
    parsed
}

/// The line that begins at `start`, without its end.
pub(super) fn first_line(markdown: &str, start: usize) -> Range<usize> {
    let rest = &markdown[start..];
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    start..start + length
}

pub(super) fn trimmed(markdown: &str, range: Range<usize>) -> Range<usize> {
    let text = &markdown[range.clone()];
    range.start..range.start + text.trim_end().len()
}
