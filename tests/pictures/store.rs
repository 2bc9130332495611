//! What is kept between builds: nothing is made twice, nothing damaged is believed, and nothing depends on it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::site::{jpeg, page, quarters, site, variants};
use crate::support::{Folder, differences, tree};

fn album() -> Folder {
    let names: Vec<String> = (0..5).map(|number| format!("p{number}.jpg")).collect();
    let text: String = names.iter().map(|name| format!("![A]({name})\n\n")).collect();
    let folder = site("[image]\nsrc = \"p0.jpg\"\nalt = \"A\"", &text);
    names.iter().zip(0..).fold(folder, |folder, (name, number)| {
        folder.file(&format!("articles/g/{name}"), jpeg(&quarters(1500 + number, 1000)))
    })
}

/// The entries of a store, with the time of each.
fn entries(folder: &Folder) -> BTreeMap<String, SystemTime> {
    let entries = walkdir::WalkDir::new(folder.join(".galen/pictures")).min_depth(2).into_iter();
    entries
        .map(|entry| {
            let entry = entry.expect("an entry");
            let time = entry.metadata().expect("its metadata").modified().expect("a time");
            (entry.path().display().to_string(), time)
        })
        .collect()
}

fn age(path: &Path, days: u64) {
    let file = fs::File::options().write(true).open(path).expect("an entry");
    let then = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
    file.set_modified(then).expect("its time can be set");
}

#[test]
fn a_second_build_makes_no_picture() {
    let folder = album();
    folder.build().says("pictures: 26 made, 0 there already").run();
    let (before, first) = (entries(&folder), folder.output());
    assert_eq!(folder.read(".galen/.gitignore").lines().last(), Some("*"), "git is to pass it over");
    let again = folder.build().run();
    assert!(!again.stderr.contains("pictures: "), "{}", again.stderr);
    // An output from nothing takes them all from the store.
    let again = folder.build().args(["--out", "other"]).run();
    assert!(!again.stderr.contains("pictures: "), "{}", again.stderr);
    folder.galen(["check", "--as-of", crate::support::TODAY]).run();
    assert_eq!(differences(&first, &tree(&folder.join("other"))), Vec::<String>::new());
    assert!(before == entries(&folder), "the store was written to");
}

#[test]
fn a_check_makes_them_for_the_build() {
    let folder = album();
    folder.galen(["check", "--as-of", crate::support::TODAY]).run();
    let again = folder.build().run();
    assert!(!again.stderr.contains("pictures: "), "{}", again.stderr);
}

#[test]
fn one_more_picture_makes_only_its_own() {
    let folder = album();
    folder.build().run();
    let folder = folder
        .replace("articles/g/a.md", "![A](p1.jpg)", "![A](p1.jpg) ![B](new.jpg)")
        .file("articles/g/new.jpg", jpeg(&quarters(300, 200)));
    folder.build().says("pictures: 1 made, 26 there already").run();
}

#[test]
fn what_is_in_the_store_is_not_decoded_again() {
    let folder = album();
    folder.build().run();
    // Another picture under the name of an entry: whoever decodes the original would notice.
    let planted = jpeg(&quarters(10, 10));
    for path in entries(&folder).keys() {
        let entry = [blake3::hash(&planted).as_bytes().as_slice(), &planted].concat();
        fs::write(path, entry).expect("an entry can be written");
    }
    folder.build().run();
    assert!(variants(&folder.output()).iter().all(|(_, bytes)| *bytes == planted));
}

#[test]
fn what_is_damaged_is_made_again() {
    let folder = album();
    folder.build().run();
    let (expected, kept) = (folder.output(), tree(&folder.join(".galen")));
    for (path, number) in entries(&folder).keys().zip(0_usize..) {
        let mut bytes = fs::read(path).expect("an entry");
        match number % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes.clear(),
            _ => bytes[40] ^= 1,
        }
        fs::write(path, bytes).expect("an entry can be written");
    }
    folder.build().args(["--out", "other"]).run();
    assert_eq!(differences(&expected, &tree(&folder.join("other"))), Vec::<String>::new());
    let mended = tree(&folder.join(".galen"));
    assert_eq!(differences(&kept, &mended), Vec::<String>::new(), "the store holds what it held");
}

