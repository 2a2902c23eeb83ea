//! The file of anchors, as it lies on the disk and as it was committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::{CliError, Setup};
use crate::git;
use crate::store::audit::{Anchor, anchors};

/// More than anybody will ever anchor: a hundred thousand lines.
const MOST_BYTES: u64 = 16 << 20;

/// What is anchored, and what is wrong with the file.
pub(super) struct Anchored {
    /// The file, as people call it.
    pub shown: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it says, in order of rows. What was committed counts even where the file does not have it any more.
    pub anchors: Vec<Anchor>,
    /// What is wrong with it, a sentence each.
    pub wrong: Vec<String>,
}

impl Anchored {
    /// Reads the file that is named, which may have to be there, else the configuration's.
    pub(super) fn read(setup: &Setup, given: Option<&Path>, is_needed: bool) -> Result<Self, CliError> {
        let named = Path::new(&setup.config.audit.anchors);
        let (shown, path) = match given {
            Some(path) => (path.display().to_string(), path.to_path_buf()),
            None => (named.display().to_string(), setup.base.join(named)),
        };
        let path = std::path::absolute(&path).map_err(|error| CliError::usage(format!("{shown}: {error}")))?;
        let text =
            text(&path).map_err(|error| CliError::usage(format!("cannot read the anchors in {shown}: {error}")))?;
        let committed = git::committed(&path);
        if is_needed && given.is_some() && text.is_none() && committed.is_none() {
            let error = CliError::usage(format!("there is no file {shown}"));
            return Err(error.hint("`abide audit anchor --file PATH` makes one"));
        }
        let (here, misread) = anchors(&text.unwrap_or_default());
        let mut wrong: Vec<String> =
            misread.iter().map(|it| format!("{shown}:{} is no anchor: {}", it.line, it.what)).collect();
        let (before, _) = anchors(&committed.unwrap_or_default());
        let mut all: BTreeMap<i64, Anchor> = here.into_iter().map(|anchor| (anchor.head.seq, anchor)).collect();
        for anchor in before {
            let is_here = all.get(&anchor.head.seq).is_some_and(|it| it.head == anchor.head && it.at == anchor.at);
            if !is_here {
                wrong.push(format!("{shown} was committed with a line that it does not have: {anchor}"));
                all.insert(anchor.head.seq, anchor);
            }
        }
        let anchors = all.into_values().collect();
        Ok(Self { shown, path, anchors, wrong })
    }
}

fn text(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::metadata(path) {
        Ok(file) if file.len() > MOST_BYTES => Err(std::io::Error::other("it has more than 16 MiB")),
        Ok(_) => std::fs::read(path).map(|bytes| Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
