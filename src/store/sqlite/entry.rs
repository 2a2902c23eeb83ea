//! What Abide keeps of one row that is written: the record of a remediation task, and the audit row.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::{Done, damaged};
use super::writer::Writer;
use super::{audit, context, records};
use crate::model::{RecordState, Remediation, TaskId, Timestamp};

/// What is kept of a transition. It is written down before the row is where the two lie in different files, so it is whole
/// but for the key of a row that is still to be inserted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// When, in milliseconds since 1970.
    at: i64,
    who: String,
    action: String,
    /// What the audit row says, without the task.
    what: Value,
    /// The record as it becomes; none where the row is no remediation task's, or stays as it is on record.
    record: Option<Kept>,
}

/// A record of `abide_remediations`, but for its task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) fingerprint: String,
    /// The fingerprint that the record has so far, where git renamed its spec.
    pub(super) renamed_from: Option<String>,
    pub(super) spec: Option<String>,
    pub(super) rule: String,
    pub(super) subject: String,
    /// A list as JSON.
    pub(super) subjects: String,
    pub(super) code: String,
    pub(super) severity: String,
    pub(super) owner: Option<String>,
    pub(super) title: String,
    pub(super) file: Option<String>,
    pub(super) spec_digest: Option<String>,
    /// Why and when it was closed; none where it is open.
    pub(super) closed: Option<(String, i64)>,
    pub(super) opened: i64,
    pub(super) flaps: u32,
    pub(super) attempts: u32,
    /// The version that was read; none where there was no record.
    pub(super) version: Option<u64>,
}

impl Entry {
    /// A transition that only the audit rows tell of.
    pub(super) fn new(at: Timestamp, who: &str, action: &str, what: Value) -> Self {
        Self { at: at.as_millis(), who: who.to_owned(), action: action.to_owned(), what, record: None }
    }

    /// The same with what a remediation task's record becomes.
    pub(super) fn with(self, r: &Remediation, state: RecordState) -> Self {
        Self { record: Some(Kept::of(r, state)), ..self }
    }

    /// When it is done.
    pub(super) const fn at(&self) -> Timestamp {
        Timestamp::from_millis(self.at)
    }

    /// The fingerprint of the remediation task, where it is one's.
    pub(super) fn fingerprint(&self) -> Option<&str> {
        self.record.as_ref().map(|record| record.fingerprint.as_str())
    }

    /// Writes it: the record, then the audit row.
    pub(super) fn keep(&self, writer: &mut Writer<'_>, task: &TaskId) -> Done<()> {
        let at = self.at();
        if let Some(record) = &self.record {
            records::put(writer, record, task, at)?;
        }
        audit::add(writer, at, &self.who, &self.action, &self.about(task))
    }

    /// Writes down that nobody can tell any more whether it came to be.
    pub(super) fn doubt(&self, writer: &mut Writer<'_>, task: &TaskId) -> Done<()> {
        let Value::Object(mut what) = self.about(task) else { return Err(damaged("an audit row says nothing")) };
        what.insert("action".into(), self.action.clone().into());
        audit::add(writer, self.at(), &self.who, "unsure", &Value::Object(what))
    }

    fn about(&self, task: &TaskId) -> Value {
        let mut what = self.what.clone();
        what["task"] = Value::from(&*task.0);
        what
    }
}

impl Kept {
    fn of(r: &Remediation, state: RecordState) -> Self {
        Self {
            fingerprint: r.fingerprint.as_str().to_owned(),
            renamed_from: r.renamed_from.as_ref().map(|from| from.as_str().to_owned()),
            spec: r.case.spec.as_ref().map(ToString::to_string),
            rule: r.case.rule.word().to_owned(),
            subject: r.subject.as_str().to_owned(),
            subjects: Value::from(context::subjects(r)).to_string(),
            code: r.code.word().to_owned(),
            severity: r.severity.word().to_owned(),
            owner: r.owner.as_ref().map(ToString::to_string),
            title: r.title.to_string(),
            file: r.file.as_deref().map(str::to_owned),
            spec_digest: r.spec_digest.map(|digest| digest.to_string()),
            closed: match state {
                RecordState::Open => None,
                RecordState::Closed { reason, at } => Some((reason.word().to_owned(), at.as_millis())),
            },
            opened: r.opened.as_millis(),
            flaps: r.flaps,
            attempts: r.attempts,
            version: r.version,
        }
    }
}
