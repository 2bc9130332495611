//! Feeds and sitemaps hold to their specifications: Atom to RFC 4287, sitemaps to <https://www.sitemaps.org/protocol.html>.
//!
//! `tests/feeds/` holds broken samples, each of which says in a comment which fault it has, and whole ones that say `whole`.

mod support;

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use support::{Folder, Tree, repository, tree};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// What may stand in a feed or an entry, and how often at most. No limit: `usize::MAX`.
const FEED: &[(&str, usize)] = &[
    ("id", 1),
    ("title", 1),
    ("updated", 1),
    ("subtitle", 1),
    ("rights", 1),
    ("generator", 1),
    ("icon", 1),
    ("logo", 1),
    ("author", usize::MAX),
    ("contributor", usize::MAX),
    ("category", usize::MAX),
    ("link", usize::MAX),
    ("entry", usize::MAX),
];
const ENTRY: &[(&str, usize)] = &[
    ("id", 1),
    ("title", 1),
    ("updated", 1),
    ("published", 1),
    ("summary", 1),
    ("content", 1),
    ("rights", 1),
    ("source", 1),
    ("author", usize::MAX),
    ("contributor", usize::MAX),
    ("category", usize::MAX),
    ("link", usize::MAX),
];
const PERSON: &[(&str, usize)] = &[("name", 1), ("uri", 1), ("email", 1)];

/// What is wrong with a file.
fn faults(text: &str) -> Vec<String> {
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => return vec![format!("not well-formed: {error}")],
    };
    let root = document.root_element();
    let mut faults = Vec::new();
    match (root.tag_name().namespace(), root.tag_name().name()) {
        (Some(ATOM), "feed") => feed(root, &mut faults),
        (Some(SITEMAP), "urlset") => sitemap(root, "url", &mut faults),
        (Some(SITEMAP), "sitemapindex") => sitemap(root, "sitemap", &mut faults),
        (namespace, name) => faults.push(format!("neither a feed nor a sitemap: {name} of {namespace:?}")),
    }
    if text.len() > 50 << 20 {
        faults.push("larger than 50 MB".to_owned());
    }
    faults
}

/// The children of a name in the namespace of their parent.
fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    let namespace = node.tag_name().namespace();
    node.children().filter(move |child| child.tag_name().name() == name && child.tag_name().namespace() == namespace)
}

/// The text of a node, as long as it holds nothing else.
fn plain<'a>(node: Node<'a, 'a>, faults: &mut Vec<String>) -> String {
    if node.children().any(|child| child.is_element()) {
        faults.push(format!("{}: elements where text belongs", node.tag_name().name()));
    }
    let text: String = node.children().filter_map(|child| child.text()).collect();
    if text.trim().is_empty() || text.trim() != text {
        faults.push(format!("{}: empty, or with space around it", node.tag_name().name()));
    }
    text
}

/// Looks at what stands in a node: nothing unknown, nothing too often, and what has to be there.
fn holds(node: Node<'_, '_>, known: &[(&str, usize)], required: &[&str], faults: &mut Vec<String>) {
    let parent = node.tag_name();
    let own =
        || node.children().filter(|child| child.is_element() && child.tag_name().namespace() == parent.namespace());
    for child in own().filter(|child| known.iter().all(|(name, _)| *name != child.tag_name().name())) {
        faults.push(format!("{}: no place for {}", parent.name(), child.tag_name().name()));
    }
    for (name, most) in known {
        let count = own().filter(|child| child.tag_name().name() == *name).count();
        if count > *most {
            faults.push(format!("{}: {count} of {name}", parent.name()));
        }
        if count == 0 && required.contains(name) {
            faults.push(format!("{}: no {name}", parent.name()));
        }
    }
    for text in node.children().filter(|child| child.is_text() && !child.text().unwrap_or_default().trim().is_empty()) {
        faults.push(format!("{}: text beside elements: {:?}", parent.name(), text.text()));
    }
}

