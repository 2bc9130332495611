//! The JSON twin of an article: the same text and the same facts for programs. Shows nothing that the page does not.

use serde_json::{Value, json};

use super::Renderer;
use crate::page::{Made, TextOf};
use crate::site::{ArticleId, PersonId, Site};

/// The twin as JSON text. Links are full addresses where they name pages of their own; the HTML is as on the page.
pub(super) fn twin(renderer: &Renderer, id: ArticleId) -> Made<String> {
    let site = &*renderer.site;
    let settings = &site.settings;
    let article = &site[id];
    let document = &*article.document;
    let front = &document.front;
    let text = |text: u32| TextOf { article: Some(id), text };
    let body = renderer.write_text((&document.body, &article.body), text(0))?.whole().0;
    let mut faq = Vec::with_capacity(document.faq.len());
    for (index, (question, linked)) in document.faq.iter().zip(&article.faq).enumerate() {
        let answer = renderer.write_text((&question.answer, linked), text(index as u32 + 1))?.whole().0;
        faq.push(json!({ "question": question.question, "answer": answer }));
    }
    let mut takeaways = Vec::with_capacity(document.takeaways.len());
    for (index, (body, linked)) in document.takeaways.iter().zip(&article.takeaways).enumerate() {
        takeaways.push(renderer.write_text((body, linked), text(1000 + index as u32))?.whole().0.trim_end().to_owned());
    }
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
        "takeaways": takeaways,
        "body": body,
        "faq": faq,
        "sources": sources,
        "disclaimer": settings.organization.disclaimer.as_ref().unwrap_or(&settings.labels.disclaimer),
    });
    Ok(format!("{twin}\n"))
}

fn people(site: &Site, ids: &[PersonId]) -> Vec<Value> {
    ids.iter()
        .map(|&id| json!({ "name": site[id].full_name(), "url": site.settings.canonical(&site[id].address) }))
        .collect()
}
