//! Rows that cannot be read as tasks, for whoever lists the others.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::fault::{Done, Fault};
use super::layout::Layout;
use super::lookup;
use super::row::{RowReader, text_of};
use super::select::{self, is_status};
use crate::config::Field;
use crate::model::TaskId;
use crate::store::{Filter, MappingError, StoreError, Unread};

/// So many rows are named of each kind.
const NAMED: usize = 5;

/// So many status words are told apart.
const WORDS: usize = 20;

/// What a list of that filter leaves out, by what is wrong with it.
pub(super) fn find(conn: &Connection, layout: &Layout<'_>, filter: &Filter) -> Done<Vec<Unread>> {
    let mut found = strays(conn, layout)?;
    let mut faults = Vec::new();
    select::each(conn, layout, filter, |read| {
        if let Err(Fault::Store(StoreError::Mapping(error))) = read {
            faults.push(*error);
        }
        Ok(())
    })?;
    for fault in faults {
        let same = |it: &&mut Unread| it.error.key == fault.key && it.error.what == fault.what;
        let row = fault.row.as_deref().map(|row| TaskId(row.into()));
        if let Some(unread) = found.iter_mut().find(same) {
            unread.count += 1;
            unread.rows.extend(row.filter(|_| unread.rows.len() < NAMED));
        } else {
            found.push(Unread { count: 1, rows: row.into_iter().collect(), error: fault });
        }
    }
    Ok(found)
}

/// Rows without a status, and rows whose status no line of the mapping has: no filter finds them, since nobody knows what they
/// are.
fn strays(conn: &Connection, layout: &Layout<'_>) -> Done<Vec<Unread>> {
    let Some(spelled) = lookup::spelled(layout.mapping, Field::Status) else { return Ok(Vec::new()) };
    let known = select::words(layout, |_| true);
    let stray =
        format!("(t.{} IS NULL OR NOT {}){}", layout.status(), is_status(layout, known.len()), layout.and_only());
    let sql = format!(
        "SELECT {spelled} AS word, count(*) FROM {} t WHERE {stray} GROUP BY word ORDER BY count(*) DESC, word LIMIT {WORDS}",
        layout.table()
    );
    let counted = |row: &Row<'_>| Ok((row.get::<_, Value>(0)?, row.get::<_, i64>(1)?));
    let words: Vec<(Value, i64)> =
        conn.prepare(&sql)?.query_map(params_from_iter(known.clone()), counted)?.collect::<Result<_, _>>()?;
    let mut reader = RowReader::new(layout);
    let sql = format!(
        "SELECT {} FROM {} t WHERE {stray} AND {spelled} IS ? ORDER BY {} LIMIT {NAMED}",
        reader.columns(),
        layout.table(),
        layout.id()
    );
    let mut statement = conn.prepare(&sql)?;
    let mut found = Vec::new();
    for (word, count) in words {
        let mut rows = statement.query(params_from_iter(known.iter().chain([&word])))?;
        let (mut named, mut error) = (Vec::new(), None);
        while let Some(row) = rows.next()? {
            named.extend(text_of(reader.raw(row, Field::Id)?).map(|id| TaskId(id.into())));
            error = error.or(fault(reader.read(row).err())?);
        }
        let count = u64::try_from(count).unwrap_or_default();
        found.extend(error.map(|error| Unread { count, rows: named, error }));
    }
    Ok(found)
}

/// What is wrong with the mapping; anything else stays a fault.
fn fault(fault: Option<Fault>) -> Done<Option<MappingError>> {
    match fault {
        None => Ok(None),
        Some(Fault::Store(StoreError::Mapping(error))) => Ok(Some(*error)),
        Some(fault) => Err(fault),
    }
}
