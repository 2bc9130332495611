//! Resolves what a text refers to: links, pictures, fragments. Reports what leads nowhere; never leaves the root.

use std::borrow::Cow;

use jiff::civil::Date;
use percent_encoding::percent_decode_str;

use super::model::{FragmentCheck, PlaceOnSite, Site, Target};
use super::symbols::{PathTarget, Symbols};
use crate::content::{Reference, ReferenceKind};
use crate::project::{Address, Code, Diagnostic, Place, Scheme, Span, did_you_mean, nearest, scheme};

/// What resolving needs to know of the site; the same for every text.
pub(crate) struct Resolver<'a> {
    /// What it holds has an address; its texts are still unlinked.
    pub site: &'a Site,
    pub symbols: &'a Symbols,
    /// Address of each redirect's goal, so that links lead straight there.
    pub redirects: &'a [(Address, RedirectGoal)],
}

/// Where a redirect ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RedirectGoal {
    Place(PlaceOnSite),
    /// A place within a page: its anchor.
    Within(PlaceOnSite, String),
    /// An address elsewhere.
    Href(String),
}

/// Who refers.
#[derive(Clone, Copy, Default)]
pub(crate) struct From<'a> {
    /// Folder of the file, from the root.
    pub folder: &'a str,
    /// The page the text stands on.
    pub page: Option<PlaceOnSite>,
    /// The day from which the text is open to readers, where that is still to come.
    pub opens: Option<Date>,
}

/// Collects what resolving finds out besides the targets.
#[derive(Default)]
pub(crate) struct Found {
    pub diagnostics: Vec<Diagnostic>,
    pub fragments: Vec<FragmentCheck>,
}

/// A destination taken apart.
struct Parts<'a> {
    path: &'a str,
    /// With its `?`.
    query: &'a str,
    fragment: Option<&'a str>,
}

fn parts(destination: &str) -> Parts<'_> {
    let (rest, fragment) = match destination.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (destination, None),
    };
    let query = rest.find('?').unwrap_or(rest.len());
    Parts { path: &rest[..query], query: &rest[query..], fragment }
}

