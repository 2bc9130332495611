//! A site with what many of its pages show alike, made once: people and parts of the graph. Decides nothing about them.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use tera::Value;

use super::json_ld;
use super::view::PersonCard;
use super::views::person_card;
use crate::site::{PersonId, Site};

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

impl<V> From<Shared<V>> for Value {
    fn from(shared: Shared<V>) -> Self {
        shared.0
    }
}

/// A site as its pages see it.
pub(crate) struct Shown {
    site: Arc<Site>,
    /// By person.
    people: Vec<Shared<PersonCard>>,
    /// The nodes of the site and its publisher, as they stand in every graph.
    pub(super) site_nodes: String,
    /// The node of each person.
    pub(super) person_nodes: Vec<String>,
}

impl Shown {
    pub(crate) fn new(site: Arc<Site>) -> Self {
        let people = 0..site.people.len() as u32;
        Self {
            people: people.clone().map(|id| person_card(&site, PersonId(id)).into()).collect(),
            site_nodes: json_ld::site_nodes(&site),
            person_nodes: people.map(|id| json_ld::person_node(&site, PersonId(id))).collect(),
            site,
        }
    }

    pub(crate) fn people(&self, ids: &[PersonId]) -> Vec<Shared<PersonCard>> {
        ids.iter().map(|id| self.people[id.0 as usize].clone()).collect()
    }
}

impl Deref for Shown {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}
