//! How hard a plain text is to read: sentences, their words, a school grade. Knows nothing of Markdown or of a site.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::content::count_words;

/// What was counted in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Sentences that hold a word.
    pub sentences: u32,
    /// Words, as reading time counts them.
    pub words: u32,
    /// Syllables by the rules of English.
    pub syllables: u32,
}

impl Count {
    /// What one sentence adds.
    pub(crate) fn add(&mut self, sentence: &str) {
        self.sentences += 1;
        self.words += count_words(sentence);
        self.syllables += sentence.split_whitespace().map(syllables).sum::<u32>();
    }

    /// Words per sentence; none of an empty text.
    pub(crate) fn sentence_length(self) -> Option<f64> {
        (self.sentences > 0).then(|| f64::from(self.words) / f64::from(self.sentences))
    }

    /// The Flesch–Kincaid grade: the year of school in the United States after which the text is read with ease. It means
    /// something for English alone, and for a few dozen words at least. J. P. Kincaid, R. P. Fishburne, R. L. Rogers and
    /// B. S. Chissom, *Derivation of new readability formulas for Navy enlisted personnel*, 1975:
    /// `0.39 × words / sentences + 11.8 × syllables / words − 15.59`.
    pub(crate) fn grade(self) -> Option<f64> {
        let words = f64::from(self.words);
        let length = self.sentence_length().filter(|_| self.words >= FEWEST_WORDS)?;
        Some((0.39 * length + 11.8 * f64::from(self.syllables) / words - 15.59).max(0.0))
    }
}

/// Words below which a grade is chance.
const FEWEST_WORDS: u32 = 30;

/// Shortened words, in lower case, behind which a sentence goes on whatever follows.
const GOES_ON: [&str; 20] = [
    "dr.", "mr.", "mrs.", "ms.", "prof.", "st.", "vs.", "e.g.", "i.e.", "cf.", "approx.", "ca.", "fig.", "figs.",
    "al.", "incl.", "max.", "min.", "resp.", "eg.",
];

/// The sentences of one passage, in order; what holds no word belongs to none. Boundaries are those of Unicode
/// (<https://www.unicode.org/reports/tr29/#Sentence_Boundaries>), which see through `2.5 mg` and `5 mg. daily`, without those behind
/// shortened words such as `Dr.`, initials and numbers in `No. 7`.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        if end < text.len() && goes_on(&text[start..end], &text[end..]) {
            continue;
        }
        let sentence = text[start..end].trim();
        if count_words(sentence) > 0 {
            let first = start + (text[start..end].len() - text[start..end].trim_start().len());
            found.push(first..first + sentence.len());
        }
        start = end;
    }
    found
}

/// Whether what ends in a full stop here is no sentence yet.
fn goes_on(before: &str, after: &str) -> bool {
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_start_matches(['(', '[', '"', '“', '‘', '\'']).to_lowercase();
    let is_initial = last.strip_suffix('.').is_some_and(|letter| letter.chars().count() == 1 && !matches!(letter, "i"))
        && last.starts_with(char::is_alphabetic);
    let is_number = last == "no." && after.starts_with(|c: char| c.is_ascii_digit());
    GOES_ON.contains(&last.as_str()) || is_initial || is_number
}

/// Syllables of an English word, by its spelling: groups of vowels, less a silent `e` at the end (`-e`, `-es`, `-ed`, but for
/// `-le`, `-ted`, `-ses` and the like), more where two vowels are said apart (`-ia-`, `-io-` but in `-tion`, `-eo-`). Right for nine words of ten,
/// and what it gets wrong goes both ways. A number counts as one, and so does anything else with a letter.
fn syllables(word: &str) -> u32 {
    let word: String = word.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect::<String>().to_lowercase();
    word.split('-').filter(|part| part.chars().any(char::is_alphanumeric)).map(syllables_of_part).sum()
}

/// Vowels side by side that are two syllables, and spellings among them that are one.
const SAID_APART: &[&str] = &["ia", "iu", "eo", "io", "ua", "iet", "uou", "ying", "eing"];
const SAID_TOGETHER: &[&str] = &["tia", "cia", "tio", "sio", "cio", "gio", "qua", "gua", "people"];

