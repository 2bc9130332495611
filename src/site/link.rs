//! The linker: documents that stand alone become a site in which every reference is resolved or reported. Renders nothing.

use std::sync::Arc;

use jiff::civil::Date;

use super::admission::{Admitted, admit};
use super::gate::State;
use super::glossary::{Glossary, glossary};
use super::lists::{fill_lists, lists, relate, take_over_sections, weigh_words};
use super::model::{PlaceOnSite, Places, Site, Withheld};
use super::names::Names;
use super::orders::{Orders, orders};
use super::places::{claims, people, sections, terms};
use super::redirects::{finish_redirects, redirect_claims};
use super::resolve::RedirectGoal;
use super::symbols::{Files, PathTarget, Symbols, settle};
use super::texts::{fill, fill_article, link_text, link_texts};
use crate::content::{Data, Document, PersonFile, SectionFile, TermFile};
use crate::project::{Address, Checked, Diagnostic, Known, Project};

/// Everything that was parsed, before linking.
pub(crate) struct Unlinked {
    /// Sorted by path.
    pub documents: Vec<Arc<Document>>,
    pub others: Others,
}

/// Everything but the articles.
pub(crate) struct Others {
    pub sections: Vec<SectionFile>,
    pub people: Vec<PersonFile>,
    pub terms: Vec<TermFile>,
    pub data: Data,
}

/// The day of the build, and whether the gate is open for preview.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    pub as_of: Date,
    pub drafts: bool,
}

/// What linking knew besides the site: what every name and address meant.
pub(crate) struct Tables {
    /// Sorted by path.
    admitted: Vec<Admitted>,
    symbols: Symbols,
    goals: Vec<(Address, RedirectGoal)>,
    glossary: Glossary,
}

/// Links a site. `theme` lists the static files of the built-in theme that it needs, with their indices.
pub(crate) fn link(unlinked: Unlinked, project: &Project, theme: &[(u32, &str)], day: Day) -> Checked<(Site, Tables)> {
    let mut diagnostics = Vec::new();
    let Unlinked { documents, others } = unlinked;
    let admitted = admit(documents, &others.sections, &project.settings, day);
    // Addresses are mostly given out one after the other. Words need none, so they are weighed meanwhile.
    let (words, named) =
        rayon::join(|| weigh_words(&admitted), || name(others, &admitted, project, theme, day, &mut diagnostics));
    let Named { mut site, names, glossary, symbols, goals } = named;

    let texts = link_texts(&site, &admitted, &names, &symbols, &goals, &glossary, &mut diagnostics);
    fill(&mut site, texts);
    let orders_and_lists = || {
        let orders = orders(&site);
        let lists = lists(&site, &orders.newest);
        (orders, lists)
    };
    let ((orders, lists), related) = rayon::join(orders_and_lists, || relate(&site, &admitted, &names, words));
    site.orders = orders;
    fill_lists(&mut site, lists);
    for (article, related) in site.articles.iter_mut().zip(related.into_value(&mut diagnostics)) {
        article.related = related;
    }
    Checked { value: (site, Tables { admitted, symbols, goals, glossary }), diagnostics }
}

/// A site in which everything has its name and address, and no text is linked.
struct Named<'a> {
    site: Site,
    names: Names<'a>,
    glossary: Glossary,
    symbols: Symbols,
    goals: Vec<(Address, RedirectGoal)>,
}

