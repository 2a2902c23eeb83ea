//! Writing the live table through the mapping.

use std::collections::BTreeMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::fault::{Done, Fault, stale};
use super::layout::{Layout, quoted};
use super::log::{self, Logged};
use super::lookup::{self, Of};
use super::mark::Mark;
use super::select::{self, marks};
use super::writer::Writer;
use super::{fresh, join, refuse, times};
use crate::config::{Constant, Field, Join, Lookup};
use crate::model::{Live, Severity, Task, TaskId, TaskStatus, Timestamp};
use crate::store::{Listed, MappingError};

/// What to write into a row, by column.
pub(super) struct Row<'l> {
    pub(super) layout: &'l Layout<'l>,
    pub(super) values: BTreeMap<String, Value>,
    /// The status that it is to have.
    status: Option<TaskStatus>,
    /// What must still stand in other columns for the row to be written.
    expected: Vec<(String, Value)>,
    /// Words whose keys stand in tables of their own; of several, the first that is there.
    looked_up: BTreeMap<Field, Vec<String>>,
    /// Labels that are rows of other tables.
    pub(super) labels: Vec<(&'l Join, String, String)>,
    /// Labels that are words of tables that columns of the row refer to.
    pub(super) referred: Vec<(&'l str, &'l Lookup, String)>,
}

impl<'l> Row<'l> {
    pub(super) fn new(layout: &'l Layout<'l>) -> Self {
        let (values, looked_up) = (BTreeMap::new(), BTreeMap::new());
        Self { layout, values, status: None, expected: Vec::new(), looked_up, labels: Vec::new(), referred: Vec::new() }
    }

    /// Sets a field, where it is mapped.
    pub(super) fn set(&mut self, field: Field, value: impl Into<Value>) {
        let Some(column) = self.layout.mapping.column(field) else { return };
        if field == Field::Updated && self.layout.is_generated(column) {
            return;
        }
        match (value.into(), self.layout.mapping.lookups.get(&field)) {
            (Value::Text(word), Some(_)) => drop(self.looked_up.insert(field, vec![word])),
            (Value::Integer(number), Some(_)) => drop(self.looked_up.insert(field, vec![number.to_string()])),
            (value, _) => drop(self.values.insert(column.to_owned(), value)),
        }
    }

    /// Sets a time, where it is mapped.
    pub(super) fn set_time(&mut self, field: Field, at: Option<Timestamp>) {
        let format = self.layout.mapping.time_of(field);
        let at = at.map(|at| if field == Field::Due { times::write_end(format, at) } else { at });
        self.set(field, at.map_or(Value::Null, |at| times::write(format, at)));
    }

    /// Lets the row be written only where a field still holds that value.
    pub(super) fn expect(&mut self, field: Field, value: Value) {
        self.expected.extend(self.layout.quoted(field).map(|column| (format!("t.{column}"), value)));
    }

    /// Sets since when the task can be claimed. Only Abide's own table tells.
    pub(super) fn set_ready(&mut self, at: Timestamp) {
        self.set_own("ready", Value::Integer(at.as_millis()));
    }

    /// Says that the task's tries are used up. A team's table says only that it has failed.
    pub(super) fn set_dead(&mut self, at: Timestamp) {
        self.set_own("dead", Value::Integer(at.as_millis()));
    }

    /// Says that the task has tries again.
    pub(super) fn set_fresh(&mut self) {
        self.set_own("dead", Value::Null);
    }

    fn set_own(&mut self, column: &str, value: Value) {
        if self.layout.mapping.own {
            self.values.insert(column.to_owned(), value);
        }
    }

    /// Sets the status in the table's own word.
    ///
    /// # Errors
    /// When the mapping has no word for it.
    pub(super) fn set_status(&mut self, status: TaskStatus) -> Done<()> {
        self.status = Some(status);
        let word = self.layout.mapping.status.write(status).ok_or_else(|| MappingError {
            key: format!("tasks.status.{status}"),
            column: self.layout.mapping.column(Field::Status).map(|c| format!("{}.{c}", self.layout.mapping.table)),
            value: None,
            row: None,
            what: format!("no word is mapped for the status {status}, which is to be written"),
            fix: format!("Add `{status} = [\"…\"]` under [tasks.status]."),
        })?;
        if self.layout.mapping.lookups.contains_key(&Field::Status) {
            let words = self.layout.mapping.status.iter().filter(|(of, _)| *of == status);
            self.looked_up.insert(Field::Status, words.map(|(_, word)| word.to_owned()).collect());
        } else if let Some(value) = self.layout.as_held(Field::Status, word).next() {
            self.set(Field::Status, value);
        }
        Ok(())
    }

