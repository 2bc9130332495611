//! Reads the TOML that nearly every head of a text is, without a step for each of its marks: lines of `key = value` with
//! plain texts, lists of them, dates and booleans, below plain headers. Gives up on everything else, and never says why.
//!
//! What it reads is what the `toml` crate reads, to the last span: a test compares them. Whatever is unusual or wrong is
//! left to that crate, which knows the whole language.

use std::ops::Range;

use memchr::{memchr, memchr2};
use toml::de::{DeArray, DeTable, DeValue};

use super::statements::is_bare;
use super::{Key, Value};
use crate::project::bytes::{Lanes, first_of};

/// The table of a text, if all of the text is simple.
pub(super) fn read(text: &str) -> Option<DeTable<'_>> {
    // A backslash may be an escape; a carriage return or another control character needs a closer look.
    let unusual =
        |lanes: Lanes| lanes.is_within(0..=0x08) | lanes.is_within(0x0b..=0x1f) | lanes.is(0x7f) | lanes.is(b'\\');
    if first_of(text.as_bytes(), unusual).is_some() {
        return None;
    }
    let mut reader = Reader { text, at: 0 };
    let mut tables = Tables { root: DeTable::with_capacity(16), lists: Vec::new(), open: None };
    loop {
        reader.skip_blank();
        match reader.next() {
            None => return tables.close().then_some(tables.root),
            Some(b'#') => {}
            Some(b'[') => {
                if !tables.close() {
                    return None;
                }
                tables.open = Some(reader.header()?);
            }
            Some(_) => {
                let (key, value) = reader.pair()?;
                let table = tables.open.as_mut().map_or(&mut tables.root, |open| &mut open.table);
                if table.insert(key, value).is_some() {
                    return None;
                }
            }
        }
        reader.end_line()?;
    }
}

/// A table that has a header.
struct Open<'a> {
    key: Key<'a>,
    header: Range<usize>,
    is_entry: bool,
    table: DeTable<'a>,
}

struct Tables<'a> {
    root: DeTable<'a>,
    /// The keys of lists of tables.
    lists: Vec<&'a str>,
    open: Option<Open<'a>>,
}

