//! An independent look at finished sites, as readers and search engines see them: nothing here knows how Galen makes them.

mod support;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use quick_xml::events::Event;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use support::{Folder, Tree, tree};

/// A finished site and the rules of the host that serves it.
struct Site {
    origin: String,
    /// Path of the site below its host, without a slash at its end.
    base: String,
    trailing_slash: bool,
    files: Tree,
    pages: BTreeMap<String, Page>,
}

/// What matters of a page.
struct Page {
    html: Html,
    ids: Vec<String>,
    /// Where it says that it lies.
    canonical: Option<String>,
    noindex: bool,
    is_redirect: bool,
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn attribute<'a>(html: &'a Html, selector: &str, name: &str) -> Option<&'a str> {
    all(html, selector).first().and_then(|element| element.attr(name))
}

impl Page {
    fn new(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("a page is text");
        let html = Html::parse_document(text);
        Self {
            ids: all(&html, "[id]").iter().filter_map(|element| element.attr("id")).map(str::to_owned).collect(),
            canonical: attribute(&html, "link[rel=canonical]", "href").map(str::to_owned),
            noindex: attribute(&html, "meta[name=robots]", "content").is_some_and(|words| words.contains("noindex")),
            is_redirect: !all(&html, "meta[http-equiv=refresh]").is_empty(),
            html,
        }
    }
}

impl Site {
    fn of(folder: &Folder, origin: &str, base: &str, trailing_slash: bool) -> Self {
        let files = tree(&folder.join("public"));
        let html = files.iter().filter(|(path, _)| path.ends_with(".html"));
        let pages = html.map(|(path, bytes)| (path.clone(), Page::new(bytes))).collect();
        Self { origin: origin.to_owned(), base: base.to_owned(), trailing_slash, files, pages }
    }

    /// The file a host sends for a path, the base taken away. `/a/b` is `a/b.html`, `/a/b/` is `a/b/index.html`.
    fn file(&self, path: &str) -> Option<String> {
        let below = path.strip_prefix(&self.base)?;
        let decoded = percent_decode_str(below).decode_utf8().ok()?;
        let name = decoded.strip_prefix('/')?;
        let candidates = if name.is_empty() {
            vec!["index.html".to_owned()]
        } else if let Some(folder) = name.strip_suffix('/') {
            vec![format!("{folder}/index.html")]
        } else if self.trailing_slash {
            vec![name.to_owned()]
        } else {
            vec![name.to_owned(), format!("{name}.html")]
        };
        candidates.into_iter().find(|file| self.files.contains_key(file))
    }

    /// The address under which a page is to be linked to.
    fn address(&self, file: &str) -> String {
        let path = match (file.strip_suffix("/index.html"), file.strip_suffix(".html")) {
            _ if file == "index.html" => String::new(),
            (Some(folder), _) => format!("{folder}/"),
            (None, Some(name)) => name.to_owned(),
            (None, None) => file.to_owned(),
        };
        let address = url::Url::parse(&format!("{}{}/", self.origin, self.base)).expect("a web address");
        address.join(&encoded(&path)).expect("an address below it").path().to_owned()
    }

    /// What is wrong with a link, if something is.
    fn fault(&self, from: &str, link: &str) -> Option<String> {
        if link.starts_with("mailto:") || link.starts_with("tel:") {
            return None;
        }
        if let Some(fragment) = link.strip_prefix('#') {
            return self.missing_fragment(from, fragment);
        }
        let here = format!("{}{}/", self.origin, self.base);
        let full = url::Url::parse(&here).expect("a web address").join(link).map_err(|error| error.to_string());
        let url = match full {
            Ok(url) => url,
            Err(error) => return Some(error),
        };
        if url.origin().ascii_serialization() != self.origin {
            return (url.scheme() != "https").then(|| "an outside link without https".to_owned());
        }
        if !link.starts_with('/') && !link.starts_with(&self.origin) {
            return Some("it does not begin at the root of the site".to_owned());
        }
        let Some(file) = self.file(url.path()) else { return Some("nothing is there".to_owned()) };
        if let Some(page) = self.pages.get(&file) {
            if url.path() != self.address(&file) {
                return Some(format!("the canonical form is {}", self.address(&file)));
            }
            if page.is_redirect && !self.pages[from].is_redirect {
                return Some("it leads to an old address".to_owned());
            }
        }
        url.fragment().and_then(|fragment| self.missing_fragment(&file, fragment))
    }

