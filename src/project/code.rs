//! Every code a finding can have: its name, its default level, whether a site may change that; never the finding itself.

use super::diagnostic::Level;

/// Declares the codes. `rule` may be given another level in `[rules]`; `fault` may not.
macro_rules! codes {
    ($($kind:ident $level:ident $variant:ident $name:literal $doc:literal)*) => {
        /// The stable name of a kind of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $doc] $variant,)* }

        impl Code {
            /// Every code, in the order of this table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in reports and in `[rules]`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One sentence about the code.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// The level where the site sets no other.
            pub fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level,)* }
            }

            /// Whether `[rules]` may change the level.
            pub fn is_rule(self) -> bool {
                match self { $(Self::$variant => codes!(@ $kind),)* }
            }

            /// The page of the manual about the code: what it means, an example that is reported, one that is not.
            pub fn manual(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules/", $name, ".md")),)*
                }
            }
        }
    };
    (@ rule) => { true };
    (@ fault) => { false };
}

codes! {
    // Files and front matter.
    fault Error   InvalidEncoding        "invalid-encoding"        "A text file is not UTF-8."
    fault Error   FileTooLarge           "file-too-large"          "A text file is larger than Galen reads."
    fault Error   NotAFile               "not-a-file"              "Something among the content is neither a file nor a folder, or a link that leads nowhere."
    fault Error   OutsideRoot            "outside-root"            "A link, a picture or a symbolic link leads out of the site's folder."
    fault Error   UnknownFile            "unknown-file"            "A file lies where Galen expects only files of another kind."
    fault Error   MissingFrontMatter     "missing-front-matter"    "A content file does not begin with front matter between two `+++` lines."
    fault Error   InvalidToml            "invalid-toml"            "TOML that cannot be read."
    fault Error   WrongType              "wrong-type"              "A key holds a value of the wrong type."
    fault Error   InvalidValue           "invalid-value"           "A key holds a value that is of the right type but means nothing there."
    fault Error   MissingKey             "missing-key"             "A key that something cannot do without is absent."
    fault Error   InvalidSetting         "invalid-setting"         "A setting in site.toml cannot be used."
    fault Error   InvalidPattern         "invalid-pattern"         "A permalink pattern cannot make addresses."
    fault Error   InvalidAddress         "invalid-address"         "A slug, alias or redirect cannot be an address of this site."
    fault Error   DuplicateAddress       "duplicate-address"       "Two sources have one address."
    fault Error   DuplicateId            "duplicate-id"            "Two entries have one id."
    fault Error   UnsafeUrl              "unsafe-url"              "A link with a scheme that could run code or hide content."
    fault Error   UnknownArticle         "unknown-article"         "An article's id that no article has."
    fault Error   UnknownPromo           "unknown-promo"           "A promo's id that data/promos.toml does not hold."
    fault Error   UnknownRule            "unknown-rule"            "A code in `[rules]` that does not exist, or whose level is fixed."
    fault Error   UnknownCountry         "unknown-country"         "A country that data/emergency.toml does not hold."
    fault Error   RedirectLoop           "redirect-loop"           "Redirects that lead back to where they began."
    fault Error   TemplateSyntax         "template-syntax"         "A template that cannot be read."
    fault Error   TemplateError          "template-error"          "A template that fails while a page is made."
    fault Error   TemplateCycle          "template-cycle"          "A template that extends or includes itself."
    fault Error   TemplateTooDeep        "template-too-deep"       "A template that nests deeper than Galen renders."
    fault Error   UnknownTemplate        "unknown-template"        "A template extends or includes one that does not exist."
    fault Error   TooDeep                "too-deep"                "Markdown that nests deeper than any page needs."
    // The fixed rules of the content contract.
    rule  Error   MissingTitle           "missing-title"           "An article, person, term or section without a title."
    rule  Error   MissingDescription     "missing-description"     "An article without a description."
    rule  Error   MissingAuthor          "missing-author"          "An article without an author."
    rule  Warning MissingReviewer        "missing-reviewer"        "An article without a clinical reviewer."
    rule  Error   SelfReview             "self-review"             "An article reviewed by one of its authors."
    rule  Error   UnknownKey             "unknown-key"             "A key that Galen does not know there."
    rule  Error   UnknownPerson          "unknown-person"          "A person's id that data/people does not hold."
    rule  Error   UnknownTag             "unknown-tag"             "A tag that data/tags.toml does not hold."
    rule  Error   UnknownCategory        "unknown-category"        "A category that data/categories.toml does not hold."
    rule  Error   UnknownSource          "unknown-source"          "A citation of a source that neither the article nor data/sources.toml holds."
    rule  Error   UnknownBlock           "unknown-block"           "A block of a kind that Galen does not know."
    rule  Error   BrokenLink             "broken-link"             "A link or picture that leads nowhere on this site."
    rule  Error   BrokenFragment         "broken-fragment"         "A link to a place that the page does not have."
    rule  Error   MissingAlt             "missing-alt"             "A picture without alternative text."
    rule  Error   RawHtml                "raw-html"                "HTML in Markdown."
    rule  Error   FaqQuestionMarkup      "faq-question-markup"     "A FAQ question that is not plain text."
    rule  Warning ReviewOverdue          "review-overdue"          "An article whose next review is past."
    // Further rules.
    rule  Warning MissingReviewDate      "missing-review-date"     "An article names a reviewer but not when they reviewed it."
    rule  Warning MissingCredentials     "missing-credentials"     "A reviewer whose entry states no credentials."
    rule  Warning ReviewerNotAllowed      "reviewer-not-allowed"    "A reviewer whose entry does not say that they may review."
    rule  Warning ReviewInFuture         "review-in-future"        "A review dated after the day of the build."
    rule  Warning DateOrder              "date-order"              "Dates of an article that contradict one another."
    rule  Warning EditedSinceReview      "edited-since-review"     "An article with a clinical change after its last review."
    rule  Warning EmptyBody              "empty-body"              "An article without text."
    rule  Warning EmptyFaqAnswer         "empty-faq-answer"        "A FAQ question without an answer."
    rule  Warning DuplicateFaqQuestion   "duplicate-faq-question"  "A FAQ question that is asked twice in one article."
    rule  Warning DuplicateTitle         "duplicate-title"         "Two articles with the same title."
    rule  Warning DuplicateDescription   "duplicate-description"   "Two articles with the same description."
    rule  Warning LongDescription        "long-description"        "A description too long to be shown whole by a search engine."
    rule  Warning TopLevelHeading        "top-level-heading"       "A heading of the first level in a text: the title is the page's only one."
    rule  Warning SkippedHeading         "skipped-heading"         "A heading that skips a level."
    rule  Warning EmptyHeading           "empty-heading"           "A heading without text."
    rule  Warning DuplicateHeadingId     "duplicate-heading-id"    "Two places of one page that ask for the same id."
    rule  Warning HeadingAttribute       "heading-attribute"       "A heading with an attribute other than a class or a usable id."
    rule  Warning MissingSection         "missing-section"         "An article without a heading that its kind requires."
    rule  Warning UnknownKind            "unknown-kind"            "A kind of article that Galen does not know and site.toml does not set up."
    rule  Warning UndefinedReference      "undefined-reference"     "A reference link that nothing defines."
    rule  Warning UnusedFootnote         "unused-footnote"         "A footnote that nothing refers to."
    rule  Note    UnusedSource           "unused-source"           "A source of an article that its text does not cite."
    rule  Warning EmptyBlock             "empty-block"             "A block that needs text and has none."
    rule  Warning UntitledCareCard       "untitled-care-card"      "A care card without a heading that says what to do."
    rule  Warning LinkInEmergency        "link-in-emergency"       "A link to further reading in an emergency card."
    rule  Warning PromoAfterCareCard     "promo-after-care-card"   "A promotion directly after a care card."
    rule  Warning MissingEmergency       "missing-emergency"       "An emergency card on a site that names no emergency numbers."
    rule  Warning MissingAskAction       "missing-ask-action"      "A question form on a site that does not say where questions go."
    rule  Warning EmptyLink              "empty-link"              "A link without text."
    rule  Warning AmbiguousTerm          "ambiguous-term"          "Two glossary terms with the same name, synonym or abbreviation."
    rule  Warning UnpublishedRelated     "unpublished-related"     "A pinned related article that is not published."
    rule  Warning UnreadablePicture      "unreadable-picture"      "A picture that is damaged, or whose size cannot be read."
    rule  Warning OversizedPicture       "oversized-picture"       "A picture with far more bytes or pixels than a page needs."
    rule  Note    UndersizedPicture      "undersized-picture"      "A picture with too few pixels for the place where it stands."
    rule  Warning TranslationUnsupported "translation-unsupported" "A translation, which this version of Galen does not publish."
    rule  Warning EmptySection           "empty-section"           "A section in which nothing is published."
    rule  Note    UnusedTemplate         "unused-template"         "A template that nothing uses."
}

impl Code {
    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}
