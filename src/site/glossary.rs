//! Finds the first mention of each glossary term in an article; never looks into headings, links, code or care cards.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::model::{Mention, TermId};
use crate::content::{Body, TermFile, is_ascii_alphanumeric};
use crate::project::{Code, Diagnostic, Span, ascii_reach, bits_of, escape_text_into};

/// All names of all terms, ready to be looked up at the words of a text.
///
/// A mention begins where a word does, and a word is looked up only where some name begins with the like of it: that is
/// true of few words, so most of a text is only walked over.
pub(crate) struct Glossary {
    /// Every spelling, in the order of its letters.
    spellings: Vec<Spelling>,
    starts: Starts,
}

/// One way to write one name or more.
struct Spelling {
    /// As it stands in HTML, ASCII letters in lower case.
    text: String,
    /// The longest other spelling that this one begins with.
    shorter: Option<u32>,
    /// The terms it names, and the letter case that must be kept, where one must.
    terms: Vec<(TermId, Option<String>)>,
}

/// A name of a term, as written.
struct Name<'a> {
    text: &'a str,
    span: Span,
    exact: bool,
    term: TermId,
}

/// Collects the names of all terms. A name that two terms claim goes to the first and is reported.
pub(crate) fn glossary(terms: &[TermFile], diagnostics: &mut Vec<Diagnostic>) -> Glossary {
    let mut owners: FxHashMap<String, Name<'_>> = FxHashMap::default();
    let mut spelled = Vec::new();
    for (index, term) in terms.iter().enumerate() {
        for name in names(term, TermId(index as u32)) {
            let key = if name.exact { name.text.to_owned() } else { name.text.to_lowercase() };
            if key.is_empty() {
                continue;
            }
            if let Some(owner) = owners.get(&key) {
                if owner.term != name.term {
                    let other = &terms[owner.term.0 as usize].title;
                    let message = if other == name.text {
                        format!("two terms are called `{other}`")
                    } else {
                        format!("`{}` is a name of the term `{other}` too", name.text)
                    };
                    diagnostics.push(
                        Diagnostic::new(Code::AmbiguousTerm, name.span, message)
                            .label(
                                crate::project::Place::Span(owner.span),
                                "the other term is here; mentions link to it",
                            )
                            .help("take the name out of one of the two"),
                    );
                }
                continue;
            }
            for text in spellings(name.text) {
                spelled.push((text.to_ascii_lowercase(), (name.term, name.exact.then_some(text))));
            }
            owners.insert(key, name);
        }
    }
    let spellings = in_order(spelled);
    Glossary { starts: Starts::new(&spellings), spellings }
}

/// Puts spellings in order; of terms with the same one, the first comes first.
fn in_order(mut spelled: Vec<(String, (TermId, Option<String>))>) -> Vec<Spelling> {
    spelled.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut spellings: Vec<Spelling> = Vec::with_capacity(spelled.len());
    for (text, term) in spelled {
        if let Some(same) = spellings.last_mut().filter(|last| last.text == text) {
            same.terms.push(term);
            continue;
        }
        // What this one begins with is the spelling before it, or what that one begins with.
        let mut shorter = spellings.len().checked_sub(1).map(|last| last as u32);
        while let Some(before) = shorter.filter(|before| !text.starts_with(&spellings[*before as usize].text)) {
            shorter = spellings[before as usize].shorter;
        }
        spellings.push(Spelling { text, shorter, terms: vec![term] });
    }
    spellings
}

/// Which starts of a text some name has, too: it may say yes to another one, and never no to one of them.
struct Starts {
    /// A bit for each number that a start can have.
    bits: Vec<u64>,
    /// For each start of a name the first and the last spelling that has it.
    spellings: FxHashMap<u64, (u32, u32)>,
    /// How far the hash of a start is shifted to be such a number.
    shift: u32,
    /// Whether some name begins with a sign such as a bracket.
    have_signs: bool,
}

impl Starts {
    fn new(spellings: &[Spelling]) -> Self {
        // One bit in 64 is in use, or fewer.
        let bits = (spellings.len() * 64).next_power_of_two().max(64);
        let is_sign = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
        let have_signs = spellings.iter().any(|spelling| spelling.text.as_bytes().first().is_some_and(is_sign));
        let shift = 64 - bits.trailing_zeros();
        let mut starts = Self { bits: vec![0; bits / 64], spellings: FxHashMap::default(), shift, have_signs };
        for (spelling, index) in spellings.iter().zip(0..) {
            let start = start(spelling.text.as_bytes(), first_word(&spelling.text));
            let number = starts.number(start);
            starts.bits[number / 64] |= 1 << (number % 64);
            starts.spellings.entry(start).or_insert((index, index)).1 = index;
        }
        starts
    }

