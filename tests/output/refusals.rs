//! What a write does not do: touch what is not ours, or leave half a tree when the author or a source is at fault.

use std::fs;
use std::sync::atomic::Ordering;

use galen::output::{Content, Outcome, Tree, WriteOptions, recover, write};

use super::support::{Room, Site, picture};

fn site() -> Site {
    Site::new(&[("a/index.html", "one"), ("index.html", "home")])
}

#[test]
fn a_folder_that_is_not_ours_is_left_alone() {
    for name in ["public/notes.txt", "public/folder/notes.txt", "public/.galen"] {
        let room = Room::new();
        room.put(name, b"precious");
        let before = picture(&room.path("public"));
        let error = room.error(&site());
        assert!(error.contains("was not made by galen (no .galen file in it)"), "{error}");
        assert!(error.contains("choose another --out or empty it yourself"), "{error}");
        assert_eq!(picture(&room.path("public")), before);
        assert_eq!(room.names(), ["public"]);
    }
}

#[test]
fn a_hidden_folder_that_is_not_ours_is_left_alone() {
    let hidden = [
        (".git/HEAD", ".git"),
        (".hg/store/data", ".hg"),
        (".git", ".git"),
        ("guides/.git/HEAD", "guides/.git"),
        ("guides/.a/.b/c", "guides/.a"),
    ];
    for (name, folder) in hidden {
        let room = Room::new();
        room.write(&site());
        room.put(&format!("public/{name}"), b"precious");
        let before = picture(&room.path("public"));
        let error = room.error(&Site::new(&[("other.html", "other")]));
        assert!(error.contains(&format!("public holds {folder}, which galen did not make")), "{error}");
        assert_eq!(picture(&room.path("public")), before);
        assert_eq!(room.names(), ["public"]);
    }
    // What a build makes itself, and hidden files, which hold no work, go with the old tree.
    let room = Room::new();
    room.write(&Site::new(&[(".well-known/security.txt", "a"), (".x/index.html", "b"), ("a.html", "c")]));
    room.put("public/.nojekyll", b"");
    let next = Site::new(&[(".x/index.html", "b")]);
    room.write(&next);
    assert_eq!(room.output(), next.picture());
}

#[test]
fn a_file_in_the_place_of_the_folder_is_left_alone() {
    let room = Room::new();
    room.put("public", b"precious");
    let error = room.error(&site());
    assert!(error.contains("public: it is not a folder"), "{error}");
    assert_eq!(fs::read(room.path("public")).unwrap(), b"precious");
}

#[test]
fn leftovers_that_are_not_ours_are_left_alone() {
    for name in [".public.galen-staging", ".public.galen-old"] {
        let room = Room::new();
        room.put(&format!("{name}/notes.txt"), b"precious");
        let error = room.error(&site());
        assert!(error.contains(name) && error.contains("was not made by galen"), "{error}");
        assert_eq!(room.names(), [name]);
        let room = Room::new();
        room.put(name, b"precious");
        assert!(room.error(&site()).contains("was not made by galen"));
        assert_eq!(room.names(), [name]);
    }
}

#[test]
fn leftovers_that_are_ours_go() {
    let room = Room::new();
    room.put(".public.galen-staging/.galen", b"");
    room.put(".public.galen-staging/a/half.html", b"ha");
    fs::create_dir(room.path(".public.galen-old")).unwrap();
    room.put(".public.galen-lock", b"4000000000\n");
    room.write(&site());
    assert_eq!(room.names(), ["public"]);
    assert_eq!(room.output(), site().picture());
}

#[test]
fn recovering_where_nothing_happened_does_nothing() {
    let room = Room::new();
    recover(&room.path("absent/public"), &room.disk).unwrap();
    recover(&room.path("public"), &room.disk).unwrap();
    assert!(room.names().is_empty());
    room.write(&site());
    recover(&room.path("public"), &room.disk).unwrap();
    assert_eq!(room.output(), site().picture());
}

