//! Looks at code as a file has them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::Look;

/// What to look for in code.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum LookWire {
    Path(Arc<str>),
    Pattern { pattern: Arc<str>, within: Vec<Arc<str>>, except: Vec<Arc<str>> },
    Dependency { name: Arc<str>, within: Vec<Arc<str>>, except: Vec<Arc<str>> },
    Value { file: Arc<str>, pointer: Arc<str>, equals: Arc<str> },
    Layers { within: Arc<str>, except: Vec<Arc<str>>, order: Vec<Arc<str>> },
}

impl LookWire {
    /// The look as a file has it.
    pub(super) fn of(look: &Look) -> Self {
        match look.clone() {
            Look::Path(glob) => Self::Path(glob),
            Look::Pattern { pattern, within, except } => Self::Pattern { pattern, within, except },
            Look::Dependency { name, within, except } => Self::Dependency { name, within, except },
            Look::Value { file, pointer, equals } => Self::Value { file, pointer, equals },
            Look::Layers { within, except, order } => Self::Layers { within, except, order },
        }
    }

    /// The look.
    pub(super) fn look(self) -> Look {
        match self {
            Self::Path(glob) => Look::Path(glob),
            Self::Pattern { pattern, within, except } => Look::Pattern { pattern, within, except },
            Self::Dependency { name, within, except } => Look::Dependency { name, within, except },
            Self::Value { file, pointer, equals } => Look::Value { file, pointer, equals },
            Self::Layers { within, except, order } => Look::Layers { within, except, order },
        }
    }
}
