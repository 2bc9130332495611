//! Cuts the counted words into pieces that can be fetched one by one. The same chunks give the same bytes.

use std::cmp::Reverse;
use std::fmt::Write;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::PIECES;
use super::count::{Chunk, IMPACTS, Posting};
use crate::project::escape_json_into;

/// A file of the index.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    hash: String,
    text: String,
}

impl Piece {
    fn new(text: String) -> Self {
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

/// Pieces of terms and of records there may be, and the bytes that each should have where there are fewer.
const MOST_TERM_PIECES: usize = 224;
const TERM_PIECE: usize = 24 << 10;
const MOST_RECORD_PIECES: usize = 256;
const RECORD_PIECE: usize = 10 << 10;

/// Postings that are kept of one term: of items that name it in a title, name, heading or description, and of others. Fewer on
/// a large site, where enough is said elsewhere and pieces would grow.
#[derive(Clone, Copy)]
struct Most {
    naming: usize,
    others: usize,
}

impl Most {
    fn of(items: usize) -> Self {
        let share = |postings: usize, least: usize| (postings / items.max(1)).clamp(least, 1_000);
        Self { naming: share(6_000_000, 400), others: share(800_000, 50) }
    }

    fn all(self) -> usize {
        self.naming + self.others
    }
}

/// Above this an item does more than mention a word in its text.
const MENTIONED: u32 = 8;

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

/// What is shown of items, each piece with the number of its first item.
pub(super) fn records(chunks: &[Chunk]) -> Vec<(usize, Piece)> {
    let records: Vec<&str> = chunks.iter().flat_map(|chunk| &chunk.records).map(String::as_str).collect();
    let sizes: Vec<usize> = records.iter().map(|record| record.len()).collect();
    let stretches = stretches(&cuts(&sizes, MOST_RECORD_PIECES, RECORD_PIECE), records.len());
    let pieces = stretches.into_par_iter();
    pieces.map(|range| (range.start, Piece::new(format!("[{}]\n", records[range].join(",\n"))))).collect()
}

/// A term, and the items that hold it, over all chunks.
struct Term<'a> {
    text: &'a str,
    /// Item and code.
    postings: Vec<(u32, u32)>,
}

/// Terms with the items that hold them, each piece with its first term.
pub(super) fn terms(chunks: &[Chunk]) -> Vec<(String, Piece)> {
    let terms = merged(chunks);
    let most = Most::of(chunks.iter().map(|chunk| chunk.records.len()).sum());
    let sizes: Vec<usize> =
        terms.iter().map(|term| term.text.len() + 8 + 6 * term.postings.len().min(most.all())).collect();
    let stretches = stretches(&cuts(&sizes, MOST_TERM_PIECES, TERM_PIECE), terms.len());
    stretches
        .into_par_iter()
        .map(|range| (terms[range.start].text.to_owned(), term_piece(&terms[range], most)))
        .collect()
}

/// All terms in their order.
fn merged(chunks: &[Chunk]) -> Vec<Term<'_>> {
    let mut by_text: FxHashMap<&str, u32> = FxHashMap::default();
    let mut terms: Vec<Term<'_>> = Vec::new();
    let mut number = |text| {
        *by_text.entry(text).or_insert_with(|| {
            terms.push(Term { text, postings: Vec::new() });
            terms.len() as u32 - 1
        })
    };
    let numbers: Vec<Vec<u32>> =
        chunks.iter().map(|chunk| chunk.stems.iter().map(|stem| number(stem.as_str())).collect()).collect();
    let mut counts = vec![0_usize; terms.len()];
    let all = || {
        chunks.iter().zip(&numbers).flat_map(|(chunk, numbers)| {
            chunk.postings.iter().map(|posting| (numbers[posting.stem as usize] as usize, posting))
        })
    };
    all().for_each(|(term, _)| counts[term] += 1);
    for (term, count) in terms.iter_mut().zip(counts) {
        term.postings.reserve_exact(count);
    }
    all().for_each(|(term, Posting { item, code, .. })| terms[term].postings.push((*item, *code)));
    terms.par_sort_unstable_by_key(|term| term.text);
    terms
}

fn term_piece(terms: &[Term<'_>], most: Most) -> Piece {
    let mut text = String::new();
    for term in terms {
        text.push_str(if text.is_empty() { "{\"" } else { ",\n\"" });
        escape_json_into(&mut text, term.text);
        let items = term.postings.chunk_by(|(a, _), (b, _)| a == b).count();
        let _ = write!(text, "\":[{items}");
        let mut before = 0;
        for (item, code) in kept(&term.postings, most) {
            let _ = write!(text, ",{},{code}", item - before);
            before = item;
        }
        text.push(']');
    }
    text.push_str("}\n");
    Piece::new(text)
}

/// The postings of the items about which a term says most, in their order.
fn kept(postings: &[(u32, u32)], most: Most) -> Vec<(u32, u32)> {
    if postings.len() <= most.others {
        return postings.to_vec();
    }
    let (naming, others) = postings.iter().partition(|(_, code)| code % IMPACTS > MENTIONED);
    let mut kept = best(naming, most.naming);
    kept.extend(best(others, most.others));
    kept.sort_unstable();
    kept
}

fn best(mut postings: Vec<(u32, u32)>, most: usize) -> Vec<(u32, u32)> {
    if postings.len() > most {
        postings.select_nth_unstable_by_key(most, |(item, code)| (Reverse(code % IMPACTS), *item));
        postings.truncate(most);
    }
    postings
}

/// Words that are kept to correct what is typed wrong.
const MOST_WORDS: usize = 9_000;
/// A text's own word is worth correcting to where it is met so often.
const LEAST_COUNT: u32 = 3;

/// The words to correct to: those of titles, names, headings and descriptions first, then the most common ones.
pub(super) fn vocabulary(chunks: &[Chunk]) -> Piece {
    let mut all: FxHashMap<&str, (bool, u32)> = FxHashMap::default();
    for word in chunks.iter().flat_map(|chunk| &chunk.words) {
        let entry = all.entry(&word.text).or_default();
        *entry = (entry.0 | word.is_named, entry.1.saturating_add(word.count));
    }
    let is_correct = |word: &str| word.chars().take(4).count() > 3 && word.chars().all(char::is_alphabetic);
    #[allow(clippy::iter_over_hash_type, reason = "they are sorted below")]
    let mut words: Vec<(bool, u32, &str)> = all
        .into_iter()
        .filter(|(word, (is_named, count))| is_correct(word) && (*is_named || *count >= LEAST_COUNT))
        .map(|(word, (is_named, count))| (is_named, count, word))
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
    fn the_best_items_of_a_term_are_kept_in_order() {
        let postings: Vec<(u32, u32)> = (0..3_000).map(|item| (item, 10 * (item % 3) + 1)).collect();
        let kept = kept(&postings, Most { naming: 900, others: 10 });
        assert_eq!(kept.len(), 910);
        assert!(kept.is_sorted());
        assert_eq!(kept.iter().filter(|(_, code)| *code == 21).count(), 900);
    }

    #[test]
    fn words_share_their_beginnings() {
        let words = [(true, 1, "headache"), (true, 9, "headaches"), (false, 4, "heart"), (true, 1, "œdeme")];
        assert_eq!(front_coded(&words), "[\"00headache 83s 32rt 00œdeme\"]\n");
    }
}
