//! A small site that uses every key, on the disk of the machine, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use galen::output::{Output, Tree};
use galen::project::{Diagnostic, Level, Place, Project};
use galen::report::{Format, report};
use galen::{Options, build, findings};

pub(crate) const FRONT: &str = "+++\ntitle = 'One'\ndescription = 'About one.'\nauthor = 'ada'\n+++\n";

pub(crate) const SETTINGS: &str = r#"title = "A site"
base_url = "https://health.example/base"
description = "About the site."
language = "en-GB"
languages = ["es"]
country = "GB"
ignore = ["articles/notes/**"]
trailing_slash = false
[permalinks]
article = "/{section}/{slug}"
section = "/{section}"
category = "/{section}/category/{category}"
tag = "/tags/{tag}"
person = "/people/{person}"
term = "/glossary/{group}/{term}"
[markdown]
html = "deny"
smart_punctuation = true
[contents]
levels = 3
[related]
count = 6
[experts]
count = 4
[article]
takeaways = "end"
[search]
index = true
[syndication]
json = true
[pagination]
size = 2
[feeds]
size = 3
[review]
every = "24 months"
required = "warn"
[kinds.symptom]
sections = ["When to seek help"]
[rules]
broken-link = "warning"
missing-alt = "warning"
[labels]
home = "Start"
[redirects]
"/old" = "/two"
"/older" = "https://elsewhere.example/"
[navigation]
header = [{ title = "Two", href = "/two" }]
footer = [{ title = "More", links = [{ title = "Guide", href = "/guide" }] }]
[organization]
name = "The press"
logo = "/a.txt"
address = "1 Row"
email = "a@b.example"
profiles = ["https://social.example/press"]
disclaimer = "Ask a *doctor*."
privacy = "/two"
principles = "/two"
[ask]
action = "https://ask.example/"
[publish.production]
kind = "folder"
[extra]
own = "key"
"#;

pub(crate) const ARTICLE: &str = r#"+++
title = "One"
description = "About one."
short_title = "1"
seo_title = "One, at length"
author = "ada"
reviewer = ["ben"]
category = "pain"
tags = ["legs", "sleep"]
kind = "symptom"
published = 2024-01-01
updated = 2024-06-02
reviewed = 2024-06-03
next_review = 2027-06-03
expires = 2030-01-01
draft = false
withdrawn = { date = 2029-01-01, reason = "Old." }
slug = "number-one"
noindex = true
aliases = ["/first", "/erste"]
takeaways = ["One *thing*.", "Another CO~2~."]
related = ["two"]
unrelated = ["three"]
about = { type = "MedicalSymptom", name = "Leg pain", codes = { "ICD-10" = "M79.6" } }
glossary = true
seal = "x"
extra = { own = [1, 2.5, true, 2024-01-01, { a = "b" }] }

[image]
src = "a.png"
alt = "A leg"
caption = "A *leg*."
credit = "Ada"

[[faq]]
question = "How long?"
answer = '''ANSWER'''

[[source]]
id = "who"
title = "Legs"
publisher = "WHO"
url = "https://who.example/legs"
published = 2020-01-01
accessed = 2024-04-02

[[history]]
date = 2024-06-02
kind = "clinical"
note = "Changed."
+++
Restless legs are RLS.[^who] See [two](../two.md#when-to-seek-help).

## When to seek help

> [!EMERGENCY] Call now if
> - it hurts
"#;

/// Every file of the site but its templates.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("site.toml", SETTINGS),
    ("articles/guide/one.md", ARTICLE),
    (
        "articles/guide/_section.md",
        "+++\ntitle = 'Guide'\ndescription = 'All of it.'\nkind = 'symptom'\norder = 1\n+++\nAn *intro*.\n",
    ),
    (
        "articles/two.md",
        "+++\ntitle = 'Two'\ndescription = 'About two.'\nauthor = 'ada'\nkind = 'page'\n+++\n## When to seek help\n\n[One](guide/one.md)\n",
    ),
    (
        "articles/guide/three.md",
        "+++\ntitle = 'Three'\ndescription = 'About three.'\nauthor = 'ada'\ncategory = 'pain'\ntags = ['legs']\n+++\nRLS again.[^nhs]\n",
    ),
    (
        "articles/guide/gone.md",
        "+++\ntitle = 'Gone'\ndescription = 'It is.'\nauthor = 'ada'\nwithdrawn = { reason = 'Wrong.' }\n+++\nx\n",
    ),
    (
        "data/people/ada.md",
        "+++\ngiven = 'Ada'\nfamily = 'L'\nhonorific = 'Dr'\ncredentials = ['MD']\nrole = 'Editor'\nspecialties = ['legs']\ncountry = 'Sweden'\npractising_since = 1991\nphoto = '/a.txt'\nprofiles = ['https://social.example/ada']\nconflicts = 'None.'\nreviews = true\nexpert = true\n+++\nA *bio*.\n",
    ),
    ("data/people/ben.md", "+++\ngiven = 'Ben'\nreviews = true\n+++\n"),
    (
        "data/glossary/legs/rls.md",
        "+++\ntitle = 'Restless legs'\nsynonyms = ['restless leg syndrome']\nabbreviation = 'RLS'\ndescription = 'Legs that move.'\n+++\nLong *text*.\n",
    ),
    (
        "data/tags.toml",
        "[legs]\ntitle = 'Legs'\ndescription = 'About legs.'\nsynonyms = ['leg']\n[sleep]\ntitle = 'Sleep'\n",
    ),
    ("data/categories.toml", "[pain]\ntitle = 'Pain'\ndescription = 'It hurts.'\n"),
    (
        "data/sources.toml",
        "[nhs]\ntitle = 'Legs'\npublisher = 'NHS'\nurl = 'https://nhs.example/'\npublished = 2020-01-01\naccessed = 2024-01-01\n",
    ),
    (
        "data/emergency.toml",
        "[GB]\nnumbers = [{ label = 'Emergency services', number = '999' }, { label = 'Advice', number = '111' }]\n",
    ),
    (
        "data/promos.toml",
        "[diary]\ntitle = 'Diary'\ntext = 'Keep a *diary*.'\nhref = '/two'\naction = 'Begin'\nlabel = 'Promotion'\n",
    ),
    ("static/a.txt", "text"),
    ("templates/blocks/custom.html", "<div>{{ block.title }}{{ block.content }}</div>"),
];

