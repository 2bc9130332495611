//! stub until the real one lands
use crate::content::Profile;
pub(super) struct Subject<'a> {
    pub tags: &'a [u32],
    pub category: Option<u32>,
    pub terms: &'a [u32],
    pub profile: &'a Profile,
    pub pinned: &'a [u32],
    pub excluded: &'a [u32],
    pub eligible: bool,
}
#[derive(Clone, Copy, Debug)]
pub(crate) struct Related {
    pub article: u32,
    pub pinned: bool,
    pub parts: Parts,
}
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub tags: f32,
    pub category: f32,
    pub text: f32,
    pub glossary: f32,
}
pub(super) fn related(subjects: &[Subject<'_>], _count: usize) -> Vec<Vec<Related>> {
    subjects.iter().map(|_| Vec::new()).collect()
}
