//! JSON-LD holds to schema.org: known types and properties, each where its domain allows it, with values of its range.
//!
//! The vocabulary is release 30.0, as the npm package `schema-dts` 2.0.0 carries it (`tests/browser/package.json`). `tests/run`
//! installs it. Where it is missing these tests say so and check nothing, unless `GALEN_REQUIRE_NODE` is set: then they fail.

#![allow(clippy::print_stderr, reason = "says loudly what was not tested")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use scraper::{Html, Selector};
use serde_json::{Map, Value, json};
use support::{Folder, repository, tree};

/// What schema.org says of its types and properties.
#[derive(Default)]
struct Vocabulary {
    /// Types that a node may have.
    types: BTreeSet<String>,
    /// What each type is a kind of. Members of an enumeration are there too.
    above: BTreeMap<String, BTreeSet<String>>,
    properties: BTreeMap<String, Property>,
}

/// What schema.org says of a property.
#[derive(Default)]
struct Property {
    domain: BTreeSet<String>,
    range: BTreeSet<String>,
    /// Whether another has taken its place.
    is_superseded: bool,
}

impl Vocabulary {
    /// The installed one, or a loud word that there is none.
    fn installed() -> Option<Self> {
        let path = repository().join("tests/browser/node_modules/schema-dts/dist/schema.d.ts");
        match fs::read_to_string(&path) {
            Ok(text) => Some(Self::read(&text)),
            Err(error) => {
                let required = std::env::var_os("GALEN_REQUIRE_NODE").is_some();
                assert!(!required, "the npm package schema-dts is needed to test JSON-LD: {error}");
                eprintln!("NOT TESTED: JSON-LD, since the npm package schema-dts is not here. tests/run installs it.");
                None
            }
        }
    }

    /// Reads the declarations: unions for what is a kind of what, interfaces for what has which properties.
    fn read(declarations: &str) -> Self {
        let mut vocabulary = Self::default();
        let (mut owner, mut is_superseded) = (String::new(), false);
        for line in declarations.lines() {
            let words = line.trim_start_matches("export ");
            if let Some(union) = words.strip_prefix("type ").and_then(|rest| rest.strip_suffix(';')) {
                vocabulary.union(union);
            } else if let Some(rest) = words.strip_prefix("interface ") {
                let name = name(rest);
                owner = ["Base", "Leaf"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).to_owned();
            } else if let Some(kind) = line.trim().strip_prefix("\"@type\": \"") {
                vocabulary.types.insert(kind.trim_end_matches("\";").to_owned());
            } else if let Some((property, rest)) = line.trim().split_once("?: SchemaValue<") {
                let property = vocabulary.properties.entry(property.trim_matches('"').to_owned()).or_default();
                let range = rest.rsplit_once(", ").map_or(rest, |(range, _)| range);
                property.domain.insert(owner.clone());
                property.range.extend(range.split(" | ").map(|kind| name(kind).to_owned()));
                property.is_superseded |= is_superseded;
                is_superseded = false;
            } else {
                is_superseded |= line.contains("@deprecated");
            }
        }
        vocabulary
    }

    fn union(&mut self, union: &str) {
        let Some((kind, members)) = union.split_once(" = ") else { return };
        for member in members.split(" | ") {
            let below = name(member.trim_matches('"').trim_start_matches("https://schema.org/"));
            self.above.entry(below.to_owned()).or_default().insert(name(kind).to_owned());
        }
    }

    /// Whether a type is another or a kind of it.
    fn is(&self, kind: &str, other: &str) -> bool {
        kind == other || self.above.get(kind).is_some_and(|above| above.iter().any(|kind| self.is(kind, other)))
    }

    fn is_any(&self, kinds: &[&str], others: &BTreeSet<String>) -> bool {
        kinds.iter().any(|kind| others.iter().any(|other| self.is(kind, other)))
    }
}

/// The name at the beginning of a text.
fn name(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// One graph that is looked at.
struct Look<'a> {
    vocabulary: &'a Vocabulary,
    /// The types of the nodes that the graph tells of.
    told: BTreeMap<&'a str, Vec<&'a str>>,
    faults: Vec<String>,
}

/// What is wrong with the JSON-LD of a page.
fn faults(vocabulary: &Vocabulary, data: &Value) -> Vec<String> {
    let mut look = Look { vocabulary, told: BTreeMap::new(), faults: Vec::new() };
    if data["@context"] != "https://schema.org" {
        look.faults.push(format!("the context is {}", data["@context"]));
    }
    let Some(graph) = data["@graph"].as_array() else { return vec!["there is no graph".to_owned()] };
    look.remember(&data["@graph"]);
    for node in graph {
        match node.as_object() {
            Some(node) => look.node(node),
            None => look.faults.push(format!("no node: {node}")),
        }
    }
    look.faults
}

/// The types that a node says it has.
fn types(node: &Map<String, Value>) -> Vec<&str> {
    match node.get("@type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        one => one.and_then(Value::as_str).into_iter().collect(),
    }
}

