//! The specs as they lie there, read without a database.

use std::path::PathBuf;

use crate::catalog::Catalog;
use crate::catalog::{SourceTree, load};
use crate::cli::{CliError, Setup, setup};
use crate::diagnostic::Diagnostic;
use crate::engine::EngineError;
use crate::git::read_files;
use crate::model::Revision;

/// The specs on the disk, or those of a revision, with what is wrong with them.
///
/// # Errors
/// When they are out of reach.
pub(super) fn read(setup: &Setup, revision: Option<&str>) -> Result<(SourceTree, Catalog, Vec<Diagnostic>), CliError> {
    let tree = match revision {
        Some(revision) => crate::git::open(setup.source()).at(revision).map_err(EngineError::from)?,
        None => {
            let folder = PathBuf::from(&setup.config.specs.path);
            // Where there is no such folder there are no specs, which each command tells in its own words.
            let places = if setup.base.join(&folder).exists() { vec![folder] } else { Vec::new() };
            let files = read_files(&setup.base, &places).map_err(EngineError::from)?;
            SourceTree { revision: Revision::new(""), files, renames: Vec::new() }
        }
    };
    let (catalog, said) = load(&tree, &Catalog::empty(), setup::now());
    Ok((tree, catalog, said))
}
