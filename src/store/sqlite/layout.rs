//! The live table as it really is, held against the mapping.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;
use rustc_hash::FxHashMap;

use super::beside;
use super::fault::Done;
use super::feed;
use super::join::literal;
use super::live::value_of;
use super::records::Made;
use super::table::Table;
use crate::config::{Constant, Field, Mapping};
use crate::diagnostic::nearest;
use crate::store::{Followed, MappingError};

/// A mapping that fits the live table.
pub(super) struct Layout<'a> {
    pub(super) table: &'a Table,
    pub(super) mapping: &'a Mapping,
    pub(super) shape: Arc<Shape>,
    /// The tasks that Abide has on record, open or closed, by their keys.
    pub(super) on_record: Arc<FxHashMap<String, Made>>,
    /// Whether Abide's own tables are there.
    pub(super) is_migrated: bool,
}

/// What the live table looks like.
pub(super) struct Shape {
    pub(super) columns: Vec<Column>,
    /// Whether rows have SQLite's own growing key.
    pub(super) has_rowid: bool,
    /// How changes of its rows are noticed.
    pub(super) followed: Followed,
}

/// A column of the live table.
pub(super) struct Column {
    pub(super) name: String,
    declared: String,
    has_default: bool,
    /// Its place in the key; 0 where it is not of it.
    pub(super) key: i64,
    /// Whether the database works it out, so that nobody can write it.
    is_generated: bool,
    not_null: bool,
}

/// An identifier, quoted.
pub(super) fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for char in name.chars() {
        quoted.push(char);
        if char == '"' {
            quoted.push(char);
        }
    }
    quoted.push('"');
    quoted
}

impl<'a> Layout<'a> {
    /// The live table as it is in this transaction.
    pub(super) fn of(conn: &Connection, table: &'a Table) -> Done<Self> {
        table.seen(conn)
    }

    /// The live table's name, quoted and with its database.
    pub(super) fn table(&self) -> String {
        self.table.qualified(&self.mapping.table)
    }

    /// The live table's name as whoever works in its own database writes it, quoted.
    pub(super) fn name(&self) -> String {
        quoted(&self.mapping.table)
    }

    /// SQL that holds where a row `t` is a task at all, to stand behind other conditions; nothing where every row is one.
    pub(super) fn and_only(&self) -> String {
        self.mapping.only.iter().map(|(column, values)| format!(" AND {}", is_one_of(column, values))).collect()
    }

    /// A field's column, quoted.
    pub(super) fn quoted(&self, field: Field) -> Option<String> {
        self.mapping.column(field).map(quoted)
    }

    /// The key's column, quoted.
    pub(super) fn id(&self) -> String {
        quoted(self.mapping.column(Field::Id).unwrap_or("rowid"))
    }

    /// The status column, quoted.
    pub(super) fn status(&self) -> String {
        quoted(self.mapping.column(Field::Status).unwrap_or("status"))
    }

    /// Whether the database itself makes up the key of a new row.
    pub(super) fn makes_ids(&self) -> bool {
        self.id_column().is_some_and(|column| column.has_default || (column.is_rowid() && self.is_only_key()))
    }

    /// Whether keys are whole numbers: the column is declared so, or the rows hold nothing else.
    pub(super) fn has_integer_ids(&self, conn: &Connection) -> Done<bool> {
        let declared = self.id_column().map(|column| column.declared.to_ascii_uppercase()).unwrap_or_default();
        if declared.contains("INT") {
            return Ok(true);
        }
        // Any text is greater than all numbers.
        let sql = format!("SELECT typeof(max({})) FROM {}", self.id(), self.table());
        let greatest: String = conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
        Ok(greatest == "integer" || (greatest == "null" && ["NUM", "DEC"].iter().any(|it| declared.contains(it))))
    }

    /// Whether a column holds the key.
    pub(super) fn is_id(&self, column: &str) -> bool {
        self.mapping.column(Field::Id).is_some_and(|id| id.eq_ignore_ascii_case(column))
    }

    /// The columns that a new row must have something in, and that the database does not fill by itself.
    pub(super) fn must_be_given(&self) -> impl Iterator<Item = &Column> {
        let is_made = |column: &Column| column.has_default || column.is_generated || column.is_rowid();
        self.shape.columns.iter().filter(move |column| column.not_null && !is_made(column))
    }

