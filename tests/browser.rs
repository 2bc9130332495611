//! What only a browser can tell: accessibility, layout, ways by keyboard and without scripts, and the preview as editors see it.
//!
//! The scripts in `tests/browser/` need Node.js, Chromium and the npm packages named there; the one that checks the markup needs Java.
//! `tests/run` installs what is missing. Where something is missing these tests say so and do nothing, unless
//! `GALEN_REQUIRE_BROWSER` is set: then that is a failure.

#![allow(clippy::print_stderr, reason = "a test that does not run has to say so")]

mod support;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use support::{Folder, TODAY, repository};

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
    // The browser itself got stuck, which happens on a machine that is very busy.
    if output.status.code() == Some(2) {
        output = run();
    }
    let told = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{name}: {told}");
}

/// Runs a script on the demonstration site.
fn on_demonstration(name: &str, programs: &[&str]) {
    let folder = Folder::demonstration();
    folder.build().run();
    let output = folder.join("public");
    script(name, programs, &[output.to_str().expect("the path is text")]);
}

#[test]
fn every_kind_of_page_is_accessible() {
    on_demonstration("accessibility.mjs", &["node"]);
}

#[test]
fn every_kind_of_page_fits_every_screen() {
    on_demonstration("layout.mjs", &["node"]);
}

#[test]
fn a_page_that_is_read_from_right_to_left_fits_too() {
    // The server of the scripts knows no path below which a site may lie.
    let folder = Folder::site("rtl").without("templates").replace("site.toml", "صحة.example/مسار", "health.example");
    folder.build().run();
    let output = folder.join("public");
    script("layout.mjs", &["node"], &[output.to_str().expect("the path is text")]);
}

#[test]
fn the_site_can_be_used_by_keyboard_and_without_scripts() {
    on_demonstration("journeys.mjs", &["node"]);
}

#[test]
fn the_markup_is_what_the_standard_says() {
    on_demonstration("markup.mjs", &["node", "java"]);
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
