//! Keeps the plan of docs/architecture.md true: who may use whom, who may touch the world outside, and that every file
//! says what it is for. It reads the source as text and compiles nothing, so it sees every platform's code.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, low to high. A module uses floors below its own; two modules on one floor do not use each other.
const FLOORS: &[&[&str]] = &[
    &["picture"],
    &["project"],
    &["content"],
    &["site"],
    &["search"],
    &["rules", "page"],
    &["render"],
    &["output"],
    &["report"],
    &["newsroom"],
    &["publish"],
    &["testing"],
    // The whole, and those who use all of it.
    &["lib", "main", "cli", "preview", "serve"],
];

/// A way out of the program, and the files (or folders, ending in `/`) that may take it.
struct Door {
    /// What it is, as the source writes it: a path, of which the last part may be a name of its own.
    name: &'static str,
    /// Who may use it.
    users: &'static [&'static str],
}

const READER: &str = "src/project/load.rs";
const WRITER: &str = "src/output/disk/";
const COMMANDS: &str = "src/cli.rs";
const COMMAND: &str = "src/cli/";

/// What a preview looks at besides the sources: that something changed, and files that changed or are shown as they are.
const FOLLOWER: &str = "src/serve/follow.rs";
const SCANNER: &str = "src/serve/scan.rs";
const OPENER: &str = "src/serve/inside.rs";
const LISTENER: &str = "src/serve/http.rs";
const PREVIEW: &str = "src/cli/serve.rs";

const DOORS: &[Door] = &[
    Door { name: "std::fs", users: &[READER, WRITER, COMMANDS, COMMAND, OPENER] },
    // The guard knows addresses and opens no socket.
    Door { name: "std::net", users: &["src/serve/mod.rs", "src/serve/guard.rs", LISTENER, PREVIEW] },
    Door { name: "tokio::net", users: &[LISTENER] },
    Door { name: "notify", users: &[FOLLOWER] },
    Door { name: "open::that_detached", users: &[PREVIEW] },
    Door { name: "std::process::Command", users: &[] },
    Door { name: "std::env", users: &[READER, WRITER, COMMANDS, COMMAND] },
    // main.rs returns the exit code; lock.rs writes its process id into the lock file, for people who find it there.
    Door {
        name: "std::process",
        users: &[READER, WRITER, COMMANDS, COMMAND, LISTENER, "src/main.rs", "src/output/lock.rs"],
    },
    Door { name: "SystemTime", users: &[READER, WRITER, COMMANDS, COMMAND, SCANNER] },
    Door { name: "Instant", users: &[READER, WRITER, COMMANDS, COMMAND, FOLLOWER] },
    Door { name: "Timestamp::now", users: &[READER, WRITER, COMMANDS, COMMAND, FOLLOWER, LISTENER] },
    Door { name: "Zoned::now", users: &[READER, WRITER, COMMANDS, COMMAND] },
    // Crates that go to the disk by themselves.
    Door { name: "walkdir", users: &[READER, SCANNER] },
    Door { name: "imagesize", users: &[READER] },
    Door { name: "rustix::fs", users: &[WRITER] },
    Door { name: "rustix::net", users: &["src/serve/mod.rs"] },
];

#[test]
fn modules_use_lower_floors_only() {
    assert_clean(sources().iter().flat_map(wrong_floors));
}

#[test]
fn only_a_few_files_touch_the_world_outside() {
    assert_clean(sources().iter().flat_map(wrong_doors));
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = sources().into_iter().filter(|source| !source.text.starts_with("//! "));
    assert_clean(silent.map(|source| format!("{}:1: begin the file with `//! `, what it is for", source.path)));
}

#[test]
fn every_dependency_has_a_reason() {
    let (manifest, manual) = (read("Cargo.toml"), read("docs/dependencies.md"));
    let (named, rows) = (dependencies(&manifest), reasons(&manual));
    let is_in = |names: &[(usize, String)], name: &str| names.iter().any(|(_, other)| other == name);
    let silent = named.iter().filter(|(_, name)| !is_in(&rows, name));
    let silent = silent.map(|(line, name)| format!("Cargo.toml:{line}: docs/dependencies.md has no row for `{name}`"));
    let gone = rows.iter().filter(|(_, name)| !is_in(&named, name));
    let gone = gone.map(|(line, name)| format!("docs/dependencies.md:{line}: `{name}` is no dependency any more"));
    assert_clean(silent.chain(gone));
}

