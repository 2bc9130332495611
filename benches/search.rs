//! `cargo bench --bench search -- [ARTICLES…]`: builds sites of so many articles (10,000 by default) without and with the
//! reader's search, and prints what the index adds: time, files, bytes; and, where Node is, what a first search fetches as gzip and how many known
//! items it finds.

#![allow(clippy::print_stdout, reason = "a table on standard output is all that it makes")]

#[allow(dead_code, reason = "this writes sites for Galen alone")]
mod corpus;
#[allow(dead_code, reason = "time alone is told here")]
mod measure;

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use measure::{Measured, measure};
use serde_json::Value;
use walkdir::WalkDir;

const ROUNDS: usize = 3;

fn main() -> io::Result<()> {
    let arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let sizes: Vec<usize> = arguments.map(|size| size.parse().map_err(io::Error::other)).collect::<io::Result<_>>()?;
    for size in if sizes.is_empty() { vec![10_000] } else { sizes } {
        compare(size)?;
    }
    Ok(())
}

fn compare(articles: usize) -> io::Result<()> {
    let base = env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join(format!("search-{articles}"));
    let (site, out) = (folder.join("site"), folder.join("out"));
    remove(&folder)?;
    corpus::write_site(&site, articles, "[search]\nindex = false")?;
    println!("\n{articles} articles");
    let without = fastest(&site, &out)?;
    let settings = site.join("site.toml");
    fs::write(&settings, fs::read_to_string(&settings)?.replace("index = false", "index = true"))?;
    let with = fastest(&site, &out)?;
    let seconds = |measured: &Measured| measured.wall.as_secs_f64();
    println!("cold build without search {:8.2} s", seconds(&without));
    println!("cold build with search    {:8.2} s", seconds(&with));
    println!("the index adds            {:8.0} %", (seconds(&with) / seconds(&without) - 1.0) * 100.0);
    println!("  of processor time       {:8.0} %", (with.cpu.as_secs_f64() / without.cpu.as_secs_f64() - 1.0) * 100.0);
    println!("  of memory               {:8.1} MB", (with.peak as f64 - without.peak as f64) / 1e6);
    let files: Vec<u64> = WalkDir::new(out.join("search-index"))
        .into_iter()
        .filter_map(Result::ok)
        .filter_map(|entry| entry.metadata().ok().filter(fs::Metadata::is_file))
        .map(|file| file.len())
        .collect();
    println!("pieces                    {:8}", files.len());
    println!("bytes                     {:8}", files.iter().sum::<u64>());
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/find.mjs");
    match Command::new("node").arg(driver).arg("known").arg(&out).arg(&site).output() {
        Ok(run) => {
            println!("{}", table(&run.stdout).ok_or_else(|| io::Error::other(String::from_utf8_lossy(&run.stderr)))?)
        }
        Err(error) => println!("no searches: Node does not start: {error}"),
    }
    remove(&folder)
}

/// What the driver told, as rows.
fn table(told: &[u8]) -> Option<String> {
    let told: Value = serde_json::from_slice(told).ok()?;
    let number = |value: &Value| value.as_f64().unwrap_or(0.0);
    let found = [
        ("titles", "titles with one mistake"),
        ("headings", "headings"),
        ("anchors", "  and led right to them"),
        ("names", "other names of terms and tags"),
    ];
    let found = found.map(|(key, name)| {
        let share = 100.0 * number(&told[key][0]) / number(&told[key][1]);
        format!("{name:<32}{share:6.1} % of {:4} among the first three", told[key][1])
    });
    let bytes = told["bytes"].as_object()?.iter().map(|(kind, bytes)| {
        let kilobytes = [&bytes[0], &bytes[1]].map(|bytes| number(bytes) / 1e3);
        format!("first search, {kind:<18}{:6.1} kB in the middle, {:6.1} kB at most", kilobytes[0], kilobytes[1])
    });
    Some(found.into_iter().chain(bytes).collect::<Vec<_>>().join("\n"))
}

/// The fastest of some cold builds.
fn fastest(site: &Path, out: &Path) -> io::Result<Measured> {
    let galen = PathBuf::from(env!("CARGO_BIN_EXE_galen"));
    let mut best: Option<Measured> = None;
    for _ in 0..ROUNDS {
        remove(out)?;
        let arguments = ["build".as_ref(), "--root".as_ref(), site.as_ref(), "--out".as_ref(), out.as_ref()];
        let measured = measure(&galen, &arguments)?;
        if best.as_ref().is_none_or(|best| measured.wall < best.wall) {
            best = Some(measured);
        }
    }
    best.ok_or_else(|| io::Error::other("nothing was measured"))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
