//! Findings for the browser: each with its file, line, source line and way out. Decides nothing about them.

use super::Newsroom;
use super::markup::Markup;
use crate::project::{Diagnostic, Place};
use crate::report::Lines;

/// The address that opens a place of a file in the editor. Line and column count from 1.
pub(super) fn editor_href(newsroom: &Newsroom<'_>, path: &str, line: usize, column: usize) -> String {
    let root = newsroom.root.replace('\\', "/");
    let mut file = String::new();
    crate::project::escape_url_into(&mut file, &format!("{}/{path}", root.trim_end_matches('/')));
    // That function escapes for attributes as well, and so does whoever writes this address into one.
    let file = file.replace("&amp;", "%26").replace("&#x27;", "%27").replace('?', "%3F").replace('#', "%23");
    let pattern = &newsroom.site().settings.editor;
    // `file/{path}` is how editors write it, and a path of Unix begins with a slash of its own.
    let pattern = if file.starts_with('/') { pattern.replace("/{path}", "{path}") } else { pattern.clone() };
    pattern.replace("{line}", &line.to_string()).replace("{column}", &column.to_string()).replace("{path}", &file)
}

/// Writes a list of findings.
pub(super) fn list<'a>(
    html: &mut Markup,
    newsroom: &Newsroom<'_>,
    lines: &Lines<'_>,
    findings: impl IntoIterator<Item = &'a Diagnostic>,
) {
    html.raw("<ul class=\"findings\">");
    for finding in findings {
        html.raw("<li class=\"").raw(finding.level.name()).raw("\"><p><strong>").raw(finding.level.name());
        html.raw("</strong> <bdi>")
            .text(&finding.message)
            .raw("</bdi> <code>")
            .raw(finding.code.name())
            .raw("</code></p>");
        place(html, newsroom, lines, &finding.place);
        if let Some(help) = &finding.help {
            html.raw("<p class=\"help\"><b>What helps:</b> <bdi>").text(help).raw("</bdi></p>");
        }
        html.raw("</li>");
    }
    html.raw("</ul>");
}

/// Characters of a source line that are shown.
const LINE: usize = 200;

fn place(html: &mut Markup, newsroom: &Newsroom<'_>, lines: &Lines<'_>, place: &Place) {
    let path = newsroom.project.path_of(place);
    let (line, column) = match place {
        Place::Span(span) => lines.line_column(span.source, span.start),
        Place::Line(_, line) => (*line, 1),
        Place::File(_) => (1, 1),
    };
    let shown = if matches!(place, Place::File(_)) { path.to_owned() } else { format!("{path}:{line}") };
    html.raw("<p class=\"place\">").link(&editor_href(newsroom, path, line, column), &shown).raw("</p>");
    if let Place::Span(span) = place {
        let (range, _) = lines.window(span.source, span.start as usize..span.start as usize);
        let text: String = lines.source(span.source).text[range].trim().chars().take(LINE).collect();
        if !text.is_empty() {
            html.raw("<pre dir=\"auto\">").text(&text).raw("</pre>");
        }
    }
}
