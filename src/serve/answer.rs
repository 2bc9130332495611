//! Answers for addresses: what the published site would show there, or one of the preview's own pages. Looks addresses up in the
//! list of finished files; no address ever becomes a path on the disk.

use jiff::civil::Date;

use super::desk::{Desk, Sight};
use super::findings;
use super::inject::{Extra, inject, page};
use super::inside::read_inside;
use super::pictures;
use super::types::{HTML, content_type};
use crate::newsroom::{self, ASSETS, Newsroom};
use crate::output::{Looked, LookedKind, Output, Shape, Unmade};
use crate::project::{AddressStyle, Diagnostic};

/// Everything of the preview's own lies below this, where no published page can be.
pub(super) const OWN: &str = "/_galen/";

/// What is asked for.
pub(super) struct Question<'a> {
    /// The path of the address, percent-encoded as it came.
    pub path: &'a str,
    pub query: &'a str,
    /// The day that the editor chose.
    pub day: Option<Date>,
}

/// What is sent back.
pub(super) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body, where it has still to be made: not while the site is held, or edits would wait for it.
    unmade: Option<Unmade>,
}

impl Answer {
    pub(super) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
            unmade: None,
        }
    }

    fn lead(status: u16, to: &str) -> Self {
        Self { status, headers: vec![("location".to_owned(), to.to_owned())], body: Vec::new(), unmade: None }
    }
}

/// Answers for one address.
pub(super) fn answer(desk: &Desk, question: &Question<'_>) -> Answer {
    let Some(path) = decoded(question.path) else {
        return Answer::new(400, "text/plain; charset=utf-8", "This is no address.");
    };
    if let Some(own) = path.strip_prefix(OWN) {
        return own_page(desk, own, question);
    }
    if path == OWN.trim_end_matches('/') {
        return Answer::lead(307, OWN);
    }
    let answer = with_sight(desk, question.day, |sight, trouble| from_sight(desk, sight, trouble, question, &path));
    match answer.unmade {
        Some(unmade) => pictures::made(desk, &unmade, answer.headers),
        None => answer,
    }
}

/// A path with its percent-encoding taken off; None where it is no text, or would mean something to a disk.
fn decoded(path: &str) -> Option<String> {
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let is_plain = path.starts_with('/') && !path.contains(['\\', '\0']);
    let climbs = path.split('/').any(|part| part == "." || part == "..");
    (is_plain && !climbs).then(|| path.into_owned())
}

fn own_page(desk: &Desk, own: &str, question: &Question<'_>) -> Answer {
    match own {
        "client.js" => Answer::new(200, "text/javascript; charset=utf-8", include_str!("client/client.js")),
        "client.css" => Answer::new(200, "text/css; charset=utf-8", include_str!("client/client.css")),
        "as-of" => choose_day(question.query),
        "" => newsroom(desk, question.day),
        _ => match ASSETS.iter().find(|(name, ..)| *name == own) {
            Some((_, content_type, text)) => Answer::new(200, content_type, *text),
            None => not_here("There is no such page of the preview."),
        },
    }
}

pub(super) fn not_here(why: &str) -> Answer {
    Answer::new(404, "text/plain; charset=utf-8", why)
}

/// Remembers a day in a cookie and leads back. An empty day forgets it.
fn choose_day(query: &str) -> Answer {
    let pairs = || url::form_urlencoded::parse(query.as_bytes());
    let value = |name: &str| pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let to = value("to").filter(|to| is_local(to)).unwrap_or_else(|| "/".to_owned());
    let day = value("day").unwrap_or_default();
    let cookie = match day.parse::<Date>() {
        Ok(day) => format!("{DAY}={day}; Path=/; SameSite=Strict; HttpOnly"),
        Err(_) if day.is_empty() => format!("{DAY}=; Path=/; Max-Age=0; SameSite=Strict; HttpOnly"),
        Err(_) => return Answer::new(400, "text/plain; charset=utf-8", "Write the day like 2026-04-15."),
    };
    let mut answer = Answer::lead(303, &to);
    answer.headers.push(("set-cookie".to_owned(), cookie));
    answer
}

