//! What people and agents ask for, each in one transaction with its audit row.

use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;

use super::fault::Done;
use super::layout::Layout;
use super::live::{self, Row};
use super::select;
use super::table::Table;
use super::writer::Writer;
use super::{audit, holds, labelled, records};
use crate::config::Field;
use crate::diagnostic::nearest;
use crate::model::{Digest, Fingerprint, TaskId, TaskStatus, Timestamp, WontFix};
use crate::store::{Applied, Command, NewTask, StoreError};

/// Carries a command out.
pub(super) fn apply(
    conn: &mut Connection,
    table: &Table,
    command: &Command,
    by: &str,
    now: Timestamp,
) -> Done<Applied> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let layout = Layout::of(&tx, table)?;
    let mut desk = Desk { writer: Writer::new(&tx), layout: &layout, by, now };
    let applied = match command {
        Command::Add(task) => desk.add(task)?,
        Command::Complete(task) => desk.end(task, TaskStatus::Completed, None)?,
        Command::Fail { task, reason } => desk.end(task, TaskStatus::Failed, reason.as_deref())?,
        Command::WontFix { fingerprint, refusal } => desk.refuse(fingerprint, refusal)?,
        Command::Release(hold) => {
            holds::release(&mut desk.writer, hold, by, now)?;
            Applied::Done
        }
    };
    tx.commit()?;
    Ok(applied)
}

struct Desk<'t> {
    writer: Writer<'t>,
    layout: &'t Layout<'t>,
    by: &'t str,
    now: Timestamp,
}

impl Desk<'_> {
    fn add(&mut self, task: &NewTask) -> Done<Applied> {
        labelled::can_be_said(self.layout, task)?;
        let mut row = Row::new(self.layout);
        labelled::set(&mut row, &task.labels)?;
        row.set(Field::Type, task.kind.clone());
        row.set(Field::Title, task.title.clone());
        row.set(Field::Role, task.role.clone());
        row.set(Field::Author, self.by.to_owned());
        row.set_status(TaskStatus::Pending)?;
        row.set_severity(task.severity);
        row.set_time(Field::Created, Some(self.now));
        row.set_time(Field::Updated, Some(self.now));
        let name = Digest::of(format!("{}/{}/{}", task.kind, task.title, self.now)).short(12);
        let id = row.insert(&mut self.writer, &format!("task-{name}"))?;
        let what = json!({"task": *id.0, "type": task.kind, "title": task.title, "role": task.role});
        audit::add(&mut self.writer, self.now, self.by, "add", &what)?;
        Ok(Applied::Task(id))
    }

    fn end(&mut self, id: &TaskId, status: TaskStatus, reason: Option<&str>) -> Done<Applied> {
        let row = live::read(&self.writer, self.layout, id)?;
        let Some(read) = row else { return Err(self.no_task(id)?.into()) };
        let before = read.task.status;
        if before == status {
            return Ok(Applied::Task(id.clone()));
        }
        if !before.is_open() {
            let what = format!("task {id} is {before} already, so it cannot be {status}");
            return Err(StoreError::Stale(what).into());
        }
        let mut row = Row::new(self.layout);
        row.set_status(status)?;
        row.set_time(Field::Finished, Some(self.now));
        if let Some(reason) = reason {
            row.set(Field::Error, reason.to_owned());
        }
        row.update(&mut self.writer, id, &live::live(&read.task), self.now)?;
        let action = if status == TaskStatus::Completed { "complete" } else { "fail" };
        let what = json!({"task": *id.0, "from": before.word(), "to": status.word(), "reason": reason});
        audit::add(&mut self.writer, self.now, self.by, action, &what)?;
        Ok(Applied::Task(id.clone()))
    }

    fn refuse(&mut self, fingerprint: &Fingerprint, refusal: &WontFix) -> Done<Applied> {
        let Some(record) = records::find(self.writer.tx, fingerprint)? else {
            let known = records::read(self.writer.tx)?;
            let near = nearest(fingerprint.as_str(), known.keys().map(Fingerprint::as_str));
            let hint = hint(near, "`abide drift list` shows what there is");
            return Err(StoreError::NotFound(format!("no drift has the fingerprint `{fingerprint}`; {hint}")).into());
        };
        if record.wont_fix.as_ref() == Some(refusal) {
            return Ok(Applied::Done);
        }
        records::refuse(&mut self.writer, &record, refusal)?;
        let what = json!({
            "fingerprint": fingerprint.as_str(),
            "until": refusal.until.to_string(),
            "by": *refusal.by,
            "reason": *refusal.reason,
        });
        audit::add(&mut self.writer, self.now, self.by, "wont-fix", &what)?;
        self.writer.bump()?;
        Ok(Applied::Done)
    }

    fn no_task(&self, id: &TaskId) -> Done<StoreError> {
        let open = select::open(self.writer.tx, self.layout)?;
        let near = nearest(&id.0, open.iter().map(|task| &*task.id.0));
        let hint = hint(near, "`abide tasks list` shows what there is");
        Ok(StoreError::NotFound(format!("there is no task `{id}` in {}; {hint}", self.layout.mapping.table)))
    }
}

fn hint(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
