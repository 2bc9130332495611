//! One JSON-LD graph per page, in the terms of schema.org 30. States nothing that the page does not show.
//!
//! `lastReviewed` and `reviewedBy` belong to web pages (<https://schema.org/MedicalWebPage>), so every article is one.

use serde_json::{Map, Value, json};

use super::view::Crumb;
use crate::project::{Address, escape_json_for_script};
use crate::site::{Article, CitedSource, PersonId, PlaceOnSite, Site};

/// The graph of a page.
pub(crate) fn graph(site: &Site, place: PlaceOnSite, canonical: &str, breadcrumbs: &[Crumb]) -> String {
    let mut nodes = vec![website(site)];
    nodes.extend(organization(site));
    nodes.extend(breadcrumb_list(site, canonical, breadcrumbs));
    match place {
        PlaceOnSite::Article(id) => article(site, &site[id], canonical, !breadcrumbs.is_empty(), &mut nodes),
        PlaceOnSite::Person(id) => {
            nodes.push(json!({ "@type": "ProfilePage", "@id": page_id(canonical), "url": canonical, "mainEntity": { "@id": person_id(site, id) } }));
            nodes.push(person(site, id));
        }
        PlaceOnSite::Term(id) => nodes.push(term(site, id, canonical)),
        PlaceOnSite::Section(_)
        | PlaceOnSite::Category(_)
        | PlaceOnSite::Tag(_)
        | PlaceOnSite::People
        | PlaceOnSite::Tags
        | PlaceOnSite::Glossary
        | PlaceOnSite::AToZ => {
            nodes.push(json!({ "@type": "CollectionPage", "@id": page_id(canonical), "url": canonical, "isPartOf": { "@id": site_id(site) } }));
        }
        _ => {}
    }
    written(nodes)
}

/// The graph of a page without an address.
pub(crate) fn site_graph(site: &Site) -> String {
    let mut nodes = vec![website(site)];
    nodes.extend(organization(site));
    written(nodes)
}

fn written(nodes: Vec<Value>) -> String {
    escape_json_for_script(&json!({ "@context": "https://schema.org", "@graph": nodes }).to_string())
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

fn article(site: &Site, article: &Article, canonical: &str, has_breadcrumb: bool, nodes: &mut Vec<Value>) {
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
    nodes.push(node.into());
    if !is_page {
        let mut people: Vec<PersonId> = article.authors.iter().chain(&article.reviewers).copied().collect();
        people.sort();
        people.dedup();
        nodes.extend(people.into_iter().map(|id| person(site, id)));
    }
    nodes.extend(faq(article, canonical));
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

fn person(site: &Site, id: PersonId) -> Value {
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
