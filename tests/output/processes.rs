//! Several writers at once, and writers that are killed. A child is this very test program, told by a variable to run one
//! test as the victim.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use galen::output::{Content, Disk, Tree, WriteOptions, recover, write};

use super::support::{Room, Site};

const ROLE: &str = "GALEN_TEST_ROLE";
const FOLDER: &str = "GALEN_TEST_FOLDER";

fn version(letter: &str) -> Site {
    (0..40).fold(Site::default(), |site, n| {
        // Half of the files change, so that a kill may hit writing, linking, swapping or removing.
        let text = if n % 2 == 0 { letter.repeat(n * 50) } else { "same".to_owned() };
        site.and_bytes(&format!("{}/{n}.html", n % 3), text.into_bytes())
    })
}

fn child(role: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::victim", "--test-threads=1"])
        .env(ROLE, role)
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_for(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "{} never came", path.display());
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A site that takes longer than any test.
struct Endless(Vec<String>);

impl Tree for Endless {
    fn paths(&self) -> &[String] {
        &self.0
    }

    fn content<'a>(&'a self, _: usize, _: &'a mut Vec<u8>) -> Option<Content<'a>> {
        let folder = std::env::var_os(FOLDER).unwrap();
        fs::write(Path::new(&folder).with_file_name("ready"), "").unwrap();
        // Not for ever, lest a test that fails leaves a process behind.
        std::thread::sleep(Duration::from_secs(30));
        None
    }
}

/// Does nothing in an ordinary run of the tests.
#[test]
fn victim() {
    let (Ok(role), Some(folder)) = (std::env::var(ROLE), std::env::var_os(FOLDER)) else {
        return;
    };
    let folder = Path::new(&folder);
    let options = WriteOptions::default();
    if role == "holder" {
        write(&Endless(vec!["x".into()]), folder, &Disk::new(), options, &|_| {}).unwrap();
    }
    let disk = || match role.as_str() {
        "exchange" => Disk::new(),
        _ => Disk::new().without_exchange(),
    };
    let sites = [version("a"), version("b")];
    let start = Instant::now();
    for site in sites.iter().cycle().take_while(|_| start.elapsed() < Duration::from_secs(30)) {
        write(site, folder, &disk(), options, &|_| {}).unwrap();
        let _ = fs::write(folder.with_file_name("ready"), "");
    }
}

#[test]
fn a_held_lock_names_its_holder_and_dies_with_it() {
    let room = Room::new();
    let mut holder = child("holder", &room.path("public"));
    wait_for(&room.path("ready"));
    let error = room.error(&version("a"));
    let process = format!("another galen (process {}) is writing", holder.id());
    assert!(error.contains(&process), "{error}");
    assert!(error.contains(".public.galen-lock"), "{error}");
    assert!(room.path(".public.galen-lock").exists());
    assert!(!room.path("public").exists());
    holder.kill().unwrap();
    holder.wait().unwrap();
    room.write(&version("a"));
    assert_eq!(room.names(), ["public", "ready"]);
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_tree() {
    for role in ["exchange", "renames"] {
        let room = Room::new();
        let whole = [version("a").picture(), version("b").picture()];
        for round in 0..25_u64 {
            let _ = fs::remove_file(room.path("ready"));
            let mut victim = child(role, &room.path("public"));
            wait_for(&room.path("ready"));
            std::thread::sleep(Duration::from_micros(round * 7919 % 9000));
            victim.kill().unwrap();
            victim.wait().unwrap();
            if role == "renames" {
                recover(&room.path("public"), &room.disk).unwrap();
            }
            assert!(whole.contains(&room.output()), "{role}, round {round}");
            let leftovers = room.names().iter().filter(|name| name.ends_with("-staging")).count();
            assert!(leftovers <= 1);
        }
        room.write(&version("c"));
        assert_eq!(room.names(), ["public", "ready"]);
    }
}

#[test]
fn one_writer_at_a_time_and_never_no_output() {
    let room = Room::new();
    room.write(&version("a"));
    let done = AtomicBool::new(false);
    let wins = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                assert!(room.out("1/1.html").exists());
            }
        });
        let writers: Vec<_> = ["a", "b", "c", "d"]
            .map(|letter| {
                let (site, room) = (version(letter), &room);
                scope.spawn(move || (0..50).filter(|_| attempt(room, &site)).count())
            })
            .into();
        let wins: usize = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
        wins
    });
    assert!(wins > 0);
    assert!(["a", "b", "c", "d"].iter().any(|letter| room.output() == version(letter).picture()));
    assert_eq!(room.names(), ["public"]);
}

/// True when the write got the lock; if it did not, that must be the reason.
fn attempt(room: &Room, site: &Site) -> bool {
    match room.try_write(site) {
        Ok(_) => true,
        Err(error) => {
            assert!(format!("{error:#}").contains("another galen"), "{error:#}");
            false
        }
    }
}
