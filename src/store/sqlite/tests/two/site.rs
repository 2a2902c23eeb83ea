//! Two files with a planner that knows what drifts, and a connection that can be cut off.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::super::*;
use crate::model::{Assign, Change, CloseReason, Durability, TaskStatus};
use crate::store::sqlite::fault::{Done, Fault};
use crate::store::sqlite::files::Files;
use crate::store::sqlite::table::Table;
use crate::store::sqlite::{command, commit, connect, lease, ledger};
use crate::store::{Applied, Command, Settings};

/// What drifts, and what the planner may do about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wanted {
    /// The subjects that drift, and how badly.
    pub(super) drifts: BTreeMap<&'static str, Severity>,
    /// The role that a task of the team's must be in.
    pub(super) assigned: Option<(&'static str, &'static str)>,
    /// What waits for a person.
    pub(super) held: Vec<&'static str>,
}

/// These drift, and there is nothing else.
pub(super) fn drifting(drifts: &[(&'static str, Severity)]) -> Wanted {
    Wanted { drifts: drifts.iter().copied().collect(), ..Wanted::default() }
}

/// The files as they are once `wanted` is as the planner wants it, closed.
pub(super) fn prepare(rows: &str, wanted: &Wanted, is_apart: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Connection::open(folder.path().join("team.db")).unwrap().execute_batch(&format!("{TEAM}{rows}")).unwrap();
    let mut site = Site::new(folder.path(), is_apart);
    let epoch = site.lead("us", now()).unwrap();
    site.settle(wanted, epoch);
    folder
}

/// A copy of the files, as a restart finds them.
pub(super) fn copy(of: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(of).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    folder
}

/// The files in a folder, opened to be written.
pub(super) struct Site {
    pub(super) conn: Connection,
    pub(super) table: Table,
}

pub(super) fn mapping(folder: &Path, is_apart: bool) -> Mapping {
    let url = is_apart.then(|| format!("sqlite:{}", folder.join("team.db").display()));
    Mapping { url, ..Config::parse(MAPPED, &[]).unwrap().mapping() }
}

/// Abide's tables lie in the team's file where the two are not apart.
pub(super) fn url(folder: &Path, is_apart: bool) -> String {
    format!("sqlite:{}", folder.join(if is_apart { "abide.db" } else { "team.db" }).display())
}

impl Site {
    pub(super) fn new(folder: &Path, is_apart: bool) -> Self {
        let mapping = mapping(folder, is_apart);
        let files = Files::of(&url(folder, is_apart), &mapping).unwrap();
        let conn = connect::writer(&files, true, Durability::Full).unwrap();
        // A process that ends loses nothing that it has written, flushed or not.
        for schema in ["main", if is_apart { "team" } else { "main" }] {
            conn.pragma_update(Some(schema), "synchronous", "OFF").unwrap();
        }
        Self { conn, table: Table::new(mapping, Settings::default(), files.team.map(|team| team.url)) }
    }

    pub(super) fn lead(&mut self, holder: &str, at: Timestamp) -> Done<Epoch> {
        let epoch = lease::lead(&mut self.conn, holder, at, Duration::from_mins(1))?;
        crate::store::sqlite::settle::settle(&mut self.conn, &self.table, at)?;
        Ok(epoch)
    }

    /// One pass; how many steps it had.
    pub(super) fn pass(&mut self, wanted: &Wanted, epoch: Epoch) -> Done<usize> {
        let ledger = ledger::read(&mut self.conn, &self.table)?;
        let plan = planned(&ledger, wanted);
        commit::commit(&mut self.conn, &self.table, &plan, epoch)?;
        Ok(plan.steps.len())
    }

    /// Passes until one changes nothing; how many that took.
    pub(super) fn settle(&mut self, wanted: &Wanted, epoch: Epoch) -> usize {
        for n in 1..9 {
            match self.pass(wanted, epoch) {
                Ok(0) => return n,
                Ok(_) | Err(Fault::Store(StoreError::Stale(_))) => {}
                Err(fault) => panic!("{fault:?}"),
            }
        }
        panic!("it does not come to rest");
    }

    pub(super) fn apply(&mut self, command: &Command) -> Done<Applied> {
        command::apply(&mut self.conn, &self.table, command, ("dev-1", now()))
    }

    /// From the n-th statement on, nothing happens any more: what is not committed by then never is.
    pub(super) fn cut(&mut self, n: usize) -> Arc<AtomicUsize> {
        let (count, is_cut) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counting, cutting) = (count.clone(), is_cut.clone());
        let trace = move |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(..) = event
                && counting.fetch_add(1, Ordering::SeqCst) >= n
            {
                cutting.store(true, Ordering::SeqCst);
            }
        };
        self.conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(trace)).unwrap();
        let (stops, rolls) = (is_cut.clone(), is_cut);
        self.conn.progress_handler(1, Some(move || stops.load(Ordering::SeqCst))).unwrap();
        self.conn.commit_hook(Some(move || rolls.load(Ordering::SeqCst))).unwrap();
        count
    }
}

