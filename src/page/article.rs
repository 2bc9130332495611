//! Makes the view of an article from the linked site: its text, outline, questions, sources and history.

use std::iter::Peekable;

use super::pictures::picture_view;
use super::shown::Shown;
use super::view::*;
use super::views::{Made, Pieces, TextOf, cards, dated, experts, extra, links, part};
use crate::content::{Change, ChangeKind, Heading, reading_minutes};
use crate::project::{Labels, escape_into, escape_text_into};
use crate::site::{Article, ArticleId, CitedSource, Site};

/// An article or plain page.
pub(crate) fn article_view<'s>(site: &'s Shown, id: ArticleId, pieces: &'s dyn Pieces) -> Made<ArticleView<'s>> {
    let article = &site[id];
    let document = &*article.document;
    let front = &document.front;
    let labels = &site.settings.labels;
    let text = |text: u32| TextOf { article: Some(id), text };
    let written = pieces.text((&document.body, &article.body), text(0))?;
    let faq = faq(site, id, pieces)?;
    let takeaways = takeaways(site, id, pieces)?;
    let minutes = reading_minutes(document.words);
    let shows_experts = document.body.blocks.iter().any(|block| block.kind == "experts");
    let plain = article.is_page();
    Ok(ArticleView {
        title: &document.title,
        short_title: article.short_title(),
        description: article.description(),
        kind: &article.kind,
        plain,
        authors: site.people(&article.authors),
        reviewers: site.people(&article.reviewers),
        published: site.date(article.published()),
        updated: site.date(front.updated.as_ref().map(|date| date.value)),
        reviewed: site.date(front.reviewed.as_ref().map(|date| date.value)),
        next_review: site.date(article.next_review),
        words: u64::from(document.words),
        minutes: u64::from(minutes),
        reading_time: labels.read_time.replace("{minutes}", &minutes.to_string()),
        section: (!document.section.is_empty()).then(|| &site.section_links[article.section.0 as usize]),
        category: article.category.map(|category| &site.category_links[category.0 as usize]),
        tags: article.tags.iter().map(|&tag| &site.tag_links[tag.0 as usize]).collect(),
        lead: written.lead,
        hero: article.hero.as_ref().zip(front.image.as_ref()).map(|(target, image)| {
            let set = site.picture(target.picture);
            picture_view(site, target, set, &image.alt, [image.caption.as_ref(), image.credit.as_ref()])
        }),
        contents: contents(site, article),
        body: written.rest,
        takeaways,
        takeaways_at_end: site.settings.takeaways_at_end,
        faq,
        sources: article
            .sources
            .iter()
            .zip(1..)
            .map(|(cited, number)| pieces.source(cited, number, id))
            .collect::<Made<_>>()?,
        history: history(labels, &front.history),
        disclaimer: disclaimer(site, article).map(String::as_str),
        about: front.about.as_ref().map(|about| AboutView {
            name: about.name.clone(),
            codes: about
                .codes
                .iter()
                .map(|(system, code)| CodeView { system: system.clone(), code: code.clone() })
                .collect(),
        }),
        experts: if plain || shows_experts { Vec::new() } else { experts(pieces, &article.experts)? },
        related: cards(pieces, article.related.iter().map(|related| ArticleId(related.article)))?,
        backlinks: links(pieces, article.backlinks.iter().copied())?,
        list: match article.section_page {
            Some(section) => cards(pieces, part(site, &site[section].articles, 1).iter().copied())?,
            None => Vec::new(),
        },
        extra: extra(front.extra.as_ref()),
    })
}

/// What a page says of its limits; a plain page says nothing.
pub(crate) fn disclaimer<'a>(site: &'a Site, article: &Article) -> Option<&'a String> {
    let own = site.settings.organization.disclaimer.as_ref();
    (!article.is_page()).then(|| own.unwrap_or(&site.settings.labels.disclaimer))
}

/// The questions of an article with their answers.
pub(crate) fn faq<'s>(site: &'s Site, id: ArticleId, pieces: &dyn Pieces) -> Made<Vec<FaqView<'s>>> {
    let article = &site[id];
    let pairs = article.document.faq.iter().zip(&article.faq);
    pairs
        .enumerate()
        .map(|(index, (faq, linked))| {
            let answer = pieces.text((&faq.answer, linked), TextOf { article: Some(id), text: index as u32 + 1 })?;
            Ok(FaqView { question: &faq.question, id: &faq.id, answer: answer.whole() })
        })
        .collect()
}

