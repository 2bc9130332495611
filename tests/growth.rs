//! Twice as much to read takes about twice as long, whatever there is much of.
//!
//! No clock can tell that on a busy machine. So each site here is so large that comparing everything with everything would
//! take many minutes, and what does not come to an end in two is stopped.

mod support;

use std::fmt::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use support::{Folder, TODAY};

const TOO_LONG: Duration = Duration::from_secs(120);

/// A site with these settings, and one article.
fn site(settings: &str, front_matter: &str, text: &str) -> Folder {
    let settings = format!("title = \"T\"\nbase_url = \"https://health.example\"\n{settings}");
    let article = format!("+++\ntitle = \"A\"\ndescription = \"d\"\nkind = \"page\"\n{front_matter}\n+++\n{text}");
    Folder::new().file("site.toml", settings).file("articles/g/a.md", article)
}

/// The same text for each number, one after the other.
fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut all, number| {
        writeln!(all, "{}", text(number)).expect("a text grows");
        all
    })
}

/// The program comes to an end, whatever it finds.
fn comes_to_an_end(site: &Folder, arguments: &[&str]) {
    let mut program = site.galen(["check", "--as-of", TODAY]).args(arguments).start();
    let started = Instant::now();
    while program.try_wait().expect("the program runs").is_none() {
        if started.elapsed() > TOO_LONG {
            program.kill().expect("the program can be stopped");
            panic!("{arguments:?} takes too long");
        }
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn links_that_lead_nowhere() {
    let links = each(50, |number| format!("[x](/g/sotry-of-the-leg-{number}) [y](stroy-of-the-arm-{number}.md)"));
    let site = (0..2_000).fold(site("", "", ""), |site, number| {
        let text = format!("+++\ntitle = \"A {number}\"\ndescription = \"d {number}\"\nkind = \"page\"\n+++\n");
        let text = if number < 100 { text + &links } else { text };
        site.file(&format!("articles/g/story-of-the-leg-{number}.md"), text)
    });
    comes_to_an_end(&site, &["--format", "json"]);
}

#[test]
fn names_of_terms() {
    let term = |term: usize| {
        let names: Vec<String> = (0..1_000).map(|name| format!("\"Name {name} of {term}\"")).collect();
        format!("+++\ntitle = \"Term {term}\"\nsynonyms = [{}]\n+++\nx\n", names.join(", "))
    };
    let site = (0..80)
        .fold(site("", "", ""), |site, number| site.file(&format!("data/glossary/all/term-{number}.md"), term(number)));
    comes_to_an_end(&site, &[]);
}

#[test]
fn redirects_of_redirects() {
    let chain = each(30_000, |number| format!("\"/r{number}\" = \"/r{}\"", number + 1));
    comes_to_an_end(&site(&format!("[redirects]\n{chain}"), "", ""), &["--format", "json"]);
}

#[test]
fn findings_in_one_text() {
    let site = site("", "", &each(30_000, |number| format!("a <b> {number}\n")));
    comes_to_an_end(&site, &[]);
    comes_to_an_end(&site, &["--format", "json"]);
}

#[test]
fn long_lists_of_ids() {
    let ids = |what: &str| each(30_000, |number| format!("\"{what}{number}\","));
    let sources = each(10_000, |number| format!("[[source]]\nid = \"s{number}\"\ntitle = \"S {number}\""));
    let front_matter = format!("tags = [{}]\nreviewer = [{}]\n{sources}", ids("t"), ids("p"));
    let text = each(10_000, |number| format!("a[^s{number}] b[^u{number}] c[^n{number}]\n\n[^n{number}]: d\n"));
    comes_to_an_end(&site("", &front_matter, &text), &["--format", "json"]);
}

#[test]
fn blocks_and_headings() {
    let text = each(8_000, |_| "> [!URGENT] a\n> b\n\n> [!PROMO] x\n\n## Heading\n\n[x](#headnig)\n".to_owned());
    comes_to_an_end(&site("", "", &text), &["--format", "json"]);
}

#[test]
fn marks_that_never_close() {
    for marks in ["{{", "{%", "{#", "{", "{% raw %}{%"] {
        let site = site("", "", "").file("templates/partials/own.html", marks.repeat(100_000));
        comes_to_an_end(&site, &["--format", "json"]);
    }
    for mark in ["\"", "'"] {
        comes_to_an_end(&site("", &format!("a = {}", mark.repeat(1_000_001)), ""), &[]);
    }
}
