//! The articles most like one article, found through what it shares with them; it knows nothing of
//! pins and places.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::index::{Index, REACH};
use super::{Parts, Related};

/// The score of an article that must not be found; whatever is added to it, it stays.
const BARRED: f32 = f32::NEG_INFINITY;

/// The score of an article that was met, but has earned nothing yet. It vanishes in any sum.
const MET: f32 = f32::MIN_POSITIVE;

/// Articles that a tag or term leads to that more than [`REACH`] have: so common a one says too
/// little to follow it further.
const SAMPLE: usize = 8;

/// Articles that a thread works on in one go.
const CHUNK: usize = 64;

/// Room to work in, as large as the site; empty between two uses, but for what was found.
pub(super) struct Scratch {
    /// Of each article, what it has earned so far; zero for one not met.
    scores: Vec<f32>,
    /// The articles met, and room for all.
    met: Vec<u32>,
    len: usize,
    /// Of each feature, its weight in the article that others are compared with; all zero between two comparisons.
    weights: Vec<f32>,
    ranks: Vec<u64>,
    /// The candidates that were found last, each with its rank.
    pub(super) found: Vec<(u64, Related)>,
}

impl Scratch {
    pub(super) fn new(index: &Index) -> Self {
        Self {
            scores: vec![0.0; index.articles()],
            met: vec![0; index.articles() + 1],
            len: 0,
            weights: vec![0.0; index.features()],
            ranks: Vec::new(),
            found: Vec::new(),
        }
    }
}

/// What `work` makes of each of `articles`, in their order.
///
/// Threads hand their room on from chunk to chunk: with a new one each time, the work would grow with the square of the site.
pub(super) fn in_parallel<T: Send>(
    index: &Index,
    articles: &[u32],
    work: impl Fn(&mut Scratch, u32) -> T + Sync,
) -> Vec<T> {
    let free = Mutex::new(Vec::new());
    let free = || free.lock().unwrap_or_else(PoisonError::into_inner);
    let of_chunk = |chunk: &[u32]| {
        let unused = free().pop();
        let mut scratch = unused.unwrap_or_else(|| Scratch::new(index));
        let found: Vec<T> = chunk.iter().map(|article| work(&mut scratch, *article)).collect();
        free().push(scratch);
        found
    };
    let found: Vec<Vec<T>> = articles.par_chunks(CHUNK).with_max_len(1).map(of_chunk).collect();
    found.into_iter().flatten().collect()
}

/// Finds up to `limit` articles for `article`, the most alike first, none of them `barred`. There
/// are fewer only where the whole site has no more. They are what the scratch has found.
///
/// What is shared is first added up for all that are met, tags and category at a glance and common
/// words only where they weigh most; then the best are scored in full.
pub(super) fn find_candidates(index: &Index, article: u32, barred: [&[u32]; 2], limit: usize, scratch: &mut Scratch) {
    let barred = || barred.into_iter().flatten().copied().chain([article]);
    mark(scratch, barred(), BARRED);
    meet(index, article, scratch);
    if scratch.len < limit {
        meet_more(index, article, limit, scratch);
    }
    shortlist(index, article, limit, scratch);
    mark(scratch, barred(), 0.0);
    for met in &scratch.met[..std::mem::take(&mut scratch.len)] {
        scratch.scores[*met as usize] = 0.0;
    }
    score_in_full(index, article, scratch);
}

/// The parts of the score of two articles.
pub(super) fn parts(index: &Index, one: u32, other: u32, scratch: &mut Scratch) -> Parts {
    let weights = &mut scratch.weights;
    spread(index.features_of(one), weights, |weight| weight);
    let parts = index.parts(weights, other);
    spread(index.features_of(one), weights, |_| 0.0);
    parts
}

/// Whether the text of `article` is as like that of one of the others as the cosine says.
pub(super) fn is_like_any(
    index: &Index,
    article: u32,
    others: &[Related],
    cosine: f32,
    Scratch { weights, .. }: &mut Scratch,
) -> bool {
    spread(index.words_of(article), weights, |weight| weight);
    let is_like = others.iter().any(|other| index.cosine(weights, other.article) >= cosine);
    spread(index.words_of(article), weights, |_| 0.0);
    is_like
}

fn mark(scratch: &mut Scratch, articles: impl Iterator<Item = u32>, score: f32) {
    for article in articles {
        if let Some(place) = scratch.scores.get_mut(article as usize) {
            *place = score;
        }
    }
}

/// Adds `score` to an article and notes when it is met for the first time; without a branch, which
/// could not be guessed.
#[inline]
fn earn(scratch: &mut Scratch, article: u32, score: f32) {
    let place = &mut scratch.scores[article as usize];
    scratch.met[scratch.len] = article;
    scratch.len += usize::from(*place == 0.0);
    *place += score;
}

