//! Everything that follows from the links: lists of sections and people, backlinks, experts, related topics. Reports nothing but ids.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::admission::Admitted;
use super::gate::State;
use super::model::*;
use super::names::Names;
use super::related::{Features, Related, Subject, related, word_vectors};
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

/// Every list of articles and tags that follows from the links, parallel to the site's own lists.
pub(crate) struct Lists {
    sections: Vec<Vec<ArticleId>>,
    tags: Vec<Vec<ArticleId>>,
    categories: Vec<Vec<ArticleId>>,
    written: Vec<Vec<ArticleId>>,
    reviewed: Vec<Vec<ArticleId>>,
    specialties: Vec<Vec<TagId>>,
    terms: Vec<Vec<ArticleId>>,
    backlinks: Vec<Vec<ArticleId>>,
}

/// Makes every list, those of articles newest first and then by id.
pub(crate) fn lists(site: &Site, newest: &[ArticleId]) -> Lists {
    let none = |count: usize| vec![Vec::new(); count];
    let mut sections = none(site.sections.len());
    let (mut written, mut reviewed) = (none(site.people.len()), none(site.people.len()));
    let mut terms = none(site.terms.len());
    for &id in newest {
        let article = &site[id];
        let is_listed = !(article.is_page() && article.section == SectionId(0)) && article.section_page.is_none();
        if is_listed {
            sections[article.section.0 as usize].push(id);
        }
        for author in &article.authors {
            written[author.0 as usize].push(id);
        }
        for reviewer in &article.reviewers {
            reviewed[reviewer.0 as usize].push(id);
        }
        for term in &article.terms {
            terms[term.0 as usize].push(id);
        }
    }
    let rank = ranks(newest);
    let sorted = |list: &Vec<ArticleId>| {
        let mut list = list.clone();
        list.sort_by_key(|id| rank[id.0 as usize]);
        list
    };
    Lists {
        sections,
        tags: site.tags.iter().map(|tag| sorted(&tag.articles)).collect(),
        categories: site.categories.iter().map(|category| sorted(&category.articles)).collect(),
        written,
        reviewed,
        specialties: specialties(site),
        terms,
        backlinks: backlinks(site, &rank),
    }
}

/// Puts every list in its place, and chooses experts by them.
pub(crate) fn fill_lists(site: &mut Site, lists: Lists) {
    for (section, articles) in site.sections.iter_mut().zip(lists.sections) {
        section.articles = articles;
    }
    for (tag, articles) in site.tags.iter_mut().zip(lists.tags) {
        tag.articles = articles;
    }
    for (category, articles) in site.categories.iter_mut().zip(lists.categories) {
        category.articles = articles;
    }
    let of_people = lists.written.into_iter().zip(lists.reviewed).zip(lists.specialties);
    for (person, ((written, reviewed), specialties)) in site.people.iter_mut().zip(of_people) {
        (person.written, person.reviewed, person.specialties) = (written, reviewed, specialties);
    }
    for (term, articles) in site.terms.iter_mut().zip(lists.terms) {
        term.articles = articles;
    }
    for (article, backlinks) in site.articles.iter_mut().zip(lists.backlinks) {
        article.backlinks = backlinks;
    }
    experts(site);
}

fn ranks(order: &[ArticleId]) -> Vec<u32> {
    let mut rank = vec![0; order.len()];
    for (position, id) in order.iter().enumerate() {
        rank[id.0 as usize] = position as u32;
    }
    rank
}

fn backlinks(site: &Site, rank: &[u32]) -> Vec<Vec<ArticleId>> {
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
    for list in &mut backlinks {
        list.sort_by_key(|id| rank[id.0 as usize]);
        list.dedup();
    }
    backlinks
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

/// What an author says of an article's related topics.
struct Pins {
    pinned: Vec<u32>,
    excluded: Vec<u32>,
}

/// What is said of a document's related topics, if it passed the gate, and ids there that lead to no article.
fn pins(document: &Admitted, admitted: &[Admitted], names: &Names<'_>) -> (Option<Pins>, Vec<Diagnostic>) {
    let (front, mut diagnostics, mut pinned) = (&document.document.front, Vec::new(), Vec::new());
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
    (document.article.map(|_| Pins { pinned, excluded }), diagnostics)
}

/// Weighs the words of every article that passed the gate. Plain pages are related to nothing, and theirs are left out.
pub(crate) fn weigh_words(admitted: &[Admitted]) -> Features {
    let passed = admitted.iter().filter(|admitted| admitted.article.is_some());
    let profiles: Vec<_> = passed.map(|admitted| (!admitted.is_page()).then_some(&admitted.document.profile)).collect();
    word_vectors(&profiles)
}

/// Chooses the related topics of every article, whose words are weighed.
pub(crate) fn relate(
    site: &Site,
    admitted: &[Admitted],
    names: &Names<'_>,
    words: Features,
) -> Checked<Vec<Vec<Related>>> {
    let mut diagnostics = Vec::new();
    let mut said = Vec::with_capacity(site.articles.len());
    let found: Vec<_> = admitted.par_iter().map(|document| pins(document, admitted, names)).collect();
    for (pins, unknown) in found {
        diagnostics.extend(unknown);
        said.extend(pins);
    }
    let numbers = |article: &Article| -> (Vec<u32>, Vec<u32>) {
        (article.tags.iter().map(|tag| tag.0).collect(), article.terms.iter().map(|term| term.0).collect())
    };
    let numbers: Vec<_> = site.articles.par_iter().map(numbers).collect();
    let subjects: Vec<Subject<'_>> = site
        .articles
        .par_iter()
        .enumerate()
        .map(|(index, article)| Subject {
            tags: &numbers[index].0,
            category: article.category.map(|category| category.0),
            terms: &numbers[index].1,
            pinned: &said[index].pinned,
            excluded: &said[index].excluded,
            eligible: !article.is_page(),
        })
        .collect();
    Checked { value: related(&subjects, words, site.settings.related_count), diagnostics }
}
