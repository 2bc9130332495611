//! What tests of the whole program share: folders with sites in them, the real program run on them, and the trees it writes.

#![allow(dead_code, reason = "each test program uses its own part of this")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The day on which every test takes place.
pub(crate) const TODAY: &str = "2026-11-23";

/// The folders and files that make a site.
pub(crate) const SITE: [&str; 5] = ["site.toml", "articles", "data", "static", "templates"];

/// Files of the built-in theme whose bytes are the theme's business alone.
pub(crate) const THEME: [&str; 5] =
    ["favicon.svg", "fonts/atkinson-hyperlegible-next-2.001.woff2", "search.js", "theme.css", "theme.js"];

/// The root of the repository, which is a site itself.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own for one test. It goes with the value.
pub(crate) struct Folder {
    temporary: tempfile::TempDir,
    path: PathBuf,
}

impl Folder {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        let temporary = tempfile::Builder::new().prefix("galen-test-").tempdir().expect("a temporary folder");
        // The real path, since the system's temporary folder may be a link and messages name what is behind it.
        let path = fs::canonicalize(temporary.path()).expect("the folder is there");
        Self { temporary, path }
    }

    /// A copy of a site from `tests/sites/`, without what is expected of it.
    pub(crate) fn site(name: &str) -> Self {
        Self::copy_of(&repository().join("tests/sites").join(name))
    }

    /// A copy of the demonstration site.
    pub(crate) fn demonstration() -> Self {
        Self::copy_of(repository())
    }

    fn copy_of(site: &Path) -> Self {
        let folder = Self::new();
        for part in SITE {
            copy(&site.join(part), &folder.join(part));
        }
        folder
    }

    /// The folder with one more file, or with another text in an old one.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        put(&self.join(path), text.as_ref());
        self
    }

    /// The folder with every `from` in a file replaced; there must be one.
    pub(crate) fn replace(self, path: &str, from: &str, to: &str) -> Self {
        let text = self.read(path);
        assert!(text.contains(from), "{path} holds no {from:?}");
        self.file(path, text.replace(from, to))
    }

    /// The folder without a file or folder.
    pub(crate) fn without(self, path: &str) -> Self {
        let path = self.join(path);
        if path.is_dir() {
            fs::remove_dir_all(&path).expect("the folder can be removed");
        } else {
            fs::remove_file(&path).expect("the file can be removed");
        }
        self
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A path below it.
    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    /// A text below it.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap_or_else(|error| panic!("cannot read {path}: {error}"))
    }

    /// Everything in the output folder `public`.
    pub(crate) fn output(&self) -> Tree {
        tree(&self.join("public"))
    }

    /// What stands in the folder itself, hidden names included, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.path).expect("the folder can be listed");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The program, run here.
    pub(crate) fn galen<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Run {
        Run::new(&self.path, arguments)
    }

    /// The program building here on the day of the tests.
    pub(crate) fn build(&self) -> Run {
        self.galen(["build", "--as-of", TODAY])
    }
}

/// Writes a file and the folders it needs.
pub(crate) fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("folders can be made");
    fs::write(path, bytes).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}

/// Copies a file or folder, if it is there.
pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().filter_map(Result::ok) {
        let below = entry.path().strip_prefix(from).expect("the walk stays below");
        let to = if below.as_os_str().is_empty() { to.to_owned() } else { to.join(below) };
        if entry.file_type().is_dir() {
            fs::create_dir_all(&to).expect("a folder can be made");
        } else {
            fs::create_dir_all(to.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::copy(entry.path(), &to).unwrap_or_else(|error| panic!("cannot copy to {}: {error}", to.display()));
        }
    }
}

/// One run of the program: what it is given and what is expected of it. Nothing happens before [`run`](Self::run).
pub(crate) struct Run {
    command: Command,
    code: Option<i32>,
    says: Vec<String>,
    prints: Vec<String>,
    one_line: bool,
}

