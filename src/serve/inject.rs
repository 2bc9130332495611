//! Adds to a page what an editor needs beside it: findings, and the script that follows new editions. To a response, never to a
//! file.

use crate::project::escape;

/// What a page gets in the preview.
pub(super) struct Extra {
    /// Findings, as HTML; nothing where there are none.
    pub overlay: String,
    /// The editor's panel.
    pub panel: String,
    /// The edition that the page is of.
    pub number: u64,
}

const STYLE: &str = "<link rel=\"stylesheet\" href=\"/_galen/client.css\">";

/// A page with what belongs to the preview at its end.
pub(super) fn inject(mut page: Vec<u8>, extra: &Extra) -> Vec<u8> {
    let end = last(&page, b"</body>").unwrap_or(page.len());
    let tail = page.split_off(end);
    page.extend_from_slice(markup(&page, extra).as_bytes());
    page.extend_from_slice(&tail);
    page
}

/// The markup. A script compares the hashes: of all that is shown, and of all but the style sheets, which it can change without a
/// reload.
fn markup(page: &[u8], extra: &Extra) -> String {
    let overlay = if extra.overlay.is_empty() {
        String::new()
    } else {
        // In a tree of its own the theme's styles do not reach it, and its own do not reach the theme.
        format!(
            "<galen-findings><template shadowrootmode=\"open\">{STYLE}<aside aria-label=\"Findings\">\n{}</aside></template></galen-findings>\n",
            extra.overlay
        )
    };
    let hash = |parts: &[&[u8]]| {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(part);
        }
        hasher.finalize().to_hex()[..16].to_owned()
    };
    let added = format!("{overlay}{}", extra.panel);
    let shown = hash(&[page, added.as_bytes()]);
    let unstyled = hash(&[&without_styles(page), added.as_bytes()]);
    format!(
        "{added}<script src=\"/_galen/client.js\" data-galen data-number=\"{}\" data-shown=\"{shown}\" data-unstyled=\"{unstyled}\"></script>\n",
        extra.number
    )
}

/// A page of the preview itself.
pub(super) fn page(title: &str, text: &str, extra: &Extra) -> Vec<u8> {
    let title = escape(title);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} – Galen</title>\n<meta name=\"color-scheme\" content=\"light dark\">\n{STYLE}\n</head>\n\
         <body class=\"galen-page\">\n<main>\n<h1>{title}</h1>\n{text}</main>\n</body>\n</html>\n"
    );
    inject(html.into_bytes(), extra)
}

/// A page without the elements that name its style sheets.
fn without_styles(page: &[u8]) -> Vec<u8> {
    const ELEMENT: &[u8] = b"<link rel=\"stylesheet\"";
    let mut plain = Vec::with_capacity(page.len());
    let mut rest = page;
    while let Some(at) = first(rest, ELEMENT) {
        plain.extend_from_slice(&rest[..at]);
        let end = rest[at..].iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| at + end + 1);
        rest = &rest[end..];
    }
    plain.extend_from_slice(rest);
    plain
}

fn first(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window.eq_ignore_ascii_case(wanted))
}
