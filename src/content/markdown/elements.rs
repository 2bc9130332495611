//! Elements: paragraphs, headings, lists, tables, code. Decides which tags are written, never where links lead.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, HeadingLevel, Tag, TagEnd};

use super::blocks::TitleState;
use super::links::OpenPicture;
use super::trimmed;
use super::writer::{Open, Writer};
use crate::content::body::{Heading, HoleKind, ReferenceKind};
use crate::content::ids::anchor;
use crate::project::{Code, Diagnostic, Span, escape_into};

/// Deepest nesting of quotes and lists. CommonMark sets no bound; browsers and readers do.
const DEEPEST: usize = 60;

impl<'a> Writer<'a, '_> {
    pub(super) fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        if let Some(pending) = self.pending_block.take() {
            if matches!(tag, Tag::Paragraph) {
                self.start_block(pending);
                self.open.push(Open::Paragraph);
                return;
            }
            self.line("<blockquote>\n");
        }
        if self.open.len() > DEEPEST && !self.too_deep {
            self.too_deep = true;
            let message = format!("this text nests more than {DEEPEST} levels deep");
            self.report(
                Diagnostic::new(Code::TooDeep, self.text.span(range.clone()), message)
                    .help("take it apart into sections"),
            );
        }
        let open = match tag {
            Tag::Paragraph => self.start_paragraph(),
            Tag::Heading { level, id, classes, attrs } => {
                if !attrs.is_empty() {
                    let message = format!("a heading cannot have the attribute `{}`", attrs[0].0);
                    self.report(
                        Diagnostic::new(Code::HeadingAttribute, self.text.span(range.clone()), message)
                            .help("take it out: between the braces may stand an id and classes, `{#id .class}`"),
                    );
                }
                self.start_heading(level, id.as_deref(), &classes, range)
            }
            Tag::BlockQuote(_) => {
                self.start_quote(range);
                Open::Quote
            }
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => {
                // Inside a line HTML is part of the line.
                self.html_block = (!self.inline).then(|| (String::new(), range));
                Open::Other
            }
            Tag::List(None) => self.element("<ul>\n"),
            Tag::List(Some(1)) => self.element("<ol>\n"),
            Tag::List(Some(first)) => self.element(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.element("<li>"),
            Tag::DefinitionList => self.element("<dl>\n"),
            Tag::DefinitionListTitle => self.element("<dt>"),
            Tag::DefinitionListDefinition => self.element("<dd>"),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                // A table wider than the screen scrolls by itself; the keyboard must be able to reach it.
                self.piece.html.push_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"");
                escape_into(&mut self.piece.html, &self.dialect.labels.table);
                self.piece.html.push_str("\"><table>");
                Open::Other
            }
            Tag::TableHead => {
                (self.in_table_head, self.cell) = (true, 0);
                self.piece.html.push_str("<thead><tr>");
                Open::Other
            }
            Tag::TableRow => {
                self.cell = 0;
                self.piece.html.push_str("<tr>");
                Open::Other
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.inline_element("<em>"),
            Tag::Strong => self.inline_element("<strong>"),
            Tag::Strikethrough => self.inline_element("<del>"),
            Tag::Subscript => self.start_small("~", "<sub>", &range),
            Tag::Superscript => self.start_small("^", "<sup>", &range),
            Tag::Link { link_type, dest_url, title, .. } => self.start_link(link_type, &dest_url, &title, range),
            Tag::Image { dest_url, title, .. } => {
                self.picture = Some(OpenPicture {
                    destination: dest_url.into_string(),
                    caption: title.into_string(),
                    alt: String::new(),
                    nested: 0,
                    span: self.text.span(range),
                });
                return;
            }
            Tag::FootnoteDefinition(label) => self.start_note(label.into_string(), range),
            Tag::MetadataBlock(_) => Open::Other,
        };
        self.open.push(open);
    }

    pub(super) fn element(&mut self, html: &str) -> Open {
        self.line(html);
        Open::Other
    }

    pub(super) fn inline_element(&mut self, html: &str) -> Open {
        self.piece.html.push_str(html);
        Open::Other
    }

    pub(super) fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if self.pending_block.take().is_some() {
            // A quote that ended before its first paragraph: nothing was in it.
            self.line("<blockquote>\n");
        }
        let open = self.open.pop().unwrap_or(Open::Other);
        // Raw tags opened inside this element end with it.
        self.tags.close_from(self.open.len() + 1, &mut self.piece.html);
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(_) => self.end_heading(open),
            TagEnd::BlockQuote(_) => self.end_quote(open),
            TagEnd::CodeBlock => {
                self.in_code = false;
                self.no_prose -= 1;
                self.close("</code></pre>\n");
            }
            TagEnd::HtmlBlock => self.end_html_block(),
            TagEnd::List(true) => self.close("</ol>\n"),
            TagEnd::List(false) => self.close("</ul>\n"),
            TagEnd::Item => self.close("</li>\n"),
            TagEnd::DefinitionList => self.close("</dl>\n"),
            TagEnd::DefinitionListTitle => self.close("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.close("</dd>\n"),
            TagEnd::Table => self.close("</tbody></table></div>\n"),
            TagEnd::TableHead => {
                self.in_table_head = false;
                self.close("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.close("</tr>\n"),
            TagEnd::TableCell => {
                self.cell += 1;
                self.close(if self.in_table_head { "</th>" } else { "</td>" });
            }
            TagEnd::Emphasis => self.piece.html.push_str("</em>"),
            TagEnd::Strong => self.piece.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.piece.html.push_str("</del>"),
            TagEnd::Subscript => self.end_small(&open, "~", "</sub>", range),
            TagEnd::Superscript => self.end_small(&open, "^", "</sup>", range),
            TagEnd::Link => self.end_link(open),
            TagEnd::FootnoteDefinition => self.end_note(open),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }

    pub(super) fn start_paragraph(&mut self) -> Open {
        self.fresh_line();
        if !(self.inline && self.open.is_empty()) {
            self.paragraph_start = Some((self.piece.html.len(), self.piece.holes.len()));
            self.piece.html.push_str("<p>");
        }
        Open::Paragraph
    }

    pub(super) fn end_paragraph(&mut self) {
        if let TitleState::In { .. } = self.title {
            self.end_title(false);
            self.break_plain();
            return;
        }
        if self.inline && self.open.is_empty() {
            self.break_plain();
            return;
        }
        if !self.unwrap_figure() {
            self.piece.html.push_str("</p>\n");
        }
        self.paragraph_start = None;
        self.break_plain();
    }

    /// A paragraph that holds one picture and nothing else is a figure, which may not stand in a paragraph.
    pub(super) fn unwrap_figure(&mut self) -> bool {
        let Some((start, holes)) = self.paragraph_start else { return false };
        let is_alone = &self.piece.html[start..] == "<p>" && self.piece.holes.len() == holes + 1;
        let Some(hole) = self.piece.holes.last_mut().filter(|_| is_alone) else { return false };
        let HoleKind::Picture(index) = hole.kind else { return false };
        if let ReferenceKind::Picture { figure, .. } = &mut self.marks.references[index as usize].kind {
            *figure = true;
        }
        self.piece.html.truncate(start);
        hole.at = start as u32;
        self.piece.html.push('\n');
        true
    }

    pub(super) fn start_heading(
        &mut self,
        level: HeadingLevel,
        id: Option<&str>,
        classes: &[CowStr<'_>],
        range: Range<usize>,
    ) -> Open {
        let span = self.text.span(trimmed(self.text.markdown, range));
        let written = level as u8;
        if written == 1 && self.text.top_level == 2 {
            self.report(
                Diagnostic::new(
                    Code::TopLevelHeading,
                    span,
                    "a text begins at the second level: the title is the page's only first-level heading",
                )
                .help("begin the line with `##`"),
            );
        }
        let level = written.max(self.text.top_level).min(6);
        if self.blocks_open == 0 {
            if level > self.level + 1 {
                let message = format!("this heading skips from level {} to level {level}", self.level);
                self.report(
                    Diagnostic::new(Code::SkippedHeading, span, message)
                        .help(format!("begin the line with `{}`", "#".repeat(usize::from(self.level) + 1))),
                );
            }
            self.level = level;
        }
        self.fresh_line();
        if self.open.is_empty() && self.marks.lead_end.is_none() {
            self.marks.lead_end = Some(self.piece.html.len() as u32);
        }
        self.piece.html.push_str("<h");
        self.piece.html.push(char::from(b'0' + level));
        let start = self.piece.html.len();
        if !classes.is_empty() {
            self.piece.html.push_str(" class=\"");
            for (index, class) in classes.iter().enumerate() {
                if index > 0 {
                    self.piece.html.push(' ');
                }
                escape_into(&mut self.piece.html, class);
            }
            self.piece.html.push('"');
        }
        self.piece.html.push('>');
        self.no_prose += 1;
        Open::Heading { level, id: id.map(str::to_owned), start, plain_start: self.plain.len(), span }
    }

    pub(super) fn end_heading(&mut self, open: Open) {
        self.no_prose -= 1;
        let Open::Heading { level, id, start, plain_start, span } = open else { return };
        let text = self.plain[plain_start..].trim().to_owned();
        if text.is_empty() {
            self.report(
                Diagnostic::new(Code::EmptyHeading, span, "this heading has no text")
                    .help("give it words, or take it out"),
            );
        }
        let id = match id.map(|wanted| self.usable_id(wanted, span)) {
            Some(wanted) => self.ids.wanted(&wanted).unwrap_or_else(|given| {
                let message = format!("another place of this page has the id `{wanted}` already");
                self.diagnostics.push(
                    Diagnostic::new(Code::DuplicateHeadingId, span, message)
                        .help(format!("give it another id; until then it is `{given}`")),
                );
                given
            }),
            None => self.ids.for_words(&text),
        };
        self.insert_id(start, &id);
        self.piece.html.push_str("</h");
        self.piece.html.push(char::from(b'0' + level));
        self.piece.html.push_str(">\n");
        self.break_plain();
        self.marks.headings.push(Heading { level, id, text, span, in_block: self.blocks_open > 0 });
    }

    /// An id that can stand in an address and an attribute: letters, digits, `-`, `_`, `.` and `:`.
    fn usable_id(&mut self, wanted: String, span: Span) -> String {
        if !wanted.is_empty() && wanted.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')) {
            return wanted;
        }
        let given = match anchor(&wanted) {
            given if given.is_empty() => "section".to_owned(),
            given => given,
        };
        let message = format!("`{wanted}` cannot be the id of a heading");
        let help = format!("an id holds letters, digits and hyphens: write `{{#{given}}}`");
        self.report(Diagnostic::new(Code::HeadingAttribute, span, message).help(help));
        given
    }

    /// The id is known only after the words are; what was written since then moves.
    pub(super) fn insert_id(&mut self, at: usize, id: &str) {
        let mut attribute = String::with_capacity(id.len() + 6);
        attribute.push_str(" id=\"");
        escape_into(&mut attribute, id);
        attribute.push('"');
        self.piece.html.insert_str(at, &attribute);
        for hole in self.piece.holes.iter_mut().rev().take_while(|hole| hole.at as usize >= at) {
            hole.at += attribute.len() as u32;
        }
    }

    pub(super) fn start_code(&mut self, kind: &CodeBlockKind<'_>) -> Open {
        self.fresh_line();
        self.in_code = true;
        self.no_prose += 1;
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split(' ').next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        if language.is_empty() {
            self.piece.html.push_str("<pre><code>");
        } else {
            self.piece.html.push_str("<pre><code class=\"language-");
            escape_into(&mut self.piece.html, language);
            self.piece.html.push_str("\">");
        }
        Open::Other
    }

    pub(super) fn start_cell(&mut self) -> Open {
        self.piece.html.push_str(if self.in_table_head { "<th scope=\"col\"" } else { "<td" });
        self.piece.html.push_str(match self.alignments.get(self.cell) {
            Some(Alignment::Left) => " class=\"left\">",
            Some(Alignment::Center) => " class=\"center\">",
            Some(Alignment::Right) => " class=\"right\">",
            _ => ">",
        });
        Open::Other
    }
}
