//! What every page states about itself: title, address, breadcrumbs, Open Graph. Nothing of its text.

use super::json_ld;
use super::lists::pagination;
use super::pages::numbered;
use super::pictures::{shared, social_card};
use super::shown::Shown;
use super::view::*;
use super::views::preview_state;
use crate::picture::CARD;
use crate::project::Address;
use crate::site::{Article, ArticleId, PlaceOnSite, SectionId, Site};

/// The frame of a page.
pub(crate) fn page_view(site: &Shown, place: PlaceOnSite, address: &Address, number: u32) -> PageView {
    let settings = &*site.settings;
    let heading = heading(site, place);
    // The further pages of an article that stands for its section hold the section's list, not the article.
    let content = match place {
        PlaceOnSite::Article(id) if number > 1 => site[id].section_page.map_or(place, PlaceOnSite::Section),
        place => place,
    };
    let here = numbered(address, number);
    let article = article_of(site, place);
    let breadcrumbs = breadcrumbs(site, place, &heading.short);
    let canonical = settings.canonical(&here);
    let noindex = site.drafts
        || matches!(place, PlaceOnSite::Gone(_) | PlaceOnSite::Search)
        || article.is_some_and(|article| article.document.front.noindex);
    PageView {
        kind: kind(place),
        title: document_title(site, place, &heading.title, number),
        description: heading.description,
        href: here.page_href(&settings.style),
        noindex,
        json_ld: json_ld::graph(site, content, &canonical, &breadcrumbs).into(),
        open_graph: open_graph(site, place, heading.title),
        feed: feed(site, place),
        pagination: pagination(site, place, address, number),
        state: article.and_then(preview_state),
        canonical: Some(canonical),
        breadcrumbs,
    }
}

/// The frame of `404.html`, which has no address of its own.
pub(crate) fn not_found_view(site: &Shown) -> PageView {
    let labels = &site.settings.labels;
    PageView {
        kind: "not-found",
        title: format!("{} – {}", labels.not_found, site.settings.title),
        description: String::new(),
        href: Address::home().page_href(&site.settings.style),
        canonical: None,
        noindex: true,
        breadcrumbs: Vec::new(),
        json_ld: json_ld::site_graph(site).into(),
        open_graph: open_graph(site, PlaceOnSite::Search, labels.not_found.clone()),
        feed: None,
        pagination: None,
        state: None,
    }
}

fn article_of(site: &Site, place: PlaceOnSite) -> Option<&Article> {
    match place {
        PlaceOnSite::Article(id) => Some(&site[id]),
        _ => None,
    }
}

struct Heading {
    title: String,
    short: String,
    description: String,
}

fn heading(site: &Site, place: PlaceOnSite) -> Heading {
    let labels = &site.settings.labels;
    let same = |title: &str, description: &str| Heading {
        title: title.to_owned(),
        short: title.to_owned(),
        description: description.to_owned(),
    };
    let label = |label: &crate::content::Label| same(&label.title, label.description.as_deref().unwrap_or_default());
    match place {
        PlaceOnSite::Article(id) => {
            let article = &site[id];
            Heading {
                title: article.document.title.clone(),
                short: article.short_title().to_owned(),
                description: article.description().to_owned(),
            }
        }
        PlaceOnSite::Section(id) => same(&site[id].title, &site[id].description),
        PlaceOnSite::Category(id) => label(&site[id].label),
        PlaceOnSite::Tag(id) => label(&site[id].label),
        PlaceOnSite::Person(id) => same(&site[id].full_name(), site[id].file.role.as_deref().unwrap_or_default()),
        PlaceOnSite::Term(id) => same(&site[id].file.title, site[id].file.description.as_deref().unwrap_or_default()),
        PlaceOnSite::Gone(index) => same(&site.gone[index as usize].title, ""),
        PlaceOnSite::People => same(&labels.people, &labels.people_description),
        PlaceOnSite::Tags => same(&labels.all_tags, &labels.tags_description),
        PlaceOnSite::Glossary => same(&labels.glossary, &labels.glossary_description),
        PlaceOnSite::AToZ => same(&labels.a_to_z, &labels.a_to_z_description),
        PlaceOnSite::Search => same(&labels.search, &labels.search_start),
        _ => same(&site.settings.title, &site.settings.description),
    }
}

/// The name of the kind of page that stands at a place.
pub(crate) fn kind(place: PlaceOnSite) -> &'static str {
    match place {
        PlaceOnSite::Article(_) => "article",
        PlaceOnSite::Section(_) => "section",
        PlaceOnSite::Category(_) => "category",
        PlaceOnSite::Tag(_) => "tag",
        PlaceOnSite::Person(_) => "person",
        PlaceOnSite::Term(_) => "term",
        PlaceOnSite::Gone(_) => "gone",
        PlaceOnSite::People => "people",
        PlaceOnSite::Tags => "tags",
        PlaceOnSite::Glossary => "glossary",
        PlaceOnSite::AToZ => "a-z",
        PlaceOnSite::Search => "search",
        _ => "home",
    }
}

