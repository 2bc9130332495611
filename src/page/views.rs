//! Makes the views of pages from the linked site. Everything a template may show passes here; nothing is rendered.

use std::borrow::Cow;
use std::hint::black_box;

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use tera::Value;

use super::lists::letters;
use super::pictures::{picture_view, portrait};
use super::shown::{Shared, Shown};
use super::view::*;
use crate::project::{Address, Diagnostic, Labels};
use crate::site::{
    Article, ArticleId, CategoryId, CitedSource, LinkedBody, NavigationLink, PersonId, PlaceOnSite, SectionId, Site,
    TagId, Target, TermId,
};

/// A text as HTML, parted at its first heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenText<'a> {
    pub lead: Html<'a>,
    pub rest: Html<'a>,
}

impl<'a> WrittenText<'a> {
    /// The whole text.
    pub(crate) fn whole(self) -> Html<'a> {
        Html(self.lead.0 + self.rest.0)
    }
}

/// What a text is part of.
#[derive(Clone, Copy)]
pub(crate) struct TextOf {
    /// The article whose experts and terms it may show.
    pub article: Option<ArticleId>,
    /// Distinguishes anchors of several texts on one page.
    pub text: u32,
}

/// A view, or why a piece of it could not be made.
pub(crate) type Made<T> = Result<T, Box<Diagnostic>>;

/// The finished pieces of HTML that views ask of rendering.
pub(crate) trait Pieces {
    /// A text. What nothing was missing in is lent.
    fn text<'t>(&self, body: LinkedBody<'t>, of: TextOf) -> Made<WrittenText<'t>>;
    /// An article in a list, made once for all pages that list it.
    fn card(&self, id: ArticleId) -> Made<&Shared<Card>>;
    /// An expert on a card, made once for all pages that show it.
    fn expert(&self, id: PersonId) -> Made<&Shared<PersonCard>>;
    /// A source with its number on the page, made once for all pages that cite it alike.
    fn source(&self, cited: &CitedSource, number: u32, citing: ArticleId) -> Made<Cow<'_, Shared<SourceView>>>;
}

/// Articles in a list of cards.
pub(super) fn cards(pieces: &dyn Pieces, ids: impl IntoIterator<Item = ArticleId>) -> Made<Vec<&Shared<Card>>> {
    listed(pieces, ids, |card| [&card.html.0])
}

/// Articles in a list of links.
pub(super) fn links(pieces: &dyn Pieces, ids: impl IntoIterator<Item = ArticleId>) -> Made<Vec<&Shared<Card>>> {
    listed(pieces, ids, |card| [&card.title, &card.href])
}

/// Articles in a list that shows some of their texts. All of these are looked at beforehand: cards lie scattered in memory, and
/// so the processor fetches them side by side, not each when its turn comes on the page.
fn listed<const TEXTS: usize>(
    pieces: &dyn Pieces,
    ids: impl IntoIterator<Item = ArticleId>,
    shown: impl Fn(&Card) -> [&str; TEXTS],
) -> Made<Vec<&Shared<Card>>> {
    let cards = ids.into_iter().map(|id| pieces.card(id)).collect::<Made<Vec<_>>>()?;
    let texts = cards.iter().flat_map(|card| shown(&card.view));
    black_box(texts.filter_map(|text| text.as_bytes().first()).fold(0, |seen, byte| seen ^ byte));
    Ok(cards)
}

/// Experts on cards.
pub(crate) fn experts<'p>(pieces: &'p dyn Pieces, ids: &[PersonId]) -> Made<Vec<&'p Shared<PersonCard>>> {
    ids.iter().map(|&id| pieces.expert(id)).collect()
}

