//! pulldown-cmark's own HTML of a text, with those of Galen's rewrites that CommonMark's examples meet. Written apart from
//! Galen's writer: events in, events out, and a few replacements in the finished HTML.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html::push_html};

/// The options of `content::markdown`, which this repeats so that a change there is seen here.
fn options(smart_punctuation: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT;
    options.set(Options::ENABLE_SMART_PUNCTUATION, smart_punctuation);
    options
}

/// A way in which Galen's HTML differs from pulldown-cmark's on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rewriting {
    RawHtml,
    FirstLevel,
    HeadingAttribute,
    Table,
    Task,
    Picture,
    UnsafeUrl,
    NestedLink,
    Small,
    Citation,
}

/// What Galen's body is compared with.
pub(crate) struct Reference {
    /// pulldown-cmark's HTML after the rewritings.
    pub(crate) html: String,
    /// pulldown-cmark's own HTML.
    pub(crate) plain: String,
    /// Those that the text met.
    pub(crate) rewritings: BTreeSet<Rewriting>,
}

/// Makes the reference for a text.
pub(crate) fn reference(markdown: &str, smart_punctuation: bool) -> Reference {
    let events: Vec<_> = Parser::new_ext(markdown, options(smart_punctuation)).into_offset_iter().collect();
    let mut plain = String::new();
    push_html(&mut plain, events.iter().map(|(event, _)| event.clone()));
    let mut rewrite = Rewrite {
        markdown,
        out: Vec::new(),
        met: BTreeSet::new(),
        run: Vec::new(),
        links: Vec::new(),
        after_link: String::new(),
        literal: Vec::new(),
    };
    let mut at = 0;
    while at < events.len() {
        at = rewrite.event(&events, at);
    }
    rewrite.flush();
    let mut html = String::new();
    push_html(&mut html, rewrite.out.into_iter());
    // What CommonMark asks for and pulldown-cmark leaves to its users.
    let html = with_tables_and_figures(&html).replace('\0', "\u{fffd}");
    Reference { html, plain, rewritings: rewrite.met }
}

/// The anchors of headings, which pulldown-cmark does not make, taken out.
pub(crate) fn without_heading_ids(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<h") {
        out.push_str(&rest[..at + 3]);
        rest = &rest[at + 3..];
        if let Some(id) = rest.strip_prefix(" id=\"") {
            rest = id.split_once('"').expect("an attribute is closed").1;
        }
    }
    out + rest
}

/// Raw HTML is text in these pages, so a `<` is always a tag that a writer wrote.
fn with_tables_and_figures(html: &str) -> String {
    let mut html = html
        .replace("<table>", "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table>")
        .replace("</table>", "</table></div>")
        .replace("<th>", "<th scope=\"col\">")
        .replace("<th style", "<th scope=\"col\" style")
        .replace("<p><figure>", "<figure>")
        .replace("</figure></p>", "</figure>");
    for side in ["left", "center", "right"] {
        for cell in ["<td", "<th scope=\"col\""] {
            let styled = format!("{cell} style=\"text-align: {side}\">");
            html = html.replace(&styled, &format!("{cell} class=\"{side}\">"));
        }
    }
    html
}

type Located<'a> = (Event<'a>, Range<usize>);

struct Rewrite<'a> {
    markdown: &'a str,
    out: Vec<Event<'a>>,
    met: BTreeSet<Rewriting>,
    /// Consecutive text, each character with whether it can only mean itself.
    run: Vec<(char, bool)>,
    /// For each open link, whether it is kept.
    links: Vec<bool>,
    /// Markers of citations in the open link, which stand after it.
    after_link: String,
    /// For each open sub- or superscript, whether its marks are text.
    literal: Vec<bool>,
}

