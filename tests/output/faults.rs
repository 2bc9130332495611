//! Every call that changes the disk fails once, twice, and for ever, in every way, one after the other, until a write gets
//! through without meeting the fault. For ever is also what a process that dies looks like: nothing cleans up after it.

use std::fs;
use std::io::ErrorKind;

use galen::output::{Disk, Failure, Faults, WriteOptions, recover};

use super::support::{Picture, Room, Site};

const NO_SPACE: i32 = 28;

const FAILURES: [Failure; 9] = [
    Failure::Kind(ErrorKind::PermissionDenied),
    Failure::Kind(ErrorKind::NotFound),
    Failure::Code(NO_SPACE),
    Failure::Code(5),   // EIO
    Failure::Code(24),  // EMFILE
    Failure::Code(30),  // EROFS
    Failure::Code(122), // EDQUOT
    Failure::Torn(NO_SPACE),
    Failure::Short,
];

/// What is there before the write that fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Start {
    Absent,
    Empty,
    Old,
}

/// One way of writing.
#[derive(Clone, Copy, Debug)]
struct Case {
    start: Start,
    exchange: bool,
    links: bool,
    durable: bool,
    /// How many calls fail; 0 for all from the first on.
    times: usize,
    failure: Failure,
}

fn old() -> Site {
    Site::new(&[("a/b/same.html", "same"), ("changed.html", "before"), ("gone/x.html", "gone"), ("index.html", "home")])
}

fn new(room: &Room) -> Site {
    let source = room.put("photo.jpg", b"photo");
    Site::new(&[("a/b/same.html", "same"), ("a/c/new.html", "new"), ("changed.html", "after"), ("index.html", "home")])
        .and_copy("photo.jpg", &source, b"photo")
}

impl Case {
    fn disk(&self) -> Disk {
        let disk = Disk::new();
        let disk = if self.exchange { disk } else { disk.without_exchange() };
        if self.links { disk } else { disk.without_links() }
    }

    /// Fails every call in turn; gives the number of calls of a write that met no fault.
    fn sweep(&self) -> usize {
        for call in 0.. {
            let met = self.fail_at(call);
            if !met {
                return call;
            }
        }
        unreachable!()
    }

    /// A write whose call with this number fails. False: there is no such call.
    fn fail_at(&self, call: usize) -> bool {
        let mut room = Room::new();
        match self.start {
            Start::Absent => {}
            Start::Empty => fs::create_dir(room.path("public")).unwrap(),
            Start::Old => drop(room.write(&old())),
        }
        let before = room.output();
        let site = new(&room);
        room.options = WriteOptions { durable: self.durable };
        room.disk = self.disk().with_faults(match self.times {
            0 => Faults::from(call, self.failure),
            times => Faults::some(call, times, self.failure),
        });
        let result = room.try_write(&site);
        let met = room.disk.calls().len() > call;
        let message = format!("call {call} of {self:?}: {result:?}");
        assert!(met || result.is_ok(), "{message}");
        if let Err(error) = &result {
            assert!(format!("{error:#}").contains("cannot "), "{message}");
        }
        self.check(&mut room, &before, &site, result.is_ok(), &message);
        met
    }

    fn check(&self, room: &mut Room, before: &Picture, site: &Site, done: bool, message: &str) {
        room.disk = self.disk();
        let between = !self.exchange && self.times != 1 && self.start != Start::Absent;
        if between && !room.path("public").exists() {
            // Only a process that dies, or a system that fails twice, between the two renames leaves no output; and then
            // the swap is finished by whoever comes next.
            assert!(room.path(".public.galen-intent").exists(), "{message}");
            recover(&room.path("public"), &room.disk).unwrap();
            assert_eq!(room.output(), site.picture(), "{message}");
        }
        let whole_new = room.output() == site.picture();
        assert!(whole_new || (!done && room.output() == *before), "{message}: {:?}", room.names());
        assert!(room.path("public").exists() || self.start == Start::Absent, "{message}");
        let written = room.write(site);
        assert_eq!(written.swapped, !whole_new, "{message}");
        assert_eq!(room.output(), site.picture(), "{message}");
        assert_eq!(room.names(), ["photo.jpg", "public"], "{message}");
    }
}

/// All failures in the plain way of writing, and one failure in all ways of writing.
fn cases(start: Start, exchange: bool) -> impl Iterator<Item = Case> {
    let plain = FAILURES.map(|failure| (failure, true, false));
    let ways = [(false, false), (true, true), (false, true)];
    let ways = ways.map(|(links, durable)| (Failure::Code(5), links, durable));
    let times = |case| [0, 1, 2].map(|times| (case, times));
    let all = plain.into_iter().chain(ways).flat_map(times);
    all.map(move |((failure, links, durable), times)| Case {
        start,
        exchange: exchange && cfg!(target_os = "linux"),
        links,
        durable,
        times,
        failure,
    })
}

