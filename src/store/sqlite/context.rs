//! What Abide writes into a remediation task for machines and for people.

use serde_json::{Map, Value, json};

use crate::model::{ABIDE, CloseReason, CodeMatch, Drift, Remediation, Revision, Timestamp};

/// Abide's part of the context.
pub(super) fn abide(remediation: &Remediation, revision: &Revision) -> Value {
    let r = remediation;
    let first = r.drifts.first();
    json!({
        "fingerprint": r.fingerprint.as_str(),
        "rule": r.case.rule.word(),
        "code": r.code.word(),
        "spec": r.case.spec.as_ref().map(ToString::to_string),
        "subjects": subjects(r),
        "severity": r.severity.word(),
        "desired": first.map(|drift| desired(drift, revision)),
        "observed": first.map(|drift| observed(r, drift)),
        "changed": r.changed,
        "fix": first.map(|drift| json!({"how": drift.fix.how, "patch": drift.fix.patch})),
        "verify": first.map(|drift| drift.fix.verify.as_str()),
        "opened": r.opened.to_string(),
        "due": r.due.to_string(),
        "flaps": r.flaps,
        "attempts": r.attempts,
    })
}

/// The subjects as a list of texts.
pub(super) fn subjects(remediation: &Remediation) -> Vec<&str> {
    remediation.subjects.iter().map(|subject| subject.as_str()).collect()
}

fn desired(drift: &Drift, revision: &Revision) -> Value {
    let (file, line) = (drift.place.as_ref().map(|p| &*p.file), drift.place.as_ref().map(|p| p.line));
    json!({"text": drift.desired, "revision": revision.as_str(), "file": file, "line": line})
}

fn observed(remediation: &Remediation, first: &Drift) -> Value {
    let place = |place: &CodeMatch| json!({"file": *place.file, "line": place.line, "text": *place.text});
    let places = remediation.drifts.iter().flat_map(|drift| &drift.evidence.places);
    json!({
        "question": first.evidence.question,
        "answer": answers(remediation),
        "at": first.evidence.at.to_string(),
        "places": places.map(place).collect::<Vec<_>>(),
    })
}

/// What was seen; where a task stands for several drifts, a line for each. The answers name their subjects.
fn answers(remediation: &Remediation) -> String {
    remediation.drifts.iter().map(|drift| drift.evidence.answer.as_str()).collect::<Vec<_>>().join("\n")
}

/// A context with Abide's part replaced and the rest as it is. None where the context is theirs and no JSON object.
pub(super) fn replace(context: Option<&str>, abide: Value) -> Option<String> {
    let mut object = object(context)?;
    object.insert(ABIDE.to_owned(), abide);
    Some(Value::Object(object).to_string())
}

/// A context that says when and why its task was closed.
pub(super) fn closed(context: Option<&str>, reason: CloseReason, at: Timestamp) -> Option<String> {
    let mut object = object(context)?;
    let abide = object.entry(ABIDE).or_insert_with(|| json!({}));
    abide.as_object_mut()?.insert("closed".into(), json!({"reason": reason.word(), "at": at.to_string()}));
    Some(Value::Object(object).to_string())
}

/// Abide's part of a task that is opened again.
pub(super) fn reopened(mut abide: Value, why: &str, at: Timestamp) -> Value {
    if let Some(object) = abide.as_object_mut() {
        object.insert("reopened".into(), json!({"why": why, "at": at.to_string()}));
    }
    abide
}

fn object(context: Option<&str>) -> Option<Map<String, Value>> {
    match context.filter(|text| !text.trim().is_empty()) {
        None => Some(Map::new()),
        Some(text) => serde_json::from_str(text).ok(),
    }
}

/// The task for people.
pub(super) fn body(remediation: &Remediation, revision: &Revision) -> String {
    let Some(drift) = remediation.drifts.first() else { return remediation.title.to_string() };
    let mut lines = vec![format!("Wanted: {}", drift.desired)];
    if let Some(place) = &drift.place {
        lines.push(format!("  asked for by {place} at {}", revision.short()));
    }
    lines.push(format!("Seen: {}", answers(remediation)));
    lines.push(format!("  asked at {}: {}", drift.evidence.at, drift.evidence.question));
    let places = remediation.drifts.iter().flat_map(|drift| &drift.evidence.places);
    lines.extend(places.map(|place| match place.line {
        Some(line) => format!("  {}:{line}: {}", place.file, place.text),
        None => format!("  {}", place.file),
    }));
    lines.push(format!("To mend it: {}", drift.fix.how));
    lines.extend(drift.fix.patch.iter().map(|patch| format!("Patch:\n{patch}")));
    lines.push(format!("Abide closes this when: {}", drift.fix.verify));
    lines.push(format!("Due {}. {}", remediation.due, last(remediation)));
    lines.join("\n")
}

/// How Abide's part of a body ends.
fn last(remediation: &Remediation) -> String {
    format!("Fingerprint {}.", remediation.fingerprint)
}

/// A body with Abide's part as it is now, and what others have written below it. None where Abide's part is not there any more.
pub(super) fn rewritten(body: Option<&str>, remediation: &Remediation, revision: &Revision) -> Option<String> {
    let (_, below) = body.filter(|body| body.starts_with("Wanted: "))?.split_once(&last(remediation))?;
    Some(self::body(remediation, revision) + below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_theirs_stays() {
        let context = replace(Some(r#"{"area":"db","abide":{"old":1}}"#), json!({"new": 2}));
        assert_eq!(context.as_deref(), Some(r#"{"abide":{"new":2},"area":"db"}"#));
        assert_eq!(replace(Some("no json"), json!({})), None, "never overwritten");
        assert_eq!(replace(None, json!({})).as_deref(), Some(r#"{"abide":{}}"#));
    }
}
