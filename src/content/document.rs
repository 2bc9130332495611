//! One Markdown file understood alone: an article, a section, a person or a glossary term. Looks nothing up.

use rustc_hash::FxHashMap;

use super::data::toml_text;
use super::faq::{Faq, parse_faq};
use super::focus::{Focus, focus};
use super::front_matter::{FrontMatter, article};
use super::ids::Ids;
use super::markdown::{Dialect, PageText, Text, parse, parse_inline};
use super::parts::{Parts, read_front_matter, split};
use super::profile::{Field, Profile, Vocabulary, count_words, read_words};
use super::{Body, Heading};
use crate::project::{Code, Diagnostic, Located, Place, Source, SourceId, Span, Table, web_addresses};

/// An article before linking: it defines an address, headings and FAQ anchors, and refers to others.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub source: SourceId,
    /// Path from the root.
    pub path: String,
    /// File name without `.md`.
    pub name: String,
    /// Folder below `articles/`, `/`-separated; empty for `articles/` itself.
    pub section: String,
    pub front: FrontMatter,
    /// Title, or what stands in for one.
    pub title: String,
    /// The opening line of the front matter, for faults about what is absent.
    pub opening: Span,
    /// Whether front matter and body could be told apart.
    pub is_whole: bool,
    pub body: Body,
    pub faq: Vec<Faq>,
    pub takeaways: Vec<Body>,
    /// Words of body, FAQ and takeaways.
    pub words: u32,
    /// What the text is about.
    pub profile: Profile,
    /// What the text says.
    pub vocabulary: Vocabulary,
}

/// A folder's `_section.md`.
#[derive(Clone, Debug)]
pub(crate) struct SectionFile {
    pub source: SourceId,
    /// Folder below `articles/`.
    pub section: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub kind: Option<Located<String>>,
    pub order: Option<i64>,
    pub opening: Span,
    pub body: Body,
}

/// A person.
#[derive(Clone, Debug)]
pub(crate) struct PersonFile {
    pub source: SourceId,
    pub id: String,
    pub opening: Span,
    pub given: String,
    pub family: String,
    pub honorific: Option<String>,
    pub credentials: Vec<String>,
    /// False where credentials are written and could not be read.
    pub may_lack_credentials: bool,
    pub role: Option<String>,
    pub specialties: Vec<Located<String>>,
    pub country: Option<String>,
    pub practising_since: Option<i64>,
    pub photo: Option<Located<String>>,
    /// Where the face is in it.
    pub photo_focus: Focus,
    pub profiles: Vec<String>,
    pub conflicts: Option<String>,
    pub reviews: bool,
    pub expert: bool,
    pub body: Body,
}

/// A glossary term.
#[derive(Clone, Debug)]
pub(crate) struct TermFile {
    pub source: SourceId,
    pub id: String,
    pub group: String,
    /// Where the title is written, or should be.
    pub title_span: Span,
    pub opening: Span,
    pub title: String,
    pub synonyms: Vec<Located<String>>,
    pub abbreviation: Option<Located<String>>,
    pub description: Option<String>,
    pub body: Body,
}

fn body_text<'a>(id: SourceId, source: &'a Source, parts: &Parts) -> Text<'a> {
    let markdown = &source.text[parts.body.clone()];
    Text { markdown, span: Span::new(id, parts.body.clone()), verbatim: true, top_level: 2, page_text: PageText::Whole }
}

fn stem(source: &Source) -> String {
    source.file_name().strip_suffix(".md").unwrap_or(source.file_name()).to_owned()
}

fn folder_below<'a>(source: &'a Source, top: &str) -> &'a str {
    source.folder().strip_prefix(top).unwrap_or_default().trim_start_matches('/')
}

