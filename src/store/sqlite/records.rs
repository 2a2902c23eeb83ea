//! The ledger's record of each remediation task.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::FromSql;
use rusqlite::{Connection, Row, ffi, params};
use rustc_hash::FxHashMap;

use super::context;
use super::fault::{Done, Fault, damaged, stale};
use super::writer::Writer;
use crate::model::{
    CaseId, CloseReason, Code, Digest, Fingerprint, Record, RecordState, Remediation, Rule, Subject, TaskId, Timestamp,
    WontFix,
};

const COLUMNS: &str = "fingerprint, spec, rule, subject, subjects, code, severity, owner, title, file, spec_digest, \
                       state, closed_reason, closed_at, opened, flaps, attempts, refused_until, refused_by, \
                       refused_reason, task, touched, version";

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

/// What is known of a row that Abide has made.
pub(super) struct Made {
    title: String,
    opened: Timestamp,
}

impl Made {
    /// Whether a row of its key can be it. A database may give the key of a row that was deleted to a new one: that has another title,
    /// and is younger.
    pub(super) fn can_be(&self, title: &str, created: Timestamp) -> bool {
        self.title == title || created <= self.opened
    }
}

/// Every task on record by its key, whatever has become of it.
pub(super) fn tasks(conn: &Connection) -> rusqlite::Result<FxHashMap<String, Made>> {
    let mut statement = conn.prepare("SELECT task, title, opened FROM abide_remediations ORDER BY seq")?;
    let made =
        |row: &Row<'_>| Ok((row.get(0)?, Made { title: row.get(1)?, opened: Timestamp::from_millis(row.get(2)?) }));
    statement.query_map([], made)?.collect()
}

/// Reads a row's columns one after another.
struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Columns<'_> {
    fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    fn time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.take::<Option<i64>>()?.map(Timestamp::from_millis))
    }

    /// A text that must read as something.
    fn read<T>(&mut self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Done<T> {
        let text: String = self.take()?;
        read(&text).ok_or_else(|| damaged(format!("abide_remediations.{column} holds `{text}`, which cannot be read")))
    }

    /// A text that must read as something where it is there.
    fn optional<T>(&mut self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Done<Option<T>> {
        let text: Option<String> = self.take()?;
        let wrong = |text| damaged(format!("abide_remediations.{column} holds `{text}`, which cannot be read"));
        text.map(|text| read(&text).ok_or_else(|| wrong(text))).transpose()
    }

    fn state(&mut self) -> Done<RecordState> {
        let (state, reason): (String, Option<CloseReason>) =
            (self.take()?, self.optional("closed_reason", CloseReason::from_word)?);
        match (state.as_str(), reason, self.time()?) {
            ("open", ..) => Ok(RecordState::Open),
            (_, Some(reason), Some(at)) => Ok(RecordState::Closed { reason, at }),
            _ => Err(damaged("a record of abide_remediations is closed without reason or time")),
        }
    }

    fn wont_fix(&mut self) -> rusqlite::Result<Option<WontFix>> {
        let (until, by, reason) = (self.time()?, self.take::<Option<String>>()?, self.take::<Option<String>>()?);
        Ok(until.zip(by).zip(reason).map(|((until, by), reason)| WontFix {
            until,
            by: by.into(),
            reason: reason.into(),
        }))
    }
}

/// The fields stand in the order of the columns, which is the order in which they are read.
fn record(row: &Row<'_>) -> Done<Record> {
    let mut row = Columns { row, next: 0 };
    Ok(Record {
        fingerprint: Fingerprint::stored(&row.take::<String>()?),
        case: CaseId { spec: row.optional("spec", |id| id.parse().ok())?, rule: row.read("rule", Rule::from_word)? },
        subject: Subject::stored(&row.take::<String>()?),
        subjects: row.read("subjects", subjects)?,
        code: row.read("code", Code::from_word)?,
        severity: row.read("severity", |word| word.parse().ok())?,
        owner: row.optional("owner", |id| id.parse().ok())?,
        title: row.take::<String>()?.into(),
        file: row.take::<Option<String>>()?.map(Into::into),
        spec_digest: row.optional("spec_digest", Digest::stored)?,
        state: row.state()?,
        opened: row.time()?.unwrap_or_default(),
        flaps: row.take()?,
        attempts: row.take()?,
        wont_fix: row.wont_fix()?,
        task: TaskId(row.take::<String>()?.into()),
        touched: row.time()?.unwrap_or_default(),
        version: row.take()?,
        live: None,
    })
}

fn subjects(json: &str) -> Option<BTreeSet<Subject>> {
    let subjects: Vec<String> = serde_json::from_str(json).ok()?;
    Some(subjects.iter().map(|subject| Subject::stored(subject)).collect())
}

/// The record of one fingerprint, without its live row.
pub(super) fn find(conn: &Connection, fingerprint: &Fingerprint) -> Done<Option<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM abide_remediations WHERE fingerprint = ? ORDER BY seq DESC LIMIT 1");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([fingerprint.as_str()])?;
    rows.next()?.map(record).transpose()
}

/// Writes what a step makes of a record now: a new one, or the one whose version was read.
pub(super) fn put(
    writer: &mut Writer<'_>,
    r: &Remediation,
    state: RecordState,
    task: &TaskId,
    now: Timestamp,
) -> Done<()> {
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
        now.as_millis(),
    ];
    if r.renamed_from.is_some() {
        // What was closed under the new name gives way; its story is in the audit rows.
        let sql = "DELETE FROM abide_remediations WHERE fingerprint = ? AND state = 'closed'";
        writer.write(sql, [r.fingerprint.as_str()])?;
    }
    let sql = if r.version.is_some() { UPDATE } else { INSERT };
    match writer.write(sql, values).map_err(|error| twice(error, &r.fingerprint))? {
        1 => Ok(()),
        _ => Err(stale(format!("the record of {} has changed since it was read", r.fingerprint))),
    }
}

const INSERT: &str = "INSERT INTO abide_remediations (fingerprint, spec, rule, subject, subjects, code, severity, \
     owner, title, file, spec_digest, state, closed_reason, closed_at, opened, flaps, attempts, task, \
     touched, version) \
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?21, 1 \
     WHERE ?19 IS NOT NULL AND ?20 = 0";

const UPDATE: &str = "UPDATE abide_remediations SET fingerprint = ?1, spec = ?2, rule = ?3, subject = ?4, \
     subjects = ?5, code = ?6, severity = ?7, owner = ?8, title = ?9, file = ?10, spec_digest = ?11, state = ?12, \
     closed_reason = ?13, closed_at = ?14, opened = ?15, flaps = ?16, attempts = ?17, task = ?18, \
     touched = ?21, version = version + 1 \
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
