//! The manuals name everything that a theme or an editor can use, so that they cannot fall behind the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use galen::VIEWS;
use galen::project::Labels;

/// The files that read keys of TOML, and the parts of the editor's manual that must explain those keys.
const READERS: &[(&str, &[&str])] = &[
    ("src/content/front_matter.rs", &["Front matter of an article", "Sources", "Questions and answers"]),
    ("src/content/document.rs", &["Sections", "People", "Glossary"]),
    ("src/content/data.rs", &["Tags and categories", "Sources", "Promotions", "Emergency numbers"]),
    ("src/project/settings.rs", &["site.toml"]),
    ("src/project/labels.rs", &["Labels"]),
];

const MANUALS: &[&str] = &[
    "README.md",
    "CHANGELOG.md",
    "docs/architecture.md",
    "docs/authoring.md",
    "docs/dependencies.md",
    "docs/hosting.md",
    "docs/performance.md",
    "docs/search.md",
    "docs/theming.md",
];

#[test]
fn the_theme_manual_names_every_field_of_every_view() {
    let manual = read("docs/theming.md");
    let mut missing = Vec::new();
    for view in VIEWS {
        let Some(part) = part(&manual, "### ", view.name) else {
            missing.push(format!("docs/theming.md has no part `### {}`", view.name));
            continue;
        };
        for (field, written, _) in view.fields {
            let wanted = row(&[field, &as_a_theme_sees(written)]);
            if !part.lines().any(|line| without_spaces(line).starts_with(&wanted)) {
                missing.push(format!("docs/theming.md, {}: no row `{field}` of the type `{written}`", view.name));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

/// A type as a theme sees it, which cannot tell what is lent, or was made once for many pages.
fn as_a_theme_sees(written: &str) -> String {
    let lent =
        ["&'a str", "&'static str"].iter().fold(written.to_owned(), |written, lent| written.replace(lent, "String"));
    let plain = ["&'a ", "<'a>", "<'static>", "'a, "].iter().fold(lent, |written, lent| written.replace(lent, ""));
    ["Card", "PersonCard", "SourceView", "Link", "DateView"].iter().fold(plain, |written, view| {
        let shared = format!("Shared<{view}>");
        written.replace(&format!("Cow<{shared}>"), view).replace(&shared, view)
    })
}

#[test]
fn the_theme_manual_names_nothing_that_is_gone() {
    let manual = read("docs/theming.md");
    let mut gone = Vec::new();
    for view in VIEWS {
        let known: BTreeSet<&str> = view.fields.iter().map(|(field, ..)| *field).collect();
        for name in part(&manual, "### ", view.name).map(first_cells).unwrap_or_default() {
            if !known.contains(name.as_str()) {
                gone.push(format!("docs/theming.md, {}: there is no field `{name}`", view.name));
            }
        }
    }
    assert!(gone.is_empty(), "\n{}\n", gone.join("\n"));
}

#[test]
fn the_editors_manual_names_every_key() {
    let manual = read("docs/authoring.md");
    let mut missing = Vec::new();
    for (file, titles) in READERS {
        let explained: BTreeSet<String> = titles
            .iter()
            .flat_map(|title| match part(&manual, "## ", title) {
                Some(part) => first_cells(part),
                None => panic!("docs/authoring.md has no part `## {title}`"),
            })
            .collect();
        let keys = keys(&read(file));
        assert!(!keys.is_empty(), "no key was found in {file}");
        for key in keys.iter().filter(|key| !explained.contains(*key)) {
            missing.push(format!("docs/authoring.md, {}: no row for `{key}` of {file}", titles.join(" or ")));
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn both_manuals_name_every_label_with_its_default() {
    let mut missing = Vec::new();
    for (file, title) in [("docs/authoring.md", "Labels"), ("docs/theming.md", "Words")] {
        let manual = read(file);
        let part = part(&manual, "## ", title).unwrap_or_else(|| panic!("{file} has no part `## {title}`"));
        for (name, default, _) in Labels::ALL {
            let wanted = format!("|`{name}`|{}|", without_spaces(default));
            if !part.lines().any(|line| without_spaces(line).starts_with(&wanted)) {
                missing.push(format!("{file}, {title}: no row `{name}` with the default {default:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn links_in_the_manuals_lead_to_files() {
    let mut broken = Vec::new();
    for file in MANUALS {
        let manual = prose(&read(file));
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        for link in links(&manual) {
            let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { file.into() } else { folder.join(path) };
            let text = fs::read_to_string(root().join(&target)).ok();
            let leads = match (&text, fragment) {
                (_, "") => root().join(&target).exists(),
                (Some(text), fragment) => anchors(&prose(text)).any(|anchor| anchor == fragment),
                (None, _) => false,
            };
            if !leads {
                broken.push(format!("{file}: `{link}` leads nowhere"));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn the_theme_manual_shows_the_themes_that_are_tested() {
    let manual = read("docs/theming.md");
    let mut shown = 0;
    for theme in ["block", "template", "tokens"] {
        for entry in walkdir::WalkDir::new(root().join("tests/themes").join(theme)) {
            let entry = entry.expect("the theme is there");
            if entry.file_type().is_file() {
                let text = fs::read_to_string(entry.path()).expect("a text");
                assert!(
                    manual.contains(&format!("\n{text}```")),
                    "docs/theming.md does not show {}",
                    entry.path().display()
                );
                shown += 1;
            }
        }
    }
    assert_eq!(shown, 4);
}

#[test]
fn keys_are_found_however_they_are_asked_for() {
    let code = r#"
        table.text("one"); t.number("two", 2..=6); required(table, "three", "an example"); flag(table, "four", "five", true);
        const PATTERNS: [(&str, &str)] = [("six", "/{six}")];
        table.report(Diagnostic::new("no")); other("no"); t.choice("seven", &[("no", 1)]); table.table("eight", |t| 0)
        let nine = table
            .table("nine", |t| 0); at.text("no"); (table, "no")
    "#;
    let wanted = ["eight", "five", "four", "nine", "one", "seven", "six", "three", "two"];
    assert_eq!(keys(code).into_iter().collect::<Vec<_>>(), wanted);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
}

/// The text below the heading with this title, up to the next heading of its level or above.
fn part<'a>(manual: &'a str, marks: &str, title: &str) -> Option<&'a str> {
    let heading = format!("\n{marks}{title}\n");
    let start = manual.find(&heading)? + heading.len();
    let rest = &manual[start..];
    let ends = (1..marks.len()).filter_map(|level| rest.find(&format!("\n{} ", "#".repeat(level))));
    Some(&rest[..ends.min().unwrap_or(rest.len())])
}

/// The names in the first cells of all tables.
fn first_cells(part: &str) -> Vec<String> {
    let names = part.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// How a row of a table begins.
fn row(cells: &[&str]) -> String {
    cells.iter().map(|cell| format!("|`{}`", without_spaces(cell))).collect::<String>() + "|"
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A text without its code, whose links are examples.
fn prose(manual: &str) -> String {
    let blocks = manual.split("```").step_by(2);
    blocks.flat_map(|block| block.split('`').step_by(2)).collect()
}

/// The destinations of a text that are not on the web.
fn links(prose: &str) -> impl Iterator<Item = &str> {
    let all = prose.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    all.filter(|link| !link.contains("://"))
}

/// The anchors that GitHub gives to the headings of a text.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings.map(|heading| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    })
}

/// The keys that some source asks TOML tables for: `table.text("key")`, `required(t, "key", …)`, `flag(table, "a", "b", …)`
/// and the rows of the table of address patterns.
fn keys(code: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let texts = texts(code);
    let mut is_second = false;
    for (index, (before, text)) in texts.iter().enumerate() {
        let before = before.trim_end();
        let next = texts.get(index + 1);
        let is_asked = is_method_of_table(before) || is_behind_table(before);
        let is_pattern = next.is_some_and(|(between, next)| between.trim() == "," && next.starts_with('/'));
        if is_asked || (is_pattern && before.ends_with('(')) || (is_second && before == ",") {
            keys.insert((*text).to_owned());
        }
        is_second = is_asked && ["count(table,", "flag(table,"].iter().any(|call| before.ends_with(call));
    }
    keys.retain(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    keys
}

/// Every text in quotes, with the code between the one before and it.
fn texts(code: &str) -> Vec<(&str, &str)> {
    let mut texts = Vec::new();
    let mut at = 0;
    while let Some(open) = code[at..].find('"').map(|open| at + open) {
        let mut escaped = false;
        let close = code[open + 1..].find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let close = close.map_or(code.len(), |close| open + 1 + close);
        texts.push((&code[at..open], &code[open + 1..close]));
        at = (close + 1).min(code.len());
    }
    texts
}

/// `… table.text(`, on one line or two.
fn is_method_of_table(before: &str) -> bool {
    let Some(call) = before.strip_suffix('(') else { return false };
    let receiver = call.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '_').strip_suffix('.');
    let Some(receiver) = receiver.map(str::trim_end) else { return false };
    let name = receiver.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next();
    matches!(name, Some("table" | "t"))
}

/// `… required(table,`
fn is_behind_table(before: &str) -> bool {
    ["(table,", "(t,"].iter().any(|end| {
        before.strip_suffix(end).is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_lowercase() || c == '_'))
    })
}
