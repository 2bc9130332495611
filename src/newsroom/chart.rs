//! Small bar charts as inline SVG, with their numbers as text. They hold no styles and no script.

use super::markup::Markup;

/// Width of the picture, where its bars begin, the length of the longest one and the height of a row, in the picture's units.
const WIDTH: u64 = 320;
const BEGIN: u64 = 92;
const LONGEST: u64 = 184;
const ROW: u64 = 22;

/// A figure with a bar for each name. A screen reader hears the title and every number.
pub(super) fn bars(html: &mut Markup, title: &'static str, bars: &[(String, u64)]) {
    let most = bars.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
    let numbers: Vec<String> = bars.iter().map(|(name, number)| format!("{name}: {number}")).collect();
    html.raw("<figure class=\"chart\"><figcaption>").raw(title).raw("</figcaption><svg role=\"img\" viewBox=\"0 0 ");
    html.format(format_args!("{WIDTH} {}", bars.len() as u64 * ROW)).raw("\" aria-label=\"");
    html.raw(title).raw(". ").text(&numbers.join(", ")).raw("\">");
    for ((name, number), row) in bars.iter().zip(0..) {
        let (top, length) = (row * ROW, (number * LONGEST).div_ceil(most));
        label(html, "name", BEGIN - 8, top + 15, name);
        html.raw("<rect x=\"").format(format_args!("{BEGIN}")).raw("\" y=\"").format(format_args!("{}", top + 3));
        html.raw("\" width=\"").format(format_args!("{length}")).raw("\" height=\"16\"/>");
        label(html, "value", BEGIN + length + 6, top + 15, &number.to_string());
    }
    html.raw("</svg></figure>");
}

fn label(html: &mut Markup, look: &'static str, x: u64, y: u64, text: &str) {
    html.raw("<text class=\"").raw(look).raw("\" x=\"").format(format_args!("{x}")).raw("\" y=\"");
    html.format(format_args!("{y}")).raw("\">").text(text).raw("</text>");
}
