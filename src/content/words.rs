//! Counts words and reading time; never judges them.

/// Words a reader manages in a minute, as the content contract sets it.
const WORDS_A_MINUTE: u32 = 220;

/// The words of a plain text as far as they are counted: stretches between white space that hold a letter or digit. Chinese
/// and Japanese have no spaces; there two characters count as one word.
#[derive(Default)]
pub(super) struct Count {
    words: u32,
    ideographs: u32,
    /// Whether the stretch that may go on holds a letter or digit; it is not counted yet.
    in_word: bool,
}

impl Count {
    /// Counts the characters that come next.
    pub(super) fn characters(&mut self, text: &str) {
        for character in text.chars() {
            if is_ideograph(character) || character.is_whitespace() {
                self.ideographs += u32::from(is_ideograph(character));
                self.words += u32::from(std::mem::take(&mut self.in_word));
            } else if character.is_alphanumeric() {
                self.in_word = true;
            }
        }
    }

    /// Counts the `len` ASCII characters that come next, at most 64: each has a bit in `spaces` or in `letters`, letters and
    /// digits, or in neither, the first one the lowest.
    #[inline]
    pub(super) fn ascii(&mut self, spaces: u64, letters: u64, len: u32) {
        let within = u64::MAX.checked_shr(64 - len).unwrap_or(0);
        let filled = !spaces & within;
        // A stretch of bits plus some of its own bits carries into the place behind it.
        let (sum, over) = filled.overflowing_add(letters & within);
        let (sum, over_by_one) = sum.overflowing_add(u64::from(self.in_word));
        self.words += (sum & !filled & within).count_ones();
        self.in_word = if len == 64 { over | over_by_one } else { sum >> len & 1 == 1 };
    }

    /// The words of everything that was counted, which ends here.
    pub(super) fn words(self) -> u32 {
        self.words + u32::from(self.in_word) + self.ideographs.div_ceil(2)
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
        let count = |text| {
            let mut count = Count::default();
            count.characters(text);
            count.words()
        };
        assert_eq!(count("Legs — aching legs – at 3 a.m. don’t lie."), 8);
        assert_eq!(count("頭痛と発熱"), 3);
        assert_eq!(count(" \n "), 0);
        assert_eq!((reading_minutes(220), reading_minutes(221), reading_minutes(0)), (1, 2, 1));
    }
}
