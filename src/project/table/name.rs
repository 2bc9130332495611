//! What a table is called in a sentence: `image`, the second [[faq]].

use std::borrow::Cow;

use super::value::written_key;

/// The name of a table, for sentences about it and its keys: the way to it, which is put into words when it is needed.
#[derive(Clone, Debug, Default)]
pub(super) struct TableName(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    /// To a table within.
    Table(Cow<'static, str>),
    /// To an entry of a list of tables. `has_header` tells `[[faq]]` from `faq = [{ … }]`.
    Entry { list: &'static str, index: usize, has_header: bool },
}

/// A name in words.
struct Told {
    /// The entry of a list that the table lies in: `the second [[faq]]`.
    entry: Option<String>,
    /// Names of tables within that entry, or within the file, each with a dot behind it.
    path: String,
}

impl TableName {
    fn and(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// A table within this one.
    pub(super) fn table(&self, key: impl Into<Cow<'static, str>>) -> Self {
        self.and(Step::Table(key.into()))
    }

    /// An entry of a list within this table.
    pub(super) fn entry(&self, list: &'static str, index: usize, has_header: bool) -> Self {
        self.and(Step::Entry { list, index, has_header })
    }

    fn told(&self) -> Told {
        let mut told = Told { entry: None, path: String::new() };
        for step in &self.0 {
            match step {
                Step::Table(key) => told.path.extend([key, "."]),
                Step::Entry { list, index, has_header } => {
                    let list = format!("{}{list}", told.path);
                    let list = if *has_header { format!("[[{list}]]") } else { format!("entry of `{list}`") };
                    let behind = told.entry.map(|entry| format!(" in {entry}")).unwrap_or_default();
                    let entry = Some(format!("the {} {list}{behind}", ordinal(index + 1)));
                    told = Told { entry, path: String::new() };
                }
            }
        }
        told
    }

    /// One of its keys: `` `answer` in the second [[faq]] ``.
    pub(super) fn key(&self, key: &str) -> String {
        let Told { entry, path } = self.told();
        match entry {
            Some(entry) => format!("`{path}{key}` in {entry}"),
            None => format!("`{path}{key}`"),
        }
    }

    /// A table within this one, as its header names it.
    pub(super) fn header(&self, key: &str) -> String {
        format!("{}{}", self.told().path, written_key(key))
    }

    /// The table itself.
    pub(super) fn itself(&self) -> String {
        let Told { entry, path } = self.told();
        let path = path.trim_end_matches('.');
        match entry {
            Some(entry) if path.is_empty() => entry,
            Some(entry) => format!("`{path}` in {entry}"),
            None if path.is_empty() => "this file".to_owned(),
            None => format!("`{path}`"),
        }
    }
}

/// In words as far as people count in words.
fn ordinal(number: usize) -> String {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if let Some(word) = number.checked_sub(1).and_then(|index| WORDS.get(index)) {
        return (*word).to_owned();
    }
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_called_as_an_editor_counts_them() {
        let file = TableName::default();
        let link = file.table("navigation").entry("header", 1, true).entry("links", 10, false);
        assert_eq!(file.entry("faq", 1, true).key("answr"), "`answr` in the second [[faq]]");
        assert_eq!(link.itself(), "the 11th entry of `links` in the second [[navigation.header]]");
        assert_eq!(file.table("image").key("alt"), "`image.alt`");
        assert_eq!([ordinal(21), ordinal(112), ordinal(33)], ["21st", "112th", "33rd"]);
    }
}
