//! Compiles the templates of theme and site together, and turns Tera's errors into findings. Renders nothing.
//!
//! **Invariant:** the templates that Tera gets extend, include and call one another without a circle and at most
//! [`DEEPEST`] deep, so a stack of known size is enough to render them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rustc_hash::FxHashMap;
use tera::{Context, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::constants::{Constants, takes_names};
use super::direct::Direct;
use super::minify::{Cuts, minify};
use super::template_faults::{At, builtin_place, clip, compile_faults, in_plain_words};
use super::template_graph::{Edge, Graph, all_insertions, definitions, graph, named_templates};
use super::theme::TEMPLATES;
use crate::page::Named;
use crate::project::{
    Checked, Code, Diagnostic, Place, Project, Role, SourceId, Span, did_you_mean, nearest, write_escaped,
};

/// How deep templates may extend, include and call one another.
const DEEPEST: usize = 32;

/// Faults of one site's templates that are reported at once.
const MOST_FAULTS: usize = 50;

/// How the names of templates end that escape what they show.
const ESCAPED: [&str; 4] = [".html", ".htm", ".xml", ".svg"];

/// One template: a site's own, or the built-in theme's.
#[derive(Clone)]
struct Template {
    text: String,
    source: Option<SourceId>,
}

/// The templates of a site, compiled.
pub(super) struct Templates {
    tera: Tera,
    /// Those that need no Tera; nothing where one was faulty.
    direct: Option<Direct>,
    /// Where each site template is written.
    sources: BTreeMap<String, SourceId>,
    /// What was taken out of each template before it was compiled.
    cuts: BTreeMap<String, Cuts>,
}

/// The kinds of block for which the site has a template, in lower case, sorted, from the paths of its templates.
pub(crate) fn block_kinds<'a>(templates: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut kinds: Vec<String> = templates
        .filter_map(|path| Some(path.strip_prefix("templates/blocks/")?.strip_suffix(".html")?.to_owned()))
        .filter(|kind| !kind.contains('/'))
        .collect();
    kinds.sort();
    kinds
}

/// What a template may know of a static file.
#[derive(Clone)]
pub(super) struct StaticFile {
    /// Link to it.
    pub href: String,
    /// For the attribute `integrity`, where it is a style sheet or script.
    pub integrity: Option<String>,
}

/// Compiles every template for a site, which all of them see as `site`. What cannot be compiled is reported, and the built-in one
/// stands in.
pub(super) fn compile(
    project: &Project,
    site: Value,
    files: impl Fn(&str) -> Option<StaticFile> + Clone + Send + Sync + 'static,
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
    let labels = labels(project);
    let short = with_constants(&all, &site, &labels, &files);
    let mut tera = empty(files.clone());
    let globals = tera.global_context();
    globals.insert_value("site", site.clone());
    globals.insert_value("labels", labels.clone());
    if let Some(Short { tera, texts, cuts }) = compile_short(&short, tera.clone(), project.settings.minify) {
        let direct = Some(Direct::new(&texts, &tera, [("site", site), ("labels", labels)], Box::new(files)));
        return Checked { value: Templates { tera, direct, sources, cuts }, diagnostics };
    }
    // Faults are told of the templates as they are written.
    add(&mut tera, &mut all, project, &mut diagnostics);
    Checked { value: Templates { tera, direct: None, sources, cuts: BTreeMap::new() }, diagnostics }
}

/// Templates as pages are made of them.
struct Short {
    tera: Tera,
    texts: BTreeMap<String, String>,
    cuts: BTreeMap<String, Cuts>,
}

