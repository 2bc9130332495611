//! What a write leaves in the output when all goes well.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use galen::output::{Disk, Outcome, WriteOptions, Written, write};

use super::support::{Picture, Room, Site, picture};

fn first() -> Site {
    Site::new(&[("a/index.html", "one"), ("a/b/deep.html", "deep"), ("feed.xml", "feed"), ("index.html", "home")])
}

/// What tells a file that was kept from one that was made again.
fn identity(room: &Room, name: &str) -> (u64, SystemTime) {
    let found = fs::metadata(room.out(name)).unwrap();
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&found);
    #[cfg(not(unix))]
    let number = 0;
    (number, found.modified().unwrap())
}

#[test]
fn a_first_write_makes_everything() {
    let room = Room::new();
    let written = room.write(&first());
    let expected = Written { made: 4, unchanged: 0, removed: 0, bytes: 15, swapped: true };
    assert_eq!(written, expected);
    assert_eq!(room.output(), first().picture());
    assert_eq!(room.names(), ["public"]);
    let marker = fs::read_to_string(room.out(".galen")).unwrap();
    assert_eq!(marker, "galen output 2\n");
}

#[test]
fn missing_folders_above_the_output_are_made() {
    let room = Room::new();
    let site = first();
    let folder = room.path("x/y/public");
    write(&site, &folder, &room.disk, room.options, &|_| {}).unwrap();
    let mut found = picture(&folder);
    found.remove(".galen");
    assert_eq!(found, site.picture());
}

#[test]
fn an_empty_folder_is_taken_over() {
    let room = Room::new();
    fs::create_dir(room.path("public")).unwrap();
    assert!(room.write(&first()).swapped);
    assert_eq!(room.output(), first().picture());
    assert_eq!(room.names(), ["public"]);
}

#[test]
fn an_empty_site_is_a_site() {
    let room = Room::new();
    assert!(room.write(&Site::default()).swapped);
    assert!(!room.write(&Site::default()).swapped);
    assert_eq!(picture(&room.path("public")).keys().collect::<Vec<_>>(), [".galen"]);
}

#[test]
fn nothing_changed_touches_nothing() {
    let mut room = Room::new();
    let source = room.put("photo.jpg", b"photo");
    let site = || first().and_copy("photo.jpg", &source, b"photo");
    room.write(&site());
    let names = ["index.html", "a/b/deep.html", "photo.jpg", ".galen", ""];
    let before = names.map(|name| identity(&room, name));
    std::thread::sleep(Duration::from_millis(15));
    for durable in [false, true] {
        room.options = WriteOptions { durable };
        let written = room.write(&site());
        let expected = Written { made: 0, unchanged: 5, removed: 0, bytes: 20, swapped: false };
        assert_eq!(written, expected);
        assert_eq!(names.map(|name| identity(&room, name)), before);
    }
    assert_eq!(room.names(), ["photo.jpg", "public"]);
}

#[test]
fn changed_removed_and_added_files_are_told_apart() {
    for disk in [Disk::new, || Disk::new().without_links()] {
        for exchange in [true, false] {
            let mut room = Room::new();
            room.write(&first());
            let kept = ["index.html", "feed.xml"];
            let before = kept.map(|name| identity(&room, name).1);
            std::thread::sleep(Duration::from_millis(15));
            room.disk = if exchange { disk() } else { disk().without_exchange() };
            let site = Site::new(&[
                ("a/index.html", "two"),
                ("c/new.html", "new"),
                ("feed.xml", "feed"),
                ("index.html", "home"),
            ]);
            let written = room.write(&site);
            let expected = Written { made: 2, unchanged: 2, removed: 1, bytes: 14, swapped: true };
            assert_eq!(written, expected);
            assert_eq!(room.output(), site.picture());
            assert_eq!(kept.map(|name| identity(&room, name).1), before);
            assert_eq!(room.names(), ["public"]);
        }
    }
}

#[cfg(unix)]
#[test]
fn unchanged_files_are_linked_and_not_copied() {
    let room = Room::new();
    room.write(&first());
    let before = identity(&room, "a/b/deep.html");
    room.write(&first().and_bytes("new.html", b"new".to_vec()));
    assert_eq!(identity(&room, "a/b/deep.html"), before);
}

#[test]
fn a_file_and_a_folder_can_change_places() {
    let room = Room::new();
    let flat = Site::new(&[("a", "file"), ("b/x", "x")]);
    let deep = Site::new(&[("a/x", "x"), ("b", "file")]);
    for site in [&flat, &deep, &flat] {
        room.write(site);
        assert_eq!(room.output(), site.picture());
    }
}

#[test]
fn what_was_done_by_hand_is_undone() {
    let room = Room::new();
    let whole = first().picture();
    room.write(&first());
    let undone = |removed| {
        let written = room.write(&first());
        assert!(written.swapped);
        assert_eq!(written.removed, removed);
        assert_eq!(room.output(), whole);
    };
    fs::write(room.out("feed.xml"), "FEED").unwrap();
    undone(0);
    fs::write(room.out("feed.xml"), "longer than before").unwrap();
    undone(0);
    fs::remove_file(room.out("a/b/deep.html")).unwrap();
    undone(0);
    fs::write(room.out("stray.html"), "stray").unwrap();
    fs::create_dir_all(room.out("empty/inside")).unwrap();
    undone(2);
    fs::write(room.out(".galen"), "galen output 1\nsomething else\n").unwrap();
    undone(0);
}

#[test]
fn large_files_are_compared_to_the_last_byte() {
    let room = Room::new();
    let mut bytes: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let source = room.put("large", &bytes);
    let site = |bytes: &[u8]| Site::default().and_bytes("a", bytes.to_vec()).and_copy("b", &source, bytes);
    assert_eq!(room.write(&site(&bytes)).made, 2);
    assert_eq!(room.write(&site(&bytes)).made, 0);
    if let Some(last) = bytes.last_mut() {
        *last += 1;
    }
    fs::write(&source, &bytes).unwrap();
    assert_eq!(room.write(&site(&bytes)).made, 2);
    assert_eq!(room.output(), site(&bytes).picture());
}

#[test]
fn the_same_site_gives_the_same_tree_on_any_number_of_threads() {
    let files: Picture = (0..300).map(|n| (format!("{}/{n}.html", n % 7), vec![b'x'; n])).collect();
    let site = files.into_iter().fold(Site::default(), |site, (path, bytes)| site.and_bytes(&path, bytes));
    let trees = [1, 2, 5].map(|threads| {
        let room = Room::new();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| room.write(&site));
        picture(&room.path("public"))
    });
    assert_eq!(trees[0], trees[1]);
    assert_eq!(trees[0], trees[2]);
}

#[test]
fn progress_counts_every_file_once() {
    let room = Room::new();
    let count = AtomicUsize::new(0);
    let progress = |files| {
        count.fetch_add(files, Ordering::Relaxed);
    };
    let outcome = write(&first(), &room.path("public"), &room.disk, room.options, &progress).unwrap();
    assert!(matches!(outcome, Outcome::Written(_)));
    assert_eq!(count.into_inner(), 4);
}

#[cfg(unix)]
#[test]
fn the_permissions_of_the_output_folder_stay() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    fs::create_dir(room.path("public")).unwrap();
    fs::set_permissions(room.path("public"), fs::Permissions::from_mode(0o2750)).unwrap();
    room.write(&first());
    room.write(&Site::default());
    let mode = fs::metadata(room.path("public")).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o2750);
}
