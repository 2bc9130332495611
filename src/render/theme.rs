//! The built-in theme, compiled into the program: a site needs no templates of its own. Holds text; renders nothing.

use std::sync::LazyLock;

use crate::project::{Fingerprint, fingerprint};

/// Embeds files of the repository by path.
macro_rules! embed {
    ($macro:ident $folder:literal $($path:literal)*) => {
        &[$(($path, $macro!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $path))),)*]
    };
}

/// The theme's templates, by name.
pub(super) const TEMPLATES: &[(&str, &str)] = embed! { include_str "templates"
    "404.html"
    "a-z.html"
    "article.html"
    "base.html"
    "blocks/ask.html"
    "blocks/caution.html"
    "blocks/emergency.html"
    "blocks/experts.html"
    "blocks/important.html"
    "blocks/non-urgent.html"
    "blocks/note.html"
    "blocks/promo.html"
    "blocks/self-care.html"
    "blocks/tip.html"
    "blocks/urgent.html"
    "blocks/video.html"
    "blocks/warning.html"
    "category.html"
    "glossary.html"
    "gone.html"
    "home.html"
    "partials/breadcrumb.html"
    "partials/byline.html"
    "partials/card.html"
    "partials/cards.html"
    "partials/dates.html"
    "partials/footer.html"
    "partials/groups.html"
    "partials/header.html"
    "partials/hero.html"
    "partials/letters.html"
    "partials/links.html"
    "partials/list-head.html"
    "partials/navigation-link.html"
    "partials/open-graph.html"
    "partials/pagination.html"
    "partials/people.html"
    "partials/person.html"
    "partials/profile.html"
    "partials/search-form.html"
    "partials/source.html"
    "partials/takeaways.html"
    "partials/ways-on.html"
    "people.html"
    "person.html"
    "redirect.html"
    "search.html"
    "section.html"
    "tag.html"
    "tags.html"
    "term.html"
};

/// The theme's static files, by path.
pub(super) const STATIC: &[(&str, &[u8])] = embed! { include_bytes "static"
    "favicon.svg"
    "fonts/atkinson-hyperlegible-next-2.001.woff2"
    "search.js"
    "theme.css"
    "theme.js"
};

/// A static file of the theme.
pub(crate) struct ThemeFile {
    /// The path by which templates ask for it.
    pub path: &'static str,
    /// How pages name it, where it is a style sheet or script: then it is published under that name alone.
    pub fingerprint: Option<Fingerprint>,
    pub bytes: &'static [u8],
}

impl ThemeFile {
    /// The path at which it is published.
    pub(crate) fn published(&self) -> &str {
        self.fingerprint.as_ref().map_or(self.path, |fingerprint| &fingerprint.path)
    }
}

/// The theme's static files, in the order of their paths.
pub(crate) static THEME_FILES: LazyLock<Vec<ThemeFile>> = LazyLock::new(|| {
    let files = STATIC.iter();
    files.map(|(path, bytes)| ThemeFile { path, fingerprint: fingerprint(path, bytes), bytes }).collect()
});