/// The cookie that holds the day.
pub(super) const DAY: &str = "galen-as-of";

/// Whether an address stays on this site: a path, and nothing that a browser could take for a host.
fn is_local(to: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && c != '\\' && !c.is_whitespace();
    to.starts_with('/') && !to.starts_with("//") && to.is_ascii() && to.chars().all(is_plain)
}

/// The index of the whole newsroom.
fn newsroom(desk: &Desk, day: Option<Date>) -> Answer {
    with_sight(desk, day, |sight, trouble| {
        let index = newsroom::index(&of(desk, sight)).into_bytes();
        let overlay = findings::overlay(sight.preview.project(), &[], 0, trouble);
        let extra = Extra { overlay, panel: String::new(), number: desk.number() };
        Answer::new(200, HTML, inject(index, &extra))
    })
}

fn of<'a>(desk: &'a Desk, sight: &'a Sight) -> Newsroom<'a> {
    Newsroom {
        project: sight.preview.project(),
        output: sight.preview.output(),
        diagnostics: &sight.diagnostics,
        root: desk.root_text(),
    }
}

/// Answers from the site on the day that the editor chose, or else the newest.
fn with_sight(desk: &Desk, day: Option<Date>, make: impl Fn(&Sight, Option<&str>) -> Answer) -> Answer {
    if let Some(day) = day
        && let Some(sight) = desk.on(day)
    {
        let trouble = desk.now().trouble.clone();
        return make(&sight, trouble.as_deref());
    }
    let now = desk.now();
    match &now.sight {
        Some(sight) => make(sight, now.trouble.as_deref()),
        None => unreadable(desk, now.trouble.as_deref()),
    }
}

/// The preview's own page for a site that was never read.
fn unreadable(desk: &Desk, trouble: Option<&str>) -> Answer {
    let trouble = trouble.unwrap_or("The site was not read yet.");
    let text = format!(
        "<p>The site cannot be read. As soon as that is mended, it appears here by itself.</p>\n<pre>{}</pre>\n",
        crate::project::escape(trouble)
    );
    let extra = Extra { overlay: String::new(), panel: String::new(), number: desk.number() };
    Answer::new(503, HTML, page("The site cannot be read", &text, &extra))
}

fn from_sight(desk: &Desk, sight: &Sight, trouble: Option<&str>, question: &Question<'_>, path: &str) -> Answer {
    let output = sight.preview.output();
    let style = &sight.preview.project().settings.style;
    let Some(below) = below_base(path, &style.base) else { return Answer::lead(307, &format!("{}/", style.base)) };
    let (file, status) = match place(output, style, below) {
        Found::File(file) => (file, 200),
        Found::Elsewhere(canonical) => {
            let query = if question.query.is_empty() { String::new() } else { format!("?{}", question.query) };
            return Answer::lead(307, &format!("{}{}{query}", style.base, encoded(&canonical)));
        }
        Found::Nothing => ("404.html".to_owned(), 404),
    };
    let Some(looked) = output.look(&file) else { return not_here("There is no such page.") };
    let status = match looked.kind {
        // Nothing of a preview may be kept, a redirect least of all.
        LookedKind::Redirect(to) => return Answer::lead(301, to),
        LookedKind::Gone => 410,
        LookedKind::Here => status,
    };
    let mut answer = shown(desk, sight, trouble, &file, looked);
    if answer.status == 200 {
        answer.status = status;
    }
    let rules = match output.look("_headers").and_then(|looked| looked.content) {
        Some(Shape::Bytes(rules)) => rules,
        Some(Shape::File(on_disk)) => read_inside(desk.root(), on_disk).unwrap_or_default(),
        _ => Vec::new(),
    };
    answer.headers.extend(published_headers(&String::from_utf8_lossy(&rules), path));
    answer
}