    /// The spellings among which all are that begin as `text` does.
    fn near(&self, text: &str) -> Range<usize> {
        let known = self.spellings.get(&start(text.as_bytes(), first_word(text)));
        known.map_or(0..0, |(first, last)| *first as usize..*last as usize + 1)
    }

    /// Whether some name may begin as `text` does, whose first word is `word` bytes long.
    fn may_hold(&self, text: &[u8], word: usize) -> bool {
        let number = self.number(start(text, word));
        self.bits[number / 64] & 1 << (number % 64) != 0
    }

    /// A bit for each place among the first 64 bytes of a text at which some name may begin, and how many bytes that deals
    /// with: those before the first byte outside ASCII and before a word that is not seen to end. The text is `length`
    /// bytes long, whatever follows it.
    fn of_window(&self, window: &[u8; 72], length: usize) -> (u64, usize) {
        let Some(first) = window.first_chunk() else { return (0, 0) };
        let mut reach = (ascii_reach(first) as usize).min(length);
        let before = |place: usize| u64::MAX.checked_shr(64 - place as u32).unwrap_or(0);
        let letters = bits_of(first, is_ascii_alphanumeric) & before(reach);
        let may_begin = |start: usize, end: usize| u64::from(self.may_hold(&window[start..], end - start)) << start;
        let mut places = 0;
        // A bit wherever a word begins, and one wherever a word has ended, by turns.
        let mut edges = letters ^ (letters << 1);
        while edges != 0 {
            let start = edges.trailing_zeros() as usize;
            edges &= edges - 1;
            let end = edges.trailing_zeros() as usize;
            if end >= reach && reach < length {
                reach = start;
                break;
            }
            edges &= edges.wrapping_sub(1);
            places |= may_begin(start, end);
        }
        if self.have_signs {
            places |= ones(!letters & before(reach)).fold(0, |places, at| places | may_begin(at, at + 1));
        }
        (places, reach)
    }

    /// The hash of a start.
    fn number(&self, start: u64) -> usize {
        (start.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }
}

/// The first eight bytes of a text's first word; two that differ in letter case alone are the same.
fn start(text: &[u8], word: usize) -> u64 {
    (eight_bytes(text) | 0x2020_2020_2020_2020) << (64 - 8 * word.clamp(1, 8))
}

/// The length of the word that a text begins with, or of its first character where that is part of no word.
fn first_word(text: &str) -> usize {
    let mut end = 0;
    loop {
        let letters = ascii_letters(&text.as_bytes()[end..]);
        end += letters;
        if letters == 8 {
            continue;
        }
        match text[end..].chars().next() {
            Some(character) if !character.is_ascii() && is_part(character) => end += character.len_utf8(),
            Some(character) if end == 0 => return character.len_utf8(),
            _ => return end,
        }
    }
}

/// The first eight bytes of a text, or zeros for what it lacks.
fn eight_bytes(text: &[u8]) -> u64 {
    text.first_chunk().map_or_else(
        || text.iter().rev().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)),
        |first| u64::from_le_bytes(*first),
    )
}

/// How many of the first eight bytes of a text are ASCII letters or digits, up to the first that is not: looked at all at
/// once, since where a word ends cannot be guessed.
fn ascii_letters(text: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let bytes = eight_bytes(text);
    let ascii = bytes & (EACH * 0x7f);
    // The highest bit of each byte tells whether it lies between two others; no byte reaches over into the next.
    let between = |bytes: u64, first: u8, last: u8| {
        (bytes + EACH * u64::from(0x80 - first)) & !(bytes + EACH * u64::from(0x7f - last))
    };
    let letters = between(ascii | (EACH * 0x20), b'a', b'z') | between(ascii, b'0', b'9');
    let others = !(letters & !bytes) & (EACH * 0x80);
    others.trailing_zeros() as usize / 8
}

