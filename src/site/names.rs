//! What an id in front matter may mean: articles, people, tags, categories. Reports ids that mean nothing.

use rustc_hash::FxHashMap;

use super::admission::Admitted;
use super::model::PersonId;
use crate::content::{Data, PersonFile};
use crate::project::{Code, Diagnostic, Located, did_you_mean};

/// The tables of ids.
pub(crate) struct Names {
    /// Index into the admitted documents, by `name` and by `section/name`.
    articles: FxHashMap<String, usize>,
    people: FxHashMap<String, PersonId>,
    tags: Vec<String>,
    categories: Vec<String>,
    sources: Vec<String>,
}

impl Names {
    /// Collects every id.
    pub(crate) fn new(admitted: &[Admitted], people: &[PersonFile], data: &Data) -> Self {
        let mut articles = FxHashMap::default();
        for (index, admitted) in admitted.iter().enumerate() {
            let document = &admitted.document;
            if !document.section.is_empty() {
                articles.insert(format!("{}/{}", document.section, document.name), index);
            }
        }
        // The short name goes to whoever it names alone.
        for (index, admitted) in admitted.iter().enumerate() {
            articles.insert(admitted.id.clone(), index);
        }
        Self {
            articles,
            people: people
                .iter()
                .enumerate()
                .map(|(index, person)| (person.id.clone(), PersonId(index as u32)))
                .collect(),
            tags: data.tags.keys().cloned().collect(),
            categories: data.categories.keys().cloned().collect(),
            sources: data.sources.keys().cloned().collect(),
        }
    }

    /// The document an id names.
    pub(crate) fn article(&self, id: &Located<String>, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
        let found = self.articles.get(&id.value).copied();
        if found.is_none() {
            let help = did_you_mean(&id.value, self.articles.keys().map(String::as_str));
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
        for id in ids {
            match self.people.get(&id.value) {
                Some(&person) if !people.contains(&person) => people.push(person),
                Some(_) => {}
                None => {
                    let help = did_you_mean(&id.value, self.people.keys().map(String::as_str));
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
        known: &[String],
        id: &Located<String>,
        code: Code,
        what: &str,
        file: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let found = known.binary_search(&id.value).ok();
        if found.is_none() {
            let help = did_you_mean(&id.value, known.iter().map(String::as_str));
            let message = format!("there is no {what} `{}`", id.value);
            let entry = format!("add `[{}]` with a title to data/{file}.toml", id.value);
            diagnostics.push(Diagnostic::new(code, id.span, message).maybe_help(help).help(entry));
        }
        found
    }

    /// Ids of the shared sources, for suggestions.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(String::as_str)
    }
}
