//! The finished site as a lazy list of files: each is made when it is asked for, in any order, on any thread. Writes nothing.

use std::cell::LazyCell;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::pictures::Unmade;
use super::store::Store;
use super::variants::has_notes;
use super::{Content, Tree};
use crate::page::{Page, Recipe, Wanted};
use crate::project::{Asset, Code, Diagnostic, Known, Level, Place, SourceId, nearest};
use crate::render::{Rendered, Renderer};
use crate::site::{FragmentCheck, PlaceOnSite, Site};

/// The finished files of a site, and what is noticed while they are made.
pub struct Output {
    pub(super) renderer: Renderer,
    pub(super) pages: Vec<Page>,
    paths: Vec<String>,
    /// Links into each page, by its index: they are compared with the page once it is made.
    fragments: FxHashMap<usize, Vec<FragmentCheck>>,
    found: Mutex<Vec<(usize, Diagnostic)>>,
    /// Pictures to be made.
    pub(super) pictures: Wanted,
    /// Where they are kept.
    pub(super) store: Option<Arc<Store>>,
}

impl Output {
    /// A list of files; `pages` is sorted by file.
    pub(crate) fn new(renderer: Renderer, pages: Vec<Page>, pictures: Wanted) -> Self {
        let (paths, fragments) = Default::default();
        let mut output = Self { renderer, pages, paths, fragments, found: Mutex::default(), pictures, store: None };
        output.list();
        output
    }

    #[cfg(test)]
    pub(crate) fn renderer_mut(&mut self) -> &mut Renderer {
        &mut self.renderer
    }

    /// Lists the paths of files, and what is to be compared with each.
    pub(super) fn list(&mut self) {
        let paths = self.pages.iter().map(|page| page.file.clone()).collect();
        let mut by_place = FxHashMap::default();
        for (index, page) in self.pages.iter().enumerate() {
            if let Recipe::Page { place, number: 1 } = page.recipe {
                by_place.insert(place, index);
            }
        }
        let mut fragments: FxHashMap<usize, Vec<FragmentCheck>> = FxHashMap::default();
        for check in &self.renderer.site.fragments {
            if let Some(&index) = by_place.get(&check.target) {
                fragments.entry(index).or_default().push(check.clone());
            }
        }
        (self.paths, self.fragments) = (paths, fragments);
    }

    /// The linked site.
    pub fn site(&self) -> &Site {
        &self.renderer.site
    }

    /// Whether there is such a file.
    pub fn has(&self, path: &str) -> bool {
        self.index(path).is_some() || self.renderer.search_piece(path).is_some() || self.look_at_picture(path).is_some()
    }

    pub(super) fn index(&self, path: &str) -> Option<usize> {
        self.paths.binary_search_by(|other| other.as_str().cmp(path)).ok()
    }

    /// What a page shows, and which of its pages this is; None where the file is no page of the site.
    pub(crate) fn shows(&self, path: &str) -> Option<(PlaceOnSite, u32)> {
        match self.pages[self.index(path)?].recipe {
            Recipe::Page { place, number } => Some((place, number)),
            _ => None,
        }
    }

    /// The site, to be changed where no file comes or goes; None while somebody else holds it.
    pub(crate) fn site_mut(&mut self) -> Option<&mut Site> {
        self.renderer.site.site_mut()
    }

    /// Number of pages that people read; files for machines and copied files are not counted.
    pub fn page_count(&self) -> usize {
        self.pages.iter().filter(|page| matches!(page.recipe, Recipe::Page { .. } | Recipe::NotFound)).count()
    }

    /// Makes every file and drops it: for those who only want to know what is noticed. `progress` is called with the
    /// number of files made since it was called before.
    pub fn make_all(&self, progress: &(dyn Fn(usize) + Sync)) {
        (0..self.pages.len()).into_par_iter().for_each_init(Vec::new, |buffer, index| {
            buffer.clear();
            if !matches!(self.pages[index].recipe, Recipe::Variant(_) | Recipe::Card(_)) {
                self.content(index, buffer);
            }
            progress(1);
        });
    }

