//! What each step of a plan writes into the live table, and what is kept of it.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::entry::Entry;
use super::fault::{Done, stale};
use super::layout::Layout;
use super::live::{self, Row, Write};
use super::work::Deed;
use super::{context, records};
use crate::config::Field;
use crate::model::{
    ABIDE, Action, Assign, CloseReason, Kind, Plan, RecordState, Remediation, SpecId, Step, TaskId, TaskStatus,
};
use crate::store::Listed;

/// The steps of a plan, held against the tables as they are.
pub(super) struct Steps<'t, 'l> {
    pub(super) tx: &'t Connection,
    pub(super) layout: &'l Layout<'l>,
    pub(super) plan: &'t Plan,
}

impl<'l> Steps<'_, 'l> {
    /// Hands over what a step does.
    pub(super) fn deeds(&self, step: &Step, take: &mut dyn FnMut(Deed<'l>) -> Done<()>) -> Done<()> {
        let r = &step.remediation;
        match &step.action {
            Action::Open => take(self.open(r)?),
            Action::Update => take(self.update(r)?),
            Action::Close(reason) => take(self.close(r, *reason)?),
            Action::Reopen { why } => take(self.reopen(r, why)?),
            Action::Assign(assigns) => assigns.iter().try_for_each(|assign| take(self.assign(r, assign)?)),
        }
    }

    fn entry(&self, r: &Remediation, (action, why): (&str, Option<&str>), state: RecordState) -> Entry {
        let what = json!({
            "fingerprint": r.fingerprint.as_str(),
            "rule": r.case.rule.word(),
            "code": r.code.word(),
            "spec": r.case.spec.as_ref().map(ToString::to_string),
            "subjects": context::subjects(r),
            "severity": r.severity.word(),
            "revision": self.plan.basis.revision.as_str(),
            "why": why,
        });
        Entry::new(self.plan.at, ABIDE, action, what).with(r, state)
    }

    fn open(&self, r: &Remediation) -> Done<Deed<'l>> {
        if let Some(task) = &r.task {
            // On record, and its row is gone: unless it is back.
            live::as_read(self.tx, self.layout, task, r.live.as_ref())?;
        }
        let write = Some(self.insert(r, context::abide(r, &self.plan.basis.revision))?);
        Ok(Deed { write, task: None, entry: self.entry(r, ("open", None), RecordState::Open) })
    }

    fn insert(&self, r: &Remediation, abide: Value) -> Done<Write<'l>> {
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
        Ok(Write::Insert { row, name: format!("{ABIDE}-{}", r.fingerprint.short()) })
    }

    fn update(&self, r: &Remediation) -> Done<Deed<'l>> {
        let task = known(r)?;
        let read = live::as_read(self.tx, self.layout, &task, r.live.as_ref())?;
        let write = read.map(|read| {
            let mut row = Row::new(self.layout);
            self.set_changes(&mut row, r)?;
            let abide = context::abide(r, &self.plan.basis.revision);
            if let Some(context) = context::replace(read.context.as_deref(), abide) {
                row.set(Field::Context, context);
            }
            Ok::<_, super::fault::Fault>(self.change(row, &read))
        });
        let (write, entry) = (write.transpose()?, self.entry(r, ("update", None), RecordState::Open));
        Ok(Deed { write, task: Some(task), entry })
    }

    fn change(&self, row: Row<'l>, read: &Listed) -> Write<'l> {
        Write::Update { row, task: read.task.id.clone(), read: live::live(read), at: self.plan.at }
    }

    /// Owner and severity are written only where they have become other ones: what people set by hand stays.
    fn set_changes(&self, row: &mut Row<'_>, r: &Remediation) -> Done<()> {
        let before = records::find(self.tx, r.renamed_from.as_ref().unwrap_or(&r.fingerprint))?;
        if before.as_ref().is_none_or(|before| before.owner != r.owner) {
            set_owner(row, r.owner.as_ref());
        }
        if before.is_none_or(|before| before.severity != r.severity) {
            row.set_severity(r.severity);
        }
        Ok(())
    }

    fn close(&self, r: &Remediation, reason: CloseReason) -> Done<Deed<'l>> {
        let task = known(r)?;
        let read = live::as_read(self.tx, self.layout, &task, r.live.as_ref())?;
        let write = read.map(|read| {
            let mut row = Row::new(self.layout);
            if read.task.status.is_open() {
                row.set_status(TaskStatus::Completed)?;
                row.set_time(Field::Finished, Some(self.plan.at));
            }
            if let Some(context) = context::closed(read.context.as_deref(), reason, self.plan.at) {
                row.set(Field::Context, context);
            }
            Ok::<_, super::fault::Fault>(self.change(row, &read))
        });
        let state = RecordState::Closed { reason, at: self.plan.at };
        let (write, entry) = (write.transpose()?, self.entry(r, ("close", Some(reason.word())), state));
        Ok(Deed { write, task: Some(task), entry })
    }

    fn reopen(&self, r: &Remediation, why: &str) -> Done<Deed<'l>> {
        let known = known(r)?;
        let read = live::as_read(self.tx, self.layout, &known, r.live.as_ref())?;
        let abide = context::reopened(context::abide(r, &self.plan.basis.revision), why, self.plan.at);
        let entry = self.entry(r, ("reopen", Some(why)), RecordState::Open);
        let Some(read) = read else {
            return Ok(Deed { write: Some(self.insert(r, abide)?), task: None, entry });
        };
        let mut row = Row::new(self.layout);
        self.set_changes(&mut row, r)?;
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
        Ok(Deed { write: Some(self.change(row, &read)), task: Some(known), entry })
    }

    fn assign(&self, r: &Remediation, assign: &Assign) -> Done<Deed<'l>> {
        let read = live::read(self.tx, self.layout, &assign.task)?.filter(|row| row.task.role == assign.from);
        let Some(read) = read else { return Err(live::moved(&assign.task)) };
        let mut row = Row::new(self.layout);
        row.set(Field::Role, assign.to.to_string());
        let what = json!({
            "spec": r.case.spec.as_ref().map(ToString::to_string),
            "from": assign.from.as_deref(),
            "to": *assign.to,
        });
        let entry = Entry::new(self.plan.at, ABIDE, "assign", what);
        Ok(Deed { write: Some(self.change(row, &read)), task: Some(assign.task.clone()), entry })
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
