//! The orders of whole lists, made once: a page of a list is a slice of them. Decides nothing about who is listed.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::model::*;
use crate::project::{Address, fold};

/// Everything that is listed, in its order.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Articles, newest first, then by id.
    pub newest: Vec<ArticleId>,
    /// People by family name, then by given name.
    pub people: Vec<PersonId>,
    /// Tags by title.
    pub tags: Vec<TagId>,
    /// Terms by group, then by title.
    pub glossary: Vec<TermId>,
    /// Articles and terms by letter and name, articles by their long titles and terms by their other names too.
    pub a_to_z: Vec<Entry>,
    /// Where in `a_to_z` each letter begins.
    pub letters: Vec<usize>,
}

/// A name in the index of everything.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The letter it stands under: without accents, upper case; `#` for what is no letter.
    pub letter: String,
    pub name: EntryName,
}

/// Whose name it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EntryName {
    /// By its short title, where it has one: titles may begin with words that nobody looks for.
    Article(ArticleId),
    /// The title of an article, where its short title is no beginning of it.
    Title(ArticleId),
    Term(TermId),
    /// Another name of a term: an index into its [`Term::other_names`].
    Other(TermId, usize),
}

/// Puts everything in order.
pub(crate) fn orders(site: &Site) -> Orders {
    let term_ids = || (0..site.terms.len() as u32).map(TermId);
    let mut newest: Vec<_> = site.article_ids().map(|id| (Reverse(site[id].published()), &site[id].id, id)).collect();
    newest.par_sort_unstable();
    let mut people: Vec<PersonId> = (0..site.people.len() as u32).map(PersonId).collect();
    people.sort_by_cached_key(|&id| (fold(&site[id].file.family), fold(&site[id].file.given), id));
    let mut tags: Vec<TagId> = (0..site.tags.len() as u32).map(TagId).collect();
    tags.sort_by_cached_key(|&id| (fold(&site[id].label.title), id));
    let mut glossary: Vec<TermId> = term_ids().collect();
    glossary.sort_by_cached_key(|&id| (site[id].file.group.clone(), fold(&site[id].file.title), id));
    let a_to_z = a_to_z(site, term_ids());
    let letters = letters(&a_to_z);
    let newest = newest.into_iter().map(|(_, _, id)| id).collect();
    Orders { newest, people, tags, glossary, a_to_z, letters }
}

fn letters(entries: &[Entry]) -> Vec<usize> {
    (0..entries.len()).filter(|&at| at == 0 || entries[at].letter != entries[at - 1].letter).collect()
}

fn a_to_z(site: &Site, terms: impl Iterator<Item = TermId>) -> Vec<Entry> {
    let is_called_otherwise = |id: ArticleId| !site[id].document.title.starts_with(site[id].short_title());
    let articles = site.article_ids().flat_map(|id| {
        let title = is_called_otherwise(id).then_some(EntryName::Title(id));
        [EntryName::Article(id)].into_iter().chain(title)
    });
    let terms = terms.flat_map(|id| {
        let others = (0..site[id].other_names().count()).map(move |other| EntryName::Other(id, other));
        others.chain([EntryName::Term(id)])
    });
    let entry = |name: EntryName| {
        let (title, address) = (name.title(site), name.address(site).page_href(&site.settings.style));
        let key = fold(title);
        ((initial(&key), key, address, title), name)
    };
    let names: Vec<EntryName> = articles.chain(terms).collect();
    let mut entries: Vec<_> = names.into_par_iter().map(entry).collect();
    entries.par_sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.into_iter().map(|((letter, ..), name)| Entry { letter, name }).collect()
}

impl EntryName {
    /// The name as it is shown.
    pub(crate) fn title(self, site: &Site) -> &str {
        match self {
            Self::Article(id) => site[id].short_title(),
            Self::Title(id) => &site[id].document.title,
            Self::Term(id) => &site[id].file.title,
            Self::Other(id, other) => site[id].other_names().nth(other).map_or("", |text| text.value.as_str()),
        }
    }

    /// Where it leads.
    pub(crate) fn address(self, site: &Site) -> &Address {
        match self {
            Self::Article(id) | Self::Title(id) => &site[id].address,
            Self::Term(id) | Self::Other(id, _) => &site[id].address,
        }
    }
}

/// The letter under which a folded name stands.
fn initial(key: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let first = key.nfd().find(|c| c.is_alphanumeric());
    match first {
        Some(letter) if letter.is_alphabetic() => letter.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}