/// The main points of an article.
pub(crate) fn takeaways<'s>(site: &'s Site, id: ArticleId, pieces: &dyn Pieces) -> Made<Vec<Html<'s>>> {
    let article = &site[id];
    let pairs = article.document.takeaways.iter().zip(&article.takeaways);
    // The text is number 0, and the answers come after it.
    let numbers = article.document.faq.len() as u32 + 1..;
    pairs
        .zip(numbers)
        .map(|((body, linked), text)| {
            Ok(pieces.text((body, linked), TextOf { article: Some(id), text })?.whole().trimmed())
        })
        .collect()
}

/// The finished outline as nested lists: takeaways, every heading of the text, FAQ, sources.
fn contents(site: &Site, article: &Article) -> Html<'static> {
    let labels = &site.settings.labels;
    let document = &article.document;
    let deepest = site.settings.contents_levels;
    let takeaways = (!document.takeaways.is_empty()).then_some((2, labels.takeaways.as_str(), "takeaways"));
    let mut flat: Vec<(u8, &str, &str)> = Vec::with_capacity(document.body.headings.len() + document.faq.len() + 3);
    let at_end = site.settings.takeaways_at_end;
    flat.extend(takeaways.filter(|_| !at_end));
    let is_shown = |heading: &&Heading| !heading.in_block && heading.level <= deepest && !heading.text.is_empty();
    let headings = document.body.headings.iter().filter(is_shown);
    flat.extend(headings.map(|heading| (heading.level, heading.text.as_ref(), heading.id.as_ref())));
    if !document.faq.is_empty() {
        flat.push((2, &labels.faq, "faq"));
        if deepest >= 3 {
            flat.extend(document.faq.iter().map(|faq| (3, faq.question.as_ref(), faq.id.as_ref())));
        }
    }
    flat.extend(takeaways.filter(|_| at_end));
    if !article.sources.is_empty() {
        flat.push((2, &labels.sources, "sources"));
    }
    // About as much as most entries need.
    let mut out = String::with_capacity(128 * flat.len());
    if !flat.is_empty() {
        nest(&mut out, &mut flat.into_iter().peekable(), 0);
    }
    out.into()
}

/// Writes the entries that lie deeper than `above`; a level is one of six, which bounds how deep this goes.
fn nest<'a>(out: &mut String, rest: &mut Peekable<impl Iterator<Item = (u8, &'a str, &'a str)>>, above: u8) {
    out.push_str("<ol>\n");
    while let Some((level, title, id)) = rest.next_if(|(level, ..)| *level > above) {
        out.push_str("<li><a href=\"#");
        escape_into(out, id);
        out.push_str("\">");
        escape_text_into(out, title);
        out.push_str("</a>");
        if rest.peek().is_some_and(|(next, ..)| *next > level) {
            out.push('\n');
            nest(out, rest, level);
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>");
}

/// Anchor of a source.
pub(crate) fn source_anchor(number: u32) -> String {
    format!("source-{number}")
}

/// Anchor of a citation marker.
pub(crate) fn citation_anchor(number: u32, used: u32) -> String {
    format!("cite-{number}-{used}")
}

/// A source with its number on the page, but for its HTML.
pub(crate) fn source_view(labels: &Labels, cited: &CitedSource, number: u32) -> SourceView {
    let source = &*cited.source;
    let backs = (1..=cited.uses).map(|used| BackLink {
        href: format!("#{}", citation_anchor(number, used)),
        label: match cited.uses {
            1 => labels.back_to_text.clone(),
            _ => labels.cited_at.replace("{number}", &used.to_string()),
        },
    });
    SourceView {
        number: u64::from(number),
        id: source_anchor(number),
        title: source.title.clone(),
        publisher: source.publisher.clone(),
        url: source.url.clone(),
        published: dated(labels, source.published),
        accessed: dated(labels, source.accessed),
        html: Html::default(),
        backs: backs.collect(),
    }
}

fn history(labels: &Labels, changes: &[Change]) -> Vec<ChangeView> {
    let mut changes: Vec<&Change> = changes.iter().collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.date));
    changes
        .into_iter()
        .map(|change| {
            let (kind, label) = match change.kind {
                ChangeKind::Clinical => ("clinical", &labels.history_clinical),
                ChangeKind::Correction => ("correction", &labels.history_correction),
                ChangeKind::Editorial => ("editorial", &labels.history_editorial),
                ChangeKind::Links => ("links", &labels.history_links),
            };
            ChangeView {
                date: dated(labels, change.date),
                kind: kind.to_owned(),
                label: label.clone(),
                note: change.note.clone(),
            }
        })
        .collect()
}
