//! Small bar charts as inline SVG, with their numbers as text. They hold no styles and no script.

use super::markup::Markup;

/// Width of one bar with its gap, and height of the tallest bar, in the units of the picture.
const STEP: usize = 44;
const HEIGHT: u64 = 110;

/// A figure with a bar for each name; the tallest bar fills the height. A screen reader hears the title and every number.
pub(super) fn bars(html: &mut Markup, title: &'static str, bars: &[(String, u64)]) {
    let most = bars.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
    let numbers: Vec<String> = bars.iter().map(|(name, number)| format!("{name}: {number}")).collect();
    html.raw("<figure class=\"chart\"><figcaption>").raw(title).raw("</figcaption><svg role=\"img\" viewBox=\"0 0 ");
    html.format(format_args!("{} {}", bars.len() * STEP, HEIGHT + 44)).raw("\" aria-label=\"");
    html.raw(title).raw(". ").text(&numbers.join(", ")).raw("\">");
    for (index, (name, number)) in bars.iter().enumerate() {
        let height = (number * HEIGHT).div_ceil(most);
        let (left, middle, top) = (index * STEP + 5, index * STEP + STEP / 2, 18 + HEIGHT - height);
        html.raw("<rect x=\"").format(format_args!("{left}")).raw("\" y=\"").format(format_args!("{top}"));
        html.raw("\" width=\"")
            .format(format_args!("{}", STEP - 10))
            .raw("\" height=\"")
            .format(format_args!("{height}"));
        html.raw("\"/>");
        label(html, middle, top - 5, &number.to_string());
        label(html, middle, HEIGHT + 35, name);
    }
    html.raw("</svg></figure>");
}

fn label(html: &mut Markup, x: usize, y: u64, text: &str) {
    html.raw("<text x=\"").format(format_args!("{x}")).raw("\" y=\"").format(format_args!("{y}")).raw("\">");
    html.text(text).raw("</text>");
}
