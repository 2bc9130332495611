//! A Markdown text understood alone: finished HTML with holes where only the linked site knows what belongs. Never resolves anything.
//!
//! **Invariants:** `holes` and `prose` are sorted by offset and lie on character boundaries of `html`; every block's start,
//! title end and end come in that order and nest properly.

use std::borrow::Cow;
use std::ops::Deref;

use crate::project::{Lanes, Located, Span, first_of};

/// A text without its links. It is read as if it held its marks itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// Everything that could be written without knowing the site.
    pub html: Box<str>,
    /// Ranges of `html` that are running text, where a glossary link may go.
    pub prose: Box<[(u32, u32)]>,
    /// What answers and takeaways, which are most texts of a site, seldom have.
    pub marks: Option<Box<Marks>>,
}

/// What a text has beside words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Where something is missing in `html`.
    pub holes: Vec<Hole>,
    /// Its headings, in page order.
    pub headings: Vec<Heading>,
    /// Its links, pictures and videos, in page order.
    pub references: Vec<Reference>,
    /// Its blocks (`> [!KIND]`), in order of their starts.
    pub blocks: Vec<Block>,
    /// The id in each citation marker, in page order.
    pub citations: Vec<Located<String>>,
    /// Ids of anchors that are not headings: footnotes.
    pub anchors: Vec<String>,
    /// Where the first heading begins that stands by itself: what is before it is the lead.
    pub lead_end: Option<u32>,
}

impl Deref for Body {
    type Target = Marks;

    fn deref(&self) -> &Marks {
        static NONE: Marks = Marks {
            holes: Vec::new(),
            headings: Vec::new(),
            references: Vec::new(),
            blocks: Vec::new(),
            citations: Vec::new(),
            anchors: Vec::new(),
            lead_end: None,
        };
        self.marks.as_deref().unwrap_or(&NONE)
    }
}

/// A place in the HTML, and what goes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hole {
    /// Byte offset in `html`.
    pub at: u32,
    /// What goes there.
    pub kind: HoleKind,
}

/// What is missing at a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HoleKind {
    /// The address of `references[n]`, inside an attribute's quotes.
    Href(u32),
    /// The whole picture `references[n]`.
    Picture(u32),
    /// The marker of `citations[n]`.
    Citation(u32),
    /// From here to its title's end: the title of `blocks[n]`.
    BlockStart(u32),
    /// From here to its end: the content of `blocks[n]`.
    BlockTitleEnd(u32),
    /// The end of `blocks[n]`.
    BlockEnd(u32),
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// Level as written into the page, 2 to 6.
    pub level: u8,
    /// Its anchor, unique on the page.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    /// Whether it stands in a block, outside the outline of the text.
    pub in_block: bool,
}

/// What a reference is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceKind {
    /// A link.
    Link,
    /// A picture.
    Picture {
        /// Its alternative text.
        alt: String,
        /// Its caption, or nothing.
        caption: String,
        /// Whether it is a paragraph of its own, which becomes a figure.
        figure: bool,
    },
    /// The file or page of a VIDEO block.
    Video,
}

/// Something that leads elsewhere: a symbol to be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// What it is for.
    pub kind: ReferenceKind,
    /// Destination as written.
    pub destination: String,
    /// Where it is written.
    pub span: Span,
}

/// A quote that names its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The kind, in lower case: also the name of its template.
    pub kind: String,
    /// The first line after the kind, as written.
    pub title: String,
    /// Level that a heading of this block should have.
    pub level: u8,
    /// Where its first line is written.
    pub span: Span,
    /// Which of the body's references stand in it.
    pub references: std::ops::Range<u32>,
}

/// The kinds of block that every site has.
pub(crate) const BLOCK_KINDS: [&str; 13] = [
    "note",
    "tip",
    "important",
    "warning",
    "caution",
    "self-care",
    "non-urgent",
    "urgent",
    "emergency",
    "promo",
    "ask",
    "experts",
    "video",
];

/// Whether a block of this kind tells readers where to get care.
pub(crate) fn is_care_card(kind: &str) -> bool {
    matches!(kind, "self-care" | "non-urgent" | "urgent" | "emergency")
}

/// Appends `piece` to `body`, as if its HTML had been written there.
pub(crate) struct Piece {
    /// Its HTML.
    pub html: String,
    /// Holes, relative to its start.
    pub holes: Vec<Hole>,
    /// Running text, relative to its start.
    pub prose: Vec<(u32, u32)>,
}

impl Marks {
    /// The marks, if there are any, without what was reserved and is not used: they are kept as long as the site is.
    pub(super) fn shrunk(mut self) -> Option<Box<Self>> {
        self.holes.shrink_to_fit();
        self.headings.shrink_to_fit();
        self.references.shrink_to_fit();
        self.blocks.shrink_to_fit();
        self.citations.shrink_to_fit();
        self.anchors.shrink_to_fit();
        let Self { holes, headings, references, blocks, citations, anchors, lead_end } = &self;
        let is_bare = holes.is_empty()
            && headings.is_empty()
            && references.is_empty()
            && blocks.is_empty()
            && citations.is_empty()
            && anchors.is_empty()
            && lead_end.is_none();
        (!is_bare).then(|| Box::new(self))
    }
}

impl Piece {
    /// An empty piece.
    pub(super) fn new() -> Self {
        Self { html: String::new(), holes: Vec::new(), prose: Vec::new() }
    }

