//! Every code of a finding, shown by small sites: `tests/rules/<code>/fires…` is reported, `tests/rules/<code>/silent…` is not.
//!
//! A fixture is a handful of files laid over the site in `tests/rules/_base`. Beside them it may hold
//!
//! - `expected.txt`: all that `galen check` says on standard error, of a fixture that fires;
//! - `level`: the level at which it fires, where that is not the code's own;
//! - `allowed`: other codes that a silent fixture may report, one a line;
//! - `REMOVE`: files of the base that are left out, one a line;
//! - `SETUP`: what git cannot hold, one step a line; [`take_step`] knows the words.
//!
//! `GALEN_BLESS=1 cargo test --test rules` writes every `expected.txt` anew; read what changed before you commit it.

// Symbolic links, pipes and names that are not UTF-8 are a Unix file system's.
#![cfg(unix)]

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use galen::project::{Code, Level};
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// The day on which every fixture is checked.
const AS_OF: &str = "2026-11-23";

/// A program that takes longer waits for something that never comes: a pipe that nobody writes to.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a fixture's folder may hold.
const SITE: [&str; 5] = ["site.toml", "articles", "data", "static", "templates"];
const NOTES: [&str; 5] = ["expected.txt", "level", "allowed", "REMOVE", "SETUP"];

/// What a manual page must hold, in this order.
const HEADINGS: [&str; 3] = ["\n## Reported\n\n```", "\n## Not reported\n\n```", "\n## What to do\n\n"];

#[test]
fn every_fixture_is_reported_as_it_should_be() {
    let fixtures: Vec<Fixture> = folders(&rules())
        .iter()
        .filter_map(|folder| Code::from_name(&name(folder)).zip(Some(folder)))
        .flat_map(fixtures_of)
        .collect();
    let failures: Vec<String> = fixtures.par_iter().filter_map(Fixture::failure).collect();
    assert!(
        failures.is_empty(),
        "{} of {} fixtures failed\n\n{}",
        failures.len(),
        fixtures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn every_code_has_fixtures_and_a_page_of_the_manual() {
    let mut failures = Vec::new();
    for folder in folders(&rules()) {
        if name(&folder) != "_base" && Code::from_name(&name(&folder)).is_none() {
            failures.push(format!("tests/rules/{}: there is no such code", name(&folder)));
        }
    }
    for &code in Code::ALL {
        let folder = rules().join(code.name());
        let fixtures = if folder.is_dir() { fixtures_of((code, &folder)) } else { Vec::new() };
        for kind in [Kind::Fires, Kind::Silent] {
            if !fixtures.iter().any(|fixture| fixture.kind == kind) {
                failures.push(format!("{}: there is no fixture of the kind {kind:?}", code.name()));
            }
        }
        failures.extend(fixtures.iter().flat_map(Fixture::strangers));
        failures.extend(manual_faults(code));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn manual_faults(code: Code) -> Vec<String> {
    let page = code.manual();
    let mut faults = Vec::new();
    let mut expect = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("docs/rules/{}.md {what}", code.name()));
        }
    };
    expect(page.starts_with(&format!("# {}\n\n", code.name())), "does not begin with its code");
    let places: Vec<Option<usize>> = HEADINGS.iter().map(|heading| page.find(heading)).collect();
    expect(places.iter().all(Option::is_some) && places.is_sorted(), "does not hold its headings in their order");
    expect((12..=35).contains(&page.lines().count()), "is not 12 to 35 lines long");
    expect(page.lines().filter(|line| line.starts_with("```")).count() % 2 == 0, "has an example that does not end");
    faults
}

/// What a fixture is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The code is reported.
    Fires,
    /// Nothing is reported.
    Silent,
    /// A folder whose name says neither.
    Unknown,
}

