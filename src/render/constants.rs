//! Writes into the theme's templates, before Tera reads them, what no page changes: words, links and conditions of the whole
//! site, static files, and the partials that are included. Never touches a template of the site's own, whose places are told.
//!
//! Whatever is not certain stays as it is written, so a page is the same with and without this step; it only takes less time.

use tera::Value;

use super::template_graph::{marks, statement};
use super::templates::StaticFile;
use super::tokens::{Token, first_word, quoted, tokens};

/// What every page of a site sees alike.
pub(super) struct Constants<'a> {
    /// The view `site`.
    pub site: &'a Value,
    /// The theme's words.
    pub labels: &'a Value,
    /// Static files by path.
    pub files: &'a dyn Fn(&str) -> Option<StaticFile>,
    /// The text of a built-in template that the site does not replace.
    pub partial: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// A statement that has not ended yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// It is written as it is.
    Kept,
    /// An `if` of which the branch that counts is written, without the statement.
    Taken,
    /// An `if` of which no branch counted so far.
    Waiting,
    /// An `if` whose branch is over, or a statement within what is left out.
    Left,
}

impl Constants<'_> {
    /// The template with all that is certain written out.
    pub(super) fn fold(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        match tokens(text) {
            Some(tokens) => self.write(&tokens, &mut out),
            None => out.push_str(text),
        }
        out
    }

    fn write(&self, tokens: &[Token<'_>], out: &mut String) {
        let mut open: Vec<Open> = Vec::new();
        for token in tokens {
            let is_shown = !open.iter().any(|open| matches!(open, Open::Waiting | Open::Left));
            match token {
                Token::Statement(inside) => self.statement(inside, is_shown, &mut open, out),
                _ if !is_shown => {}
                Token::Text(text) => out.push_str(text),
                Token::Output(expression) => match self.value(expression).and_then(|value| literal(&value)) {
                    Some(literal) => out.push_str(&literal),
                    None => put(out, "{{ ", expression, " }}"),
                },
            }
        }
    }

    fn statement(&self, inside: &str, is_shown: bool, open: &mut Vec<Open>, out: &mut String) {
        let (word, rest) = first_word(inside);
        match word {
            "if" if is_shown => match self.truth(rest) {
                Some(truth) => open.push(if truth { Open::Taken } else { Open::Waiting }),
                None => {
                    open.push(Open::Kept);
                    put(out, "{% ", inside, " %}");
                }
            },
            "for" if is_shown => {
                open.push(Open::Kept);
                put(out, "{% ", inside, " %}");
            }
            "if" | "for" => open.push(Open::Left),
            "elif" | "else" => self.branch(word, rest, open, out),
            "endif" | "endfor" => {
                if open.pop() == Some(Open::Kept) {
                    put(out, "{% ", inside, " %}");
                }
            }
            _ if !is_shown => {}
            "include" => match quoted(rest).and_then(|name| (self.partial)(name)).and_then(inlined) {
                Some(tokens) => self.write(&tokens, out),
                None => put(out, "{% ", inside, " %}"),
            },
            _ => put(out, "{% ", inside, " %}"),
        }
    }

    /// The next branch of the innermost statement.
    fn branch(&self, word: &str, condition: &str, open: &mut [Open], out: &mut String) {
        let Some(last) = open.last_mut() else { return };
        let truth = if word == "else" { Some(true) } else { self.truth(condition) };
        match (*last, truth) {
            (Open::Kept, _) if word == "else" => out.push_str("{% else %}"),
            (Open::Kept, _) => put(out, "{% elif ", condition, " %}"),
            (Open::Taken, _) => *last = Open::Left,
            (Open::Waiting, Some(true)) => *last = Open::Taken,
            (Open::Waiting, None) => {
                *last = Open::Kept;
                put(out, "{% if ", condition, " %}");
            }
            (Open::Waiting | Open::Left, _) => {}
        }
    }

    /// The value of an expression that is the same on every page.
    fn value(&self, expression: &str) -> Option<Value> {
        if let Some(path) = argument(expression, "asset") {
            return (self.files)(path).map(|file| file.href.into());
        }
        if let Some(path) = argument(expression, "integrity") {
            return (self.files)(path).map(|file| file.integrity.unwrap_or_default().into());
        }
        let mut names = expression.split('.');
        let mut value = match names.next()? {
            "site" => self.site,
            "labels" => self.labels,
            _ => return None,
        };
        for name in names {
            value = value.as_map()?.iter().find(|(key, _)| key.as_str() == Some(name))?.1;
        }
        Some(value.clone())
    }

    /// Whether a condition holds, if every page agrees.
    fn truth(&self, condition: &str) -> Option<bool> {
        let condition = condition.trim();
        match condition.strip_prefix("not ") {
            Some(denied) => self.value(denied.trim()).map(|value| !value.is_truthy()),
            None => self.value(condition).map(|value| value.is_truthy()),
        }
    }
}

/// Whether a template gives `site` or `labels` another meaning, for itself and for what it includes.
pub(super) fn takes_names(text: &str) -> bool {
    marks(text).into_iter().any(|mark| {
        let Some((word, rest)) = statement(&text[mark]) else { return false };
        let bound = match word {
            "set" | "set_global" => rest.split('=').next(),
            "for" => rest.split(" in ").next(),
            "component" => Some(rest),
            _ => None,
        };
        let mut words = bound.unwrap_or_default().split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.any(|word| matches!(word, "site" | "labels"))
    })
}

