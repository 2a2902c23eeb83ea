//! Texts that repeat from row to row, kept once.

use std::sync::Arc;

use rustc_hash::FxHashSet;

/// Texts beyond so many are not shared any more: titles may all differ.
const MOST: usize = 65_536;

/// Hands out one shared copy of each text.
#[derive(Default)]
pub(super) struct Interner {
    texts: FxHashSet<Arc<str>>,
}

impl Interner {
    /// The shared copy.
    pub(super) fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(shared) = self.texts.get(text) {
            return shared.clone();
        }
        let shared: Arc<str> = text.into();
        if self.texts.len() < MOST {
            self.texts.insert(shared.clone());
        }
        shared
    }
}
