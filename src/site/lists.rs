//! Everything that follows from the links: lists of sections and people, backlinks, experts, related topics. Reports nothing but ids.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::admission::Admitted;
use super::gate::State;
use super::model::*;
use super::names::Names;
use super::related::{Related, Subject, related};
use super::symbols::Symbols;
use crate::project::{Checked, Code, Diagnostic};

/// An article at the address of a folder without a `_section.md` is that section's page.
pub(crate) fn take_over_sections(site: &mut Site, symbols: &Symbols) {
    for index in 0..site.sections.len() {
        if let Some(PlaceOnSite::Article(article)) = symbols.at(&site.sections[index].address) {
            site.sections[index].page = Some(article);
            site.articles[article.0 as usize].section_page = Some(SectionId(index as u32));
        }
    }
}

/// Fills every list of articles, newest first and then by id.
pub(crate) fn write_lists(site: &mut Site) {
    let specialties = specialties(site);
    for (person, specialties) in site.people.iter_mut().zip(specialties) {
        person.specialties = specialties;
    }
    let Site { articles, sections, people, terms, orders, .. } = site;
    for &id in &orders.newest {
        let article = &articles[id.0 as usize];
        let is_listed = !(article.is_page() && article.section == SectionId(0)) && article.section_page.is_none();
        if is_listed {
            sections[article.section.0 as usize].articles.push(id);
        }
        for author in &article.authors {
            people[author.0 as usize].written.push(id);
        }
        for reviewer in &article.reviewers {
            people[reviewer.0 as usize].reviewed.push(id);
        }
        for term in &article.terms {
            terms[term.0 as usize].articles.push(id);
        }
    }
    let rank = ranks(&site.orders.newest);
    for list in site
        .tags
        .iter_mut()
        .map(|tag| &mut tag.articles)
        .chain(site.categories.iter_mut().map(|category| &mut category.articles))
    {
        list.sort_by_key(|id| rank[id.0 as usize]);
    }
    backlinks(site, &rank);
    experts(site);
}

fn ranks(order: &[ArticleId]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (position, id) in order.iter().enumerate() {
        rank[id.0 as usize] = position as u32;
    }
    rank
}

fn backlinks(site: &mut Site, rank: &[u32]) {
    let mut backlinks: Vec<Vec<ArticleId>> = vec![Vec::new(); site.articles.len()];
    for id in site.article_ids() {
        let article = &site[id];
        let texts = std::iter::once(&article.body).chain(&article.faq).chain(&article.takeaways);
        for target in texts.flat_map(|linked| &linked.targets).filter_map(|target| target.article) {
            let list = &mut backlinks[target.0 as usize];
            if target != id && list.last() != Some(&id) {
                list.push(id);
            }
        }
    }
    for (article, mut list) in site.articles.iter_mut().zip(backlinks) {
        list.sort_by_key(|id| rank[id.0 as usize]);
        list.dedup();
        article.backlinks = list;
    }
}

/// The tags that a person names as specialties, as far as the site has pages for them.
fn specialties(site: &Site) -> Vec<Vec<TagId>> {
    let find = |id: &str| {
        site.tags.binary_search_by(|tag| tag.label.id.value.as_str().cmp(id)).ok().map(|index| TagId(index as u32))
    };
    site.people
        .iter()
        .map(|person| {
            let mut seen = FxHashSet::default();
            let found = person.file.specialties.iter().filter_map(|text| find(&text.value));
            found.filter(|&tag| seen.insert(tag)).collect()
        })
        .collect()
}

/// Most shared tags first, then by id.
fn experts(site: &mut Site) {
    let count = site.settings.experts_count;
    let experts: Vec<PersonId> =
        (0..site.people.len() as u32).map(PersonId).filter(|&id| site[id].file.expert).collect();
    for &id in &experts {
        for tag in site[id].specialties.clone() {
            site.tags[tag.0 as usize].experts.push(id);
        }
    }
    let Site { articles, tags, .. } = site;
    articles.par_iter_mut().for_each(|article| {
        let named = article.tags.iter().flat_map(|tag| &tags[tag.0 as usize].experts);
        let mut named: Vec<PersonId> = named.copied().collect();
        named.sort_unstable();
        // People are sorted by path, which is by id.
        let mut shared: Vec<_> = named.chunk_by(PartialEq::eq).map(|same| (Reverse(same.len()), same[0])).collect();
        shared.sort_unstable();
        article.experts = shared.into_iter().take(count).map(|(_, person)| person).collect();
    });
}

/// Chooses the related topics of every article.
pub(crate) fn relate(site: &Site, admitted: &[Admitted], names: &Names<'_>) -> Checked<Vec<Vec<Related>>> {
    let mut diagnostics = Vec::new();
    let mut pins = Vec::with_capacity(site.articles.len());
    for document in admitted {
        let front = &document.document.front;
        let mut pinned = Vec::new();
        for id in &front.related {
            let Some(index) = names.article(id, &mut diagnostics) else { continue };
            match admitted[index].article {
                Some(article) => pinned.push(article.0),
                None if admitted[index].state.is_open_by(document.state.opens()) => {}
                None => {
                    let state = admitted[index].state;
                    let message = format!("the pinned article `{}` {}", id.value, state.sentence());
                    let help = match state {
                        State::Expired(_) | State::Withdrawn => "take it out: readers will not see it again",
                        _ => "it will be shown once it is open to readers",
                    };
                    diagnostics.push(Diagnostic::new(Code::UnpublishedRelated, id.span, message).help(help));
                }
            }
        }
        let excluded: Vec<u32> = front
            .unrelated
            .iter()
            .filter_map(|id| names.article(id, &mut diagnostics))
            .filter_map(|index| admitted[index].article)
            .map(|id| id.0)
            .collect();
        if document.article.is_some() {
            pins.push((pinned, excluded));
        }
    }
    let tags: Vec<Vec<u32>> =
        site.articles.iter().map(|article| article.tags.iter().map(|tag| tag.0).collect()).collect();
    let terms: Vec<Vec<u32>> =
        site.articles.iter().map(|article| article.terms.iter().map(|term| term.0).collect()).collect();
    let subjects: Vec<Subject<'_>> = site
        .articles
        .iter()
        .enumerate()
        .map(|(index, article)| Subject {
            tags: &tags[index],
            category: article.category.map(|category| category.0),
            terms: &terms[index],
            profile: &article.document.profile,
            pinned: &pins[index].0,
            excluded: &pins[index].1,
            eligible: !article.is_page(),
        })
        .collect();
    Checked { value: related(&subjects, site.settings.related_count), diagnostics }
}
