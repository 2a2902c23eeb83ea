//! An organisation to try things on: specs and code in git, and a task table with a month of history in which a known few things
//! have gone wrong. `abide demo` builds it, and so do tests.
//!
//! The same seed and the same time give the same organisation. The files are those of `examples/agency`.

mod files;
mod history;
mod planted;
mod random;
mod repository;
mod row;
mod table;
mod traffic;

use std::path::{Path, PathBuf};

use crate::model::{Code, Timestamp};
use random::Random;
use row::World;

/// The file that says that a folder is a demo's own.
const MARK: &str = ".abide-demo";

const MARK_TEXT: &str =
    "`abide demo` made this folder, and builds it anew, with everything in it, whenever it is run on it again.\n";

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Whether a demo stood there before.
    pub again: bool,
    /// How many tasks the table holds.
    pub tasks: usize,
    /// How many commits the repository has.
    pub commits: usize,
    /// What is out of order, in the order in which it was planted.
    pub planted: Vec<Planted>,
    /// The task whose completion mends `decision/use-postgres`.
    pub migration: usize,
}

/// Something that is out of order on purpose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planted {
    /// The spec that it breaks, if any.
    pub spec: Option<&'static str>,
    /// What is at fault, as Abide names it.
    pub subject: String,
    /// As what Abide must see it.
    pub code: Code,
}

/// Why no organisation could be built.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder holds something that no demo made.
    #[error("{0} is there already and holds what no demo made")]
    Foreign(PathBuf),
    /// The path is a link or a file.
    #[error("{0} is no folder")]
    NoFolder(PathBuf),
    /// A file could not be written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The repository could not be made.
    #[error("the demo's repository: {0}")]
    Git(#[from] git2::Error),
    /// The table could not be filled.
    #[error("the demo's task table: {0}")]
    Table(#[from] rusqlite::Error),
}

/// Builds the organisation in a folder that is empty, not there yet, or a demo's own.
///
/// # Errors
/// When the folder is somebody else's, with nothing changed; or when something cannot be written.
pub fn build(folder: &Path, seed: u64, now: Timestamp) -> Result<Built, DemoError> {
    let again = files::clear(folder)?;
    let mut world = World::new(seed);
    history::live_through(&mut world);
    traffic::send(&mut world);
    let migration = planted::plant(&mut world);
    table::write(&folder.join("agency.db"), &world, now)?;
    let commits = repository::make(folder, now)?;
    Ok(Built { again, tasks: world.rows.len(), commits, planted: world.planted, migration })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn one_seed_is_one_organisation() {
        let (one, same, other) = (World::lived(7), World::lived(7), World::lived(8));
        assert_eq!(one.rows, same.rows);
        assert_ne!(one.rows, other.rows);
    }

    #[test]
    fn it_builds_twice_and_leaves_the_folders_of_others_alone() {
        let parent = tempfile::tempdir().unwrap();
        let own = parent.path().join("own");
        let first = build(&own, 1, now()).unwrap();
        std::fs::write(own.join("note.txt"), "mine").unwrap();
        let second = build(&own, 1, now()).unwrap();
        assert_eq!((first.again, second.again), (false, true));
        assert_eq!(Built { again: false, ..second }, first);
        assert!(!own.join("note.txt").exists());

        let foreign = parent.path().join("foreign");
        std::fs::create_dir(&foreign).unwrap();
        std::fs::write(foreign.join("thesis.txt"), "years").unwrap();
        assert!(matches!(build(&foreign, 1, now()), Err(DemoError::Foreign(_))));
        assert_eq!(std::fs::read_dir(&foreign).unwrap().count(), 1);
        assert!(matches!(build(&foreign.join("thesis.txt"), 1, now()), Err(DemoError::NoFolder(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let parent = tempfile::tempdir().unwrap();
        let (own, link) = (parent.path().join("own"), parent.path().join("link"));
        build(&own, 1, now()).unwrap();
        std::os::unix::fs::symlink(&own, &link).unwrap();
        assert!(matches!(build(&link, 1, now()), Err(DemoError::NoFolder(_))));
        assert!(own.join("specs").exists());
    }
}
