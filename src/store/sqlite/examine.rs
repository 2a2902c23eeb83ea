//! Looking the whole set-up over, for `abide doctor`.

mod opening;

use rusqlite::Connection;

use super::connect::{LEAST_VERSION, is_migrated};
use super::fault::{Done, Fault};
use super::layout::{Layout, quoted};
use super::row::{RowReader, text_of};
use super::table::Table;
use super::{audit, beside, feed, heartbeats, ledger, select, unread};
use crate::config::{ANY_LABEL, Field, Source};
use crate::diagnostic::{counted, plain};
use crate::model::{TaskStatus, Timestamp};
use crate::store::{Check, Filter, Followed, StoreError, Trouble};

/// Everything that can be wrong, each looked at by itself.
pub(super) fn examine(conn: &mut Connection, table: &Table) -> Done<Vec<Check>> {
    let mut checks = vec![version(), wal(conn, table)?];
    let layout = match Layout::of(conn, table) {
        Ok(layout) => layout,
        Err(Fault::Store(StoreError::Mapping(error))) => {
            checks.push(trouble("mapping", error.what, format!("{} ({} in abide.toml)", error.fix, error.key)));
            return Ok(checks);
        }
        Err(fault) => return Err(fault),
    };
    let what = format!("{} columns of {} are mapped", table.mapping.columns.len(), table.mapping.table);
    checks.push(fine("mapping", what));
    for status in TaskStatus::ALL {
        checks.push(one_row(conn, &layout, status)?);
    }
    checks.extend(whole_table(conn, &layout)?);
    checks.extend(json(conn, &layout)?);
    checks.extend(ends(&layout));
    checks.push(agents(conn, table)?);
    checks.push(index(conn, &layout)?);
    checks.push(changes(&layout));
    checks.extend(beside::rows_without_index(conn, table)?.into_iter().map(|(table, create)| {
        let wrong = format!("{table} has no index by task, so every look at a task reads all of it");
        trouble("index", wrong, create)
    }));
    checks.extend(view(conn, &layout)?);
    checks.extend(opening::unfilled(conn, &layout)?);
    if is_migrated(conn)? {
        checks.extend(opening::refused(conn)?);
        checks.push(lease(conn)?);
        checks.extend(chain(conn)?);
        checks.extend(intents(conn, table)?);
        checks.push(match ledger::read(conn, table) {
            Ok(ledger) => fine("ledger", format!("{} on record", counted(ledger.records.len(), "task"))),
            Err(fault) => told("ledger", fault, "Restore the database from a copy.")?,
        });
    }
    Ok(checks)
}

fn fine(what: &str, how: impl Into<String>) -> Check {
    Check { what: what.to_owned(), result: Ok(how.into()) }
}

fn trouble(what: &str, wrong: impl Into<String>, fix: impl Into<String>) -> Check {
    Check { what: what.to_owned(), result: Err(Trouble { what: wrong.into(), fix: fix.into() }) }
}

/// A fault of the set-up as a finding; one of the database itself stays a fault.
fn told(what: &str, fault: Fault, fix: &str) -> Done<Check> {
    match fault {
        Fault::Store(StoreError::Mapping(error)) => {
            let fix = error.fix.clone();
            Ok(trouble(what, error.fault(), fix))
        }
        Fault::Store(error) => Ok(trouble(what, error.to_string(), fix)),
        fault @ Fault::Sql(_) => Err(fault),
    }
}

fn version() -> Check {
    let version = rusqlite::version();
    if rusqlite::version_number() >= LEAST_VERSION {
        fine("SQLite", version)
    } else {
        let fix = "Build Abide with a later SQLite.";
        trouble("SQLite", format!("{version} may lose data when its log is reset; 3.51.3 is the least"), fix)
    }
}

/// Abide sets the journal of its own file; that of a team's file is the team's to set.
fn wal(conn: &Connection, table: &Table) -> Done<Check> {
    let mode =
        |schema: &str| conn.query_row(&format!("PRAGMA {schema}.journal_mode"), [], |row| row.get::<_, String>(0));
    let (own, live) = (mode("main")?, mode(table.schema())?);
    let waits = |mode: &str| format!("the journal mode is `{mode}`, so readers and writers wait for each other");
    let is_ahead = |mode: &str| matches!(mode, "wal" | "memory");
    Ok(match () {
        () if !is_ahead(&own) => {
            let fix = "Run `abide reconcile` once, which sets it, or `PRAGMA journal_mode = WAL`.";
            trouble("journal", waits(&own), fix)
        }
        () if !is_ahead(&live) => {
            let fix = "Run `PRAGMA journal_mode = WAL` in it, if all who use it can; Abide leaves it as it is.";
            trouble("journal", format!("of the team's database {}", waits(&live)), fix)
        }
        () => fine("journal", live),
    })
}

