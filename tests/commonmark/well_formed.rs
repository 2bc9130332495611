//! Whether a piece of HTML is what it looks like: every tag closed where it should be, no id twice, and a browser's parser
//! sees the same elements as the eye.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html};

/// A tag as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Open(String, Vec<(String, String)>),
    Close(String),
}

const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "wbr"];

/// The tags of `html`, in which every other `<` is escaped.
pub(crate) fn tags(html: &str) -> Result<Vec<Tag>, String> {
    let mut tags = Vec::new();
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').ok_or_else(|| format!("a tag does not end: <{piece}"))?;
        if text.contains('>') {
            return Err(format!("a `>` is not escaped: {text}"));
        }
        // A slash ends an element of a drawing, and elsewhere nothing.
        let is_shape = tag.ends_with('/') && tag.len() > 1;
        let tag = tag.strip_suffix('/').filter(|_| is_shape).map_or(tag, str::trim_end);
        match tag.strip_prefix('/') {
            Some(name) => tags.push(Tag::Close(name.to_owned())),
            None => {
                let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
                    return Err(format!("not a tag's name: <{tag}>"));
                }
                tags.push(Tag::Open(name.to_owned(), read_attributes(attributes)?));
                if is_shape && !VOID.contains(&name) {
                    tags.push(Tag::Close(name.to_owned()));
                }
            }
        }
    }
    Ok(tags)
}

fn read_attributes(written: &str) -> Result<Vec<(String, String)>, String> {
    let mut attributes = Vec::new();
    let mut rest = written;
    while !rest.is_empty() {
        let name_end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let (name, more) = rest.split_at(name_end);
        let (value, more) = match more.strip_prefix("=\"") {
            Some(value) => value.split_once('"').ok_or_else(|| format!("an attribute does not end: {written}"))?,
            None => ("", more),
        };
        if name.is_empty()
            || !name.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
            || attributes.iter().any(|(n, _)| n == name)
        {
            return Err(format!("not an attribute's name, or twice: {written}"));
        }
        attributes.push((name.to_owned(), value.to_owned()));
        rest = match more.strip_prefix(' ') {
            Some(more) if !more.is_empty() => more,
            _ if more.is_empty() => "",
            _ => return Err(format!("no space between attributes: {written}")),
        };
    }
    Ok(attributes)
}

/// What is wrong with a piece of a page's body.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let tags = match tags(html) {
        Ok(tags) => tags,
        Err(fault) => return vec![fault],
    };
    let mut faults = tag_faults(&tags);
    if faults.is_empty() {
        faults.extend(differs_in_a_browser(html, &tags));
    }
    faults
}

/// What is wrong with a whole page. Its scripts are data or files of the theme, and are left out.
#[allow(dead_code, reason = "not every test that shares this file has whole pages")]
pub(crate) fn page_faults(html: &str) -> Vec<String> {
    let Some(body) = html.strip_prefix("<!DOCTYPE html>") else { return vec!["no doctype".to_owned()] };
    let mut rest = String::with_capacity(body.len());
    for (index, piece) in body.split("<script").enumerate() {
        rest.push_str(match index {
            0 => piece,
            _ => piece.split_once("</script>").map_or("<script>", |(_, after)| after),
        });
    }
    match tags(&rest) {
        Ok(tags) => tag_faults(&tags).into_iter().chain(first_error(&Html::parse_document(html))).collect(),
        Err(fault) => vec![fault],
    }
}

/// Whether every tag is closed in its place, no id stands twice and nothing runs.
fn tag_faults(tags: &[Tag]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    for tag in tags {
        match tag {
            Tag::Open(name, attributes) => {
                for (attribute, value) in attributes {
                    if attribute == "id" && !ids.insert(value) {
                        faults.push(format!("two places have the id {value:?}"));
                    }
                    if attribute == "id" && (value.is_empty() || value.contains(|c: char| c.is_ascii_whitespace())) {
                        faults.push(format!("not an id: {value:?}"));
                    }
                    if matches!(attribute.as_str(), "href" | "src") && runs(value) {
                        faults.push(format!("a destination that could run: {value}"));
                    }
                    if attribute.starts_with("on") || attribute == "style" {
                        faults.push(format!("an attribute that could run: {attribute}"));
                    }
                }
                if matches!(name.as_str(), "script" | "style" | "iframe" | "object" | "embed") {
                    faults.push(format!("an element that could run: {name}"));
                }
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Tag::Close(name) => match open.pop() {
                Some(last) if last == name => {}
                last => return vec![format!("</{name}> closes {last:?}")],
            },
        }
    }
    if !open.is_empty() {
        faults.push(format!("not closed: {open:?}"));
    }
    faults
}

/// Whether a browser takes this value of `href` or `src` for something that runs or hides content.
fn runs(value: &str) -> bool {
    let value = value.replace("&amp;", "&").replace("&#x27;", "'").replace("&#39;", "'");
    let page = url::Url::parse("https://page.example/").expect("valid");
    page.join(&value).is_ok_and(|url| !["http", "https", "mailto", "tel", "sms"].contains(&url.scheme()))
}

/// The elements that a browser makes of a fragment, compared with its tags.
fn differs_in_a_browser(html: &str, tags: &[Tag]) -> Option<String> {
    let fragment = Html::parse_fragment(html);
    if let Some(error) = first_error(&fragment) {
        return Some(error);
    }
    let mut seen = Vec::new();
    elements(fragment.root_element(), &mut seen);
    let meant: Vec<String> = tags
        .iter()
        .map(|tag| match tag {
            Tag::Open(name, _) => name.clone(),
            Tag::Close(name) => format!("/{name}"),
        })
        .collect();
    (seen != meant).then(|| format!("a browser sees {seen:?}\n instead of {meant:?}"))
}

fn elements(parent: ElementRef<'_>, seen: &mut Vec<String>) {
    for element in parent.child_elements() {
        let name = element.value().name();
        seen.push(name.to_owned());
        elements(element, seen);
        if !VOID.contains(&name) {
            seen.push(format!("/{name}"));
        }
    }
}

fn first_error(html: &Html) -> Option<String> {
    html.errors.first().map(|error| format!("a browser finds: {error}"))
}
