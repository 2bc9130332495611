//! Cuts a TOML text into statements, as far as a faulty text has any; never reads a value.

use std::ops::Range;

/// `key = value` or `[table]`, with every line that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// From its first character to the end of its last line.
    pub range: Range<usize>,
    /// Whether it is `[table]` or `[[table]]`.
    pub is_header: bool,
    /// Where the bracket or the quotation mark stands that nothing closes.
    pub open: Option<usize>,
}

/// Every statement of a text, in its order; blank lines and comments are none.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start(text, at) {
        let statement = statement(text, start);
        at = statement.range.end;
        statements.push(statement);
    }
    statements
}

fn next_start(text: &str, mut at: usize) -> Option<usize> {
    loop {
        at += text[at..].find(|c: char| !c.is_whitespace())?;
        if !text[at..].starts_with('#') {
            return Some(at);
        }
        at = line_end(text, at);
    }
}

/// The end of the line, without what ends it.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

fn statement(text: &str, start: usize) -> Statement {
    if text[start..].starts_with('[') {
        return Statement { range: start..line_end(text, start), is_header: true, open: None };
    }
    let (end, open) = value_end(text, start);
    Statement { range: start..end, is_header: false, open }
}

/// How deep brackets may lie in one another; the parser reads no deeper.
const DEEPEST: usize = 80;

/// Where a statement ends that is no header, and what stays open in it: brackets and long texts reach over lines.
fn value_end(text: &str, start: usize) -> (usize, Option<usize>) {
    let (mut at, mut brackets, mut quote) = (start, Vec::new(), None);
    while let Some(character) = text[at..].chars().next() {
        match character {
            '\n' if brackets.is_empty() => return (start + text[start..at].trim_end_matches('\r').len(), quote),
            '#' => at = line_end(text, at),
            '"' | '\'' => match text_end(text, at, character) {
                Some(end) => at = end,
                None if is_long(text, at, character) => return unclosed(text, start, quote, at),
                None => {
                    quote = quote.or(Some(at));
                    at = line_end(text, at);
                }
            },
            '[' | '{' if brackets.len() == DEEPEST => break,
            '[' | '{' => {
                brackets.push(at);
                at += 1;
            }
            ']' | '}' => {
                brackets.pop();
                at += 1;
            }
            _ => at += character.len_utf8(),
        }
    }
    match brackets.first() {
        Some(&bracket) => unclosed(text, start, quote, bracket),
        None => (text.len(), quote),
    }
}

/// What is not closed reaches as far as the next line that looks like a statement.
fn unclosed(text: &str, start: usize, quote: Option<usize>, open: usize) -> (usize, Option<usize>) {
    let end = next_statement(text, start, text.len()).unwrap_or(text.len());
    // A text that is not closed hides the bracket that closes the list it stands in.
    (end, Some(quote.filter(|quote| *quote < end).unwrap_or(open.min(end))))
}

/// The first line behind the one at `start` that looks like a statement.
pub(super) fn next_statement(text: &str, start: usize, before: usize) -> Option<usize> {
    let mut at = start + text[start..].find('\n')? + 1;
    while at < before {
        let end = line_end(text, at);
        if looks_like_statement(&text[at..end]) {
            return Some(at);
        }
        at = end + text[end..].find('\n')? + 1;
    }
    None
}

fn is_long(text: &str, at: usize, quote: char) -> bool {
    marks(&text[at..], quote, 3) == 3
}

/// How many quotation marks begin a text; no more than `most` are looked at.
fn marks(text: &str, quote: char, most: usize) -> usize {
    text.chars().take(most).take_while(|c| *c == quote).count()
}

/// Where the text in quotation marks ends that begins here, if it does.
fn text_end(text: &str, start: usize, quote: char) -> Option<usize> {
    let is_long = is_long(text, start, quote);
    let close = if is_long { 3 } else { 1 };
    let mut at = start + close;
    loop {
        let rest = &text[at..];
        match rest.chars().next()? {
            '\\' if quote == '"' => at += 1 + rest[1..].chars().next()?.len_utf8(),
            '\n' if !is_long => return None,
            c if c == quote => {
                // A long text may end in two quotation marks of its own.
                let run = marks(rest, quote, if is_long { 5 } else { 1 });
                if run >= close {
                    return Some(at + run);
                }
                at += run;
            }
            c => at += c.len_utf8(),
        }
    }
}

