//! What can be said to an author about their content; never prints and never decides an exit code.

use super::code::Code;
use super::source::Span;

/// How much a finding matters. A site may change the level of most codes in `[rules]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported at all.
    Off,
    /// Worth knowing.
    Note,
    /// Should be mended; does not stop a build.
    Warning,
    /// Stops a build.
    Error,
}

impl Level {
    /// Every level, as written in `[rules]`.
    pub const NAMES: [(&'static str, Self); 4] =
        [("off", Self::Off), ("note", Self::Note), ("warning", Self::Warning), ("error", Self::Error)];

    /// The word for this level in `[rules]` and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A stretch of a text of the project.
    Span(Span),
    /// A file that has no text here: a picture, a link, a file that is not UTF-8. Path from the root.
    File(String),
    /// A line, from 1, of a file that has no text here: a template of the built-in theme.
    Line(String, usize),
}

/// One finding: a fault of the author, never of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable name, which `galen explain` explains.
    pub code: Code,
    /// Its level, after `[rules]` was applied.
    pub level: Level,
    /// One sentence about this case.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// Other places that belong to it, each with a word on its part.
    pub labels: Vec<(Place, String)>,
    /// A way out.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding at a span, at the code's default level.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::at(code, Place::Span(span), message)
    }

    /// A finding about a whole file.
    pub fn in_file(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::at(code, Place::File(path.into()), message)
    }

    /// A finding at any place. A message is one line, whatever it quotes.
    pub fn at(code: Code, place: Place, message: impl Into<String>) -> Self {
        let message = message.into().replace(char::is_control, " ");
        Self { code, level: code.level(), message, place, labels: Vec::new(), help: None }
    }

    /// Adds a way out, unless a better one is known already.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.get_or_insert_with(|| help.into());
        self
    }

    /// Adds a way out where there is one, unless a better one is known already.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }

    /// Adds another place that belongs to the finding.
    #[must_use]
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push((place, text.into()));
        self
    }
}

/// A value, and all that was noticed while making it. Making it never fails.
#[derive(Clone, Debug, Default)]
pub struct Checked<T> {
    /// What was made, as far as it could be read.
    pub value: T,
    /// What was noticed.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    /// A value with nothing to say about it.
    pub fn clean(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// Hands over the value and keeps what was noticed in `all`.
    pub fn into_value(self, all: &mut Vec<Diagnostic>) -> T {
        all.extend(self.diagnostics);
        self.value
    }

    /// Whether a finding stops the build.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }
}
