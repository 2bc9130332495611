//! Fills the holes of a body: addresses, pictures, citation markers, glossary links, blocks. Decides nothing about where they lead.

use super::Renderer;
use crate::content::{Block, Body, Hole, HoleKind, Reference, ReferenceKind};
use crate::page::{
    BlockView, Html, Made, PersonCard, PictureSet, PromoView, Shared, TextOf, VideoView, WrittenText,
    emergency_numbers, experts,
};
use crate::project::{Settings, escape_into, escape_text_into, escape_url_into};
use crate::site::{Linked, LinkedBody, Mention, PlaceOnSite, Site, Target};

/// A block whose end has not come yet.
struct OpenBlock {
    index: u32,
    /// What was written before it.
    outer: String,
    title: String,
}

/// Writes a text.
pub(super) fn write_text<'t>(renderer: &Renderer, (body, linked): LinkedBody<'t>, of: TextOf) -> Made<WrittenText<'t>> {
    if body.holes.is_empty() && linked.mentions.is_empty() {
        let (lead, rest) = body.html.split_at(body.lead_end.unwrap_or_default() as usize);
        return Ok(WrittenText { lead: Html(lead.into()), rest: Html(rest.into()) });
    }
    let mut text = Writer {
        renderer,
        body,
        linked,
        of,
        out: room(body, linked, body.lead_end.map_or(body.html.len(), |end| end as usize)),
        blocks: Vec::new(),
        is_below: body.lead_end.is_none(),
    };
    let mut lead = None;
    let mut at = 0;
    let (mut holes, mut mentions) = (body.holes.iter().peekable(), linked.mentions.iter().peekable());
    loop {
        let hole = holes.peek().map(|hole| hole.at);
        let mention = mentions.peek().map(|mention| mention.at);
        let split = body.lead_end.filter(|_| lead.is_none());
        let Some(next) = [hole, mention, split].into_iter().flatten().min() else { break };
        text.out.push_str(&body.html[at as usize..next as usize]);
        at = next;
        // What belongs before the first heading ends there, whatever begins at the same place.
        if split == Some(next) {
            let rest = room(body, linked, body.html.len() - next as usize);
            lead = Some(std::mem::replace(&mut text.out, rest));
            text.is_below = true;
        } else if hole == Some(next) {
            if let Some(hole) = holes.next() {
                text.hole(hole)?;
            }
        } else if let Some(mention) = mentions.next() {
            text.mention(mention);
            at += mention.length;
        }
    }
    text.out.push_str(&body.html[at as usize..]);
    Ok(WrittenText { lead: lead.unwrap_or_default().into(), rest: text.out.into() })
}

/// Room for a part of a body of so many bytes, and for all that is written into the whole.
fn room(body: &Body, linked: &Linked, bytes: usize) -> String {
    String::with_capacity(bytes + 128 * (linked.mentions.len() + body.holes.len()))
}

struct Writer<'a> {
    renderer: &'a Renderer,
    body: &'a Body,
    linked: &'a Linked,
    of: TextOf,
    out: String,
    blocks: Vec<OpenBlock>,
    /// Whether what comes stands below the first screen, as far as anybody can tell.
    is_below: bool,
}

