//! Compiles the templates of theme and site together, and turns Tera's errors into findings. Renders nothing.
//!
//! **Invariant:** the templates that Tera gets extend, include and call one another without a circle and at most
//! [`DEEPEST`] deep, so a stack of known size is enough to render them.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use tera::{ErrorKind, Kwargs, ReportError, State, Tera, TeraResult, Value};

use super::template_graph::{Edge, Graph, definitions, graph};
use super::theme::TEMPLATES;
use crate::project::{Checked, Code, Diagnostic, Place, Project, Role, Source, SourceId, Span, did_you_mean};

/// How deep templates may extend, include and call one another.
const DEEPEST: usize = 32;

/// Faults of one site's templates that are reported at once.
const MOST_FAULTS: usize = 50;

/// One template: a site's own, or the built-in theme's.
#[derive(Clone)]
struct Template {
    text: String,
    source: Option<SourceId>,
}

/// The templates of a site, compiled.
pub(super) struct Templates {
    pub tera: Tera,
    /// Where each site template is written.
    sources: BTreeMap<String, SourceId>,
}

/// The kinds of block for which the site has a template, in lower case, sorted.
pub(crate) fn block_kinds(project: &Project) -> Vec<String> {
    let mut kinds: Vec<String> = project
        .sources_of(Role::Template)
        .filter_map(|(_, source)| {
            Some(source.path.strip_prefix("templates/blocks/")?.strip_suffix(".html")?.to_owned())
        })
        .filter(|kind| !kind.contains('/'))
        .collect();
    kinds.sort();
    kinds
}

/// Compiles every template. What cannot be compiled is reported, and the built-in one stands in.
pub(super) fn compile(
    project: &Project,
    asset_href: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
) -> Checked<Templates> {
    let mut diagnostics = Vec::new();
    let mut all: BTreeMap<String, Template> = TEMPLATES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Template { text: (*text).to_owned(), source: None }))
        .collect();
    let mut sources = BTreeMap::new();
    for (id, source) in project.sources_of(Role::Template) {
        let name = source.path.strip_prefix("templates/").unwrap_or(&source.path).to_owned();
        sources.insert(name.clone(), id);
        all.insert(name, Template { text: source.text.to_string(), source: Some(id) });
    }
    report_unused(&all, &mut diagnostics);
    add_originals(&mut all);
    refuse_bad_graphs(&mut all, project, &mut diagnostics);
    let mut tera = empty(asset_href);
    add(&mut tera, &mut all, project, &mut diagnostics);
    Checked { value: Templates { tera, sources }, diagnostics }
}

/// A template that is no page, no block, holds no component and is named by no other is never used.
fn report_unused(all: &BTreeMap<String, Template>, diagnostics: &mut Vec<Diagnostic>) {
    for (name, template) in all {
        let Some(source) = template.source else { continue };
        let has_use = TEMPLATES.iter().any(|(builtin, _)| builtin == name)
            || name.starts_with("blocks/")
            || !definitions(&template.text).is_empty()
            || all.iter().any(|(other, template)| other != name && template.text.contains(name.as_str()));
        if !has_use {
            let help = did_you_mean(name, TEMPLATES.iter().map(|(builtin, _)| *builtin));
            let message = format!("nothing uses the template `{name}`");
            diagnostics.push(
                Diagnostic::new(Code::UnusedTemplate, Span::new(source, 0..0), message)
                    .maybe_help(help)
                    .help("include it in another template, or take it out"),
            );
        }
    }
}

/// A built-in template that a site's own one replaces can still be reached as `galen/…`. Components exist once: those that
/// the site defines itself are taken out of the original, which keeps its length, so that places in it stay right.
fn add_originals(all: &mut BTreeMap<String, Template>) {
    let wanted: Vec<(String, &str)> = TEMPLATES
        .iter()
        .map(|(name, text)| (format!("galen/{name}"), *text))
        .filter(|(name, _)| {
            all.values().any(|template| template.source.is_some() && template.text.contains(name.as_str()))
        })
        .collect();
    let defined: BTreeSet<String> =
        all.values().flat_map(|template| definitions(&template.text)).map(|(name, _)| name).collect();
    for (name, text) in wanted {
        let mut text = text.to_owned();
        for (component, range) in definitions(&text.clone()) {
            if defined.contains(&component) {
                let blank: String = text[range.clone()].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
                text.replace_range(range, &blank);
            }
        }
        all.insert(name, Template { text, source: None });
    }
}

fn empty(asset_href: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Tera {
    let mut tera = Tera::default();
    tera.autoescape_on([".html", ".htm", ".xml", ".svg"]);
    tera.register_filter("fill", fill);
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| -> TeraResult<String> {
        let path: String = kwargs.must_get("path")?;
        asset_href(&path).ok_or_else(|| tera::Error::message(format!("there is no static file `{path}`")))
    });
    tera
}

