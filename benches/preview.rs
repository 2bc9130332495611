//! `cargo bench --bench preview -- [ARTICLES]`: what an editor waits for. From the save of one article until the preview shows it, in
//! Galen and, where it is found, in `hugo server`, in one run; and how long the first page of a started preview takes.
//!
//! `cargo bench --bench preview -- soak [MINUTES]`: the same preview under 500 requests at a time while files change, with its memory
//! after each minute. docs/performance.md says more.

#![allow(clippy::print_stdout, reason = "a table on standard output is all that it makes")]

mod corpus;

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

const EDITS: usize = 15;
/// Between two edits, so that each begins in peace.
const PEACE: Duration = Duration::from_millis(2_500);
const PATIENCE: Duration = Duration::from_secs(120);
const AT_A_TIME: usize = 500;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number =
        |at: usize, usual: usize| arguments.get(at).map_or(Ok(usual), |text| text.parse().map_err(io::Error::other));
    let base = env::var_os("BENCH_DIR").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = base.join("preview");
    let _ = fs::remove_dir_all(&folder);
    if arguments.first().is_some_and(|what| what == "soak") {
        soak(&folder, number(1, 5)?)?;
    } else {
        latency(&folder, number(0, 10_000)?)?;
    }
    fs::remove_dir_all(&folder)
}

/// A server that ends with the value.
struct Server {
    process: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn galen(site: &Path) -> io::Result<Server> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_galen"));
    command.args(["serve", "--port", "0", "--as-of", "2026-02-01", "--root"]).arg(site).stderr(Stdio::piped());
    let mut process = command.spawn()?;
    let told = process.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    let port = told
        .map_while(Result::ok)
        .find_map(|line| line.split_once("http://localhost:")?.1.split('/').next()?.parse().ok());
    let port = port.ok_or_else(|| io::Error::other("the preview did not say where it is"))?;
    Ok(Server { process, port })
}

fn hugo(program: &Path, site: &Path, cache: &Path) -> io::Result<Server> {
    const PORT: u16 = 41_313;
    let mut command = Command::new(program);
    command.args(["server", "--bind", "127.0.0.1", "--port", "41313", "--source"]).arg(site);
    command.arg("--cacheDir").arg(cache).arg("--noBuildLock").stdout(Stdio::piped()).stderr(Stdio::null());
    Ok(Server { process: command.spawn()?, port: PORT })
}

/// The body that a server answers with; nothing while there is none.
fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n").ok()?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).ok()?;
    Some(String::from_utf8_lossy(&reply).into_owned())
}