    /// How the column of a field may hold a word, the first as Abide writes it. A column without a type keeps numbers and texts
    /// apart, and words of `abide.toml` are texts.
    pub(super) fn as_held(&self, field: Field, word: &str) -> impl Iterator<Item = Value> {
        let column = self.mapping.column(field).filter(|_| !self.mapping.lookups.contains_key(&field));
        let is_untyped = column.and_then(|name| self.column(name)).is_some_and(|column| column.declared.is_empty());
        let number = word.parse::<i64>().ok().filter(|number| is_untyped && number.to_string() == word);
        number.map(Value::Integer).into_iter().chain([Value::Text(word.to_owned())])
    }

    /// Whether the database itself works a column out.
    pub(super) fn is_generated(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| column.is_generated)
    }

    /// Whether the table can be written so.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a column that the database works out by itself.
    pub(super) fn takes(&self, values: &BTreeMap<String, Value>) -> Done<()> {
        let mut generated = self.shape.columns.iter().filter(|column| column.is_generated).map(|column| &column.name);
        let Some(name) = generated.find(|name| values.keys().any(|key| key.eq_ignore_ascii_case(name))) else {
            return Ok(());
        };
        let reason = format!(
            "column {name} is generated, so nobody can write it. Map the column that it is worked out from, or leave it out"
        );
        Err(super::lookup::refused(self, reason).into())
    }

    /// Whether a new row is there to stay.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where a trigger has taken it out again.
    pub(super) fn has_row(&self, conn: &Connection, id: &Value) -> Done<()> {
        let sql = format!("SELECT 1 FROM {} WHERE {} = ?", self.table(), self.id());
        if self.mapping.own || conn.prepare_cached(&sql)?.exists([id])? {
            return Ok(());
        }
        let reason = "a trigger of the team takes the new row out again, and says nothing".to_owned();
        Err(super::lookup::refused(self, reason).into())
    }

    /// Whether a new row is a task: one that `only` leaves out would be opened anew by every pass.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where it is none.
    pub(super) fn has_task(&self, conn: &Connection, id: &Value) -> Done<()> {
        for (column, values) in &self.mapping.only {
            let is_one = is_one_of(column, values);
            let sql = format!("SELECT count(*) FROM {} t WHERE t.{} = ? AND ({is_one})", self.table(), self.id());
            let found: i64 = conn.prepare_cached(&sql)?.query_row([id], |row| row.get(0))?;
            if found == 0 {
                let reason = format!(
                    "a new row would be no task, since its {column} is none of what `[tasks] only` says. Add what new rows hold \
                     there to `{column}` in `only`, or set `{column}` under [tasks.insert]"
                );
                return Err(super::lookup::refused(self, reason).into());
            }
        }
        Ok(())
    }

    /// Whether a column must hold something.
    pub(super) fn must_be_filled(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| column.not_null)
    }

    /// Whether a column holds texts and must hold one.
    pub(super) fn is_filled_text(&self, name: &str) -> bool {
        let says_text =
            |declared: &str| ["char", "clob", "text"].iter().any(|word| declared.to_ascii_lowercase().contains(word));
        self.column(name).is_some_and(|column| column.not_null && says_text(&column.declared))
    }

    /// A column of the live table by name.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.shape.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn id_column(&self) -> Option<&Column> {
        self.column(self.mapping.column(Field::Id)?)
    }

    fn is_only_key(&self) -> bool {
        self.shape.has_rowid && self.shape.columns.iter().filter(|column| column.key > 0).count() == 1
    }
}

/// SQL that holds where a column of a row `t` has one of these values. What is empty is written in two ways.
fn is_one_of(column: &str, values: &[Constant]) -> String {
    let column = quoted(column);
    let empty = Constant::Text(String::new());
    let filled: Vec<String> = values.iter().filter(|it| **it != empty).map(|it| literal(&value_of(it))).collect();
    let mut parts = Vec::new();
    if !filled.is_empty() {
        parts.push(format!("t.{column} IN ({})", filled.join(", ")));
    }
    if values.contains(&empty) {
        parts.push(format!("t.{column} IS NULL OR t.{column} = ''"));
    }
    format!("({})", parts.join(" OR "))
}

impl Column {
    fn is_rowid(&self) -> bool {
        self.key == 1 && self.declared.eq_ignore_ascii_case("INTEGER")
    }
}

impl Shape {
    /// Of a table that nobody has looked at.
    pub(super) const fn nothing() -> Self {
        Self { columns: Vec::new(), has_rowid: false, followed: Followed::Version }
    }

