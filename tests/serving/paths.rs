//! What an address leads to: a published file as its host would send it, or nothing. No spelling leads to the disk.

use std::time::{Duration, Instant};

use crate::program::Preview;
use crate::support::{Folder, put};

const SECRET: &str = "Nobody may read this.";

/// A site with secrets in it, in a folder with a secret beside it.
fn site() -> (Folder, Folder) {
    let outer = Folder::new().file("secret.txt", SECRET);
    let site = Folder::site("minimal")
        .file("notes.txt", SECRET)
        .file(".env", SECRET)
        .file(".git/config", SECRET)
        .file("data/notes.txt", SECRET)
        .file("static/.hidden.txt", SECRET)
        .file("static/open.txt~", SECRET)
        .file("static/#open.txt#", SECRET)
        .file("static/open.txt", "Everybody may read this.")
        .file("static/two words.txt", "words")
        .file("static/été.txt", "été")
        .file(
            "articles/guides/gone.md",
            "+++\ntitle = \"Gone\"\ndescription = \"Gone.\"\nkind = \"page\"\nwithdrawn = { date = 2026-01-01, reason = \"Old.\" }\n+++\nText.\n",
        )
        .file("articles/guides/hidden.md", format!("+++\ntitle = \"Draft\"\ndraft = true\n+++\n{SECRET}\n"));
    let settings = site.read("site.toml")
        + "[redirects]\n\"/old/first\" = \"/guides/first\"\n\"/old/elsewhere\" = \"https://elsewhere.example/a?b=c&d=e\"\n";
    crate::support::copy(site.path(), &outer.join("site"));
    put(&outer.join("site/site.toml"), settings.as_bytes());
    (outer, site)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

#[test]
fn addresses_are_answered_as_hosts_answer_them() {
    for form in ["bare", "folders", "below"] {
        let (outer, _site) = site();
        let settings = outer.read("site/site.toml");
        let settings = match form {
            "folders" => format!("trailing_slash = true\n{settings}"),
            "below" => settings.replace("minimal.example", "minimal.example/health"),
            _ => settings,
        };
        put(&outer.join("site/site.toml"), settings.as_bytes());
        let preview = Preview::with(&outer, &["--port", "0", "--root", "site"]);
        for line in lines(include_str!("addresses.txt")) {
            let mut parts = line.split('|').map(str::trim);
            let mut part = || parts.next().unwrap_or_default();
            if part() != form {
                continue;
            }
            let (address, status, leads) = (part(), part(), part());
            let response = preview.get(address);
            let found = (response.status.to_string(), response.header("location").unwrap_or_default());
            assert_eq!((found.0.as_str(), found.1), (status, leads), "{line}");
            assert_eq!(response.header("cache-control"), Some("no-store"), "{line}");
        }
    }
}

#[test]
fn headers_are_as_published_but_for_what_a_preview_needs() {
    let (outer, _site) = site();
    let preview = Preview::with(&outer, &["--port", "0", "--root", "site"]);
    let page = preview.get("/guides/first");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for name in ["content-security-policy", "permissions-policy", "referrer-policy"] {
        assert!(page.header(name).is_some(), "{name}: {}", page.head);
    }
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("strict-transport-security"), None, "it would make the browser ask for https");
    let text = page.text();
    let linked = |before: &str| {
        let path = text.split_once(before).and_then(|(_, rest)| rest.split('"').next());
        path.unwrap_or_else(|| panic!("no {before}: {text}")).to_owned()
    };
    for (path, content_type) in [
        ("/feed.xml", "application/xml; charset=utf-8"),
        ("/open.txt", "text/plain; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/search-index.json", "application/json"),
        ("/site.webmanifest", "application/manifest+json"),
        (&linked("<link rel=\"stylesheet\" href=\""), "text/css; charset=utf-8"),
        (&linked("<script type=\"module\" src=\""), "text/javascript; charset=utf-8"),
    ] {
        let response = preview.get(path);
        assert_eq!((response.status, response.header("content-type")), (200, Some(content_type)), "{path}");
        assert!(!response.has("_galen"), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_became_a_link_to_elsewhere_is_not_followed() {
    let (outer, _site) = site();
    let preview = Preview::with(&outer, &["--port", "0", "--root", "site"]);
    let mut events = preview.events();
    let (file, article) = (outer.join("site/static/open.txt"), outer.join("site/articles/guides/first.md"));
    let likely = outer.read("site/articles/guides/first.md").replace("One paragraph.", SECRET);
    put(&outer.join("likely.md"), likely.as_bytes());
    for (link, goal) in [(&file, outer.join("secret.txt")), (&article, outer.join("likely.md"))] {
        std::fs::remove_file(link).expect("the file can be removed");
        std::os::unix::fs::symlink(goal, link).expect("a link can be made");
    }
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(500) {
        for target in ["/guides/first", "/open.txt"] {
            assert!(!preview.get(target).has(SECRET), "{target}");
        }
    }
    for target in ["/guides/first", "/open.txt"] {
        preview.until(&mut events, target, "gone", |response| response.status == 404);
    }
}

#[test]
fn headers_of_the_sites_own_are_sent() {
    let site = Folder::site("minimal").file("static/_headers", "/guides/*\n  X-Own: yes\n  Cache-Control: max-age=9\n");
    let preview = Preview::of(&site);
    let page = preview.get("/guides/first");
    assert_eq!((page.header("x-own"), page.header("cache-control")), (Some("yes"), Some("no-store")), "{}", page.head);
    assert_eq!(preview.get("/").header("x-own"), None);
}
