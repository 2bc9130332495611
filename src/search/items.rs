//! What a search can find: articles, terms, people, topics, each with its texts by weight. Knows no index.

use std::borrow::Cow;
use std::ops::Range;

use super::words::words;
use crate::content::{Body, Label};
use crate::project::fold;
use crate::site::{Article, ArticleId, CategoryId, PersonId, PlaceOnSite, SectionId, Site, TagId, TermId};

/// Something that can be found, in the order of the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub place: PlaceOnSite,
    /// Index into the groups.
    pub group: u32,
}

/// Everything that can be found, and the titles of its groups: the sections, then what is no article. Groups follow each
/// other, so that a number of an item tells its group.
pub(super) fn items(site: &Site) -> (Vec<String>, Vec<Item>) {
    let labels = &site.settings.labels;
    let tops = top_sections(site);
    let mut groups: Vec<(String, Vec<PlaceOnSite>)> =
        tops.iter().map(|&id| (site[id].title.clone(), Vec::new())).collect();
    groups.push((labels.articles.clone(), Vec::new()));
    for id in site.article_ids().filter(|&id| !site[id].document.front.noindex) {
        let top = site.trail(site[id].section).first().and_then(|top| tops.iter().position(|other| other == top));
        groups[top.unwrap_or(tops.len())].1.push(PlaceOnSite::Article(id));
    }
    let terms = (0..site.terms.len() as u32).map(|id| PlaceOnSite::Term(TermId(id)));
    groups.push((labels.glossary.clone(), terms.collect()));
    let people = (0..site.people.len() as u32).map(|id| PlaceOnSite::Person(PersonId(id)));
    groups.push((labels.people.clone(), people.collect()));
    groups.push((labels.all_tags.clone(), topics(site)));
    groups.retain(|(_, places)| !places.is_empty());
    let numbered = groups.iter().zip(0..);
    let items = numbered.flat_map(|((_, places), group)| places.iter().map(move |&place| Item { place, group }));
    let items = items.collect();
    (groups.into_iter().map(|(title, _)| title).collect(), items)
}

/// The outermost sections, in their order.
fn top_sections(site: &Site) -> Vec<SectionId> {
    let all = (0..site.sections.len() as u32).map(SectionId);
    let mut tops: Vec<SectionId> = all.filter(|&id| site.trail(id).as_slice() == [id]).collect();
    tops.sort_by_key(|&id| (site[id].order.unwrap_or(i64::MAX), &site[id].title, &site[id].path));
    tops
}

/// Pages that list articles. A section whose page is an article is found as that.
fn topics(site: &Site) -> Vec<PlaceOnSite> {
    let sections = (0..site.sections.len() as u32).map(SectionId);
    let sections = sections.filter(|&id| site[id].page.is_none() && !site[id].path.is_empty());
    let categories = (0..site.categories.len() as u32).map(|id| PlaceOnSite::Category(CategoryId(id)));
    let tags = (0..site.tags.len() as u32).map(|id| PlaceOnSite::Tag(TagId(id)));
    sections.map(PlaceOnSite::Section).chain(categories).chain(tags).collect()
}

/// The texts of an item.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    pub title: Cow<'a, str>,
    pub description: Cow<'a, str>,
    /// Other names of just this.
    pub names: Vec<&'a str>,
    /// Names that may stand for a part of its own, and how many words of that stand beside them.
    pub within: Vec<(&'a str, usize)>,
    /// Names of what this has to do with.
    pub keywords: Vec<&'a str>,
    /// The text from the top, then the text under each heading.
    pub parts: Vec<Part<'a>>,
    /// Where the parts are ranges of.
    pub text: String,
}

impl Texts<'_> {
    /// The text of a part.
    pub(super) fn of(&self, part: &Part<'_>) -> &str {
        &self.text[part.text.clone()]
    }
}

/// A stretch of text under a heading; the first has none.
#[derive(Debug, Default)]
pub(super) struct Part<'a> {
    pub heading: &'a str,
    pub anchor: &'a str,
    pub text: Range<usize>,
}

/// Reads the texts of what is at a place.
pub(super) struct Reader<'a> {
    site: &'a Site,
    /// The names of each term, as written and folded.
    terms: Vec<Vec<(&'a str, String)>>,
}

impl<'a> Reader<'a> {
    /// A reader of a site.
    pub(super) fn new(site: &'a Site) -> Self {
        let names = |id| {
            let term = &site[TermId(id)];
            std::iter::once(term.file.title.as_str()).chain(term.other_names().map(|name| name.value.as_str()))
        };
        let terms = 0..site.terms.len() as u32;
        Self { site, terms: terms.map(|id| names(id).map(|name| (name, fold(name))).collect()).collect() }
    }

    /// Where a place is.
    pub(super) fn address(&self, place: PlaceOnSite) -> String {
        let address = self.site.address(place);
        address.map(|address| address.page_href(&self.site.settings.style)).unwrap_or_default()
    }

