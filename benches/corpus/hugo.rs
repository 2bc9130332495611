//! Writes a site of the corpus once more, as a site for Hugo: the same texts, with the theme of benches/hugo. Measures nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::{CATEGORIES, PEOPLE, SECTIONS, TAGS};

/// Writes what `site` holds, which [`super::write_site`] wrote, into `root` in the way Hugo reads it.
pub(crate) fn write_site(site: &Path, root: &Path) -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&here.join("benches/hugo"), root)?;
    copy(&here.join("static"), &root.join("static"))?;
    copy(&site.join("data/glossary"), &root.join("content/glossary"))?;
    fs::create_dir_all(root.join("data"))?;
    fs::copy(site.join("data/sources.toml"), root.join("data/sources.toml"))?;
    write_lists(site, root)?;
    files(&site.join("articles"))?.into_par_iter().filter(|file| !file.ends_with("_section.md")).try_for_each(|file| {
        let below = file.strip_prefix(site.join("articles")).map_err(io::Error::other)?;
        let section = below.parent().unwrap_or(below).to_string_lossy();
        let text = article(&fs::read_to_string(&file)?, &section).ok_or_else(|| io::Error::other("no article"))?;
        fs::write(root.join("content").join(below), text)
    })
}

/// The pages that Hugo makes lists of articles from: sections, categories, tags and people.
fn write_lists(site: &Path, root: &Path) -> io::Result<()> {
    let write = |folder: &str, text: &str| {
        let folder = root.join("content").join(folder);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("_index.md"), text)
    };
    for section in 0..SECTIONS {
        write(
            &format!("section-{section}"),
            &format!("+++\ntitle = \"Section {section}\"\ndescription = \"Articles of section {section}.\"\n+++\n"),
        )?;
        for category in 0..CATEGORIES {
            write(
                &format!("categories/section-{section}-category-{category}"),
                &format!(
                    "+++\ntitle = \"Category {category}\"\nwithin = \"/section-{section}\"\noutputs = [\"html\"]\n+++\n"
                ),
            )?;
        }
    }
    for tag in 0..TAGS {
        write(&format!("tags/tag-{tag}"), &format!("+++\ntitle = \"Tag {tag}\"\n+++\n"))?;
    }
    for person in 0..PEOPLE {
        let text = fs::read_to_string(site.join(format!("data/people/person-{person}.md")))?;
        let title = format!("+++\ntitle = \"Person Number{person}, MD\"\n");
        write(&format!("people/person-{person}"), &text.replacen("+++\n", &title, 1))?;
    }
    Ok(())
}

/// An article's text for Hugo: taxonomies and the order of its sources in the front matter, the end of the lead marked, links to
/// the pages' own addresses and a footnote for each citation.
fn article(text: &str, section: &str) -> Option<String> {
    let (front, body) = text.strip_prefix("+++\n")?.split_once("+++\n\n")?;
    let value =
        |key: &str| front.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"'));
    let (lead, rest) = body.split_once("\n\n")?;
    // Sources in the order of their first citation.
    let mut sources: Vec<&str> = Vec::new();
    for cited in rest.split("[^").skip(1) {
        let id = cited.split_once(']')?.0;
        if !sources.contains(&id) {
            sources.push(id);
        }
    }
    let footnotes: String = sources.iter().map(|id| footnote(id)).collect();
    let rest = rest.replace(".md)", ".html)");
    Some(format!(
        "+++\ncategories = [\"{section}-{}\"]\npeople = [\"{}\", \"{}\"]\nsources = {sources:?}\n{front}+++\n\n{lead}\n\n<!--more-->\n\n{rest}\n{footnotes}",
        value("category")?,
        value("author")?,
        value("reviewer")?,
    ))
}

/// What data/sources.toml says of a source, as a footnote.
fn footnote(id: &str) -> String {
    let number = id.trim_start_matches("source-");
    format!("[^{id}]: [Source {number}](https://source.example/{number}) Publisher\n")
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from).map_err(io::Error::other)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&file, target)?;
    }
    Ok(())
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.map_err(io::Error::from));
    entries
        .filter(|entry| entry.as_ref().map_or(true, |entry| entry.file_type().is_file()))
        .map(|entry| entry.map(walkdir::DirEntry::into_path))
        .collect()
}
