//! Shows findings to people and to programs. Decides nothing about them.

mod describe;
mod human;
mod json;
mod lines;

use std::io::{self, Write};

use crate::project::{Diagnostic, Project};
pub(crate) use lines::Lines;

pub use describe::{article_ids, describe};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// With the line, a caret and a way out; coloured where wanted.
    Human {
        /// Whether to use ANSI colours.
        color: bool,
    },
    /// One JSON object per line.
    Json,
}

/// Writes findings.
///
/// # Errors
/// When `out` cannot be written to.
pub fn report(out: &mut dyn Write, project: &Project, diagnostics: &[Diagnostic], format: Format) -> io::Result<()> {
    let lines = Lines::new(&project.sources);
    for diagnostic in diagnostics {
        match format {
            Format::Human { color } => human::write(out, &lines, diagnostic, color)?,
            Format::Json => json::write(out, &lines, diagnostic)?,
        }
    }
    Ok(())
}
