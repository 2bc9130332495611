//! Pictures of the preview: smaller ones are made when somebody looks at them, and the original stands in for one for which
//! nobody should wait. Holds no site meanwhile, so that edits go on.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::answer::{Answer, not_here};
use super::desk::Desk;
use super::inside::{is_inside, read_inside};
use super::types::content_type;
use crate::output::Unmade;
use crate::picture::clean;

/// How many pictures are made at a time. Each takes one of the threads that make pages, most of which stay free for pages.
const AT_A_TIME: usize = 3;

/// A place among those who make pictures, given back when it is dropped.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(making: &'a AtomicUsize) -> Option<Self> {
        let one_more = |now: usize| (now < AT_A_TIME).then_some(now + 1);
        making.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more).ok().map(|_| Self(making))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A picture that is made; the original where too many are being made already, or where nothing can be made of it.
pub(super) fn made(desk: &Desk, unmade: &Unmade, headers: Vec<(String, String)>) -> Answer {
    let turn = Turn::take(&desk.making);
    let original_file = unmade.original();
    // An original may have become a link to elsewhere since the site was read.
    let is_ours = || original_file.is_none_or(|file| is_inside(desk.root(), file));
    let can_make = turn.is_some() || original_file.is_none() || unmade.is_kept(&desk.store);
    let made = (can_make && is_ours()).then(|| unmade.make(&desk.store));
    match (made, original_file) {
        (Some(Ok(Ok(body))), _) => {
            let mut answer = Answer::new(200, "", body);
            answer.headers = headers;
            return answer;
        }
        (Some(Ok(Err(why))), Some(file)) => desk.note_broken(file, why),
        _ => {}
    }
    let Some(file) = original_file else { return not_here("This picture cannot be drawn.") };
    let mut answer = original(desk, file, content_type(&file.to_string_lossy()));
    answer.headers.extend(headers.into_iter().filter(|(name, _)| name != "content-type"));
    answer
}

/// A picture as it is published: without its notes.
pub(super) fn original(desk: &Desk, file: &Path, content_type: &str) -> Answer {
    match read_inside(desk.root(), file) {
        Some(bytes) => Answer::new(200, content_type, clean(bytes)),
        None => not_here("This file cannot be read any more."),
    }
}
