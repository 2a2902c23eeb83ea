//! Where a plan's answers come from and go to: the world, or a file.

use std::path::Path;

use super::setup::Access;
use super::{CliError, Setup};
use crate::engine::Parts;

/// The parts of an engine that plans from the world, keeping its answers in `record`, or from the answers of a file.
pub(super) fn parts(setup: &Setup, record: Option<&Path>, answers: Option<&Path>) -> Result<Parts, CliError> {
    let parts = setup.parts(setup.open_store(Access::Read)?);
    match (record, answers) {
        (None, None) => Ok(parts),
        _ => Err(CliError::usage("recording is not there yet")),
    }
}
