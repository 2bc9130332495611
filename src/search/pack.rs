//! Cuts the counted words into pieces that can be fetched one by one. The same items give the same bytes, whoever counted
//! which.

use std::borrow::Cow;

use rayon::prelude::*;

use super::PIECES;
use super::count::Counter;
use super::postings::{Most, Posting, Postings, in_order};
use crate::project::escape_json_into;

/// A file of the index.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    hash: String,
    text: String,
}

impl Piece {
    pub(super) fn new(text: String) -> Self {
        let hash = blake3::hash(text.as_bytes()).to_hex()[..8].to_owned();
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
const MOST_PIECES: usize = 360;
const PIECE: usize = 12 << 10;

/// Common terms that the root names, so that a search looks for others first.
const MOST_COMMON: usize = 300;
/// Postings that are kept of a pair.
const MOST_OF_PAIR: usize = 1_000;

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

/// Every term of the site, and the commonest of them.
pub(super) struct Terms<'a> {
    /// Each piece with its first term.
    pub pieces: Vec<(String, Piece)>,
    /// The commonest first.
    pub common: Vec<&'a str>,
}

/// A term, and who counted it: the counter, and the term's number there.
type Counted<'a> = (&'a str, u32, u32);

/// A pair of common terms by their numbers, and one place where it stands.
type Paired = ((u32, u32), Posting);

/// What a term's entry is made from.
#[derive(Clone, Copy)]
enum Source<'a> {
    Counted(&'a [Counted<'a>]),
    Pair(&'a [Paired]),
}

