//! One JSON-LD graph per page, in the terms of schema.org 30. States nothing that the page does not show.
//!
//! `lastReviewed` and `reviewedBy` belong to web pages (<https://schema.org/MedicalWebPage>), so every article is one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::shown::Shown;
use super::view::Crumb;
use crate::project::{Address, escape_json_for_script};
use crate::site::{Article, CitedSource, PersonId, PlaceOnSite, Site};

/// The graph of a page.
pub(crate) fn graph(site: &Shown, place: PlaceOnSite, canonical: &str, breadcrumbs: &[Crumb]) -> String {
    let mut graph = Graph::new(site);
    graph.extend(breadcrumb_list(site, canonical, breadcrumbs));
    match place {
        PlaceOnSite::Article(id) => {
            let article = &site[id];
            graph.add(&web_page(site, article, canonical, !breadcrumbs.is_empty()));
            for person in signed_by(article) {
                graph.add_written(&site.person_nodes[person.0 as usize]);
            }
            graph.extend(faq(article, canonical));
        }
        PlaceOnSite::Person(id) => {
            graph.add(&json!({ "@type": "ProfilePage", "@id": page_id(canonical), "url": canonical, "mainEntity": { "@id": person_id(site, id) } }));
            graph.add_written(&site.person_nodes[id.0 as usize]);
        }
        PlaceOnSite::Term(id) => graph.add(&term(site, id, canonical)),
        PlaceOnSite::Section(_)
        | PlaceOnSite::Category(_)
        | PlaceOnSite::Tag(_)
        | PlaceOnSite::People
        | PlaceOnSite::Tags
        | PlaceOnSite::Glossary
        | PlaceOnSite::AToZ => {
            graph.add(&json!({ "@type": "CollectionPage", "@id": page_id(canonical), "url": canonical, "isPartOf": { "@id": site_id(site) } }));
        }
        _ => {}
    }
    graph.finish()
}

/// The graph of a page without an address.
pub(crate) fn site_graph(site: &Shown) -> String {
    Graph::new(site).finish()
}

/// The nodes that stand in every graph: the site, and its publisher where it names one.
pub(super) fn site_nodes(site: &Site) -> String {
    let nodes = std::iter::once(website(site)).chain(organization(site));
    nodes.map(|node| node.to_string()).collect::<Vec<_>>().join(",")
}

/// A graph that is being written.
struct Graph(String);

impl Graph {
    fn new(site: &Shown) -> Self {
        Self(format!("{{\"@context\":\"https://schema.org\",\"@graph\":[{}", site.site_nodes))
    }

    fn add(&mut self, node: &Value) {
        self.add_written(&node.to_string());
    }

    fn extend(&mut self, node: Option<Value>) {
        if let Some(node) = node {
            self.add(&node);
        }
    }

    fn add_written(&mut self, node: &str) {
        self.0.push(',');
        self.0.push_str(node);
    }

    fn finish(self) -> String {
        escape_json_for_script(&(self.0 + "]}"))
    }
}

/// Who vouches for an article, each once.
fn signed_by(article: &Article) -> BTreeSet<PersonId> {
    let people = article.authors.iter().chain(&article.reviewers).copied();
    people.filter(|_| !article.is_page()).collect()
}

fn home(site: &Site) -> String {
    site.settings.canonical(&Address::home())
}

fn site_id(site: &Site) -> String {
    format!("{}#website", home(site))
}

fn organization_id(site: &Site) -> String {
    format!("{}#organization", home(site))
}

fn page_id(canonical: &str) -> String {
    format!("{canonical}#page")
}

fn person_id(site: &Site, id: PersonId) -> String {
    format!("{}#person", site.settings.canonical(&site[id].address))
}

fn website(site: &Site) -> Value {
    let mut node = json!({ "@type": "WebSite", "@id": site_id(site), "url": home(site), "name": site.settings.title, "inLanguage": site.settings.language });
    if site.settings.organization.name.is_some() {
        node["publisher"] = json!({ "@id": organization_id(site) });
    }
    node
}

/// The publisher, where the site names one.
fn organization(site: &Site) -> Option<Value> {
    let organization = &site.settings.organization;
    let mut node = Map::new();
    node.insert("@type".into(), "Organization".into());
    node.insert("@id".into(), organization_id(site).into());
    node.insert("name".into(), organization.name.clone()?.into());
    node.insert("url".into(), home(site).into());
    insert(&mut node, "address", organization.address.clone());
    insert(&mut node, "email", organization.email.clone());
    insert(&mut node, "logo", site.logo.as_ref().map(|logo| full(site, &logo.href)));
    insert(&mut node, "publishingPrinciples", site.principles.as_ref().map(|page| full(site, &page.href)));
    if !organization.profiles.is_empty() {
        node.insert("sameAs".into(), organization.profiles.clone().into());
    }
    Some(node.into())
}

/// The full address of a link as it is written into pages.
fn full(site: &Site, href: &str) -> String {
    if href.starts_with('/') { format!("{}{href}", site.settings.style.origin) } else { href.to_owned() }
}

fn insert(node: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        node.insert(key.to_owned(), value.into());
    }
}

fn breadcrumb_list(site: &Site, canonical: &str, breadcrumbs: &[Crumb]) -> Option<Value> {
    if breadcrumbs.is_empty() {
        return None;
    }
    let items: Vec<Value> = breadcrumbs
        .iter()
        .enumerate()
        .map(|(index, crumb)| {
            let item = crumb.href.as_ref().map_or_else(|| canonical.to_owned(), |href| full(site, href));
            json!({ "@type": "ListItem", "position": index + 1, "name": crumb.title, "item": item })
        })
        .collect();
    Some(json!({ "@type": "BreadcrumbList", "@id": format!("{canonical}#breadcrumb"), "itemListElement": items }))
}

