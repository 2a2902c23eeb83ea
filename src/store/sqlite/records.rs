//! The ledger's record of each remediation task.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, ffi, params};

use super::context;
use super::fault::{Done, Fault, damaged, stale};
use super::writer::Writer;
use crate::model::{
    CaseId, CloseReason, Code, Digest, Fingerprint, Record, RecordState, Remediation, Rule, Subject, TaskId, Timestamp,
    WontFix,
};

const COLUMNS: &str = "fingerprint, spec, rule, subject, subjects, code, severity, owner, title, file, spec_digest, \
                       state, closed_reason, closed_at, opened, flaps, attempts, refused_until, refused_by, \
                       refused_reason, task, version";

/// Every record, the latest of each fingerprint, without the live rows.
pub(super) fn read(conn: &Connection) -> Done<BTreeMap<Fingerprint, Record>> {
    let mut statement = conn.prepare(&format!("SELECT {COLUMNS} FROM abide_remediations ORDER BY seq"))?;
    let mut rows = statement.query([])?;
    let mut records = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let record = record(row)?;
        records.insert(record.fingerprint.clone(), record);
    }
    Ok(records)
}

fn record(row: &Row<'_>) -> Done<Record> {
    let fingerprint: String = row.get("fingerprint")?;
    let wrong = |column: &str| damaged(format!("abide_remediations.{column} of {fingerprint} cannot be read"));
    let text = |column: &str| row.get::<_, String>(column);
    let optional = |column: &str| row.get::<_, Option<String>>(column);
    let at = |column: &str| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp::from_millis));
    let subjects: Vec<String> = serde_json::from_str(&text("subjects")?).map_err(|_| wrong("subjects"))?;
    let state = match (optional("closed_reason")?, at("closed_at")?) {
        (Some(reason), Some(at)) if text("state")? == "closed" => {
            let reason = CloseReason::from_word(&reason).ok_or_else(|| wrong("closed_reason"))?;
            RecordState::Closed { reason, at }
        }
        _ if text("state")? == "open" => RecordState::Open,
        _ => return Err(wrong("state")),
    };
    let wont_fix = match (at("refused_until")?, optional("refused_by")?, optional("refused_reason")?) {
        (Some(until), Some(by), Some(reason)) => Some(WontFix { until, by: by.into(), reason: reason.into() }),
        _ => None,
    };
    let id = |column: &str| optional(column)?.map(|id| id.parse().map_err(|_| wrong(column))).transpose();
    Ok(Record {
        case: CaseId { spec: id("spec")?, rule: Rule::from_word(&text("rule")?).ok_or_else(|| wrong("rule"))? },
        subject: Subject::stored(&text("subject")?),
        subjects: subjects.iter().map(|subject| Subject::stored(subject)).collect::<BTreeSet<_>>(),
        code: Code::from_word(&text("code")?).ok_or_else(|| wrong("code"))?,
        severity: text("severity")?.parse().map_err(|_| wrong("severity"))?,
        owner: id("owner")?,
        title: text("title")?.into(),
        file: optional("file")?.map(Into::into),
        spec_digest: match optional("spec_digest")? {
            None => None,
            Some(digest) => Some(Digest::stored(&digest).ok_or_else(|| wrong("spec_digest"))?),
        },
        state,
        opened: at("opened")?.unwrap_or_default(),
        flaps: row.get("flaps")?,
        attempts: row.get("attempts")?,
        wont_fix,
        task: TaskId(text("task")?.into()),
        live: None,
        version: row.get("version")?,
        fingerprint: Fingerprint::stored(&fingerprint),
    })
}

/// The record of one fingerprint, without its live row.
pub(super) fn find(conn: &Connection, fingerprint: &Fingerprint) -> Done<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM abide_remediations WHERE fingerprint = ? ORDER BY seq DESC LIMIT 1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([fingerprint.as_str()])?;
    rows.next()?.map(record).transpose()
}

/// Writes what a step makes of a record: a new one, or the one whose version was read.
pub(super) fn put(writer: &mut Writer<'_>, r: &Remediation, state: RecordState, task: &TaskId) -> Done<()> {
    let (state, reason, closed_at) = match state {
        RecordState::Open => ("open", None, None),
        RecordState::Closed { reason, at } => ("closed", Some(reason.word()), Some(at.as_millis())),
    };
    let id = r.renamed_from.as_ref().unwrap_or(&r.fingerprint);
    let values = params![
        r.fingerprint.as_str(),
        r.case.spec.as_ref().map(ToString::to_string),
        r.case.rule.word(),
        r.subject.as_str(),
        serde_json::Value::from(context::subjects(r)).to_string(),
        r.code.word(),
        r.severity.word(),
        r.owner.as_ref().map(ToString::to_string),
        &*r.title,
        r.file.as_deref(),
        r.spec_digest.map(|digest| digest.to_string()),
        state,
        reason,
        closed_at,
        r.opened.as_millis(),
        r.flaps,
        r.attempts,
        &*task.0,
        id.as_str(),
        r.version.unwrap_or_default(),
    ];
    let sql = if r.version.is_some() { UPDATE } else { INSERT };
    match writer.write(sql, values).map_err(|error| twice(error, &r.fingerprint))? {
        1 => Ok(()),
        _ => Err(stale(format!("the record of {} has changed since it was read", r.fingerprint))),
    }
}

const INSERT: &str = "INSERT INTO abide_remediations (fingerprint, spec, rule, subject, subjects, code, severity, \
     owner, title, file, spec_digest, state, closed_reason, closed_at, opened, flaps, attempts, task, version) \
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 1 \
     WHERE ?19 IS NOT NULL AND ?20 = 0";

const UPDATE: &str = "UPDATE abide_remediations SET fingerprint = ?1, spec = ?2, rule = ?3, subject = ?4, \
     subjects = ?5, code = ?6, severity = ?7, owner = ?8, title = ?9, file = ?10, spec_digest = ?11, state = ?12, \
     closed_reason = ?13, closed_at = ?14, opened = ?15, flaps = ?16, attempts = ?17, task = ?18, \
     version = version + 1 \
     WHERE version = ?20 AND seq = (SELECT max(seq) FROM abide_remediations WHERE fingerprint = ?19)";

/// A second open task for one fingerprint means that the plan did not know of the first.
fn twice(error: rusqlite::Error, fingerprint: &Fingerprint) -> Fault {
    match error {
        rusqlite::Error::SqliteFailure(code, _) if code.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE => {
            stale(format!("{fingerprint} already has an open task"))
        }
        error => Fault::Sql(error),
    }
}

/// Writes a person's refusal down.
pub(super) fn refuse(writer: &mut Writer<'_>, record: &Record, refusal: &WontFix) -> Done<()> {
    let sql = "UPDATE abide_remediations SET refused_until = ?, refused_by = ?, refused_reason = ?, \
               version = version + 1 WHERE fingerprint = ? AND version = ?";
    let WontFix { until, by, reason } = refusal;
    let fingerprint = record.fingerprint.as_str();
    writer.write(sql, (until.as_millis(), &**by, &**reason, fingerprint, record.version))?;
    Ok(())
}