#[test]
fn a_broken_floor_is_seen() {
    for (path, text, wrong) in [
        ("src/content/a.rs", "use crate::site::Site;", 1),
        ("src/content/a.rs", "use crate::{\n    project::Code,\n    render::{Renderer, x},\n};", 1),
        ("src/content/a.rs", "fn f() { crate::page::graph() }", 1),
        ("src/rules/mod.rs", "use crate::page::Page;", 1),
        ("src/page/a.rs", "use crate::rules::check;", 1),
        ("src/project/mod.rs", "use super::content::Body;", 1),
        ("src/project/load.rs", "use super::super::content::Body;", 1),
        ("src/site/a.rs", "use crate::Options;", 1),
        ("src/nowhere/a.rs", "", 1),
        ("src/site/a.rs", "use crate::{content::Body, project::Code};\nuse super::model::Site;", 0),
        ("src/output/a.rs", "pub(in crate::output) use crate::render::Renderer;", 0),
        ("src/content/a.rs", "// use crate::site::Site;\n/// [`crate::site`]\nconst A: &str = \"crate::site\";", 0),
        ("src/content/a.rs", "#[cfg(test)]\nmod tests {\n    use crate::site::Site;\n}\n", 0),
        ("src/lib.rs", "use crate::site::Site;", 0),
    ] {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        let found = wrong_floors(&source);
        assert_eq!(found.len(), wrong, "{path}: {text}\n{found:?}");
    }
}

#[test]
fn a_broken_door_is_seen() {
    for (path, text, wrong) in [
        ("src/content/a.rs", "use std::fs;", 1),
        ("src/content/a.rs", "use std::{collections::BTreeMap, env, io};", 1),
        ("src/site/a.rs", "let now = std::time::Instant::now();", 1),
        ("src/site/a.rs", "let now = jiff::Timestamp::now();", 1),
        ("src/output/mod.rs", "use std::fs::File;", 1),
        ("src/cli/a.rs", "std::process::Command::new(\"sh\")", 1),
        ("src/cli/a.rs", "use std::process::{Command, ExitCode};", 1),
        ("src/cli/a.rs", "use std::net::TcpStream;", 1),
        ("src/site/a.rs", "walkdir::WalkDir::new(root)", 1),
        ("src/project/load.rs", "use std::fs;\nuse walkdir::WalkDir;", 0),
        ("src/output/disk/look.rs", "use std::fs;", 0),
        ("src/cli/build.rs", "use std::time::Instant;\nuse std::process::ExitCode;", 0),
        (
            "src/site/a.rs",
            "// std::fs\nlet c = 'a'; let s = r#\"std::fs \" \"#; let life: &'static str = \"std::env\";",
            0,
        ),
        ("src/site/a.rs", "use std::fmt; use std::sync::Arc; env!(\"CARGO_PKG_NAME\")", 0),
    ] {
        let source = Source { path: path.to_owned(), text: text.to_owned() };
        let found = wrong_doors(&source);
        assert_eq!(found.len(), wrong, "{path}: {text}\n{found:?}");
    }
}

fn assert_clean(wrong: impl Iterator<Item = String>) {
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
}

/// A file of the source.
struct Source {
    /// Path from the root, `/`-separated.
    path: String,
    text: String,
}

/// Every Rust file below `src`, in the order of their paths.
fn sources() -> Vec<Source> {
    let mut folders = vec![root().join("src")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src can be listed") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 40, "only {} files below src were found", files.len());
    let named = |file: PathBuf| {
        let path = file.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
        Source { text: read(&path), path }
    };
    files.into_iter().map(named).collect()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn module(path: &str) -> &str {
    path.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap_or_default()
}

fn wrong_floors(source: &Source) -> Vec<String> {
    let own = module(&source.path);
    let Some(own_floor) = floor(own) else {
        return vec![format!("{}:1: the module `{own}` has no floor; give it one in FLOORS", source.path)];
    };
    if own_floor == FLOORS.len() - 1 {
        return Vec::new();
    }
    let code = code(&source.text);
    let at_root = uses(&code, "crate").into_iter().chain(uses_above(&code, &source.path));
    at_root
        .filter(|(_, used)| used != own && floor(used).is_none_or(|floor| floor >= own_floor))
        .map(|(line, used)| match floor(&used) {
            Some(_) => format!("{}:{line}: `{own}` may not use `{used}`, which is not below it", source.path),
            None => {
                format!("{}:{line}: `{own}` may not use `crate::{used}`, which is the whole library's", source.path)
            }
        })
        .collect()
}

fn wrong_doors(source: &Source) -> Vec<String> {
    if source.path.ends_with("/tests.rs") {
        return Vec::new();
    }
    let code = code(&source.text);
    let shut = DOORS.iter().filter(|door| !door.users.iter().any(|user| is_or_below(&source.path, user)));
    let mut wrong = Vec::new();
    for door in shut {
        for line in door_lines(&code, door.name) {
            wrong.push(format!("{}:{line}: `{}` has no business here", source.path, door.name));
        }
    }
    wrong
}

fn is_or_below(path: &str, user: &str) -> bool {
    path == user || (user.ends_with('/') && path.starts_with(user))
}

/// The lines that use a door. Of a path, its last two names tell it, so that `use std::process::{Command, exit}` is seen.
fn door_lines(code: &str, name: &str) -> Vec<usize> {
    let Some((path, last)) = name.rsplit_once("::") else {
        return words(code, name).map(|at| line_at(code, at)).collect();
    };
    let parent = path.rsplit("::").next().unwrap_or(path);
    uses(code, parent).into_iter().filter(|(_, used)| used == last).map(|(line, _)| line).collect()
}

/// Where `name` stands as a word of its own.
fn words<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name)
        .map(|(at, _)| at)
        .filter(move |&at| !code[..at].ends_with(is_part) && !code[at + name.len()..].starts_with(is_part))
}