fn until(port: u16, path: &str, text: &str) -> io::Result<()> {
    let began = Instant::now();
    while !get(port, path).is_some_and(|page| page.contains(text)) {
        if began.elapsed() > PATIENCE {
            return Err(io::Error::other(format!("{path} never shows {text:?}")));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// The median times from a save until the browser is told, and until the served page has it.
fn edits(
    server: &Server,
    told: &Receiver<Instant>,
    file: impl Fn(usize) -> PathBuf,
    count: usize,
) -> io::Result<[Duration; 2]> {
    let mut times = [Vec::new(), Vec::new()];
    for index in 0..count {
        thread::sleep(PEACE);
        while told.try_recv().is_ok() {}
        let file = file(index);
        let (text, mark) = (fs::read_to_string(&file)?, format!("Saved as number {index}."));
        let path = corpus::article_path(index).replace("articles/", "/").replace(".md", ".html");
        let began = Instant::now();
        fs::write(&file, format!("{text}\n{mark}\n"))?;
        let event = told.recv_timeout(PATIENCE).map_err(|_| io::Error::other("nobody told of an edit"))?;
        until(server.port, &path, &mark)?;
        times[1].push(began.elapsed());
        times[0].push(event - began);
    }
    Ok(times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    }))
}

/// When events of Galen's preview came.
fn galen_events(port: u16) -> io::Result<Receiver<Instant>> {
    let (sender, receiver) = channel();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(stream, "GET /_galen/events HTTP/1.1\r\nhost: localhost:{port}\r\n\r\n")?;
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if line.starts_with("data: ") && sender.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

/// When Hugo was ready with an edit: it says so, and tells its browsers at the same time.
fn hugo_events(server: &mut Server) -> Receiver<Instant> {
    let (sender, receiver) = channel();
    let said = server.process.stdout.take().map(BufReader::new);
    thread::spawn(move || {
        for line in said.into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
            if line.starts_with("Total in") && sender.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    receiver
}

fn latency(folder: &Path, articles: usize) -> io::Result<()> {
    let site = folder.join("site");
    corpus::write_site(&site, articles, "[search]\nindex = false")?;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let mut build = Command::new(env!("CARGO_BIN_EXE_galen"));
    let told = build
        .args(["build", "-v", "--as-of", "2026-02-01", "--root"])
        .arg(&site)
        .arg("--out")
        .arg(folder.join("out"))
        .output()?;
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let phase = |name: &str| -> f64 {
        let line = told.lines().find(|line| line.trim_start().starts_with(name) && line.ends_with(" ms"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0.0)
    };
    let linked = phase("read") + phase("parse") + phase("link");
    fs::remove_dir_all(folder.join("out"))?;
    let began = Instant::now();
    let server = galen(&site)?;
    until(server.port, "/", "<html")?;
    println!("{articles} articles");
    println!(
        "  galen serve: first page after {:.0} ms; load, parse and link alone take {linked:.0} ms",
        ms(began.elapsed())
    );
    let events = galen_events(server.port)?;
    let ours = edits(&server, &events, |index| site.join(corpus::article_path(index)), EDITS)?;
    let told = |name: &str, [event, shown]: [Duration; 2]| {
        println!("  {name}: told of a save after {:.1} ms, the page is there after {:.1} ms", ms(event), ms(shown));
    };
    told("galen serve", ours);
    drop(server);
    let program = PathBuf::from(env::var_os("HUGO").unwrap_or_else(|| "hugo".into()));
    if Command::new(&program).arg("version").stdout(Stdio::null()).status().is_err() {
        println!("  hugo server: LEFT OUT: no Hugo here. Name it with HUGO=/path/to/hugo");
        return Ok(());
    }
    let root = folder.join("hugo");
    corpus::hugo::write_site(&site, &root)?;
    let mut server = hugo(&program, &root, &folder.join("cache"))?;
    until(server.port, "/", "<html")?;
    let events = hugo_events(&mut server);
    let content = root.join("content");
    let theirs =
        edits(&server, &events, |index| content.join(corpus::article_path(index).replace("articles/", "")), 5)?;
    told("hugo server", theirs);
    println!("  galen takes 1/{:.0} of the time until the browser is told", ms(theirs[0]) / ms(ours[0]));
    Ok(())
}

/// Resident memory of a process, in MB, where the system tells.
fn resident(process: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) >> 10
}

fn soak(folder: &Path, minutes: usize) -> io::Result<()> {
    let site = folder.join("site");
    corpus::write_site(&site, 1_000, "")?;
    let server = galen(&site)?;
    let (asked, failed, done) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    println!("1000 articles, {AT_A_TIME} requests at a time, one article saved each half second");
    thread::scope(|scope| -> io::Result<()> {
        for client in 0..AT_A_TIME {
            let (server, asked, failed, done) = (&server, &asked, &failed, &done);
            scope.spawn(move || {
                let mut index = client;
                while !done.load(Ordering::Relaxed) {
                    index = (index + 7) % 1_000;
                    let path = corpus::article_path(index).replace("articles/", "/").replace(".md", "");
                    asked.fetch_add(1, Ordering::Relaxed);
                    if !get(server.port, &path).is_some_and(|page| page.starts_with("HTTP/1.1 200")) {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        let mut saved = Ok(());
        for minute in 1..=minutes {
            let began = Instant::now();
            let mut index = 0;
            while began.elapsed() < Duration::from_secs(60) && saved.is_ok() {
                index = (index + 1) % 1_000;
                let file = site.join(corpus::article_path(index));
                // Another text of the same length each time: what is served must not grow by itself.
                saved = fs::read_to_string(&file).and_then(|text| fs::write(&file, text.replace(" the ", " The ")));
                thread::sleep(Duration::from_millis(500));
            }
            println!(
                "  minute {minute}: {} requests, {} failed, {} MB",
                asked.swap(0, Ordering::Relaxed),
                failed.load(Ordering::Relaxed),
                resident(&server.process)
            );
        }
        done.store(true, Ordering::Relaxed);
        saved
    })
}
