//! The only place that decides what may be seen. Everything behind it is made from what it let through.

use jiff::civil::Date;

use crate::content::Document;
use crate::project::{ReviewRequired, Settings};

/// Where an article stands on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Open to readers.
    Published,
    /// Not finished.
    Draft,
    /// Open to readers from this day.
    Scheduled(Date),
    /// Closed to readers since this day.
    Expired(Date),
    /// Taken back; a gone page stands in its place.
    Withdrawn,
    /// The site asks for a clinical review, and there is none.
    Unreviewed,
}

impl State {
    /// The word for it in reports and on ribbons.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Draft => "draft",
            Self::Scheduled(_) => "scheduled",
            Self::Expired(_) => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Unreviewed => "unreviewed",
        }
    }

    /// What a link to it must say: `is a draft`.
    pub fn sentence(self) -> String {
        match self {
            Self::Published => "is published".to_owned(),
            Self::Draft => "is a draft".to_owned(),
            Self::Scheduled(date) => format!("is not published before {date}"),
            Self::Expired(date) => format!("expired on {date}"),
            Self::Withdrawn => "was withdrawn".to_owned(),
            Self::Unreviewed => "is not reviewed yet".to_owned(),
        }
    }
}

impl State {
    /// The day from which it will be open to readers, where that is still to come.
    pub(crate) fn opens(self) -> Option<Date> {
        match self {
            Self::Scheduled(day) => Some(day),
            _ => None,
        }
    }

    /// Whether it will be open no later than that day, so that what waits for the day may already refer to it.
    pub(crate) fn is_open_by(self, day: Option<Date>) -> bool {
        self.opens().zip(day).is_some_and(|(opens, day)| opens <= day)
    }
}

/// Where a document stands on the day `as_of`. Days are UTC; an article is published from the beginning of its day and
/// gone from the beginning of the day it expires.
pub(crate) fn state(document: &Document, settings: &Settings, is_page: bool, as_of: Date) -> State {
    let front = &document.front;
    if front.draft {
        return State::Draft;
    }
    if front.withdrawn.as_ref().is_some_and(|withdrawn| withdrawn.date.is_none_or(|date| date <= as_of)) {
        return State::Withdrawn;
    }
    if let Some(published) = front.published.as_ref().filter(|date| date.value > as_of) {
        return State::Scheduled(published.value);
    }
    if let Some(expires) = front.expires.as_ref().filter(|date| date.value <= as_of) {
        return State::Expired(expires.value);
    }
    let reviewed = !front.reviewers.is_empty() && front.reviewed.as_ref().is_some_and(|date| date.value <= as_of);
    if settings.review.required == ReviewRequired::Block && !is_page && !reviewed {
        return State::Unreviewed;
    }
    State::Published
}

/// Whether an article in that state goes through. `drafts` opens the gate for preview; what was withdrawn stays away.
pub(crate) fn passes(state: State, drafts: bool) -> bool {
    match state {
        State::Published => true,
        State::Withdrawn => false,
        State::Draft | State::Scheduled(_) | State::Expired(_) | State::Unreviewed => drafts,
    }
}
