//! `galen new`: a new article with its front matter filled in. Never touches a file that exists.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use galen::project::Address;
use jiff::civil::Date;

use super::{Terminal, create};

/// Makes `articles/SECTION/SLUG.md`, a draft.
pub(super) fn new(root: &Path, article: &str, today: Date, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    if article.ends_with('/') {
        bail!("name the article behind its section: galen new {article}aching-legs");
    }
    let article = article.strip_suffix(".md").unwrap_or(article).trim_start_matches('/');
    let address = Address::parse(&format!("/{article}"))
        .map_err(|why| anyhow::anyhow!("`{article}` cannot be an article: {why}"))?;
    let Some(name) = address.as_str().rsplit('/').next().filter(|name| !name.is_empty()) else {
        bail!("name the article: galen new symptoms-guide/aching-legs");
    };
    if address.as_str().split('/').any(|segment| segment.starts_with(['.', '_', '#']) || segment.ends_with('~')) {
        bail!("`{article}` cannot be an article: files with such names are passed over");
    }
    let path = root.join("articles").join(format!("{}.md", &address.as_str()[1..]));
    if path.exists() {
        bail!("{} exists already", path.display());
    }
    create(&path, &text(name, first(&root.join("data/people"))?, &first_label(root)?, today))?;
    terminal.say(&format!("made {}, a draft: take out `draft = true` to publish it", path.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The id of the first person of the site, as a start.
fn first(folder: &Path) -> anyhow::Result<Option<String>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".md")?.to_owned())).collect();
    names.sort();
    Ok(names.into_iter().next())
}

/// The first category of the site, as a start.
fn first_label(root: &Path) -> anyhow::Result<Option<String>> {
    let file = root.join("data/categories.toml");
    if !file.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text
        .lines()
        .find_map(|line| Some(line.trim().strip_prefix('[')?.strip_suffix(']')?.trim_matches('"').to_owned())))
}

fn text(name: &str, author: Option<String>, category: &Option<String>, today: Date) -> String {
    let title = title(name);
    let author = author.map_or_else(
        || "# author = \"…\"                 # the id of a file in data/people\n".to_owned(),
        |id| format!("author = \"{id}\"\n"),
    );
    let category = category.as_ref().map_or_else(String::new, |id| format!("category = \"{id}\"\n"));
    format!(
        "+++\ntitle = \"{title}\"\ndescription = \"…\"               # one or two sentences for cards and search engines\n{author}\
         # reviewer = \"…\"               # a clinician who is not an author\n# reviewed = {today}\n{category}tags = []\n\
         published = {today}\ndraft = true\ntakeaways = []\n\n\
         # [[faq]]\n# question = \"…?\"\n# answer = \"\"\"…\"\"\"\n+++\n\n\
         Say in two or three sentences what this article is about and whom it is for.\n\n\
         ## When to seek help\n\n> [!NON-URGENT] See a doctor if\n> - …\n"
    )
}

/// `aching-legs` as a title: `Aching legs`. What TOML would read as something else is escaped.
fn title(name: &str) -> String {
    let words = name.replace(['-', '_'], " ").replace('\\', "\\\\").replace('"', "\\\"");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
