//! A site held in memory shows an edit at once, and after linking anew is what a build from nothing gives.

mod support;

use std::fs;

use galen::output::Tree;
use galen::project::{Diagnostic, Project};
use galen::{Options, Preview, Reach, build};
use support::Folder;

fn options() -> Options {
    Options { as_of: jiff::civil::date(2026, 6, 15), drafts: true }
}

fn load(site: &Folder) -> Project {
    Project::load(site.path()).expect("the site can be read")
}

/// The paths of all articles.
fn articles(project: &Project) -> Vec<String> {
    let paths = project.sources.iter().map(|source| source.path.clone());
    paths.filter(|path| path.starts_with("articles/") && !path.ends_with("_section.md")).collect()
}

/// A page without what an edit changes later: the related topics.
fn without_related(page: &str) -> String {
    let Some((before, rest)) = page.split_once("<section id=\"related\"") else { return page.to_owned() };
    let after = rest.split_once("</section>").map_or("", |(_, after)| after);
    format!("{before}{after}")
}

fn page(output: &galen::output::Output, path: &str) -> Option<String> {
    output.read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Both show the same files and find the same faults.
fn assert_same(preview: &Preview, site: &Folder, why: &str) {
    let project = load(site);
    let built = build(&project, options());
    // The pieces of the search index are made once somebody asks for them, and are in no list before.
    let is_piece = |path: &&String| path.starts_with("search-index/");
    let listed: Vec<&String> = built.value.paths().iter().filter(|path| !is_piece(path)).collect();
    assert_eq!(preview.output().paths().iter().collect::<Vec<_>>(), listed, "{why}");
    assert_eq!(preview.output().read("search-index/none.json"), None);
    for path in built.value.paths() {
        assert_eq!(page(preview.output(), path), page(&built.value, path), "{why}: {path}");
        assert!(preview.output().has(path), "{why}: {path}");
    }
    let texts = |found: &[Diagnostic]| found.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>();
    assert_eq!(texts(&preview.diagnostics()), texts(&built.diagnostics), "{why}");
}

#[test]
fn an_edited_text_is_on_its_page_at_once_and_everywhere_once_linked_anew() {
    for site in [Folder::site("everything"), Folder::demonstration()] {
        let project = load(&site);
        let mut preview = Preview::new(project.clone(), options());
        assert_same(&preview, &site, "before any edit");
        let mut shown = 0;
        for path in articles(&project) {
            let text = fs::read_to_string(site.path().join(&path)).expect("the article can be read");
            let text = text
                + "\n## A new part\n\nSee [home](/), [nothing](gone.md) and aching calves.\n\n> [!URGENT] Now\n> Go.\n";
            fs::write(site.path().join(&path), &text).expect("the article can be written");
            let before: Vec<Option<String>> =
                preview.output().paths().iter().map(|path| page(preview.output(), path)).collect();
            let reach = preview.edit(&path, &text);
            let built = build(&load(&site), options());
            for (file, before) in preview.output().paths().iter().zip(before) {
                let (Some(now), Some(wanted)) = (page(preview.output(), file), page(&built.value, file)) else {
                    continue;
                };
                let is_its_own = wanted.contains("A new part") && before.as_deref() != Some(now.as_str());
                if file.ends_with(".html") && reach == Reach::Page && is_its_own {
                    shown += 1;
                    assert_eq!(without_related(&now), without_related(&wanted), "{path}: {file}");
                }
            }
            preview = preview.again();
        }
        assert!(shown > 2, "only {shown} pages showed their edit at once");
        assert_same(&preview, &site, "after all edits");
    }
}

#[test]
fn an_edit_of_front_matter_waits_for_the_whole_site() {
    let site = Folder::site("minimal");
    let project = load(&site);
    let path = articles(&project).remove(0);
    let text = fs::read_to_string(site.path().join(&path)).expect("the article can be read");
    let text = text.replacen("title = \"", "title = \"New: ", 1);
    fs::write(site.path().join(&path), &text).expect("the article can be written");
    let mut preview = Preview::new(project, options());
    assert_eq!(preview.edit(&path, &text), Reach::Nothing);
    assert_same(&preview.again(), &site, "after linking anew");
    assert_eq!(preview.edit("articles/no-such.md", &text), Reach::Nothing);
}

#[test]
fn what_is_wrong_with_an_edited_text_is_told_at_once() {
    let site = Folder::site("minimal");
    let project = load(&site);
    let path = articles(&project).remove(0);
    let text = fs::read_to_string(site.path().join(&path)).expect("the article can be read");
    let mut preview = Preview::new(project, options());
    let told = |preview: &Preview| {
        preview.diagnostics().iter().filter(|found| found.message.contains("no-such-file.md")).count()
    };
    preview.edit(&path, &format!("{text}\n[broken](no-such-file.md)\n"));
    assert_eq!(told(&preview), 1);
    preview.edit(&path, &format!("{text}\n\n\n[broken](no-such-file.md)\n"));
    assert_eq!(told(&preview), 1);
    preview.edit(&path, &text);
    assert_eq!(told(&preview), 0);
}
