//! Follows the files of a site: an edit of one article goes to the desk at once, anything else as soon as the disk is quiet.
//!
//! Events are hints. They may be lost, late, doubled or wrong, so each only makes the disk be read again, and a look from afar
//! now and then makes up for those that never came.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::desk::Desk;
use super::inside::read_inside;
use super::scan::{PARTS, scan};
use crate::project::Project;

/// No event for so long: an editor that saved has finished. It is cut off after some time; what comes after makes another round.
const SAVED: Calm = Calm { quiet: Duration::from_millis(10), longest: Duration::from_millis(400) };
/// The same where more than [`FEW`] files changed: a branch switch takes breath now and then, and nobody waits for its first half.
const SWITCHED: Calm = Calm { quiet: Duration::from_millis(150), longest: Duration::from_secs(10) };
const FEW: usize = 16;
/// How long the disk goes without a look from afar, at least. It is never looked at for more than a hundredth of the time.
const LOOK: Duration = Duration::from_secs(2);
/// A site that cannot be read is tried again after so long: a branch switch takes files away and brings them back.
const PATIENCE: Duration = Duration::from_millis(150);
const ATTEMPTS: usize = 4;

/// When the disk counts as calm.
struct Calm {
    quiet: Duration,
    longest: Duration,
}

/// Reads the site once, and follows it on threads of its own for as long as somebody holds the desk.
pub(super) fn follow(desk: &Arc<Desk>) {
    let (hint, hints) = channel();
    let (all, whole) = channel();
    let watcher = watch(desk.root(), hint.clone());
    let seen = scan(desk.root());
    take_over(desk);
    let (weak, other) = (Arc::downgrade(desk), Arc::downgrade(desk));
    thread::spawn(move || link(&other, &whole));
    thread::spawn(move || listen(&weak, (hint, &hints), &all, (watcher, seen)));
}

/// Without a watcher the looks from afar remain.
fn watch(root: &Path, hint: Sender<Vec<PathBuf>>) -> Option<RecommendedWatcher> {
    let tell = move |event: notify::Result<notify::Event>| {
        let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        match event {
            // To read a file changes nothing; the preview does so itself.
            Ok(event) if event.kind.is_access() && event.kind != written => {}
            Ok(event) => drop(hint.send(event.paths)),
            Err(_) => drop(hint.send(Vec::new())),
        }
    };
    let mut watcher = notify::recommended_watcher(tell).ok()?;
    watcher.watch(root, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

/// Sorts hints: one changed article is shown at once, and everything makes the whole be read again.
fn listen(
    desk: &Weak<Desk>,
    (hint, hints): (Sender<Vec<PathBuf>>, &Receiver<Vec<PathBuf>>),
    all: &Sender<()>,
    (mut watcher, seen): (Option<RecommendedWatcher>, u64),
) {
    let mut pause = LOOK;
    // Unknown once somebody told of a change: then the next look makes sure of it.
    let mut seen = Some(seen);
    loop {
        let told = hints.recv_timeout(pause).ok().map(|first| settle(first, hints));
        let Some(desk) = desk.upgrade() else { return };
        let paths: Vec<String> = told.iter().flatten().filter_map(|path| of_site(desk.root(), path)).collect();
        edit(&desk, &paths);
        if paths.is_empty() {
            let began = Instant::now();
            let now = Some(scan(desk.root()));
            pause = LOOK.max(began.elapsed() * 100);
            if now == seen {
                continue;
            }
            if told.is_none() && seen.is_some() {
                // Nobody told of this: the folder that was watched may be another one by now.
                drop(watcher.take());
                watcher = watch(desk.root(), hint.clone());
            }
            seen = now;
        } else {
            seen = None;
        }
        if all.send(()).is_err() {
            return;
        }
    }
}

/// All paths until the disk is quiet, each once.
fn settle(first: Vec<PathBuf>, hints: &Receiver<Vec<PathBuf>>) -> BTreeSet<PathBuf> {
    let began = Instant::now();
    let mut paths = BTreeSet::from_iter(first);
    loop {
        let Calm { quiet, longest } = if paths.len() > FEW { SWITCHED } else { SAVED };
        let Some(left) = longest.checked_sub(began.elapsed()) else { return paths };
        let Ok(more) = hints.recv_timeout(quiet.min(left)) else { return paths };
        paths.extend(more);
    }
}

/// The path from the root of something that belongs to the site and is no leftover of an editor.
fn of_site(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
    let (top, name) = (below.split('/').next()?, below.rsplit('/').next()?);
    (PARTS.contains(&top) && !name.ends_with('~')).then_some(below)
}

/// Shows an article at once if it is the only one that changed; what editors put beside it while they save does not count.
fn edit(desk: &Desk, paths: &[String]) {
    let mut articles = paths.iter().filter(|path| path.starts_with("articles/") && path.ends_with(".md"));
    let (Some(path), None) = (articles.next(), articles.next()) else { return };
    // What cannot be read as a text now is left to the whole, which says why.
    if let Some(text) = read_inside(desk.root(), &desk.file(path)).and_then(|bytes| String::from_utf8(bytes).ok()) {
        desk.edit(path, text.strip_prefix('\u{feff}').unwrap_or(&text));
    }
}

/// Links the whole, again and again, as often as it is asked to; requests that came meanwhile count as one.
fn link(desk: &Weak<Desk>, whole: &Receiver<()>) {
    while whole.recv().is_ok() {
        while whole.try_recv().is_ok() {}
        let Some(desk) = desk.upgrade() else { return };
        take_over(&desk);
    }
}

fn take_over(desk: &Desk) {
    let load = || {
        let mut loaded = crate::on_workers(|| Project::load(desk.root()));
        for _ in 1..ATTEMPTS {
            if loaded.is_ok() {
                break;
            }
            thread::sleep(PATIENCE);
            loaded = crate::on_workers(|| Project::load(desk.root()));
        }
        loaded
    };
    desk.take_over(load, jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date());
}
