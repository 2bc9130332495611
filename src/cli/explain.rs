//! `galen explain`: the manual page of a code, or the list of all codes.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, bail};
use galen::project::{Code, nearest};

/// Prints what a code means.
pub(super) fn explain(name: Option<&str>) -> anyhow::Result<ExitCode> {
    let text = match name {
        None => list(),
        Some(name) => match Code::from_name(name) {
            Some(code) => page(code),
            None => match nearest(name, Code::ALL.iter().map(|code| code.name())) {
                Some(near) => bail!("there is no code `{name}`; did you mean `{near}`?"),
                None => bail!("there is no code `{name}`; `galen explain` lists all"),
            },
        },
    };
    io::stdout().write_all(text.as_bytes()).context("cannot write to standard output")?;
    Ok(ExitCode::SUCCESS)
}

fn list() -> String {
    Code::ALL
        .iter()
        .map(|code| format!("{:<24} {:<8} {}\n", code.name(), code.level().name(), code.summary().trim()))
        .collect()
}

fn page(code: Code) -> String {
    let level = code.level().name();
    let lowerable = if code.is_rule() {
        format!(
            "Level: {level}. A site changes it in site.toml: `[rules]` with `{} = \"off\"`, \"note\", \"warning\" or \"error\".",
            code.name()
        )
    } else {
        format!("Level: {level}. It is fixed.")
    };
    format!("{}\n{lowerable}\n", code.manual().trim_end().to_owned() + "\n")
}
