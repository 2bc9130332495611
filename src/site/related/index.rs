//! Which articles share what, so that scoring visits only those that share something; it never
//! chooses what is shown.
//!
//! All sums run in the order of features, so `a` is as like `b` as `b` is like `a`, to the last
//! bit.

use rayon::prelude::*;

use super::lists::Lists;
use super::vectors::{CATEGORY, Features, TEXT, category_vectors, tag_vectors, term_vectors};
use super::{Parts, Subject};

/// Articles that one feature leads to. It bounds the work for an article, however common its words
/// and tags.
pub(super) const REACH: usize = 32;

/// All features of all articles; those of articles that are not eligible are left out.
pub(super) struct Index {
    /// The features of each article: words, glossary terms, tags, category.
    vectors: Lists,
    /// The feature after the last of each kind.
    ends: [u32; 4],
    /// The articles of each feature; of a word only its champions.
    holders: Lists,
    /// The articles that may be shown.
    pub(super) everyone: Vec<(u32, f32)>,
    badges: Vec<Badge>,
}

/// What tells at one look how much the common tags and the category of two articles are worth to
/// each other, nearly.
#[derive(Clone, Copy, Default)]
struct Badge {
    /// A bit for each common tag; exact up to 64 tags.
    tags: u64,
    /// The mean weight of the common tags.
    weight: f32,
    /// Different for each category, 0 for none.
    category: u32,
}

