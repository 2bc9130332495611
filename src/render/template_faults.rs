//! Turns what Tera says of a faulty template into findings in plain words; never compiles or renders one.

use std::ops::Range;

use tera::{Error, ErrorKind};

use crate::project::{Code, Diagnostic, Place, did_you_mean};

/// Where a fault is in its template, as Tera tells it.
pub(super) enum At {
    Range { range: Range<usize>, line: usize },
    LineColumn(usize, usize),
}

impl At {
    pub(super) fn line(&self) -> usize {
        match self {
            Self::Range { line, .. } | Self::LineColumn(line, _) => *line,
        }
    }

    /// The range in the template's text.
    pub(super) fn range(&self, text: &str) -> Range<usize> {
        let (row, column) = match self {
            Self::Range { range, .. } => return clip(text, range.clone()),
            Self::LineColumn(row, column) => (*row, *column),
        };
        let line = text.split_inclusive('\n').take(row.saturating_sub(1)).map(str::len).sum::<usize>();
        let start = text[line..].char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| line + at);
        let word = text[start..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
        start..start + word.map(char::len_utf8).sum::<usize>()
    }
}

pub(super) fn clip(text: &str, range: Range<usize>) -> Range<usize> {
    range.start.min(text.len())..range.end.min(text.len())
}

/// A line of a template of the built-in theme, by the name under which a site can extend it.
pub(super) fn builtin_place(name: &str, line: usize) -> Place {
    let name = if name.starts_with("galen/") { name.to_owned() } else { format!("galen/{name}") };
    Place::Line(name, line)
}

/// The faults for which templates could not be compiled, each with the name of its template where Tera tells it.
pub(super) fn compile_faults(error: &Error, place: impl Fn(&str, &At) -> Place) -> Vec<(Option<String>, Diagnostic)> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let at = At::Range { range: report.span().range.clone(), line: report.span().start_line };
            let name = report.filename();
            let fault = in_plain_words(Code::TemplateSyntax, place(name, &at), report.message());
            vec![(Some(name.to_owned()), fault)]
        }
        other => {
            let faults = validation_faults(&other.to_string(), place);
            if faults.is_empty() {
                let fault = Diagnostic::in_file(Code::TemplateSyntax, "templates", other.to_string());
                return vec![(None, fault)];
            }
            faults
        }
    }
}

/// Unknown filters, tests, functions and components come as one text: per fault a sentence and `--> file:line:column`.
fn validation_faults(text: &str, place: impl Fn(&str, &At) -> Place) -> Vec<(Option<String>, Diagnostic)> {
    let mut faults = Vec::new();
    let mut message = "";
    for line in text.lines() {
        if let Some(sentence) = line.trim_start().strip_prefix("error: ") {
            message = sentence;
        }
        let Some(written) = line.trim_start().strip_prefix("--> ") else { continue };
        let mut parts = written.rsplitn(3, ':');
        let (column, row, name) = (parts.next(), parts.next(), parts.next());
        let numbers = row.zip(column).and_then(|(row, column)| Some((row.parse().ok()?, column.trim().parse().ok()?)));
        if let (Some(name), Some((row, column))) = (name, numbers) {
            let place = place(name, &At::LineColumn(row, column));
            faults.push((Some(name.to_owned()), in_plain_words(Code::TemplateSyntax, place, message)));
        }
    }
    faults
}

/// A finding from what Tera says.
pub(super) fn in_plain_words(code: Code, place: Place, said: &str) -> Diagnostic {
    let said = said.lines().next().unwrap_or_default();
    let (message, help) = unknown_name(said)
        .or_else(|| misplaced(said))
        .or_else(|| unknown_function(said))
        .unwrap_or_else(|| fixed(said));
    Diagnostic::at(code, place, message).maybe_help(help)
}

/// ``Field `x` is not defined. Available fields: a, b``: the nearest name says more than all of them.
fn unknown_name(said: &str) -> Option<(String, Option<String>)> {
    let (what, rest) = said.split_once(" `")?;
    let (name, rest) = rest.split_once("` is not defined")?;
    let what = if what == "Field" { "field" } else { "variable" };
    let known: Vec<&str> = rest
        .split_once(": ")
        .map(|(_, names)| names.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).collect())
        .unwrap_or_default();
    let wanted = name.rsplit('.').next().unwrap_or(name);
    let near = did_you_mean(wanted, known.iter().copied());
    let all = (!known.is_empty()).then(|| format!("what may stand here: {}", known.join(", ")));
    Some((format!("there is no {what} `{name}` here"), near.or(all)))
}

/// ``Found `}` but expected }}.``
fn misplaced(said: &str) -> Option<(String, Option<String>)> {
    let (found, expected) = said.strip_prefix("Found ")?.split_once(" but ")?;
    let expected = ["expected one of: ", "expected ", "was expecting "]
        .iter()
        .find_map(|words| expected.strip_prefix(words))?
        .trim_end_matches('.');
    let expected = match expected {
        "identifier" => "a name",
        "string" => "a text in quotes",
        other => other,
    };
    let found = found.trim_matches('`');
    let expected = if expected.contains(['`', ' ']) { expected.to_owned() } else { format!("`{expected}`") };
    Some((format!("`{found}` stands here, where {expected} is expected"), None))
}

/// ``Unknown filter `shout` ``.
fn unknown_function(said: &str) -> Option<(String, Option<String>)> {
    let (what, name) = said.strip_prefix("Unknown ")?.split_once(" `")?;
    let name = name.split('`').next().unwrap_or(name);
    let help = match what {
        "filter" => "Tera's own filters and `fill` may stand here",
        "function" => "Tera's own functions and `asset` may stand here",
        "component" => "a component begins with `{% component name() %}` in one of the templates",
        _ => "Tera's own tests may stand here",
    };
    Some((format!("there is no {what} `{name}`"), Some(help.to_owned())))
}

fn fixed(said: &str) -> (String, Option<String>) {
    let (message, help) = match said.trim_end_matches('.') {
        "Unexpected end of input" => (
            "the template ends before all that it opened is closed",
            "close each `{% if %}`, `{% for %}` and `{% block %}` with `{% endif %}`, `{% endfor %}` and `{% endblock %}`",
        ),
        "Unknown tag" => (
            "no tag of this name can stand here",
            "an `end…` closes what was opened last; a tag begins with if, for, set, block, include, extends or component",
        ),
        "Unexpected character" => {
            ("this sign means nothing in a template", "write text outside `{{ … }}` and `{% … %}`")
        }
        other => return (other.to_owned(), None),
    };
    (message.to_owned(), Some(help.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> (String, Option<String>) {
        let finding = in_plain_words(Code::TemplateError, builtin_place("base.html", 1), text);
        (finding.message, finding.help)
    }

    #[test]
    fn tera_is_heard_in_plain_words() {
        let (message, help) = said("Field `titel` is not defined. Available fields: id, title");
        assert_eq!(
            (message.as_str(), help.as_deref()),
            ("there is no field `titel` here", Some("did you mean `title`?"))
        );
        let (message, help) = said("Variable `x` is not defined. Available variables: page, site");
        assert_eq!(
            (message.as_str(), help.as_deref()),
            ("there is no variable `x` here", Some("what may stand here: page, site"))
        );
        assert_eq!(said("Found `}` but expected }}.").0, "`}` stands here, where `}}` is expected");
        assert_eq!(said("Found `}}` but expected identifier.").0, "`}}` stands here, where a name is expected");
        assert_eq!(said("Unknown filter `shout`").0, "there is no filter `shout`");
        assert_eq!(said("Something else.").0, "Something else");
    }
}
