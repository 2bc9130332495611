//! Related topics: which articles each article points its readers to, and why; it never looks at
//! every pair of articles and never decides what may be seen.
//!
//! What the author pinned comes first. The other places go to the articles most alike by tags,
//! category, text and glossary terms, but not to two that say the same; and every article is shown
//! by some other one.

mod candidates;
mod frequencies;
mod index;
mod lists;
mod orphans;
mod vectors;

#[cfg(test)]
mod tests;

use candidates::{Scratch, find_candidates, in_parallel, is_like_any, parts};
use index::Index;
pub(crate) use vectors::{Features, word_vectors};

/// From this cosine on two texts are taken to say the same.
const TWINS: f32 = 0.6;

/// Candidates looked at closely beyond two for each card: first, and where too many of them say the
/// same.
const SPARE: [usize; 2] = [2, 64];

/// What the scoring needs to know of one article. Its place in the slice is its identity, and
/// breaks ties: of equals, the next ones in the order of the slice are shown, going round the end,
/// so that equals share the links.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    /// Its tags, by any numbers.
    pub tags: &'a [u32],
    /// Its category, by any number.
    pub category: Option<u32>,
    /// The glossary terms it mentions, by any numbers.
    pub terms: &'a [u32],
    /// The articles to show first, in this order.
    pub pinned: &'a [u32],
    /// The articles never to show, pinned or not.
    pub excluded: &'a [u32],
    /// Plain pages are not eligible: they are not shown, and show nothing.
    pub eligible: bool,
}

/// One related topic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Related {
    /// The article to show.
    pub article: u32,
    /// Whether the author asked for it.
    pub pinned: bool,
    /// How alike it is.
    pub parts: Parts,
}

/// Why two articles are related; each part is zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Parts {
    /// Shared tags, rare ones more: up to 0.25.
    pub tags: f32,
    /// The same category: 0.05.
    pub category: f32,
    /// Shared words, rare ones more: up to 0.5.
    pub text: f32,
    /// Shared glossary terms, rare ones more: up to 0.2.
    pub glossary: f32,
}

impl Parts {
    /// The whole score, at most 1.
    pub(crate) fn total(&self) -> f32 {
        self.tags + self.category + self.text + self.glossary
    }
}

/// Chooses the related topics of every article: all that are pinned, then as many as there are up
/// to `count` in all. `words` are the [`word_vectors`] of the same articles.
///
/// The unpinned ones are in the order of their score, but for the last places: one that says the
/// same as another comes after those that do not, and an article nobody else shows gets the last
/// place of the one most like it.
pub(crate) fn related(subjects: &[Subject<'_>], words: Features, count: usize) -> Vec<Vec<Related>> {
    let count = count.min(subjects.len());
    let index = Index::new(subjects, words);
    let order = index.alike_together();
    let cards_in_order =
        in_parallel(&index, &order, |scratch, article| cards_of(subjects, &index, article, count, scratch));
    let mut cards = vec![Vec::new(); subjects.len()];
    for (article, of_article) in order.iter().zip(cards_in_order) {
        cards[*article as usize] = of_article;
    }
    if count > 0 {
        orphans::adopt(subjects, &index, &order, count, &mut cards);
    }
    cards
}

/// The cards of one article by itself.
fn cards_of(
    subjects: &[Subject<'_>],
    index: &Index,
    article: u32,
    count: usize,
    scratch: &mut Scratch,
) -> Vec<Related> {
    let subject = &subjects[article as usize];
    let mut cards = Vec::new();
    if subject.eligible {
        cards.reserve_exact(count);
        pin(subjects, index, article, scratch, &mut cards);
        let free = count.saturating_sub(cards.len());
        fill(index, article, [subject.pinned, subject.excluded], free, scratch, &mut cards);
    }
    cards
}

/// Adds the cards the author asked for.
fn pin(subjects: &[Subject<'_>], index: &Index, article: u32, scratch: &mut Scratch, cards: &mut Vec<Related>) {
    let Subject { pinned, excluded, .. } = subjects[article as usize];
    for &other in pinned {
        let may_be_seen = subjects.get(other as usize).is_some_and(|other| other.eligible);
        let is_there = cards.iter().any(|card| card.article == other);
        if may_be_seen && !is_there && other != article && !excluded.contains(&other) {
            cards.push(Related { article: other, pinned: true, parts: parts(index, article, other, scratch) });
        }
    }
}

/// Adds up to `free` cards: the best candidates, twins of a card before them last.
///
/// This is the maximal marginal relevance of Carbonell & Goldstein 1998, "The use of MMR,
/// diversity-based reranking", with a likeness to what is already chosen that counts all or
/// nothing, so that every order can be explained.
fn fill(
    index: &Index,
    article: u32,
    barred: [&[u32]; 2],
    free: usize,
    scratch: &mut Scratch,
    cards: &mut Vec<Related>,
) {
    if free == 0 {
        return;
    }
    let (pinned, full) = (cards.len(), cards.len() + free);
    let mut twins = Vec::new();
    for spare in SPARE {
        cards.truncate(pinned);
        twins.clear();
        find_candidates(index, article, barred, 2 * free + spare, scratch);
        for place in 0..scratch.found.len() {
            if cards.len() == full {
                return;
            }
            let (_, candidate) = scratch.found[place];
            let to = if is_twin(index, cards, candidate.article, scratch) { &mut twins } else { &mut *cards };
            to.push(candidate);
        }
        // Only where twins were passed over is there more to look for.
        if twins.is_empty() || cards.len() == full {
            return;
        }
    }
    twins.truncate(full - cards.len());
    cards.append(&mut twins);
}

/// Whether `article` says the same as one of `cards`.
fn is_twin(index: &Index, cards: &[Related], article: u32, scratch: &mut Scratch) -> bool {
    !cards.is_empty() && is_like_any(index, article, cards, TWINS, scratch)
}
