//! The built-in theme, compiled into the program: a site needs no templates of its own. Holds text; renders nothing.

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
    "partials/links.html"
    "partials/list-head.html"
    "partials/navigation-link.html"
    "partials/open-graph.html"
    "partials/pagination.html"
    "partials/people.html"
    "partials/person.html"
    "partials/profile.html"
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
pub(crate) const STATIC: &[(&str, &[u8])] = embed! { include_bytes "static"
    "favicon.svg"
    "search.js"
    "theme.css"
    "theme.js"
};