/// The templates, where asked for without the white space that nobody sees, or nothing where one of them is faulty.
fn compile_short(all: &BTreeMap<String, Template>, mut tera: Tera, minified: bool) -> Option<Short> {
    let is_html = |name: &str| minified && (name.ends_with(".html") || name.ends_with(".htm"));
    let small = all.iter().filter(|(name, _)| is_html(name)).map(|(name, template)| (name, minify(&template.text)));
    let mut small: BTreeMap<&String, _> = small.collect();
    // What is put into an element whose white space is text keeps its own, and so does all that is put into that.
    let mut whole: BTreeSet<String> = small.values_mut().flat_map(|small| std::mem::take(&mut small.within)).collect();
    while let Some((name, template)) = all.iter().find(|(name, template)| {
        let is_inserted = || whole.contains(*name) || !whole.is_disjoint(&all_insertions(&template.text));
        !whole.is_empty() && small.contains_key(name) && is_inserted()
    }) {
        small.remove(name);
        whole.extend(all_insertions(&template.text));
    }
    let text = |name: &String, template: &'_ Template| {
        small.get(name).map_or_else(|| template.text.clone(), |small| small.text.clone())
    };
    let texts: BTreeMap<String, String> =
        all.iter().map(|(name, template)| (name.clone(), text(name, template))).collect();
    tera.add_raw_templates(&texts).ok()?;
    let cuts = small.into_iter().map(|(name, small)| (name.clone(), small.cuts)).collect();
    Some(Short { tera, texts, cuts })
}

/// A template that is no page, no block, holds no component and is named by no other is never used.
fn report_unused(all: &BTreeMap<String, Template>, diagnostics: &mut Vec<Diagnostic>) {
    let mut naming: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, template) in all {
        for named in named_templates(&template.text) {
            naming.entry(named).or_default().insert(name);
        }
    }
    for (name, template) in all {
        let Some(source) = template.source else { continue };
        let is_named = naming.get(name).is_some_and(|by| by.iter().any(|other| other != name));
        let has_use = is_named
            || TEMPLATES.iter().any(|(builtin, _)| builtin == name)
            || name.starts_with("blocks/")
            || !definitions(&template.text).is_empty();
        if !has_use {
            let message = format!("nothing uses the template `{name}`");
            diagnostics.push(
                Diagnostic::new(Code::UnusedTemplate, Span::new(source, 0..0), message)
                    .maybe_help(meant_builtin(name))
                    .help("include it in another template, or take it out"),
            );
        }
    }
}

/// The template of the theme that a name was meant for. Its folder and its ending tell nothing: a slip is between them.
fn meant_builtin(name: &str) -> Option<String> {
    let near = nearest(stem(name), TEMPLATES.iter().map(|(builtin, _)| stem(builtin)))?;
    let (builtin, _) = TEMPLATES.iter().find(|(builtin, _)| stem(builtin) == near)?;
    Some(format!("did you mean `{builtin}`?"))
}

fn stem(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.split('.').next().unwrap_or(last)
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

/// All templates, those of the theme with what no page changes written into them.
fn with_constants(
    all: &BTreeMap<String, Template>,
    site: &Value,
    labels: &Value,
    files: &dyn Fn(&str) -> Option<StaticFile>,
) -> BTreeMap<String, Template> {
    let builtin = |name: &str| TEMPLATES.iter().find(|(builtin, _)| *builtin == name).map(|(_, text)| *text);
    let own: BTreeSet<String> =
        all.iter().filter(|(_, template)| template.source.is_some()).map(|(name, _)| name.clone()).collect();
    let partial = |name: &str| builtin(name).filter(|_| !own.contains(name));
    let constants = Constants { site, labels, files, partial: &partial };
    // What a template of the site's own calls `site` or `labels` would be seen by the theme's that it includes.
    let is_plain = !all.values().any(|template| template.source.is_some() && takes_names(&template.text));
    let fold = |template: &Template| match template.source {
        None if is_plain => Template { text: constants.fold(&template.text), source: None },
        _ => template.clone(),
    };
    all.iter().map(|(name, template)| (name.clone(), fold(template))).collect()
}

fn empty(files: impl Fn(&str) -> Option<StaticFile> + Clone + Send + Sync + 'static) -> Tera {
    let mut tera = Tera::default();
    tera.autoescape_on(ESCAPED);
    tera.set_escape_fn(|text, out| write_escaped(text, out));
    tera.register_filter("fill", fill);
    register_files(&mut tera, files);
    tera
}

/// What templates know of static files.
pub(super) fn register_files(
    tera: &mut Tera,
    files: impl Fn(&str) -> Option<StaticFile> + Clone + Send + Sync + 'static,
) {
    let named = files.clone();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State| Ok(static_file(&named, &kwargs)?.href));
    tera.register_function("integrity", move |kwargs: Kwargs, _: &State| {
        Ok(static_file(&files, &kwargs)?.integrity.unwrap_or_default())
    });
}

