//! What is saved is shown, however an editor saves it, and browsers are told.

use std::fs::{self, File};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::program::Preview;
use crate::support::{Folder, put};

const PAGE: &str = "/guides/first";
const FILE: &str = "articles/guides/first.md";

/// Writes a text to the article, as some editor does.
type Save<'a> = &'a dyn Fn(&str);

fn text(body: &str) -> String {
    format!("+++\ntitle = \"First\"\ndescription = \"The least a site holds.\"\nkind = \"page\"\n+++\n{body}\n")
}

#[test]
fn every_way_of_saving_is_seen() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let ways: [(&str, Save<'_>); 7] = [
        ("in place", &|text| put(&site.join(FILE), text.as_bytes())),
        ("beside it, then over it", &|text| {
            put(&site.join("articles/guides/first.md.tmp"), text.as_bytes());
            fs::rename(site.join("articles/guides/first.md.tmp"), site.join(FILE)).expect("a file can be renamed");
        }),
        ("elsewhere, then over it", &|text| {
            put(&site.join("elsewhere.tmp"), text.as_bytes());
            fs::rename(site.join("elsewhere.tmp"), site.join(FILE)).expect("a file can be renamed");
        }),
        ("the old one kept beside it", &|text| {
            fs::rename(site.join(FILE), site.join("articles/guides/first.md~")).expect("a file can be renamed");
            put(&site.join(FILE), text.as_bytes());
        }),
        ("removed, then made", &|text| {
            fs::remove_file(site.join(FILE)).expect("a file can be removed");
            put(&site.join(FILE), text.as_bytes());
        }),
        ("with a lock and a backup", &|text| {
            put(&site.join("articles/guides/.#first.md"), b"lock");
            put(&site.join("articles/guides/#first.md#"), text.as_bytes());
            put(&site.join(FILE), text.as_bytes());
            fs::remove_file(site.join("articles/guides/.#first.md")).expect("a file can be removed");
            fs::remove_file(site.join("articles/guides/#first.md#")).expect("a file can be removed");
        }),
        ("in halves", &|text| {
            let mut file = File::create(site.join(FILE)).expect("a file can be made");
            let (first, second) = text.split_at(text.len() / 2);
            file.write_all(first.as_bytes()).expect("a file can be written");
            file.flush().expect("a file can be written");
            thread::sleep(Duration::from_millis(60));
            file.write_all(second.as_bytes()).expect("a file can be written");
        }),
    ];
    for (round, (way, save)) in ways.iter().cycle().take(14).enumerate() {
        save(&text(&format!("Saved for the time {round}.")));
        preview.until(&mut events, PAGE, way, |page| page.has(&format!("Saved for the time {round}.")));
    }
}

#[test]
fn numbers_of_editions_only_grow_and_a_late_listener_gets_the_newest() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let mut last = events.next().expect("a first edition");
    for round in 0..5 {
        put(&site.join(FILE), text(&format!("Round {round}.")).as_bytes());
        loop {
            let next = events.next().expect("an edition");
            assert!(next.0 == last.0 && next.1 > last.1, "{last:?} {next:?}");
            last = next;
            if preview.get(PAGE).has(&format!("Round {round}.")) {
                break;
            }
        }
    }
    let late = preview.events().next().expect("an edition at once");
    assert!(late.0 == last.0 && late.1 >= last.1, "{last:?} {late:?}");
    let page = preview.get(PAGE).text();
    let number = page.split_once("data-number=\"").and_then(|(_, rest)| rest.split('"').next()?.parse::<u64>().ok());
    assert!(number >= Some(late.1), "{number:?} {late:?}");
    let other = Preview::of(&site).events().next().expect("an edition");
    assert_ne!(other.0, last.0, "another run is another preview");
}

#[test]
fn articles_come_go_and_move() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    put(&site.join("articles/guides/second.md"), text("Also [first](first.md).").replace("First", "Second").as_bytes());
    preview.until(&mut events, "/guides/second", "added", |page| page.has("Also"));
    preview.until(&mut events, "/guides", "listed", |page| page.has("Second"));
    fs::remove_file(site.join(FILE)).expect("an article can be removed");
    preview.until(&mut events, PAGE, "removed", |page| page.status == 404);
    preview.until(&mut events, "/guides/second", "its link told of", |page| {
        page.has("first.md") && page.has("<galen-findings>")
    });
    fs::rename(site.join("articles/guides"), site.join("articles/moved")).expect("a folder can be renamed");
    preview.until(&mut events, "/moved/second", "moved", |page| page.has("Also"));
    preview.until(&mut events, "/guides/second", "moved away", |page| page.status == 404);
    put(&site.join("articles/moved/deep/er/third.md"), text("Deep.").as_bytes());
    preview.until(&mut events, "/moved/deep/er/third", "in new folders", |page| page.has("Deep."));
    put(&site.join("articles/moved/deep/er/third.md"), text("Deeper.").as_bytes());
    preview.until(&mut events, "/moved/deep/er/third", "edited in new folders", |page| page.has("Deeper."));
    fs::rename(site.join("articles"), site.join("away")).expect("a folder can be renamed");
    preview.until(&mut events, "/moved/second", "all away", |page| page.status == 404);
    fs::rename(site.join("away"), site.join("articles")).expect("a folder can be renamed");
    preview.until(&mut events, "/moved/second", "all back", |page| page.has("Also"));
}

