//! The words of one article's text: those it is about, weighted, to compare articles by, and all that it says; it never
//! keeps a word's letters and never looks at another article.

mod words;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::sync::LazyLock;

pub(crate) use words::continues_word;
use words::{BITS, each_word};

/// Words a profile keeps: about as many as a thousand words of prose say more than once.
const KEPT: usize = 128;

/// The greatest weight of a word: what the bits beside its number hold.
const HEAVIEST: u32 = (1 << (32 - BITS)) - 1;

/// Where a piece of an article's text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// The title, short title or search title.
    Title,
    /// The description that cards and search engines show.
    Description,
    /// A heading, a question of the FAQ among them.
    Heading,
    /// Everything else that is read.
    Body,
}

impl Field {
    /// How many times a word in the body one word here counts for.
    const fn weight(self) -> u32 {
        match self {
            Self::Title => 6,
            Self::Description | Self::Heading => 3,
            Self::Body => 1,
        }
    }
}

/// The words an article's text is about, each with its weight; half a kilobyte for a text of any
/// length.
///
/// A word is a number below 2 to the power of `BITS`, the same on every platform and in every run. Rarely
/// two words share one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Profile(Box<[u32]>);

impl Profile {
    /// One more than the greatest number of a word.
    #[cfg(test)]
    pub(crate) const WORDS: usize = 1 << BITS;

    /// Each word, lowest first, with its weight: how often it is said, a title counting more than
    /// the body.
    pub(crate) fn words(&self) -> impl ExactSizeIterator<Item = (u32, u32)> {
        self.0.iter().map(|entry| (entry >> (32 - BITS), entry & HEAVIEST))
    }
}

/// The words that a text says but for single letters and numbers, each as a number that few other words share; two bytes a word.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary(Box<[u16]>);

impl Vocabulary {
    /// The words of a plain text.
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word as u16));
        Self(words.into())
    }

    /// The words, to ask for many names.
    pub(crate) fn to_set(&self) -> WordSet {
        let mut bits = vec![0; 1 << 10];
        for word in &self.0 {
            bits[usize::from(word / 64)] |= 1 << (word % 64);
        }
        WordSet(bits)
    }
}

/// A bit for each number of a word in a [`Vocabulary`].
pub(crate) struct WordSet(Vec<u64>);

impl WordSet {
    /// Whether the text may hold a name of these words: always true where it does, and seldom where it does not.
    pub(crate) fn may_hold(&self, name: &Vocabulary) -> bool {
        name.0.iter().all(|word| self.0[usize::from(word / 64)] >> (word % 64) & 1 == 1)
    }
}

/// Reads the words of the text in `parts`, plain text without markup; no word reaches from one
/// part into the next.
///
/// In the profile of a long text the heaviest words stay. Among equals those with the lowest numbers stay, in
/// every article the same ones, so that two articles that both say a word once tend to keep it both
/// (a bottom-k sketch: Cohen & Kaplan 2007, "Summarizing data using bottom-k sketches").
pub(crate) fn read_words<'a>(parts: impl IntoIterator<Item = (Field, &'a str)>) -> (Profile, Vocabulary) {
    let mut counts = COUNTS.take();
    for (field, text) in parts {
        count(&mut counts, text, field.weight());
    }
    let vocabulary = vocabulary(&counts);
    let profile = drain(&mut counts);
    COUNTS.set(counts);
    (profile, vocabulary)
}

/// What a text is about, alone.
#[cfg(test)]
pub(crate) fn profile<'a>(parts: impl IntoIterator<Item = (Field, &'a str)>) -> Profile {
    read_words(parts).0
}

thread_local! {
    /// Kept between articles so that counting allocates nothing. It is empty whenever nobody
    /// counts.
    static COUNTS: Cell<Counts> = Cell::default();
}

/// A hash table with open addressing: a slot is zero, or a word's number above its weight.
#[derive(Default)]
struct Counts {
    slots: Vec<u32>,
    /// The slots in use, in the order they were filled, and room for as many as may be.
    used: Vec<u32>,
    len: usize,
}

/// Counts every word of `text`.
fn count(counts: &mut Counts, text: &str, weight: u32) {
    if counts.slots.is_empty() {
        *counts = with_slots(2048);
    }
    each_word(text, |word| {
        add(counts, word, weight);
        if counts.len * 2 > counts.slots.len() {
            grow(counts);
        }
    });
}

fn with_slots(slots: usize) -> Counts {
    Counts { slots: vec![0; slots], used: vec![0; slots / 2 + 1], len: 0 }
}

