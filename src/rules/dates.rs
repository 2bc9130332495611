//! Rules about reviews and dates.

use crate::content::ChangeKind;
use crate::project::{Code, Diagnostic, Place};
use crate::site::{Article, Site};

pub(super) fn review_overdue(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let front = &article.document.front;
    let Some(due) = article.next_review.filter(|due| *due < site.as_of) else { return };
    let span =
        front.next_review.as_ref().or(front.reviewed.as_ref()).map_or(article.document.opening, |date| date.span);
    found.push(
        Diagnostic::new(Code::ReviewOverdue, span, format!("this article was due for review on {due}"))
            .help("have it reviewed, then set `reviewed` to that day"),
    );
}

pub(super) fn review_in_future(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    if let Some(reviewed) = article.document.front.reviewed.as_ref().filter(|reviewed| reviewed.value > site.as_of) {
        found.push(
            Diagnostic::new(Code::ReviewInFuture, reviewed.span, format!("{} has not come yet", reviewed.value))
                .help("`reviewed` is the day on which the last review took place"),
        );
    }
}

pub(super) fn date_order(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let front = &article.document.front;
    let pairs = [
        (&front.published, &front.updated, "updated before it was published"),
        (&front.published, &front.expires, "closed to readers before it was open to them"),
        (&front.reviewed, &front.next_review, "due for the next review before the last one"),
    ];
    for (earlier, later, sentence) in pairs {
        if let (Some(earlier), Some(later)) = (earlier, later)
            && later.value < earlier.value
        {
            found.push(
                Diagnostic::new(Code::DateOrder, later.span, format!("this article would be {sentence}"))
                    .label(Place::Span(earlier.span), "the other date is here")
                    .help("correct one of the two dates"),
            );
        }
    }
}

pub(super) fn edited_since_review(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let front = &article.document.front;
    let Some(reviewed) = &front.reviewed else { return };
    let changed = front
        .history
        .iter()
        .filter(|change| change.kind == ChangeKind::Clinical)
        .filter_map(|change| change.date)
        .max();
    if let Some(changed) = changed.filter(|changed| *changed > reviewed.value) {
        found.push(
            Diagnostic::new(
                Code::EditedSinceReview,
                reviewed.span,
                format!("a clinical change was made on {changed}, after this review"),
            )
            .help("have the change reviewed, then set `reviewed` to that day"),
        );
    }
}
