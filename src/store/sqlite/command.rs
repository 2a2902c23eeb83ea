//! What people and agents ask for, each with its audit row.

use rusqlite::{Connection, Transaction};
use serde_json::{Map, Value, json};

use super::entry::Entry;
use super::fault::Done;
use super::layout::Layout;
use super::live::{self, Row, Write};
use super::select;
use super::table::Table;
use super::work::{Deed, Inserted, Take, Work, carry_out};
use super::writer::Writer;
use super::{audit, holds, records};
use crate::config::{ANY_LABEL, Field, LabelSource};
use crate::diagnostic::nearest;
use crate::model::{Digest, Epoch, Fingerprint, TaskId, TaskStatus, Timestamp, WontFix};
use crate::store::{Applied, Command, NewTask, StoreError};

/// Carries a command out.
pub(super) fn apply(
    conn: &mut Connection,
    table: &Table,
    command: &Command,
    by: &str,
    now: Timestamp,
) -> Done<Applied> {
    carry_out(conn, table, &Order { command, by, now })
}

/// What somebody wants done.
struct Order<'o> {
    command: &'o Command,
    by: &'o str,
    now: Timestamp,
}

impl Work for Order<'_> {
    type Outcome = Applied;

    fn fence(&self) -> Option<Epoch> {
        None
    }

    fn check(&self, _: &Transaction<'_>) -> Done<()> {
        Ok(())
    }

    fn deeds<'l>(&self, tx: &Connection, layout: &'l Layout<'l>, take: Take<'_, 'l>) -> Done<()> {
        let deed = match self.command {
            Command::Add(task) => Some(self.add(layout, task)?),
            Command::Complete(task) => self.end(tx, layout, (task, TaskStatus::Completed), None)?,
            Command::Fail { task, reason } => self.end(tx, layout, (task, TaskStatus::Failed), reason.as_deref())?,
            Command::WontFix { .. } | Command::Release(_) => None,
        };
        deed.map_or(Ok(()), take)
    }

    fn end(&self, writer: &mut Writer<'_>, mut inserted: Inserted) -> Done<Applied> {
        match self.command {
            Command::Add(_) => Ok(inserted.pop().map_or(Applied::Done, |(_, task)| Applied::Task(task))),
            Command::Complete(task) | Command::Fail { task, .. } => Ok(Applied::Task(task.clone())),
            Command::WontFix { fingerprint, refusal } => self.refuse(writer, fingerprint, refusal),
            Command::Release(hold) => {
                holds::release(writer, hold, self.by, self.now)?;
                Ok(Applied::Done)
            }
        }
    }
}