/// The site as every template sees it.
pub(crate) fn site_view(site: &Site) -> SiteView {
    let settings = &site.settings;
    let link = |place| site.places.address(place).map(|address| address.page_href(&settings.style));
    SiteView {
        title: settings.title.clone(),
        description: settings.description.clone(),
        language: settings.language.clone(),
        direction: settings.direction().to_owned(),
        home: Address::home().page_href(&settings.style),
        base: settings.style.base.clone(),
        search: link(PlaceOnSite::Search),
        search_index: settings.search_index.then(|| format!("{}/search-index.json", settings.style.base)),
        a_to_z: link(PlaceOnSite::AToZ),
        glossary: link(PlaceOnSite::Glossary),
        people: link(PlaceOnSite::People),
        tags: link(PlaceOnSite::Tags),
        feed: site.places.address(PlaceOnSite::Feed).map(|address| address.file_href(&settings.style)),
        header: navigation(&site.header),
        footer: navigation(&site.footer),
        organization: OrganizationView {
            name: settings.organization.name.clone(),
            logo: href(site.logo.as_ref()),
            address: settings.organization.address.clone(),
            email: settings.organization.email.clone(),
            profiles: settings.organization.profiles.clone(),
            privacy: href(site.privacy.as_ref()),
            principles: href(site.principles.as_ref()),
        },
        year: i64::from(site.as_of.year()),
        extra: extra(settings.extra.as_ref()),
    }
}

fn href(target: Option<&Target>) -> Option<String> {
    target.map(|target| target.href.clone()).filter(|href| !href.is_empty())
}

fn navigation(links: &[NavigationLink]) -> Vec<NavigationView> {
    links
        .iter()
        .map(|link| NavigationView {
            title: link.title.clone(),
            href: href(link.target.as_ref()),
            links: navigation(&link.links),
        })
        .collect()
}

/// A site's own keys as a template value, in the order of the file; an empty table where there are none.
pub(super) fn extra(keys: Option<&toml::Value>) -> Value {
    match keys {
        Some(toml::Value::Table(table)) => {
            Value::from(table.iter().map(|(key, value)| (key.clone().into(), own(value))).collect::<tera::Map>())
        }
        _ => Value::from(tera::Map::default()),
    }
}

fn own(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(boolean) => (*boolean).into(),
        toml::Value::Datetime(datetime) => datetime.to_string().into(),
        toml::Value::Array(items) => items.iter().map(own).collect::<Vec<_>>().into(),
        toml::Value::Table(_) => extra(Some(value)),
    }
}

/// A day in both forms.
pub(crate) fn date_view(labels: &Labels, date: Date) -> DateView {
    DateView { iso: date.to_string(), text: labels.date(date) }
}

pub(super) fn dated(labels: &Labels, date: Option<Date>) -> Option<DateView> {
    date.map(|date| date_view(labels, date))
}

/// The state of an article that only a preview shows.
pub(crate) fn preview_state(article: &Article) -> Option<String> {
    (article.state != crate::site::State::Published).then(|| article.state.name().to_owned())
}

/// An article in a list, but for its HTML.
pub(crate) fn card(site: &Shown, id: ArticleId) -> Card {
    let article = &site[id];
    Card {
        title: article.short_title().to_owned(),
        href: article.address.page_href(&site.settings.style),
        description: article.description().to_owned(),
        published: dated(&site.settings.labels, article.published()),
        category: article.category.map(|category| site[category].label.title.clone()),
        state: preview_state(article),
        html: Html::default(),
    }
}

/// The part of a list that stands on its nth page.
pub(super) fn part<'a, T>(site: &Site, ids: &'a [T], number: u32) -> &'a [T] {
    let size = site.settings.page_size;
    let start = (size * (number as usize - 1)).min(ids.len());
    &ids[start..(start + size).min(ids.len())]
}

