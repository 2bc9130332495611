//! Golden sites: whole small sites and every byte that must come of them.
//!
//! `tests/sites/<name>/` holds a site, the `options` it is built with, the files `expected/` of it, and the `findings` that
//! `check` must have. `GALEN_BLESS=1 cargo test --test sites` writes what is expected anew; read the difference afterwards.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use support::{Folder, THEME, Tree, differences, put, repository, tree};

/// The golden sites by name.
fn names() -> Vec<String> {
    let entries = fs::read_dir(repository().join("tests/sites")).expect("the golden sites are there");
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let entry = entry.expect("an entry");
            entry.path().join("site.toml").is_file().then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    names
}

fn home(name: &str) -> PathBuf {
    repository().join("tests/sites").join(name)
}

fn options(name: &str) -> Vec<String> {
    let text = fs::read_to_string(home(name).join("options")).expect("a golden site says how it is built");
    text.split_whitespace().map(str::to_owned).collect()
}

/// The output without the marker, which holds hashes of everything, and without the theme's own files, unless they are the
/// site's. Whoever names one of those does it as if it had no fingerprint: a change of the theme's style changes no page here.
fn compared(name: &str, mut output: Tree) -> Tree {
    output.remove(".galen").expect("the output has its marker");
    for file in THEME.iter().filter(|file| !home(name).join("static").join(file).exists()) {
        let published = output.keys().find(|path| without_fingerprint(path) == *file).cloned();
        output.remove(&published.expect("the output has the theme's files")).expect("a file");
    }
    let plain = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => without_fingerprint(&text).into_bytes(),
        Err(error) => error.into_bytes(),
    };
    output.into_iter().map(|(path, bytes)| (path, plain(bytes))).collect()
}

/// A text in which every fingerprint of a file of the theme is taken out again.
fn without_fingerprint(text: &str) -> String {
    without_fingerprints_of(text, THEME.iter().copied())
}

fn without_fingerprints_of<'a>(text: &str, files: impl IntoIterator<Item = &'a str>) -> String {
    const DIGITS: usize = 10;
    const INTEGRITY: &str = "sha384-";
    let mut plain = text.to_owned();
    for file in files {
        let (stem, ending) = file.split_once('.').expect("an ending");
        let mut from = 0;
        while let Some(at) = plain[from..].find(&format!("{stem}.")).map(|at| from + at + stem.len()) {
            let is_fingerprint = |named: &str| named.bytes().all(|byte| byte.is_ascii_hexdigit());
            let ends = plain[at..].get(DIGITS + 1..).is_some_and(|rest| rest.starts_with(&format!(".{ending}")));
            if ends && is_fingerprint(&plain[at + 1..=at + DIGITS]) {
                plain.replace_range(at..=at + DIGITS, "");
            }
            from = at;
        }
    }
    while let Some(at) = plain.find(INTEGRITY) {
        let length = plain[at..].find('"').unwrap_or(plain.len() - at);
        plain.replace_range(at..at + length, "");
    }
    plain
}

/// Code, level and place of every finding.
fn findings(json: &str) -> String {
    let line = |line: &str| {
        let finding: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
        let place = format!("{}:{}:{}", text("file"), finding["line"], finding["column"]);
        format!("{} {} {place}\n", text("level"), text("code"))
    };
    json.lines().map(line).collect()
}

