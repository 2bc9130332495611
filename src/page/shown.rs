//! A site with what many of its pages show alike, made once: cards and parts of the graph. Decides nothing about them.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;
use tera::Value;

use super::json_ld;
use super::view::{Card, PersonCard};
use super::views::{card, person_card};
use crate::site::{ArticleId, PersonId, Site};

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
    /// By article.
    cards: Vec<Shared<Card>>,
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
            cards: (0..site.articles.len() as u32)
                .into_par_iter()
                .map(|id| card(&site, ArticleId(id)).into())
                .collect(),
            people: people.clone().map(|id| person_card(&site, PersonId(id)).into()).collect(),
            site_nodes: json_ld::site_nodes(&site),
            person_nodes: people.map(|id| json_ld::person(&site, PersonId(id)).to_string()).collect(),
            site,
        }
    }

    pub(crate) fn card(&self, id: ArticleId) -> Shared<Card> {
        self.cards[id.0 as usize].clone()
    }

    pub(super) fn cards(&self, ids: &[ArticleId]) -> Vec<Shared<Card>> {
        ids.iter().map(|&id| self.card(id)).collect()
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
