//! Galen turns Markdown articles about health into a linked static site. It is a compiler with a linker:
//!
//! ```text
//! disk ─load─▶ Project ─parse─▶ Document* ─gate, link─▶ Site ─pages─▶ Page* ─render─▶ Output ─▶ write
//!      I/O      texts   pure ∥   unlinked     pure     linked  views  pure ∥  path→bytes     I/O
//!                                                └─▶ rules ─▶ Diagnostic*
//! ```
//!
//! - [`project`] reads what was written: texts, files, settings. A text knows its lines, a fault knows its text.
//! - `content` understands one file alone: front matter, Markdown, blocks. It refers to others and resolves nothing.
//! - `site` brings every document before the gate and links what passed: every reference is resolved or reported.
//! - `rules` are what editors ask of a linked site.
//! - `search` makes the index of the reader's search.
//! - `page` decides which pages exist and what each may show; `render` makes bytes of one page.
//! - [`output`] is a lazy list of files, and the writer that puts them on the disk, all or nothing.
//! - [`report`] shows findings to people and programs; [`newsroom`] shows editors what is known of a page and of the whole.
//!
//! A module uses those above it and nothing else; docs/architecture.md says more.

mod content;
pub mod newsroom;
pub mod output;
mod page;
mod picture;
mod preview;
pub mod project;
mod render;
pub mod report;
mod rules;
mod search;
pub mod serve;
mod site;
pub mod testing;

use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;

use content::{Dialect, Document, parse_article, parse_person, parse_section, parse_term, read_data};
use output::Output;
pub use page::{VIEWS, ViewDocs};
pub use preview::{Known, Preview, Reach};
use project::{Checked, Diagnostic, Keep, Level, Place, Project, Role, Settings, Source, SourceId};
use render::{Renderer, block_kinds};
pub use report::{article_ids, describe};
use site::{Day, Others, Tables, Unlinked, link};
pub use site::{Site, State};

/// What a build depends on besides the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The day of the build: what is scheduled after it is not published yet.
    pub as_of: Date,
    /// Whether drafts, scheduled, expired and unreviewed articles are shown, for preview.
    pub drafts: bool,
}

/// A phase of the pipeline that has just ended, for those who measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Every file was read and understood alone.
    Parse,
    /// The site is linked.
    Link,
    /// The rules have spoken.
    Rules,
    /// The search index is made.
    Search,
    /// The templates are compiled and the pages are known.
    Pages,
}

/// Builds the whole site. Pure: everything it reads is in its arguments, and files are made when the output is asked for them.
pub fn build(project: &Project, options: Options) -> Checked<Output> {
    on_workers(|| finish(project, understand_all(project), options, &mut |_| {}))
}

/// Loads and builds a site, for a process that builds once: each article is understood as soon as it is read, and its text let
/// go unless something is wrong with it. [`Project::recall`] reads again what later findings need. Says when each phase ends.
///
/// # Errors
/// When the disk refuses: the message names the path and what was being done.
pub fn build_once(
    root: &Path,
    options: Options,
    ended: &mut (dyn FnMut(Phase) + Send),
) -> anyhow::Result<(Project, Checked<Output>)> {
    on_workers(|| {
        let kinds = OnceLock::new();
        let load = || {
            Project::load_and(root, |early, id, source| {
                let blocks = kinds.get_or_init(|| block_kinds(early.templates.iter().map(String::as_str)));
                let understood = understand(early.settings, blocks, id, source);
                let keep = if understood.found.is_empty() { Keep::Nothing } else { Keep::Text };
                (understood, keep)
            })
        };
        // While one thread walks through the folders, another may prepare the theme's files.
        let (loaded, _) = rayon::join(load, || LazyLock::force(&render::THEME_FILES));
        let (project, articles) = loaded?;
        let output = finish(&project, articles, options, ended);
        Ok((project, output))
    })
}

fn finish(
    project: &Project,
    articles: Vec<Understood>,
    options: Options,
    ended: &mut (dyn FnMut(Phase) + Send),
) -> Checked<Output> {
    let Linked { output, diagnostics, tables } = link_all(project, articles, options, Index::Now, ended);
    // Nobody waits for these to be taken apart.
    rayon::spawn(|| drop(tables));
    Checked { diagnostics: judged(diagnostics, project, output.site()), value: output }
}

/// A linked site with its pages.
struct Linked {
    output: Output,
    tables: Tables,
    /// Not yet judged.
    diagnostics: Vec<Diagnostic>,
}

/// When the index of the reader's search is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Index {
    /// With everything else: its files are among those of the output.
    Now,
    /// When somebody looks at one of its files, which are in no list.
    WhenAsked,
}

