//! Tests of text profiles: words, weights, bounds.

use super::*;
use crate::content::words::{Count, is_ideograph};
use Field::{Body, Description, Heading, Title};

/// The numbers of the words of a text, in order.
fn numbers(text: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    each_word(text, |words| numbers.extend_from_slice(words));
    numbers
}

#[track_caller]
fn same(one: &str, other: &str) {
    assert_eq!(numbers(one), numbers(other), "{one:?} and {other:?}");
}

#[track_caller]
fn counted(text: &str, words: usize) {
    assert_eq!(numbers(text).len(), words, "{text:?}");
}

#[test]
fn words_are_the_same_on_every_platform_and_in_every_run() {
    assert_eq!(numbers("migraine Gastroenteritis näkö 偏頭痛"), EXPECTED);
}

const EXPECTED: [u32; 5] = [986958, 631611, 620670, 526188, 447211];

#[test]
fn letter_case_is_folded() {
    same("MIGRAINE Aura", "migraine aura");
    same("Otorhinolaryngology", "oTORHINOLARYNGOLOGY");
    same("МИГРЕНЬ ÉPAULE", "мигрень épaule");
}

#[test]
fn plurals_are_folded_and_other_endings_kept() {
    same("headaches allergies legs biopsies toes", "headache allergy leg biopsy toe");
    same("pharmacies antihistamines", "pharmacy antihistamine");
    assert_ne!(numbers("virus abscess"), numbers("viru absces"));
    same("gas his", "gas his");
    assert_ne!(numbers("gas"), numbers("gan"));
    same("señales", "señale");
}

#[test]
fn short_words_and_numbers_are_dropped() {
    counted("a 7 42 10mg I x", 0);
    counted("B12 covid-19 H1N1", 3);
    counted("", 0);
    counted("— … ’ · © 😀", 0);
}

#[test]
fn punctuation_ends_words() {
    same("leg–pain, (knee) “hip”…", "leg pain knee hip");
    same("doctor’s advice", "doctor's advice");
    same("doctor's", "doctor");
    same("leg\u{a0}pain", "leg pain");
    same("37 °C fever°", "fever");
}

#[test]
fn scripts_without_spaces_give_pairs() {
    counted("偏頭痛", 2);
    counted("MRI検査", 2);
    same("MRI検査", "mri 検査");
    counted("痛", 0);
    counted("ไมเกรน", 5);
    counted("두통", 1);
    counted("頭・痛", 0);
}

#[test]
fn other_scripts_give_words() {
    counted("мигрень и головная боль", 3);
    counted("الصداع النصفي", 2);
    counted("मस्तिष्क रोग", 2);
    counted("κεφαλαλγία", 1);
    counted("e\u{301}paule", 1);
    assert_ne!(numbers("कर"), numbers("वर"));
}

#[test]
fn a_word_has_its_number_wherever_it_stands() {
    for word in ["leg", "migraine", "migraines", "sinusitis", "hypothyroidism", "épaule", "偏頭"] {
        let alone = numbers(word);
        for before in 0..20 {
            for after in 0..20 {
                same(&format!("{}{word}{}", " ".repeat(before), ".".repeat(after)), word);
            }
        }
        assert_eq!(alone.len(), 1);
    }
}

#[test]
fn very_long_words_are_words() {
    counted(&"x".repeat(10_000), 1);
    counted(&"é".repeat(10_000), 1);
    assert_ne!(numbers("gastroenteritis"), numbers("gastroenteritic"));
}

#[test]
fn a_title_counts_more_than_the_body() {
    let profile = profile([(Title, "migraine"), (Description, "aura"), (Heading, "nausea"), (Body, "vomiting nausea")]);
    let weights = |word: &str| {
        let number = numbers(word)[0];
        profile.words().find(|found| found.0 == number).map(|found| found.1)
    };
    assert_eq!(weights("migraine"), Some(6));
    assert_eq!(weights("aura"), Some(3));
    assert_eq!(weights("nausea"), Some(4));
    assert_eq!(weights("vomiting"), Some(1));
    assert_eq!(profile.words().len(), 4);
}