    fn missing_fragment(&self, file: &str, fragment: &str) -> Option<String> {
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        let found =
            fragment == "top" || self.pages.get(file).is_some_and(|page| page.ids.iter().any(|id| *id == fragment));
        (!found).then(|| format!("{file} has no #{fragment}"))
    }
}

/// A path as a URL holds it. The URL standard leaves more as it is than is safe in a path, so everything but letters,
/// digits and a few marks is encoded.
fn encoded(path: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(path, KEPT).to_string()
}

/// Every attribute that holds an address, with the elements that have it.
const ADDRESSES: [(&str, &str); 10] = [
    ("a", "href"),
    ("link", "href"),
    ("img", "src"),
    ("script", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    // What is posted goes to a server's own program.
    ("form[method=get]", "action"),
    ("form", "data-index"),
    ("form", "data-script"),
];

fn links(page: &Page) -> Vec<&str> {
    let of = |(element, name): &(&str, &'static str)| -> Vec<&str> {
        all(&page.html, element).into_iter().filter_map(|element| element.attr(name)).collect()
    };
    ADDRESSES.iter().flat_map(of).collect()
}

fn broken_links(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, page) in &site.pages {
        for link in links(page) {
            if let Some(fault) = site.fault(file, link) {
                faults.push(format!("{file}: {link}: {fault}"));
            }
        }
        if let Some(content) = attribute(&page.html, "meta[http-equiv=refresh]", "content") {
            let to = content.split_once("url=").expect("a redirect leads somewhere").1;
            faults.extend(site.fault(file, to).map(|fault| format!("{file}: redirect to {to}: {fault}")));
        }
        let own = format!("{}{}", site.origin, site.address(file));
        match &page.canonical {
            None => assert_eq!(file, "404.html", "a page without a canonical address"),
            Some(canonical) if !page.is_redirect => assert_eq!(*canonical, own, "{file}"),
            Some(_) => {}
        }
    }
    faults
}

/// Headings in order, ids, pictures, landmarks.
fn structure_faults(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, page) in &site.pages {
        let mut fault = |text: String| faults.push(format!("{file}: {text}"));
        let mut ids = BTreeSet::new();
        page.ids.iter().filter(|id| !ids.insert(*id)).for_each(|id| fault(format!("two places have the id {id}")));
        if page.ids.iter().any(|id| id.is_empty() || id.contains(char::is_whitespace)) {
            fault("an id that is empty or holds a space".to_owned());
        }
        let levels: Vec<u32> = all(&page.html, "h1, h2, h3, h4, h5, h6")
            .iter()
            .map(|heading| heading.value().name()[1..].parse().expect("a heading has a level"))
            .collect();
        if levels.iter().filter(|level| **level == 1).count() != 1 {
            fault("not one h1".to_owned());
        }
        let mut above = 0;
        for level in levels {
            if level > above + 1 {
                fault(format!("a heading of level {level} follows one of level {above}"));
            }
            above = level;
        }
        for heading in all(&page.html, "h1, h2, h3, h4, h5, h6") {
            if heading.text().all(|text| text.trim().is_empty()) {
                fault("an empty heading".to_owned());
            }
        }
        for link in all(&page.html, "a[href]") {
            let named = link.attr("aria-label").is_some() || link.text().any(|text| !text.trim().is_empty());
            let pictured = link.select(&Selector::parse("img[alt]").expect("a selector")).next().is_some();
            if !named && !pictured {
                fault(format!("a link without a name: {:?}", link.attr("href")));
            }
        }
        for picture in all(&page.html, "img") {
            if picture.attr("alt").is_none() {
                fault(format!("a picture without an alternative: {:?}", picture.attr("src")));
            }
        }
        for picture in all(&page.html, "main img") {
            let size =
                |name: &str| picture.attr(name).is_some_and(|size| size.parse::<u32>().is_ok_and(|size| size > 0));
            if !(size("width") && size("height")) {
                fault(format!("a picture without a size: {:?}", picture.attr("src")));
            }
        }
        let referring = ["aria-labelledby", "aria-describedby", "aria-controls", "for"];
        for name in referring {
            for element in all(&page.html, &format!("[{name}]")) {
                for id in element.attr(name).unwrap_or_default().split_whitespace() {
                    if !page.ids.iter().any(|other| other == id) {
                        fault(format!("{name} names #{id}, which is nowhere"));
                    }
                }
            }
        }
        for time in all(&page.html, "time") {
            let day = time.attr("datetime").unwrap_or_default();
            if day.parse::<jiff::civil::Date>().is_err() {
                fault(format!("a time that is no day: {day:?}"));
            }
        }
        if page.html.root_element().attr("lang").is_none() {
            fault("no language".to_owned());
        }
        if !page.is_redirect && all(&page.html, "main").len() != 1 {
            fault("not one main".to_owned());
        }
    }
    faults
}

