//! Cuts a text into the words by which it is found: folded, and for English stemmed. Knows nothing of articles.
//!
//! `static/search.js` does the same with what a reader types, word for word; `tests/search/words.json` holds both to it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::content::is_ideograph;

/// Calls `found` with every word of a text: lower case, without accents; scripts without spaces in overlapping pairs.
pub(super) fn words(text: &str, found: &mut impl FnMut(&str)) {
    let mut word = String::new();
    for piece in text.split_ascii_whitespace() {
        // Most are nothing but small letters.
        if piece.bytes().all(|byte| byte.is_ascii_lowercase()) {
            tell(piece, found);
            continue;
        }
        if !piece.is_ascii() {
            fold(piece, found);
            continue;
        }
        for part in piece.split(|c: char| !c.is_ascii_alphanumeric()) {
            word.clear();
            word.push_str(part);
            word.make_ascii_lowercase();
            tell(&word, found);
        }
    }
}

/// The same for what is not ASCII, character by character.
fn fold(text: &str, found: &mut impl FnMut(&str)) {
    let plain: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
    // The sigma at a word's end is the same letter.
    let plain = plain.to_lowercase().replace('ς', "σ");
    for run in plain.split(|c: char| !c.is_alphanumeric()) {
        let mut rest = run;
        while let Some(first) = rest.chars().next() {
            let is_pairs = is_ideograph(first);
            let end = rest.find(|c| is_ideograph(c) != is_pairs).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            if is_pairs {
                pairs(part, found)
            } else {
                tell(part, found)
            }
            rest = after;
        }
    }
}

/// The lone `s` is what `Parkinson's` leaves.
fn tell(word: &str, found: &mut impl FnMut(&str)) {
    if !word.is_empty() && word != "s" {
        found(word);
    }
}

/// Every two neighbours, or the one there is.
fn pairs(run: &str, found: &mut impl FnMut(&str)) {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
    match starts.as_slice() {
        [_, _] => found(run),
        starts => starts.windows(3).for_each(|ends| found(&run[ends[0]..ends[2]])),
    }
}

/// Takes off what an English word has at its end by grammar, and levels British and American spelling. Light on purpose: what
/// readers type so far should stay the beginning of what they mean.
///
/// In order: plurals after Harman's S stemmer (<https://doi.org/10.1002/(SICI)1097-4571(199101)42:1%3C7::AID-ASI2%3E3.0.CO;2-P>)
/// with the medical `-sis`; `-ing` and `-ed` behind three letters of which one is a vowel; a last `e`; `ae` and `oe` become
/// `e`, `-our` becomes `-or`, `-iz` becomes `-is`.
pub(super) fn stem_english(word: &str) -> String {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut stem = without_plural(word);
    without_ending(&mut stem);
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    if stem.len() > 5 {
        stem = stem.replace("ae", "e").replace("oe", "e");
    }
    if stem.len() > 4 && stem.ends_with("our") {
        stem.replace_range(stem.len() - 3.., "or");
    }
    if stem.len() > 4 && stem.ends_with("iz") {
        stem.replace_range(stem.len() - 1.., "s");
    }
    stem
}

fn without_plural(word: &str) -> String {
    let cut = |ending: usize| word[..word.len() - ending].to_owned();
    if word.len() > 4 && word.ends_with("ies") {
        cut(3) + "y"
    } else if word.ends_with("sses") || (word.len() > 5 && word.ends_with("sis")) {
        cut(2)
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        cut(1)
    } else {
        word.to_owned()
    }
}

fn without_ending(stem: &mut String) {
    let Some(base) = stem.strip_suffix("ing").or_else(|| stem.strip_suffix("ed")) else { return };
    if base.len() < 3 || base.ends_with('e') || !base.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
        return;
    }
    let bytes = base.as_bytes();
    let last = bytes[bytes.len() - 1];
    // `stopping` is `stop`, but `swelling` is `swell`.
    let doubled = bytes[bytes.len() - 2] == last && !b"aeioulsz".contains(&last);
    let length = base.len() - usize::from(doubled);
    stem.truncate(length);
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn words_and_stems_are_those_of_the_table() {
        let table: Value = serde_json::from_str(include_str!("../../tests/search/words.json")).expect("JSON");
        for (text, expected) in table["words"].as_object().expect("texts with their words") {
            let mut found = Vec::new();
            words(text, &mut |word| found.push(Value::from(word)));
            assert_eq!(Value::from(found), *expected, "{text:?}");
        }
        for (word, expected) in table["stems"].as_object().expect("words with their stems") {
            assert_eq!(stem_english(word), expected.as_str().expect("a stem"), "{word:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_words(text in "\\PC*") {
            words(&text, &mut |word| {
                assert!(!word.is_empty());
                let _ = stem_english(word);
            });
        }
    }
}
