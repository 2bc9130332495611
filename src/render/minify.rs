//! Takes white space out of the texts of templates that no reader sees, before Tera compiles them. Never looks at a page: what
//! a template does not hold need not be taken out of ten thousand pages, and no text of an article is touched.
//!
//! **Invariant:** what is made of a template holds the same words with white space between the same of them. A run of white
//! space goes only where it holds a line break and either stands in `<head>` or, beside a block's tag, follows another run
//! that stays, with nothing but tags between the two. Everywhere else its first line break stays.

use std::collections::BTreeSet;
use std::ops::Range;

use super::template_graph::{insertions, marks};

/// Elements in which white space is text. That in `title` collapses, but the element holds no tags.
const WHOLE: &[&str] = &["pre", "textarea", "script", "style", "title", "xmp", "listing", "plaintext"];

/// Elements that browsers show as blocks: white space beside their tags is not shown.
/// <https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3>
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// A template's text as Tera gets it.
pub(super) struct Minified {
    pub text: String,
    pub cuts: Cuts,
    /// What the template puts into elements whose white space is text, as [`insertions`] names it.
    pub within: BTreeSet<String>,
}

/// Where something was taken out of a text.
#[derive(Default)]
pub(super) struct Cuts(Vec<Cut>);

struct Cut {
    /// Where it was, in bytes of what is left.
    at: usize,
    /// Bytes that are gone with this cut and those before.
    bytes: usize,
    /// Line breaks of these.
    lines: usize,
}

impl Cuts {
    /// A range of the text that is left, in the text as it was written.
    pub(super) fn written(&self, range: Range<usize>) -> Range<usize> {
        let gone = |count: usize| count.checked_sub(1).map_or(0, |last| self.0[last].bytes);
        let start = range.start + gone(self.0.partition_point(|cut| cut.at <= range.start));
        let end = range.end + gone(self.0.partition_point(|cut| cut.at < range.end));
        start..end.max(start)
    }

    /// How many lines are gone before a place of the text that is left.
    pub(super) fn lines_before(&self, at: usize) -> usize {
        let count = self.0.partition_point(|cut| cut.at <= at);
        count.checked_sub(1).map_or(0, |last| self.0[last].lines)
    }
}

/// Takes out what is not needed.
pub(super) fn minify(text: &str) -> Minified {
    let mut walk = Walk::new(text);
    let mut at = 0;
    let mut is_trimmed = false;
    for mark in marks(text) {
        let trims_before = text[mark.clone()].as_bytes().get(2) == Some(&b'-');
        walk.literal(at..mark.start, is_trimmed, trims_before);
        is_trimmed = text.as_bytes()[mark.end - 3] == b'-';
        at = mark.end;
        walk.mark(mark);
    }
    walk.literal(at..text.len(), is_trimmed, false);
    walk.finish()
}

/// A tag of HTML by the name of its element.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Tag<'a> {
    name: &'a str,
    closes: bool,
}

impl Tag<'_> {
    fn is_one_of(self, names: &[&str]) -> bool {
        names.iter().any(|name| name.eq_ignore_ascii_case(self.name))
    }
}

