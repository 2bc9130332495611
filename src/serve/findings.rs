//! What is wrong, as HTML for the page that an editor looks at. Judges nothing.

use std::fmt::Write;

use crate::project::{Diagnostic, Level, Place, Project, SourceId, escape};
use crate::report::{Format, report};

/// Most findings of one page that are shown; a text may have thousands.
const MOST: usize = 50;

/// The overlay of a page: its own findings and the number of the others; nothing where there are none of either.
pub(super) fn overlay(project: &Project, own: &[Diagnostic], others: usize, trouble: Option<&str>) -> String {
    if own.is_empty() && others == 0 && trouble.is_none() {
        return String::new();
    }
    let mut html = String::from("<details open><summary>");
    html.push_str(&escape(&summary(own, others, trouble)));
    html.push_str("</summary>\n");
    if let Some(trouble) = trouble {
        let _ = writeln!(
            html,
            "<p>The site cannot be read now; this is how it was before. It comes back by itself.</p>\n<pre>{}</pre>",
            escape(trouble)
        );
    }
    html.push_str(&list(project, own));
    if others > 0 {
        html.push_str("<p><a href=\"/_galen/\">Everything that was found on the site</a></p>\n");
    }
    html.push_str("</details>\n");
    html
}

fn summary(own: &[Diagnostic], others: usize, trouble: Option<&str>) -> String {
    let mut parts = Vec::new();
    if trouble.is_some() {
        parts.push("the site cannot be read".to_owned());
    }
    for (level, one, many) in
        [(Level::Error, "error", "errors"), (Level::Warning, "warning", "warnings"), (Level::Note, "note", "notes")]
    {
        match own.iter().filter(|diagnostic| diagnostic.level == level).count() {
            0 => {}
            1 => parts.push(format!("1 {one} on this page")),
            count => parts.push(format!("{count} {many} on this page")),
        }
    }
    if others > 0 {
        parts.push(format!("{others} elsewhere"));
    }
    parts.join(", ")
}

/// Each finding as the terminal shows it: sentence, file and line, the line itself, a way out.
pub(super) fn list(project: &Project, diagnostics: &[Diagnostic]) -> String {
    let mut html = String::from("<ol>\n");
    for diagnostic in diagnostics.iter().take(MOST) {
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _ = report(&mut text, project, std::slice::from_ref(diagnostic), Format::Human { color: false });
        let text = String::from_utf8_lossy(&text);
        let _ = writeln!(html, "<li class=\"{}\"><pre>{}</pre></li>", diagnostic.level.name(), escape(text.trim()));
    }
    html.push_str("</ol>\n");
    if let Some(more) = diagnostics.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(html, "<p>And {more} more.</p>");
    }
    html
}

/// Whether a finding spoils every page: an error in the templates or the settings.
pub(super) fn is_everywhere(diagnostic: &Diagnostic, project: &Project) -> bool {
    let path = project.path_of(&diagnostic.place);
    diagnostic.level == Level::Error && (path.starts_with("templates/") || path == "site.toml")
}

/// Whether a finding lies in a text.
pub(super) fn is_in(diagnostic: &Diagnostic, source: SourceId, path: &str) -> bool {
    match &diagnostic.place {
        Place::Span(span) => span.source == source,
        Place::File(file) | Place::Line(file, _) => file == path,
    }
}
