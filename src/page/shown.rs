//! A site with what many of its pages show alike, made once: people, links, days and parts of the graph. Decides nothing about them.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::{Serialize, Serializer};
use tera::Value;

use super::json_ld;
use super::view::{DateView, Link, PersonCard};
use super::views::{category_link, date_view, person_card, section_link, tag_link};
use crate::project::{escape_into, escape_url_into};
use crate::site::{CategoryId, PersonId, SectionId, Site, TagId, TermId};

/// A view that became a template value once and is shown on many pages. To a template it is a `V`.
#[derive(Debug)]
pub(crate) struct Shared<V>(Value, PhantomData<V>);

impl<V> Clone for Shared<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<V: Into<Value>> From<V> for Shared<V> {
    fn from(view: V) -> Self {
        Self(view.into(), PhantomData)
    }
}

impl<V> Serialize for Shared<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A site as its pages see it.
pub(crate) struct Shown {
    site: Arc<Site>,
    /// By person.
    people: Vec<Shared<PersonCard>>,
    pub(super) section_links: Vec<Shared<Link>>,
    pub(super) category_links: Vec<Shared<Link>>,
    pub(super) tag_links: Vec<Shared<Link>>,
    /// Every day that the page of an article may tell.
    dates: FxHashMap<Date, Shared<DateView>>,
    /// The start tag of the link to each term.
    term_tags: Vec<String>,
    /// The nodes of the site and its publisher, as they stand in every graph.
    pub(super) site_nodes: String,
    /// The node of each person.
    pub(super) person_nodes: Vec<String>,
    /// The node of each shared source, by id.
    pub(super) source_nodes: FxHashMap<String, String>,
}

impl Shown {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        let people = 0..site.people.len() as u32;
        Self {
            people: people.clone().map(|id| person_card(&site, PersonId(id)).into()).collect(),
            section_links: (0..site.sections.len() as u32)
                .map(|id| section_link(&site, SectionId(id)).into())
                .collect(),
            category_links: (0..site.categories.len() as u32)
                .map(|id| category_link(&site, CategoryId(id)).into())
                .collect(),
            tag_links: (0..site.tags.len() as u32).map(|id| tag_link(&site, TagId(id)).into()).collect(),
            dates: dates(&site),
            term_tags: (0..site.terms.len() as u32).map(|id| term_tag(&site, TermId(id))).collect(),
            site_nodes: json_ld::site_nodes(&site),
            person_nodes: people.map(|id| json_ld::person_node(&site, PersonId(id))).collect(),
            source_nodes: json_ld::source_nodes(&site),
            site,
        }
    }

    /// The site, to be changed where nothing is shown that was made once; None while somebody else holds it.
    pub(crate) fn site_mut(&mut self) -> Option<&mut Site> {
        Arc::get_mut(&mut self.site)
    }

    pub(crate) fn people(&self, ids: &[PersonId]) -> Vec<Shared<PersonCard>> {
        ids.iter().map(|id| self.people[id.0 as usize].clone()).collect()
    }

    pub(crate) fn term_tag(&self, id: TermId) -> &str {
        &self.term_tags[id.0 as usize]
    }

    pub(super) fn date(&self, date: Option<Date>) -> Option<Shared<DateView>> {
        self.dates.get(&date?).cloned()
    }
}

fn term_tag(site: &Site, id: TermId) -> String {
    let term = &site[id];
    let mut tag = "<a class=\"term\" href=\"".to_owned();
    escape_url_into(&mut tag, &term.address.page_href(&site.settings.style));
    if let Some(description) = &term.file.description {
        tag.push_str("\" title=\"");
        escape_into(&mut tag, description);
    }
    tag.push_str("\">");
    tag
}

fn dates(site: &Site) -> FxHashMap<Date, Shared<DateView>> {
    let mut dates = FxHashMap::default();
    for id in site.article_ids() {
        let article = &site[id];
        let front = &article.document.front;
        let written = [&front.updated, &front.reviewed].into_iter().flatten().map(|date| date.value);
        for date in written.chain(article.published()).chain(article.next_review) {
            dates.entry(date).or_insert_with(|| date_view(&site.settings.labels, date).into());
        }
    }
    dates
}

impl Deref for Shown {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}
