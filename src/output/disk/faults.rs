//! Says which call of a [`Disk`](super::Disk) fails, so that tests can break every one of them in turn. A plan never
//! touches the disk itself, and a disk without one never asks.

use std::io;
use std::sync::{Mutex, PoisonError};

/// What happens to a call that is meant to fail.
#[derive(Clone, Copy, Debug)]
pub enum Failure {
    /// The call does nothing and gives this kind of error.
    Kind(io::ErrorKind),
    /// The call does nothing and gives this error number of the system.
    Code(i32),
    /// A write puts half of its bytes into the file and then gives this error number, as on a disk that fills up; any
    /// other call does nothing and gives the number.
    Torn(i32),
    /// A write takes half of its bytes and says so, which is no error at all; any other call is left alone.
    Short,
}

/// A plan: which of the calls that change the disk fail, and how. It keeps a list of the calls as they come.
#[derive(Debug)]
pub struct Faults {
    first: usize,
    last: usize,
    failure: Failure,
    calls: Mutex<Vec<&'static str>>,
}

impl Faults {
    /// No call fails; they are only listed.
    pub fn none() -> Self {
        Self::between(usize::MAX, 0, Failure::Short)
    }

    /// The call with this number fails, counted from 0, and no other.
    pub fn once(call: usize, failure: Failure) -> Self {
        Self::some(call, 1, failure)
    }

    /// So many calls fail from the one with this number on: what a system looks like that is in trouble for a moment.
    pub fn some(call: usize, calls: usize, failure: Failure) -> Self {
        Self::between(call, call.saturating_add(calls).saturating_sub(1), failure)
    }

    /// The call with this number fails and so does every later one: what a dead process or a broken disk looks like.
    pub fn from(call: usize, failure: Failure) -> Self {
        Self::between(call, usize::MAX, failure)
    }

    fn between(first: usize, last: usize, failure: Failure) -> Self {
        Self { first, last, failure, calls: Mutex::default() }
    }

    /// What the calls so far were.
    pub(super) fn calls(&self) -> Vec<&'static str> {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.clone()
    }

    /// Notes one more call, and says how it fails if it does.
    pub(super) fn next(&self, what: &'static str) -> Option<Failure> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let call = calls.len();
        calls.push(what);
        (self.first..=self.last).contains(&call).then_some(self.failure)
    }
}

impl Failure {
    /// The error a call gives that is no write; [`Failure::Short`] gives none.
    pub(super) fn error(self) -> io::Result<()> {
        match self {
            Self::Kind(kind) => Err(kind.into()),
            Self::Code(code) | Self::Torn(code) => Err(io::Error::from_raw_os_error(code)),
            Self::Short => Ok(()),
        }
    }

    /// How many of `bytes` a failing write still puts into the file.
    pub(super) fn written(self, bytes: usize) -> usize {
        match self {
            Self::Torn(_) => bytes / 2,
            Self::Short => bytes.div_ceil(2),
            Self::Kind(_) | Self::Code(_) => 0,
        }
    }
}