/// Gives everything its name and address.
fn name<'a>(
    others: Others,
    admitted: &'a [Admitted],
    project: &Project,
    theme: &[(u32, &str)],
    day: Day,
    diagnostics: &mut Vec<Diagnostic>,
) -> Named<'a> {
    let settings = &project.settings;
    let (names, (glossary, sections)) = rayon::join(
        || Names::new(admitted, others.people.iter(), &others.data),
        || {
            let glossary = glossary(&others.terms, diagnostics);
            (glossary, sections(admitted, others.sections, settings, diagnostics))
        },
    );

    let mut site = Site {
        settings: Arc::clone(settings),
        as_of: day.as_of,
        drafts: day.drafts,
        articles: Vec::new(),
        withheld: admitted
            .iter()
            .filter(|admitted| admitted.article.is_none())
            .map(|admitted| Withheld { path: admitted.document.path.clone(), state: admitted.state })
            .collect(),
        gone: Vec::new(),
        sections,
        categories: Vec::new(),
        tags: Vec::new(),
        people: people(others.people, settings, diagnostics),
        terms: terms(others.terms, settings, diagnostics),
        promo_ids: Known::new(others.data.promos.keys()),
        data: others.data,
        promos: Vec::new(),
        header: Vec::new(),
        footer: Vec::new(),
        logo: None,
        privacy: None,
        principles: None,
        redirects: Vec::new(),
        assets: project.assets.clone(),
        places: Places::default(),
        orders: Orders::default(),
        fragments: Vec::new(),
        unread: admitted
            .iter()
            .filter(|admitted| matches!(admitted.state, State::Draft | State::Expired(_) | State::Withdrawn))
            .map(|admitted| admitted.document.source)
            .collect(),
    };
    // From here on every article, tag and category has an id; texts are still unlinked.
    let mut claims = claims(&mut site, admitted, &names, project, theme, diagnostics);
    let redirects = redirect_claims(&site, admitted, &mut claims, diagnostics);
    let (places, files) = rayon::join(
        || settle(claims, &settings.style, &|place| project.path_of(place).to_owned(), diagnostics),
        || files(&site, project, admitted),
    );
    let symbols = Symbols::new(&places, files);
    site.places = places;
    take_over_sections(&mut site, &symbols);
    let goals = finish_redirects(&mut site, redirects, &symbols, diagnostics);
    Named { site, names, glossary, symbols, goals }
}

/// Links one article again whose front matter is as it was, and returns what is wrong with its links. Everything that
/// follows from its text elsewhere stays as it was: lists of mentions, backlinks, related topics.
pub(crate) fn relink(site: &mut Site, tables: &mut Tables, document: Arc<Document>) -> Vec<Diagnostic> {
    let Ok(index) = tables.admitted.binary_search_by(|admitted| admitted.document.path.cmp(&document.path)) else {
        return Vec::new();
    };
    tables.admitted[index].document = Arc::clone(&document);
    let Tables { admitted, symbols, goals, glossary } = tables;
    let names = Names::new(admitted, site.people.iter().map(|person| &person.file), &site.data);
    let (text, diagnostics) = link_text(site, &admitted[index], &names, symbols, goals, glossary);
    if let Some(id) = admitted[index].article {
        let article = &mut site.articles[id.0 as usize];
        article.document = document;
        fill_article(article, text);
    }
    diagnostics
}

/// What each file became, for links by path.
fn files(site: &Site, project: &Project, admitted: &[Admitted]) -> Files {
    let mut files = Files::with_capacity(project.sources.len() + project.assets.len());
    for admitted in admitted {
        let target = match (admitted.article, admitted.gone) {
            (Some(article), _) => PathTarget::Place(PlaceOnSite::Article(article)),
            (None, Some(gone)) => PathTarget::Place(PlaceOnSite::Gone(gone)),
            (None, None) => {
                if let Some(address) = &admitted.address {
                    files.add_withheld(address, admitted.state);
                }
                PathTarget::Withheld(admitted.state)
            }
        };
        files.add(&admitted.document.path, target);
    }
    for (index, section) in site.sections.iter().enumerate() {
        if let Some((file, _)) = &section.file {
            let place = PlaceOnSite::Section(super::model::SectionId(index as u32));
            files.add(&project.source(file.source).path, PathTarget::Place(place));
        }
    }
    for (index, person) in site.people.iter().enumerate() {
        let place = PlaceOnSite::Person(super::model::PersonId(index as u32));
        files.add(&project.source(person.file.source).path, PathTarget::Place(place));
    }
    for (index, term) in site.terms.iter().enumerate() {
        let place = PlaceOnSite::Term(super::model::TermId(index as u32));
        files.add(&project.source(term.file.source).path, PathTarget::Place(place));
    }
    for (index, asset) in site.assets.iter().enumerate() {
        files.add(&asset.path, PathTarget::Place(PlaceOnSite::Asset(index as u32)));
    }
    files
}