/// The JSON-LD of a page says what the page shows, in one graph without loose ends.
fn json_ld_faults(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    for (file, page) in site.pages.iter().filter(|(_, page)| !page.is_redirect) {
        let scripts = all(&page.html, "script[type='application/ld+json']");
        assert_eq!(scripts.len(), 1, "{file}: one graph a page");
        let json: Value = serde_json::from_str(&scripts[0].inner_html()).expect("JSON-LD is JSON");
        assert_eq!(json["@context"], "https://schema.org", "{file}");
        let graph = json["@graph"].as_array().expect("a graph");
        let mut defined = BTreeSet::new();
        for node in graph {
            assert!(node["@type"].is_string(), "{file}: {node}");
            if let Some(id) = node["@id"].as_str() {
                assert!(defined.insert(id), "{file}: {id} is defined twice");
            }
        }
        let shown = Shown::of(page);
        for node in graph {
            statements(node, &mut |key, value, is_reference| {
                let fault = match key {
                    "@id" if is_reference => {
                        (!defined.contains(value)).then(|| "defined nowhere in the graph".to_owned())
                    }
                    // A page of a breadcrumb.
                    "@id" if !value.contains('#') => site.fault(file, value),
                    "url" | "sameAs" | "logo" | "publishingPrinciples" => site.fault(file, value),
                    "datePublished" | "dateModified" | "lastReviewed" => {
                        (!shown.days.contains(value)).then(|| "not shown on the page".to_owned())
                    }
                    "name" | "honorificPrefix" | "honorificSuffix" | "keywords" | "codeValue" | "codingSystem"
                    | "caption" | "description" | "address" | "email" | "alternateName" => {
                        (!shown.text.contains(&spaced(value))).then(|| "not shown on the page".to_owned())
                    }
                    _ => None,
                };
                faults.extend(fault.map(|fault| format!("{file}: JSON-LD {key} {value:?}: {fault}")));
            });
        }
        let kinds: Vec<&str> = graph.iter().filter_map(|node| node["@type"].as_str()).collect();
        if attribute(&page.html, "body", "class") == Some("page-article") && !all(&page.html, ".byline").is_empty() {
            assert!(kinds.contains(&"MedicalWebPage"), "{file}: {kinds:?}");
        }
        if file != "404.html" && file != "index.html" {
            assert!(kinds.contains(&"BreadcrumbList"), "{file}: {kinds:?}");
        }
        let questions = all(&page.html, ".faq h3").len();
        let stated =
            graph.iter().find(|node| node["@type"] == "FAQPage").and_then(|node| node["mainEntity"].as_array());
        assert_eq!(stated.map_or(0, Vec::len), questions, "{file}: questions");
    }
    faults
}

/// What a reader can see of a page.
struct Shown {
    text: String,
    days: BTreeSet<String>,
}

