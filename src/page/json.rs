//! Writes JSON straight into a text, safe inside a `<script>` element. Knows nothing of what it writes.

use crate::project::escape_json_into;

/// An object that is being written; it is closed when [`object`] ends. Its keys are Galen's own words and need no escape.
pub(super) struct Object<'a> {
    out: &'a mut String,
    is_empty: bool,
}

/// Appends an object.
pub(super) fn object(out: &mut String, inside: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    inside(&mut Object { out, is_empty: true });
    out.push('}');
}

impl Object<'_> {
    /// A property whose value is a text, given in pieces.
    pub(super) fn text(&mut self, key: &'static str, pieces: &[&str]) {
        string(self.key(key), pieces);
    }

    /// A property whose value is one of Galen's own words, which need no escape either.
    pub(super) fn word(&mut self, key: &'static str, word: &'static str) {
        let out = self.key(key);
        out.push('"');
        out.push_str(word);
        out.push('"');
    }

    /// A property that is left out where there is no value.
    pub(super) fn maybe(&mut self, key: &'static str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.text(key, &[value.as_ref()]);
        }
    }

    pub(super) fn number(&mut self, key: &'static str, value: usize) {
        self.key(key).push_str(&value.to_string());
    }

    pub(super) fn object(&mut self, key: &'static str, inside: impl FnOnce(&mut Object<'_>)) {
        object(self.key(key), inside);
    }

    /// A property whose value is a list of objects.
    pub(super) fn objects<T>(
        &mut self,
        key: &'static str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Object<'_>, T),
    ) {
        list(self.key(key), items, |out, item| object(out, |node| each(node, item)));
    }

    /// A property whose value is a list of objects, some of which are written already.
    pub(super) fn mixed<T>(
        &mut self,
        key: &'static str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut String, T),
    ) {
        list(self.key(key), items, |out, item| each(out, item));
    }

    /// A property whose value is a list of texts; it is left out where the list is empty.
    pub(super) fn texts<'t>(&mut self, key: &'static str, items: impl IntoIterator<Item = &'t str>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            list(self.key(key), items, |out, item| string(out, &[item]));
        }
    }

    fn key(&mut self, key: &'static str) -> &mut String {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(',');
        }
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out
    }
}

fn list<T>(out: &mut String, items: impl IntoIterator<Item = T>, mut each: impl FnMut(&mut String, T)) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        each(out, item);
    }
    out.push(']');
}

fn string(out: &mut String, pieces: &[&str]) {
    out.push('"');
    for piece in pieces {
        escape_json_into(out, piece);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn objects_nest() {
        let mut out = String::new();
        object(&mut out, |node| {
            node.text("@id", &["https://a.example/", "#page"]);
            node.maybe("none", None::<String>);
            node.number("position", 3);
            node.texts("nothing", []);
            node.texts("names", ["a", "b"]);
            node.objects("parts", [1, 2], |part, number| part.number("n", number));
            node.object("empty", |_| {});
        });
        let read: Value = serde_json::from_str(&out).expect("this is JSON");
        let meant = json!({ "@id": "https://a.example/#page", "position": 3, "names": ["a", "b"], "parts": [{ "n": 1 }, { "n": 2 }], "empty": {} });
        assert_eq!(read, meant);
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_and_ends_no_script(text in ".*") {
            let mut out = String::new();
            object(&mut out, |node| node.text("text", &[&text]));
            let read: Value = serde_json::from_str(&out).expect("this is JSON");
            prop_assert_eq!(read, json!({ "text": text }));
            let ends_it = out.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
            prop_assert!(!ends_it);
        }
    }
}
