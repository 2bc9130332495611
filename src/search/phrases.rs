//! Titles, names and headings as rows of stems, and the pairs of neighbours in them. Knows no letters.
//!
//! Of very common words the index names only some of the items that hold them. A heading made of nothing but such words would be
//! lost; so pairs of such neighbours are terms of their own, as phrase indexes do it for their commonest words (Williams, Zobel &
//! Bahle 2004, "Fast phrase querying with combined indexes"). <https://doi.org/10.1145/1028099.1028102>

use super::postings::Posting;

/// Phrases one after the other.
#[derive(Debug, Default)]
pub(super) struct Phrases {
    /// The stems of all phrases in a row.
    pub stems: Vec<u32>,
    phrases: Vec<Phrase>,
}

#[derive(Debug)]
struct Phrase {
    item: u32,
    /// Where its stems end; those of the next begin there.
    end: u32,
    heading: u16,
    length: u8,
}

/// How much a pair says about an item in whose title or name it stands, and in one of whose headings.
const IN_TITLE: u32 = 31;
const IN_HEADING: u32 = 20;

impl Phrases {
    /// Ends a phrase: its stems are those added since the last one.
    pub(super) fn end(&mut self, item: u32, heading: u16, length: u8) {
        let end = self.stems.len() as u32;
        self.phrases.push(Phrase { item, end, heading, length });
    }

    /// Every pair of unlike neighbours that are common, with where it stands. `common` gives the numbers of the terms.
    pub(super) fn pairs(&self, common: impl Fn(u32) -> Option<u32>) -> Vec<((u32, u32), Posting)> {
        let (mut pairs, mut start) = (Vec::new(), 0);
        for phrase in &self.phrases {
            let stems = &self.stems[start..phrase.end as usize];
            start = phrase.end as usize;
            let impact = if phrase.heading == 0 { IN_TITLE } else { IN_HEADING };
            for neighbours in stems.windows(2) {
                if let (Some(one), Some(other)) = (common(neighbours[0]), common(neighbours[1]))
                    && one != other
                {
                    pairs.push(((one, other), Posting::new(phrase.item, impact, phrase.heading, phrase.length)));
                }
            }
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_paired_within_a_phrase() {
        let mut phrases = Phrases::default();
        phrases.stems.extend([1, 2, 2, 9, 1]);
        phrases.end(5, 0, 3);
        phrases.stems.extend([2, 1]);
        phrases.end(5, 3, 2);
        let pairs = phrases.pairs(|stem| (stem < 9).then_some(stem * 10));
        let title = Posting::new(5, IN_TITLE, 0, 3);
        assert_eq!(pairs, [((10, 20), title), ((20, 10), Posting::new(5, IN_HEADING, 3, 2))]);
    }
}