impl Shown {
    fn of(page: &Page) -> Self {
        let mut text = String::new();
        for node in page.html.tree.nodes() {
            let mut around = node.ancestors().filter_map(|other| other.value().as_element());
            let Some(words) = node.value().as_text() else { continue };
            if !around.any(|element| matches!(element.name(), "script" | "head")) {
                text.push_str(words);
            }
        }
        let times = all(&page.html, "time[datetime]").into_iter();
        let days = times.filter_map(|time| time.attr("datetime")).map(str::to_owned);
        Self { text: spaced(&text), days: days.collect() }
    }
}

/// White space as one space.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every text of a node, with its key and whether it stands in a mere reference.
fn statements(value: &Value, found: &mut dyn FnMut(&str, &str, bool)) {
    fn walk(key: &str, value: &Value, is_reference: bool, found: &mut dyn FnMut(&str, &str, bool)) {
        match value {
            Value::String(text) => found(key, text, is_reference),
            Value::Array(items) => items.iter().for_each(|item| walk(key, item, is_reference, found)),
            Value::Object(map) => {
                // Questions are compared by number; a person's parts of a name are shown, and so is the whole.
                map.iter().for_each(|(key, value)| walk(key, value, map.len() == 1, found));
            }
            _ => {}
        }
    }
    walk("", value, false, found);
}

/// Strict XML: well-formed, and every element closed by its own name. Gives the texts by element.
fn xml(bytes: &[u8]) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    reader.config_mut().check_comments = true;
    let (mut path, mut texts) = (Vec::<String>::new(), Vec::<(String, String)>::new());
    let mut buffer = Vec::new();
    let add = |texts: &mut Vec<(String, String)>, path: &[String], words: &str| {
        // What follows an element belongs to its parent, of which only white space is expected.
        match texts.last_mut().filter(|last| last.0 == path.join("/")) {
            Some(last) => last.1.push_str(words),
            None => assert!(words.trim().is_empty(), "text beside elements: {words:?}"),
        }
    };
    loop {
        match reader.read_event_into(&mut buffer).expect("well-formed XML") {
            Event::Start(start) => {
                start.attributes().for_each(|attribute| {
                    attribute.expect("a well-formed attribute");
                });
                path.push(start.name().as_ref().to_owned());
                texts.push((path.join("/"), String::new()));
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) => add(&mut texts, &path, &text),
            Event::GeneralRef(reference) => {
                let resolved = quick_xml::escape::resolve_predefined_entity(&reference);
                add(&mut texts, &path, resolved.expect("an entity of XML itself"));
            }
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    assert!(path.is_empty(), "{path:?} stays open");
    texts
}

fn machine_file_faults(site: &Site) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |file: &str, link: &str| {
        faults.extend(site.fault("index.html", link).map(|fault| format!("{file}: {link}: {fault}")))
    };
    for (file, bytes) in site.files.iter().filter(|(file, _)| file.ends_with(".xml")) {
        let texts = xml(bytes);
        if file.ends_with("feed.xml") {
            let entries = texts.iter().filter(|(path, _)| path == "feed/entry/id" || path == "feed/entry/author/uri");
            entries.for_each(|(_, link)| check(file, link));
            for path in ["feed/id", "feed/title", "feed/updated"] {
                assert!(texts.iter().any(|(other, _)| other == path), "{file} has no {path}");
            }
        }
    }
    let lines = |file: &str| String::from_utf8(site.files[file].clone()).expect("text");
    for line in lines("_redirects").lines() {
        let [from, to, code] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("_redirects: {line}") };
        assert_eq!(code, "301");
        check("_redirects", to);
        assert!(site.file(from).or_else(|| site.file(&format!("{from}/"))).is_some(), "_redirects: no page at {from}");
    }
    assert!(lines("robots.txt").contains(&format!("Sitemap: {}{}/sitemap.xml\n", site.origin, site.base)));
    let manifest: Value = serde_json::from_slice(&site.files["site.webmanifest"]).expect("JSON");
    check("site.webmanifest", manifest["start_url"].as_str().expect("an address"));
    let index: Value = serde_json::from_slice(&site.files["search-index.json"]).expect("JSON");
    for piece in index["records"].as_array().expect("a list") {
        let file = format!("search-index/{}.json", piece.as_str().expect("a name"));
        let records: Value = serde_json::from_slice(&site.files[&file]).expect("JSON");
        for record in records.as_array().expect("a list") {
            let href = record[1].as_str().expect("an address");
            check(&file, href);
            for heading in record[3].as_array().expect("a list").chunks(2) {
                let plain = heading[0].as_str().expect("words").to_ascii_lowercase();
                let plain: Vec<&str> =
                    plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
                let plain = plain.join("-");
                check(&file, &format!("{href}#{}", heading[1].as_str().unwrap_or(&plain)));
            }
        }
    }
    for (file, bytes) in &site.files {
        let Some(page) = file.strip_suffix(".json").filter(|name| !name.starts_with("search-index")) else { continue };
        let twin: Value = serde_json::from_slice(bytes).expect("JSON");
        let address = if site.trailing_slash { format!("{page}/index.html") } else { format!("{page}.html") };
        assert_eq!(twin["url"].as_str(), site.pages[&address].canonical.as_deref(), "{file}");
    }
    faults
}