/// Adds `weight` to `word`. At most half of the slots are in use, so the search ends.
fn add(counts: &mut Counts, word: u32, weight: u32) {
    let mask = counts.slots.len() - 1;
    let mut at = word as usize & mask;
    loop {
        let slot = &mut counts.slots[at];
        // One branch for a new word and a known one: which it is cannot be guessed.
        let new = *slot == 0;
        if new | (*slot >> (32 - BITS) == word) {
            let entry = word << (32 - BITS) | *slot;
            *slot = entry + weight.min(HEAVIEST - (entry & HEAVIEST));
            counts.used[counts.len] = at as u32;
            counts.len += usize::from(new);
            return;
        }
        at = (at + 1) & mask;
    }
}

/// Doubles the table, which most texts never need: what is seldom done stays out of the way of each word.
#[cold]
fn grow(counts: &mut Counts) {
    let old = std::mem::replace(counts, with_slots(counts.slots.len() * 2));
    for at in &old.used[..old.len] {
        let slot = old.slots[*at as usize];
        add(counts, slot >> (32 - BITS), slot & HEAVIEST);
    }
}

/// All words in the table.
fn vocabulary(counts: &Counts) -> Vocabulary {
    let word = |place: &u32| (counts.slots[*place as usize] >> (32 - BITS)) as u16;
    Vocabulary(counts.used[..counts.len].iter().map(word).collect())
}

/// Empties the table into a profile.
fn drain(counts: &mut Counts) -> Profile {
    let stop: &StopWords = &STOP_WORDS;
    // The list of slots in use turns into the list of what they held, in place.
    let mut len = 0;
    for place in 0..std::mem::take(&mut counts.len) {
        let entry = std::mem::take(&mut counts.slots[counts.used[place] as usize]);
        counts.used[len] = by_weight(entry);
        len += usize::from(!is_stop_word(stop, entry >> (32 - BITS)));
    }
    let mut entries = &mut counts.used[..len];
    if len > KEPT {
        entries.select_nth_unstable(KEPT);
        entries = &mut entries[..KEPT];
    }
    entries.iter_mut().for_each(|entry| *entry = by_word(*entry));
    entries.sort_unstable();
    Profile((*entries).into())
}

/// An entry as a number that is the lower the heavier the word is, and among equals the lower the word's number.
fn by_weight(entry: u32) -> u32 {
    (!entry & HEAVIEST) << BITS | entry >> (32 - BITS)
}

/// The entry that [`by_weight`] was made of.
fn by_word(ordered: u32) -> u32 {
    ordered << (32 - BITS) | (!(ordered >> BITS) & HEAVIEST)
}

/// The numbers of the stop words, each in the row of its lowest bits.
type StopWords = [[u32; 8]; 128];

static STOP_WORDS: LazyLock<Box<StopWords>> = LazyLock::new(|| {
    let mut rows = Box::new([[u32::MAX; 8]; 128]);
    each_word(ENGLISH_STOP_WORDS, |word| {
        let row = &mut rows[word as usize % 128];
        if let Some(free) = row.iter_mut().find(|place| **place == u32::MAX || **place == word) {
            *free = word;
        }
    });
    rows
});

fn is_stop_word(stop: &StopWords, word: u32) -> bool {
    stop[word as usize % 128].contains(&word)
}

/// Words that say nothing of a subject. Rarity over the site would find most of them, but not on a
/// site of ten pages. Single letters and what stands after an apostrophe are here as far as they
/// are longer than one letter.
pub(crate) const ENGLISH_STOP_WORDS: &str = "\
    about above across after again against all almost also although always am among an and \
    another any anyone anything are aren around as ask at away be became because become been \
    before being below between both but by call called came can cannot come could couldn did \
    didn different do does doesn doing don done down during each either else enough especially \
    etc even ever every everyone example few find first for from further gave get getting give \
    given go going good got great had hadn has hasn have haven having he help her here hers \
    herself him himself his how however if in include including into is isn it itself just keep \
    kind know last least less let like likely ll made main make making many may me mean might \
    more most much must my myself need never new next no nor not nothing now of off often on \
    once one only or other our ours out over own part people per perhaps person possible put \
    quite rather re really same say see seem several shall she should shouldn show simply since \
    so some someone something sometimes soon sort start still such sure take taking tell \
    than that the their theirs them themselves then there these they thing think this those \
    though through thus time to together too try two under until up upon us use used useful \
    using usually ve very via want was wasn way we well were weren what when where whether which \
    while who whole whom whose why will with within without won would wouldn yet you your yours \
    yourself";