fn names(term: &TermFile, id: TermId) -> impl Iterator<Item = Name<'_>> {
    let title = Name { text: term.title.trim(), span: term.title_span, exact: false, term: id };
    let synonyms =
        term.synonyms.iter().map(move |text| Name { text: text.value.trim(), span: text.span, exact: false, term: id });
    let abbreviation = term.abbreviation.iter().map(move |text| Name {
        text: text.value.trim(),
        span: text.span,
        exact: true,
        term: id,
    });
    std::iter::once(title).chain(synonyms).chain(abbreviation)
}

/// The ways a name can stand in a body's HTML: escaped, with a line break for one of its spaces, with a typographic
/// apostrophe, with its first letter in either case where that letter is not ASCII.
fn spellings(name: &str) -> Vec<String> {
    let mut escaped = String::new();
    escape_text_into(&mut escaped, name);
    let mut forms = vec![escaped.clone()];
    if escaped.contains('\'') {
        forms.push(escaped.replace('\'', "’"));
    }
    if let Some(first) = escaped.chars().next().filter(|first| !first.is_ascii()) {
        let rest = &escaped[first.len_utf8()..];
        forms.push(first.to_lowercase().chain(rest.chars()).collect());
        forms.push(first.to_uppercase().chain(rest.chars()).collect());
    }
    let mut all = Vec::new();
    for form in forms {
        for (at, _) in form.match_indices(' ') {
            all.push(format!("{}\n{}", &form[..at], &form[at + 1..]));
        }
        all.push(form);
    }
    all.sort();
    all.dedup();
    all
}

/// The first mentions in a text of terms that `seen` does not hold yet; `seen` learns them.
pub(crate) fn mentions(glossary: &Glossary, body: &Body, seen: &mut Vec<TermId>) -> Vec<Mention> {
    let mut mentions = Vec::new();
    if glossary.spellings.is_empty() {
        return mentions;
    }
    for &(start, end) in &body.prose {
        let mut at = 0;
        while let Some((place, length, term)) = next_mention(glossary, &body.html, start as usize..end as usize, at) {
            if !seen.contains(&term) {
                seen.push(term);
                mentions.push(Mention { at: start + place as u32, length: length as u32, term });
            }
            at = place + length;
        }
    }
    mentions
}

/// The first name at or behind `at` in a range of a text: its place in the range, its length and the term.
///
/// `at` lies at no letter but the first of a word. What is ASCII is looked at 64 bytes at a time; bytes behind the range
/// are looked at with them, and make no difference.
fn next_mention(glossary: &Glossary, html: &str, range: Range<usize>, mut at: usize) -> Option<(usize, usize, TermId)> {
    let text = &html[range.clone()];
    let named = |at: usize| longest(glossary, text, at).map(|(length, term)| (at, length, term));
    while at < text.len() {
        let window = html.as_bytes()[range.start + at..].first_chunk();
        let (places, passed) = window.map_or((0, 0), |window| glossary.starts.of_window(window, text.len() - at));
        if let Some(found) = ones(places).find_map(|place| named(at + place)) {
            return Some(found);
        }
        at += passed;
        // Where the window gave little, the text is likely of another script.
        let stop = text.len().min(if passed < 16 { at + 64 } else { at });
        while at < stop {
            let word = first_word(&text[at..]);
            if let Some(found) = glossary.starts.may_hold(&text.as_bytes()[at..], word).then(|| named(at)).flatten() {
                return Some(found);
            }
            at += word;
        }
    }
    None
}

/// The places of the bits that are set, from the lowest.
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (bits != 0).then_some(bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        place
    })
}

/// The longest name that stands at `at`, so that `iron deficiency` is not cut down to `iron`.
fn longest(glossary: &Glossary, text: &str, at: usize) -> Option<(usize, TermId)> {
    let rest = &text.as_bytes()[at..];
    let lower = |byte: &u8| byte.to_ascii_lowercase();
    let is_before = |spelling: &Spelling| spelling.text.bytes().le(rest.iter().map(lower));
    // Whatever the rest begins with is the last spelling before it, or what that one begins with.
    let near = glossary.starts.near(&text[at..]);
    let before = glossary.spellings[near.clone()].partition_point(is_before);
    let mut next = before.checked_sub(1).map(|last| (near.start + last) as u32);
    while let Some(spelling) = next.map(|index| &glossary.spellings[index as usize]) {
        next = spelling.shorter;
        let length = spelling.text.len();
        let is_here = rest.get(..length).is_some_and(|here| here.eq_ignore_ascii_case(spelling.text.as_bytes()));
        if !is_here || !stands_alone(text, at..at + length) || is_in_escape(text, at..at + length) {
            continue;
        }
        let written = &text[at..at + length];
        let mut terms = spelling.terms.iter();
        if let Some((term, _)) = terms.find(|(_, exact)| exact.as_ref().is_none_or(|exact| exact == written)) {
            return Some((length, *term));
        }
    }
    None
}

