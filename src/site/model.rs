//! A linked site: what exists, and how everything in it leads to everything else. Only what passed the gate is here.
//!
//! **Invariants:** every id is in bounds; articles are sorted by path; every [`Linked`] is parallel to its body.

use std::ops::{Deref, Index};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::gate::State;
use super::orders::Orders;
use super::related::Related;
use crate::content::{Body, Citable, Data, Document, Label, PersonFile, SectionFile, TermFile};
use crate::project::{
    Address, AddressStyle, Asset, Diagnostic, Known, Level, Located, Place, Settings, SourceId, Span,
};

/// Declares an id type that indexes one list of the site.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident -> $list:ident: $item:ty;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) u32);

        impl Index<$name> for Site {
            type Output = $item;
            fn index(&self, id: $name) -> &$item {
                &self.$list[id.0 as usize]
            }
        }
    )*};
}

ids! {
    /// An article that passed the gate.
    ArticleId -> articles: Article;
    /// A section.
    SectionId -> sections: Section;
    /// A category page: a category within a section, or within the site.
    CategoryId -> categories: Category;
    /// A tag that some article carries.
    TagId -> tags: Tag;
    /// A person.
    PersonId -> people: Person;
    /// A glossary term.
    TermId -> terms: Term;
}

/// A site in which every reference is resolved or reported.
#[derive(Debug)]
pub struct Site {
    pub(crate) settings: Arc<Settings>,
    pub(crate) as_of: Date,
    /// Whether the gate is open for preview.
    pub(crate) drafts: bool,
    pub(crate) articles: Vec<Article>,
    pub(crate) withheld: Vec<Withheld>,
    pub(crate) gone: Vec<Gone>,
    pub(crate) sections: Vec<Section>,
    pub(crate) categories: Vec<Category>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) people: Vec<Person>,
    pub(crate) terms: Vec<Term>,
    pub(crate) data: Data,
    /// Ids of the promotions.
    pub(crate) promo_ids: Known,
    /// Texts of the promotions, linked, parallel to `promo_ids` and `data.promos`.
    pub(crate) promos: Vec<(Linked, Option<Target>)>,
    pub(crate) header: Vec<NavigationLink>,
    pub(crate) footer: Vec<NavigationLink>,
    pub(crate) logo: Option<Target>,
    pub(crate) privacy: Option<Target>,
    pub(crate) principles: Option<Target>,
    pub(crate) redirects: Vec<Redirect>,
    pub(crate) assets: Vec<Asset>,
    pub(crate) places: Places,
    /// Whole lists in their orders.
    pub(crate) orders: Orders,
    /// Links to places within pages, to be compared with the finished pages.
    pub(crate) fragments: Vec<FragmentCheck>,
    /// Texts that no reader is to see as they are: drafts, and what expired or was withdrawn.
    pub(crate) unread: FxHashSet<SourceId>,
}

/// What stands at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PlaceOnSite {
    Home,
    Article(ArticleId),
    Section(SectionId),
    Category(CategoryId),
    Tag(TagId),
    Person(PersonId),
    Term(TermId),
    /// Index into `gone`.
    Gone(u32),
    People,
    Tags,
    Glossary,
    AToZ,
    Search,
    /// The feed of the whole site.
    Feed,
    SectionFeed(SectionId),
    TagFeed(TagId),
    /// Index into `assets`.
    Asset(u32),
    /// The copy of a style sheet or script that pages name, by index into `assets`.
    Fingerprinted(u32),
    /// Index into `redirects`.
    Redirect(u32),
    /// The JSON twin of an article.
    Twin(ArticleId),
    /// A static file of the built-in theme, by index.
    Theme(u32),
    /// `404.html`: a page without an address, which a host shows for what is not there.
    NotFound,
    /// `sitemap.xml`: the addresses, or the list of the parts.
    Sitemap,
    Robots,
    Manifest,
    /// `_headers`.
    Headers,
    /// `_redirects`.
    Redirects,
    SearchIndex,
}