/// Where in HTML the walk is.
#[derive(Clone, Copy)]
enum Within<'a> {
    Text,
    Tag(Tag<'a>, Option<u8>),
    /// An element whose white space is text.
    Whole(&'a str),
    Comment,
}

struct Walk<'a> {
    text: &'a str,
    kept: String,
    /// How much of `text` is either in `kept` or gone.
    done: usize,
    cuts: Vec<Cut>,
    names: BTreeSet<String>,
    within: Within<'a>,
    /// The tag just before this place, if nothing but white space stands between.
    before: Option<Tag<'a>>,
    /// Whether white space that stays stands before this place, with nothing but tags between.
    is_separated: bool,
    is_in_head: bool,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            kept: String::with_capacity(text.len()),
            done: 0,
            cuts: Vec::new(),
            names: BTreeSet::new(),
            within: Within::Text,
            before: None,
            is_separated: false,
            is_in_head: false,
        }
    }

    /// Something of Tera's: it may become anything.
    fn mark(&mut self, range: Range<usize>) {
        (self.before, self.is_separated) = (None, false);
        if matches!(self.within, Within::Whole(name) if !name.eq_ignore_ascii_case("title")) {
            self.names.extend(insertions(self.text, range));
        }
    }

    /// Text between two marks, which may trim the white space at its ends.
    fn literal(&mut self, range: Range<usize>, trims_start: bool, trims_end: bool) {
        let mut at = range.start;
        while at < range.end {
            let rest = &self.text[at..range.end];
            at = match self.within {
                Within::Text => {
                    let space = rest.len() - rest.trim_ascii_start().len();
                    let end = at + space;
                    let is_trimmed = (trims_start && at == range.start) || (trims_end && end == range.end);
                    match space {
                        0 => self.step(at..range.end),
                        _ if is_trimmed => end,
                        _ => self.space(at..end, tag(&self.text[end..range.end])),
                    }
                }
                Within::Tag(tag, quote) => self.tag_step(at, tag, quote),
                Within::Whole(name) => match end_of_whole(rest, name) {
                    Some(length) => {
                        self.within = Within::Text;
                        at + length
                    }
                    None => range.end,
                },
                Within::Comment => match rest.find("-->") {
                    Some(length) => {
                        self.within = Within::Text;
                        at + length + 3
                    }
                    None => range.end,
                },
            };
        }
    }

    /// Goes past a tag's beginning, a comment or text.
    fn step(&mut self, range: Range<usize>) -> usize {
        let rest = &self.text[range.clone()];
        if rest.starts_with("<!--") {
            return self.comment(range);
        }
        if let Some(tag) = tag(rest) {
            self.within = Within::Tag(tag, None);
            return range.start + 1 + usize::from(tag.closes) + tag.name.len();
        }
        (self.before, self.is_separated) = (None, false);
        let is_end = |c: char| c == '<' || c.is_ascii_whitespace();
        let length = rest.char_indices().skip(1).find(|(_, c)| is_end(*c)).map_or(rest.len(), |(at, _)| at);
        range.start + length
    }

    /// A comment is for those who write templates, unless a server or an old browser reads it.
    fn comment(&mut self, range: Range<usize>) -> usize {
        let rest = &self.text[range.clone()];
        let Some(length) = rest.find("-->").map(|at| at + 3) else {
            self.within = Within::Comment;
            return range.start + 4;
        };
        if !rest[4..].starts_with(['[', '#', '!', '<', 'e']) {
            self.cut(range.start..range.start + length);
        }
        range.start + length
    }

    /// One character within a tag. White space there is not looked at: it may be in a value.
    fn tag_step(&mut self, at: usize, tag: Tag<'a>, quote: Option<u8>) -> usize {
        let byte = self.text.as_bytes()[at];
        let next = self.text[at..].chars().next().map_or(at + 1, |character| at + character.len_utf8());
        let quote = match quote {
            Some(open) if open == byte => None,
            None if matches!(byte, b'"' | b'\'') => Some(byte),
            other => other,
        };
        self.within = Within::Tag(tag, quote);
        if quote.is_none() && byte == b'>' {
            self.before = Some(tag);
            if tag.is_one_of(&["head", "body"]) {
                self.is_in_head = tag.name.eq_ignore_ascii_case("head") && !tag.closes;
            }
            self.within = if tag.is_one_of(WHOLE) && !tag.closes {
                self.is_separated = false;
                Within::Whole(tag.name)
            } else {
                Within::Text
            };
        }
        next
    }

    /// A run of white space before a tag or something else.
    fn space(&mut self, run: Range<usize>, after: Option<Tag<'a>>) -> usize {
        let end = run.end;
        let Some(line_break) = self.text[run.clone()].find('\n').map(|at| run.start + at) else {
            self.is_separated = true;
            return end;
        };
        let is_beside_block = [self.before, after].into_iter().flatten().any(|tag| tag.is_one_of(BLOCKS));
        // What is in an element alone may be what a style sheet asks for.
        let is_whole_content = self.before.zip(after).is_some_and(|(before, after)| {
            !before.closes && after.closes && before.name.eq_ignore_ascii_case(after.name)
        });
        if self.is_in_head || (self.is_separated && is_beside_block && !is_whole_content) {
            self.cut(run);
        } else {
            self.cut(run.start..line_break);
            self.cut(line_break + 1..end);
            self.is_separated = true;
        }
        end
    }

    fn cut(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.kept.push_str(&self.text[self.done..range.start]);
        self.done = range.end;
        let (bytes, lines) = self.cuts.last().map_or((0, 0), |cut| (cut.bytes, cut.lines));
        let gone = &self.text[range];
        let lines = lines + gone.matches('\n').count();
        self.cuts.push(Cut { at: self.kept.len(), bytes: bytes + gone.len(), lines });
    }

    fn finish(mut self) -> Minified {
        self.kept.push_str(&self.text[self.done..]);
        Minified { text: self.kept, cuts: Cuts(self.cuts), within: self.names }
    }
}

