//! Which pages and files exist, and what each may show: views, JSON-LD, feeds, sitemap. Never writes HTML.

mod article;
mod feed;
mod files;
mod head;
mod json;
mod json_ld;
mod lists;
mod pages;
mod pictures;
mod seen;
mod shown;
mod view;
mod views;

pub(crate) use article::{article_view, citation_anchor, disclaimer, faq, source_anchor, source_view, takeaways};
pub(crate) use feed::feed;
pub(crate) use files::{headers, manifest, redirects, robots, sitemap, sitemap_page};
pub(crate) use head::{document_title, kind, not_found_view, page_view};
pub(crate) use lists::{a_to_z_list, glossary_list, people_list, tags_list};
pub(crate) use pages::{Page, Recipe, listed, numbered, pages};
pub(crate) use pictures::{PictureSet, VARIANTS, Variant, Wanted, wanted};
pub(crate) use seen::{Field, Named, Seen};
pub(crate) use shown::{Shared, Shown};
pub(crate) use view::{BlockView, Card, GoneView, Html, PersonCard, PromoView, RedirectView, SourceView, VideoView};
pub use view::{VIEWS, ViewDocs};
pub(crate) use views::{
    Made, Pieces, TextOf, WrittenText, card, category_view, date_view, emergency_numbers, experts, home_view,
    person_view, section_view, site_view, tag_view, term_view,
};