impl Index {
    /// Gathers the features of all articles, whose words are at hand.
    pub(super) fn new(subjects: &[Subject<'_>], words: Features) -> Self {
        let eligible = (0..).zip(subjects).filter(|(_, subject)| subject.eligible);
        let everyone: Vec<(u32, f32)> = eligible.map(|(article, _)| (article, 0.0)).collect();
        let articles = everyone.len();
        let (terms, (tags, categories)) = rayon::join(
            || term_vectors(subjects, articles),
            || (tag_vectors(subjects, articles), category_vectors(subjects)),
        );
        let kinds = [words, terms, tags, categories];
        let mut ends = kinds.each_ref().map(|kind| kind.count);
        for kind in 1..ends.len() {
            ends[kind] += ends[kind - 1];
        }
        let vectors = side_by_side(&kinds.map(|kind| kind.vectors), ends, subjects.len());
        let holders = champions(&vectors.transposed(ends[3]), ends[0]);
        let badges = vec![Badge::default(); subjects.len()];
        let mut index = Self { vectors, ends, holders, everyone, badges };
        index.badges = index.vectors.rows().into_par_iter().map(|article| badge(&index, article)).collect();
        index
    }

    /// How many articles there are, eligible or not.
    pub(super) fn articles(&self) -> usize {
        self.badges.len()
    }

    /// How many features there are.
    pub(super) fn features(&self) -> usize {
        self.ends[3] as usize
    }

    /// All articles, those about the same next to each other, as far as a look at their heaviest
    /// words tells. Worked on in this order they meet the same others, which are then still in the
    /// processor's cache: a matter of speed alone.
    pub(super) fn alike_together(&self) -> Vec<u32> {
        let leading_word = |article| {
            let words = || self.words_of(article).iter();
            let heavy = words().fold(0.0f32, |most, (_, weight)| most.max(*weight)) / 2.0;
            let heavy_words = words().filter(|(_, weight)| *weight >= heavy);
            heavy_words.map(|(word, _)| (self.holders(*word).len(), *word)).max()
        };
        let mut order: Vec<_> =
            self.vectors.rows().into_par_iter().map(|article| (leading_word(article), article)).collect();
        order.par_sort_unstable();
        order.into_iter().map(|(_, article)| article).collect()
    }

    /// The features of an article.
    pub(super) fn features_of(&self, article: u32) -> &[(u32, f32)] {
        self.vectors.get(article)
    }

    /// The articles that have `feature`, in order; those that say a word most, if many say it.
    pub(super) fn holders(&self, feature: u32) -> &[(u32, f32)] {
        self.holders.get(feature)
    }

    /// Whether a feature is a tag.
    pub(super) fn is_tag(&self, feature: u32) -> bool {
        (self.ends[1]..self.ends[2]).contains(&feature)
    }

    /// Whether a feature is a tag that many articles have.
    pub(super) fn is_common_tag(&self, feature: u32) -> bool {
        self.is_tag(feature) && self.holders(feature).len() > REACH
    }

    /// Whether a feature is a category.
    pub(super) fn is_category(&self, feature: u32) -> bool {
        feature >= self.ends[2]
    }

    /// How alike two articles are, part by part, from the weights of all features in one of them.
    pub(super) fn parts(&self, weights: &[f32], other: u32) -> Parts {
        let mut features = self.vectors.get(other).iter().peekable();
        let [text, glossary, tags, category] = self.ends.map(|end| {
            let mut sum = 0.0;
            while let Some((feature, weight)) = features.next_if(|(feature, _)| *feature < end) {
                sum += weight * weights[*feature as usize];
            }
            sum
        });
        Parts { tags, category, text, glossary }
    }

    /// The words of an article.
    pub(super) fn words_of(&self, article: u32) -> &[(u32, f32)] {
        let features = self.features_of(article);
        &features[..features.partition_point(|(feature, _)| *feature < self.ends[0])]
    }

    /// The cosine of the texts of two articles, from the weights of all words in one of them.
    pub(super) fn cosine(&self, weights: &[f32], other: u32) -> f32 {
        let product = |(word, weight): &(u32, f32)| weight * weights[*word as usize];
        self.words_of(other).iter().map(product).sum::<f32>() / TEXT
    }

    /// What common tags and category add to the score of two articles, nearly.
    pub(super) fn glance(&self, one: u32, other: u32) -> f32 {
        let (one, other) = (&self.badges[one as usize], &self.badges[other as usize]);
        let tags = (one.tags & other.tags).count_ones() as f32 * one.weight * other.weight;
        let same_category = (one.category == other.category) & (one.category != 0);
        tags + if same_category { CATEGORY } else { 0.0 }
    }
}

/// Puts the vectors of each kind behind each other, their features numbered on.
fn side_by_side(kinds: &[Lists; 4], ends: [u32; 4], articles: usize) -> Lists {
    let of_some = |articles: &[u32]| {
        let mut some = Lists::new();
        for &article in articles {
            for (kind, first) in kinds.iter().zip([0, ends[0], ends[1], ends[2]]) {
                some.entries.extend(kind.get(article).iter().map(|(feature, weight)| (first + feature, *weight)));
            }
            some.end_list();
        }
        some
    };
    let articles: Vec<u32> = (0..articles as u32).collect();
    Lists::joined(&articles.par_chunks(256).map(of_some).collect::<Vec<_>>())
}

/// Of the holders of a word, if many, the heaviest: the champion lists of Manning, Raghavan &
/// Schütze 2008, "Introduction to information retrieval", §7.1.3.
fn champions(holders: &Lists, words: u32) -> Lists {
    let of_some = |features: &[u32]| {
        let (mut kept, mut list) = (Lists::new(), Vec::new());
        for &feature in features {
            list.clear();
            list.extend_from_slice(holders.get(feature));
            if feature < words && list.len() > REACH {
                list.select_nth_unstable_by_key(REACH, |(article, weight)| (!weight.to_bits(), *article));
                list.truncate(REACH);
                list.sort_unstable_by_key(|(article, _)| *article);
            }
            kept.entries.extend_from_slice(&list);
            kept.end_list();
        }
        kept
    };
    let features: Vec<u32> = holders.rows().collect();
    Lists::joined(&features.par_chunks(1024).map(of_some).collect::<Vec<_>>())
}

fn badge(index: &Index, article: u32) -> Badge {
    let features = index.features_of(article);
    let tags = || features.iter().filter(|(feature, _)| index.is_common_tag(*feature));
    Badge {
        tags: tags().fold(0, |bits, (tag, _)| bits | 1 << (tag % 64)),
        weight: tags().map(|(_, weight)| weight).sum::<f32>() / tags().count().max(1) as f32,
        category: features.last().map_or(0, |(last, _)| if index.is_category(*last) { *last + 1 } else { 0 }),
    }
}
