//! Views become bytes: Tera templates, bodies, the built-in theme. Sees one page at a time and never the disk.

mod body;
mod citations;
mod constants;
mod direct;
mod minify;
mod template_faults;
mod template_graph;
mod templates;
mod theme;
mod tokens;
mod twin;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::page::{
    self, BlockView, Card, GoneView, Html, Made, Named, Page, PersonCard, Pieces, Recipe, RedirectView, Shared, Shown,
    SourceView, TextOf, WrittenText, a_to_z_list, article_view, card, category_view, date_view, glossary_list,
    home_view, not_found_view, page_view, people_list, person_view, section_view, site_view, source_view, tag_view,
    tags_list, term_view,
};
use crate::project::{Checked, Diagnostic, Project};
use crate::search::{PIECES, SearchIndex, search_index};
use crate::site::{ArticleId, CitedFrom, CitedSource, LinkedBody, PersonId, PlaceOnSite, Site};
use citations::{Cited, marker};
pub(crate) use templates::block_kinds;
use templates::{ProjectTexts, StaticFile, Templates, text};
pub(crate) use theme::THEME_FILES;

/// Bytes that most pieces of a page need.
const PIECE: usize = 1024;

/// What a file holds.
pub(crate) enum Rendered {
    /// These bytes, written into the buffer.
    Bytes,
    /// A file of the site, by index of `Site::assets`.
    Asset(u32),
    /// A picture that is made of something else.
    Picture,
}

/// A linked site with its templates: everything that is needed to make any of its pages, in any order.
pub(crate) struct Renderer {
    pub site: Shown,
    /// By article, as soon as a page has asked for it: boxed, so that all places fit into the processor's cache.
    cards: Vec<OnceLock<Box<Shared<Card>>>>,
    /// By person, the same.
    experts: Vec<OnceLock<Shared<PersonCard>>>,
    /// By id in `data/sources.toml`, the same.
    sources: FxHashMap<String, Cited<Shared<SourceView>>>,
    /// Citation markers, the same.
    markers: Cited<String>,
    templates: Templates,
    /// Made when it is first asked for, if not before.
    search: OnceLock<SearchIndex>,
    texts: ProjectTexts,
}

impl Renderer {
    /// Compiles the templates for a site.
    pub(crate) fn new(site: Arc<Site>, project: &Project) -> Checked<Self> {
        let files = static_files(&site);
        let file = move |path: &str| files.get(path.trim_start_matches('/')).cloned();
        let mut compiled = templates::compile(project, site_view(&site).value(), file);
        let site = Shown::new(site);
        compiled.diagnostics.shrink_to_fit();
        let renderer = Self {
            cards: std::iter::repeat_with(OnceLock::new).take(site.articles.len()).collect(),
            experts: std::iter::repeat_with(OnceLock::new).take(site.people.len()).collect(),
            sources: site.data.sources.keys().map(|id| (id.clone(), Cited::default())).collect(),
            markers: Cited::default(),
            search: OnceLock::new(),
            texts: ProjectTexts::of(project),
            templates: compiled.value,
            site,
        };
        Checked { value: renderer, diagnostics: compiled.diagnostics }
    }

    /// Makes every page with Tera, or none.
    #[cfg(test)]
    pub(crate) fn set_tera(&mut self, is_used: bool) {
        self.templates.set_tera(is_used);
    }

    /// With the search index, where it is made already.
    pub(crate) fn with_search(self, search: Option<SearchIndex>) -> Self {
        Self { search: search.map(OnceLock::from).unwrap_or_default(), ..self }
    }

    /// Shows these pictures as they are from now on: nothing can be made of them.
    pub(crate) fn set_broken(&mut self, broken: FxHashSet<u32>) {
        self.site.set_broken(broken);
        self.experts.fill_with(OnceLock::new);
    }