impl Tables<'_> {
    /// Puts the open table into its place, unless that is taken.
    fn close(&mut self) -> bool {
        let Some(Open { key, header, is_entry, table }) = self.open.take() else { return true };
        let table = Value::new(header.clone(), DeValue::Table(table));
        if !is_entry {
            return self.root.insert(key, table).is_none();
        }
        if let Some(list) = self.root.get_mut(key.get_ref().as_ref()) {
            let is_list = self.lists.iter().any(|list| list == key.get_ref());
            return match list.get_mut() {
                DeValue::Array(list) if is_list => {
                    list.push(table);
                    true
                }
                _ => false,
            };
        }
        if let std::borrow::Cow::Borrowed(key) = key.get_ref() {
            self.lists.push(key);
        }
        let mut list = DeArray::new();
        list.push(table);
        self.root.insert(key, Value::new(header, DeValue::Array(list))).is_none()
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes a mark, which must be there.
    fn pass(&mut self, mark: &str) -> Option<()> {
        self.at += self.text.as_bytes()[self.at..].starts_with(mark.as_bytes()).then_some(mark.len())?;
        Some(())
    }

    fn skip(&mut self, is: impl Fn(u8) -> bool) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|byte| is(**byte)).count();
    }

    fn skip_spaces(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t'));
    }

    fn skip_blank(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
    }

    /// Passes the end of a line, and a comment before it.
    fn end_line(&mut self) -> Option<()> {
        self.skip_spaces();
        if self.next() == Some(b'#') {
            self.at += memchr(b'\n', &self.text.as_bytes()[self.at..]).unwrap_or(self.text.len() - self.at);
        }
        if self.at == self.text.len() { Some(()) } else { self.pass("\n") }
    }

    /// `[name]` or `[[name]]`.
    fn header(&mut self) -> Option<Open<'a>> {
        let start = self.at;
        let is_entry = self.text.as_bytes()[start..].starts_with(b"[[");
        self.at += if is_entry { 2 } else { 1 };
        let key = self.key()?;
        self.pass(if is_entry { "]]" } else { "]" })?;
        Some(Open { key, header: start..self.at, is_entry, table: DeTable::with_capacity(4) })
    }

    fn key(&mut self) -> Option<Key<'a>> {
        let start = self.at;
        self.skip(|byte| is_bare(char::from(byte)));
        (self.at > start).then(|| Key::new(start..self.at, self.text[start..self.at].into()))
    }

    /// `key = value`.
    fn pair(&mut self) -> Option<(Key<'a>, Value<'a>)> {
        let key = self.key()?;
        self.skip_spaces();
        self.pass("=")?;
        self.skip_spaces();
        let start = self.at;
        let value = match self.next()? {
            b'"' => DeValue::String(self.string()?.into()),
            b'[' => DeValue::Array(self.list()?),
            b't' => self.pass("true").map(|()| DeValue::Boolean(true))?,
            b'f' => self.pass("false").map(|()| DeValue::Boolean(false))?,
            _ => self.date()?,
        };
        Some((key, Value::new(start..self.at, value)))
    }

    /// A text in one quotation mark or three.
    fn string(&mut self) -> Option<&'a str> {
        if self.text.as_bytes()[self.at..].starts_with(b"\"\"\"") {
            return self.long_string();
        }
        let start = self.at + 1;
        let end = start + memchr2(b'"', b'\n', &self.text.as_bytes()[start..])?;
        self.at = end;
        self.pass("\"")?;
        Some(&self.text[start..end])
    }

    fn long_string(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let mut start = self.at + 3;
        // A line end right behind the quotation marks is no part of the text.
        start += usize::from(bytes.get(start) == Some(&b'\n'));
        let mut end = start;
        loop {
            end += memchr(b'"', &bytes[end..])?;
            let marks = bytes[end..].iter().take_while(|byte| **byte == b'"').count();
            match marks {
                3 => break,
                1 | 2 => end += marks,
                _ => return None,
            }
        }
        self.at = end + 3;
        Some(&self.text[start..end])
    }

    /// A list of texts.
    fn list(&mut self) -> Option<DeArray<'a>> {
        let mut list = DeArray::new();
        self.pass("[")?;
        loop {
            self.skip_blank();
            if self.next()? == b']' {
                break;
            }
            let start = self.at;
            let text = self.string()?;
            list.push(Value::new(start..self.at, DeValue::String(text.into())));
            self.skip_blank();
            if self.next()? != b',' {
                break;
            }
            self.at += 1;
        }
        self.pass("]")?;
        Some(list)
    }

    /// `2026-01-31`.
    fn date(&mut self) -> Option<DeValue<'a>> {
        let start = self.at;
        self.skip(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = &self.text[start..self.at];
        (date.len() == 10).then(|| date.parse().ok().map(DeValue::Datetime))?
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the text is simple; then it is read as the crate reads it.
    fn is_simple(text: &str) -> bool {
        let Some(table) = read(text) else { return false };
        let (whole, errors) = DeTable::parse_recoverable(text);
        assert!(errors.is_empty(), "{text:?}: {errors:?}");
        assert_eq!(format!("{table:?}"), format!("{:?}", whole.get_ref()), "{text:?}");
        true
    }

    #[test]
    fn the_usual_head_of_a_text_is_simple() {
        assert!(is_simple(
            "# A\ntitle = \"Leg “pain”\" # why\n\nauthor=\"a\"\ndraft = true\nglossary = false\npublished = 2026-01-31\n\
             tags = [\"a\", \"b\",]\nlist = [\n  \"x\",\n  \"y\"\n]\nnone = [ ]\n[image]\nsrc = \"a.jpg\"\n[[faq]]\nquestion = \"Q?\"\n\
             answer = \"\"\"\nIt \"is\" \"\"so\"\".\n\"\"\"\n[[faq]] # 2\n[[source]]\nid = \"x\"\n[[faq]]\nquestion = \"\""
        ));
        assert!(is_simple(""));
    }

    #[test]
    fn what_is_unusual_or_wrong_is_left_to_the_crate() {
        for text in [
            "a = 1",
            "a = 'x'",
            "a = \"\\n\"",
            "a = \"x\"\r\n",
            "a.b = \"x\"",
            "\"a\" = \"x\"",
            "a = {}",
            "a = \"x\" b",
            "a = \"x\"\na = \"y\"",
            "[a]\n[a]",
            "a = []\n[[a]]",
            "[a]\n[[a]]",
            "[[a]]\n[a]",
            "[a.b]",
            "[ a ]",
            "a = \"\"\"x\"\"\"\"",
            "a = 2026-02-30",
            "a = 2026-01-31 10:00:00",
            "a = 2026-01-31T10:00:00",
            "a = [\"x\" \"y\"]",
            "a = [,]",
            "a = \"x",
            "a = truex",
            "a",
            "[[a]",
        ] {
            assert!(!is_simple(text), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_simple_is_read_as_the_crate_reads_it(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "-", "\"", "\"\"\"", " ", "\t", "\n", "\n", "=", " = ", "[", "]", "[[", "]]", ",", "#", "true",
                    "false", "2026-01-31", "\"x\"", "a = \"é\"\n", "b = \"\"\"\n", "[[c]]\n", "[d]\n", "e = [\"x\", \"y\"]\n",
                ]),
                0..24,
            )
        ) {
            is_simple(&pieces.concat());
        }
    }
}
