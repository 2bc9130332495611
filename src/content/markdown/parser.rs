//! Reads a text with the Markdown parser, which is another's work and has panicked on odd input before. Writes nothing.

use std::cell::Cell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser};

use super::{Text, trimmed};
use crate::project::{Code, Diagnostic, Lanes, first_of, is_special_in_text};

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

/// How much of a text that the parser panics on can be read: up to the line where it does, which is reported. That much still
/// links, so that one mistake does not hide others.
pub(super) fn readable<'a>(text: Text<'a>, options: Options, diagnostics: &mut Vec<Diagnostic>) -> &'a str {
    let markdown = text.markdown;
    let ends: Vec<usize> =
        std::iter::once(0).chain(markdown.match_indices('\n').map(|(at, _)| at + 1)).chain([markdown.len()]).collect();
    // What ends at `good` can be read, what ends at `bad` cannot, and they come together at one line.
    let (mut good, mut bad) = (0, ends.len() - 1);
    while bad - good > 1 {
        let middle = usize::midpoint(good, bad);
        match read(&markdown[..ends[middle]], options, |_, _| {}) {
            Some(_) => good = middle,
            None => bad = middle,
        }
    }
    let span = text.span(trimmed(markdown, ends[good]..ends[bad]));
    diagnostics.push(
        Diagnostic::new(Code::InvalidValue, span, "the Markdown parser cannot read the text from here on")
            .help("look for odd marks in this line and the one above, and leave them out"),
    );
    &markdown[..ends[good]]
}

/// The events of a text that stands alone; none where the parser panics.
pub(super) fn events(markdown: &str, options: Options) -> Option<Vec<(Event<'_>, Range<usize>)>> {
    let mut events = Vec::new();
    read(markdown, options, |event, range| events.push((event, range)))?;
    Some(events)
}

/// Reads a text and hands each event on as it comes. Gives the labels of reference links that nothing defines, with their places;
/// none where the parser panics, which it may do after some events. A panic of whoever takes them is not caught.
pub(super) fn read<'a>(
    markdown: &'a str,
    options: Options,
    mut take: impl FnMut(Event<'a>, Range<usize>),
) -> Option<Vec<(Range<usize>, String)>> {
    let parse = || {
        let mut undefined = Vec::new();
        let mut on_undefined = |link: BrokenLink<'_>| {
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) && !link.reference.starts_with('^') {
                undefined.push((link.span, link.reference.into_string()));
            }
            None
        };
        let parser = Parser::new_with_broken_link_callback(markdown, options, Some(&mut on_undefined));
        let events = parser.into_offset_iter();
        #[cfg(test)]
        let events = tests::panicking(events);
        for (event, range) in events {
            PARSING.set(false);
            take(event, range);
            PARSING.set(true);
        }
        undefined
    };
    silence_panics();
    PARSING.set(true);
    let read = catch_unwind(AssertUnwindSafe(parse));
    match (PARSING.replace(false), read) {
        (_, Ok(undefined)) => Some(undefined),
        (true, Err(_)) => None,
        (false, Err(panic)) => resume_unwind(panic),
    }
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
pub(super) mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Tag, TagEnd};

    use super::*;
    use crate::content::markdown::options;
    use crate::project::{HtmlPolicy, MarkdownSettings};

    thread_local! {
        /// After so many events the parser panics. No text is known that makes it do so between two events.
        static MOST_EVENTS: Cell<usize> = const { Cell::new(usize::MAX) };
    }

    pub(super) fn panicking<T>(events: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        events.enumerate().map(|(count, event)| {
            assert!(count < MOST_EVENTS.get(), "as the parser may panic");
            event
        })
    }

    /// What is done with a parser that panics after so many events.
    pub(in crate::content::markdown) fn with_panic_after<T>(events: usize, done: impl FnOnce() -> T) -> T {
        MOST_EVENTS.set(events);
        let done = done();
        MOST_EVENTS.set(usize::MAX);
        done
    }

    #[test]
    fn a_panic_of_the_parser_is_caught_and_one_of_ours_is_not() {
        let options = options(MarkdownSettings { html: HtmlPolicy::Deny, smart_punctuation: false });
        assert_eq!(read("- [ ] \\\n  ---\n", options, |_, _| {}), None);
        assert_eq!(with_panic_after(2, || read("a", options, |_, _| {})), None);
        let ours = catch_unwind(|| {
            read("a", options, |_, _| {
                assert!(!PARSING.get());
                panic!("this panic is meant")
            })
        });
        assert_eq!(ours.expect_err("a panic").downcast_ref(), Some(&"this panic is meant"));
        assert!(!PARSING.get());
        assert_eq!(read("a", options, |_, _| {}), Some(Vec::new()));
    }

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