/// Everything after articles are understood.
fn link_all(
    project: &Project,
    articles: Vec<Understood>,
    options: Options,
    index: Index,
    ended: &mut (dyn FnMut(Phase) + Send),
) -> Linked {
    let mut diagnostics = project.diagnostics.clone();
    let unlinked = parse(project, articles, &mut diagnostics);
    ended(Phase::Parse);
    // A site's own file takes the place of the theme's.
    let own = |path: &str| project.assets.iter().any(|asset| asset.path.strip_prefix("static/") == Some(path));
    let theme = render::THEME_FILES.iter().zip(0..).filter(|(file, _)| !own(file.path));
    let theme: Vec<(u32, &str)> = theme.map(|(file, index)| (index, file.published())).collect();
    let day = Day { as_of: options.as_of, drafts: options.drafts };
    let (site, tables) = link(unlinked, project, &theme, day).into_value(&mut diagnostics);
    ended(Phase::Link);
    diagnostics.extend(rules::check(&site));
    ended(Phase::Rules);
    let search = (index == Index::Now).then(|| search::search_index(&site));
    ended(Phase::Search);
    let site = Arc::new(site);
    let pages = || {
        let pictures = page::wanted(&site);
        (page::pages(&site, search.as_ref(), &pictures), pictures)
    };
    let ((pages, pictures), renderer) = rayon::join(pages, || Renderer::new(Arc::clone(&site), project));
    let pages = pages.into_value(&mut diagnostics);
    let renderer = renderer.into_value(&mut diagnostics).with_search(search);
    let output = Output::new(renderer, pages, pictures);
    ended(Phase::Pages);
    Linked { output, tables, diagnostics }
}

/// What was noticed while the files of an output were made.
pub fn findings(output: &Output, project: &Project) -> Vec<Diagnostic> {
    judged(output.found(), project, output.site())
}

/// An article understood alone, and what is wrong with it. Translations are not articles yet.
#[derive(Clone)]
struct Understood {
    document: Option<Arc<Document>>,
    found: Vec<Diagnostic>,
}

/// Articles that one thread takes on at a time: few enough that all threads end together, enough that asking for more costs
/// nothing.
const AT_A_TIME: usize = 64;

/// Understands every article, in parallel and in order.
fn understand_all(project: &Project) -> Vec<Understood> {
    let blocks = block_kinds(template_paths(project));
    let sources: Vec<_> = project.sources_of(Role::Article).collect();
    let articles = sources.into_par_iter().with_max_len(AT_A_TIME);
    articles.map(|(id, source)| understand(&project.settings, &blocks, id, source)).collect()
}

fn understand(settings: &Settings, blocks: &[String], id: SourceId, source: &Source) -> Understood {
    let mut found = Vec::new();
    let is_article = !is_translation(source, settings);
    let document = is_article.then(|| Arc::new(parse_article(id, source, dialect(settings, blocks), &mut found)));
    Understood { document, found }
}

fn template_paths(project: &Project) -> impl Iterator<Item = &str> {
    project.sources_of(Role::Template).map(|(_, source)| source.path.as_str())
}

fn dialect<'a>(settings: &'a Settings, blocks: &'a [String]) -> Dialect<'a> {
    Dialect { settings: settings.markdown, blocks, labels: &settings.labels }
}

/// Understands every other file alone, in parallel.
fn parse(project: &Project, articles: Vec<Understood>, diagnostics: &mut Vec<Diagnostic>) -> Unlinked {
    let blocks = block_kinds(template_paths(project));
    let dialect = dialect(&project.settings, &blocks);
    report_translations(project, &project.settings, diagnostics);
    let mut documents = Vec::with_capacity(articles.len());
    for article in articles {
        diagnostics.extend(article.found);
        documents.extend(article.document);
    }
    let others = Others {
        sections: parse_all(project, Role::Section, diagnostics, |id, source, found| {
            parse_section(id, source, dialect, found)
        }),
        people: parse_all(project, Role::Person, diagnostics, |id, source, found| {
            parse_person(id, source, dialect, found)
        }),
        terms: parse_all(project, Role::Term, diagnostics, |id, source, found| parse_term(id, source, dialect, found)),
        data: read_data(project, dialect, diagnostics),
    };
    Unlinked { documents, others }
}

/// Parses every source of a role, in parallel and in order.
fn parse_all<T: Send>(
    project: &Project,
    role: Role,
    diagnostics: &mut Vec<Diagnostic>,
    parse: impl Fn(SourceId, &Source, &mut Vec<Diagnostic>) -> T + Sync,
) -> Vec<T> {
    let sources: Vec<_> = project.sources_of(role).collect();
    let parsed: Vec<(T, Vec<Diagnostic>)> = sources
        .into_par_iter()
        .map(|(id, source)| {
            let mut found = Vec::new();
            (parse(id, source, &mut found), found)
        })
        .collect();
    let mut values = Vec::with_capacity(parsed.len());
    for (value, found) in parsed {
        diagnostics.extend(found);
        values.push(value);
    }
    values
}

