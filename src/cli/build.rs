//! `galen build` and `galen check`: load, build, tell, and write or not.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use galen::output::{Disk, Outcome, Output, Packing, Pictures, Store, Tree, WithTwins, WriteOptions, Written, write};
use galen::project::{Diagnostic, Level, Project, Settings};
use galen::report::{Format, report};
use galen::{Options, Phase, build_once, findings, on_workers};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::civil::Date;

use super::Terminal;

/// Builds shorter than this need no progress bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// The day of the build, and whether the gate is open.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub as_of: Date,
    pub drafts: bool,
}

/// A site that was loaded and built, with the time that took.
pub(super) struct Built {
    pub project: Project,
    pub output: Output,
    pub diagnostics: Vec<Diagnostic>,
    pub times: Times,
}

impl Built {
    /// Adds what was noticed while the files were made, and has the lines of all findings at hand.
    fn find(&mut self) {
        self.diagnostics.extend(findings(&self.output, &self.project));
        self.project.recall(&self.diagnostics);
    }
}

/// When the work began and how long each part took.
pub(super) struct Times {
    began: Instant,
    last: Instant,
    parts: Vec<(&'static str, Duration)>,
}

impl Times {
    fn new() -> Self {
        let now = Instant::now();
        Self { began: now, last: now, parts: Vec::new() }
    }

    fn ended(&mut self, part: &'static str) {
        let now = Instant::now();
        self.parts.push((part, now - self.last));
        self.last = now;
    }
}

/// Loads and builds a site. It lives as long as the process does: to take apart what the system takes back at once would
/// only keep people waiting.
pub(super) fn load(root: &Path, day: Day) -> anyhow::Result<&'static mut Built> {
    let mut times = Times::new();
    let options = Options { as_of: day.as_of, drafts: day.drafts };
    let (mut project, checked) = build_once(root, options, &mut |phase| {
        times.ended(match phase {
            Phase::Parse => "read and parse",
            Phase::Link => "link",
            Phase::Rules => "rules",
            Phase::Search => "search",
            Phase::Pages => "pages",
        });
    })?;
    project.recall(&checked.diagnostics);
    Ok(Box::leak(Box::new(Built { project, output: checked.value, diagnostics: checked.diagnostics, times })))
}

/// `galen build`.
pub(super) fn build(root: &Path, out: &Path, day: Day, durable: bool, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    refuse_sources(root, out)?;
    let built = load(root, day)?;
    let pictures = pictures(built, root, terminal)?;
    let tree = WithTwins::new(&built.output, &packings(&built.project.settings));
    let progress = Progress::new(tree.paths().len(), "files", terminal);
    let made = |count| progress.made(count);
    // With errors nothing is written, but every page is still made: what is wrong with any of them is told now.
    let outcome = if has_errors(&built.diagnostics) {
        on_workers(|| built.output.make_all(&made));
        Outcome::Refused
    } else {
        on_workers(|| write(&tree, out, &Disk::new(), WriteOptions { durable }, &made))?
    };
    progress.finish();
    built.times.ended("render and write");
    built.find();
    tell(&built.project, &built.diagnostics, terminal)?;
    match outcome {
        Outcome::Written(written) => {
            terminal.say(&summary(built))?;
            terminal.say(&written_summary(out, written))?;
            pictures_summary(&pictures, terminal)?;
            if let Err(error) = built.output.prune_pictures() {
                terminal.say(&format!("old pictures are still kept: {error:#}"))?;
            }
            times(&built.times, terminal)?;
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Refused => {
            terminal.say(&format!("{}; {} is as it was", counted(&built.diagnostics), out.display()))?;
            Ok(ExitCode::from(1))
        }
    }
}

/// Makes the smaller pictures that were not made before.
fn pictures(built: &mut Built, root: &Path, terminal: &Terminal) -> anyhow::Result<Pictures> {
    let progress = Progress::new(built.output.picture_count(), "pictures", terminal);
    let store = Arc::new(Store::of(root, Disk::new()));
    let pictures = on_workers(|| built.output.make_pictures(&store, &|count| progress.made(count)))?;
    progress.finish();
    built.times.ended("pictures");
    built.find();
    Ok(pictures)
}

/// What was made of pictures; nothing where nothing was.
fn pictures_summary(pictures: &Pictures, terminal: &Terminal) -> anyhow::Result<()> {
    if pictures.made > 0 {
        terminal.say(&format!("pictures: {} made, {} there already", pictures.made, pictures.kept))?;
    }
    if let Some(why) = &pictures.unkept {
        terminal.say(&format!("the pictures will have to be made again: {why}"))?;
    }
    Ok(())
}

/// How the site's texts are to be packed.
fn packings(settings: &Settings) -> Vec<Packing> {
    let wanted = [(settings.gzip, Packing::Gzip), (settings.brotli, Packing::Brotli)];
    wanted.into_iter().filter_map(|(is_wanted, packing)| is_wanted.then_some(packing)).collect()
}

/// The output would be content of the next build, or the sources would go with the old output.
fn refuse_sources(root: &Path, out: &Path) -> anyhow::Result<()> {
    let root = root.canonicalize().with_context(|| format!("cannot find {}", root.display()))?;
    let absolute = std::path::absolute(out).with_context(|| format!("cannot tell where {} is", out.display()))?;
    // As much of the way as exists is followed; the rest cannot be a link.
    let existing = absolute.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let target = match existing {
        Some((above, real)) => absolute.strip_prefix(above).map_or_else(|_| real.clone(), |rest| real.join(rest)),
        None => absolute.clone(),
    };
    let is_source = |folder: &str| target.starts_with(root.join(folder));
    if ["articles", "data", "static", "templates"].into_iter().any(is_source) || root.starts_with(&target) {
        anyhow::bail!("cannot write {}: it lies among the sources of the site; choose another --out", out.display());
    }
    Ok(())
}

/// `galen check`.
pub(super) fn check(root: &Path, day: Day, json: bool, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let built = load(root, day)?;
    pictures(built, root, terminal)?;
    let progress = Progress::new(built.output.paths().len(), "files", terminal);
    on_workers(|| built.output.make_all(&|count| progress.made(count)));
    progress.finish();
    built.times.ended("render");
    built.find();
    if json {
        let mut out = io::stdout().lock();
        report(&mut out, &built.project, &built.diagnostics, Format::Json)
            .context("cannot write to standard output")?;
    } else {
        tell(&built.project, &built.diagnostics, terminal)?;
        terminal.say(&summary(built))?;
        terminal.say(&counted(&built.diagnostics))?;
        times(&built.times, terminal)?;
    }
    Ok(ExitCode::from(u8::from(has_errors(&built.diagnostics))))
}

fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
}