impl PlaceOnSite {
    /// Whether it is a page rather than a file.
    pub(crate) fn is_page(self) -> bool {
        !matches!(
            self,
            Self::Feed
                | Self::SectionFeed(_)
                | Self::TagFeed(_)
                | Self::Asset(_)
                | Self::Fingerprinted(_)
                | Self::Twin(_)
                | Self::Theme(_)
                | Self::NotFound
                | Self::Sitemap
                | Self::Robots
                | Self::Manifest
                | Self::Headers
                | Self::Redirects
                | Self::SearchIndex
        )
    }

    /// The path below the output folder of what stands at `address`.
    pub(crate) fn file(self, address: &Address, style: &AddressStyle) -> String {
        // An old address may have named a file: `/old/page.html` is redirected from just there.
        let names_a_file = address.as_str().ends_with(".html") || address.as_str().ends_with(".htm");
        match self {
            Self::Redirect(_) if names_a_file => address.file(),
            place if place.is_page() => address.page_file(style),
            _ => address.file(),
        }
    }
}

/// Every page and file that has an address of its own.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Sorted by address.
    sorted: Vec<(Address, PlaceOnSite)>,
    by_place: FxHashMap<PlaceOnSite, u32>,
}

impl Places {
    pub(crate) fn new(mut places: Vec<(Address, PlaceOnSite)>) -> Self {
        places.par_sort_unstable();
        let by_place = places.iter().zip(0..).map(|((_, place), index)| (*place, index)).collect();
        Self { sorted: places, by_place }
    }

    /// All of them, by address.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &(Address, PlaceOnSite)> {
        self.sorted.iter()
    }

    /// The same, for many threads.
    pub(crate) fn par_iter(&self) -> rayon::slice::Iter<'_, (Address, PlaceOnSite)> {
        self.sorted.par_iter()
    }

    /// The address of a place; none where it has to do without.
    pub(crate) fn address(&self, place: PlaceOnSite) -> Option<&Address> {
        self.by_place.get(&place).map(|&index| &self.sorted[index as usize].0)
    }
}

/// A published article.
#[derive(Debug)]
pub(crate) struct Article {
    pub document: Arc<Document>,
    pub state: State,
    /// What `related` names it: its file name, or `section/name` where two share it.
    pub id: String,
    pub address: Address,
    pub kind: String,
    pub section: SectionId,
    pub category: Option<CategoryId>,
    pub tags: Vec<TagId>,
    pub authors: Vec<PersonId>,
    pub reviewers: Vec<PersonId>,
    pub experts: Vec<PersonId>,
    /// When the next review is due: as written, or the last review and the site's period.
    pub next_review: Option<Date>,
    pub hero: Option<Target>,
    pub body: Linked,
    pub faq: Vec<Linked>,
    pub takeaways: Vec<Linked>,
    /// In the order of their first citation, then those not cited.
    pub sources: Vec<CitedSource>,
    pub related: Vec<Related>,
    pub backlinks: Vec<ArticleId>,
    pub terms: Vec<TermId>,
    /// The section whose page this article is, if it is.
    pub section_page: Option<SectionId>,
}

impl Article {
    /// Whether it is a plain page: no author, review, feed or related topics.
    pub(crate) fn is_page(&self) -> bool {
        self.kind == "page"
    }

    /// The title on cards, in breadcrumbs and contents.
    pub(crate) fn short_title(&self) -> &str {
        self.document.front.short_title.as_deref().unwrap_or(&self.document.title)
    }

    /// The description, or nothing.
    pub(crate) fn description(&self) -> &str {
        self.document.front.description.as_ref().map_or("", |text| text.value.as_str())
    }

    /// The day it counts as new: its publication.
    pub(crate) fn published(&self) -> Option<Date> {
        self.document.front.published.as_ref().map(|date| date.value)
    }

    /// The day of its last visible change.
    pub(crate) fn changed(&self) -> Option<Date> {
        let front = &self.document.front;
        front.updated.as_ref().or(front.published.as_ref()).map(|date| date.value)
    }
}

/// A source and how often the article cites it.
#[derive(Debug)]
pub(crate) struct CitedSource {
    pub source: CitedFrom,
    /// Number of citation markers on the page.
    pub uses: u32,
}