fn references(site: &Site, people: &[PersonId]) -> Option<Value> {
    match people {
        [] => None,
        [one] => Some(json!({ "@id": person_id(site, *one) })),
        many => Some(many.iter().map(|&id| json!({ "@id": person_id(site, id) })).collect::<Vec<_>>().into()),
    }
}

fn web_page(site: &Site, article: &Article, canonical: &str, has_breadcrumb: bool) -> Value {
    let document = &*article.document;
    let front = &document.front;
    let is_page = article.is_page();
    let mut node = Map::new();
    node.insert("@type".into(), if is_page { "WebPage" } else { "MedicalWebPage" }.into());
    node.insert("@id".into(), page_id(canonical).into());
    node.insert("url".into(), canonical.into());
    node.insert("name".into(), document.title.clone().into());
    node.insert("inLanguage".into(), site.settings.language.clone().into());
    node.insert("isPartOf".into(), json!({ "@id": site_id(site) }));
    if has_breadcrumb {
        node.insert("breadcrumb".into(), json!({ "@id": format!("{canonical}#breadcrumb") }));
    }
    if site.settings.organization.name.is_some() {
        node.insert("publisher".into(), json!({ "@id": organization_id(site) }));
    }
    if let Some((target, image)) = article.hero.as_ref().zip(front.image.as_ref()) {
        let mut picture = json!({ "@type": "ImageObject", "url": full(site, &target.href) });
        if let Some(caption) = &image.caption {
            picture["caption"] = caption.clone().into();
        }
        node.insert("primaryImageOfPage".into(), picture);
    }
    if !article.sources.is_empty() {
        node.insert("citation".into(), article.sources.iter().map(citation).collect::<Vec<_>>().into());
    }
    if !is_page {
        insert(&mut node, "datePublished", article.published().map(|date| date.to_string()));
        insert(&mut node, "dateModified", front.updated.as_ref().map(|date| date.value.to_string()));
        insert(&mut node, "lastReviewed", front.reviewed.as_ref().map(|date| date.value.to_string()));
        insert(&mut node, "author", references(site, &article.authors));
        insert(&mut node, "reviewedBy", references(site, &article.reviewers));
        insert(&mut node, "about", front.about.as_ref().map(about));
        if !article.tags.is_empty() {
            node.insert(
                "keywords".into(),
                article.tags.iter().map(|&tag| site[tag].label.title.clone()).collect::<Vec<_>>().into(),
            );
        }
    }
    node.into()
}

fn about(about: &crate::content::About) -> Value {
    let mut node = json!({ "@type": about.kind, "name": about.name });
    // `code` belongs to MedicalEntity; Thing has none.
    if !about.codes.is_empty() && !matches!(about.kind.as_str(), "Thing" | "PhysicalActivity") {
        let codes = about
            .codes
            .iter()
            .map(|(system, code)| json!({ "@type": "MedicalCode", "codingSystem": system, "codeValue": code }));
        node["code"] = codes.collect::<Vec<_>>().into();
    }
    node
}

fn citation(cited: &CitedSource) -> Value {
    let source = &cited.source;
    let mut node = Map::new();
    node.insert("@type".into(), "CreativeWork".into());
    node.insert("name".into(), source.title.clone().into());
    insert(&mut node, "url", source.url.clone());
    insert(
        &mut node,
        "publisher",
        source.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name })),
    );
    insert(&mut node, "datePublished", source.published.map(|date| date.to_string()));
    node.into()
}

fn faq(article: &Article, canonical: &str) -> Option<Value> {
    let questions: Vec<Value> = article
        .document
        .faq
        .iter()
        .filter(|faq| !faq.answer.html.is_empty())
        .map(|faq| json!({ "@type": "Question", "name": faq.question, "acceptedAnswer": { "@type": "Answer", "text": faq.answer.plain_text() } }))
        .collect();
    (!questions.is_empty())
        .then(|| json!({ "@type": "FAQPage", "@id": format!("{canonical}#faq"), "mainEntity": questions }))
}

pub(super) fn person(site: &Site, id: PersonId) -> Value {
    let person = &site[id];
    let mut node = Map::new();
    node.insert("@type".into(), "Person".into());
    node.insert("@id".into(), person_id(site, id).into());
    node.insert("name".into(), person.name().into());
    node.insert("url".into(), site.settings.canonical(&person.address).into());
    insert(&mut node, "honorificPrefix", person.file.honorific.clone());
    if !person.file.credentials.is_empty() {
        node.insert("honorificSuffix".into(), person.file.credentials.join(", ").into());
    }
    node.into()
}

fn term(site: &Site, id: crate::site::TermId, canonical: &str) -> Value {
    let term = &site[id].file;
    let mut node = Map::new();
    node.insert("@type".into(), "DefinedTerm".into());
    node.insert("@id".into(), format!("{canonical}#term").into());
    node.insert("url".into(), canonical.into());
    node.insert("name".into(), term.title.clone().into());
    insert(&mut node, "description", term.description.clone());
    let others: Vec<&str> = term.synonyms.iter().chain(&term.abbreviation).map(|text| text.value.as_str()).collect();
    if !others.is_empty() {
        node.insert("alternateName".into(), others.into());
    }
    node.into()
}
