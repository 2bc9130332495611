//! Addresses of pages and files below the site's root: how one is made, written and compared; never leaves the root.
//!
//! **Invariant:** an [`Address`] begins with `/`, is in Unicode NFC, and holds no empty, `.` or `..` segment, no
//! backslash and no control character. It is kept as people read it; percent-encoding happens when it is written.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Everything a path segment cannot hold as it is. <https://url.spec.whatwg.org/#path-percent-encode-set>,
/// and the characters that would end a path or confuse a server's rules.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'\\')
    .add(b'^')
    .add(b'[')
    .add(b']')
    .add(b'|')
    .add(b'\'')
    .add(b'&')
    .add(b'*');

/// Bytes of an address. Linux takes 4,096 for a whole path, Windows programs 260 letters; staging folders need some of both.
const LONGEST: usize = 1_000;

/// How addresses are written into pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressStyle {
    /// Scheme and host of `base_url`, without a trailing slash: `https://health.example`.
    pub origin: String,
    /// Path of `base_url`, without a trailing slash: empty, or `/health`.
    pub base: String,
    /// Whether a page's address ends in a slash.
    pub trailing_slash: bool,
}

/// The place of a page or file below the site's root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

/// Why something cannot be an address.
pub type Invalid = &'static str;

impl Address {
    /// The home page.
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// An address as an author writes it: percent-encoded or not, with or without a trailing slash.
    pub fn parse(written: &str) -> Result<Self, Invalid> {
        let Some(path) = written.strip_prefix('/') else { return Err("it must begin with `/`") };
        if path.starts_with('/') {
            return Err("it must not begin with `//`, which names another host");
        }
        let decoded = percent_decode_str(path).decode_utf8().map_err(|_| "its percent-encoding is not UTF-8")?;
        Self::from_segments(decoded.strip_suffix('/').unwrap_or(&decoded).split('/'))
    }

    /// An address from its decoded segments; no segments, or one empty one, is the home page.
    pub fn from_segments<'a>(segments: impl IntoIterator<Item = &'a str>) -> Result<Self, Invalid> {
        let mut path = String::new();
        for segment in segments {
            check_segment(segment)?;
            path.push('/');
            path.push_str(segment);
        }
        if path.is_empty() || path == "/" {
            return Ok(Self::home());
        }
        if path.contains("//") || path.ends_with('/') {
            return Err("it must not hold an empty segment");
        }
        if path.len() > LONGEST {
            return Err("it must be shorter than 1,000 bytes, or file systems refuse it");
        }
        Ok(Self(nfc(&path).into_owned()))
    }

    /// The address as people read it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the home page.
    pub fn is_home(&self) -> bool {
        self.0 == "/"
    }

    /// An address below this one. `tail` holds plain segments of Galen's own: `page/2`, `feed.xml`.
    #[must_use]
    pub fn join(&self, tail: &str) -> Self {
        Self([if self.is_home() { "" } else { &*self.0 }, "/", tail].concat())
    }

    /// The address with an ending added to its last segment: `.json`.
    #[must_use]
    pub fn with_ending(&self, ending: &str) -> Self {
        Self([if self.is_home() { "/index" } else { &*self.0 }, ending].concat())
    }

    /// What two addresses must not share: letter case and Unicode form do not tell them apart, since not every
    /// disk and host can.
    pub fn key(&self) -> String {
        fold(&self.0)
    }

    /// The link to a page at this address, from the root of the host.
    pub fn page_href(&self, style: &AddressStyle) -> String {
        self.page_link("", style)
    }

    /// The full address of the page, scheme and host included.
    pub fn page_url(&self, style: &AddressStyle) -> String {
        self.page_link(&style.origin, style)
    }

    fn page_link(&self, before: &str, style: &AddressStyle) -> String {
        let mut link = self.file_link(before, style);
        if style.trailing_slash && !self.is_home() {
            link.push('/');
        }
        link
    }

    /// The link to a file at this address, from the root of the host.
    pub fn file_href(&self, style: &AddressStyle) -> String {
        self.file_link("", style)
    }

    /// The full address of the file, scheme and host included.
    pub fn file_url(&self, style: &AddressStyle) -> String {
        self.file_link(&style.origin, style)
    }

    fn file_link(&self, before: &str, style: &AddressStyle) -> String {
        let mut link = String::with_capacity(before.len() + style.base.len() + self.0.len() + 1);
        link.push_str(before);
        link.push_str(&style.base);
        encode_into(&mut link, &self.0);
        link
    }

    /// The path below the output folder of a page at this address.
    pub fn page_file(&self, style: &AddressStyle) -> String {
        let path = self.0.trim_start_matches('/');
        match (self.is_home(), style.trailing_slash) {
            (true, _) => "index.html".to_owned(),
            (false, true) => [path, "/index.html"].concat(),
            (false, false) => [path, ".html"].concat(),
        }
    }

    /// The path below the output folder of a file at this address.
    pub fn file(&self) -> String {
        self.0.trim_start_matches('/').to_owned()
    }
}