/// Templates of the theme, each of which a site may replace.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    ("templates/article.html", include_str!("../../templates/article.html")),
    ("templates/base.html", include_str!("../../templates/base.html")),
    ("templates/blocks/emergency.html", include_str!("../../templates/blocks/emergency.html")),
];

/// The site, in a folder of its own.
pub(crate) struct Site(tempfile::TempDir);

/// What a build made.
pub(crate) struct Made {
    /// The codes of its findings.
    pub(crate) codes: BTreeSet<&'static str>,
    pub(crate) has_errors: bool,
    /// Its pages, by path.
    pub(crate) pages: BTreeMap<String, String>,
}

impl Site {
    pub(crate) fn new() -> Self {
        let site = Self(tempfile::tempdir().expect("a temporary folder"));
        for (path, text) in FILES {
            site.put(path, text);
        }
        site
    }

    /// Writes a file.
    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let file = self.0.path().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder can be made");
        fs::write(file, bytes).expect("a file can be written");
    }

    /// Makes a file what it was at first.
    pub(crate) fn reset(&self, path: &str) {
        match FILES.iter().find(|(other, _)| *other == path) {
            Some((_, text)) => self.put(path, text),
            None => fs::remove_file(self.0.path().join(path)).expect("a file can be removed"),
        }
    }

    /// Builds without making files.
    pub(crate) fn build(&self) -> Result<(Project, Output, Vec<Diagnostic>), String> {
        let project = Project::load(self.0.path()).map_err(|error| format!("{error:#}"))?;
        let as_of = jiff::civil::date(2026, 11, 23);
        let checked = build(&project, Options { as_of, drafts: false });
        check_places(&project, &checked.diagnostics)?;
        check_paths(checked.value.paths())?;
        Ok((project, checked.value, checked.diagnostics))
    }

    /// Builds and makes every file.
    pub(crate) fn make(&self) -> Result<Made, String> {
        let (project, output, mut diagnostics) = self.build()?;
        output.make_all(&|_| {});
        diagnostics.extend(findings(&output, &project));
        check_places(&project, &diagnostics)?;
        let mut told = Vec::new();
        report(&mut told, &project, &diagnostics, Format::Human { color: true }).expect("memory can be written");
        let pages = output.paths().iter().filter(|path| path.ends_with(".html"));
        let pages =
            pages.filter_map(|path| Some((path.clone(), String::from_utf8(output.read(path)?).ok()?))).collect();
        Ok(Made {
            codes: diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect(),
            has_errors: diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error),
            pages,
        })
    }
}

/// Every finding is in a file, on a line that the file has.
fn check_places(project: &Project, diagnostics: &[Diagnostic]) -> Result<(), String> {
    for diagnostic in diagnostics {
        for place in diagnostic.labels.iter().map(|(place, _)| place).chain([&diagnostic.place]) {
            let wrong = || Err(format!("a finding is nowhere: {diagnostic:?}"));
            match place {
                Place::File(path) | Place::Line(path, _) if path.is_empty() => return wrong(),
                Place::File(_) | Place::Line(..) => {}
                Place::Span(span) => {
                    let Some(source) = project.sources.get(span.source.0 as usize) else { return wrong() };
                    let (start, end) = (span.start as usize, span.end as usize);
                    if source.text.get(start..end).is_none() {
                        return wrong();
                    }
                }
            }
        }
        if diagnostic.message.is_empty() || diagnostic.message.contains('\n') {
            return Err(format!("a message is one line: {diagnostic:?}"));
        }
    }
    let mut told = Vec::new();
    report(&mut told, project, diagnostics, Format::Json).expect("memory can be written");
    for line in String::from_utf8(told).map_err(|error| error.to_string())?.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let in_file = |key: &str| finding[key].as_u64().is_some_and(|number| number >= 1);
        if !(finding["line"].is_null() || in_file("line") && in_file("column")) {
            return Err(format!("a finding has no line: {line}"));
        }
    }
    Ok(())
}

/// Every file lies below the output folder.
fn check_paths(paths: &[String]) -> Result<(), String> {
    for path in paths {
        let is_inside = path.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']));
        if !is_inside {
            return Err(format!("a file outside: {path}"));
        }
    }
    match paths.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(format!("files out of order, or one twice: {pair:?}")),
        None => Ok(()),
    }
}