    /// Appends another piece.
    pub(super) fn append(&mut self, other: Self) {
        let shift = self.html.len() as u32;
        self.html.push_str(&other.html);
        self.holes.extend(other.holes.into_iter().map(|hole| Hole { at: hole.at + shift, ..hole }));
        self.prose.extend(other.prose.into_iter().map(|(start, end)| (start + shift, end + shift)));
    }
}

impl Body {
    /// The text without markup, for descriptions by machines: structured data.
    pub(crate) fn plain_text(&self) -> Cow<'_, str> {
        // Most answers are one paragraph without a mark.
        let paragraph = self.html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>\n")).map(str::trim);
        let is_mark = |lanes: Lanes| lanes.is(b'<') | lanes.is(b'&');
        match paragraph {
            Some(words) if first_of(words.as_bytes(), is_mark).is_none() && has_single_spaces(words) => words.into(),
            _ => {
                let mut text = String::with_capacity(self.html.len());
                self.push_text(&mut text);
                with_single_spaces(&text).into()
            }
        }
    }

    /// Appends the text without markup, white space as it comes.
    pub(crate) fn push_text(&self, text: &mut String) {
        let mut rest = &*self.html;
        while let Some(open) = rest.find('<') {
            push_unescaped(text, &rest[..open]);
            let Some(close) = rest[open..].find('>') else { break };
            let tag = &rest[open + 1..open + close];
            if !is_text_level(tag) {
                text.push(' ');
            }
            rest = &rest[open + close + 1..];
        }
        push_unescaped(text, rest);
    }

    /// Appends the text without markup under each heading that stands by itself: what search looks through. Gives for each
    /// stretch the index of its heading and where it ends. Headings themselves are left out; white space is as it comes.
    pub(crate) fn push_text_by_heading(&self, text: &mut String) -> Vec<(Option<usize>, usize)> {
        let mut stretches = Vec::with_capacity(self.headings.len() + 1);
        let mut current = None;
        let (mut rest, mut next) = (&*self.html, 0);
        while let Some(open) = rest.find('<') {
            push_unescaped(text, &rest[..open]);
            let Some(close) = rest[open..].find('>') else { break };
            let tag = &rest[open + 1..open + close];
            if !is_text_level(tag) {
                text.push(' ');
            }
            rest = &rest[open + close + 1..];
            if !tag.starts_with('h') {
                continue;
            }
            let found = self.headings[next..].iter().position(|heading| is_heading(tag, &heading.id));
            let Some(index) = found.map(|further| next + further) else { continue };
            next = index + 1;
            if !self.headings[index].in_block {
                stretches.push((current.replace(index), text.len()));
                rest = rest.find("</h").map_or("", |end| &rest[end..]);
            }
        }
        push_unescaped(text, rest);
        stretches.push((current, text.len()));
        stretches
    }
}

/// A text with one space wherever it has white space, and none at its ends.
fn with_single_spaces(text: &str) -> String {
    let text = text.trim();
    if has_single_spaces(text) { text.to_owned() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// Whether a text that neither begins nor ends with white space has one space wherever it has some, as most texts do.
fn has_single_spaces(text: &str) -> bool {
    let is_odd = |lanes: Lanes| lanes.is_within(0..=0x1f) | lanes.is(0x7f);
    let pairs = text.as_bytes().iter().zip(text.as_bytes().iter().skip(1));
    // No early end: so many bytes are looked at together.
    let has_double = pairs.fold(false, |found, (one, next)| found | ((*one == b' ') & (*next == b' ')));
    first_of(text.as_bytes(), is_odd).is_none()
        && !has_double
        && (text.is_ascii() || !text.contains(|c: char| !c.is_ascii() && c.is_whitespace()))
}

/// Whether this tag opens the heading with that anchor.
fn is_heading(tag: &str, id: &str) -> bool {
    let attributes = tag.strip_prefix('h').and_then(|tag| tag.strip_prefix(|c: char| c.is_ascii_digit()));
    let written = attributes.and_then(|attributes| attributes.split_once(" id=\"")?.1.split_once('"'));
    written.is_some_and(|(written, _)| written == id)
}

fn is_text_level(tag: &str) -> bool {
    let tag = tag.as_bytes();
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    let length = tag.iter().take(7).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(tag.len());
    matches!(
        tag[..length],
        [b'a' | b'b' | b'i' | b'u' | b's' | b'q']
            | [b'e', b'm']
            | [b's', b'u', b'b' | b'p']
            | [b'd', b'e', b'l']
            | [b'k', b'b', b'd']
            | [b'c', b'o', b'd', b'e']
            | [b's', b'p', b'a', b'n']
            | [b'a', b'b', b'b', b'r']
            | [b'm', b'a', b'r', b'k']
            | [b's', b'm', b'a', b'l', b'l']
            | [b's', b't', b'r', b'o', b'n', b'g']
    )
}

/// Undoes the three escapes that element text has.
fn push_unescaped(out: &mut String, text: &str) {
    if text.contains('&') {
        out.push_str(&text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_paragraph_reads_like_any_other_text(words in "([a-zé’]{1,4}|[ \n\u{a0}]|&amp;|<em>|</em>|\u{7f}){0,12}") {
            let html = format!("<p>{words}</p>\n");
            let body = Body { html: html.as_str().into(), ..Body::default() };
            let mut text = String::new();
            body.push_text(&mut text);
            let slowly = text.split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(body.plain_text(), slowly);
        }
    }
}
