//! The command line from outside: what each command does, prints and ends with.

mod support;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use support::{Folder, Run, TODAY, Tree, differences, put, tree};

/// A site that `init` made, and its first output.
fn fresh() -> Folder {
    let folder = Folder::new();
    folder.galen(["init", "--as-of", TODAY]).run();
    folder
}

/// A fresh site with an article that holds an error.
fn broken() -> Folder {
    fresh().file("articles/guides/broken.md", "+++\ntitle = \"Broken\"\n+++\n[nowhere](nowhere.md)\n")
}

#[test]
fn init_makes_a_site_that_builds_and_checks_clean() {
    let folder = fresh();
    folder.build().says("published").run();
    let output = folder.output();
    assert!(output.contains_key("index.html") && output.contains_key("guides/first-article.html"));
    let checked = folder.galen(["check", "--as-of", TODAY, "--format", "json"]).run();
    assert_eq!((checked.stdout.as_str(), checked.stderr.as_str()), ("", ""), "a new site has no finding");
    folder.galen(["check", "--as-of", TODAY]).says("0 errors, 0 warnings").run();

    let site: toml::Table = folder.read("site.toml").parse().expect("TOML");
    assert!(site.get("publish").is_none(), "a new site publishes nowhere");
    let home = String::from_utf8_lossy(&output["index.html"]).into_owned();
    let main = home.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).expect("a main part");
    assert!(main.contains("href=\"/guides/first-article\""), "the first article is on the home page");
}

#[test]
fn a_new_site_is_published_on_any_day_and_lies_where_root_says() {
    let folder = Folder::new();
    folder.galen(["init", "--root", "there"]).run();
    folder.galen(["build", "--root", "there", "--as-of", "2020-01-01"]).run();
    assert!(folder.path().join("there/public/guides/first-article.html").is_file());
}

#[test]
fn what_is_retired_need_not_be_mended() {
    let folder = fresh();
    let article = |keys: &str| format!("+++\ntitle = \"A\"\ndescription = \"A.\"\n{keys}\n+++\n[Gone](/nowhere)\n");
    let folder = folder.file("articles/old.md", article("expires = 2020-01-01"));
    let folder = folder.file("articles/wrong.md", article("withdrawn = { reason = \"Wrong.\" }"));
    folder.galen(["check"]).says("warning[broken-link]").run();
    folder.file("articles/new.md", article("author = \"ada-example\"")).galen(["check"]).exits(1).run();
}

#[test]
fn init_makes_folders_and_never_overwrites() {
    let folder = Folder::new();
    folder.galen(["init", "my/site"]).run();
    let before = tree(&folder.join("my/site"));
    folder.galen(["init", "my/site"]).exits(2).says("site.toml exists already").says_one_line().run();
    assert_eq!(before, tree(&folder.join("my/site")));
    // One file of another kind in the way is enough to stop, and then nothing is made.
    let folder = Folder::new().file("data/tags.toml", "mine");
    folder.galen(["init"]).exits(2).says("tags.toml exists already").run();
    assert_eq!(tree(folder.path()).into_iter().collect::<Vec<_>>(), [("data/tags.toml".into(), b"mine".to_vec())]);
    // A file where a folder is needed is a failure of the surroundings that names it.
    let folder = Folder::new().file("articles", "a file");
    folder.galen(["init"]).exits(2).says("articles").says_one_line().run();
    // Beside somebody's own .gitignore and files of other kinds there is room.
    let folder = Folder::new().file(".gitignore", "/own\n").file("README", "r");
    folder.galen(["init"]).run();
    assert_eq!(folder.read(".gitignore"), "/own\n");
    folder.build().run();
}