    /// Makes one file in `out`, which is empty.
    pub(crate) fn render(&self, page: &Page, out: &mut Vec<u8>) -> Made<Rendered> {
        let site = &self.site;
        let text = match page.recipe {
            Recipe::Page { place, number } => {
                self.page(place, number, out)?;
                return Ok(Rendered::Bytes);
            }
            Recipe::NotFound => {
                self.write_template("404.html", &[("page", &not_found_view(site))], PlaceOnSite::Home, out)?;
                return Ok(Rendered::Bytes);
            }
            Recipe::Asset(index) => return Ok(Rendered::Asset(index)),
            Recipe::Variant(_) | Recipe::Card(_) => return Ok(Rendered::Picture),
            Recipe::Fingerprinted(index) => {
                let fingerprint = site.assets[index as usize].fingerprint.as_ref();
                let Some(text) = fingerprint.and_then(|fingerprint| fingerprint.minified.as_deref()) else {
                    return Ok(Rendered::Asset(index));
                };
                return Ok(bytes_of(text, out));
            }
            Recipe::Theme(index) => {
                out.extend_from_slice(THEME_FILES[index as usize].content());
                return Ok(Rendered::Bytes);
            }
            Recipe::Feed(place) => page::feed(site, place),
            Recipe::Twin(id) => twin::twin(self, id)?,
            Recipe::Sitemap => page::sitemap(site),
            Recipe::SitemapPart(part) => page::sitemap_page(site, part),
            Recipe::Robots => page::robots(site),
            Recipe::Manifest => page::manifest(site),
            Recipe::Headers => page::headers(site),
            Recipe::Redirects => page::redirects(site),
            Recipe::SearchIndex => return Ok(bytes_of(&self.search().root, out)),
            Recipe::SearchPiece(index) => return Ok(bytes_of(&self.search().pieces[index as usize].1, out)),
        };
        out.extend_from_slice(text.as_bytes());
        Ok(Rendered::Bytes)
    }

    fn search(&self) -> &SearchIndex {
        self.search.get_or_init(|| search_index(&self.site))
    }

    /// A piece of the search index, which may be in no list of files.
    pub(crate) fn search_piece(&self, path: &str) -> Option<&str> {
        if !path.starts_with(PIECES) {
            return None;
        }
        let pieces = &self.search().pieces;
        let found = pieces.binary_search_by(|(other, _)| other.as_str().cmp(path));
        found.ok().map(|index| pieces[index].1.as_str())
    }

    fn page(&self, place: PlaceOnSite, number: u32, out: &mut Vec<u8>) -> Made<()> {
        let site = &self.site;
        if let PlaceOnSite::Redirect(index) = place {
            let redirect = &site.redirects[index as usize];
            let view = RedirectView { to: redirect.to.clone(), canonical: redirect.canonical.clone() };
            return self.write_template("redirect.html", &[("redirect", &view)], place, out);
        }
        let Some(address) = site.address(place) else { return Ok(()) };
        let page = page_view(site, place, address, number);
        let (template, name, view) = self.view(place, number)?;
        self.write_template(template, &[(name, &*view), ("page", &page)], place, out)
    }

    /// The template of a place, the name of its view there, and the view.
    fn view(&self, place: PlaceOnSite, number: u32) -> Made<(&'static str, &'static str, Box<dyn Named + '_>)> {
        let site = &self.site;
        Ok(match place {
            // An article that stands for its section holds the first page of the list; the rest are pages of the section.
            PlaceOnSite::Article(id) if number > 1 => {
                let section = site[id].section_page.unwrap_or(site[id].section);
                ("section.html", "section", Box::new(section_view(site, section, number, self)?))
            }
            PlaceOnSite::Article(id) => ("article.html", "article", Box::new(article_view(site, id, self)?)),
            PlaceOnSite::Section(id) => ("section.html", "section", Box::new(section_view(site, id, number, self)?)),
            PlaceOnSite::Category(id) => {
                ("category.html", "category", Box::new(category_view(site, id, number, self)?))
            }
            PlaceOnSite::Tag(id) => ("tag.html", "tag", Box::new(tag_view(site, id, number, self)?)),
            PlaceOnSite::Person(id) => ("person.html", "person", Box::new(person_view(site, id, number, self)?)),
            PlaceOnSite::Term(id) => ("term.html", "term", Box::new(term_view(site, id, number, self)?)),
            PlaceOnSite::Gone(index) => ("gone.html", "gone", Box::new(self.gone(index))),
            PlaceOnSite::People => ("people.html", "list", Box::new(people_list(site, number))),
            PlaceOnSite::Tags => ("tags.html", "list", Box::new(tags_list(site, number))),
            PlaceOnSite::Glossary => ("glossary.html", "list", Box::new(glossary_list(site, number))),
            PlaceOnSite::AToZ => ("a-z.html", "list", Box::new(a_to_z_list(site, number))),
            PlaceOnSite::Search => ("search.html", "search", Box::new(true)),
            _ => ("home.html", "home", Box::new(home_view(site, self)?)),
        })
    }

    fn gone(&self, index: u32) -> GoneView {
        let gone = &self.site.gone[index as usize];
        let date = gone.date.map(|date| date_view(&self.site.settings.labels, date));
        GoneView { title: gone.title.clone(), date, reason: gone.reason.clone() }
    }

