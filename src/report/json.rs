//! Findings as JSON lines, in the shape that the content contract fixes.

use std::io::{self, Write};

use serde::Serialize;

use super::lines::Lines;
use crate::project::{Diagnostic, Place};

/// One finding. Lines and columns count from 1, columns in characters.
#[derive(Serialize)]
struct Line<'a> {
    code: &'a str,
    level: &'a str,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    help: Option<&'a str>,
}

pub(super) fn write(out: &mut dyn Write, lines: &Lines<'_>, diagnostic: &Diagnostic) -> io::Result<()> {
    let (file, (line, column)) = match &diagnostic.place {
        Place::Span(span) => (lines.source(span.source).path.as_str(), lines.line_column(span.source, span.start)),
        Place::File(path) => (path.as_str(), (1, 1)),
        Place::Line(path, line) => (path.as_str(), (*line, 1)),
    };
    let object = Line {
        code: diagnostic.code.name(),
        level: diagnostic.level.name(),
        message: &diagnostic.message,
        file,
        line,
        column,
        help: diagnostic.help.as_deref(),
    };
    serde_json::to_writer(&mut *out, &object)?;
    writeln!(out)
}
