//! The settings of a site, as `site.toml` means them; never reads the file itself.

use std::collections::BTreeMap;

use jiff::Span as Duration;

use super::address::{Address, AddressStyle, Pattern};
use super::code::Code;
use super::diagnostic::{Checked, Diagnostic, Level};
use super::labels::Labels;
use super::source::{Located, Source, SourceId};
use super::suggest::did_you_mean;
use super::table::{Table, read_toml};

/// Everything `site.toml` says, with its defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where `site.toml` is among the sources.
    pub source: SourceId,
    /// Name of the site.
    pub title: String,
    /// One or two sentences about it.
    pub description: String,
    /// How addresses are written: origin and path of `base_url`, trailing slashes.
    pub style: AddressStyle,
    /// Language of the texts, as BCP 47 names it.
    pub language: String,
    /// Further languages whose suffix a file name may carry.
    pub languages: Vec<String>,
    /// Country whose emergency numbers are shown: a key of `data/emergency.toml`.
    pub country: Option<Located<String>>,
    /// Globs of files that are passed over.
    pub ignore: Vec<Located<String>>,
    /// Address patterns.
    pub permalinks: Permalinks,
    /// `[markdown]`.
    pub markdown: MarkdownSettings,
    /// Deepest heading level shown in the contents, 2 to 6.
    pub contents_levels: u8,
    /// Related cards per article.
    pub related_count: usize,
    /// Expert cards per article.
    pub experts_count: usize,
    /// Whether takeaways stand after the FAQ instead of before the contents.
    pub takeaways_at_end: bool,
    /// Whether the search page and its index are made.
    pub search_index: bool,
    /// Whether each article gets a JSON twin.
    pub json_twins: bool,
    /// Entries per list page.
    pub page_size: usize,
    /// Entries per feed.
    pub feed_size: usize,
    /// `[review]`.
    pub review: ReviewSettings,
    /// `[kinds.*]`.
    pub kinds: BTreeMap<String, KindSettings>,
    /// `[rules]`: levels that differ from the defaults.
    pub rules: BTreeMap<Code, Level>,
    /// `[output] minify`: whether templates lose the white space that nobody sees.
    pub minify: bool,
    /// `[pictures]`.
    pub pictures: PictureSettings,
    /// `[output] gzip`: whether each text has a twin packed so.
    pub gzip: bool,
    /// `[output] brotli`: the same.
    pub brotli: bool,
    /// `[labels]`: the theme's words.
    pub labels: Labels,
    /// `[redirects]`: from, to.
    pub redirects: Vec<(Located<String>, Located<String>)>,
    /// `[navigation]`.
    pub navigation: Navigation,
    /// `[organization]`.
    pub organization: Organization,
    /// Where the question form posts to: `[ask] action`.
    pub ask_action: Option<Located<String>>,
    /// Where a link to a source file leads: `[preview] editor`, with `{path}`, `{line}` and `{column}` to be filled in.
    pub editor: String,
    /// `[extra]`: the site's own keys, handed to its own templates.
    pub extra: Option<toml::Value>,
}

/// `[permalinks]`.
#[derive(Clone, Debug)]
pub struct Permalinks {
    /// Articles.
    pub article: Pattern,
    /// Sections.
    pub section: Pattern,
    /// Categories within sections.
    pub category: Pattern,
    /// Tags.
    pub tag: Pattern,
    /// People.
    pub person: Pattern,
    /// Glossary terms.
    pub term: Pattern,
}

/// What happens to raw HTML in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlPolicy {
    /// Reported, and shown as text where the report is lowered.
    Deny,
    /// Shown as text.
    Escape,
    /// Kept as far as it is harmless.
    Sanitize,
}

/// `[markdown]`.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownSettings {
    /// `html`.
    pub html: HtmlPolicy,
    /// Typographic quotes, dashes and ellipses.
    pub smart_punctuation: bool,
}

