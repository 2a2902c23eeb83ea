//! The specs as they lie there, read without a database.

use crate::catalog::{Catalog, SourceTree, load};
use crate::cli::{CliError, Setup, setup};
use crate::diagnostic::Diagnostic;

/// The specs on the disk, or those of a revision, with what is wrong with them.
///
/// # Errors
/// When they are out of reach.
pub(super) fn read(setup: &Setup, revision: Option<&str>) -> Result<(SourceTree, Catalog, Vec<Diagnostic>), CliError> {
    let tree = setup.spec_tree(revision)?;
    let (catalog, said) = load(&tree, &Catalog::empty(), setup::now());
    Ok((tree, catalog, said))
}
