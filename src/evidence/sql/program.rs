//! What a compiled statement opens.
//!
//! The authorizer is not told of everything: a table that is joined by `USING` or `NATURAL`, and of which nothing else is read,
//! is never named to it. The program that SQLite made of the statement cannot hide a table: it must open it.

use rusqlite::Connection;

use super::connect::Schema;

/// Something that a statement opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opened {
    /// A table, or an index of it.
    Table(String),
    /// Something that is no table of this database.
    Foreign,
    /// A virtual table or a function that gives a table.
    Virtual,
}

/// All that the statement opens; what it keeps only for itself does not count.
pub(super) fn tables(conn: &Connection, statement: &str, schema: &Schema) -> rusqlite::Result<Vec<Opened>> {
    let mut program = conn.prepare(&format!("EXPLAIN {statement}"))?;
    let mut steps = program.raw_query();
    let mut opened = Vec::new();
    while let Some(step) = steps.next()? {
        let (code, page, database): (String, i64, i64) = (step.get("opcode")?, step.get("p2")?, step.get("p3")?);
        match code.as_str() {
            "OpenRead" | "OpenWrite" | "ReopenIdx" => {
                let table = schema.roots.get(&page).filter(|_| database == MAIN);
                opened.push(table.cloned().map_or(Opened::Foreign, Opened::Table));
            }
            "VOpen" => opened.push(Opened::Virtual),
            _ => {}
        }
    }
    Ok(opened)
}

/// The number that SQLite gives the database that was opened first.
const MAIN: i64 = 0;
