//! Reads a text with the Markdown parser, which is another's work and has panicked on odd input before. Writes nothing.

use std::cell::Cell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser};

use super::{Text, trimmed};
use crate::project::{Code, Diagnostic, Lanes, first_of, is_special_in_text};

/// What the parser found in a text.
#[derive(Default)]
pub(super) struct Read<'a> {
    pub(super) events: Vec<(Event<'a>, Range<usize>)>,
    /// Labels of reference links that nothing defines.
    pub(super) undefined: Vec<(Range<usize>, String)>,
}

/// A text that is one line of words without a mark, with nothing to read in it and nothing to escape.
pub(super) fn only_words(markdown: &str, options: Options) -> Option<&str> {
    let words = markdown.trim_end_matches('\n');
    let is_mark = |lanes: Lanes| {
        lanes.is_within(0..=0x1f)
            | lanes.is(0x7f)
            | lanes.is(b'*')
            | lanes.is_within(b'^'..=b'`')
            | lanes.is(b'~')
            | lanes.is_within(b'['..=b']')
            | is_special_in_text(lanes)
    };
    // What begins with a letter is no block but a paragraph.
    let is_paragraph = words.starts_with(|first: char| first.is_alphabetic()) && !words.ends_with(' ');
    let is_plain = is_paragraph && first_of(words.as_bytes(), is_mark).is_none();
    (is_plain && !(options.contains(Options::ENABLE_SMART_PUNCTUATION) && may_be_improved(words))).then_some(words)
}

/// Whether a text holds what smart punctuation replaces: quotation marks, `...`, `--`.
fn may_be_improved(words: &str) -> bool {
    let is_mark = |lanes: Lanes| lanes.is(b'"') | lanes.is(b'\'') | lanes.is_within(b'-'..=b'.');
    let mut rest = words.as_bytes();
    while let Some(at) = first_of(rest, is_mark) {
        let mark = rest[at];
        rest = &rest[at + 1..];
        if matches!(mark, b'"' | b'\'') || rest.first() == Some(&mark) {
            return true;
        }
    }
    false
}

/// Reads a text. One that the parser panics on is reported where it does, and read as far as the line before: that much
/// still links, so that one mistake does not hide others.
pub(super) fn read<'a>(text: Text<'a>, options: Options, diagnostics: &mut Vec<Diagnostic>) -> Read<'a> {
    if let Some(read) = attempt(text.markdown, options) {
        return read;
    }
    let markdown = text.markdown;
    let ends: Vec<usize> =
        std::iter::once(0).chain(markdown.match_indices('\n').map(|(at, _)| at + 1)).chain([markdown.len()]).collect();
    // What ends at `good` can be read, what ends at `bad` cannot, and they come together at one line.
    let (mut good, mut bad) = (0, ends.len() - 1);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        match attempt(&markdown[..ends[middle]], options) {
            Some(_) => good = middle,
            None => bad = middle,
        }
    }
    let span = text.span(trimmed(markdown, ends[good]..ends[bad]));
    diagnostics.push(
        Diagnostic::new(Code::InvalidValue, span, "the Markdown parser cannot read the text from here on")
            .help("look for odd marks in this line and the one above, and leave them out"),
    );
    attempt(&markdown[..ends[good]], options).unwrap_or_default()
}

/// The events of a text that stands alone; none where the parser panics.
pub(super) fn events(markdown: &str, options: Options) -> Option<Vec<(Event<'_>, Range<usize>)>> {
    attempt(markdown, options).map(|read| read.events)
}

/// Reads a text, unless the parser panics. Only the parser runs in here: a panic of our own is to be seen.
fn attempt(markdown: &str, options: Options) -> Option<Read<'_>> {
    let parse = || {
        let mut undefined = Vec::new();
        let mut on_undefined = |link: BrokenLink<'_>| {
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) && !link.reference.starts_with('^') {
                undefined.push((link.span, link.reference.into_string()));
            }
            None
        };
        let parser = Parser::new_with_broken_link_callback(markdown, options, Some(&mut on_undefined));
        // About as many as most texts have.
        let mut events = Vec::with_capacity(markdown.len() / 32 + 16);
        events.extend(parser.into_offset_iter());
        Read { events, undefined }
    };
    silence_panics();
    PARSING.set(true);
    let read = catch_unwind(AssertUnwindSafe(parse));
    PARSING.set(false);
    read.ok()
}

thread_local! {
    /// Whether this thread is inside the parser, whose panics are findings.
    static PARSING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps what Rust says of a panic from standard error, for the threads that are inside the parser.
fn silence_panics() {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(|| {
        let hook = take_hook();
        set_hook(Box::new(move |panic| {
            if !PARSING.get() {
                hook(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Tag, TagEnd};

    use super::*;
    use crate::content::markdown::options;
    use crate::project::{HtmlPolicy, MarkdownSettings};

    proptest! {
        #[test]
        fn words_without_a_mark_are_what_the_parser_reads(
            text in prop_oneof!["[A-Za-zé頭][ -~é頭’–\u{a0}]{0,30}\n{0,2}", "\\PC{0,20}", "[a-z.:|=+#>{}$!-]{0,12} ?[a-z:.-]{0,9}"],
            smart: bool,
        ) {
            let options = options(MarkdownSettings { html: HtmlPolicy::Deny, smart_punctuation: smart });
            let Some(words) = only_words(&text, options) else { return Ok(()) };
            let mut events = events(&text, options).unwrap_or_default().into_iter();
            prop_assert!(matches!(events.next(), Some((Event::Start(Tag::Paragraph), _))));
            prop_assert!(matches!(events.next_back(), Some((Event::End(TagEnd::Paragraph), _))));
            let mut read = String::new();
            for (event, range) in events {
                prop_assert_eq!(range.start, read.len());
                let Event::Text(text) = event else { panic!("{event:?} in {text:?}") };
                read.push_str(&text);
            }
            prop_assert_eq!(read, words);
        }
    }
}
