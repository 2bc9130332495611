//! What an article has, as numbered features with weights: words, glossary terms, tags and its
//! category; it never compares two articles.
//!
//! How alike two articles are is the dot product of their vectors. The weights of each kind of
//! feature are such that its part of the product has a fixed greatest value.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Subject;
use super::frequencies::{Words, document_frequencies};
use super::lists::Lists;
use crate::content::Profile;

/// What all the words, the tags, the glossary terms and the category can add to a score; together
/// 1.
pub(super) const TEXT: f32 = 0.5;
const TAGS: f32 = 0.25;
const GLOSSARY: f32 = 0.2;
pub(super) const CATEGORY: f32 = 0.05;

/// Words of an article that are compared: its heaviest.
const HEAVIEST: usize = 24;

/// The feature of all words that only one article says.
const LONE: u32 = u32::MAX;

/// The features of one kind.
pub(crate) struct Features {
    /// How many there are.
    pub(super) count: u32,
    /// Those that each article has.
    pub(super) vectors: Lists,
}

/// The words, weighted by tf-idf with logarithmic term frequency (Salton & Buckley 1988,
/// "Term-weighting approaches in automatic text retrieval"). An article that is not eligible has no
/// profile, and no words.
pub(crate) fn word_vectors(profiles: &[Option<&Profile>]) -> Features {
    let articles = profiles.iter().flatten().count();
    let (count, features) = word_features(document_frequencies(profiles), articles);
    let damped: Vec<f32> = (0..256).map(|said: u16| 1.0 + ln(f32::from(said.max(1)))).collect();
    let weighted = |(word, said): (u32, u32)| {
        let (feature, rarity) = *features.get(word)?;
        Some((feature, damped[(said as usize).min(damped.len() - 1)] * rarity))
    };
    let vectors = profiles.par_chunks(256).map(|profiles| {
        let (mut vectors, mut shared, mut squares) = (Lists::new(), Vec::new(), Vec::new());
        for profile in profiles {
            shared.clear();
            squares.clear();
            let words = profile.iter().flat_map(|profile| profile.words());
            for (feature, weight) in words.filter_map(weighted) {
                if feature == LONE {
                    squares.push(weight * weight);
                } else {
                    shared.push(u64::from(weight.to_bits()) << 32 | u64::from(feature));
                }
            }
            vectors.entries.extend(heaviest(&mut shared, &mut squares));
            vectors.end_list();
        }
        vectors
    });
    Features { count, vectors: Lists::joined(&vectors.collect::<Vec<_>>()) }
}

/// The feature and the rarity of each word, and how many features there are. A word that only one
/// article says leads nowhere and is no feature; one that most say tells nothing, and is none.
fn word_features(frequencies: Words<u32>, articles: usize) -> (u32, Words<(u32, f32)>) {
    let common = (articles / 2).max(8) as u32;
    let mut count = 0;
    let features = frequencies.map(|frequency| match frequency {
        1 => (LONE, rarity(1, articles)),
        frequency if frequency > common => (LONE, 0.0),
        frequency => {
            count += 1;
            (count - 1, rarity(frequency as usize, articles))
        }
    });
    (count, features)
}

/// The heaviest words, in the order of features, divided by the length of the vector. A word is
/// given by the bits of its weight, whose order is that of the weights, above its feature.
///
/// The length counts the words that nobody else says too, given by their squares: else two articles
/// would seem to say the same for sharing the few words that they do not have for themselves.
fn heaviest(words: &mut Vec<u64>, squares: &mut Vec<f32>) -> impl Iterator<Item = (u32, f32)> {
    if words.len() > HEAVIEST {
        words.select_nth_unstable_by_key(HEAVIEST, |word| !word);
        words.truncate(HEAVIEST);
    }
    words.iter_mut().for_each(|word| *word = word.rotate_left(32));
    words.sort_unstable();
    let weight = |word: &u64| f32::from_bits(*word as u32);
    squares.extend(words.iter().map(|word| weight(word) * weight(word)));
    if squares.len() > HEAVIEST {
        squares.sort_unstable_by_key(|square| !square.to_bits());
        squares.truncate(HEAVIEST);
    }
    let scale = (TEXT / squares.iter().sum::<f32>()).sqrt();
    words.iter().map(move |word| ((word >> 32) as u32, weight(word) * scale))
}

