//! The editor's panel for one page: a custom element with a shadow root of its own, so that neither the page's styles nor the
//! panel's reach the other. It is written in full here; its script only closes it and remembers that.

use super::facts::{Finder, Reading, Sentence, is_english, reading};
use super::markup::Markup;
use super::review::{Review, count};
use super::{Newsroom, elsewhere, findings};
use crate::page::{kind, listed, numbered};
use crate::project::{Diagnostic, Level};
use crate::report::Lines;
use crate::site::{Article, ArticleId, PlaceOnSite, Site, State};

/// The panel of the page in the file `page` of the output, to be added before `</body>`. A file that is no page of the site, such
/// as `404.html`, gets the panel without anything about it.
pub fn panel(newsroom: &Newsroom<'_>, page: &str) -> String {
    let site = newsroom.site();
    let shown = newsroom.output.shows(page);
    let mut html = Markup::default();
    html.raw("<galen-panel><template shadowrootmode=\"open\"><link rel=\"stylesheet\" href=\"/_galen/panel.css\">");
    html.raw(
        "<section class=\"panel\" lang=\"en\" dir=\"ltr\" aria-label=\"Galen: about this page\"><details><summary>",
    );
    match shown {
        Some((PlaceOnSite::Article(id), 1)) => article(&mut html, newsroom, id),
        Some((place, number)) => other(&mut html, newsroom, place, number),
        None => {
            html.raw("<b>No page of the site</b></summary><div class=\"parts\"><div class=\"columns\">");
        }
    }
    let to = shown
        .and_then(|(place, number)| Some(numbered(site.address(place)?, number).page_href(&site.settings.style)))
        .unwrap_or_else(|| "/".to_owned());
    days(&mut html, newsroom, &to);
    html.raw("<p class=\"more\"><a href=\"/_galen/\">The whole newsroom</a></p></div></div></details>");
    html.raw(
        "<button type=\"button\" class=\"close\" hidden>Hide<span class=\"quiet\"> the panel</span></button></section>",
    );
    html.raw("<button type=\"button\" class=\"open\" hidden>Show the panel</button>");
    html.raw("</template></galen-panel><script src=\"/_galen/panel.js\" defer></script>");
    html.finish()
}

/// A word of the bar, with a look of its own.
fn chip(html: &mut Markup, look: &'static str, text: &str) {
    html.raw("<span class=\"chip ").raw(look).raw("\">").text(text).raw("</span> ");
}

fn findings_chip(html: &mut Markup, found: &[&Diagnostic]) {
    let look = match found.iter().map(|finding| finding.level).max() {
        Some(Level::Error) => "overdue",
        Some(Level::Warning) => "soon",
        _ => "fresh",
    };
    chip(html, look, &count(found.len() as i64, "finding", "findings"));
}

fn part(html: &mut Markup, title: &'static str, write: impl FnOnce(&mut Markup)) {
    html.raw("<section><h2>").raw(title).raw("</h2>");
    write(html);
    html.raw("</section>");
}

fn found_in<'a>(newsroom: &Newsroom<'a>, path: &str) -> Vec<&'a Diagnostic> {
    newsroom.diagnostics.iter().filter(|finding| newsroom.project.path_of(&finding.place) == path).collect()
}

