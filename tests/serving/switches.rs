//! Branch switches at any moment: hundreds of files change at once, and the preview ends on what a clean build gives.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::program::{PATIENCE, Preview};
use crate::support::{Folder, TODAY, Tree, put, tree};

/// How often the branch is switched, and how many files change each time; the two variables say otherwise.
const SWITCHES: (&str, usize) = ("GALEN_SERVE_SWITCHES", 20);
const FILES: (&str, usize) = ("GALEN_SERVE_FILES", 200);

fn size((name, usual): (&str, usize)) -> usize {
    std::env::var(name).ok().and_then(|size| size.parse().ok()).unwrap_or(usual)
}

/// Numbers that are the same in every run of the test (Marsaglia's xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// The files of a branch. Between the two, articles come, go and change, link to each other, and a folder has another name.
fn branch(version: usize, files: usize) -> Tree {
    let mut tree = Tree::new();
    let mut file = |path: String, text: String| drop(tree.insert(path, text.into_bytes()));
    file("site.toml".into(), format!("title = \"Branch {version}\"\nbase_url = \"https://branch.example\"\n"));
    file("data/people/writer.md".into(), format!("+++\ngiven = \"Writer {version}\"\n+++\n"));
    file("data/tags.toml".into(), "[one]\ntitle = \"One\"\n[two]\ntitle = \"Two\"\n".into());
    file("static/same.txt".into(), "the same\n".repeat(50));
    file("static/other.css".into(), format!("p {{ margin: {version}em }}"));
    for number in (0..files).filter(|number| number % 10 != version) {
        let folder = if number.is_multiple_of(7) { format!("moved{version}") } else { "guides".into() };
        let tag = if number.is_multiple_of(2) { "one" } else { "two" };
        let changes = if number.is_multiple_of(11) { 0 } else { version };
        let text =
            format!("Text {changes} of number {number} about the back, the knee and the number {}. ", number % 13);
        let to = (number + 10) % files / 10 * 10 + 5;
        let place = if to.is_multiple_of(7) { format!("moved{version}") } else { "guides".into() };
        let front = format!(
            "title = \"Article {number}\"\ndescription = \"Number {number}, {changes}.\"\nauthor = \"writer\"\ntags = [\"{tag}\"]"
        );
        let link = if to < files { format!("See [the other](/{place}/a{to}).") } else { String::new() };
        file(
            format!("articles/{folder}/a{number}.md"),
            format!("+++\n{front}\n+++\n{}\n\n## Part\n\n{link}\n", text.repeat(5)),
        );
    }
    tree
}

/// What a clean build of the branch gives.
fn built(branch: &Tree) -> Tree {
    let folder = Folder::new();
    branch.iter().for_each(|(path, bytes)| put(&folder.join(path), bytes));
    folder.galen(["build", "--quiet", "--as-of", TODAY]).run();
    tree(&folder.join("public"))
}

/// Changes a folder from one branch to the other, as version control does: one file after the other, and in a random order, as
/// nothing may depend on it. Stops somewhere if `whole` is false.
fn switch(folder: &Path, from: &Tree, to: &Tree, random: &mut Random, whole: bool) {
    let changed = |path: &&String| from.get(*path) != to.get(*path);
    let paths: BTreeSet<&String> = from.keys().chain(to.keys()).filter(changed).collect();
    let mut paths: Vec<_> = paths.into_iter().collect();
    for at in (1..paths.len()).rev() {
        paths.swap(at, random.below(at + 1));
    }
    let end = if whole { paths.len() } else { random.below(paths.len()) };
    for path in &paths[..end] {
        let file = folder.join(path.as_str());
        match (to.get(*path), random.below(3)) {
            (None, _) => fs::remove_file(&file).expect("a file can be removed"),
            (Some(bytes), 0) => {
                put(&folder.join("switch.tmp"), bytes);
                fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder can be made");
                fs::rename(folder.join("switch.tmp"), &file).expect("a file can be renamed");
            }
            (Some(bytes), 1) if file.exists() => {
                fs::remove_file(&file).expect("a file can be removed");
                put(&file, bytes);
            }
            (Some(bytes), _) => put(&file, bytes),
        }
        if random.below(300) == 0 {
            thread::sleep(Duration::from_millis(random.below(60) as u64));
        }
    }
    // Version control leaves no empty folder.
    for entry in fs::read_dir(folder.join("articles")).expect("a folder can be listed").flatten() {
        // One that holds something stays.
        let _ = fs::remove_dir(entry.path());
    }
}

