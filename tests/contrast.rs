//! Holds the colours of the theme, light and dark, against WCAG 2.2: text 4.5:1 (1.4.3), edges, marks and focus 3:1 (1.4.11).
//! Says nothing about colours that a site sets itself.

use std::collections::BTreeMap;

/// What stands on what, and by how much it has to differ. `on` grounds, below them what is seen there.
const PAIRS: &[(&[&str], &[&str], f64)] = &[
    // Body text keeps the stricter 7:1 (1.4.6) on every ground.
    (&["paper", "surface", "sunken", "accent-soft"], &["ink"], 7.0),
    (&["emergency-soft", "urgent-soft", "non-urgent-soft", "self-care-soft"], &["ink"], 7.0),
    (&["paper", "surface", "sunken", "accent-soft"], &["muted", "link", "visited"], 4.5),
    (&["emergency-soft", "urgent-soft", "non-urgent-soft", "self-care-soft"], &["link", "visited"], 4.5),
    (&["paper", "surface", "accent-soft"], &["accent"], 4.5),
    (&["surface"], &["note", "tip", "important", "warning", "caution"], 4.5),
    (&["accent"], &["on-accent"], 4.5),
    (&["brand"], &["on-brand", "on-brand-muted"], 4.5),
    (&["ribbon"], &["on-ribbon"], 4.5),
    (&["emergency", "urgent", "non-urgent", "self-care"], &["on-care"], 4.5),
    (&["paper", "surface"], &["edge", "focus"], 3.0),
    (&["accent-soft", "sunken"], &["focus"], 3.0),
    (&["brand"], &["brand-edge", "brand-focus"], 3.0),
    (&["paper"], &["emergency-edge", "urgent-edge", "non-urgent-edge", "self-care-edge"], 3.0),
];

#[test]
fn the_colours_of_the_theme_can_be_told_apart() {
    let css = include_str!("../static/theme.css");
    let light = colours(block(css, ":root {"));
    let mut dark = light.clone();
    dark.extend(colours(block(css, "(prefers-color-scheme: dark) {\n  :root {")));
    assert!(light.len() > 30 && light != dark, "the theme has its colours at its top");
    let mut faults = Vec::new();
    for (scheme, colours) in [("light", &light), ("dark", &dark)] {
        for (grounds, marks, least) in PAIRS {
            for (ground, mark) in grounds.iter().flat_map(|ground| marks.iter().map(move |mark| (ground, mark))) {
                let ratio = contrast(colours[*mark], colours[*ground]);
                if ratio < *least {
                    faults.push(format!("{scheme}: --{mark} on --{ground} is {ratio:.2}:1, not {least}:1"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn contrast_is_that_of_the_definition() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 1e-9);
    // The grey that is known to be just enough on white.
    assert!((contrast([0x76, 0x76, 0x76], [255, 255, 255]) - 4.54).abs() < 0.01);
}

/// The text between a brace and the one that closes it.
fn block<'a>(css: &'a str, opening: &str) -> &'a str {
    let start = css.find(opening).expect("the theme has it") + opening.len();
    let end = css[start..].find('}').expect("it is closed");
    &css[start..start + end]
}

/// The custom properties that are colours in hexadecimal.
fn colours(block: &str) -> BTreeMap<&str, [u8; 3]> {
    block.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #")).filter_map(colour).collect()
}

fn colour<'a>((name, value): (&'a str, &str)) -> Option<(&'a str, [u8; 3])> {
    let digits = value.trim_end_matches(';');
    let full: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    let channel = |at: usize| u8::from_str_radix(full.get(at..at + 2)?, 16).ok();
    Some((name, [channel(0)?, channel(2)?, channel(4)?]))
}

/// Contrast ratio. <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance. <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
