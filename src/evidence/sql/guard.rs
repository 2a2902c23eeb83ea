//! What a statement may name, checked by SQLite itself while it compiles one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::Fault;
use super::connect::Schema;
use super::program::Opened;

/// The functions that may be called: they touch nothing. What they give hangs on their arguments alone, but for the words
/// `now` and `localtime` of dates, which nobody sees from outside.
#[rustfmt::skip]
const FUNCTIONS: [&str; 121] = [
    // Of many rows.
    "avg", "count", "group_concat", "max", "min", "string_agg", "sum", "total",
    // Of rows beside a row.
    "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile", "percent_rank", "rank",
    "row_number",
    // Of times.
    "date", "datetime", "julianday", "strftime", "time", "timediff", "unixepoch",
    // Of JSON.
    "->", "->>", "json", "json_array", "json_array_insert", "json_array_length", "json_error_position", "json_extract",
    "json_group_array", "json_group_object", "json_insert", "json_object", "json_patch", "json_pretty", "json_quote",
    "json_remove", "json_replace", "json_set", "json_type", "json_valid", "jsonb", "jsonb_array", "jsonb_array_insert",
    "jsonb_extract", "jsonb_group_array", "jsonb_group_object", "jsonb_insert", "jsonb_object", "jsonb_patch", "jsonb_remove",
    "jsonb_replace", "jsonb_set",
    // Of numbers.
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh", "degrees", "exp",
    "floor", "ln", "log", "log10", "log2", "mod", "pi", "pow", "power", "radians", "round", "sign", "sin", "sinh", "sqrt", "tan",
    "tanh", "trunc",
    // Of texts.
    "char", "concat", "concat_ws", "format", "glob", "hex", "instr", "length", "like", "lower", "ltrim", "octet_length",
    "printf", "quote", "replace", "rtrim", "substr", "substring", "trim", "unhex", "unicode", "upper",
    // Of any value.
    "coalesce", "if", "ifnull", "iif", "likelihood", "likely", "nullif", "typeof", "unlikely",
];

/// What the statements of one source may read.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    /// The source's name.
    source: Arc<str>,
    /// The tables as they are written.
    tables: Arc<[String]>,
    /// The same in lower case, as SQLite compares them.
    allowed: Arc<BTreeSet<String>>,
}

impl Rules {
    pub(super) fn new(source: &str, tables: &[String]) -> Self {
        let allowed = tables.iter().map(|table| table.to_ascii_lowercase()).collect();
        Self { source: source.into(), tables: tables.into(), allowed: Arc::new(allowed) }
    }

    fn allows(&self, table: &str) -> bool {
        let table = table.to_ascii_lowercase();
        self.allowed.contains(&table) && !table.starts_with("sqlite_")
    }

    /// Whether all that a compiled statement opens may be read.
    pub(super) fn check_opened(&self, opened: &[Opened]) -> Result<(), Fault> {
        let refused = opened.iter().find_map(|opened| match opened {
            Opened::Table(table) if self.allows(table) => None,
            Opened::Table(table) => Some(Refusal::Table(table.clone())),
            Opened::Foreign => Some(Refusal::Table("sqlite_schema".into())),
            Opened::Virtual => Some(Refusal::Virtual),
        });
        refused.map_or(Ok(()), |refusal| Err(refusal.told(self)))
    }