    /// Sets the status in a word that it had before, where that still means it.
    pub(super) fn prefer_status(&mut self, status: TaskStatus, word: &str) {
        if !self.layout.mapping.status.iter().any(|(of, other)| of == status && other == word) {
            return;
        }
        if let Some(words) = self.looked_up.get_mut(&Field::Status) {
            words.insert(0, word.to_owned());
        } else if let Some(value) = self.layout.as_held(Field::Status, word).next() {
            self.set(Field::Status, value);
        }
    }

    /// Sets what a column itself held before, where the field is mapped: a key rather than the word that it stands for.
    pub(super) fn set_as_held(&mut self, field: Field, value: Value) {
        self.values.extend(self.layout.mapping.column(field).map(|column| (column.to_owned(), value)));
    }

    /// Sets the priority that stands for a severity.
    pub(super) fn set_severity(&mut self, severity: Severity) {
        if let Some(value) = self.layout.mapping.severity.insert(severity) {
            self.set(Field::Priority, value_of(value));
        }
    }

    /// Inserts the row and says its key. `name` makes the key where the database makes none.
    pub(super) fn insert(mut self, writer: &mut Writer<'_>, name: &str) -> Done<TaskId> {
        self.look_up(writer, Of::New)?;
        for (column, constant) in &self.layout.mapping.insert {
            let value = self.values.entry(column.clone()).or_insert(Value::Null);
            if *value == Value::Null {
                *value = value_of(constant);
            }
        }
        // A new task must be one.
        for (column, constants) in &self.layout.mapping.only {
            let value = self.values.entry(column.clone()).or_insert(Value::Null);
            match constants.first().map(value_of) {
                Some(Value::Text(text)) if text.is_empty() => {}
                Some(constant) if *value == Value::Null => *value = constant,
                _ => {}
            }
        }
        // A column without a value keeps its default.
        self.values.retain(|_, value| *value != Value::Null);
        fresh::count(writer, self.layout, &mut self.values)?;
        self.layout.takes(&self.values)?;
        if !self.layout.makes_ids() {
            let id = fresh::id(writer, self.layout, name)?;
            self.set(Field::Id, id);
        }
        let sql = format!("{} RETURNING {}", self.insertion(), self.layout.id());
        let inserted = writer.tx.prepare_cached(&sql).and_then(|mut statement| {
            statement.query_row(params_from_iter(self.values.values()), |row| row.get::<_, Value>(0))
        });
        let id = inserted.map_err(|error| refuse::explain(writer.tx, self.layout, (None, &self.values), error))?;
        writer.rows += 1;
        self.layout.has_row(writer.tx, &id)?;
        self.layout.has_task(writer.tx, &id)?;
        let key = super::row::text_of((&id).into()).ok_or_else(|| stale("the live table gave the new row no key"))?;
        let labels = std::mem::take(&mut self.labels);
        if let Some(log) = &mut writer.log {
            let mark = Mark::inserted(self.layout, &self.values);
            // Under the same key when it is written once more.
            self.set(Field::Id, id.clone());
            let values: Vec<Value> = self.values.values().cloned().collect();
            let sql = log::expanded(writer.tx, &self.insertion(), &values)?;
            log.rows.push(Logged { task: key.clone(), mark, sql });
        }
        for (rows, name, value) in labels {
            join::add(writer, self.layout, rows, &id, (&name, &value))?;
        }
        Ok(TaskId(key.into()))
    }

    fn insertion(&self) -> String {
        let columns: Vec<String> = self.values.keys().map(|name| quoted(name)).collect();
        let marks = marks(columns.len());
        format!("INSERT INTO {} ({}) VALUES ({marks})", self.layout.table(), columns.join(", "))
    }

    /// Puts the keys of words into their columns.
    fn look_up(&mut self, writer: &Writer<'_>, of: Of<'_>) -> Done<()> {
        for (field, words) in std::mem::take(&mut self.looked_up) {
            let key = lookup::key(writer.tx, self.layout, field, &words, of)?;
            self.values.extend(self.layout.mapping.column(field).map(|column| (column.to_owned(), key)));
        }
        for (column, lookup, word) in std::mem::take(&mut self.referred) {
            let key = lookup::label(writer.tx, self.layout, lookup, &word)?;
            self.values.insert(column.to_owned(), key);
        }
        Ok(())
    }