/// The sitemap lists every page that search engines may show, and nothing else.
fn check_sitemap(site: &Site) {
    let listed: Vec<String> = xml(&site.files["sitemap.xml"])
        .into_iter()
        .filter(|(path, _)| path == "urlset/url/loc")
        .map(|(_, text)| text)
        .collect();
    let unique: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), listed.len(), "the sitemap lists something twice");
    let pages = site.pages.values().filter(|page| !page.noindex && !page.is_redirect);
    let indexable: BTreeSet<&str> = pages.filter_map(|page| page.canonical.as_deref()).collect();
    let differing: Vec<_> = unique.symmetric_difference(&indexable).collect();
    assert!(differing.is_empty(), "in the sitemap or for search engines, but not both: {differing:?}");
}

/// Whoever begins on the home page and follows links comes to every page.
fn unreachable(site: &Site) -> Vec<String> {
    let mut seen = BTreeSet::from(["index.html".to_owned()]);
    let mut next = VecDeque::from(["index.html".to_owned()]);
    while let Some(file) = next.pop_front() {
        let ways = all(&site.pages[&file].html, "a[href], form[method=get]").into_iter();
        for link in ways.filter_map(|way| way.attr("href").or(way.attr("action"))) {
            let path = link.split(['#', '?']).next().unwrap_or_default();
            let Some(found) = site.file(path).filter(|found| site.pages.contains_key(found)) else { continue };
            if seen.insert(found.clone()) {
                next.push_back(found);
            }
        }
    }
    // To a page that was withdrawn only old links lead.
    let stands_alone = |page: &Page| page.is_redirect || !all(&page.html, ".page-not-found, .page-gone").is_empty();
    let must = site.pages.iter().filter(|(_, page)| !stands_alone(page));
    must.map(|(file, _)| file.clone()).filter(|file| !seen.contains(file)).collect()
}

fn check(site: &Site) {
    let mut faults = broken_links(site);
    faults.extend(structure_faults(site));
    faults.extend(json_ld_faults(site));
    faults.extend(machine_file_faults(site));
    faults.extend(unreachable(site).into_iter().map(|file| format!("{file}: no way leads there from the home page")));
    assert!(faults.is_empty(), "{}\n{} faults", faults.join("\n"), faults.len());
    check_sitemap(site);
}

#[test]
fn the_demonstration_site_is_whole() {
    let folder = Folder::demonstration();
    folder.build().run();
    check(&Site::of(&folder, "https://galen.example", "", false));
}

#[test]
fn the_demonstration_site_has_no_finding() {
    let checked = Folder::demonstration().galen(["check", "--as-of", support::TODAY, "--format", "json"]).run();
    assert_eq!(checked.stdout, "");
}

