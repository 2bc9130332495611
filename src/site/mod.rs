//! Documents linked into a site: the gate, references, lists, glossary, related topics. Nothing here renders or reads files.

mod admission;
mod gate;
mod glossary;
mod link;
mod lists;
mod model;
mod names;
mod orders;
mod pictures;
mod places;
mod redirects;
mod related;
mod resolve;
mod symbols;
mod texts;

pub use gate::State;
pub(crate) use link::{Day, Others, Tables, Unlinked, link, relink};
pub use model::Site;
pub(crate) use model::{
    Article, ArticleId, CategoryId, CitedFrom, CitedSource, FragmentCheck, Linked, LinkedBody, Mention, NavigationLink,
    PersonId, PlaceOnSite, SectionId, TagId, Target, TermId,
};
pub(crate) use orders::{Entry, EntryName};
pub(crate) use pictures::{PictureRole, PictureUse};
