//! Links every text of the site, in parallel: what each refers to, which terms it mentions, which sources it cites.

use std::cell::OnceCell;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::admission::Admitted;
use super::glossary::{Glossary, mentions};
use super::model::*;
use super::names::Names;
use super::resolve::{Found, From, RedirectGoal, Resolver};
use super::symbols::Symbols;
use crate::content::{Body, Citable, Document};
use crate::project::{Address, Code, Diagnostic, Known, Located, NavigationEntry, Settings, did_you_mean};

/// The links of everything, parallel to the site's lists.
pub(crate) struct LinkedTexts {
    articles: Vec<LinkedArticle>,
    sections: Vec<Option<Linked>>,
    people: Vec<(Linked, Option<Target>)>,
    terms: Vec<Linked>,
    promos: Vec<(Linked, Option<Target>)>,
    header: Vec<NavigationLink>,
    footer: Vec<NavigationLink>,
    logo: Option<Target>,
    privacy: Option<Target>,
    principles: Option<Target>,
    fragments: Vec<FragmentCheck>,
}

/// The links of an article.
#[derive(Default)]
pub(crate) struct LinkedArticle {
    hero: Option<Target>,
    body: Linked,
    faq: Vec<Linked>,
    takeaways: Vec<Linked>,
    sources: Vec<CitedSource>,
    terms: Vec<TermId>,
    authors: Vec<PersonId>,
    reviewers: Vec<PersonId>,
}

/// Links every text. Articles behind the gate are linked too, so that their mistakes are reported, and then dropped.
pub(crate) fn link_texts(
    site: &Site,
    admitted: &[Admitted],
    names: &Names,
    symbols: &Symbols,
    redirects: &[(Address, RedirectGoal)],
    glossary: &Glossary,
    diagnostics: &mut Vec<Diagnostic>,
) -> LinkedTexts {
    let resolver = Resolver { site, symbols, redirects };
    let sources = shared_sources(site);
    let linked: Vec<_> = admitted
        .par_iter()
        .with_max_len(64)
        .map(|admitted| {
            let mut found = Found::default();
            let article = link_article(admitted, &sources, names, &resolver, glossary, &mut found);
            (admitted.article.is_some(), article, found)
        })
        .collect();
    let mut all = Found::default();
    let mut articles = Vec::with_capacity(site.articles.len());
    for (passed, article, found) in linked {
        all.diagnostics.extend(found.diagnostics);
        if passed {
            all.fragments.extend(found.fragments);
            articles.push(article);
        }
    }
    let settings = &site.settings;
    let root = From::default();
    let one = |written: &Option<crate::project::Located<String>>, all: &mut Found| {
        written.as_ref().map(|text| resolver.destination(&text.value, text.span, root, all))
    };
    let texts = LinkedTexts {
        sections: link_sections(site, &resolver, &mut all),
        people: link_people(site, &resolver, &mut all),
        terms: link_terms(site, &resolver, &mut all),
        promos: link_promos(site, &resolver, &mut all),
        header: navigation(&settings.navigation.header, &resolver, &mut all),
        footer: navigation(&settings.navigation.footer, &resolver, &mut all),
        logo: one(&settings.organization.logo, &mut all),
        privacy: one(&settings.organization.privacy, &mut all),
        principles: one(&settings.organization.principles, &mut all),
        fragments: std::mem::take(&mut all.fragments),
        articles,
    };
    check_ask_action(settings, &resolver, &mut all);
    diagnostics.append(&mut all.diagnostics);
    texts
}

/// Links the texts of one article.
pub(crate) fn link_text(
    site: &Site,
    admitted: &Admitted,
    names: &Names,
    symbols: &Symbols,
    redirects: &[(Address, RedirectGoal)],
    glossary: &Glossary,
) -> (LinkedArticle, Vec<Diagnostic>) {
    let mut found = Found::default();
    let resolver = Resolver { site, symbols, redirects };
    let article = link_article(admitted, &shared_sources(site), names, &resolver, glossary, &mut found);
    (article, found.diagnostics)
}

fn shared_sources(site: &Site) -> SharedSources<'_> {
    site.data.sources.iter().map(|(id, source)| (id.as_str(), Arc::new(source.clone()))).collect()
}

