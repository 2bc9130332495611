//! One writer at a time: a lock of the operating system on a file beside the output. The system drops the lock of a
//! process that dies, so a file left behind by one is no obstacle. Whether the file is there never means anything.

use std::path::Path;

use anyhow::{Result, bail};

use super::disk::{CAN_UNLINK_LOCK, Disk, File};
use super::places::Places;

/// The lock, held until this is dropped.
pub(super) struct Lock<'a> {
    disk: &'a Disk,
    path: &'a Path,
    file: File,
}

/// Takes the lock, or says who holds it. Never waits.
pub(super) fn take<'a>(disk: &'a Disk, places: &'a Places) -> Result<Lock<'a>> {
    let path = places.lock.as_path();
    // The holder unlinks the file before it unlocks it. Who opened the file before that and locked it after that has the
    // lock of a file nobody else will find, and has to start again.
    for _ in 0..1000 {
        let mut file = disk.open_lock(path)?;
        if !disk.try_lock(&file, path)? {
            bail!(held(disk, &mut file, places));
        }
        if disk.is_same_file(&file, path)? {
            return hold(disk, path, file);
        }
    }
    bail!("cannot lock {}: it is replaced again and again", path.display())
}

/// Writes down who holds the lock.
fn hold<'a>(disk: &'a Disk, path: &'a Path, file: File) -> Result<Lock<'a>> {
    let mut lock = Lock { disk, path, file };
    disk.empty(&lock.file, path)?;
    let holder = format!("{}\n", std::process::id());
    disk.write(&mut lock.file, path, holder.as_bytes())?;
    Ok(lock)
}

/// Why the lock cannot be had. The number of the holder is missing where a locked file cannot be read.
fn held(disk: &Disk, file: &mut File, places: &Places) -> String {
    let mut page = [0; 32];
    let read = disk.read(file, &places.lock, &mut page).unwrap_or(0);
    let written = String::from_utf8_lossy(page.get(..read).unwrap_or_default());
    let holder = match written.trim().parse::<u32>() {
        Ok(process) => format!("another galen (process {process})"),
        Err(_) => "another galen".to_owned(),
    };
    format!("{holder} is writing {} (it holds the lock {})", places.output.display(), places.lock.display())
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        if CAN_UNLINK_LOCK {
            // A file that stays is no obstacle to the next writer.
            let _ = self.disk.remove_file(self.path);
        }
        let _ = self.disk.unlock(&self.file, self.path);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn two_never_hold_it_and_the_file_goes() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (disk, held, times) = (Disk::new(), AtomicBool::new(false), AtomicUsize::new(0));
        let places = Places::of(&folder.path().join("public"), &disk)?;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while times.load(Ordering::SeqCst) < 500 {
                        if let Ok(_lock) = take(&disk, &places) {
                            assert!(!held.swap(true, Ordering::SeqCst), "two hold the lock");
                            times.fetch_add(1, Ordering::SeqCst);
                            // Time enough for the others to make a file of their own, if they wrongly could.
                            std::thread::sleep(std::time::Duration::from_micros(50));
                            held.store(false, Ordering::SeqCst);
                        }
                    }
                });
            }
        });
        assert_eq!(disk.kind(&places.lock)?.is_none(), CAN_UNLINK_LOCK);
        Ok(())
    }
}
