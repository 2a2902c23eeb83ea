//! Where a plan's answers come from and go to: the world, or a file.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::setup::{self, Access};
use super::{CliError, Setup};
use crate::engine::Parts;
use crate::evidence::{Recorder, Recording};
use crate::model::Timestamp;

/// The parts of an engine, and what becomes of the answers.
pub(super) struct Source {
    /// The parts.
    pub(super) parts: Parts,
    /// As of when to judge unless told otherwise: when the answers were recorded.
    pub(super) at: Option<Timestamp>,
    /// Where the answers go, if anywhere.
    pub(super) keep: Option<Keep>,
}

/// The file that answers go to.
pub(super) struct Keep {
    path: PathBuf,
    recorder: Arc<Recorder>,
}

impl Source {
    /// The parts of an engine that plans from the world, keeping its answers in `record`, or from the answers of a file,
    /// as if no task were open yet.
    ///
    /// # Errors
    /// When the database is out of reach, or the file cannot be read or is no recording.
    pub(super) fn new(setup: &Setup, record: Option<&Path>, answers: Option<&Path>) -> Result<Self, CliError> {
        if let Some(path) = answers {
            let recording = read(path)?;
            let at = Some(recording.at);
            let parts = Parts { evidence: Arc::new(recording), ..setup.parts(setup::empty_store()) };
            return Ok(Self { parts, at, keep: None });
        }
        let parts = setup.parts(setup.open_store(Access::Read)?);
        let Some(path) = record else { return Ok(Self { parts, at: None, keep: None }) };
        let recorder = Arc::new(Recorder::new(parts.evidence.clone()));
        let parts = Parts { evidence: recorder.clone(), ..parts };
        Ok(Self { parts, at: None, keep: Some(Keep { path: path.to_path_buf(), recorder }) })
    }
}

impl Keep {
    /// Writes what was said, as of then.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn write(&self, at: Timestamp) -> Result<(), CliError> {
        let wrong = |reason: String| CliError::usage(format!("cannot write {}: {reason}", self.path.display()));
        let recording = Recording { at, answers: self.recorder.said() };
        let text = recording.to_text().map_err(|error| wrong(error.to_string()))?;
        std::fs::write(&self.path, text).map_err(|error| wrong(error.to_string()))
    }
}

fn read(path: &Path) -> Result<Recording, CliError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let error = CliError::usage(format!("cannot read the answers {shown}: {error}"));
        error.hint("`abide plan --record FILE` writes them, where there is a database")
    })?;
    Recording::of_text(&text).map_err(|error| {
        let error = CliError::usage(format!("{shown} is no recording of answers: {error}"));
        error.hint("`abide plan --record FILE` writes one")
    })
}
