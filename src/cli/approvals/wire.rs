//! A request for programs.

use serde_json::{Value, json};

use crate::engine::Requested;
use crate::kinds::approval::Tree;
use crate::kinds::approval::voice::{From, Voice};

/// A request as it stands.
pub(super) fn request(request: &Requested) -> Value {
    let Requested { task, policy, place, digest, asked, assessed, tree, waits_on } = request;
    json!({
        "task": *task.id.0,
        "title": *task.title,
        "status": task.status.word(),
        "policy": policy.to_string(),
        "file": *place.file,
        "line": place.line,
        "state": assessed.state.word(),
        "reason": assessed.why,
        "digest": format!("sha256:{digest}"),
        "asked": asked.map(|at| at.to_string()),
        "changes": assessed.turns.map(|at| at.to_string()),
        "waitsOn": waits_on.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "said": assessed.voices.iter().map(voice).collect::<Vec<_>>(),
        "requires": tree.as_ref().map(branch),
    })
}

fn voice(voice: &Voice) -> Value {
    let from = match &voice.from {
        From::Row(role) => format!("the task's row, for {role}"),
        From::Document(spec) => spec.to_string(),
        From::Record => "record".to_owned(),
    };
    json!({
        "by": voice.by.as_ref().map(|by| format!("agent/{by}")),
        "verdict": voice.vote.word(),
        "at": voice.at.map(|at| at.to_string()),
        "from": from,
        "because": voice.because.as_deref(),
        "counts": voice.fault.is_none(),
        "code": voice.fault.as_ref().map(|fault| fault.reason.code()),
        "reason": voice.fault.as_ref().map(ToString::to_string),
    })
}

fn branch(tree: &Tree) -> Value {
    json!({
        "words": tree.words,
        "met": tree.is_met,
        "yes": tree.yes,
        "missing": tree.missing,
        "parts": tree.parts.iter().map(branch).collect::<Vec<_>>(),
    })
}
