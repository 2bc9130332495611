//! Tests of `galen::output` as its callers see it: a tree goes in, a folder comes out, whatever stands in the way. They
//! look at real folders and never at the inner workings.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the message")]

mod faults;
#[cfg(unix)]
mod links;
mod processes;
mod refusals;
mod support;
mod writes;
