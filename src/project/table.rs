//! Reads a TOML table key by key and reports every fault in it, where serde would stop at the first; never knows what a key means.

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::source::{Located, SourceId, Span};
use super::suggest::did_you_mean;

type Key<'a> = toml::Spanned<toml::de::DeString<'a>>;
type Value<'a> = toml::Spanned<DeValue<'a>>;

/// Where a TOML text lies in its source, and where its faults are collected.
pub(super) struct Toml<'d> {
    /// The source that holds the text.
    pub source: SourceId,
    /// Byte offset of the text in its source.
    pub base: usize,
    /// Collects the faults.
    pub diagnostics: &'d mut Vec<Diagnostic>,
}

impl Toml<'_> {
    /// A span of the source from a range of the TOML text.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, self.base + range.start..self.base + range.end)
    }

    fn report(&mut self, code: Code, range: std::ops::Range<usize>, message: String, help: Option<String>) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::new(code, span, message).maybe_help(help));
    }
}

/// Parses `text` and hands its table to `read`; syntax faults are reported, and what could be read is still read.
pub(crate) fn read_toml<T>(
    source: SourceId,
    base: usize,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
    read: impl FnOnce(&mut Table<'_, '_, '_>) -> T,
) -> T {
    let mut toml = Toml { source, base, diagnostics };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        toml.report(Code::InvalidToml, range, sentence(error.message()), None);
    }
    let range = table.span();
    let mut table =
        Table { toml: &mut toml, table: table.get_ref(), range, name: String::new(), known: Vec::new(), closed: true };
    let value = read(&mut table);
    table.report_unknown_keys();
    value
}

fn sentence(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join("; ")
}

/// One table: each key is asked for once, by type; what was not asked for is unknown.
pub struct Table<'t, 'a, 'd> {
    toml: &'t mut Toml<'d>,
    table: &'a DeTable<'a>,
    range: std::ops::Range<usize>,
    name: String,
    known: Vec<&'static str>,
    closed: bool,
}

