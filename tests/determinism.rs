//! The same site becomes the same bytes, whoever builds it, wherever and however often.

#![cfg(unix)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use support::{Folder, SITE, TODAY, copy, differences, digest, tree};

fn sites() -> [(&'static str, Folder); 3] {
    [
        ("the demonstration site", Folder::demonstration()),
        ("everything", Folder::site("everything")),
        ("a site's own keys", own_keys()),
    ]
}

/// A site whose templates go through tables.
fn own_keys() -> Folder {
    let keys: String = "qwertyuiopasdfghjkl".chars().map(|key| format!("{key} = \"{key}\"\n")).collect();
    let page = "{% for key, value in site.extra %}{{ key }}{{ value }} {% endfor %}{{ site.extra }} \
                {{ '{q}{w}{e}' | fill(q='{w}', w='{e}', e='{q}') }}";
    let site = Folder::site("minimal");
    let settings = site.read("site.toml");
    site.file("site.toml", format!("{settings}\n[extra]\n{keys}")).file("templates/404.html", page)
}

#[test]
fn own_keys_come_in_the_order_of_the_file() {
    let site = own_keys();
    site.build().run();
    let page = String::from_utf8_lossy(&site.output()["404.html"]).into_owned();
    assert!(page.starts_with("qq ww ee rr tt yy uu ii oo pp aa ss dd ff gg hh jj kk ll {"), "{page}");
}

#[test]
fn threads_places_zones_and_locales_change_no_byte() {
    for (name, site) in sites() {
        site.build().env("RAYON_NUM_THREADS", "1").env("TZ", "UTC").run();
        let expected = site.output();
        assert!(expected.contains_key(".galen"));
        let surroundings: [&[(&str, &str)]; 4] = [
            &[
                ("RAYON_NUM_THREADS", "2"),
                ("TZ", "Pacific/Kiritimati"),
                ("LC_ALL", "tr_TR.UTF-8"),
                ("LANG", "tr_TR.UTF-8"),
            ],
            &[("RAYON_NUM_THREADS", "1"), ("TZ", "Pacific/Niue"), ("LC_ALL", "C"), ("LANG", "ja_JP.SJIS")],
            &[("RAYON_NUM_THREADS", "7"), ("TZ", "nonsense"), ("HOME", "/nowhere"), ("USER", "somebody")],
            &[("SOURCE_DATE_EPOCH", "0"), ("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "20")],
        ];
        for surroundings in surroundings {
            let elsewhere = Folder::new();
            let root = elsewhere.join("Ein anderer Ort/ひ/site");
            SITE.iter().rev().for_each(|part| copy(&site.join(part), &root.join(part)));
            let mut run = elsewhere.galen(["build", "--as-of", TODAY, "--root", "Ein anderer Ort/ひ/site"]);
            for (variable, value) in surroundings {
                run = run.env(variable, value);
            }
            run.run();
            let found = tree(&root.join("public"));
            assert_eq!(differences(&expected, &found), Vec::<String>::new(), "{name} with {surroundings:?}");
            assert_eq!(digest(&expected), digest(&found));
        }
    }
}

#[test]
fn the_age_rights_and_order_of_files_change_no_byte() {
    for (name, site) in sites() {
        site.build().run();
        let expected = site.output();
        let other = Folder::new();
        // The same files, made the other way round, long ago, and readable by their owner alone.
        for (path, bytes) in tree(site.path()).into_iter().rev().filter(|(path, _)| !path.starts_with("public/")) {
            support::put(&other.join(&path), &bytes);
            let file = fs::File::options().write(true).open(other.join(&path)).expect("a file that was just written");
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(86_400)).expect("its time can be set");
            fs::set_permissions(other.join(&path), fs::Permissions::from_mode(0o600)).expect("so can its rights");
        }
        let shell = format!("umask 077; exec '{}' build --as-of {TODAY} --durable", env!("CARGO_BIN_EXE_galen"));
        let status =
            Command::new("sh").args(["-c", &shell]).current_dir(other.path()).output().expect("a shell").status;
        assert!(status.success());
        assert_eq!(differences(&expected, &other.output()), Vec::<String>::new(), "{name}");
    }
}

/// Number and time of change of everything below a folder, folders included.
fn identities(folder: &Path) -> BTreeMap<String, (u64, SystemTime)> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| {
            let metadata = entry.metadata().expect("its metadata");
            let path = entry.path().strip_prefix(folder).expect("below").to_string_lossy().into_owned();
            (path, (metadata.ino(), metadata.modified().expect("a time")))
        })
        .collect()
}

#[test]
fn a_build_that_changes_nothing_touches_nothing() {
    for (name, site) in sites() {
        site.build().run();
        let (before, beside) = (identities(&site.join("public")), site.names());
        site.build().says("is up to date").run();
        site.build().arg("--durable").env("RAYON_NUM_THREADS", "2").run();
        assert!(before == identities(&site.join("public")), "{name} was touched");
        assert_eq!(beside, site.names());
    }
}

#[test]
fn a_build_that_changes_one_page_leaves_the_other_files_alone() {
    let site = Folder::site("everything");
    site.build().run();
    let (before, old) = (identities(&site.join("public")), site.output());
    let site = site.replace("articles/privacy.md", "Nothing is kept.", "Nothing at all is kept.");
    site.build().run();
    let (after, new) = (identities(&site.join("public")), site.output());
    let mut changed = 0;
    // Each new folder is marked anew.
    for (path, bytes) in new.iter().filter(|(path, _)| *path != ".galen") {
        if old.get(path) == Some(bytes) {
            assert_eq!(before[path], after[path], "{path} is the same and was made again");
        } else {
            changed += 1;
        }
    }
    // The page, its twin, and what the search has of it.
    assert!((1..12).contains(&changed), "{changed} files changed");
    // Without the old output the result is the same.
    let site = site.without("public");
    site.build().run();
    assert_eq!(differences(&new, &site.output()), Vec::<String>::new());
}
