//! Counts words and reading time; never judges them.

/// Words a reader manages in a minute, as the content contract sets it.
const WORDS_A_MINUTE: u32 = 220;

/// The words of a plain text: stretches between white space that hold a letter or digit. Chinese and Japanese
/// have no spaces; there two characters count as one word.
pub(crate) fn count_words(text: &str) -> u32 {
    let (mut words, mut ideographs) = (0_u32, 0_u32);
    for piece in text.split_ascii_whitespace() {
        if piece.is_ascii() {
            words += u32::from(piece.bytes().any(|byte| byte.is_ascii_alphanumeric()));
            continue;
        }
        let mut in_word = false;
        for character in piece.chars() {
            if is_ideograph(character) {
                ideographs += 1;
                in_word = false;
            } else if character.is_whitespace() {
                in_word = false;
            } else if character.is_alphanumeric() && !in_word {
                words += 1;
                in_word = true;
            }
        }
    }
    words + ideographs.div_ceil(2)
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
}