fn feed(root: Node<'_, '_>, faults: &mut Vec<String>) {
    holds(root, FEED, &["id", "title", "updated"], faults);
    construct(root, faults);
    // One self link is a "should", which readers rely on.
    let own = children(root, "link").filter(|link| link.attribute("rel") == Some("self"));
    match own.collect::<Vec<_>>()[..] {
        [_] => {}
        ref links => faults.push(format!("feed: {} self links", links.len())),
    }
    let mut ids = BTreeSet::new();
    for entry in children(root, "entry") {
        holds(entry, ENTRY, &["id", "title", "updated"], faults);
        construct(entry, faults);
        let id: String = children(entry, "id").filter_map(|id| id.text()).collect();
        if !ids.insert(id.clone()) {
            faults.push(format!("entry: two of the id {id}"));
        }
        let source = children(entry, "source").next();
        let signed = [Some(entry), source, Some(root)].into_iter().flatten();
        if !signed.into_iter().any(|node| children(node, "author").next().is_some()) {
            faults.push("entry: no author, and none of the feed".to_owned());
        }
        let has_alternate = children(entry, "link").any(|link| relation(link) == "alternate");
        if children(entry, "content").next().is_none() && !has_alternate {
            faults.push("entry: neither content nor an alternate link".to_owned());
        }
    }
}

/// The relation of a link.
fn relation<'a>(link: Node<'a, 'a>) -> &'a str {
    link.attribute("rel").unwrap_or("alternate")
}

/// What holds for a feed and an entry alike.
fn construct(node: Node<'_, '_>, faults: &mut Vec<String>) {
    let mut alternates = BTreeSet::new();
    for child in node.children().filter(|child| child.tag_name().namespace() == Some(ATOM)) {
        match child.tag_name().name() {
            "id" | "icon" | "logo" => address(child.tag_name().name(), &plain(child, faults), faults),
            "updated" | "published" => moment(&plain(child, faults), faults),
            "title" | "subtitle" | "summary" | "rights" => text(child, faults),
            "author" | "contributor" => {
                holds(child, PERSON, &["name"], faults);
                for part in child.children().filter(|part| part.is_element()) {
                    let words = plain(part, faults);
                    match part.tag_name().name() {
                        "uri" => address("uri", &words, faults),
                        "email" if !words.contains('@') => faults.push(format!("email: {words}")),
                        _ => {}
                    }
                }
            }
            "category" if child.attribute("term").is_none_or(str::is_empty) => {
                faults.push("category: no term".to_owned());
            }
            "link" => {
                address("link", child.attribute("href").unwrap_or_default(), faults);
                if let Some(kind) = child.attribute("type").filter(|kind| kind.split('/').count() != 2) {
                    faults.push(format!("link: the type {kind}"));
                }
                let key = (child.attribute("type"), child.attribute("hreflang"));
                if relation(child) == "alternate" && !alternates.insert(key) {
                    faults.push("link: two alternates of one type and language".to_owned());
                }
            }
            _ => {}
        }
    }
}

/// A text construct: plain, HTML as text, or one `div` of XHTML.
fn text(node: Node<'_, '_>, faults: &mut Vec<String>) {
    match node.attribute("type").unwrap_or("text") {
        "text" | "html" => {
            plain(node, faults);
        }
        "xhtml" => {
            let divs = node.children().filter(|child| child.is_element()).map(|child| child.tag_name());
            let is_div = divs.map(|tag| (tag.namespace() == Some("http://www.w3.org/1999/xhtml"), tag.name()));
            if is_div.collect::<Vec<_>>() != [(true, "div")] {
                faults.push(format!("{}: not one div", node.tag_name().name()));
            }
        }
        other => faults.push(format!("{}: the text type {other}", node.tag_name().name())),
    }
}

/// A full IRI.
fn address(name: &str, words: &str, faults: &mut Vec<String>) {
    let is_legal = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"{}|\\^`".contains(c);
    if !words.chars().all(is_legal) || url::Url::parse(words).is_err() {
        faults.push(format!("{name}: no IRI: {words:?}"));
    }
}

/// A moment as RFC 3339 writes it, with capital letters.
fn moment(words: &str, faults: &mut Vec<String>) {
    let shape = words.len() >= "2026-11-23T00:00:00Z".len() && words.as_bytes().get(10) == Some(&b'T');
    if !shape || words.contains('[') || words.contains('z') || words.parse::<jiff::Timestamp>().is_err() {
        faults.push(format!("no moment: {words:?}"));
    }
}

