//! Watches for changes, as a hint to look. Polling finds whatever a watcher misses.
//!
//! Each event is a hint at once and whoever is hinted lets hints run together: a debouncer would wake many times a second to
//! find nothing, and hold every change back for its own while.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use git2::Repository;
use notify::event::{Event, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::SourceConfig;
use super::address::Address;
use super::scope::{Folders, IGNORE_FILE};

/// Watches as long as it lives.
pub struct Watcher {
    _watching: RecommendedWatcher,
}

/// Why something cannot be watched. Polling goes on all the same.
#[derive(Debug, thiserror::Error)]
#[error("cannot watch {}: {reason}; changes are still found by polling", path.display())]
pub struct WatchError {
    /// What was to be watched.
    pub path: PathBuf,
    /// What the system says.
    pub reason: String,
}

/// A folder to watch, and which of the changes in it count.
struct Watch {
    folder: PathBuf,
    deep: bool,
    counts: Counts,
}

/// Which changes in a folder count.
enum Counts {
    /// All.
    All,
    /// Those of files whose name begins so.
    Named(Vec<String>),
}

impl Watcher {
    /// Calls `hint` whenever the specs of that configuration may have changed, or the database files that are named. It is
    /// called from another thread, often several times for one change, and must return at once.
    ///
    /// A remote repository cannot be watched; then only the databases are.
    ///
    /// # Errors
    /// [`WatchError`] when the system refuses.
    pub fn new(
        config: &SourceConfig,
        databases: &[PathBuf],
        hint: impl Fn() + Send + 'static,
    ) -> Result<Self, WatchError> {
        let mut watches = specs(config);
        watches.extend(databases.iter().filter_map(|database| beside(database)));
        for watch in &mut watches {
            // Events name real paths.
            watch.folder = watch.folder.canonicalize().unwrap_or_else(|_| watch.folder.clone());
        }
        let folders: Vec<(PathBuf, RecursiveMode)> = watches.iter().map(Watch::mode).collect();
        let handler = move |event: notify::Result<Event>| {
            // An error may mean that events were lost, which is a reason to look.
            if event.map_or(true, |event| watches.iter().any(|watch| watch.concerns(&event))) {
                hint();
            }
        };
        let refused = |path: &Path, error: &notify::Error| WatchError { path: path.into(), reason: error.to_string() };
        let mut watcher = notify::recommended_watcher(handler).map_err(|error| refused(&config.base, &error))?;
        for (folder, mode) in folders {
            watcher.watch(&folder, mode).map_err(|error| refused(&folder, &error))?;
        }
        Ok(Self { _watching: watcher })
    }
}

/// What to watch for the specs.
fn specs(config: &SourceConfig) -> Vec<Watch> {
    if Address::parse(&config.repository).is_some() {
        return Vec::new();
    }
    let place = config.base.join(&config.repository);
    if let Ok(repository) = Repository::discover(&place) {
        return references(&repository);
    }
    let specs = place.join(&config.path);
    let begins = |name: &OsStr| name.to_string_lossy().into_owned();
    let mut names = vec![IGNORE_FILE.to_owned(), ".git".to_owned()];
    names.extend(Path::new(&config.path).iter().next().map(begins));
    let mut watches = vec![Watch { folder: place.clone(), deep: false, counts: Counts::Named(names) }];
    if specs.is_dir() {
        watches.push(Watch { folder: specs, deep: true, counts: Counts::All });
    }
    let folders = Folders::new(&config.path, &config.records);
    watches.extend(folders.records().iter().filter_map(|records| records_in(&place, records)));
    watches
}

/// What to watch for a folder of records: all of it, or else its beginning in the nearest folder that is there.
fn records_in(place: &Path, records: &str) -> Option<Watch> {
    let folder = place.join(records);
    if folder.is_dir() {
        return Some(Watch { folder, deep: true, counts: Counts::All });
    }
    let (missing, there) = folder.ancestors().zip(folder.ancestors().skip(1)).find(|(_, above)| above.is_dir())?;
    let name = missing.file_name()?.to_string_lossy().into_owned();
    Some(Watch { folder: there.to_owned(), deep: false, counts: Counts::Named(vec![name]) })
}

/// What git writes when a branch moves. A linked worktree has a HEAD of its own.
fn references(repository: &Repository) -> Vec<Watch> {
    let names = || Counts::Named(vec!["HEAD".to_owned(), "packed-refs".to_owned()]);
    let common = repository.commondir().to_owned();
    let mut watches = vec![Watch { folder: common.clone(), deep: false, counts: names() }];
    if repository.path() != common {
        watches.push(Watch { folder: repository.path().to_owned(), deep: false, counts: names() });
    }
    let deep = ["refs", "reftable"].map(|name| common.join(name)).into_iter().filter(|folder| folder.is_dir());
    watches.extend(deep.map(|folder| Watch { folder, deep: true, counts: Counts::All }));
    watches
}

/// What to watch for a database: its file and its log, but not the index of that log, which readers write too.
fn beside(database: &Path) -> Option<Watch> {
    let name = database.file_name()?.to_string_lossy().into_owned();
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    Some(Watch { folder: folder.to_owned(), deep: false, counts: Counts::Named(vec![name]) })
}

impl Watch {
    fn mode(&self) -> (PathBuf, RecursiveMode) {
        (self.folder.clone(), if self.deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive })
    }

    /// Whether an event is a change that counts. That somebody reads is none.
    fn concerns(&self, event: &Event) -> bool {
        let reads = matches!(event.kind, EventKind::Access(_));
        event.need_rescan() || (!reads && event.paths.iter().any(|path| self.counts_path(path)))
    }

    fn counts_path(&self, path: &Path) -> bool {
        let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        let is_scratch = name.ends_with(".lock") || name.ends_with("-shm");
        match &self.counts {
            _ if is_scratch => false,
            Counts::All => path.starts_with(&self.folder),
            Counts::Named(names) => {
                path.parent() == Some(&*self.folder) && names.iter().any(|begin| name.starts_with(begin.as_str()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::time::Duration;

    use super::super::testing::{Fixture, write};
    use super::*;

    /// Long enough for a busy machine; only a failure waits so long.
    const SOON: Duration = Duration::from_secs(20);

    fn watch(base: &Path, databases: &[PathBuf]) -> (Watcher, Receiver<()>) {
        let (send, receive) = channel();
        let config = SourceConfig { repository: ".".into(), path: "specs".into(), ..SourceConfig::default() };
        let config = SourceConfig { base: base.to_owned(), records: vec!["docs/adr".into()], ..config };
        let watcher = Watcher::new(&config, databases, move || _ = send.send(())).unwrap();
        (watcher, receive)
    }

    #[test]
    fn a_commit_is_a_hint() {
        let fixture = Fixture::of(&[("specs/a.yaml", "a")]);
        let (_watcher, hints) = watch(fixture.path(), &[]);
        fixture.commit(&[("specs/a.yaml", "b")]);
        hints.recv_timeout(SOON).unwrap();
    }

    #[test]
    fn a_commit_in_a_linked_worktree_is_a_hint() {
        let (fixture, elsewhere) = (Fixture::of(&[("specs/a.yaml", "a")]), tempfile::tempdir().unwrap());
        let linked = elsewhere.path().join("linked");
        fixture.repository.worktree("linked", &linked, None).unwrap();
        let (_watcher, hints) = watch(&linked, &[]);
        fixture.branch("linked", fixture.commit(&[("specs/a.yaml", "b")]));
        hints.recv_timeout(SOON).unwrap();
    }

    #[test]
    fn a_file_of_a_folder_and_a_database_are_hints() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "specs/deep/a.yaml", "a");
        let database = write(folder.path(), "data/tasks.db", "");
        let (_watcher, hints) = watch(folder.path(), &[database]);
        write(folder.path(), "specs/deep/a.yaml", "b");
        hints.recv_timeout(SOON).unwrap();
        while hints.recv_timeout(Duration::from_millis(200)).is_ok() {}
        write(folder.path(), "data/tasks.db-wal", "b");
        hints.recv_timeout(SOON).unwrap();
    }

    #[test]
    fn a_record_is_a_hint_even_where_there_was_none_before() {
        for there in ["docs/adr/old/1.md", "docs/index.md", "README.md"] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), there, "x");
            let (_watcher, hints) = watch(folder.path(), &[]);
            write(folder.path(), "docs/adr/old/1.md", "y");
            hints.recv_timeout(SOON).unwrap();
        }
    }

    #[test]
    fn reading_and_what_does_not_concern_specs_are_no_hints() {
        let watch = |folder: &str, counts| Watch { folder: folder.into(), deep: true, counts };
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        let written = EventKind::Modify(notify::event::ModifyKind::Any);
        let read = EventKind::Access(notify::event::AccessKind::Any);
        let refs = watch("/r/.git/refs", Counts::All);
        assert!(refs.concerns(&event(written, "/r/.git/refs/heads/main")));
        assert!(!refs.concerns(&event(written, "/r/.git/refs/heads/main.lock")));
        assert!(!refs.concerns(&event(read, "/r/.git/refs/heads/main")));
        let database = watch("/d", Counts::Named(vec!["tasks.db".into()]));
        assert!(database.concerns(&event(written, "/d/tasks.db-wal")));
        assert!(!database.concerns(&event(written, "/d/tasks.db-shm")));
        assert!(!database.concerns(&event(written, "/d/other.db")));
    }

    #[test]
    fn what_is_not_there_cannot_be_watched() {
        let config = SourceConfig { repository: "none".into(), base: "/nowhere".into(), ..SourceConfig::default() };
        let error = Watcher::new(&config, &[], || ()).err().unwrap().to_string();
        assert!(error.starts_with("cannot watch /nowhere/none: ") && error.contains("polling"), "{error}");
    }
}