fn article(html: &mut Markup, newsroom: &Newsroom<'_>, id: ArticleId) {
    let site = newsroom.site();
    let article = &site[id];
    let reading = reading(article);
    let review = Review::of(article, site.as_of);
    let found = found_in(newsroom, &article.document.path);
    let lines = Lines::new(&newsroom.project.sources);
    chip(html, article.state.name(), article.state.name());
    if review != Review::NotNeeded {
        chip(html, review.name(), &review.words());
    }
    if let Some(grade) = grade(site, &reading) {
        chip(html, "plain", &grade);
    }
    findings_chip(html, &found);
    html.raw("</summary><div class=\"parts\"><div class=\"columns\">");
    html.raw("<p class=\"file\">")
        .link(&findings::editor_href(newsroom, &article.document.path, 1, 1), "Open in the editor");
    html.raw(" <code dir=\"ltr\">").text(&article.document.path).raw("</code></p>");
    if !found.is_empty() {
        part(html, "Findings", |html| findings::list(html, newsroom, &lines, found.iter().copied()));
    }
    part(html, "Publication and review", |html| state(html, site, article, review));
    part(html, "Reading", |html| reads(html, newsroom, &lines, article, &reading));
    part(html, "Sources", |html| sources(html, newsroom, &lines, article, &reading));
    part(html, "Links", |html| elsewhere::links(html, site, article));
    part(html, "Related topics", |html| elsewhere::related(html, site, article));
    part(html, "Glossary", |html| elsewhere::terms(html, site, article));
    part(html, "Seen from outside", |html| elsewhere::outside(html, site, id));
}

/// Why the gate lets it through or not, in a sentence that says what to do.
fn why(article: &Article) -> String {
    match article.state {
        State::Published => article.published().map_or_else(
            || "Readers see it. It names no day of publication.".to_owned(),
            |day| format!("Readers see it since {day}."),
        ),
        State::Draft => "Only you see it. Take out `draft = true` to publish it.".to_owned(),
        State::Scheduled(day) => format!("Only you see it. Readers see it from {day}: pick that day below to see the site then."),
        State::Expired(day) => format!("Readers do not see it since {day}, its day of `expires`."),
        State::Withdrawn => "Readers see a notice in its place.".to_owned(),
        State::Unreviewed => {
            "Only you see it. This site publishes what a clinician reviewed: name a `reviewer` and the day in `reviewed`.".to_owned()
        }
    }
}

fn state(html: &mut Markup, site: &Site, article: &Article, review: Review) {
    let front = &article.document.front;
    html.raw("<p>").text(&why(article)).raw("</p><dl>");
    html.fact("Kind", format_args!("{}", article.kind));
    if let Some(updated) = &front.updated {
        html.fact("Updated", format_args!("{}", updated.value));
    }
    if let Some(expires) = &front.expires {
        html.fact("Expires", format_args!("{}", expires.value));
    }
    let names = |people: &[crate::site::PersonId]| {
        people.iter().map(|&person| site[person].full_name()).collect::<Vec<_>>().join("; ")
    };
    for (name, people) in [("Written by", &article.authors), ("Reviewed by", &article.reviewers)] {
        if !people.is_empty() {
            html.fact(name, format_args!("{}", names(people)));
        }
    }
    if let Some(reviewed) = &front.reviewed {
        html.fact("Last review", format_args!("{}", reviewed.value));
    }
    if let Some(due) = review.due() {
        html.fact("Next review", format_args!("{due} – {}", review.words()));
    } else if review == Review::Missing {
        html.fact("Next review", format_args!("unknown: no review is dated yet (`reviewed`)"));
    }
    html.raw("</dl>");
}

fn grade(site: &Site, reading: &Reading) -> Option<String> {
    let grade = reading.count.grade().filter(|_| is_english(site))?;
    Some(format!("grade {grade:.0}"))
}

fn reads(html: &mut Markup, newsroom: &Newsroom<'_>, lines: &Lines<'_>, article: &Article, reading: &Reading) {
    let words = article.document.words;
    html.raw("<dl>").fact(
        "Length",
        format_args!(
            "{}, {}",
            count(words.into(), "word", "words"),
            count(crate::content::reading_minutes(words).into(), "minute", "minutes")
        ),
    );
    if let Some(length) = reading.count.sentence_length() {
        let sentences = count(reading.count.sentences.into(), "sentence", "sentences");
        html.fact("Sentences", format_args!("{sentences}, {length:.0} words each on average"));
    }
    if !is_english(newsroom.site()) {
        html.fact("Grade", format_args!("none: the formula is for English, so only sentences are measured"));
    } else if let Some(grade) = reading.count.grade() {
        html.fact("Grade", format_args!("{grade:.1} (Flesch–Kincaid, years of school; health texts aim for 6 to 8)"));
    } else {
        html.fact("Grade", format_args!("none: the text is too short to tell"));
    }
    html.raw("</dl>");
    if !reading.longest.is_empty() {
        html.raw("<h3>Longest sentences</h3>");
        quotes(html, newsroom, lines, article, &reading.longest);
    }
}

