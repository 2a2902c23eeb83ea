//! The loop: what happens is one closed enum of events, and what anybody wants done goes through one [`Handle`].

mod approvals;
mod chance;
mod clock;
mod event;
mod force;
mod pass;
mod provenance;
mod roster;
mod specs;
mod state;
mod turn;
mod work;

pub use approvals::{Credential, Requested, Saying, Sought};
pub use chance::{Chance, SystemChance};
pub use clock::{Clock, SystemClock};
pub use event::{Event, Handle, Reply};
pub use pass::{Pass, Wanted};
pub use roster::Ask;
pub use specs::{Looked, SpecReader, Which};
pub use state::State;
pub use turn::{Engine, Parts};

use crate::git::SourceError;
use crate::store::StoreError;

/// Why a pass could not be made or carried out. Nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EngineError {
    /// The specs are out of reach.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The task database is out of reach, or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no randomness, without which no secret can be made.
    #[error("{0}")]
    Chance(String),
    /// The engine has stopped.
    #[error("the engine has stopped")]
    Stopped,
}
