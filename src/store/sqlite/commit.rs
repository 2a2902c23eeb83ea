//! Carrying a plan out: the whole of it, or nothing.

use rusqlite::Connection;
use serde_json::json;

use super::attempt::attempt;
use super::fault::{Done, stale};
use super::layout::Layout;
use super::live::{self, Row};
use super::queue::{lease as lease_of, unblock};
use super::table::Table;
use super::work::carry_out;
use super::writer::{self, Writer};
use super::{audit, context, enforcements, holds, lease, ledger, records};
use crate::config::Field;
use crate::model::{
    ABIDE, Action, Assign, CloseReason, Epoch, Fingerprint, HoldId, Kind, Outcome, Plan, RecordState, Remediation,
    SpecId, Step, TaskId, TaskStatus, Undone,
};
use crate::store::Listed;

/// Carries the plan out under an epoch.
pub(super) fn commit(conn: &mut Connection, table: &Table, plan: &Plan, fence: Epoch) -> Done<Outcome> {
    carry_out(conn, table, plan.at, |writer, layout| pass(writer, layout, plan, fence))
}

fn pass(writer: &mut Writer<'_>, layout: &Layout<'_>, plan: &Plan, fence: Epoch) -> Done<Outcome> {
    lease::hold_to(writer.tx, fence)?;
    let version = writer::version(writer.tx)?;
    if version != plan.basis.ledger {
        return Err(stale(format!("the ledger is at {version}, the plan was made at {}", plan.basis.ledger)));
    }
    let mut pass = Pass { writer, layout, plan, opened: Vec::new(), undone: Vec::new() };
    for (at, step) in plan.steps.iter().enumerate() {
        pass.step(at, step)?;
    }
    if pass.undone.is_empty() {
        holds::sync(pass.writer, plan)?;
    } else {
        holds::sync(pass.writer, &plan.but_for(&pass.undone))?;
    }
    holds::refuse(pass.writer, &plan.refused(&pass.undone))?;
    enforcements::forget(pass.writer, plan)?;
    pass.accept()?;
    let ledger = if pass.writer.rows > 0 { pass.writer.bump()? } else { version };
    Ok(Outcome { rows: pass.writer.rows, opened: pass.opened, undone: pass.undone, ledger })
}

pub(super) struct Pass<'t, 'w> {
    pub(super) writer: &'t mut Writer<'w>,
    layout: &'t Layout<'t>,
    plan: &'t Plan,
    opened: Vec<(Fingerprint, TaskId)>,
    undone: Vec<Undone>,
}

