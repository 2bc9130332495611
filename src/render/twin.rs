//! The JSON twin of an article: the same text and the same facts for programs. Shows nothing that the page does not.

use serde_json::{Value, json};

use super::Renderer;
use crate::page::{Made, Pieces, TextOf, disclaimer, faq, takeaways};
use crate::site::{ArticleId, PersonId, Site};

/// The twin as JSON text. Links are full addresses where they name pages of their own; the HTML is as on the page.
pub(super) fn twin(renderer: &Renderer, id: ArticleId) -> Made<String> {
    let site = &*renderer.site;
    let settings = &site.settings;
    let article = &site[id];
    let document = &*article.document;
    let front = &document.front;
    let body = renderer.text((&document.body, &article.body), TextOf { article: Some(id), text: 0 })?.whole().0;
    let faq =
        faq(site, id, renderer)?.into_iter().map(|faq| json!({ "question": faq.question, "answer": faq.answer.0 }));
    let takeaways = takeaways(site, id, renderer)?.into_iter().map(|takeaway| takeaway.0);
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let sources: Vec<Value> = article
        .sources
        .iter()
        .map(|cited| json!({ "title": cited.source.title, "publisher": cited.source.publisher, "url": cited.source.url }))
        .collect();
    let twin = json!({
        "url": settings.canonical(&article.address),
        "title": document.title,
        "description": article.description(),
        "language": settings.language,
        "kind": article.kind,
        "authors": people(site, &article.authors),
        "reviewers": people(site, &article.reviewers),
        "published": date(article.published()),
        "updated": date(front.updated.as_ref().map(|date| date.value)),
        "reviewed": date(front.reviewed.as_ref().map(|date| date.value)),
        "next_review": date(article.next_review),
        "category": article.category.map(|category| &site[category].label.title),
        "tags": article.tags.iter().map(|&tag| &site[tag].label.title).collect::<Vec<_>>(),
        "takeaways": takeaways.collect::<Vec<_>>(),
        "body": body,
        "faq": faq.collect::<Vec<_>>(),
        "sources": sources,
        "disclaimer": disclaimer(site, article),
    });
    Ok(format!("{twin}\n"))
}

fn people(site: &Site, ids: &[PersonId]) -> Vec<Value> {
    ids.iter()
        .map(|&id| json!({ "name": site[id].full_name(), "url": site.settings.canonical(&site[id].address) }))
        .collect()
}