fn sweep(exchange: bool, starts: &[Start], threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    for case in starts.iter().flat_map(|start| cases(*start, exchange)) {
        let calls = pool.install(|| case.sweep());
        assert!(calls > 20, "only {calls} calls: {case:?}");
    }
}

#[test]
fn every_call_may_fail_where_names_can_be_exchanged() {
    sweep(true, &[Start::Old], 1);
}

#[test]
fn every_call_may_fail_where_they_cannot() {
    sweep(false, &[Start::Old], 1);
}

#[test]
fn every_call_may_fail_on_the_first_write() {
    sweep(true, &[Start::Absent, Start::Empty], 1);
    sweep(false, &[Start::Empty], 1);
}

#[test]
fn every_call_may_fail_on_several_threads() {
    sweep(true, &[Start::Old], 3);
    sweep(false, &[Start::Old], 3);
}

#[cfg(target_os = "linux")]
#[test]
fn an_exchange_the_file_system_refuses_becomes_two_renames() {
    // EINVAL, ENOSYS, EOPNOTSUPP; any other error is one.
    for (code, refused) in [(22, true), (38, true), (95, true), (13, false), (28, false)] {
        let mut room = Room::new();
        room.write(&old());
        let site = new(&room);
        let mut probe = Room::new();
        probe.write(&old());
        probe.disk = Disk::new().with_faults(Faults::none());
        probe.write(&site);
        let calls = probe.disk.calls();
        let call = calls.iter().position(|call| *call == "exchange").unwrap();
        room.disk = Disk::new().with_faults(Faults::once(call, Failure::Code(code)));
        let result = room.try_write(&site);
        assert_eq!(result.is_ok(), refused, "{code}");
        let renames = room.disk.calls().iter().filter(|call| **call == "rename").count();
        assert_eq!(renames, if refused { 2 } else { 0 }, "{code}");
        assert_eq!(room.output() == site.picture(), refused, "{code}");
    }
}

/// How the old tree of one file goes, and then the lock.
#[cfg(unix)]
const REMOVAL: [&str; 4] = ["remove", "remove", "remove the folder", "remove"];

/// The calls of a durable write that changes one file, from the marker on.
#[cfg(unix)]
fn durable_calls(disk: Disk) -> Vec<&'static str> {
    let mut room = Room::new();
    room.write(&Site::new(&[("a", "one")]));
    room.options = WriteOptions { durable: true };
    room.disk = disk.with_faults(Faults::none());
    room.write(&Site::new(&[("a", "two")]));
    let mut calls = room.disk.calls();
    let last = calls.iter().rposition(|call| *call == "write").unwrap();
    calls.split_off(last)
}

#[cfg(target_os = "linux")]
#[test]
fn a_durable_write_flushes_before_and_after_the_exchange() {
    let swap = ["write", "flush all of", "exchange", "flush"];
    assert_eq!(durable_calls(Disk::new()), [swap, REMOVAL].concat());
}

#[cfg(unix)]
#[test]
fn a_durable_write_flushes_before_after_and_between_two_renames() {
    let swap = ["write", "flush all of", "create", "flush", "rename", "rename", "flush", "remove", "flush"];
    let calls = durable_calls(Disk::new().without_exchange());
    assert_eq!(calls, [swap.as_slice(), &REMOVAL].concat());
}

/// The old tree, and a process that died at this call while it replaced it.
fn died_at(call: usize) -> (Room, Site) {
    let mut room = Room::new();
    room.write(&old());
    let site = new(&room);
    room.disk = Disk::new().without_exchange().with_faults(Faults::from(call, Failure::Code(5)));
    let _ = room.try_write(&site);
    (room, site)
}

#[test]
fn a_recovery_that_breaks_off_anywhere_is_finished() {
    let calls = died_at(usize::MAX).0.disk.calls().len();
    for (call, next) in (0..calls).flat_map(|call| (0..14).map(move |next| (call, next))) {
        let (mut room, site) = died_at(call);
        let dies = Disk::new().with_faults(Faults::from(next, Failure::Code(5)));
        let _ = recover(&room.path("public"), &dies);
        room.disk = Disk::new();
        recover(&room.path("public"), &room.disk).unwrap();
        let output = room.output();
        let whole = output == old().picture() || output == site.picture();
        assert!(whole, "died at {call}, then at {next}: {output:?}");
        assert!(!room.names().iter().any(|name| name.ends_with("-staging") || name.ends_with("-old")));
    }
}