    fn write_template(
        &self,
        name: &str,
        views: &[(&'static str, &dyn Named)],
        place: PlaceOnSite,
        out: &mut Vec<u8>,
    ) -> Made<()> {
        self.templates.render(name, views, out).map_err(|error| self.failed(&error, name, place))
    }

    /// Renders a block into a text.
    fn render_block(&self, name: &str, view: &BlockView<'_>, place: PlaceOnSite, out: &mut String) -> Made<()> {
        // A kind whose template was faulty has been reported; what stands in for it may not exist.
        if !self.templates.has(name) {
            return Ok(());
        }
        out.push_str(self.html(name, ("block", view), place)?.trim_end());
        Ok(())
    }

    /// Renders what stands on many pages, with its view alone.
    fn piece(&self, name: &str, view: (&'static str, &dyn Named), place: PlaceOnSite) -> Made<Html<'static>> {
        Ok(self.html(name, view, place)?.trim_end().to_owned().into())
    }

    fn html(&self, name: &str, view: (&'static str, &dyn Named), place: PlaceOnSite) -> Made<String> {
        let mut html = Vec::with_capacity(PIECE);
        self.write_template(name, &[view], place, &mut html)?;
        Ok(text(html))
    }

    /// The marker of the nth citation of a source.
    fn write_marker(&self, number: u32, used: u32, out: &mut String) {
        let make = || marker(&self.site.settings.labels, number, used);
        match self.markers.cell(number, used) {
            Some(cell) => out.push_str(cell.get_or_init(make)),
            None => out.push_str(&make()),
        }
    }

    /// A failed template names the page that was being made.
    fn failed(&self, error: &tera::Error, name: &str, place: PlaceOnSite) -> Box<Diagnostic> {
        let diagnostic = self.templates.failure(error, name, &self.texts);
        Box::new(match self.site.written_at(place) {
            Some(written) => diagnostic.label(written, "while this page was being made"),
            None => diagnostic,
        })
    }
}

impl Pieces for Renderer {
    fn text<'t>(&self, body: LinkedBody<'t>, of: TextOf) -> Made<WrittenText<'t>> {
        body::write_text(self, body, of)
    }

    fn card(&self, id: ArticleId) -> Made<&Shared<Card>> {
        let cell = &self.cards[id.0 as usize];
        if let Some(made) = cell.get() {
            return Ok(made);
        }
        let card = card(&self.site, id);
        let html = self.piece("partials/card.html", ("card", &card), PlaceOnSite::Article(id))?;
        Ok(cell.get_or_init(|| Box::new(Card { html, ..card }.into())))
    }

    fn expert(&self, id: PersonId) -> Made<&Shared<PersonCard>> {
        const COMPONENT: &str = "theme.person";
        const LEVEL: u64 = 3;
        let make = || {
            let person = self.site.person_card(id);
            // A site that shows people in its own way may have taken the component away.
            let html = self.templates.component(COMPONENT, &[("person", &person), ("level", &LEVEL)]);
            PersonCard { html: html.into(), ..person }.into()
        };
        Ok(self.experts[id.0 as usize].get_or_init(make))
    }

    fn source(&self, cited: &CitedSource, number: u32, citing: ArticleId) -> Made<Cow<'_, Shared<SourceView>>> {
        let shared = match &cited.source {
            CitedFrom::Data(source) => self.sources.get(&source.id.value),
            CitedFrom::Article(..) => None,
        };
        let cell = shared.and_then(|shared| shared.cell(number, cited.uses));
        if let Some(made) = cell.and_then(OnceLock::get) {
            return Ok(Cow::Borrowed(made));
        }
        let view = source_view(&self.site.settings.labels, cited, number);
        let html = self.piece("partials/source.html", ("source", &view), PlaceOnSite::Article(citing))?;
        let made = Shared::from(SourceView { html, ..view });
        Ok(match cell {
            Some(cell) => Cow::Borrowed(cell.get_or_init(|| made)),
            None => Cow::Owned(made),
        })
    }
}

fn bytes_of(text: &str, out: &mut Vec<u8>) -> Rendered {
    out.extend_from_slice(text.as_bytes());
    Rendered::Bytes
}

/// Every static file by the path with which a template asks for it; a site's own comes before the theme's.
fn static_files(site: &Site) -> FxHashMap<String, StaticFile> {
    let style = &site.settings.style;
    let theme = THEME_FILES.iter().map(|file| {
        let integrity = file.fingerprint.as_ref().map(|fingerprint| fingerprint.integrity.clone());
        (file.path.to_owned(), StaticFile { href: format!("{}/{}", style.base, file.published()), integrity })
    });
    let own = site.assets.iter().zip(0..).map(|(asset, index)| {
        // Whoever took the address of the copy has a reason; the file itself is there all the same.
        let copy = site.places.address(PlaceOnSite::Fingerprinted(index)).unwrap_or(&asset.address);
        let integrity = asset.fingerprint.as_ref().map(|fingerprint| fingerprint.integrity.clone());
        (asset.address.file(), StaticFile { href: copy.file_href(style), integrity })
    });
    theme.chain(own).collect()
}
