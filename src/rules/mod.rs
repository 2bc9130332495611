//! Editorial rules over a linked site: one short function a rule, one table of all. Changes nothing and renders nothing.

mod blocks;
mod dates;
mod people;
mod pictures;
mod texts;

use rayon::prelude::*;

use crate::project::Diagnostic;
use crate::site::{Article, Site};

pub(crate) use pictures::broken_pictures;

/// A rule: looks at a site and says what it finds.
type Rule = fn(&Site, &mut Vec<Diagnostic>);

/// A rule about one article at a time.
type ArticleRule = fn(&Site, &Article, &mut Vec<Diagnostic>);

/// Rules about who vouches for an article. A plain page has neither author nor review.
const REVIEW_RULES: &[ArticleRule] = &[
    people::missing_author,
    people::missing_reviewer,
    people::self_review,
    people::missing_review_date,
    people::reviewer_not_allowed,
    dates::review_overdue,
    dates::review_in_future,
    dates::edited_since_review,
];

/// Rules about articles and plain pages.
const ARTICLE_RULES: &[ArticleRule] = &[
    dates::date_order,
    texts::empty_body,
    texts::duplicate_faq_question,
    texts::long_description,
    texts::missing_section,
    texts::unknown_kind,
    texts::unused_source,
    blocks::blocks,
    pictures::sizes,
];

/// Rules about the site as a whole.
const SITE_RULES: &[Rule] = &[
    people::missing_credentials,
    texts::duplicate_titles,
    texts::duplicate_descriptions,
    texts::empty_section,
    texts::unknown_section_kind,
    blocks::other_texts,
    blocks::unknown_country,
    pictures::other_sizes,
];

/// Everything that the rules have to say about a site.
pub(crate) fn check(site: &Site) -> Vec<Diagnostic> {
    let of_site = |rule: &Rule| {
        let mut found = Vec::new();
        rule(site, &mut found);
        found
    };
    let (mut found, more): (Vec<_>, Vec<_>) = rayon::join(
        || site.articles.par_iter().flat_map_iter(|article| check_article(site, article)).collect(),
        || SITE_RULES.par_iter().flat_map_iter(of_site).collect(),
    );
    found.extend(more);
    found
}

/// What the rules have to say about one article by itself.
pub(crate) fn check_article(site: &Site, article: &Article) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let review: &[ArticleRule] = if article.is_page() { &[] } else { REVIEW_RULES };
    for rule in review.iter().chain(ARTICLE_RULES) {
        rule(site, article, &mut found);
    }
    found
}
