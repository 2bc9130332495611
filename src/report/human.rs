//! Findings for people: the sentence, the line, a caret, a way out. Drawn by annotate-snippets, as rustc's are.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet};

use super::lines::Lines;
use crate::project::{Diagnostic, Level, Place, SourceId, Span};

pub(super) fn write(out: &mut dyn Write, lines: &Lines<'_>, diagnostic: &Diagnostic, color: bool) -> io::Result<()> {
    let title = match diagnostic.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note | Level::Off => Title::NOTE,
    };
    let message = printable(&diagnostic.message);
    let mut group = title.primary_title(message.as_str()).id(diagnostic.code.name()).elements(Vec::<Origin<'_>>::new());
    let file = shown_path(lines, &diagnostic.place);
    let files: Vec<String> = diagnostic.labels.iter().map(|(place, _)| shown_path(lines, place)).collect();
    let labels: Vec<String> = diagnostic.labels.iter().map(|(_, text)| printable(text)).collect();
    group = match &diagnostic.place {
        Place::Span(span) => group.element(snippet(lines, *span, &file, diagnostic, &labels)),
        Place::File(_) => group.element(Origin::path(file.as_str())),
        Place::Line(_, line) => group.element(Origin::path(file.as_str()).line(*line).char_column(1)),
    };
    for (((place, _), label), file) in diagnostic.labels.iter().zip(&labels).zip(&files) {
        group = elsewhere(lines, diagnostic, place, file, label, group);
    }
    let help = diagnostic.help.as_deref().map(printable);
    if let Some(help) = &help {
        group = group.element(Title::HELP.message(help.as_str()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    writeln!(out, "{}\n", renderer.render(&[group]))
}

/// The path of a place, safe for a terminal.
fn shown_path(lines: &Lines<'_>, place: &Place) -> String {
    let path = match place {
        Place::Span(span) => &lines.source(span.source).path,
        Place::File(path) | Place::Line(path, _) => path,
    };
    printable(path).replace('\n', "\u{fffd}")
}

/// Control characters of a faulty file must not reach a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// How far from its finding a label may stand, in bytes, to be drawn together with it.
const NEAR: u32 = 1 << 16;

/// Whether a label is drawn together with its finding.
fn is_near(diagnostic: &Diagnostic, label: &Place) -> bool {
    matches!((&diagnostic.place, label), (Place::Span(own), Place::Span(other))
        if own.source == other.source && own.start.abs_diff(other.start) <= NEAR)
}

/// The line of the finding, with the labels near it.
fn snippet<'a>(
    lines: &Lines<'a>,
    span: Span,
    file: &'a str,
    diagnostic: &Diagnostic,
    labels: &'a [String],
) -> Snippet<'a, Annotation<'a>> {
    let mut marks = vec![(AnnotationKind::Primary, lines.first_line(span), None)];
    for ((place, _), label) in diagnostic.labels.iter().zip(labels) {
        if let Place::Span(other) = place
            && is_near(diagnostic, place)
        {
            marks.push((AnnotationKind::Context, lines.first_line(*other), Some(label.as_str())));
        }
    }
    draw(lines, span.source, file, marks)
}

/// Places in one text, marked. Only the lines around them are handed over: a text may have thousands of findings.
fn draw<'a>(
    lines: &Lines<'a>,
    source: SourceId,
    file: &'a str,
    marks: Vec<(AnnotationKind, Range<usize>, Option<&'a str>)>,
) -> Snippet<'a, Annotation<'a>> {
    let start = marks.iter().map(|(_, range, _)| range.start).min().unwrap_or_default();
    let end = marks.iter().map(|(_, range, _)| range.end).max().unwrap_or_default();
    let (window, first) = lines.window(source, start..end);
    let text = &lines.source(source).text[window.clone()];
    let annotations = marks
        .into_iter()
        .map(|(kind, range, label)| kind.span(range.start - window.start..range.end - window.start).label(label));
    Snippet::source(text).path(file).line_start(first).annotations(annotations)
}

/// A label in another file, or far away in the same.
fn elsewhere<'a>(
    lines: &Lines<'a>,
    diagnostic: &Diagnostic,
    place: &'a Place,
    file: &'a str,
    label: &'a str,
    group: Group<'a>,
) -> Group<'a> {
    match place {
        Place::Span(_) if is_near(diagnostic, place) => group,
        Place::Span(span) => {
            let mark = (AnnotationKind::Context, lines.first_line(*span), Some(label));
            group.element(draw(lines, span.source, file, vec![mark]))
        }
        Place::File(_) | Place::Line(..) => group.element(Title::NOTE.message(format!("{label}: {file}"))),
    }
}