/// `{{ labels.page_of | fill(page=2, pages=7) }}`: words in braces replaced.
fn fill(text: &str, kwargs: Kwargs, _: &State) -> String {
    let mut filled = text.to_owned();
    for (key, value) in kwargs.iter() {
        if let Some(key) = key.as_str() {
            filled = filled.replace(&format!("{{{key}}}"), &value.to_string());
        }
    }
    filled
}

/// Takes out what would run in a circle, lead nowhere or nest too deep, before Tera could overflow its stack over it.
fn refuse_bad_graphs(all: &mut BTreeMap<String, Template>, project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    let texts: BTreeMap<&str, &str> =
        all.iter().map(|(name, template)| (name.as_str(), template.text.as_str())).collect();
    let Graph { missing, cycles, deep } = graph(&texts, DEEPEST);
    let names: Vec<String> = all.keys().cloned().collect();
    let mut bad = BTreeSet::new();
    for edge in missing {
        let message = format!("there is no template `{}`", edge.to);
        let help = did_you_mean(&edge.to, names.iter().map(String::as_str));
        diagnostics.push(at_edge(all, project, &edge, Code::UnknownTemplate, message).maybe_help(help));
        bad.insert(edge.from);
    }
    for edge in cycles {
        let message = if edge.from == edge.to {
            format!("`{}` leads to itself", edge.from)
        } else {
            format!("`{}` leads back to `{}`", edge.to, edge.from)
        };
        diagnostics.push(
            at_edge(all, project, &edge, Code::TemplateCycle, message)
                .help("to build on the built-in template of the same name, extend or include `galen/…`"),
        );
        bad.insert(edge.from);
    }
    // A longer chain is cut in several places, which is one fault all the same.
    if let Some(edge) = deep.first() {
        let message = format!("templates nest more than {DEEPEST} deep here");
        diagnostics.push(at_edge(all, project, edge, Code::TemplateTooDeep, message).help("put some of them together"));
    }
    bad.extend(deep.into_iter().map(|edge| edge.from));
    for name in bad {
        replace(all, &name);
    }
}

fn at_edge(
    all: &BTreeMap<String, Template>,
    project: &Project,
    edge: &Edge,
    code: Code,
    message: String,
) -> Diagnostic {
    let source = all.get(&edge.from).and_then(|template| template.source);
    let place = source.map_or_else(
        || Place::File(edge.from.clone()),
        |id| Place::Span(Span::new(id, clip(project.source(id), edge.range.clone()))),
    );
    Diagnostic::at(code, place, message)
}

fn clip(source: &Source, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    range.start.min(source.text.len())..range.end.min(source.text.len())
}

/// The built-in template instead of a faulty one, or an empty one where there is none.
fn replace(all: &mut BTreeMap<String, Template>, name: &str) {
    let builtin = TEMPLATES.iter().find(|(builtin, _)| *builtin == name);
    let text = builtin.map(|(_, text)| (*text).to_owned()).unwrap_or_default();
    let already = all.get(name).is_some_and(|template| template.source.is_none());
    let text = if already { String::new() } else { text };
    all.insert(name.to_owned(), Template { text, source: None });
}

/// Hands the templates to Tera. It stops at the first fault, so a faulty template is replaced and all are handed over again.
fn add(tera: &mut Tera, all: &mut BTreeMap<String, Template>, project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    for _ in 0..MOST_FAULTS {
        let Err(error) = tera.add_raw_templates(all.iter().map(|(name, template)| (name, &template.text))) else {
            return;
        };
        let name = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                diagnostics.push(located(report, Code::TemplateSyntax, all, project));
                report.filename().to_owned()
            }
            other => {
                let faults = validation_faults(&other.to_string(), all, project);
                if faults.is_empty() {
                    diagnostics.push(Diagnostic::in_file(Code::TemplateSyntax, "templates", other.to_string()));
                    return;
                }
                for (name, diagnostic) in faults {
                    diagnostics.push(diagnostic);
                    replace(all, &name);
                }
                continue;
            }
        };
        replace(all, &name);
    }
}

