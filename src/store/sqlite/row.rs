//! A row of the live table to a task.

use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::ValueRef;
use rustc_hash::FxHashMap;

use super::columns::{ApprovalAt, Columns};
use super::content;
use super::fault::Done;
use super::intern::Interner;
use super::labels::Labels;
use super::layout::Layout;
use super::records::Made;
use super::times::{self, Times};
use crate::config::{Field, Mapping, TimeFormat};
use crate::diagnostic::nearest;
use crate::model::{ABIDE, Approval, Severity, Task, TaskId, TaskStatus, Timestamp, Vote};
use crate::store::{Listed, MappingError};

/// Reads tasks from rows that were selected by [`RowReader::columns`].
pub(super) struct RowReader<'a> {
    mapping: &'a Mapping,
    columns: Arc<Columns>,
    labels: Labels,
    strings: Interner,
    times: Times,
    on_record: Arc<FxHashMap<String, Made>>,
}

impl<'a> RowReader<'a> {
    /// Reads what makes a task, and nothing else.
    pub(super) fn new(layout: &Layout<'a>) -> Self {
        Self::of(layout, layout.table.ways.task(layout))
    }

    /// Reads what people want to see beside the task, too.
    pub(super) fn whole(layout: &Layout<'a>) -> Self {
        Self::of(layout, layout.table.ways.whole(layout))
    }

    fn of(layout: &Layout<'a>, columns: Arc<Columns>) -> Self {
        Self {
            mapping: layout.mapping,
            labels: columns.labels.clone(),
            strings: Interner::default(),
            times: Times::new(layout.mapping.time),
            on_record: layout.on_record.clone(),
            columns,
        }
    }

    /// The columns to select, in the order in which they are read. The table must be called `t`.
    pub(super) fn columns(&self) -> String {
        self.columns.sql()
    }

    /// A row with what is not part of a task.
    pub(super) fn listed(&mut self, row: &Row<'_>) -> Done<Listed> {
        let task = self.read(row)?;
        let needs = match &self.columns.needs {
            Some((at, needs)) => needs.read(row.get_ref(*at)?),
            None => Vec::new(),
        };
        Ok(Listed { task, context: self.context(row)?, details: self.details(row)?, lease: None, needs })
    }

    /// The task of a row.
    pub(super) fn read(&mut self, row: &Row<'_>) -> Done<Arc<Task>> {
        let id = self.id(row)?;
        let kind = self.text(row, Field::Type)?.or_else(|| self.mapping.default_type.clone()).unwrap_or_default();
        let title = self.text(row, Field::Title)?.unwrap_or_default();
        let context = self.raw(row, Field::Context)?;
        let context = context.as_str().ok().filter(|text| !text.is_empty());
        let author = self.text(row, Field::Author)?;
        let labels = self.labels.read(row, &mut self.strings)?;
        let is_zero = self.raw(row, Field::Created)? == ValueRef::Integer(0);
        let created = self.time(row, Field::Created)?.or_else(|| is_zero.then(Timestamp::default));
        let Some(created) = created else {
            return Err(self.fault(row, Field::Created, "a task has no time of creation", "Give the row one.").into());
        };
        let body = self.raw(row, Field::Body)?.as_bytes_or_null().ok().flatten().unwrap_or_default();
        let (own, content) = content::of(&kind, &title, body, author.as_deref(), &labels, context);
        // Agents may overwrite a context, and a mapping may name another type: the record and the author still tell.
        let own = own
            || author.as_deref() == Some(ABIDE)
            || self.on_record.get(&*id.0).is_some_and(|made| made.can_be(&title, created));
        Ok(Arc::new(Task {
            id,
            kind,
            title,
            role: self.text(row, Field::Role)?,
            agent: self.text(row, Field::Agent)?,
            author,
            status: self.status(row)?,
            severity: self.severity(row)?,
            labels,
            created,
            claimed: self.time(row, Field::Claimed)?,
            started: self.time(row, Field::Started)?,
            finished: self.time(row, Field::Finished)?,
            approvals: self.approvals(row)?,
            record: None,
            content,
            own,
        }))
    }

    /// The context of a row as it stands.
    fn context(&self, row: &Row<'_>) -> Done<Option<String>> {
        Ok(text_of(self.raw(row, Field::Context)?))
    }

    pub(super) fn raw<'r>(&self, row: &'r Row<'_>, field: Field) -> Done<ValueRef<'r>> {
        Ok(match self.columns.at[field as usize] {
            Some(at) => row.get_ref(at)?,
            None => ValueRef::Null,
        })
    }

    fn id(&self, row: &Row<'_>) -> Done<TaskId> {
        match self.raw(row, Field::Id)? {
            ValueRef::Integer(number) => Ok(TaskId::from(number)),
            ValueRef::Text(text) if !text.is_empty() => Ok(TaskId(String::from_utf8_lossy(text).into())),
            _ => {
                Err(self.fault(row, Field::Id, "a key is neither a number nor a text", "Map a column that is.").into())
            }
        }
    }

    pub(super) fn text(&mut self, row: &Row<'_>, field: Field) -> Done<Option<Arc<str>>> {
        Ok(match self.columns.at[field as usize].map(|at| row.get_ref(at)).transpose()? {
            Some(ValueRef::Text(text)) if !text.is_empty() => Some(match std::str::from_utf8(text) {
                Ok(text) => self.strings.share(text),
                Err(_) => self.strings.share(&String::from_utf8_lossy(text)),
            }),
            Some(value) => text_of(value).map(|text| self.strings.share(&text)),
            None => None,
        })
    }

