//! Makes the views of lists: people, tags, the glossary, the index of everything; and where each continues.

use super::pages::{numbered, page_count};
use super::shown::Shown;
use super::view::*;
use super::views::{part, tag_link};
use crate::project::Address;
use crate::site::{Entry, EntryName, PlaceOnSite, Site, TagId, TermId};

/// The list of people.
pub(crate) fn people_list(site: &Shown, number: u32) -> ListView<'_> {
    let labels = &site.settings.labels;
    ListView {
        title: labels.people.clone(),
        description: labels.people_description.clone(),
        letters: Vec::new(),
        groups: Vec::new(),
        people: site.people(part(site, &site.orders.people, number)),
    }
}

/// The list of tags.
pub(crate) fn tags_list(site: &Site, number: u32) -> ListView<'static> {
    let labels = &site.settings.labels;
    let entries = part(site, &site.orders.tags, number).iter().map(|&id| tag_entry(site, id)).collect();
    ListView {
        title: labels.all_tags.clone(),
        description: labels.tags_description.clone(),
        letters: Vec::new(),
        groups: vec![GroupView { title: String::new(), id: String::new(), entries }],
        people: Vec::new(),
    }
}

fn tag_entry(site: &Site, id: TagId) -> EntryView {
    let link = tag_link(site, id);
    EntryView {
        title: link.title,
        href: link.href,
        description: site[id].label.description.clone().unwrap_or_default(),
        see: None,
        count: Some(site[id].articles.len() as u64),
    }
}

/// The glossary, by group.
pub(crate) fn glossary_list(site: &Site, number: u32) -> ListView<'static> {
    let labels = &site.settings.labels;
    let terms = part(site, &site.orders.glossary, number);
    let groups = terms.chunk_by(|&a, &b| site[a].file.group == site[b].file.group);
    ListView {
        title: labels.glossary.clone(),
        description: labels.glossary_description.clone(),
        letters: Vec::new(),
        groups: groups.map(|terms| glossary_group(site, terms)).collect(),
        people: Vec::new(),
    }
}

fn glossary_group(site: &Site, terms: &[TermId]) -> GroupView {
    let group = terms.first().map_or("", |&id| site[id].file.group.as_str());
    let mut title = group.replace(['-', '_'], " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let entries = terms.iter().map(|&id| EntryView {
        description: site[id].file.description.clone().unwrap_or_default(),
        ..entry(site, EntryName::Term(id))
    });
    GroupView { title, id: format!("group-{}", crate::content::anchor(group)), entries: entries.collect() }
}

/// The index of everything, by letter.
pub(crate) fn a_to_z_list(site: &Site, number: u32) -> ListView<'static> {
    let labels = &site.settings.labels;
    let entries = part(site, &site.orders.a_to_z, number);
    ListView {
        title: labels.a_to_z.clone(),
        description: labels.a_to_z_description.clone(),
        letters: letters(site, Some(number)),
        groups: entries.chunk_by(|a, b| a.letter == b.letter).map(|entries| letter_group(site, entries)).collect(),
        people: Vec::new(),
    }
}

fn letter_group(site: &Site, entries: &[Entry]) -> GroupView {
    let letter = entries.first().map_or("", |entry| entry.letter.as_str());
    let id = letter_anchor(letter);
    let entries = entries.iter().map(|named| entry(site, named.name)).collect();
    GroupView { title: letter.to_owned(), id, entries }
}

fn letter_anchor(letter: &str) -> String {
    if letter == "#" { "letter-other".to_owned() } else { format!("letter-{}", letter.to_lowercase()) }
}

/// Every letter of the index of everything, each a link to where it begins; `on` is the page of the index that shows them.
pub(super) fn letters(site: &Site, on: Option<u32>) -> Vec<Link> {
    let Some(index) = site.places.address(PlaceOnSite::AToZ) else { return Vec::new() };
    let link = |&first: &usize| {
        let letter = &site.orders.a_to_z[first].letter;
        let page = (first / site.settings.page_size) as u32 + 1;
        let href = if on == Some(page) { String::new() } else { numbered(index, page).page_href(&site.settings.style) };
        Link { title: letter.clone(), href: format!("{href}#{}", letter_anchor(letter)) }
    };
    site.orders.letters.iter().map(link).collect()
}

fn entry(site: &Site, name: EntryName) -> EntryView {
    EntryView {
        title: name.title(site).to_owned(),
        href: name.address(site).page_href(&site.settings.style),
        description: String::new(),
        see: match name {
            EntryName::Title(article) => Some(site[article].short_title().to_owned()),
            EntryName::Other(term, _) => Some(site[term].file.title.clone()),
            _ => None,
        },
        count: None,
    }
}

/// Where a list continues; nothing where it fits on one page.
pub(crate) fn pagination(site: &Site, place: PlaceOnSite, address: &Address, number: u32) -> Option<Pagination> {
    let pages = page_count(site, place);
    let href = |number: u32| numbered(address, number).page_href(&site.settings.style);
    (pages > 1).then(|| Pagination {
        page: u64::from(number),
        pages: u64::from(pages),
        previous: (number > 1).then(|| href(number - 1)),
        next: (number < pages).then(|| href(number + 1)),
        links: nearby(number, pages)
            .map(|other| PageLink { number: u64::from(other), href: href(other), current: other == number })
            .collect(),
    })
}

/// The first and last page and those around this one: a list of thousands of pages stays readable.
fn nearby(number: u32, pages: u32) -> impl Iterator<Item = u32> {
    let around = number.saturating_sub(3).max(2)..(number + 4).min(pages);
    std::iter::once(1).chain(around).chain([pages])
}