struct Fixture {
    code: Code,
    kind: Kind,
    folder: PathBuf,
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = listed.map(|entry| entry.expect("readable folder").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn fixtures_of((code, folder): (Code, &PathBuf)) -> Vec<Fixture> {
    let kind = |name: String| match name.split('-').next() {
        Some("fires") => Kind::Fires,
        Some("silent") => Kind::Silent,
        _ => Kind::Unknown,
    };
    folders(folder).into_iter().map(|folder| Fixture { code, kind: kind(name(&folder)), folder }).collect()
}

impl Fixture {
    /// What is wrong with the program, as this fixture shows it.
    fn failure(&self) -> Option<String> {
        let place = TempDir::new().expect("a folder for temporary files");
        let faults = match self.lay_out(place.path()) {
            Ok(()) => match self.kind {
                Kind::Fires => self.fires(place.path()),
                Kind::Silent => self.is_silent(place.path()),
                Kind::Unknown => Vec::new(),
            },
            Err(error) => vec![error],
        };
        (!faults.is_empty()).then(|| format!("── {} ──\n{}", self.title(), faults.join("\n")))
    }

    fn title(&self) -> String {
        format!("{}/{}", self.code.name(), name(&self.folder))
    }

    /// The lines of one of the fixture's notes; none where there is no such note.
    fn note(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }

    /// Folders and files that no fixture has.
    fn strangers(&self) -> Vec<String> {
        let is_known = |name: &str| match name {
            "expected.txt" | "level" => self.kind == Kind::Fires,
            "allowed" => self.kind == Kind::Silent,
            name => SITE.contains(&name) || NOTES.contains(&name),
        };
        let mut strangers: Vec<String> =
            entries(&self.folder).iter().map(|path| name(path)).filter(|name| !is_known(name)).collect();
        if self.kind == Kind::Unknown {
            strangers.push("its own name".to_owned());
        }
        strangers.into_iter().map(|name| format!("{}: {name} means nothing here", self.title())).collect()
    }

    /// Makes the site in `place/site`, with a stranger's folder beside it.
    fn lay_out(&self, place: &Path) -> Result<(), String> {
        let site = place.join("site");
        let outside = place.join("outside");
        fs::create_dir_all(&outside).expect("a writable folder");
        fs::write(outside.join("secret.md"), "+++\ntitle = \"A secret\"\n+++\nNobody may read this.\n")
            .expect("written");
        copy(&rules().join("_base"), &site);
        for path in self.note("REMOVE") {
            fs::remove_file(site.join(&path)).map_err(|error| format!("REMOVE {path}: {error}"))?;
        }
        for part in SITE.map(|part| self.folder.join(part)).iter().filter(|part| part.exists()) {
            copy(part, &site.join(name(part)));
        }
        for step in self.note("SETUP") {
            take_step(&site, &step).map_err(|error| format!("SETUP {step}: {error}"))?;
        }
        Ok(())
    }

    /// The level at which the code is to be reported.
    fn level(&self) -> Level {
        let written = self.note("level");
        let named = written.first().and_then(|word| Level::NAMES.iter().find(|(name, _)| name == word));
        named.map_or(self.code.level(), |(_, level)| *level)
    }

    fn fires(&self, place: &Path) -> Vec<String> {
        let status = i32::from(self.level() == Level::Error);
        let check = galen(place, &["check"]);
        let json = galen(place, &["check", "--format", "json"]);
        let mut faults = self.compare(&check.errors);
        faults.extend(check.ended("check", status));
        faults.extend(json.ended("check --format json", status));
        faults.extend(told("check", "output", &check.output));
        faults.extend(told("check --format json", "error", &json.errors));
        match findings(&json.output) {
            Ok(findings) => {
                let level = self.level().name();
                if !findings.iter().any(|finding| finding.code == self.code.name() && finding.level == level) {
                    faults.push(format!("{} is not reported at the level {level}", self.code.name()));
                }
                faults.extend(disagreements(&check.errors, &findings));
            }
            Err(fault) => faults.push(fault),
        }
        if self.level() == Level::Error {
            faults.extend(writes_nothing(place, &check.errors));
        }
        faults
    }

    fn is_silent(&self, place: &Path) -> Vec<String> {
        let allowed = self.note("allowed");
        let json = galen(place, &["check", "--format", "json"]);
        let mut faults: Vec<String> = match findings(&json.output) {
            Ok(findings) => findings
                .iter()
                .filter(|finding| finding.code == self.code.name() || !allowed.contains(&finding.code))
                .map(|finding| format!("{}:{}: {} {}", finding.file, finding.line, finding.code, finding.message))
                .collect(),
            Err(fault) => vec![fault],
        };
        faults.extend(told("check --format json", "error", &json.errors));
        if allowed.is_empty() {
            faults.extend(json.ended("check --format json", 0));
        }
        faults
    }

    /// Compares what was said with `expected.txt`, or writes it there where a blessing is asked for.
    fn compare(&self, said: &str) -> Vec<String> {
        let file = self.folder.join("expected.txt");
        if std::env::var_os("GALEN_BLESS").is_some_and(|value| value == "1") {
            fs::write(&file, said).expect("a writable folder");
            return Vec::new();
        }
        let Ok(expected) = fs::read_to_string(&file) else {
            return vec![format!("there is no expected.txt; the program said:\n{said}")];
        };
        if expected == said {
            return Vec::new();
        }
        let line = expected.lines().zip(said.lines()).take_while(|(a, b)| a == b).count() + 1;
        vec![format!("from line {line} of expected.txt on the program said something else:\n{said}")]
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a writable folder");
        for entry in entries(from) {
            copy(&entry, &to.join(name(&entry)));
        }
    } else {
        fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}

/// One line of `SETUP`. `%e9` in a path is the byte E9.
///
/// - `symlink PATH TARGET`, `fifo PATH`, `copy FROM TO`
/// - `bytes PATH 2b 2b ff`: a file of just these bytes
/// - `large PATH 17MiB`: a file of that size
/// - `repeat 20 PATH TEXT`: twenty files of one line, in which `{n}` counts from 0 and `{next}` from 1
fn take_step(site: &Path, step: &str) -> Result<(), String> {
    let (word, rest) = step.split_once(' ').ok_or("a word and a path")?;
    let (first, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let path = site.join(decoded(first));
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| match word {
        "symlink" => symlink(decoded(rest), &path),
        "fifo" => Command::new("mkfifo").arg(&path).status().map(drop),
        "copy" => fs::copy(&path, site.join(decoded(rest))).map(drop),
        "bytes" => {
            fs::write(&path, rest.split(' ').filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect::<Vec<_>>())
        }
        "large" => File::options().create(true).truncate(false).write(true).open(&path).and_then(|file| {
            let size = rest.strip_suffix("MiB").and_then(|size| size.parse::<u64>().ok()).unwrap_or_default();
            file.set_len(size << 20)
        }),
        "repeat" => repeat(site, first.parse().unwrap_or_default(), rest),
        _ => Err(std::io::Error::other("there is no such step")),
    })
    .map_err(|error| error.to_string())
}

fn repeat(site: &Path, count: usize, rest: &str) -> std::io::Result<()> {
    let (path, text) = rest.split_once(' ').unwrap_or((rest, ""));
    (0..count).try_for_each(|n| {
        let fill = |text: &str| text.replace("{n}", &n.to_string()).replace("{next}", &(n + 1).to_string());
        let file = site.join(fill(path));
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, fill(text) + "\n")
    })
}

fn decoded(path: &str) -> OsString {
    OsString::from_vec(percent_decode_str(path).collect())
}

/// What the program did.
struct Ran {
    status: Option<i32>,
    output: String,
    errors: String,
}

/// Runs the program on the site in `place`.
fn galen(place: &Path, arguments: &[&str]) -> Ran {
    let (output, errors) = (place.join("stdout"), place.join("stderr"));
    let file = |path: &Path| Stdio::from(File::create(path).expect("a writable folder"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_galen"))
        .args(arguments)
        .args(["--as-of", AS_OF, "--color", "never", "-q", "--root"])
        .arg(place.join("site"))
        // The fixtures run beside one another already.
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(file(&output))
        .stderr(file(&errors))
        .spawn()
        .expect("the program starts");
    let began = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child of ours") {
            Some(status) => break status.code(),
            None if began.elapsed() > PATIENCE => {
                child.kill().and_then(|()| child.wait()).expect("a child of ours");
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(4)),
        }
    };
    let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("written by the child")).into_owned();
    Ran { status, output: read(&output), errors: read(&errors) }
}

impl Ran {
    /// What is wrong with the way the program ended.
    fn ended(&self, command: &str, status: i32) -> Option<String> {
        let ended = match self.status {
            Some(ended) if ended == status => return None,
            Some(ended) => format!("ended with {ended}"),
            None => "was killed".to_owned(),
        };
        Some(format!("{command} {ended}, not with {status}\n{}", self.errors))
    }
}

/// What was said where nothing may be said.
fn told(command: &str, stream: &str, text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("{command} wrote to standard {stream}:\n{text}"))
}

