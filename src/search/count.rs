//! Counts the words of items, a chunk of items at a time: which word says how much about which item. Orders nothing.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::items::{Item, Part, Texts, texts};
use super::words::{stem_english, words};
use crate::site::Site;

/// What one chunk of items holds.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Words as they are written, lower case.
    pub words: Vec<Word>,
    pub stems: Vec<String>,
    /// In the order of items.
    pub postings: Vec<Posting>,
    /// What is shown of each item, as JSON.
    pub records: Vec<String>,
}

/// A word as it is written.
#[derive(Debug)]
pub(super) struct Word {
    pub text: String,
    /// Index into the stems.
    pub stem: u32,
    pub count: u32,
    /// Whether a title, another name, a heading or a description holds it.
    pub is_named: bool,
}

/// That an item holds a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Posting {
    /// Index into the stems.
    pub stem: u32,
    /// Number of the item.
    pub item: u32,
    /// `(2 × heading + whether the heading itself says it) × IMPACTS + how much the word says about the item`; heading 0 is the
    /// title with its other names.
    pub code: u32,
}

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
    heading: u32,
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

struct Counter {
    is_english: bool,
    /// Index into the words, by word.
    by_word: FxHashMap<String, u32>,
    /// Index into the stems, by stem.
    by_stem: FxHashMap<String, u32>,
    /// Of the item at hand: where a stem's tally is, by stem.
    slots: Vec<u32>,
    tallies: Vec<Tally>,
    chunk: Chunk,
}

/// Counts a chunk. `first` is the number of its first item; `room` the characters of text that each item may show.
pub(super) fn count(site: &Site, items: &[Item], first: u32, room: usize) -> Chunk {
    let is_english = is_english(site);
    let mut counter = Counter {
        is_english,
        by_word: FxHashMap::default(),
        by_stem: FxHashMap::default(),
        slots: Vec::new(),
        tallies: Vec::new(),
        chunk: Chunk::default(),
    };
    for (item, number) in items.iter().zip(first..) {
        let texts = texts(site, item.place);
        counter.item(&texts, number);
        let address = site.address(item.place).map(|address| address.page_href(&site.settings.style));
        counter.chunk.records.push(record(&texts, &address.unwrap_or_default(), room));
    }
    counter.chunk
}

/// Whether words are stemmed.
pub(super) fn is_english(site: &Site) -> bool {
    let language = site.settings.language.split('-').next().unwrap_or_default();
    language.eq_ignore_ascii_case("en")
}

impl Counter {
    fn item(&mut self, texts: &Texts<'_>, number: u32) {
        let title_words = self.text(Field::Title, 0, &texts.title);
        self.text(Field::Description, 0, &texts.description);
        texts.names.iter().for_each(|name| _ = self.text(Field::Name, 0, name));
        texts.keywords.iter().for_each(|keyword| _ = self.text(Field::Keyword, 0, keyword));
        let mut text_words = 0;
        for (part, heading) in texts.parts.iter().zip(0..) {
            self.text(Field::Heading, heading, part.heading);
            text_words += self.text(Field::Text, heading, &part.text);
        }
        for tally in self.tallies.drain(..) {
            self.slots[tally.stem as usize] = u32::MAX;
            let impact = impact(&tally, title_words, text_words);
            let mut push = |heading: u32, says_it: u32| {
                let code = (2 * heading + says_it) * IMPACTS + impact;
                self.chunk.postings.push(Posting { stem: tally.stem, item: number, code });
            };
            let is_title = tally.fields[Field::Title as usize] + tally.fields[Field::Name as usize] > 0;
            if is_title {
                push(0, 1);
            } else if tally.headings[0] == 0 {
                push(tally.heading, 0);
            }
            tally.headings.iter().take_while(|heading| **heading > 0).for_each(|&heading| push(heading.into(), 1));
        }
    }

    /// Counts the words of a text; returns their number.
    fn text(&mut self, field: Field, heading: u32, text: &str) -> u32 {
        let mut count = 0;
        words(text, &mut |word| {
            count += 1;
            self.word(field, heading, word);
        });
        count
    }

    fn word(&mut self, field: Field, heading: u32, word: &str) {
        let index = match self.by_word.get(word) {
            Some(&index) => index,
            None => self.new_word(word),
        };
        let word = &mut self.chunk.words[index as usize];
        word.count += 1;
        word.is_named |= !matches!(field, Field::Text | Field::Keyword);
        let slot = &mut self.slots[word.stem as usize];
        if *slot == u32::MAX {
            *slot = self.tallies.len() as u32;
            self.tallies.push(Tally { stem: word.stem, heading, ..Tally::default() });
        }
        let tally = &mut self.tallies[*slot as usize];
        let times = &mut tally.fields[field as usize];
        *times = times.saturating_add(1);
        let heading = heading.min(u32::from(u16::MAX)) as u16;
        if field == Field::Heading
            && let Some(free) = tally.headings.iter_mut().find(|other| **other == 0 || **other == heading)
        {
            *free = heading;
        }
    }

    fn new_word(&mut self, word: &str) -> u32 {
        let stem = if self.is_english { stem_english(word) } else { word.to_owned() };
        let stems = &mut self.chunk.stems;
        let stem = *self.by_stem.entry(stem).or_insert_with_key(|stem| {
            stems.push(stem.clone());
            self.slots.push(u32::MAX);
            stems.len() as u32 - 1
        });
        let index = self.chunk.words.len() as u32;
        self.chunk.words.push(Word { text: word.to_owned(), stem, count: 0, is_named: false });
        self.by_word.insert(word.to_owned(), index);
        index
    }
}

/// Fewer characters than this say nothing.
const LEAST_TEXT: usize = 60;

/// What is shown of an item: `[title, address, description, [heading, anchor, …], [text, …]]`, where an
/// anchor is 0 if [`plain_anchor`] tells it. Texts are those from the top
/// and under each heading, cut so that the item keeps to its room, and left out where nothing readable would be left.
fn record(texts: &Texts<'_>, address: &str, room: usize) -> String {
    let anchor =
        |part: &Part<'_>| if part.anchor == plain_anchor(part.heading) { 0.into() } else { part.anchor.into() };
    let parts = texts.parts.iter().skip(1);
    let headings: Vec<Value> = parts.flat_map(|part| [part.heading.into(), anchor(part)]).collect();
    let each = room / texts.parts.len().max(1);
    let shown: Vec<Value> = match each {
        0..LEAST_TEXT => Vec::new(),
        _ => texts.parts.iter().map(|part| shortened(&part.text, each).into()).collect(),
    };
    json!([texts.title, address, texts.description, headings, shown]).to_string()
}

/// The anchor that a heading most likely has: then it need not be told.
fn plain_anchor(heading: &str) -> String {
    let words = heading.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// The beginning of a text, up to the end of a word.
fn shortened(text: &str, room: usize) -> String {
    let mut short = String::new();
    for word in text.split_whitespace() {
        if short.len() + word.len() > room {
            short.push_str(" …");
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
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

    #[test]
    fn texts_are_cut_behind_a_word() {
        assert_eq!(shortened("one  two\nthree", 8), "one two …");
        assert_eq!(shortened(" one two ", 8), "one two");
        assert_eq!(shortened("", 0), "");
    }
}
