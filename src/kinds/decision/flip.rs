//! What to write where a decision is to have another status.

use super::{Decision, Status};
use crate::diagnostic::Edit;
use crate::kinds::Spec;

/// Writes a status in place of the one that stands there, quoted as that is; nothing where the place says more than a status,
/// as an anchor does.
pub(super) fn flip(spec: &Spec, decision: &Decision, to: Status) -> Option<Edit> {
    let span = decision.status.span;
    let written = spec.source.get(span.range(spec.source.len()))?;
    let quote = match written.chars().next()? {
        quote @ ('"' | '\'') => quote.to_string(),
        letter if letter.is_ascii_alphabetic() => String::new(),
        _ => return None,
    };
    Some(Edit { file: spec.place.file.clone(), span, text: format!("{quote}{}{quote}", to.word()) })
}