/// Findings on standard error.
pub(super) fn tell(project: &Project, diagnostics: &[Diagnostic], terminal: &Terminal) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stderr().lock());
    report(&mut out, project, diagnostics, Format::Human { color: terminal.color })
        .and_then(|()| out.flush())
        .context("cannot write to standard error")
}

/// How many errors, warnings and notes there are.
fn counted(diagnostics: &[Diagnostic]) -> String {
    let count = |level| diagnostics.iter().filter(|diagnostic| diagnostic.level == level).count();
    let named = |count: usize, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let notes = count(Level::Note);
    let mut text = format!("{}, {}", named(count(Level::Error), "error"), named(count(Level::Warning), "warning"));
    if notes > 0 {
        text.push_str(&format!(", {}", named(notes, "note")));
    }
    text
}

/// What the site holds: pages, and articles per state.
fn summary(built: &Built) -> String {
    let states = built.output.site().states();
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    let articles =
        if states.is_empty() { "no articles".to_owned() } else { format!("articles: {}", states.join(", ")) };
    format!("{} pages; {articles}", built.output.page_count())
}

fn written_summary(out: &Path, written: Written) -> String {
    if !written.swapped {
        return format!("{} is up to date ({} files)", out.display(), written.unchanged);
    }
    let mut text =
        format!("wrote {}: {} files new or changed, {} unchanged", out.display(), written.made, written.unchanged);
    if written.removed > 0 {
        text.push_str(&format!(", {} removed", written.removed));
    }
    text
}

fn times(times: &Times, terminal: &Terminal) -> anyhow::Result<()> {
    if terminal.verbose {
        for (part, time) in &times.parts {
            terminal.say(&format!("{part:>18} {:>9.1} ms", time.as_secs_f64() * 1e3))?;
        }
        terminal.say(&format!(
            "{:>18} {:>9.1} ms",
            "whole",
            times.last.duration_since(times.began).as_secs_f64() * 1e3
        ))?;
    }
    Ok(())
}

/// A bar on the terminal for builds that take longer than a moment.
struct Progress {
    bar: ProgressBar,
    began: Instant,
    done: AtomicUsize,
}

impl Progress {
    fn new(steps: usize, of: &str, terminal: &Terminal) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden());
        if terminal.is_terminal && !terminal.quiet {
            let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}} of {{len}} {of}"))
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style);
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
        Self { bar, began: Instant::now(), done: AtomicUsize::new(0) }
    }

    fn made(&self, count: usize) {
        let done = self.done.fetch_add(count, Ordering::Relaxed) + count;
        if self.began.elapsed() > PATIENCE {
            self.bar.set_position(done as u64);
        }
    }

    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
