//! The words of the theme, every one of which a site may change in `[labels]`; never the words of an article.

use jiff::civil::Date;

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::table::Table;

/// Declares the labels: field, default, meaning.
macro_rules! labels {
    ($($name:ident $default:literal $doc:literal)*) => {
        /// The theme's words. Words in braces are replaced when a label is used.
        #[derive(Clone, Debug)]
        pub struct Labels {
            $(#[doc = $doc] pub $name: String,)*
            /// The names of the months, January first.
            pub months: Vec<String>,
        }

        impl Default for Labels {
            fn default() -> Self {
                Self { $($name: $default.to_owned(),)* months: MONTHS.map(str::to_owned).to_vec() }
            }
        }

        impl Labels {
            /// Every label with its default and its meaning, months aside.
            pub const ALL: &'static [(&'static str, &'static str, &'static str)] = &[$((stringify!($name), $default, $doc),)*];

            /// Reads `[labels]`.
            pub fn read(table: &mut Table<'_, '_, '_>) -> Self {
                let default = Self::default();
                Self { $($name: table.string(stringify!($name)).unwrap_or(default.$name),)* months: months(table) }
            }

            /// Every label by name.
            pub fn pairs(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($name), self.$name.as_str()),)*]
            }
        }
    };
}

labels! {
    home "Home" "The home page, in breadcrumbs."
    skip "Skip to main content" "The first link of every page."
    menu "Menu" "The header's navigation."
    breadcrumb "Breadcrumb" "Name of the breadcrumb for screen readers."
    search "Search" "The search page and its field."
    search_hint "Search the site" "Text beside the search field."
    search_results "Results" "Heading of the search results."
    search_start "Type a word: a symptom, a condition, a treatment or a name." "Said on the search page before anything is typed."
    search_searching "Searching …" "Said while a search takes long."
    search_found_one "1 result for “{query}”." "Said where a search finds one page."
    search_found "{count} results for “{query}”." "Said where a search finds pages."
    search_meant "Did you mean {query}?" "Said where a word had to be corrected."
    search_all "All" "The button that shows the results of every section."
    search_groups "Show only" "Name of the buttons that keep to one section, for screen readers."
    search_more "Show more results" "The button below the results."
    search_everything "See all results" "The link below the first results, in the header."
    search_none "Nothing found for “{query}”." "Said where a search finds nothing."
    search_failed "The search could not be loaded. Please try again, or use the A to Z." "Said where the search index cannot be fetched."
    search_script "Search needs JavaScript. Without it, use the A to Z." "Said on the search page where scripts are off."
    written_by "Written by" "Before the authors' names."
    reviewed_by "Reviewed by" "Before the reviewers' names."
    published "Published" "Before the date of publication."
    updated "Updated" "Before the date of the last change."
    reviewed "Clinically reviewed" "Before the date of the last clinical review."
    next_review "Next review" "Before the date of the next clinical review."
    read_time "{minutes} min read" "The reading time."
    tags "Tags" "The list of tags."
    contents "Contents" "The contents of an article."
    takeaways "Key takeaways" "Heading of the takeaways."
    faq "Frequently asked questions" "Heading of the FAQ."
    sources "Sources" "Heading of the list of sources."
    accessed "Accessed" "Before the date on which a source was read."
    footnotes "Notes" "Heading of the footnotes, for screen readers."
    back_to_text "Back to the text" "The link from a note or source back to where it is cited."
    cited_at "Citation {number}" "Name of one of several links back, for screen readers."
    source_number "Source {number}" "Name of a citation marker, for screen readers."
    note_number "Note {number}" "Name of a footnote marker, for screen readers."
    history "Change history" "Heading of the public change log."
    history_clinical "Clinical change" "A change to clinical content."
    history_correction "Correction" "A correction."
    history_editorial "Editorial change" "A change of wording."
    history_links "Links updated" "A change of links."
    disclaimer "This information is not a substitute for professional medical advice, diagnosis or treatment." "The disclaimer under every article."
    disclaimer_title "Please note" "Heading of the disclaimer."
    experts "Our experts" "Heading of the expert cards."
    experience_one "1 year of experience" "An expert's experience in the second year of practice."
    experience "{years} years of experience" "An expert's experience."
    related "Related topics" "Heading of the related cards."
    articles "Articles" "Heading of a list of articles."
    articles_by "Articles by {name}" "Heading of a person's own articles."
    articles_reviewed "Articles reviewed by {name}" "Heading of the articles a person reviewed."
    article_count_one "1 article" "How many articles stand in a list of one."
    article_count "{count} articles" "How many articles stand in a list."
    more_in "More in {title}" "Heading of the other categories of a section."
    articles_mentioning "Where we use this term" "Heading of the articles that mention a term."
    mentioned_in "Pages that link here" "Heading of the backlinks."
    sections "Sections" "Heading of the list of sections."
    categories "Categories" "Heading of a list of categories."
    people "Our people" "The list of people."
    people_description "The people who write and review our articles." "Description of the list of people."
    all_tags "All topics" "The list of tags."
    tags_description "Every topic that our articles cover." "Description of the list of tags."
    glossary "Glossary" "The glossary."
    glossary_description "Medical words in plain language." "Description of the glossary."
    also_called "Also called" "Before a term's synonyms."
    a_to_z "A to Z" "The index of everything."
    a_to_z_description "Every article and medical term, from A to Z." "Description of the index."
    see "see {title}" "From a synonym to its entry in the index."
    latest "Latest articles" "Heading of the newest articles on the home page."
    specialties "Specialties" "A person's specialties."
    profiles "Profiles" "A person's pages elsewhere."
    conflicts "Interests" "A person's declared interests."
    role_author "Author" "Said of a person who writes."
    role_reviewer "Reviewer" "Said of a person who reviews."
    page_of "Page {page} of {pages}" "Where a list continues."
    previous "Previous page" "Link to the page before."
    next "Next page" "Link to the page after."
    pagination "Pages" "Name of the links between pages, for screen readers."
    not_found "Page not found" "Title of the 404 page."
    not_found_text "There is no page at this address. It may have moved, or the address may hold a typing error." "Text of the 404 page."
    gone "This page was withdrawn" "Title of the page that a withdrawn article leaves."
    gone_on "Withdrawn" "Before the date of a withdrawal."
    moved "This page has moved" "Title of a redirect page."
    promotion "Promotion" "Label of a promotion."
    emergency_hidden "Emergency advice" "Above the heading of an EMERGENCY card."
    urgent_hidden "Urgent advice" "Above the heading of an URGENT card."
    non_urgent_hidden "Non-urgent advice" "Above the heading of a NON-URGENT card."
    self_care_hidden "Self-care" "Above the heading of a SELF-CARE card."
    emergency_numbers "Emergency numbers" "Name of the list of numbers, for screen readers."
    note "Note" "Title of a NOTE without one."
    tip "Tip" "Title of a TIP without one."
    important "Important" "Title of an IMPORTANT block without one."
    warning "Warning" "Title of a WARNING without one."
    caution "Caution" "Title of a CAUTION without one."
    ask "Ask a question" "Title of the question form."
    ask_field "Your question" "Label of the form's field."
    ask_send "Send" "The form's button."
    video "Video" "Title of a video without one."
    video_outside "Watch on {host}" "Link to a video on another site."
    privacy "Privacy" "Link to the privacy page, in the footer."
    principles "Editorial principles" "Link to the editorial principles, in the footer."
    table "Table" "Name of a table that scrolls, for screen readers."
    feed "Feed" "Link to the Atom feed."
    preview "Preview" "Ribbon of a page that is not published."
    picture_credit "Picture" "Before the credit of a picture."
    date "{day} {month} {year}" "How a date is written."
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn months(table: &mut Table<'_, '_, '_>) -> Vec<String> {
    let span = table.key_span("months");
    let written: Vec<_> = table.texts("months").into_iter().map(|month| month.value).collect();
    match (span, written.len()) {
        (_, 12) => written,
        (None, _) => MONTHS.map(str::to_owned).to_vec(),
        (Some(span), count) => {
            let message = format!("`labels.months` has {count} names");
            table.report(Diagnostic::new(Code::InvalidSetting, span, message).help("give twelve, January first"));
            MONTHS.map(str::to_owned).to_vec()
        }
    }
}

impl Labels {
    /// A date in the site's words: `15 April 2024`.
    pub fn date(&self, date: Date) -> String {
        let month = usize::try_from(date.month() - 1).ok().and_then(|index| self.months.get(index));
        let mut day = itoa(i64::from(date.day()));
        day = self.date.replace("{day}", &day);
        day.replace("{month}", month.map_or("", String::as_str)).replace("{year}", &itoa(i64::from(date.year())))
    }
}

fn itoa(number: i64) -> String {
    number.to_string()
}
