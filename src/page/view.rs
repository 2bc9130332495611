//! What a template gets to see: closed, documented values, never the site. docs/theming.md lists every field from here.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use tera::Value;

use super::seen::{Field, Seen, View};
use super::shown::Shared;

/// HTML that Galen wrote itself; templates insert it without escaping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Html<'a>(pub Cow<'a, str>);

impl From<String> for Html<'_> {
    fn from(html: String) -> Self {
        Self(Cow::Owned(html))
    }
}

impl Html<'_> {
    /// The same without white space at its end.
    pub(super) fn trimmed(self) -> Self {
        Self(match self.0 {
            Cow::Borrowed(html) => Cow::Borrowed(html.trim_end()),
            Cow::Owned(mut html) => {
                html.truncate(html.trim_end().len());
                Cow::Owned(html)
            }
        })
    }
}

impl Serialize for Html<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A value within what becomes a value is taken as it is.
        Value::safe_string(&self.0).serialize(serializer)
    }
}

/// One view's name, its meaning, and its fields with type and meaning.
pub struct ViewDocs {
    /// Name of the view.
    pub name: &'static str,
    /// What it is.
    pub docs: &'static str,
    /// Field, type as written in the source, meaning. To a template what is lent or shared is what it is: a `&Shared<T>` is a `T`.
    pub fields: &'static [(&'static str, &'static str, &'static str)],
}

/// Declares views: structs whose fields templates see, and the manual of their fields. Those in brackets lend what they show.
macro_rules! views {
    ($($(#[doc = $doc:literal])+ $name:ident $([$life:lifetime])? {
        $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)*
    })*) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, Serialize)]
            pub(crate) struct $name $(<$life>)? { $($(#[doc = $field_doc])+ pub $field: $type,)* }

            impl $(<$life>)? View for $name $(<$life>)? {
                fn field<'v>(&'v self, name: &'v str) -> Seen<'v> {
                    match name {
                        $(stringify!($field) => self.$field.seen(),)*
                        _ => Seen::Missing,
                    }
                }
            }

            impl $(<$life>)? Field for $name $(<$life>)? {
                fn seen(&self) -> Seen<'_> {
                    Seen::View(self)
                }
            }
        )*

        /// Every view, for the manual.
        pub const VIEWS: &[ViewDocs] = &[$(ViewDocs {
            name: stringify!($name),
            docs: concat!($($doc),+),
            fields: &[$((stringify!($field), stringify!($type), concat!($($field_doc),+)),)*],
        },)*];
    };
}