/// Parses an article.
pub(crate) fn parse_article(
    id: SourceId,
    source: &Source,
    dialect: Dialect<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Document {
    let parts = split(id, source, diagnostics);
    let mut front = read_front_matter(id, source, &parts, diagnostics, article);
    report_duplicate_sources(&front, diagnostics);
    let name = stem(source);
    let mut ids = Ids::new();
    let parsed = parse(body_text(id, source, &parts), dialect, &mut ids, diagnostics);
    let title = article_title(&front, &parsed.body.headings, &name, parts.opening, diagnostics);
    if front.description.is_none() && front.may_lack("description") {
        diagnostics.push(
            Diagnostic::new(Code::MissingDescription, parts.opening, "this article has no description")
                .help("add `description = \"…\"`: one or two sentences for cards and search engines"),
        );
    }
    let mut plain = vec![parsed.plain];
    // Parsed, they are not kept as they were written.
    let (written_takeaways, written_faq) = (std::mem::take(&mut front.takeaways), std::mem::take(&mut front.faq));
    let takeaways = written_takeaways
        .iter()
        .enumerate()
        .map(|(index, takeaway)| {
            let text = toml_text(source, takeaway, 2, PageText::Takeaway(index + 1));
            let parsed = parse_inline(text, dialect, &mut ids, diagnostics);
            plain.push(parsed.plain);
            parsed.body
        })
        .collect();
    let faq: Vec<Faq> = written_faq
        .iter()
        .enumerate()
        .filter_map(|(index, raw)| {
            let (faq, answer) = parse_faq(index, raw, source, dialect, &mut ids, diagnostics)?;
            plain.push(answer);
            Some(faq)
        })
        .collect();
    let description = front.description.as_ref().map_or("", |text| text.value.as_str());
    let once = [(Field::Title, title.as_str()), (Field::Description, description)];
    let texts = plain.iter().map(|text| (Field::Body, &**text));
    let headings = parsed.body.headings.iter().map(|heading| (Field::Heading, heading.text.as_str()));
    let read = read_words(once.into_iter().chain(texts).chain(headings));
    let questions: u32 = faq.iter().map(|faq| count_words(&faq.question)).sum();
    Document {
        source: id,
        path: source.path.clone(),
        name,
        section: folder_below(source, "articles").to_owned(),
        title,
        opening: parts.opening,
        is_whole: parts.front.is_some(),
        body: parsed.body,
        faq,
        takeaways,
        words: read.words + questions,
        profile: read.profile,
        vocabulary: read.vocabulary,
        front,
    }
}

/// Two sources with one id: citations could mean either.
fn report_duplicate_sources(front: &FrontMatter, diagnostics: &mut Vec<Diagnostic>) {
    let mut firsts: FxHashMap<&str, Span> = FxHashMap::default();
    for source in front.sources.iter().filter(|source| !source.id.value.is_empty()) {
        let first = *firsts.entry(&source.id.value).or_insert(source.id.span);
        if first != source.id.span {
            diagnostics.push(
                Diagnostic::new(
                    Code::DuplicateId,
                    source.id.span,
                    format!("two sources have the id `{}`", source.id.value),
                )
                .label(Place::Span(first), "the other one is here")
                .help("give one of them another id"),
            );
        }
    }
}

fn article_title(
    front: &FrontMatter,
    headings: &[Heading],
    name: &str,
    opening: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> String {
    if let Some(title) = &front.title {
        return title.value.trim().to_owned();
    }
    if front.may_lack("title") {
        diagnostics.push(missing_title(opening, "article"));
    }
    let heading = headings.iter().map(|heading| heading.text.as_str()).find(|text| !text.is_empty());
    heading.unwrap_or(name).to_owned()
}

/// The title of a section or term, which must have one.
fn title(table: &mut Table<'_, '_, '_>, opening: Span, what: &str) -> Option<Located<String>> {
    let title = table.text("title").map(|title| Located { value: title.value.trim().to_owned(), ..title });
    let title = title.filter(|title| !title.value.is_empty());
    if title.is_none() && !table.is_unknown("title") {
        table.report(missing_title(opening, what));
    }
    title
}

fn missing_title(opening: Span, what: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingTitle, opening, format!("this {what} has no title")).help("add `title = \"…\"`")
}

/// A person's given name, without which nobody can be named.
fn given(table: &mut Table<'_, '_, '_>, opening: Span) -> String {
    let given = table.string("given").unwrap_or_default().trim().to_owned();
    if given.is_empty() && !table.is_unknown("given") {
        table.report(
            Diagnostic::new(Code::MissingTitle, opening, "this person has no name")
                .help("add `given = \"…\"` and `family = \"…\"`"),
        );
    }
    given
}

/// Parses a section's file.
pub(crate) fn parse_section(
    id: SourceId,
    source: &Source,
    dialect: Dialect<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> SectionFile {
    let parts = split(id, source, diagnostics);
    let (title, description, kind, order) = read_front_matter(id, source, &parts, diagnostics, |table| {
        let order = table.number("order", -1_000_000..=1_000_000, 1);
        let title = title(table, parts.opening, "section").map(|title| title.value);
        (title, table.string("description"), table.text("kind"), order)
    });
    let body = parse(body_text(id, source, &parts), dialect, &mut Ids::new(), diagnostics).body;
    SectionFile {
        source: id,
        section: folder_below(source, "articles").to_owned(),
        title,
        description,
        kind,
        order,
        opening: parts.opening,
        body,
    }
}

/// Parses a person.
pub(crate) fn parse_person(
    id: SourceId,
    source: &Source,
    dialect: Dialect<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> PersonFile {
    let parts = split(id, source, diagnostics);
    let file_id = stem(source);
    let mut person = read_front_matter(id, source, &parts, diagnostics, |table| PersonFile {
        source: id,
        id: file_id,
        opening: parts.opening,
        given: given(table, parts.opening),
        family: table.string("family").unwrap_or_default().trim().to_owned(),
        honorific: table.string("honorific"),
        credentials: table.texts("credentials").into_iter().map(|text| text.value).collect(),
        may_lack_credentials: !table.is_unknown("credentials"),
        role: table.string("role"),
        specialties: table.texts("specialties"),
        country: table.string("country"),
        practising_since: table.number("practising_since", 1900..=2200, 1991),
        photo: table.text("photo"),
        photo_focus: focus(table, "photo_focus"),
        profiles: web_addresses(table, "profiles"),
        conflicts: table.string("conflicts"),
        // Nobody is refused over an entry that could not be read.
        reviews: table.boolean("reviews").unwrap_or_else(|| table.is_unknown("reviews")),
        expert: table.boolean("expert").unwrap_or(false),
        body: Body::default(),
    });
    if person.given.is_empty() && person.family.is_empty() {
        person.given.clone_from(&person.id);
    }
    person.body = parse(body_text(id, source, &parts), dialect, &mut Ids::new(), diagnostics).body;
    person
}

/// Parses a glossary term.
pub(crate) fn parse_term(
    id: SourceId,
    source: &Source,
    dialect: Dialect<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> TermFile {
    let parts = split(id, source, diagnostics);
    let file_id = stem(source);
    let group = folder_below(source, "data/glossary").to_owned();
    let mut term = read_front_matter(id, source, &parts, diagnostics, |table| {
        let title = title(table, parts.opening, "term");
        TermFile {
            source: id,
            id: file_id,
            group,
            opening: parts.opening,
            title_span: title.as_ref().map_or(parts.opening, |title| title.span),
            title: title.map(|title| title.value).unwrap_or_default(),
            synonyms: table.texts("synonyms"),
            abbreviation: table.text("abbreviation"),
            description: table.string("description"),
            body: Body::default(),
        }
    });
    if term.title.is_empty() {
        term.title.clone_from(&term.id);
    }
    term.body = parse(body_text(id, source, &parts), dialect, &mut Ids::new(), diagnostics).body;
    term
}
