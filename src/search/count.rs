//! Counts the words of items: which word says how much about which item. Orders nothing.

use super::items::Texts;
use super::lexicon::Lexicon;
use super::postings::{Most, Posting, Postings};
use super::words::words;

/// Steps in which it is told how much a word says about an item.
pub(super) const IMPACTS: u32 = 32;

/// Where a word stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    Name,
    Heading,
    Description,
    Keyword,
    Text,
}

/// How often an item holds a word, by field.
#[derive(Default)]
struct Tally {
    stem: u32,
    fields: [u16; 6],
    /// The heading under which it is met first.
    heading: u16,
    /// The headings that say it themselves, the first of them; 0 where there are no more.
    headings: [u16; MOST_HEADINGS],
}

/// Headings that are kept of one word in one item.
const MOST_HEADINGS: usize = 4;

/// Words of a text of usual length.
const USUAL_WORDS: f32 = 800.0;

/// How much a word says about an item, after BM25F: fields are weighted before they saturate, and what a long text says often
/// counts less. <https://doi.org/10.1145/1031171.1031181>
fn impact(tally: &Tally, title_words: u32, text_words: u32) -> u32 {
    let times = |field: Field| f32::from(tally.fields[field as usize]);
    let title = 16.0 * times(Field::Title).min(1.0) / (0.6 + 0.1 * title_words as f32);
    let names = 10.0 * times(Field::Name).min(1.0);
    let headings = 4.0 * times(Field::Heading).min(2.0);
    let description = 3.0 * times(Field::Description).min(1.0);
    let keywords = 2.0 * times(Field::Keyword).min(1.0);
    let text = times(Field::Text);
    let text = 3.0 * text / (text + 1.0 + text_words as f32 / USUAL_WORDS);
    let all = title + names + headings + description + keywords + text;
    let share = all / (all + 8.0);
    ((share * IMPACTS as f32) as u32).clamp(1, IMPACTS - 1)
}

/// What one thread has counted.
pub(super) struct Counter {
    most: Most,
    pub lexicon: Lexicon,
    /// By stem.
    pub postings: Vec<Postings>,
    /// Of the item at hand: where a stem's tally is, by stem.
    slots: Vec<u32>,
    tallies: Vec<Tally>,
}

impl Counter {
    /// One that has counted nothing.
    pub(super) fn new(is_english: bool, most: Most) -> Self {
        let (lexicon, postings) = (Lexicon::new(is_english), Vec::new());
        Self { most, lexicon, postings, slots: Vec::new(), tallies: Vec::new() }
    }

    /// Counts an item. Its number is above those of the items before.
    pub(super) fn count(&mut self, texts: &Texts<'_>, number: u32) {
        let title_words = self.named(Field::Title, 0, &texts.title);
        self.named(Field::Description, 0, &texts.description);
        texts.names.iter().for_each(|name| _ = self.named(Field::Name, 0, name));
        texts.keywords.iter().for_each(|keyword| _ = self.text(Field::Keyword, 0, keyword));
        let mut text_words = 0;
        for (part, heading) in texts.parts.iter().zip(0_usize..) {
            let heading = heading.try_into().unwrap_or(u16::MAX);
            self.named(Field::Heading, heading, part.heading);
            text_words += self.text(Field::Text, heading, texts.of(part));
        }
        self.post(number, title_words, text_words);
    }

    /// Tells what the tallies say, and empties them.
    fn post(&mut self, item: u32, title_words: u32, text_words: u32) {
        for tally in self.tallies.drain(..) {
            self.slots[tally.stem as usize] = u32::MAX;
            let impact = impact(&tally, title_words, text_words);
            let postings = &mut self.postings[tally.stem as usize];
            postings.items += 1;
            let mut push = |heading, says_it| postings.push(Posting::new(item, impact, heading, says_it), self.most);
            let is_title = tally.fields[Field::Title as usize] + tally.fields[Field::Name as usize] > 0;
            if is_title {
                push(0, true);
            } else if tally.headings[0] == 0 {
                push(tally.heading, false);
            }
            tally.headings.iter().take_while(|heading| **heading > 0).for_each(|&heading| push(heading, true));
        }
    }

    /// Counts the words of a text that names something; returns their number.
    fn named(&mut self, field: Field, heading: u16, text: &str) -> u32 {
        let mut count = 0;
        words(text, |word| {
            count += 1;
            let stem = self.lexicon.meet_named(word);
            let tally = self.tally(stem, heading);
            let times = &mut tally.fields[field as usize];
            *times = times.saturating_add(1);
            if field == Field::Heading
                && let Some(free) = tally.headings.iter_mut().find(|other| **other == 0 || **other == heading)
            {
                *free = heading;
            }
        });
        count
    }

    /// Counts the words of any other text; returns their number.
    fn text(&mut self, field: Field, heading: u16, text: &str) -> u32 {
        let mut count = 0;
        words(text, |word| {
            count += 1;
            let stem = self.lexicon.meet(word);
            let times = &mut self.tally(stem, heading).fields[field as usize];
            *times = times.saturating_add(1);
        });
        count
    }

    /// The tally of a stem, under a heading if it is met for the first time.
    #[inline]
    fn tally(&mut self, stem: u32, heading: u16) -> &mut Tally {
        let place = stem as usize;
        if place >= self.slots.len() {
            self.slots.resize(place + 1, u32::MAX);
            self.postings.resize_with(place + 1, Postings::default);
        }
        if self.slots[place] == u32::MAX {
            self.slots[place] = self.tallies.len() as u32;
            self.tallies.push(Tally { stem, heading, ..Tally::default() });
        }
        &mut self.tallies[self.slots[place] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(fields: [u16; 6]) -> Tally {
        Tally { fields, ..Tally::default() }
    }

    #[test]
    fn a_title_says_more_than_any_text() {
        let said = [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 9], [0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 9]];
        let impacts = said.map(|fields| impact(&tally(fields), 3, 800));
        assert!(impacts.is_sorted_by(|a, b| a > b), "{impacts:?}");
        assert!(impact(&tally([0, 0, 0, 0, 0, 3]), 3, 300) > impact(&tally([0, 0, 0, 0, 0, 3]), 3, 3000));
        assert!(impact(&tally([u16::MAX; 6]), 1, 1) < IMPACTS);
    }
}
