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
    let files: Vec<u64> = WalkDir::new(out.join("search-index"))
        .into_iter()
        .filter_map(Result::ok)
        .filter_map(|entry| entry.metadata().ok().filter(fs::Metadata::is_file))
        .map(|file| file.len())
        .collect();
    println!("pieces                    {:8}", files.len());
    println!("bytes                     {:8}", files.iter().sum::<u64>());
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search/find.mjs");
    match Command::new("node").arg(driver).arg("known").arg(&out).output() {
        Ok(run) => println!("{}", String::from_utf8_lossy(&run.stdout).trim_end()),
        Err(error) => println!("no searches: Node does not start: {error}"),
    }
    remove(&folder)
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