fn check_ask_action(settings: &Settings, resolver: &Resolver<'_>, all: &mut Found) {
    // The form may post to a path that only the server knows; an unsafe scheme is still none.
    if let Some(action) = &settings.ask_action
        && crate::project::scheme(&action.value) == crate::project::Scheme::Unsafe
    {
        resolver.destination(&action.value, action.span, From::default(), all);
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn link_body(body: &Body, from: From<'_>, resolver: &Resolver<'_>, found: &mut Found) -> Linked {
    let targets = body.references.iter().map(|reference| resolver.reference(reference, from, found)).collect();
    Linked { targets, mentions: Vec::new(), citations: Vec::new() }
}

fn link_article(
    admitted: &Admitted,
    shared: &SharedSources<'_>,
    names: &Names,
    resolver: &Resolver<'_>,
    glossary: &Glossary,
    found: &mut Found,
) -> LinkedArticle {
    let document = &admitted.document;
    let front = &document.front;
    let page = admitted.article.map(PlaceOnSite::Article);
    let from = From { folder: folder(&document.path), page, opens: admitted.state.opens() };
    let mut article = LinkedArticle {
        hero: front.image.as_ref().map(|image| {
            let target = resolver.destination(&image.src.value, image.src.span, from, found);
            resolver.picture(target, &image.src.value, image.src.span, found)
        }),
        body: link_body(&document.body, from, resolver, found),
        faq: document.faq.iter().map(|faq| link_body(&faq.answer, from, resolver, found)).collect(),
        takeaways: document.takeaways.iter().map(|takeaway| link_body(takeaway, from, resolver, found)).collect(),
        authors: names.people(&front.authors, &mut found.diagnostics),
        reviewers: names.people(&front.reviewers, &mut found.diagnostics),
        ..LinkedArticle::default()
    };
    if admitted.is_page() {
        // Nobody signs a plain page.
        (article.authors, article.reviewers) = (Vec::new(), Vec::new());
    }
    if !front.no_glossary {
        let possible = glossary.possible(&document.vocabulary);
        article.body.mentions = mentions(&possible, &document.body, &mut article.terms);
        for (faq, linked) in document.faq.iter().zip(&mut article.faq) {
            linked.mentions = mentions(&possible, &faq.answer, &mut article.terms);
        }
    }
    cite(document, shared, &resolver.site.settings, names, &mut article, found);
    article
}

/// Numbers the sources in page order, and each marker of a source.
fn cite(
    document: &Arc<Document>,
    shared: &SharedSources<'_>,
    settings: &Settings,
    names: &Names,
    article: &mut LinkedArticle,
    found: &mut Found,
) {
    let LinkedArticle { body, faq, takeaways, sources, .. } = article;
    let first: Vec<(&Body, &mut Linked)> = document.takeaways.iter().zip(takeaways).collect();
    let main = std::iter::once((&document.body, body));
    let answers = document.faq.iter().map(|faq| &faq.answer).zip(faq);
    // Takeaways stand before the body or after the FAQ, and sources are numbered as a reader meets them.
    let texts: Vec<(&Body, &mut Linked)> = if settings.takeaways_at_end {
        main.chain(answers).chain(first).collect()
    } else {
        first.into_iter().chain(main).chain(answers).collect()
    };
    let own = OwnSources::new(&document.front.sources);
    let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
    for (body, linked) in texts {
        for citation in &body.citations {
            let number = numbers.get(citation.value.as_str()).copied().or_else(|| {
                let written = own.get(&citation.value).map(|index| CitedFrom::Article(Arc::clone(document), index));
                let listed = || shared.get(citation.value.as_str()).map(|source| CitedFrom::Data(Arc::clone(source)));
                sources.push(CitedSource { source: written.or_else(listed)?, uses: 0 });
                numbers.insert(&citation.value, sources.len());
                Some(sources.len())
            });
            match number {
                Some(number) => {
                    let uses = &mut sources[number - 1].uses;
                    *uses += 1;
                    linked.citations.push((number as u32, *uses));
                }
                None => {
                    linked.citations.push((0, 0));
                    found.diagnostics.push(unknown_source(citation, &own, names));
                }
            }
        }
    }
    for (source, index) in document.front.sources.iter().zip(0..) {
        if !numbers.contains_key(source.id.value.as_str()) {
            numbers.insert(&source.id.value, sources.len());
            sources.push(CitedSource { source: CitedFrom::Article(Arc::clone(document), index), uses: 0 });
        }
    }
}

/// The sources of `data/sources.toml` by their ids.
type SharedSources<'a> = FxHashMap<&'a str, Arc<Citable>>;

/// The sources of one article by their ids.
struct OwnSources<'a> {
    by_id: FxHashMap<&'a str, u32>,
    ids: OnceCell<Known>,
}

impl<'a> OwnSources<'a> {
    fn new(sources: &'a [Citable]) -> Self {
        // The first of an id is kept.
        let mut by_id = FxHashMap::default();
        for (source, index) in sources.iter().zip(0..) {
            by_id.entry(source.id.value.as_str()).or_insert(index);
        }
        Self { by_id, ids: OnceCell::new() }
    }

    fn get(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    fn near(&self, id: &str) -> impl Iterator<Item = &str> {
        self.ids.get_or_init(|| Known::new(self.by_id.keys().copied())).near(id)
    }
}

fn unknown_source(citation: &Located<String>, own: &OwnSources<'_>, names: &Names) -> Diagnostic {
    let id = &citation.value;
    let message = format!("there is no source or footnote `{id}`");
    Diagnostic::new(Code::UnknownSource, citation.span, message)
        .maybe_help(did_you_mean(id, own.near(id).chain(names.sources_near(id))))
        .help("add a `[[source]]` with this id, an entry in data/sources.toml, or a footnote `[^…]: …`")
}

/// Sources are listed under articles; elsewhere a citation would lead nowhere.
fn link_other(body: &Body, from: From<'_>, resolver: &Resolver<'_>, all: &mut Found) -> Linked {
    for citation in &body.citations {
        let message = format!("there is no footnote `{}`, and only articles can cite sources", citation.value);
        all.diagnostics.push(
            Diagnostic::new(Code::UnknownSource, citation.span, message)
                .help("link to the source, or add a footnote `[^…]: …`"),
        );
    }
    link_body(body, from, resolver, all)
}

fn link_sections(site: &Site, resolver: &Resolver<'_>, all: &mut Found) -> Vec<Option<Linked>> {
    let link = |(index, section): (usize, &Section)| {
        let (file, _) = section.file.as_ref()?;
        let folder = format!("articles/{}", section.path);
        let page =
            if section.path.is_empty() { PlaceOnSite::Home } else { PlaceOnSite::Section(SectionId(index as u32)) };
        Some(link_other(&file.body, From { folder: &folder, page: Some(page), opens: None }, resolver, all))
    };
    site.sections.iter().enumerate().map(link).collect()
}

fn link_people(site: &Site, resolver: &Resolver<'_>, all: &mut Found) -> Vec<(Linked, Option<Target>)> {
    let link = |(index, person): (usize, &Person)| {
        let from = From { folder: "data/people", page: Some(PlaceOnSite::Person(PersonId(index as u32))), opens: None };
        let body = link_other(&person.file.body, from, resolver, all);
        let photo = person.file.photo.as_ref().map(|photo| {
            let target = resolver.destination(&photo.value, photo.span, from, all);
            resolver.picture(target, &photo.value, photo.span, all)
        });
        (body, photo)
    };
    site.people.iter().enumerate().map(link).collect()
}

fn link_terms(site: &Site, resolver: &Resolver<'_>, all: &mut Found) -> Vec<Linked> {
    let link = |(index, term): (usize, &Term)| {
        let folder = format!("data/glossary/{}", term.file.group);
        link_other(
            &term.file.body,
            From { folder: &folder, page: Some(PlaceOnSite::Term(TermId(index as u32))), opens: None },
            resolver,
            all,
        )
    };
    site.terms.iter().enumerate().map(link).collect()
}

fn link_promos(site: &Site, resolver: &Resolver<'_>, all: &mut Found) -> Vec<(Linked, Option<Target>)> {
    let from = From { folder: "data", ..From::default() };
    let link = |promo: &crate::content::Promo| {
        let href = promo.href.as_ref().map(|href| resolver.destination(&href.value, href.span, from, all));
        (link_other(&promo.text, from, resolver, all), href)
    };
    site.data.promos.values().map(link).collect()
}

fn navigation(entries: &[NavigationEntry], resolver: &Resolver<'_>, all: &mut Found) -> Vec<NavigationLink> {
    let mut links = Vec::with_capacity(entries.len());
    for entry in entries {
        let target = entry.href.as_ref().map(|href| resolver.destination(&href.value, href.span, From::default(), all));
        links.push(NavigationLink {
            title: entry.title.clone(),
            target,
            links: navigation(&entry.links, resolver, all),
        });
    }
    links
}

/// Puts the links of an article where they belong.
pub(crate) fn fill_article(article: &mut Article, linked: LinkedArticle) {
    // A picture on another site would tell that site who reads what.
    article.hero = linked.hero.filter(|hero| !hero.href.is_empty() && !hero.external);
    article.body = linked.body;
    article.faq = linked.faq;
    article.takeaways = linked.takeaways;
    article.sources = linked.sources;
    article.terms = linked.terms;
    article.authors = linked.authors;
    article.reviewers = linked.reviewers;
}

/// Puts the links where they belong.
pub(crate) fn fill(site: &mut Site, texts: LinkedTexts) {
    for (article, linked) in site.articles.iter_mut().zip(texts.articles) {
        fill_article(article, linked);
    }
    for (section, linked) in site.sections.iter_mut().zip(texts.sections) {
        if let (Some((_, body)), Some(linked)) = (&mut section.file, linked) {
            *body = linked;
        }
    }
    for (person, (body, photo)) in site.people.iter_mut().zip(texts.people) {
        person.body = body;
        person.photo = photo.filter(|photo| photo.size.is_some());
    }
    for (term, body) in site.terms.iter_mut().zip(texts.terms) {
        term.body = body;
    }
    site.promos = texts.promos;
    (site.header, site.footer) = (texts.header, texts.footer);
    (site.logo, site.privacy, site.principles) = (texts.logo, texts.privacy, texts.principles);
    site.fragments.extend(texts.fragments);
}