fn put(out: &mut String, before: &str, inside: &str, after: &str) {
    out.push_str(before);
    out.push_str(inside);
    out.push_str(after);
}

/// The path of a call with nothing but a path: `asset(path="theme.css")`.
fn argument<'e>(expression: &'e str, function: &str) -> Option<&'e str> {
    let path = expression.strip_prefix(function)?.strip_prefix("(path=\"")?.strip_suffix("\")")?;
    (!path.contains('"')).then_some(path)
}

/// A text or number as a page would show it; nothing that could be taken for a tag, or for white space that nobody sees.
fn literal(value: &Value) -> Option<String> {
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.as_i64()?.to_string(),
    };
    let mut escaped = Vec::with_capacity(text.len());
    if value.is_safe() {
        escaped.extend_from_slice(text.as_bytes());
    } else {
        tera::escape_html(&text, &mut escaped).ok()?;
    }
    let is_even = text.split(' ').all(|word| !word.is_empty() && !word.contains(['{', '}', '\n', '\r', '\t']));
    String::from_utf8(escaped).ok().filter(|_| is_even)
}

/// The pieces of a partial, if it means the same where it is written into another template.
fn inlined(text: &'static str) -> Option<Vec<Token<'static>>> {
    let tokens = tokens(text)?;
    let stands_alone = |token: &Token<'_>| match token {
        Token::Statement(inside) => {
            let word = inside.split_whitespace().next().unwrap_or_default();
            !matches!(word, "if" | "elif" | "else" | "endif" | "for" | "endfor" | "include")
        }
        _ => false,
    };
    (!tokens.iter().any(stands_alone)).then_some(tokens)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn folded(text: &str) -> String {
        let map = |pairs: &[(&'static str, Value)]| Value::from(pairs.iter().cloned().collect::<BTreeMap<_, _>>());
        let site = map(&[
            ("title", "A & B".into()),
            ("none", Value::none()),
            ("year", 2026.into()),
            ("braces", "{{ page }}".into()),
            ("spaces", "a  b".into()),
            ("inner", map(&[("name", "N".into())])),
        ]);
        let labels = map(&[("home", "Home".into())]);
        let file = |path: &str| (path == "a.css").then(|| StaticFile { href: "/a.1.css".into(), integrity: None });
        let partial = |name: &str| match name {
            "p" => Some("\n<p>{{ labels.home }}{% if page.x %}!{% endif %}</p>"),
            "own" => Some("{% set here = 1 %}"),
            _ => None,
        };
        Constants { site: &site, labels: &labels, files: &file, partial: &partial }.fold(text)
    }

    #[test]
    fn what_is_certain_is_written_out() {
        assert_eq!(folded("<b>{{ site.title }} {{ labels.home }} {{ site.year }}</b>"), "<b>A &amp; B Home 2026</b>");
        assert_eq!(folded("{{ site.inner.name }}{{ asset(path=\"a.css\") }}"), "N/a.1.css");
        assert_eq!(folded("a {%- if site.title -%} b {%- else -%} c {%- endif %} d"), "ab d");
        assert_eq!(
            folded("{% if site.none %}a{% elif page.x %}b{% else %}c{% endif %}"),
            "{% if page.x %}b{% else %}c{% endif %}"
        );
        assert_eq!(
            folded(
                "{% if not site.none %}{% for a in b %}{% if site.none %}x{% else %}{{ a }}{% endif %}{% else %}y{% endfor %}{% endif %}"
            ),
            "{% for a in b %}{{ a }}{% else %}y{% endfor %}"
        );
        assert_eq!(folded("{% if site.none %}{% if page.x %}a{% else %}b{% endif %}{% else %}c{% endif %}"), "c");
        assert_eq!(folded("x\n{%- include \"p\" %}\ny{# no #}"), "x\n<p>Home{% if page.x %}!{% endif %}</p>\ny");
    }

    #[test]
    fn a_template_that_binds_the_names_of_the_site_is_known() {
        for text in [
            "{% set site = 1 %}",
            "{%- set_global labels = page.x -%}",
            "{% for site in page.sites %}{% endfor %}",
            "{% for key, labels in page.x %}{% endfor %}",
            "{% component a(site: map) %}{% endcomponent a %}",
        ] {
            assert!(takes_names(text), "{text}");
        }
        for text in [
            "{% set title = site.title %}",
            "{% for a in site.menu %}{% endfor %}",
            "{{ site.title }}",
            "{# set site = 1 #}",
        ] {
            assert!(!takes_names(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_certain_stays() {
        for text in [
            "{{ page.title }}{{ site.title | upper }}{{ site.missing }}{{ site.braces }}{{ site.spaces }}{{ asset(path=\"b.css\") }}{{ labels }}",
            "{% if site.title and page.x %}a{% else %}b{% endif %}",
            "{% include \"own\" %}{% include \"other\" %}{% block a %}{% endblock a %}",
            "{% raw %}{{ site.title }}{% endraw %}",
            "{{ site.title",
        ] {
            assert_eq!(folded(text), text);
        }
    }
}
