//! Reads a text with the Markdown parser, which is another's work and has panicked on odd input before. Writes nothing.

use std::cell::Cell;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser};

use super::{Text, trimmed};
use crate::project::{Code, Diagnostic};

/// What the parser found in a text.
#[derive(Default)]
pub(super) struct Read<'a> {
    pub(super) events: Vec<(Event<'a>, Range<usize>)>,
    /// Labels of reference links that nothing defines.
    pub(super) undefined: Vec<(Range<usize>, String)>,
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
        let events = parser.into_offset_iter().collect();
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