#[test]
fn patterns_alone_give_the_addresses_of_the_seed_page() {
    let patterns = "[permalinks]\narticle = \"/{section}/{slug}\"\nsection = \"/{section}\"\n\
        category = \"/{section}/category/{category}\"\nperson = \"/author/{person}\"\ntag = \"/tags/{tag}\"\n\n[review]";
    let folder = Folder::demonstration().replace("site.toml", "[review]", patterns);
    folder.build().run();
    let site = Site::of(&folder, "https://galen.example", "", false);
    check(&site);
    let exists = |path: &str| assert!(site.file(path).is_some(), "nothing at {path}");
    exists("/symptoms-guide/understanding-aching-legs-at-night");
    exists("/symptoms-guide/category/bones-and-joints");
    exists("/author/ada-lindqvist");
    exists("/author/tomas-okafor");
    exists("/tags/leg-pain");
    assert!(site.pages.keys().all(|file| file == "index.html" || !file.ends_with("/index.html")));
}

#[test]
fn the_site_is_whole_below_a_path_and_with_slashes() {
    let folder = Folder::demonstration().replace(
        "site.toml",
        "base_url = \"https://galen.example\"",
        "base_url = \"https://galen.example/a/b\"\ntrailing_slash = true",
    );
    folder.build().run();
    check(&Site::of(&folder, "https://galen.example", "/a/b", true));
}

#[test]
fn the_golden_sites_are_whole() {
    for (name, origin) in [("everything", "https://everything.example"), ("minimal", "https://minimal.example")] {
        let folder = Folder::site(name);
        folder.build().run();
        check(&Site::of(&folder, origin, "", false));
    }
    let folder = Folder::site("rtl").without("templates");
    folder.build().run();
    check(&Site::of(&folder, "https://xn--ogbhx.example", "/%D9%85%D8%B3%D8%A7%D8%B1", false));
    let folder = Folder::site("pagination").without("templates");
    folder.build().run();
    check(&Site::of(&folder, "https://pages.example", "", false));
    let folder = Folder::site("trailing-slash").without("templates");
    folder.build().run();
    check(&Site::of(&folder, "https://slashes.example", "/health", true));
}

#[test]
fn no_heading_takes_an_anchor_that_the_page_needs_itself() {
    let generated = [
        "Source 1",
        "Cite 1 1",
        "Cite 1 2",
        "Note 1",
        "Note ref 1",
        "Note ref 1 2",
        "FAQ 1 note 1",
        "FAQ 1 note ref 1",
        "Block 0 1",
        "Block 0 2",
        "Block 1 1",
        "Main",
        "Contents",
        "Takeaways",
        "FAQ",
        "Sources",
        "History",
        "Disclaimer",
        "Experts",
        "Related",
        "Search",
        "Menu",
        "Top",
        "Letter A",
        "Question",
        "Question",
    ];
    let headings: String = generated.iter().map(|words| format!("## {words}\n\n### {words}\n\n")).collect();
    let faq: String = generated
        .iter()
        .map(|words| {
            format!("[[faq]]\nquestion = \"{words}\"\nanswer = \"A.[^n]\\n\\n> [!URGENT] U\\n> u\\n\\n[^n]: N.\"\n")
        })
        .collect();
    let front = format!(
        "title = \"A\"\ndescription = \"A.\"\nauthor = \"p\"\ntags = [\"t\"]\ntakeaways = [\"T\"]\n{faq}\
        [[source]]\nid = \"s\"\ntitle = \"S\"\n[[history]]\ndate = 2026-01-01\nkind = \"links\"\nnote = \"N\"\n"
    );
    let body = format!(
        "Lead[^s] lead[^s] lead[^n] lead[^n].\n\n{headings}> [!URGENT] U\n> u\n\n> [!EMERGENCY] E\n> e\n\n> [!EXPERTS]\n\n[^n]: N.\n"
    );
    let folder = Folder::new()
        .file("site.toml", "title = \"T\"\nbase_url = \"https://t.example\"\n[rules]\nmissing-reviewer = \"off\"\n")
        .file("articles/s/_section.md", format!("+++\ntitle = \"S\"\n+++\n{headings}"))
        .file("articles/s/a.md", format!("+++\n{front}+++\n{body}"))
        .file("data/tags.toml", "[t]\ntitle = \"T\"\n")
        .file("data/people/p.md", format!("+++\ngiven = \"P\"\nspecialties = [\"t\"]\nexpert = true\n+++\n{headings}"))
        .file("data/glossary/g/t.md", format!("+++\ntitle = \"T\"\n+++\n{headings}"));
    folder.build().run();
    check(&Site::of(&folder, "https://t.example", "", false));
}

