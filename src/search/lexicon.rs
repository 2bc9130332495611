//! The words that were met, each with a number, its stem and how often it was met. Knows no items.

use rustc_hash::FxHashMap;

use super::stem::stem_english;
use super::words::{Word, letters};

/// Words by number and stems by number, both in the order in which they were met.
pub(super) struct Lexicon {
    is_english: bool,
    /// A hash table with open addressing: zero, or one more than a word's number.
    slots: Vec<u32>,
    words: Vec<Known>,
    /// Words that are not short.
    long: Vec<Box<str>>,
    by_long: FxHashMap<Box<str>, u32>,
    pub stems: Vec<Box<str>>,
    by_stem: FxHashMap<Box<str>, u32>,
}

/// What is known of a word.
#[derive(Clone, Copy)]
struct Known {
    /// A short word; or, above a byte of zeros, which none begins with, the number of a long one.
    key: u128,
    stem: u32,
    count: u32,
    is_named: bool,
}

/// Bits of a long word's key that are not its number.
const LONG: u32 = 8;

impl Lexicon {
    /// An empty one; only English words are stemmed.
    pub(super) fn new(is_english: bool) -> Self {
        Self {
            is_english,
            slots: vec![0; 1 << 12],
            words: Vec::new(),
            long: Vec::new(),
            by_long: FxHashMap::default(),
            stems: Vec::new(),
            by_stem: FxHashMap::default(),
        }
    }

    /// Counts a word that stands in a text; returns the number of its stem.
    #[inline]
    pub(super) fn meet(&mut self, word: Word<'_>) -> u32 {
        let index = self.index(word);
        let known = &mut self.words[index as usize];
        known.count += 1;
        known.stem
    }

    /// The same for a word that stands in a title, another name, a heading or a description.
    pub(super) fn meet_named(&mut self, word: Word<'_>) -> u32 {
        let index = self.index(word);
        let known = &mut self.words[index as usize];
        known.count += 1;
        known.is_named = true;
        known.stem
    }

    /// Every word, how often it was met, and whether it was met named.
    pub(super) fn words(&self) -> impl Iterator<Item = (String, u32, bool)> {
        self.words.iter().map(|known| (self.text(known.key), known.count, known.is_named))
    }

    #[inline]
    fn index(&mut self, word: Word<'_>) -> u32 {
        let key = match word {
            Word::Short(short) => short,
            Word::Long(long) => self.key_of_long(long),
        };
        let mask = self.slots.len() - 1;
        let mut at = scatter(key) & mask;
        loop {
            match self.slots[at] {
                0 => return self.add(key, at),
                one_more if self.words[one_more as usize - 1].key == key => return one_more - 1,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn key_of_long(&mut self, word: &str) -> u128 {
        let number = self.by_long.get(word).copied().unwrap_or_else(|| {
            let number = self.long.len() as u32;
            self.long.push(word.into());
            self.by_long.insert(word.into(), number);
            number
        });
        u128::from(number) << LONG
    }

    fn add(&mut self, key: u128, at: usize) -> u32 {
        let text = self.text(key);
        let stem = if self.is_english { stem_english(&text) } else { text };
        let stem = self.by_stem.get(&*stem).copied().unwrap_or_else(|| {
            let number = self.stems.len() as u32;
            self.stems.push(stem.as_str().into());
            self.by_stem.insert(stem.into(), number);
            number
        });
        self.words.push(Known { key, stem, count: 0, is_named: false });
        self.slots[at] = self.words.len() as u32;
        // Half of the slots are free, so that a search ends soon.
        if self.words.len() * 2 > self.slots.len() {
            self.grow();
        }
        self.words.len() as u32 - 1
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for (known, one_more) in self.words.iter().zip(1..) {
            let mut at = scatter(known.key) & mask;
            while slots[at] != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = one_more;
        }
        self.slots = slots;
    }

    fn text(&self, key: u128) -> String {
        if key.to_le_bytes()[0] == 0 { self.long[(key >> LONG) as usize].to_string() } else { letters(key) }
    }
}

/// Spreads keys over the slots: the multiplications of FxHash, whose upper bits are well mixed.
fn scatter(key: u128) -> usize {
    let (low, high) = (key as u64, (key >> 64) as u64);
    let mixed = low.wrapping_mul(0xf135_7aea_2e62_a9c5) ^ high.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed.wrapping_mul(0xf135_7aea_2e62_a9c5) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn words_are_known_again() {
        let mut lexicon = Lexicon::new(true);
        let all: String = (0..9_000_u32).map(|number| format!("w{number}x gastroenterology{number} ")).collect();
        let mut first = Vec::new();
        words(&all, |word| first.push(lexicon.meet(word)));
        let mut again = Vec::new();
        words(&all.to_uppercase(), |word| again.push(lexicon.meet_named(word)));
        assert_eq!(first, again);
        assert_eq!(lexicon.words().count(), 18_000);
        assert!(lexicon.words().all(|(_, count, is_named)| count == 2 && is_named));
        let mut aching = Vec::new();
        words("Aching aches", |word| aching.push(lexicon.meet(word)));
        assert_eq!(aching.iter().map(|&stem| &*lexicon.stems[stem as usize]).collect::<Vec<_>>(), ["ach", "ach"]);
    }
}
