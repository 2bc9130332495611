//! A site with what many of its pages show alike, made once: people, links, days and parts of the graph. Decides nothing about them.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Serialize, Serializer};
use tera::Value;

use super::json_ld;
use super::pictures::{PictureSet, in_text};
use super::view::{DateView, Link, PersonCard};
use super::views::{category_link, date_view, person_card, section_link, tag_link};
use crate::project::{escape_into, escape_url_into};
use crate::site::{CategoryId, PersonId, SectionId, Site, TagId, TermId};

/// A view that is shown on many pages, which lend it. To a template it is a `V`.
#[derive(Clone, Debug)]
pub(crate) struct Shared<V> {
    pub(super) view: V,
    /// As Tera keeps it, once a template has to be run by Tera.
    value: OnceLock<Value>,
}

impl<V: Serialize> From<V> for Shared<V> {
    fn from(view: V) -> Self {
        Self { view, value: OnceLock::new() }
    }
}

impl<V: Serialize> Serialize for Shared<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.get_or_init(|| Value::from_serializable(&self.view)).serialize(serializer)
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
    /// What names the site in every graph.
    pub(super) node_id: String,
    /// What names each person.
    pub(super) person_node_ids: Vec<String>,
    /// The nodes of the site and its publisher, as they stand in every graph.
    pub(super) site_nodes: String,
    /// The node of each person.
    pub(super) person_nodes: Vec<String>,
    /// The node of each shared source, by id.
    pub(super) source_nodes: FxHashMap<String, String>,
    /// The sizes of each picture, by asset, once a page has asked for them.
    pictures: Vec<OnceLock<Option<Box<PictureSet>>>>,
    /// Pictures of which nothing can be made, by asset.
    broken: FxHashSet<u32>,
}

impl Shown {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        let people = 0..site.people.len() as u32;
        Self {
            people: people_cards(&site, &FxHashSet::default()),
            pictures: std::iter::repeat_with(OnceLock::new).take(site.assets.len()).collect(),
            broken: FxHashSet::default(),
            section_links: (0..site.sections.len() as u32)
                .map(|id| section_link(&site, SectionId(id)).into())
                .collect(),
            category_links: (0..site.categories.len() as u32)
                .map(|id| category_link(&site, CategoryId(id)).into())
                .collect(),
            tag_links: (0..site.tags.len() as u32).map(|id| tag_link(&site, TagId(id)).into()).collect(),
            dates: dates(&site),
            term_tags: (0..site.terms.len() as u32).map(|id| term_tag(&site, TermId(id))).collect(),
            node_id: json_ld::site_id(&site),
            person_node_ids: people.clone().map(|id| json_ld::person_id(&site, PersonId(id))).collect(),
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

    /// The sizes of a picture in a text; none where it stays as it is.
    pub(crate) fn picture(&self, asset: Option<u32>) -> Option<&PictureSet> {
        let asset = asset.filter(|asset| !self.broken.contains(asset))?;
        let made = self.pictures.get(asset as usize)?;
        made.get_or_init(|| in_text(&self.site, asset).map(Box::new)).as_deref()
    }

    /// Whether nothing can be made of a picture.
    pub(crate) fn is_broken(&self, asset: u32) -> bool {
        self.broken.contains(&asset)
    }

    /// Shows these pictures as they are from now on: nothing can be made of them.
    pub(crate) fn set_broken(&mut self, broken: FxHashSet<u32>) {
        self.people = people_cards(&self.site, &broken);
        self.broken = broken;
    }

    /// A person on a card, but for its HTML.
    pub(crate) fn person_card(&self, id: PersonId) -> PersonCard {
        person_card(&self.site, id, &self.broken)
    }

    pub(super) fn person(&self, id: PersonId) -> &Shared<PersonCard> {
        &self.people[id.0 as usize]
    }

    pub(crate) fn people(&self, ids: &[PersonId]) -> Vec<&Shared<PersonCard>> {
        ids.iter().map(|&id| self.person(id)).collect()
    }

    pub(crate) fn term_tag(&self, id: TermId) -> &str {
        &self.term_tags[id.0 as usize]
    }

    pub(super) fn date(&self, date: Option<Date>) -> Option<&Shared<DateView>> {
        self.dates.get(&date?)
    }
}

fn people_cards(site: &Site, broken: &FxHashSet<u32>) -> Vec<Shared<PersonCard>> {
    (0..site.people.len() as u32).map(|id| person_card(site, PersonId(id), broken).into()).collect()
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