impl<'a> Writer<'a> {
    fn site(&self) -> &'a Site {
        &self.renderer.site
    }

    fn hole(&mut self, hole: &Hole) -> Made<()> {
        match hole.kind {
            HoleKind::Href(index) => escape_url_into(&mut self.out, &self.linked.targets[index as usize].href),
            HoleKind::Picture(index) => {
                let target = &self.linked.targets[index as usize];
                let set = self.renderer.site.picture(target.picture);
                let frame = Frame { set, settings: &self.renderer.site.settings, is_below: self.is_below };
                picture(&mut self.out, &self.body.references[index as usize], target, &frame);
            }
            HoleKind::Citation(index) => self.citation(index as usize),
            HoleKind::BlockStart(index) => {
                let outer = std::mem::take(&mut self.out);
                self.blocks.push(OpenBlock { index, outer, title: String::new() });
            }
            HoleKind::BlockTitleEnd(_) => {
                if let Some(block) = self.blocks.last_mut() {
                    block.title = std::mem::take(&mut self.out);
                }
            }
            HoleKind::BlockEnd(_) => {
                if let Some(open) = self.blocks.pop() {
                    let content = std::mem::replace(&mut self.out, open.outer);
                    self.block(open.index, open.title, content)?;
                }
            }
        }
        Ok(())
    }

    fn mention(&mut self, mention: &Mention) {
        let name = &self.body.html[mention.at as usize..(mention.at + mention.length) as usize];
        self.out.push_str(self.renderer.site.term_tag(mention.term));
        self.out.push_str(name);
        self.out.push_str("</a>");
    }

    fn citation(&mut self, index: usize) {
        let (number, used) = self.linked.citations.get(index).copied().unwrap_or_default();
        if number == 0 {
            // Nothing has that id: what the author wrote stays, so that it is seen.
            self.out.push_str("[^");
            escape_text_into(&mut self.out, &self.body.citations[index].value);
            self.out.push(']');
            return;
        }
        self.renderer.write_marker(number, used, &mut self.out);
    }

    fn block(&mut self, index: u32, title: String, content: String) -> Made<()> {
        let block = &self.body.blocks[index as usize];
        let is_ask_without_action = block.kind == "ask" && self.site().settings.ask_action.is_none();
        let view = self.block_view(block, index, title, content)?;
        if is_ask_without_action || (block.kind == "promo" && view.promo.is_none()) {
            return Ok(());
        }
        let place = self.of.article.map_or(PlaceOnSite::Home, PlaceOnSite::Article);
        self.renderer.render_block(&format!("blocks/{}.html", block.kind), &view, place, &mut self.out)
    }

    fn block_view(&self, block: &Block, index: u32, title: String, content: String) -> Made<BlockView<'a>> {
        let site = self.site();
        let settings = &site.settings;
        let is = |kind: &str| block.kind == kind;
        let names_its_file = block.kind == "promo"
            || (is("video") && self.video(block).is_some_and(|(kind, _)| *kind == ReferenceKind::Video));
        Ok(BlockView {
            kind: block.kind.clone(),
            title: if names_its_file { Html::default() } else { title.into() },
            text: if names_its_file { String::new() } else { block.title.clone() },
            content: content.into(),
            level: u64::from(block.level),
            id: format!("block-{}-{}", self.of.text, index + 1),
            numbers: if is("emergency") { emergency_numbers(site) } else { Vec::new() },
            promo: if is("promo") { self.promo(&block.title)? } else { None },
            experts: self.experts(is("experts"))?,
            video: is("video").then(|| self.video(block)).flatten().map(|(_, target)| video(target)),
            action: settings.ask_action.as_ref().filter(|_| is("ask")).map(|action| action.value.clone()),
        })
    }

    fn experts(&self, wanted: bool) -> Made<Vec<&'a Shared<PersonCard>>> {
        let Some(article) = self.of.article.filter(|_| wanted) else { return Ok(Vec::new()) };
        experts(self.renderer, &self.site()[article].experts)
    }

    fn video(&self, block: &Block) -> Option<(&ReferenceKind, &Target)> {
        let index = block.references.clone().next()? as usize;
        Some((&self.body.references[index].kind, &self.linked.targets[index]))
    }

    fn promo(&self, id: &str) -> Made<Option<PromoView<'a>>> {
        let site = self.site();
        let Some((promo, (linked, target))) = site.promo(id) else { return Ok(None) };
        let text = write_text(self.renderer, (&promo.text, linked), TextOf { article: None, text: 0 })?;
        Ok(Some(PromoView {
            title: promo.title.clone(),
            text: text.whole(),
            href: target.as_ref().map(|target| target.href.clone()),
            action: promo.action.clone(),
            label: promo.label.clone().unwrap_or_else(|| site.settings.labels.promotion.clone()),
        }))
    }
}

fn video(target: &Target) -> VideoView {
    let host = url::Url::parse(&target.href).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    VideoView { href: target.href.clone(), external: target.external, host }
}

/// What a picture's markup depends on besides the picture.
struct Frame<'a> {
    set: Option<&'a PictureSet>,
    settings: &'a Settings,
    is_below: bool,
}

/// A picture with its sizes; one that is a paragraph of its own is a figure with its caption.
fn picture(out: &mut String, reference: &Reference, target: &Target, frame: &Frame<'_>) {
    let ReferenceKind::Picture { alt, caption, figure } = &reference.kind else { return };
    if *figure {
        out.push_str("<figure>");
    }
    let style = &frame.settings.style;
    if let Some(set) = frame.set {
        out.push_str("<picture>");
        for source in set.views(style) {
            out.push_str(&format!("<source type=\"{}\" srcset=\"{}\" sizes=\"", source.media_type, source.srcset));
            escape_into(out, &frame.settings.pictures.sizes);
            out.push_str("\">");
        }
    }
    out.push_str("<img src=\"");
    match frame.set.and_then(|set| set.fallback.as_ref()) {
        Some(fallback) => escape_url_into(out, &fallback.href(style)),
        // A picture on another site would tell that site who reads what; it is reported, and its address left out.
        None if target.external => {}
        None => escape_url_into(out, &target.href),
    }
    out.push_str("\" alt=\"");
    escape_into(out, alt);
    if !*figure && !caption.is_empty() {
        out.push_str("\" title=\"");
        escape_into(out, caption);
    }
    if let Some((width, height)) = target.size {
        out.push_str(&format!("\" width=\"{width}\" height=\"{height}"));
    }
    out.push_str(if frame.is_below { "\" loading=\"lazy\" decoding=\"async\">" } else { "\" decoding=\"async\">" });
    if frame.set.is_some() {
        out.push_str("</picture>");
    }
    if *figure {
        if !caption.is_empty() {
            out.push_str("<figcaption>");
            escape_text_into(out, caption);
            out.push_str("</figcaption>");
        }
        out.push_str("</figure>");
    }
}
