//! Brings every document before the gate and names it; never looks into its text.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::gate::{State, passes, state};
use super::link::Day;
use super::model::ArticleId;
use crate::content::{Document, SectionFile};
use crate::project::{Address, Invalid, Settings, slug};

/// A document with what the gate said of it.
pub(crate) struct Admitted {
    pub document: Arc<Document>,
    pub kind: String,
    pub state: State,
    /// Its id on the site, if it passed.
    pub article: Option<ArticleId>,
    /// Index of its gone page, if it was withdrawn.
    pub gone: Option<u32>,
    /// What `related` calls it.
    pub id: String,
    /// Its address, if one can be made.
    pub address: Option<Address>,
    /// Why none can be made.
    pub invalid: Option<Invalid>,
}

impl Admitted {
    /// Whether it is a plain page, as [`Article::is_page`](super::model::Article::is_page) has it.
    pub(crate) fn is_page(&self) -> bool {
        self.kind == "page"
    }
}

/// Judges every document.
pub(crate) fn admit(
    documents: Vec<Arc<Document>>,
    sections: &[SectionFile],
    settings: &Settings,
    day: Day,
) -> Vec<Admitted> {
    let kinds: BTreeMap<&str, &str> =
        sections.iter().filter_map(|file| Some((file.section.as_str(), file.kind.as_ref()?.value.as_str()))).collect();
    let judge = |document: &Arc<Document>| {
        let written = document.front.kind.as_ref().map(|kind| kind.value.as_str());
        let kind = written.or_else(|| inherited_kind(&document.section, &kinds)).unwrap_or("guide").to_owned();
        (state(document, settings, kind == "page", day.as_of), kind, address(document, settings))
    };
    let (ids, judged): (_, Vec<_>) = rayon::join(|| ids(&documents), || documents.par_iter().map(judge).collect());
    let mut admitted: Vec<Admitted> = documents
        .into_par_iter()
        .zip(ids)
        .zip(judged)
        .map(|((document, id), (state, kind, address))| {
            let invalid = address.as_ref().err().copied();
            Admitted { article: None, gone: None, address: address.ok(), document, kind, state, id, invalid }
        })
        .collect();
    let (mut articles, mut gone) = (0, 0);
    for admitted in admitted.iter_mut().filter(|admitted| admitted.invalid.is_none()) {
        admitted.article = passes(admitted.state, day.drafts).then(|| ArticleId(next(&mut articles)));
        admitted.gone = (admitted.state == State::Withdrawn).then(|| next(&mut gone));
    }
    admitted
}

fn next(count: &mut u32) -> u32 {
    *count += 1;
    *count - 1
}

/// File names, with the section before them where two share one.
fn ids(documents: &[Arc<Document>]) -> Vec<String> {
    let mut shared = FxHashMap::with_capacity_and_hasher(documents.len(), FxBuildHasher);
    for document in documents {
        *shared.entry(document.name.as_str()).or_insert(0) += 1;
    }
    let is_shared = |document: &Document| shared.get(document.name.as_str()).is_some_and(|count| *count > 1);
    documents
        .par_iter()
        .map(|document| {
            if is_shared(document) && !document.section.is_empty() {
                format!("{}/{}", document.section, document.name)
            } else {
                document.name.clone()
            }
        })
        .collect()
}

/// The kind that a section gives its articles: its own, or that of the nearest folder above.
fn inherited_kind<'a>(section: &str, kinds: &BTreeMap<&str, &'a str>) -> Option<&'a str> {
    let mut path = section;
    loop {
        if let Some(kind) = kinds.get(path) {
            return Some(kind);
        }
        path = match path.rsplit_once('/') {
            Some((parent, _)) => parent,
            None if path.is_empty() => return None,
            None => "",
        };
    }
}

fn address(document: &Document, settings: &Settings) -> Result<Address, Invalid> {
    let written = document.front.slug.as_ref().map(|slug| slug.value.clone());
    let slug = written.unwrap_or_else(|| slug(&document.name));
    let section = section_slug(&document.section);
    settings.permalinks.article.expand(&[("section", &section), ("slug", &slug)])
}

/// A folder path as it stands in addresses.
pub(crate) fn section_slug(section: &str) -> String {
    section.split('/').map(slug).collect::<Vec<_>>().join("/")
}
