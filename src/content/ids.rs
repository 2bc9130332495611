//! The anchors of one page: made from words, kept apart from one another; never shared between pages.

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Whether the page itself uses an anchor; no heading may take it.
fn is_reserved(id: &str) -> bool {
    matches!(
        id,
        "main"
            | "contents"
            | "takeaways"
            | "faq"
            | "sources"
            | "history"
            | "disclaimer"
            | "experts"
            | "related"
            | "search"
            | "menu"
            | "top"
    )
}

/// The anchors taken so far on one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids {
    /// With each anchor the number at which to look for a free one like it. The page's own are not among them until they
    /// are asked for.
    taken: FxHashMap<String, u32>,
}

impl Ids {
    /// No anchors but the page's own.
    pub(crate) fn new() -> Self {
        // About as many as most texts have.
        Self { taken: FxHashMap::with_capacity_and_hasher(24, FxBuildHasher) }
    }

    /// An anchor from words: `Heart & lungs` gives `heart-lungs`; a second one gets `-2`.
    pub(crate) fn for_words(&mut self, words: &str) -> String {
        let mut id = anchor(words);
        if id.is_empty() {
            id.push_str("section");
        }
        self.claim(id)
    }

    /// The anchor an author asked for; `Err` holds the one it got because another place has it already.
    pub(crate) fn wanted(&mut self, id: &str) -> Result<String, String> {
        if self.next_number(id).is_some() || is_galens_own(id) {
            Err(self.claim(id.to_owned()))
        } else {
            Ok(self.claim(id.to_owned()))
        }
    }

    /// The number at which to look for a free anchor like one that is taken.
    fn next_number(&self, id: &str) -> Option<u32> {
        self.taken.get(id).copied().or_else(|| is_reserved(id).then_some(2))
    }

    fn claim(&mut self, mut id: String) -> String {
        if is_galens_own(&id) {
            id.insert_str(0, "section-");
        }
        let Some(from) = self.next_number(&id) else {
            self.taken.insert(id.clone(), 2);
            return id;
        };
        let (number, numbered) = (from..)
            .map(|number| (number, format!("{id}-{number}")))
            .find(|(_, numbered)| self.next_number(numbered).is_none())
            .unwrap_or((from, id.clone()));
        self.taken.insert(id, number + 1);
        self.taken.insert(numbered.clone(), 2);
        numbered
    }
}

/// Anchors that Galen numbers by itself: `cite-1-1`, `source-2`, `note-3`, `note-ref-3`, `block-0-1`, `faq-1-note-2`.
fn is_galens_own(id: &str) -> bool {
    let number = id.bytes().position(|byte| byte.is_ascii_digit());
    let kind = number.map_or("", |number| &id[..number]);
    matches!(kind, "cite-" | "source-" | "block-" | "faq-" | "takeaway-" | "note-" | "note-ref-")
}

/// Words as an anchor: lower case, letters and digits of any script kept, everything between them one hyphen.
pub(crate) fn anchor(words: &str) -> String {
    let mut id = String::with_capacity(words.len());
    for part in words.split_inclusive(|character: char| !character.is_ascii()) {
        let other = part.chars().next_back().filter(|last| !last.is_ascii());
        let ascii = &part[..part.len() - other.map_or(0, char::len_utf8)];
        push_ascii(&mut id, ascii);
        match other {
            Some(character) if character.is_alphanumeric() || is_mark(character) => id.extend(character.to_lowercase()),
            Some('’') | None => {}
            Some(_) => push_ascii(&mut id, " "),
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
}

/// Goes on with an anchor. An apostrophe joins: `don't` is one word.
fn push_ascii(id: &mut String, text: &str) {
    let mut text = text.as_bytes();
    while !text.is_empty() {
        // As much at a time as most headings are, so that what is kept of it is copied at once.
        let (some, rest) = text.split_at(text.len().min(48));
        let (mut room, mut filled) = ([0; 48], 0);
        let mut before = id.as_bytes().last().copied().unwrap_or(b'-');
        for &byte in some {
            let written = if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' };
            // Where words end cannot be guessed, so that no branch asks.
            let is_kept = (written != b'-') | (before != b'-') & (byte != b'\'');
            room[filled] = written;
            filled += usize::from(is_kept);
            before = if is_kept { written } else { before };
        }
        id.push_str(std::str::from_utf8(&room[..filled]).unwrap_or_default());
        text = rest;
    }
}

/// Combining marks belong to the letter before them.
fn is_mark(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_readable_and_unique() {
        let mut ids = Ids::new();
        assert_eq!(ids.for_words("When to seek help?"), "when-to-seek-help");
        assert_eq!(ids.for_words("When to seek help"), "when-to-seek-help-2");
        assert_eq!(ids.for_words("Don’t wait — act"), "dont-wait-act");
        assert_eq!(ids.for_words("Größe 頭痛"), "größe-頭痛");
        assert_eq!(ids.for_words("!?"), "section");
        assert_eq!(ids.for_words("FAQ"), "faq-2");
        assert_eq!(ids.wanted("mine"), Ok("mine".into()));
        assert_eq!(ids.wanted("mine"), Err("mine-2".into()));
    }

    proptest::proptest! {
        #[test]
        fn words_at_a_time_give_the_same_anchor(words in "([A-Za-z0-9]{1,4}|[ '’?–-]|[éÉßİK頭\u{301}]|\\PC){0,20}") {
            let mut slowly = String::new();
            for character in words.chars() {
                match character {
                    '\'' | '’' => {}
                    c if c.is_ascii_alphanumeric() || !c.is_ascii() && (c.is_alphanumeric() || is_mark(c)) => {
                        slowly.extend(c.to_lowercase());
                    }
                    _ if slowly.is_empty() || slowly.ends_with('-') => {}
                    _ => slowly.push('-'),
                }
            }
            proptest::prop_assert_eq!(anchor(&words), slowly.trim_end_matches('-'));
        }
    }
}
