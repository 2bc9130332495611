//! Makes the views of pages from the linked site. Everything a template may show passes here; nothing is rendered.

use jiff::civil::Date;
use tera::Value;

use super::pages::{numbered, page_count};
use super::view::*;
use crate::content::{Change, ChangeKind, Heading, reading_minutes};
use crate::project::{Address, Diagnostic, Labels, fold};
use crate::site::{
    Article, ArticleId, CitedSource, LinkedBody, NavigationLink, PersonId, PlaceOnSite, SectionId, Site, TagId, Target,
    TermId,
};

/// A text as HTML, parted at its first heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenText {
    pub lead: String,
    pub rest: String,
}

impl WrittenText {
    /// The whole text.
    pub(crate) fn whole(self) -> Html {
        Html(self.lead + &self.rest)
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

/// How rendering hands its writer of texts to the views.
pub(crate) type WriteText<'a> = dyn Fn(LinkedBody<'_>, TextOf) -> Result<WrittenText, Box<Diagnostic>> + 'a;

/// A view, or why one of its texts could not be written.
pub(crate) type Made<T> = Result<T, Box<Diagnostic>>;

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
fn extra(keys: Option<&toml::Value>) -> Value {
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

fn dated(labels: &Labels, date: Option<Date>) -> Option<DateView> {
    date.map(|date| date_view(labels, date))
}

/// The state of an article that only a preview shows.
pub(crate) fn preview_state(article: &Article) -> Option<String> {
    (article.state != crate::site::State::Published).then(|| article.state.name().to_owned())
}

/// An article in a list.
pub(crate) fn card(site: &Site, id: ArticleId) -> Card {
    let article = &site[id];
    Card {
        title: article.short_title().to_owned(),
        href: article.address.page_href(&site.settings.style),
        description: article.description().to_owned(),
        published: dated(&site.settings.labels, article.published()),
        category: article.category.map(|category| site[category].label.title.clone()),
        state: preview_state(article),
    }
}

fn cards(site: &Site, ids: &[ArticleId]) -> Vec<Card> {
    ids.iter().map(|&id| card(site, id)).collect()
}

/// The part of a list that stands on its nth page.
fn part<'a, T>(site: &Site, ids: &'a [T], number: u32) -> &'a [T] {
    let size = site.settings.page_size;
    let start = (size * (number as usize - 1)).min(ids.len());
    &ids[start..(start + size).min(ids.len())]
}

/// A person in a byline or on a card.
pub(crate) fn person_card(site: &Site, id: PersonId) -> PersonCard {
    let person = &site[id];
    let labels = &site.settings.labels;
    let years =
        person.file.practising_since.map(|since| i64::from(site.as_of.year()) - since).filter(|years| *years >= 0);
    PersonCard {
        name: person.name(),
        full_name: person.full_name(),
        honorific: person.file.honorific.clone(),
        credentials: person.file.credentials.join(", "),
        href: person.address.page_href(&site.settings.style),
        role: person.file.role.clone(),
        country: person.file.country.clone(),
        experience: years.map(|years| labels.experience.replace("{years}", &years.to_string())),
        photo: person.photo.as_ref().map(|photo| picture(photo, &person.name(), None, None)),
        specialties: person.specialties.iter().map(|&tag| tag_link(site, tag)).collect(),
    }
}

fn person_cards(site: &Site, ids: &[PersonId]) -> Vec<PersonCard> {
    ids.iter().map(|&id| person_card(site, id)).collect()
}

fn tag_link(site: &Site, id: TagId) -> Link {
    Link { title: site[id].label.title.clone(), href: site[id].address.page_href(&site.settings.style) }
}

fn picture(target: &Target, alt: &str, caption: Option<&String>, credit: Option<&String>) -> PictureView {
    PictureView {
        src: target.href.clone(),
        width: target.size.map(|(width, _)| u64::from(width)),
        height: target.size.map(|(_, height)| u64::from(height)),
        alt: alt.to_owned(),
        caption: caption.cloned(),
        credit: credit.cloned(),
    }
}

