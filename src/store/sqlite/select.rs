//! What somebody wants to know of the live table, as SQL.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::approval::record::{self, Records};
use super::fault::{Done, Fault};
use super::found::Found;
use super::layout::Layout;
use super::queue::lease;
use super::row::RowReader;
use super::{lookup, times};
use crate::config::Field;
use crate::model::{Task, TaskStatus, Timestamp};
use crate::store::{Filter, Listed, RowSink, StoreError, Wants};
use std::sync::Arc;

/// A condition and the values bound in it.
#[derive(Default)]
struct Condition {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Condition {
    fn all_of(&self) -> String {
        self.parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(" AND ")
    }

    /// What ended since, or may have: a team's row need not tell when, and then cannot have ended before it started or came to be, nor
    /// while something was seen to wait for an answer about it.
    fn may_have_ended(&mut self, layout: &Layout<'_>, since: Timestamp) {
        let is_own = layout.mapping.own;
        let told = if is_own { &[Field::Finished][..] } else { &[Field::Finished, Field::Started, Field::Created] };
        for field in told {
            let Some(column) = layout.quoted(*field) else { continue };
            self.parts.push(format!("{column} > ?"));
            self.values.push(times::bound(layout.mapping.time_of(*field), since));
        }
        if !is_own && layout.is_migrated {
            let unanswered =
                "SELECT task FROM abide_requests WHERE used IS NULL OR state NOT IN ('approved', 'overridden')";
            self.parts.push(format!("{} IN ({unanswered})", layout.id()));
        }
    }

    fn any_of(&self) -> String {
        if self.parts.is_empty() { "0".to_owned() } else { self.parts.join(" OR ") }
    }
}

/// The words that a status column may hold for these statuses.
pub(super) fn words(layout: &Layout<'_>, mut wanted: impl FnMut(TaskStatus) -> bool) -> Vec<Value> {
    let words = layout.mapping.status.iter().filter(|(status, _)| wanted(*status));
    words.flat_map(|(_, word)| layout.as_held(Field::Status, word)).collect()
}

/// SQL that holds where the status of a row `t` is one of so many words.
pub(super) fn is_status(layout: &Layout<'_>, words: usize) -> String {
    lookup::says(layout.mapping, Field::Status, words).unwrap_or_else(|| "0".to_owned())
}

/// A list of values to bind, and the marks that stand for them.
pub(super) fn marks(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// Hands over every wanted row.
pub(super) fn scan(conn: &Connection, layout: &Layout<'_>, wants: &Wants, mut sink: RowSink) -> Done<()> {
    let condition = condition(layout, wants);
    let mut reader = RowReader::new(layout);
    let is_wanted = match &condition {
        None => "1".to_owned(),
        Some(condition) => condition.any_of(),
    };
    let sql = format!("SELECT {} FROM {} t WHERE ({is_wanted}){}", reader.columns(), layout.table(), layout.and_only());
    let values = condition.map(|condition| condition.values).unwrap_or_default();
    let mut records = Records::all(conn, layout)?;
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        sink(records.attach(reader.read(row)?));
    }
    Ok(())
}

/// None where every row is wanted.
fn condition(layout: &Layout<'_>, wants: &Wants) -> Option<Condition> {
    let mut condition = Condition::default();
    if wants.open {
        // Not closed, rather than open: a word that nobody mapped must come to light.
        let closed = words(layout, |status| !status.is_open());
        condition.parts.push(format!("t.{} IS NULL OR NOT {}", layout.status(), is_status(layout, closed.len())));
        condition.values.extend(closed);
    }
    if let Some(since) = wants.finished_since {
        condition.may_have_ended(layout, since);
    }
    if wants.overridden && layout.is_migrated {
        let overridden = "SELECT task FROM abide_ballots WHERE said = 'override'";
        condition.parts.push(format!("{} IN ({overridden})", layout.id()));
    }
    if !wants.ids.is_empty() {
        let ids = serde_json::Value::from_iter(wants.ids.iter().map(|id| id.0.to_string())).to_string();
        condition.parts.push(format!("{} IN (SELECT CAST(value AS TEXT) FROM json_each(?))", layout.id()));
        condition.values.push(Value::Text(ids));
    }
    let mut types = Vec::new();
    for select in &wants.selected {
        types.extend(select.literal_types()?.into_iter().map(|kind| kind.to_string()));
    }
    types.dedup();
    if layout.mapping.default_type.as_deref().is_some_and(|default| types.iter().any(|kind| kind == default)) {
        return None;
    }
    if let Some(says) = lookup::says(layout.mapping, Field::Type, types.len()).filter(|_| !types.is_empty()) {
        condition.parts.push(says);
        condition.values.extend(types.into_iter().map(Value::Text));
    }
    Some(condition)
}

/// The rows whose key is one of these, with their contexts.
pub(super) fn by_ids<'i>(
    conn: &Connection,
    layout: &Layout<'_>,
    ids: impl Iterator<Item = &'i str>,
) -> Done<Vec<Listed>> {
    let mut reader = RowReader::whole(layout);
    let columns = layout.table.ways.whole(layout);
    let mut statement = conn.prepare_cached(&columns.by_id)?;
    let mut found = Vec::new();
    for id in ids {
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            let listed = reader.listed(row)?;
            found.push(Listed { task: record::attach(conn, layout, listed.task)?, ..listed });
        }
    }
    Ok(found)
}

