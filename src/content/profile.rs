//! The words of one article's text: those it is about, weighted, to compare articles by, and all that it says; it never
//! keeps a word's letters and never looks at another article.

mod words;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::sync::LazyLock;

use words::{BITS, each_word};
pub(crate) use words::{continues_word, count_words};

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
    /// A heading of the text; questions of the FAQ are in no profile.
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
        each_word(text, |found| words.extend(found.iter().map(|word| *word as u16)));
        Self(words.into())
    }

    /// The words, in the order in which they were said first.
    pub(crate) fn words(&self) -> impl ExactSizeIterator<Item = u16> {
        self.0.iter().copied()
    }
}

/// A bit for each number of a word in a [`Vocabulary`].
pub(crate) struct WordSet(Box<[u64; 1 << 10]>);

impl FromIterator<u16> for WordSet {
    fn from_iter<T: IntoIterator<Item = u16>>(words: T) -> Self {
        let mut bits = Box::new([0; 1 << 10]);
        for word in words {
            bits[usize::from(word / 64)] |= 1 << (word % 64);
        }
        Self(bits)
    }
}

impl WordSet {
    /// Whether the word is in it.
    pub(crate) fn contains(&self, word: u16) -> bool {
        self.0[usize::from(word / 64)] >> (word % 64) & 1 == 1
    }
}

/// What the words of a text tell.
pub(crate) struct ReadWords {
    /// What it is about.
    pub profile: Profile,
    /// What it says.
    pub vocabulary: Vocabulary,
    /// Words of its body, as a reader counts them.
    pub words: u32,
}

/// Reads the words of the text in `parts`, plain text without markup; no word reaches from one
/// part into the next.
///
/// In the profile of a long text the heaviest words stay. Among equals those with the lowest numbers stay, in
/// every article the same ones, so that two articles that both say a word once tend to keep it both
/// (a bottom-k sketch: Cohen & Kaplan 2007, "Summarizing data using bottom-k sketches").
pub(crate) fn read_words<'a>(parts: impl IntoIterator<Item = (Field, &'a str)>) -> ReadWords {
    let mut counts = COUNTS.take();
    let mut words = 0;
    for (field, text) in parts {
        let of_part = each_word(text, |words| add(&mut counts, words, field.weight()));
        words += if field == Field::Body { of_part } else { 0 };
    }
    let (profile, vocabulary) = drain(&mut counts);
    COUNTS.set(counts);
    ReadWords { profile, vocabulary, words }
}

/// What a text is about, alone.
#[cfg(test)]
pub(crate) fn profile<'a>(parts: impl IntoIterator<Item = (Field, &'a str)>) -> Profile {
    read_words(parts).profile
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
    /// Room for what the slots in use hold.
    entries: Vec<u32>,
}

impl Counts {
    fn with_slots(slots: usize) -> Self {
        let room = || vec![0; slots / 2 + 1];
        Self { slots: vec![0; slots], used: room(), len: 0, entries: room() }
    }
}

/// Adds `weight` to each of a few words.
fn add(counts: &mut Counts, words: &[u32], weight: u32) {
    if words.is_empty() {
        return;
    }
    // At most half of the slots are in use, so each search ends.
    while (counts.len + words.len()) * 2 > counts.slots.len() {
        grow(counts);
    }
    let Counts { slots, used, len, .. } = counts;
    let mask = slots.len() - 1;
    for &word in words {
        let mut at = word as usize & mask;
        let slot = loop {
            let slot = slots[at];
            // Zero where the slot is free or the word's: which of the two cannot be guessed, so that no branch asks.
            if u64::from(slot) * u64::from(slot >> (32 - BITS) ^ word) == 0 {
                break slot;
            }
            at = (at + 1) & mask;
        };
        let entry = word << (32 - BITS) | slot;
        slots[at] = entry + weight.min(HEAVIEST - (entry & HEAVIEST));
        used[*len] = at as u32;
        *len += usize::from(slot == 0);
    }
}

/// Makes the table, or doubles it, which most texts never need.
#[cold]
fn grow(counts: &mut Counts) {
    let slots = (counts.slots.len() * 2).max(4096);
    let old = std::mem::replace(counts, Counts::with_slots(slots));
    for at in &old.used[..old.len] {
        let slot = old.slots[*at as usize];
        add(counts, &[slot >> (32 - BITS)], slot & HEAVIEST);
    }
}

/// Empties the table: the heaviest words but stop words, and all words.
fn drain(counts: &mut Counts) -> (Profile, Vocabulary) {
    let stop: &StopWords = &STOP_WORDS;
    let Counts { slots, used, len, entries } = counts;
    let mut kept = 0;
    let words = used[..std::mem::take(len)].iter().map(|place| {
        let entry = std::mem::take(&mut slots[*place as usize]);
        let word = entry >> (32 - BITS);
        entries[kept] = by_weight(entry);
        kept += usize::from(!is_stop_word(stop, word));
        word as u16
    });
    let vocabulary = Vocabulary(words.collect());
    let mut entries = &mut entries[..kept];
    if kept > KEPT {
        entries.select_nth_unstable(KEPT);
        entries = &mut entries[..KEPT];
    }
    entries.iter_mut().for_each(|entry| *entry = by_word(*entry));
    entries.sort_unstable();
    (Profile((*entries).into()), vocabulary)
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
    let mut add = |word: u32| {
        let row = &mut rows[word as usize % 128];
        if let Some(free) = row.iter_mut().find(|place| **place == u32::MAX || **place == word) {
            *free = word;
        }
    };
    each_word(ENGLISH_STOP_WORDS, |words| words.iter().for_each(|word| add(*word)));
    rows
});

fn is_stop_word(stop: &StopWords, word: u32) -> bool {
    // All of a row at once: nearly no word is in it.
    stop[word as usize % 128].iter().fold(false, |found, stop_word| found | (*stop_word == word))
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
