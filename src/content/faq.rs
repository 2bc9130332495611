//! A question of an article's FAQ and its answer; never looks for the same question elsewhere.

use std::borrow::Cow;

use super::Body;
use super::data::toml_text;
use super::front_matter::RawFaq;
use super::ids::Ids;
use super::markdown::{Dialect, PageText, is_plain, parse};
use crate::project::{Code, Diagnostic, Source, Span};

/// A question with its answer.
#[derive(Clone, Debug)]
pub(crate) struct Faq {
    pub question: String,
    pub id: String,
    pub answer: Body,
    pub span: Span,
}

/// Parses a question and its answer; also the plain words of the answer.
pub(super) fn parse_faq<'a>(
    index: usize,
    raw: &'a RawFaq,
    source: &Source,
    dialect: Dialect<'_>,
    ids: &mut Ids,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Faq, Cow<'a, str>)> {
    let question = raw.question.as_ref()?;
    let words = question.value.trim();
    let plain_question = without_marks(words);
    if plain_question != words || words.contains("[^") || !is_plain(words, dialect) {
        diagnostics.push(
            Diagnostic::new(Code::FaqQuestionMarkup, question.span, "a FAQ question is plain text")
                .help("take out heading marks (#), list marks, HTML and other Markdown; the page makes the question a heading by itself"),
        );
    }
    let id = ids.for_words(plain_question);
    let is_blank = raw.answer.as_ref().is_none_or(|answer| answer.value.trim().is_empty());
    if is_blank && !raw.answer_is_unknown {
        let span = raw.answer.as_ref().map_or(raw.span, |answer| answer.span);
        diagnostics.push(
            Diagnostic::new(Code::EmptyFaqAnswer, span, "this question has no answer")
                .help("add `answer = \"\"\"…\"\"\"`, or take the question out"),
        );
    }
    let text = raw.answer.as_ref().map(|answer| toml_text(source, answer, 4, PageText::Answer(index + 1)));
    let parsed = text.map(|text| parse(text, dialect, ids, diagnostics)).unwrap_or_default();
    Some((Faq { question: plain_question.to_owned(), id, answer: parsed.body, span: question.span }, parsed.plain))
}

/// A question without the marks that Markdown would read at its beginning.
fn without_marks(question: &str) -> &str {
    let hashes = question.trim_start_matches('#');
    if hashes.len() < question.len() && (hashes.is_empty() || hashes.starts_with(char::is_whitespace)) {
        return hashes.trim();
    }
    for mark in ["- ", "* ", "+ ", "> "] {
        if let Some(rest) = question.strip_prefix(mark) {
            return rest.trim();
        }
    }
    let digits = question.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.strip_prefix(". ").or_else(|| digits.strip_prefix(") ")) {
        Some(rest) if digits.len() < question.len() => rest.trim(),
        _ => question,
    }
}