/// Every row of a status, with what else it tells.
pub(super) fn of_status(conn: &Connection, layout: &Layout<'_>, status: TaskStatus) -> Done<Found<Listed>> {
    let mut reader = RowReader::whole(layout);
    let words = words(layout, |other| other == status);
    let mut records = Records::all(conn, layout)?;
    let (columns, table) = (reader.columns(), layout.table());
    let (is_status, only) = (is_status(layout, words.len()), layout.and_only());
    let sql = format!("SELECT {columns} FROM {table} t WHERE {is_status}{only}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(words))?;
    let mut found = Found::nothing();
    while let Some(row) = rows.next()? {
        let read = reader.listed(row);
        found.add(read.map(|listed| Listed { task: records.attach(listed.task), ..listed }))?;
    }
    Ok(found)
}

/// SQL that holds for every row of Abide's own table whose status is one of these, where all of them are open or none is: an
/// index has the open rows and another has the rest, and serves only whoever says so in its very words.
fn half(layout: &Layout<'_>, wanted: impl FnMut(&TaskStatus) -> bool) -> Option<&'static str> {
    let wanted: Vec<TaskStatus> = TaskStatus::ALL.into_iter().filter(wanted).collect();
    let is_open = wanted.first()?.is_open();
    let is_half = layout.mapping.own && wanted.iter().all(|status| status.is_open() == is_open);
    is_half.then_some(match is_open {
        true => "t.ended IS NULL",
        false => "t.ended IS NOT NULL",
    })
}

/// All open rows.
pub(super) fn open(conn: &Connection, layout: &Layout<'_>) -> Done<Found<Arc<Task>>> {
    let words = words(layout, TaskStatus::is_open);
    let mut filter = is_status(layout, words.len());
    if let Some(half) = half(layout, |status| status.is_open()) {
        filter = format!("{filter} AND {half}");
    }
    tasks(conn, layout, &filter, words)
}

/// All rows that ended since, or may have.
pub(super) fn ended(conn: &Connection, layout: &Layout<'_>, since: Timestamp) -> Done<Found<Arc<Task>>> {
    let mut words = words(layout, |status| !status.is_open());
    let mut since_then = Condition::default();
    since_then.may_have_ended(layout, since);
    // Of Abide's own table the index of ends serves: what ended lately is little of what ended.
    let filter = format!("{} AND ({})", is_status(layout, words.len()), since_then.any_of());
    words.extend(since_then.values);
    tasks(conn, layout, &filter, words)
}

/// The rows of a condition.
pub(super) fn tasks(
    conn: &Connection,
    layout: &Layout<'_>,
    condition: &str,
    values: Vec<Value>,
) -> Done<Found<Arc<Task>>> {
    some_tasks(conn, layout, (condition, ""), values)
}

/// The first row of a condition.
pub(super) fn one_task(
    conn: &Connection,
    layout: &Layout<'_>,
    condition: &str,
    values: Vec<Value>,
) -> Done<Found<Arc<Task>>> {
    some_tasks(conn, layout, (condition, " LIMIT 1"), values)
}

fn some_tasks(
    conn: &Connection,
    layout: &Layout<'_>,
    (condition, limit): (&str, &str),
    values: Vec<Value>,
) -> Done<Found<Arc<Task>>> {
    let mut reader = RowReader::new(layout);
    let mut records = Records::all(conn, layout)?;
    let (columns, table, only) = (reader.columns(), layout.table(), layout.and_only());
    let sql = format!("SELECT {columns} FROM {table} t WHERE ({condition}){only}{limit}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Found::nothing();
    while let Some(row) = rows.next()? {
        found.add(reader.read(row).map(|task| records.attach(task)))?;
    }
    Ok(found)
}

/// What a row of Abide's own may be told by; some other rows may be as well.
fn own(layout: &Layout<'_>) -> String {
    let told = [(Field::Type, "GLOB 'abide/*'"), (Field::Context, "LIKE '%\"abide\"%'"), (Field::Author, "= 'abide'")];
    let told = told.iter().filter_map(|(field, is)| Some(format!("{} {is}", lookup::spelled(layout.mapping, *field)?)));
    let on_record = format!("{} IN (SELECT task FROM abide_remediations)", layout.id());
    let on_record = (!layout.on_record.is_empty()).then_some(on_record);
    // A table may have none of them, and a ledger nothing yet.
    told.chain(on_record).chain(["0".to_owned()]).collect::<Vec<_>>().join(" OR ")
}

/// Tasks for people, the newest first, with who holds them.
pub(super) fn list(conn: &Connection, layout: &Layout<'_>, filter: &Filter) -> Done<Vec<Listed>> {
    let mut found = match &filter.id {
        Some(id) => by_ids(conn, layout, std::iter::once(&*id.0))?,
        None => newest(conn, layout, filter)?,
    };
    if layout.is_migrated {
        for listed in &mut found {
            listed.lease = lease::of(conn, &listed.task.id)?;
        }
    }
    Ok(found)
}

fn newest(conn: &Connection, layout: &Layout<'_>, filter: &Filter) -> Done<Vec<Listed>> {
    let mut found = Vec::new();
    each(conn, layout, filter, |read| match read {
        Ok(listed) => {
            found.push(Listed { task: record::attach(conn, layout, listed.task)?, ..listed });
            Ok(())
        }
        Err(Fault::Store(StoreError::Mapping(_))) if filter.skips => Ok(()),
        Err(fault) => Err(fault),
    })?;
    Ok(found)
}

/// Every row that a filter asks for, the newest first, as it was read, until as many could be read as are wanted.
pub(super) fn each(
    conn: &Connection,
    layout: &Layout<'_>,
    filter: &Filter,
    mut take: impl FnMut(Done<Listed>) -> Done<()>,
) -> Done<()> {
    let mut reader = RowReader::whole(layout);
    let wanted = wanted(layout, filter);
    let created = layout.quoted(Field::Created).unwrap_or_else(|| layout.id());
    let newest = if layout.shape.has_rowid { "t.rowid".to_owned() } else { layout.id() };
    let sql = format!(
        "SELECT {} FROM {} t WHERE {}{} ORDER BY {created} DESC, {newest} DESC",
        reader.columns(),
        layout.table(),
        wanted.all_of(),
        layout.and_only()
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(wanted.values))?;
    let most = if filter.most == 0 { usize::MAX } else { filter.most };
    let mut count = 0;
    while count < most
        && let Some(row) = rows.next()?
    {
        let read = reader.listed(row);
        if read.as_ref().is_ok_and(|listed| filter.own && !listed.task.own) {
            continue;
        }
        count += usize::from(read.is_ok());
        take(read)?;
    }
    Ok(())
}

/// What a filter asks for; what the table has no column for, no row has.
fn wanted(layout: &Layout<'_>, filter: &Filter) -> Condition {
    let is_wanted = |status: TaskStatus| filter.status.is_empty() || filter.status.contains(&status);
    let statuses = words(layout, is_wanted);
    let mut wanted = Condition { parts: vec![is_status(layout, statuses.len())], values: statuses };
    wanted.parts.extend(half(layout, |status| is_wanted(*status)).map(str::to_owned));
    let texts = [(Field::Type, &filter.kind), (Field::Role, &filter.role), (Field::Agent, &filter.agent)];
    for (field, text) in texts {
        let Some(text) = text else { continue };
        let is =
            lookup::spelled(layout.mapping, field).map_or_else(|| "? IS NULL".to_owned(), |it| format!("{it} = ?"));
        wanted.parts.push(is);
        wanted.values.push(Value::Text(text.clone()));
    }
    wanted.parts.extend(filter.own.then(|| own(layout)));
    wanted.parts.extend(filter.dead.then(|| if layout.mapping.own { "dead IS NOT NULL" } else { "0" }.to_owned()));
    wanted
}