/// The tag that begins a text.
fn tag(text: &str) -> Option<Tag<'_>> {
    let inside = text.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(name.len());
    Some(Tag { name: &name[..length], closes: inside.len() != name.len() })
}

/// Where the element that a text is in ends.
fn end_of_whole(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</")
        .map(|(at, _)| at)
        .find(|at| tag(&text[*at..]).is_some_and(|tag| tag.name.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(text: &str) -> String {
        minify(text).text
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_white_space_goes(text in "(<[a-z]{1,4}|</?p>|[ \\n\"'=>é…头a-c]|\\{\\{ x \\}\\}|<pre>){0,40}") {
            let words = |text: &str| text.split_ascii_whitespace().collect::<String>();
            proptest::prop_assert_eq!(words(&small(&text)), words(&text));
        }
    }

    #[test]
    fn white_space_between_words_stays() {
        assert_eq!(
            small("<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n<p>"),
            "<ul>\n<li>one</li>\n<li>two</li>\n</ul><p>"
        );
        assert_eq!(small("a\n   b  c"), "a\nb  c");
        assert_eq!(small("<b>a</b>\n\n<i>b</i>\r\n  <u>c</u>"), "<b>a</b>\n<i>b</i>\n<u>c</u>");
        assert_eq!(small("</p>\n</div> <span>\n<b>"), "</p>\n</div> <span>\n<b>");
        assert_eq!(small("<div>\n</div>\n<p>\n</p>"), "<div>\n</div><p>\n</p>");
    }

    #[test]
    fn the_head_of_a_page_needs_none() {
        let page =
            "<html>\n<head>\n<meta>\n<title>\na </title>\n{% if x %}\n<link>\n{% endif %}\n</head>\n<body>\n<main>";
        let wanted = "<html>\n<head><meta><title>\na </title>{% if x %}<link>{% endif %}</head>\n<body><main>";
        assert_eq!(small(page), wanted);
    }

    #[test]
    fn what_may_be_text_stays() {
        for text in [
            "<pre>\n  a\n\n b</pre>",
            "<p title=\"é…\"é=头 {{ x }}…>…",
            "<TEXTAREA>\n\n  a</TEXTAREA>",
            "<script>\n  a\n</script>",
            "<a\n   href=\"x>\n\n  y\"\n   title='\"\n\n >'>",
            "<p title=\"{{ x }}\n\n {{ y }}\">",
            "<pre>{{ a }}\n\n\n{{ b }}\n\n</pre>",
            "a < b\n> c",
            "<!--[if x]>\n\n  <div>\n\n  <p>-->",
            "<!-- {{ x }}\n\n\n -->",
        ] {
            assert_eq!(small(text), text);
        }
        assert_eq!(small("<p><!-- for us\n\n --></p>"), "<p></p>");
    }

    #[test]
    fn what_tera_trims_separates_nothing() {
        assert_eq!(small("{{ a -}}\n  <div>\n  <p>{{ b }}"), "{{ a -}}\n  <div>\n<p>{{ b }}");
        assert_eq!(small("<ul>\n  <li>\n  {%- if a %}\n <p>\n <b>"), "<ul>\n<li>\n  {%- if a %}\n<p><b>");
        assert_eq!(small("{{ '</pre>\n\n' }}\n\n{# <pre> #}\n\n"), "{{ '</pre>\n\n' }}\n{# <pre> #}\n");
    }

    #[test]
    fn places_are_found_again() {
        let text = "<div>\n    <p>\n    <b>one</b>\n\n\n    {{ two }}\n";
        let small = minify(text);
        for word in ["<p>", "<b>", "one", "{{ two }}"] {
            let at = small.text.find(word).expect(word);
            let written = small.cuts.written(at..at + word.len());
            assert_eq!(&text[written.clone()], word);
            let line = |text: &str, at: usize| text[..at].matches('\n').count();
            assert_eq!(line(&small.text, at) + small.cuts.lines_before(at), line(text, written.start), "{word}");
        }
    }

    #[test]
    fn what_is_put_into_whole_elements_is_named() {
        let text =
            "<pre>{% include \"a.html\" %}{{ <code lines={x} /> }}</pre>{% include \"b.html\" %}<script>{% block c %}";
        assert_eq!(minify(text).within.into_iter().collect::<Vec<_>>(), ["<code", "a.html", "{c"]);
        assert!(minify("<title>{% block title %}").within.is_empty());
    }
}
