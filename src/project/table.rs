//! Reads a TOML table key by key and reports every fault in it, where serde would stop at the first; never knows what a key means.

mod cause;
mod faults;
mod name;
mod parts;
mod simple;
mod statements;
mod value;

use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use toml::de::{DeArray, DeTable, DeValue};

use super::bytes::{Lanes, first_of};
use super::code::Code;
use super::diagnostic::{Diagnostic, Place};
use super::source::{Located, SourceId, Span};
use super::suggest::did_you_mean;
use cause::Fault;
use faults::{Unread, mend};
use name::TableName;
use value::{described, meant, meant_boolean, meant_list, written_key};

type Key<'a> = toml::Spanned<toml::de::DeString<'a>>;
type Value<'a> = toml::Spanned<DeValue<'a>>;

/// Where a TOML text lies in its source, and where its faults are collected.
pub(super) struct Toml<'d> {
    source: SourceId,
    /// Byte offset of the text in its source.
    base: usize,
    diagnostics: &'d mut Vec<Diagnostic>,
    /// Keys that are written and could not be read.
    unread: Vec<Unread>,
}

impl Toml<'_> {
    /// A span of the source from a range of the TOML text.
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, self.base + range.start..self.base + range.end)
    }

    fn report(&mut self, code: Code, range: Range<usize>, message: String, help: Option<String>) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::new(code, span, message).maybe_help(help));
    }

    fn report_fault(&mut self, fault: Fault) {
        let mut diagnostic =
            Diagnostic::new(Code::InvalidToml, self.span(fault.range), fault.message).maybe_help(fault.help);
        if let Some(first) = fault.first {
            diagnostic = diagnostic.label(Place::Span(self.span(first)), "the first one is here");
        }
        self.diagnostics.push(diagnostic);
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
    let mut toml = Toml { source, base, diagnostics, unread: Vec::new() };
    if let Some(table) = simple::read(text) {
        return Table::new(&mut toml, Some(&table), TableName::default()).read(read);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Table::new(&mut toml, Some(table.get_ref()), TableName::default()).read(read);
    }
    let mended = mend(text);
    mended.faults.into_iter().for_each(|fault| toml.report_fault(fault));
    toml.unread = mended.unread;
    let (table, _) = DeTable::parse_recoverable(&mended.text);
    Table::new(&mut toml, Some(table.get_ref()), TableName::default()).read(read)
}

/// Hands a table to `read` that was not found, so that nothing is known of its keys.
pub(crate) fn read_nothing<T>(
    source: SourceId,
    diagnostics: &mut Vec<Diagnostic>,
    read: impl FnOnce(&mut Table<'_, '_, '_>) -> T,
) -> T {
    let mut toml = Toml { source, base: 0, diagnostics, unread: Vec::new() };
    Table::new(&mut toml, None, TableName::default()).read(read)
}

/// Keys that most tables have no more of.
const FEW: usize = 24;

/// One table: each key is asked for once, by type; what was not asked for is unknown.
pub struct Table<'t, 'a, 'd> {
    toml: &'t mut Toml<'d>,
    /// Nothing, where the table could not be read.
    table: Option<&'a DeTable<'a>>,
    range: Range<usize>,
    name: TableName,
    known: Vec<&'static str>,
    /// Keys whose value is not of their type.
    faulty: Vec<String>,
    closed: bool,
}

impl<'t, 'a, 'd> Table<'t, 'a, 'd> {
    fn new(toml: &'t mut Toml<'d>, table: Option<&'a DeTable<'a>>, name: TableName) -> Self {
        let known = Vec::with_capacity(2 * table.map_or(0, DeTable::len));
        Self { toml, table, range: 0..0, name, known, faulty: Vec::new(), closed: true }
    }

    fn read<T>(mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let value = read(&mut self);
        self.report_unknown_keys();
        value
    }
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

    /// Reports that the table cannot do without a key, unless the key is there and only could not be read.
    pub fn report_missing(&mut self, key: &str, place: Span, example: &str) {
        if !self.is_unknown(key) {
            let message = format!("{} has no `{key}`", self.name.itself());
            self.report(Diagnostic::new(Code::MissingKey, place, message).help(format!("add `{key} = {example}`")));
        }
    }