    /// What lies at a path, for those who show files one by one.
    pub fn look(&self, path: &str) -> Option<Looked<'_>> {
        if let Some(picture) = self.look_at_picture(path) {
            return Some(picture);
        }
        let Some(index) = self.index(path) else {
            let piece = self.renderer.search_piece(path)?;
            let content = Some(Shape::Bytes(piece.as_bytes().to_vec()));
            return Some(Looked { content, kind: LookedKind::Here, source: None, found: Vec::new() });
        };
        let page = &self.pages[index];
        let mut bytes = Vec::new();
        let (content, mut found) = match self.renderer.render(page, &mut bytes) {
            Ok(Rendered::Bytes) => (Some(Shape::Bytes(bytes)), Vec::new()),
            Ok(Rendered::Asset(asset)) => {
                let file = &self.renderer.site.assets[asset as usize].file;
                (Some(if has_notes(file) { Shape::Noted(file) } else { Shape::File(file) }), Vec::new())
            }
            Ok(Rendered::Picture) => (None, Vec::new()),
            Err(diagnostic) => (None, vec![*diagnostic]),
        };
        if let Some(Shape::Bytes(bytes)) = &content {
            found.extend(self.broken_fragments(index, bytes));
        }
        let place = match page.recipe {
            Recipe::Page { place, .. } => Some(place),
            _ => None,
        };
        let source = match place.and_then(|place| self.site().written_at(place)) {
            Some(Place::Span(span)) => Some(span.source),
            _ => None,
        };
        let kind = match place {
            Some(PlaceOnSite::Redirect(index)) => LookedKind::Redirect(&self.site().redirects[index as usize].to),
            Some(PlaceOnSite::Gone(_)) => LookedKind::Gone,
            _ => LookedKind::Here,
        };
        Some(Looked { content, kind, source, found })
    }

    /// The text or bytes of one file, if there is such a file and it can be made. Copied files have none here.
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        let Some(index) = self.index(path) else {
            return self.renderer.search_piece(path).map(|piece| piece.as_bytes().to_vec());
        };
        let mut bytes = Vec::new();
        match self.renderer.render(&self.pages[index], &mut bytes).ok()? {
            Rendered::Bytes => Some(bytes),
            Rendered::Asset(_) | Rendered::Picture => None,
        }
    }

    /// What was noticed while files were made, in the order of the files; a fault of a template that many pages share is
    /// told once.
    pub(crate) fn found(&self) -> Vec<Diagnostic> {
        let mut found = std::mem::take(&mut *self.found.lock().unwrap_or_else(PoisonError::into_inner));
        found.sort_by(|(a, x), (b, y)| (a, &x.place, &x.message).cmp(&(b, &y.place, &y.message)));
        let mut told: Vec<(Diagnostic, usize)> = Vec::new();
        let mut faults: FxHashMap<(Place, String), usize> = FxHashMap::default();
        for (_, diagnostic) in found {
            if diagnostic.code == Code::TemplateError {
                match faults.entry((diagnostic.place.clone(), diagnostic.message.clone())) {
                    Entry::Occupied(first) => {
                        told[*first.get()].1 += 1;
                        continue;
                    }
                    Entry::Vacant(new) => new.insert(told.len()),
                };
            }
            told.push((diagnostic, 0));
        }
        told.into_iter().map(|(diagnostic, more)| with_count(diagnostic, more)).collect()
    }

    pub(super) fn note(&self, index: usize, diagnostic: Diagnostic) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push((index, diagnostic));
    }

    /// Compares the links into a page with the anchors that the page really has, and notes those that lead nowhere. False:
    /// one is broken, and the site counts that as an error.
    fn check_fragments(&self, index: usize, html: &[u8]) -> bool {
        let mut passes = true;
        for diagnostic in self.broken_fragments(index, html) {
            passes &= self.site().level(&diagnostic) < Level::Error;
            self.note(index, diagnostic);
        }
        passes
    }

    fn broken_fragments(&self, index: usize, html: &[u8]) -> Vec<Diagnostic> {
        let Some(checks) = self.fragments.get(&index) else { return Vec::new() };
        let html = String::from_utf8_lossy(html);
        let anchors = anchors(&html);
        let ids: FxHashSet<&str> = anchors.iter().map(|anchor| anchor.id.as_str()).collect();
        let headings = LazyCell::new(|| {
            // Other anchors are the theme's own.
            Known::new(anchors.iter().filter(|anchor| anchor.is_heading).map(|anchor| &anchor.id))
        });
        let is_broken = |check: &&FragmentCheck| check.fragment != "top" && !ids.contains(check.fragment.as_str());
        checks.iter().filter(is_broken).map(|check| self.broken_fragment(check, &headings)).collect()
    }

    fn broken_fragment(&self, check: &FragmentCheck, headings: &Known) -> Diagnostic {
        let page = self.site().address(check.target);
        let page = page.map(|address| format!(" `{}`", address.as_str())).unwrap_or_default();
        let message = format!("the page{page} has no place `#{}`", check.fragment);
        let near =
            nearest(&check.fragment, headings.near(&check.fragment)).map(|near| format!("did you mean `#{near}`?"));
        Diagnostic::at(Code::BrokenFragment, check.place.clone(), message)
            .maybe_help(near)
            .help("headings make their own anchors: `When to seek help` is `#when-to-seek-help`")
    }
}