/// An article or plain page.
pub(crate) fn article_view(site: &Site, id: ArticleId, write: &WriteText<'_>) -> Made<ArticleView> {
    let article = &site[id];
    let document = &*article.document;
    let front = &document.front;
    let labels = &site.settings.labels;
    let style = &site.settings.style;
    let text = |text: u32| TextOf { article: Some(id), text };
    let written = write((&document.body, &article.body), text(0))?;
    let faq = faq(site, id, write)?;
    let takeaways = takeaways(site, id, write)?;
    let minutes = reading_minutes(document.words);
    let shows_experts = document.body.blocks.iter().any(|block| block.kind == "experts");
    let plain = article.is_page();
    Ok(ArticleView {
        title: document.title.clone(),
        short_title: article.short_title().to_owned(),
        description: article.description().to_owned(),
        kind: article.kind.clone(),
        plain,
        authors: person_cards(site, &article.authors),
        reviewers: person_cards(site, &article.reviewers),
        published: dated(labels, article.published()),
        updated: dated(labels, front.updated.as_ref().map(|date| date.value)),
        reviewed: dated(labels, front.reviewed.as_ref().map(|date| date.value)),
        next_review: dated(labels, article.next_review),
        words: u64::from(document.words),
        minutes: u64::from(minutes),
        reading_time: labels.read_time.replace("{minutes}", &minutes.to_string()),
        section: (!document.section.is_empty()).then(|| section_link(site, article.section)),
        category: article.category.map(|category| Link {
            title: site[category].label.title.clone(),
            href: site[category].address.page_href(style),
        }),
        tags: article.tags.iter().map(|&tag| tag_link(site, tag)).collect(),
        lead: Html(written.lead),
        hero: article
            .hero
            .as_ref()
            .zip(front.image.as_ref())
            .map(|(target, image)| picture(target, &image.alt, image.caption.as_ref(), image.credit.as_ref())),
        contents: contents(site, article),
        body: Html(written.rest),
        takeaways,
        takeaways_at_end: site.settings.takeaways_at_end,
        faq,
        sources: sources(labels, &article.sources),
        history: history(labels, &front.history),
        disclaimer: disclaimer(site, article).cloned(),
        about: front.about.as_ref().map(|about| AboutView {
            name: about.name.clone(),
            codes: about
                .codes
                .iter()
                .map(|(system, code)| CodeView { system: system.clone(), code: code.clone() })
                .collect(),
        }),
        experts: if plain || shows_experts { Vec::new() } else { person_cards(site, &article.experts) },
        related: article.related.iter().map(|related| card(site, ArticleId(related.article))).collect(),
        backlinks: article
            .backlinks
            .iter()
            .map(|&id| Link { title: site[id].short_title().to_owned(), href: site[id].address.page_href(style) })
            .collect(),
        list: article.section_page.map_or_else(Vec::new, |section| cards(site, part(site, &site[section].articles, 1))),
        extra: extra(front.extra.as_ref()),
    })
}

fn section_link(site: &Site, id: SectionId) -> Link {
    Link { title: site[id].title.clone(), href: site[id].address.page_href(&site.settings.style) }
}

/// What a page says of its limits; a plain page says nothing.
pub(crate) fn disclaimer<'a>(site: &'a Site, article: &Article) -> Option<&'a String> {
    let own = site.settings.organization.disclaimer.as_ref();
    (!article.is_page()).then(|| own.unwrap_or(&site.settings.labels.disclaimer))
}

/// The questions of an article with their answers.
pub(crate) fn faq(site: &Site, id: ArticleId, write: &WriteText<'_>) -> Made<Vec<FaqView>> {
    let article = &site[id];
    let pairs = article.document.faq.iter().zip(&article.faq);
    pairs
        .enumerate()
        .map(|(index, (faq, linked))| {
            let answer = write((&faq.answer, linked), TextOf { article: Some(id), text: index as u32 + 1 })?;
            Ok(FaqView { question: faq.question.clone(), id: faq.id.clone(), answer: answer.whole() })
        })
        .collect()
}