fn line_at(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// What stands right behind `root::`, with its line: `use root::{a::b, c}` uses `a` and `c`.
fn uses(code: &str, root: &str) -> Vec<(usize, String)> {
    words(code, root)
        .filter_map(|at| Some((at, path_tail(&code[at + root.len()..])?)))
        .flat_map(|(at, tail)| {
            let line = line_at(code, at);
            heads(tail).into_iter().map(move |head| (line, head))
        })
        .collect()
}

/// What chains of `super::` that climb to the root of the crate lead to.
fn uses_above(code: &str, path: &str) -> Vec<(usize, String)> {
    let below = path.trim_start_matches("src/");
    let depth = below.matches('/').count() + usize::from(!below.ends_with("/mod.rs"));
    let mut used = Vec::new();
    for at in words(code, "super") {
        if code[..at].trim_end().ends_with("super::") {
            continue;
        }
        let (mut climbed, mut rest) = (0, &code[at..]);
        while let Some(tail) = rest.strip_prefix("super").and_then(path_tail) {
            (climbed, rest) = (climbed + 1, tail);
        }
        if climbed >= depth {
            used.extend(heads(rest).into_iter().map(|head| (line_at(code, at), head)));
        }
    }
    used
}

/// What follows `::`, if that is what comes next.
fn path_tail(code: &str) -> Option<&str> {
    Some(code.trim_start().strip_prefix("::")?.trim_start())
}

/// The first name of a path, or of each path in braces.
fn heads(code: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(inside) = code.strip_prefix('{') else { return vec![name(code)] };
    let (mut depth, mut start, mut heads) = (0_usize, 0, Vec::new());
    for (at, character) in inside.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.push(name(inside[start..at].trim_start()));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads.retain(|head| !head.is_empty());
    heads
}

/// The source without comments, texts and test modules; every line keeps its number.
fn code(text: &str) -> String {
    without_tests(without_words(text))
}

/// Comments and literals as spaces.
fn without_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = word_length(rest, out.chars().next_back());
        if length > 0 {
            out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        } else {
            out.push(first);
        }
        rest = &rest[length.max(first.len_utf8())..];
    }
    out
}

/// Length of the comment, text or character that begins here; 0 where none does.
fn word_length(rest: &str, before: Option<char>) -> usize {
    let to = |end: Option<usize>| end.unwrap_or(rest.len());
    if rest.starts_with("//") {
        return to(rest.find('\n'));
    }
    if rest.starts_with("/*") {
        return to(rest.find("*/").map(|at| at + 2));
    }
    let in_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if let Some(hashes) = rest.strip_prefix('r').filter(|_| !in_name) {
        let count = hashes.len() - hashes.trim_start_matches('#').len();
        if hashes[count..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(count));
            let body = 1 + count + 1;
            return to(rest[body..].find(&end).map(|at| body + at + end.len()));
        }
    }
    match rest.as_bytes()[0] {
        b'"' => to(closing(rest, '"')),
        // A lifetime has no closing quote right behind its first character.
        b'\'' if rest[1..].starts_with('\\') => to(closing(rest, '\'')),
        b'\'' => {
            let inside = rest[1..].chars().next().map_or(0, char::len_utf8);
            if rest[1 + inside..].starts_with('\'') { inside + 2 } else { 0 }
        }
        _ => 0,
    }
}

/// Where a literal that begins with `quote` ends.
fn closing(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}

/// What stands behind `#[cfg(test)]` as spaces.
fn without_tests(mut code: String) -> String {
    while let Some(start) = code.find("#[cfg(test)]") {
        let end = start + item_length(&code[start..]);
        let blank: String = code[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        code.replace_range(start..end, &blank);
    }
    code
}

/// Length of an item: to its semicolon, or to the end of its braces.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in code.char_indices() {
        match character {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Every direct dependency of the manifest, with its line: those of every platform and of tests too.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut inside = false;
    for (index, line) in manifest.lines().enumerate() {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.trim_end().trim_end_matches(']').ends_with("dependencies");
        } else if let Some((name, _)) = line.split_once('=').filter(|_| inside && !line.starts_with([' ', '#', '}'])) {
            found.push((index + 1, name.trim().trim_matches('"').to_owned()));
        }
    }
    assert!(found.len() > 20, "only {} dependencies were found in Cargo.toml", found.len());
    found
}

/// Every dependency that the manual explains, with its line: the first cell of each row.
fn reasons(manual: &str) -> Vec<(usize, String)> {
    let name = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    manual.lines().enumerate().filter_map(|(index, line)| Some((index + 1, name(line)?))).collect()
}