/// Where a cited source is described; it is read like the description itself.
#[derive(Clone, Debug)]
pub(crate) enum CitedFrom {
    /// In the article, by its place among the article's sources.
    Article(Arc<Document>, u32),
    /// In `data/sources.toml`.
    Data(Arc<Citable>),
}

impl Deref for CitedFrom {
    type Target = Citable;

    fn deref(&self) -> &Citable {
        match self {
            Self::Article(document, index) => &document.front.sources[*index as usize],
            Self::Data(source) => source,
        }
    }
}

/// An article that did not pass the gate.
#[derive(Debug)]
pub(crate) struct Withheld {
    pub path: String,
    pub state: State,
}

/// What a withdrawn article leaves.
#[derive(Debug)]
pub(crate) struct Gone {
    pub title: String,
    pub address: Address,
    pub date: Option<Date>,
    pub reason: String,
}

/// A folder of articles.
#[derive(Debug)]
pub(crate) struct Section {
    /// Folder below `articles/`; empty for `articles/` itself.
    pub path: String,
    pub title: String,
    pub description: String,
    pub order: Option<i64>,
    pub address: Address,
    pub parent: Option<SectionId>,
    pub file: Option<(SectionFile, Linked)>,
    /// Its articles, newest first.
    pub articles: Vec<ArticleId>,
    pub categories: Vec<CategoryId>,
    /// Sections directly below it, in order.
    pub children: Vec<SectionId>,
    /// The article that takes the place of its page.
    pub page: Option<ArticleId>,
}

/// A category within a section, or within the site where its address holds no section.
#[derive(Debug)]
pub(crate) struct Category {
    pub label: Label,
    pub section: Option<SectionId>,
    pub address: Address,
    pub articles: Vec<ArticleId>,
}

/// A tag with its articles.
#[derive(Debug)]
pub(crate) struct Tag {
    pub label: Label,
    pub address: Address,
    pub articles: Vec<ArticleId>,
    /// People who name it as a specialty.
    pub experts: Vec<PersonId>,
}

/// A person with what they wrote and reviewed.
#[derive(Debug)]
pub(crate) struct Person {
    pub file: PersonFile,
    pub body: Linked,
    pub photo: Option<Target>,
    pub address: Address,
    pub specialties: Vec<TagId>,
    pub written: Vec<ArticleId>,
    pub reviewed: Vec<ArticleId>,
}

impl Term {
    /// Its synonyms and its abbreviation.
    pub(crate) fn other_names(&self) -> impl Iterator<Item = &Located<String>> {
        self.file.synonyms.iter().chain(&self.file.abbreviation)
    }
}

impl Person {
    /// Given and family name, spaced by one rule.
    pub(crate) fn name(&self) -> String {
        join_words([self.file.given.as_str(), self.file.family.as_str()])
    }

    /// The name with honorific before and credentials behind: `Dr Tomas Okafor, MD, PhD`.
    pub(crate) fn full_name(&self) -> String {
        let name = join_words([self.file.honorific.as_deref().unwrap_or_default(), &self.name()]);
        std::iter::once(name).chain(self.file.credentials.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}

fn join_words<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(str::trim).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A glossary term.
#[derive(Debug)]
pub(crate) struct Term {
    pub file: TermFile,
    pub body: Linked,
    pub address: Address,
    /// Articles that mention it, newest first.
    pub articles: Vec<ArticleId>,
}

/// What linking adds to a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Linked {
    /// Where each reference of the body leads.
    pub targets: Vec<Target>,
    /// First mentions of glossary terms, by offset.
    pub mentions: Vec<Mention>,
    /// For each citation marker: the source's number, and which marker of that source this is. Both from 1; (0, 0) where
    /// the source is unknown.
    pub citations: Vec<(u32, u32)>,
}

/// Where a reference leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// The link as it is written into pages, from the root of the host, or to another site.
    pub href: String,
    /// Size of a picture.
    pub size: Option<(u32, u32)>,
    /// The file of a picture, by index of the site's assets.
    pub picture: Option<u32>,
    /// The article it leads to.
    pub article: Option<ArticleId>,
    /// Whether it leads to a page of this site, rather than to a file.
    pub is_page: bool,
    /// Whether it leads to another site.
    pub external: bool,
    /// Whether it leads nowhere, which is reported.
    pub broken: bool,
}

