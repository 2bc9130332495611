//! The reader's search, from the finished files alone: what the script of the search page finds in the index of real sites.
//!
//! The script runs under Node. Where there is none these tests say so and check nothing, unless `CI` or `GALEN_REQUIRE_NODE`
//! is set: then they fail.

#![allow(clippy::print_stderr, reason = "says loudly what was not tested")]

mod support;

#[path = "../benches/corpus/mod.rs"]
#[allow(dead_code, reason = "this writes sites for Galen alone")]
mod corpus;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use support::{Folder, Tree, repository};

/// What the driver prints, if there is Node to run it.
fn node<'a>(arguments: impl IntoIterator<Item = &'a Path>, what: &str) -> Option<Value> {
    let driver = repository().join("tests/search/find.mjs");
    let run = Command::new("node").arg(driver).arg(what).args(arguments).output();
    let run = match run {
        Ok(run) => run,
        Err(error) => {
            let required = ["CI", "GALEN_REQUIRE_NODE"].iter().any(|name| std::env::var_os(name).is_some());
            assert!(!required, "Node is needed to test the search, and does not start: {error}");
            eprintln!("NOT TESTED: the search, since Node does not start: {error}");
            return None;
        }
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(serde_json::from_slice(&run.stdout).expect("JSON"))
}

/// The demonstration site, built.
fn demonstration() -> Folder {
    let site = Folder::demonstration();
    site.build().run();
    site
}

/// A share, as [good, all].
fn share(told: &Value, name: &str) -> f64 {
    let number = |at: usize| told[name][at].as_f64().expect("a number");
    assert!(number(1) >= 5.0, "{name}: too few to tell: {told}");
    number(0) / number(1)
}

/// What a reader may have to fetch for a first search, as gzip.
const MOST_BYTES: u64 = 100_000;

/// Known items are among the first three results, and the first search fetches little.
fn finds_what_is_known(site: &Folder) {
    let Some(told) = node([&*site.join("public"), site.path()], "known") else { return };
    assert!(share(&told, "titles") >= 0.95, "titles with one mistake: {told:#}");
    assert!(share(&told, "headings") >= 0.95, "headings: {told:#}");
    assert!(share(&told, "anchors") >= 0.95, "headings that a result leads to: {told:#}");
    assert!(share(&told, "names") >= 0.95, "other names of terms, tags and categories: {told:#}");
    for (kind, bytes) in told["bytes"].as_object().expect("kinds of queries") {
        assert!(bytes[1].as_u64().expect("bytes") < MOST_BYTES, "{kind}: {told:#}");
    }
}

#[test]
fn the_script_cuts_words_as_the_index_does() {
    let Some(faults) = node([&*repository().join("tests/search/words.json")], "words") else { return };
    assert_eq!(faults, json!([]));
}

#[test]
fn what_readers_ask_for_comes_first() {
    let site = demonstration();
    let queries = repository().join("tests/search/queries.json");
    let Some(found) = node([&*site.join("public"), &*queries], "queries") else { return };
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(&queries).expect("queries")).expect("JSON");
    let pairs = expected.as_array().expect("a list").iter().zip(found.as_array().expect("a list"));
    let wrong: Vec<String> = pairs
        .filter(|(expected, found)| expected[1] != found[1][0])
        .map(|(expected, found)| format!("{}: {}, not {}", expected[0], found[1], expected[1]))
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn readers_are_told_what_helps_or_nothing() {
    let site = demonstration();
    let table = repository().join("tests/search/said.json");
    let Some(faults) = node([&*site.join("public"), &*table], "said") else { return };
    assert_eq!(faults, json!([]));
}

#[test]
fn words_of_other_languages_are_found_with_other_endings() {
    let article =
        |title: &str| format!("+++\ntitle = \"{title}\"\ndescription = \"d\"\nkind = \"page\"\n+++\n\nText.\n");
    let titles =
        ["Kopfschmerz bei Kindern", "Enfants et sommeil", "ปวดหัวและไข้", "Ärzte in der Nähe", "Мигрень у взрослых"];
    let queries = ["Kopfschmerzen Kinder", "enfant", "ปวดหัว", "arzte", "мигрени"];
    let mut site = Folder::site("minimal");
    for (title, number) in titles.iter().zip(0..) {
        site = site.file(&format!("articles/own-{number}.md"), article(title));
    }
    let settings = site.read("site.toml") + "\nlanguage = \"de\"\n";
    let pairs: Vec<[&str; 2]> = queries.into_iter().zip(titles).map(|(query, title)| [query, title]).collect();
    let site = site.file("site.toml", settings).file("queries.json", json!(pairs).to_string());
    site.build().run();
    let Some(found) = node([&*site.join("public"), &*site.join("queries.json")], "queries") else { return };
    for ([query, title], found) in pairs.iter().zip(found.as_array().expect("a list")) {
        assert_eq!(found[1][0], **title, "{query}: {found}");
    }
}

/// A name leads to what bears it, whatever else holds it; with more words, to what those are about.
#[test]
fn a_whole_name_comes_before_names_that_hold_it() {
    let article = |title: &str, more: &str| {
        format!(
            "+++\ntitle = \"{title}\"\ndescription = \"d\"\nkind = \"page\"\n{more}\n+++\n\nMigraine is a sick headache. Migraine passes.\n"
        )
    };
    let term = "+++\ntitle = \"Migraine\"\nsynonyms = [\"sick headache\"]\ndescription = \"d\"\n+++\n\nText.\n";
    let mut site = Folder::site("minimal").file("data/glossary/words/migraine.md", term);
    for season in ["spring", "summer", "autumn", "winter"] {
        site = site.file(&format!("articles/{season}.md"), article(&format!("Migraine in {season}"), ""));
    }
    let first_for = |site: &Folder, query: &str| -> Option<Value> {
        std::fs::write(site.join("queries.json"), json!([[query]]).to_string()).expect("queries");
        site.build().run();
        let found = node([&*site.join("public"), &*site.join("queries.json")], "queries")?;
        Some(found[0][1][0].clone())
    };
    let Some(first) = first_for(&site, "sick headache") else { return };
    assert_eq!(first, "Migraine");
    assert_eq!(first_for(&site, "sick headache winter"), Some(json!("Migraine in winter")));
    let site = site.file("articles/all.md", article("When nothing helps", "short_title = \"Migraine\""));
    assert_eq!(first_for(&site, "sick headache"), Some(json!("When nothing helps")));
}

#[test]
fn known_items_of_the_demonstration_are_found() {
    finds_what_is_known(&demonstration());
}

#[test]
fn known_items_of_three_thousand_articles_are_found() {
    let site = Folder::new();
    corpus::write_site(site.path(), 3_000, "").expect("the site can be written");
    site.build().run();
    finds_what_is_known(&site);
}

/// The root and every piece that it names, as JSON.
fn pieces(files: &Tree) -> Vec<(String, Value)> {
    let read = |path: &str| -> Value {
        serde_json::from_slice(files.get(path).unwrap_or_else(|| panic!("no {path}"))).expect("JSON")
    };
    let root = read("search-index.json");
    let listed = |list: &str, each: usize| -> Vec<String> {
        let entries = root[list].as_array().expect("a list").chunks(each);
        entries.map(|entry| entry[each - 1].as_str().expect("a name").to_owned()).collect()
    };
    let names = [listed("terms", 2), listed("records", 1), listed("words", 2)].concat();
    names.into_iter().map(|name| format!("search-index/{name}.json")).map(|path| (path.clone(), read(&path))).collect()
}

#[test]
fn every_piece_is_named_and_changes_its_name_with_its_content() {
    let site = demonstration();
    let before = site.output();
    let named: BTreeSet<String> = pieces(&before).into_iter().map(|(path, _)| path).collect();
    let there: BTreeSet<String> = before.keys().filter(|path| path.starts_with("search-index/")).cloned().collect();
    assert_eq!(named, there);
    let site = site.replace("articles/privacy.md", "title = \"Privacy\"", "title = \"Zymurgy\"");
    site.build().run();
    let after = site.output();
    pieces(&after);
    for (path, bytes) in after.iter().filter(|(path, _)| there.contains(*path)) {
        assert_eq!(before.get(path), Some(bytes), "{path} is another file under the same name");
    }
    assert_ne!(before["search-index.json"], after["search-index.json"]);
}

#[test]
fn what_is_not_published_is_nowhere_in_the_index() {
    let secrets = [
        ("draft = true", "draftsecret"),
        ("published = 2099-01-01", "futuresecret"),
        ("expires = 2020-01-01", "expiredsecret"),
        ("noindex = true", "noindexsecret"),
    ];
    let mut site = Folder::demonstration();
    for (line, secret) in secrets {
        let text = format!(
            "+++\ntitle = \"A {secret}\"\ndescription = \"The {secret} is here.\"\nkind = \"page\"\n{line}\n+++\n\nText of {secret}.\n\n## Heading {secret}\n\nMore.\n"
        );
        site = site.file(&format!("articles/{secret}.md"), text);
    }
    site = site.file(
        "articles/open.md",
        "+++\ntitle = \"An opensecret\"\ndescription = \"d\"\nkind = \"page\"\n+++\n\nText.\n",
    );
    site.build().run();
    let files = site.output();
    let index: Vec<(&String, String)> = files
        .iter()
        .filter(|(path, _)| path.starts_with("search-index"))
        .map(|(path, bytes)| (path, String::from_utf8_lossy(bytes).to_lowercase()))
        .collect();
    let holders = |word: &str| index.iter().filter(|(_, text)| text.contains(word)).count();
    assert!(holders("opensecret") >= 2, "terms and records of what is published");
    for (_, secret) in secrets {
        assert_eq!(holders(secret), 0, "{secret}");
    }
}

#[test]
fn a_site_without_search_has_no_index() {
    let site = Folder::demonstration();
    let settings = site.read("site.toml") + "\n[search]\nindex = false\n";
    let site = site.file("site.toml", settings);
    site.build().run();
    let files = site.output();
    assert!(!files.keys().any(|path| path.starts_with("search-index") || *path == "search.html"), "{:?}", files.keys());
}