#[test]
fn a_fault_of_the_author_keeps_the_old_tree_and_is_not_the_last_one_heard_of() {
    for durable in [false, true] {
        let mut room = Room::new();
        room.options = WriteOptions { durable };
        room.write(&site());
        let before = picture(&room.path("public"));
        let faulty = Site::new(&[("a", "new"), ("m", "new"), ("z", "new")]).and_fault("b").and_fault("n");
        assert_eq!(room.try_write(&faulty).unwrap(), Outcome::Refused);
        assert_eq!(faulty.asked.load(Ordering::Relaxed), 5);
        assert_eq!(picture(&room.path("public")), before);
        assert_eq!(room.names(), ["public"]);
    }
    let room = Room::new();
    assert_eq!(room.try_write(&site().and_fault("b")).unwrap(), Outcome::Refused);
    assert!(room.names().is_empty());
}

#[test]
fn a_source_that_changed_or_went_away_stops_the_write() {
    let room = Room::new();
    room.write(&site());
    let before = room.output();
    let source = room.put("photo.jpg", b"photo");
    let error = room.error(&site().and_copy("photo.jpg", &source, b"other"));
    assert!(error.contains("photo.jpg changed while it was being read"), "{error}");
    let error = room.error(&site().and_copy("photo.jpg", &room.path("gone.jpg"), b"gone"));
    assert!(error.contains("cannot open") && error.contains("gone.jpg"), "{error}");
    assert_eq!(room.output(), before);
    assert_eq!(room.names(), ["photo.jpg", "public"]);
}

#[test]
fn a_path_that_leaves_the_output_is_an_error() {
    for path in ["../evil", "a/../../evil", "/evil", "a//b", ".galen"] {
        let room = Room::new();
        let error = room.error(&site().and_bytes(path, b"evil".to_vec()));
        assert!(error.contains("cannot write"), "{error}");
        assert!(room.names().is_empty());
    }
}

#[test]
fn a_file_inside_a_file_is_an_error() {
    let room = Room::new();
    let error = room.error(&Site::new(&[("a", "file"), ("a/b", "file")]));
    assert!(error.contains("cannot write \"a/b\": \"a\" is a file"), "{error}");
    assert!(room.names().is_empty());
}

#[cfg(unix)]
#[test]
fn a_read_only_output_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let room = Room::new();
    room.write(&site());
    fs::set_permissions(room.path("public"), fs::Permissions::from_mode(0o555)).unwrap();
    let error = room.error(&Site::default());
    assert!(error.contains("public: the folder is read-only"), "{error}");
    assert_eq!(room.output(), site().picture());
    fs::set_permissions(room.path("public"), fs::Permissions::from_mode(0o755)).unwrap();
}

/// A site that loses its staging folder while it is made.
struct Saboteur<'a>(&'a Room, Vec<String>);

impl Tree for Saboteur<'_> {
    fn paths(&self) -> &[String] {
        &self.1
    }

    fn content<'a>(&'a self, index: usize, _: &'a mut Vec<u8>) -> Option<Content<'a>> {
        if index == 1 {
            fs::remove_dir_all(self.0.path(".public.galen-staging")).unwrap();
        }
        Some(Content::Bytes(b"x"))
    }
}

#[test]
fn a_staging_folder_that_goes_away_takes_the_write_along() {
    let room = Room::new();
    room.write(&site());
    let sabotaged = Saboteur(&room, vec!["a/x".into(), "b/x".into(), "c".into()]);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let folder = room.path("public");
    let result = pool.install(|| write(&sabotaged, &folder, &room.disk, room.options, &|_| {}));
    let error = format!("{:#}", result.unwrap_err());
    assert!(error.contains("cannot create") && error.contains("-staging/b/x"), "{error}");
    assert_eq!(room.output(), site().picture());
    assert_eq!(room.names(), ["public"]);
}
