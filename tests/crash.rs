//! A build that is killed at any moment leaves the old site or the new one, whole, and nothing that stops the next build.

mod support;

use std::time::{Duration, Instant};

use support::{Folder, Tree, differences, digest, tree};

const KILLS: usize = 200;

/// Numbers that are the same in every run of the test (Marsaglia's xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// A site of about 150 pages in one of two versions. Between them pages appear, go, change and stay, and a file becomes a
/// folder.
fn site(folder: &Folder, version: usize) {
    let put = |path: String, text: String| support::put(&folder.join(&format!("{version}/{path}")), text.as_bytes());
    put("site.toml".into(), format!("title = \"Version {version}\"\nbase_url = \"https://crash.example\"\n"));
    put("data/people/writer.md".into(), "+++\ngiven = \"Writer\"\n+++\n".into());
    put("data/tags.toml".into(), "[one]\ntitle = \"One\"\n[two]\ntitle = \"Two\"\n".into());
    put("static/same.txt".into(), "the same\n".repeat(5000));
    put(if version == 1 { "static/file-or-folder" } else { "static/file-or-folder/file" }.into(), "x".into());
    for number in (1..=130).filter(|number| number % 10 != version) {
        let changes = if number % 3 == 0 { version } else { 0 };
        let text = "A sentence that fills the page with words. ".repeat(60 + changes);
        let front = format!(
            "title = \"Article {number}\"\ndescription = \"Number {number}.\"\nauthor = \"writer\"\ntags = [\"{}\"]",
            if number % 2 == 0 { "one" } else { "two" }
        );
        put(format!("articles/guides/a{number}.md"), format!("+++\n{front}\n+++\n{text}\n\n## {number}\n\n{text}\n"));
    }
}

struct Versions {
    folder: Folder,
    /// What must come of each version.
    whole: [Tree; 2],
}

impl Versions {
    fn build(&self, version: usize, out: &str) -> support::Run {
        let (root, threads) = (version.to_string(), if version == 1 { "1" } else { "2" });
        self.folder
            .galen(["build", "--quiet", "--as-of", "2026-11-23", "--root", &root, "--out", out])
            .env("RAYON_NUM_THREADS", threads)
    }
}

fn versions() -> Versions {
    let folder = Folder::new();
    [1, 2].iter().for_each(|version| site(&folder, *version));
    let mut versions = Versions { folder, whole: Default::default() };
    for version in [1, 2] {
        versions.build(version, "clean/public").run();
        versions.whole[version - 1] = tree(&versions.folder.join("clean/public"));
    }
    assert!(versions.whole.iter().all(|tree| tree.len() > 140), "{}", versions.whole[0].len());
    assert_ne!(digest(&versions.whole[0]), digest(&versions.whole[1]));
    versions
}

#[test]
fn a_killed_build_leaves_the_whole_old_or_the_whole_new_site() {
    let versions = versions();
    let out = versions.folder.join("out/public");
    // The fastest of some builds: whatever else the machine does, most kills then come while a build runs.
    let times = [1, 2, 1, 2, 1].map(|version| {
        let began = Instant::now();
        versions.build(version, "out/public").run();
        began.elapsed()
    });
    let longest = times.into_iter().min().unwrap_or_default().as_micros() as u64 * 5 / 4;
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut old, mut new) = (Some(1), 2);
    let (mut killed, mut left_old) = (0, 0);
    for kill in 1..=KILLS {
        if kill % 16 == 0 {
            // From time to time there is no old site at all.
            std::fs::remove_dir_all(versions.folder.join("out")).expect("the output can be removed");
            old = None;
        }
        let mut build = versions.build(new, "out/public").start();
        std::thread::sleep(Duration::from_micros(random.below(longest)));
        // An error says that the build has ended already.
        let _ = build.kill();
        let ended = build.wait().expect("the build ends");
        killed += usize::from(ended.code().is_none());
        let found = tree(&out);
        let is = |version: Option<usize>| {
            version.map_or(found.is_empty() && !out.exists(), |version| found == versions.whole[version - 1])
        };
        if is(Some(new)) {
            (old, new) = (Some(new), 3 - new);
        } else {
            assert!(is(old), "kill {kill} left neither site: {:#?}", differences(&versions.whole[new - 1], &found));
            left_old += 1;
        }
        if kill % 8 == 0 {
            // The next build needs no help, and leaves nothing beside the site.
            versions.build(new, "out/public").run();
            assert_eq!(differences(&versions.whole[new - 1], &tree(&out)), Vec::<String>::new());
            let beside = tree(&versions.folder.join("out"));
            let left: Vec<_> = beside.keys().filter(|path| !path.starts_with("public/")).collect();
            assert!(left.is_empty(), "left behind: {left:?}");
            (old, new) = (Some(new), 3 - new);
        }
    }
    assert!(killed > KILLS / 3, "only {killed} of {KILLS} builds were killed while they ran");
    assert!(left_old > KILLS / 4, "only {left_old} kills came before the swap");
}