/// What a planner makes of it, as the real one does.
fn planned(ledger: &Ledger, wanted: &Wanted) -> Plan {
    let mut steps = Vec::new();
    for record in ledger.records.values().filter(|record| record.is_open()) {
        if !wanted.drifts.contains_key(record.subject.as_str()) {
            steps.push((Action::Close(CloseReason::Mended), known(record)));
        }
    }
    let mut held = Vec::new();
    for (subject, severity) in &wanted.drifts {
        let fresh = Remediation { severity: *severity, ..remediation(subject) };
        let record = ledger.records.get(&fresh.fingerprint);
        let id = crate::model::HoldId::of("open", &fresh.fingerprint);
        if wanted.held.contains(subject) && record.is_none() && ledger.holds.get(&id) != Some(&true) {
            let reason = "many".to_owned();
            held.push(crate::model::Held { id, action: "open", fingerprint: None, reason, needs_person: true });
            continue;
        }
        steps.extend(record.map_or(Some((Action::Open, fresh)), |record| pursued(record, *severity)));
    }
    steps.extend(wanted.assigned.map(|(task, to)| {
        let change = Change::Role { from: Some("qa".into()), to: to.into() };
        let spec = "assignment/fixes".parse().unwrap();
        let assign = Assign { spec, digest: Digest::of("spec"), task: task.into(), change };
        (Action::Assign(vec![assign]), remediation("task/1"))
    }));
    Plan { held, ..plan(ledger, steps) }
}

fn pursued(record: &Record, severity: Severity) -> Option<(Action, Remediation)> {
    let r = Remediation {
        severity,
        flaps: record.flaps + u32::from(!record.is_open()),
        attempts: record.attempts,
        ..known(record)
    };
    let status = record.live.as_ref().map(|live| live.status);
    match (record.is_open(), status) {
        (_, None) => Some((Action::Open, r)),
        (false, _) => Some((Action::Reopen { why: "it is back".into() }, r)),
        (true, Some(TaskStatus::Failed)) => {
            let attempts = record.attempts + 1;
            Some((Action::Reopen { why: "given up".into() }, Remediation { attempts, ..r }))
        }
        (true, Some(TaskStatus::Completed)) => Some((Action::Reopen { why: "not done".into() }, r)),
        (true, _) => (record.severity != severity).then_some((Action::Update, r)),
    }
}

/// Everything that must be the same however it came about: rows, records, audit, holds; without keys and the order of
/// transitions.
pub(super) fn dump(folder: &Path, is_apart: bool) -> Vec<String> {
    let team = Connection::open(folder.join("team.db")).unwrap();
    if is_apart {
        let abide = folder.join("abide.db");
        team.execute("ATTACH ? AS abide", [abide.to_str().unwrap()]).unwrap();
    }
    let mut lines = Vec::new();
    for sql in [
        "SELECT 'row', kind, name, who, by_agent, asked, state, prio, ctx, made, began, ended FROM team",
        "SELECT 'record', fingerprint, code, severity, owner, state, closed_reason, closed_at, opened, flaps, attempts,
           version, refused_reason FROM abide_remediations",
        "SELECT 'audit', who, action, json_remove(what, '$.task') FROM abide_audit",
        "SELECT 'hold', id, released_by FROM abide_holds",
        "SELECT 'intent', * FROM abide_intents",
        "SELECT 'claim', task, agent, taken, until, kept_for FROM abide_claims",
        "SELECT 'enforced', spec, task, field, replaced, value FROM abide_enforcements",
        "SELECT 'ballot', nonce, task, policy, said, agent, at FROM abide_ballots",
        "SELECT 'request', task, policy, state, asked, since FROM abide_requests",
        "SELECT 'state', gates, spent FROM abide_state",
        "SELECT 'lost', r.fingerprint FROM abide_remediations r WHERE NOT EXISTS (SELECT 1 FROM team WHERE id = r.task)",
        "SELECT 'alone', name FROM team WHERE kind LIKE 'abide/%' AND state IN ('todo', 'doing')
           AND id NOT IN (SELECT task FROM abide_remediations WHERE state = 'open')",
    ] {
        let mut statement = team.prepare(sql).unwrap();
        let width = statement.column_count();
        let line = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            let cells: Vec<rusqlite::types::Value> = (0..width).map(|n| row.get(n)).collect::<Result<_, _>>()?;
            Ok(format!("{cells:?}"))
        };
        lines.extend(statement.query_map([], line).unwrap().map(Result::unwrap));
    }
    lines.sort();
    lines
}