#[test]
fn new_makes_a_draft_that_checks_clean() {
    let folder = fresh();
    folder.galen(["new", "guides/aching-legs", "--as-of", TODAY]).says("guides/aching-legs.md").run();
    let text = folder.read("articles/guides/aching-legs.md");
    assert!(text.contains("title = \"Aching legs\"") && text.contains("draft = true"), "{text}");
    assert!(text.contains(&format!("published = {TODAY}")), "{text}");
    folder.galen(["check", "--as-of", TODAY, "--drafts"]).run();
    folder.build().says("1 draft").run();
    assert!(!folder.output().contains_key("guides/aching-legs.html"));
    folder.build().arg("--drafts").run();
    assert!(folder.output().contains_key("guides/aching-legs.html"));

    folder.galen(["new", "guides/aching-legs"]).exits(2).says("exists already").says_one_line().run();
    assert_eq!(text, folder.read("articles/guides/aching-legs.md"));
    // New folders are made, spaces and letters of every script are welcome.
    folder.galen(["new", "neu/tief/Größe \"mal\" anders"]).run();
    folder.galen(["new", "neu/頭痛.md"]).run();
    folder.galen(["check", "--drafts"]).run();
    for outside in [
        "../outside",
        "/../outside",
        "guides/../../outside",
        "",
        "/",
        "guides/_section",
        ".hidden",
        "a\\b",
        "guides//x",
    ] {
        let before = tree(folder.path());
        folder.galen(["new", outside]).exits(2).says_one_line().run();
        assert_eq!(before, tree(folder.path()), "{outside:?} made something");
    }
    assert!(!folder.path().parent().expect("a parent").join("outside.md").exists());
}

#[test]
fn new_works_without_people_and_categories() {
    let folder = Folder::new().file("site.toml", "title = \"T\"\nbase_url = \"https://t.example\"\n");
    folder.galen(["new", "first"]).run();
    folder.galen(["check", "--drafts"]).run();
}

#[test]
fn explain_knows_every_code() {
    let folder = Folder::new();
    let list = folder.galen(["explain"]).run().stdout;
    let codes: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(codes.len() >= 60, "{} codes", codes.len());
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    for code in &codes {
        let page = folder.galen(["explain", code]).prints(*code).prints("Level: ").run().stdout;
        assert!(page.contains("```"), "{code} has no example:\n{page}");
    }
    let fixed = [
        "missing-title",
        "missing-description",
        "missing-author",
        "missing-reviewer",
        "self-review",
        "unknown-key",
        "unknown-person",
        "unknown-tag",
        "unknown-category",
        "unknown-source",
        "unknown-block",
        "broken-link",
        "broken-fragment",
        "missing-alt",
        "raw-html",
        "duplicate-address",
        "faq-question-markup",
        "review-overdue",
    ];
    for code in fixed {
        let line = list.lines().find(|line| line.starts_with(&format!("{code} "))).expect("a code of the contract");
        let expected = if matches!(code, "missing-reviewer" | "review-overdue") { "warning" } else { "error" };
        assert_eq!(line.split_whitespace().nth(1), Some(expected), "{line}");
    }
    // Of the other codes only those that no site can lower are errors.
    for code in codes.iter().filter(|code| !fixed.contains(code)) {
        let page = folder.galen(["explain", code]).run().stdout;
        assert!(!page.contains("Level: error. A site"), "{code} is an error that a site may lower");
    }
    folder.galen(["explain", "broken-lnik"]).exits(2).says("did you mean `broken-link`?").says_one_line().run();
    folder.galen(["explain", "qqqqqqqqqqqqqqqq"]).exits(2).says_one_line().run();
}

#[test]
fn inspect_prints_what_is_known_of_an_article() {
    let folder = Folder::site("everything");
    let whole = folder.galen(["inspect", "aching-legs", "--as-of", TODAY]).run().stdout;
    for part in ["/symptoms-guide/understanding-aching-legs", "published", "lower-back-pain"] {
        assert!(whole.contains(part), "no {part}:\n{whole}");
    }
    let by_path = folder.galen(["inspect", "articles/symptoms-guide/aching-legs.md", "--as-of", TODAY]).run().stdout;
    assert_eq!(whole, by_path);
    folder.galen(["inspect", "acing-legs", "--as-of", TODAY]).exits(2).says("did you mean `aching-legs`?").run();
    folder.galen(["inspect", "qqqqqqqqqqq", "--as-of", TODAY]).exits(2).run();
    // What is behind the gate is known too, and says so.
    folder.galen(["inspect", "withdrawn", "--as-of", TODAY]).prints("withdrawn").run();
    let states = Folder::site("states");
    states.galen(["inspect", "draft", "--as-of", TODAY]).prints("draft").run();
    states.galen(["inspect", "scheduled", "--as-of", TODAY, "--drafts"]).prints("scheduled").run();
}

