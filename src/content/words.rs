//! Counts words and reading time; never judges them.

use crate::project::{Lanes, ascii_reach, bits_of};

/// Words a reader manages in a minute, as the content contract sets it.
const WORDS_A_MINUTE: u32 = 220;

/// The words of a plain text: stretches between white space that hold a letter or digit. Chinese and Japanese
/// have no spaces; there two characters count as one word.
pub(crate) fn count_words(text: &str) -> u32 {
    let mut count = Count::default();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let ascii = match rest.as_bytes().first_chunk() {
            Some(window) => count.ascii(window),
            None => {
                let mut window = [b' '; 64];
                window[..rest.len()].copy_from_slice(rest.as_bytes());
                // The spaces behind a text that ends here end its last word.
                count.ascii(&window).min(rest.len())
            }
        };
        at += ascii;
        for character in rest[ascii..].chars().take_while(|character| !character.is_ascii()) {
            count.foreign(character);
            at += character.len_utf8();
        }
    }
    count.words + u32::from(count.in_word) + count.ideographs.div_ceil(2)
}

/// What was counted of a text so far.
#[derive(Default)]
struct Count {
    words: u32,
    ideographs: u32,
    /// Whether the stretch that may go on holds a letter or digit; it is not counted yet.
    in_word: bool,
}

impl Count {
    /// Counts as many bytes as are ASCII; returns their number.
    fn ascii(&mut self, window: &[u8; 64]) -> usize {
        let reach = ascii_reach(window);
        let within = u64::MAX.checked_shr(64 - reach).unwrap_or(0);
        // The controls from tab to carriage return are white space.
        let space = |lanes: Lanes| lanes.is(b' ') | lanes.is_within(b'\t'..=b'\r');
        let filled = !bits_of(window, space) & within;
        let letters = bits_of(window, Lanes::is_ascii_alphanumeric) & within;
        // A stretch of bits plus some of its own bits carries into the place behind it.
        let (sum, over) = filled.overflowing_add(letters);
        let (sum, over_by_one) = sum.overflowing_add(u64::from(self.in_word));
        self.words += (sum & !filled & within).count_ones();
        self.in_word = if reach == 64 { over | over_by_one } else { sum >> reach & 1 == 1 };
        reach as usize
    }

    /// Counts one character outside ASCII.
    fn foreign(&mut self, character: char) {
        if is_ideograph(character) || character.is_whitespace() {
            self.ideographs += u32::from(is_ideograph(character));
            self.words += u32::from(std::mem::take(&mut self.in_word));
        } else if character.is_alphanumeric() {
            self.in_word = true;
        }
    }
}

/// Han, Hiragana, Katakana: scripts written without spaces.
pub(crate) fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Minutes to read so many words, rounded up, at least one.
pub(crate) fn reading_minutes(words: u32) -> u32 {
    words.div_ceil(WORDS_A_MINUTE).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_a_reader_reads() {
        assert_eq!(count_words("Legs — aching legs – at 3 a.m. don’t lie."), 8);
        assert_eq!(count_words("頭痛と発熱"), 3);
        assert_eq!(count_words(" \n "), 0);
        assert_eq!((reading_minutes(220), reading_minutes(221), reading_minutes(0)), (1, 2, 1));
    }

    /// The rule character by character.
    fn slowly(text: &str) -> u32 {
        let (mut words, mut ideographs, mut in_word) = (0, 0_u32, false);
        for character in text.chars() {
            if is_ideograph(character) {
                (ideographs, in_word) = (ideographs + 1, false);
            } else if character.is_whitespace() {
                in_word = false;
            } else if character.is_alphanumeric() && !in_word {
                (words, in_word) = (words + 1, true);
            }
        }
        words + ideographs.div_ceil(2)
    }

    proptest::proptest! {
        #[test]
        fn many_bytes_at_a_time_count_the_same(text in "([a-z0-9]{1,9}|[ \\n\\t\\r\u{b}\u{c}]|[-.’é頭\u{a0}№]|\\PC){0,120}") {
            proptest::prop_assert_eq!(count_words(&text), slowly(&text), "{:?}", text);
        }
    }
}
