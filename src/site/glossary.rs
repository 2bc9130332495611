//! Finds the first mention of each glossary term in an article; never looks into headings, links, code or care cards.

use std::cmp::Reverse;
use std::ops::Range;

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

use super::model::{Mention, TermId};
use crate::content::{Body, TermFile, Vocabulary};
use crate::project::{Code, Diagnostic, Span, escape_text_into};

/// All names of all terms. A name is looked for only in articles that say all its words, which is few of them.
pub(crate) struct Glossary(Vec<Spelling>);

/// One way to write one name or more.
pub(crate) struct Spelling {
    /// Finds it as it stands in folded HTML.
    finder: Finder<'static>,
    words: Vocabulary,
    /// The terms it names, and the letter case that must be kept, where one must.
    terms: Vec<(TermId, Option<String>)>,
}

impl Spelling {
    /// Bytes.
    fn length(&self) -> usize {
        self.finder.needle().len()
    }
}

impl Glossary {
    /// The names that an article of these words may hold.
    pub(crate) fn possible(&self, article: &Vocabulary) -> Vec<&Spelling> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let said = article.to_set();
        self.0.iter().filter(|spelling| said.may_hold(&spelling.words)).collect()
    }
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
            spelled.extend(spelled_out(&name));
            owners.insert(key, name);
        }
    }
    gathered(spelled)
}

/// A spelling as it stands in folded HTML; its words; the term, and the letter case that must be kept, where one must.
type Spelled = (String, Vocabulary, (TermId, Option<String>));

fn spelled_out(name: &Name<'_>) -> impl Iterator<Item = Spelled> + use<> {
    let (term, exact, words) = (name.term, name.exact, Vocabulary::of(name.text));
    let spelled = move |text: String| (text.to_ascii_lowercase(), words.clone(), (term, exact.then_some(text)));
    spellings(name.text).into_iter().map(spelled)
}

/// Puts spellings together that are the same; of their terms, the first comes first.
fn gathered(mut spelled: Vec<Spelled>) -> Glossary {
    spelled.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    let mut spellings: Vec<Spelling> = Vec::with_capacity(spelled.len());
    for (text, words, term) in spelled {
        match spellings.last_mut().filter(|last| last.finder.needle() == text.as_bytes()) {
            Some(same) => same.terms.push(term),
            None => spellings.push(Spelling { finder: Finder::new(&text).into_owned(), words, terms: vec![term] }),
        }
    }
    Glossary(spellings)
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

/// The ways a name can stand in a body's HTML: escaped, with a typographic apostrophe, with its first letter in either case
/// where that letter is not ASCII.
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
    forms.sort();
    forms.dedup();
    forms
}

/// The first mentions in a text of terms that `seen` does not hold yet; `seen` learns them. Where several names stand, the
/// longest is meant, so that `iron deficiency` is not cut down to `iron`.
pub(crate) fn mentions(possible: &[&Spelling], body: &Body, seen: &mut Vec<TermId>) -> Vec<Mention> {
    let mut found = Vec::new();
    if !possible.is_empty() && !body.prose.is_empty() {
        let html: Vec<u8> = body.html.bytes().map(folded).collect();
        for spelling in possible {
            let mut from = 0;
            while let Some(at) = spelling.finder.find(&html[from..]).map(|at| from + at) {
                found.extend(term_at(spelling, body, at).map(|term| (at, Reverse(spelling.length()), term)));
                from = at + 1;
            }
        }
    }
    found.sort_unstable();
    let (mut free, mut mentions) = (0, Vec::new());
    for (at, Reverse(length), term) in found {
        if at < free {
            continue;
        }
        free = at + length;
        if !seen.contains(&term) {
            seen.push(term);
            mentions.push(Mention { at: at as u32, length: length as u32, term });
        }
    }
    mentions
}

/// A byte of HTML as spellings have it: letter case makes no difference, and a line may break between words.
fn folded(byte: u8) -> u8 {
    if byte == b'\n' { b' ' } else { byte.to_ascii_lowercase() }
}

/// The term that is named where a spelling stands, if it stands alone in running text.
fn term_at(spelling: &Spelling, body: &Body, at: usize) -> Option<TermId> {
    let before = body.prose.partition_point(|(start, _)| *start as usize <= at);
    let (start, end) = body.prose[before.checked_sub(1)?];
    let text = body.html.get(start as usize..end as usize)?;
    let range = at - start as usize..at - start as usize + spelling.length();
    let written = text.get(range.clone())?;
    if !stands_alone(text, range.clone()) || is_in_escape(text, range) {
        return None;
    }
    let is_written =
        |exact: &String| exact.bytes().eq(written.bytes().map(|byte| if byte == b'\n' { b' ' } else { byte }));
    let mut terms = spelling.terms.iter();
    terms.find(|(_, exact)| exact.as_ref().is_none_or(is_written)).map(|(term, _)| *term)
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
    use crate::project::SourceId;

    fn glossary_of(names: &[(String, bool)]) -> Glossary {
        let spelled = names.iter().zip(0..).flat_map(|((name, exact), index)| {
            spelled_out(&Name { text: name, span: Span::new(SourceId(0), 0..0), exact: *exact, term: TermId(index) })
        });
        gathered(spelled.collect())
    }

    /// Every name at every place, one after the other.
    fn searched(names: &[(String, bool)], text: &str) -> Vec<(usize, usize, TermId)> {
        let mut all = Vec::new();
        for ((name, exact), index) in names.iter().zip(0..) {
            for spelling in spellings(name) {
                for (at, _) in text.char_indices() {
                    let Some(here) = text.get(at..at + spelling.len()) else { continue };
                    let here = here.replace('\n', " ");
                    let is_same = if *exact { here == spelling } else { here.eq_ignore_ascii_case(&spelling) };
                    let range = at..at + spelling.len();
                    if is_same && stands_alone(text, range.clone()) && !is_in_escape(text, range) {
                        all.push((at, spelling.len(), TermId(index)));
                    }
                }
            }
        }
        all.sort_by_key(|(at, length, term)| (*at, Reverse(*length), *term));
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
            let glossary = glossary_of(&names);
            let said = Vocabulary::of(&text.replace("&lt;", "<").replace("&amp;", "&"));
            let found = mentions(&glossary.possible(&said), &body, &mut Vec::new());
            let place = |found: &Mention| (found.at as usize - before.len(), found.length as usize, found.term);
            let found: Vec<_> = found.iter().map(place).collect();
            prop_assert_eq!(found, searched(&names, &text));
        }
    }
}