/// The first mention of a term in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    /// Byte offset in the body's HTML.
    pub at: u32,
    /// Length in bytes.
    pub length: u32,
    pub term: TermId,
}

/// One entry of header or footer.
#[derive(Debug)]
pub(crate) struct NavigationLink {
    pub title: String,
    pub target: Option<Target>,
    pub links: Vec<Self>,
}

/// An old address that leads to a page.
#[derive(Clone, Debug)]
pub(crate) struct Redirect {
    pub from: Address,
    /// Where it leads, as written into pages.
    pub to: String,
    /// The full address, for canonical links.
    pub canonical: String,
    /// Where the old address is written.
    pub written: Span,
}

/// A link to a place within a page.
#[derive(Clone, Debug)]
pub(crate) struct FragmentCheck {
    pub target: PlaceOnSite,
    pub fragment: String,
    pub place: Place,
}

impl Site {
    /// A promotion, its text and where it leads.
    pub(crate) fn promo(&self, id: &str) -> Option<(&crate::content::Promo, &(Linked, Option<Target>))> {
        let index = self.promo_ids.position(id)?;
        Some((&self.data.promos[id], &self.promos[index]))
    }

    /// Sections from the outermost to this one; `articles/` itself is not among them.
    pub(crate) fn trail(&self, id: SectionId) -> Vec<SectionId> {
        let mut trail: Vec<_> =
            std::iter::successors(Some(id), |id| self[*id].parent).filter(|id| !self[*id].path.is_empty()).collect();
        trail.reverse();
        trail
    }

    /// The address of a place. What lost its own to another still leads there, so that one fault does not hide others.
    pub(crate) fn address(&self, place: PlaceOnSite) -> Option<&Address> {
        Some(match place {
            PlaceOnSite::Article(id) => &self[id].address,
            PlaceOnSite::Section(id) => &self[id].address,
            PlaceOnSite::Category(id) => &self[id].address,
            PlaceOnSite::Tag(id) => &self[id].address,
            PlaceOnSite::Person(id) => &self[id].address,
            PlaceOnSite::Term(id) => &self[id].address,
            PlaceOnSite::Gone(index) => &self.gone[index as usize].address,
            PlaceOnSite::Asset(index) => &self.assets[index as usize].address,
            other => return self.places.address(other),
        })
    }

    /// Where a page is written.
    pub(crate) fn written_at(&self, place: PlaceOnSite) -> Option<Place> {
        Some(Place::Span(match place {
            PlaceOnSite::Article(id) => self[id].document.opening,
            PlaceOnSite::Section(id) => self[id].file.as_ref()?.0.opening,
            PlaceOnSite::Person(id) => self[id].file.opening,
            PlaceOnSite::Term(id) => self[id].file.opening,
            PlaceOnSite::Redirect(index) => self.redirects[index as usize].written,
            _ => return None,
        }))
    }

    /// Every article's id.
    pub(crate) fn article_ids(&self) -> impl Iterator<Item = ArticleId> + use<> {
        (0..self.articles.len() as u32).map(ArticleId)
    }
}

/// A body together with its links.
pub(crate) type LinkedBody<'a> = (&'a Body, &'a Linked);

impl Site {
    /// The level of a finding on this site. A draft may be unfinished, and a retired text need not be mended: what a rule
    /// finds in one is at most a warning.
    pub(crate) fn level(&self, diagnostic: &Diagnostic) -> Level {
        let level = self.settings.level(diagnostic.code);
        let is_unread = matches!(&diagnostic.place, Place::Span(span) if self.unread.contains(&span.source));
        if is_unread && diagnostic.code.is_rule() { level.min(Level::Warning) } else { level }
    }

    /// How many articles are in each state, by the state's name.
    pub fn states(&self) -> std::collections::BTreeMap<&'static str, usize> {
        let mut states = std::collections::BTreeMap::new();
        let withheld = self.withheld.iter().map(|withheld| withheld.state);
        for state in self.articles.iter().map(|article| article.state).chain(withheld) {
            *states.entry(state.name()).or_default() += 1;
        }
        states
    }
}
