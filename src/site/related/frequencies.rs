//! How many articles say each word; it never looks at how often.

use rayon::prelude::*;

use crate::content::Profile;

/// A hash table by words, which are hashes themselves: it needs room for the words that occur, not
/// for all there may be.
#[derive(Default)]
pub(super) struct Words<T> {
    /// For each slot, one more than the place of its word among the known; zero if free. At most
    /// half are in use.
    slots: Vec<u32>,
    /// Each word, in the order in which they were added.
    known: Vec<(u32, T)>,
}

impl<T> Words<T> {
    /// What is known of a word.
    pub(super) fn get(&self, word: u32) -> Option<&T> {
        let place = *self.slots.get(self.slot(word))? as usize;
        Some(&self.known.get(place.checked_sub(1)?)?.1)
    }

    /// The same words with something else, made in their order.
    pub(super) fn map<U>(self, mut change: impl FnMut(T) -> U) -> Words<U> {
        let known = self.known.into_iter().map(|(word, value)| (word, change(value))).collect();
        Words { slots: self.slots, known }
    }

    /// The slot of a word, or the free one for it.
    fn slot(&self, word: u32) -> usize {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = word as usize & mask;
        while let Some(place) = self.slots.get(slot).and_then(|slot| slot.checked_sub(1)) {
            if self.known[place as usize].0 == word {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 4).max(1024)];
        for place in 0..self.known.len() {
            let slot = self.slot(self.known[place].0);
            self.slots[slot] = place as u32 + 1;
        }
    }
}

/// Adds articles to those that say a word.
fn add(frequencies: &mut Words<u32>, word: u32, articles: u32) {
    if frequencies.known.len() * 2 >= frequencies.slots.len() {
        frequencies.grow();
    }
    let slot = frequencies.slot(word);
    match frequencies.slots[slot] {
        0 => {
            frequencies.known.push((word, articles));
            frequencies.slots[slot] = frequencies.known.len() as u32;
        }
        place => frequencies.known[place as usize - 1].1 += articles,
    }
}

/// Counts on as many threads as there are. The parts are added in the order of the site, so that
/// the order of words is the same for any number.
pub(super) fn document_frequencies(profiles: &[Option<&Profile>]) -> Words<u32> {
    let count = |profiles: &[Option<&Profile>]| {
        let mut frequencies = Words::default();
        for (word, _) in profiles.iter().flatten().flat_map(|profile| profile.words()) {
            add(&mut frequencies, word, 1);
        }
        frequencies
    };
    let join = |mut some: Words<u32>, more: Words<u32>| {
        more.known.iter().for_each(|(word, articles)| add(&mut some, *word, *articles));
        some
    };
    let size = profiles.len().div_ceil(rayon::current_num_threads()).max(1024);
    profiles.par_chunks(size).map(count).reduce_with(join).unwrap_or_default()
}
