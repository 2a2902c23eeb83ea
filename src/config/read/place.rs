//! Where values stand, as `[tasks.columns]`, `[tasks.labels]` and `[tasks.needs]` write it: a text, or a table in braces.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::{Spanned, Table, Value};

use super::super::error::Fault;
use super::super::file::Text;
use super::super::{Constant, Join, Lookup, Source, TimeFormat, Within};
use super::{filled, scalar, time_format};
use crate::diagnostic::nearest;

/// A column of a task as it is written.
pub(super) struct Place {
    pub(super) column: Option<String>,
    pub(super) lookup: Option<Lookup>,
    pub(super) time: Option<TimeFormat>,
    pub(super) default: Option<String>,
}

/// Reads a value of `[tasks.columns]`.
pub(super) fn column(written: Spanned<Value>) -> Result<Place, Fault> {
    let span = written.span();
    match written.into_inner() {
        Value::String(name) => {
            let column = filled(Text::new(span, name))?;
            Ok(Place { column: Some(column), lookup: None, time: None, default: None })
        }
        Value::Table(table) => {
            let mut keys = Keys { table, span, seen: Vec::new() };
            let column = keys.text("column")?;
            let lookup = if column.is_some() { keys.lookup()? } else { None };
            let time = keys.text("time")?.map(|word| time_format(&Text::new(keys.span.clone(), word))).transpose()?;
            let default = keys.text("default")?;
            keys.end()?;
            Ok(Place { column, lookup, time, default })
        }
        _ => Err(Fault::new(
            span,
            "a column is a text, or a table such as {column = \"status_id\", table = \"statuses\", key = \"id\", value = \"name\"}",
        )),
    }
}

/// Reads a value of `[tasks.labels]`, or `[tasks.needs]`.
pub(super) fn source(written: Spanned<Value>) -> Result<Source, Fault> {
    let span = written.span();
    match written.into_inner() {
        Value::String(text) => of_text(Text::new(span, text)),
        Value::Table(table) => {
            let mut keys = Keys { table, span, seen: Vec::new() };
            let source = match keys.text("column")? {
                Some(column) => match keys.lookup()? {
                    Some(lookup) => Source::Lookup { column, lookup },
                    None => Source::Column(column),
                },
                None => Source::Rows(keys.join()?),
            };
            keys.end()?;
            Ok(source)
        }
        _ => Err(Fault::new(
            span,
            "this is a text such as \"column\" or \"column:/place/in/json\", or a table such as {table = \"task_tags\", task = \"task_id\", value = \"tag\"}",
        )),
    }
}

/// Reads the table of a column that counts: within which other column it does, if within one.
pub(super) fn counted(table: Table, span: Range<usize>) -> Result<Option<String>, Fault> {
    let mut keys = Keys { table, span, seen: Vec::new() };
    if keys.take("next") != Some(Value::Boolean(true)) {
        return Err(keys.fault("a table here says that new rows have the next number: `{next = true}`"));
    }
    let within = keys.text("within")?;
    keys.end()?;
    Ok(within)
}

fn of_text(written: Text) -> Result<Source, Fault> {
    let span = written.span();
    let text = filled(written)?;
    let Some((column, pointer)) = text.split_once(':') else { return Ok(Source::Column(text)) };
    let (pointer, is_list) = pointer.strip_suffix("[]").map_or((pointer, false), |pointer| (pointer, true));
    if pointer.is_empty() || pointer.starts_with('/') {
        return Ok(Source::Json { column: column.to_owned(), pointer: pointer.to_owned(), is_list });
    }
    let fix = format!("write `{column}:/{pointer}`");
    Err(Fault::new(span, "a place in JSON begins with a slash").fix(fix))
}

/// A table in braces, whose keys are taken one by one. TOML tells the place of the table as a whole.
struct Keys {
    table: Table,
    span: Range<usize>,
    seen: Vec<&'static str>,
}

impl Keys {
    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.seen.push(key);
        self.table.remove(key)
    }

    fn text(&mut self, key: &'static str) -> Result<Option<String>, Fault> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
            Some(_) => Err(self.fault(format!("`{key}` must be a text that is not empty"))),
        }
    }

    fn needed(&mut self, key: &'static str, what: &str) -> Result<String, Fault> {
        self.text(key)?.ok_or_else(|| self.fault(format!("`{key}` is missing: {what}")))
    }

    /// The table that the column refers to, if it refers to one.
    fn lookup(&mut self) -> Result<Option<Lookup>, Fault> {
        let Some(table) = self.text("table")? else { return Ok(None) };
        let key = self.needed("key", "the column of that table that is referred to")?;
        let value = self.needed("value", "the column of that table that holds the word")?;
        let within = self.text("within")?;
        let insert = self.take("insert").map(|value| self.constant("insert", value)).transpose()?;
        if within.is_none() && insert.is_some() {
            return Err(self.fault("`insert` says what new tasks are put `within`, and that is missing"));
        }
        let within = within.map(|column| Within { column, insert });
        Ok(Some(Lookup { table, key, value, within }))
    }

    fn join(&mut self) -> Result<Join, Fault> {
        let table = self.needed("table", "the table whose rows refer to the task, where no `column` is named")?;
        let task = self.needed("task", "the column of that table that holds the task's key")?;
        let name = self.text("name")?;
        let (value, lookup) = match self.take("value") {
            Some(Value::String(value)) if !value.trim().is_empty() => (value, None),
            Some(Value::Table(inner)) => {
                let mut keys = Keys { table: inner, span: self.span.clone(), seen: Vec::new() };
                let column = keys.needed("column", "the column that holds the value's key")?;
                let lookup = keys.lookup()?;
                keys.end()?;
                (column, lookup)
            }
            Some(_) => return Err(self.fault("`value` must be a column, or a table such as {column = \"tag_id\", table = \"tags\", key = \"id\", value = \"name\"}")),
            None => return Err(self.fault("`value` is missing: the column of that table that holds the value")),
        };
        let only = match self.take("only") {
            None => BTreeMap::new(),
            Some(Value::Table(only)) => {
                let pair = |(column, value)| Ok((column, self.constant("only", value)?));
                only.into_iter().map(pair).collect::<Result<_, Fault>>()?
            }
            Some(_) => return Err(self.fault("`only` must be a table such as {kind = \"blocks\"}")),
        };
        Ok(Join { table, task, name, value, lookup, only })
    }

    fn constant(&self, key: &str, value: Value) -> Result<Constant, Fault> {
        scalar(value).ok_or_else(|| self.fault(format!("`{key}` takes a text or a number, no list or table")))
    }

    /// Nothing may be left over.
    fn end(self) -> Result<(), Fault> {
        let Some(left) = self.table.keys().next() else { return Ok(()) };
        let fault = self.fault(format!("no key is called `{left}` here"));
        Err(match nearest(left, self.seen.iter().copied()) {
            Some(near) => fault.fix(format!("did you mean `{near}`?")),
            None => fault.fix(format!("use one of {}", self.seen.join(", "))),
        })
    }

    fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::new(self.span.clone(), what)
    }
}