impl Resolver<'_> {
    /// Where a reference of a text leads.
    pub(crate) fn reference(&self, reference: &Reference, from: From<'_>, found: &mut Found) -> Target {
        let target = self.destination(&reference.destination, reference.span, from, found);
        match &reference.kind {
            ReferenceKind::Picture { .. } => self.picture(target, &reference.destination, reference.span, found),
            ReferenceKind::Link | ReferenceKind::Video => target,
        }
    }

    /// Where a picture lies. It must be a file of the site, whose size is known.
    pub(crate) fn picture(&self, target: Target, written: &str, span: Span, found: &mut Found) -> Target {
        if target.external {
            found
                .diagnostics
                .push(Diagnostic::new(Code::BrokenLink, span, format!("`{written}` is a picture on another site")).help(
                "copy it beside the article, with its owner's leave: readers' browsers should not be sent elsewhere",
            ));
        } else if target.is_page {
            found.diagnostics.push(
                Diagnostic::new(Code::BrokenLink, span, format!("`{written}` is a page, not a picture"))
                    .help("name the file of a picture, or link to the page: `[words](address)`"),
            );
            return Target { broken: true, ..target };
        } else if !target.broken && target.size.is_none() {
            found.diagnostics.push(
                Diagnostic::new(Code::UnreadablePicture, span, format!("the size of `{written}` cannot be read"))
                    .help("pictures are PNG, JPEG, GIF, WebP, AVIF, or SVG with width and height"),
            );
        }
        target
    }

    /// Where a destination leads that stands in a text, the settings or a data file.
    pub(crate) fn destination(&self, written: &str, span: Span, from: From<'_>, found: &mut Found) -> Target {
        match scheme(written) {
            Scheme::Safe => return Target { href: written.trim().to_owned(), external: true, ..Target::default() },
            Scheme::Unsafe => {
                found.diagnostics.push(
                    Diagnostic::new(
                        Code::UnsafeUrl,
                        span,
                        format!("`{written}` has a scheme that a link may not have"),
                    )
                    .help("links may begin with https:, http:, mailto:, tel: or sms:, or be paths of this site"),
                );
                return Target { broken: true, ..Target::default() };
            }
            Scheme::None => {}
        }
        if written.starts_with("//") {
            return Target { href: format!("https:{written}"), external: true, ..Target::default() };
        }
        let parts = parts(written);
        if parts.path.is_empty() {
            return self.own_page(&parts, span, from, found);
        }
        let place = if parts.path.starts_with('/') {
            self.site_address(parts.path, span, from, found)
        } else {
            self.relative_path(parts.path, span, from, found)
        };
        match place {
            Some(place) => self.target(place, &parts, span, found),
            // What leads nowhere stays as written, for a site that lowers the rule.
            None => Target { href: written.to_owned(), broken: true, ..Target::default() },
        }
    }

    fn own_page(&self, parts: &Parts<'_>, span: Span, from: From<'_>, found: &mut Found) -> Target {
        let fragment = parts.fragment.unwrap_or_default();
        if let Some(page) = from.page.filter(|_| !fragment.is_empty()) {
            self.check_fragment(page, fragment, span, found);
        }
        let mark = if fragment.is_empty() && !parts.query.is_empty() { "" } else { "#" };
        Target { href: format!("{}{mark}{fragment}", parts.query), is_page: true, ..Target::default() }
    }

    fn check_fragment(&self, target: PlaceOnSite, fragment: &str, span: Span, found: &mut Found) {
        let fragment = percent_decode_str(fragment).decode_utf8_lossy().into_owned();
        found.fragments.push(FragmentCheck { target, fragment, place: Place::Span(span) });
    }

    fn target(&self, place: PlaceOnSite, parts: &Parts<'_>, span: Span, found: &mut Found) -> Target {
        let style = &self.site.settings.style;
        let Some(address) = self.site.address(place) else { return Target::default() };
        let mut href = if place.is_page() { address.page_href(style) } else { address.file_href(style) };
        href.push_str(parts.query);
        if let Some(fragment) = parts.fragment.filter(|fragment| !fragment.is_empty()) {
            href.push('#');
            href.push_str(fragment);
            // What an old address leads to may lie on another site.
            if place.is_page() && !matches!(place, PlaceOnSite::Redirect(_)) {
                self.check_fragment(place, fragment, span, found);
            }
        }
        let size = match place {
            PlaceOnSite::Asset(index) => self.site.assets[index as usize].dimensions,
            _ => None,
        };
        let picture = match place {
            PlaceOnSite::Asset(index) if size.is_some() => Some(index),
            _ => None,
        };
        let article = match place {
            PlaceOnSite::Article(id) => Some(id),
            _ => None,
        };
        Target { href, size, picture, article, is_page: place.is_page(), ..Target::default() }
    }

    fn site_address(&self, path: &str, span: Span, from: From<'_>, found: &mut Found) -> Option<PlaceOnSite> {
        let Some(resolved) = without_dots(path) else {
            found.diagnostics.push(outside(path, span));
            return None;
        };
        let address = match Address::parse(&resolved) {
            Ok(address) => address,
            Err(why) => {
                let message = format!("`{path}` is not an address: {why}");
                found.diagnostics.push(
                    Diagnostic::new(Code::BrokenLink, span, message).help("an address looks like `/section/page`"),
                );
                return None;
            }
        };
        match self.symbols.at(&address) {
            Some(PlaceOnSite::Redirect(index)) => match self.redirects.get(index as usize) {
                Some((_, RedirectGoal::Place(place))) => Some(*place),
                _ => Some(PlaceOnSite::Redirect(index)),
            },
            Some(PlaceOnSite::Gone(index)) => {
                found.diagnostics.push(
                    Diagnostic::new(
                        Code::BrokenLink,
                        span,
                        format!("this link leads to `{path}`, which was withdrawn"),
                    )
                    .help("take the link out, or lead it to another article"),
                );
                Some(PlaceOnSite::Gone(index))
            }
            Some(place) => Some(place),
            None => {
                self.report_address(&address, path, span, from, found);
                None
            }
        }
    }

    fn report_address(&self, address: &Address, path: &str, span: Span, from: From<'_>, found: &mut Found) {
        match self.symbols.withheld_at(address) {
            Some(state) if state.is_open_by(from.opens) => return,
            Some(state) => return found.diagnostics.push(withheld(path, state.sentence(), span)),
            None => {}
        }
        let message = format!("no page or file has the address `{path}`");
        let help = did_you_mean(address.as_str(), self.symbols.addresses_near(address.as_str()));
        found.diagnostics.push(
            Diagnostic::new(Code::BrokenLink, span, message)
                .maybe_help(help)
                .help("write an address of this site, or a path to a file relative to this one"),
        );
    }

    fn relative_path(&self, path: &str, span: Span, from: From<'_>, found: &mut Found) -> Option<PlaceOnSite> {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let Some(full) = join(from.folder, &decoded) else {
            found.diagnostics.push(outside(path, span));
            return None;
        };
        match self.symbols.file(&full) {
            Some(PathTarget::Place(PlaceOnSite::Gone(index))) => {
                found.diagnostics.push(withheld(path, "was withdrawn".to_owned(), span));
                Some(PlaceOnSite::Gone(index))
            }
            Some(PathTarget::Place(place)) => Some(place),
            Some(PathTarget::Withheld(state)) if state.is_open_by(from.opens) => None,
            Some(PathTarget::Withheld(state)) => {
                found.diagnostics.push(withheld(path, state.sentence(), span));
                None
            }
            None => {
                let message = format!("there is no file `{full}`");
                found.diagnostics.push(
                    Diagnostic::new(Code::BrokenLink, span, message)
                        .maybe_help(self.near_path(&full, from.folder))
                        .help("check the path: it is relative to the folder of this file"),
                );
                None
            }
        }
    }

    fn near_path(&self, full: &str, folder: &str) -> Option<String> {
        if self.symbols.file(&format!("{full}.md")).is_some() {
            return Some(format!("did you mean `{}`?", relative(folder, &format!("{full}.md"))));
        }
        // A slip is in the name or in the folder, seldom in both: the shared part must not make distant names look near.
        let (above, name) = full.rsplit_once('/').unwrap_or(("", full));
        if let Some(near) = nearest(name, self.symbols.names_near(above, name)) {
            return Some(format!("did you mean `{}`?", relative(folder, &format!("{above}/{near}"))));
        }
        let elsewhere = self.symbols.path_named(name)?;
        Some(format!("did you mean `{}`?", relative(folder, elsewhere)))
    }
}