/// The main points of an article.
pub(crate) fn takeaways(site: &Site, id: ArticleId, write: &WriteText<'_>) -> Made<Vec<Html>> {
    let article = &site[id];
    let pairs = article.document.takeaways.iter().zip(&article.takeaways);
    // The text is number 0, and the answers come after it.
    let numbers = article.document.faq.len() as u32 + 1..;
    pairs
        .zip(numbers)
        .map(|((body, linked), text)| {
            let written = write((body, linked), TextOf { article: Some(id), text })?.whole();
            Ok(Html(written.0.trim_end().to_owned()))
        })
        .collect()
}

/// The finished outline: takeaways, every heading of the text, FAQ, sources.
fn contents(site: &Site, article: &Article) -> Vec<ContentsEntry> {
    let labels = &site.settings.labels;
    let document = &article.document;
    let deepest = site.settings.contents_levels;
    let entry = |level: u8, title: &str, id: &str| (level, title.to_owned(), id.to_owned());
    let takeaways = (!document.takeaways.is_empty()).then(|| entry(2, &labels.takeaways, "takeaways"));
    let mut flat = Vec::with_capacity(document.body.headings.len() + document.faq.len() + 3);
    let at_end = site.settings.takeaways_at_end;
    flat.extend(takeaways.clone().filter(|_| !at_end));
    let is_shown = |heading: &&Heading| !heading.in_block && heading.level <= deepest && !heading.text.is_empty();
    flat.extend(
        document.body.headings.iter().filter(is_shown).map(|heading| entry(heading.level, &heading.text, &heading.id)),
    );
    if !document.faq.is_empty() {
        flat.push(entry(2, &labels.faq, "faq"));
        if deepest >= 3 {
            flat.extend(document.faq.iter().map(|faq| entry(3, &faq.question, &faq.id)));
        }
    }
    flat.extend(takeaways.filter(|_| at_end));
    if !article.sources.is_empty() {
        flat.push(entry(2, &labels.sources, "sources"));
    }
    let mut rest = flat.into_iter().peekable();
    nest(&mut rest, 0)
}

fn nest(rest: &mut std::iter::Peekable<impl Iterator<Item = (u8, String, String)>>, above: u8) -> Vec<ContentsEntry> {
    let mut entries = Vec::new();
    while let Some((level, title, id)) = rest.next_if(|(level, ..)| *level > above) {
        entries.push(ContentsEntry { title, id, children: nest(rest, level) });
    }
    entries
}

/// Anchor of a source.
pub(crate) fn source_anchor(number: usize) -> String {
    format!("source-{number}")
}

/// Anchor of a citation marker.
pub(crate) fn citation_anchor(number: u32, used: u32) -> String {
    format!("cite-{number}-{used}")
}

fn sources(labels: &Labels, sources: &[CitedSource]) -> Vec<SourceView> {
    let view = |(index, cited): (usize, &CitedSource)| {
        let number = index + 1;
        let backs = (1..=cited.uses).map(|used| BackLink {
            href: format!("#{}", citation_anchor(number as u32, used)),
            label: if cited.uses == 1 {
                labels.back_to_text.clone()
            } else {
                labels.cited_at.replace("{number}", &used.to_string())
            },
        });
        SourceView {
            number: number as u64,
            id: source_anchor(number),
            title: cited.source.title.clone(),
            publisher: cited.source.publisher.clone(),
            url: cited.source.url.clone(),
            published: dated(labels, cited.source.published),
            accessed: dated(labels, cited.source.accessed),
            backs: backs.collect(),
        }
    };
    sources.iter().enumerate().map(view).collect()
}

