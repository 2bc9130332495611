//! Cuts the counted words into pieces that can be fetched one by one. The same items give the same bytes, whoever counted
//! which.

use std::cmp::Reverse;
use std::fmt::Write;

use rayon::prelude::*;

use super::PIECES;
use super::count::Counter;
use super::postings::{Most, Postings};
use crate::project::escape_json_into;

/// A file of the index.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    hash: String,
    text: String,
}

impl Piece {
    pub(super) fn new(text: String) -> Self {
        let hash = blake3::hash(text.as_bytes()).to_hex()[..10].to_owned();
        Self { hash, text }
    }

    /// As the root names it.
    pub(super) fn name(&self) -> &str {
        &self.hash
    }

    /// Its path and text.
    pub(super) fn into_file(self) -> (String, String) {
        (format!("{PIECES}/{}.json", self.hash), self.text)
    }
}

/// Pieces of terms there may be, and the bytes that each should have where there are fewer.
const MOST_PIECES: usize = 224;
const PIECE: usize = 24 << 10;

/// Cuts a list into stretches of about the same size: where each begins.
fn cuts(sizes: &[usize], most: usize, wanted: usize) -> Vec<usize> {
    let size = (sizes.iter().sum::<usize>().div_ceil(most)).max(wanted);
    let (mut starts, mut filled) = (Vec::new(), size);
    for (index, bytes) in sizes.iter().enumerate() {
        if filled >= size {
            starts.push(index);
            filled = 0;
        }
        filled += bytes;
    }
    starts
}

/// The stretches between cuts.
fn stretches(starts: &[usize], end: usize) -> Vec<std::ops::Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([end]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

/// A term, and who counted it: the counter, and the term's number there.
type Counted<'a> = (&'a str, u32, u32);

/// Terms with the items that hold them, each piece with its first term.
pub(super) fn terms(counters: &[Counter], most: Most) -> Vec<(String, Piece)> {
    let stems = counters.iter().zip(0_u32..).flat_map(|(counter, by)| {
        counter.lexicon.stems.iter().zip(0_u32..).map(move |(stem, number)| (&**stem, by, number))
    });
    let mut stems: Vec<Counted<'_>> = stems.collect();
    stems.par_sort_unstable();
    let terms: Vec<&[Counted<'_>]> = stems.chunk_by(|(a, ..), (b, ..)| a == b).collect();
    let size = |term: &&[Counted<'_>]| {
        let postings = term.iter().map(|&(_, by, number)| counters[by as usize].postings[number as usize].len(most));
        term[0].0.len() + 8 + 6 * postings.sum::<usize>().min(most.naming + most.others)
    };
    let sizes: Vec<usize> = terms.iter().map(size).collect();
    let stretches = stretches(&cuts(&sizes, MOST_PIECES, PIECE), terms.len());
    let pieces = stretches.into_par_iter();
    pieces.map(|range| (terms[range.start][0].0.to_owned(), term_piece(&terms[range], counters, most))).collect()
}

fn term_piece(terms: &[&[Counted<'_>]], counters: &[Counter], most: Most) -> Piece {
    let mut text = String::new();
    for term in terms {
        let lists = term.iter().map(|&(_, by, number)| &counters[by as usize].postings[number as usize]);
        let (items, postings) = Postings::kept(lists, most);
        text.push_str(if text.is_empty() { "{\"" } else { ",\n\"" });
        escape_json_into(&mut text, term[0].0);
        text.push_str("\":[");
        push_number(&mut text, items);
        let mut before = 0;
        for posting in postings {
            text.push(',');
            push_number(&mut text, posting.item() - before);
            text.push(',');
            push_number(&mut text, posting.code());
            before = posting.item();
        }
        text.push(']');
    }
    text.push_str("}\n");
    Piece::new(text)
}

/// Appends a number; `write!` takes several times as long, and there are millions.
fn push_number(text: &mut String, mut number: u32) {
    let mut digits = [0; 10];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits[at..].iter().for_each(|&digit| text.push(digit.into()));
}

/// Words that are kept to correct what is typed wrong.
const MOST_WORDS: usize = 9_000;
/// A text's own word is worth correcting to where it is met so often.
const LEAST_COUNT: u32 = 3;

/// The words to correct to: those of titles, names, headings and descriptions first, then the most common ones.
pub(super) fn vocabulary(counters: &[Counter]) -> Piece {
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
    Piece::new(front_coded(&words))
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
    fn lists_are_cut_into_even_stretches() {
        assert_eq!(cuts(&[5; 10], 100, 10), [0, 2, 4, 6, 8]);
        assert_eq!(cuts(&[5; 10], 2, 10), [0, 5]);
        assert_eq!(cuts(&[], 2, 10), [0; 0]);
        assert_eq!(stretches(&[0, 2], 5), [0..2, 2..5]);
    }

    #[test]
    fn numbers_are_written_as_usual() {
        let mut text = String::new();
        [0, 9, 10, u32::MAX].into_iter().for_each(|number| push_number(&mut text, number));
        assert_eq!(text, "09104294967295");
    }

    #[test]
    fn words_share_their_beginnings() {
        let words = [(true, 1, "headache"), (true, 9, "headaches"), (false, 4, "heart"), (true, 1, "œdeme")];
        assert_eq!(front_coded(&words), "[\"00headache 83s 32rt 00œdeme\"]\n");
    }
}
