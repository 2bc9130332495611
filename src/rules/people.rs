//! Rules about who wrote and who reviewed.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::{Code, Diagnostic, ReviewRequired, Span};
use crate::site::{Article, Site};

pub(super) fn missing_author(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let document = &article.document;
    if document.front.authors.is_empty() && document.front.may_lack("author") {
        found.push(
            Diagnostic::new(Code::MissingAuthor, document.opening, "this article names no author")
                .help("add `author = \"…\"`: the id of a file in data/people"),
        );
    }
}

pub(super) fn missing_reviewer(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let document = &article.document;
    let wanted = site.settings.review.required != ReviewRequired::Off;
    if wanted && document.front.reviewers.is_empty() && document.front.may_lack("reviewer") {
        found.push(
            Diagnostic::new(Code::MissingReviewer, document.opening, "no clinician has reviewed this article")
                .help("add `reviewer = \"…\"` and `reviewed = 2026-01-31` once someone has"),
        );
    }
}

pub(super) fn self_review(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let front = &article.document.front;
    let authors: BTreeMap<&str, Span> =
        front.authors.iter().rev().map(|author| (author.value.as_str(), author.span)).collect();
    for reviewer in &front.reviewers {
        if let Some(&author) = authors.get(reviewer.value.as_str()) {
            found.push(
                Diagnostic::new(
                    Code::SelfReview,
                    reviewer.span,
                    format!("`{}` would review their own article", reviewer.value),
                )
                .label(crate::project::Place::Span(author), "they are named as an author here")
                .help("name a reviewer who is not an author"),
            );
        }
    }
}

pub(super) fn missing_review_date(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let front = &article.document.front;
    let has_no_date = front.reviewed.is_none() && front.may_lack("reviewed");
    if let Some(reviewer) = front.reviewers.first().filter(|_| has_no_date) {
        found.push(
            Diagnostic::new(
                Code::MissingReviewDate,
                reviewer.span,
                "this article names a reviewer, but not when they reviewed it",
            )
            .help("add `reviewed = 2026-01-31`"),
        );
    }
}

pub(super) fn reviewer_not_allowed(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    for reviewer in &article.document.front.reviewers {
        let person = article.reviewers.iter().map(|&id| &site[id]).find(|person| person.file.id == reviewer.value);
        if let Some(person) = person.filter(|person| !person.file.reviews) {
            found.push(
                Diagnostic::new(Code::ReviewerNotAllowed, reviewer.span, format!("{} may not review", person.name()))
                    .help(format!(
                        "add `reviews = true` to data/people/{}.md, or name another reviewer",
                        person.file.id
                    )),
            );
        }
    }
}

pub(super) fn missing_credentials(site: &Site, found: &mut Vec<Diagnostic>) {
    let reviewers: BTreeSet<_> = site.articles.iter().flat_map(|article| &article.reviewers).collect();
    for &&id in &reviewers {
        let file = &site[id].file;
        if file.credentials.is_empty() && file.may_lack_credentials {
            found.push(
                Diagnostic::new(
                    Code::MissingCredentials,
                    file.opening,
                    format!("{} reviews articles, but no credentials are stated", site[id].name()),
                )
                .help("add `credentials = [\"MD\"]`: readers should see who vouches for a text"),
            );
        }
    }
}
