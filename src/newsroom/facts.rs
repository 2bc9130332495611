//! What is known of the text of one article: how it reads, which numbers stand there without a source, where each sentence is written.

use super::passages::{Passage, passages};
use super::reading::{Count, sentences};
use crate::content::Body;
use crate::site::{Article, Site};

/// Sentences that are shown as the longest.
const LONGEST: usize = 3;

/// Letters and digits by which a sentence is found again in its source, from the surest on.
const KEYS: [usize; 3] = [48, 24, 12];

/// A sentence of an article.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub text: String,
    pub words: u32,
}

/// How an article reads.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub count: Count,
    /// The longest sentences, longest first.
    pub longest: Vec<Sentence>,
    /// Sentences that tell a statistic and cite nothing.
    pub unsourced: Vec<Sentence>,
}

/// Whether the school grade means something: it was made for English.
pub(super) fn is_english(site: &Site) -> bool {
    site.settings.language.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

/// How an article reads: its text, its questions' answers and its takeaways.
pub(super) fn reading(article: &Article) -> Reading {
    let mut reading = Reading::default();
    for passage in texts(article).flat_map(passages) {
        for range in sentences(&passage.text) {
            let text = &passage.text[range.start..range.end];
            let words = reading.count.words;
            reading.count.add(text);
            let sentence = Sentence { text: text.to_owned(), words: reading.count.words - words };
            if is_statistic(text) && !is_cited(&passage, range.start) {
                reading.unsourced.push(sentence.clone());
            }
            let place = reading.longest.partition_point(|other| other.words >= sentence.words);
            reading.longest.insert(place, sentence);
            reading.longest.truncate(LONGEST);
        }
    }
    reading
}

/// The counts alone: for those who look at every article of a site.
pub(super) fn counts(article: &Article) -> Count {
    let mut count = Count::default();
    for passage in texts(article).flat_map(passages) {
        sentences(&passage.text).into_iter().for_each(|range| count.add(&passage.text[range]));
    }
    count
}

fn texts(article: &Article) -> impl Iterator<Item = &Body> {
    let document = &article.document;
    std::iter::once(&document.body).chain(&document.takeaways).chain(document.faq.iter().map(|faq| &faq.answer))
}

/// Whether a citation stands in the sentence or behind it in the same passage: authors cite once for several sentences.
fn is_cited(passage: &Passage, start: usize) -> bool {
    passage.cited.iter().any(|&at| at > start)
}

/// Whether a sentence tells a share of people or of something else: a number with `%` or `percent`, or `1 in 10`, `3 out of 5`. A
/// strength such as `2.5 mg` is none.
fn is_statistic(sentence: &str) -> bool {
    let words: Vec<String> = sentence.split_whitespace().map(|word| bare(word).to_lowercase()).collect();
    let is_number = |at: usize| words.get(at).is_some_and(|word| is_number(word));
    let is = |at: usize, wanted: &[&str]| words.get(at).is_some_and(|word| wanted.contains(&word.as_str()));
    (0..words.len()).filter(|&at| is_number(at)).any(|at| {
        words[at].ends_with(['%', '٪', '‰'])
            || is(at + 1, &["%", "percent"])
            || (is(at + 1, &["per"]) && is(at + 2, &["cent"]))
            || (is(at + 1, &["in", "of"]) && is(at + 2, &["every"]) && is_number(at + 3))
            || (is(at + 1, &["in"]) && is_number(at + 2) && !is_year(&words[at + 2]))
            || (is(at + 1, &["out"]) && is(at + 2, &["of"]))
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '٪' | '‰'))
}

fn is_number(word: &str) -> bool {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.contains(&word) || word.starts_with(char::is_numeric)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.parse::<u32>().is_ok_and(|year| (1500..2200).contains(&year))
}

/// The letters and digits of a source and where each begins, in which sentences are found again: what is markup in the source and
/// what the typographer changed is neither.
pub(super) struct Finder {
    letters: String,
    /// For each byte of `letters`, its byte in the source.
    at: Vec<u32>,
}

impl Finder {
    pub(super) fn new(source: &str) -> Self {
        let mut finder = Self { letters: String::with_capacity(source.len()), at: Vec::with_capacity(source.len()) };
        for (at, letter) in source.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
            finder.letters.push(letter);
            finder.at.extend(std::iter::repeat_n(at as u32, letter.len_utf8()));
        }
        finder
    }

    /// Where a sentence begins in the source, if its beginning can be found there.
    pub(super) fn find(&self, sentence: &str) -> Option<u32> {
        let letters = |length: usize| sentence.chars().filter(|c| c.is_alphanumeric()).take(length).collect::<String>();
        let found = KEYS.iter().find_map(|&length| self.letters.find(&letters(length)));
        found.and_then(|found| self.at.get(found).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_statistics_and_doses_are_not() {
        for yes in [
            "About 30% get better.",
            "30 % of them.",
            "Some 5 percent do.",
            "(12.5 per cent)",
            "One in ten people has it.",
            "1 in 1,000 has it",
            "3 out of 5 do",
            "1 in every 8 women",
        ] {
            assert!(is_statistic(yes), "{yes}");
        }
        for no in
            ["Take 2.5 mg.", "It began in 2019.", "Cases rose by 5 in 2019.", "Two or three days.", "Per cent.", ""]
        {
            assert!(!is_statistic(no), "{no}");
        }
    }

    #[test]
    fn sentences_are_found_again_through_markup() {
        let source = "+++\n+++\nSome *words* here. Don't [stop](x.md) \"it\"\nnow, all of you.";
        let finder = Finder::new(source);
        assert_eq!(finder.find("Some words here."), source.find("Some").map(|at| at as u32));
        assert_eq!(finder.find("Don’t stop “it” now."), None);
        assert_eq!(finder.find("words here. Don’t walk"), source.find("words").map(|at| at as u32));
    }
}
