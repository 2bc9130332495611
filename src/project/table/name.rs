//! What a table is called in a sentence: `image`, the second [[faq]].

use super::value::written_key;

/// The name of a table, for sentences about it and its keys.
#[derive(Clone, Debug, Default)]
pub(super) struct TableName {
    /// The entry of a list it lies in: `the second [[faq]]`.
    entry: Option<String>,
    /// Names of tables within that entry, or within the file, each with a dot behind it.
    path: String,
}

impl TableName {
    /// A table within this one.
    pub(super) fn table(&self, key: &str) -> Self {
        Self { entry: self.entry.clone(), path: format!("{}{key}.", self.path) }
    }

    /// An entry of a list within this table. `has_header` tells `[[faq]]` from `faq = [{ … }]`.
    pub(super) fn entry(&self, key: &str, index: usize, has_header: bool) -> Self {
        let list = format!("{}{key}", self.path);
        let list = if has_header { format!("[[{list}]]") } else { format!("entry of `{list}`") };
        let behind = self.entry.as_ref().map(|entry| format!(" in {entry}")).unwrap_or_default();
        Self { entry: Some(format!("the {} {list}{behind}", ordinal(index + 1))), path: String::new() }
    }

    /// One of its keys: `` `answer` in the second [[faq]] ``.
    pub(super) fn key(&self, key: &str) -> String {
        let quoted = format!("`{}{key}`", self.path);
        self.entry.as_ref().map_or(quoted.clone(), |entry| format!("{quoted} in {entry}"))
    }

    /// A table within this one, as its header names it.
    pub(super) fn header(&self, key: &str) -> String {
        format!("{}{}", self.path, written_key(key))
    }

    /// The table itself.
    pub(super) fn itself(&self) -> String {
        let path = self.path.trim_end_matches('.');
        match &self.entry {
            Some(entry) if path.is_empty() => entry.clone(),
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