fn one_row(conn: &Connection, layout: &Layout<'_>, status: TaskStatus) -> Done<Check> {
    let what = format!("tasks that are {status}");
    let words = select::words(layout, |other| other == status);
    if words.is_empty() {
        return Ok(fine(&what, "no word is mapped"));
    }
    let found = select::one_task(conn, layout, &select::is_status(layout, words.len()), words);
    match found.and_then(|found| found.whole()) {
        Ok(rows) => Ok(rows.first().map_or_else(
            || fine(&what, "none there"),
            |task| fine(&what, format!("task {} reads as {} `{}`", task.id, plain(&task.kind), plain(&task.title))),
        )),
        Err(fault) => told(&what, fault, "Mend the mapping."),
    }
}

/// So many sorts of rows that cannot be read are told apart.
const SORTS: usize = 10;

fn whole_table(conn: &Connection, layout: &Layout<'_>) -> Done<Vec<Check>> {
    let fault = match every_row(conn, layout) {
        Ok(check) => return Ok(vec![check]),
        Err(fault) => fault,
    };
    let sorts = unread::find(conn, layout, &Filter::default())?;
    if sorts.is_empty() {
        return Ok(vec![told("every row", fault, "Mend the mapping.")?]);
    }
    let named = sorts.iter().take(SORTS).map(|sort| trouble("every row", sort.fault(), sort.error.fix.clone()));
    let rest = sorts.iter().skip(SORTS);
    let more = rest.clone().map(|sort| sort.count).sum::<u64>();
    let more = (more > 0).then(|| {
        let what = format!("{more} more cannot be read, for {} more reasons", rest.count());
        trouble("every row", what, "Mend these first, and look again.")
    });
    Ok(named.chain(more).collect())
}

fn every_row(conn: &Connection, layout: &Layout<'_>) -> Done<Check> {
    let mut reader = RowReader::new(layout);
    let sql = format!("SELECT {} FROM {} t WHERE 1{}", reader.columns(), layout.table(), layout.and_only());
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        reader.read(row)?;
        count += 1;
    }
    if layout.mapping.only.is_empty() {
        return Ok(fine("every row", format!("{count} can be read")));
    }
    let all: i64 = conn.query_row(&format!("SELECT count(*) FROM {}", layout.table()), [], |row| row.get(0))?;
    if count == 0 && all > 0 {
        let wrong = format!("{} has {}, and no task among them", layout.mapping.table, counted(all, "row"));
        return Ok(trouble(
            "every row",
            wrong,
            "Say in `[tasks] only` of abide.toml which rows are tasks, or take the line out.",
        ));
    }
    Ok(fine("every row", format!("{count} can be read; {} are no tasks, as `[tasks] only` says", all - count)))
}

/// The key of a row that is written through a view cannot be told.
fn view(conn: &Connection, layout: &Layout<'_>) -> Done<Option<Check>> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name = ? COLLATE NOCASE";
    let views: i64 = conn.query_row(sql, [&layout.mapping.table], |row| row.get(0))?;
    Ok((views > 0).then(|| {
        let wrong = format!("{} is a view: its tasks can be read, but none can be opened in it", layout.mapping.table);
        trouble("view", wrong, "Map the table that the view is made from.")
    }))
}

/// Columns that labels look into must be JSON where they are anything.
fn json(conn: &Connection, layout: &Layout<'_>) -> Done<Vec<Check>> {
    let sources = layout.mapping.labels.values().chain(&layout.mapping.needs);
    let json = sources.filter(|source| matches!(source, Source::Json { .. }));
    let mut columns: Vec<&str> = json.filter_map(Source::column).collect();
    columns.extend(layout.mapping.column(Field::Context));
    columns.sort_unstable();
    columns.dedup();
    let mut checks = Vec::new();
    for column in columns {
        let sql = format!(
            "SELECT {id} FROM {} t WHERE {column} IS NOT NULL AND {column} <> '' AND NOT json_valid({column}){} LIMIT 1",
            layout.table(),
            layout.and_only(),
            id = layout.id(),
            column = quoted(column)
        );
        let mut statement = conn.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let wrong = rows.next()?.map(|row| row.get_ref(0).map(text_of)).transpose()?.flatten();
        let what = format!("JSON in {column}");
        checks.push(match wrong {
            None => fine(&what, "valid wherever there is any"),
            Some(id) => {
                let wrong = format!("row {id} holds no valid JSON, so it has no labels");
                trouble(&what, wrong, "Mend the row, or map another column.")
            }
        });
    }
    checks.extend(lists(conn, layout)?);
    Ok(checks)
}

/// A list that is mapped as an object is read, and a new task's labels would make it an object.
fn lists(conn: &Connection, layout: &Layout<'_>) -> Done<Vec<Check>> {
    let mut checks = Vec::new();
    for (name, source) in &layout.mapping.labels {
        let Source::Json { column, pointer, is_list: false } = source else { continue };
        if &**name != ANY_LABEL {
            continue;
        }
        let path = pointer.split('/').skip(1).fold("$".to_owned(), |path, part| format!("{path}.\"{part}\""));
        let it = quoted(column);
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE json_valid({it}) AND json_type({it}, ?) = 'array' LIMIT 1)",
            layout.table()
        );
        if conn.query_row(&sql, [&path], |row| row.get::<_, i64>(0))? > 0 {
            let wrong =
                format!("{column} holds lists of tags there, and a new task's labels would be written as an object");
            let fix = format!("Write `\"*\" = \"{column}:{pointer}[]\"` under [tasks.labels].");
            checks.push(trouble(&format!("labels in {column}"), wrong, fix));
        }
    }
    Ok(checks)
}

