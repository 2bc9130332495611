//! The preview as editors and browsers meet it: the real program, asked over real connections on this machine.

#[path = "../support/mod.rs"]
mod support;

mod changes;
mod doors;
mod malformed;
mod paths;
mod program;
mod starts;
mod switches;