    fn judge(&self, context: &AuthContext<'_>, schema: &Schema) -> Result<(), Refusal> {
        let table = |name: &str| Err(Refusal::Table(name.to_owned()));
        // A view of which no column is read is not named itself, only as what reads its tables.
        let view = context.accessor.filter(|name| schema.views.contains(&name.to_ascii_lowercase()));
        if let Some(view) = view.filter(|name| !self.allows(name)) {
            return table(view);
        }
        match context.action {
            AuthAction::Select => Ok(()),
            AuthAction::Read { table_name, .. } if context.database_name.is_some_and(|name| name != "main") => {
                table(table_name)
            }
            AuthAction::Read { table_name, .. } if self.allows(table_name) => Ok(()),
            // Named without any column. Where the database has nothing of that name, the statement has made it itself: a
            // common table expression. What else it may be, a virtual table, is seen in what the statement opens.
            AuthAction::Read { table_name, column_name: "" } if !is_real(table_name, schema) => Ok(()),
            AuthAction::Read { table_name, .. } => table(table_name),
            AuthAction::Function { function_name } => {
                let name = function_name.to_ascii_lowercase();
                if FUNCTIONS.contains(&name.as_str()) { Ok(()) } else { Err(Refusal::Function(name)) }
            }
            AuthAction::Recursive => Err(Refusal::Recursion),
            // So SQLite tells that it makes a table up for a module.
            AuthAction::Update { table_name: "sqlite_master", .. } => Err(Refusal::Virtual),
            _ => Err(Refusal::Write),
        }
    }
}

fn is_real(table: &str, schema: &Schema) -> bool {
    let table = table.to_ascii_lowercase();
    table.starts_with("sqlite_") || schema.names.contains(&table)
}

/// What a statement wanted and may not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    Table(String),
    Virtual,
    Function(String),
    Recursion,
    Write,
}

impl Refusal {
    fn told(self, rules: &Rules) -> Fault {
        match self {
            Self::Table(table) if !table.to_ascii_lowercase().starts_with("sqlite_") => {
                let all: Vec<_> = rules.tables.iter().chain([&table]).map(|table| format!("{table:?}")).collect();
                let fix =
                    format!("to allow it, write `tables = [{}]` below `[sources.{}]`", all.join(", "), rules.source);
                Fault::Denied { what: format!("the statement reads `{table}`, which abide.toml does not allow"), fix }
            }
            other => other.into(),
        }
    }
}

impl From<Refusal> for Fault {
    /// Without the rules: what no line of `abide.toml` allows.
    fn from(refusal: Refusal) -> Self {
        let (what, fix) = match refusal {
            Refusal::Table(table) => (
                format!("the statement reads `{table}`, which is SQLite's own"),
                "nothing in abide.toml allows that; read tables of the team's",
            ),
            Refusal::Virtual => (
                "the statement reads a virtual table, or a function that gives a table".into(),
                "nothing in abide.toml allows that; read plain tables, and JSON by `->>`",
            ),
            Refusal::Function(name) => (
                format!("the statement calls `{name}`"),
                "nothing in abide.toml allows that; only well-known functions that hang on their arguments alone are called, \
                 and the times are `:from` and `:to`",
            ),
            Refusal::Recursion => {
                ("the statement is recursive".into(), "nothing in abide.toml allows that; write it without RECURSIVE")
            }
            Refusal::Write => (
                "the statement does more than to read".into(),
                "nothing in abide.toml allows that; write one SELECT, without PRAGMA, ATTACH or anything that changes something",
            ),
        };
        Self::Denied { what, fix: fix.into() }
    }
}

/// Watches over what is compiled on a connection.
pub(super) struct Guard {
    rules: Rules,
    /// The first thing that was refused.
    refused: Arc<Mutex<Option<Refusal>>>,
}

impl Guard {
    /// From now on the connection compiles only what the rules allow.
    pub(super) fn set(conn: &mut Connection, rules: &Rules, schema: &Schema) -> rusqlite::Result<Self> {
        let refused = Arc::new(Mutex::new(None));
        let (first, judge, schema) = (refused.clone(), rules.clone(), schema.clone());
        conn.authorizer(Some(move |context: AuthContext<'_>| match judge.judge(&context, &schema) {
            Ok(()) => Authorization::Allow,
            Err(refusal) => {
                first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(refusal);
                Authorization::Deny
            }
        }))?;
        Ok(Self { rules: rules.clone(), refused })
    }

    /// What was refused, if anything was.
    pub(super) fn refusal(&self) -> Option<Fault> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner).take();
        refused.map(|refusal| refusal.told(&self.rules))
    }
}