#[test]
fn threads_change_no_byte() {
    let built = |threads: &str| {
        let folder = album();
        folder.build().env("RAYON_NUM_THREADS", threads).run();
        (folder.output(), tree(&folder.join(".galen/pictures")))
    };
    let (output, store) = built("1");
    for threads in ["2", "7"] {
        let (other, kept) = built(threads);
        assert_eq!(differences(&output, &other), Vec::<String>::new(), "{threads}");
        assert_eq!(differences(&store, &kept), Vec::<String>::new(), "{threads}");
    }
}

#[test]
fn a_store_that_cannot_be_written_stops_nothing() {
    let folder = album().file(".galen", "in the way");
    folder.build().says("will have to be made again").run();
    assert_eq!(variants(&folder.output()).len(), 26);
    assert_eq!(folder.read(".galen"), "in the way");
}

#[cfg(unix)]
#[test]
fn a_store_is_no_way_out_of_the_site() {
    let outside = Folder::new();
    let folder = album();
    std::os::unix::fs::symlink(outside.path(), folder.join(".galen")).expect("a link can be made");
    folder.build().says("will have to be made again").run();
    assert_eq!(outside.names(), Vec::<String>::new());
    assert_eq!(variants(&folder.output()).len(), 26);
}

#[test]
fn what_no_build_uses_for_long_goes() {
    let folder = album();
    folder.build().run();
    let all = entries(&folder);
    let used: Vec<&String> = all.keys().collect();
    // One entry of a picture that is gone, and one that is still used, both unused for two months.
    let stranger = folder.join(".galen/pictures/ab/left-over");
    crate::support::put(&stranger, b"of a branch that is gone");
    age(&stranger, 60);
    age(Path::new(used[0]), 60);
    fs::remove_file(folder.join(".galen/pictures/looked")).expect("the mark of the day is there");
    folder.build().run();
    assert!(!stranger.exists() && Path::new(used[0]).exists());
    let kept = entries(&folder);
    assert_eq!(kept.keys().collect::<Vec<_>>(), used);
    assert!(kept[used[0]].elapsed().expect("it is past") < Duration::from_secs(3600), "it was used just now");
    // It stays a while, though: a branch may come back.
    crate::support::put(&stranger, b"of a branch");
    age(&stranger, 10);
    fs::remove_file(folder.join(".galen/pictures/looked")).expect("the mark of the day is there");
    folder.build().run();
    assert!(stranger.exists());
}

#[test]
fn broken_pictures_and_bombs_are_findings() {
    let whole = jpeg(&quarters(1500, 1000));
    // 60,000 by 60,000 pixels in 60 bytes.
    let bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0\x78\xa7\x19\xae\0\0\0\0IEND\xae\x42\x60\x82";
    let folder = site(
        "[image]\nsrc = \"cut.jpg\"\nalt = \"A\"",
        "![B](cut.jpg)\n\n![C](bomb.png) ![D](whole.jpg)\n\n> [!NOTE]\n> ![E](lies.png)",
    )
    .file("articles/g/cut.jpg", &whole[..whole.len() / 2])
    .file("articles/g/bomb.png", bomb)
    .file("articles/g/lies.png", [&bomb[..16], b"\0\0\0\x10\0\0\0\x10", &bomb[24..]].concat())
    .file("articles/g/whole.jpg", &whole);
    let said = folder.build().run().stderr;
    for place in ["articles/g/a.md:6:7", "articles/g/a.md:9:1", "articles/g/a.md:11:1", "articles/g/a.md:14:3"] {
        assert!(said.contains(place), "{place}: {said}");
    }
    assert!(said.contains("warning[unreadable-picture]") && said.contains("warning[oversized-picture]"), "{said}");
    let output = folder.output();
    let text = page(&output, "g/a.html");
    assert_eq!(text.matches("<img src=\"/g/cut.jpg\"").count(), 2, "shown as it is: {text}");
    assert!(variants(&output).iter().all(|(name, _)| name.starts_with("whole-")));
    // Another build says the same.
    assert_eq!(
        folder.build().run().stderr.matches("unreadable-picture").count(),
        said.matches("unreadable-picture").count()
    );
    // As errors they stop the build like any other.
    let strict = folder.read("site.toml") + "[rules]\nunreadable-picture = \"error\"\n";
    let folder = folder.file("site.toml", strict).without("public");
    folder.build().exits(1).run();
    assert!(!folder.join("public").exists());
}
