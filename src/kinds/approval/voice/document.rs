//! What stands in documents of the specs.

use std::sync::Arc;

use super::{From, Voice, named};
use crate::kinds::approval::Approval;
use crate::kinds::approval::identity::impostor;
use crate::kinds::approval::request::Request;
use crate::kinds::{Body, Spec};
use crate::model::{Denial, Digest, Kind, Reason, Timestamp};

pub(super) fn in_specs<'a>(request: &Request<'a>, as_of: Timestamp) -> impl Iterator<Item = Voice> + use<'a> {
    let request = request.clone();
    request.specs.approvals(&request.task.id.0).iter().filter_map(move |spec| {
        let Body::Approval(approval) = &spec.body else { return None };
        if approval.policy.id(Some(request.id.kind)).as_ref() != Some(request.id) {
            return None;
        }
        let by = approval.by.id(Some(Kind::Agent))?;
        let voice = named(&request, by.name.as_str(), as_of)?;
        let fault = voice.fault.clone().or_else(|| wrong(&request, spec, approval, as_of));
        let turns = Some(approval.expires.end()).filter(|ends| *ends > as_of);
        let turns = [voice.turns, turns].into_iter().flatten().min();
        let from = From::Document(spec.id.clone());
        let because = Some(approval.reason.as_str()).filter(|reason| !reason.is_empty()).map(Arc::from);
        Some(Voice { vote: approval.verdict.into(), at: None, from, because, fault, turns, ..voice })
    })
}

/// Why a document does not count, if so.
fn wrong(request: &Request<'_>, spec: &Spec, approval: &Approval, as_of: Timestamp) -> Option<Denial> {
    let by = approval.by.text();
    let seen = approval.digest.value.strip_prefix("sha256:").and_then(|hex| Digest::stored(&hex.to_lowercase()));
    if !seen.is_some_and(|seen| request.is_digest(seen)) {
        let words = format!("the task or {} has changed since {by} approved it in {}", request.id, spec.id);
        return Some(Denial::new(Reason::Changed, words));
    }
    if as_of >= approval.expires.end() {
        return Some(Denial::new(Reason::Expired, format!("{} expired on {}", spec.id, approval.expires)));
    }
    let again = replayed(request, spec, approval);
    if again.is_some() {
        return again;
    }
    impostor(request, spec, approval.by.id(Some(Kind::Agent)).as_ref().map_or(by, |id| id.name.as_str()))
}

/// Whether its nonce was used before: in another document, whatever that is about, or in what is on record of the task.
fn replayed(request: &Request<'_>, spec: &Spec, approval: &Approval) -> Option<Denial> {
    let first = request.specs.first_of_nonce(&approval.nonce).filter(|first| **first != spec.id);
    let before = first.map(ToString::to_string);
    let recorded = || {
        let record = request.task.record.as_ref()?;
        let same = record.ballots.iter().any(|ballot| *ballot.nonce == *approval.nonce);
        same.then(|| "what is on record already".to_owned())
    };
    let before = before.or_else(recorded)?;
    Some(Denial::new(Reason::Replayed, format!("{} has the nonce of {before}, and counts once", spec.id)))
}