#[test]
fn completions_name_every_command() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.galen(["completions", shell]).run().stdout;
        for command in ["init", "new", "build", "check", "inspect", "explain", "completions"] {
            assert!(script.contains(command), "{shell} does not complete {command}");
        }
    }
    folder.galen(["completions", "cmd.exe"]).exits(2).run();
}

#[test]
fn the_exit_code_says_who_is_at_fault() {
    fresh().galen(["check"]).exits(0).run();
    // Warnings are no error.
    let warned = fresh().replace("articles/guides/first-article.md", "reviewer = \"bo-example\"\n", "");
    warned.galen(["check", "--as-of", TODAY]).says("[missing-reviewer]").run();
    warned.build().says("[missing-reviewer]").run();
    let broken = broken();
    broken.galen(["check"]).exits(1).says("error[broken-link]").says("error[missing-description]").run();
    broken.build().exits(1).says("error[broken-link]").run();
    assert_eq!(broken.output(), Tree::new());
    let folder = Folder::new();
    for mistake in [
        &["frobnicate"][..],
        &["build", "--frobnicate"],
        &["build", "--as-of", "yesterday"],
        &["build", "--as-of", "2026-02-30"],
        &["check", "--format", "xml"],
        &["check", "-q", "-v"],
        &["new"],
        &["completions"],
        &["build", "surplus"],
    ] {
        folder.galen(mistake).exits(2).run();
    }
    folder.galen(["--version"]).prints("galen ").run();
    for command in ["build", "check", "init", "new", "inspect", "explain", "completions"] {
        folder.galen([command, "--help"]).prints("--root").run();
    }
}

#[test]
fn an_error_leaves_the_old_output_as_it_was() {
    let folder = fresh();
    folder.build().run();
    let before = folder.output();
    let folder = folder.file("articles/guides/broken.md", "+++\n= 1\n");
    folder.build().exits(1).run();
    assert_eq!(before, folder.output());
    assert_eq!(folder.names(), [".gitignore", "articles", "data", "public", "site.toml"]);
}

#[test]
fn without_a_site_there_is_one_line_that_says_so() {
    let folder = Folder::new();
    for command in ["build", "check"] {
        folder.galen([command]).exits(2).says("site.toml").says("galen init").says_one_line().run();
    }
    folder.galen(["new", "a/b"]).exits(2).says("site.toml").run();
    folder.galen(["inspect", "a"]).exits(2).says("site.toml").run();
    folder.galen(["build", "--root", "nowhere"]).exits(2).says("nowhere").says_one_line().run();
    // A folder in the place of the settings.
    let folder = Folder::new().file("site.toml/x", "");
    folder.galen(["build"]).exits(2).run();
    folder.galen(["build", "--root", "."]).exits(2).run();
}

#[test]
fn the_root_is_named_or_found_above() {
    let folder = Folder::new();
    folder.galen(["init", "site"]).run();
    let site = folder.join("site");
    Run::new(&site.join("articles/guides"), ["build", "--as-of", TODAY]).run();
    let found = tree(&site.join("public"));
    assert!(found.contains_key("index.html"));
    folder.galen(["build", "--as-of", TODAY, "--root", "site"]).says("is up to date").run();
    folder.galen(["build", "--as-of", TODAY, "--root", "./site/../site/"]).says("is up to date").run();
    let absolute = site.to_str().expect("text").to_owned();
    folder.galen(["--root", &absolute, "build", "--as-of", TODAY]).says("is up to date").run();
    // Findings name files from the root, wherever the program was started.
    put(&site.join("articles/guides/broken.md"), b"no front matter");
    let checked = Run::new(&site.join("data"), ["check", "--format", "json"]).exits(1).run();
    assert!(checked.stdout.contains("\"file\":\"articles/guides/broken.md\""), "{}", checked.stdout);
    // The nearest site counts, not one further up.
    put(&site.join("articles/inner/site.toml"), b"title = \"Inner\"\nbase_url = \"https://inner.example\"\n");
    let inner = site.join("articles/inner");
    Run::new(&inner, ["build", "--as-of", TODAY]).run();
    assert!(inner.join("public/index.html").is_file());
}

