//! Cuts a text into the words by which it is found. Knows nothing of articles, and no grammar.
//!
//! Most text is ASCII, and is read 64 bytes at a time. `static/search.js` does the same with what a reader types, word for
//! word; `tests/search/words.json` holds both to it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::content::is_ideograph;
use crate::project::{Lanes, ascii_reach, bits_of};

/// A word: lower case, without accents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// Up to 16 bytes, filled up with zeros, as one number (the first byte the lowest): it is compared and hashed as that.
    Short(u128),
    /// What is longer.
    Long(&'a str),
}

/// Bytes of a short word.
const SHORT: usize = 16;

/// The bit that tells an ASCII capital from a small letter, in each byte.
const LOWER: u128 = 0x2020_2020_2020_2020_2020_2020_2020_2020;

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        if bytes.len() > SHORT {
            return Self::Long(text);
        }
        let mut short = [0; SHORT];
        short[..bytes.len()].copy_from_slice(bytes);
        Self::Short(u128::from_le_bytes(short))
    }
}

/// The letters of a short word.
pub(super) fn letters(short: u128) -> String {
    let bytes = short.to_le_bytes();
    let length = bytes.iter().position(|&byte| byte == 0).unwrap_or(SHORT);
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

/// Calls `found` with every word of a text; scripts without spaces give overlapping pairs of characters.
pub(super) fn words(text: &str, mut found: impl FnMut(Word<'_>)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let passed = match bytes[at..].first_chunk() {
            Some(window) => words_of_window(window, &mut found),
            None => {
                let mut window = [0; 64 + SHORT];
                window[..bytes.len() - at].copy_from_slice(&bytes[at..]);
                words_of_window(&window, &mut found).min(bytes.len() - at)
            }
        };
        at += passed;
        // Where the window gave little, the text is likely of another script.
        let stop = bytes.len().min(if passed < SHORT { at + 64 } else { at });
        while at < stop {
            at = next_word(text, at, &mut found);
        }
    }
}

/// Tells the words that begin and end within the first 64 bytes, up to one that touches a byte outside ASCII; returns how many
/// bytes that deals with.
fn words_of_window(window: &[u8; 64 + SHORT], found: &mut impl FnMut(Word<'_>)) -> usize {
    let Some(first) = window.first_chunk() else { return 0 };
    let reach = ascii_reach(first);
    let words = bits_of(first, Lanes::is_ascii_alphanumeric) & u64::MAX.checked_shr(64 - reach).unwrap_or(0);
    // A bit wherever a word begins, and one wherever a word has ended, by turns.
    let mut edges = words ^ (words << 1);
    while edges != 0 {
        let start = edges.trailing_zeros() as usize;
        edges &= edges - 1;
        let end = edges.trailing_zeros() as usize;
        if end >= reach as usize {
            return start;
        }
        edges &= edges - 1;
        match window[start..].first_chunk() {
            Some(letters) if end - start <= SHORT => {
                let letters = u128::from_le_bytes(*letters) | LOWER;
                tell(Word::Short(letters & u128::MAX >> (8 * (SHORT - (end - start)))), found);
            }
            _ => plain(&window[start..end], found),
        }
    }
    reach as usize
}

/// Tells an ASCII word of any length.
fn plain(letters: &[u8], found: &mut impl FnMut(Word<'_>)) {
    let word = String::from_utf8_lossy(letters).to_ascii_lowercase();
    tell(Word::new(&word), found);
}

/// Tells the word at `at`, if there is one; returns where to go on.
fn next_word(text: &str, at: usize, found: &mut impl FnMut(Word<'_>)) -> usize {
    let rest = &text.as_bytes()[at..];
    let length = |is: fn(&u8) -> bool| rest.iter().position(|byte| !is(byte)).unwrap_or(rest.len());
    let word = length(u8::is_ascii_alphanumeric);
    let gap = match rest[word..] {
        [0xe2, 0x80, 0x90..=0xa7, ..] => 3,
        [0x80..=0xff, ..] => {
            let token = length(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
            fold(text.get(at..at + token).unwrap_or_default(), found);
            return at + token;
        }
        _ => 1,
    };
    if word > 0 {
        plain(&rest[..word], found);
    }
    at + word + gap
}

/// The same for what is not ASCII, character by character. Dashes, curly quotes and dots (U+2010 to U+2027) stand in nearly
/// every English text, and do not come here.
fn fold(text: &str, found: &mut impl FnMut(Word<'_>)) {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    // The sigma at a word's end is the same letter.
    let plain = plain.to_lowercase().replace('ς', "σ");
    for run in plain.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let is_unspaced = has_no_spaces(first);
            let end = rest.find(|c| has_no_spaces(c) != is_unspaced).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            if is_unspaced {
                pairs(part, found);
            } else {
                tell(Word::new(part), found);
            }
            rest = after;
        }
    }
}

/// Whether a character is of a script that is written without spaces: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
fn has_no_spaces(character: char) -> bool {
    is_ideograph(character)
        || matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// The lone `s` is what `Parkinson's` leaves.
#[inline]
fn tell(word: Word<'_>, found: &mut impl FnMut(Word<'_>)) {
    if word != Word::Short(u128::from(b's')) {
        found(word);
    }
}

/// Every two neighbours, or the one there is.
fn pairs(run: &str, found: &mut impl FnMut(Word<'_>)) {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    match starts.as_slice() {
        [_, _] => found(Word::new(run)),
        starts => starts.windows(3).for_each(|ends| found(Word::new(&run[ends[0]..ends[2]]))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        words(text, |word| {
            all.push(match word {
                Word::Short(short) => letters(short),
                Word::Long(long) => long.to_owned(),
            });
        });
        all
    }

    #[test]
    fn words_are_those_of_the_table() {
        let table: Value = serde_json::from_str(include_str!("../../tests/search/words.json")).expect("JSON");
        for (text, expected) in table["words"].as_object().expect("texts with their words") {
            assert_eq!(Value::from(all(text)), *expected, "{text:?}");
        }
    }

    proptest::proptest! {
        /// Wherever a word stands, and whatever stands around it, it is the same word.
        #[test]
        fn many_bytes_at_a_time_give_the_same_words(text in "([a-zA-Z0-9]{1,20}|[ \\n.,'’–é頭ก²]|\\PC){0,60}") {
            let mut slow = Vec::new();
            fold(&text, &mut |word: Word<'_>| slow.push(match word {
                Word::Short(short) => letters(short),
                Word::Long(long) => long.to_owned(),
            }));
            proptest::prop_assert_eq!(all(&text), slow, "{:?}", text);
        }
    }
}
