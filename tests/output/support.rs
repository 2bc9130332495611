//! A folder to write to, a site of a few files, and a picture of what is on the disk. Nothing here asserts anything about
//! a write by itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use galen::output::{Content, Disk, Outcome, Tree, WriteOptions, Written, write};
use tempfile::TempDir;

/// Every name below a folder, with the bytes of files, the targets of links, and a word for empty folders.
pub(crate) type Picture = BTreeMap<String, Vec<u8>>;

/// A site of a few files.
#[derive(Default)]
pub(crate) struct Site {
    paths: Vec<String>,
    items: Vec<Item>,
    /// How many files were made.
    pub(crate) asked: AtomicUsize,
}

enum Item {
    Bytes(Vec<u8>),
    File(PathBuf, blake3::Hash),
    Fault,
}

impl Site {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let all = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        all.fold(Self::default(), |site, (path, bytes)| site.with(&path, Item::Bytes(bytes)))
    }

    pub(crate) fn and_bytes(self, path: &str, bytes: Vec<u8>) -> Self {
        self.with(path, Item::Bytes(bytes))
    }

    pub(crate) fn and_copy(self, path: &str, source: &Path, bytes: &[u8]) -> Self {
        self.with(path, Item::File(source.to_path_buf(), blake3::hash(bytes)))
    }

    pub(crate) fn and_fault(self, path: &str) -> Self {
        self.with(path, Item::Fault)
    }

    fn with(mut self, path: &str, item: Item) -> Self {
        let at = self.paths.partition_point(|other| other.as_str() < path);
        self.paths.insert(at, path.to_owned());
        self.items.insert(at, item);
        self
    }

    /// What a folder that holds this site looks like, except for the marker.
    pub(crate) fn picture(&self) -> Picture {
        let bytes = |item: &Item| match item {
            Item::Bytes(bytes) => bytes.clone(),
            Item::File(source, _) => fs::read(source).unwrap(),
            Item::Fault => Vec::new(),
        };
        self.paths.iter().cloned().zip(self.items.iter().map(bytes)).collect()
    }
}

impl Tree for Site {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn content<'a>(&'a self, index: usize, buffer: &'a mut Vec<u8>) -> Option<Content<'a>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        match &self.items[index] {
            Item::Bytes(bytes) => {
                assert!(buffer.is_empty());
                buffer.extend_from_slice(bytes);
                Some(Content::Bytes(buffer))
            }
            Item::File(path, hash) => Some(Content::File { path, hash: *hash }),
            Item::Fault => None,
        }
    }
}

/// A folder of its own, in memory where the system has such a place.
pub(crate) struct Room {
    folder: TempDir,
    pub(crate) disk: Disk,
    pub(crate) options: WriteOptions,
}

impl Room {
    pub(crate) fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        Self { folder: folder.unwrap(), disk: Disk::new(), options: WriteOptions::default() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file in the output.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.path("public").join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn try_write(&self, site: &Site) -> anyhow::Result<Outcome> {
        write(site, &self.path("public"), &self.disk, self.options, &|_| {})
    }

    pub(crate) fn write(&self, site: &Site) -> Written {
        match self.try_write(site).unwrap() {
            Outcome::Written(written) => written,
            Outcome::Refused => panic!("refused"),
        }
    }

    /// What a failing write says.
    pub(crate) fn error(&self, site: &Site) -> String {
        format!("{:#}", self.try_write(site).unwrap_err())
    }

    /// What the output holds, except for the marker.
    pub(crate) fn output(&self) -> Picture {
        let mut picture = picture(&self.path("public"));
        picture.remove(".galen");
        picture
    }

    /// The names beside each other in the room; without the lock where its file has to stay.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| cfg!(unix) || !name.ends_with(".galen-lock"))
            .collect();
        names.sort();
        names
    }
}

/// Everything below a folder; an absent folder is as an empty one.
pub(crate) fn picture(folder: &Path) -> Picture {
    let mut picture = Picture::new();
    if folder.is_dir() {
        add(folder, "", &mut picture);
    }
    picture
}

fn add(folder: &Path, prefix: &str, picture: &mut Picture) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            let before = picture.len();
            add(&entry.path(), &format!("{name}/"), picture);
            if picture.len() == before {
                picture.insert(name, b"an empty folder".to_vec());
            }
        } else if kind.is_file() {
            picture.insert(name, fs::read(entry.path()).unwrap());
        } else {
            picture.insert(name, b"neither file nor folder".to_vec());
        }
    }
}
