//! What is left of an English word without its grammar. Knows no other language, and no meaning.
//!
//! `static/search.js` does the same with what a reader types; `tests/search/words.json` holds both to it.

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
    fn stems_are_those_of_the_table() {
        let table: Value = serde_json::from_str(include_str!("../../tests/search/words.json")).expect("JSON");
        for (word, expected) in table["stems"].as_object().expect("words with their stems") {
            assert_eq!(stem_english(word), expected.as_str().expect("a stem"), "{word:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_word_has_a_stem(word in "[a-zé0-9]{1,12}") {
            proptest::prop_assert!(!stem_english(&word).is_empty());
        }
    }
}
