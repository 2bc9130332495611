//! Markdown to a [`Body`]: the parser's events become HTML with holes. Never looks at another file.
//!
//! [`parser`] reads them, [`writer`] receives them and hands each to its kind: [`inline`] text, [`elements`], [`links`], [`raw`] HTML,
//! [`blocks`], [`notes`]. What differs from pulldown-cmark's own HTML is listed in docs/authoring.md under "What Galen
//! adds to CommonMark".

mod blocks;
mod elements;
mod inline;
mod links;
mod notes;
mod parser;
mod raw;
mod writer;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Tag, TagEnd};

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
    /// Which text of its page it is.
    pub page_text: PageText,
}

/// A text of a page, which tells its notes from those of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageText {
    /// A text that stands by itself: a page's own, a promotion's.
    Whole,
    /// An answer of the FAQ, counted from 1.
    Answer(usize),
    /// A takeaway, counted from 1.
    Takeaway(usize),
}

impl fmt::Display for PageText {
    /// What the anchors of its notes begin with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Answer(number) => write!(f, "faq-{number}-"),
            Self::Takeaway(number) => write!(f, "takeaway-{number}-"),
        }
    }
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
#[derive(Default)]
pub(crate) struct Parsed<'a> {
    pub body: Body,
    /// A line break at its end means nothing.
    pub plain: Cow<'a, str>,
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
pub(crate) fn parse<'a>(
    text: Text<'a>,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
) -> Parsed<'a> {
    run(text, dialect, ids, diagnostics, false)
}

/// Parses a text that stands inside a line: a takeaway, the text of a promotion.
pub(crate) fn parse_inline<'a>(
    text: Text<'a>,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
) -> Parsed<'a> {
    run(text, dialect, ids, diagnostics, true)
}

/// Whether a text means to Markdown what it says: one paragraph of words without emphasis, links, code or HTML.
pub(crate) fn is_plain(text: &str, dialect: Dialect<'_>) -> bool {
    parser::only_words(text, options(dialect.settings)).is_some()
        || parser::events(text, options(dialect.settings)).is_some_and(|events| {
            events.iter().all(|(event, _)| {
                matches!(event, Event::Text(_) | Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph))
            })
        })
}

fn run<'a>(
    text: Text<'a>,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
    inline: bool,
) -> Parsed<'a> {
    match parser::only_words(text.markdown, options(dialect.settings)) {
        Some(words) => paragraph(words, inline),
        None => write(text, dialect, ids, diagnostics, inline),
    }
}

/// What the writer makes of a text that is one paragraph of words without a mark, as most answers and takeaways are.
fn paragraph(words: &str, inline: bool) -> Parsed<'_> {
    let (start, end) = if inline { ("", "") } else { ("<p>", "</p>\n") };
    let mut html = String::with_capacity(start.len() + words.len() + end.len());
    html.push_str(start);
    html.push_str(words);
    let prose = Box::from([(start.len() as u32, html.len() as u32)]);
    html.push_str(end);
    let body = Body { html: html.into(), prose, marks: None };
    Parsed { body, plain: words.into() }
}

fn write(
    text: Text<'_>,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
    inline: bool,
) -> Parsed<'static> {
    let (before, found) = (ids.clone(), diagnostics.len());
    if let Some(parsed) = write_part(text.markdown, text, dialect, ids, diagnostics, inline) {
        return parsed;
    }
    // As if nothing had been written yet.
    *ids = before;
    diagnostics.truncate(found);
    let part = parser::readable(text, options(dialect.settings), diagnostics);
    write_part(part, text, dialect, ids, diagnostics, inline).unwrap_or_default()
}

/// Writes a text as far as a part of it goes; none where the parser panics.
fn write_part<'a>(
    part: &'a str,
    text: Text<'a>,
    dialect: Dialect<'a>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
    inline: bool,
) -> Option<Parsed<'static>> {
    let mut writer = Writer::new(text, dialect, ids, diagnostics, inline);
    let mut refused = 0;
    let undefined = parser::read(part, options(dialect.settings), |event, range| {
        match inline.then(|| beyond_a_line(&event)).flatten() {
            Some(what) if range.start >= refused => {
                refused = range.end;
                let span = text.span(trimmed(text.markdown, range));
                writer.report(
                    Diagnostic::new(Code::InvalidValue, span, format!("{what} cannot stand inside a line"))
                        .help("this text is a line: it may hold emphasis, links and code, and nothing that begins a line of its own"),
                );
            }
            Some(_) => {}
            None => writer.event(event, range),
        }
    })?;
    let parsed = writer.finish();
    for (range, label) in undefined {
        diagnostics.push(
            Diagnostic::new(Code::UndefinedReference, text.span(range), format!("nothing defines `[{label}]`"))
                .help(format!("add a line `[{label}]: https://…`, or write the brackets as \\[ and \\]")),
        );
    }
    Some(parsed)
}