fn encode_into(out: &mut String, path: &str) {
    // From `-` to `9` stand `-`, `.`, `/` and the digits.
    let is_plain = |byte: u8| byte.is_ascii_alphabetic() | (b'-'..=b'9').contains(&byte) | (byte == b'_');
    // So are most addresses, and they are written often. Without a way out in between, many bytes are looked at together.
    if path.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        out.push_str(path);
        return;
    }
    for part in utf8_percent_encode(path, SEGMENT) {
        out.push_str(part);
    }
}

fn check_segment(segment: &str) -> Result<(), Invalid> {
    if segment == "." || segment == ".." {
        return Err("it must not hold `.` or `..`");
    }
    if segment.contains('/') || segment.contains('\\') {
        return Err("it must not hold a slash or a backslash inside a segment");
    }
    if segment.chars().any(char::is_control) {
        return Err("it must not hold control characters");
    }
    if segment.len() > 200 {
        return Err("a segment must be shorter than 200 bytes, or file systems refuse it");
    }
    Ok(())
}

/// Unicode NFC, without a copy where the text is in it already.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// Letter case and Unicode form taken away, to compare names.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.nfc().collect::<String>().to_lowercase().nfc().collect()
    }
}

/// The slug of a file name: NFC, lower case, spaces as `-`.
pub(crate) fn slug(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join("-")
}

/// A slug that an author wrote, if it can be one segment of an address.
pub(crate) fn check_slug(slug: &str) -> Result<(), Invalid> {
    if slug.is_empty() {
        return Err("it must not be empty");
    }
    check_segment(slug)
}

/// What an author may have meant by a text that is no address: its path, without what no address can hold.
pub(crate) fn proposed_address(written: &str) -> Option<Address> {
    let path = match written.split_once("//") {
        Some((before, rest)) if before.is_empty() || before.ends_with(':') => rest.split_once('/')?.1,
        _ => written,
    };
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let segments: Vec<&str> =
        decoded.split(['/', '\\']).filter(|segment| !matches!(*segment, "" | "." | "..")).collect();
    Address::from_segments(segments).ok().filter(|address| !address.is_home())
}

/// What an author may have meant by a text that is no slug: the last part of a path, in words with hyphens.
pub(crate) fn proposed_slug(written: &str) -> Option<String> {
    let last = written.rsplit(['/', '\\']).find(|part| !part.trim().is_empty())?;
    Some(slug(last)).filter(|slug| check_slug(slug).is_ok())
}

/// A permalink pattern such as `/{section}/category/{category}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Vec<Part>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(String),
}

impl Pattern {
    /// Reads a pattern. `allowed` names its placeholders, `required` the one without which all pages would share an address.
    pub fn parse(written: &str, allowed: &[&str], required: &str) -> Result<Self, String> {
        let Some(path) = written.strip_prefix('/') else { return Err("it must begin with `/`".to_owned()) };
        let path = path.strip_suffix('/').unwrap_or(path);
        let mut segments = Vec::new();
        for segment in path.split('/') {
            check_segment(segment)?;
            if segment.is_empty() {
                return Err("it must not hold an empty segment".to_owned());
            }
            segments.push(parts(segment, allowed)?);
        }
        let pattern = Self { segments };
        if !pattern.mentions(required) {
            return Err(format!("it must hold {{{required}}}, or all such pages would share one address"));
        }
        Ok(pattern)
    }

    /// Whether the pattern holds the placeholder.
    pub fn mentions(&self, name: &str) -> bool {
        let wanted = Part::Placeholder(name.to_owned());
        self.segments.iter().any(|segment| segment.contains(&wanted))
    }