views! {
    /// The site, the same on every page: `site`.
    SiteView {
        /// Name of the site.
        title: String,
        /// Description of the site.
        description: String,
        /// Language of the texts (BCP 47), for `<html lang>`.
        language: String,
        /// Writing direction: `ltr` or `rtl`, for `<html dir>`.
        direction: String,
        /// Link to the home page.
        home: String,
        /// Path of the site below its host, without a trailing slash; empty at the root.
        base: String,
        /// Link to the search page, if there is one.
        search: Option<String>,
        /// Link to the search index, if there is one.
        search_index: Option<String>,
        /// Link to the index of everything, if there is one.
        a_to_z: Option<String>,
        /// Link to the glossary, if there is one.
        glossary: Option<String>,
        /// Link to the list of people, if there is one.
        people: Option<String>,
        /// Link to the list of tags, if there is one.
        tags: Option<String>,
        /// Link to the site's Atom feed.
        feed: Option<String>,
        /// Entries of the header.
        header: Vec<NavigationView>,
        /// Entries of the footer.
        footer: Vec<NavigationView>,
        /// Who publishes the site.
        organization: OrganizationView,
        /// Year of the day of the build.
        year: i64,
        /// The site's own keys: `[extra]` of site.toml.
        extra: Value,
    }

    /// An entry of header or footer: a link, or a group of links.
    NavigationView {
        /// Its words.
        title: String,
        /// Where it leads; a group may lead nowhere.
        href: Option<String>,
        /// The links of a group.
        links: Vec<NavigationView>,
    }

    /// Who publishes the site: `[organization]` of site.toml.
    OrganizationView {
        /// Its name.
        name: Option<String>,
        /// Link to its logo.
        logo: Option<String>,
        /// Its postal address.
        address: Option<String>,
        /// Its mail address.
        email: Option<String>,
        /// Its pages elsewhere.
        profiles: Vec<String>,
        /// Link to its privacy page.
        privacy: Option<String>,
        /// Link to its editorial principles.
        principles: Option<String>,
    }

    /// What every page has: `page`.
    PageView {
        /// Kind of page: home, article, section, category, tag, person, term, people, tags, glossary, a-z, search, not-found, gone.
        kind: &'static str,
        /// Title for `<title>`.
        title: String,
        /// Description for `<meta>`, or nothing.
        description: String,
        /// Link to this page.
        href: String,
        /// Full address of this page, for `<link rel=canonical>`; nothing on pages without an address of their own.
        canonical: Option<String>,
        /// Whether search engines should leave it out.
        noindex: bool,
        /// The way here, from the home page; the last one is this page.
        breadcrumbs: Vec<Crumb>,
        /// The JSON-LD graph, safe for a script element.
        json_ld: Html<'static>,
        /// Open Graph.
        open_graph: OpenGraph,
        /// The feed that belongs to this page.
        feed: Option<Link>,
        /// Where a list continues; nothing where it fits on one page.
        pagination: Option<Pagination>,
        /// In a preview, why readers would not see this page: `draft`, `scheduled`, …
        state: Option<String>,
    }

    /// One step of the way to a page.
    Crumb {
        /// Its words.
        title: String,
        /// Where it leads; nothing on the page itself.
        href: Option<String>,
    }

    /// What other sites show when the page is shared. <https://ogp.me>
    OpenGraph {
        /// `article`, `profile` or `website`.
        kind: String,
        /// Title.
        title: String,
        /// Full address of a picture.
        image: Option<String>,
        /// What the picture shows.
        image_alt: Option<String>,
        /// Width of the picture in pixels, if known.
        image_width: Option<u64>,
        /// Height of the picture in pixels, if known.
        image_height: Option<u64>,
        /// Day of publication, ISO 8601.
        published: Option<String>,
        /// Day of the last change, ISO 8601.
        modified: Option<String>,
    }

    /// Where a list continues.
    Pagination {
        /// Number of this page, from 1.
        page: u64,
        /// Number of pages.
        pages: u64,
        /// Link to the page before.
        previous: Option<String>,
        /// Link to the page after.
        next: Option<String>,
        /// Every page.
        links: Vec<PageLink>,
    }

    /// A page of a list.
    PageLink {
        /// Its number.
        number: u64,
        /// Link to it.
        href: String,
        /// Whether it is this one.
        current: bool,
    }

    /// A link.
    Link {
        /// Its words.
        title: String,
        /// Where it leads.
        href: String,
    }

    /// A link with a description and how many articles stand behind it.
    ListedLink {
        /// Its words.
        title: String,
        /// Where it leads.
        href: String,
        /// Description, or nothing.
        description: String,
        /// Number of articles.
        count: u64,
        /// Some of what stands behind it: on the home page a section's categories or, where it has none, its newest articles.
        links: Vec<Link>,
    }

    /// A day.
    DateView {
        /// ISO 8601, for `<time datetime>`.
        iso: String,
        /// In the site's words: 15 April 2024.
        text: String,
    }

    /// A picture.
    PictureView {
        /// Link to the picture that every browser reads.
        src: String,
        /// Link to the file as its author gave it, without what its camera noted.
        original: String,
        /// Smaller ones in better formats, the best format first, for `<source>`; none where the picture stays as it is.
        sources: Vec<PictureSource>,
        /// How wide a picture stands in a text, as site.toml says: for `<source sizes>`.
        sizes: String,
        /// Width in pixels, if known.
        width: Option<u64>,
        /// Height in pixels, if known.
        height: Option<u64>,
        /// What it shows.
        alt: String,
        /// Caption.
        caption: Option<String>,
        /// Whose it is.
        credit: Option<String>,
    }

    /// The sizes of a picture in one format.
    PictureSource {
        /// Media type: `image/webp`.
        media_type: String,
        /// Links with widths, for `<source srcset>`.
        srcset: String,
    }

    /// An article in a list.
    Card {
        /// All of it, as `partials/card.html` makes it; nothing within that template.
        html: Html<'static>,
        /// Short title.
        title: String,
        /// Link to it.
        href: String,
        /// Description.
        description: String,
        /// Day of publication.
        published: Option<DateView>,
        /// Its category.
        category: Option<String>,
        /// In a preview, why readers would not see it.
        state: Option<String>,
    }

    /// A person in a byline or on a card.
    PersonCard {
        /// The card with a heading of the third level, as `<theme.person level={3}>` makes it; only in lists of experts.
        html: Html<'static>,
        /// Given and family name.
        name: String,
        /// With honorific and credentials: Dr Tomas Okafor, MD.
        full_name: String,
        /// The first letters of given and family name, to stand in for a portrait.
        initials: String,
        /// Honorific.
        honorific: Option<String>,
        /// Credentials, separated by commas, or nothing.
        credentials: String,
        /// Link to their page.
        href: String,
        /// What they are: Orthopaedic physician.
        role: Option<String>,
        /// Country.
        country: Option<String>,
        /// In the site's words: 30 years of experience.
        experience: Option<String>,
        /// Portrait.
        photo: Option<PictureView>,
        /// Specialties with a page.
        specialties: Vec<Link>,
    }

    /// An article or plain page: `article`.
    ArticleView['a] {
        /// Title: the page's h1.
        title: &'a str,
        /// Title for cards, breadcrumb and contents.
        short_title: &'a str,
        /// Description.
        description: &'a str,
        /// Kind: symptom, condition, guide, page, …
        kind: &'a str,
        /// Whether it is a plain page: no byline, dates, sources, disclaimer, experts, related.
        plain: bool,
        /// Authors.
        authors: Vec<&'a Shared<PersonCard>>,
        /// Clinical reviewers.
        reviewers: Vec<&'a Shared<PersonCard>>,
        /// Day of publication.
        published: Option<&'a Shared<DateView>>,
        /// Day of the last change.
        updated: Option<&'a Shared<DateView>>,
        /// Day of the last clinical review.
        reviewed: Option<&'a Shared<DateView>>,
        /// Day of the next clinical review.
        next_review: Option<&'a Shared<DateView>>,
        /// Words of body, FAQ and takeaways.
        words: u64,
        /// Minutes to read.
        minutes: u64,
        /// In the site's words: 6 min read.
        reading_time: String,
        /// Its section; nothing for articles outside sections.
        section: Option<&'a Shared<Link>>,
        /// Its category.
        category: Option<&'a Shared<Link>>,
        /// Its tags.
        tags: Vec<&'a Shared<Link>>,
        /// The text before the first heading.
        lead: Html<'a>,
        /// The hero picture.
        hero: Option<PictureView>,
        /// Key takeaways.
        takeaways: Vec<Html<'a>>,
        /// Whether the takeaways stand after the FAQ.
        takeaways_at_end: bool,
        /// The finished outline as nested lists of links, in page order.
        contents: Html<'a>,
        /// The text from the first heading on.
        body: Html<'a>,
        /// FAQ.
        faq: Vec<FaqView<'a>>,
        /// Sources, in the order of their numbers.
        sources: Vec<Cow<'a, Shared<SourceView>>>,
        /// Public change log, newest first.
        history: Vec<ChangeView>,
        /// The disclaimer.
        disclaimer: Option<&'a str>,
        /// What the article is about, in the terms of schema.org.
        about: Option<AboutView>,
        /// Expert cards, for the end of the page; empty where an EXPERTS block shows them.
        experts: Vec<&'a Shared<PersonCard>>,
        /// Related topics.
        related: Vec<&'a Shared<Card>>,
        /// Articles that link here.
        backlinks: Vec<&'a Shared<Card>>,
        /// Where the article stands for a section: its list.
        list: Vec<&'a Shared<Card>>,
        /// The article's own keys: `extra` of its front matter.
        extra: Value,
    }

    /// A question with its answer.
    FaqView['a] {
        /// Question, plain text.
        question: &'a str,
        /// Its anchor.
        id: &'a str,
        /// Answer.
        answer: Html<'a>,
    }

    /// A source in the list of sources.
    SourceView {
        /// Its number.
        number: u64,
        /// Its anchor.
        id: String,
        /// Title.
        title: String,
        /// Publisher.
        publisher: Option<String>,
        /// Link to it.
        url: Option<String>,
        /// When it was published.
        published: Option<DateView>,
        /// When it was read.
        accessed: Option<DateView>,
        /// All of it, as `partials/source.html` makes it; nothing within that template.
        html: Html<'static>,
        /// Links back to where it is cited.
        backs: Vec<BackLink>,
    }

    /// A link from a source back into the text.
    BackLink {
        /// Link to the marker: `#cite-2-1`.
        href: String,
        /// Name for screen readers.
        label: String,
    }

    /// A public change.
    ChangeView {
        /// When.
        date: Option<DateView>,
        /// clinical, correction, editorial or links.
        kind: String,
        /// The kind in the site's words.
        label: String,
        /// What changed.
        note: String,
    }

    /// What an article is about.
    AboutView {
        /// Name.
        name: String,
        /// Codes: system and code.
        codes: Vec<CodeView>,
    }

    /// A code in a coding system.
    CodeView {
        /// Coding system: ICD-10.
        system: String,
        /// Code: M79.6.
        code: String,
    }

    /// A section page: `section`.
    SectionView['a] {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// Intro: the body of `_section.md`.
        intro: Html<'a>,
        /// Sections directly below.
        sections: Vec<ListedLink>,
        /// Categories with articles in this section.
        categories: Vec<ListedLink>,
        /// Articles, newest first; one page of them.
        articles: Vec<&'a Shared<Card>>,
    }

    /// A category page: `category`.
    CategoryView['a] {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// Its section, where it belongs to one.
        section: Option<Link>,
        /// The other categories of its section.
        siblings: Vec<ListedLink>,
        /// Articles, newest first; one page of them.
        articles: Vec<&'a Shared<Card>>,
    }

    /// A tag page: `tag`.
    TagView['a] {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// Other words for it.
        synonyms: Vec<String>,
        /// Articles, newest first; one page of them.
        articles: Vec<&'a Shared<Card>>,
        /// Experts who name it as a specialty.
        experts: Vec<&'a Shared<PersonCard>>,
    }

    /// A person's page: `person`.
    PersonView['a] {
        /// Their card.
        card: &'a Shared<PersonCard>,
        /// Given name.
        given: String,
        /// Family name, or nothing.
        family: String,
        /// Pages elsewhere.
        profiles: Vec<String>,
        /// Declared interests.
        conflicts: Option<String>,
        /// Bio.
        bio: Html<'a>,
        /// Articles they wrote, newest first; one page of them.
        written: Vec<&'a Shared<Card>>,
        /// Articles they reviewed, newest first; one page of them.
        reviewed: Vec<&'a Shared<Card>>,
    }

    /// A glossary term's page: `term`.
    TermView['a] {
        /// Title.
        title: String,
        /// Other words for it.
        synonyms: Vec<String>,
        /// Abbreviation.
        abbreviation: Option<String>,
        /// Short definition.
        description: String,
        /// Long text.
        body: Html<'a>,
        /// Articles that mention it, newest first; one page of them.
        articles: Vec<&'a Shared<Card>>,
    }

    /// The home page: `home`.
    HomeView['a] {
        /// Intro: the body of `articles/_section.md`.
        intro: Html<'a>,
        /// Sections, in order.
        sections: Vec<ListedLink>,
        /// Newest articles.
        latest: Vec<&'a Shared<Card>>,
        /// The letters of the index of everything, if there is one.
        letters: Vec<Link>,
        /// The emergency numbers of the site's country.
        numbers: Vec<NumberView>,
    }

    /// A list of links: `list`; the people page has `people` instead.
    ListView['a] {
        /// Title.
        title: String,
        /// Description.
        description: String,
        /// On the index of everything, every letter of it, those on its other pages too.
        letters: Vec<Link>,
        /// Groups of entries; lists without groups have one without a title.
        groups: Vec<GroupView>,
        /// People, on the list of people.
        people: Vec<&'a Shared<PersonCard>>,
    }

    /// A group of a list: a letter, a group of terms.
    GroupView {
        /// Its heading, or nothing.
        title: String,
        /// Its anchor.
        id: String,
        /// Its entries.
        entries: Vec<EntryView>,
    }

    /// An entry of a list.
    EntryView {
        /// Its words.
        title: String,
        /// Where it leads.
        href: String,
        /// Description, or nothing.
        description: String,
        /// Under a synonym, the title of what it leads to.
        see: Option<String>,
        /// Number of articles, on the list of tags.
        count: Option<u64>,
    }

    /// The page that a withdrawn article leaves: `gone`.
    GoneView {
        /// Title of the article.
        title: String,
        /// Day of withdrawal.
        date: Option<DateView>,
        /// Why.
        reason: String,
    }

    /// The page at an old address: `redirect`.
    RedirectView {
        /// Where it leads, as a link.
        to: String,
        /// Full address of where it leads.
        canonical: String,
    }

    /// A block of a text: `block`.
    BlockView['a] {
        /// Kind, in lower case.
        kind: String,
        /// The first line as HTML, or nothing.
        title: Html<'a>,
        /// The first line as plain text.
        text: String,
        /// The rest.
        content: Html<'a>,
        /// Level for a heading of the block, 2 to 6.
        level: u64,
        /// An id no other block of the page has.
        id: String,
        /// EMERGENCY: the numbers of the site's country.
        numbers: Vec<NumberView>,
        /// PROMO: the promotion.
        promo: Option<PromoView<'a>>,
        /// EXPERTS: the article's experts.
        experts: Vec<&'a Shared<PersonCard>>,
        /// VIDEO: where it lies.
        video: Option<VideoView>,
        /// ASK: where questions go.
        action: Option<String>,
    }

    /// A telephone number.
    NumberView {
        /// Whose it is.
        label: String,
        /// As people read it.
        number: String,
        /// As a link: tel:999.
        href: String,
    }

    /// A promotion.
    PromoView['a] {
        /// Title.
        title: String,
        /// Text.
        text: Html<'a>,
        /// Where it leads.
        href: Option<String>,
        /// The link's words.
        action: Option<String>,
        /// Its label: Promotion.
        label: String,
    }

    /// A video.
    VideoView {
        /// Link to the file, or to the page of another site.
        href: String,
        /// Whether it lies on another site: never shown in a frame, only linked to.
        external: bool,
        /// The other site's host.
        host: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_trimmed_lent_or_not() {
        assert_eq!(Html(Cow::Borrowed(" a\u{a0}\n ")).trimmed().0, " a");
        assert_eq!(Html::from(" a\n".to_owned()).trimmed().0, " a");
        assert_eq!(Html::default().trimmed(), Html::default());
    }
}
