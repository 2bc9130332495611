//! Rules about titles, descriptions, headings and sources.

use std::collections::BTreeSet;
use std::collections::hash_map::Entry;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::project::{Code, Diagnostic, KINDS, Located, Place, Span, did_you_mean, fold};
use crate::site::{Article, SectionId, Site};

/// Characters of a description that search engines commonly show.
const LONGEST_DESCRIPTION: usize = 170;

pub(super) fn empty_body(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let document = &article.document;
    if document.is_whole && document.body.html.trim().is_empty() && document.body.holes.is_empty() {
        found.push(
            Diagnostic::new(Code::EmptyBody, document.opening, "this article has no text")
                .help("write it below the front matter, or set `draft = true` until it is written"),
        );
    }
}

pub(super) fn duplicate_faq_question(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let mut asked: FxHashMap<String, Span> = FxHashMap::default();
    for faq in &article.document.faq {
        match asked.entry(fold(&faq.question)) {
            Entry::Occupied(first) => found.push(
                Diagnostic::new(Code::DuplicateFaqQuestion, faq.span, "this question is asked twice")
                    .label(Place::Span(*first.get()), "it is asked here first")
                    .help("put the two answers together"),
            ),
            Entry::Vacant(new) => {
                new.insert(faq.span);
            }
        }
    }
}

pub(super) fn long_description(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let Some(description) = &article.document.front.description else { return };
    let length = description.value.chars().count();
    if length > LONGEST_DESCRIPTION {
        found.push(
            Diagnostic::new(
                Code::LongDescription,
                description.span,
                format!("this description has {length} characters"),
            )
            .help(format!("search engines cut it off after about {LONGEST_DESCRIPTION}")),
        );
    }
}

pub(super) fn missing_section(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let Some(kind) = site.settings.kinds.get(&article.kind) else { return };
    let headings: FxHashSet<String> =
        article.document.body.headings.iter().map(|heading| fold(heading.text.trim())).collect();
    for wanted in &kind.sections {
        if !headings.contains(&fold(wanted.trim())) {
            found.push(
                Diagnostic::new(
                    Code::MissingSection,
                    article.document.opening,
                    format!("an article of the kind `{}` needs the heading “{wanted}”", article.kind),
                )
                .help(format!("add a heading `## {wanted}` with its text")),
            );
        }
    }
}

pub(super) fn unknown_kind(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    if let Some(kind) = &article.document.front.kind {
        check_kind(site, kind, found);
    }
}

fn check_kind(site: &Site, kind: &Located<String>, found: &mut Vec<Diagnostic>) {
    let known = || KINDS.into_iter().chain(site.settings.kinds.keys().map(String::as_str));
    if !known().any(|known| known == kind.value) {
        found.push(
            Diagnostic::new(Code::UnknownKind, kind.span, format!("`{}` is not a kind of article", kind.value))
                .maybe_help(did_you_mean(&kind.value, known()))
                .help(format!("a site adds a kind with a table `[kinds.{}]` in site.toml", kind.value)),
        );
    }
}

/// A section hands its kind to its articles.
pub(super) fn unknown_section_kind(site: &Site, found: &mut Vec<Diagnostic>) {
    for (file, _) in site.sections.iter().filter_map(|section| section.file.as_ref()) {
        if let Some(kind) = &file.kind {
            check_kind(site, kind, found);
        }
    }
}

pub(super) fn unused_source(_: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    for cited in article.sources.iter().filter(|cited| cited.uses == 0) {
        let id = &cited.source.id;
        found.push(
            Diagnostic::new(Code::UnusedSource, id.span, format!("the text does not cite `{}`", id.value))
                .help(format!("cite it where it supports a statement: `[^{}]`", id.value)),
        );
    }
}

pub(super) fn duplicate_titles(site: &Site, found: &mut Vec<Diagnostic>) {
    let titles = site.articles.iter().filter_map(|article| article.document.front.title.as_ref());
    duplicates(titles.map(|title| (title.value.as_str(), title.span)), Code::DuplicateTitle, "title", found);
}

pub(super) fn duplicate_descriptions(site: &Site, found: &mut Vec<Diagnostic>) {
    let descriptions = site.articles.iter().filter_map(|article| article.document.front.description.as_ref());
    duplicates(
        descriptions.map(|text| (text.value.as_str(), text.span)),
        Code::DuplicateDescription,
        "description",
        found,
    );
}

fn duplicates<'a>(texts: impl Iterator<Item = (&'a str, Span)>, code: Code, what: &str, found: &mut Vec<Diagnostic>) {
    let mut all: FxHashMap<String, Span> = FxHashMap::default();
    for (text, span) in texts {
        match all.entry(fold(text)) {
            Entry::Occupied(first) => found.push(
                Diagnostic::new(code, span, format!("another article has this {what} too"))
                    .label(Place::Span(*first.get()), "the other one is here")
                    .help("readers could not tell the two apart in a list; say what is different"),
            ),
            Entry::Vacant(new) => {
                new.insert(span);
            }
        }
    }
}

pub(super) fn empty_section(site: &Site, found: &mut Vec<Diagnostic>) {
    let filled: BTreeSet<SectionId> = site.articles.iter().map(|article| article.section).collect();
    for (index, section) in site.sections.iter().enumerate() {
        let Some((file, _)) = &section.file else { continue };
        if !filled.contains(&SectionId(index as u32)) && section.children.is_empty() {
            found.push(
                Diagnostic::new(
                    Code::EmptySection,
                    file.opening,
                    format!("nothing is published in the section “{}”", section.title),
                )
                .help("readers who follow a link to it find an empty page"),
            );
        }
    }
}
