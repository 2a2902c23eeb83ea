//! What one file tells.

use std::sync::Arc;

use super::lines::cut;
use crate::facts::layers::Import;
use crate::facts::{Found, Unread};

/// What a content says, whatever the place of the file that holds it.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// All that there is to tell.
    Told(Told),
    /// What it imports: whether that may be depends on where the file is.
    Imports(Arc<[Import]>),
    /// The path of a Go module, where it gives one.
    Module(Option<Arc<str>>),
}

/// What one file told.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// What was looked for.
    pub(super) places: Arc<[Found]>,
    /// Why there may be more.
    pub(super) unread: Option<Unread>,
    /// Whether it was left out because it is no text or too large.
    pub(super) skipped: bool,
}

impl Told {
    /// Whether it told anything.
    pub(super) fn is_nothing(&self) -> bool {
        self.places.is_empty() && self.unread.is_none() && !self.skipped
    }

    pub(super) fn unread(reason: &str) -> Self {
        Self { unread: Some(Unread { line: None, reason: reason.into() }), ..Self::default() }
    }

    pub(super) fn of(found: Result<Vec<Found>, Unread>) -> Self {
        let shown = |found: Found| Found { text: cut(&found.text), ..found };
        match found {
            Ok(found) => Self { places: found.into_iter().map(shown).collect(), ..Self::default() },
            Err(unread) => Self { unread: Some(unread), ..Self::default() },
        }
    }
}