impl<'a> Look<'a> {
    fn remember(&mut self, value: &'a Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.remember(value)),
            Value::Object(node) => {
                if let Some(id) = node.get("@id").and_then(Value::as_str) {
                    self.told.entry(id).or_default().extend(types(node));
                }
                node.values().for_each(|value| self.remember(value));
            }
            _ => {}
        }
    }

    fn node(&mut self, node: &Map<String, Value>) {
        let types = types(node);
        if types.is_empty() {
            return self.faults.push(format!("a node without a type: {}", json!(node)));
        }
        for kind in types.iter().filter(|kind| !self.vocabulary.types.contains(**kind)) {
            self.faults.push(format!("no type: {kind}"));
        }
        for (name, value) in node.iter().filter(|(name, _)| !name.starts_with('@')) {
            let told = format!("{}.{name}", types.join("+"));
            let Some(property) = self.vocabulary.properties.get(name) else {
                self.faults.push(format!("{told}: no property"));
                continue;
            };
            if property.is_superseded {
                self.faults.push(format!("{told}: another property has taken its place"));
            }
            if !self.vocabulary.is_any(&types, &property.domain) {
                self.faults.push(format!("{told}: belongs to {:?}", property.domain));
            }
            for value in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                if !self.has_value(property, value) {
                    self.faults.push(format!("{told}: {value} is none of {:?}", property.range));
                }
                if let Some(node) = value.as_object().filter(|node| !is_reference(node)) {
                    self.node(node);
                }
            }
        }
    }

    fn has_value(&self, property: &Property, value: &Value) -> bool {
        let allows = |kind: &str| property.range.iter().any(|range| self.vocabulary.is(range, kind));
        match value {
            Value::String(text) => property.range.iter().any(|range| self.is_written(range, text)),
            Value::Number(number) => allows("Number") && (!number.is_f64() || !allows("Integer")),
            Value::Bool(_) => allows("Boolean"),
            Value::Object(node) if is_reference(node) => {
                let told = node["@id"].as_str().and_then(|id| self.told.get(id));
                told.is_some_and(|types| self.vocabulary.is_any(types, &property.range))
            }
            Value::Object(node) => self.vocabulary.is_any(&types(node), &property.range),
            Value::Array(_) | Value::Null => false,
        }
    }

    /// Whether a text is a value of a type.
    fn is_written(&self, range: &str, text: &str) -> bool {
        let member = text.strip_prefix("https://schema.org/").unwrap_or_default();
        match range {
            "Text" => !text.is_empty(),
            "URL" => is_address(text),
            "Date" => text.parse::<jiff::civil::Date>().is_ok() && text.len() == "2026-11-23".len(),
            "DateTime" => text.parse::<jiff::Timestamp>().is_ok(),
            enumeration => !member.is_empty() && self.vocabulary.is(member, enumeration),
        }
    }
}

fn is_reference(node: &Map<String, Value>) -> bool {
    node.len() == 1 && node.contains_key("@id")
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
}

/// What is wrong with the JSON-LD of all pages, and how many have some.
fn faults_of(vocabulary: &Vocabulary, pages: &support::Tree) -> (Vec<String>, usize) {
    let block = Selector::parse("script[type='application/ld+json']").expect("a selector");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (path, bytes) in pages.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(&String::from_utf8_lossy(bytes));
        for block in page.select(&block) {
            count += 1;
            match serde_json::from_str(&block.text().collect::<String>()) {
                Ok(data) => wrong.extend(faults(vocabulary, &data).iter().map(|fault| format!("{path}: {fault}"))),
                Err(error) => wrong.push(format!("{path}: {error}")),
            }
        }
    }
    (wrong, count)
}

fn assert_holds(vocabulary: &Vocabulary, pages: &support::Tree, at_least: usize) {
    let (wrong, count) = faults_of(vocabulary, pages);
    assert!(wrong.is_empty(), "{}\n{} faults", wrong.join("\n"), wrong.len());
    assert!(count >= at_least, "only {count} pages hold JSON-LD");
}

#[test]
fn the_demonstration_holds_to_the_vocabulary() {
    let Some(vocabulary) = Vocabulary::installed() else { return };
    let folder = Folder::demonstration();
    folder.build().run();
    assert_holds(&vocabulary, &folder.output(), 20);
}

#[test]
fn the_golden_sites_hold_to_the_vocabulary() {
    let Some(vocabulary) = Vocabulary::installed() else { return };
    let mut files = tree(&repository().join("tests/sites"));
    files.retain(|path, _| path.contains("/expected/"));
    assert_holds(&vocabulary, &files, 50);
}

