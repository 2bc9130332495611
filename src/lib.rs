//! Galen.
#![allow(dead_code, unused_imports)]
pub mod project;
mod content;
mod site;
