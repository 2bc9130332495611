//! The editor's panel and the index of the newsroom, byte for byte, and that no text of an author becomes markup in them.
//!
//! `tests/newsroom/<case>/expected/` holds the panel of some pages of a site, and its index. `GALEN_BLESS=1 cargo test --test
//! newsroom` writes them anew; read the difference afterwards.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use galen::newsroom::{ASSETS, Newsroom, index, panel};
use galen::project::Project;
use galen::{Options, Preview};
use proptest::prelude::*;
use scraper::{Html, Selector};
use support::{Folder, TODAY, repository};

/// A site and the pages of which the panel is compared.
struct Case {
    name: &'static str,
    /// Where the site is, from the repository.
    site: &'static str,
    drafts: bool,
    pages: &'static [&'static str],
}

const CASES: [Case; 6] = [
    Case {
        name: "clinic",
        site: "tests/newsroom/clinic",
        drafts: true,
        pages: &[
            "legs/overdue.html",
            "legs/due-soon.html",
            "legs/fresh.html",
            "legs/draft.html",
            "legs/scheduled.html",
            "legs/unreviewed.html",
            "legs/expired.html",
            "legs/withdrawn.html",
            "legs/broken.html",
            "legs.html",
            "people/ann.html",
            "glossary/body/claudication.html",
            "index.html",
            "404.html",
            "no-such-page.html",
        ],
    },
    Case {
        name: "closed",
        site: "tests/newsroom/clinic",
        drafts: false,
        pages: &["legs/overdue.html", "legs/draft.html"],
    },
    Case {
        name: "hostile",
        site: "tests/newsroom/hostile",
        drafts: true,
        pages: &["legs/evil.html", "people/mallory.html"],
    },
    Case {
        name: "arabic", site: "tests/sites/rtl", drafts: false, pages: &["الأعراض/ألم-الساق.html", "index.html"]
    },
    Case { name: "empty", site: "tests/newsroom/empty", drafts: true, pages: &["index.html"] },
    Case {
        name: "demonstration",
        site: ".",
        drafts: true,
        pages: &["symptoms-guide/understanding-aching-legs-at-night.html"],
    },
];

fn load(site: &Path) -> Project {
    // A copy without what is expected, as a folder of its own, since files that Galen does not know are findings.
    Project::load(site).expect("the site can be read")
}

fn preview(project: Project, drafts: bool) -> Preview {
    Preview::new(project, Options { as_of: TODAY.parse().expect("a day"), drafts })
}