#[test]
fn the_output_lies_where_it_is_asked_for() {
    let folder = Folder::new();
    folder.galen(["init", "site"]).run();
    let build = |cwd: &Path, out: &str| Run::new(cwd, ["build", "--as-of", TODAY, "--root", "../site", "--out", out]);
    let here = folder.join("here");
    std::fs::create_dir(&here).expect("a folder");
    build(&here, "relative/deep").run();
    let expected = tree(&here.join("relative/deep"));
    assert!(expected.contains_key("index.html"));
    let absolute = folder.join("absolute out");
    build(&here, absolute.to_str().expect("text")).run();
    build(&here, "../sibling/").run();
    build(&here, "./a/../b").run();
    for out in ["absolute out", "sibling", "here/b"] {
        assert_eq!(expected, tree(&folder.join(out)), "{out}");
    }
    assert!(!folder.join("site/public").exists());
    // An empty folder is as good as none.
    std::fs::create_dir(here.join("empty")).expect("a folder");
    build(&here, "empty").run();
    assert_eq!(expected, tree(&here.join("empty")));
}

#[test]
fn a_folder_that_is_not_ours_is_never_touched() {
    let folder = fresh().file("theirs/letter.txt", "dear").file("public/index.html", "somebody's own");
    for (out, named) in [
        ("theirs", "theirs"),
        ("public", "public"),
        ("site.toml", "site.toml"),
        (".", ""),
        ("articles", "articles"),
        ("/", ""),
    ] {
        let before = tree(folder.path());
        folder.build().arg("--out").arg(out).exits(2).says(named).says_one_line().run();
        assert_eq!(before, tree(folder.path()), "--out {out} changed something");
    }
    // A marker somebody made up, and one that is a folder.
    let folder =
        fresh().file("theirs/.galen", "not from galen").file("theirs/letter.txt", "dear").file("folder/.galen/x", "x");
    for out in ["theirs", "folder"] {
        let before = tree(folder.path());
        folder.build().arg("--out").arg(out).exits(2).says(out).says_one_line().run();
        assert_eq!(before, tree(folder.path()));
    }
}

#[test]
fn an_output_among_the_sources_is_refused() {
    let folder = fresh();
    for out in ["articles/public", "data/public", "static/public", "templates/x/public", "articles/guides"] {
        let before = tree(folder.path());
        folder.build().arg("--out").arg(out).exits(2).says_one_line().run();
        assert_eq!(before, tree(folder.path()), "--out {out} changed something");
        folder.galen(["check", "--as-of", TODAY]).run();
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_or_written_is_named() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    // Links that lead nowhere, around in a circle, or out of the site are findings: they are content.
    let folder = fresh();
    symlink("nowhere", folder.join("articles/guides/gone.md")).expect("a link");
    symlink("..", folder.join("articles/guides/around")).expect("a link");
    symlink("/etc/hostname", folder.join("articles/guides/outside.txt")).expect("a link");
    symlink("/etc", folder.join("data/outside")).expect("a link");
    let checked = folder.galen(["check", "--format", "json"]).exits(1).run();
    for file in ["gone.md", "around", "outside.txt", "data/outside"] {
        assert!(checked.stdout.contains(file), "nothing is said of {file}: {}", checked.stdout);
    }
    folder.build().exits(1).run();
    // A folder with the name of a text, and something that is neither file nor folder.
    let folder = fresh().file("articles/guides/folder.md/inner.md", "x");
    folder.galen(["check"]).exits(1).says("articles/guides/folder.md/inner.md").run();
    let folder = fresh();
    std::os::unix::net::UnixListener::bind(folder.join("articles/socket.md")).expect("a socket");
    folder.galen(["check"]).exits(1).says("articles/socket.md").run();
    // Rights do not stop the superuser, so this part shows something to everybody else only.
    let folder = fresh();
    let file = folder.join("articles/about.md");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o000)).expect("rights can be set");
    if std::fs::read(&file).is_err() {
        folder.galen(["check"]).exits(2).says("cannot read").says("about.md").says_one_line().run();
    }
    // A file where the parent of the output should be.
    let folder = fresh().file("file", "x");
    folder.build().arg("--out").arg("file/public").exits(2).says("file").says_one_line().run();
    assert_eq!(folder.read("file"), "x");
    // The output is a link to a folder elsewhere.
    let folder = fresh().file("elsewhere/letter.txt", "dear");
    symlink("elsewhere", folder.join("public")).expect("a link");
    folder.build().exits(2).says("public").says_one_line().run();
    assert_eq!(folder.read("elsewhere/letter.txt"), "dear");
}