#[test]
fn styles_pictures_templates_data_and_settings_are_followed() {
    let site = Folder::site("minimal").file("static/own.css", "p { color: red }").file("static/picture.svg", "<svg/>");
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let attribute = |page: &crate::program::Response, name: &str| {
        let page = page.text();
        page.split_once(&format!("{name}=\""))
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(value, _)| value.to_owned())
    };
    let before = preview.get(PAGE);
    put(&site.join("static/own.css"), b"p { color: blue }");
    preview.until(&mut events, "/own.css", "a style", |file| file.has("blue"));
    put(&site.join("static/picture.svg"), b"<svg id=\"new\"/>");
    preview.until(&mut events, "/picture.svg", "a picture", |file| file.has("new"));
    // The theme's style sheet is another one: all that a browser has to change is the link to it.
    put(&site.join("static/theme.css"), b"p { color: green }");
    let after = preview.until(&mut events, PAGE, "the theme's style", |page| {
        attribute(page, "data-shown") != attribute(&before, "data-shown")
    });
    assert_eq!(attribute(&after, "data-unstyled"), attribute(&before, "data-unstyled"));
    put(&site.join(FILE), text("Another text.").as_bytes());
    let after = preview.until(&mut events, PAGE, "a text", |page| page.has("Another text."));
    assert_ne!(attribute(&after, "data-unstyled"), attribute(&before, "data-unstyled"));
    put(&site.join("data/people/ada.md"), b"+++\ngiven = \"Ada\"\n+++\nA writer.\n");
    preview.until(&mut events, "/people/ada", "a person", |page| page.has("A writer."));
    put(
        &site.join("site.toml"),
        b"title = \"Renamed\"\nbase_url = \"https://minimal.example\"\ntrailing_slash = true\n",
    );
    preview.until(&mut events, "/guides/first/", "the form of addresses", |page| {
        page.status == 200 && page.has("Renamed")
    });
}

#[test]
fn ten_tabs_end_on_the_newest() {
    let site = Folder::site("minimal");
    let preview = Preview::of(&site);
    let mut tabs: Vec<_> = (0..10).map(|_| preview.events()).collect();
    for round in 0..10 {
        put(&site.join(FILE), text(&format!("Round {round}.")).as_bytes());
    }
    for tab in &mut tabs {
        preview.until(tab, PAGE, "the newest", |page| page.has("Round 9."));
    }
}

/// Saves in one step, so that no half of a text is ever there to be read.
fn save(site: &Folder, path: &str, text: &str) {
    put(&site.join("save.tmp"), text.as_bytes());
    fs::rename(site.join("save.tmp"), site.join(path)).expect("a file can be renamed");
}

#[test]
fn no_edit_is_shown_as_it_was_before() {
    let mut site = Folder::site("minimal");
    for number in 0..150 {
        let body = format!("An article about the back and the knee, number {number}. ").repeat(20);
        site = site.file(&format!("articles/guides/a{number}.md"), text(&body));
    }
    let preview = Preview::of(&site);
    let mut events = preview.events();
    let (done, mut newest) = (AtomicBool::new(false), 0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=150 {
                save(&site, FILE, &text(&format!("Round {round}.")));
                if round % 10 == 0 {
                    // Another file makes the whole be linked while this one is edited on.
                    save(&site, "articles/guides/a7.md", &text(&format!("Other {round}.")).replace("First", "Seventh"));
                }
                thread::sleep(Duration::from_millis(15));
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            let page = preview.get(PAGE);
            let round =
                page.text().split_once("Round ").and_then(|(_, rest)| rest.split('.').next()?.parse::<u32>().ok());
            let round = round.unwrap_or(0);
            assert!(page.status == 200 && round >= newest, "{} {round} after {newest}", page.status);
            newest = round;
        }
    });
    assert!(newest > 0);
    preview.until(&mut events, PAGE, "the last", |page| page.has("Round 150."));
    preview.until(&mut events, "/guides/a7", "the other", |page| page.has("Other 150."));
}

#[test]
fn pages_can_be_had_all_the_time_while_files_change() {
    let site = Folder::site("everything");
    let preview = Preview::of(&site);
    let before = site.read("articles/about.md");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    for target in ["/", "/about", "/symptoms-guide", "/feed.xml", "/_galen/"] {
                        let status = preview.get(target).status;
                        if status != 200 {
                            done.store(true, Ordering::Release);
                            panic!("{target}: {status}");
                        }
                    }
                }
            });
        }
        for round in 0..60 {
            save(&site, "articles/about.md", &format!("{before}\n\nRound {round}.\n"));
            save(&site, "static/new.css", &format!("p {{ margin: {round}px }}"));
            thread::sleep(Duration::from_millis(25));
        }
        done.store(true, Ordering::Release);
    });
    let mut events = preview.events();
    preview.until(&mut events, "/about", "the last", |page| page.has("Round 59."));
    preview.until(&mut events, "/new.css", "the last", |file| file.has("59px"));
}