/// The name of what stands on lines of its own. A block in the text of a promotion could even show that promotion again,
/// without end.
fn beyond_a_line(event: &Event<'_>) -> Option<&'static str> {
    let end = match event {
        Event::Start(tag) => tag.to_end(),
        Event::End(end) => *end,
        Event::Rule => return Some("a rule"),
        _ => return None,
    };
    Some(match end {
        TagEnd::BlockQuote(_) => "a quote or block",
        TagEnd::Heading(_) => "a heading",
        TagEnd::List(_) | TagEnd::Item => "a list",
        TagEnd::DefinitionList | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => "a list",
        TagEnd::CodeBlock => "a block of code",
        TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => "a table",
        _ => return None,
    })
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::project::{HtmlPolicy, SourceId};

    /// What is written of a text whose page has an anchor already, and what is found.
    fn written(
        markdown: &str,
        write: impl FnOnce(Text<'_>, Dialect<'_>, &mut Ids, &mut Vec<Diagnostic>) -> Body,
    ) -> String {
        let labels = Labels::default();
        let settings = MarkdownSettings { html: HtmlPolicy::Deny, smart_punctuation: false };
        let dialect = Dialect { settings, blocks: &[], labels: &labels };
        let span = Span::new(SourceId(0), 0..markdown.len());
        let text = Text { markdown, span, verbatim: true, top_level: 2, page_text: PageText::Whole };
        let (mut ids, mut found) = (Ids::new(), Vec::new());
        ids.for_words("A");
        let body = write(text, dialect, &mut ids, &mut found);
        found.retain(|diagnostic| !diagnostic.message.starts_with("the Markdown parser cannot read"));
        let next = ids.for_words("A");
        format!("{body:?} {found:?} {next}")
    }

    #[test]
    fn where_the_parser_panics_what_was_written_is_taken_back() {
        let markdown = "## A\n\n[x][] <b>\n\n## A\n\nb[^1] [y][]\n\n[^1]: c\n\n## B {#b}\n\n> [!NOTE]\n> d\n";
        let all = written(markdown, |text, dialect, ids, found| write(text, dialect, ids, found, false).body);
        assert!(all.contains("a-3") && all.contains("nothing defines `[y]`"), "{all}");
        for most in 0..60 {
            let mut part = "";
            let cut = parser::tests::with_panic_after(most, || {
                written(markdown, |text, dialect, ids, found| {
                    part = parser::readable(Text { markdown, ..text }, options(dialect.settings), &mut Vec::new());
                    write(text, dialect, ids, found, false).body
                })
            });
            let whole = written(markdown, |text, dialect, ids, found| {
                write_part(part, text, dialect, ids, found, false).expect("the parser does not panic").body
            });
            assert!(part.len() < markdown.len() || most > 40, "{most}: {part}");
            if part.len() < markdown.len() {
                assert_eq!(cut, whole, "{most}: {part}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_paragraph_is_what_the_writer_makes_of_it(
            markdown in "[A-Za-zé頭][ -~é頭’–\u{a0}]{0,40}\n{0,2}|\\PC{0,20}|([a-z>.]{1,9} ){1,6}[a-z]",
            inline: bool,
            smart: bool,
        ) {
            let labels = Labels::default();
            let settings = MarkdownSettings { html: HtmlPolicy::Deny, smart_punctuation: smart };
            let dialect = Dialect { settings, blocks: &[], labels: &labels };
            let Some(words) = parser::only_words(&markdown, options(settings)) else { return Ok(()) };
            let span = Span::new(SourceId(0), 0..markdown.len());
            let text = Text { markdown: &markdown, span, verbatim: true, top_level: 2, page_text: PageText::Whole };
            let mut found = Vec::new();
            let written = write(text, dialect, &mut Ids::new(), &mut found, inline);
            prop_assert!(found.is_empty());
            let made = paragraph(words, inline);
            prop_assert_eq!(format!("{:?}", made.body), format!("{:?}", written.body));
            prop_assert_eq!(Some(&*made.plain), written.plain.strip_suffix('\n'));
        }
    }
}
