//! Which pages and files a site has, and where each lies below the output folder. Decides nothing about their content.

use crate::project::{Address, Settings};
use crate::site::{ArticleId, PlaceOnSite, SectionId, Site, TagId};

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
    SearchIndex,
    /// A file of the site, by index.
    Asset(u32),
    /// A static file of the built-in theme, by index.
    Theme(u32),
}

/// How many articles a place lists.
fn listed(site: &Site, place: PlaceOnSite) -> usize {
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

/// Every page and file, sorted by path. `theme` lists the static files of the built-in theme; those that the site has
/// itself are left out.
pub(crate) fn pages(site: &Site, theme: &[&str]) -> Vec<Page> {
    let settings = &*site.settings;
    let mut pages = Vec::with_capacity(site.places.len() + theme.len() + 16);
    for (address, place) in &site.places {
        match *place {
            PlaceOnSite::Feed | PlaceOnSite::SectionFeed(_) | PlaceOnSite::TagFeed(_) => {
                pages.push(Page { file: address.file(), recipe: Recipe::Feed(*place) });
            }
            PlaceOnSite::Asset(index) => pages.push(Page { file: address.file(), recipe: Recipe::Asset(index) }),
            place => {
                for number in 1..=page_count(site, place) {
                    let file = page_file(address, place, number, settings);
                    pages.push(Page { file, recipe: Recipe::Page { place, number } });
                }
            }
        }
        if let (PlaceOnSite::Article(id), true) = (*place, settings.json_twins) {
            pages.push(Page { file: address.with_ending(".json").file(), recipe: Recipe::Twin(id) });
        }
    }
    let mut extra = vec![
        ("404.html".to_owned(), Recipe::NotFound),
        ("sitemap.xml".to_owned(), Recipe::Sitemap),
        ("robots.txt".to_owned(), Recipe::Robots),
        ("site.webmanifest".to_owned(), Recipe::Manifest),
        ("_headers".to_owned(), Recipe::Headers),
        ("_redirects".to_owned(), Recipe::Redirects),
    ];
    if settings.search_index {
        extra.push(("search-index.json".to_owned(), Recipe::SearchIndex));
    }
    let parts = sitemap_addresses(site).len().div_ceil(SITEMAP_SIZE);
    if parts > 1 {
        extra.extend((0..parts).map(|part| (format!("sitemap-{}.xml", part + 1), Recipe::SitemapPart(part as u32))));
    }
    extra.extend(theme.iter().enumerate().map(|(index, file)| ((*file).to_owned(), Recipe::Theme(index as u32))));
    // A site's own file of the same name wins over what Galen would make.
    let taken: rustc_hash::FxHashSet<String> = pages.iter().map(|page| page.file.clone()).collect();
    pages.extend(
        extra.into_iter().filter(|(file, _)| !taken.contains(file)).map(|(file, recipe)| Page { file, recipe }),
    );
    pages.sort_by(|a, b| a.file.cmp(&b.file));
    pages.dedup_by(|a, b| a.file == b.file);
    pages
}

/// An old address may have named a file: `/old/page.html` is redirected from just there.
fn page_file(address: &Address, place: PlaceOnSite, number: u32, settings: &Settings) -> String {
    let is_old_file = matches!(place, PlaceOnSite::Redirect(_))
        && (address.as_str().ends_with(".html") || address.as_str().ends_with(".htm"));
    if is_old_file { address.file() } else { numbered(address, number).page_file(&settings.style) }
}

/// Places of which search engines should know, with the number of pages of each, in the order of their addresses.
pub(crate) fn sitemap_addresses(site: &Site) -> Vec<(&Address, PlaceOnSite, u32)> {
    if site.drafts {
        return Vec::new();
    }
    let mut addresses = Vec::with_capacity(site.places.len());
    for (address, place) in &site.places {
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

/// Address of a section's feed, where it has one.
pub(crate) fn section_feed(site: &Site, id: SectionId) -> Option<Address> {
    feed_below(site, &site[id].address, PlaceOnSite::SectionFeed(id))
}

/// Address of a tag's feed.
pub(crate) fn tag_feed(site: &Site, id: TagId) -> Option<Address> {
    feed_below(site, &site[id].address, PlaceOnSite::TagFeed(id))
}

fn feed_below(site: &Site, address: &Address, place: PlaceOnSite) -> Option<Address> {
    let feed = address.join("feed.xml");
    // `places` is sorted by address.
    let at = site.places.binary_search_by(|(other, _)| other.cmp(&feed)).ok()?;
    (site.places[at].1 == place).then_some(feed)
}
