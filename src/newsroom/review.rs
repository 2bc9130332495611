//! Where an article stands with its clinical review on a day; never changes what the gate decides.

use jiff::civil::Date;

use crate::site::Article;

/// Days before a review is due from which it is due soon.
const SOON: i64 = 60;

/// Where a review stands. Days are counted from the day of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Review {
    /// A plain page needs none.
    NotNeeded,
    /// There was none yet.
    Missing,
    /// The next one was due so many days ago.
    Overdue(Date, i64),
    /// The next one is due within two months.
    Soon(Date, i64),
    /// The next one is due later.
    Fresh(Date, i64),
}

impl Review {
    /// Where the review of an article stands on a day.
    pub(super) fn of(article: &Article, day: Date) -> Self {
        if article.is_page() {
            return Self::NotNeeded;
        }
        let Some(next) = article.next_review else { return Self::Missing };
        // Two days of the calendar are never too far apart to count the days between them.
        let days = day.until(next).map_or(0, |span| i64::from(span.get_days()));
        match days {
            ..0 => Self::Overdue(next, -days),
            0..=SOON => Self::Soon(next, days),
            _ => Self::Fresh(next, days),
        }
    }

    /// A word for styles and filters.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotNeeded => "none",
            Self::Missing => "missing",
            Self::Overdue(..) => "overdue",
            Self::Soon(..) => "soon",
            Self::Fresh(..) => "fresh",
        }
    }

    /// The day of the next review.
    pub(super) fn due(self) -> Option<Date> {
        match self {
            Self::Overdue(day, _) | Self::Soon(day, _) | Self::Fresh(day, _) => Some(day),
            Self::NotNeeded | Self::Missing => None,
        }
    }

    /// In a few words, for the bar.
    pub(super) fn words(self) -> String {
        match self {
            Self::NotNeeded => "no review needed".to_owned(),
            Self::Missing => "not reviewed".to_owned(),
            Self::Overdue(_, days) => format!("review {} overdue", count(days, "day", "days")),
            Self::Soon(_, 0) => "review due today".to_owned(),
            Self::Soon(_, days) => format!("review due in {}", count(days, "day", "days")),
            Self::Fresh(_, days) => format!("{} to the next review", count(days, "day", "days")),
        }
    }
}

/// `1 day`, `2 days`.
pub(super) fn count(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