/// A person in a byline or on a card.
pub(super) fn person_card(site: &Site, id: PersonId, broken: &FxHashSet<u32>) -> PersonCard {
    let person = &site[id];
    let labels = &site.settings.labels;
    let years =
        person.file.practising_since.map(|since| i64::from(site.as_of.year()) - since).filter(|years| *years >= 0);
    PersonCard {
        name: person.name(),
        initials: initials(&person.file.given) + &initials(&person.file.family),
        full_name: person.full_name(),
        honorific: person.file.honorific.clone(),
        credentials: person.file.credentials.join(", "),
        href: person.address.page_href(&site.settings.style),
        role: person.file.role.clone(),
        country: person.file.country.clone(),
        experience: years.map(|years| match years {
            1 => labels.experience_one.clone(),
            years => labels.experience.replace("{years}", &years.to_string()),
        }),
        photo: person.photo.as_ref().map(|photo| {
            let asset = photo.picture.filter(|asset| !broken.contains(asset));
            let set = asset.and_then(|asset| portrait(site, asset, person.file.photo_focus));
            picture_view(site, photo, set.as_ref(), &person.name(), [None, None])
        }),
        specialties: person.specialties.iter().map(|&tag| tag_link(site, tag)).collect(),
        html: Html::default(),
    }
}

/// The first letter of a name, or nothing.
fn initials(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map(|first| first.to_uppercase().collect()).unwrap_or_default()
}

pub(super) fn tag_link(site: &Site, id: TagId) -> Link {
    Link { title: site[id].label.title.clone(), href: site[id].address.page_href(&site.settings.style) }
}

pub(super) fn section_link(site: &Site, id: SectionId) -> Link {
    Link { title: site[id].title.clone(), href: site[id].address.page_href(&site.settings.style) }
}

pub(super) fn category_link(site: &Site, id: CategoryId) -> Link {
    Link { title: site[id].label.title.clone(), href: site[id].address.page_href(&site.settings.style) }
}

/// A section page.
pub(crate) fn section_view<'s>(
    site: &'s Shown,
    id: SectionId,
    number: u32,
    pieces: &'s dyn Pieces,
) -> Made<SectionView<'s>> {
    let section = &site[id];
    Ok(SectionView {
        title: section.title.clone(),
        description: section.description.clone(),
        intro: intro(site, id, number, pieces)?,
        sections: listed_sections(site, &section.children),
        categories: section.categories.iter().map(|&id| listed_category(site, id)).collect(),
        articles: cards(pieces, part(site, &section.articles, number).iter().copied())?,
    })
}

fn intro<'s>(site: &'s Site, id: SectionId, number: u32, pieces: &dyn Pieces) -> Made<Html<'s>> {
    match &site[id].file {
        Some((file, linked)) if number == 1 => {
            Ok(pieces.text((&file.body, linked), TextOf { article: None, text: 0 })?.whole())
        }
        _ => Ok(Html::default()),
    }
}

fn listed_sections(site: &Site, ids: &[SectionId]) -> Vec<ListedLink> {
    ids.iter()
        .map(|&id| ListedLink {
            title: site[id].title.clone(),
            href: site[id].address.page_href(&site.settings.style),
            description: site[id].description.clone(),
            count: site[id].articles.len() as u64,
            links: Vec::new(),
        })
        .collect()
}

fn listed_category(site: &Site, id: CategoryId) -> ListedLink {
    let category = &site[id];
    ListedLink {
        title: category.label.title.clone(),
        href: category.address.page_href(&site.settings.style),
        description: category.label.description.clone().unwrap_or_default(),
        count: category.articles.len() as u64,
        links: Vec::new(),
    }
}

/// A category page.
pub(crate) fn category_view<'s>(
    site: &'s Shown,
    id: CategoryId,
    number: u32,
    pieces: &'s dyn Pieces,
) -> Made<CategoryView<'s>> {
    let category = &site[id];
    Ok(CategoryView {
        title: category.label.title.clone(),
        description: category.label.description.clone().unwrap_or_default(),
        section: category
            .section
            .filter(|&section| !site[section].path.is_empty())
            .map(|section| section_link(site, section)),
        siblings: category.section.map_or_else(Vec::new, |section| {
            site[section].categories.iter().filter(|&&other| other != id).map(|&id| listed_category(site, id)).collect()
        }),
        articles: cards(pieces, part(site, &category.articles, number).iter().copied())?,
    })
}

