//! `[tasks.columns]`: which column holds which field, and what stands behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::{Spanned, Value};

use super::super::error::Fault;
use super::super::file::Words;
use super::super::{Field, Lookup, TimeFormat};
use super::{missing, place, unknown};

/// The columns of a mapping.
pub(super) struct Columns {
    pub(super) columns: BTreeMap<Field, String>,
    pub(super) lookups: BTreeMap<Field, Lookup>,
    pub(super) times: BTreeMap<Field, TimeFormat>,
    pub(super) default_type: Option<Arc<str>>,
}

/// The fields whose words may stand in a table of their own.
const LOOKED_UP: [Field; 6] = [Field::Type, Field::Role, Field::Agent, Field::Author, Field::Status, Field::Priority];

const TIMES: [Field; 7] =
    [Field::Created, Field::Claimed, Field::Started, Field::Finished, Field::Updated, Field::Due, Field::NotBefore];

/// Reads the columns, of which some are required.
pub(super) fn columns(written: Words<Spanned<Value>>) -> Result<Columns, Fault> {
    let mut columns =
        Columns { columns: BTreeMap::new(), lookups: BTreeMap::new(), times: BTreeMap::new(), default_type: None };
    for (name, value) in written {
        let words = || Field::ALL.iter().map(|field| field.word());
        let field = Field::from_word(name.get_ref()).ok_or_else(|| unknown(&name, "column of a task", words()))?;
        columns.add(field, value)?;
    }
    for field in Field::REQUIRED {
        let is_there = columns.columns.contains_key(&field) || (field == Field::Type && columns.default_type.is_some());
        if !is_there {
            return Err(missing(&format!("tasks.columns.{}", field.word()), "the column that holds it"));
        }
    }
    Ok(columns)
}

impl Columns {
    fn add(&mut self, field: Field, value: Spanned<Value>) -> Result<(), Fault> {
        let span = value.span();
        let place = place::column(value)?;
        let word = field.word();
        if place.lookup.is_some() && !LOOKED_UP.contains(&field) {
            let words: Vec<&str> = LOOKED_UP.iter().map(|field| field.word()).collect();
            let what = format!("`{word}` is read from its own column; only {} may refer to a table", words.join(", "));
            return Err(Fault::new(span, what));
        }
        if place.time.is_some() && !TIMES.contains(&field) {
            return Err(Fault::new(span, format!("`{word}` is no time, so it has no `time`")));
        }
        if place.default.is_some() && field != Field::Type {
            return Err(Fault::new(span, format!("only `type` takes a `default`, and this is `{word}`")));
        }
        match (place.column, &place.default) {
            (Some(column), _) => self.columns.insert(field, column),
            (None, Some(_)) => None,
            (None, None) => return Err(Fault::new(span, "`column` is missing: the column that holds it")),
        };
        self.lookups.extend(place.lookup.map(|lookup| (field, lookup)));
        self.times.extend(place.time.map(|time| (field, time)));
        self.default_type = place.default.map(Into::into).or(self.default_type.take());
        Ok(())
    }
}
