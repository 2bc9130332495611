//! HTML written by hand, of which only what stands in this program's own source is markup: everything else is escaped.

use std::fmt::{Arguments, Write};

use crate::project::escape_into;

/// HTML that grows. What an author wrote can only come in as text.
#[derive(Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Our own markup.
    pub(super) fn raw(&mut self, html: &'static str) -> &mut Self {
        self.0.push_str(html);
        self
    }

    /// Text of anybody, safe between tags and inside a double-quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape_into(&mut self.0, text);
        self
    }

    /// The same, put together.
    pub(super) fn format(&mut self, text: Arguments<'_>) -> &mut Self {
        let mut plain = String::new();
        // Writing to a string does not fail.
        let _ = plain.write_fmt(text);
        self.text(&plain)
    }

    /// A link to an address that is known to be harmless: of this site, or one that opens the editor.
    pub(super) fn link(&mut self, href: &str, text: &str) -> &mut Self {
        self.raw("<a href=\"").text(href).raw("\"><bdi>").text(text).raw("</bdi></a>")
    }

    /// A row of a list of facts.
    pub(super) fn fact(&mut self, name: &'static str, value: Arguments<'_>) -> &mut Self {
        self.raw("<div><dt>").raw(name).raw("</dt><dd>").format(value).raw("</dd></div>")
    }

    /// Data for a script element: no text in it can end the element.
    pub(super) fn json(&mut self, value: &serde_json::Value) -> &mut Self {
        // `<`, `>` and `&` stand only within strings of JSON, where they may be written as escapes.
        let text = value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        self.0.push_str(&text);
        self
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}