/// How much a site asks of reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewRequired {
    /// Nothing is said about missing reviews.
    Off,
    /// A missing review is a finding.
    Warn,
    /// An unreviewed article stays behind the gate.
    Block,
}

/// `[review]`.
#[derive(Clone, Copy, Debug)]
pub struct ReviewSettings {
    /// Time from a review to the next.
    pub every: Duration,
    /// What a missing review means.
    pub required: ReviewRequired,
}

/// `[pictures]`: which smaller pictures are made of large ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureSettings {
    /// Their widths in pixels, in rising order.
    pub widths: Vec<u32>,
    /// How wide a picture stands in a text, as a browser is told. <https://html.spec.whatwg.org/#sizes-attributes>
    pub sizes: String,
    /// Quality of photographs, from 1 to 100.
    pub quality: u8,
    /// Whether the title of an article without a picture is drawn as one, for links on other sites.
    pub cards: bool,
    /// Megabytes from which a picture is reported as too large.
    pub largest: u64,
}

impl Default for PictureSettings {
    fn default() -> Self {
        Self {
            widths: vec![360, 720, 1080, 1440],
            sizes: "(min-width: 43rem) 41rem, calc(100vw - 2rem)".to_owned(),
            quality: 78,
            cards: false,
            largest: 8,
        }
    }
}

/// `[kinds.<kind>]`.
#[derive(Clone, Debug, Default)]
pub struct KindSettings {
    /// Headings that every article of the kind must have, compared without case.
    pub sections: Vec<String>,
}

/// One entry of the header or footer.
#[derive(Clone, Debug)]
pub struct NavigationEntry {
    /// Its words.
    pub title: String,
    /// Where it leads; a group may lead nowhere.
    pub href: Option<Located<String>>,
    /// The entries of a group.
    pub links: Vec<Self>,
}

/// `[navigation]`.
#[derive(Clone, Debug, Default)]
pub struct Navigation {
    /// Entries of the header.
    pub header: Vec<NavigationEntry>,
    /// Entries of the footer.
    pub footer: Vec<NavigationEntry>,
}

/// `[organization]`: who publishes the site.
#[derive(Clone, Debug, Default)]
pub struct Organization {
    /// Its name.
    pub name: Option<String>,
    /// Its logo, a site address.
    pub logo: Option<Located<String>>,
    /// Its postal address.
    pub address: Option<String>,
    /// Its mail address.
    pub email: Option<String>,
    /// Its pages elsewhere.
    pub profiles: Vec<String>,
    /// The disclaimer under every article, in place of the default one.
    pub disclaimer: Option<String>,
    /// Its privacy page, a site address.
    pub privacy: Option<Located<String>>,
    /// Its editorial principles, a site address.
    pub principles: Option<Located<String>>,
}

/// The kinds of article that need no `[kinds.*]` table.
pub const KINDS: [&str; 13] = [
    "symptom",
    "condition",
    "medicine",
    "test",
    "procedure",
    "guide",
    "page",
    "therapy",
    "device",
    "service",
    "news",
    "story",
    "vaccine",
];

/// Reads `site.toml`.
pub(super) fn read_settings(id: SourceId, source: &Source) -> Checked<Settings> {
    let mut diagnostics = Vec::new();
    let value = read_toml(id, 0, &source.text, &mut diagnostics, |table| settings(id, table));
    Checked { value, diagnostics }
}

