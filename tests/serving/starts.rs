//! A preview starts whatever it finds, and gets better when that does; it ends when it is told to.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::program::Preview;
use crate::support::{Folder, copy, put, tree};

const BROKEN: &str = "+++\ntitle = \"Broken\ndescription = 5\n+++\nText <b>of</b> the broken.\n";

#[test]
fn a_broken_article_is_shown_with_what_is_wrong_until_it_is_mended() {
    let site = Folder::site("minimal").file("articles/guides/broken.md", BROKEN);
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let elsewhere = preview.get("/guides/first");
    assert!(elsewhere.status == 200 && elsewhere.has("One paragraph."), "{}", elsewhere.text());
    assert!(elsewhere.has("<galen-findings>") && elsewhere.has(" elsewhere</summary>"), "{}", elsewhere.text());
    let list = preview.get("/_galen/");
    assert!(list.has("articles/guides/broken.md") && list.has("title"), "{}", list.text());
    put(
        &site.join("articles/guides/broken.md"),
        BROKEN.replace("Broken\n", "Broken\"\n").replace("= 5", "= \"A.\"").as_bytes(),
    );
    preview.until(&mut events, "/guides/broken", "mended", |page| page.has("<h1>Broken</h1>"));
}

#[test]
fn findings_of_a_page_come_and_go_while_its_text_stays() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let (path, page) = (site.join("articles/guides/first.md"), "/guides/first");
    let good = site.read("articles/guides/first.md");
    let quiet = preview.get(page).text().matches("<galen-findings>").count();
    put(&path, format!("{good}\n[See <i>there</i>](no-such.md) for <script>alert(1)</script>.\n").as_bytes());
    let shown = preview.until(&mut events, page, "told", |page| page.has("no-such.md"));
    let shown = shown.text();
    let overlay = shown.split_once("<galen-findings>").and_then(|(_, rest)| rest.split_once("</galen-findings>"));
    let (overlay, _) = overlay.unwrap_or_else(|| panic!("no overlay: {shown}"));
    assert!(overlay.contains("articles/guides/first.md:8"), "file and line: {overlay}");
    assert!(overlay.contains("[See &lt;i&gt;there&lt;/i&gt;](no-such.md)"), "the line itself: {overlay}");
    assert!(!overlay.contains("<script>alert"), "{overlay}");
    assert!(shown.contains("One paragraph."), "the page stays readable: {shown}");
    put(&path, good.as_bytes());
    preview.until(&mut events, page, "gone", |page| {
        page.text().matches("<galen-findings>").count() == quiet && !page.has("no-such.md")
    });
}

#[test]
fn a_front_matter_that_breaks_and_is_mended_leads_back() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let (path, good) = (site.join("articles/guides/first.md"), site.read("articles/guides/first.md"));
    put(&path, good.replacen("title = \"First\"", "title = \"First", 1).as_bytes());
    preview.until(&mut events, "/_galen/", "told", |page| page.has("articles/guides/first.md:"));
    put(&path, good.replacen("First", "First again", 1).as_bytes());
    preview
        .until(&mut events, "/guides/first", "mended", |page| page.has("First again") && !page.has("<galen-findings>"));
}

#[test]
fn a_broken_template_leaves_the_pages_that_do_not_need_it() {
    let site =
        Folder::site("minimal").file("templates/article.html", "{% if page.title %}no end {{ nothing_of_this_name }}");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let page = preview.get("/guides/first");
    assert!(page.has("templates/article.html") && page.has("<galen-findings>"), "{} {}", page.status, page.text());
    put(
        &site.join("templates/article.html"),
        b"<!doctype html><title>T</title><body>Own template: {{ page.title }}</body>",
    );
    preview.until(&mut events, "/guides/first", "mended", |page| page.status == 200 && page.has("Own template: First"));
    fs::remove_dir_all(site.join("templates")).expect("the templates can be removed");
    preview
        .until(&mut events, "/guides/first", "the theme's own", |page| page.has("theme.") && !page.has("Own template"));
}

#[test]
fn no_articles_and_no_site_are_shown_as_such() {
    let site = Folder::new().file("site.toml", "title = \"Empty\"\nbase_url = \"https://empty.example\"\n");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let home = preview.get("/");
    assert!(home.status == 200 && home.has("Empty"), "{} {}", home.status, home.text());
    put(
        &site.join("articles/guides/new.md"),
        b"+++\ntitle = \"New\"\ndescription = \"New.\"\nkind = \"page\"\n+++\nText.\n",
    );
    preview.until(&mut events, "/guides/new", "the first article", |page| page.status == 200);

    let nowhere = Folder::new();
    let preview = Preview::with(&nowhere, &["--port", "0", "--root", "later"]);
    let mut events = preview.events();
    let page = preview.get("/any/page?at=all");
    assert!(
        page.status == 503 && page.has("The site cannot be read") && page.has("/_galen/client.js"),
        "{}",
        page.text()
    );
    copy(&crate::support::repository().join("tests/sites/minimal"), &nowhere.join("later"));
    preview.until(&mut events, "/guides/first", "the site", |page| page.has("One paragraph."));
}

