//! Blocks: quotes whose first line names a kind, `> [!URGENT] See a doctor today if`.

use std::ops::Range;

use super::writer::{Open, Writer};
use super::{first_line, trimmed};
use crate::content::body::{BLOCK_KINDS, Block, HoleKind, ReferenceKind, is_care_card};
use crate::project::{Code, Diagnostic, Span, did_you_mean};

/// What a list of open elements needs to know at their end.
pub(super) struct OpenBlock {
    pub(super) index: u32,
    pub(super) is_care_card: bool,
}

/// The state of a block's first line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TitleState {
    None,
    /// In the title of block n; the marker ends at this offset of the Markdown.
    In {
        block: u32,
        marker_end: usize,
        depth: usize,
    },
}

pub(super) struct PendingBlock {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) marker_end: usize,
    pub(super) span: Span,
}

impl Writer<'_, '_> {
    pub(super) fn start_quote(&mut self, range: Range<usize>) {
        // Each look at a first line costs the whole of it, which a line of nothing but `>` would make dear.
        let marker = if self.too_deep { None } else { block_marker(self.text.markdown, range.start) };
        let Some((kind, title, marker_end)) = marker else {
            self.line("<blockquote>\n");
            return;
        };
        let span = self.text.span(trimmed(self.text.markdown, first_line(self.text.markdown, range.start)));
        if title.starts_with(':') {
            // Markdown takes such a line for the definition of a link, and none of it would be seen.
            let mark = format!("[!{}]", kind.to_uppercase());
            self.report(
                Diagnostic::new(Code::UnknownBlock, span, format!("a block's kind has no colon behind it: `{mark}:`"))
                    .help(format!(
                        "write `{mark}` and then the title: with the colon it is an ordinary quote, or the definition of a link, which nobody sees"
                    )),
            );
            self.line("<blockquote>\n");
            return;
        }
        let known = BLOCK_KINDS.contains(&kind.as_str()) || self.dialect.blocks.binary_search(&kind).is_ok();
        if known {
            self.pending_block = Some(PendingBlock { kind, title, marker_end, span });
            return;
        }
        let kinds = BLOCK_KINDS.iter().copied().chain(self.dialect.blocks.iter().map(String::as_str));
        let help = did_you_mean(&kind, kinds).map(|help| help.to_uppercase().replace("DID YOU MEAN", "did you mean"));
        let message = format!("unknown block `[!{}]`", kind.to_uppercase());
        self.report(
            Diagnostic::new(Code::UnknownBlock, span, message)
                .maybe_help(help)
                .help(format!("a site adds a kind with a template `templates/blocks/{kind}.html`")),
        );
        self.line("<blockquote>\n");
    }

    pub(super) fn start_block(&mut self, pending: PendingBlock) {
        let index = self.marks.blocks.len() as u32;
        let is_care_card = is_care_card(&pending.kind);
        let start = self.marks.references.len() as u32;
        self.fresh_line();
        self.hole(HoleKind::BlockStart(index));
        if let Some(open) = self.open.last_mut() {
            *open = Open::Block(OpenBlock { index, is_care_card });
        }
        self.no_prose += usize::from(is_care_card) + 1;
        self.blocks_open += 1;
        // The paragraph that holds the first line is about to be opened.
        self.title = TitleState::In { block: index, marker_end: pending.marker_end, depth: self.open.len() + 1 };
        self.marks.blocks.push(Block {
            kind: pending.kind,
            title: pending.title,
            level: (self.level + 1).clamp(2, 6),
            span: pending.span,
            references: start..start,
        });
    }

    /// Ends a block's first line. `more`: its paragraph goes on.
    pub(super) fn end_title(&mut self, more: bool) {
        let TitleState::In { block, .. } = self.title else { return };
        self.title = TitleState::None;
        self.tags.close_from(self.open.len(), &mut self.piece.html);
        // Spaces before the line's end go, but nothing that stood before the block or before something still to be filled in.
        let start = self.piece.holes.last().map_or(0, |hole| hole.at as usize);
        while self.piece.html.len() > start && self.piece.html.ends_with(' ') {
            self.piece.html.pop();
        }
        self.no_prose -= 1;
        self.hole(HoleKind::BlockTitleEnd(block));
        self.break_plain();
        if more {
            self.paragraph_start = Some((self.piece.html.len(), self.piece.holes.len()));
            self.piece.html.push_str("<p>");
        }
    }

    pub(super) fn end_quote(&mut self, open: Open) {
        let Open::Block(block) = open else {
            self.close("</blockquote>\n");
            return;
        };
        self.no_prose -= usize::from(block.is_care_card);
        self.blocks_open -= 1;
        let end = self.marks.references.len() as u32;
        self.marks.blocks[block.index as usize].references.end = end;
        self.video_reference(block.index);
        self.hole(HoleKind::BlockEnd(block.index));
        self.piece.html.push('\n');
        self.break_plain();
    }

    /// `> [!VIDEO] stretch.mp4` names its file on the first line.
    pub(super) fn video_reference(&mut self, index: u32) {
        let block = &self.marks.blocks[index as usize];
        let (title, span) = (block.title.clone(), block.span);
        if block.kind != "video" || !block.references.is_empty() {
            return;
        }
        let path = if is_path(&title) { Some(title) } else { self.take_path(index) };
        let Some(path) = path.filter(|path| !self.refuse_unsafe(path, span)) else { return };
        let start = self.reference(ReferenceKind::Video, path, span);
        self.marks.blocks[index as usize].references = start..start + 1;
    }

    /// Takes a path that is all the text of a block out of it.
    fn take_path(&mut self, index: u32) -> Option<String> {
        let end = self.piece.holes.last().filter(|hole| hole.kind == HoleKind::BlockTitleEnd(index))?.at as usize;
        let text = self.piece.html[end..].trim().strip_prefix("<p>")?.strip_suffix("</p>")?;
        let path = Some(text.replace("&amp;", "&")).filter(|path| is_path(path) && !path.contains(['<', '&']))?;
        self.piece.html.truncate(end);
        self.piece.prose.retain(|(start, _)| (*start as usize) < end);
        Some(path)
    }
}

/// Whether words name a file or an address rather than say something.
fn is_path(words: &str) -> bool {
    !words.is_empty() && !words.contains(char::is_whitespace) && words.contains(['.', '/'])
}

/// The kind and the rest of the first line of a quote that names its kind, and where the marker ends.
fn block_marker(markdown: &str, start: usize) -> Option<(String, String, usize)> {
    let line = first_line(markdown, start);
    let text = &markdown[line.clone()];
    let quoted = text.trim_start_matches([' ', '\t']).strip_prefix('>')?.trim_start_matches([' ', '\t']);
    let marker = quoted.strip_prefix("[!")?;
    let close = marker.find(']')?;
    let kind = &marker[..close];
    let is_kind =
        !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    // Obsidian's marks for a block that is folded at first; here every block is open.
    let rest = &marker[close + 1..];
    let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let marker_end = line.end - rest.len();
    is_kind.then(|| (kind.to_ascii_lowercase(), rest.trim().to_owned(), marker_end))
}