/// The glossary terms.
pub(super) fn term_vectors(subjects: &[Subject<'_>], articles: usize) -> Features {
    set_vectors(subjects, articles, GLOSSARY, |subject| subject.terms)
}

/// The tags.
pub(super) fn tag_vectors(subjects: &[Subject<'_>], articles: usize) -> Features {
    set_vectors(subjects, articles, TAGS, |subject| subject.tags)
}

/// Tags or glossary terms: what two articles share, each by its rarity,
/// over the geometric mean of what either has. Either counts one more than it has, so that one
/// common tag, shared by two articles that have no other, is not everything.
fn set_vectors(
    subjects: &[Subject<'_>],
    articles: usize,
    share: f32,
    members: impl for<'s> Fn(&'s Subject<'_>) -> &'s [u32],
) -> Features {
    let Features { count, mut vectors } = numbered(subjects, members);
    let holders = vectors.transposed(count);
    let most = rarity(1, articles);
    let rarities: Vec<f32> =
        holders.rows().map(|number| rarity(holders.range(number).len(), articles) / most).collect();
    for article in vectors.rows() {
        let range = vectors.range(article);
        let features = &mut vectors.entries[range];
        let sum: f32 = features.iter().map(|(number, _)| rarities[*number as usize]).sum();
        for (number, weight) in features {
            *weight = (share * rarities[*number as usize] / (1.0 + sum)).sqrt();
        }
    }
    Features { count, vectors }
}

/// The category, an article's only feature of its kind.
pub(super) fn category_vectors(subjects: &[Subject<'_>]) -> Features {
    let mut categories = numbered(subjects, |subject| subject.category.as_slice());
    categories.vectors.entries.iter_mut().for_each(|(_, weight)| *weight = CATEGORY.sqrt());
    categories
}

/// Gives tags and the like numbers without gaps, in the order they are met, and each article its
/// own, each once; the weights are still to come.
fn numbered(subjects: &[Subject<'_>], members: impl for<'s> Fn(&'s Subject<'_>) -> &'s [u32]) -> Features {
    let (mut numbers, mut vectors) = (FxHashMap::default(), Lists::new());
    for subject in subjects {
        let start = vectors.entries.len();
        for member in members(subject).iter().filter(|_| subject.eligible) {
            let next = numbers.len() as u32;
            let number = *numbers.entry(*member).or_insert(next);
            if !vectors.entries[start..].iter().any(|(known, _)| *known == number) {
                vectors.entries.push((number, 0.0));
            }
        }
        vectors.entries[start..].sort_unstable_by_key(|(number, _)| *number);
        vectors.end_list();
    }
    Features { count: numbers.len() as u32, vectors }
}

/// The rarer what `frequency` of all `articles` hold, the more it says: inverse document frequency
/// (Spärck Jones 1972, "A statistical interpretation of term specificity"), with one article more
/// so that it is never nothing.
fn rarity(frequency: usize, articles: usize) -> f32 {
    ln((articles + 1) as f32 / frequency.max(1) as f32)
}

/// The natural logarithm of a positive number, to six digits. `f32::ln` may differ between
/// platforms; sums and products do not. The mantissa m gives 2 artanh((m - 1) / (m + 1)), whose
/// series ends soon for m near 1.
fn ln(value: f32) -> f32 {
    let bits = value.to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let mantissa = f32::from_bits(bits & 0x007F_FFFF | 0x3F80_0000);
    let (exponent, mantissa) = if mantissa > 1.414 { (exponent + 1, mantissa / 2.0) } else { (exponent, mantissa) };
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = 1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square / 9.0)));
    exponent as f32 * std::f32::consts::LN_2 + 2.0 * t * series
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_logarithm_is_right() {
        for value in [1.0f32, 1.5, 2.0, 3.0, 6.0, 10.5, 1000.0, 100_001.0, 1.000_01] {
            assert!((super::ln(value) - value.ln()).abs() <= 2e-6 * value.ln().max(1.0), "{value}");
        }
    }
}
