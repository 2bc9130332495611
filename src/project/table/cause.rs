//! Says in plain words why a TOML statement cannot be read, and how to write it; never looks for the faults.

use std::ops::Range;

use super::statements::{Statement, line_end};

/// What is wrong with one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
    /// What was written first, of two that exclude each other.
    pub first: Option<Range<usize>>,
}

impl Fault {
    /// A fault of which no more is known than what the parser says.
    pub(super) fn plain(message: String, range: Range<usize>) -> Self {
        Self { range, message: message.lines().collect::<Vec<_>>().join("; "), help: None, first: None }
    }

    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { range, message: message.into(), help: Some(help.into()), first: None }
    }
}

/// A faulty statement, for those who look for one cause.
struct Case<'a> {
    text: &'a str,
    statements: &'a [Statement],
    index: usize,
    /// What the parser says, and where.
    message: &'a str,
    at: usize,
}

/// Why the statement cannot be read. `message` and `at` are the parser's.
pub(super) fn cause(text: &str, statements: &[Statement], index: usize, message: &str, at: usize) -> Fault {
    let case = Case { text, statements, index, message, at };
    let causes: [fn(&Case<'_>) -> Option<Fault>; 14] = [
        duplicate,
        header,
        unusual_key,
        no_equals_sign,
        no_value,
        curly_quotes,
        foreign_date,
        foreign_boolean,
        unquoted,
        not_closed,
        backslash,
        date,
        number,
        comma,
    ];
    causes.iter().find_map(|cause| cause(&case)).unwrap_or_else(|| case.unknown())
}

impl Case<'_> {
    fn statement(&self) -> &Statement {
        &self.statements[self.index]
    }

    fn name(&self) -> (&str, Range<usize>) {
        self.statement().name(self.text)
    }

    /// The key as it must be written before a `=`.
    fn key(&self) -> String {
        let line = &self.text[self.statement().range.start..line_end(self.text, self.statement().range.start)];
        if let Some((key, _)) = line.split_once('=').filter(|_| !self.statement().is_header) {
            return key.trim().to_owned();
        }
        let (name, range) = self.name();
        if self.text[..range.start].ends_with(['"', '\'']) { format!("\"{name}\"") } else { name.to_owned() }
    }

    fn value(&self) -> Option<(&str, usize)> {
        self.statement().value(self.text)
    }

    /// What stands where the parser stopped, as far as a space or a bracket.
    fn word(&self) -> Range<usize> {
        let rest = &self.text[self.at..line_end(self.text, self.at).max(self.at)];
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}')).unwrap_or(rest.len());
        self.at..self.at + length
    }

    fn unknown(&self) -> Fault {
        let mut fault = Fault::plain(self.message.to_owned(), self.word());
        if self.message.starts_with("unexpected key or value") {
            fault.message = "there is something behind the end of the value".to_owned();
            fault.help = Some("write a quotation mark inside a text as `\\\"`, and one key on each line".to_owned());
        }
        fault
    }
}

fn duplicate(case: &Case<'_>) -> Option<Fault> {
    if !case.message.starts_with("duplicate key") && !case.message.starts_with("cannot extend value") {
        return None;
    }
    let (statement, (name, range)) = (case.statement(), case.name());
    let before = &case.statements[..case.index];
    if statement.is_header {
        let written = case.text[statement.range.clone()].trim();
        let first = before.iter().find(|other| case.text[other.range.clone()].trim() == written);
        let first = first.or_else(|| before.iter().find(|other| other.name(case.text).0 == name));
        let mut fault =
            Fault::new(statement.range.clone(), format!("`{written}` is here a second time"), "put the two together");
        fault.first = first.map(|first| first.name(case.text).1);
        return Some(fault);
    }
    let table = before.iter().rposition(|other| other.is_header).map_or(0, |header| header + 1);
    let first = before[table..].iter().find(|other| other.name(case.text).0 == name);
    let range = if first.is_some() { range } else { case.word() };
    let message = format!("`{}` is given twice", &case.text[range.clone()]);
    let mut fault = Fault::new(range, message, "take one of the two out");
    fault.first = first.map(|first| first.name(case.text).1);
    Some(fault)
}

fn header(case: &Case<'_>) -> Option<Fault> {
    let statement = case.statement();
    if !statement.is_header {
        return None;
    }
    let written = case.text[statement.range.clone()].trim();
    let marks = if written.starts_with("[[") { ("[[", "]]") } else { ("[", "]") };
    let name = case.name().0;
    let help = format!("write it like `{}{name}{}`, alone on its line", marks.0, marks.1);
    Some(Fault::new(statement.range.clone(), format!("`{written}` is not the name of a table"), help))
}

/// `order of things = 3`: a key may hold letters, digits and hyphens.
fn unusual_key(case: &Case<'_>) -> Option<Fault> {
    let (value, start) = case.value()?;
    if !case.message.contains("key") || case.at >= start {
        return None;
    }
    let begin = case.statement().range.start;
    let written = case.text[begin..start].trim_end().trim_end_matches('=').trim_end();
    let help = format!("put it in quotation marks: `\"{written}\" = {value}`");
    Some(Fault::new(begin..begin + written.len(), format!("`{written}` cannot be a key as it stands"), help))
}

fn no_equals_sign(case: &Case<'_>) -> Option<Fault> {
    if case.value().is_some() {
        return None;
    }
    let (name, range) = case.name();
    let begin = case.statement().range.start;
    let end = line_end(case.text, begin).max(range.end);
    let value = case.text[range.end..end].trim_start_matches(['"', '\'', ':', ' ']).trim().trim_matches(['"', '\'']);
    let help = if name.is_empty() || value.is_empty() {
        "write a key, `=` and a value, like `title = \"…\"`".to_owned()
    } else {
        format!("write it like `{name} = \"{value}\"`")
    };
    Some(Fault::new(begin..end, "there is no `=` between a key and its value", help))
}