/// Meets articles that share a feature, for what it is worth; a common tag is worth nothing yet.
fn meet(index: &Index, article: u32, scratch: &mut Scratch) {
    for &(feature, weight) in index.features_of(article) {
        if index.is_category(feature) {
            return;
        }
        let seen_at_a_glance = index.is_common_tag(feature);
        for list in nearest(index.holders(feature), article, index.articles()) {
            for &(other, other_weight) in list {
                let earned = if seen_at_a_glance { MET } else { weight * other_weight };
                earn(scratch, other, earned);
            }
        }
    }
}

/// All holders of a feature, or if they are many, a few at about the same place of their order as
/// `article` has in the order of the site, going round the end: so everybody is led to somebody
/// else.
fn nearest(holders: &[(u32, f32)], article: u32, articles: usize) -> [&[(u32, f32)]; 2] {
    if holders.len() <= REACH {
        return [holders, &[]];
    }
    let start = article as usize * holders.len() / articles;
    let wrapped = (start + SAMPLE).saturating_sub(holders.len());
    [&holders[start..(start + SAMPLE).min(holders.len())], &holders[..wrapped]]
}

/// Meets articles of the same category, then of the same tags, then any, until `limit` are met;
/// those that follow in the order of the site first.
fn meet_more(index: &Index, article: u32, limit: usize, scratch: &mut Scratch) {
    let features = index.features_of(article).iter().rev().map(|(feature, _)| *feature);
    let shared = features.take_while(|feature| index.is_category(*feature) || index.is_tag(*feature));
    let groups = shared.map(|feature| index.holders(feature)).chain([&*index.everyone]);
    for group in groups {
        let (before, after) = group.split_at(group.partition_point(|(other, _)| *other <= article));
        for (other, _) in after.iter().chain(before) {
            if scratch.len >= limit {
                return;
            }
            if scratch.scores[*other as usize] == 0.0 {
                earn(scratch, *other, MET);
            }
        }
    }
}

/// A number that is greater the more `other` earned, and among equals the sooner it follows
/// `article`.
fn rank(article: u32, other: u32, articles: usize, score: f32) -> u64 {
    // A score is never below zero, and the bits of such numbers are in their order.
    let ahead = if other > article { other - article } else { articles as u32 - article + other };
    u64::from(score.to_bits()) << 32 | u64::from(!ahead)
}

/// The article a rank was made for.
fn ranked(article: u32, rank: u64, articles: usize) -> u32 {
    ((u64::from(article) + u64::from(!(rank as u32))) % articles as u64) as u32
}

/// Leaves the ranks of the best `limit` articles met, in no order.
fn shortlist(index: &Index, article: u32, limit: usize, scratch: &mut Scratch) {
    let Scratch { scores, met, len, ranks, .. } = scratch;
    // Looking at an article costs more than adding up what it earned, so only one in many is looked
    // at.
    let (some, mut least) = (3 * limit, 0);
    ranks.clear();
    for &other in &met[..*len] {
        let rank = rank(article, other, index.articles(), scores[other as usize]);
        if rank > least {
            ranks.push(rank);
            if ranks.len() >= 2 * some {
                least = cut(ranks, some);
            }
        }
    }
    cut(ranks, some);
    for place in ranks.iter_mut() {
        let other = ranked(article, *place, index.articles());
        *place = rank(article, other, index.articles(), scores[other as usize] + index.glance(article, other));
    }
    cut(ranks, limit);
}

/// Keeps the greatest `limit` ranks; returns the least of them.
fn cut(ranks: &mut Vec<u64>, limit: usize) -> u64 {
    if ranks.len() <= limit || limit == 0 {
        return 0;
    }
    let (_, &mut least, _) = ranks.select_nth_unstable_by_key(limit - 1, |rank| !rank);
    ranks.truncate(limit);
    least
}

/// Scores the shortlist in full and puts it in order.
fn score_in_full(index: &Index, article: u32, scratch: &mut Scratch) {
    let Scratch { weights, ranks, found, .. } = scratch;
    spread(index.features_of(article), weights, |weight| weight);
    found.clear();
    found.extend(ranks.iter().map(|&old| {
        let other = ranked(article, old, index.articles());
        let parts = index.parts(weights, other);
        let rank = rank(article, other, index.articles(), parts.total());
        (rank, Related { article: other, pinned: false, parts })
    }));
    spread(index.features_of(article), weights, |_| 0.0);
    found.sort_unstable_by_key(|(rank, _)| !rank);
}

/// Sets the weights of features.
fn spread(features: &[(u32, f32)], weights: &mut [f32], weight: impl Fn(f32) -> f32) {
    for (feature, value) in features {
        weights[*feature as usize] = weight(*value);
    }
}
