//! One Markdown text rendered without a site, for tests and benches: links as written, blocks without their templates.
//! Never part of a build.

use crate::content::{Body, Dialect, HoleKind, Reference, ReferenceKind, parse_section};
use crate::project::{
    HtmlPolicy, Labels, MarkdownSettings, Role, Source, SourceId, escape_into, escape_text_into, escape_url_into,
};

/// The HTML of a Markdown text as it stands in an article, under `html = "escape"`.
///
/// What only a linked site knows stays as the author wrote it: a link or picture keeps its destination and gets no size,
/// a citation shows its id. A block is `<aside class="block-KIND">`, with the rest of its first line in a `<p>`.
pub fn markdown_html(markdown: &str, smart_punctuation: bool) -> String {
    // A section's file is front matter and one text that has a page to itself, as the body of an article is.
    let text = format!("+++\n+++\n{markdown}").into();
    let source = Source { path: "articles/_section.md".to_owned(), role: Role::Section, text };
    let settings = MarkdownSettings { html: HtmlPolicy::Escape, smart_punctuation };
    let dialect = Dialect { settings, blocks: &[], labels: &Labels::default() };
    filled(&parse_section(SourceId(0), &source, dialect, &mut Vec::new()).body)
}

fn filled(body: &Body) -> String {
    let mut out = String::with_capacity(body.html.len() * 2);
    let mut at = 0;
    for hole in &body.holes {
        out.push_str(&body.html[at..hole.at as usize]);
        at = hole.at as usize;
        match hole.kind {
            HoleKind::Href(index) => escape_url_into(&mut out, &body.references[index as usize].destination),
            HoleKind::Picture(index) => picture(&mut out, &body.references[index as usize]),
            HoleKind::Citation(index) => {
                out.push_str("<sup class=\"citation\"><a href=\"#\">");
                escape_text_into(&mut out, &body.citations[index as usize].value);
                out.push_str("</a></sup>");
            }
            HoleKind::BlockStart(index) => {
                let kind = &body.blocks[index as usize].kind;
                out.push_str(&format!("<aside class=\"block-{kind}\">\n<p class=\"title\">"));
            }
            HoleKind::BlockTitleEnd(_) => out.push_str("</p>\n"),
            HoleKind::BlockEnd(_) => out.push_str("</aside>"),
        }
    }
    out.push_str(&body.html[at..]);
    out
}

fn picture(out: &mut String, reference: &Reference) {
    let ReferenceKind::Picture { alt, caption, figure } = &reference.kind else { return };
    out.push_str(if *figure { "<figure><img src=\"" } else { "<img src=\"" });
    escape_url_into(out, &reference.destination);
    out.push_str("\" alt=\"");
    escape_into(out, alt);
    if !*figure && !caption.is_empty() {
        out.push_str("\" title=\"");
        escape_into(out, caption);
    }
    out.push_str("\" loading=\"lazy\" decoding=\"async\">");
    if *figure && !caption.is_empty() {
        out.push_str("<figcaption>");
        escape_text_into(out, caption);
        out.push_str("</figcaption>");
    }
    out.push_str(if *figure { "</figure>" } else { "" });
}