fn settings(id: SourceId, table: &mut Table<'_, '_, '_>) -> Settings {
    let title = required_text(table, "title", "My health site");
    let style = address_style(table);
    let [minify, gzip, brotli] = table.table("output", output).unwrap_or(OUTPUT);
    Settings {
        source: id,
        title,
        style,
        description: table.string("description").unwrap_or_default(),
        language: language(table),
        languages: table.texts("languages").into_iter().map(|language| language.value).collect(),
        country: table.text("country"),
        ignore: table.texts("ignore"),
        permalinks: table.table("permalinks", permalinks).unwrap_or_else(default_permalinks),
        markdown: table.table("markdown", markdown).unwrap_or(MARKDOWN),
        contents_levels: table
            .table("contents", |t| t.number("levels", 2..=6, 3))
            .flatten()
            .map_or(3, |levels| levels as u8),
        related_count: count(table, "related", "count", 6),
        experts_count: count(table, "experts", "count", 4),
        takeaways_at_end: table
            .table("article", |t| t.choice("takeaways", &[("start", false), ("end", true)]))
            .flatten()
            .unwrap_or(false),
        search_index: flag(table, "search", "index", true),
        minify,
        gzip,
        brotli,
        pictures: table.table("pictures", pictures).unwrap_or_default(),
        json_twins: flag(table, "syndication", "json", false),
        page_size: table.table("pagination", |t| t.number("size", 1..=10_000, 50)).flatten().map_or(50, |n| n as usize),
        feed_size: table.table("feeds", |t| t.number("size", 1..=1_000, 20)).flatten().map_or(20, |n| n as usize),
        review: table
            .table("review", review)
            .unwrap_or(ReviewSettings { every: Duration::new().months(24), required: ReviewRequired::Warn }),
        kinds: table
            .table("kinds", |t| t.entries(|kind, t| (kind.value, KindSettings { sections: strings(t, "sections") })))
            .unwrap_or_default()
            .into_iter()
            .collect(),
        rules: table.table("rules", rules).unwrap_or_default(),
        labels: table.table("labels", Labels::read).unwrap_or_default(),
        redirects: table.table("redirects", |t| t.text_entries("/new")).unwrap_or_default(),
        navigation: table
            .table("navigation", |t| Navigation {
                header: t.tables("header", entry),
                footer: t.tables("footer", entry),
            })
            .unwrap_or_default(),
        organization: table.table("organization", organization).unwrap_or_default(),
        ask_action: table.table("ask", |t| t.text("action")).flatten(),
        editor: table.table("preview", editor).unwrap_or_else(|| EDITOR.to_owned()),
        extra: publish_and_extra(table),
    }
}

/// Opens a file in Visual Studio Code. <https://code.visualstudio.com/docs/editor/command-line#_opening-vs-code-with-urls>
const EDITOR: &str = "vscode://file/{path}:{line}:{column}";

/// A scheme that a browser itself would run or open as a page is refused: the link is for another program.
fn editor(table: &mut Table<'_, '_, '_>) -> String {
    let Some(text) = table.text("editor") else { return EDITOR.to_owned() };
    let runs = ["javascript", "data", "vbscript", "blob", "file", "about", "view-source", "filesystem"];
    let opens_a_file = text.value.split_once(':').is_some_and(|(scheme, rest)| {
        let mut letters = scheme.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
            && !runs.contains(&scheme.to_ascii_lowercase().as_str())
            && rest.contains("{path}")
    });
    if opens_a_file {
        return text.value;
    }
    let message = format!("`preview.editor` cannot open a file: `{}`", text.value);
    invalid(table, &text, message, "write it like `vscode://file/{path}:{line}:{column}`");
    EDITOR.to_owned()
}

/// `[publish.*]` belongs to `galen publish`, which reads it itself.
fn publish_and_extra(table: &mut Table<'_, '_, '_>) -> Option<toml::Value> {
    table.any("publish");
    table.any("extra")
}

fn required_text(table: &mut Table<'_, '_, '_>, key: &'static str, example: &str) -> String {
    let text = table.text(key);
    let filled = text.as_ref().filter(|text| !text.value.trim().is_empty());
    if filled.is_none() && !table.is_unknown(key) {
        let place = text.as_ref().map_or(table.span(), |text| text.span);
        let message = format!("site.toml has no `{key}`");
        let help = format!("add `{key} = \"{example}\"` at its top");
        table.report(Diagnostic::new(Code::MissingKey, place, message).help(help));
    }
    text.map(|text| text.value).unwrap_or_default()
}