#[test]
fn broken_settings_keep_what_can_be_shown() {
    for broken in ["title = \"Minimal", "base_url = 5\n", "\u{0}\u{1}", ""] {
        let site = Folder::site("minimal");
        let good = site.read("site.toml");
        put(&site.join("site.toml"), broken.as_bytes());
        let preview = Preview::of(&site);
        let mut events = preview.events();
        let home = preview.get("/");
        assert!(
            home.has("site.toml") || home.has(" elsewhere</summary>"),
            "{broken:?}: {} {}",
            home.status,
            home.text()
        );
        put(&site.join("site.toml"), good.as_bytes());
        preview.until(&mut events, "/", "mended", |page| {
            page.status == 200 && page.has("Minimal") && !page.has("<galen-findings>")
        });
        fs::remove_file(site.join("site.toml")).expect("the settings can be removed");
        preview.until(&mut events, "/guides/first", "told", |page| {
            page.has("<galen-findings>") && page.has("One paragraph.")
        });
        put(&site.join("site.toml"), good.as_bytes());
        preview.until(&mut events, "/guides/first", "mended", |page| !page.has("<galen-findings>"));
    }
}

#[test]
fn a_deleted_site_is_shown_as_it_was_until_it_is_back() {
    let outer = Folder::new();
    let site = outer.join("site");
    copy(&crate::support::repository().join("tests/sites/minimal"), &site);
    let preview = Preview::with(&outer, &["--port", "0", "--root", "site"]);
    let mut events = preview.events();
    for round in 0..3 {
        fs::remove_dir_all(&site).expect("the site can be removed");
        preview.until(&mut events, "/", "told", |page| page.has("The site cannot be read now"));
        copy(&crate::support::repository().join("tests/sites/minimal"), &site);
        let text = format!("+++\ntitle = \"First\"\ndescription = \"Back.\"\nkind = \"page\"\n+++\nRound {round}.\n");
        put(&site.join("articles/guides/first.md"), text.as_bytes());
        preview.until(&mut events, "/guides/first", "back", |page| {
            page.has(&format!("Round {round}.")) && !page.has("<galen-findings>")
        });
        put(&site.join("articles/guides/first.md"), text.replace("Round", "After round").as_bytes());
        preview.until(&mut events, "/guides/first", "followed", |page| page.has(&format!("After round {round}.")));
    }
}

#[test]
fn nothing_is_written_and_any_day_can_be_shown() {
    let site = Folder::site("everything");
    let (before, names) = (tree(site.path()), site.names());
    let preview = Preview::of(&site);
    let mut paths = vec!["/".to_owned(), "/_galen/".to_owned(), "/no-such".to_owned()];
    let sitemap = preview.get("/sitemap.xml").text();
    let addresses = sitemap.split("<loc>https://everything.example").skip(1);
    paths.extend(addresses.filter_map(|rest| Some(rest.split_once("</loc>")?.0.to_owned())));
    assert!(paths.len() > 20, "{paths:?}");
    let host = format!("host: localhost:{}", preview.port);
    for day in ["1999-01-01", "2026-06-15", "2030-12-31", "9999-12-31", "nonsense", ""] {
        for path in &paths {
            let response = preview.ask("GET", path, &[host.clone(), format!("cookie: a=b; galen-as-of={day}")]);
            assert!(matches!(response.status, 200 | 404), "{day} {path}: {}", response.status);
        }
    }
    assert_eq!((tree(site.path()), site.names()), (before, names));
    assert!(!site.join("public").exists());
}

#[test]
fn a_day_shows_what_is_scheduled_for_it() {
    let text =
        "+++\ntitle = \"Later\"\ndescription = \"Later.\"\nkind = \"page\"\npublished = 2027-03-01\n+++\nAt last.\n";
    let site = Folder::site("minimal").file("articles/guides/later.md", text);
    let preview = Preview::of(&site);
    assert_eq!(preview.get("/guides/later").status, 404);
    let host = format!("host: localhost:{}", preview.port);
    for (day, status) in [("2027-02-28", 404), ("2027-03-01", 200)] {
        let response = preview.ask("GET", "/guides/later", &[host.clone(), format!("cookie: galen-as-of={day}")]);
        assert_eq!(response.status, status, "{day}");
    }
    let drafts = Preview::with(&site, &["--port", "0", "--root", ".", "--drafts"]);
    assert!(drafts.get("/guides/later").has("At last."));
}

#[cfg(unix)]
#[test]
fn the_preview_ends_when_it_is_told_to_whoever_is_still_listening() {
    for signal in ["TERM", "INT"] {
        let site = Folder::site("minimal");
        let mut preview = Preview::of(&site);
        let mut events: Vec<_> = (0..20).map(|_| preview.events()).collect();
        assert!(events.iter_mut().all(|events| events.next().is_some()));
        let told = Command::new("sh").args(["-c", &format!("kill -{signal} {}", preview.id())]).status();
        assert!(told.is_ok_and(|status| status.success()));
        let began = Instant::now();
        while preview.lives() {
            assert!(began.elapsed() < Duration::from_secs(5), "the preview goes on after {signal}");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!preview.said().contains("panicked"), "{}", preview.said());
    }
}