/// What is served for every file of a build, without what the preview adds; and how that differs from the build.
fn differences(preview: &Preview, built: &Tree) -> Vec<String> {
    let files = built.keys().filter(|path| !path.starts_with(['.', '_']));
    let differs = |path: &&String| {
        let response = preview.get(&format!("/{path}"));
        let is_same = match path.ends_with(".html") {
            true => without_additions(&response.body, &built[*path]),
            false => response.body == built[*path],
        };
        !is_same || !matches!(response.status, 200)
    };
    files.filter(differs).cloned().collect()
}

/// Whether a page is the published one, with something of the preview before the end of its body and nowhere else.
fn without_additions(shown: &[u8], published: &[u8]) -> bool {
    const END: &[u8] = b"</body>";
    let Some(at) = published.windows(END.len()).rposition(|window| window == END) else { return false };
    let (before, after) = published.split_at(at);
    let Some(added) = shown.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)) else { return false };
    let added = String::from_utf8_lossy(added);
    (added.starts_with("<galen-") || added.starts_with("<script src=\"/_galen/")) && added.ends_with("</script>\n")
}

fn wait(preview: &Preview, built: &Tree, gone: &Tree, what: &str) {
    let began = Instant::now();
    loop {
        let different = differences(preview, built);
        if different.is_empty() {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: {} of {} differ: {different:?}", different.len(), built.len());
        thread::sleep(Duration::from_millis(50));
    }
    for path in gone.keys().filter(|path| !built.contains_key(*path)) {
        assert_eq!(preview.get(&format!("/{path}")).status, 404, "{what}: {path}");
    }
}

#[test]
fn a_switch_at_any_moment_ends_on_what_a_clean_build_gives() {
    let files = size(FILES);
    let branches = [branch(1, files), branch(2, files)];
    let built = [built(&branches[0]), built(&branches[1])];
    assert_ne!(built[0], built[1]);
    let site = Folder::new();
    branches[0].iter().for_each(|(path, bytes)| put(&site.join(path), bytes));
    let mut preview = Preview::of(&site);
    wait(&preview, &built[0], &built[1], "at first");
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for number in 1..=size(SWITCHES) {
        let (old, new) = ((number + 1) % 2, number % 2);
        if random.below(4) == 0 {
            // Somebody who stops in the middle and goes back.
            switch(site.path(), &branches[old], &branches[new], &mut random, false);
            thread::sleep(Duration::from_millis(random.below(200) as u64));
            let now = tree(site.path());
            switch(site.path(), &now, &branches[new], &mut random, true);
        } else {
            switch(site.path(), &branches[old], &branches[new], &mut random, true);
        }
        thread::sleep(Duration::from_millis(random.below(400) as u64));
        // At any moment some page can be had.
        assert!(matches!(preview.get("/").status, 200 | 503), "switch {number}");
        if random.below(4) == 0 || number == size(SWITCHES) {
            wait(&preview, &built[new], &built[old], &format!("switch {number}"));
        }
    }
    assert!(preview.lives() && !preview.said().contains("panicked"), "{}", preview.said());
}

#[test]
fn a_switch_in_one_go_makes_two_new_editions_at_most() {
    let branches = [branch(1, 300), branch(2, 300)];
    let built = [built(&branches[0]), built(&branches[1])];
    let site = Folder::new();
    branches[0].iter().for_each(|(path, bytes)| put(&site.join(path), bytes));
    let preview = Preview::of(&site);
    let number = || preview.events().next().expect("an edition").1;
    let mut editions = Vec::new();
    for (old, new) in [(0, 1), (1, 0), (0, 1), (1, 0), (0, 1)] {
        let before = number();
        let mut random = Random(0x2545_F491_4F6C_DD1D);
        switch(site.path(), &branches[old], &branches[new], &mut random, true);
        wait(&preview, &built[new], &built[old], "a switch in one go");
        editions.push(number() - before);
    }
    // A busy machine may pause in the middle of a switch.
    let few = editions.iter().filter(|count| **count <= 2).count();
    assert!(few >= 3, "new editions of each switch: {editions:?}");
}
