//! A pass as people and programs read it.

mod json;
mod text;

pub(super) use json::json;
pub(super) use text::{drifts, text};

use crate::engine::Pass;
use crate::model::{Action, Step};

/// The task that a step is about: the one that it opened, where it has been carried out.
fn task_id(pass: &Pass, step: &Step) -> Option<String> {
    let opened = pass.outcome.iter().flat_map(|outcome| &outcome.opened);
    let mut opened = opened.filter(|(fingerprint, _)| *fingerprint == step.remediation.fingerprint);
    opened.next().map(|(_, id)| id.to_string()).or_else(|| step.remediation.task.as_ref().map(ToString::to_string))
}

fn reason(action: &Action) -> Option<&str> {
    match action {
        Action::Close(reason) => Some(reason.word()),
        Action::Reopen { why } => Some(why),
        _ => None,
    }
}
