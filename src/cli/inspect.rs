//! `galen inspect`: what Galen knows of one article.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use galen::describe;
use galen::output::Output;

use super::Terminal;
use super::build::{Day, load};

/// Prints address, state, links, backlinks and related topics of an article, named by id or path.
pub(super) fn inspect(root: &Path, article: &str, day: Day, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let built = load(root, day)?;
    let site = Output::site(&built.output);
    let Some(text) = describe(site, article) else {
        super::build::tell(&built.project, &built.diagnostics, terminal)?;
        match galen::project::nearest(article, galen::article_ids(site)) {
            Some(near) => bail!("there is no article `{article}`; did you mean `{near}`?"),
            None => bail!("there is no article `{article}`; an article's id is its file name without `.md`"),
        }
    };
    io::stdout().write_all(text.as_bytes()).context("cannot write to standard output")?;
    Ok(ExitCode::SUCCESS)
}
