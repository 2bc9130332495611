//! `galen init`: a new site that builds at once. Never touches a file that exists.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use jiff::civil::Date;

use super::{Terminal, create};

/// The files of a new site; `{today}` stands for the day. Nothing is scheduled, so the site can be built as of any other.
const FILES: [(&str, &str); 9] = [
    ("site.toml", include_str!("skeleton/site.toml")),
    (".gitignore", "/public\n"),
    ("articles/about.md", include_str!("skeleton/about.md")),
    ("articles/guides/_section.md", include_str!("skeleton/_section.md")),
    ("articles/guides/first-article.md", include_str!("skeleton/first-article.md")),
    ("data/people/ada-example.md", include_str!("skeleton/ada-example.md")),
    ("data/people/bo-example.md", include_str!("skeleton/bo-example.md")),
    ("data/tags.toml", include_str!("skeleton/tags.toml")),
    ("data/emergency.toml", include_str!("skeleton/emergency.toml")),
];

/// Makes a site in `folder`.
pub(super) fn init(folder: &Path, today: Date, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let existing: Vec<&str> = FILES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| *path != ".gitignore" && folder.join(path).symlink_metadata().is_ok())
        .collect();
    if let Some(path) = existing.first() {
        bail!("{} exists already; choose an empty folder: galen init my-site", folder.join(path).display());
    }
    for (path, text) in FILES {
        let file = folder.join(path);
        if path == ".gitignore" && file.symlink_metadata().is_ok() {
            continue;
        }
        create(&file, &text.replace("{today}", &today.to_string()))?;
    }
    let place = if folder == Path::new(".") { "here".to_owned() } else { format!("in {}", folder.display()) };
    terminal.say(&format!(
        "made a site {place}; next: set `title` and `base_url` in its site.toml, then run `galen build --root {}`",
        folder.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