fn no_value(case: &Case<'_>) -> Option<Fault> {
    let (value, _) = case.value()?;
    if !value.is_empty() && !value.starts_with('#') {
        return None;
    }
    let key = case.key();
    let help = format!("write one behind the `=`, like `{key} = \"…\"`, or take the line out");
    Some(Fault::new(case.name().1, format!("`{key}` has no value"), help))
}

const CURLY: [char; 7] = ['“', '”', '„', '‘', '’', '«', '»'];

fn curly_quotes(case: &Case<'_>) -> Option<Fault> {
    if !case.text[case.at..].starts_with(CURLY) {
        return None;
    }
    let message = "curly quotation marks do not hold a text together";
    match case.value() {
        Some((value, start)) if start == case.at => {
            let words = value.trim_matches(CURLY).replace('"', "\\\"");
            let help = format!("write it with straight ones: `{} = \"{words}\"`", case.key());
            Some(Fault::new(start..start + value.len(), message, help))
        }
        _ => Some(Fault::new(case.word(), message, "write them straight: `\"…\"`")),
    }
}

/// A date in one of the forms that people write elsewhere.
fn foreign_date(case: &Case<'_>) -> Option<Fault> {
    let (value, start) = case.value()?;
    let numbers = value.split(['.', '/', '-']).map(|part| part.parse::<u16>().is_ok());
    let is_date = numbers.clone().count() == 3 && numbers.clone().all(|is_number| is_number);
    let is_foreign = is_date && !case.message.starts_with("invalid date");
    let message = format!("`{value}` is not a date as Galen reads it");
    is_foreign.then(|| Fault::new(start..start + value.len(), message, "write year, month and day: `2026-01-31`"))
}

fn foreign_boolean(case: &Case<'_>) -> Option<Fault> {
    let (value, start) = case.value()?;
    let meant = match value.to_lowercase().as_str() {
        "true" | "yes" | "on" => "true",
        "false" | "no" | "off" => "false",
        _ => return None,
    };
    let help = format!("write it as `{} = {meant}`", case.key());
    Some(Fault::new(start..start + value.len(), format!("`{value}` is neither true nor false"), help))
}

fn unquoted(case: &Case<'_>) -> Option<Fault> {
    if !case.message.starts_with("string values must be quoted") {
        return None;
    }
    let word = case.word();
    let written = &case.text[word.clone()];
    match case.value() {
        Some((value, start)) if start == case.at => {
            let words = value.trim_matches(['"', '\'']);
            let help = format!("write it like `{} = \"{}\"`", case.key(), words.replace('"', "\\\""));
            Some(Fault::new(start..start + value.len(), "a text needs quotation marks around it", help))
        }
        _ => Some(Fault::new(word, "a text needs quotation marks around it", format!("write it like `\"{written}\"`"))),
    }
}

fn not_closed(case: &Case<'_>) -> Option<Fault> {
    let open = case.statement().open?;
    let rest = &case.text[open..];
    let (what, close) = match rest.get(..3) {
        Some(marks @ ("\"\"\"" | "'''")) => ("text", marks),
        _ => match rest.get(..1)? {
            "[" => ("list", "]"),
            "{" => ("table", "}"),
            quote => ("text", quote),
        },
    };
    let range = open..line_end(case.text, open);
    // In a line of several texts the open one need not be the one whose mark was forgotten.
    let is_alone = close.len() == 3 || what != "text" || case.value().is_none_or(|(_, start)| start == open);
    let more = if is_alone { "" } else { "; a quotation mark inside a text is written `\\\"`" };
    Some(Fault::new(range, format!("this {what} does not end"), format!("close it with `{close}`{more}")))
}

fn backslash(case: &Case<'_>) -> Option<Fault> {
    let is_escape = ["missing escaped value", "too few unicode", "invalid value"]
        .iter()
        .any(|beginning| case.message.starts_with(beginning));
    if !is_escape {
        return None;
    }
    let start = case.text[..case.at].rfind('\\')?;
    let end = start + 1 + case.text[start + 1..].chars().next().map_or(0, char::len_utf8);
    let message = format!("`{}` means nothing in a text between `\"`", &case.text[start..end]);
    Some(Fault::new(start..end, message, "write a backslash twice, `\\\\`, or the text between single marks: `'…'`"))
}

fn date(case: &Case<'_>) -> Option<Fault> {
    let is_date = ["invalid date", "invalid time", "invalid offset"].iter().any(|kind| case.message.starts_with(kind));
    let word = case.word();
    let written = &case.text[word.clone()];
    is_date.then(|| Fault::new(word, format!("`{written}` is not a day of the calendar"), "write it like `2026-01-31`"))
}

fn number(case: &Case<'_>) -> Option<Fault> {
    let is_number =
        ["unexpected leading zero", "invalid integer", "invalid float", "invalid decimal", "invalid number"]
            .iter()
            .any(|kind| case.message.starts_with(kind));
    let (value, start) =
        case.value().filter(|(value, _)| is_number && value.starts_with(|c: char| !c.is_alphabetic()))?;
    let help = format!("write it without zeros before it, or as a text: `{} = \"{value}\"`", case.key());
    Some(Fault::new(start..start + value.len(), format!("`{value}` is not a number"), help))
}

fn comma(case: &Case<'_>) -> Option<Fault> {
    let missing = case.message.starts_with("missing comma");
    let extra = case.message.starts_with("extra comma");
    if missing {
        return Some(Fault::new(case.word(), "there is no comma before this", "put a comma between two values"));
    }
    extra.then(|| Fault::new(case.at..case.at + 1, "there is a comma too many", "take it out"))
}
