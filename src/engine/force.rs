//! Which specs an engine goes by: those of the last pass, or what it reads.

use std::sync::{Arc, PoisonError};

use super::EngineError;
use super::specs::{Looked, SpecReader, Which};
use super::turn::Engine;
use crate::catalog::Catalog;
use crate::git::SourceError;
use crate::model::{Ledger, Timestamp};
use crate::store::StoreError;

impl Engine {
    /// The specs that are in force: those of the last pass, where there was one that could go by them.
    pub(super) async fn catalog(&self) -> Result<Arc<Catalog>, EngineError> {
        if let Some(catalog) = self.in_force() {
            return Ok(catalog);
        }
        let (ledger, now) = (self.store.ledger().await?, self.clock.now());
        let gone = || {
            let what =
                "the newest specs wait for a person, and those that were in force before cannot be read any more";
            StoreError::Denied(format!(
                "{what}; `abide holds list` shows why they wait, `abide holds release` puts them in force"
            ))
        };
        let looked = self.read(move |specs| specs.in_force(&ledger, now)).await?;
        Ok(looked.ok_or_else(gone)?.catalog)
    }

    /// The specs of the last pass, if there was one that could go by them.
    pub(super) fn in_force(&self) -> Option<Arc<Catalog>> {
        let last = self.last.as_ref().filter(|last| last.looked.held(&last.ledger).is_none())?;
        Some(last.looked.catalog.clone())
    }

    pub(super) async fn look(&self, which: &Which, ledger: &Ledger, now: Timestamp) -> Result<Looked, EngineError> {
        let (which, ledger) = (which.clone(), ledger.clone());
        self.read(move |specs| specs.look(&which, &ledger, now)).await
    }

    /// Has the specs read, off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut SpecReader) -> Result<T, SourceError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let specs = self.specs.clone();
        let read = move || read(&mut specs.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(tokio::task::spawn_blocking(read).await.map_err(|_| EngineError::Stopped)??)
    }

    pub(super) async fn follow(
        &self,
        ledger: &Arc<Ledger>,
        hinted: bool,
        now: Timestamp,
    ) -> Result<Looked, EngineError> {
        let (ledger, every) = (ledger.clone(), self.poll);
        self.read(move |specs| specs.follow(&ledger, hinted, every, now)).await
    }
}
