//! The data files of a site: tags, categories, shared sources, promotions, emergency numbers. Never looks at articles.

use std::collections::BTreeMap;

use super::Body;
use super::front_matter::{Citable, citable, required};
use super::ids::Ids;
use super::markdown::{Dialect, PageText, Text, parse_inline};
use crate::project::{Code, Diagnostic, Located, Project, Role, Source, SourceId, Span, Table, check_slug, read_toml};

/// A tag or category.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub id: Located<String>,
    pub title: String,
    pub description: Option<String>,
    pub synonyms: Vec<String>,
}

/// An entry of `data/promos.toml`.
#[derive(Clone, Debug)]
pub(crate) struct Promo {
    pub title: String,
    pub text: Body,
    pub href: Option<Located<String>>,
    pub action: Option<String>,
    pub label: Option<String>,
}

/// One telephone number.
#[derive(Clone, Debug)]
pub(crate) struct EmergencyNumber {
    pub label: String,
    pub number: String,
}

/// Everything in `data/` that is not Markdown, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Data {
    pub tags: BTreeMap<String, Label>,
    pub categories: BTreeMap<String, Label>,
    pub sources: BTreeMap<String, Citable>,
    pub promos: BTreeMap<String, Promo>,
    /// By country.
    pub emergency: BTreeMap<String, Vec<EmergencyNumber>>,
    /// Whether there is an emergency file at all.
    pub has_emergency: bool,
}

/// Reads every data file of the project.
pub(crate) fn read_data(project: &Project, dialect: Dialect<'_>, diagnostics: &mut Vec<Diagnostic>) -> Data {
    let mut data = Data::default();
    for (id, source) in project.sources_of(Role::Data) {
        match source.file_name() {
            "tags.toml" => data.tags = read_labels(id, source, diagnostics),
            "categories.toml" => data.categories = read_labels(id, source, diagnostics),
            "sources.toml" => data.sources = read_sources(id, source, diagnostics),
            "promos.toml" => data.promos = read_promos(id, source, dialect, diagnostics),
            _ => {
                data.has_emergency = true;
                data.emergency = read_emergency(id, source, diagnostics);
            }
        }
    }
    data
}

fn read_labels(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Label> {
    let labels = read_toml(id, 0, &source.text, diagnostics, |table| table.entries(label));
    labels.into_iter().map(|label| (label.id.value.clone(), label)).collect()
}

fn label(id: Located<String>, table: &mut Table<'_, '_, '_>) -> Label {
    check_id(&id, table);
    Label {
        title: titled(&id, table),
        description: table.string("description"),
        synonyms: table.texts("synonyms").into_iter().map(|text| text.value).collect(),
        id,
    }
}

/// The title of an entry; a missing one is reported, and its id stands in.
fn titled(id: &Located<String>, table: &mut Table<'_, '_, '_>) -> String {
    match table.string("title") {
        Some(title) if !title.trim().is_empty() => title,
        _ => {
            if !table.is_unknown("title") {
                let message = format!("`{}` has no title", id.value);
                table.report(Diagnostic::new(Code::MissingTitle, id.span, message).help("add `title = \"…\"`"));
            }
            id.value.clone()
        }
    }
}

/// An id is part of an address.
fn check_id(id: &Located<String>, table: &mut Table<'_, '_, '_>) {
    if let Err(why) = check_slug(&id.value) {
        let message = format!("`{}` cannot be an id: {why}", id.value);
        table.report(
            Diagnostic::new(Code::InvalidAddress, id.span, message).help("write words with hyphens between them"),
        );
    }
}

fn read_sources(id: SourceId, source: &Source, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, Citable> {
    let sources = read_toml(id, 0, &source.text, diagnostics, |table| table.entries(|id, table| citable(table, id)));
    sources.into_iter().map(|source| (source.id.value.clone(), source)).collect()
}

fn read_promos(
    id: SourceId,
    source: &Source,
    dialect: Dialect<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Promo> {
    let raw = read_toml(id, 0, &source.text, diagnostics, |table| {
        table.entries(|id, table| {
            let text = required(table, "text", "One honest sentence.");
            let promo = Promo {
                title: required(table, "title", "Symptom diary").value,
                text: Body::default(),
                href: table.text("href"),
                action: table.string("action"),
                label: table.string("label"),
            };
            (id.value, promo, text)
        })
    });
    let mut promos = BTreeMap::new();
    for (id, promo, text) in raw {
        let text =
            parse_inline(toml_text(source, &text, 2, PageText::Whole), dialect, &mut Ids::new(), diagnostics).body;
        promos.insert(id, Promo { text, ..promo });
    }
    promos
}

fn read_emergency(
    id: SourceId,
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<EmergencyNumber>> {
    let countries = read_toml(id, 0, &source.text, diagnostics, |table| {
        table.entries(|country, table| (country.value, table.tables("numbers", number)))
    });
    countries.into_iter().collect()
}

fn number(table: &mut Table<'_, '_, '_>) -> EmergencyNumber {
    let number = required(table, "number", "999");
    let dialled =
        number.value.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '*' | '#' | '(' | ')'));
    if !dialled {
        let message = format!("`{}` cannot be dialled", number.value);
        table.report(
            Diagnostic::new(Code::InvalidValue, number.span, message)
                .help("write digits, spaces, `+`, `-`, `*` and `#` only"),
        );
    }
    EmergencyNumber { label: required(table, "label", "Emergency services").value, number: number.value }
}

/// A TOML string as a text for the Markdown parser: where the file holds it letter for letter, places in it can be told.
pub(crate) fn toml_text<'a>(
    source: &Source,
    text: &'a Located<String>,
    top_level: u8,
    page_text: PageText,
) -> Text<'a> {
    let raw = source.text.get(text.span.start as usize..text.span.end as usize).unwrap_or_default();
    let value = text.value.as_str();
    // It nearly always stands behind one quotation mark or three.
    let near = (0..4).find(|&at| raw.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(value.as_bytes())));
    match near.or_else(|| raw.find(value)) {
        Some(offset) if !text.value.is_empty() => {
            let start = text.span.start as usize + offset;
            let span = Span::new(text.span.source, start..start + text.value.len());
            Text { markdown: &text.value, span, verbatim: true, top_level, page_text }
        }
        _ => Text { markdown: &text.value, span: text.span, verbatim: false, top_level, page_text },
    }
}
