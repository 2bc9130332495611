//! What only a browser can tell: accessibility, layout, ways by keyboard and without scripts, and the preview as editors see it.
//!
//! The scripts in `tests/browser/` need Node.js, Chromium and the npm packages named there; the one that checks the markup needs Java.
//! `tests/run` installs what is missing. Where something is missing these tests say so and do nothing, unless
//! `GALEN_REQUIRE_BROWSER` is set: then that is a failure.

#![allow(clippy::print_stderr, reason = "a test that does not run has to say so")]

mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use support::{Folder, TODAY, copy, repository};

/// What stands in the way of running a script that needs these programs.
fn missing(programs: &[&str]) -> Option<String> {
    let is_there = |program: &str| {
        let told = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        told.is_ok_and(|status| status.success())
    };
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let packages = repository().join("tests/browser/node_modules/playwright-core");
    let program = programs.iter().find(|program| !is_there(program)).map(|program| (*program).to_owned());
    program
        .or_else(|| (!Path::new(&chromium).exists()).then_some(chromium))
        .or_else(|| (!packages.exists()).then(|| "the npm packages of tests/browser".to_owned()))
}

static TURN: Mutex<()> = Mutex::new(());

/// Runs a script, or says why not.
fn script(name: &str, programs: &[&str], arguments: &[&str]) {
    if let Some(missing) = missing(programs) {
        assert!(std::env::var_os("GALEN_REQUIRE_BROWSER").is_none(), "{name} cannot run: {missing} is not here");
        eprintln!("NOT TESTED: {name} did not run, since {missing} is not here. tests/run installs it.");
        return;
    }
    // One browser at a time: several on a small machine only wait for each other.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let script = repository().join("tests/browser").join(name);
    let run = || Command::new("node").arg(&script).args(arguments).output().expect("node starts");
    let mut output = run();
    // The browser itself got stuck or crashed, which happens on a machine that is very busy.
    for _ in 0..4 {
        if output.status.code() != Some(2) {
            break;
        }
        eprintln!("{name} once more: {}", String::from_utf8_lossy(&output.stderr));
        output = run();
    }
    let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{name}: {told}");
}

/// Builds a site; the path of its files.
fn built(folder: &Folder) -> String {
    folder.build().run();
    folder.join("public").to_str().expect("the path is text").to_owned()
}

/// The demonstration site with what it has no use for itself, so that every kind of page and block is there.
fn whole() -> Folder {
    let folder = Folder::demonstration();
    copy(&repository().join("tests/browser/more"), folder.path());
    let settings = folder.read("site.toml");
    folder.file("site.toml", format!("{settings}\n[pagination]\nsize = 4\n"))
}

/// The golden site that is read from right to left. The server of the scripts knows no path below which a site may lie.
fn right_to_left() -> Folder {
    Folder::site("rtl").without("templates").replace("site.toml", "صحة.example/مسار", "health.example")
}

#[test]
fn every_kind_of_page_is_accessible() {
    script("accessibility.mjs", &["node"], &[&built(&whole()), "whole"]);
    script("accessibility.mjs", &["node"], &[&built(&right_to_left())]);
}

#[test]
fn every_kind_of_page_fits_every_screen() {
    script("layout.mjs", &["node"], &[&built(&whole())]);
    script("layout.mjs", &["node"], &[&built(&right_to_left())]);
}

#[test]
fn every_kind_of_page_can_be_seen_in_other_ways() {
    script("modes.mjs", &["node"], &[&built(&whole())]);
}

#[test]
fn an_article_of_1200_words_costs_30_kilobytes() {
    script("budget.mjs", &["node"], &[&built(&Folder::demonstration())]);
}

#[test]
fn the_site_can_be_used_by_keyboard_and_without_scripts() {
    script("journeys.mjs", &["node"], &[&built(&Folder::demonstration())]);
}

#[test]
fn the_markup_is_what_the_standard_says() {
    let sites = [whole(), right_to_left(), Folder::site("everything"), Folder::site("states")];
    let outputs: Vec<String> = sites.iter().map(built).collect();
    script("markup.mjs", &["node", "java"], &outputs.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The texts of the demonstration site in a theme of `tests/themes/`.
fn themed(theme: &str) -> Folder {
    let folder = whole().without("templates").without("static");
    copy(&repository().join("tests/themes").join(theme), folder.path());
    folder
}

#[test]
fn a_theme_can_be_changed_in_part_and_as_a_whole() {
    let [block, template, tokens, gazette] = ["block", "template", "tokens", "gazette"].map(themed);
    let outputs = [&block, &template, &tokens, &gazette].map(built);
    let headache = |folder: &Folder| folder.read("public/symptoms-guide/headache.html");
    assert!(headache(&block).contains("tel:116117") && headache(&block).contains("class=\"byline\""));
    let stroke = template.read("public/glossary/conditions/stroke.html");
    assert!(
        stroke.contains("<h1>Stroke</h1>") && stroke.contains("<ul>") && !stroke.contains("class=\"card\""),
        "{stroke}"
    );
    assert!(headache(&tokens).contains("href=\"/site.") && headache(&tokens).contains("href=\"/theme."));
    for (path, bytes) in gazette.output().iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(bytes);
        let is_its_own = html.contains("href=\"/gazette.") && html.contains("class=\"masthead\"");
        assert!(is_its_own || html.contains("http-equiv=\"refresh\""), "{path} is not of the theme");
        assert!(
            !html.contains("/theme.") && !html.contains("class=\"site-header\""),
            "{path} is of the built-in theme"
        );
    }
    script("markup.mjs", &["node", "java"], &outputs.iter().map(String::as_str).collect::<Vec<_>>());
    script("accessibility.mjs", &["node"], &[&outputs[3]]);
    script("layout.mjs", &["node"], &[&outputs[3]]);
}

#[test]
fn lighthouse_has_nothing_to_say() {
    // Its audits compare addresses with those that the site gives itself.
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let folder = Folder::demonstration().replace("site.toml", "https://galen.example\"", &format!("http://{free}\""));
    script("lighthouse.mjs", &["node"], &[&built(&folder), &free.port().to_string()]);
}

#[test]
fn the_preview_follows_its_editor() {
    let folder = Folder::demonstration();
    let mut command = Command::new(env!("CARGO_BIN_EXE_galen"));
    command.args(["serve", "--port", "0", "--as-of", TODAY, "--root"]).arg(folder.path());
    let mut preview = Ended(command.env_clear().stderr(Stdio::piped()).spawn().expect("it starts"));
    let told = BufReader::new(preview.0.stderr.take().expect("standard error is piped"));
    let origin = told.lines().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("preview at ")?;
        Some(rest.split('/').take(3).collect::<Vec<_>>().join("/"))
    });
    let origin = origin.expect("the preview says where it is");
    script("preview.mjs", &["node"], &[&origin, folder.path().to_str().expect("the path is text")]);
}

/// A process that ends with the value.
struct Ended(std::process::Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