fn withheld(path: &str, state: String, span: Span) -> Diagnostic {
    Diagnostic::new(Code::BrokenLink, span, format!("this link leads to `{path}`, which {state}"))
        .help("readers would find nothing there: take the link out until the article is open to them")
}

fn outside(path: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::OutsideRoot, span, format!("`{path}` leads out of the site's folder"))
        .help("a path may climb with `..` as far as the folder of site.toml")
}

/// An address without `.` and `..`, as a browser reads it: encoded ones count too. Nothing where it climbs above the root.
/// <https://url.spec.whatwg.org/#path-state>
fn without_dots(path: &str) -> Option<Cow<'_, str>> {
    let decoded = percent_decode_str(path).decode_utf8_lossy().replace('\\', "/");
    join("", &decoded)?;
    let dots = |segment: &str| segment.to_ascii_lowercase().replace("%2e", ".");
    if !path.split('/').any(|segment| matches!(dots(segment).as_str(), "." | "..")) {
        return Some(Cow::Borrowed(path));
    }
    let mut segments = Vec::new();
    for segment in path.trim_start_matches('/').split('/') {
        match dots(segment).as_str() {
            "." => {}
            ".." => {
                segments.pop()?;
            }
            _ => segments.push(segment),
        }
    }
    Some(Cow::Owned(format!("/{}", segments.join("/"))))
}

/// A path relative to a folder, from the root; nothing where it would leave the root.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let mut joined = String::with_capacity(folder.len() + 1 + path.len());
    joined.push_str(folder.trim_end_matches('/'));
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            segment => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(segment);
            }
        }
    }
    Some(joined)
}

/// The way from a folder to a file, both from the root.
fn relative(folder: &str, file: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    let to: Vec<&str> = file.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_stay_inside() {
        assert_eq!(join("articles/a", "../b/c.md").as_deref(), Some("articles/b/c.md"));
        assert_eq!(join("articles", "./x//y.md").as_deref(), Some("articles/x/y.md"));
        assert_eq!(join("articles/", "x.md").as_deref(), Some("articles/x.md"));
        assert_eq!([join("a", "../b"), join("", "b"), join("a", "..")].map(Option::unwrap_or_default), ["b", "b", ""]);
        assert_eq!(join("articles", "../../etc/passwd"), None);
        assert_eq!(without_dots("/a/../b/./c").as_deref(), Some("/b/c"));
        assert_eq!(without_dots("/a/%2e%2E/b").as_deref(), Some("/b"));
        assert_eq!(
            [without_dots("/a/../../b"), without_dots("/a\\..\\..\\b"), without_dots("/%2e%2e%2fb")],
            [None, None, None]
        );
        assert_eq!(relative("articles/a", "articles/b/c.md"), "../b/c.md");
        assert_eq!(relative("articles/a", "articles/a/c.md"), "c.md");
    }
}