fn count(table: &mut Table<'_, '_, '_>, name: &'static str, key: &'static str, default: usize) -> usize {
    table.table(name, |t| t.number(key, 0..=100, default as i64)).flatten().map_or(default, |n| n as usize)
}

fn flag(table: &mut Table<'_, '_, '_>, name: &'static str, key: &'static str, default: bool) -> bool {
    table.table(name, |t| t.boolean(key)).flatten().unwrap_or(default)
}

fn strings(table: &mut Table<'_, '_, '_>, key: &'static str) -> Vec<String> {
    table.texts(key).into_iter().map(|text| text.value).collect()
}

fn invalid(table: &mut Table<'_, '_, '_>, text: &Located<String>, message: String, help: &str) {
    table.report(Diagnostic::new(Code::InvalidSetting, text.span, message).help(help));
}

fn address_style(table: &mut Table<'_, '_, '_>) -> AddressStyle {
    let trailing_slash = table.boolean("trailing_slash").unwrap_or(false);
    let written = base_url(table);
    let parsed = written.as_ref().map(|text| url::Url::parse(&text.value));
    match (written, parsed) {
        (Some(text), Some(Ok(url))) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {
            if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
                invalid(
                    table,
                    &text,
                    "`base_url` holds more than a scheme, a host and a path".into(),
                    "write it like `https://health.example`",
                );
            }
            let base = url.path().trim_end_matches('/').to_owned();
            AddressStyle { origin: url.origin().ascii_serialization(), base, trailing_slash }
        }
        (Some(text), _) => {
            invalid(
                table,
                &text,
                format!("`base_url` is not a web address: `{}`", text.value),
                "write it like `https://health.example`",
            );
            AddressStyle { origin: "https://invalid.example".into(), base: String::new(), trailing_slash }
        }
        (None, _) => AddressStyle { origin: "https://invalid.example".into(), base: String::new(), trailing_slash },
    }
}

fn base_url(table: &mut Table<'_, '_, '_>) -> Option<Located<String>> {
    let text = table.text("base_url");
    if text.is_none() && !table.is_unknown("base_url") {
        table.report(
            Diagnostic::new(Code::MissingKey, table.span(), "site.toml has no `base_url`")
                .help("add `base_url = \"https://health.example\"` at its top"),
        );
    }
    text
}

/// Well-formedness of BCP 47 as far as it keeps typing slips out: letters, digits and hyphens. <https://www.rfc-editor.org/rfc/rfc5646>
fn language(table: &mut Table<'_, '_, '_>) -> String {
    let Some(text) = table.text("language") else { return "en".to_owned() };
    let parts: Vec<_> = text.value.split('-').collect();
    let well_formed = (2..=8).contains(&parts[0].len())
        && parts[0].bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts
            .iter()
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if well_formed {
        return text.value;
    }
    invalid(table, &text, format!("`{}` is not a language tag", text.value), "write it like `en`, `en-GB` or `ar`");
    "en".to_owned()
}

const PATTERNS: [(&str, &str, &[&str], &str); 6] = [
    ("article", "/{section}/{slug}", &["section", "slug"], "slug"),
    ("section", "/{section}", &["section"], "section"),
    ("category", "/{section}/category/{category}", &["section", "category"], "category"),
    ("tag", "/tags/{tag}", &["tag"], "tag"),
    ("person", "/people/{person}", &["person"], "person"),
    ("term", "/glossary/{group}/{term}", &["group", "term"], "term"),
];

fn default_permalinks() -> Permalinks {
    let [article, section, category, tag, person, term] = PATTERNS
        .map(|(_, default, allowed, required)| Pattern::parse(default, allowed, required).expect("defaults are valid"));
    Permalinks { article, section, category, tag, person, term }
}