fn history(labels: &Labels, changes: &[Change]) -> Vec<ChangeView> {
    let mut changes: Vec<&Change> = changes.iter().collect();
    changes.sort_by_key(|change| std::cmp::Reverse(change.date));
    changes
        .into_iter()
        .map(|change| {
            let (kind, label) = match change.kind {
                ChangeKind::Clinical => ("clinical", &labels.history_clinical),
                ChangeKind::Correction => ("correction", &labels.history_correction),
                ChangeKind::Editorial => ("editorial", &labels.history_editorial),
                ChangeKind::Links => ("links", &labels.history_links),
            };
            ChangeView {
                date: dated(labels, change.date),
                kind: kind.to_owned(),
                label: label.clone(),
                note: change.note.clone(),
            }
        })
        .collect()
}

/// A section page.
pub(crate) fn section_view(site: &Site, id: SectionId, number: u32, write: &WriteText<'_>) -> Made<SectionView> {
    let section = &site[id];
    let style = &site.settings.style;
    Ok(SectionView {
        title: section.title.clone(),
        description: section.description.clone(),
        intro: intro(site, id, number, write)?,
        sections: listed_sections(site, &section.children),
        categories: section
            .categories
            .iter()
            .map(|&id| {
                let category = &site[id];
                ListedLink {
                    title: category.label.title.clone(),
                    href: category.address.page_href(style),
                    description: category.label.description.clone().unwrap_or_default(),
                    count: category.articles.len() as u64,
                }
            })
            .collect(),
        articles: cards(site, part(site, &section.articles, number)),
    })
}

fn intro(site: &Site, id: SectionId, number: u32, write: &WriteText<'_>) -> Made<Html> {
    match &site[id].file {
        Some((file, linked)) if number == 1 => {
            Ok(write((&file.body, linked), TextOf { article: None, text: 0 })?.whole())
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
        })
        .collect()
}

/// A category page.
pub(crate) fn category_view(site: &Site, id: crate::site::CategoryId, number: u32) -> CategoryView {
    let category = &site[id];
    CategoryView {
        title: category.label.title.clone(),
        description: category.label.description.clone().unwrap_or_default(),
        section: category
            .section
            .filter(|&section| !site[section].path.is_empty())
            .map(|section| section_link(site, section)),
        articles: cards(site, part(site, &category.articles, number)),
    }
}

/// A tag page.
pub(crate) fn tag_view(site: &Site, id: TagId, number: u32) -> TagView {
    let tag = &site[id];
    TagView {
        title: tag.label.title.clone(),
        description: tag.label.description.clone().unwrap_or_default(),
        synonyms: tag.label.synonyms.clone(),
        articles: cards(site, part(site, &tag.articles, number)),
        experts: if number == 1 { person_cards(site, &tag.experts) } else { Vec::new() },
    }
}

/// A person's page.
pub(crate) fn person_view(site: &Site, id: PersonId, number: u32, write: &WriteText<'_>) -> Made<PersonView> {
    let person = &site[id];
    let bio = if number == 1 {
        write((&person.file.body, &person.body), TextOf { article: None, text: 0 })?.whole()
    } else {
        Html::default()
    };
    Ok(PersonView {
        card: person_card(site, id),
        given: person.file.given.clone(),
        family: person.file.family.clone(),
        profiles: person.file.profiles.clone(),
        conflicts: person.file.conflicts.clone(),
        bio,
        written: cards(site, part(site, &person.written, number)),
        reviewed: cards(site, part(site, &person.reviewed, number)),
    })
}

/// A glossary term's page.
pub(crate) fn term_view(site: &Site, id: TermId, number: u32, write: &WriteText<'_>) -> Made<TermView> {
    let term = &site[id];
    let body = if number == 1 {
        write((&term.file.body, &term.body), TextOf { article: None, text: 0 })?.whole()
    } else {
        Html::default()
    };
    Ok(TermView {
        title: term.file.title.clone(),
        synonyms: term.file.synonyms.iter().map(|text| text.value.clone()).collect(),
        abbreviation: term.file.abbreviation.as_ref().map(|text| text.value.clone()),
        description: term.file.description.clone().unwrap_or_default(),
        body,
        articles: cards(site, part(site, &term.articles, number)),
    })
}