    /// Looks the live table up, and holds the mapping against it.
    pub(super) fn of(conn: &Connection, table: &Table) -> Done<Self> {
        let (mapping, schema) = (&table.mapping, table.schema());
        let columns = columns(conn, schema, &mapping.table)?;
        if columns.is_empty() {
            return Err(no_table(conn, table, "tasks.table", &mapping.table)?.into());
        }
        for (key, name) in wanted(mapping) {
            find(&key, &mapping.table, name, &columns)?;
        }
        for (key, name, names) in beside::wanted(mapping) {
            let columns = self::columns(conn, schema, name)?;
            if columns.is_empty() {
                return Err(no_table(conn, table, &format!("{key}.table"), name)?.into());
            }
            for (part, column) in names {
                find(&format!("{key}.{part}"), name, column, &columns)?;
            }
        }
        let sql = "SELECT count(*) FROM pragma_table_list
                   WHERE schema = ? AND name = ? COLLATE NOCASE AND type = 'table' AND wr = 0";
        let has_rowid = conn.query_row(sql, [schema, &mapping.table], |row| row.get::<_, i64>(0))? > 0;
        Ok(Self { columns, has_rowid, followed: feed::followed(conn, table)? })
    }
}

/// Every column that the mapping names, with the key that names it.
fn wanted(mapping: &Mapping) -> Vec<(String, &str)> {
    let mut wanted = Vec::new();
    wanted.extend(mapping.columns.iter().map(|(f, name)| (format!("tasks.columns.{}", f.word()), name.as_str())));
    let labels = mapping.labels.iter().map(|(name, source)| (format!("tasks.labels.{name}"), source));
    let sources = labels.chain(mapping.needs.iter().map(|source| ("tasks.needs".to_owned(), source)));
    wanted.extend(sources.filter_map(|(key, source)| Some((key, source.column()?))));
    for approval in &mapping.approvals {
        let key = |part: &str| format!("tasks.approvals.{}.{part}", approval.role);
        wanted.push((key("column"), &approval.column));
        wanted.extend(approval.by.iter().map(|name| (key("by"), name.as_str())));
        wanted.extend(approval.at.iter().map(|name| (key("at"), name.as_str())));
    }
    wanted.extend(mapping.only.keys().map(|name| (format!("tasks.only.{name}"), name.as_str())));
    wanted.extend(mapping.insert.keys().map(|name| (format!("tasks.insert.{name}"), name.as_str())));
    for (name, within) in &mapping.counted {
        wanted.extend(
            [Some(name), within.as_ref()].into_iter().flatten().map(|it| (format!("tasks.insert.{name}"), it.as_str())),
        );
    }
    wanted
}

fn find(key: &str, table: &str, name: &str, columns: &[Column]) -> Done<()> {
    if columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let names = || columns.iter().map(|column| column.name.as_str());
    let fix = match nearest(name, names()) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => format!("The table has {}.", names().collect::<Vec<_>>().join(", ")),
    };
    let what = format!("the table {table} has no column `{name}`");
    Err(MappingError { key: key.to_owned(), column: None, value: None, row: None, what, fix }.into())
}

fn columns(conn: &Connection, schema: &str, table: &str) -> rusqlite::Result<Vec<Column>> {
    let sql = "SELECT name, type, dflt_value IS NOT NULL, pk, hidden > 1, \"notnull\" FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1";
    let mut statement = conn.prepare(sql)?;
    let column = |row: &rusqlite::Row<'_>| {
        Ok(Column {
            name: row.get(0)?,
            declared: row.get(1)?,
            has_default: row.get(2)?,
            key: row.get(3)?,
            is_generated: row.get(4)?,
            not_null: row.get(5)?,
        })
    };
    statement.query_map([table, schema], column)?.collect()
}

fn no_table(conn: &Connection, of: &Table, key: &str, table: &str) -> rusqlite::Result<MappingError> {
    let sql = format!(
        "SELECT name FROM {}.sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'
         AND name NOT LIKE 'abide_%' ORDER BY name",
        of.schema()
    );
    let mut statement = conn.prepare(&sql)?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let fix = match nearest(table, names.iter().map(String::as_str)) {
        Some(near) => format!("Did you mean `{near}`?"),
        None if names.is_empty() => {
            let key = if of.is_apart() { "[tasks] url" } else { "[store] url" };
            format!("The database has no tables: is `{key}` right?")
        }
        None => format!("The database has {}.", names.join(", ")),
    };
    let what = format!("the database has no table `{table}`");
    Ok(MappingError { key: key.to_owned(), column: None, value: None, row: None, what, fix })
}
