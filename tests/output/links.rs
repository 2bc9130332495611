//! Symbolic links and pipes inside the output and beside it: never followed, never waited for.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::support::{Room, Site, picture};

fn site() -> Site {
    Site::new(&[("a/index.html", "one"), ("index.html", "home")])
}

#[test]
fn an_output_that_is_a_link_is_refused() {
    for target in ["real", "nowhere"] {
        let room = Room::new();
        room.put("real/.galen", b"galen output 1\n");
        symlink(room.path(target), room.path("public")).unwrap();
        let error = room.error(&site());
        assert!(error.contains("name the folder it leads to"), "{error}");
        assert_eq!(picture(&room.path("real")).len(), 1);
    }
}

#[test]
fn links_inside_the_output_become_what_they_should_be() {
    let room = Room::new();
    room.write(&site());
    // Both links lead to files with the right bytes, so that only looking at the links themselves tells.
    let home = room.put("outside/home.html", b"home");
    room.put("outside/folder/index.html", b"one");
    fs::remove_file(room.out("index.html")).unwrap();
    symlink(&home, room.out("index.html")).unwrap();
    fs::remove_dir_all(room.out("a")).unwrap();
    symlink(room.path("outside/folder"), room.out("a")).unwrap();
    symlink(room.path("outside"), room.out("stray")).unwrap();
    let before = picture(&room.path("outside"));
    let written = room.write(&site());
    assert_eq!((written.made, written.removed), (2, 2));
    assert_eq!(room.output(), site().picture());
    assert_eq!(picture(&room.path("outside")), before);
}

#[test]
fn a_link_is_no_marker() {
    let room = Room::new();
    let marker = room.put("marker", b"galen output 1\n");
    room.put("public/notes.txt", b"precious");
    symlink(&marker, room.out(".galen")).unwrap();
    assert!(room.error(&site()).contains("was not made by galen"));
    assert_eq!(fs::read(room.out("notes.txt")).unwrap(), b"precious");
}

#[test]
fn links_in_the_place_of_leftovers_are_not_followed() {
    for name in [".public.galen-staging", ".public.galen-old"] {
        let room = Room::new();
        room.put("ours/.galen", b"galen output 1\n");
        symlink(room.path("ours"), room.path(name)).unwrap();
        assert!(room.error(&site()).contains("was not made by galen"));
        assert_eq!(picture(&room.path("ours")).len(), 1);
    }
    let room = Room::new();
    let precious = room.put("precious", b"precious");
    symlink(&precious, room.path(".public.galen-lock")).unwrap();
    let error = room.error(&site());
    assert!(error.contains("cannot open the lock"), "{error}");
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
}

#[test]
fn a_removed_tree_does_not_take_along_what_its_links_lead_to() {
    let room = Room::new();
    room.put("precious/file", b"precious");
    room.put(".public.galen-staging/.galen", b"galen output 1\n");
    room.put(".public.galen-staging/a/x", b"x");
    symlink(room.path("precious"), room.path(".public.galen-staging/link")).unwrap();
    symlink(room.path("precious"), room.path(".public.galen-staging/a/link")).unwrap();
    room.write(&site());
    assert_eq!(room.names(), ["precious", "public"]);
    assert_eq!(picture(&room.path("precious")).len(), 1);
}

#[test]
fn a_pipe_is_replaced_and_not_waited_for() {
    let room = Room::new();
    room.write(&site());
    fs::remove_file(room.out("index.html")).unwrap();
    for name in ["index.html", "stray"] {
        assert!(Command::new("mkfifo").arg(room.out(name)).status().unwrap().success());
    }
    let written = room.write(&site());
    assert_eq!((written.made, written.removed), (1, 1));
    assert_eq!(room.output(), site().picture());
}

#[test]
fn a_file_with_a_second_name_elsewhere_is_never_written_into() {
    let room = Room::new();
    room.write(&site());
    fs::hard_link(room.out("index.html"), room.path("elsewhere")).unwrap();
    room.write(&Site::new(&[("a/index.html", "one"), ("index.html", "changed")]));
    assert_eq!(fs::read(room.path("elsewhere")).unwrap(), b"home");
}