/// The terms with the items that hold them.
pub(super) fn terms(counters: &[Counter], most: Most) -> Terms<'_> {
    let stems = counters.iter().zip(0_u32..).flat_map(|(counter, by)| {
        counter.lexicon.stems.iter().zip(0_u32..).map(move |(stem, number)| (&**stem, by, number))
    });
    let mut stems: Vec<Counted<'_>> = stems.collect();
    stems.par_sort_unstable();
    let terms: Vec<&[Counted<'_>]> = stems.chunk_by(|(a, ..), (b, ..)| a == b).collect();
    let named = |term: &[Counted<'_>]| -> u32 {
        term.iter().map(|&(_, by, number)| counters[by as usize].postings[number as usize].named).sum()
    };
    let is_common = |term: &[Counted<'_>]| named(term) as usize > most.naming;
    let mut common: Vec<&[Counted<'_>]> = terms.iter().copied().filter(|term| is_common(term)).collect();
    let pairs = pairs(counters, &common);
    let mut entries: Vec<(Cow<'_, str>, Source<'_>)> =
        terms.iter().map(|term| (term[0].0.into(), Source::Counted(term))).collect();
    let name = |(one, other): (u32, u32)| format!("{} {}", common[one as usize][0].0, common[other as usize][0].0);
    let pairs = pairs.chunk_by(|(a, _), (b, _)| a == b);
    entries.extend(pairs.map(|pair| (name(pair[0].0).into(), Source::Pair(pair))));
    entries.par_sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let sizes: Vec<usize> =
        entries.iter().map(|(text, source)| text.len() + 10 + 3 * source.len(counters, most)).collect();
    let stretches = stretches(&cuts(&sizes, MOST_PIECES, PIECE), entries.len());
    let pieces = stretches.into_par_iter();
    let pieces = pieces.map(|range| (entries[range.start].0.to_string(), piece(&entries[range], counters, most)));
    let pieces = pieces.collect();
    common.sort_by_key(|term| std::cmp::Reverse(named(term)));
    common.truncate(MOST_COMMON);
    Terms { pieces, common: common.into_iter().map(|term| term[0].0).collect() }
}

/// All pairs of common terms, those alike together.
fn pairs(counters: &[Counter], common: &[&[Counted<'_>]]) -> Vec<Paired> {
    let pairs_of = |(counter, by): (&Counter, usize)| {
        let mut numbers = vec![None; counter.lexicon.stems.len()];
        for (term, number) in common.iter().zip(0_u32..) {
            for &(.., stem) in term.iter().filter(|(_, other, _)| *other as usize == by) {
                numbers[stem as usize] = Some(number);
            }
        }
        counter.phrases.pairs(|stem| numbers[stem as usize])
    };
    let mut pairs: Vec<Paired> = counters.par_iter().zip(0..counters.len()).map(pairs_of).flatten_iter().collect();
    pairs.par_sort_unstable();
    pairs
}

impl Source<'_> {
    /// How many postings it will have.
    fn len(self, counters: &[Counter], most: Most) -> usize {
        match self {
            Self::Pair(pair) => pair.len().min(MOST_OF_PAIR),
            Self::Counted(term) => {
                let lists = term.iter().map(|&(_, by, number)| &counters[by as usize].postings[number as usize]);
                Postings::len(lists, most)
            }
        }
    }

    /// The items that hold it, and the postings that are kept.
    fn postings(self, counters: &[Counter], most: Most) -> (u32, [Vec<Posting>; 2]) {
        match self {
            Self::Counted(term) => {
                let lists = term.iter().map(|&(_, by, number)| &counters[by as usize].postings[number as usize]);
                Postings::kept(lists, most)
            }
            Self::Pair(pair) => {
                let mut postings: Vec<Posting> = pair.iter().map(|(_, posting)| *posting).collect();
                postings.dedup();
                let postings = in_order(postings, usize::MAX);
                let items = postings.chunk_by(|a, b| a.item() == b.item()).count();
                (items as u32, [in_order(postings, MOST_OF_PAIR), Vec::new()])
            }
        }
    }
}

fn piece(entries: &[(Cow<'_, str>, Source<'_>)], counters: &[Counter], most: Most) -> Piece {
    let mut text = String::new();
    for (term, source) in entries {
        let (items, [naming, others]) = source.postings(counters, most);
        text.push_str(if text.is_empty() { "{\"" } else { ",\n\"" });
        escape_json_into(&mut text, term);
        text.push_str("\":\"");
        push_number(&mut text, items);
        push_number(&mut text, naming.len() as u32);
        for list in [naming, others] {
            let mut before = 0;
            for posting in list {
                push_number(&mut text, posting.item() - before);
                push_number(&mut text, posting.code());
                before = posting.item();
            }
        }
        text.push('"');
    }
    text.push_str("}\n");
    Piece::new(text)
}

/// The bases of a number's last digit and of those before it, which together take every printable character of ASCII from `#`
/// on, but for the backslash.
const LAST: u32 = 45;
const OTHERS: u32 = 46;

/// Appends a number, so that it needs nothing around it: most take one or two characters. A digit before the last is one of
/// those that cannot be last.
fn push_number(text: &mut String, number: u32) {
    let digit = |value: u32| {
        let code = value as u8 + b'#';
        char::from(code + u8::from(code >= b'\\'))
    };
    let (mut digits, mut at) = ([' '; 6], 5);
    digits[at] = digit(number % LAST);
    let mut rest = number / LAST;
    while rest > 0 {
        at -= 1;
        digits[at] = digit(LAST + rest % OTHERS);
        rest /= OTHERS;
    }
    digits[at..].iter().for_each(|&digit| text.push(digit));
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

    fn written(number: u32) -> String {
        let mut text = String::new();
        push_number(&mut text, number);
        text
    }

    #[test]
    fn numbers_are_short_and_no_two_are_alike() {
        assert_eq!([0, 1, 44, 45, 45 * 46, u32::MAX].map(written), ["#", "$", "O", "Q#", "QP#", "f_jrdA"]);
        let all: std::collections::BTreeSet<String> = (0..100_000).map(written).collect();
        assert_eq!(all.len(), 100_000);
        assert!(all.iter().all(|text| text.bytes().all(|byte| (b'#'..=b'~').contains(&byte) && byte != b'\\')));
    }
}
