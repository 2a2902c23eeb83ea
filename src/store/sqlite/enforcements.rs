//! Corrections of the team's tasks, and what is remembered of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::json;

use super::audit;
use super::fault::{Done, damaged};
use super::layout::Layout;
use super::live::{self, Row};
use super::lookup;
use super::select;
use super::writer::Writer;
use crate::config::Field;
use crate::model::{ABIDE, Assign, Change, Digest, Enforced, EnforcedKey, Plan, Task, TaskField, TaskId, Timestamp};

/// Corrects a field of a row where it still has the value that was read.
pub(super) fn correct(writer: &mut Writer<'_>, layout: &Layout<'_>, assign: &Assign, at: Timestamp) -> Done<()> {
    let read = live::read(writer, layout, &assign.task)?.filter(|row| assign.change.is_read_of(&row.task));
    let Some(read) = read else { return Err(live::moved(&assign.task)) };
    let mut row = Row::new(layout);
    match &assign.change {
        Change::Role { to, .. } => row.set(Field::Role, to.to_string()),
        Change::Severity { to, .. } => {
            row.set_severity(*to);
            // Several values may mean the same severity.
            let held = lookup::raw(writer.tx, layout, &assign.task, lookup::held(layout.mapping, Field::Priority))?;
            row.expect(Field::Priority, held);
        }
    }
    row.update(writer, &assign.task, &live::live(&read.task), at)
}

/// Writes down that a field was corrected.
pub(super) fn remember(writer: &mut Writer<'_>, assign: &Assign, at: Timestamp) -> Done<()> {
    let Assign { spec, digest, task, change } = assign;
    let sql = "INSERT OR REPLACE INTO abide_enforcements (spec, task, field, spec_digest, replaced, value, at) \
               VALUES (?, ?, ?, ?, ?, ?, ?)";
    let (spec, field) = (spec.to_string(), change.field().word());
    let values = (&spec, &*task.0, field, digest.to_string(), change.from(), change.to(), at.as_millis());
    writer.write(sql, values)?;
    let what = json!({"spec": spec, "task": *task.0, "field": field, "from": change.from(), "to": change.to()});
    audit::add(writer, at, ABIDE, "assign", &what)
}

/// Forgets what the plan says need not be remembered.
pub(super) fn forget(writer: &mut Writer<'_>, plan: &Plan) -> Done<()> {
    for EnforcedKey { spec, task, field } in &plan.forgotten {
        let (spec, field) = (spec.to_string(), field.word());
        let sql = "DELETE FROM abide_enforcements WHERE spec = ? AND task = ? AND field = ?";
        if writer.write(sql, (&spec, &*task.0, field))? > 0 {
            let what = json!({"spec": spec, "task": *task.0, "field": field});
            audit::add(writer, plan.at, ABIDE, "forget", &what)?;
        }
    }
    Ok(())
}

/// What is remembered, with the tasks as they are now.
pub(super) fn read(conn: &Connection, layout: &Layout<'_>) -> Done<BTreeMap<EnforcedKey, Enforced>> {
    let mut enforced = BTreeMap::new();
    let sql = "SELECT spec, task, field, spec_digest, replaced, value, at FROM abide_enforcements";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, remembered) = remembered(row)?;
        enforced.insert(key, remembered);
    }
    if enforced.is_empty() {
        return Ok(enforced);
    }
    let ids = serde_json::Value::from_iter(enforced.keys().map(|key| key.task.0.to_string())).to_string();
    let condition = format!("t.{} IN (SELECT CAST(value AS TEXT) FROM json_each(?))", layout.id());
    let found = select::tasks(conn, layout, &condition, vec![Value::Text(ids)])?;
    let unread: BTreeSet<&TaskId> = found.unread().collect();
    let tasks: BTreeMap<&TaskId, &Arc<Task>> = found.rows.iter().map(|task| (&task.id, task)).collect();
    for (key, enforced) in &mut enforced {
        // What cannot be read is there, and nobody can tell that it is otherwise than it was.
        enforced.is_open |= unread.contains(&key.task);
        let Some(task) = tasks.get(&key.task) else { continue };
        enforced.is_open = task.status.is_open();
        if !enforced.change.is_made_in(task) {
            enforced.writer = writer_since(conn, &key.task, enforced.at)?.map(Into::into);
        }
    }
    Ok(enforced)
}

fn remembered(row: &rusqlite::Row<'_>) -> Done<(EnforcedKey, Enforced)> {
    let text = |at: usize| row.get::<_, String>(at);
    let wrong = |column: &str| damaged(format!("abide_enforcements.{column} holds what cannot be read"));
    let field = TaskField::from_word(&text(2)?).ok_or_else(|| wrong("field"))?;
    let spec = text(0)?.parse().map_err(|_| wrong("spec"))?;
    let key = EnforcedKey { spec, task: TaskId(text(1)?.into()), field };
    let change = Change::stored(field, row.get::<_, Option<String>>(4)?.as_deref(), &text(5)?);
    let enforced = Enforced {
        change: change.ok_or_else(|| wrong("value"))?,
        at: Timestamp::from_millis(row.get(6)?),
        digest: Digest::stored(&text(3)?).ok_or_else(|| wrong("spec_digest"))?,
        is_open: false,
        writer: None,
    };
    Ok((key, enforced))
}

/// Who, other than Abide, did something to a task last.
fn writer_since(conn: &Connection, task: &TaskId, since: Timestamp) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT who FROM abide_audit WHERE task = ? AND at > ? AND who <> ? ORDER BY at DESC, seq DESC LIMIT 1";
    let mut statement = conn.prepare_cached(sql)?;
    statement.query_row((&*task.0, since.as_millis(), ABIDE), |row| row.get(0)).optional()
}