#[test]
fn every_subject_holds_to_the_vocabulary() {
    let Some(vocabulary) = Vocabulary::installed() else { return };
    let source = fs::read_to_string(repository().join("src/content/front_matter.rs")).expect("the source is there");
    let (_, list) = source.split_once("ABOUT_TYPES: ").expect("a list of types");
    let kinds: Vec<&str> = list.split("];").next().unwrap_or_default().split('"').skip(1).step_by(2).collect();
    assert!(kinds.len() > 50, "only {kinds:?}");
    let settings = "title = \"A\"\nbase_url = \"https://a.example\"\n[rules]\nmissing-author = \"off\"\n";
    let mut folder = Folder::new().file("site.toml", settings);
    for kind in &kinds {
        let front = format!("title = \"{kind}\"\ndescription = \"One of many.\"");
        let about = format!("about = {{ type = \"{kind}\", name = \"{kind}\", codes = {{ \"ICD-10\" = \"M79.6\" }} }}");
        folder = folder.file(&format!("articles/guides/{kind}.md"), format!("+++\n{front}\n{about}\n+++\nA text.\n"));
    }
    folder.build().run();
    assert_holds(&vocabulary, &folder.output(), kinds.len());
}

#[test]
fn the_vocabulary_is_read_whole() {
    let Some(vocabulary) = Vocabulary::installed() else { return };
    assert!(vocabulary.types.len() > 900, "{} types", vocabulary.types.len());
    assert!(vocabulary.properties.len() > 1500, "{} properties", vocabulary.properties.len());
    for (kind, other) in
        [("MedicalWebPage", "Thing"), ("MedicalSymptom", "MedicalEntity"), ("Cardiovascular", "MedicalSpecialty")]
    {
        assert!(vocabulary.is(kind, other), "{kind} is no {other}");
    }
    assert!(!vocabulary.is("Person", "CreativeWork"));
}

#[test]
fn what_breaks_the_vocabulary_is_seen() {
    let Some(vocabulary) = Vocabulary::installed() else { return };
    let person = json!({ "@type": "Person", "@id": "https://a.example/#person", "name": "A" });
    for (node, wrong) in [
        (
            json!({ "@type": "MedicalWebPage", "lastReviewed": "2026-11-23", "specialty": "https://schema.org/Cardiovascular" }),
            "",
        ),
        (json!({ "@type": "WebPage", "reviewedBy": { "@id": "https://a.example/#person" } }), ""),
        (json!({ "@type": ["WebPage", "Article"], "wordCount": 3, "isAccessibleForFree": true }), ""),
        (
            json!({ "@type": "ListItem", "position": 1, "item": { "@type": "WebPage", "@id": "https://a.example/b" } }),
            "",
        ),
        // Types and properties that are not there, or not any more.
        (json!({ "@type": "HealthPage" }), "no type: HealthPage"),
        (json!({ "@type": "Text" }), "no type: Text"),
        (json!({ "name": "A" }), "without a type"),
        (json!({ "@type": "WebPage", "reviewer": "A" }), "no property"),
        (json!({ "@type": "MedicalWebPage", "aspect": "causes" }), "another property"),
        // Domains.
        (json!({ "@type": "Article", "lastReviewed": "2026-11-23" }), "belongs to"),
        (json!({ "@type": "Person", "datePublished": "2026-11-23" }), "belongs to"),
        (json!({ "@type": "Thing", "code": { "@type": "MedicalCode", "codeValue": "1" } }), "belongs to"),
        // Ranges.
        (json!({ "@type": "WebPage", "lastReviewed": "23 November 2026" }), "is none of"),
        (json!({ "@type": "WebPage", "lastReviewed": "2026-11-23T00:00:00Z" }), "is none of"),
        (json!({ "@type": "WebPage", "url": "/a" }), "is none of"),
        (json!({ "@type": "WebPage", "name": "" }), "is none of"),
        (json!({ "@type": "WebPage", "name": null }), "is none of"),
        (json!({ "@type": "WebPage", "name": 3 }), "is none of"),
        (json!({ "@type": "Article", "wordCount": "3" }), "is none of"),
        (json!({ "@type": "Article", "wordCount": 3.5 }), "is none of"),
        (json!({ "@type": "WebPage", "reviewedBy": "A" }), "is none of"),
        (json!({ "@type": "ListItem", "item": "https://a.example/b" }), "is none of"),
        (json!({ "@type": "ListItem", "item": { "@id": "https://a.example/b" } }), "is none of"),
        (json!({ "@type": "WebPage", "publisher": { "@type": "WebPage" } }), "is none of"),
        (json!({ "@type": "WebPage", "isPartOf": { "@id": "https://a.example/#person" } }), "is none of"),
        (json!({ "@type": "WebPage", "author": { "@id": "https://a.example/#nobody" } }), "is none of"),
        (json!({ "@type": "WebPage", "specialty": "https://schema.org/Monday" }), "is none of"),
        // What is nested is looked at as well.
        (json!({ "@type": "WebPage", "publisher": { "@type": "Organization", "isbn": "A" } }), "belongs to"),
    ] {
        let found = faults(&vocabulary, &json!({ "@context": "https://schema.org", "@graph": [person, node] }));
        let is_right = if wrong.is_empty() { found.is_empty() } else { found.len() == 1 && found[0].contains(wrong) };
        assert!(is_right, "{node} should be {wrong:?}, not {found:?}");
    }
    assert_eq!(faults(&vocabulary, &json!({ "@context": "http://schema.org", "@graph": [] })).len(), 1);
    assert_eq!(faults(&vocabulary, &json!({ "@type": "WebPage" })).len(), 1);
}
