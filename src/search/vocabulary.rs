//! The words to which a search corrects what is typed wrong. Knows no items.

use std::cmp::Reverse;
use std::fmt::Write;

use rayon::prelude::*;

use super::count::Counter;
use super::pack::Piece;

/// Words that are kept to correct what is typed wrong.
const MOST_WORDS: usize = 12_000;
/// A text's own word is worth correcting to where it is met so often.
const LEAST_COUNT: u32 = 3;

/// The words to correct to: those of titles, names, headings and descriptions first, then the most common ones.
/// Each piece holds those with one first letter.
pub(super) fn vocabulary(counters: &[Counter]) -> Vec<(char, Piece)> {
    let is_correct = |word: &str| word.chars().take(4).count() > 3 && word.chars().all(char::is_alphabetic);
    let mut all: Vec<(String, u32, bool)> = counters.iter().flat_map(|counter| counter.lexicon.words()).collect();
    all.retain(|(word, ..)| is_correct(word));
    all.par_sort_unstable();
    let same = all.chunk_by(|(a, ..), (b, ..)| a == b);
    let mut words: Vec<(bool, u32, &str)> = same
        .map(|same| {
            let count = same.iter().fold(0_u32, |sum, (_, count, _)| sum.saturating_add(*count));
            (same.iter().any(|(.., is_named)| *is_named), count, same[0].0.as_str())
        })
        .filter(|(is_named, count, _)| *is_named || *count >= LEAST_COUNT)
        .collect();
    words.par_sort_unstable_by_key(|&(is_named, count, word)| (Reverse((is_named, count)), word));
    words.truncate(MOST_WORDS);
    words.par_sort_unstable_by_key(|&(.., word)| word);
    let first = |(.., word): &(bool, u32, &str)| word.chars().next().unwrap_or_default();
    let letters = words.chunk_by(|a, b| first(a) == first(b));
    letters.map(|words| (first(&words[0]), Piece::new(front_coded(words)))).collect()
}

/// `["0…"]`: each word as the number of characters it shares with the one before, how common it is, and its other characters.
fn front_coded(words: &[(bool, u32, &str)]) -> String {
    let mut text = String::from("[\"");
    let mut before = "";
    for (_, count, word) in words {
        let shared = before.chars().zip(word.chars()).take_while(|(a, b)| a == b).count().min(35);
        let rest: String = word.chars().skip(shared).collect();
        let shared = char::from_digit(shared as u32, 36).unwrap_or('0');
        let _ = write!(text, "{shared}{}{rest} ", count.ilog2().min(9));
        before = word;
    }
    text.truncate(text.trim_end().len());
    text + "\"]\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_share_their_beginnings() {
        let words = [(true, 1, "headache"), (true, 9, "headaches"), (false, 4, "heart"), (true, 1, "œdeme")];
        assert_eq!(front_coded(&words), "[\"00headache 83s 32rt 00œdeme\"]\n");
    }
}