#[test]
fn one_builds_at_a_time() {
    let folder = fresh();
    folder.build().run();
    let before = folder.output();
    let lock = folder.join(".public.galen-lock");
    let file = std::fs::File::create(&lock).expect("a file");
    file.lock().expect("a lock that nobody holds");
    let folder = folder.file(
        "articles/guides/second.md",
        "+++\ntitle = \"B\"\ndescription = \"B.\"\nauthor = \"ada-example\"\n+++\nB.\n",
    );
    folder.build().exits(2).says("public").says(".public.galen-lock").says_one_line().run();
    assert_eq!(before, folder.output());
    // Reading needs no lock, and another output folder has its own.
    folder.galen(["check"]).run();
    folder.build().arg("--out").arg("other").run();
    drop(file);
    // The file alone means nothing: whoever held the lock is gone.
    folder.build().run();
    assert_ne!(before, folder.output());
    assert!(!lock.exists());
}

#[test]
fn many_at_once_leave_one_whole_site() {
    let folder = fresh();
    folder.build().run();
    let expected = folder.output();
    let folder = folder.without("public");
    let runs: Vec<_> = (0..8).map(|_| folder.build().start()).collect();
    let codes: Vec<_> = runs.into_iter().map(|mut run| run.wait().expect("it ends").code()).collect();
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 2))) && codes.contains(&Some(0)), "{codes:?}");
    assert_eq!(expected, folder.output());
    assert_eq!(folder.names(), [".gitignore", "articles", "data", "public", "site.toml"]);
}

#[test]
fn as_little_or_as_much_is_said_as_was_asked_for() {
    let folder = fresh();
    let quiet = folder.build().arg("--quiet").run();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let normal = folder.build().run();
    assert_eq!(normal.stdout, "");
    assert!(!normal.stderr.contains(" ms"), "{}", normal.stderr);
    folder.build().arg("-v").says(" ms").says("whole").run();
    folder.galen(["check", "-v"]).says(" ms").run();
    let broken = broken();
    let quiet = broken.build().arg("-q").exits(1).says("error[broken-link]").run();
    assert!(!quiet.stderr.contains("as it was"), "{}", quiet.stderr);
    // A failure is said even then.
    broken.build().args(["-q", "--root", "nowhere"]).exits(2).says("nowhere").says_one_line().run();
}

#[test]
fn findings_are_coloured_where_colours_are_wanted() {
    let broken = broken();
    let has_colour = |run: Run| run.exits(1).run().stderr.contains('\u{1b}');
    assert!(!has_colour(broken.galen(["check"])), "no terminal, no colour");
    assert!(has_colour(broken.galen(["check", "--color", "always"])));
    assert!(!has_colour(broken.galen(["check", "--color", "never"]).env("CLICOLOR_FORCE", "1")));
    assert!(!has_colour(broken.galen(["check"]).env("NO_COLOR", "1")));
    let json = broken.galen(["check", "--color", "always", "--format", "json"]).exits(1).run();
    assert!(!json.stdout.contains('\u{1b}'));
}

