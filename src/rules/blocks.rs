//! Rules about blocks: care cards, promotions, emergency numbers, the question form.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::content::{Block, Body, HoleKind, ReferenceKind, is_care_card};
use crate::project::{Code, Diagnostic, did_you_mean};
use crate::site::{Article, Site};

/// Every rule about the blocks of an article.
pub(super) fn blocks(site: &Site, article: &Article, found: &mut Vec<Diagnostic>) {
    let document = &article.document;
    for body in std::iter::once(&document.body).chain(document.faq.iter().map(|faq| &faq.answer)) {
        check_body(site, body, found);
    }
}

/// The same for sections, people and terms.
pub(super) fn other_texts(site: &Site, found: &mut Vec<Diagnostic>) {
    let sections = site.sections.iter().filter_map(|section| section.file.as_ref()).map(|(file, _)| &file.body);
    let people = site.people.iter().map(|person| &person.file.body);
    let terms = site.terms.iter().map(|term| &term.file.body);
    for body in sections.chain(people).chain(terms) {
        check_body(site, body, found);
    }
}

fn check_body(site: &Site, body: &Body, found: &mut Vec<Diagnostic>) {
    let mut care_ends = BTreeSet::new();
    for (block, extent) in body.blocks.iter().zip(extents(body)) {
        care_card(site, body, block, found);
        promotion(site, body, &care_ends, (block, &extent), found);
        empty_block(body, (block, &extent), found);
        if is_care_card(&block.kind) {
            care_ends.insert(extent.end);
        }
        if block.kind == "ask" && site.settings.ask_action.is_none() {
            found.push(
                Diagnostic::new(
                    Code::MissingAskAction,
                    block.span,
                    "the site does not say where questions go, so no form is shown",
                )
                .help("add `[ask]` with `action = \"https://…\"` to site.toml"),
            );
        }
    }
}

fn care_card(site: &Site, body: &Body, block: &Block, found: &mut Vec<Diagnostic>) {
    if !is_care_card(&block.kind) {
        return;
    }
    if block.title.is_empty() {
        found.push(
            Diagnostic::new(Code::UntitledCareCard, block.span, "this care card does not say what to do")
                .help("say it behind the kind, on the same line: `> [!URGENT] See a doctor today if`"),
        );
    }
    if block.kind != "emergency" {
        return;
    }
    for index in block.references.clone() {
        let reference = &body.references[index as usize];
        if reference.kind == ReferenceKind::Link && !reference.destination.starts_with("tel:") {
            found.push(
                Diagnostic::new(
                    Code::LinkInEmergency,
                    reference.span,
                    "an emergency card is no place for further reading",
                )
                .help("put the link after the card: whoever reads the card should act, not read on"),
            );
        }
    }
    let has_numbers =
        site.settings.country.as_ref().is_some_and(|country| site.data.emergency.contains_key(&country.value));
    if !has_numbers {
        found.push(
            Diagnostic::new(Code::MissingEmergency, block.span, "this card cannot show emergency numbers")
                .help("set `country = \"GB\"` in site.toml and add `[GB]` to data/emergency.toml"),
        );
    }
}

/// Where a block lies in the HTML of its body.
struct Extent {
    start: usize,
    title_end: usize,
    end: usize,
    /// The holes between its title and its end.
    holes: Range<usize>,
}

/// The extent of every block, in the order of the blocks.
fn extents(body: &Body) -> Vec<Extent> {
    let (end, holes) = (body.html.len(), body.holes.len());
    let nowhere = || Extent { start: end, title_end: end, end, holes: holes..holes };
    let mut extents: Vec<Extent> = body.blocks.iter().map(|_| nowhere()).collect();
    for (number, hole) in body.holes.iter().enumerate() {
        let at = hole.at as usize;
        match hole.kind {
            HoleKind::BlockStart(index) => extents[index as usize].start = at,
            HoleKind::BlockTitleEnd(index) => {
                let extent = &mut extents[index as usize];
                (extent.title_end, extent.holes.start) = (at, number + 1);
            }
            HoleKind::BlockEnd(index) => {
                let extent = &mut extents[index as usize];
                (extent.end, extent.holes.end) = (at, number);
            }
            _ => {}
        }
    }
    extents
}

/// `care_ends` is where the care cards end that begin before the block.
fn promotion(
    site: &Site,
    body: &Body,
    care_ends: &BTreeSet<usize>,
    (block, extent): (&Block, &Extent),
    found: &mut Vec<Diagnostic>,
) {
    if block.kind != "promo" {
        return;
    }
    if block.title.trim().is_empty() {
        found.push(
            Diagnostic::new(Code::UnknownPromo, block.span, "this block does not say which promotion it shows")
                .help("name an entry of data/promos.toml behind the kind: `> [!PROMO] symptom-diary`"),
        );
    } else if !site.data.promos.contains_key(&block.title) {
        let message = format!("there is no promotion `{}`", block.title);
        let help = did_you_mean(&block.title, site.promo_ids.near(&block.title));
        found.push(
            Diagnostic::new(Code::UnknownPromo, block.span, message)
                .maybe_help(help)
                .help("add it to data/promos.toml"),
        );
    }
    let before = care_ends.range(..=extent.start).next_back();
    if before.is_some_and(|&end| body.html[end..extent.start].trim().is_empty()) {
        found.push(
            Diagnostic::new(Code::PromoAfterCareCard, block.span, "a promotion stands directly after a care card")
                .help("move it: nothing should come between a reader and the care they need"),
        );
    }
}

fn empty_block(body: &Body, (block, extent): (&Block, &Extent), found: &mut Vec<Diagnostic>) {
    let is_text_optional = matches!(block.kind.as_str(), "promo" | "ask" | "experts");
    let text = body.html.get(extent.title_end..extent.end);
    // A picture or a block inside leaves no text of its own, but it is not nothing.
    let has_text = text.is_some_and(|text| !text.trim().is_empty() || !extent.holes.is_empty());
    let has_title = !block.title.is_empty();
    let has_video = block.kind == "video" && !block.references.is_empty();
    let is_empty = if is_care_card(&block.kind) { !has_text } else { !has_text && !has_title };
    if is_empty && !is_text_optional && !has_video {
        found.push(
            Diagnostic::new(Code::EmptyBlock, block.span, "this block has no text")
                .help("write its text on the next lines, each beginning with `>`"),
        );
    } else if block.kind == "video" && !has_video {
        found.push(
            Diagnostic::new(Code::EmptyBlock, block.span, "this block names no video")
                .help("name a file: `> [!VIDEO] stretch.mp4`, or link to a page below the title"),
        );
    }
}

/// `country` names an entry of data/emergency.toml, where there is such a file.
pub(super) fn unknown_country(site: &Site, found: &mut Vec<Diagnostic>) {
    let Some(country) = site.settings.country.as_ref().filter(|_| site.data.has_emergency) else { return };
    if !site.data.emergency.contains_key(&country.value) {
        found.push(
            Diagnostic::new(
                Code::UnknownCountry,
                country.span,
                format!("data/emergency.toml has no numbers for `{}`", country.value),
            )
            .maybe_help(did_you_mean(&country.value, site.data.emergency.keys().map(String::as_str)))
            .help(format!("add a table `[{}]` to it", country.value)),
        );
    }
}
