//! What an id in front matter may mean: articles, people, tags, categories. Reports ids that mean nothing.

use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::admission::Admitted;
use super::model::PersonId;
use crate::content::{Data, Document, PersonFile};
use crate::project::{Code, Diagnostic, Known, Located, did_you_mean};

/// `section/name`, as it stands in the path of an article.
fn long_id(document: &Document) -> &str {
    let below = document.path.strip_prefix("articles/").unwrap_or(&document.path);
    below.strip_suffix(".md").unwrap_or(below)
}

/// The tables of ids.
pub(crate) struct Names<'a> {
    /// Index into the admitted documents, by `name` and by `section/name`.
    articles: FxHashMap<&'a str, usize>,
    people: FxHashMap<String, PersonId>,
    /// Made when the first id is asked for that no article has.
    article_ids: OnceLock<Known>,
    person_ids: Known,
    tags: Known,
    categories: Known,
    sources: Known,
}

impl<'a> Names<'a> {
    /// Collects every id.
    pub(crate) fn new<'p>(
        admitted: &'a [Admitted],
        people: impl Iterator<Item = &'p PersonFile> + Clone,
        data: &Data,
    ) -> Self {
        let mut articles = FxHashMap::with_capacity_and_hasher(2 * admitted.len(), FxBuildHasher);
        for (index, admitted) in admitted.iter().enumerate() {
            let document = &admitted.document;
            if !document.section.is_empty() {
                articles.insert(long_id(document), index);
            }
        }
        // The short name goes to whoever it names alone.
        for (index, admitted) in admitted.iter().enumerate() {
            articles.insert(&admitted.id, index);
        }
        Self {
            article_ids: OnceLock::new(),
            person_ids: Known::new(people.clone().map(|person| &person.id)),
            articles,
            people: people.enumerate().map(|(index, person)| (person.id.clone(), PersonId(index as u32))).collect(),
            tags: Known::new(data.tags.keys()),
            categories: Known::new(data.categories.keys()),
            sources: Known::new(data.sources.keys()),
        }
    }

    /// The document an id names.
    pub(crate) fn article(&self, id: &Located<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
        let found = self.articles.get(id.value.as_str()).copied();
        if found.is_none() {
            let known = self.article_ids.get_or_init(|| Known::new(self.articles.keys().copied()));
            let help = did_you_mean(&id.value, known.near(&id.value));
            diagnostics.push(
                Diagnostic::new(Code::UnknownArticle, id.span, format!("no article has the id `{}`", id.value))
                    .maybe_help(help)
                    .help("an article's id is its file name without `.md`; where two share it, `section/name`"),
            );
        }
        found
    }

    /// The people a list of ids names.
    pub(crate) fn people(&self, ids: &[Located<String>], diagnostics: &mut Vec<Diagnostic>) -> Vec<PersonId> {
        let mut people = Vec::with_capacity(ids.len());
        let mut seen = FxHashSet::default();
        for id in ids {
            match self.people.get(&id.value) {
                Some(&person) => people.extend(seen.insert(person).then_some(person)),
                None => {
                    let help = did_you_mean(&id.value, self.person_ids.near(&id.value));
                    let message = format!("there is no person `{}`", id.value);
                    let file = format!("a person is a file `data/people/{}.md`", id.value);
                    diagnostics
                        .push(Diagnostic::new(Code::UnknownPerson, id.span, message).maybe_help(help).help(file));
                }
            }
        }
        people
    }

    /// The position of a tag in `data/tags.toml`, sorted by id.
    pub(crate) fn tag(&self, id: &Located<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
        self.label(&self.tags, id, Code::UnknownTag, "tag", "tags", diagnostics)
    }

    /// The position of a category in `data/categories.toml`, sorted by id.
    pub(crate) fn category(&self, id: &Located<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
        self.label(&self.categories, id, Code::UnknownCategory, "category", "categories", diagnostics)
    }

    fn label(
        &self,
        known: &Known,
        id: &Located<String>,
        code: Code,
        what: &str,
        file: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let found = known.position(&id.value);
        if found.is_none() {
            let help = did_you_mean(&id.value, known.near(&id.value));
            let message = format!("there is no {what} `{}`", id.value);
            let entry = format!("add `[{}]` with a title to data/{file}.toml", id.value);
            diagnostics.push(Diagnostic::new(code, id.span, message).maybe_help(help).help(entry));
        }
        found
    }

    /// Ids of the shared sources that are worth suggesting for one that is not known.
    pub(crate) fn sources_near(&self, id: &str) -> impl Iterator<Item = &str> {
        self.sources.near(id)
    }
}