/// The static file that a function's `path` names.
fn static_file(files: &impl Fn(&str) -> Option<StaticFile>, kwargs: &Kwargs) -> TeraResult<StaticFile> {
    let path: String = kwargs.must_get("path")?;
    files(&path).ok_or_else(|| tera::Error::message(format!("there is no static file `{path}`")))
}

/// `{{ labels.page_of | fill(page=2, pages=7) }}`: words in braces replaced.
pub(super) fn fill(text: &str, kwargs: Kwargs, _: &State) -> String {
    filled(text, kwargs.iter().filter_map(|(key, value)| Some((key.as_str()?, value.to_string()))))
}

/// A text with each word in braces replaced by its value, one after the other.
pub(super) fn filled<V: AsRef<str>>(text: &str, values: impl IntoIterator<Item = (impl AsRef<str>, V)>) -> String {
    values
        .into_iter()
        .fold(text.to_owned(), |filled, (key, value)| filled.replace(&format!("{{{}}}", key.as_ref()), value.as_ref()))
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
        let (message, help) = cycle_words(&edge);
        diagnostics.push(at_edge(all, project, &edge, Code::TemplateCycle, message).help(help));
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

fn cycle_words(edge: &Edge) -> (String, &'static str) {
    if let Some(block) = edge.to.strip_prefix('{') {
        let message = format!("the block `{block}` stands within itself here, so it would never end");
        return (message, "let blocks stand within one another as in the template that this one extends");
    }
    if let Some(component) = edge.to.strip_prefix('<').and_then(|to| to.strip_suffix('>')) {
        let message = format!("the component `{component}` is called here within itself, so it would never end");
        return (message, "take this call out, or the one that leads here");
    }
    let message = if edge.from == edge.to {
        format!("`{}` leads to itself", edge.from)
    } else {
        format!("`{}` leads back to `{}`", edge.to, edge.from)
    };
    (message, "to build on the built-in template of the same name, extend or include `galen/…`")
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
        || builtin_place(&edge.from, 1),
        |id| Place::Span(Span::new(id, clip(&project.source(id).text, edge.range.clone()))),
    );
    Diagnostic::at(code, place, message)
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
        let faults = compile_faults(&error, |name, line| place_of(name, line, all, project));
        let is_own = |name: &str| all.get(name).is_some_and(|template| template.source.is_some());
        let (own, theirs): (Vec<_>, Vec<_>) =
            faults.into_iter().partition(|(name, _)| name.as_deref().is_some_and(is_own));
        for (name, diagnostic) in own {
            diagnostics.push(diagnostic);
            name.iter().for_each(|name| replace(all, name));
        }
        if !theirs.is_empty() {
            report_builtin(theirs, all, diagnostics);
            restore_theme(all);
        }
    }
}

/// A fault of a built-in template is one of what the site put in another's place. Told once, however many it reaches.
fn report_builtin(
    faults: Vec<(Option<String>, Diagnostic)>,
    all: &BTreeMap<String, Template>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut told = BTreeSet::new();
    for (_, diagnostic) in faults {
        if told.insert(diagnostic.message.clone()) {
            let component = diagnostic.message.split('`').nth(1).unwrap_or_default();
            let cause = replaced_definition(component, all).map(|name| {
                format!("`templates/{name}` stands for the built-in one, which has it: take it over from there")
            });
            let other = diagnostic.help.clone();
            diagnostics.push(Diagnostic { help: cause.or(other), ..diagnostic });
        }
    }
}

/// The site's template in whose built-in original a component is defined.
fn replaced_definition<'a>(component: &str, all: &'a BTreeMap<String, Template>) -> Option<&'a str> {
    let defines = |text: &str| definitions(text).iter().any(|(name, _)| name == component);
    let (builtin, _) = TEMPLATES.iter().find(|(_, text)| defines(text))?;
    all.get_key_value(*builtin).filter(|(_, template)| template.source.is_some()).map(|(name, _)| name.as_str())
}