#[test]
fn json_is_one_finding_a_line_and_nothing_else() {
    let broken = broken();
    let checked = broken.galen(["check", "--format", "json"]).exits(1).run();
    assert!(checked.stdout.ends_with('\n'));
    for line in checked.stdout.lines() {
        let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let keys: Vec<&str> = finding.as_object().expect("an object").keys().map(String::as_str).collect();
        let expected: BTreeSet<&str> = ["code", "level", "message", "file", "line", "column", "help"].into();
        assert_eq!(keys.into_iter().collect::<BTreeSet<_>>(), expected, "{line}");
        assert!(finding["line"].as_u64().is_some_and(|line| line >= 1), "{line}");
        assert!(finding["column"].as_u64().is_some_and(|column| column >= 1), "{line}");
        assert!(broken.join(finding["file"].as_str().expect("a path")).is_file(), "{line}");
    }
    // Columns are characters, not bytes.
    let wide = fresh().file(
        "articles/guides/wide.md",
        "+++\ntitle = \"W\"\ndescription = \"W.\"\nauthor = \"ada-example\"\n+++\n頭痛 [x](nowhere.md)\n",
    );
    let checked = wide.galen(["check", "--format", "json"]).exits(1).run();
    let line = checked.stdout.lines().find(|line| line.contains("broken-link")).expect("a broken link");
    let finding: serde_json::Value = serde_json::from_str(line).expect("JSON");
    assert_eq!((finding["line"].as_u64(), finding["column"].as_u64()), (Some(6), Some(4)), "{finding}");
}

#[test]
fn check_writes_nothing() {
    let folder = fresh();
    let before = tree(folder.path());
    folder.galen(["check"]).run();
    folder.galen(["inspect", "first-article"]).run();
    assert_eq!(before, tree(folder.path()));
}

#[cfg(unix)]
#[test]
fn a_reader_who_leaves_is_no_failure() {
    let folder = fresh();
    let program = env!("CARGO_BIN_EXE_galen");
    for arguments in ["explain", "completions bash", "inspect first-article", "check --format json"] {
        let shell = format!("set -o pipefail 2>/dev/null; '{program}' {arguments} | head -c 1 >/dev/null; exit 0");
        let output =
            std::process::Command::new("sh").args(["-c", &shell]).current_dir(folder.path()).output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments}");
    }
}

#[test]
fn packed_twins_hold_what_they_stand_beside() {
    let settings = fresh().read("site.toml");
    let plain = fresh().file("static/data.json", "{}").file("static/data.json.gz", "mine").file("static/a.png", "png");
    plain.build().run();
    let alone = plain.output();
    let packed = plain.file("site.toml", format!("{settings}\n[output]\ngzip = true\nbrotli = true\n"));
    packed.build().run();
    let output = packed.output();
    let unpacked = |path: &str, bytes: &[u8]| {
        let mut text = Vec::new();
        match path.rsplit_once('.') {
            Some((_, "gz")) => GzDecoder::new(bytes).read_to_end(&mut text).expect("gzip"),
            _ => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut text).expect("Brotli"),
        };
        text
    };
    for (path, bytes) in output.iter().filter(|(path, _)| !alone.contains_key(*path)) {
        let (of, _) = path.rsplit_once('.').expect("an ending");
        assert_eq!(unpacked(path, bytes), alone[of], "{path}");
    }
    for path in ["index.html.gz", "index.html.br", "feed.xml.br", "sitemap.xml.gz", "data.json.br"] {
        assert!(output.contains_key(path), "{path} is missing");
    }
    assert_eq!(output["data.json.gz"], b"mine", "a file of the author's own stays");
    assert!(!output.contains_key("a.png.gz") && !output.contains_key("_headers.gz"));
    packed.build().says("is up to date").run();
    let without = packed.file("site.toml", settings);
    without.build().run();
    assert_eq!(differences(&alone, &without.output()), [""; 0]);
}
