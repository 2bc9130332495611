//! The preview as editors and browsers meet it: the real program, asked over real connections on this machine.

#[path = "../support/mod.rs"]
mod support;

mod changes;
mod doors;
mod paths;
mod pictures;
mod program;
mod requests;
mod starts;
mod switches;