impl<'a> Rewrite<'a> {
    /// Rewrites the event at `at`, and says where to go on.
    fn event(&mut self, events: &[Located<'a>], at: usize) -> usize {
        let (event, range) = &events[at];
        match event {
            Event::Text(text) if !matches!(self.out.last(), Some(Event::Start(Tag::CodeBlock(_)))) => {
                self.text(text, range.start);
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.flush();
                let end = end_of(events, at);
                self.out.extend(events[at..end].iter().map(|(event, _)| event.clone()));
                return end;
            }
            Event::Start(Tag::HtmlBlock) => {
                let end = end_of(events, at);
                self.met.insert(Rewriting::RawHtml);
                let html: String = events[at..end].iter().map(|(event, range)| self.written(event, range)).collect();
                self.push(Event::Start(Tag::Paragraph));
                self.raw(&escaped(html.trim_end()));
                self.push(Event::End(TagEnd::Paragraph));
                return end;
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                self.met.insert(Rewriting::RawHtml);
                self.raw(&escaped(html));
            }
            Event::Start(Tag::Table(_)) => {
                self.met.insert(Rewriting::Table);
                self.push(event.clone());
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let end = end_of(events, at);
                self.picture(dest_url, title, &events[at..end], (at, end), events);
                return end;
            }
            Event::TaskListMarker(done) => {
                self.met.insert(Rewriting::Task);
                self.raw(&format!("<span class=\"task\">{}</span> ", if *done { '☑' } else { '☐' }));
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                self.flush();
                let scheme = if *link_type == LinkType::Email { "mailto:" } else { "" };
                let is_nested = self.links.contains(&true);
                let kept = !is_nested && is_safe(&format!("{scheme}{dest_url}"));
                self.links.push(kept);
                if kept {
                    self.push(event.clone());
                } else {
                    self.met.insert(if is_nested { Rewriting::NestedLink } else { Rewriting::UnsafeUrl });
                }
            }
            Event::End(TagEnd::Link) => {
                self.flush();
                if self.links.pop().expect("links nest") {
                    self.push(event.clone());
                    let markers = std::mem::take(&mut self.after_link);
                    self.raw(&markers);
                }
            }
            Event::Start(Tag::Subscript | Tag::Superscript) => {
                let literal = self.is_literal(range);
                self.literal.push(literal);
                self.small(event, literal, range.start);
            }
            Event::End(TagEnd::Subscript | TagEnd::Superscript) => {
                let literal = self.literal.pop().expect("elements nest");
                self.small(event, literal, range.end - 1);
            }
            Event::Start(Tag::Heading { level, id, classes, attrs }) => {
                if *level == HeadingLevel::H1 {
                    self.met.insert(Rewriting::FirstLevel);
                }
                if !attrs.is_empty() {
                    self.met.insert(Rewriting::HeadingAttribute);
                }
                let (level, id, classes) = (second(*level), id.clone(), classes.clone());
                self.push(Event::Start(Tag::Heading { level, id, classes, attrs: Vec::new() }));
            }
            Event::End(TagEnd::Heading(level)) => self.push(Event::End(TagEnd::Heading(second(*level)))),
            _ => self.push(event.clone()),
        }
        at + 1
    }

    fn push(&mut self, event: Event<'a>) {
        self.flush();
        self.out.push(event);
    }

    fn raw(&mut self, html: &str) {
        self.push(Event::InlineHtml(CowStr::from(html.to_owned())));
    }

    fn text(&mut self, text: &str, start: usize) {
        let is_verbatim = self.markdown[start..].starts_with(text);
        let backslashes = self.markdown[..start].bytes().rev().take_while(|&byte| byte == b'\\').count();
        for (at, character) in text.chars().enumerate() {
            self.run.push((character, !is_verbatim || (at == 0 && backslashes % 2 == 1)));
        }
    }

    fn small(&mut self, event: &Event<'a>, literal: bool, mark: usize) {
        if literal {
            self.met.insert(Rewriting::Small);
            self.run.push((char::from(self.markdown.as_bytes()[mark]), false));
        } else {
            self.push(event.clone());
        }
    }

    /// What an event adds to an alternative text or a piece of raw HTML.
    fn written<'e>(&self, event: &'e Event<'_>, range: &Range<usize>) -> &'e str {
        let marks = |at: usize| match &self.markdown[at..at + 1] {
            "~" => "~",
            _ => "^",
        };
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => text,
            Event::SoftBreak | Event::HardBreak => " ",
            Event::Start(Tag::Subscript | Tag::Superscript) if self.is_literal(range) => marks(range.start),
            Event::End(TagEnd::Subscript | TagEnd::Superscript) if self.is_literal(range) => marks(range.end - 1),
            _ => "",
        }
    }

    /// Whether the parser's sub- or superscript is none to Galen: there is white space inside.
    fn is_literal(&self, range: &Range<usize>) -> bool {
        self.markdown[range.start + 1..range.end - 1].contains(char::is_whitespace)
    }