fn shown(desk: &Desk, sight: &Sight, trouble: Option<&str>, file: &str, looked: Looked<'_>) -> Answer {
    let content_type = content_type(file);
    let bytes = match looked.content {
        Some(Shape::File(on_disk)) => {
            return match read_inside(desk.root(), on_disk) {
                Some(bytes) => Answer::new(200, content_type, bytes),
                None => not_here("This file cannot be read any more."),
            };
        }
        Some(Shape::Noted(on_disk)) => return pictures::original(desk, on_disk, content_type),
        Some(Shape::Picture(unmade)) => {
            return Answer { unmade: Some(unmade), ..Answer::new(200, content_type, Vec::new()) };
        }
        Some(Shape::Bytes(bytes)) if content_type != HTML => return Answer::new(200, content_type, bytes),
        Some(Shape::Bytes(bytes)) => Some(bytes),
        None => None,
    };
    let project = sight.preview.project();
    let while_made = sight.preview.judge(looked.found);
    let written = looked.source.map(|source| (source, project.source(source).path.as_str()));
    let is_own = |diagnostic: &&Diagnostic| {
        written.is_some_and(|(source, path)| findings::is_in(diagnostic, source, path))
            || findings::is_everywhere(diagnostic, project)
    };
    let (mut own, others): (Vec<_>, Vec<_>) = sight.diagnostics.iter().partition(is_own);
    let others = others.len();
    let mut all: Vec<Diagnostic> = while_made;
    all.extend(desk.broken_pictures(sight).into_iter().filter(|broken| is_own(&broken)));
    all.extend(own.drain(..).cloned());
    let overlay = findings::overlay(project, &all, others, trouble);
    let panel = newsroom::panel(&of(desk, sight), file);
    let extra = Extra { overlay, panel, number: desk.number() };
    match bytes {
        Some(bytes) => Answer::new(200, HTML, inject(bytes, &extra)),
        None => {
            Answer::new(500, HTML, page("This page cannot be made", "<p>What stops it stands below.</p>\n", &extra))
        }
    }
}

/// The path below that of the site; None where it lies elsewhere.
fn below_base<'a>(path: &'a str, base: &str) -> Option<&'a str> {
    let base = percent_encoding::percent_decode_str(base).decode_utf8_lossy().into_owned();
    let below = path.strip_prefix(base.as_str())?;
    below.starts_with('/').then_some(below)
}

enum Found {
    File(String),
    /// The page is there, under this address.
    Elsewhere(String),
    Nothing,
}

/// The file that a host would send for an address, both forms of a page's address being known to it.
fn place(output: &Output, style: &AddressStyle, path: &str) -> Found {
    let has = |file: &str| output.has(file);
    let name = path.trim_start_matches('/');
    let is_clean = !path.contains("//") && !matches!(name, "_headers" | "_redirects");
    let bare = name.trim_end_matches('/');
    let (flat, folder) = match bare {
        "" => ("index.html".to_owned(), "index.html".to_owned()),
        bare => (format!("{bare}.html"), format!("{bare}/index.html")),
    };
    if !is_clean {
        return Found::Nothing;
    }
    match (name.is_empty(), name.ends_with('/')) {
        (true, _) => Found::File(flat),
        (_, false) if has(name) => Found::File(name.to_owned()),
        (_, true) if has(&folder) => Found::File(folder),
        (_, false) if has(&flat) => Found::File(flat),
        (_, true) if has(&flat) && !style.trailing_slash => Found::Elsewhere(format!("/{bare}")),
        (_, false) if has(&folder) => Found::Elsewhere(format!("/{bare}/")),
        _ => Found::Nothing,
    }
}

fn encoded(path: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    percent_encoding::utf8_percent_encode(path, KEPT).to_string()
}

/// The headers that a host would send by the site's `_headers`. How long something may be kept is the preview's own affair.
fn published_headers(rules: &str, path: &str) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut applies = false;
    for line in rules.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        if !line.starts_with([' ', '\t']) {
            let pattern = line.trim();
            applies = match pattern.split_once('*') {
                Some((start, end)) => {
                    path.len() >= start.len() + end.len() && path.starts_with(start) && path.ends_with(end)
                }
                None => path == pattern,
            };
        } else if applies && let Some((name, value)) = line.trim().split_once(':') {
            let name = name.trim().to_ascii_lowercase();
            if !matches!(
                name.as_str(),
                "cache-control" | "content-type" | "content-length" | "strict-transport-security"
            ) {
                headers.push((name, value.trim().to_owned()));
            }
        }
    }
    headers
}