fn syllables_of_part(word: &str) -> u32 {
    let is_vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'é' | 'è' | 'ï' | 'ö');
    let letters: Vec<char> = word.chars().collect();
    let is_vowel_at = |at: usize| letters.get(at).is_some_and(is_vowel);
    let groups = (0..letters.len()).filter(|&at| is_vowel_at(at) && (at == 0 || !is_vowel_at(at - 1))).count() as i32;
    let before = |ending: &str| word.strip_suffix(ending).and_then(|stem| stem.chars().next_back());
    let is_silent = |ending: &str, heard_after: &[char]| {
        before(ending).is_some_and(|letter| !is_vowel(&letter) && !heard_after.contains(&letter))
    };
    let silent = word.ends_with("aches")
        || is_silent("ed", &['t', 'd'])
        || is_silent("es", &['s', 'z', 'x', 'c', 'g', 'h', 'l'])
        || (is_silent("e", &[]) && !(word.ends_with("le") && before("le").is_some_and(|letter| !is_vowel(&letter))));
    let count = |pairs: &[&str]| pairs.iter().map(|pair| word.matches(pair).count()).sum::<usize>() as i32;
    let apart = (count(SAID_APART) - count(SAID_TOGETHER)).max(0);
    (groups + apart - i32::from(silent)).max(1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_people_end_them() {
        for (text, wanted) in [
            ("One. Two! Three?", &["One.", "Two!", "Three?"][..]),
            ("See Dr. Smith today. He is in.", &["See Dr. Smith today.", "He is in."]),
            ("Take 2.5 mg. daily. Then rest.", &["Take 2.5 mg. daily.", "Then rest."]),
            ("Take 5 mg. Then rest.", &["Take 5 mg.", "Then rest."]),
            ("Some (e.g. Paracetamol) help.", &["Some (e.g. Paracetamol) help."]),
            ("J. R. Smith wrote it.", &["J. R. Smith wrote it."]),
            ("See No. 7 of it. No. Never.", &["See No. 7 of it.", "No.", "Never."]),
            ("It hurts at 3 a.m. and later.", &["It hurts at 3 a.m. and later."]),
            ("头痛。发热。", &["头痛。", "发热。"]),
            ("ألم؟ نعم.", &["ألم؟", "نعم."]),
            ("No end", &["No end"]),
            (" … – ", &[]),
            ("", &[]),
        ] {
            let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, wanted, "{text:?}");
        }
    }

    #[test]
    fn syllables_are_counted_by_spelling() {
        for (wanted, words) in [
            (1, "the pain leg legs ache aches walked strength once through 42 b stroke eased"),
            (2, "doctor tested headache table bottle muscles houses people nation being fever inflamed section"),
            (3, "medicine hospital radio prescription"),
            (4, "diabetic emergency material potassium hypertension"),
            (5, "examination"),
        ] {
            let wrong: Vec<_> = words.split(' ').map(|word| (word, syllables(word))).collect();
            let wrong: Vec<_> = wrong.into_iter().filter(|(_, counted)| *counted != wanted).collect();
            assert!(wrong.is_empty(), "{wrong:?} should be {wanted}");
        }
        // What the rules get wrong, so that nobody takes them for more than rules.
        assert_eq!([syllables("diabetes"), syllables("recipe")], [3, 2]);
        assert_eq!([syllables("well-being"), syllables("—"), syllables("“Leg,”")], [3, 0, 1]);
    }

    #[test]
    fn a_grade_grows_with_sentences_and_words() {
        let grade = |sentence: &str| {
            let mut count = Count::default();
            (0..10).for_each(|_| count.add(sentence));
            count.grade().unwrap_or(f64::NAN)
        };
        // 0.39 × 6 + 11.8 × 6 / 6 − 15.59 is below the first grade.
        assert_eq!(grade("The cat sat on the mat."), 0.0);
        // Doc-tors of-ten treat fe-ver pa-tients.
        assert!((grade("Doctors often treat fever patients.") - (0.39 * 5.0 + 11.8 * 9.0 / 5.0 - 15.59)).abs() < 1e-9);
        assert_eq!(Count::default().grade(), None);
    }

    proptest::proptest! {
        #[test]
        fn sentences_lie_apart_and_within(text in "(\\PC|[a-zA-Z. ]{1,8}|Dr\\. ){0,60}") {
            let mut last = 0;
            for range in sentences(&text) {
                proptest::prop_assert!(last <= range.start && range.start < range.end);
                proptest::prop_assert!(count_words(&text[range.clone()]) > 0);
                last = range.end;
            }
        }
    }
}
