//! The command line: the list of all that the program does. Everything else is in the library.
//!
//! Exit codes: 0 clean or with warnings, 1 the content holds an error, 2 the environment or the command line is at fault.

mod build;
mod explain;
mod init;
mod inspect;
mod new;
mod serve;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

/// A static site generator for health content.
///
/// Write Markdown articles with TOML front matter; Galen checks them, links them and makes a static site of them.
/// `galen init` makes a first site, `galen build` puts it into public/.
#[derive(Parser)]
#[command(name = "galen", version, max_term_width = 100, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// What every command takes.
#[derive(clap::Args)]
struct Common {
    /// Folder of the site [default: the nearest folder with a site.toml, from here upwards].
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Day of the build, which decides what is published [default: today in UTC].
    #[arg(long, global = true, value_name = "YYYY-MM-DD", value_parser = parse_date)]
    as_of: Option<Date>,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    /// Say nothing but findings and failures.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: the time each phase took.
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new site that builds at once.
    Init {
        /// Where to make it.
        #[arg(default_value = ".", value_name = "DIR")]
        folder: PathBuf,
    },
    /// Make a new article with its front matter filled in.
    New {
        /// Section and file name: symptoms-guide/aching-legs.
        #[arg(value_name = "SECTION/SLUG")]
        article: String,
    },
    /// Build the site into public/, all or nothing.
    Build {
        /// The output folder, relative to here [default: public/ in the site's folder].
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Show drafts, scheduled, expired and unreviewed articles, every page marked noindex.
        #[arg(long)]
        drafts: bool,
        /// Flush everything to the disk before the new site takes the old one's place, against a loss of power.
        #[arg(long)]
        durable: bool,
    },
    /// Preview the site in a browser while you write: every saved change shows by itself, mistakes beside the page.
    Serve {
        /// The port on this machine; if it is in use, the next free one.
        #[arg(long, default_value_t = 4040, value_name = "PORT")]
        port: u16,
        /// Open the preview in your browser.
        #[arg(long)]
        open: bool,
        /// Show drafts, scheduled, expired and unreviewed articles, each with a ribbon that says so.
        #[arg(long)]
        drafts: bool,
    },
    /// Say everything that build would say, and write nothing.
    Check {
        /// How findings are written: human on standard error, json on standard output.
        #[arg(long, value_enum, default_value_t = Format::Human)]
        format: Format,
        /// Check drafts, scheduled, expired and unreviewed articles as if they were published.
        #[arg(long)]
        drafts: bool,
    },
    /// Print what Galen knows of one article: address, state, links, related topics with their scores.
    Inspect {
        /// Its id or its path.
        #[arg(value_name = "ARTICLE")]
        article: String,
        /// Look at drafts too.
        #[arg(long)]
        drafts: bool,
    },
    /// Explain a code of a finding, with an example; without one, list all.
    Explain {
        /// The code: broken-link.
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

fn parse_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day like 2026-01-31".to_owned())
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to hear of a failure to say so.
            let _ = writeln!(anstream::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whoever reads our output may stop reading.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::new(&arguments.common);
    let common = &arguments.common;
    match arguments.command {
        Command::Init { folder } => init::init(&init_folder(common, folder), today(common), &terminal),
        Command::New { article } => new::new(&root(common)?, &article, today(common), &terminal),
        Command::Build { out, drafts, durable } => {
            let root = root(common)?;
            let out = out.unwrap_or_else(|| root.join("public"));
            build::build(&root, &out, build::Day { as_of: today(common), drafts }, durable, &terminal)
        }
        Command::Serve { port, open, drafts } => {
            // A folder that was named need not hold a site yet: the preview waits for it.
            let root = common.root.clone().map_or_else(|| root(common), Ok)?;
            serve::serve(serve::Wanted { root, port, open, as_of: common.as_of, drafts }, &terminal)
        }
        Command::Check { format, drafts } => {
            build::check(&root(common)?, build::Day { as_of: today(common), drafts }, format == Format::Json, &terminal)
        }
        Command::Inspect { article, drafts } => {
            inspect::inspect(&root(common)?, &article, build::Day { as_of: today(common), drafts }, &terminal)
        }
        Command::Explain { code } => explain::explain(code.as_deref()),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "galen", &mut script);
            io::stdout().write_all(&script).context("cannot write to standard output")?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// How much may be said, and how.
struct Terminal {
    color: bool,
    quiet: bool,
    verbose: bool,
    is_terminal: bool,
}

impl Terminal {
    fn new(common: &Common) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let color = match common.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        };
        Self { color, quiet: common.quiet, verbose: common.verbose, is_terminal }
    }

    /// Says something on standard error, unless asked to be quiet.
    fn say(&self, text: &str) -> anyhow::Result<()> {
        if self.quiet { Ok(()) } else { writeln!(io::stderr(), "{text}").context("cannot write to standard error") }
    }
}

fn today(common: &Common) -> Date {
    common.as_of.unwrap_or_else(|| jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date())
}

/// Where `init` makes a site: below `--root`, which need not hold one yet.
fn init_folder(common: &Common, folder: PathBuf) -> PathBuf {
    common.root.as_ref().map_or_else(|| folder.clone(), |root| root.join(&folder))
}

/// The site's folder: as told, or the nearest one with a site.toml.
fn root(common: &Common) -> anyhow::Result<PathBuf> {
    if let Some(root) = &common.root {
        if !root.join("site.toml").is_file() {
            bail!("there is no file `site.toml` in {}; `galen init {0}` makes a site there", root.display());
        }
        return Ok(root.clone());
    }
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    let found = here.ancestors().find(|folder| folder.join("site.toml").is_file());
    match found {
        Some(root) => Ok(root.to_owned()),
        None => bail!(
            "there is no file `site.toml` in {} or above; `galen init` makes a site here, `--root DIR` names one",
            here.display()
        ),
    }
}

/// Writes a new file, never over an old one.
fn create(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut file = std::fs::File::create_new(path).with_context(|| format!("cannot create {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}
