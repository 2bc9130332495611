//! Runs a program and tells what it took: wall time, processor time, the most memory it held. Judges nothing.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a process took.
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    /// User and system time together; zero where the system does not tell.
    pub(crate) cpu: Duration,
    /// Bytes; zero where the system does not tell. Looked at every few milliseconds, so a peak at the very end may be missed.
    pub(crate) peak: u64,
    /// What it said on standard error.
    pub(crate) told: String,
}

/// Runs a program to its end.
pub(crate) fn measure(program: &Path, arguments: &[&OsStr]) -> io::Result<Measured> {
    let before = cpu_of_children();
    let start = Instant::now();
    let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let mut stderr = child.stderr.take().ok_or_else(|| io::Error::other("no standard error"))?;
    let told = thread::spawn(move || {
        let mut told = String::new();
        stderr.read_to_string(&mut told).map(|_| told)
    });
    let mut peak = 0;
    let status = loop {
        peak = peak_of(child.id()).unwrap_or(peak);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed();
    let told = told.join().map_err(|_| io::Error::other("the reader of standard error died"))??;
    if !status.success() {
        return Err(io::Error::other(format!("{} ended with {status}: {told}", program.display())));
    }
    Ok(Measured { wall, cpu: cpu_of_children().saturating_sub(before), peak, told })
}

/// Linux keeps the most memory that a process ever held. <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>
fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// User and system time of all children that have ended, in ticks of 10 ms.
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>, fields 16 and 17.
fn cpu_of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(") ").map(|(_, fields)| fields.split(' ').skip(13).take(2));
    let ticks: u64 = fields.into_iter().flatten().filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
