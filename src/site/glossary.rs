//! Finds the first mention of each glossary term in an article; never looks into headings, links, code or care cards.

use std::cmp::Reverse;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, Match, MatchKind};
use rustc_hash::FxHashMap;

use super::model::{Mention, TermId};
use crate::content::{Body, TermFile};
use crate::project::{Code, Diagnostic, Span, escape_text_into};

/// All names of all terms, ready to be searched for.
pub(crate) struct Glossary {
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton: its term, and whether its letter case must be kept.
    patterns: Vec<(TermId, Option<String>)>,
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
    let (mut patterns, mut texts) = (Vec::new(), Vec::new());
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
                patterns.push((name.term, name.exact.then(|| text.clone())));
                texts.push(text);
            }
            owners.insert(key, name);
        }
    }
    Glossary { automaton: automaton(&texts), patterns }
}

fn automaton(texts: &[String]) -> Option<AhoCorasick> {
    if texts.is_empty() {
        return None;
    }
    // Building fails only beyond 2^31 patterns.
    AhoCorasickBuilder::new().match_kind(MatchKind::Standard).ascii_case_insensitive(true).build(texts).ok()
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
    let Some(automaton) = &glossary.automaton else { return Vec::new() };
    let mut mentions = Vec::new();
    for &(start, end) in &body.prose {
        let text = &body.html[start as usize..end as usize];
        let mut all: Vec<Match> = automaton.find_overlapping_iter(text).collect();
        // Longest first, so that `iron deficiency` is not cut down to `iron`.
        all.sort_by_key(|found| (found.start(), Reverse(found.end()), found.pattern()));
        let mut free = 0;
        for found in all {
            let (term, exact) = &glossary.patterns[found.pattern().as_usize()];
            if found.start() < free
                || exact.as_ref().is_some_and(|exact| *exact != text[found.range()])
                || !stands_alone(text, found.range())
                || is_in_escape(text, found.range())
            {
                continue;
            }
            free = found.end();
            if !seen.contains(term) {
                seen.push(*term);
                mentions.push(Mention { at: start + found.start() as u32, length: found.len() as u32, term: *term });
            }
        }
    }
    mentions
}

/// Whether the mention is part of an escape such as `&amp;`, which stands for one sign.
fn is_in_escape(text: &str, range: std::ops::Range<usize>) -> bool {
    let name_before = text[..range.start].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    let name_after = text[range.end..].trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    name_before.ends_with('&') && name_after.starts_with(';')
}

/// Whether no letter or digit touches the mention; scripts without spaces have no such edges.
fn stands_alone(text: &str, range: std::ops::Range<usize>) -> bool {
    let joins = |outside: Option<char>, inside: Option<char>| {
        let is_part = |c: char| c.is_alphanumeric() && !is_spaceless(c);
        outside.is_some_and(is_part) && inside.is_some_and(is_part)
    };
    let inside = &text[range.clone()];
    !joins(text[..range.start].chars().next_back(), inside.chars().next())
        && !joins(text[range.end..].chars().next(), inside.chars().next_back())
}

/// Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar.
fn is_spaceless(character: char) -> bool {
    matches!(character, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