/// A build of a site with errors says what `check` says, and leaves nothing behind.
fn writes_nothing(place: &Path, said: &str) -> Vec<String> {
    let out = place.join("built");
    fs::create_dir(&out).expect("a writable folder");
    let build = galen(place, &["build", "--out", &out.join("public").to_string_lossy()]);
    let mut faults: Vec<String> = build.ended("build", 1).into_iter().collect();
    faults.extend(told("build", "output", &build.output));
    if build.errors != said {
        faults.push(format!("build says something else than check:\n{}", build.errors));
    }
    faults.extend(entries(&out).iter().map(|path| format!("build left {}", name(path))));
    faults
}

/// A line of `--format json`.
struct Finding {
    code: String,
    level: String,
    message: String,
    file: String,
    line: u64,
    column: u64,
}

fn findings(json: &str) -> Result<Vec<Finding>, String> {
    json.lines().map(|line| finding(line).ok_or_else(|| format!("not a finding: {line}"))).collect()
}

fn finding(line: &str) -> Option<Finding> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let number = |key: &str| value.get(key)?.as_u64().filter(|number| *number > 0);
    if value.as_object()?.len() != 7 || !value.get("help").is_some_and(|help| help.is_null() || help.is_string()) {
        return None;
    }
    Some(Finding {
        code: text("code")?,
        level: text("level")?,
        message: text("message")?,
        file: text("file")?,
        line: number("line")?,
        column: number("column")?,
    })
}

/// Where people and programs are told different things.
fn disagreements(human: &str, findings: &[Finding]) -> Vec<String> {
    let mut faults = Vec::new();
    let heads: Vec<&str> = human
        .lines()
        .filter(|line| ["error[", "warning[", "note["].iter().any(|level| line.starts_with(level)))
        .filter_map(|line| line.split(']').next())
        .collect();
    let told: Vec<String> = findings.iter().map(|finding| format!("{}[{}", finding.level, finding.code)).collect();
    if heads != told {
        faults.push(format!("people are told {heads:?}, programs {told:?}"));
    }
    for finding in findings {
        // The control characters of a name must not reach a terminal.
        let file: String = finding.file.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        let exact = format!("--> {file}:{}:{}", finding.line, finding.column);
        let whole = format!("--> {file}");
        let is_file = (finding.line, finding.column) == (1, 1);
        if !human.lines().any(|line| line.trim_start() == exact || (is_file && line.trim_start() == whole)) {
            faults.push(format!("people are told another place of {} than {exact}", finding.code));
        }
    }
    faults
}