    /// The address with each placeholder replaced. A value may hold several segments (`section` does) or none.
    pub fn expand(&self, values: &[(&str, &str)]) -> Result<Address, Invalid> {
        let mut path = String::with_capacity(64);
        for segment in &self.segments {
            for part in segment {
                path.push_str(match part {
                    Part::Text(text) => text,
                    Part::Placeholder(name) => {
                        values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
                    }
                });
            }
            path.push('/');
        }
        Address::from_segments(path.split('/').filter(|segment| !segment.is_empty()))
    }

    /// The address of the list of all such pages: the fixed segments before the first placeholder, if there are any.
    pub fn list(&self) -> Option<Address> {
        let fixed = self.segments.iter().map_while(|segment| match segment.as_slice() {
            [Part::Text(text)] => Some(text.as_str()),
            _ => None,
        });
        Address::from_segments(fixed).ok().filter(|address| !address.is_home())
    }
}

fn parts(segment: &str, allowed: &[&str]) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}').map(|close| open + close) else {
            return Err("a `{` is not closed".to_owned());
        };
        let name = &rest[open + 1..close];
        if !allowed.contains(&name) {
            let known: Vec<_> = allowed.iter().map(|name| format!("{{{name}}}")).collect();
            return Err(format!("`{{{name}}}` means nothing here; it may hold {}", known.join(", ")));
        }
        if open > 0 {
            parts.push(Part::Text(rest[..open].to_owned()));
        }
        parts.push(Part::Placeholder(name.to_owned()));
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(trailing_slash: bool) -> AddressStyle {
        AddressStyle { origin: "https://a.example".into(), base: "/b".into(), trailing_slash }
    }

    #[test]
    fn addresses_are_written_in_one_form() {
        let address = Address::parse("/caf%C3%A9/what is it?/").expect("valid");
        assert_eq!(address.as_str(), "/café/what is it?");
        assert_eq!(address.page_href(&style(false)), "/b/caf%C3%A9/what%20is%20it%3F");
        assert_eq!(address.page_href(&style(true)), "/b/caf%C3%A9/what%20is%20it%3F/");
        assert_eq!(address.page_file(&style(true)), "café/what is it?/index.html");
        assert_eq!(Address::home().page_href(&style(true)), "/b/");
        assert_eq!(Address::home().page_file(&style(false)), "index.html");
    }

    #[test]
    fn no_spelling_leaves_the_root() {
        for written in [
            "../a",
            "/../a",
            "/a/../b",
            "/%2e%2e/a",
            "/a/%2E%2E",
            "//host/a",
            "/a\\b",
            "/a%5cb",
            "/a//b",
            "/a//",
            "/a%00b",
            "/%ff",
            "a",
            "/./a",
            "/a%2f..%2fb",
        ] {
            assert!(Address::parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn the_nearest_right_form_is_proposed() {
        let address = |written| proposed_address(written).map(|address| address.as_str().to_owned());
        assert_eq!(address("old/pain"), Some("/old/pain".to_owned()));
        assert_eq!(address("https://old.example/a//b/"), Some("/a/b".to_owned()));
        assert_eq!(address("/a/%2e%2e/pain"), Some("/a/pain".to_owned()));
        assert_eq!([address("/%ff"), address("//evil.example"), address("/a%00")], [None, None, None]);
        assert_eq!(proposed_slug("guides/Leg pain").as_deref(), Some("leg-pain"));
        assert_eq!([proposed_slug(".."), proposed_slug("")], [None, None]);
    }

    #[test]
    fn patterns_expand_and_know_their_list() {
        let pattern =
            Pattern::parse("/{section}/category/{category}", &["section", "category"], "category").expect("valid");
        let expand =
            |section| pattern.expand(&[("section", section), ("category", "x")]).expect("valid").as_str().to_owned();
        assert_eq!(expand("a/b"), "/a/b/category/x");
        assert_eq!(expand(""), "/category/x");
        let tags = Pattern::parse("/tags/{tag}", &["tag"], "tag").expect("valid");
        assert_eq!(tags.list().expect("fixed").as_str(), "/tags");
        assert!(Pattern::parse("/tags", &["tag"], "tag").is_err());
        assert!(Pattern::parse("/{tga}", &["tag"], "tag").is_err());
    }

    #[test]
    fn case_and_form_do_not_tell_addresses_apart() {
        let composed = Address::parse("/CAF\u{c9}").expect("valid");
        let decomposed = Address::parse("/cafe\u{301}").expect("valid");
        assert_eq!(composed.key(), decomposed.key());
    }
}