    /// The texts of what is at a place.
    pub(super) fn texts(&self, place: PlaceOnSite) -> Texts<'a> {
        let site = self.site;
        match place {
            PlaceOnSite::Article(id) => self.article(id),
            PlaceOnSite::Term(id) => {
                let file = &site[id].file;
                let names = site[id].other_names().map(|name| name.value.as_str()).collect();
                Texts { names, ..titled(&file.title, file.description.as_deref(), Some(&file.body)) }
            }
            PlaceOnSite::Person(id) => {
                let file = &site[id].file;
                let keywords = site[id].specialties.iter().map(|&tag| site[tag].label.title.as_str()).collect();
                let texts = titled("", file.role.as_deref(), Some(&file.body));
                Texts { title: site[id].full_name().into(), keywords, ..texts }
            }
            PlaceOnSite::Tag(id) => labelled(&site[id].label),
            PlaceOnSite::Category(id) => labelled(&site[id].label),
            PlaceOnSite::Section(id) => {
                let body = site[id].file.as_ref().map(|(file, _)| &file.body);
                titled(&site[id].title, Some(&site[id].description), body)
            }
            _ => Texts::default(),
        }
    }

    fn article(&self, id: ArticleId) -> Texts<'a> {
        let article = &self.site[id];
        let document = &*article.document;
        let headings = &document.body.headings;
        let mut text = String::with_capacity(document.body.html.len() + (1 << 10));
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(1 + headings.len() + document.faq.len());
        // They stand before the first heading as well.
        for takeaway in &document.takeaways {
            takeaway.push_text(&mut text);
            text.push(' ');
        }
        let mut start = 0;
        for (heading, end) in document.body.push_text_by_heading(&mut text) {
            let heading = heading.map(|index| &headings[index]);
            let (heading, anchor) = heading.map_or(("", ""), |heading| (&heading.text, &heading.id));
            parts.push(Part { heading, anchor, text: start..end });
            start = end;
        }
        for faq in &document.faq {
            let start = text.len();
            faq.answer.push_text(&mut text);
            parts.push(Part { heading: &faq.question, anchor: &faq.id, text: start..text.len() });
        }
        let about = document.front.about.iter().map(|about| about.name.as_str());
        let names: Vec<&str> = document.front.short_title.as_deref().into_iter().chain(about).collect();
        let (within, keywords) = self.subjects(article, &names);
        let (title, description) = (document.title.as_str().into(), article.description().into());
        Texts { title, description, names, within, keywords, parts, text }
    }

    /// Names for a part of what an article is called, and words for what else it has to do with. A term that its title or one of
    /// its other names holds is its subject: then the term's other names, lay and clinical, may stand in the term's place.
    fn subjects(&self, article: &'a Article, names: &[&str]) -> (Vec<(&'a str, usize)>, Vec<&'a str>) {
        let (mut within, mut keywords) = (Vec::new(), Vec::new());
        let tags = article.tags.iter().map(|&tag| &self.site[tag].label);
        for label in tags.chain(article.category.map(|category| &self.site[category].label)) {
            keywords.push(label.title.as_str());
            keywords.extend(label.synonyms.iter().map(String::as_str));
        }
        let called = std::iter::once(&*article.document.title).chain(names.iter().copied());
        let called: Vec<String> = called.map(fold).collect();
        for &term in &article.terms {
            let all = &self.terms[term.0 as usize];
            let names = all.iter().map(|(name, _)| *name);
            let pairs = called.iter().flat_map(|text| all.iter().map(move |(_, name)| (text, name)));
            match pairs.filter_map(|(text, name)| words_beside(text, name)).min() {
                Some(beside) => within.extend(names.map(|name| (name, beside))),
                None => keywords.extend(names),
            }
        }
        (within, keywords)
    }
}

fn labelled(label: &Label) -> Texts<'_> {
    let names = label.synonyms.iter().map(String::as_str).collect();
    Texts { names, ..titled(&label.title, label.description.as_deref(), None) }
}

fn titled<'a>(title: &'a str, description: Option<&'a str>, body: Option<&'a Body>) -> Texts<'a> {
    let mut text = String::new();
    body.into_iter().for_each(|body| body.push_text(&mut text));
    let description = description.unwrap_or_default().into();
    let parts = vec![Part { text: 0..text.len(), ..Part::default() }];
    Texts { title: title.into(), description, parts, text, ..Texts::default() }
}

/// How many words a text has besides a name that it holds; nothing where it does not hold it.
fn words_beside(text: &str, name: &str) -> Option<usize> {
    let count = |text| {
        let mut count = 0_usize;
        words(text, |_| count += 1);
        count
    };
    holds_words(text, name).then(|| count(text).saturating_sub(count(name)))
}

/// Whether `text` holds `words`, not within longer words.
fn holds_words(text: &str, words: &str) -> bool {
    !words.is_empty()
        && text.match_indices(words).any(|(at, _)| {
            !text[..at].ends_with(char::is_alphanumeric) && !text[at + words.len()..].starts_with(char::is_alphanumeric)
        })
}
