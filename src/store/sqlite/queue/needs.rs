//! What must be completed before what.

use rusqlite::Connection;
use serde_json::json;

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use super::super::layout::Layout;
use super::super::live::{self, Row};
use super::super::writer::Writer;
use crate::model::{ABIDE, TaskId, TaskStatus, Timestamp};
use crate::store::{Applied, StoreError};

/// Whether a task waits for another that is not completed.
pub(super) fn are_unmet(conn: &Connection, layout: &Layout<'_>, task: &TaskId) -> Done<bool> {
    if !layout.mapping.own {
        return Ok(false);
    }
    let sql = "SELECT count(*) FROM abide_needs n JOIN abide_tasks t ON t.id = n.needs
               WHERE n.task = ? AND t.status <> 'completed'";
    Ok(conn.prepare_cached(sql)?.query_row([&*task.0], |row| row.get::<_, i64>(0))? > 0)
}

/// Makes the tasks claimable that waited only for this one, which is completed.
pub(in super::super) fn unblock(
    writer: &mut Writer<'_>,
    layout: &Layout<'_>,
    done: &TaskId,
    now: Timestamp,
) -> Done<()> {
    if !layout.mapping.own {
        return Ok(());
    }
    let sql = "SELECT n.task FROM abide_needs n JOIN abide_tasks t ON t.id = n.task
               WHERE n.needs = ? AND t.status = 'blocked' ORDER BY n.task";
    let waiting: Vec<i64> =
        writer.tx.prepare_cached(sql)?.query_map([&*done.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    waiting.into_iter().try_for_each(|task| let_go(writer, layout, &task.into(), (ABIDE, now)))
}

/// Makes a blocked task claimable, if it waits for nothing any more.
fn let_go(writer: &mut Writer<'_>, layout: &Layout<'_>, task: &TaskId, (by, now): (&str, Timestamp)) -> Done<()> {
    let blocked = live::read(writer, layout, task)?.filter(|row| row.task.status == TaskStatus::Blocked);
    let Some(blocked) = blocked else { return Ok(()) };
    if are_unmet(writer.tx, layout, task)? {
        return Ok(());
    }
    let mut row = Row::new(layout);
    row.set_status(TaskStatus::Pending)?;
    row.set_ready(now);
    row.update(writer, task, &live::live(&blocked.task), now)?;
    audit::add(writer, now, by, "unblock", &json!({"task": *task.0}))
}

impl Desk<'_> {
    pub(in super::super) fn depend(&mut self, task: &TaskId, on: &[TaskId]) -> Done<Applied> {
        self.must_be_own("dependencies")?;
        let row = self.row(task)?;
        if !matches!(row.task.status, TaskStatus::Pending | TaskStatus::Blocked) {
            let what = format!("task {task} is {} already, so it cannot wait for another", row.task.status);
            return Err(StoreError::Stale(what).into());
        }
        let mut new = Vec::new();
        for other in on {
            if self.need(task, other)? {
                new.push(&*other.0);
            }
        }
        if row.task.status == TaskStatus::Pending && are_unmet(self.writer.tx, self.layout, task)? {
            let mut blocked = Row::new(self.layout);
            blocked.set_status(TaskStatus::Blocked)?;
            blocked.update(&mut self.writer, task, &live::live(&row.task), self.now)?;
        }
        if !new.is_empty() {
            audit::add(&mut self.writer, self.now, self.by, "depend", &json!({"task": *task.0, "needs": new}))?;
        }
        Ok(Applied::Task(task.clone()))
    }

    /// Writes down that a task waits for another, and says whether that is new.
    pub(super) fn need(&mut self, task: &TaskId, other: &TaskId) -> Done<bool> {
        self.row(other)?;
        if self.leads_to(other, task)? {
            let what = if task == other {
                format!("task {task} cannot wait for itself")
            } else {
                format!(
                    "task {task} cannot wait for {other}: {other} waits for {task} already, itself or by way of others"
                )
            };
            return Err(StoreError::Impossible(what).into());
        }
        let sql = "INSERT OR IGNORE INTO abide_needs (task, needs) VALUES (?, ?)";
        Ok(self.writer.write(sql, (&*task.0, &*other.0))? > 0)
    }

    /// Whether a task is another, or waits for it in the end.
    fn leads_to(&self, from: &TaskId, to: &TaskId) -> Done<bool> {
        let sql = "WITH RECURSIVE way (id) AS (
                     VALUES (CAST(?1 AS INTEGER))
                     UNION SELECT n.needs FROM way w JOIN abide_needs n ON n.task = w.id)
                   SELECT count(*) FROM way WHERE id = CAST(?2 AS INTEGER)";
        let found: i64 = self.writer.tx.prepare_cached(sql)?.query_row((&*from.0, &*to.0), |row| row.get(0))?;
        Ok(found > 0)
    }

    pub(in super::super) fn undepend(&mut self, task: &TaskId, on: &[TaskId]) -> Done<Applied> {
        self.must_be_own("dependencies")?;
        self.row(task)?;
        let mut gone = Vec::new();
        for other in on {
            let sql = "DELETE FROM abide_needs WHERE task = ? AND needs = ?";
            match self.writer.write(sql, (&*task.0, &*other.0))? {
                0 => return Err(StoreError::NotFound(format!("task {task} does not wait for {other}")).into()),
                _ => gone.push(&*other.0),
            }
        }
        audit::add(&mut self.writer, self.now, self.by, "undepend", &json!({"task": *task.0, "needs": gone}))?;
        let_go(&mut self.writer, self.layout, task, (self.by, self.now))?;
        Ok(Applied::Task(task.clone()))
    }

    /// Refuses what only Abide's own table has a place for.
    pub(super) fn must_be_own(&self, what: &str) -> Done<()> {
        let mapping = self.layout.mapping;
        if mapping.own {
            return Ok(());
        }
        let what = format!("Abide only reads the {what} of {}: its own software keeps them", mapping.table);
        Err(StoreError::Impossible(what).into())
    }
}