    pub(super) fn time(&mut self, row: &Row<'_>, field: Field) -> Done<Option<Timestamp>> {
        let Some(at) = self.columns.at[field as usize] else { return Ok(None) };
        let format = self.mapping.time_of(field);
        match self.times.read_as(format, row.get_ref(at)?) {
            Ok(time) if field == Field::Due => Ok(time.map(|at| times::read_end(format, at))),
            Ok(time) => Ok(time),
            Err(expected) => {
                let key = format!("tasks.columns.{}", field.word());
                Err(self.no_time(row, (&key, at), (format, expected))?.into())
            }
        }
    }

    fn no_time(
        &self,
        row: &Row<'_>,
        (key, at): (&str, usize),
        (format, expected): (TimeFormat, &str),
    ) -> Done<MappingError> {
        let value = row.get_ref(at)?;
        let fix = times::mend(format, value, expected);
        Ok(self.mapping_error(row, (key, self.columns.name(at)), value, "a time cannot be read", &fix))
    }

    fn status(&self, row: &Row<'_>) -> Done<TaskStatus> {
        let value = self.raw(row, Field::Status)?;
        let statuses = || self.mapping.status.iter();
        let found = match value {
            ValueRef::Text(text) => statuses().find(|(_, word)| word.as_bytes() == text),
            other => text_of(other).and_then(|text| statuses().find(|(_, word)| **word == text)),
        };
        if let Some((status, _)) = found {
            return Ok(status);
        }
        let place = ("tasks.status", self.mapping.column(Field::Status).unwrap_or_default());
        let error = match text_of(value) {
            None => self.mapping_error(row, place, value, "a task has no status", "Give the row one."),
            Some(word) => {
                let near = nearest(&word, statuses().map(|(_, mapped)| mapped));
                let near = near.map(|near| format!(" `{near}` is mapped.")).unwrap_or_default();
                let fix = format!("Add `{word}` to the line of the status that it means, under [tasks.status].{near}");
                self.mapping_error(row, place, value, "a status word is not mapped", &fix)
            }
        };
        Err(error.into())
    }

    fn severity(&self, row: &Row<'_>) -> Done<Severity> {
        let map = &self.mapping.severity;
        let found = match self.raw(row, Field::Priority)? {
            ValueRef::Integer(number) => map.of_number(number as f64).or_else(|| map.of_text(&number.to_string())),
            ValueRef::Real(number) => map.of_number(number),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().and_then(|text| map.of_text(text)),
            ValueRef::Null | ValueRef::Blob(_) => None,
        };
        Ok(found.unwrap_or_default())
    }

    fn approvals(&mut self, row: &Row<'_>) -> Done<Vec<Approval>> {
        let mut approvals = Vec::new();
        for (columns, place) in self.mapping.approvals.iter().zip(&self.columns.approvals) {
            let ApprovalAt { verdict, by, at } = *place;
            let Some(word) = text_of(row.get_ref(verdict)?) else { continue };
            let vote = match () {
                () if columns.approved.contains(&word) => Vote::Approved,
                () if columns.rejected.contains(&word) => Vote::Rejected,
                () => continue,
            };
            // A column that should tell whose it is, and does not, is told as one that names nobody.
            let by = by.map(|by| row.get_ref(by)).transpose()?.map(|by| text_of(by).unwrap_or_default());
            let time = match at.map(|at| Ok::<_, rusqlite::Error>((at, row.get_ref(at)?))).transpose()? {
                None => None,
                Some((at, value)) => {
                    let format = columns.time.unwrap_or(self.mapping.time);
                    match self.times.read_as(format, value) {
                        Ok(time) => time,
                        Err(expected) => {
                            let key = format!("tasks.approvals.{}.at", columns.role);
                            return Err(self.no_time(row, (&key, at), (format, expected))?.into());
                        }
                    }
                }
            };
            approvals.push(Approval {
                role: columns.role.clone(),
                vote,
                by: by.map(|by| self.strings.share(&by)),
                at: time,
            });
        }
        Ok(approvals)
    }

    fn fault(&self, row: &Row<'_>, field: Field, what: &str, fix: &str) -> MappingError {
        let column = self.mapping.column(field).unwrap_or_default();
        let value = self.raw(row, field).unwrap_or(ValueRef::Null);
        self.mapping_error(row, (&format!("tasks.columns.{}", field.word()), column), value, what, fix)
    }

    fn mapping_error(
        &self,
        row: &Row<'_>,
        (key, column): (&str, &str),
        value: ValueRef<'_>,
        what: &str,
        fix: &str,
    ) -> MappingError {
        MappingError {
            key: key.to_owned(),
            column: Some(format!("{}.{column}", self.mapping.table)),
            value: Some(text_of(value).unwrap_or_else(|| "NULL".into())),
            row: self.raw(row, Field::Id).ok().and_then(text_of),
            what: what.to_owned(),
            fix: fix.to_owned(),
        }
    }
}

/// A value as text; none for NULL and for what is empty.
pub(super) fn text_of(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            Some(String::from_utf8_lossy(text).into_owned()).filter(|text| !text.is_empty())
        }
    }
}
