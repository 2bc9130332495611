//! Pictures of a site: what pages show of them, which smaller ones are made, what is kept, and what is never published.

#[path = "../support/mod.rs"]
mod support;

mod cards;
mod colours;
mod markup;
mod notes;
mod site;
mod store;
mod turned;
