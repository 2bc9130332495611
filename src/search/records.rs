//! What a reader is shown of an item that was found, as JSON. Ranks nothing.

use super::items::Texts;
use crate::project::escape_json_into;

/// Bytes of text that all records together may show, and how much of it one item may take at most. A small site shows where
/// in a text the words stand; on a very large one headings and descriptions must do.
const ROOM: usize = 2 << 20;
const MOST_ROOM: usize = 16 << 10;
/// What a record takes without texts.
const BARE_RECORD: usize = 640;
/// Fewer characters than this say nothing.
const LEAST_TEXT: usize = 60;

/// Pieces of records there may be, and the bytes that each should have where there are fewer.
const MOST_PIECES: usize = 480;
const PIECE: usize = 10 << 10;

/// How records are made on a site of some size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Characters of text that each item may show.
    room: usize,
    /// Items in a piece.
    pub in_piece: usize,
}

impl Shape {
    /// For a site of so many items.
    pub(super) fn of(items: usize) -> Self {
        let room = (ROOM / items.max(1)).saturating_sub(BARE_RECORD).min(MOST_ROOM);
        let in_piece = (PIECE / (BARE_RECORD + room)).max(items.div_ceil(MOST_PIECES)).max(1);
        Self { room, in_piece }
    }
}

/// Appends `[title, address, description, [heading, anchor, …], [text, …]]`, where an anchor is 0 if the heading tells it. Texts
/// are those from the top and under each heading, cut so that the item keeps to its room, and left out where nothing readable
/// would be left. Other names follow where there are any.
pub(super) fn push_record(out: &mut String, texts: &Texts<'_>, address: &str, names: &[&str], shape: Shape) {
    out.push('[');
    [&*texts.title, address, &*texts.description].into_iter().for_each(|text| push_text(out, text));
    out.push('[');
    for part in texts.parts.iter().skip(1) {
        push_text(out, part.heading);
        if is_plain_anchor(part.anchor, part.heading) {
            out.push_str("0,");
        } else {
            push_text(out, part.anchor);
        }
    }
    close_list(out);
    out.push_str(",[");
    let each = shape.room / texts.parts.len().max(1);
    if each >= LEAST_TEXT {
        texts.parts.iter().for_each(|part| push_text(out, &shortened(texts.of(part), each)));
    }
    close_list(out);
    if !names.is_empty() {
        out.push_str(",[");
        names.iter().for_each(|name| push_text(out, name));
        close_list(out);
    }
    out.push(']');
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    escape_json_into(out, text);
    out.push_str("\",");
}

fn close_list(out: &mut String) {
    if out.ends_with(',') {
        out.pop();
    }
    out.push(']');
}

/// Whether an anchor is the one that a heading most likely has: then it need not be told.
fn is_plain_anchor(anchor: &str, heading: &str) -> bool {
    let words = |text| str::split(text, |c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut length = 0;
    let is_same = words(heading).zip(anchor.split('-')).all(|(word, same)| {
        length += word.len() + 1;
        word.len() == same.len() && word.bytes().zip(same.bytes()).all(|(a, b)| a.to_ascii_lowercase() == b)
    });
    is_same && length == anchor.len() + 1 && words(heading).count() == anchor.split('-').count()
}

/// The beginning of a text, up to the end of a word.
fn shortened(text: &str, room: usize) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.len() + word.len() > room {
            short.push_str(" …");
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::items::Part;
    use super::*;

    #[test]
    fn a_record_is_json() {
        let part = |heading, anchor| Part { heading, anchor, text: 0..9 };
        let parts = vec![part("", ""), part("When \"it\" hurts", "when-it-hurts"), part("Pain", "pain-2")];
        let texts = Texts {
            title: "A & B".into(),
            description: "d".into(),
            parts,
            text: "some text".to_owned(),
            ..Texts::default()
        };
        let mut record = String::new();
        push_record(&mut record, &texts, "/a", &["lay name"], Shape::of(1));
        let told: Value = serde_json::from_str(&record).expect("JSON");
        let headings = json!(["When \"it\" hurts", 0, "Pain", "pain-2"]);
        assert_eq!(told, json!(["A & B", "/a", "d", headings, ["some text", "some text", "some text"], ["lay name"]]));
        record.clear();
        push_record(&mut record, &Texts::default(), "", &[], Shape::of(1_000_000));
        assert_eq!(record, "[\"\",\"\",\"\",[],[]]");
    }

    #[test]
    fn plain_anchors_are_told_by_their_headings() {
        let plain = [("when-to-ask", "When to ask?"), ("b12", "B12"), ("a-b", "A – b")];
        assert!(plain.iter().all(|(anchor, heading)| is_plain_anchor(anchor, heading)));
        let others =
            [("pain-2", "Pain"), ("pain", "Pain 2"), ("own", "Other"), ("", "A"), ("a-b", "A"), ("œdème", "Œdème")];
        assert!(!others.iter().any(|(anchor, heading)| is_plain_anchor(anchor, heading)));
    }

    #[test]
    fn texts_are_cut_behind_a_word() {
        assert_eq!(shortened("one  two\nthree", 8), "one two …");
        assert_eq!(shortened(" one two ", 8), "one two");
        assert_eq!(shortened("", 0), "");
    }
}