#[test]
fn every_site_becomes_what_is_expected() {
    let bless = std::env::var_os("GALEN_BLESS").is_some();
    let mut wrong = Vec::new();
    for name in names() {
        let folder = Folder::site(&name);
        let check = ["check", "--format", "json"].map(str::to_owned);
        let checked = folder.galen(check.into_iter().chain(options(&name))).run();
        folder.galen(["build".to_owned()].into_iter().chain(options(&name))).run();
        let (found, findings) = (compared(&name, folder.output()), findings(&checked.stdout));
        let expected = home(&name).join("expected");
        if bless {
            let _ = fs::remove_dir_all(&expected);
            found.iter().for_each(|(path, bytes)| put(&expected.join(path), bytes));
            put(&home(&name).join("findings"), findings.as_bytes());
        }
        let named = |difference: String| format!("{name}/expected/{difference}");
        wrong.extend(differences(&tree(&expected), &found).into_iter().map(named));
        let wanted = fs::read_to_string(home(&name).join("findings")).unwrap_or_default();
        if wanted != findings {
            wrong.push(format!("{name}/findings\n  expected {wanted}\n  found    {findings}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} files differ", wrong.join("\n"), wrong.len());
}

#[test]
fn what_does_not_pass_the_gate_is_nowhere() {
    let hidden = |folder: &Folder| -> Vec<String> {
        let holds = |text: &[u8]| String::from_utf8_lossy(text).to_lowercase().contains("xyzzy");
        let output = folder.output().into_iter();
        output.filter(|(path, bytes)| holds(path.as_bytes()) || holds(bytes)).map(|(path, _)| path).collect()
    };
    let folder = Folder::site("states");
    folder.galen(["build", "--as-of", "2026-11-23"]).run();
    assert_eq!(hidden(&folder), Vec::<String>::new());
    // Whatever an earlier build showed is gone as well.
    folder.galen(["build", "--as-of", "2026-11-23", "--drafts"]).run();
    assert!(hidden(&folder).len() > 20, "a preview shows what is hidden otherwise: {:?}", hidden(&folder));
    folder.galen(["build", "--as-of", "2026-11-23"]).run();
    assert_eq!(hidden(&folder), Vec::<String>::new());
    // The day decides: a day later one article is published, one expired, one withdrawn.
    folder.galen(["build", "--as-of", "2026-11-24"]).run();
    let output = folder.output();
    assert!(output.contains_key("news/scheduled.html"));
    assert!(!output.contains_key("news/also.html"));
    assert!(String::from_utf8_lossy(&output["news/withdrawn-later.html"]).contains("Xyzzy: not today."));
}

/// What a page is made of: elements with their attributes, and the words of its body with white space between the same of them.
fn elements_and_words(html: &str) -> (Vec<String>, String) {
    let page = scraper::Html::parse_document(html);
    let elements = page.tree.nodes().filter_map(|node| node.value().as_element());
    let elements =
        elements.map(|element| format!("{} {:?}", element.name(), element.attrs().collect::<BTreeMap<_, _>>()));
    let body = scraper::Selector::parse("body").expect("a selector");
    let texts: String = page.select(&body).flat_map(|body| body.text()).collect();
    (elements.collect(), texts.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn minified_pages_hold_the_same_elements_and_words() {
    let mut saved = 0;
    for name in ["everything", "overrides", "pagination", "rtl", "states"] {
        let build = |folder: &Folder| {
            folder.galen(["build".to_owned()].into_iter().chain(options(name))).run();
            folder.output()
        };
        let folder = Folder::site(name);
        let small = build(&folder);
        let settings = folder.read("site.toml");
        let settings = match settings.split_once("[output]\nminify = true") {
            Some((before, after)) => format!("{before}[output]\nminify = false{after}"),
            None => format!("{settings}\n[output]\nminify = false\n"),
        };
        let plain = build(&folder.file("site.toml", settings));
        // A style sheet that is shorter has another name.
        let unnamed = |text: &str| without_fingerprints_of(text, THEME.iter().copied().chain(["own.css"]));
        for (path, bytes) in plain.iter().filter(|(path, _)| path.ends_with(".html")) {
            let other = page(&small, path);
            let whole = unnamed(&String::from_utf8_lossy(bytes));
            assert_eq!(elements_and_words(&whole), elements_and_words(&unnamed(&other)), "{name}/{path}");
            assert!(other.len() <= bytes.len(), "{name}/{path} grew");
            saved += bytes.len() - other.len();
        }
    }
    assert!(saved > 0, "nothing was taken out");
}

#[test]
fn a_fault_is_where_it_is_written_in_a_template_that_is_minified() {
    let template = "<section>\n  <!-- ours -->\n    <div>\n\n      <p>{{ block.content }}</p>\n      {{ block.titel }}\n</section>\n";
    let folder =
        tiny().file("templates/blocks/dose.html", template).replace("articles/s/a.md", "Text.", "> [!DOSE]\n> Two.");
    folder.build().exits(1).says("--> templates/blocks/dose.html:6:16").run();
    // One that is left out of the built-in theme is told by its line there.
    let base = fs::read_to_string(repository().join("templates/term.html")).expect("the template");
    let line = base.lines().position(|line| line.contains("term.title")).expect("the title") + 1;
    let folder = tiny().file(
        "templates/person.html",
        "{% extends \"base.html\" %}{% block main %}{% include \"term.html\" %}{% endblock %}",
    );
    folder.build().exits(1).says(format!("--> galen/term.html:{line}")).run();
}

#[test]
fn every_list_continues_where_it_grows() {
    let folder = Folder::site("pagination");
    folder.build().run();
    let output = folder.output();
    let lists = [
        "guides",
        "guides/category/all",
        "tags/every",
        "people/person-1",
        "people/person-2",
        "glossary/words/term",
        "stand-in",
        "people",
        "tags",
        "glossary",
        "a-z",
    ];
    let short: Vec<_> = lists.iter().filter(|list| !output.contains_key(&format!("{list}/page/2.html"))).collect();
    assert!(short.is_empty(), "two entries a page, and still one page alone: {short:?}");
}

#[test]
fn no_page_takes_the_place_of_another_in_silence() {
    let tiny = |path: &str| tiny().file(path, "+++\ntitle = \"X\"\ndescription = \"X.\"\nauthor = \"p\"\n+++\nText.\n");
    // `index` is no special name: it has an address of its own, and the home page another.
    let folder = tiny("articles/index.md");
    let built = folder.build().may_refuse().run();
    let home = folder.output().remove("index.html").map(|home| String::from_utf8_lossy(&home).into_owned());
    let is_home = |home: String| home.contains("<h1>T</h1>");
    assert!(built.stderr.contains("[duplicate-address]") || home.is_some_and(is_home), "the home page is gone");
}

/// A file of an output as text.
fn page(output: &Tree, path: &str) -> String {
    let bytes = output.get(path).unwrap_or_else(|| panic!("no {path} in {:?}", output.keys()));
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn no_picture_of_another_site_is_loaded() {
    let folder = tiny().file(
        "articles/s/b.md",
        "+++\ntitle = \"B\"\ndescription = \"B.\"\nauthor = \"p\"\n[image]\nsrc = \"https://spy.example/hero.jpg\"\n\
         alt = \"A hero\"\n+++\n![Here](https://spy.example/body.jpg)\n",
    );
    let lowered = format!("{}[rules]\nbroken-link = \"warning\"\n", folder.read("site.toml"));
    let folder = folder.file("site.toml", lowered);
    folder.build().says("[broken-link]").run();
    let page = page(&folder.output(), "s/b.html");
    assert!(!page.contains("spy.example"), "{page}");
}

#[test]
fn the_groups_of_the_glossary_take_no_id_of_the_page() {
    let group = |group: &str| format!("data/glossary/{group}/x-{group}.md");
    let term = |name: &str| format!("+++\ntitle = \"{name}\"\n+++\n");
    let folder = tiny().file(&group("main"), term("Main")).file(&group("search"), term("Search"));
    folder.build().run();
    let page = page(&folder.output(), "glossary.html");
    assert_eq!(page.matches("id=\"main\"").count(), 1, "{page}");
    assert!(page.contains("id=\"group-main\"") && page.contains("id=\"group-search\""), "{page}");
}

#[test]
fn a_twin_states_what_its_page_states() {
    let answers: String =
        (0..3).map(|n| format!("[[faq]]\nquestion = \"Q{n}?\"\nanswer = \"> [!NOTE] N\"\n")).collect();
    let front = "title = \"B\"\ndescription = \"B.\"\nauthor = \"p\"\ntakeaways = [\"One *point*\"]\n";
    let folder = tiny()
        .file("articles/s/b.md", format!("+++\n{front}{answers}+++\nText.\n"))
        .file("articles/s/plain.md", "+++\ntitle = \"P\"\ndescription = \"P.\"\nkind = \"page\"\n+++\nText.\n");
    let settings = format!("{}[syndication]\njson = true\n", folder.read("site.toml"));
    let folder = folder.file("site.toml", settings);
    folder.build().run();
    let output = folder.output();
    let twin = |path: &str| serde_json::from_str::<serde_json::Value>(&page(&output, path)).expect("JSON");
    assert!(twin("s/b.json")["disclaimer"].is_string() && page(&output, "s/b.html").contains("not a substitute"));
    assert_eq!(twin("s/b.json")["takeaways"], serde_json::json!(["One <em>point</em>"]));
    for answer in twin("s/b.json")["faq"].as_array().expect("a list") {
        assert!(page(&output, "s/b.html").contains(answer["answer"].as_str().expect("HTML").trim()));
    }
    assert!(
        twin("s/plain.json")["disclaimer"].is_null() && !page(&output, "s/plain.html").contains("not a substitute")
    );
}

#[test]
fn an_article_that_stands_for_its_section_names_the_section_s_feed() {
    let folder = tiny()
        .without("articles/s/_section.md")
        .file("articles/s.md", "+++\ntitle = \"S\"\ndescription = \"S.\"\nauthor = \"p\"\n+++\nText.\n");
    folder.build().run();
    let output = folder.output();
    assert!(output.contains_key("s/feed.xml"));
    assert!(page(&output, "s.html").contains("href=\"/s/feed.xml\""));
}

#[test]
fn a_shorter_term_is_found_where_the_longer_one_is_not_meant() {
    let folder = tiny()
        .file("data/glossary/g/ms.md", "+++\ntitle = \"Multiple sclerosis\"\nabbreviation = \"Iron MS\"\n+++\n")
        .file("data/glossary/g/iron.md", "+++\ntitle = \"Iron\"\n+++\n")
        .file("data/glossary/g/blood.md", "+++\ntitle = \"Blood\"\nsynonyms = [\"blood te\"]\n+++\n")
        .replace("articles/s/a.md", "Text.", "Some iron ms and a blood test; more iron.");
    folder.build().run();
    let page = page(&folder.output(), "s/a.html");
    assert!(page.contains(">iron</a> ms and a <a class=\"term\" href=\"/glossary/g/blood\">blood</a> test"), "{page}");
    assert_eq!(page.matches("href=\"/glossary/g/iron\"").count(), 1, "{page}");
}

#[test]
fn what_is_shown_as_a_line_is_one() {
    let folder = tiny().file(
        "articles/s/b.md",
        "+++\ntitle = \"\"\"\n  Two\n  lines\"\"\"\ndescription = \"One\\nand  two.\"\nauthor = \"p\"\n+++\nText.\n",
    );
    folder.build().run();
    let page = page(&folder.output(), "s/b.html");
    assert!(page.contains("<h1>Two lines</h1>") && page.contains("content=\"One and  two.\""), "{page}");
}

#[test]
fn the_size_of_a_drawing_is_known_whatever_letter_is_cut_in_two() {
    let drawing = format!("<svg width=\"10\" height=\"20\"><desc>{}é</desc></svg>", "x".repeat(8192 - 35));
    assert_eq!(drawing.find('é'), Some(8191));
    let folder =
        tiny().file("articles/s/drawing.svg", drawing).replace("articles/s/a.md", "Text.", "![A drawing](drawing.svg)");
    folder.build().run();
    assert!(page(&folder.output(), "s/a.html").contains("width=\"10\" height=\"20\""));
}

#[test]
fn a_template_has_the_name_of_its_path() {
    let folder = tiny().file("templates/templates/404.html", "Not the page.");
    folder.build().says("[unused-template]").run();
    assert!(!page(&folder.output(), "404.html").contains("Not the page."));
}

#[test]
fn a_site_may_show_people_without_the_cards_of_the_theme() {
    let people = "{% component theme.people(people: array, level: integer = 3) -%}\n\
                  <p>by {% for person in people %}{{ person.full_name }}{% endfor %}</p>\n\
                  {%- endcomponent theme.people %}\n";
    let folder = tiny()
        .file("templates/partials/people.html", people)
        .file("templates/partials/person.html", "")
        .file("data/tags.toml", "[t]\ntitle = \"T\"\n")
        .file("data/people/e.md", "+++\ngiven = \"E\"\nexpert = true\nspecialties = [\"t\"]\n+++\n")
        .file(
            "articles/s/b.md",
            "+++\ntitle = \"B\"\ndescription = \"B.\"\nauthor = \"p\"\ntags = [\"t\"]\n+++\nText.\n",
        );
    folder.build().run();
    let page = page(&folder.output(), "s/b.html");
    assert!(page.contains("<p>by E</p>"), "{page}");
}

#[test]
fn a_template_may_take_the_names_of_the_site_for_something_else() {
    let folder = tiny().file(
        "templates/article.html",
        "{% extends \"galen/article.html\" %}{% block main %}{% for labels in [{\"breadcrumb\": \"You are here\"}] %}\
         {% include \"partials/breadcrumb.html\" %}{% endfor %}{% endblock main %}",
    );
    folder.build().run();
    assert!(page(&folder.output(), "s/a.html").contains("aria-label=\"You are here\""));
}

/// The names the program knows in a table, as it tells whoever writes one that it does not know.
fn known(folder: Folder, file: &str) -> Vec<String> {
    let checked = folder.galen(["check", "--format", "json"]).exits(1).run();
    let findings = checked.stdout.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let help = findings
        .filter(|finding| finding["code"] == "unknown-key" && finding["file"] == file)
        .find_map(|finding| finding["help"].as_str()?.strip_prefix("known here: ").map(str::to_owned))
        .unwrap_or_else(|| panic!("no unknown key in {file}: {}", checked.stdout));
    help.split(", ").map(str::to_owned).collect()
}

/// A tiny site that uses every kind of file, to which an unknown key can be added.
fn tiny() -> Folder {
    Folder::new()
        .file("site.toml", "title = \"T\"\nbase_url = \"https://t.example\"\n")
        .file("articles/s/_section.md", "+++\ntitle = \"S\"\n+++\n")
        .file("articles/s/a.md", "+++\ntitle = \"A\"\ndescription = \"A.\"\nauthor = \"p\"\n+++\nText.\n")
        .file("data/people/p.md", "+++\ngiven = \"P\"\n+++\n")
        .file("data/glossary/g/t.md", "+++\ntitle = \"T\"\n+++\n")
}

/// Every table an editor writes, by the name of its file's kind and its own, and the keys that the program knows there.
fn every_known_key() -> Vec<(String, String)> {
    const UNKNOWN: &str = "qqqqqqqqqqqq = 1\n";
    let mut keys = Vec::new();
    let mut add = |kind: &str, table: &str, folder: Folder, file: &str| {
        let prefix = if table.is_empty() { String::new() } else { format!("{table}.") };
        keys.extend(known(folder, file).into_iter().map(|key| (kind.to_owned(), format!("{prefix}{key}"))));
    };
    add("site", "", tiny().replace("site.toml", "title", &format!("{UNKNOWN}title")), "site.toml");
    let tables = [
        "permalinks",
        "markdown",
        "contents",
        "article",
        "related",
        "experts",
        "search",
        "syndication",
        "feeds",
        "pagination",
        "review",
        "ask",
        "organization",
        "navigation",
    ];
    for table in tables {
        let text = format!("title = \"T\"\nbase_url = \"https://t.example\"\n[{table}]\n{UNKNOWN}");
        add("site", table, tiny().file("site.toml", text), "site.toml");
    }
    for (table, written) in [("kinds.*", "kinds.k"), ("navigation.header", "[navigation.header]")] {
        let text = format!("title = \"T\"\nbase_url = \"https://t.example\"\n[{written}]\n{UNKNOWN}");
        add("site", table, tiny().file("site.toml", text), "site.toml");
    }
    let front = |path: &'static str, table: &str| {
        let table = if table.is_empty() { UNKNOWN.to_owned() } else { format!("\n{table}\n{UNKNOWN}") };
        let text = tiny().read(path);
        let (front, body) = text.rsplit_once("+++\n").expect("a file with front matter");
        tiny().file(path, format!("{front}{table}+++\n{body}"))
    };
    let article = "articles/s/a.md";
    add("article", "", front(article, ""), article);
    let tables = [
        ("withdrawn", "[withdrawn]"),
        ("about", "[about]"),
        ("image", "[image]"),
        ("faq", "[[faq]]"),
        ("source", "[[source]]"),
        ("history", "[[history]]"),
    ];
    for (table, written) in tables {
        add("article", table, front(article, written), article);
    }
    for (kind, path) in
        [("section", "articles/s/_section.md"), ("person", "data/people/p.md"), ("term", "data/glossary/g/t.md")]
    {
        add(kind, "", front(path, ""), path);
    }
    for kind in ["tags", "categories", "sources", "promos", "emergency"] {
        let path = format!("data/{kind}.toml");
        add(kind, "*", tiny().file(&path, format!("[x]\n{UNKNOWN}")), &path);
    }
    let numbers = tiny().file("data/emergency.toml", format!("[[x.numbers]]\n{UNKNOWN}"));
    add("emergency", "*.numbers", numbers, "data/emergency.toml");
    keys
}

/// Collects the path of every key; names that a site chooses itself are `*`.
fn paths(kind: &str, value: &toml::Value, path: &str, used: &mut BTreeSet<(String, String)>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let chosen = path == "kinds"
                    || (path.is_empty() && !matches!(kind, "site" | "article" | "section" | "person" | "term"));
                let key = if chosen { "*" } else { key.as_str() };
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                paths(kind, value, &path, used);
                used.insert((kind.to_owned(), path));
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| paths(kind, item, path, used)),
        _ => {}
    }
}

#[test]
fn the_sites_use_every_key_there_is() {
    let mut used = BTreeSet::new();
    for name in names() {
        let folder = Folder::site(&name);
        for (path, bytes) in tree(folder.path()) {
            let text = String::from_utf8_lossy(&bytes).replace('\u{feff}', "");
            let (kind, text) = match path.split('/').collect::<Vec<_>>()[..] {
                ["site.toml"] => ("site", text.as_str()),
                ["articles", .., "_section.md"] => ("section", front_matter(&text)),
                ["articles", ..] if path.ends_with(".md") => ("article", front_matter(&text)),
                ["data", "people", _] => ("person", front_matter(&text)),
                ["data", "glossary", _, _] => ("term", front_matter(&text)),
                ["data", file] => (file.trim_end_matches(".toml"), text.as_str()),
                _ => continue,
            };
            let Ok(table) = text.parse::<toml::Table>() else { continue };
            paths(kind, &toml::Value::Table(table), "", &mut used);
        }
    }
    let unused: Vec<_> = every_known_key().into_iter().filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "no golden site uses {unused:?}");
}

fn front_matter(text: &str) -> &str {
    text.split("+++").nth(1).unwrap_or_default()
}

#[test]
fn the_sites_use_every_block_and_kind_of_page() {
    let blocks = [
        "NOTE",
        "TIP",
        "IMPORTANT",
        "WARNING",
        "CAUTION",
        "SELF-CARE",
        "NON-URGENT",
        "URGENT",
        "EMERGENCY",
        "PROMO",
        "ASK",
        "EXPERTS",
        "VIDEO",
    ];
    let articles: String = tree(&home("everything").join("articles"))
        .values()
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    for block in blocks {
        assert!(articles.contains(&format!("> [!{block}]")), "no {block}");
    }
    let folder = Folder::site("everything");
    folder.build().run();
    let pages = folder.output();
    let kinds: BTreeSet<String> = pages
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .filter_map(|(_, bytes)| {
            let html = scraper::Html::parse_document(&String::from_utf8_lossy(bytes));
            let body = html.select(&scraper::Selector::parse("body").expect("a selector")).next()?;
            body.value().attr("class").map(str::to_owned)
        })
        .collect();
    let expected = [
        "home",
        "article",
        "section",
        "category",
        "tag",
        "person",
        "term",
        "people",
        "tags",
        "glossary",
        "a-z",
        "search",
        "not-found",
        "gone",
    ];
    assert_eq!(kinds, expected.iter().map(|kind| format!("page-{kind}")).collect());
    let files = [
        "sitemap.xml",
        "robots.txt",
        "feed.xml",
        "symptoms-guide/feed.xml",
        "tags/leg-pain/feed.xml",
        "404.html",
        "site.webmanifest",
        "search-index.json",
        "_redirects",
        "_headers",
        "symptoms-guide/understanding-aching-legs.json",
    ];
    for file in files {
        assert!(pages.contains_key(file), "no {file}");
    }
}

/// Every label by name, with a value that cannot come from anywhere else.
fn marked_labels(folder: &Folder) -> BTreeMap<String, String> {
    let site = folder.read("site.toml");
    let (before, _) = site.split_once("[labels]").expect("the site has labels");
    let probe = Folder::site("everything").file("site.toml", format!("{before}[labels]\nqqqqqqqqqqqq = 1\n"));
    let places = |name: &str| match name {
        "read_time" => "{minutes}",
        "search_none" | "search_found_one" | "search_meant" => "{query}",
        "search_found" => "{count}{query}",
        "cited_at" | "source_number" | "note_number" => "{number}",
        "experience" => "{years}",
        "articles_by" | "articles_reviewed" => "{name}",
        "see" | "more_in" => "{title}",
        "article_count" => "{count}",
        "page_of" => "{page}{pages}",
        "video_outside" => "{host}",
        "date" => "{day}{month}{year}",
        _ => "",
    };
    let names = known(probe, "site.toml").into_iter().filter(|name| name != "months");
    names.map(|name| (name.clone(), format!("⟦{name}{}⟧", places(&name)))).collect()
}

fn with_labels(folder: Folder, labels: &BTreeMap<String, String>) -> Folder {
    let words: String = labels.iter().map(|(name, words)| format!("{name} = \"{words}\"\n")).collect();
    let months = (1..=12).map(|month| format!("\"月{month}\"")).collect::<Vec<_>>().join(", ");
    let site = folder.read("site.toml");
    let (before, after) = site.split_once("[labels]").expect("the site has labels");
    let after = after.find("\n[").map_or("", |at| &after[at..]);
    let text = format!("{before}[labels]\n{words}months = [{months}]\n{after}");
    folder.file("site.toml", text)
}

/// The words of a page that people see or hear: its texts and the attributes that are read out.
fn words(html: &str) -> Vec<String> {
    let page = scraper::Html::parse_document(html);
    let mut words = Vec::new();
    for node in page.tree.nodes() {
        if let Some(element) = node.value().as_element() {
            let read_out = [
                "alt",
                "aria-label",
                "title",
                "placeholder",
                "content",
                "data-searching",
                "data-one",
                "data-found",
                "data-none",
                "data-meant",
                "data-failed",
                "data-all",
                "data-results",
                "data-more",
            ];
            words.extend(read_out.iter().filter_map(|name| element.attr(name)).map(str::to_owned));
        }
        let Some(text) = node.value().as_text() else { continue };
        match node.parent().and_then(|parent| parent.value().as_element()).map(scraper::node::Element::name) {
            Some("script" | "style") => {}
            // Where scripts run, its content is text.
            Some("noscript") => words.extend(self::words(text)),
            _ => words.push(text.to_string()),
        }
    }
    words
}

#[test]
fn every_word_of_the_theme_is_a_label_and_every_label_is_used() {
    let everything = Folder::site("everything");
    let labels = marked_labels(&everything);
    // Between them the two builds have every page: lists that continue, and the ribbons of a preview.
    let everything = with_labels(everything, &labels).replace("site.toml", "size = 50", "size = 1").replace(
        "articles/root-article.md",
        "published",
        "draft = true\npublished",
    );
    let mut seen = String::new();
    for options in [&["build", "--as-of", "2026-11-23"][..], &["build", "--as-of", "2026-11-23", "--drafts"]] {
        everything.galen(options).run();
        let output = everything.output();
        let pages = output.iter().filter(|(path, _)| path.ends_with(".html"));
        seen.extend(pages.flat_map(|(_, bytes)| words(&String::from_utf8_lossy(bytes))));
    }
    // A site without a Latin letter of its own: every one that is seen is a word that no label changes.
    let foreign = Folder::site("rtl").without("templates").replace(
        "site.toml",
        "[rules]",
        "[ask]\naction = \"/ask\"\n\n[organization]\nname = \"أ\"\nprivacy = \"/\"\nprinciples = \"/\"\nprofiles = [\"https://1.2.3.4/\"]\n\n[rules]",
    );
    let foreign = with_labels(foreign, &labels).file(
        "articles/中文/一.md",
        "+++\ntitle = \"一\"\ndescription = \"一\"\nauthor = \"كاتبة\"\n[[history]]\ndate = 2026-01-01\nnote = \"一\"\n+++\n\
         一[^一]\n\n> [!ASK]\n\n> [!EXPERTS]\n\n> [!IMPORTANT]\n> 一\n\n> [!URGENT]\n> 一\n\n> [!PROMO] 一\n\n[^一]: 一\n",
    );
    let foreign = foreign.file("data/people/二.md", "+++\ngiven = \"二\"\npractising_since = 2025\n+++\n");
    let foreign = foreign.file("data/promos.toml", "[\"一\"]\ntitle = \"一\"\ntext = \"一\"\n");
    foreign.galen(["build", "--as-of", "2026-11-23"]).run();
    let mut wired = BTreeMap::new();
    for (path, bytes) in foreign.output().into_iter().filter(|(path, _)| path.ends_with(".html")) {
        for words in words(&String::from_utf8_lossy(&bytes)) {
            seen.push_str(&words);
            let left: String =
                words.split('⟦').map(|part| part.split_once('⟧').map_or(part, |(_, rest)| rest)).collect();
            let is_word = left.split(|c: char| !c.is_alphabetic()).any(|word| word.len() > 1 && word.is_ascii());
            if is_word && !is_for_machines(&left) {
                wired.entry(left.trim().to_owned()).or_insert_with(|| path.clone());
            }
        }
    }
    assert!(wired.is_empty(), "words that no label changes: {wired:#?}");

    let shown = |words: &str| words.split(['{', '}']).next().unwrap_or_default().to_owned();
    let unused: Vec<_> =
        labels.iter().filter(|(_, words)| !seen.contains(&shown(words))).map(|(name, _)| name).collect();
    assert!(unused.is_empty(), "the theme has no use for the labels {unused:?}");
}

/// What stands in `content` attributes beside words: addresses, names of the protocol, colours.
fn is_for_machines(words: &str) -> bool {
    let exact = ["noindex", "website", "article", "profile", "summary", "summary_large_image", "light dark"];
    exact.contains(&words) || ["https://", "width=", "0; url=", "#"].iter().any(|start| words.starts_with(start))
}