/// Newest articles on the home page.
const LATEST: usize = 6;

/// The home page.
pub(crate) fn home_view(site: &Site, write: &WriteText<'_>) -> Made<HomeView> {
    let root = SectionId(0);
    let mut latest: Vec<ArticleId> = site.article_ids().filter(|&id| !site[id].is_page()).collect();
    latest.sort_by_cached_key(|&id| (std::cmp::Reverse(site[id].published()), site[id].id.clone()));
    latest.truncate(LATEST);
    Ok(HomeView {
        intro: intro(site, root, 1, write)?,
        sections: listed_sections(site, &site[root].children),
        latest: cards(site, &latest),
    })
}

/// The list of people.
pub(crate) fn people_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut people: Vec<PersonId> = (0..site.people.len() as u32).map(PersonId).collect();
    people.sort_by_cached_key(|&id| (fold(&site[id].file.family), fold(&site[id].file.given), id));
    ListView {
        title: labels.people.clone(),
        description: labels.people_description.clone(),
        groups: Vec::new(),
        people: person_cards(site, part(site, &people, number)),
    }
}

/// The list of tags.
pub(crate) fn tags_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut tags: Vec<TagId> = (0..site.tags.len() as u32).map(TagId).collect();
    tags.sort_by_cached_key(|&id| (fold(&site[id].label.title), id));
    let entries = part(site, &tags, number).iter().map(|&id| {
        let link = tag_link(site, id);
        let description = site[id].label.description.clone().unwrap_or_default();
        EntryView {
            title: link.title,
            href: link.href,
            description,
            see: None,
            count: Some(site[id].articles.len() as u64),
        }
    });
    ListView {
        title: labels.all_tags.clone(),
        description: labels.tags_description.clone(),
        groups: group_all(entries.collect()),
        people: Vec::new(),
    }
}

fn group_all(entries: Vec<EntryView>) -> Vec<GroupView> {
    vec![GroupView { title: String::new(), id: String::new(), entries }]
}

/// The glossary, by group.
pub(crate) fn glossary_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut groups: std::collections::BTreeMap<&str, Vec<TermId>> = std::collections::BTreeMap::new();
    for id in (0..site.terms.len() as u32).map(TermId) {
        groups.entry(&site[id].file.group).or_default().push(id);
    }
    let groups = groups.into_iter().map(|(group, mut terms)| {
        terms.sort_by_cached_key(|&id| (fold(&site[id].file.title), id));
        let mut letters = group.replace(['-', '_'], " ");
        if let Some(first) = letters.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let entries = terms.iter().map(|&id| term_entry(site, id)).collect();
        GroupView { title: letters, id: format!("group-{}", crate::content::anchor(group)), entries }
    });
    ListView {
        title: labels.glossary.clone(),
        description: labels.glossary_description.clone(),
        groups: part_of_groups(site, groups.collect(), number),
        people: Vec::new(),
    }
}

/// The entries of one page, still in their groups.
fn part_of_groups(site: &Site, groups: Vec<GroupView>, number: u32) -> Vec<GroupView> {
    let size = site.settings.page_size;
    let (start, end) = (size * (number as usize - 1), size * number as usize);
    let mut at = 0;
    let mut shown = Vec::new();
    for mut group in groups {
        let length = group.entries.len();
        let from = start.clamp(at, at + length) - at;
        let to = end.clamp(at, at + length) - at;
        at += length;
        if from < to {
            group.entries = group.entries.drain(from..to).collect();
            shown.push(group);
        }
    }
    shown
}

