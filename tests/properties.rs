//! What holds for every text, address and site, tried on many made-up ones: the same ones each time.
//!
//! `GALEN_PROPERTIES=100` tries a hundred times as many, from another seed; for those who hunt.

#[allow(dead_code, reason = "it is shared with the tests of CommonMark, which use more of it")]
#[path = "commonmark/reference.rs"]
mod reference;
#[path = "properties/sites.rs"]
mod sites;
#[path = "properties/texts.rs"]
mod texts;
#[path = "commonmark/well_formed.rs"]
mod well_formed;

use std::env;
use std::fmt::Debug;

use galen::project::{Address, AddressStyle};
use galen::testing::markdown_html;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};
use reference::{reference, without_heading_ids};
use sites::{Made, Site};
use texts::{address, bytes, markdown, mutated, repeated};

/// Tries a property. Builds without optimisation try fewer cases.
fn for_all<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let factor: Option<u32> = env::var("GALEN_PROPERTIES").ok().and_then(|factor| factor.parse().ok());
    let cases = match factor {
        Some(factor) => cases * factor,
        None if cfg!(debug_assertions) => cases / 8,
        None => cases,
    };
    let rng_seed = RngSeed::Fixed(u64::from(factor.unwrap_or(0)));
    let config = Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: 10_000, ..Config::default() };
    if let Err(failure) = TestRunner::new(config).run(&strategy, test) {
        panic!("{failure}");
    }
}

#[test]
fn every_text_becomes_sound_html() {
    for_all(3_000, (markdown(), any::<bool>()), |(markdown, smart_punctuation)| {
        let html = markdown_html(&markdown, smart_punctuation);
        let faults = well_formed::faults(&html);
        prop_assert!(faults.is_empty(), "{faults:#?}\n{html}");
        Ok(())
    });
}

#[test]
fn a_text_without_notes_and_blocks_becomes_what_pulldown_cmark_makes_of_it() {
    for_all(3_000, (markdown(), any::<bool>()), |(markdown, smart_punctuation)| {
        let mut markdown = markdown.replace("[!", "[");
        if markdown.contains("[^") {
            markdown = markdown.replace("]:", "] :");
        }
        // On `- [ ] \` above `  ---` pulldown-cmark 0.13.6 panics.
        prop_assume!(!markdown.contains("] \\"));
        let html = without_heading_ids(&markdown_html(&markdown, smart_punctuation));
        prop_assert_eq!(html, without_heading_ids(&reference(&markdown, smart_punctuation).html), "{:?}", markdown);
        Ok(())
    });
}

/// What nests without end, or looks back over all that was before, shows here by never finishing.
#[test]
fn a_mebibyte_of_anything_is_worked_through() {
    let size = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
    for piece in texts::REPEATED {
        let html = markdown_html(&repeated(piece, size), true);
        assert!(html.len() < 40 * size, "{piece:?} becomes {} bytes", html.len());
    }
}