fn permalinks(table: &mut Table<'_, '_, '_>) -> Permalinks {
    let [article, section, category, tag, person, term] = PATTERNS.map(|(key, default, allowed, required)| {
        let fallback = || Pattern::parse(default, allowed, required).expect("defaults are valid");
        let Some(text) = table.text(key) else { return fallback() };
        Pattern::parse(&text.value, allowed, required).unwrap_or_else(|why| {
            let message = format!("`permalinks.{key}` cannot be `{}`: {why}", text.value);
            let help = format!("the default is `{default}`");
            table.report(Diagnostic::new(Code::InvalidPattern, text.span, message).help(help));
            fallback()
        })
    });
    Permalinks { article, section, category, tag, person, term }
}

/// `[output]`: minify, gzip, brotli.
const OUTPUT: [bool; 3] = [true, false, false];

fn output(table: &mut Table<'_, '_, '_>) -> [bool; 3] {
    let [minify, gzip, brotli] = OUTPUT;
    [
        table.boolean("minify").unwrap_or(minify),
        table.boolean("gzip").unwrap_or(gzip),
        table.boolean("brotli").unwrap_or(brotli),
    ]
}

const MARKDOWN: MarkdownSettings = MarkdownSettings { html: HtmlPolicy::Deny, smart_punctuation: true };

fn markdown(table: &mut Table<'_, '_, '_>) -> MarkdownSettings {
    let policies = [("deny", HtmlPolicy::Deny), ("escape", HtmlPolicy::Escape), ("sanitize", HtmlPolicy::Sanitize)];
    MarkdownSettings {
        html: table.choice("html", &policies).unwrap_or(MARKDOWN.html),
        smart_punctuation: table.boolean("smart_punctuation").unwrap_or(MARKDOWN.smart_punctuation),
    }
}

fn pictures(table: &mut Table<'_, '_, '_>) -> PictureSettings {
    let default = PictureSettings::default();
    let mut widths = table.numbers("widths", 16..=4096, "360, 720, 1440");
    widths.sort_unstable();
    widths.dedup();
    PictureSettings {
        widths: if widths.is_empty() { default.widths } else { widths.into_iter().map(|width| width as u32).collect() },
        sizes: table.string("sizes").unwrap_or(default.sizes),
        quality: table.number("quality", 1..=100, 78).map_or(default.quality, |quality| quality as u8),
        cards: table.boolean("cards").unwrap_or(default.cards),
        largest: table.number("largest", 1..=1000, 8).map_or(default.largest, |megabytes| megabytes as u64),
    }
}

fn review(table: &mut Table<'_, '_, '_>) -> ReviewSettings {
    let every = table.text("every").and_then(|text| {
        let parsed = period(&text.value);
        if parsed.is_none() {
            invalid(
                table,
                &text,
                format!("`review.every` is not a period: `{}`", text.value),
                "write it like `24 months`, `2 years` or `90 days`",
            );
        }
        parsed
    });
    let levels = [("off", ReviewRequired::Off), ("warn", ReviewRequired::Warn), ("block", ReviewRequired::Block)];
    ReviewSettings {
        every: every.unwrap_or_else(|| Duration::new().months(24)),
        required: table.choice("required", &levels).unwrap_or(ReviewRequired::Warn),
    }
}

fn period(text: &str) -> Option<Duration> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number = number.parse::<i64>().ok().filter(|number| (1..=1200).contains(number))?;
    match unit.trim().strip_suffix('s').unwrap_or(unit.trim()) {
        "day" => Some(Duration::new().days(number)),
        "week" => Some(Duration::new().weeks(number)),
        "month" => Some(Duration::new().months(number)),
        "year" => Some(Duration::new().years(number)),
        _ => None,
    }
}

fn rules(table: &mut Table<'_, '_, '_>) -> BTreeMap<Code, Level> {
    let mut levels = BTreeMap::new();
    let example = Level::Warning.name();
    for (name, level) in table.text_entries(example) {
        let Some(code) = Code::from_name(&name.value).filter(|code| code.is_rule()) else {
            report_unknown_rule(table, &name);
            continue;
        };
        match Level::NAMES.iter().find(|(word, _)| *word == level.value) {
            Some((_, level)) => {
                levels.insert(code, *level);
            }
            None => {
                let message = format!("`{}` is not a level", level.value);
                table.report(
                    Diagnostic::new(Code::InvalidValue, level.span, message)
                        .help("it may be off, note, warning, error"),
                );
            }
        }
    }
    levels
}