/// What cannot be told where no column tells when a task ended.
fn ends(layout: &Layout<'_>) -> Option<Check> {
    layout.mapping.column(Field::Finished).is_none().then(|| {
        let wrong = "no column tells when a task ended, so service levels over tasks and limits on their end are unknown, \
                     and approvals look at what has ended by when it started or was created";
        trouble("ends", wrong, "Map `finished` under [tasks.columns], if the table has such a column.")
    })
}

fn agents(conn: &Connection, table: &Table) -> Done<Check> {
    match heartbeats::read(conn, table) {
        Ok(seen) if table.mapping.agents.is_some() => Ok(fine("agents", format!("{} have reported", seen.len()))),
        Ok(_) => Ok(fine("agents", "none are mapped, so nobody is found silent")),
        Err(fault) => told("agents", fault, "Mend [tasks.agents]."),
    }
}

/// Abide never alters a team's schema: it only says what would help.
fn index(conn: &Connection, layout: &Layout<'_>) -> Done<Check> {
    let status = layout.mapping.column(Field::Status).unwrap_or_default();
    // Of its own table Abide has seen to that, by indexes of half of the rows each.
    if layout.mapping.own || beside::has_index(conn, layout.table.schema(), &layout.mapping.table, status)? {
        return Ok(fine("index", format!("{status} is indexed")));
    }
    let name = quoted(&format!("{}_by_status", layout.mapping.table));
    let create = format!("CREATE INDEX {name} ON {} ({});", layout.name(), layout.status());
    Ok(trouble("index", format!("{status} has no index, so every look at open tasks reads the whole table"), create))
}

/// How changes are noticed, and what makes that exact.
fn changes(layout: &Layout<'_>) -> Check {
    let followed = &layout.shape.followed;
    let says = format!("{} is followed {followed}", layout.mapping.table);
    // A view takes no such triggers.
    let is_table = layout.shape.has_rowid || layout.shape.columns.iter().any(|column| column.key > 0);
    let install = || if is_table { feed::statements(layout.mapping).join("\n") } else { String::new() };
    match followed {
        Followed::OwnFeed | Followed::Triggers { .. } => fine("changes", says),
        // Triggers on one table cannot tell of words and labels in others.
        Followed::Version if install().is_empty() => fine("changes", says),
        Followed::Version => trouble("changes", says, format!("To have it exact, run there:\n{}", install())),
        Followed::Unfit(_) => {
            let drop = feed::removal(layout.mapping).join("\n");
            trouble("changes", says, format!("To have it exact, run there:\n{drop}\n{}", install()))
        }
    }
}

fn lease(conn: &Connection) -> Done<Check> {
    let sql = "SELECT holder, until FROM abide_lease";
    let (holder, until): (Option<String>, i64) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let until = Timestamp::from_millis(until);
    let nobody = || "nobody leads, so nothing is reconciled by itself".to_owned();
    Ok(fine("lease", holder.map_or_else(nobody, |holder| format!("{holder} leads until {until}, unless renewed"))))
}

/// What a pass that was cut short has left between two files.
fn intents(conn: &Connection, table: &Table) -> Done<Option<Check>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE name = 'abide_intents')";
    if !table.is_apart() || !conn.query_row(sql, [], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    Ok(Some(match super::intents::count(conn)? {
        0 => fine("two files", "nothing is left between Abide's file and the team's"),
        left => {
            let wrong = format!("{left} rows of a pass are not confirmed: it is under way, or was cut short");
            trouble("two files", wrong, "`abide reconcile` settles them, and so does the daemon.")
        }
    }))
}

/// The record, and what other tables keep of it.
fn chain(conn: &Connection) -> Done<[Check; 2]> {
    let verified = audit::verify(conn)?;
    let chain = match verified.faults.first() {
        None => fine("audit", format!("{}, each bound to the one before it", counted(verified.rows, "row"))),
        Some(fault) => trouble("audit", fault.to_string(), "`abide audit verify` tells what can still be trusted."),
    };
    let held = verified.held.unwrap_or_default();
    let approvals = match &*verified.mismatches {
        [] => fine("approvals", format!("{held} ballots, requests, tokens and sightings, each as the audit tells")),
        [mismatch, others @ ..] => {
            let more = if others.is_empty() { String::new() } else { format!("; and {} more", others.len()) };
            trouble("approvals", format!("{mismatch}{more}"), "`abide audit verify` names each of them.")
        }
    };
    Ok([chain, approvals])
}
