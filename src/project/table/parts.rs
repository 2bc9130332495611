//! Reads what lies within a TOML table: tables, lists of tables, and the keys that are an author's own.

use std::ops::{Range, RangeInclusive};

use toml::de::{DeTable, DeValue};

use super::name::TableName;
use super::value::{described, plain};
use super::{Key, Table, Value};
use crate::project::{Code, Located};

impl<'a, 'd> Table<'_, 'a, 'd> {
    /// A table below this one.
    pub fn table<T>(&mut self, key: &'static str, read: impl FnOnce(&mut Table<'_, 'a, 'd>) -> T) -> Option<T> {
        self.table_like(key, |name| format!("write its keys below a line `[{}]`", name.header(key)), read)
    }

    /// A table below this one that is short enough for one line, such as `example`.
    pub fn short_table<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(&mut Table<'_, 'a, 'd>) -> T,
    ) -> Option<T> {
        self.table_like(key, |_| format!("write it like `{key} = {example}`"), read)
    }

    fn table_like<T>(
        &mut self,
        key: &'static str,
        help: impl FnOnce(&TableName) -> String,
        read: impl FnOnce(&mut Table<'_, 'a, 'd>) -> T,
    ) -> Option<T> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Table(table) => {
                let name = self.name.table(key);
                Some(self.within(name, Some(table), value.span(), read))
            }
            _ => {
                let help = help(&self.name);
                self.not_a_table(key, value, "a table", help);
                None
            }
        }
    }

    fn not_a_table(&mut self, key: &str, value: &Value<'_>, expected: &str, help: String) {
        let message = format!("{} must be {expected}, not {}", self.name.key(key), described(value.get_ref()));
        self.wrong(key, value, message, help);
    }

    /// A list of tables.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Table<'_, 'a, 'd>) -> T) -> Vec<T> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        let help = |name: &TableName| format!("begin each entry with a line `[[{}]]`", name.header(key));
        let DeValue::Array(items) = value.get_ref() else {
            self.not_a_table(key, value, "a list of tables", help(&self.name));
            return Vec::new();
        };
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let DeValue::Table(table) = item.get_ref() else {
                self.not_a_table(key, item, "a list of tables", help(&self.name));
                continue;
            };
            // `[[key]]` lies before the keys of its table, `{` around them.
            let keys = table.keys().map(|key| key.span().start).min();
            let has_header = keys.is_none_or(|first| item.span().end <= first) && !item.span().is_empty();
            let name = self.name.entry(key, index, has_header);
            values.push(self.within(name, Some(table), item.span(), &mut read));
        }
        values
    }

    fn within<T>(
        &mut self,
        name: TableName,
        table: Option<&'a DeTable<'a>>,
        range: Range<usize>,
        read: impl FnOnce(&mut Table<'_, 'a, 'd>) -> T,
    ) -> T {
        Table { range, ..Table::new(self.toml, table, name) }.read(read)
    }

    /// Every key of this table as an entry of its own: the keys are ids or words of the author, in the order of the file.
    /// An entry that could not be read is one nevertheless, for those who refer to it.
    pub fn entries<T>(&mut self, mut read: impl FnMut(Located<String>, &mut Table<'_, 'a, 'd>) -> T) -> Vec<T> {
        self.closed = false;
        let mut values = Vec::new();
        for (key, value) in self.in_file_order() {
            let id = self.id(key);
            if let DeValue::Table(table) = value.get_ref() {
                let name = self.name.table(id.value.clone());
                values.push(self.within(name, Some(table), value.span(), |inner| read(id, inner)));
            } else {
                let help = format!("begin it with a line `[{}]`", self.name.header(&id.value));
                self.not_a_table(&id.value, value, "a table", help);
            }
        }
        for unread in self.unread_entries() {
            let id = Located { value: unread.0, span: self.toml.span(unread.1.clone()) };
            let name = self.name.table(id.value.clone());
            values.push(self.within(name, None, unread.1, |inner| read(id, inner)));
        }
        values
    }

    fn unread_entries(&self) -> Vec<(String, Range<usize>)> {
        let header = self.header();
        let unread = self.toml.unread.iter().filter(|unread| unread.table == header && !unread.key.is_empty());
        let is_read = |key: &str| self.table.is_some_and(|table| table.contains_key(key));
        unread.filter(|unread| !is_read(&unread.key)).map(|unread| (unread.key.clone(), unread.range.clone())).collect()
    }

    /// Every key with its text value, in the order of the file; other values are reported.
    pub fn text_entries(&mut self, example: &str) -> Vec<(Located<String>, Located<String>)> {
        self.closed = false;
        let mut pairs = Vec::new();
        for (key, value) in self.in_file_order() {
            let name = self.id(key);
            match self.located(&name.value, value) {
                Some(text) => pairs.push((name, text)),
                None => self.wrong_type(&name.value, value, "text in quotes", &format!("\"{example}\"")),
            }
        }
        pairs
    }

    /// A list of whole numbers within `range`, such as `example`.
    pub fn numbers(&mut self, key: &'static str, range: RangeInclusive<i64>, example: &str) -> Vec<i64> {
        let Some((_, value)) = self.take(key) else { return Vec::new() };
        let example = format!("[{example}]");
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, "a list of whole numbers", &example);
            return Vec::new();
        };
        let mut numbers = Vec::with_capacity(items.len());
        for item in items.iter() {
            let DeValue::Integer(written) = item.get_ref() else {
                self.wrong_type(key, item, "a list of whole numbers", &example);
                continue;
            };
            let digits = written.as_str().replace('_', "");
            match i64::from_str_radix(&digits, written.radix()).ok().filter(|number| range.contains(number)) {
                Some(number) => numbers.push(number),
                None => {
                    let (name, from, to) = (self.name.key(key), range.start(), range.end());
                    let message = format!("{name} may hold numbers from {from} to {to}, not {digits}");
                    let help = format!("write it like `{key} = {example}`");
                    self.toml.report(Code::InvalidValue, item.span(), message, Some(help));
                }
            }
        }
        numbers
    }

    fn id(&mut self, key: &Key<'_>) -> Located<String> {
        self.written(|_| "a key".to_owned(), key.get_ref(), key.span())
    }

    pub(super) fn in_file_order(&self) -> Vec<(&'a Key<'a>, &'a Value<'a>)> {
        let mut entries: Vec<_> = self.table.into_iter().flatten().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
    }

    /// The site's own keys, handed on as they are.
    pub fn any(&mut self, key: &'static str) -> Option<toml::Value> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Table(_) => Some(plain(value.get_ref())),
            _ => {
                let help = format!("write its keys below a line `[{}]`", self.name.header(key));
                self.not_a_table(key, value, "a table", help);
                None
            }
        }
    }
}
