//! Makes the views of lists: people, tags, the glossary, the index of everything; and where each continues.

use super::pages::{numbered, page_count};
use super::view::*;
use super::views::{part, person_cards, tag_link};
use crate::project::{Address, fold};
use crate::site::{PersonId, PlaceOnSite, Site, TagId, TermId};

/// The list of people.
pub(crate) fn people_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut people: Vec<PersonId> = (0..site.people.len() as u32).map(PersonId).collect();
    people.sort_by_cached_key(|&id| (fold(&site[id].file.family), fold(&site[id].file.given), id));
    ListView {
        title: labels.people.clone(),
        description: labels.people_description.clone(),
        groups: Vec::new(),
        people: person_cards(site, part(site, &people, number)),
    }
}

/// The list of tags.
pub(crate) fn tags_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut tags: Vec<TagId> = (0..site.tags.len() as u32).map(TagId).collect();
    tags.sort_by_cached_key(|&id| (fold(&site[id].label.title), id));
    let entries = part(site, &tags, number).iter().map(|&id| {
        let link = tag_link(site, id);
        let description = site[id].label.description.clone().unwrap_or_default();
        EntryView {
            title: link.title,
            href: link.href,
            description,
            see: None,
            count: Some(site[id].articles.len() as u64),
        }
    });
    ListView {
        title: labels.all_tags.clone(),
        description: labels.tags_description.clone(),
        groups: group_all(entries.collect()),
        people: Vec::new(),
    }
}

fn group_all(entries: Vec<EntryView>) -> Vec<GroupView> {
    vec![GroupView { title: String::new(), id: String::new(), entries }]
}

/// The glossary, by group.
pub(crate) fn glossary_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut groups: std::collections::BTreeMap<&str, Vec<TermId>> = std::collections::BTreeMap::new();
    for id in (0..site.terms.len() as u32).map(TermId) {
        groups.entry(&site[id].file.group).or_default().push(id);
    }
    let groups = groups.into_iter().map(|(group, mut terms)| {
        terms.sort_by_cached_key(|&id| (fold(&site[id].file.title), id));
        let mut letters = group.replace(['-', '_'], " ");
        if let Some(first) = letters.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let entries = terms.iter().map(|&id| term_entry(site, id)).collect();
        GroupView { title: letters, id: crate::content::anchor(group), entries }
    });
    ListView {
        title: labels.glossary.clone(),
        description: labels.glossary_description.clone(),
        groups: part_of_groups(site, groups.collect(), number),
        people: Vec::new(),
    }
}

/// The entries of one page, still in their groups.
fn part_of_groups(site: &Site, groups: Vec<GroupView>, number: u32) -> Vec<GroupView> {
    let size = site.settings.page_size;
    let (start, end) = (size * (number as usize - 1), size * number as usize);
    let mut at = 0;
    let mut shown = Vec::new();
    for mut group in groups {
        let length = group.entries.len();
        let from = start.clamp(at, at + length) - at;
        let to = end.clamp(at, at + length) - at;
        at += length;
        if from < to {
            group.entries = group.entries.drain(from..to).collect();
            shown.push(group);
        }
    }
    shown
}

/// Number of entries in the index of everything.
pub(crate) fn a_to_z_length(site: &Site) -> usize {
    let names =
        site.terms.iter().map(|term| 1 + term.file.synonyms.len() + usize::from(term.file.abbreviation.is_some()));
    site.articles.len() + names.sum::<usize>()
}

fn term_entry(site: &Site, id: TermId) -> EntryView {
    EntryView {
        title: site[id].file.title.clone(),
        href: site[id].address.page_href(&site.settings.style),
        description: site[id].file.description.clone().unwrap_or_default(),
        see: None,
        count: None,
    }
}

/// The index of everything: articles and terms by title, terms by synonym and abbreviation too.
pub(crate) fn a_to_z_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut entries: Vec<(String, EntryView)> = Vec::new();
    for id in site.article_ids() {
        let article = &site[id];
        let entry = EntryView {
            title: article.document.title.clone(),
            href: article.address.page_href(&site.settings.style),
            description: String::new(),
            see: None,
            count: None,
        };
        entries.push((fold(&entry.title), entry));
    }
    for id in (0..site.terms.len() as u32).map(TermId) {
        let term = &site[id].file;
        let entry = EntryView { description: String::new(), ..term_entry(site, id) };
        for other in term.synonyms.iter().chain(&term.abbreviation) {
            entries.push((
                fold(&other.value),
                EntryView { title: other.value.clone(), see: Some(term.title.clone()), ..entry.clone() },
            ));
        }
        entries.push((fold(&term.title), entry));
    }
    entries.sort_by(|a, b| (&a.0, &a.1.href, &a.1.title).cmp(&(&b.0, &b.1.href, &b.1.title)));
    let mut groups: Vec<GroupView> = Vec::new();
    for (key, entry) in entries {
        let letter = initial(&key);
        match groups.last_mut().filter(|group| group.title == letter) {
            Some(group) => group.entries.push(entry),
            None => {
                let id =
                    if letter == "#" { "letter-other".to_owned() } else { format!("letter-{}", letter.to_lowercase()) };
                groups.push(GroupView { title: letter, id, entries: vec![entry] });
            }
        }
    }
    // Groups of one letter can be apart where accents sort elsewhere.
    groups.sort_by(|a, b| a.title.cmp(&b.title));
    let mut merged: Vec<GroupView> = Vec::new();
    for group in groups {
        match merged.last_mut().filter(|last| last.title == group.title) {
            Some(last) => last.entries.extend(group.entries),
            None => merged.push(group),
        }
    }
    ListView {
        title: labels.a_to_z.clone(),
        description: labels.a_to_z_description.clone(),
        groups: part_of_groups(site, merged, number),
        people: Vec::new(),
    }
}

/// The letter under which a word stands: without accents, upper case; `#` for what is no letter.
fn initial(key: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let first = key.nfd().find(|c| c.is_alphanumeric());
    match first {
        Some(letter) if letter.is_alphabetic() => letter.to_uppercase().collect(),
        _ => "#".to_owned(),
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
    (1..=pages).filter(move |&other| other == 1 || other == pages || other.abs_diff(number) <= 3)
}
