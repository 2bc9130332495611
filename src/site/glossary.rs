//! Finds the first mention of each glossary term in an article; never looks into headings, links, code or care cards.

use std::cmp::Reverse;
use std::ops::Range;

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

use super::model::{Mention, TermId};
use crate::content::{Body, TermFile, Vocabulary, WordSet, continues_word};
use crate::project::{Code, Diagnostic, Span, escape_text_into};

/// All names of all terms. A name is looked for only in articles that say all its words, which are few.
pub(crate) struct Glossary {
    spellings: Vec<Spelling>,
    /// The words of all names.
    words: WordSet,
    /// The names that are asked for where a word is said: each stands under one of its words, which few other names have.
    by_word: FxHashMap<u16, Vec<u32>>,
    /// The names without any word, such as a single letter.
    wordless: Vec<u32>,
}

/// One way to write one name or more.
pub(crate) struct Spelling {
    /// Finds it as it stands in folded HTML.
    finder: Finder<'static>,
    words: Vocabulary,
    /// The terms it names, and the letter case that must be kept, where one must.
    terms: Vec<(TermId, Option<String>)>,
}

impl Spelling {
    /// Length in bytes, as it stands in HTML.
    fn length(&self) -> usize {
        self.finder.needle().len()
    }
}

impl Glossary {
    /// The names that an article of these words may hold; seldom one of them twice.
    pub(crate) fn possible(&self, article: &Vocabulary) -> Vec<&Spelling> {
        if self.spellings.is_empty() {
            return Vec::new();
        }
        // Whether a name has a word cannot be guessed, so that no branch asks.
        let (mut said, mut count) = (vec![0; article.words().len()], 0);
        for word in article.words() {
            said[count] = word;
            count += usize::from(self.words.contains(word));
        }
        said.truncate(count);
        let all_said: WordSet = said.iter().copied().collect();
        let says_all = |name: &Spelling| name.words.words().all(|word| all_said.contains(word));
        let named = said.iter().filter_map(|word| self.by_word.get(word)).flatten();
        let names = self.wordless.iter().chain(named).map(|name| &self.spellings[*name as usize]);
        names.filter(|name| says_all(name)).collect()
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
    let (term, exact) = (name.term, name.exact);
    forms(name.text).into_iter().map(move |form| {
        let mut text = String::new();
        escape_text_into(&mut text, &form);
        (text.to_ascii_lowercase(), Vocabulary::of(&form), (term, exact.then_some(text)))
    })
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
    by_words(spellings)
}

/// Puts each spelling under the one of its words that fewest spellings have.
fn by_words(spellings: Vec<Spelling>) -> Glossary {
    let mut counts: FxHashMap<u16, u32> = FxHashMap::default();
    for word in spellings.iter().flat_map(|spelling| spelling.words.words()) {
        *counts.entry(word).or_default() += 1;
    }
    let mut by_word: FxHashMap<u16, Vec<u32>> = FxHashMap::default();
    let mut wordless = Vec::new();
    for (spelling, index) in spellings.iter().zip(0..) {
        match spelling.words.words().min_by_key(|word| (counts[word], *word)) {
            Some(rarest) => by_word.entry(rarest).or_default().push(index),
            None => wordless.push(index),
        }
    }
    Glossary {
        words: spellings.iter().flat_map(|spelling| spelling.words.words()).collect(),
        spellings,
        by_word,
        wordless,
    }
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

/// The ways to write a name: with a typographic apostrophe, with its first letter in either case where that letter is not
/// ASCII. Other letter case and line breaks are folded.
fn forms(name: &str) -> Vec<String> {
    let name = name.replace('\n', " ");
    let mut forms = vec![name.clone()];
    if name.contains('\'') {
        forms.push(name.replace('\'', "’"));
    }
    if let Some(first) = name.chars().next().filter(|first| !first.is_ascii()) {
        let rest = &name[first.len_utf8()..];
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
    let within = at - start as usize..at - start as usize + spelling.length();
    let written = text.get(within.clone())?;
    if !stands_alone(&body.html, at..at + spelling.length()) || is_in_escape(text, within) {
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

/// Whether no letter or digit touches the mention; scripts without spaces have no such edges. A tag within a word changes
/// nothing: in `CO<sub>2</sub>` nobody speaks of CO.
fn stands_alone(html: &str, range: Range<usize>) -> bool {
    let joins =
        |outside: Option<char>, inside: Option<char>| outside.is_some_and(is_part) && inside.is_some_and(is_part);
    let inside = &html[range.clone()];
    !joins(last_before(&html[..range.start]), inside.chars().next())
        && !joins(first_behind(&html[range.end..]), inside.chars().next_back())
}

/// The character that a reader sees before what follows, if nothing parts them.
fn last_before(mut html: &str) -> Option<char> {
    while html.ends_with('>') {
        let tag = html.rfind('<').filter(|tag| may_stand_within_word(&html[*tag..]))?;
        html = &html[..tag];
    }
    html.chars().next_back()
}

/// The character that a reader sees behind what comes before, if nothing parts them.
fn first_behind(mut html: &str) -> Option<char> {
    while html.starts_with('<') {
        let end = html.find('>').filter(|end| may_stand_within_word(&html[..*end]))?;
        html = &html[end + 1..];
    }
    html.chars().next()
}

/// Whether letters on both sides of a tag belong together. The marker of a footnote is a `sup` with attributes.
fn may_stand_within_word(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    match name {
        "a" | "abbr" | "b" | "code" | "del" | "em" | "i" | "kbd" | "mark" | "s" | "small" | "span" | "strong"
        | "sub" | "u" => true,
        "sup" => !tag.contains(' '),
        _ => false,
    }
}

/// Whether a character is part of a word that has edges.
fn is_part(character: char) -> bool {
    (character.is_alphanumeric() || continues_word(character)) && !is_spaceless(character)
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

    /// Every name at every place of a range, one after the other.
    fn searched(names: &[(String, bool)], html: &str, prose: Range<usize>) -> Vec<(usize, usize, TermId)> {
        let text = &html[prose.clone()];
        let mut all = Vec::new();
        for ((name, exact), index) in names.iter().zip(0..) {
            for form in forms(name) {
                let mut spelling = String::new();
                escape_text_into(&mut spelling, &form);
                for (at, _) in text.char_indices() {
                    let Some(here) = text.get(at..at + spelling.len()) else { continue };
                    let here = here.replace('\n', " ");
                    let is_same = if *exact { here == spelling } else { here.eq_ignore_ascii_case(&spelling) };
                    let range = at..at + spelling.len();
                    let in_html = prose.start + at..prose.start + range.end;
                    if is_same && stands_alone(html, in_html) && !is_in_escape(text, range) {
                        all.push((prose.start + at, spelling.len(), TermId(index)));
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
            names in prop::collection::vec(("[aBßé7臓心e\u{301}'(&][ab ß7臓'\n-]{0,6}[aB臓)é]?|[abc]{7,10}", any::<bool>()), 0..12),
            text in "([aAbBcß7臓心éÉe\u{301} '’(&;\n.-]|&amp;|&lt;|aB |abc|[abc .]{20}){0,60}",
            (before, behind) in ("[aß. ]{0,3}(<em>|</sup>|<br />)?", "(</em>|<sub>|<sup class=\"x\">|<li>)?[aBß. ]{0,3}"),
        ) {
            let names: Vec<_> = names.into_iter().map(|(name, exact)| (name.trim().to_owned(), exact)).collect();
            let prose = before.len()..before.len() + text.len();
            let html = [before.as_str(), &text, &behind].concat();
            let within_words = ["<em>", "</em>", "</sup>", "<sub>"];
            let plain = within_words.iter().fold(html.clone(), |plain, tag| plain.replace(tag, ""));
            let plain = plain.replace("<br />", " ").replace("<li>", " ").replace("<sup class=\"x\">", " ");
            let said = Vocabulary::of(&plain.replace("&lt;", "<").replace("&amp;", "&"));
            let ranges = vec![(prose.start as u32, prose.end as u32)];
            let body = Body { prose: ranges.into(), html: html.as_str().into(), ..Body::default() };
            let found = mentions(&glossary_of(&names).possible(&said), &body, &mut Vec::new());
            let place = |found: &Mention| (found.at as usize, found.length as usize, found.term);
            let found: Vec<_> = found.iter().map(place).collect();
            prop_assert_eq!(found, searched(&names, &html, prose));
        }
    }
}