    /// Whether nothing is known of a key, since what was written for it could not be read. It is not missing then.
    pub fn is_unknown(&self, key: &str) -> bool {
        let header = self.header();
        self.table.is_none()
            || self.faulty.iter().any(|faulty| faulty == key)
            || self.toml.unread.iter().any(|unread| unread.table == header && unread.key == key)
    }

    /// Where the table's own header begins; nothing for the table of the whole text.
    fn header(&self) -> Option<usize> {
        (!self.range.is_empty()).then_some(self.range.start)
    }

    fn take(&mut self, key: &'static str) -> Option<(&'a Key<'a>, &'a Value<'a>)> {
        self.known.push(key);
        let table = self.table?;
        // To look at each of a few keys takes less time than the hash that a table keeps them by.
        match table.len() <= FEW {
            true => table.iter().find(|(written, _)| written.get_ref() == key),
            false => table.get_key_value(key),
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Value<'_>, expected: &str, example: &str) {
        let message = format!("{} must be {expected}, not {}", self.name.key(key), described(value.get_ref()));
        let help = format!("write it like `{} = {example}`", written_key(key));
        self.wrong(key, value, message, help);
    }

    fn wrong(&mut self, key: &str, value: &Value<'_>, message: String, help: String) {
        self.faulty.push(key.to_owned());
        self.toml.report(Code::WrongType, value.span(), message, Some(help));
    }

    /// Where the key itself is written.
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.table?.get_key_value(key).map(|(key, _)| self.toml.span(key.span()))
    }

