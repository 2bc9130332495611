//! CommonMark's own examples and Galen's: what a text becomes.

#[path = "commonmark/reference.rs"]
mod reference;
#[path = "commonmark/well_formed.rs"]
mod well_formed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use galen::testing::markdown_html;
use reference::{Rewriting, reference, without_heading_ids};

#[derive(serde::Deserialize)]
struct Example {
    example: u32,
    section: String,
    markdown: String,
}

fn examples() -> Vec<Example> {
    serde_json::from_str(include_str!("commonmark/examples.json")).expect("a list of examples")
}

/// Where and why CommonMark's examples become something else than pulldown-cmark makes of them, the anchors of headings
/// aside. docs/authoring.md says the same to authors.
const REWRITINGS: [(Rewriting, &str, &[u32]); 4] = [
    (
        Rewriting::RawHtml,
        "raw HTML is shown as text, a block of it in a paragraph",
        &[
            21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167,
            168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188,
            189, 190, 191, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613, 614, 615, 616, 617, 623, 625,
            626, 627, 628, 629, 630, 631, 642, 643,
        ],
    ),
    (
        Rewriting::FirstLevel,
        "a heading of the first level is of the second: the page's title is the only one",
        &[10, 62, 66, 67, 68, 72, 75, 76, 78, 79, 80, 81, 82, 83, 84, 115, 141, 214, 215, 227, 228, 229, 230, 232, 300],
    ),
    (
        Rewriting::Picture,
        "a picture is loaded late, and alone in its paragraph is a figure, its title the caption",
        &[517, 520, 531, 572, 573, 574, 575, 576, 577, 578, 579, 580, 581, 582, 583, 584, 585, 586, 587, 588, 589, 591],
    ),
    (
        Rewriting::UnsafeUrl,
        "a link with a scheme that could run code or hide content loses its address",
        &[596, 598, 599, 601],
    ),
];

#[test]
fn commonmarks_examples_become_what_pulldown_cmark_makes_of_them() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    let mut differing = Vec::new();
    let mut rewritten: BTreeMap<Rewriting, BTreeSet<u32>> = BTreeMap::new();
    for Example { example, section, markdown } in &examples {
        for smart_punctuation in [false, true] {
            let html = without_heading_ids(&markdown_html(markdown, smart_punctuation));
            let reference = reference(markdown, smart_punctuation);
            let expected = without_heading_ids(&reference.html);
            if html != expected {
                differing.push(format!(
                    "example {example} ({section}), {markdown:?}:\n  galen {html:?}\n  not   {expected:?}"
                ));
            }
            let is_rewritten = html != without_heading_ids(&reference.plain);
            assert_eq!(is_rewritten, !reference.rewritings.is_empty(), "{markdown:?}: {:?}", reference.rewritings);
            for rewriting in reference.rewritings {
                rewritten.entry(rewriting).or_default().insert(*example);
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    let expected = REWRITINGS.iter().map(|(rewriting, _, examples)| (*rewriting, examples.iter().copied().collect()));
    assert_eq!(rewritten, expected.collect());
}

#[test]
fn commonmarks_examples_become_html_that_browsers_read_alike() {
    let mut found = Vec::new();
    for Example { example, markdown, .. } in examples() {
        for fault in well_formed::faults(&markdown_html(&markdown, true)) {
            found.push(format!("example {example}, {markdown:?}: {fault}"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The texts in `tests/commonmark/galen/`, each with the HTML beside it.
#[test]
fn galens_examples_become_what_is_beside_them() {
    let bless = env::var_os("GALEN_BLESS").is_some();
    let mut found = Vec::new();
    for file in galens_examples() {
        let markdown = fs::read_to_string(&file).expect("a text");
        let html = markdown_html(&markdown, true);
        let beside = file.with_extension("html");
        if bless {
            fs::write(&beside, &html).expect("the folder can be written");
        }
        if fs::read_to_string(&beside).unwrap_or_default() != html {
            found.push(format!("{} is not what became of it (GALEN_BLESS=1 writes it):\n{html}", beside.display()));
        }
        let name = file.file_name().unwrap_or_default().display();
        found.extend(well_formed::faults(&html).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn galens_examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commonmark/galen");
    let entries = fs::read_dir(folder).expect("the folder of examples");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
    files.sort();
    assert!(files.len() >= 20);
    files
}

#[test]
fn lines_may_end_as_windows_ends_them() {
    for file in galens_examples() {
        let markdown = fs::read_to_string(file).expect("a text");
        assert_eq!(markdown_html(&markdown.replace('\n', "\r\n"), true), markdown_html(&markdown, true));
    }
    for Example { example, markdown, .. } in examples() {
        let windows = markdown.replace('\n', "\r\n");
        let expected = without_heading_ids(&reference(&windows, true).html);
        assert_eq!(without_heading_ids(&markdown_html(&windows, true)), expected, "example {example}");
    }
}