/// Number of entries in the index of everything.
pub(crate) fn a_to_z_length(site: &Site) -> usize {
    let names =
        site.terms.iter().map(|term| 1 + term.file.synonyms.len() + usize::from(term.file.abbreviation.is_some()));
    site.articles.len() + names.sum::<usize>()
}

fn term_entry(site: &Site, id: TermId) -> EntryView {
    EntryView {
        title: site[id].file.title.clone(),
        href: site[id].address.page_href(&site.settings.style),
        description: site[id].file.description.clone().unwrap_or_default(),
        see: None,
        count: None,
    }
}

/// The index of everything: articles and terms by title, terms by synonym and abbreviation too.
pub(crate) fn a_to_z_list(site: &Site, number: u32) -> ListView {
    let labels = &site.settings.labels;
    let mut entries: Vec<(String, EntryView)> = Vec::new();
    for id in site.article_ids() {
        let article = &site[id];
        let entry = EntryView {
            title: article.document.title.clone(),
            href: article.address.page_href(&site.settings.style),
            description: String::new(),
            see: None,
            count: None,
        };
        entries.push((fold(&entry.title), entry));
    }
    for id in (0..site.terms.len() as u32).map(TermId) {
        let term = &site[id].file;
        let entry = EntryView { description: String::new(), ..term_entry(site, id) };
        for other in term.synonyms.iter().chain(&term.abbreviation) {
            entries.push((
                fold(&other.value),
                EntryView { title: other.value.clone(), see: Some(term.title.clone()), ..entry.clone() },
            ));
        }
        entries.push((fold(&term.title), entry));
    }
    entries.sort_by(|a, b| (&a.0, &a.1.href, &a.1.title).cmp(&(&b.0, &b.1.href, &b.1.title)));
    let mut groups: Vec<GroupView> = Vec::new();
    for (key, entry) in entries {
        let letter = initial(&key);
        match groups.last_mut().filter(|group| group.title == letter) {
            Some(group) => group.entries.push(entry),
            None => {
                let id =
                    if letter == "#" { "letter-other".to_owned() } else { format!("letter-{}", letter.to_lowercase()) };
                groups.push(GroupView { title: letter, id, entries: vec![entry] });
            }
        }
    }
    // Groups of one letter can be apart where accents sort elsewhere.
    groups.sort_by(|a, b| a.title.cmp(&b.title));
    let mut merged: Vec<GroupView> = Vec::new();
    for group in groups {
        match merged.last_mut().filter(|last| last.title == group.title) {
            Some(last) => last.entries.extend(group.entries),
            None => merged.push(group),
        }
    }
    ListView {
        title: labels.a_to_z.clone(),
        description: labels.a_to_z_description.clone(),
        groups: part_of_groups(site, merged, number),
        people: Vec::new(),
    }
}

/// The letter under which a word stands: without accents, upper case; `#` for what is no letter.
fn initial(key: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let first = key.nfd().find(|c| c.is_alphanumeric());
    match first {
        Some(letter) if letter.is_alphabetic() => letter.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

/// Where a list continues; nothing where it fits on one page.
pub(crate) fn pagination(site: &Site, place: PlaceOnSite, address: &Address, number: u32) -> Option<Pagination> {
    let pages = page_count(site, place);
    let href = |number: u32| numbered(address, number).page_href(&site.settings.style);
    (pages > 1).then(|| Pagination {
        page: u64::from(number),
        pages: u64::from(pages),
        previous: (number > 1).then(|| href(number - 1)),
        next: (number < pages).then(|| href(number + 1)),
        links: nearby(number, pages)
            .map(|other| PageLink { number: u64::from(other), href: href(other), current: other == number })
            .collect(),
    })
}

/// The first and last page and those around this one: a list of thousands of pages stays readable.
fn nearby(number: u32, pages: u32) -> impl Iterator<Item = u32> {
    (1..=pages).filter(move |&other| other == 1 || other == pages || other.abs_diff(number) <= 3)
}