/// Whether the mention is part of an escape such as `&amp;`, which stands for one sign.
fn is_in_escape(text: &str, range: Range<usize>) -> bool {
    let name_before = text[..range.start].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    let name_after = text[range.end..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    name_before.ends_with('&') && name_after.starts_with(';')
}

/// Whether no letter or digit touches the mention; scripts without spaces have no such edges.
fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let joins =
        |outside: Option<char>, inside: Option<char>| outside.is_some_and(is_part) && inside.is_some_and(is_part);
    let inside = &text[range.clone()];
    !joins(text[..range.start].chars().next_back(), inside.chars().next())
        && !joins(text[range.end..].chars().next(), inside.chars().next_back())
}

/// Whether a character is part of a word that has edges.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() && !is_spaceless(character)
}

/// Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar.
fn is_spaceless(character: char) -> bool {
    matches!(character, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn glossary_of(names: &[(String, bool)]) -> Glossary {
        let spelled = names.iter().zip(0..).flat_map(|((name, exact), index)| {
            spellings(name).into_iter().map(move |text| {
                let lower = text.to_ascii_lowercase();
                (lower, (TermId(index), exact.then_some(text)))
            })
        });
        let spellings = in_order(spelled.collect());
        Glossary { starts: Starts::new(&spellings), spellings }
    }

    /// Every name at every place, one after the other.
    fn searched(names: &[(String, bool)], text: &str) -> Vec<(usize, usize, TermId)> {
        let mut all = Vec::new();
        for ((name, exact), index) in names.iter().zip(0..) {
            for spelling in spellings(name) {
                for (at, _) in text.char_indices() {
                    let Some(here) = text.get(at..at + spelling.len()) else { continue };
                    let is_same = if *exact { here == spelling } else { here.eq_ignore_ascii_case(&spelling) };
                    let range = at..at + spelling.len();
                    if is_same && stands_alone(text, range.clone()) && !is_in_escape(text, range) {
                        all.push((at, spelling.len(), TermId(index)));
                    }
                }
            }
        }
        all.sort_by_key(|(at, length, term)| (*at, std::cmp::Reverse(*length), *term));
        let (mut free, mut seen) = (0, Vec::new());
        all.retain(|(at, length, term)| {
            let is_free = *at >= free;
            free = if is_free { at + length } else { free };
            is_free && !seen.contains(term) && {
                seen.push(*term);
                true
            }
        });
        all
    }

    proptest! {
        #[test]
        fn finds_what_a_search_for_each_name_finds(
            names in prop::collection::vec(("[aBß7臓心é'(&][ab ß7臓'-]{0,6}[aB臓)é]?|[abc]{7,10}", any::<bool>()), 0..12),
            text in "([aAbBcß7臓心éÉ '’(&;\n.-]|&amp;|&lt;|aB |abc|[abc .]{20}){0,60}",
            (before, behind) in ("[aß. ]{0,3}", "[aBß. ]{0,3}|[aB.]{90}"),
        ) {
            let names: Vec<_> = names.into_iter().map(|(name, exact)| (name.trim().to_owned(), exact)).collect();
            let prose = vec![(before.len() as u32, (before.len() + text.len()) as u32)];
            let html = [before.as_str(), &text, &behind].concat();
            let body = Body { prose: prose.into(), html: html.into(), ..Body::default() };
            let found = mentions(&glossary_of(&names), &body, &mut Vec::new());
            let place = |found: &Mention| (found.at as usize - before.len(), found.length as usize, found.term);
            let found: Vec<_> = found.iter().map(place).collect();
            prop_assert_eq!(found, searched(&names, &text));
        }
    }

    #[test]
    fn a_word_ends_where_no_letter_follows() {
        for (text, length) in
            [("iron ", 4), ("Eisenmangel", 11), ("B12-", 3), ("déjà vu", 6), ("(x)", 1), ("[", 1), ("臓器", 3)]
        {
            assert_eq!(first_word(text), length, "{text}");
        }
    }
}
