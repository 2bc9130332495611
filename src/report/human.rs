//! Findings for people: the sentence, the line, a caret, a way out. Drawn by annotate-snippets, as rustc's are.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet};

use crate::project::{Diagnostic, Level, Place, Project, Span};

pub(super) fn write(out: &mut dyn Write, project: &Project, diagnostic: &Diagnostic, color: bool) -> io::Result<()> {
    let title = match diagnostic.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note | Level::Off => Title::NOTE,
    };
    let message = printable(&diagnostic.message);
    let mut group = title.primary_title(message.as_str()).id(diagnostic.code.name()).elements(Vec::<Origin<'_>>::new());
    let file = shown_path(project, &diagnostic.place);
    let files: Vec<String> = diagnostic.labels.iter().map(|(place, _)| shown_path(project, place)).collect();
    let labels: Vec<String> = diagnostic.labels.iter().map(|(_, text)| printable(text)).collect();
    group = match &diagnostic.place {
        Place::Span(span) => group.element(snippet(project, *span, &file, diagnostic, &labels)),
        Place::File(_) => group.element(Origin::path(file.as_str())),
        Place::Line(_, line) => group.element(Origin::path(file.as_str()).line(*line).char_column(1)),
    };
    for (((place, _), label), file) in diagnostic.labels.iter().zip(&labels).zip(&files) {
        group = elsewhere(project, diagnostic, place, file, label, group);
    }
    let help = diagnostic.help.as_deref().map(printable);
    if let Some(help) = &help {
        group = group.element(Title::HELP.message(help.as_str()));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    writeln!(out, "{}\n", renderer.render(&[group]))
}

/// The path of a place, safe for a terminal.
fn shown_path(project: &Project, place: &Place) -> String {
    printable(project.path_of(place)).replace('\n', "\u{fffd}")
}

/// Control characters of a faulty file must not reach a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

/// The line of the finding, with the labels that lie in the same file.
fn snippet<'a>(
    project: &'a Project,
    span: Span,
    file: &'a str,
    diagnostic: &Diagnostic,
    labels: &'a [String],
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let source = project.source(span.source);
    let mut snippet = Snippet::source(&*source.text)
        .path(file)
        .annotation(AnnotationKind::Primary.span(first_line(&source.text, span)));
    for ((place, _), label) in diagnostic.labels.iter().zip(labels) {
        if let Place::Span(other) = place
            && other.source == span.source
        {
            snippet = snippet
                .annotation(AnnotationKind::Context.span(first_line(&source.text, *other)).label(label.as_str()));
        }
    }
    snippet
}

/// A label in another file.
fn elsewhere<'a>(
    project: &'a Project,
    diagnostic: &Diagnostic,
    place: &'a Place,
    file: &'a str,
    label: &'a str,
    group: Group<'a>,
) -> Group<'a> {
    match (place, &diagnostic.place) {
        (Place::Span(span), Place::Span(own)) if span.source == own.source => group,
        (Place::Span(span), _) => {
            let source = project.source(span.source);
            let annotation = AnnotationKind::Context.span(first_line(&source.text, *span)).label(label);
            group.element(Snippet::source(&*source.text).path(file).annotation(annotation))
        }
        (Place::File(_) | Place::Line(..), _) => group.element(Title::NOTE.message(format!("{label}: {file}"))),
    }
}

/// A span as far as its first line goes: a caret under one line says more than a bracket around twenty.
fn first_line(text: &str, span: Span) -> Range<usize> {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (boundary(span.start as usize), boundary(span.end as usize));
    let line = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
    start..end.min(line).max(start)
}
