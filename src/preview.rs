//! A site held in memory while its editors write, so that a page is there as soon as its text is. Opens no file.
//!
//! An edit comes in two steps, since nobody wants to wait for what they do not look at. [`Preview::edit`] takes the new text
//! over at once: where the front matter is as it was, nothing but the article's own page is made from it. What follows
//! elsewhere (lists of mentions, backlinks, related topics) comes with [`Preview::again`], which links the whole site from
//! what is already understood and is, byte for byte, what a build from nothing gives.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::content::has_same_front;
use crate::output::Output;
use crate::project::{Diagnostic, Place, Project, Role, Source, SourceId};
use crate::render::block_kinds;
use crate::site::relink;
use crate::{
    Index, Linked, Options, Understood, judged, link_all, on_workers, rules, template_paths, understand, understand_all,
};

/// A linked site that follows its texts.
pub struct Preview {
    project: Project,
    options: Options,
    /// In the order of the project's articles.
    articles: Vec<Understood>,
    linked: Linked,
}

/// How much of a site shows an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The page of the article shows it; the rest of the site is as before.
    Page,
    /// Nothing shows it before [`Preview::again`].
    Nothing,
}

impl Preview {
    /// Understands and links a site.
    pub fn new(project: Project, options: Options) -> Self {
        on_workers(|| {
            let articles = understand_all(&project);
            let linked = link_all(&project, articles.clone(), options, Index::WhenAsked, &mut |_| {});
            Self { project, options, articles, linked }
        })
    }

    /// The day that is shown, and whether the gate is open.
    pub fn options(&self) -> Options {
        self.options
    }

    /// The texts as they are now.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// The finished files.
    pub fn output(&self) -> &Output {
        &self.linked.output
    }

    /// Everything that is wrong, but for what shows only when pages are made.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        judged(self.linked.diagnostics.clone(), &self.project, self.linked.output.site())
    }

    /// The same for what was noticed while a page was made.
    pub fn judge(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        judged(found, &self.project, self.linked.output.site())
    }

    /// Takes over the new text of an article. A path that is no article's changes nothing.
    pub fn edit(&mut self, path: &str, text: &str) -> Reach {
        let mut sources = self.project.sources_of(Role::Article).map(|(id, source)| (id, &source.path)).enumerate();
        let Some((index, id)) = sources.find(|(_, (_, other))| *other == path).map(|(index, (id, _))| (index, id))
        else {
            return Reach::Nothing;
        };
        drop(sources);
        let source = &mut self.project.sources[id.0 as usize];
        let before = source.clone();
        source.text = text.into();
        let same_front = has_same_front(&before, source);
        let source = self.project.source(id);
        let understood = understand(&self.project.settings, &block_kinds(template_paths(&self.project)), id, source);
        let before = std::mem::replace(&mut self.articles[index], understood.clone());
        let (Some(document), Some(before)) = (understood.document, before.document) else { return Reach::Nothing };
        if !same_front || document.title != before.title {
            return Reach::Nothing;
        }
        let Linked { output, tables, diagnostics } = &mut self.linked;
        let Some(site) = output.site_mut() else { return Reach::Nothing };
        let links = relink(site, tables, document);
        let is_here = |place: &Place| match place {
            Place::Span(span) => span.source == id,
            Place::File(file) | Place::Line(file, _) => file == path,
        };
        diagnostics.retain(|diagnostic| !is_here(&diagnostic.place));
        diagnostics.extend(understood.found.into_iter().chain(links));
        if let Some(article) = site.articles.iter().find(|article| article.document.source == id) {
            diagnostics.extend(rules::check_article(site, article));
        }
        Reach::Page
    }

    /// The same site, linked anew as a whole.
    pub fn again(&self) -> Self {
        self.known().link(self.project.clone(), self.options)
    }

    /// What linking the site needs, without the linked site: whoever holds it may link while others go on reading this one.
    pub fn known(&self) -> Known {
        Known { project: self.project.clone(), articles: self.articles.clone() }
    }

    /// Whether the texts and files of a project are those that this site is made of.
    pub fn is_of(&self, project: &Project) -> bool {
        let files = |project: &Project| -> Vec<_> {
            project.assets.iter().map(|asset| (asset.path.clone(), asset.hash)).collect()
        };
        self.project.sources == project.sources
            && files(&self.project) == files(project)
            && self.project.diagnostics == project.diagnostics
    }
}

/// The texts of a site, each understood alone.
pub struct Known {
    project: Project,
    /// In the order of the project's articles.
    articles: Vec<Understood>,
}

impl Known {
    /// Links a site as it is written now: an article that is where and what it was is not understood again.
    pub fn link(self, project: Project, options: Options) -> Preview {
        on_workers(|| {
            let articles = match speaks_alike(&self.project, &project) {
                true => understand_changed(&self, &project),
                false => understand_all(&project),
            };
            let linked = link_all(&project, articles.clone(), options, Index::WhenAsked, &mut |_| {});
            Preview { project, options, articles, linked }
        })
    }
}

/// Whether two projects read an article in the same way: by their settings and kinds of blocks.
fn speaks_alike(one: &Project, other: &Project) -> bool {
    let settings = |project: &Project| project.source(project.settings.source).text.clone();
    one.settings.source == other.settings.source
        && settings(one) == settings(other)
        && block_kinds(template_paths(one)) == block_kinds(template_paths(other))
}

fn understand_changed(known: &Known, project: &Project) -> Vec<Understood> {
    let blocks = block_kinds(template_paths(project));
    let before: FxHashMap<SourceId, (&Source, &Understood)> = known
        .project
        .sources_of(Role::Article)
        .zip(&known.articles)
        .map(|((id, source), article)| (id, (source, article)))
        .collect();
    let sources: Vec<_> = project.sources_of(Role::Article).collect();
    sources
        .into_par_iter()
        .map(|(id, source)| match before.get(&id) {
            Some((same, article)) if *same == source => (*article).clone(),
            _ => understand(&project.settings, &blocks, id, source),
        })
        .collect()
}