fn sitemap(root: Node<'_, '_>, kind: &'static str, faults: &mut Vec<String>) {
    const PAGE: &[(&str, usize)] = &[("loc", 1), ("lastmod", 1), ("changefreq", 1), ("priority", 1)];
    const PART: &[(&str, usize)] = &[("loc", 1), ("lastmod", 1)];
    let frequencies = ["always", "hourly", "daily", "weekly", "monthly", "yearly", "never"];
    holds(root, &[(kind, 50_000)], &[kind], faults);
    let (mut seen, mut hosts) = (BTreeSet::new(), BTreeSet::new());
    for entry in children(root, kind) {
        holds(entry, if kind == "url" { PAGE } else { PART }, &["loc"], faults);
        for part in entry.children().filter(|part| part.is_element()) {
            let words = plain(part, faults);
            match part.tag_name().name() {
                "loc" => {
                    address("loc", &words, faults);
                    if words.len() >= 2048 {
                        faults.push("loc: 2048 characters or more".to_owned());
                    }
                    if !words.is_ascii() {
                        faults.push(format!("loc: letters that are not escaped: {words}"));
                    }
                    hosts.extend(url::Url::parse(&words).ok().map(|url| url.origin().ascii_serialization()));
                    if !seen.insert(words.clone()) {
                        faults.push(format!("loc: twice: {words}"));
                    }
                }
                "lastmod" if words.parse::<jiff::civil::Date>().is_err() || words.len() != 10 => {
                    moment(&words, faults);
                }
                "changefreq" if !frequencies.contains(&words.as_str()) => faults.push(format!("changefreq: {words}")),
                "priority" if !words.parse::<f64>().is_ok_and(|value| (0.0..=1.0).contains(&value)) => {
                    faults.push(format!("priority: {words}"));
                }
                _ => {}
            }
        }
    }
    if hosts.len() > 1 {
        faults.push(format!("loc: more than one host: {hosts:?}"));
    }
}

/// The feeds and sitemaps of a site hold, and every feed says where it is itself.
fn assert_holds(files: &Tree, origin: &str, at_least: usize) {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".xml")) {
        count += 1;
        let text = String::from_utf8_lossy(bytes);
        wrong.extend(faults(&text).iter().map(|fault| format!("{path}: {fault}")));
        let itself = format!("rel=\"self\" type=\"application/atom+xml\" href=\"{origin}{path}\"");
        if path.ends_with("feed.xml") && !origin.is_empty() && !text.contains(&itself) {
            wrong.push(format!("{path}: its self link leads elsewhere"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} faults", wrong.join("\n"), wrong.len());
    assert!(count >= at_least, "only {count} feeds and sitemaps");
}

#[test]
fn feeds_and_sitemaps_of_the_demonstration_hold() {
    let folder = Folder::demonstration();
    folder.build().run();
    let files = folder.output();
    assert_holds(&files, "https://galen.example/", 20);
    // There is no JSON feed to be held against <https://jsonfeed.org/version/1.1>.
    let feeds = files.iter().filter(|(path, _)| path.ends_with(".json"));
    let named = feeds.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("https://jsonfeed.org/"));
    assert_eq!(named.count(), 0, "a JSON feed wants a test");
}

#[test]
fn feeds_and_sitemaps_of_the_golden_sites_hold() {
    let mut files = tree(&repository().join("tests/sites"));
    // A preview with drafts lists nothing for search engines; every other build has a home page at least.
    files.retain(|path, _| path.contains("/expected/") && path != "preview/expected/sitemap.xml");
    assert_holds(&files, "", 20);
}

#[test]
fn what_breaks_the_specifications_is_seen() {
    let samples = tree(&repository().join("tests/feeds"));
    assert!(samples.len() > 20, "only {} samples", samples.len());
    for (path, bytes) in &samples {
        let text = String::from_utf8_lossy(bytes);
        let (_, rest) = text.split_once("<!-- ").expect("a sample says what it is");
        let wanted = rest.split(" -->").next().unwrap_or_default();
        let found = faults(&text);
        let is_right = if wanted == "whole" { found.is_empty() } else { found.len() == 1 && found[0].contains(wanted) };
        assert!(is_right, "{path} should be {wanted:?}, not {found:?}");
    }
}
