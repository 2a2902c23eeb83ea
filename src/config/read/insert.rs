//! `[tasks.insert]`: what new rows get that Abide has no value of its own for.

use std::collections::BTreeMap;

use toml::{Spanned, Value};

use super::super::Constant;
use super::super::error::Fault;
use super::super::file::Words;
use super::{place, scalar};

/// What new rows get.
#[derive(Default)]
pub(super) struct Insert {
    /// The type of remediation tasks.
    pub(super) kind: Option<String>,
    pub(super) constants: BTreeMap<String, Constant>,
    /// Columns that count, each with the column within which it does.
    pub(super) counted: BTreeMap<String, Option<String>>,
}

/// Reads the lines of the section.
pub(super) fn insert(written: Words<Spanned<Value>>) -> Result<Insert, Fault> {
    let mut insert = Insert::default();
    for (column, value) in written {
        let span = value.span();
        let is_type = column.get_ref() == "type";
        match value.into_inner() {
            Value::String(text) if is_type => insert.kind = Some(text),
            _ if is_type => return Err(Fault::new(span, "`type` must be a text")),
            Value::Table(table) => {
                let within = place::counted(table, span)?;
                insert.counted.insert(column.into_inner(), within);
            }
            value => {
                let none = || {
                    let what = "a column takes one text or number, or the next number of its table";
                    Fault::new(span, what)
                        .fix("write `COLUMN = 7`, or `COLUMN = {next = true, within = \"project_id\"}`")
                };
                insert.constants.insert(column.into_inner(), scalar(value).ok_or_else(none)?);
            }
        }
    }
    Ok(insert)
}
