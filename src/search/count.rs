//! Counts the words of items: which word says how much about which item. Orders nothing.

use super::items::Texts;
use super::lexicon::Lexicon;
use super::phrases::Phrases;
use super::postings::{IMPACTS, LONGEST, Most, Posting, Postings};
use super::words::words;

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
    /// Words of the title or other name that says it, the shortest one, with those beside it.
    length: u8,
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
    /// The lengths of its headings; 0 for the title.
    lengths: Vec<u8>,
    /// Titles, names and headings, as their stems.
    pub phrases: Phrases,
}

impl Counter {
    /// One that has counted nothing.
    pub(super) fn new(is_english: bool, most: Most) -> Self {
        let (lexicon, postings) = (Lexicon::new(is_english), Vec::new());
        let (slots, tallies, lengths, phrases) = (Vec::new(), Vec::new(), Vec::new(), Phrases::default());
        Self { most, lexicon, postings, slots, tallies, lengths, phrases }
    }

    /// Counts an item. Its number is above those of the items before.
    pub(super) fn count(&mut self, texts: &Texts<'_>, number: u32) {
        let title_words = self.phrase(Field::Title, number, 0, &texts.title, 0);
        self.description(&texts.description);
        texts.names.iter().for_each(|name| _ = self.phrase(Field::Name, number, 0, name, 0));
        texts.within.iter().for_each(|(name, beside)| _ = self.phrase(Field::Name, number, 0, name, *beside));
        texts.keywords.iter().for_each(|keyword| _ = self.text(Field::Keyword, 0, keyword));
        let mut text_words = 0;
        for (part, heading) in texts.parts.iter().zip(0_usize..) {
            let heading = heading.try_into().unwrap_or(u16::MAX);
            self.phrase(Field::Heading, number, heading, part.heading, 0);
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
            let mut push = |heading, length| postings.push(Posting::new(item, impact, heading, length), self.most);
            if tally.length > 0 {
                push(0, tally.length);
            } else if tally.headings[0] == 0 {
                push(tally.heading, 0);
            }
            let headings = tally.headings.iter().take_while(|heading| **heading > 0);
            headings.for_each(|&heading| push(heading, self.lengths[usize::from(heading)]));
        }
    }

    /// Counts the words of a title, a name or a heading, of which other words may stand `beside` them; returns their number.
    fn phrase(&mut self, field: Field, item: u32, heading: u16, text: &str, beside: usize) -> u32 {
        let from = self.phrases.stems.len();
        words(text, |word| self.phrases.stems.push(self.lexicon.meet_named(word)));
        let stems = &self.phrases.stems[from..];
        let count = stems.len();
        let unlike = stems.iter().enumerate().filter(|(at, stem)| !stems[..*at].contains(stem)).count();
        let length = (unlike + beside).min(LONGEST.into()) as u8;
        self.phrases.end(item, heading, length);
        if field == Field::Heading {
            self.lengths.resize(usize::from(heading) + 1, 0);
            self.lengths[usize::from(heading)] = length;
        }
        for at in from..from + count {
            let tally = self.tally(self.phrases.stems[at], heading);
            let times = &mut tally.fields[field as usize];
            *times = times.saturating_add(1);
            if field != Field::Heading {
                tally.length = if tally.length == 0 { length } else { tally.length.min(length) };
            } else if let Some(free) = tally.headings.iter_mut().find(|other| **other == 0 || **other == heading) {
                *free = heading;
            }
        }
        count as u32
    }

    fn description(&mut self, text: &str) {
        words(text, |word| {
            let stem = self.lexicon.meet_named(word);
            let times = &mut self.tally(stem, 0).fields[Field::Description as usize];
            *times = times.saturating_add(1);
        });
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