/// A tag page.
pub(crate) fn tag_view<'s>(site: &'s Shown, id: TagId, number: u32, pieces: &'s dyn Pieces) -> Made<TagView<'s>> {
    let tag = &site[id];
    Ok(TagView {
        title: tag.label.title.clone(),
        description: tag.label.description.clone().unwrap_or_default(),
        synonyms: tag.label.synonyms.clone(),
        articles: cards(pieces, part(site, &tag.articles, number).iter().copied())?,
        experts: if number == 1 { experts(pieces, &tag.experts)? } else { Vec::new() },
    })
}

/// A person's page.
pub(crate) fn person_view<'s>(
    site: &'s Shown,
    id: PersonId,
    number: u32,
    pieces: &'s dyn Pieces,
) -> Made<PersonView<'s>> {
    let person = &site[id];
    let bio = if number == 1 {
        pieces.text((&person.file.body, &person.body), TextOf { article: None, text: 0 })?.whole()
    } else {
        Html::default()
    };
    Ok(PersonView {
        card: site.person(id),
        given: person.file.given.clone(),
        family: person.file.family.clone(),
        profiles: person.file.profiles.clone(),
        conflicts: person.file.conflicts.clone(),
        bio,
        written: cards(pieces, part(site, &person.written, number).iter().copied())?,
        reviewed: cards(pieces, part(site, &person.reviewed, number).iter().copied())?,
    })
}

/// A glossary term's page.
pub(crate) fn term_view<'s>(site: &'s Shown, id: TermId, number: u32, pieces: &'s dyn Pieces) -> Made<TermView<'s>> {
    let term = &site[id];
    let body = if number == 1 {
        pieces.text((&term.file.body, &term.body), TextOf { article: None, text: 0 })?.whole()
    } else {
        Html::default()
    };
    Ok(TermView {
        title: term.file.title.clone(),
        synonyms: term.file.synonyms.iter().map(|text| text.value.clone()).collect(),
        abbreviation: term.file.abbreviation.as_ref().map(|text| text.value.clone()),
        description: term.file.description.clone().unwrap_or_default(),
        body,
        articles: cards(pieces, part(site, &term.articles, number).iter().copied())?,
    })
}

/// Newest articles on the home page.
const LATEST: usize = 6;

/// Links below each section on the home page.
const BELOW_SECTION: usize = 6;

/// The home page.
pub(crate) fn home_view<'s>(site: &'s Shown, pieces: &'s dyn Pieces) -> Made<HomeView<'s>> {
    let root = SectionId(0);
    let mut sections = listed_sections(site, &site[root].children);
    for (section, &id) in sections.iter_mut().zip(&site[root].children) {
        section.links = below_section(site, id);
    }
    let latest = site.orders.newest.iter().filter(|&&id| !site[id].is_page()).take(LATEST);
    Ok(HomeView {
        intro: intro(site, root, 1, pieces)?,
        sections,
        latest: latest.map(|&id| pieces.card(id)).collect::<Made<_>>()?,
        letters: letters(site, None),
        numbers: emergency_numbers(site),
    })
}

fn below_section(site: &Site, id: SectionId) -> Vec<Link> {
    let section = &site[id];
    let (categories, articles) = (&section.categories, &section.articles);
    if categories.is_empty() {
        let link = |&id: &ArticleId| Link {
            title: site[id].short_title().to_owned(),
            href: site[id].address.page_href(&site.settings.style),
        };
        articles.iter().take(BELOW_SECTION).map(link).collect()
    } else {
        categories.iter().take(BELOW_SECTION).map(|&id| category_link(site, id)).collect()
    }
}

/// The emergency numbers of the site's country.
pub(crate) fn emergency_numbers(site: &Site) -> Vec<NumberView> {
    let country = site.settings.country.as_ref().and_then(|country| site.data.emergency.get(&country.value));
    country.into_iter().flatten().map(number).collect()
}

fn number(number: &crate::content::EmergencyNumber) -> NumberView {
    let dialled: String =
        number.number.chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '*' | '#')).collect();
    NumberView {
        label: number.label.clone(),
        number: number.number.clone(),
        href: format!("tel:{}", dialled.replace('#', "%23")),
    }
}
