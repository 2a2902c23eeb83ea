//! What a table may tell of a task that no rule asks for.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::fault::Done;
use super::row::{RowReader, text_of};
use crate::config::Field;
use crate::model::{Demand, Site};
use crate::store::Details;

/// The fields that make [`Details`]. Body and context are read for the task already.
pub(super) const FIELDS: [Field; 11] = [
    Field::Error,
    Field::Result,
    Field::Parent,
    Field::Attempts,
    Field::Tries,
    Field::Skills,
    Field::Class,
    Field::Region,
    Field::Machine,
    Field::Due,
    Field::NotBefore,
];

impl RowReader<'_> {
    /// The details of a row that [`RowReader::whole`] selected.
    pub(super) fn details(&mut self, row: &Row<'_>) -> Done<Details> {
        Ok(Details {
            body: text_of(self.raw(row, Field::Body)?),
            result: text_of(self.raw(row, Field::Result)?),
            error: text_of(self.raw(row, Field::Error)?),
            parent: text_of(self.raw(row, Field::Parent)?),
            due: self.time(row, Field::Due)?,
            not_before: self.time(row, Field::NotBefore)?,
            attempts: number(self.raw(row, Field::Attempts)?).unwrap_or_default(),
            tries: number(self.raw(row, Field::Tries)?),
            demand: self.demand(row)?,
        })
    }

    fn demand(&mut self, row: &Row<'_>) -> Done<Demand> {
        let skills = text_of(self.raw(row, Field::Skills)?).map(|text| skills(&text)).unwrap_or_default();
        let site = Site {
            class: self.text(row, Field::Class)?,
            region: self.text(row, Field::Region)?,
            machine: self.text(row, Field::Machine)?,
        };
        Ok(Demand { skills, site })
    }
}

/// A JSON list of texts, or words with commas between them.
pub(super) fn skills(text: &str) -> BTreeSet<Arc<str>> {
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(list) => list.iter().map(|skill| skill.as_str().into()).collect(),
        Err(_) => text.split(',').map(str::trim).filter(|skill| !skill.is_empty()).map(Into::into).collect(),
    }
}

/// A count, whatever its column's type; none where there is none.
fn number(value: ValueRef<'_>) -> Option<u32> {
    text_of(value).and_then(|text| text.parse().ok())
}