/// The built-in templates instead of all that replace one: together they are sound.
fn restore_theme(all: &mut BTreeMap<String, Template>) {
    for (name, _) in TEMPLATES {
        if all.get(*name).is_none_or(|template| template.source.is_some() || template.text.is_empty()) {
            all.remove(*name);
            replace(all, name);
        }
    }
}

fn place_of(name: &str, at: &At, all: &BTreeMap<String, Template>, project: &Project) -> Place {
    match all.get(name).and_then(|template| template.source) {
        Some(id) => Place::Span(Span::new(id, at.range(&project.source(id).text))),
        None => builtin_place(name, at.line()),
    }
}

impl Templates {
    /// Makes what a template makes of some views, behind what is in `out` already.
    ///
    /// # Errors
    /// When the template fails.
    pub(super) fn render(&self, name: &str, views: &[(&'static str, &dyn Named)], out: &mut Vec<u8>) -> TeraResult<()> {
        let before = out.len();
        let direct = self.direct.as_ref().filter(|_| ESCAPED.iter().any(|ending| name.ends_with(ending)));
        if direct.is_some_and(|direct| direct.render(name, views, out)) {
            return Ok(());
        }
        out.truncate(before);
        self.tera.render_to(name, &context(views), out)
    }

    /// Makes what a component makes of its arguments; nothing where the site has taken it away or changed what it wants.
    pub(super) fn component(&self, name: &str, arguments: &[(&'static str, &dyn Named)]) -> String {
        let mut out = Vec::new();
        if self.direct.as_ref().is_some_and(|direct| direct.component(name, arguments, &mut out)) {
            return text(out);
        }
        self.tera.render_component(name, &context(arguments), None, true).unwrap_or_default()
    }

    #[cfg(test)]
    pub(super) fn set_tera(&mut self, is_used: bool) {
        if is_used {
            self.direct = None;
        } else {
            let mut failing = Tera::default();
            let names = self.tera.get_template_names().map(|name| (name, "{{ nothing }}"));
            failing.add_raw_templates(names).expect("an expression");
            self.tera = failing;
        }
    }

    /// A failure while a page was made, as a finding.
    pub(super) fn failure(&self, error: &tera::Error, template: &str, project: &ProjectTexts) -> Diagnostic {
        let place = |name: &str, range: Range<usize>, line: usize| {
            let cuts = self.cuts.get(name);
            match self.sources.get(name) {
                Some(&id) => project.place(id, cuts.map_or(range.clone(), |cuts| cuts.written(range))),
                None => builtin_place(name, line + cuts.map_or(0, |cuts| cuts.lines_before(range.start))),
            }
        };
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                let span = report.span();
                let place = place(report.filename(), span.range.clone(), span.start_line);
                in_plain_words(Code::TemplateError, place, report.message())
            }
            other => in_plain_words(Code::TemplateError, place(template, 0..0, 1), &other.to_string()),
        }
    }

    /// Whether there is a template of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }
}

/// What a template made. It is text, since templates are and all that they show, so the other case does not come up.
pub(super) fn text(made: Vec<u8>) -> String {
    String::from_utf8(made).unwrap_or_default()
}

fn context(views: &[(&'static str, &dyn Named)]) -> Context {
    let mut context = Context::new();
    for (name, view) in views {
        context.insert_value(*name, view.value());
    }
    context
}

/// How long each text is: all that placing a fault needs of a project.
pub(super) struct ProjectTexts(FxHashMap<SourceId, usize>);

impl ProjectTexts {
    /// Lengths of the site's templates.
    pub(super) fn of(project: &Project) -> Self {
        Self(project.sources_of(Role::Template).map(|(id, source)| (id, source.text.len())).collect())
    }

    fn place(&self, id: SourceId, range: Range<usize>) -> Place {
        let length = self.0.get(&id).copied().unwrap_or_default();
        Place::Span(Span::new(id, range.start.min(length)..range.end.min(length)))
    }
}

/// The theme's words, for every template.
fn labels(project: &Project) -> Value {
    let labels = &project.settings.labels;
    Value::from(labels.pairs().into_iter().map(|(name, text)| (name, Value::from(text))).collect::<BTreeMap<_, _>>())
}