#[test]
fn words_are_sorted_and_stop_words_left_out() {
    let profile =
        profile([(Body, "The doctor and the nurse were with us; they'd said: don't worry, it isn't the liver")]);
    let words: Vec<u32> = profile.words().map(|found| found.0).collect();
    assert!(words.is_sorted());
    let mut expected = numbers("doctor nurse said worry liver");
    expected.sort_unstable();
    assert_eq!(words, expected);
}

#[test]
fn every_stop_word_is_known() {
    each_word(ENGLISH_STOP_WORDS, |words| assert!(words.iter().all(|word| is_stop_word(&STOP_WORDS, *word))));
}

#[test]
fn a_long_text_keeps_its_heaviest_words_and_no_trace_for_the_next() {
    let before = profile([(Body, "liver")]);
    let long: String = (0..5_000).map(|i| format!("w{} ", name(i))).collect();
    let often = "migraine ".repeat(9_000);
    let profiled = profile([(Body, long.as_str()), (Body, often.as_str())]);
    assert_eq!(profiled.words().len(), KEPT);
    assert!(profiled.words().any(|found| found == (numbers("migraine")[0], HEAVIEST)));
    assert_eq!(profile([(Body, "liver")]), before);
}

#[test]
fn order_and_cutting_of_parts_change_nothing() {
    let together = profile([(Body, "liver kidney liver heart")]);
    let apart = profile([(Body, "heart"), (Body, "kidney liver"), (Body, "liver")]);
    assert_eq!(together, apart);
    assert_eq!(profile([]), Profile::default());
}

/// A word of letters for a number.
fn name(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.push((b'a' + (number % 26) as u8) as char);
        number /= 26;
        if number == 0 {
            return name;
        }
    }
}

/// The words that a reader counts, by the rule as it is told.
fn counted_slowly(text: &str) -> u32 {
    let (mut words, mut ideographs, mut in_word) = (0, 0_u32, false);
    for character in text.chars() {
        if is_ideograph(character) {
            (ideographs, in_word) = (ideographs + 1, false);
        } else if character.is_whitespace() {
            in_word = false;
        } else if character.is_alphanumeric() && !in_word {
            (words, in_word) = (words + 1, true);
        }
    }
    words + ideographs.div_ceil(2)
}

proptest::proptest! {
    /// The fast path and the character path agree on every text: an accent put elsewhere changes no
    /// other word.
    #[test]
    fn any_text_gives_sorted_words(text in "\\PC{0,200}") {
        let profile = profile([(Body, text.as_str())]);
        let words: Vec<u32> = profile.words().map(|found| found.0).collect();
        proptest::prop_assert!(words.is_sorted_by(|a, b| a < b));
        proptest::prop_assert!(profile.words().all(|found| found.1 > 0 && (found.0 as usize) < Profile::WORDS));
    }

    /// Many characters at a time are counted like each alone.
    #[test]
    fn a_reader_counts_the_same(text in "([a-z0-9]{1,9}|[ \\n\\t\\r\u{b}\u{c}]|[-.’é頭\u{a0}№]|\\PC){0,120}|[a-z]{50,70}[ é]") {
        let mut each_alone = Count::default();
        each_alone.characters(&text);
        let counted = (count_words(&text), each_alone.words());
        proptest::prop_assert_eq!(counted, (counted_slowly(&text), counted_slowly(&text)), "{:?}", text);
    }

    #[test]
    fn both_paths_agree(before in 0..80_usize, text in "[a-zA-Z0-9' .,-]{0,200}") {
        let text = " ".repeat(before) + &text;
        let plain = numbers(&text);
        // A letter outside ASCII glued to each end of a word would be part of it; a degree sign
        // sends the word down the slow path and ends it.
        let slow = numbers(&text.replace([' ', '.', ',', '-', '\''], "°"));
        proptest::prop_assert_eq!(plain, slow);
    }
}
