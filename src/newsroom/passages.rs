//! The running text of a body, passage by passage: paragraphs and list items as people read them. Leaves out headings, tables and
//! code, and judges nothing.

use crate::content::{Body, HoleKind};

/// A paragraph, a list item or the like.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Passage {
    /// Its words, with single spaces between them.
    pub text: String,
    /// Where a citation or a footnote stands, in bytes of `text`.
    pub cited: Vec<usize>,
}

/// Elements whose text nobody reads as sentences.
const PASSED_OVER: [&str; 9] = ["h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "sup"];

/// Elements within a sentence.
const WITHIN: [&str; 16] =
    ["a", "em", "strong", "code", "sub", "del", "span", "b", "i", "kbd", "abbr", "mark", "small", "u", "s", "q"];

/// The passages of a body, in page order.
pub(super) fn passages(body: &Body) -> Vec<Passage> {
    let mut citations = body.holes.iter().filter(|hole| matches!(hole.kind, HoleKind::Citation(_)));
    let mut next = citations.next().map(|hole| hole.at as usize);
    let mut reader = Reader::default();
    let mut at = 0;
    while at < body.html.len() {
        let tag = body.html[at..].find('<').map_or(body.html.len(), |length| at + length);
        while let Some(citation) = next.filter(|&citation| citation <= tag) {
            reader.text(&body.html[at..citation.max(at)]);
            reader.cited();
            at = citation.max(at);
            next = citations.next().map(|hole| hole.at as usize);
        }
        reader.text(&body.html[at..tag]);
        let Some(length) = body.html[tag..].find('>') else { break };
        reader.tag(&body.html[tag + 1..tag + length]);
        at = tag + length + 1;
    }
    reader.end();
    reader.finished
}

/// What was read so far.
#[derive(Default)]
struct Reader<'a> {
    finished: Vec<Passage>,
    open: Passage,
    /// The element that is passed over, and how many of its name are open.
    skipped: Option<(&'a str, u32)>,
}

impl<'a> Reader<'a> {
    fn text(&mut self, html: &str) {
        if self.skipped.is_some() {
            return;
        }
        let text = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        for piece in text.replace("&amp;", "&").split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            self.open.text.push_str(word);
            if word.len() < piece.len() && !self.open.text.is_empty() && !self.open.text.ends_with(' ') {
                self.open.text.push(' ');
            }
        }
    }

    fn cited(&mut self) {
        if self.skipped.is_none() {
            self.open.cited.push(self.open.text.len());
        }
    }

    fn tag(&mut self, tag: &'a str) {
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        if let Some((skipped, depth)) = &mut self.skipped {
            if name == *skipped {
                *depth = if tag.starts_with('/') { *depth - 1 } else { *depth + 1 };
            }
            self.skipped = self.skipped.filter(|(_, depth)| *depth > 0);
            return;
        }
        match name {
            // The marker of a footnote; any other superscript is passed over as well.
            "sup" if tag.contains("note-marker") => self.cited(),
            "sup" => {}
            "br" => self.text(" "),
            _ if WITHIN.contains(&name) => {}
            _ => self.end(),
        }
        if PASSED_OVER.contains(&name) && !tag.starts_with('/') {
            self.skipped = Some((name, 1));
        }
    }

    fn end(&mut self) {
        let mut passage = std::mem::take(&mut self.open);
        passage.text.truncate(passage.text.trim_end().len());
        if !passage.text.is_empty() {
            self.finished.push(passage);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(html: &str) -> Vec<String> {
        let body = Body { html: html.into(), ..Body::default() };
        passages(&body).into_iter().map(|passage| passage.text).collect()
    }

    #[test]
    fn headings_tables_and_code_are_no_sentences() {
        let html = "<h2 id=\"a\">Head</h2><p>One &amp; <em>two</em>\nthree<br />four.</p><pre><code>let x</code></pre>\
            <table><tr><td>1</td></tr></table><ul><li>First</li><li><p>Second</p></li></ul>";
        assert_eq!(texts(html), ["One & two three four.", "First", "Second"]);
        assert_eq!(texts("<p>&amp;lt; stays</p>broken <"), ["&lt; stays", "broken"]);
    }
}
