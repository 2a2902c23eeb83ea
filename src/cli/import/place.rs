//! Puts imported files where they belong, and touches nothing else.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::{CliError, Setup};

/// The folder to import to: the one that is given, or the one in the spec folder that is meant for such imports.
pub(in crate::cli) fn folder(setup: &Setup, given: Option<&Path>, meant: &str) -> Result<PathBuf, CliError> {
    let folder = given.map_or_else(|| setup.base.join(&setup.config.specs.path).join(meant), Path::to_path_buf);
    std::path::absolute(&folder).map_err(|error| CliError::usage(format!("{}: {error}", folder.display())))
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Fate {
    /// It was not there.
    Created,
    /// It said something else, and may be replaced.
    Replaced,
    /// It says just that already.
    Unchanged,
    /// It says something else, and stays.
    Kept,
}

impl Fate {
    /// As reports write it.
    pub(in crate::cli) const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
            Self::Kept => "kept",
        }
    }
}

/// What would become of a file with that text.
pub(in crate::cli) fn foresee(path: &Path, text: &str, force: bool) -> Result<Fate, CliError> {
    let failed = |error: std::io::Error| CliError::usage(format!("{}: {error}", path.display()));
    match fs::symlink_metadata(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Fate::Created),
        Err(error) => Err(failed(error)),
        // What a link leads to is no file of this folder.
        Ok(found) if !found.is_file() => {
            Err(CliError::usage(format!("{} is there already and is no file", path.display())))
        }
        Ok(_) if fs::read(path).map_err(failed)? == text.as_bytes() => Ok(Fate::Unchanged),
        Ok(_) if force => Ok(Fate::Replaced),
        Ok(_) => Ok(Fate::Kept),
    }
}

/// Writes a file, as it was foreseen.
pub(in crate::cli) fn write(path: &Path, text: &str, fate: Fate) -> Result<(), CliError> {
    let failed = |error: std::io::Error| CliError::usage(format!("{} could not be written: {error}", path.display()));
    match fate {
        Fate::Unchanged | Fate::Kept => Ok(()),
        Fate::Replaced => fs::write(path, text).map_err(failed),
        Fate::Created => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
            file.write_all(text.as_bytes()).map_err(failed)
        }
    }
}
