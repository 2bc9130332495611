//! Which pages and files exist, and what each may show: views, JSON-LD, feeds, sitemap. Never writes HTML.

mod feed;
mod files;
mod head;
mod json_ld;
mod pages;
mod view;
mod views;

pub(crate) use feed::feed;
pub(crate) use files::{headers, manifest, redirects, robots, search_index, sitemap, sitemap_page};
pub(crate) use head::{not_found_view, page_view};
pub(crate) use pages::{Page, Recipe, pages};
pub(crate) use view::{
    BlockView, GoneView, Html, NumberView, PageView, PersonCard, PromoView, RedirectView, VideoView,
};
pub use view::{VIEWS, ViewDocs};
pub(crate) use views::{
    Made, TextOf, WriteText, WrittenText, a_to_z_list, article_view, category_view, citation_anchor, date_view,
    disclaimer, faq, glossary_list, home_view, people_list, person_card, person_view, section_view, site_view,
    source_anchor, tag_view, tags_list, takeaways, term_view,
};