/// Unknown filters, tests, functions and components come as one text: per fault a sentence and `--> file:line:column`.
fn validation_faults(text: &str, all: &BTreeMap<String, Template>, project: &Project) -> Vec<(String, Diagnostic)> {
    let mut faults = Vec::new();
    let mut message = "";
    for line in text.lines() {
        if let Some(sentence) = line.trim_start().strip_prefix("error: ") {
            message = sentence;
        }
        let Some(place) = line.trim_start().strip_prefix("--> ") else { continue };
        let mut parts = place.rsplitn(3, ':');
        let (column, row, name) = (parts.next(), parts.next(), parts.next());
        let numbers = row.zip(column).and_then(|(row, column)| Some((row.parse().ok()?, column.trim().parse().ok()?)));
        if let (Some(name), Some((row, column))) = (name, numbers) {
            faults.push((name.to_owned(), validation_fault(message, name, row, column, all, project)));
        }
    }
    faults
}

fn validation_fault(
    message: &str,
    name: &str,
    row: usize,
    column: usize,
    all: &BTreeMap<String, Template>,
    project: &Project,
) -> Diagnostic {
    let place = match all.get(name).and_then(|template| template.source) {
        None => Place::File(format!("{name} (built-in template), line {row}")),
        Some(id) => {
            let text = &project.source(id).text;
            let line = text.split_inclusive('\n').take(row - 1).map(str::len).sum::<usize>();
            let start = text[line..].char_indices().nth(column - 1).map_or(text.len(), |(at, _)| line + at);
            let word =
                text[start..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).map(char::len_utf8);
            Place::Span(Span::new(id, start..start + word.sum::<usize>()))
        }
    };
    Diagnostic::at(Code::TemplateSyntax, place, message.to_owned())
}

fn located(report: &ReportError, code: Code, all: &BTreeMap<String, Template>, project: &Project) -> Diagnostic {
    let source = all.get(report.filename()).and_then(|template| template.source);
    place_report(report, code, source, project)
}

fn place_report(report: &ReportError, code: Code, source: Option<SourceId>, project: &Project) -> Diagnostic {
    let message = report.message().lines().next().unwrap_or_default().to_owned();
    let place = match source {
        Some(id) => Place::Span(Span::new(id, clip(project.source(id), report.span().range.clone()))),
        None => Place::File(format!("{} (built-in template), line {}", report.filename(), report.span().start_line)),
    };
    let (message, help) = shortened(&message);
    Diagnostic::at(code, place, message).maybe_help(help)
}

/// Tera lists every field that an object has; the nearest one says more.
fn shortened(message: &str) -> (String, Option<String>) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let listed = message.to_lowercase().find("available").or_else(|| message.find("Available"));
    match (listed, quoted.first()) {
        (Some(at), Some(wanted)) => {
            let known: Vec<&str> = message[at..]
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .filter(|word| !word.is_empty())
                .skip(1)
                .collect();
            let wanted = wanted.rsplit('.').next().unwrap_or(wanted);
            let help = did_you_mean(wanted, known.iter().copied())
                .unwrap_or_else(|| message[at..].chars().take(200).collect());
            (message[..at].trim_end_matches([' ', '.', ',', ';', ':', '(']).to_owned(), Some(help))
        }
        _ => (message.to_owned(), None),
    }
}

impl Templates {
    /// A failure while a page was made, as a finding.
    pub(super) fn failure(&self, error: &tera::Error, template: &str, project: &ProjectTexts) -> Diagnostic {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let source = self.sources.get(report.filename()).copied();
                let place = match source {
                    Some(id) => Place::Span(Span::new(
                        id,
                        report.span().range.start.min(project.length(id))
                            ..report.span().range.end.min(project.length(id)),
                    )),
                    None => Place::File(format!(
                        "{} (built-in template), line {}",
                        report.filename(),
                        report.span().start_line
                    )),
                };
                let (message, help) = shortened(report.message().lines().next().unwrap_or_default());
                Diagnostic::at(Code::TemplateError, place, message).maybe_help(help)
            }
            other => {
                let place = self.sources.get(template).map_or_else(
                    || Place::File(format!("{template} (built-in template)")),
                    |id| Place::Span(Span::new(*id, 0..0)),
                );
                Diagnostic::at(Code::TemplateError, place, other.to_string())
            }
        }
    }

    /// Whether there is a template of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }
}

/// How long each text is: all that placing a fault needs of a project.
pub(super) struct ProjectTexts(FxHashMap<SourceId, usize>);

impl ProjectTexts {
    /// Lengths of the site's templates.
    pub(super) fn of(project: &Project) -> Self {
        Self(project.sources_of(Role::Template).map(|(id, source)| (id, source.text.len())).collect())
    }

    fn length(&self, id: SourceId) -> usize {
        self.0.get(&id).copied().unwrap_or_default()
    }
}

/// The theme's words, for every template.
pub(super) fn labels(project: &Project) -> Value {
    let labels = &project.settings.labels;
    Value::from(labels.pairs().into_iter().map(|(name, text)| (name, Value::from(text))).collect::<BTreeMap<_, _>>())
}