/// Whether a line looks like the beginning of a statement, wherever it stands.
fn looks_like_statement(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with('[') && line.ends_with(']') {
        let name = line.trim_matches(['[', ']']);
        return !name.is_empty() && name.chars().all(|c| is_bare(c) || matches!(c, '.' | '"'));
    }
    let Some((key, value)) = line.split_once('=') else { return false };
    let key = key.trim();
    !key.is_empty() && key.chars().all(|c| is_bare(c) || c == '.') && !value.trim().is_empty()
}

/// What a key may hold outside quotation marks.
pub(super) fn is_bare(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_')
}

/// A value without the comment behind it.
fn without_comment(value: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in value.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if character == '#' && before.is_whitespace() => return &value[..at],
            None => {}
        }
        before = character;
    }
    value
}

impl Statement {
    /// The first name of its key or header, without quotation marks, and where it stands.
    pub(super) fn name<'a>(&self, text: &'a str) -> (&'a str, Range<usize>) {
        let written = &text[self.range.clone()];
        let start = written.find(|c: char| c != '[' && !c.is_whitespace()).unwrap_or(0);
        let rest = &written[start..];
        let name = match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => rest[1..].split([quote, '\n']).next().unwrap_or_default(),
            None => rest.split(|c| !is_bare(c)).next().unwrap_or_default(),
        };
        let start = self.range.start + start + rest.find(name).unwrap_or(0);
        (name, start..start + name.len())
    }

    /// What comes behind the first `=`, and where it begins.
    pub(super) fn value<'a>(&self, text: &'a str) -> Option<(&'a str, usize)> {
        let line = &text[self.range.start..line_end(text, self.range.start)];
        let equals = line.find('=').filter(|_| !self.is_header)?;
        let value = without_comment(&line[equals + 1..]);
        let start = self.range.start + equals + 1 + (value.len() - value.trim_start().len());
        Some((value.trim(), start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        statements(text).iter().map(|statement| &text[statement.range.clone()]).collect()
    }

    #[test]
    fn statements_reach_as_far_as_their_brackets_and_texts() {
        let text = "# a\r\na = [\n 1, # ]\n]\r\n\n[b]\nc = \"\"\"\nx = 1\n\"\"\"\nd = 'it'";
        assert_eq!(cut(text), ["a = [\n 1, # ]\n]", "[b]", "c = \"\"\"\nx = 1\n\"\"\"", "d = 'it'"]);
        assert!(statements(text).iter().all(|statement| statement.open.is_none()));
    }

    #[test]
    fn a_comment_is_no_part_of_a_value() {
        let value = |text: &str| statements(text)[0].value(text).map(|(value, _)| value.to_owned());
        assert_eq!(value("a = Yes # n").as_deref(), Some("Yes"));
        assert_eq!(value("a = \"b # c\" # n").as_deref(), Some("\"b # c\""));
        assert_eq!(value("a = C#").as_deref(), Some("C#"));
    }

    #[test]
    fn what_is_not_closed_is_found() {
        let open = |text| statements(text)[0].open;
        assert_eq!(open("a = [1\nb = 2"), Some(4));
        assert_eq!(open("a = \"x\nb = 2"), Some(4));
        assert_eq!(open("a = '''x\nb = 2"), Some(4));
        assert_eq!(open("a = [\"x, \"y\"]\nb = 2"), Some(11));
        assert_eq!(open("a = [\"x\"\nb = 'y\nc = 2"), Some(4));
        assert_eq!(open("a = \"\"\"x\"\"\"\""), None);
        assert_eq!(cut("a = \"x\nb = 2"), ["a = \"x", "b = 2"]);
    }

    #[test]
    fn names_are_found_without_their_marks() {
        let name = |text| statements(text)[0].name(text).0.to_owned();
        assert_eq!(
            [name("[[faq]]"), name("\"/old\" = 1"), name("title: x"), name("a.b = 1")],
            ["faq", "/old", "title", "a"]
        );
    }
}
