//! How an article is bound to the rest of the world: links, related topics, terms, and how it looks from outside. Parts of the panel.

use super::markup::Markup;
use crate::content::ReferenceKind;
use crate::page::document_title;
use crate::site::{Article, ArticleId, PlaceOnSite, Site, Target};

/// Characters that a search engine shows of a title before it cuts, about.
const TITLE: usize = 60;
/// The same of a description, as the rule `long-description` has it.
const DESCRIPTION: usize = 170;

/// Where the links of an article lead, each once, in page order.
fn links_out(article: &Article) -> Vec<&Target> {
    let document = &article.document;
    let bodies =
        std::iter::once(&document.body).chain(document.faq.iter().map(|faq| &faq.answer)).chain(&document.takeaways);
    let linked = std::iter::once(&article.body).chain(&article.faq).chain(&article.takeaways);
    let pairs = bodies.zip(linked).flat_map(|(body, linked)| body.references.iter().zip(&linked.targets));
    let mut seen = rustc_hash::FxHashSet::default();
    pairs
        .filter(|(reference, target)| reference.kind == ReferenceKind::Link && !target.broken)
        .map(|(_, target)| target)
        .filter(|target| seen.insert(target.href.as_str()))
        .collect()
}

/// Where it links, and what links to it.
pub(super) fn links(html: &mut Markup, site: &Site, article: &Article) {
    let out = links_out(article);
    html.raw("<h3>From here</h3>");
    if out.is_empty() {
        html.raw("<p>It links to nothing.</p>");
    }
    html.raw("<ul>");
    for target in out {
        let title = target.article.map_or(target.href.as_str(), |id| site[id].short_title());
        html.raw("<li>").link(&target.href, title).raw("</li>");
    }
    html.raw("</ul><h3>To here</h3>");
    if article.backlinks.is_empty() {
        html.raw("<p>No article links here.</p>");
    }
    html.raw("<ul>");
    for &id in &article.backlinks {
        html.raw("<li>").link(&site[id].address.page_href(&site.settings.style), site[id].short_title()).raw("</li>");
    }
    html.raw("</ul>");
}

/// Its related topics, and why.
pub(super) fn related(html: &mut Markup, site: &Site, article: &Article) {
    if article.related.is_empty() {
        html.raw("<p>None is shown.</p>");
        return;
    }
    html.raw("<ul>");
    for related in &article.related {
        let (other, parts) = (&site[ArticleId(related.article)], &related.parts);
        let parts =
            [("tags", parts.tags), ("category", parts.category), ("text", parts.text), ("glossary", parts.glossary)];
        let pinned = related.pinned.then(|| "pinned".to_owned());
        let reasons: Vec<String> = pinned
            .into_iter()
            .chain(parts.iter().filter(|(_, part)| *part >= 0.005).map(|(name, part)| format!("{name} {part:.2}")))
            .collect();
        html.raw("<li>").link(&other.address.page_href(&site.settings.style), other.short_title());
        let why = if reasons.is_empty() { "little in common".to_owned() } else { reasons.join(", ") };
        html.raw(" <span class=\"quiet\">").text(&why).raw("</span></li>");
    }
    html.raw("</ul>");
}

/// The glossary terms in its text.
pub(super) fn terms(html: &mut Markup, site: &Site, article: &Article) {
    if article.terms.is_empty() {
        html.raw("<p>No term of the glossary stands in the text.</p>");
        return;
    }
    html.raw("<ul class=\"row\">");
    for &id in &article.terms {
        let term = &site[id];
        html.raw("<li>").link(&term.address.page_href(&site.settings.style), &term.file.title).raw("</li>");
    }
    html.raw("</ul>");
}

/// The page as a card, as a search result and when it is shared.
pub(super) fn outside(html: &mut Markup, site: &Site, id: ArticleId) {
    let article = &site[id];
    let image = article.hero.as_ref().filter(|hero| !hero.broken).zip(article.document.front.image.as_ref());
    let title = document_title(site, PlaceOnSite::Article(id), &article.document.title, 1);
    let canonical = site.settings.canonical(&article.address);
    html.raw("<h3>As a card on this site</h3><div class=\"sample\" dir=\"auto\"><b>").text(article.short_title());
    html.raw("</b><p>").text(article.description()).raw("</p></div>");
    html.raw("<h3>As a search result</h3><div class=\"sample\" dir=\"auto\"><small>")
        .text(&canonical)
        .raw("</small><b>");
    html.text(&title).raw("</b><p>").text(article.description()).raw("</p></div>");
    hint(html, "Title", &title, TITLE);
    hint(html, "Description", article.description(), DESCRIPTION);
    html.raw("<h3>When it is shared</h3><div class=\"sample\" dir=\"auto\">");
    if let Some((hero, picture)) = image {
        html.raw("<img src=\"").text(&hero.href).raw("\" alt=\"").text(&picture.alt).raw("\" loading=\"lazy\">");
    }
    html.raw("<small>").text(&site.settings.title).raw("</small><b>").text(&article.document.title).raw("</b><p>");
    html.text(article.description()).raw("</p></div>");
    if image.is_none() {
        html.raw("<p class=\"quiet\">Without a picture: name one in <code>[image]</code>, 1200 by 630 or larger.</p>");
    }
}

/// How long a text is, and whether it will be cut.
fn hint(html: &mut Markup, name: &'static str, text: &str, most: usize) {
    let length = text.chars().count();
    html.raw("<p class=\"quiet\">").raw(name).raw(": ");
    match length {
        0 => html.raw("missing."),
        _ if length > most => html.format(format_args!("{length} characters; cut off after about {most}.")),
        _ => html.format(format_args!("{length} characters, of about {most} that are shown.")),
    };
    html.raw("</p>");
}
