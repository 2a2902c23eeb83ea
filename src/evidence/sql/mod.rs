//! Asks a database one statement that only reads.
//!
//! A statement comes out of a spec, and a spec may come from anybody who can propose a change. So nothing is taken on trust:
//! the connection cannot write, what the statement names is checked while it is compiled (`guard`), what the compiled
//! statement opens is checked again (`program`), and its length, its time and its rows have limits.

mod connect;
mod fault;
mod guard;
mod program;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Instant;

use rusqlite::Statement;

pub use fault::Fault;
pub use table::Table;

use crate::config::{SqlSource, TimeFormat};
use crate::model::Timestamp;
use crate::store::times;
use connect::Snapshot;
use guard::{Guard, Rules};

/// A database that answers statements. Nothing is opened before one is asked. Calls block; keep them off async threads.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its URL as `abide.toml` writes it.
    url: String,
    /// The file; none where the URL is one of another kind of database.
    path: Option<PathBuf>,
    source: SqlSource,
    rules: Rules,
}

impl Database {
    /// The database of `[sources.NAME]`. Where it has no URL it is the tasks', whose `sqlite:` URL is given with an absolute
    /// path. Its own is seen from `base`, the folder of `abide.toml`.
    pub fn new(name: &str, source: &SqlSource, store_url: &str, base: &Path) -> Self {
        let url = source.url.as_deref().unwrap_or(store_url);
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        Self {
            url: url.to_owned(),
            path: path.map(|path| base.join(path)),
            source: source.clone(),
            rules: Rules::new(name, &source.tables),
        }
    }

    /// What one statement says of the times after `from`, up to and with `to`. Both are bound in the format `time`, as
    /// `:from` and `:to`: `WHERE at > :from AND at <= :to`. A format of whole seconds cuts them down to the second. Texts
    /// compare as texts, so a column of `iso8601` whose offsets differ needs `datetime(at) > datetime(:from)`.
    ///
    /// One column gives one number; two columns give rows of a time in that format and a number. What lies outside the times,
    /// and what is NULL, is left out.
    ///
    /// # Errors
    /// Why there is no answer. Nothing was written in any case.
    pub fn ask(&self, statement: &str, from: Timestamp, to: Timestamp, time: TimeFormat) -> Result<Table, Fault> {
        check_text(statement)?;
        let deadline = Instant::now() + self.source.timeout.to_std();
        let Snapshot { mut conn, schema } = connect::open(self.file()?, self.source.timeout, deadline)
            .map_err(|error| self.fault(&error).out_of_reach(&self.url))?;
        let guard = Guard::set(&mut conn, &self.rules, &schema).map_err(|error| self.fault(&error))?;
        let refused = |error: &rusqlite::Error| guard.refusal().unwrap_or_else(|| self.fault(error));
        let mut prepared = conn.prepare(statement).map_err(|error| refused(&error))?;
        check_compiled(&prepared)?;
        let opened = program::tables(&conn, statement, &schema).map_err(|error| refused(&error))?;
        self.rules.check_opened(&opened)?;
        for (name, at) in [(FROM, from), (TO, to)] {
            let place = prepared.parameter_index(name).ok().flatten();
            let place = place.ok_or_else(|| unbound(name))?;
            let bound = prepared.raw_bind_parameter(place, times::write(time, at));
            bound.map_err(|error| self.fault(&error))?;
        }
        let columns = prepared.column_count();
        let rows = table::Rows::new(prepared.raw_query(), self.source.rows, |error| self.fault(error));
        if columns == 1 { rows.number() } else { rows.series(from, to, time) }
    }

    fn file(&self) -> Result<&Path, Fault> {
        let away = |url: &str, reason: &str| Fault::OutOfReach { url: url.to_owned(), reason: reason.to_owned() };
        match &self.path {
            // Only the scheme is told: the rest may hold a password.
            None => {
                let scheme = self.url.split_once(':').map_or("this", |(scheme, _)| scheme);
                Err(away(&format!("{scheme}:..."), "only SQLite is supported so far; write `sqlite:PATH`"))
            }
            Some(path) if !path.exists() => Err(away(&self.url, "there is no such file")),
            Some(path) => Ok(path),
        }
    }

    fn fault(&self, error: &rusqlite::Error) -> Fault {
        Fault::of(error, &self.url, self.source.timeout)
    }
}

const FROM: &str = ":from";
const TO: &str = ":to";

/// The longest statement, in bytes.
const LONGEST: usize = 10_000;

/// What can be told of a statement before it is compiled.
fn check_text(statement: &str) -> Result<(), Fault> {
    if statement.len() > LONGEST {
        return Err(Fault::TooMuch(format!("it has more than {LONGEST} bytes")));
    }
    // SQLite would take what is before it for the whole.
    if statement.contains('\0') {
        return Err(Fault::Statement("it has a character of the code 0 in it".into()));
    }
    Ok(())
}

/// What can be told of a compiled statement before it runs.
fn check_compiled(prepared: &Statement<'_>) -> Result<(), Fault> {
    if !prepared.readonly() {
        return Err(guard::Refusal::Write.into());
    }
    if prepared.column_count() == 0 {
        return Err(Fault::Statement("it is empty; write one SELECT".into()));
    }
    if prepared.is_explain() != 0 {
        return Err(Fault::Statement("EXPLAIN gives no figures; write the SELECT alone".into()));
    }
    let names: Vec<_> = (1..=prepared.parameter_count()).map(|place| prepared.parameter_name(place)).collect();
    if let Some(other) = names.iter().find(|name| !matches!(name, Some(FROM | TO))) {
        let other = other.unwrap_or("?");
        let what = format!("the parameter `{other}` has no value; only `{FROM}` and `{TO}` have one");
        return Err(Fault::Statement(what));
    }
    if let Some(name) = [FROM, TO].into_iter().find(|name| !names.contains(&Some(name))) {
        return Err(unbound(name));
    }
    match prepared.column_count() {
        1 | 2 => Ok(()),
        count => Err(Fault::Malformed(format!(
            "the statement gives {count} columns; give one, a number, or two, a time and a number"
        ))),
    }
}

fn unbound(name: &str) -> Fault {
    Fault::Statement(format!(
        "the statement does not say `{name}`, so it would tell of all times; write `WHERE at > {FROM} AND at <= {TO}`, with \
         the column of the time in place of `at`"
    ))
}