impl<'a, 'd> Table<'_, 'a, 'd> {
    /// Where the table is.
    pub fn span(&self) -> Span {
        self.toml.span(self.range.clone())
    }

    /// The source the table is in.
    pub fn source(&self) -> SourceId {
        self.toml.source
    }

    /// Reports a fault in this table.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.toml.diagnostics.push(diagnostic);
    }

    fn take(&mut self, key: &'static str) -> Option<(&'a Key<'a>, &'a Value<'a>)> {
        self.known.push(key);
        self.table.get_key_value(key)
    }

    fn wrong_type(&mut self, key: &str, value: &Value<'_>, expected: &str, example: &str) {
        let message = format!("`{}{key}` must be {expected}, not {}", self.name, described(value.get_ref()));
        self.toml.report(Code::WrongType, value.span(), message, Some(format!("write it like `{key} = {example}`")));
    }

    /// Whether the table has the key at all.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the key itself is written.
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.table.get_key_value(key).map(|(key, _)| self.toml.span(key.span()))
    }

    /// A string.
    pub fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(self.written(key, text, value.span())),
            _ => {
                self.wrong_type(key, value, "text in quotes", "\"…\"");
                None
            }
        }
    }

    /// A text as written. Control characters, which only an escape can bring in, make a feed that no reader can open: they
    /// are reported and left out.
    fn written(&mut self, key: &str, text: &str, range: std::ops::Range<usize>) -> Located<String> {
        let is_control =
            |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
        let span = self.toml.span(range.clone());
        if !text.contains(is_control) {
            return Located { value: text.to_owned(), span };
        }
        let holder = if key.is_empty() { "a key".to_owned() } else { format!("`{}{key}`", self.name) };
        let message = format!("{holder} holds a character that cannot be shown");
        self.toml.report(Code::InvalidValue, range, message, Some("take out the escape, such as `\\u0001`".to_owned()));
        Located { value: text.replace(is_control, ""), span }
    }

    /// A string with its value alone.
    pub fn string(&mut self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.value)
    }

    /// A string that is shown as one line, whatever the file's lines are.
    pub fn line(&mut self, key: &'static str) -> Option<Located<String>> {
        let text = self.text(key)?;
        let lines: Vec<&str> = text.value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Some(Located { value: lines.join(" "), span: text.span })
    }

    /// A list of strings.
    pub fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        self.strings_of(key, false)
    }

    /// A list of strings, or a string alone, which is a list of one.
    pub fn text_or_texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        self.strings_of(key, true)
    }

    fn strings_of(&mut self, key: &'static str, one_allowed: bool) -> Vec<Located<String>> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::Array(items) => items,
            DeValue::String(text) if one_allowed => {
                return vec![self.written(key, text, value.span())];
            }
            _ => {
                self.wrong_type(key, value, "a list of texts", "[\"…\", \"…\"]");
                return Vec::new();
            }
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item.get_ref() {
                DeValue::String(text) => texts.push(self.written(key, text, item.span())),
                _ => self.wrong_type(key, item, "a list of texts", "[\"…\", \"…\"]"),
            }
        }
        texts
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            _ => {
                self.wrong_type(key, value, "true or false, without quotes", "true");
                None
            }
        }
    }

    /// A whole number within `range`.
    pub fn number(&mut self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let (_, value) = self.take(key)?;
        let DeValue::Integer(written) = value.get_ref() else {
            self.wrong_type(key, value, "a whole number", &range.start().to_string());
            return None;
        };
        let digits = written.as_str().replace('_', "");
        match i64::from_str_radix(&digits, written.radix()).ok().filter(|number| range.contains(number)) {
            Some(number) => Some(number),
            None => {
                let message =
                    format!("`{}{key}` must be from {} to {}, not {digits}", self.name, range.start(), range.end());
                self.toml.report(Code::InvalidValue, value.span(), message, None);
                None
            }
        }
    }

    /// A date without a time.
    pub fn date(&mut self, key: &'static str) -> Option<Located<Date>> {
        let (_, value) = self.take(key)?;
        let DeValue::Datetime(written) = value.get_ref() else {
            self.wrong_type(key, value, "a date without quotes", "2026-01-31");
            return None;
        };
        let date = written.date.and_then(|date| {
            Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?).ok()
        });
        match date {
            // A day that no calendar has was reported as TOML that cannot be read.
            None if written.time.is_none() => None,
            Some(date) if written.time.is_none() => Some(Located { value: date, span: self.toml.span(value.span()) }),
            _ => {
                self.wrong_type(key, value, "a date without a time of day", "2026-01-31");
                None
            }
        }
    }

    /// A table below this one.
    pub fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'_, 'a, 'd>) -> T) -> Option<T> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(self.within(key, None, table, value.span(), read)),
            _ => {
                self.wrong_type(key, value, "a table", "{ … }");
                None
            }
        }
    }

    /// A list of tables.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Table<'_, 'a, 'd>) -> T) -> Vec<T> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("`{}{key}` must be a list of tables, not {}", self.name, described(value.get_ref()));
            self.toml.report(
                Code::WrongType,
                value.span(),
                message,
                Some(format!("begin each entry with `[[{key}]]`")),
            );
            return Vec::new();
        };
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    values.push(self.within(key, Some(index), table, item.span(), &mut read));
                }
                _ => self.wrong_type(key, item, "a list of tables", "[{ … }]"),
            }
        }
        values
    }

    fn within<T>(
        &mut self,
        key: &str,
        index: Option<usize>,
        table: &'a DeTable<'a>,
        range: std::ops::Range<usize>,
        read: impl FnOnce(&mut Table<'_, 'a, 'd>) -> T,
    ) -> T {
        let name = match index {
            Some(index) => format!("{}{key}[{index}].", self.name),
            None => format!("{}{key}.", self.name),
        };
        let mut inner = Table { toml: self.toml, table, range, name, known: Vec::new(), closed: true };
        let value = read(&mut inner);
        inner.report_unknown_keys();
        value
    }

    /// Every key of this table as an entry of its own: the keys are ids or words of the author, in the order of the file.
    pub fn entries<T>(&mut self, mut read: impl FnMut(Located<String>, &mut Table<'_, 'a, 'd>) -> T) -> Vec<T> {
        self.closed = false;
        let mut values = Vec::new();
        for (key, value) in self.in_file_order() {
            let id = self.written("", key.get_ref(), key.span());
            match value.get_ref() {
                DeValue::Table(table) => {
                    let name = id.value.clone();
                    values.push(self.within(&name, None, table, value.span(), |inner| {
                        // The header is what an author looks for; the table's own range is its keys.
                        read(id, inner)
                    }));
                }
                _ => {
                    let message = format!("`{}` must be a table, not {}", id.value, described(value.get_ref()));
                    let help = format!("begin it with `[{}]`", id.value);
                    self.toml.report(Code::WrongType, value.span(), message, Some(help));
                }
            }
        }
        values
    }

    /// Every key with its text value, in the order of the file; other values are reported.
    pub fn text_entries(&mut self) -> Vec<(Located<String>, Located<String>)> {
        self.closed = false;
        let mut pairs = Vec::new();
        for (key, value) in self.in_file_order() {
            let name = self.written("", key.get_ref(), key.span());
            match value.get_ref() {
                DeValue::String(text) => {
                    let text = self.written(&name.value, text, value.span());
                    pairs.push((name, text));
                }
                _ => self.wrong_type(&name.value, value, "text in quotes", "\"…\""),
            }
        }
        pairs
    }

    fn in_file_order(&self) -> Vec<(&'a Key<'a>, &'a Value<'a>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }

    /// The site's own keys, handed on as they are.
    pub fn any(&mut self, key: &'static str) -> Option<toml::Value> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Table(_) => Some(plain(value.get_ref())),
            _ => {
                self.wrong_type(key, value, "a table", "{ … }");
                None
            }
        }
    }

    /// One of `choices`, by name; another word is reported with the nearest one.
    pub fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = choices.iter().find(|(name, _)| *name == text.value).map(|(_, choice)| *choice);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            let help = did_you_mean(&text.value, names.iter().copied())
                .unwrap_or_else(|| format!("it may be {}", names.join(", ")));
            let message = format!("`{}{key}` cannot be `{}`", self.name, text.value);
            self.report(Diagnostic::new(Code::InvalidValue, text.span, message).help(help));
        }
        found
    }

    fn report_unknown_keys(&mut self) {
        if !self.closed {
            return;
        }
        for (key, _) in self.in_file_order() {
            let written = key.get_ref().as_ref();
            if self.known.contains(&written) {
                continue;
            }
            let unused = self.known.iter().copied().filter(|known| !self.table.contains_key(*known));
            let help = did_you_mean(written, unused)
                .or_else(|| did_you_mean(written, self.known.iter().copied()))
                .unwrap_or_else(|| format!("known here: {}", self.known.join(", ")));
            let message = format!("unknown key `{}{written}`", self.name);
            self.toml.report(Code::UnknownKey, key.span(), message, Some(help));
        }
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A TOML value without its spans.
fn plain(value: &DeValue<'_>) -> toml::Value {
    match value {
        DeValue::String(text) => toml::Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            toml::Value::Integer(i64::from_str_radix(&digits, number.radix()).unwrap_or_default())
        }
        DeValue::Float(number) => toml::Value::Float(number.as_str().replace('_', "").parse().unwrap_or_default()),
        DeValue::Boolean(boolean) => toml::Value::Boolean(*boolean),
        DeValue::Datetime(datetime) => toml::Value::Datetime(*datetime),
        DeValue::Array(items) => toml::Value::Array(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => toml::Value::Table(
            table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect(),
        ),
    }
}
