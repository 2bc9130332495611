//! What has an address: sections, people, terms, tags, categories, lists and files. Claims addresses; never settles who gets them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::admission::{Admitted, section_slug};
use super::model::*;
use super::names::Names;
use super::symbols::{Claim, Weight};
use crate::content::{Label, PersonFile, SectionFile, TermFile};
use crate::project::{Address, Code, Diagnostic, Invalid, Pattern, Place, Project, Settings, slug};

/// An address from a pattern; one that cannot be made is reported, and a fixed one stands in so that the rest can link.
fn expand(pattern: &Pattern, values: &[(&str, &str)], place: Place, diagnostics: &mut Vec<Diagnostic>) -> Address {
    pattern.expand(values).unwrap_or_else(|why| {
        diagnostics.push(invalid(place, why));
        Address::home().join(&slug(values.last().map_or("", |(_, value)| value)).replace(['/', '\\', '.'], "-"))
    })
}

fn invalid(place: Place, why: Invalid) -> Diagnostic {
    Diagnostic::at(Code::InvalidAddress, place, format!("no address can be made for this: {why}"))
        .help("rename the file, or give an article a `slug`")
}

/// Every folder that holds an article or a `_section.md`, and `articles/` itself, sorted by path.
pub(crate) fn sections(
    admitted: &[Admitted],
    files: Vec<SectionFile>,
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Section> {
    let mut files: BTreeMap<String, SectionFile> = files.into_iter().map(|file| (file.section.clone(), file)).collect();
    let with_articles = admitted.iter().filter(|admitted| admitted.article.is_some());
    let with_articles = with_articles.map(|admitted| admitted.document.section.as_str());
    let paths: BTreeSet<&str> = with_articles.chain(files.keys().map(String::as_str)).chain([""]).collect();
    let paths: Vec<String> = paths.into_iter().map(str::to_owned).collect();
    let mut sections: Vec<Section> = paths
        .iter()
        .map(|path| {
            let file = files.remove(path);
            let title = file.as_ref().and_then(|file| file.title.clone()).unwrap_or_else(|| humanized(path));
            let place =
                file.as_ref().map_or_else(|| Place::File(format!("articles/{path}")), |file| Place::Span(file.opening));
            Section {
                title,
                description: file.as_ref().and_then(|file| file.description.clone()).unwrap_or_default(),
                order: file.as_ref().and_then(|file| file.order),
                address: if path.is_empty() {
                    Address::home()
                } else {
                    expand(&settings.permalinks.section, &[("section", &section_slug(path))], place, diagnostics)
                },
                parent: parent(path, &paths),
                file: file.map(|file| (file, Linked::default())),
                path: path.clone(),
                articles: Vec::new(),
                categories: Vec::new(),
                children: Vec::new(),
                page: None,
            }
        })
        .collect();
    for index in 0..sections.len() {
        if let Some(parent) = sections[index].parent {
            sections[parent.0 as usize].children.push(SectionId(index as u32));
        }
    }
    let keys: Vec<_> = sections
        .iter()
        .map(|section| (section.order.unwrap_or(i64::MAX), section.title.clone(), section.path.clone()))
        .collect();
    for section in &mut sections {
        section.children.sort_by(|a, b| keys[a.0 as usize].cmp(&keys[b.0 as usize]));
    }
    sections
}

fn parent(path: &str, paths: &[String]) -> Option<SectionId> {
    let mut above = path;
    while let Some((folder, _)) = above.rsplit_once('/') {
        if let Ok(index) = paths.binary_search_by(|candidate| candidate.as_str().cmp(folder)) {
            return Some(SectionId(index as u32));
        }
        above = folder;
    }
    // `articles/` itself sorts first.
    (!path.is_empty()).then_some(SectionId(0))
}

/// `symptoms-guide` as a title: `Symptoms guide`.
fn humanized(path: &str) -> String {
    let words = path.rsplit('/').next().unwrap_or_default().replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Every person.
pub(crate) fn people(files: Vec<PersonFile>, settings: &Settings, diagnostics: &mut Vec<Diagnostic>) -> Vec<Person> {
    files
        .into_iter()
        .map(|file| Person {
            address: expand(
                &settings.permalinks.person,
                &[("person", &slug(&file.id))],
                Place::Span(file.opening),
                diagnostics,
            ),
            body: Linked::default(),
            photo: None,
            specialties: Vec::new(),
            written: Vec::new(),
            reviewed: Vec::new(),
            file,
        })
        .collect()
}

/// Every glossary term.
pub(crate) fn terms(files: Vec<TermFile>, settings: &Settings, diagnostics: &mut Vec<Diagnostic>) -> Vec<Term> {
    files
        .into_iter()
        .map(|file| {
            let values = [("group", slug(&file.group)), ("term", slug(&file.id))];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            let address = expand(&settings.permalinks.term, &values, Place::Span(file.opening), diagnostics);
            Term { address, body: Linked::default(), articles: Vec::new(), file }
        })
        .collect()
}

/// Makes articles, gone pages, tags and categories, and claims an address for everything.
pub(crate) fn claims(
    site: &mut Site,
    admitted: &[Admitted],
    names: &Names,
    project: &Project,
    theme: &[(u32, &str)],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Claim> {
    let mut claims = Vec::with_capacity(2 * admitted.len());
    articles(site, admitted, &mut claims, diagnostics);
    tags_and_categories(site, admitted, names, diagnostics);

    for (index, section) in site.sections.iter().enumerate() {
        claims.push(section_claim(section, SectionId(index as u32)));
    }
    for (index, person) in site.people.iter().enumerate() {
        let place = PlaceOnSite::Person(PersonId(index as u32));
        claims.push(authored(&person.address, place, Place::Span(person.file.opening), "person"));
    }
    for (index, term) in site.terms.iter().enumerate() {
        let place = PlaceOnSite::Term(TermId(index as u32));
        claims.push(authored(&term.address, place, Place::Span(term.file.opening), "term"));
    }
    for (index, asset) in project.assets.iter().enumerate() {
        let place = PlaceOnSite::Asset(index as u32);
        claims.push(authored(&asset.address, place, Place::File(asset.path.clone()), "file"));
    }
    derived(site, &mut claims);
    own(site, project, theme, &mut claims);
    claims
}

fn authored(address: &Address, place: PlaceOnSite, written: Place, what: &'static str) -> Claim {
    Claim { address: address.clone(), place, weight: Weight::Authored, written: Some(written), what }
}

fn section_claim(section: &Section, id: SectionId) -> Claim {
    let address = section.address.clone();
    match &section.file {
        _ if section.path.is_empty() => {
            Claim { address, place: PlaceOnSite::Home, weight: Weight::Own, written: None, what: "home page" }
        }
        Some((file, _)) => authored(&address, PlaceOnSite::Section(id), Place::Span(file.opening), "section"),
        None => {
            let written = Some(Place::File(format!("articles/{}", section.path)));
            Claim { address, place: PlaceOnSite::Section(id), weight: Weight::Derived, written, what: "folder" }
        }
    }
}

fn articles(site: &mut Site, admitted: &[Admitted], claims: &mut Vec<Claim>, diagnostics: &mut Vec<Diagnostic>) {
    site.articles = admitted.par_iter().filter_map(|admitted| article(site, admitted)).collect();
    for admitted in admitted {
        let document = &admitted.document;
        let opening = document.front.slug.as_ref().map_or(document.opening, |slug| slug.span);
        if let Some(why) = admitted.invalid {
            diagnostics.push(invalid(Place::Span(opening), why));
            continue;
        }
        let Some(address) = admitted.address.clone() else { continue };
        if let Some(id) = admitted.article {
            claims.push(authored(&address, PlaceOnSite::Article(id), Place::Span(opening), "article"));
        } else if let Some(gone) = admitted.gone {
            claims.push(authored(&address, PlaceOnSite::Gone(gone), Place::Span(opening), "withdrawn article"));
            let withdrawn = document.front.withdrawn.as_ref();
            site.gone.push(Gone {
                title: document.title.clone(),
                address,
                date: withdrawn.and_then(|withdrawn| withdrawn.date),
                reason: withdrawn.map(|withdrawn| withdrawn.reason.clone()).unwrap_or_default(),
            });
        }
    }
}

/// The article of a document that passed the gate, not linked yet.
fn article(site: &Site, admitted: &Admitted) -> Option<Article> {
    admitted.article?;
    let document = Arc::clone(&admitted.document);
    let section = site.sections.binary_search_by(|section| section.path.cmp(&document.section)).unwrap_or_default();
    let front = &document.front;
    let next_review = front.next_review.as_ref().map(|date| date.value).or_else(|| {
        // A period that leads out of the calendar means that no review is due.
        front.reviewed.as_ref().and_then(|reviewed| reviewed.value.checked_add(site.settings.review.every).ok())
    });
    Some(Article {
        state: admitted.state,
        id: admitted.id.clone(),
        address: admitted.address.clone()?,
        kind: admitted.kind.clone(),
        section: SectionId(section as u32),
        category: None,
        tags: Vec::new(),
        authors: Vec::new(),
        reviewers: Vec::new(),
        experts: Vec::new(),
        next_review,
        hero: None,
        body: Linked::default(),
        faq: Vec::new(),
        takeaways: Vec::new(),
        sources: Vec::new(),
        related: Vec::new(),
        backlinks: Vec::new(),
        terms: Vec::new(),
        section_page: None,
        document,
    })
}

/// Gives an id to every tag and category that some article carries.
fn tags_and_categories(site: &mut Site, admitted: &[Admitted], names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    let settings = Arc::clone(&site.settings);
    let tag_labels: Vec<Label> = site.data.tags.values().cloned().collect();
    let category_labels: Vec<Label> = site.data.categories.values().cloned().collect();
    let (mut tags, mut categories) =
        (BTreeMap::<usize, Vec<ArticleId>>::new(), BTreeMap::<(Option<SectionId>, usize), Vec<ArticleId>>::new());
    let mut named: Vec<(ArticleId, Vec<usize>)> = Vec::with_capacity(site.articles.len());
    let mut ids = vec![TagId(0); tag_labels.len()];
    let by_section = settings.permalinks.category.mentions("section");
    let labels_of = |admitted: &Admitted| {
        let (front, mut unknown) = (&admitted.document.front, Vec::new());
        let tags: Vec<usize> = front.tags.iter().filter_map(|tag| names.tag(tag, &mut unknown)).collect();
        let category = front.category.as_ref().and_then(|category| names.category(category, &mut unknown));
        (tags, category, unknown)
    };
    let labels: Vec<_> = admitted.par_iter().map(labels_of).collect();
    for (admitted, (found, category, unknown)) in admitted.iter().zip(labels) {
        diagnostics.extend(unknown);
        let Some(id) = admitted.article else { continue };
        for tag in &found {
            tags.entry(*tag).or_default().push(id);
        }
        named.push((id, found));
        if let Some(category) = category {
            let section = by_section.then(|| site[id].section);
            categories.entry((section, category)).or_default().push(id);
        }
    }
    for person in &site.people {
        for specialty in &person.file.specialties {
            names.tag(specialty, diagnostics);
        }
    }
    for (label, articles) in tags {
        ids[label] = TagId(site.tags.len() as u32);
        let label = tag_labels[label].clone();
        let address = expand(
            &settings.permalinks.tag,
            &[("tag", &slug(&label.id.value))],
            Place::Span(label.id.span),
            diagnostics,
        );
        site.tags.push(Tag { label, address, articles, experts: Vec::new() });
    }
    // Tags stand on a page in the order in which their article names them.
    for (article, tags) in named {
        site.articles[article.0 as usize].tags = tags.into_iter().map(|label| ids[label]).collect();
    }
    for ((section, label), articles) in categories {
        let id = CategoryId(site.categories.len() as u32);
        for article in &articles {
            site.articles[article.0 as usize].category = Some(id);
        }
        let label = category_labels[label].clone();
        let folder = section.map(|section| section_slug(&site[section].path)).unwrap_or_default();
        let values = [("section", folder.as_str()), ("category", &slug(&label.id.value))];
        let address = expand(&settings.permalinks.category, &values, Place::Span(label.id.span), diagnostics);
        if let Some(section) = section {
            site.sections[section.0 as usize].categories.push(id);
        }
        site.categories.push(Category { label, section, address, articles });
    }
}

/// The pages of tags and categories.
fn derived(site: &Site, claims: &mut Vec<Claim>) {
    let mut claim = |address: &Address, place: PlaceOnSite, label: &Label, what: &'static str| {
        let written = Some(Place::Span(label.id.span));
        claims.push(Claim { address: address.clone(), place, weight: Weight::Derived, written, what });
    };
    for (index, category) in site.categories.iter().enumerate() {
        claim(&category.address, PlaceOnSite::Category(CategoryId(index as u32)), &category.label, "category");
    }
    for (index, tag) in site.tags.iter().enumerate() {
        claim(&tag.address, PlaceOnSite::Tag(TagId(index as u32)), &tag.label, "tag");
    }
}

/// Lists, feeds and files that Galen makes for the whole site.
fn own(site: &Site, project: &Project, theme: &[(u32, &str)], claims: &mut Vec<Claim>) {
    let settings = &project.settings;
    let mut claim = |address: Address, place: PlaceOnSite, what: &'static str| {
        claims.push(Claim { address, place, weight: Weight::Own, written: None, what });
    };
    for (index, tag) in site.tags.iter().enumerate() {
        claim(tag.address.join("feed.xml"), PlaceOnSite::TagFeed(TagId(index as u32)), "feed");
    }
    for id in sections_with_feed(site) {
        claim(site[id].address.join("feed.xml"), PlaceOnSite::SectionFeed(id), "feed");
    }
    let list = |pattern: &Pattern, fallback: &str| pattern.list().unwrap_or_else(|| at_top(fallback));
    if !site.people.is_empty() {
        claim(list(&settings.permalinks.person, "people"), PlaceOnSite::People, "list of people");
    }
    if !site.tags.is_empty() {
        claim(list(&settings.permalinks.tag, "tags"), PlaceOnSite::Tags, "list of tags");
    }
    if !site.terms.is_empty() {
        claim(list(&settings.permalinks.term, "glossary"), PlaceOnSite::Glossary, "glossary");
    }
    if !site.articles.is_empty() || !site.terms.is_empty() {
        claim(at_top("a-z"), PlaceOnSite::AToZ, "A–Z index");
    }
    if settings.search_index {
        claim(at_top("search"), PlaceOnSite::Search, "search page");
        claim(at_top("search-index.json"), PlaceOnSite::SearchIndex, "search index");
    }
    claim(at_top("feed.xml"), PlaceOnSite::Feed, "feed");
    claim(at_top("404.html"), PlaceOnSite::NotFound, "page for what is not there");
    claim(at_top("sitemap.xml"), PlaceOnSite::Sitemap, "sitemap");
    claim(at_top("robots.txt"), PlaceOnSite::Robots, "file that Galen makes");
    claim(at_top("site.webmanifest"), PlaceOnSite::Manifest, "file that Galen makes");
    claim(at_top("_headers"), PlaceOnSite::Headers, "file that Galen makes");
    claim(at_top("_redirects"), PlaceOnSite::Redirects, "file that Galen makes");
    for (asset, index) in project.assets.iter().zip(0..) {
        if let Some(fingerprint) = &asset.fingerprint
            && let Ok(address) = Address::from_segments(fingerprint.path.split('/'))
        {
            claim(address, PlaceOnSite::Fingerprinted(index), "copy of a file");
        }
    }
    for &(index, file) in theme {
        claim(at_top(file), PlaceOnSite::Theme(index), "file of the theme");
    }
    for id in site.article_ids().filter(|_| settings.json_twins) {
        claim(site[id].address.with_ending(".json"), PlaceOnSite::Twin(id), "JSON twin");
    }
}

fn at_top(file: &str) -> Address {
    Address::home().join(file)
}

/// Sections that hold an article which feeds show.
fn sections_with_feed(site: &Site) -> BTreeSet<SectionId> {
    let articles = site.articles.iter().filter(|article| !article.is_page());
    articles.map(|article| article.section).filter(|id| !site[*id].path.is_empty()).collect()
}