    /// Changes a row whose values are still those that were read.
    pub(super) fn update(mut self, writer: &mut Writer<'_>, id: &TaskId, read: &Live, at: Timestamp) -> Done<()> {
        self.look_up(writer, Of::Task(id))?;
        if self.values.is_empty() {
            return Ok(());
        }
        self.set_time(Field::Updated, Some(at));
        // What stood in when the row was new stands in again: a queue that every job must have.
        for (column, constant) in &self.layout.mapping.insert {
            if self.values.get(column) == Some(&Value::Null) && self.layout.must_be_filled(column) {
                self.values.insert(column.clone(), value_of(constant));
            }
        }
        // A text column that must hold something holds an empty text where there is nothing: nobody has it.
        for (column, value) in &mut self.values {
            if *value == Value::Null && self.layout.is_filled_text(column) {
                *value = Value::Text(String::new());
            }
        }
        self.layout.takes(&self.values)?;
        let layout = self.layout;
        let mut values: Vec<Value> = self.values.values().cloned().collect();
        values.push(Value::Text(id.0.to_string()));
        let words = select::words(layout, |status| status == read.status);
        let mut sql = format!("UPDATE {} AS t SET ", layout.table());
        for (at, name) in self.values.keys().enumerate() {
            sql.extend([if at == 0 { "" } else { ", " }, &quoted(name), " = ?"]);
        }
        if layout.mapping.own {
            sql += ", version = version + 1";
        }
        let set = sql.len();
        sql.extend([" WHERE t.", &layout.id(), " = ? AND ", &select::is_status(layout, words.len())]);
        values.extend(words);
        if let Some(role) = lookup::spelled(layout.mapping, Field::Role) {
            sql += &format!(" AND coalesce({role}, '') = ?");
            values.push(Value::Text(read.role.as_deref().unwrap_or_default().to_owned()));
        }
        for (column, value) in std::mem::take(&mut self.expected) {
            sql += &format!(" AND {column} IS ?");
            values.push(value);
        }
        let as_read = (&sql[set..], &values[self.values.len()..]);
        let logged = if writer.log.is_some() {
            let mark = Mark::changed(writer.tx, layout, &id.0, &self.values)?;
            Some(Logged { task: id.0.to_string(), mark, sql: log::expanded(writer.tx, &sql, &values)? })
        } else {
            None
        };
        let moves = !layout.mapping.own && self.status.is_some_and(|status| status != read.status);
        let written = writer.write_row(&sql, &values, logged);
        match written.map_err(|error| refuse::explain(writer.tx, layout, (Some(id), &self.values), error))? {
            1 if moves && has_stayed(writer, layout, id, read.status)? => Err(refuse::unmoved(layout, id)),
            1 => Ok(()),
            _ if is_there(writer, layout, as_read)? => Err(refuse::unmoved(layout, id)),
            _ => Err(moved(id)),
        }
    }
}

/// Whether a trigger of the team has put the status back at once. A role or a priority that is put back is a fight, which the planner tells.
fn has_stayed(writer: &Writer<'_>, layout: &Layout<'_>, id: &TaskId, status: TaskStatus) -> Done<bool> {
    let words = select::words(layout, |other| other == status);
    let condition = format!(" WHERE t.{} = ? AND {}", layout.id(), select::is_status(layout, words.len()));
    let values: Vec<Value> = std::iter::once(Value::Text(id.0.to_string())).chain(words).collect();
    is_there(writer, layout, (&condition, &values))
}

/// Whether a row is still as it was read.
fn is_there(writer: &Writer<'_>, layout: &Layout<'_>, (condition, values): (&str, &[Value])) -> Done<bool> {
    let sql = format!("SELECT count(*) FROM {} AS t{condition}", layout.table());
    let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    Ok(writer.tx.prepare_cached(&sql)?.query_row(params_from_iter(values), count)? > 0)
}

/// A constant as the database takes it.
pub(super) fn value_of(constant: &Constant) -> Value {
    match constant {
        Constant::Text(text) => Value::Text(text.clone()),
        Constant::Integer(number) => Value::Integer(*number),
        Constant::Real(number) => Value::Real(*number),
    }
}

/// The row as it is now.
pub(super) fn read(writer: &Writer<'_>, layout: &Layout<'_>, id: &TaskId) -> Done<Option<Listed>> {
    Ok(select::by_ids(writer.tx, layout, std::iter::once(&*id.0))?.pop())
}

/// The values of a row that a step may depend on.
pub(super) fn live(task: &Task) -> Live {
    Live { status: task.status, role: task.role.clone(), finished: task.finished }
}

/// The row as it is now, if it is as a step has read it.
pub(super) fn as_read(
    writer: &Writer<'_>,
    layout: &Layout<'_>,
    id: &TaskId,
    read: Option<&Live>,
) -> Done<Option<Listed>> {
    // Another row may have its key by now.
    let row = self::read(writer, layout, id)?.filter(|row| row.task.own);
    let now = row.as_ref().map(|row| live(&row.task));
    let same = match (&now, read) {
        (Some(now), Some(read)) => now.status == read.status && now.role == read.role,
        (None, None) => true,
        _ => false,
    };
    if same { Ok(row) } else { Err(moved(id)) }
}

pub(super) fn moved(id: &TaskId) -> Fault {
    stale(format!("task {id} has changed since it was read"))
}