    /// Ends a run: `CO~2~` and `10^9^` become elements, `[^x]` hides what is inside it.
    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        let mut text = String::new();
        let mut at = 0;
        while at < run.len() {
            let previous = at.checked_sub(1).map(|at| run[at]);
            let rest = &run[at..];
            let end = citation(rest).or_else(|| small(rest, previous)).unwrap_or(1);
            let inside: String = rest[1..end.max(2) - 1].iter().map(|(character, _)| character).collect();
            at += end;
            let html = match rest[0].0 {
                first if end == 1 => {
                    text.push(first);
                    continue;
                }
                '[' => {
                    self.met.insert(Rewriting::Citation);
                    let marker = escaped(inside.trim_start_matches('^'));
                    let marker = format!("<sup class=\"citation\"><a href=\"#\">{marker}</a></sup>");
                    if self.links.contains(&true) {
                        self.after_link.push_str(&marker);
                        String::new()
                    } else {
                        marker
                    }
                }
                mark => {
                    self.met.insert(Rewriting::Small);
                    let name = if mark == '~' { "sub" } else { "sup" };
                    format!("<{name}>{}</{name}>", escaped(&inside))
                }
            };
            self.out.push(Event::Text(std::mem::take(&mut text).into()));
            self.out.push(Event::InlineHtml(html.into()));
        }
        if !text.is_empty() {
            self.out.push(Event::Text(text.into()));
        }
    }

    fn picture(&mut self, src: &str, title: &str, inside: &[Located<'a>], place: (usize, usize), all: &[Located<'a>]) {
        let alt: String = inside.iter().map(|(event, range)| self.written(event, range)).collect();
        let alt = alt.trim();
        self.met.insert(if is_safe(src) { Rewriting::Picture } else { Rewriting::UnsafeUrl });
        if !is_safe(src) {
            self.raw(&escaped(alt));
            return;
        }
        let alone = is_alone(place, all);
        let mut url = String::new();
        pulldown_cmark_url(&mut url, src);
        let caption = escaped(title);
        let attribute = caption.replace('"', "&quot;").replace('\'', "&#39;");
        let alt = escaped(alt).replace('"', "&quot;").replace('\'', "&#39;");
        let title_attribute = if alone || title.is_empty() { String::new() } else { format!(" title=\"{attribute}\"") };
        let img = format!("<img src=\"{url}\" alt=\"{alt}\"{title_attribute} loading=\"lazy\" decoding=\"async\">");
        let below = if title.is_empty() { String::new() } else { format!("<figcaption>{caption}</figcaption>") };
        self.raw(&if alone { format!("<figure>{img}{below}</figure>") } else { img });
    }
}

/// One past the end of the element that begins at `at`.
fn end_of(events: &[Located<'_>], at: usize) -> usize {
    let mut depth = 0;
    for (index, (event, _)) in events.iter().enumerate().skip(at) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 1 => return index + 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    unreachable!("elements end")
}

/// Whether a picture is all that its paragraph shows.
fn is_alone((start, end): (usize, usize), events: &[Located<'_>]) -> bool {
    let is_paragraph = |(event, _): &Located<'_>| matches!(event, Event::Start(Tag::Paragraph));
    let Some(paragraph) = events[..start].iter().rposition(is_paragraph) else { return false };
    let paragraph_end = end_of(events, paragraph) - 1;
    if paragraph_end < end {
        return false;
    }
    let mut at = paragraph + 1;
    while at < paragraph_end {
        match &events[at].0 {
            Event::Start(Tag::Image { .. }) if at == start => at = end - 1,
            Event::Start(Tag::Image { dest_url, .. }) => {
                let image_end = end_of(events, at);
                let has_text =
                    events[at..image_end].iter().any(|(event, _)| matches!(event, Event::Text(_) | Event::Code(_)));
                if is_safe(dest_url) || has_text {
                    return false;
                }
                at = image_end - 1;
            }
            Event::Start(Tag::Link { dest_url, .. }) if !is_safe(dest_url) => {}
            Event::End(TagEnd::Link) => {}
            _ => return false,
        }
        at += 1;
    }
    true
}

fn second(level: HeadingLevel) -> HeadingLevel {
    level.max(HeadingLevel::H2)
}

/// The length of `[^id]` at the beginning.
fn citation(run: &[(char, bool)]) -> Option<usize> {
    let inside = run.strip_prefix(&[('[', false), ('^', false)])?;
    let length = inside.iter().position(|(character, _)| matches!(character, ']' | '[' | ' ' | '\t'))?;
    (length > 0 && inside[length] == (']', false)).then_some(length + 3)
}

/// The length of `~2~` or `^9^` at the beginning; the second of two equal marks begins none.
fn small(run: &[(char, bool)], previous: Option<(char, bool)>) -> Option<usize> {
    let mark = *run.first().filter(|mark| matches!(mark, ('~' | '^', false)) && previous != Some(**mark))?;
    let length = run[1..].iter().position(|&other| other == mark || other.0.is_whitespace())?;
    (length > 0 && run[length + 1] == mark).then_some(length + 2)
}

/// Whether a browser would take a destination for a page, a mail or a call.
fn is_safe(destination: &str) -> bool {
    let page = url::Url::parse("https://page.example/").expect("valid");
    let scheme = page.join(destination).map(|url| url.scheme().to_owned());
    scheme.map_or(true, |scheme| ["http", "https", "mailto", "tel", "sms"].contains(&scheme.as_str()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A URL as pulldown-cmark writes it, by having it write a link.
fn pulldown_cmark_url(out: &mut String, url: &str) {
    let link = Tag::Link {
        link_type: LinkType::Inline,
        dest_url: CowStr::from(url),
        title: CowStr::from(""),
        id: CowStr::from(""),
    };
    let mut html = String::new();
    push_html(&mut html, [Event::Start(link)].into_iter());
    out.push_str(html.trim_start_matches("<a href=\"").trim_end_matches("\">"));
}