/// `name.es.md` is a translation where the site lists that language.
fn is_translation(source: &Source, settings: &Settings) -> bool {
    let is_listed = |suffix: &str| settings.languages.iter().any(|language| language.eq_ignore_ascii_case(suffix));
    let name = || source.file_name().strip_suffix(".md").unwrap_or_default();
    !settings.languages.is_empty() && name().rsplit_once('.').is_some_and(|(_, suffix)| is_listed(suffix))
}

fn report_translations(project: &Project, settings: &Settings, diagnostics: &mut Vec<Diagnostic>) {
    for (_, source) in project.sources_of(Role::Article).filter(|(_, source)| is_translation(source, settings)) {
        diagnostics.push(
            Diagnostic::in_file(
                project::Code::TranslationUnsupported,
                &source.path,
                "this translation is not published: translations are not supported yet",
            )
            .help("take its language out of `languages` in site.toml to publish it as an article of its own"),
        );
    }
}

/// Findings at the levels that the site sets, in the order of files and lines.
fn judged(diagnostics: Vec<Diagnostic>, project: &Project, site: &Site) -> Vec<Diagnostic> {
    let path = |place: &Place| {
        let within = match place {
            Place::Span(span) => span.start,
            Place::Line(_, line) => *line as u32,
            Place::File(_) => 0,
        };
        (project.path_of(place).to_owned(), within)
    };
    let mut judged: Vec<((String, u32), Diagnostic)> = diagnostics
        .into_iter()
        .map(|mut diagnostic| {
            diagnostic.level = site.level(&diagnostic);
            (path(&diagnostic.place), diagnostic)
        })
        .filter(|(_, diagnostic)| diagnostic.level != Level::Off)
        .collect();
    judged.sort_by(|(a, x), (b, y)| (a, x.code, &x.message).cmp(&(b, y.code, &y.message)));
    judged.dedup();
    judged.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// Stack of each worker. Templates nest at most 32 deep, Tera's parser at most 40 and a run without Tera 64 times 32, which needs
/// a fraction of this.
const STACK: usize = 8 << 20;

static WORKERS: LazyLock<rayon::ThreadPool> = LazyLock::new(|| {
    rayon::ThreadPoolBuilder::new().stack_size(STACK).build().expect("the operating system gives us threads")
});

/// Runs something, and everything parallel in it, on threads with a stack of known size.
pub fn on_workers<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    WORKERS.install(work)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::PathBuf;

    use super::*;
    use crate::output::{Content, Tree};

    /// The golden sites, and whether each has templates of its own.
    fn sites() -> Vec<(PathBuf, bool)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let golden = fs::read_dir(root.join("tests/sites")).expect("the golden sites are there");
        let golden = golden.map(|entry| entry.expect("an entry").path());
        let sites = golden.filter(|path| path.join("site.toml").is_file());
        sites.map(|site| (site.clone(), site.join("templates").is_dir())).collect()
    }

    /// Every page of a site, made with what is always done, with Tera alone, or without Tera; none where it fails.
    fn pages(site: &Path, drafts: bool, tera: Option<bool>) -> BTreeMap<String, Option<String>> {
        let project = Project::load(site).expect("the site can be read");
        let mut output = build(&project, Options { as_of: jiff::civil::date(2026, 6, 1), drafts }).value;
        if let Some(is_used) = tera {
            output.renderer_mut().set_tera(is_used);
        }
        let made = |(index, path): (usize, &String)| {
            let mut buffer = Vec::new();
            let page = match output.content(index, &mut buffer) {
                Some(Content::Bytes(bytes)) => Some(String::from_utf8(bytes.to_vec()).expect("text")),
                _ => None,
            };
            (path.clone(), page)
        };
        output.paths().iter().enumerate().filter(|(_, path)| path.ends_with(".html")).map(made).collect()
    }

    #[test]
    fn a_page_is_the_same_with_and_without_tera() {
        for ((site, has_templates), drafts) in sites().iter().flat_map(|site| [(site, false), (site, true)]) {
            let both = pages(site, drafts, None);
            assert!(both.len() > 1, "{} has pages", site.display());
            for (path, page) in pages(site, drafts, Some(true)) {
                assert_eq!(both[&path], page, "{path} of {}", site.display());
            }
            if !has_templates {
                for (path, page) in pages(site, drafts, Some(false)) {
                    assert!(page.is_some(), "the theme needs Tera for {path} of {}", site.display());
                    assert_eq!(both[&path], page, "{path} of {}", site.display());
                }
            }
        }
    }
}
