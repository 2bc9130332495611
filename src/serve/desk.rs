//! The newest edition of the site, and the number by which browsers know it. Read by every request, changed by whoever
//! follows the files; knows neither sockets nor clocks.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::civil::Date;
use tokio::sync::watch;

use super::{Ready, ServeOptions};
use crate::output::{Disk, Store};
use crate::picture::Broken;
use crate::project::{Diagnostic, Project};
use crate::{Known, Options, Preview, Reach};

/// How many other days are kept at a time.
const DAYS: usize = 2;

/// What is served now.
pub(super) struct Desk {
    options: ServeOptions,
    root: String,
    edition: RwLock<Edition>,
    number: watch::Sender<u64>,
    /// Edits of single articles since the whole was last read from the disk.
    edited: Mutex<Vec<String>>,
    days: Mutex<Vec<(Date, Arc<Sight>)>>,
    /// Smaller pictures.
    pub store: Store,
    /// How many of them are being made now.
    pub making: AtomicUsize,
    /// Pictures of which nothing can be made, as they lay there when they were looked at.
    broken: Mutex<Vec<(PathBuf, Broken)>>,
}

/// A site on one day, and what is wrong with it.
pub(super) struct Sight {
    pub preview: Preview,
    pub diagnostics: Vec<Diagnostic>,
}

/// A state of the site.
pub(super) struct Edition {
    /// The last one that could be loaded.
    pub sight: Option<Sight>,
    /// Why what lies on the disk now cannot be loaded.
    pub trouble: Option<String>,
    /// Whether lists, backlinks and related topics follow every text.
    settled: bool,
}

impl Sight {
    fn new(preview: Preview) -> Self {
        Self { diagnostics: preview.diagnostics(), preview }
    }
}

impl Desk {
    pub(super) fn new(options: ServeOptions) -> Self {
        let edition = Edition { sight: None, trouble: None, settled: false };
        Self {
            root: options.root.to_string_lossy().into_owned(),
            store: Store::of(&options.root, Disk::new()),
            making: AtomicUsize::new(0),
            broken: Mutex::default(),
            options,
            edition: RwLock::new(edition),
            number: watch::Sender::new(0),
            edited: Mutex::default(),
            days: Mutex::default(),
        }
    }

    /// The folder of the site.
    pub(super) fn root(&self) -> &Path {
        &self.options.root
    }

    /// The same for an address, in which it is only text.
    pub(super) fn root_text(&self) -> &str {
        &self.root
    }

    /// The number of the newest edition; each is greater than the one before.
    pub(super) fn number(&self) -> u64 {
        *self.number.borrow()
    }

    /// Tells of every new edition.
    pub(super) fn numbers(&self) -> watch::Receiver<u64> {
        self.number.subscribe()
    }

    /// What is served now.
    pub(super) fn now(&self) -> RwLockReadGuard<'_, Edition> {
        self.edition.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, Edition> {
        self.edition.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn edited(&self) -> MutexGuard<'_, Vec<String>> {
        self.edited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self) {
        self.days.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.number.send_modify(|number| *number += 1);
    }

    /// What can be had, or why nothing can.
    pub(super) fn summary(&self) -> Result<Ready, String> {
        let now = self.now();
        match (&now.trouble, &now.sight) {
            (Some(trouble), _) => Err(trouble.clone()),
            (None, Some(sight)) => Ok(Ready {
                pages: sight.preview.output().page_count(),
                home: format!("{}/", sight.preview.project().settings.style.base),
            }),
            (None, None) => Err("the site was not read yet".to_owned()),
        }
    }

    /// Shows the new text of one article at once, as far as its own page goes. The rest follows with the whole.
    pub(super) fn edit(&self, path: &str, text: &str) {
        let mut now = self.change();
        let Some(sight) = &mut now.sight else { return };
        let reach = sight.preview.edit(path, text);
        if reach == Reach::Page {
            sight.diagnostics = sight.preview.diagnostics();
        }
        now.settled = false;
        // Noted before anybody can take over a whole that lacks it.
        self.edited().push(path.to_owned());
        drop(now);
        if reach == Reach::Page {
            self.publish();
        }
    }

    /// Takes over what lies on the disk, if it is anything new. `today` counts where no day was asked for. While it is
    /// linked, the edition before is served and edited on.
    pub(super) fn take_over(&self, load: impl Fn() -> anyhow::Result<Project>, today: Date) {
        self.edited().clear();
        let project = match load() {
            Ok(project) => project,
            Err(error) => return self.stumble(format!("{error:#}")),
        };
        let options = Options { as_of: self.options.as_of.unwrap_or(today), drafts: self.options.drafts };
        let known = {
            let now = self.now();
            if now.trouble.is_none()
                && now.settled
                && now.sight.as_ref().is_some_and(|sight| same(sight, &project, options))
            {
                return;
            }
            now.sight.as_ref().map(|sight| sight.preview.known())
        };
        let mut preview = match known {
            Some(known) => known.link(project, options),
            None => Preview::new(project, options),
        };
        let mut now = self.change();
        // What was edited meanwhile must not be shown as it was before.
        let edited = std::mem::take(&mut *self.edited());
        for path in &edited {
            if let Some(text) = now.sight.as_ref().and_then(|sight| text_of(sight.preview.project(), path)) {
                preview.edit(path, text);
            }
        }
        *now = Edition { sight: Some(Sight::new(preview)), trouble: None, settled: edited.is_empty() };
        // They may be mended.
        self.broken().clear();
        drop(now);
        self.publish();
    }

    fn broken(&self) -> MutexGuard<'_, Vec<(PathBuf, Broken)>> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that nothing can be made of a picture; whoever looks at a page with it is told.
    pub(super) fn note_broken(&self, file: &Path, why: Broken) {
        let mut broken = self.broken();
        if broken.iter().any(|(other, _)| other == file) {
            return;
        }
        broken.push((file.to_owned(), why));
        drop(broken);
        self.publish();
    }

    /// What is wrong with pictures that somebody looked at.
    pub(super) fn broken_pictures(&self, sight: &Sight) -> Vec<Diagnostic> {
        let found = sight.preview.output().broken_pictures(&self.broken());
        sight.preview.judge(found)
    }

    /// The last good edition stays; browsers are told once.
    fn stumble(&self, trouble: String) {
        let mut now = self.change();
        if now.trouble.as_ref() == Some(&trouble) {
            return;
        }
        now.trouble = Some(trouble);
        drop(now);
        self.publish();
    }

    /// The site on another day, linked when it is first asked for.
    pub(super) fn on(&self, day: Date) -> Option<Arc<Sight>> {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, sight)) = days.iter().find(|(other, _)| *other == day) {
            return Some(Arc::clone(sight));
        }
        let (known, project): (Known, Project) = {
            let now = self.now();
            let preview = &now.sight.as_ref()?.preview;
            (preview.known(), preview.project().clone())
        };
        let options = Options { as_of: day, drafts: self.options.drafts };
        let sight = Arc::new(Sight::new(known.link(project, options)));
        days.truncate(DAYS - 1);
        days.insert(0, (day, Arc::clone(&sight)));
        Some(sight)
    }

    /// Where a source lies on the disk.
    pub(super) fn file(&self, path: &str) -> PathBuf {
        self.options.root.join(path)
    }
}

fn same(sight: &Sight, project: &Project, options: Options) -> bool {
    sight.preview.options() == options && sight.preview.is_of(project)
}

fn text_of<'a>(project: &'a Project, path: &str) -> Option<&'a str> {
    project.sources.iter().find(|source| source.path == path).map(|source| &*source.text)
}
