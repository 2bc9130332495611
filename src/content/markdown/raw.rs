//! Raw HTML: reported, shown as text or sanitised, as the site says.

use std::ops::Range;

use super::trimmed;
use super::writer::Writer;
use crate::content::raw_html::sanitize;
use crate::project::{Code, Diagnostic, HtmlPolicy};

impl Writer<'_, '_> {
    pub(super) fn raw_html(&mut self, html: &str, range: Range<usize>) {
        if let Some((block, _)) = &mut self.html_block {
            block.push_str(html);
            return;
        }
        match self.dialect.settings.html {
            HtmlPolicy::Deny => {
                if !html.starts_with("</") {
                    self.report_raw_html(range);
                }
                self.plain_text(html);
            }
            HtmlPolicy::Escape => self.plain_text(html),
            HtmlPolicy::Sanitize => {
                if html.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br")) {
                    self.break_plain();
                }
                self.tags.inline(html, self.open.len(), &mut self.piece.html);
            }
        }
    }

    pub(super) fn end_html_block(&mut self) {
        let Some((html, range)) = self.html_block.take() else { return };
        match self.dialect.settings.html {
            HtmlPolicy::Sanitize => {
                self.fresh_line();
                self.piece.html.push_str(&sanitize(&html));
                self.fresh_line();
            }
            policy => {
                if policy == HtmlPolicy::Deny {
                    self.report_raw_html(range);
                }
                self.line("<p>");
                self.plain_text(html.trim_end());
                self.close("</p>\n");
            }
        }
    }

    pub(super) fn report_raw_html(&mut self, range: Range<usize>) {
        let span = self.text.span(trimmed(self.text.markdown, range));
        self.report(Diagnostic::new(Code::RawHtml, span, "HTML has no place in an article").help(
            "write it as Markdown or as a block such as `> [!NOTE]`; a `<` that is meant as a sign is written `\\<`",
        ));
    }
}
