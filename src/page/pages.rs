//! Which pages and files a site has, and where each lies below the output folder. Decides nothing about their content.

use rayon::prelude::*;

use super::pictures::Wanted;
use crate::project::{Address, Checked, Code, Diagnostic, Place};
use crate::search::SearchIndex;
use crate::site::{ArticleId, PlaceOnSite, Site};

/// Addresses that one sitemap file may hold. <https://www.sitemaps.org/protocol.html>
const SITEMAP_SIZE: usize = 50_000;

/// One file of the finished site, and what it is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Path below the output folder.
    pub file: String,
    /// What it is made from.
    pub recipe: Recipe,
}

/// What a file is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Recipe {
    /// A page with an address; lists continue on further numbers.
    Page {
        place: PlaceOnSite,
        number: u32,
    },
    /// `404.html`.
    NotFound,
    /// The Atom feed at a place.
    Feed(PlaceOnSite),
    /// The JSON twin of an article.
    Twin(ArticleId),
    /// `sitemap.xml`: the addresses, or the list of the parts.
    Sitemap,
    /// One part of a large sitemap.
    SitemapPart(u32),
    Robots,
    Manifest,
    Headers,
    Redirects,
    /// `search-index.json`.
    SearchIndex,
    /// A piece of the search index, by index.
    SearchPiece(u32),
    /// A file of the site, by index.
    Asset(u32),
    /// The copy of a style sheet or script that pages name, by the index of the file.
    Fingerprinted(u32),
    /// A static file of the built-in theme, by index.
    Theme(u32),
    /// A smaller picture, by index of the list of them.
    Variant(u32),
    /// A picture of a title, by index of the list of them.
    Card(u32),
}

/// How many articles a place lists.
pub(crate) fn listed(site: &Site, place: PlaceOnSite) -> usize {
    match place {
        PlaceOnSite::Section(id) => site[id].articles.len(),
        PlaceOnSite::Category(id) => site[id].articles.len(),
        PlaceOnSite::Tag(id) => site[id].articles.len(),
        PlaceOnSite::Person(id) => site[id].written.len().max(site[id].reviewed.len()),
        PlaceOnSite::Term(id) => site[id].articles.len(),
        PlaceOnSite::Article(id) => site[id].section_page.map_or(0, |section| site[section].articles.len()),
        PlaceOnSite::People => site.orders.people.len(),
        PlaceOnSite::Tags => site.orders.tags.len(),
        PlaceOnSite::Glossary => site.orders.glossary.len(),
        PlaceOnSite::AToZ => site.orders.a_to_z.len(),
        _ => 0,
    }
}

/// Number of pages a place has.
pub(crate) fn page_count(site: &Site, place: PlaceOnSite) -> u32 {
    listed(site, place).div_ceil(site.settings.page_size).max(1) as u32
}

/// Address of the nth page of a place.
pub(crate) fn numbered(address: &Address, number: u32) -> Address {
    if number == 1 { address.clone() } else { address.join(&format!("page/{number}")) }
}

/// Every page and file, sorted by path; without the pieces of a search index that is not made yet.
pub(crate) fn pages(site: &Site, search: Option<&SearchIndex>, pictures: &Wanted) -> Checked<Vec<Page>> {
    let settings = &*site.settings;
    let pages_of = |(address, place): &(Address, PlaceOnSite)| {
        let (address, place) = (address.clone(), *place);
        (1..=page_count(site, place)).map(move |number| {
            let file = place.file(&numbered(&address, number), &settings.style);
            Page { file, recipe: recipe(place, number) }
        })
    };
    let mut pages: Vec<Page> = site.places.par_iter().flat_map_iter(pages_of).collect();
    let parts = sitemap_addresses(site).len().div_ceil(SITEMAP_SIZE);
    if parts > 1 {
        let part = |part: usize| (format!("sitemap-{}.xml", part + 1), Recipe::SitemapPart(part as u32));
        pages.extend((0..parts).map(part).map(|(file, recipe)| Page { file, recipe }));
    }
    let pieces = search.map_or(&[][..], |search| &search.pieces).iter().zip(0..);
    pages.extend(pieces.map(|((file, _), index)| Page { file: file.clone(), recipe: Recipe::SearchPiece(index) }));
    let variants = pictures.variants.iter().zip(0..);
    pages.extend(variants.map(|(one, index)| Page { file: one.file.clone(), recipe: Recipe::Variant(index) }));
    let cards = pictures.cards.iter().zip(0..);
    pages.extend(cards.map(|(one, index)| Page { file: one.file.clone(), recipe: Recipe::Card(index) }));
    pages.par_sort_by(|a, b| (&a.file, a.recipe).cmp(&(&b.file, b.recipe)));
    let diagnostics = overlaps(site, &pages);
    pages.dedup_by(|a, b| a.file == b.file);
    Checked { value: pages, diagnostics }
}

