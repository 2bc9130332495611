//! Raw HTML where a site lets it through: only what is harmless, always well nested. Never used under `html = "deny"`.

use std::sync::LazyLock;

use ammonia::Builder;

/// Text-level elements and simple blocks; no pictures (they need alternative text and a size), no ids, no styles, no SVG.
static HARMLESS: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::new();
    builder
        .tags(
            [
                "abbr",
                "b",
                "bdi",
                "bdo",
                "blockquote",
                "br",
                "caption",
                "cite",
                "code",
                "dd",
                "del",
                "details",
                "dfn",
                "div",
                "dl",
                "dt",
                "em",
                "hr",
                "i",
                "ins",
                "kbd",
                "li",
                "mark",
                "ol",
                "p",
                "pre",
                "q",
                "s",
                "samp",
                "small",
                "span",
                "strong",
                "sub",
                "summary",
                "sup",
                "table",
                "tbody",
                "td",
                "tfoot",
                "th",
                "thead",
                "time",
                "tr",
                "u",
                "ul",
                "var",
                "wbr",
            ]
            .into(),
        )
        .tag_attributes(
            [
                ("bdo", ["dir"].into()),
                ("ol", ["start"].into()),
                ("td", ["colspan", "rowspan"].into()),
                ("th", ["colspan", "rowspan", "scope"].into()),
                ("time", ["datetime"].into()),
            ]
            .into(),
        )
        .generic_attributes(["lang", "dir", "title"].into())
        .link_rel(None);
    builder
});

/// A whole piece of HTML, with everything but the harmless taken out and everything open closed.
pub(crate) fn sanitize(html: &str) -> String {
    HARMLESS.clean(html).to_string()
}

/// Inline tags that an author opened between words; each is closed where its surroundings end.
#[derive(Debug, Default)]
pub(crate) struct OpenTags {
    open: Vec<(String, usize)>,
    /// The element whose text no reader is meant to see, while one is open, and its depth: `script`, `style`.
    unseen: Option<(&'static str, usize)>,
}

impl OpenTags {
    /// Writes one inline tag, if it is harmless and fits. `depth` is how many Markdown elements are open.
    pub(crate) fn inline(&mut self, tag: &str, depth: usize, out: &mut String) {
        if let Some(name) = tag.strip_prefix("</") {
            let name = name.trim_end_matches('>').trim().to_ascii_lowercase();
            if self.unseen.is_some_and(|(unseen, _)| unseen == name) {
                self.unseen = None;
            }
            if self.open.last().is_some_and(|(open, at)| *open == name && *at == depth) {
                self.open.pop();
                out.push_str(&format!("</{name}>"));
            }
            return;
        }
        if self.unseen.is_some() {
            return;
        }
        let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let unseen = ["script", "style"].into_iter().find(|unseen| name.eq_ignore_ascii_case(unseen));
        self.unseen = unseen.map(|unseen| (unseen, depth));
        let clean = sanitize(tag);
        let Some(rest) = clean.strip_prefix('<') else { return };
        let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
        match clean.strip_suffix(&format!("</{name}>")) {
            // Blocks do not belong between words.
            Some(_) if !is_text_level(&name) => {}
            Some(open) => {
                out.push_str(open);
                self.open.push((name, depth));
            }
            None if matches!(name.as_str(), "br" | "wbr") => out.push_str(&clean),
            None => {}
        }
    }

    /// Whether what is written now is the text of a script or style.
    pub(crate) fn hides_text(&self) -> bool {
        self.unseen.is_some()
    }

    /// Closes every tag that was opened at `depth` or deeper.
    pub(crate) fn close_from(&mut self, depth: usize, out: &mut String) {
        self.unseen = self.unseen.filter(|(_, at)| *at < depth);
        while self.open.last().is_some_and(|(_, at)| *at >= depth) {
            if let Some((name, _)) = self.open.pop() {
                out.push_str(&format!("</{name}>"));
            }
        }
    }
}

fn is_text_level(name: &str) -> bool {
    matches!(
        name,
        "abbr"
            | "b"
            | "bdi"
            | "bdo"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "i"
            | "ins"
            | "kbd"
            | "mark"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "u"
            | "var"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_tags_nest_or_vanish() {
        let (mut tags, mut out) = (OpenTags::default(), String::new());
        for tag in ["<b onclick=x>", "<script>", "<i>", "</script>", "</i>", "<kbd>", "</b>", "</kbd>"] {
            tags.inline(tag, 1, &mut out);
        }
        tags.close_from(1, &mut out);
        assert_eq!(out, "<b><kbd></kbd></b>");
    }

    #[test]
    fn blocks_lose_what_could_run() {
        assert_eq!(sanitize("<div onclick=x><svg/onload=y>a<script>b</script>"), "<div>a</div>");
    }
}
