//! The table of all articles: a compact row of data for each, of which the first are written out and the others wait for the page's
//! script, so that ten thousand articles are one small page.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::facts::{counts, is_english};
use super::markup::Markup;
use super::review::Review;
use super::{Newsroom, findings};
use crate::site::{ArticleId, State};

/// Rows that are written out.
const WRITTEN: usize = 100;

/// What the table says of one article.
pub(super) struct Row {
    pub title: String,
    /// Its page, if it has one.
    pub href: Option<String>,
    pub path: String,
    pub state: State,
    pub review: Review,
    /// The school grade, where it means something.
    pub grade: Option<f64>,
    pub words: u32,
    /// Articles that link to it.
    pub linked: usize,
    pub findings: usize,
    /// Whether nobody links to it, though somebody could.
    pub orphan: bool,
}

/// A row for every article, in the order of their files; those that readers do not see and that have no page come last.
pub(super) fn rows(newsroom: &Newsroom<'_>) -> Vec<Row> {
    let site = newsroom.site();
    let mut found: FxHashMap<&str, usize> = FxHashMap::default();
    for finding in newsroom.diagnostics {
        *found.entry(newsroom.project.path_of(&finding.place)).or_default() += 1;
    }
    let found = |path: &str| found.get(path).copied().unwrap_or(0);
    let row = |id: u32| {
        let article = &site[ArticleId(id)];
        let path = &article.document.path;
        Row {
            title: article.short_title().to_owned(),
            href: Some(article.address.page_href(&site.settings.style)),
            path: path.clone(),
            state: article.state,
            review: Review::of(article, site.as_of),
            grade: is_english(site).then(|| counts(article).grade()).flatten(),
            words: article.document.words,
            linked: article.backlinks.len(),
            findings: found(path),
            orphan: article.backlinks.is_empty() && !article.is_page() && article.section_page.is_none(),
        }
    };
    let withheld = site.withheld.iter().map(|withheld| Row {
        title: withheld.path.clone(),
        href: None,
        path: withheld.path.clone(),
        state: withheld.state,
        review: Review::NotNeeded,
        grade: None,
        words: 0,
        linked: 0,
        findings: found(&withheld.path),
        orphan: false,
    });
    let mut rows: Vec<Row> = (0..site.articles.len() as u32).into_par_iter().map(row).collect();
    rows.extend(withheld);
    rows
}

/// Name, and whether it is a number.
const COLUMNS: [(&str, bool); 7] = [
    ("Article", false),
    ("State", false),
    ("Next review", false),
    ("Grade", true),
    ("Words", true),
    ("Linked from", true),
    ("Findings", true),
];

/// What the table can be narrowed to: a name for the script, and words.
const VIEWS: [(&str, &str); 12] = [
    ("all", "All articles"),
    ("overdue", "Review overdue"),
    ("soon", "Review due within two months"),
    ("missing", "Never reviewed"),
    ("orphan", "No article links to it"),
    ("findings", "With findings"),
    ("hard", "Harder than grade 10"),
    ("draft", "Drafts"),
    ("scheduled", "Scheduled"),
    ("expired", "Expired"),
    ("withdrawn", "Withdrawn"),
    ("unreviewed", "Waiting for a review"),
];

/// Writes the table with its controls and data.
pub(super) fn table(html: &mut Markup, newsroom: &Newsroom<'_>, rows: &[Row]) {
    html.raw(
        "<form class=\"controls\" role=\"search\" hidden><label>Find <input type=\"search\" name=\"find\"></label>",
    );
    html.raw("<label>Show <select name=\"view\">");
    for (name, words) in VIEWS {
        html.raw("<option value=\"").raw(name).raw("\">").raw(words).raw("</option>");
    }
    html.raw("</select></label></form><p class=\"count\" role=\"status\">");
    html.format(format_args!("{} of {}", rows.len().min(WRITTEN), rows.len()));
    html.raw("</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"articles\"><table id=\"rows\"><thead><tr>");
    for (name, is_number) in COLUMNS {
        html.raw(if is_number { "<th scope=\"col\" class=\"number\">" } else { "<th scope=\"col\">" });
        html.raw(name).raw("</th>");
    }
    html.raw("</tr></thead><tbody>");
    for row in rows.iter().take(WRITTEN) {
        written(html, newsroom, row);
    }
    html.raw("</tbody></table></div><p><button type=\"button\" class=\"more\" hidden>Show more</button></p>");
    html.raw("<script type=\"application/json\" id=\"data\">").json(&data(newsroom, rows)).raw("</script>");
}

fn written(html: &mut Markup, newsroom: &Newsroom<'_>, row: &Row) {
    html.raw("<tr><th scope=\"row\">");
    match &row.href {
        Some(href) => html.link(href, &row.title),
        None => html.raw("<bdi>").text(&row.title).raw("</bdi>"),
    };
    html.raw(" ").raw("<small>").link(&findings::editor_href(newsroom, &row.path, 1, 1), &row.path);
    html.raw("</small></th><td><span class=\"chip ").raw(row.state.name()).raw("\">").raw(row.state.name());
    html.raw("</span>");
    if let State::Scheduled(day) = row.state {
        html.format(format_args!(" from {day}"));
    }
    html.raw("</td><td class=\"")
        .raw(row.review.name())
        .raw("\">")
        .text(&due(row.review))
        .raw("</td><td class=\"number\">");
    html.text(&row.grade.map(|grade| format!("{grade:.1}")).unwrap_or_default());
    for number in [row.words as usize, row.linked, row.findings] {
        html.raw("</td><td class=\"number\">").format(format_args!("{number}"));
    }
    html.raw("</td></tr>");
}

fn due(review: Review) -> String {
    match review {
        Review::NotNeeded => String::new(),
        Review::Missing => "never reviewed".to_owned(),
        Review::Overdue(day, _) => format!("{day}, overdue"),
        Review::Soon(day, _) | Review::Fresh(day, _) => day.to_string(),
    }
}

/// Rows as the script reads them: title, address, path, state, its day, review, its day, grade, words, links, findings, orphan,
/// and the address that opens it in the editor.
fn data(newsroom: &Newsroom<'_>, rows: &[Row]) -> serde_json::Value {
    let rows: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            let opens = row.state.opens().map(|day| day.to_string());
            let grade = row.grade.map(|grade| (grade * 10.0).round() / 10.0);
            serde_json::json!([
                row.title,
                row.href,
                row.path,
                row.state.name(),
                opens,
                row.review.name(),
                due(row.review),
                grade,
                row.words,
                row.linked,
                row.findings,
                u8::from(row.orphan),
                findings::editor_href(newsroom, &row.path, 1, 1),
            ])
        })
        .collect();
    serde_json::Value::Array(rows)
}
