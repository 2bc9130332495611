//! One article as Galen sees it, for people: where it is, what leads to it and why its related topics are related.

use std::fmt::Write;

use crate::site::{Article, ArticleId, Site};

/// Every id that [`describe`] knows.
pub fn article_ids(site: &Site) -> impl Iterator<Item = &str> {
    site.articles
        .iter()
        .map(|article| article.id.as_str())
        .chain(site.withheld.iter().map(|withheld| withheld.path.as_str()))
}

/// What is known of the article with this id or path.
pub fn describe(site: &Site, article: &str) -> Option<String> {
    let wanted = article.trim_start_matches("./");
    if let Some(withheld) = site.withheld.iter().find(|withheld| names(&withheld.path, wanted)) {
        return Some(format!(
            "{}\n  state     {} – it {}, so no list, feed or index holds it\n",
            withheld.path,
            withheld.state.name(),
            withheld.state.sentence()
        ));
    }
    let id = site.article_ids().find(|&id| site[id].id == wanted || names(&site[id].document.path, wanted))?;
    Some(article_text(site, &site[id]))
}

fn names(path: &str, wanted: &str) -> bool {
    path == wanted
        || path.strip_suffix(".md").is_some_and(|path| {
            path == wanted || path.rsplit('/').next() == Some(wanted) || path.strip_prefix("articles/") == Some(wanted)
        })
}

fn article_text(site: &Site, article: &Article) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {name:<11} {value}");
    };
    let document = &article.document;
    line("title", &document.title);
    line("address", &article.address.page_href(&site.settings.style));
    line("state", article.state.name());
    line("kind", &article.kind);
    line("words", &document.words.to_string());
    for (name, people) in [("author", &article.authors), ("reviewer", &article.reviewers)] {
        for &person in people {
            line(name, &site[person].full_name());
        }
    }
    if let Some(reviewed) = &document.front.reviewed {
        line("reviewed", &reviewed.value.to_string());
    }
    if let Some(next) = article.next_review {
        line("next review", &next.to_string());
    }
    let tags: Vec<&str> = article.tags.iter().map(|&tag| site[tag].label.id.value.as_str()).collect();
    line("tags", &tags.join(", "));
    let terms: Vec<&str> = article.terms.iter().map(|&term| site[term].file.title.as_str()).collect();
    line("terms", &terms.join(", "));
    let texts = std::iter::once(&article.body).chain(&article.faq).chain(&article.takeaways);
    for target in texts.flat_map(|linked| &linked.targets) {
        line("link", &target.href);
    }
    for &id in &article.backlinks {
        line("linked from", &site[id].id);
    }
    for cited in &article.sources {
        line("source", &format!("{} (cited {}×)", cited.source.id.value, cited.uses));
    }
    for related in &article.related {
        let parts = &related.parts;
        let why = format!(
            "{}tags {:.2}, category {:.2}, text {:.2}, glossary {:.2}",
            if related.pinned { "pinned; " } else { "" },
            parts.tags,
            parts.category,
            parts.text,
            parts.glossary
        );
        line("related", &format!("{:<32} {:.2} = {why}", site[ArticleId(related.article)].id, parts.total()));
    }
    format!("{}\n{text}", document.path)
}