/// Sentences, each with a link to its line.
fn quotes(html: &mut Markup, newsroom: &Newsroom<'_>, lines: &Lines<'_>, article: &Article, sentences: &[Sentence]) {
    let source = article.document.source;
    let finder = Finder::new(&newsroom.project.source(source).text);
    html.raw("<ul class=\"quotes\">");
    for sentence in sentences {
        html.raw("<li><q dir=\"auto\">").text(&sentence.text).raw("</q> <span class=\"quiet\">");
        html.text(&count(sentence.words.into(), "word", "words"));
        if let Some(at) = finder.find(&sentence.text) {
            let (line, column) = lines.line_column(source, at);
            let href = findings::editor_href(newsroom, &article.document.path, line, column);
            html.raw(", ").link(&href, &format!("line {line}"));
        }
        html.raw("</span></li>");
    }
    html.raw("</ul>");
}

fn sources(html: &mut Markup, newsroom: &Newsroom<'_>, lines: &Lines<'_>, article: &Article, reading: &Reading) {
    if article.sources.is_empty() {
        html.raw("<p>It names no sources.</p>");
    } else {
        html.raw("<ol>");
        for cited in &article.sources {
            html.raw("<li><bdi>").text(&cited.source.title).raw("</bdi> <span class=\"quiet\">");
            html.text(&match cited.uses {
                0 => "not cited in the text".to_owned(),
                uses => format!("cited {}", count(uses.into(), "time", "times")),
            });
            html.raw("</span></li>");
        }
        html.raw("</ol>");
    }
    if !reading.unsourced.is_empty() {
        html.raw("<h3>Statistics without a source</h3>");
        quotes(html, newsroom, lines, article, &reading.unsourced);
    }
}

/// A page that is no article, or a further page of a list.
fn other(html: &mut Markup, newsroom: &Newsroom<'_>, place: PlaceOnSite, number: u32) {
    let site = newsroom.site();
    let path = site.written_at(place).map(|place| newsroom.project.path_of(&place).to_owned());
    let found = path.as_deref().map(|path| found_in(newsroom, path)).unwrap_or_default();
    html.raw("<span class=\"chip plain\">").raw(kind(place)).raw("</span> ");
    if path.is_some() {
        findings_chip(html, &found);
    }
    html.raw("</summary><div class=\"parts\"><div class=\"columns\">");
    if let Some(path) = &path {
        html.raw("<p class=\"file\">").link(&findings::editor_href(newsroom, path, 1, 1), "Open in the editor");
        html.raw(" <code dir=\"ltr\">").text(path).raw("</code></p>");
    }
    if !found.is_empty() {
        let lines = Lines::new(&newsroom.project.sources);
        part(html, "Findings", |html| findings::list(html, newsroom, &lines, found));
    }
    part(html, "About this page", |html| {
        html.raw("<dl>").fact("Kind of page", format_args!("{}", kind(place)));
        let items = if place == PlaceOnSite::Home { site.articles.len() } else { listed(site, place) };
        html.fact("Entries", format_args!("{items}"));
        html.fact("Page", format_args!("{number} of {}", items.div_ceil(site.settings.page_size).max(1)));
        html.raw("</dl>");
    });
}

/// Picks the day on which the site is shown.
fn days(html: &mut Markup, newsroom: &Newsroom<'_>, to: &str) {
    let day = newsroom.site().as_of.to_string();
    part(html, "The site on another day", |html| {
        html.raw("<form action=\"/_galen/as-of\" method=\"get\"><input type=\"hidden\" name=\"to\" value=\"").text(to);
        html.raw("\"><label>Shown as of <input type=\"date\" name=\"day\" required value=\"").text(&day);
        html.raw("\"></label> <button>Show this day</button></form>");
    });
}