#[test]
fn the_demonstration_site_has_what_was_asked_for() {
    let folder = Folder::demonstration();
    let files = tree(folder.path());
    let of = |start: &str, end: &str| -> Vec<(&String, String)> {
        let found = files.iter().filter(|(path, _)| path.starts_with(start) && path.ends_with(end));
        found.map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).into_owned())).collect()
    };
    let articles: Vec<_> =
        of("articles/", ".md").into_iter().filter(|(path, _)| !path.ends_with("_section.md")).collect();
    let parts = |text: &str| -> (toml::Table, usize) {
        let mut parts = text.splitn(3, "+++\n");
        let front = parts.nth(1).expect("front matter").parse().expect("TOML");
        let words =
            parts.next().unwrap_or_default().split_whitespace().filter(|word| word.contains(char::is_alphabetic));
        (front, words.count())
    };
    let long: Vec<toml::Table> = articles
        .iter()
        .map(|(_, text)| parts(text))
        .filter(|(_, words)| *words >= 600)
        .map(|(front, _)| front)
        .collect();
    assert!(long.len() >= 16, "{} articles of 600 words or more", long.len());
    assert!(long.iter().filter(|front| front.contains_key("faq")).count() * 3 >= long.len() * 2, "FAQ in most");
    let table = |path: &str| -> toml::Table { folder.read(path).parse().expect("TOML") };
    let categories: BTreeSet<&str> = long.iter().filter_map(|front| front.get("category")?.as_str()).collect();
    assert!(categories.len() >= 6, "{categories:?}");
    assert!(categories.iter().all(|category| table("data/categories.toml").contains_key(*category)));
    let sections: BTreeSet<&str> =
        articles.iter().filter_map(|(path, _)| path.split('/').nth(1).filter(|name| !name.ends_with(".md"))).collect();
    assert!(sections.len() >= 3, "{sections:?}");
    assert!(of("data/people/", ".md").len() >= 8);
    assert!(of("data/glossary/", ".md").len() >= 30);
    for (id, source) in table("data/sources.toml") {
        let url = source["url"].as_str().expect("a shared source has an address");
        assert!(url.starts_with("https://"), "{id}");
    }
    let people: String = of("data/people/", ".md").into_iter().map(|(_, text)| text).collect();
    assert_eq!(
        people.matches("invented").count(),
        of("data/people/", ".md").len(),
        "every person says that they are invented"
    );
    // One article has every element of the page that Galen was made after.
    folder.build().run();
    let page = Page::new(&folder.output()["symptoms-guide/understanding-aching-legs-at-night.html"]);
    let elements = [
        ".breadcrumb a",
        "h1",
        ".byline a",
        ".dates time",
        ".reading-time",
        ".tags a",
        ".lead p",
        ".hero img",
        ".takeaways li",
        ".contents a",
        ".prose h2",
        ".prose h3",
        ".prose ul",
        ".prose table",
        ".prose figure",
        ".care-emergency",
        ".care-urgent",
        ".care-non-urgent",
        ".care-self-care",
        ".callout",
        ".promo",
        ".ask textarea",
        ".faq h3",
        ".sources li",
        ".history time",
        ".disclaimer",
        ".experts .person",
        "a.term",
        ".citation a",
        ".footnotes",
        ".related .card",
    ];
    for element in elements {
        assert!(!all(&page.html, element).is_empty(), "no {element}");
    }
}