impl Order<'_> {
    fn add<'l>(&self, layout: &'l Layout<'l>, task: &NewTask) -> Done<Deed<'l>> {
        let mut row = Row::new(layout);
        set_labels(&mut row, task)?;
        row.set(Field::Type, task.kind.clone());
        row.set(Field::Title, task.title.clone());
        row.set(Field::Role, task.role.clone());
        row.set(Field::Author, self.by.to_owned());
        row.set_status(TaskStatus::Pending)?;
        row.set_severity(task.severity);
        row.set_time(Field::Created, Some(self.now));
        row.set_time(Field::Updated, Some(self.now));
        let name = Digest::of(format!("{}/{}/{}", task.kind, task.title, self.now)).short(12);
        let what = json!({"type": task.kind, "title": task.title, "role": task.role});
        let entry = Entry::new(self.now, self.by, "add", what);
        Ok(Deed { write: Some(Write::Insert { row, name: format!("task-{name}") }), task: None, entry })
    }

    fn end<'l>(
        &self,
        tx: &Connection,
        layout: &'l Layout<'l>,
        (id, status): (&TaskId, TaskStatus),
        reason: Option<&str>,
    ) -> Done<Option<Deed<'l>>> {
        let row = live::read(tx, layout, id)?;
        let Some(read) = row else { return Err(no_task(tx, layout, id)?.into()) };
        let before = read.task.status;
        if before == status {
            return Ok(None);
        }
        if !before.is_open() {
            let what = format!("task {id} is {before} already, so it cannot be {status}");
            return Err(StoreError::Stale(what).into());
        }
        let mut row = Row::new(layout);
        row.set_status(status)?;
        row.set_time(Field::Finished, Some(self.now));
        if let Some(reason) = reason {
            row.set(Field::Error, reason.to_owned());
        }
        let action = if status == TaskStatus::Completed { "complete" } else { "fail" };
        let what = json!({"from": before.word(), "to": status.word(), "reason": reason});
        let write = Write::Update { row, task: id.clone(), read: live::live(&read), at: self.now };
        let entry = Entry::new(self.now, self.by, action, what);
        Ok(Some(Deed { write: Some(write), task: Some(id.clone()), entry }))
    }

    fn refuse(&self, writer: &mut Writer<'_>, fingerprint: &Fingerprint, refusal: &WontFix) -> Done<Applied> {
        let Some(record) = records::find(writer.tx, fingerprint)? else {
            let known = records::read(writer.tx)?;
            let near = nearest(fingerprint.as_str(), known.keys().map(Fingerprint::as_str));
            let hint = hint(near, "`abide drift list` shows what there is");
            return Err(StoreError::NotFound(format!("no drift has the fingerprint `{fingerprint}`; {hint}")).into());
        };
        if record.wont_fix.as_ref() == Some(refusal) {
            return Ok(Applied::Done);
        }
        records::refuse(writer, &record, refusal)?;
        let what = json!({
            "fingerprint": fingerprint.as_str(),
            "until": refusal.until.to_string(),
            "by": *refusal.by,
            "reason": *refusal.reason,
        });
        audit::add(writer, self.now, self.by, "wont-fix", &what)?;
        writer.bump()?;
        Ok(Applied::Done)
    }
}

fn no_task(tx: &Connection, layout: &Layout<'_>, id: &TaskId) -> Done<StoreError> {
    let open = select::open(tx, layout)?;
    let near = nearest(&id.0, open.iter().map(|task| &*task.id.0));
    let hint = hint(near, "`abide tasks list` shows what there is");
    Ok(StoreError::NotFound(format!("there is no task `{id}` in {}; {hint}", layout.mapping.table)))
}

fn hint(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}

/// Puts each label where the mapping would read it.
fn set_labels(row: &mut Row<'_>, task: &NewTask) -> Done<()> {
    let labels = &row.layout.mapping.labels;
    let mut documents: std::collections::BTreeMap<&str, Value> = std::collections::BTreeMap::new();
    let mut plain = Vec::new();
    for (name, value) in &task.labels {
        let named = labels.get(name.as_str()).map(|source| (source, None));
        let source = named.or_else(|| labels.get(ANY_LABEL).map(|source| (source, Some(name))));
        let Some((LabelSource { column, pointer }, member)) = source else {
            let near = nearest(name, labels.keys().map(|label| &**label));
            let hint = hint(near, "map it under [tasks.labels] in abide.toml");
            let reason = format!("no label `{name}` is mapped; {hint}");
            return Err(StoreError::Refused { table: row.layout.mapping.table.clone(), reason }.into());
        };
        match pointer {
            None => plain.push((column.clone(), value.clone())),
            Some(pointer) => {
                let document = documents.entry(column).or_insert_with(|| json!({}));
                let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
                put(document, parts.chain(member.cloned()), value);
            }
        }
    }
    let documents: Vec<_> = documents.into_iter().map(|(column, json)| (column.to_owned(), json.to_string())).collect();
    row.values.extend(plain.into_iter().chain(documents).map(|(column, text)| (column, text.into())));
    Ok(())
}

/// Writes a text at a place in a document, making what lies on the way.
fn put(document: &mut Value, path: impl Iterator<Item = String>, value: &str) {
    let mut place = document;
    for part in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[part];
    }
    *place = Value::String(value.to_owned());
}
