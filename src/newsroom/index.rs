//! The index of the whole newsroom: one page with charts, every article and every finding. Linear in the size of the site.

use std::collections::BTreeMap;

use jiff::ToSpan;

use super::markup::Markup;
use super::review::{Review, count};
use super::table::{Row, rows, table};
use super::{Newsroom, chart, findings};
use crate::project::{Diagnostic, Level};
use crate::report::Lines;

/// Findings that are written out; `galen check` tells all.
const FINDINGS: usize = 500;

/// Months of the chart of reviews.
const MONTHS: i32 = 12;

/// The index of the newsroom, a whole page for `/_galen/`.
pub fn index(newsroom: &Newsroom<'_>) -> String {
    let site = newsroom.site();
    let rows = rows(newsroom);
    let mut html = Markup::default();
    html.raw(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"robots\" content=\"noindex\">",
    );
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Newsroom – ");
    html.text(&site.settings.title).raw("</title><link rel=\"stylesheet\" href=\"/_galen/index.css\">");
    html.raw("<script src=\"/_galen/index.js\" defer></script></head><body><header><p><bdi>")
        .text(&site.settings.title);
    html.raw("</bdi></p><h1>Newsroom</h1>");
    let home = crate::project::Address::home().page_href(&site.settings.style);
    html.raw("<p>").link(&home, "The site");
    html.format(format_args!(", as it stands on {}", site.as_of)).raw("</p>");
    days(&mut html, &site.as_of.to_string());
    html.raw("</header><main>");
    if rows.is_empty() {
        html.raw("<p class=\"empty\">There is no article yet. Make one with <code>galen new</code>.</p>");
    } else {
        html.raw("<section class=\"charts\" aria-label=\"At a glance\">");
        charts(&mut html, newsroom, &rows);
        html.raw("</section><section><h2 id=\"articles\">Articles</h2>");
        table(&mut html, newsroom, &rows);
        html.raw("</section>");
    }
    html.raw("<section><h2>Findings</h2>");
    all_findings(&mut html, newsroom);
    html.raw("</section></main></body></html>\n");
    html.finish()
}

fn days(html: &mut Markup, day: &str) {
    html.raw("<form action=\"/_galen/as-of\" method=\"get\"><input type=\"hidden\" name=\"to\" value=\"/_galen/\">");
    html.raw("<label>Shown as of <input type=\"date\" name=\"day\" required value=\"").text(day);
    html.raw("\"></label> <button>Show this day</button></form>");
}

fn charts(html: &mut Markup, newsroom: &Newsroom<'_>, rows: &[Row]) {
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        *states.entry(row.state.name()).or_default() += 1;
    }
    let states: Vec<(String, u64)> = states.into_iter().map(|(name, number)| (name.to_owned(), number)).collect();
    chart::bars(html, "Articles by state", &states);
    chart::bars(html, "Reviews due", &reviews(newsroom, rows));
    let mut grades: BTreeMap<u64, u64> = BTreeMap::new();
    // Grades are small and never negative; what is beyond the last bar belongs to it.
    let graded = rows.iter().filter_map(|row| row.grade).map(|grade| (grade as u64 / 2).min(8));
    graded.for_each(|grade| *grades.entry(grade).or_default() += 1);
    if !grades.is_empty() {
        let name = |at: u64| if at == 8 { "16+".to_owned() } else { format!("{}–{}", at * 2, at * 2 + 1) };
        let bars: Vec<_> = (0..=8).map(|at| (name(at), grades.get(&at).copied().unwrap_or(0))).collect();
        chart::bars(html, "Articles by reading grade", &bars);
    }
}

/// Reviews that are overdue, then those due in each of the next months.
fn reviews(newsroom: &Newsroom<'_>, rows: &[Row]) -> Vec<(String, u64)> {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut due: BTreeMap<(i16, i8), u64> = BTreeMap::new();
    let mut overdue = 0;
    for review in rows.iter().map(|row| row.review) {
        match review {
            Review::Overdue(..) => overdue += 1,
            Review::Soon(day, _) | Review::Fresh(day, _) => *due.entry((day.year(), day.month())).or_default() += 1,
            Review::NotNeeded | Review::Missing => {}
        }
    }
    let first = newsroom.site().as_of.first_of_month();
    let months = (0..MONTHS).filter_map(|ahead| first.checked_add(ahead.months()).ok());
    let bar = |month: jiff::civil::Date| {
        let number = due.get(&(month.year(), month.month())).copied().unwrap_or(0);
        (NAMES[usize::from(month.month().unsigned_abs()) - 1].to_owned(), number)
    };
    std::iter::once(("overdue".to_owned(), overdue)).chain(months.map(bar)).collect()
}

/// Findings by file.
fn all_findings(html: &mut Markup, newsroom: &Newsroom<'_>) {
    let all = newsroom.diagnostics;
    let of = |level: Level| all.iter().filter(|finding| finding.level == level).count() as i64;
    if all.is_empty() {
        html.raw("<p>Nothing was found.</p>");
        return;
    }
    let (errors, warnings) =
        (count(of(Level::Error), "error", "errors"), count(of(Level::Warning), "warning", "warnings"));
    html.raw("<p>").format(format_args!("{errors}, {warnings}, {}.", count(of(Level::Note), "note", "notes")));
    if all.len() > FINDINGS {
        html.format(format_args!(" The first {FINDINGS} are here; `galen check` tells all."));
    }
    html.raw("</p>");
    let lines = Lines::new(&newsroom.project.sources);
    let path = |finding: &Diagnostic| newsroom.project.path_of(&finding.place).to_owned();
    for group in all[..all.len().min(FINDINGS)].chunk_by(|a, b| path(a) == path(b)) {
        html.raw("<details><summary><code>").text(&path(&group[0])).raw("</code> ");
        html.text(&count(group.len() as i64, "finding", "findings")).raw("</summary>");
        findings::list(html, newsroom, &lines, group);
        html.raw("</details>");
    }
}
