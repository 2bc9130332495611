//! One file understood alone: front matter, Markdown, blocks. Defines symbols and refers to others; never resolves them.

mod body;
mod data;
mod document;
mod faq;
mod focus;
mod front_matter;
mod ids;
mod markdown;
mod parts;
mod profile;
mod raw_html;
mod words;

pub(crate) use body::{Block, Body, Heading, Hole, HoleKind, Reference, ReferenceKind, is_care_card};
pub(crate) use data::{Data, EmergencyNumber, Label, Promo, read_data};
pub(crate) use document::{
    Document, PersonFile, SectionFile, TermFile, parse_article, parse_person, parse_section, parse_term,
};
pub(crate) use focus::Focus;
pub(crate) use front_matter::{About, Change, ChangeKind, Citable};
pub(crate) use ids::anchor;
pub(crate) use markdown::Dialect;
pub(crate) use parts::has_same_front;
pub(crate) use profile::{ENGLISH_STOP_WORDS, Profile, Vocabulary, WordSet, continues_word, count_words};
#[cfg(test)]
pub(crate) use profile::{Field, profile};
pub(crate) use words::{is_ideograph, reading_minutes};