#[test]
fn twice_the_text_becomes_twice_the_html() {
    for piece in texts::REPEATED {
        let lengths = [1_000, 2_000, 4_000].map(|count| {
            let text: String = (0..count).map(|number| piece.replace('@', &number.to_string())).collect();
            markdown_html(&text, true).len()
        });
        for pair in lengths.windows(2) {
            // Numbers grow a digit now and then.
            assert!(pair[1] <= pair[0] * 5 / 2 + 100, "{piece:?}: {lengths:?}");
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    let site = Site::new();
    for (piece, depth) in [("> ", 70), ("- ", 70), ("1. ", 70), ("> - ", 40), ("> ", 5_000), ("- ", 5_000)] {
        site.put("articles/guide/one.md", format!("{}{}x\n", sites::FRONT, piece.repeat(depth)));
        let made = site.make().expect("sound");
        assert!(made.codes.contains("too-deep"), "{piece:?}, {depth} times");
        assert!(made.has_errors, "{piece:?}, {depth} times");
    }
    site.put("articles/guide/one.md", format!("{}{}x\n", sites::FRONT, "> ".repeat(40)));
    assert!(!site.make().expect("sound").codes.contains("too-deep"));
}

#[test]
fn no_address_leaves_the_root_and_each_reads_as_written() {
    for_all(60_000, address(), |written| {
        let Ok(address) = Address::parse(&written) else { return Ok(()) };
        let path = address.as_str();
        prop_assert!(path.starts_with('/'), "{:?}", path);
        let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
        prop_assert!(address.is_home() || path[1..].split('/').all(is_plain), "{:?}", path);
        for (base, trailing_slash) in [("", false), ("", true), ("/base", false), ("/base", true)] {
            let style = AddressStyle { origin: "https://site.example".into(), base: base.into(), trailing_slash };
            for href in [address.page_href(&style), address.file_href(&style)] {
                let below = href.strip_prefix(base).expect("below the base");
                prop_assert_eq!(Address::parse(below), Ok(address.clone()), "{:?}", href);
                let url = url::Url::parse("https://other.example/x/").and_then(|page| page.join(&href));
                let url = url.expect("an href is a URL");
                prop_assert_eq!(url.host_str(), Some("other.example"));
                prop_assert_eq!(url.path(), &href, "a browser goes elsewhere");
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            }
            let file = address.page_file(&style);
            prop_assert!(file.split('/').all(is_plain), "{:?}", file);
        }
        Ok(())
    });
}

#[test]
fn every_body_makes_a_sound_page() {
    let site = Site::new();
    for_all(200, (markdown(), 0..3_usize), |(markdown, policy)| {
        site.put("site.toml", sites::SETTINGS.replace("deny", ["deny", "escape", "sanitize"][policy]));
        site.put("articles/guide/one.md", format!("{}{markdown}", sites::FRONT));
        let made = site.make();
        sound(made, true)
    });
}

#[test]
fn every_front_matter_makes_a_sound_site() {
    let site = Site::new();
    for_all(200, (mutated(sites::ARTICLE), markdown()), |(article, answer)| {
        let answer = answer.replace("'''", "");
        let article = String::from_utf8_lossy(&article).replace("ANSWER", &answer);
        site.put("articles/guide/one.md", article);
        sound(site.make(), true)
    });
}

#[test]
fn every_settings_file_makes_a_sound_site() {
    let site = Site::new();
    for_all(200, mutated(sites::SETTINGS), |settings| {
        site.put("site.toml", &settings);
        match std::str::from_utf8(&settings) {
            Ok(_) => sound(site.make(), true),
            Err(_) => {
                prop_assert!(site.make().map_or(true, |made| made.has_errors), "settings are text");
                Ok(())
            }
        }
    });
}

#[test]
fn every_data_file_makes_a_sound_site() {
    for (path, text) in
        sites::FILES.iter().filter(|(path, _)| path.starts_with("data/") || path.ends_with("_section.md"))
    {
        let site = Site::new();
        for_all(30, mutated(text), |data| {
            site.put(path, &data);
            sound(site.make(), true)
        });
    }
}

#[test]
fn no_template_brings_a_build_down() {
    for (path, text) in sites::TEMPLATES {
        let site = Site::new();
        for_all(40, prop_oneof![4 => mutated(text), 1 => texts::template().prop_map(String::into_bytes)], |template| {
            site.put(path, &template);
            sound(site.make(), false)
        });
    }
}

#[test]
fn any_bytes_may_be_in_any_file() {
    let site = Site::new();
    let paths: Vec<&str> = sites::FILES.iter().chain(sites::TEMPLATES).map(|(path, _)| *path).collect();
    for_all(150, (proptest::sample::select(paths), bytes()), |(path, bytes)| {
        site.put(path, &bytes);
        let made = site.make();
        site.reset(path);
        sound(made, false)
    });
}

/// A key that is absent or of another type is a finding at most.
#[test]
fn any_key_may_be_absent_or_of_another_type() {
    let site = Site::new();
    for (path, text) in sites::FILES.iter().filter(|(_, text)| text.contains(" = ")) {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.contains([' ', '{'])) else { continue };
            for value in ["", "0", "''", "[]", "{}", "['', {}]", "2024-02-30", "9999-12-31"] {
                let mut changed = lines.clone();
                let written = format!("{key} = {value}");
                changed[at] = if value.is_empty() { "" } else { &written };
                site.put(path, changed.join("\n"));
                if let Err(fault) = site.build() {
                    panic!("{path}, {written}: {fault}");
                }
            }
        }
        site.reset(path);
    }
}

/// Whatever was made of a site stays in its place and is sound; what cannot be made is a finding.
fn sound(made: Result<Made, String>, theme_is_ours: bool) -> TestCaseResult {
    let made = match made {
        Ok(made) => made,
        // Only a site.toml that is no text may stop everything.
        Err(fault) if fault.contains("site.toml: this file is not UTF-8") => return Ok(()),
        Err(fault) => return Err(TestCaseError::fail(fault)),
    };
    for (path, html) in made.pages.iter().filter(|_| theme_is_ours) {
        let faults = well_formed::page_faults(html);
        prop_assert!(faults.is_empty(), "{path}: {faults:#?}\n{html}");
    }
    Ok(())
}
