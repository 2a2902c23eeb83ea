//! What is selected of a row, and where in it each value then stands. All of it follows from the mapping, so it is worked out
//! once for a table: a claim that reads one row would else spend more on this than on the row.

use std::sync::{Arc, OnceLock};

use super::details;
use super::labels::Labels;
use super::layout::{Layout, quoted};
use super::lookup;
use super::needs::{self, Needs};
use crate::config::{ApprovalColumns, Field};

/// The fields that make a task.
const READ: [Field; 14] = [
    Field::Id,
    Field::Type,
    Field::Title,
    Field::Body,
    Field::Role,
    Field::Agent,
    Field::Author,
    Field::Status,
    Field::Priority,
    Field::Context,
    Field::Created,
    Field::Claimed,
    Field::Started,
    Field::Finished,
];

/// The columns of one way to read rows.
pub(super) struct Columns {
    /// What is selected, as SQL, and what it is called in messages.
    selected: Vec<(String, String)>,
    pub(super) at: [Option<usize>; Field::ALL.len()],
    /// Of the mapping's approvals, in their order.
    pub(super) approvals: Vec<ApprovalAt>,
    pub(super) labels: Labels,
    pub(super) needs: Option<(usize, Needs)>,
    /// Reads the row of a key.
    pub(super) by_id: String,
}

/// Where an approval stands.
#[derive(Clone, Copy)]
pub(super) struct ApprovalAt {
    pub(super) verdict: usize,
    pub(super) by: Option<usize>,
    pub(super) at: Option<usize>,
}

/// The ways to read a table, each once somebody has asked for it.
pub(super) struct Ways {
    task: OnceLock<Arc<Columns>>,
    whole: OnceLock<Arc<Columns>>,
}

impl Ways {
    pub(super) const fn new() -> Self {
        Self { task: OnceLock::new(), whole: OnceLock::new() }
    }

    /// What makes a task, and nothing else.
    pub(super) fn task(&self, layout: &Layout<'_>) -> Arc<Columns> {
        self.task.get_or_init(|| Arc::new(Columns::of(layout, false))).clone()
    }

    /// What people want to see beside the task, too.
    pub(super) fn whole(&self, layout: &Layout<'_>) -> Arc<Columns> {
        self.whole.get_or_init(|| Arc::new(Columns::of(layout, true))).clone()
    }
}

impl Columns {
    fn of(layout: &Layout<'_>, is_whole: bool) -> Self {
        let mapping = layout.mapping;
        let mut selected = Vec::new();
        let mut at = [None; Field::ALL.len()];
        for &field in READ.iter().chain(details::FIELDS.iter().filter(|_| is_whole)) {
            let name = mapping.column(field).unwrap_or_default();
            at[field as usize] = lookup::spelled(mapping, field).map(|sql| place(&mut selected, sql, name));
        }
        let mut of_row = |name: &str| place(&mut selected, format!("t.{}", quoted(name)), name);
        let approval = |approval: &ApprovalColumns| ApprovalAt {
            verdict: of_row(&approval.column),
            by: approval.by.as_deref().map(&mut of_row),
            at: approval.at.as_deref().map(&mut of_row),
        };
        let approvals = mapping.approvals.iter().map(approval).collect();
        let labels = Labels::new(layout, |sql| place(&mut selected, sql, "labels"));
        let needs = needs::selected(layout).filter(|_| is_whole);
        let needs = needs.map(|(sql, needs)| (place(&mut selected, sql, "needs"), needs));
        let mut columns = Self { selected, at, approvals, labels, needs, by_id: String::new() };
        let (sql, table, id, only) = (columns.sql(), layout.table(), layout.id(), layout.and_only());
        columns.by_id = format!("SELECT {sql} FROM {table} t WHERE {id} = ?{only}");
        columns
    }

    /// The columns to select, in the order in which they are read. The table must be called `t`.
    pub(super) fn sql(&self) -> String {
        self.selected.iter().map(|(sql, _)| sql.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The names of the columns, in the order in which they are read; none where something stands in another table.
    pub(super) fn names(&self) -> Option<Vec<String>> {
        let name = |sql: &str| Some(sql.strip_prefix("t.\"")?.strip_suffix('"')?.replace("\"\"", "\""));
        self.selected.iter().map(|(sql, _)| name(sql)).collect()
    }

    /// What a column is called in messages.
    pub(super) fn name(&self, at: usize) -> &str {
        self.selected.get(at).map_or("", |(_, name)| name)
    }
}

/// Where a value of the row is selected: it may be already.
fn place(selected: &mut Vec<(String, String)>, sql: String, name: &str) -> usize {
    selected.iter().position(|(column, _)| *column == sql).unwrap_or_else(|| {
        selected.push((sql, name.to_owned()));
        selected.len() - 1
    })
}