/// What a run of the program has said.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// A run in a folder. The surroundings are empty, so that nobody's own settings matter.
    pub(crate) fn new<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galen"));
        command.current_dir(folder).args(arguments).env_clear().stdin(Stdio::null());
        Self { command, code: Some(0), says: Vec::new(), prints: Vec::new(), one_line: false }
    }

    /// With one more argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// With more arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// With a variable of the surroundings.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Is expected to end with this code; 0 unless said otherwise.
    pub(crate) fn exits(mut self, code: i32) -> Self {
        self.code = Some(code);
        self
    }

    /// May find an error in the content or none.
    pub(crate) fn may_refuse(mut self) -> Self {
        self.code = None;
        self
    }

    /// Is expected to say this on standard error.
    pub(crate) fn says(mut self, text: impl Into<String>) -> Self {
        self.says.push(text.into());
        self
    }

    /// Is expected to print this on standard output.
    pub(crate) fn prints(mut self, text: impl Into<String>) -> Self {
        self.prints.push(text.into());
        self
    }

    /// Is expected to say exactly one line on standard error.
    pub(crate) fn says_one_line(mut self) -> Self {
        self.one_line = true;
        self
    }

    /// Starts the program and does not wait for it.
    pub(crate) fn start(mut self) -> Child {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    /// Runs the program, and compares.
    pub(crate) fn run(mut self) -> Ran {
        let output = self.command.output().expect("the program starts");
        let ran = Ran {
            stdout: String::from_utf8(output.stdout).expect("standard output is text"),
            stderr: String::from_utf8(output.stderr).expect("standard error is text"),
        };
        let told = format!("{:?}\n--- stdout\n{}\n--- stderr\n{}", self.command, ran.stdout, ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "a panic: {told}");
        match self.code {
            Some(code) => assert_eq!(output.status.code(), Some(code), "another exit code: {told}"),
            None => assert!(matches!(output.status.code(), Some(0 | 1)), "neither clean nor refused: {told}"),
        }
        for text in &self.says {
            assert!(ran.stderr.contains(text), "standard error lacks {text:?}: {told}");
        }
        for text in &self.prints {
            assert!(ran.stdout.contains(text), "standard output lacks {text:?}: {told}");
        }
        if self.one_line {
            assert_eq!(ran.stderr.trim_end().lines().count(), 1, "more or less than one line: {told}");
        }
        ran
    }
}

/// The files below a folder, by path with `/` between its parts.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// Reads a whole folder; one that is not there holds nothing.
pub(crate) fn tree(folder: &Path) -> Tree {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    files
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let below = entry.path().strip_prefix(folder).expect("the walk stays below");
            let path = below.to_str().expect("paths are text").replace(std::path::MAIN_SEPARATOR, "/");
            (path, fs::read(entry.path()).expect("a file can be read"))
        })
        .collect()
}

/// One hash of all paths and bytes.
pub(crate) fn digest(tree: &Tree) -> String {
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in tree {
        hasher.update(path.as_bytes()).update(&[0]).update(blake3::hash(bytes).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// How two trees differ, file by file, with the first line that does.
pub(crate) fn differences(expected: &Tree, found: &Tree) -> Vec<String> {
    let mut differences = Vec::new();
    for (path, bytes) in expected {
        match found.get(path) {
            None => differences.push(format!("{path}: missing")),
            Some(other) if other != bytes => differences.push(format!("{path}: {}", first_difference(bytes, other))),
            Some(_) => {}
        }
    }
    let surplus = found.keys().filter(|path| !expected.contains_key(*path));
    differences.extend(surplus.map(|path| format!("{path}: not expected")));
    differences
}

fn first_difference(expected: &[u8], found: &[u8]) -> String {
    let (expected, found) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(found));
    let (mut old, mut new) = (expected.lines(), found.lines());
    for line in 1.. {
        match (old.next(), new.next()) {
            (Some(old), Some(new)) if old == new => {}
            (None, None) => break,
            (old, new) => {
                let shown = |text: Option<&str>| text.unwrap_or("(the end)").chars().take(400).collect::<String>();
                return format!("line {line}\n  expected {}\n  found    {}", shown(old), shown(new));
            }
        }
    }
    "only line ends differ".to_owned()
}