/// Further pages of lists that want the file, or the folder, of something else: how far a list goes on is known only now,
/// after addresses were given out.
fn overlaps(site: &Site, pages: &[Page]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let Recipe::Page { place, number: 2.. } = page.recipe else { continue };
        let twins = [index.checked_sub(1), Some(index + 1)].into_iter().flatten().filter_map(|other| pages.get(other));
        let folders = page.file.match_indices('/').filter_map(|(at, _)| {
            let found = pages.binary_search_by(|other| other.file.as_str().cmp(&page.file[..at]));
            pages.get(found.ok()?)
        });
        let others = twins.filter(|other| other.file == page.file).chain(folders);
        diagnostics.extend(others.map(|other| overlap(site, place, page, other)));
    }
    diagnostics
}

fn overlap(site: &Site, list: PlaceOnSite, page: &Page, other: &Page) -> Diagnostic {
    let written = match other.recipe {
        Recipe::Page { place, .. } => site.written_at(place),
        Recipe::Asset(index) | Recipe::Fingerprinted(index) => {
            Some(Place::File(site.assets[index as usize].path.clone()))
        }
        _ => None,
    };
    let place = written.unwrap_or_else(|| Place::File("site.toml".to_owned()));
    let list = site.address(list).map(Address::as_str).unwrap_or_default();
    let message = format!("this is in the way of the list `{list}`, which goes on in the file `{}`", page.file);
    Diagnostic::at(Code::DuplicateAddress, place, message).help("give it another slug or name")
}

fn recipe(place: PlaceOnSite, number: u32) -> Recipe {
    match place {
        PlaceOnSite::Feed | PlaceOnSite::SectionFeed(_) | PlaceOnSite::TagFeed(_) => Recipe::Feed(place),
        PlaceOnSite::Asset(index) => Recipe::Asset(index),
        PlaceOnSite::Fingerprinted(index) => Recipe::Fingerprinted(index),
        PlaceOnSite::Twin(id) => Recipe::Twin(id),
        PlaceOnSite::Theme(index) => Recipe::Theme(index),
        PlaceOnSite::NotFound => Recipe::NotFound,
        PlaceOnSite::Sitemap => Recipe::Sitemap,
        PlaceOnSite::Robots => Recipe::Robots,
        PlaceOnSite::Manifest => Recipe::Manifest,
        PlaceOnSite::Headers => Recipe::Headers,
        PlaceOnSite::Redirects => Recipe::Redirects,
        PlaceOnSite::SearchIndex => Recipe::SearchIndex,
        place => Recipe::Page { place, number },
    }
}

/// Places of which search engines should know, with the number of pages of each, in the order of their addresses.
pub(crate) fn sitemap_addresses(site: &Site) -> Vec<(&Address, PlaceOnSite, u32)> {
    if site.drafts {
        return Vec::new();
    }
    let mut addresses = Vec::with_capacity(site.places.iter().len());
    for (address, place) in site.places.iter() {
        let shown = match *place {
            PlaceOnSite::Article(id) => !site[id].document.front.noindex,
            PlaceOnSite::Gone(_) | PlaceOnSite::Search | PlaceOnSite::Redirect(_) => false,
            place => place.is_page(),
        };
        if shown {
            addresses.extend((1..=page_count(site, *place)).map(|number| (address, *place, number)));
        }
    }
    addresses
}

/// The addresses of one part of the sitemap.
pub(crate) fn sitemap_part(part: u32) -> std::ops::Range<usize> {
    let start = part as usize * SITEMAP_SIZE;
    start..start + SITEMAP_SIZE
}
