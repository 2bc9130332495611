//! One JSON-LD graph per page, in the terms of schema.org 30. States nothing that the page does not show.
//!
//! `lastReviewed` and `reviewedBy` belong to web pages (<https://schema.org/MedicalWebPage>), so every article is one.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::json::{Object, object};
use super::shown::Shown;
use super::view::Crumb;
use crate::content::{About, Citable};
use crate::project::Address;
use crate::site::{Article, CitedFrom, PersonId, PlaceOnSite, Site, TermId};

/// The graph of a page.
pub(crate) fn graph(site: &Shown, place: PlaceOnSite, canonical: &str, breadcrumbs: &[Crumb]) -> String {
    let mut graph = Graph::new(site);
    if !breadcrumbs.is_empty() {
        graph.add(|node| breadcrumb_list(node, site, canonical, breadcrumbs));
    }
    match place {
        PlaceOnSite::Article(id) => {
            let article = &site[id];
            graph.add(|node| web_page(node, site, article, canonical, !breadcrumbs.is_empty()));
            for person in signed_by(article) {
                graph.add_written(&site.person_nodes[person.0 as usize]);
            }
            if article.document.faq.iter().any(|faq| !faq.answer.html.is_empty()) {
                graph.add(|node| faq_page(node, article, canonical));
            }
        }
        PlaceOnSite::Person(id) => {
            graph.add(|node| {
                page(node, "ProfilePage", canonical);
                reference(node, "mainEntity", &site.person_node_ids[id.0 as usize]);
            });
            graph.add_written(&site.person_nodes[id.0 as usize]);
        }
        PlaceOnSite::Term(id) => graph.add(|node| term(node, site, id, canonical)),
        PlaceOnSite::Section(_)
        | PlaceOnSite::Category(_)
        | PlaceOnSite::Tag(_)
        | PlaceOnSite::People
        | PlaceOnSite::Tags
        | PlaceOnSite::Glossary
        | PlaceOnSite::AToZ => graph.add(|node| {
            page(node, "CollectionPage", canonical);
            reference(node, "isPartOf", &site.node_id);
        }),
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
    let mut nodes = String::new();
    object(&mut nodes, |node| website(node, site));
    if let Some(name) = &site.settings.organization.name {
        nodes.push(',');
        object(&mut nodes, |node| organization(node, site, name));
    }
    nodes
}

/// The node of a person.
pub(super) fn person_node(site: &Site, id: PersonId) -> String {
    let mut node = String::new();
    object(&mut node, |node| person(node, site, id));
    node
}

/// A graph that is being written.
struct Graph(String);

impl Graph {
    fn new(site: &Shown) -> Self {
        let mut graph = String::with_capacity(4096);
        graph.push_str("{\"@context\":\"https://schema.org\",\"@graph\":[");
        graph.push_str(&site.site_nodes);
        Self(graph)
    }

    fn add(&mut self, inside: impl FnOnce(&mut Object<'_>)) {
        self.0.push(',');
        object(&mut self.0, inside);
    }

    fn add_written(&mut self, node: &str) {
        self.0.push(',');
        self.0.push_str(node);
    }

    fn finish(self) -> String {
        self.0 + "]}"
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

/// What names the site in a graph.
pub(super) fn site_id(site: &Site) -> String {
    home(site) + "#website"
}

fn organization_id(site: &Site) -> String {
    home(site) + "#organization"
}

/// What names a person in a graph.
pub(super) fn person_id(site: &Site, id: PersonId) -> String {
    site.settings.canonical(&site[id].address) + "#person"
}

/// A property that names another node.
fn reference(node: &mut Object<'_>, key: &'static str, id: &str) {
    node.object(key, |node| node.text("@id", &[id]));
}

/// A node that is a page.
fn page(node: &mut Object<'_>, kind: &'static str, canonical: &str) {
    node.word("@type", kind);
    node.text("@id", &[canonical, "#page"]);
    node.text("url", &[canonical]);
}

fn website(node: &mut Object<'_>, site: &Site) {
    let settings = &site.settings;
    node.word("@type", "WebSite");
    node.text("@id", &[&site_id(site)]);
    node.text("url", &[&home(site)]);
    node.text("name", &[&settings.title]);
    node.text("inLanguage", &[&settings.language]);
    publisher(node, site);
}

fn publisher(node: &mut Object<'_>, site: &Site) {
    if site.settings.organization.name.is_some() {
        reference(node, "publisher", &organization_id(site));
    }
}

fn organization(node: &mut Object<'_>, site: &Site, name: &str) {
    let organization = &site.settings.organization;
    node.word("@type", "Organization");
    node.text("@id", &[&organization_id(site)]);
    node.text("name", &[name]);
    node.text("url", &[&home(site)]);
    node.maybe("address", organization.address.as_ref());
    node.maybe("email", organization.email.as_ref());
    if let Some(logo) = &site.logo {
        full(node, "logo", site, &logo.href);
    }
    if let Some(page) = &site.principles {
        full(node, "publishingPrinciples", site, &page.href);
    }
    node.texts("sameAs", organization.profiles.iter().map(String::as_str));
}

/// A property with the full address of a link as it is written into pages.
fn full(node: &mut Object<'_>, key: &'static str, site: &Site, href: &str) {
    let origin = if href.starts_with('/') { site.settings.style.origin.as_str() } else { "" };
    node.text(key, &[origin, href]);
}

fn breadcrumb_list(node: &mut Object<'_>, site: &Site, canonical: &str, breadcrumbs: &[Crumb]) {
    node.word("@type", "BreadcrumbList");
    node.text("@id", &[canonical, "#breadcrumb"]);
    node.objects("itemListElement", breadcrumbs.iter().enumerate(), |item, (index, crumb)| {
        item.word("@type", "ListItem");
        item.number("position", index + 1);
        item.text("name", &[&crumb.title]);
        // A page, not its address: the range of `item` is Thing.
        item.object("item", |item| {
            item.word("@type", "WebPage");
            full(item, "@id", site, crumb.href.as_deref().unwrap_or(canonical));
        });
    });
}

fn references(node: &mut Object<'_>, key: &'static str, site: &Shown, people: &[PersonId]) {
    let id = |person: &PersonId| site.person_node_ids[person.0 as usize].as_str();
    match people {
        [] => {}
        [one] => reference(node, key, id(one)),
        many => node.objects(key, many, |person, one| person.text("@id", &[id(one)])),
    }
}

fn web_page(node: &mut Object<'_>, site: &Shown, article: &Article, canonical: &str, has_breadcrumb: bool) {
    let document = &*article.document;
    let front = &document.front;
    let is_page = article.is_page();
    page(node, if is_page { "WebPage" } else { "MedicalWebPage" }, canonical);
    node.text("name", &[&document.title]);
    node.text("inLanguage", &[&site.settings.language]);
    reference(node, "isPartOf", &site.node_id);
    if has_breadcrumb {
        node.object("breadcrumb", |node| node.text("@id", &[canonical, "#breadcrumb"]));
    }
    publisher(node, site);
    if let Some((target, image)) = article.hero.as_ref().zip(front.image.as_ref()) {
        node.object("primaryImageOfPage", |picture| {
            picture.word("@type", "ImageObject");
            full(picture, "url", site, &target.href);
            picture.maybe("caption", image.caption.as_ref());
        });
    }
    if !article.sources.is_empty() {
        node.mixed("citation", &article.sources, |out, cited| match &cited.source {
            CitedFrom::Data(source) => match site.source_nodes.get(&source.id.value) {
                Some(written) => out.push_str(written),
                None => object(out, |node| citation(node, source)),
            },
            CitedFrom::Article(..) => object(out, |node| citation(node, &cited.source)),
        });
    }
    if is_page {
        return;
    }
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    node.maybe("datePublished", date(article.published()));
    node.maybe("dateModified", date(front.updated.as_ref().map(|date| date.value)));
    node.maybe("lastReviewed", date(front.reviewed.as_ref().map(|date| date.value)));
    references(node, "author", site, &article.authors);
    references(node, "reviewedBy", site, &article.reviewers);
    if let Some(about) = &front.about {
        node.object("about", |node| subject(node, about));
    }
    node.texts("keywords", article.tags.iter().map(|&tag| site[tag].label.title.as_str()));
}

fn subject(node: &mut Object<'_>, about: &About) {
    node.text("@type", &[&about.kind]);
    node.text("name", &[&about.name]);
    // `code` belongs to MedicalEntity; Thing has none.
    if !about.codes.is_empty() && !matches!(about.kind.as_str(), "Thing" | "PhysicalActivity") {
        node.objects("code", &about.codes, |node, (system, code)| {
            node.word("@type", "MedicalCode");
            node.text("codingSystem", &[system]);
            node.text("codeValue", &[code]);
        });
    }
}

/// The nodes of shared sources, by id.
pub(super) fn source_nodes(site: &Site) -> FxHashMap<String, String> {
    let node = |source: &Citable| {
        let mut node = String::new();
        object(&mut node, |node| citation(node, source));
        node
    };
    site.data.sources.iter().map(|(id, source)| (id.clone(), node(source))).collect()
}

fn citation(node: &mut Object<'_>, source: &Citable) {
    node.word("@type", "CreativeWork");
    node.text("name", &[&source.title]);
    node.maybe("url", source.url.as_ref());
    if let Some(name) = &source.publisher {
        node.object("publisher", |publisher| {
            publisher.word("@type", "Organization");
            publisher.text("name", &[name]);
        });
    }
    node.maybe("datePublished", source.published.map(|date| date.to_string()));
}

fn faq_page(node: &mut Object<'_>, article: &Article, canonical: &str) {
    let answered = article.document.faq.iter().filter(|faq| !faq.answer.html.is_empty());
    node.word("@type", "FAQPage");
    node.text("@id", &[canonical, "#faq"]);
    node.objects("mainEntity", answered, |question, faq| {
        question.word("@type", "Question");
        question.text("name", &[&faq.question]);
        question.object("acceptedAnswer", |answer| {
            answer.word("@type", "Answer");
            answer.text("text", &[&faq.answer.plain_text()]);
        });
    });
}

fn person(node: &mut Object<'_>, site: &Site, id: PersonId) {
    let person = &site[id];
    node.word("@type", "Person");
    node.text("@id", &[&person_id(site, id)]);
    node.text("name", &[&person.name()]);
    node.text("url", &[&site.settings.canonical(&person.address)]);
    node.maybe("honorificPrefix", person.file.honorific.as_ref());
    if !person.file.credentials.is_empty() {
        node.text("honorificSuffix", &[&person.file.credentials.join(", ")]);
    }
}

fn term(node: &mut Object<'_>, site: &Site, id: TermId, canonical: &str) {
    let term = &site[id].file;
    node.word("@type", "DefinedTerm");
    node.text("@id", &[canonical, "#term"]);
    node.text("url", &[canonical]);
    node.text("name", &[&term.title]);
    node.maybe("description", term.description.as_ref());
    node.texts("alternateName", term.synonyms.iter().chain(&term.abbreviation).map(|text| text.value.as_str()));
}