fn report_unknown_rule(table: &mut Table<'_, '_, '_>, name: &Located<String>) {
    let fixed = Code::from_name(&name.value).is_some();
    let (message, help) = if fixed {
        let message = format!("the level of `{}` is fixed: what it reports cannot be published", name.value);
        (message, Some("take this line out".to_owned()))
    } else {
        let rules = Code::ALL.iter().filter(|code| code.is_rule()).map(|code| code.name());
        (format!("unknown rule `{}`", name.value), did_you_mean(&name.value, rules))
    };
    table.report(
        Diagnostic::new(Code::UnknownRule, name.span, message)
            .maybe_help(help)
            .help("`galen explain` lists every rule"),
    );
}

fn entry(table: &mut Table<'_, '_, '_>) -> NavigationEntry {
    let title = table.string("title");
    if title.is_none() {
        table.report_missing("title", table.span(), "\"About\"");
    }
    NavigationEntry { title: title.unwrap_or_default(), href: table.text("href"), links: table.tables("links", entry) }
}

fn organization(table: &mut Table<'_, '_, '_>) -> Organization {
    Organization {
        name: table.string("name"),
        logo: table.text("logo"),
        address: table.string("address"),
        email: table.string("email"),
        profiles: web_addresses(table, "profiles"),
        disclaimer: table.string("disclaimer"),
        privacy: table.text("privacy"),
        principles: table.text("principles"),
    }
}

/// A list of web addresses; others are reported and left out.
pub(crate) fn web_addresses(table: &mut Table<'_, '_, '_>, key: &'static str) -> Vec<String> {
    let mut addresses = Vec::new();
    for text in table.texts(key) {
        if is_web_address(&text.value) {
            addresses.push(text.value);
        } else {
            report_web_address(table, &text);
        }
    }
    addresses
}

/// A web address; another value is reported and left out.
pub(crate) fn web_address(table: &mut Table<'_, '_, '_>, key: &'static str) -> Option<Located<String>> {
    let text = table.text(key)?;
    if is_web_address(&text.value) {
        return Some(text);
    }
    report_web_address(table, &text);
    None
}

fn report_web_address(table: &mut Table<'_, '_, '_>, text: &Located<String>) {
    let message = format!("`{}` is not a web address", text.value);
    table.report(
        Diagnostic::new(Code::UnsafeUrl, text.span, message).help("write it in full, beginning with `https://`"),
    );
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}

impl Settings {
    /// The level of a code on this site.
    pub fn level(&self, code: Code) -> Level {
        self.rules.get(&code).copied().unwrap_or_else(|| code.level())
    }

    /// Writing direction of the site's language.
    pub fn direction(&self) -> &'static str {
        direction(&self.language)
    }

    /// The full address of a page, scheme and host included.
    pub fn canonical(&self, address: &Address) -> String {
        address.page_url(&self.style)
    }

    /// The full address of a file, scheme and host included.
    pub fn canonical_file(&self, address: &Address) -> String {
        address.file_url(&self.style)
    }
}

/// Writing direction of a language, from its script subtag or its usual script (Unicode CLDR's right-to-left list).
pub fn direction(language: &str) -> &'static str {
    let mut parts = language.split('-');
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    let script = parts.find(|part| part.len() == 4).map(str::to_ascii_lowercase);
    let rtl = match script.as_deref() {
        Some(script) => matches!(script, "arab" | "hebr" | "thaa" | "syrc" | "nkoo" | "adlm" | "rohg"),
        None => matches!(
            primary.as_str(),
            "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "iw" | "ks" | "nqo" | "ps" | "sd" | "syr" | "ug" | "ur" | "yi"
        ),
    };
    if rtl { "rtl" } else { "ltr" }
}