/// Shows a newsroom of the preview to `look`.
fn newsroom<T>(preview: &Preview, look: impl FnOnce(&Newsroom<'_>) -> T) -> T {
    let diagnostics = preview.diagnostics();
    look(&Newsroom {
        project: preview.project(),
        output: preview.output(),
        diagnostics: &diagnostics,
        root: "/home/editor/our site",
    })
}

fn compare(path: &PathBuf, found: &str, wrong: &mut Vec<String>) {
    // A tag a line, so that a difference can be read.
    let found = found.replace('<', "\n<");
    if std::env::var_os("GALEN_BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, &found).expect("what is expected can be written");
    } else if fs::read_to_string(path).unwrap_or_default() != found {
        wrong.push(format!("{} is not what became of it:\n{found}", path.display()));
    }
}

#[test]
fn panels_and_indexes_are_what_is_expected() {
    let mut wrong = Vec::new();
    for case in &CASES {
        let preview = preview(load(&repository().join(case.site)), case.drafts);
        let home = repository().join("tests/newsroom").join(case.name).join("expected");
        newsroom(&preview, |newsroom| {
            for page in case.pages {
                compare(&home.join(page.replace('/', "-")), &panel(newsroom, page), &mut wrong);
            }
            compare(&home.join("_galen.html"), &index(newsroom), &mut wrong);
        });
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every element that could run something, or every handler, but for our own two scripts and the index's data.
fn strangers(html: &str) -> Vec<String> {
    let selector = Selector::parse("*").expect("a selector");
    let mut found = Vec::new();
    let ours = ["/_galen/panel.js", "/_galen/index.js"];
    for element in Html::parse_document(html).select(&selector) {
        let value = element.value();
        let is_data = value.attr("type") == Some("application/json") && value.id() == Some("data");
        let is_ours = value.attr("src").is_some_and(|source| ours.contains(&source)) || is_data;
        let runs = matches!(value.name(), "script" | "iframe" | "object" | "embed" | "base" | "style") && !is_ours;
        let handles = value.attrs().any(|(name, text)| {
            name.starts_with("on")
                || name == "style"
                || text.trim_start().to_ascii_lowercase().starts_with("javascript:")
        });
        if runs || handles {
            found.push(element.html());
        }
    }
    found
}

/// How many elements of each name there are.
fn shape(html: &str, names: &str) -> usize {
    Html::parse_document(html).select(&Selector::parse(names).expect("a selector")).count()
}

#[test]
fn nothing_of_a_hostile_site_becomes_markup() {
    let preview = preview(load(&repository().join("tests/newsroom/hostile")), true);
    newsroom(&preview, |newsroom| {
        for html in [panel(newsroom, "legs/evil.html"), panel(newsroom, "people/mallory.html"), index(newsroom)] {
            assert_eq!(strangers(&html), Vec::<String>::new());
            assert_eq!(shape(&html, "svg:not([role=img]), body > img, textarea, i"), 0);
        }
        let shown = [panel(newsroom, "legs/evil.html"), index(newsroom)];
        assert!(shown.iter().all(|html| html.contains("alert(")), "nothing of the site is shown");
        assert_eq!(shape(&shown[0], "section.panel"), 1);
        assert!(index(newsroom).contains("vscode://file/home/editor/our%20site/articles/legs/evil.md:1:1"));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_breaks_out(text in "(\\PC|</?(script|template|style|title|b)>|<!--|-->|[\"'<>&=/]|&lt;|on[a-z]=){1,40}") {
        let quoted = toml::Value::String(text.clone()).to_string();
        let article = format!(
            "+++\ntitle = {quoted}\ndescription = {quoted}\ntags = [{quoted}]\nauthor = {quoted}\n\n[[source]]\nid = {quoted}\n\
            title = {quoted}\n+++\nIt is 30% of\n\n{text}\n\n[x](<{text}>)\n"
        );
        let site = Folder::new()
            .file("site.toml", format!("title = {quoted}\nbase_url = \"https://a.example\"\n"))
            .file("articles/legs/a.md", article);
        let preview = preview(load(site.path()), true);
        newsroom(&preview, |newsroom| {
            for html in [panel(newsroom, "legs/a.html"), index(newsroom)] {
                prop_assert_eq!(strangers(&html), Vec::<String>::new(), "{}", html);
                prop_assert_eq!(shape(&html, "section.panel, table"), 1, "{}", html);
            }
            Ok(())
        })?;
    }
}

#[test]
fn what_a_page_needs_is_served_beside_it_and_holds_no_markup_of_its_own() {
    let preview = preview(load(&repository().join("tests/newsroom/clinic")), true);
    newsroom(&preview, |newsroom| {
        let all = panel(newsroom, "index.html") + &index(newsroom);
        for (name, _, text) in ASSETS {
            assert!(all.contains(&format!("\"/_galen/{name}\"")), "{name} is used nowhere");
            assert!(
                !["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write"]
                    .iter()
                    .any(|way| text.contains(way))
            );
        }
    });
}

#[test]
fn a_large_newsroom_is_one_small_page_and_every_article_is_in_its_data() {
    let mut site = Folder::new().file("site.toml", "title = \"A\"\nbase_url = \"https://a.example\"\n");
    for number in 0..400 {
        site = site.file(&format!("articles/legs/a{number}.md"), format!("+++\ntitle = \"A {number}\"\n+++\nText.\n"));
    }
    let preview = preview(load(site.path()), true);
    let html = newsroom(&preview, index);
    assert_eq!(shape(&html, "#rows tbody tr"), 100);
    let document = Html::parse_document(&html);
    let data = document.select(&Selector::parse("#data").expect("a selector")).next().expect("the data").inner_html();
    let rows: Vec<serde_json::Value> = serde_json::from_str(&data).expect("JSON");
    assert_eq!(rows.len(), 400);
    assert!(rows.iter().all(|row| row.as_array().is_some_and(|row| row.len() == 13)));
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
}