impl Pass<'_, '_> {
    /// Carries a step out, but for what is about a row that cannot be read or written.
    fn step(&mut self, at: usize, step: &Step) -> Done<()> {
        let Action::Assign(assigns) = &step.action else {
            if let Err(error) = attempt(self, |pass| pass.carry_out(step))? {
                self.undone.push(Undone { step: at, task: None, why: error.to_string() });
            }
            return Ok(());
        };
        for assign in assigns {
            if let Err(error) = attempt(self, |pass| pass.assign(assign))? {
                self.undone.push(Undone { step: at, task: Some(assign.task.clone()), why: error.to_string() });
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, step: &Step) -> Done<()> {
        let r = &step.remediation;
        let (task, why) = match &step.action {
            Action::Open => (self.open(r)?, None),
            Action::Update => (self.update(r)?, None),
            Action::Close(reason) => (self.close(r, *reason)?, Some(reason.word())),
            Action::Reopen { why } => (self.reopen(r, why)?, Some(why.as_str())),
            Action::Assign(assigns) => return assigns.iter().try_for_each(|assign| self.assign(assign)),
        };
        let what = json!({
            "fingerprint": r.fingerprint.as_str(),
            "rule": r.case.rule.word(),
            "code": r.code.word(),
            "spec": r.case.spec.as_ref().map(ToString::to_string),
            "subjects": context::subjects(r),
            "severity": r.severity.word(),
            "task": *task.0,
            "revision": self.plan.basis.revision.as_str(),
            "why": why,
        });
        audit::add(self.writer, self.plan.at, ABIDE, step.action.word(), &what)
    }

    fn open(&mut self, r: &Remediation) -> Done<TaskId> {
        if let Some(task) = &r.task {
            // On record, and its row is gone: unless it is back.
            live::as_read(self.writer, self.layout, task, r.live.as_ref())?;
        }
        let abide = context::abide(r, &self.plan.basis.revision);
        let task = self.insert(r, abide)?;
        records::put(self.writer, r, RecordState::Open, &task, self.plan.at)?;
        Ok(task)
    }

    fn insert(&mut self, r: &Remediation, abide: serde_json::Value) -> Done<TaskId> {
        let mut row = Row::new(self.layout);
        let kind = self.layout.mapping.insert_type.clone();
        row.set(Field::Type, kind.unwrap_or_else(|| format!("{ABIDE}/{}", r.case.rule)));
        row.set(Field::Title, r.title.to_string());
        row.set(Field::Author, ABIDE.to_owned());
        row.set(Field::Context, context::replace(None, abide));
        row.set(Field::Body, context::body(r, &self.plan.basis.revision));
        row.set(Field::Attempts, i64::from(r.attempts));
        row.set_status(TaskStatus::Pending)?;
        row.set_severity(r.severity);
        row.set_time(Field::Created, Some(self.plan.at));
        row.set_time(Field::Updated, Some(self.plan.at));
        row.set_time(Field::Due, Some(r.due));
        set_owner(&mut row, r.owner.as_ref());
        let task = row.insert(self.writer, &format!("{ABIDE}-{}", r.fingerprint.short()))?;
        self.opened.push((r.fingerprint.clone(), task.clone()));
        Ok(task)
    }

    fn update(&mut self, r: &Remediation) -> Done<TaskId> {
        let task = known(r)?;
        if let Some(read) = live::as_read(self.writer, self.layout, &task, r.live.as_ref())? {
            let mut row = Row::new(self.layout);
            self.set_changes(&mut row, r, &read)?;
            let abide = context::abide(r, &self.plan.basis.revision);
            if let Some(context) = context::replace(read.context.as_deref(), abide) {
                row.set(Field::Context, context);
            }
            row.update(self.writer, &task, &live::live(&read.task), self.plan.at)?;
        }
        records::put(self.writer, r, RecordState::Open, &task, self.plan.at)?;
        Ok(task)
    }

    /// Owner, severity and title are written only where they have become other ones: what people set by hand stays.
    fn set_changes(&self, row: &mut Row<'_>, r: &Remediation, read: &Listed) -> Done<()> {
        let before = records::find(self.writer.tx, r.renamed_from.as_ref().unwrap_or(&r.fingerprint))?;
        if before.as_ref().is_some_and(|before| before.title != r.title && before.title == read.task.title) {
            row.set(Field::Title, r.title.to_string());
        }
        if let Some(body) = context::rewritten(read.details.body.as_deref(), r, &self.plan.basis.revision) {
            row.set(Field::Body, body);
        }
        if before.as_ref().is_none_or(|before| before.owner != r.owner) {
            // Whom it was given to before has it no longer, unless the work has begun; whoever else took it keeps it.
            let was = before.as_ref().and_then(|before| before.owner.as_ref());
            let has_it =
                |was: &SpecId| was.kind == Kind::Agent && read.task.agent.as_deref() == Some(was.name.as_str());
            if read.task.status != TaskStatus::Running && was.is_some_and(has_it) {
                set_agent(row, None);
            }
            set_owner(row, r.owner.as_ref());
        }
        if before.is_none_or(|before| before.severity != r.severity) {
            row.set_severity(r.severity);
        }
        Ok(())
    }

    fn close(&mut self, r: &Remediation, reason: CloseReason) -> Done<TaskId> {
        let task = known(r)?;
        if let Some(read) = live::as_read(self.writer, self.layout, &task, r.live.as_ref())? {
            let mut row = Row::new(self.layout);
            if read.task.status.is_open() {
                row.set_status(TaskStatus::Completed)?;
                row.set_time(Field::Finished, Some(self.plan.at));
            }
            if let Some(context) = context::closed(read.context.as_deref(), reason, self.plan.at) {
                row.set(Field::Context, context);
            }
            row.update(self.writer, &task, &live::live(&read.task), self.plan.at)?;
            lease_of::end_of(self.writer, &task)?;
            unblock(self.writer, self.layout, &task, self.plan.at)?;
        }
        let state = RecordState::Closed { reason, at: self.plan.at };
        records::put(self.writer, r, state, &task, self.plan.at)?;
        Ok(task)
    }

    fn reopen(&mut self, r: &Remediation, why: &str) -> Done<TaskId> {
        let known = known(r)?;
        let read = live::as_read(self.writer, self.layout, &known, r.live.as_ref())?;
        let abide = context::reopened(context::abide(r, &self.plan.basis.revision), why, self.plan.at);
        let task = match read {
            None => self.insert(r, abide)?,
            Some(read) => {
                let mut row = Row::new(self.layout);
                self.set_changes(&mut row, r, &read)?;
                row.set_status(TaskStatus::Pending)?;
                for field in [Field::Finished, Field::Started, Field::Claimed] {
                    row.set_time(field, None);
                }
                set_agent(&mut row, r.owner.as_ref());
                row.set(Field::Error, rusqlite::types::Value::Null);
                row.set(Field::Attempts, i64::from(r.attempts));
                if let Some(context) = context::replace(read.context.as_deref(), abide) {
                    row.set(Field::Context, context);
                }
                row.update(self.writer, &known, &live::live(&read.task), self.plan.at)?;
                lease_of::end_of(self.writer, &known)?;
                known
            }
        };
        records::put(self.writer, r, RecordState::Open, &task, self.plan.at)?;
        Ok(task)
    }

    fn assign(&mut self, assign: &Assign) -> Done<()> {
        enforcements::correct(self.writer, self.layout, assign, self.plan.at)?;
        enforcements::remember(self.writer, assign, self.plan.at)
    }

    /// Remembers which specs the pass went by, unless they wait for a person themselves.
    fn accept(&mut self) -> Done<()> {
        let basis = &self.plan.basis;
        let waits = HoldId::of_tree(&basis.revision);
        let same = ledger::accepted(self.writer.tx)? == Some((basis.revision.clone(), basis.specs));
        if same || self.plan.held.iter().any(|held| held.id == waits) {
            return Ok(());
        }
        let sql = "UPDATE abide_state SET revision = ?, specs = ?";
        self.writer.write(sql, (basis.revision.as_str(), basis.specs))?;
        let what = json!({"revision": basis.revision.as_str(), "specs": basis.specs});
        audit::add(self.writer, self.plan.at, ABIDE, "accept", &what)
    }
}

fn known(r: &Remediation) -> Done<TaskId> {
    r.task.clone().ok_or_else(|| stale(format!("{} has no task yet", r.fingerprint)))
}

/// A role's tasks go to the role; an agent's are its own, whatever its role.
fn set_owner(row: &mut Row<'_>, owner: Option<&SpecId>) {
    let role = owner.filter(|owner| owner.kind == Kind::Role).map(|owner| owner.name.to_string());
    row.set(Field::Role, role);
    if owner.is_some_and(|owner| owner.kind == Kind::Agent) {
        set_agent(row, owner);
    }
}

fn set_agent(row: &mut Row<'_>, owner: Option<&SpecId>) {
    let agent = owner.filter(|owner| owner.kind == Kind::Agent).map(|owner| owner.name.to_string());
    row.set(Field::Agent, agent);
}