/// One file of a site, made for somebody who looks at it.
pub struct Looked<'a> {
    /// None where a fault stops it; it is among what was found.
    pub content: Option<Shape<'a>>,
    /// How a host should answer.
    pub kind: LookedKind<'a>,
    /// The text that a page is written in, where it is one.
    pub source: Option<SourceId>,
    /// What was noticed while it was made, not yet judged.
    pub found: Vec<Diagnostic>,
}

/// Where the bytes of a file are.
pub enum Shape<'a> {
    /// Here.
    Bytes(Vec<u8>),
    /// On the disk, at this path.
    File(&'a Path),
    /// The same, but that a picture's notes are left out.
    Noted(&'a Path),
    /// To be made of something else.
    Picture(Unmade),
}

/// How a host should answer for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedKind<'a> {
    /// With the file.
    Here,
    /// By leading on to this address.
    Redirect(&'a str),
    /// With the file, which says that the page is gone for good.
    Gone,
}

/// A place within a page that a link can lead to.
struct Anchor {
    id: String,
    is_heading: bool,
}

fn with_count(diagnostic: Diagnostic, more: usize) -> Diagnostic {
    match more {
        0 => diagnostic,
        1 => Diagnostic { message: format!("{} (and on one more page)", diagnostic.message), ..diagnostic },
        more => Diagnostic { message: format!("{} (and on {more} more pages)", diagnostic.message), ..diagnostic },
    }
}

/// Every `id` in the tags of a page.
fn anchors(html: &str) -> Vec<Anchor> {
    let mut anchors = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len())];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        rest = &rest[name.len()..];
        while let Some((attribute, value, after)) = attribute(rest) {
            if attribute.eq_ignore_ascii_case("id") {
                anchors.push(Anchor { id: unescaped(value), is_heading: is_heading(name) });
            }
            rest = after;
        }
        // What looks like a tag in a script or style is none.
        if ["script", "style"].iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
            rest = rest.find(&format!("</{name}")).map_or("", |end| &rest[end..]);
        }
    }
    anchors
}

/// The next attribute of a tag, its value, and what follows; none at the end of the tag.
fn attribute(tag: &str) -> Option<(&str, &str, &str)> {
    let tag = tag.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    if tag.is_empty() || tag.starts_with('>') {
        return None;
    }
    let ends_name = |(at, c): (usize, char)| {
        (c.is_ascii_whitespace() || matches!(c, '/' | '>') || (c == '=' && at > 0)).then_some(at)
    };
    let (name, rest) = tag.split_at(tag.char_indices().find_map(ends_name).unwrap_or(tag.len()));
    let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
        return Some((name, "", rest));
    };
    match value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
        Some(quote) => {
            let (value, after) = value[1..].split_once(quote)?;
            Some((name, value, after))
        }
        None => {
            let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
            Some((name, &value[..end], &value[end..]))
        }
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

fn unescaped(value: &str) -> String {
    let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    value.replace("&#39;", "'").replace("&amp;", "&")
}

impl Tree for Output {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn content<'a>(&'a self, index: usize, buffer: &'a mut Vec<u8>) -> Option<Content<'a>> {
        match self.renderer.render(&self.pages[index], buffer) {
            Ok(Rendered::Bytes) => self.check_fragments(index, buffer).then_some(Content::Bytes(buffer)),
            Ok(Rendered::Asset(asset)) => {
                let Asset { file: path, hash, .. } = &self.renderer.site.assets[asset as usize];
                Some(match has_notes(path) {
                    true => Content::Picture { path, hash: *hash },
                    false => Content::File { path, hash: *hash },
                })
            }
            Ok(Rendered::Picture) => {
                self.picture(index, buffer)?;
                Some(Content::Bytes(buffer))
            }
            Err(diagnostic) => {
                self.note(index, *diagnostic);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_as_a_browser_finds_them() {
        let ids = |html: &str| anchors(html).into_iter().map(|anchor| anchor.id).collect::<Vec<_>>().join(" ");
        assert_eq!(ids("<h2 id=\"a\">A</h2><h2\n\tid='b'><h2 id=c><p class=d ID = e /><i hidden id=f>"), "a b c e f");
        assert_eq!(
            ids("<p title=\"a > b\" id=\"c\"><p data-id=\"d\" title=' id=\"e\" '>1 < 2 id=\"f\"></p id=\"g\">"),
            "c"
        );
        assert_eq!(
            ids("<!-- <p id=\"a\"> > --><p id=\"b&amp;lt;\"><script>i<n && \"<p id='c'>\"</script><p id=\"é\">"),
            "b&lt; é"
        );
        assert_eq!(ids("<p id=\"a\"><p id=\"open"), "a");
        assert_eq!(ids("<!-- <p id=\"a\">"), "");
    }
}