/// What stands in the browser's tab and in search results.
pub(crate) fn document_title(site: &Site, place: PlaceOnSite, title: &str, number: u32) -> String {
    let labels = &site.settings.labels;
    if let Some(written) = article_of(site, place).and_then(|article| article.document.front.seo_title.clone()) {
        return written;
    }
    if place == PlaceOnSite::Home {
        return site.settings.title.clone();
    }
    if number > 1 {
        let pages = super::pages::page_count(site, place);
        let page = labels.page_of.replace("{page}", &number.to_string()).replace("{pages}", &pages.to_string());
        return format!("{title} – {page} – {}", site.settings.title);
    }
    [title, " – ", &site.settings.title].concat()
}

fn open_graph(site: &Shown, place: PlaceOnSite, title: String) -> OpenGraph {
    let article = article_of(site, place);
    let hero = article.and_then(|article| article.hero.as_ref().zip(article.document.front.image.as_ref()));
    let part = article.and_then(|article| shared(site, article)).filter(|part| !site.is_broken(part.asset));
    let card = article.and_then(|article| social_card(site, article));
    let (href, size) = match (&part, &card) {
        (Some(part), _) => (Some(part.href(&site.settings.style)), Some((part.recipe.width, part.recipe.height))),
        (None, Some(card)) => (Some(format!("{}/{}", site.settings.style.base, card.file)), Some(CARD)),
        (None, None) => (hero.map(|(target, _)| target.href.clone()), hero.and_then(|(target, _)| target.size)),
    };
    let alt = match &card {
        Some(_) => article.map(|article| article.document.title.clone()),
        None => hero.map(|(_, image)| image.alt.clone()),
    };
    OpenGraph {
        kind: match place {
            PlaceOnSite::Article(_) => "article",
            PlaceOnSite::Person(_) => "profile",
            _ => "website",
        }
        .to_owned(),
        title,
        image: href.map(|href| format!("{}{href}", site.settings.style.origin)),
        image_alt: alt,
        image_width: size.map(|(width, _)| u64::from(width)),
        image_height: size.map(|(_, height)| u64::from(height)),
        published: article.and_then(Article::published).map(|date| date.to_string()),
        modified: article.and_then(Article::changed).map(|date| date.to_string()),
    }
}

fn feed(site: &Site, place: PlaceOnSite) -> Option<Link> {
    let style = &site.settings.style;
    // An article that stands for its section has the section's list, and so its feed.
    let place = article_of(site, place).and_then(|article| article.section_page).map_or(place, PlaceOnSite::Section);
    match place {
        PlaceOnSite::Section(id) => site
            .places
            .address(PlaceOnSite::SectionFeed(id))
            .map(|feed| Link { title: site[id].title.clone(), href: feed.file_href(style) }),
        PlaceOnSite::Tag(id) => site
            .places
            .address(PlaceOnSite::TagFeed(id))
            .map(|feed| Link { title: site[id].label.title.clone(), href: feed.file_href(style) }),
        _ => None,
    }
}

/// Home, sections from outside in, category, the page itself.
fn breadcrumbs(site: &Site, place: PlaceOnSite, title: &str) -> Vec<Crumb> {
    let style = &site.settings.style;
    let labels = &site.settings.labels;
    if place == PlaceOnSite::Home {
        return Vec::new();
    }
    let link = |title: &str, address: &Address| Crumb { title: title.to_owned(), href: Some(address.page_href(style)) };
    let mut crumbs = vec![link(&labels.home, &Address::home())];
    let trail = |id: SectionId, but: Option<ArticleId>| -> Vec<Crumb> {
        let trail = site.trail(id).into_iter().filter(|&id| but.is_none() || site[id].page != but);
        trail.map(|id| link(&site[id].title, &site[id].address)).collect()
    };
    match place {
        PlaceOnSite::Article(id) => {
            let article = &site[id];
            crumbs.extend(trail(article.section, Some(id)));
            crumbs.extend(article.category.map(|category| link(&site[category].label.title, &site[category].address)));
        }
        PlaceOnSite::Section(id) => {
            crumbs.extend(site[id].parent.map(|parent| trail(parent, None)).unwrap_or_default())
        }
        PlaceOnSite::Category(id) => {
            crumbs.extend(site[id].section.map(|section| trail(section, None)).unwrap_or_default())
        }
        PlaceOnSite::Tag(_) => crumbs.extend(list_crumb(site, PlaceOnSite::Tags, &labels.all_tags)),
        PlaceOnSite::Person(_) => crumbs.extend(list_crumb(site, PlaceOnSite::People, &labels.people)),
        PlaceOnSite::Term(_) => crumbs.extend(list_crumb(site, PlaceOnSite::Glossary, &labels.glossary)),
        _ => {}
    }
    crumbs.push(Crumb { title: title.to_owned(), href: None });
    crumbs
}

fn list_crumb(site: &Site, place: PlaceOnSite, title: &str) -> Option<Crumb> {
    let address = site.places.address(place)?;
    Some(Crumb { title: title.to_owned(), href: Some(address.page_href(&site.settings.style)) })
}