    /// A string.
    pub fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let (_, value) = self.take(key)?;
        let text = self.located(key, value);
        if text.is_none() {
            self.wrong_type(key, value, "text in quotes", "\"…\"");
        }
        text
    }

    /// A value that is a string. Control characters, which only an escape can bring in, make a feed that no reader can
    /// open: they are reported and left out.
    fn located(&mut self, key: &str, value: &Value<'_>) -> Option<Located<String>> {
        let DeValue::String(text) = value.get_ref() else { return None };
        Some(self.written(|name| name.key(key), text, value.span()))
    }

    /// What `holder` holds, which is named only where something is wrong with it.
    fn written(
        &mut self,
        holder: impl FnOnce(&TableName) -> String,
        text: &str,
        range: Range<usize>,
    ) -> Located<String> {
        let is_control =
            |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
        let span = self.toml.span(range.clone());
        // Bytes that a control character may begin with.
        let may_be_control = |lanes: Lanes| {
            lanes.is_within(0..=0x08)
                | lanes.is_within(0x0b..=0x0c)
                | lanes.is_within(0x0e..=0x1f)
                | lanes.is(0x7f)
                | lanes.is(0xc2)
                | lanes.is(0xef)
        };
        if first_of(text.as_bytes(), may_be_control).is_none() || !text.contains(is_control) {
            return Located { value: text.to_owned(), span };
        }
        let message = format!("{} holds a character that cannot be shown", holder(&self.name));
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
        if !text.value.contains('\n') {
            let trimmed = text.value.trim();
            return Some(if trimmed.len() == text.value.len() {
                text
            } else {
                Located { value: trimmed.to_owned(), span: text.span }
            });
        }
        let lines: Vec<&str> = text.value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Some(Located { value: lines.join(" "), span: text.span })
    }

    /// A list of strings.
    pub fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => self.items(key, items),
            _ => {
                self.wrong_type(key, value, "a list of texts", &meant_list(value.get_ref()));
                Vec::new()
            }
        }
    }

    /// A list of strings, or a string alone, which is a list of one.
    pub fn text_or_texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        match (value.get_ref(), self.located(key, value)) {
            (DeValue::Array(items), _) => self.items(key, items),
            (_, Some(text)) => vec![text],
            _ => {
                self.wrong_type(key, value, "text in quotes or a list of texts", "\"…\"");
                Vec::new()
            }
        }
    }

    fn items(&mut self, key: &'static str, items: &'a DeArray<'a>) -> Vec<Located<String>> {
        let mut texts = Vec::with_capacity(items.len());
        for item in items.iter() {
            match self.located(key, item) {
                Some(text) => texts.push(text),
                None => self.wrong_type(key, item, "a list of texts", "[\"…\", \"…\"]"),
            }
        }
        texts
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(*boolean),
            written => {
                self.wrong_type(key, value, "true or false, without quotes", meant_boolean(written));
                None
            }
        }
    }

    /// A whole number within `range`, such as `example`.
    pub fn number(&mut self, key: &'static str, range: RangeInclusive<i64>, example: i64) -> Option<i64> {
        let (_, value) = self.take(key)?;
        let DeValue::Integer(written) = value.get_ref() else {
            let example = meant::<i64>(value.get_ref(), &example.to_string());
            self.wrong_type(key, value, "a whole number", &example);
            return None;
        };
        let digits = written.as_str().replace('_', "");
        let number = i64::from_str_radix(&digits, written.radix()).ok().filter(|number| range.contains(number));
        if number.is_none() {
            let message =
                format!("{} must be from {} to {}, not {digits}", self.name.key(key), range.start(), range.end());
            self.toml.report(
                Code::InvalidValue,
                value.span(),
                message,
                Some(format!("write it like `{key} = {example}`")),
            );
        }
        number
    }

    /// A date without a time.
    pub fn date(&mut self, key: &'static str) -> Option<Located<Date>> {
        let (_, value) = self.take(key)?;
        let written = match value.get_ref() {
            DeValue::Datetime(written) if written.time.is_none() => written.date,
            other => {
                let expected = match other {
                    DeValue::Datetime(_) => "a date without a time of day",
                    _ => "a date without quotes",
                };
                self.wrong_type(key, value, expected, &meant::<Date>(other, "2026-01-31"));
                return None;
            }
        };
        let (year, month, day) = written.map(|date| (date.year, date.month, date.day))?;
        let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Located { value: date, span: self.toml.span(value.span()) })
    }

    /// One of `choices`, by name; another word is reported with the nearest one.
    pub fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = choices.iter().find(|(name, _)| *name == text.value).map(|(_, choice)| *choice);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            let help = did_you_mean(&text.value, names.iter().copied())
                .unwrap_or_else(|| format!("it may be {}", names.join(", ")));
            let message = format!("{} cannot be `{}`", self.name.key(key), text.value);
            self.report(Diagnostic::new(Code::InvalidValue, text.span, message).help(help));
        }
        found
    }

    fn report_unknown_keys(&mut self) {
        let is_known = |key: &Key<'_>| self.known.contains(&key.get_ref().as_ref());
        if !self.closed || self.table.is_none_or(|table| table.keys().all(is_known)) {
            return;
        }
        for (key, _) in self.in_file_order() {
            let written = key.get_ref().as_ref();
            if self.known.contains(&written) {
                continue;
            }
            let unused = self.known.iter().copied().filter(|known| !self.table.is_some_and(|t| t.contains_key(*known)));
            let help = did_you_mean(written, unused)
                .or_else(|| did_you_mean(written, self.known.iter().copied()))
                .unwrap_or_else(|| format!("known here: {}", self.known.join(", ")));
            let message = format!("unknown key {}", self.name.key(written));
            self.toml.report(Code::UnknownKey, key.span(), message, Some(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_found_among_few_and_among_many() {
        let keys: Vec<&'static str> = (0..2 * FEW).map(|number| &*format!("key_{number}").leak()).collect();
        for count in [1, FEW, FEW + 1, 2 * FEW] {
            let line = |(number, key): (usize, &&str)| format!("{key} = \"{number}\"\n");
            let text: String = keys[..count].iter().enumerate().map(line).collect();
            let mut found = Vec::new();
            read_toml(SourceId(0), 0, &text, &mut found, |table| {
                for (number, key) in keys[..count].iter().enumerate() {
                    assert_eq!(table.string(key), Some(number.to_string()), "{key} of {count}");
                }
                assert_eq!(table.string("absent"), None);
            });
            assert!(found.is_empty(), "{found:?}");
        }
    }
}
