//! Which items hold a term, and how much it says about each; of many, those about which it says most. Knows no letters.

/// That an item holds a term, as one number: the greater it is, the sooner it is kept. How much is said stands at the top, then
/// the item (a lower number is greater), then the place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u64);

/// Steps in which it is told how much a word says about an item, while counting. The index tells fewer.
pub(super) const IMPACTS: u32 = 32;
/// Up to this an item merely mentions a word in its text.
const MENTIONED: u32 = 8;
/// Steps of counting in a step of the index.
const STEP: u32 = 3;

/// Lengths of headings that are told: what is longer is as long as this.
pub(super) const LONGEST: u8 = 15;

const IMPACT_AT: u32 = 59;
const ITEM_AT: u32 = 27;
const HEADING_AT: u32 = 4;

impl Posting {
    /// `impact` is 1 to [`IMPACTS`] - 1; `heading` is 0 for the title with its other names; `length` is the number of words in
    /// the title or heading that says the term itself, 0 where it stands below.
    pub(super) fn new(item: u32, impact: u32, heading: u16, length: u8) -> Self {
        let place = u64::from(heading) << HEADING_AT | u64::from(length.min(LONGEST));
        Self(u64::from(impact) << IMPACT_AT | u64::from(!item) << ITEM_AT | place)
    }

    /// The number of the item.
    pub(super) fn item(self) -> u32 {
        !((self.0 >> ITEM_AT) as u32)
    }

    fn impact(self) -> u32 {
        (self.0 >> IMPACT_AT) as u32
    }

    fn place(self) -> u32 {
        self.0 as u32 & ((1 << ITEM_AT) - 1)
    }

    /// Whether the item does more than mention the term in its text.
    pub(super) fn names(self) -> bool {
        self.impact() > MENTIONED
    }

    /// What the index tells of it besides its item: `(heading × 16 + length) × 8 + how much is said` where the item names the
    /// term, `heading × 3 + how much is said` where it mentions it.
    pub(super) fn code(self) -> u32 {
        if self.names() {
            self.place() * 8 + (self.impact() - MENTIONED - 1) / STEP
        } else {
            (self.place() >> HEADING_AT) * 3 + (self.impact().max(1) - 1) / STEP
        }
    }
}

/// Postings that are kept of one term: of items that name it in a title, name, heading or description, and of others. Fewer on
/// a large site, where enough is said elsewhere and pieces would grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    pub naming: usize,
    pub others: usize,
}

impl Most {
    /// For a site of so many items.
    pub(super) fn of(items: usize) -> Self {
        let share = |postings: usize, least: usize| (postings / items.max(1)).clamp(least, 1_000);
        Self { naming: share(3_000_000, 256), others: share(320_000, 32) }
    }
}

/// The postings of one term. Memory stays bounded while they are collected: what cannot be among the best is let go.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    /// Items that hold the term, kept or not.
    pub items: u32,
    /// Postings of items that name it, kept or not.
    pub named: u32,
    /// The same of items that only mention it.
    mentioned: u32,
    naming: Best,
    others: Best,
}

/// The best postings of some kind, and some that may be.
#[derive(Clone, Debug, Default)]
struct Best {
    list: Vec<Posting>,
    /// As many as are kept are greater than this.
    floor: Posting,
}

impl Postings {
    /// Adds one.
    pub(super) fn push(&mut self, posting: Posting, most: Most) {
        if posting.names() {
            self.named += 1;
            self.naming.push(posting, most.naming);
        } else {
            self.mentioned += 1;
            self.others.push(posting, most.others);
        }
    }

    /// How many of one term will be kept from several lists, however they are spread over these.
    pub(super) fn len<'a>(lists: impl Iterator<Item = &'a Self>, most: Most) -> usize {
        let (mut named, mut mentioned) = (0, 0);
        for list in lists {
            named += list.named as usize;
            mentioned += list.mentioned as usize;
        }
        named.min(most.naming) + mentioned.min(most.others)
    }

    /// The kept ones of one term from several lists, those of items that name it first, each in the order of items; and how many
    /// items hold it.
    pub(super) fn kept<'a>(lists: impl Iterator<Item = &'a Self>, most: Most) -> (u32, [Vec<Posting>; 2]) {
        let (mut items, mut kept, mut others) = (0, Vec::new(), Vec::new());
        for list in lists {
            items += list.items;
            kept.extend_from_slice(&list.naming.list);
            others.extend_from_slice(&list.others.list);
        }
        (items, [in_order(kept, most.naming), in_order(others, most.others)])
    }
}

impl Best {
    #[inline]
    fn push(&mut self, posting: Posting, most: usize) {
        if posting < self.floor {
            return;
        }
        if self.list.len() >= 2 * most {
            self.floor = keep_best(&mut self.list, most);
        }
        self.list.push(posting);
    }
}

/// The best of some postings, in the order of items and places.
pub(super) fn in_order(mut postings: Vec<Posting>, most: usize) -> Vec<Posting> {
    keep_best(&mut postings, most);
    postings.sort_unstable_by_key(|posting| (posting.item(), posting.place()));
    postings
}

/// Keeps the greatest; returns the greatest of the others, or the least there can be.
fn keep_best(list: &mut Vec<Posting>, most: usize) -> Posting {
    if list.len() <= most {
        return Posting::default();
    }
    let (_, &mut next, _) = list.select_nth_unstable_by(most, |a, b| b.cmp(a));
    list.truncate(most);
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_holds_its_parts() {
        let posting = Posting::new(70_000, 31, 300, 4);
        assert_eq!((posting.item(), posting.code()), (70_000, (300 * 16 + 4) * 8 + 7));
        assert_eq!(Posting::new(0, MENTIONED, 2, 0).code(), 2 * 3 + 2);
        assert_eq!(Posting::new(0, 1, 0, 0).code(), 0);
        assert!(Posting::new(9, 20, 0, 1) > Posting::new(1, 19, 0, 1));
        assert!(Posting::new(1, 20, 0, 1) > Posting::new(2, 20, 0, 1));
    }

    #[test]
    fn the_best_are_kept_in_the_order_of_items_however_they_come() {
        let most = Most { naming: 90, others: 10 };
        let posting = |item: u32| Posting::new(item, 10 * (item % 3) + 1, 0, 0);
        let collected = |items: &[u32]| {
            let mut list = Postings::default();
            items.iter().for_each(|&item| list.push(posting(item), most));
            list
        };
        let all: Vec<u32> = (0..3_000).collect();
        let (_, [naming, others]) = Postings::kept([collected(&all)].iter(), most);
        assert_eq!((naming.len(), others.len()), (90, 10));
        assert!(naming.is_sorted_by_key(|posting| posting.item()));
        assert!(naming.iter().all(|posting| posting.impact() == 21));
        let (even, odd): (Vec<u32>, Vec<u32>) = all.iter().rev().partition(|item| *item % 2 == 0);
        let spread = [collected(&even), collected(&odd)];
        assert_eq!(Postings::kept(spread.iter(), most).1, [naming, others]);
        assert_eq!([Postings::len([collected(&all)].iter(), most), Postings::len(spread.iter(), most)], [100, 100]);
    }
}
