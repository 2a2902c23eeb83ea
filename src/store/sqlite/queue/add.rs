//! Adding a task, once however often it is asked for under one key.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;
use serde_json::{Value, json};

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use super::super::labelled;
use super::super::live::Row;
use crate::config::{Field, TimeFormat};
use crate::model::{Digest, Hasher, Severity, TaskId, TaskStatus, Timestamp};
use crate::store::{Applied, NewTask, StoreError};

impl Desk<'_, '_> {
    pub(in super::super) fn add(&mut self, task: &NewTask) -> Done<Applied> {
        if let Some(known) = self.known(task)? {
            return Ok(Applied::Task(known));
        }
        self.must_have_places(task)?;
        if !task.needs.is_empty() {
            self.must_be_own("dependencies")?;
        }
        let id = self.insert(task)?;
        for other in &task.needs {
            self.need(&id, other)?;
        }
        if let Some(key) = &task.key {
            let sql = "INSERT INTO abide_keys (key, digest, task) VALUES (?, ?, ?)";
            self.writer.write(sql, (key, digest(task).to_string(), &*id.0))?;
        }
        let what = json!({"task": *id.0, "type": task.kind, "title": task.title, "role": task.role});
        audit::add(self.writer, self.now, self.by, "add", &what)?;
        Ok(Applied::Task(id))
    }

    /// The task that was added under the same key, if it was the same that was asked for.
    fn known(&self, task: &NewTask) -> Done<Option<TaskId>> {
        let Some(key) = &task.key else { return Ok(None) };
        let sql = "SELECT digest, task FROM abide_keys WHERE key = ?";
        let found = self.writer.tx.query_row(sql, [key], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((before, id)): Option<(String, String)> = found else { return Ok(None) };
        if before == digest(task).to_string() {
            return Ok(Some(TaskId(id.into())));
        }
        let what = format!("task {id} was added under the key `{key}` already, and asks for something else");
        Err(StoreError::Stale(what).into())
    }

    fn insert(&mut self, task: &NewTask) -> Done<TaskId> {
        let mut row = Row::new(self.layout);
        labelled::set(&mut row, &task.labels)?;
        row.set(Field::Type, task.kind.clone());
        row.set(Field::Title, task.title.clone());
        row.set(Field::Body, task.body.clone());
        row.set(Field::Role, task.role.clone());
        row.set(Field::Agent, task.agent.clone());
        row.set(Field::Author, self.by.to_owned());
        row.set_status(if self.must_wait(task)? { TaskStatus::Blocked } else { TaskStatus::Pending })?;
        row.set_severity(task.severity);
        row.set_time(Field::Created, Some(self.now));
        row.set_time(Field::Updated, Some(self.now));
        row.set_time(Field::Due, task.due);
        row.set_time(Field::NotBefore, task.not_before.filter(|at| *at > self.now));
        row.set(Field::Tries, i64::from(task.tries.max(1)));
        let skills = Value::from_iter(task.demand.skills.iter().map(|skill| skill.to_string())).to_string();
        row.set(Field::Skills, (!task.demand.skills.is_empty()).then_some(skills));
        let site = &task.demand.site;
        for (field, place) in
            [(Field::Class, &site.class), (Field::Region, &site.region), (Field::Machine, &site.machine)]
        {
            row.set(field, place.as_deref().map(str::to_owned));
        }
        if let Some(parent) = &task.parent {
            row.set(Field::Parent, self.row(parent)?.task.id.0.to_string());
        }
        let name = Digest::of(format!("{}/{}/{}", task.kind, task.title, self.now)).short(12);
        row.insert(self.writer, &format!("task-{name}"))
    }

    /// Whether something that it needs is not completed yet.
    fn must_wait(&self, task: &NewTask) -> Done<bool> {
        for other in &task.needs {
            if self.row(other)?.task.status != TaskStatus::Completed {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Refuses what the table has no column for: it would be lost.
    fn must_have_places(&self, task: &NewTask) -> Done<()> {
        let default = self.layout.mapping.default_type.as_deref();
        if let Some(default) = default.filter(|kind| *kind != task.kind) {
            self.must_map(Field::Type, &format!("a type: all its tasks are of the type {default}"))?;
        }
        let site = &task.demand.site;
        let given = [
            (Field::Body, "a body", task.body.is_some()),
            (Field::Role, "a role", task.role.is_some()),
            (Field::Agent, "an agent", task.agent.is_some()),
            (Field::Priority, "a severity", task.severity != Severity::default()),
            (Field::Due, "a due time", task.due.is_some()),
            (Field::NotBefore, "an earliest time", task.not_before.is_some()),
            (Field::Tries, "more than one try", task.tries > 1),
            (Field::Skills, "skills", !task.demand.skills.is_empty()),
            (Field::Class, "a class of work", site.class.is_some()),
            (Field::Region, "a region", site.region.is_some()),
            (Field::Machine, "a machine", site.machine.is_some()),
            (Field::Parent, "a parent", task.parent.is_some()),
        ];
        given
            .into_iter()
            .filter(|(.., is_given)| *is_given)
            .try_for_each(|(field, what, _)| self.must_map(field, what))?;
        self.must_be_day((Field::Due, "--due"), task.due)?;
        self.must_be_day((Field::NotBefore, "--not-before"), task.not_before)
    }

    /// Refuses the time of a day where the column tells days only: it would be lost.
    fn must_be_day(&self, (field, option): (Field, &str), at: Option<Timestamp>) -> Done<()> {
        let mapping = self.layout.mapping;
        let is_lost = |at: &Timestamp| mapping.time_of(field) == TimeFormat::Date && *at != at.date().start();
        let Some(at) = at.filter(is_lost) else { return Ok(()) };
        let column = format!("{}.{}", mapping.table, mapping.column(field).unwrap_or_default());
        let what = format!("the column {column} holds days, so the time of day in {at} would be lost");
        Err(StoreError::Impossible(format!("{what}; give the day alone: {option} {}", at.date())).into())
    }

    /// Refuses what is to be kept in a column that is not mapped.
    pub(super) fn must_map(&self, field: Field, what: &str) -> Done<()> {
        let mapping = self.layout.mapping;
        if mapping.column(field).is_some() {
            return Ok(());
        }
        let (table, key) = (&mapping.table, field.word());
        let what = format!("the table {table} has no place for {what}: abide.toml maps no `tasks.columns.{key}`");
        Err(StoreError::Impossible(what).into())
    }
}

/// What was asked for, as one digest.
fn digest(task: &NewTask) -> Digest {
    let NewTask {
        kind,
        title,
        body,
        role,
        agent,
        severity,
        labels,
        due,
        not_before,
        demand,
        needs,
        tries,
        parent,
        key: _,
    } = task;
    let labels: BTreeMap<&String, &String> = labels.iter().collect();
    let needs: Vec<&str> = needs.iter().map(|id| &*id.0).collect();
    let parent = parent.as_ref().map(|id| &*id.0);
    let times = (due, not_before);
    let whole = format!(
        "{kind:?}{title:?}{body:?}{role:?}{agent:?}{severity}{labels:?}{times:?}{demand:?}{needs:?}{tries}{parent:?}"
    );
    Hasher::default().part(whole).finish()
}
