//! Columns as a question names them: with what they hold.

use crate::store::inspect::{ColumnSeen, Held};

/// So many columns are named.
const COLUMNS: usize = 6;

/// A longer value is cut.
const LONGEST: usize = 32;

/// Columns with values of theirs; how many more there are.
pub(super) fn columns(columns: &[&ColumnSeen]) -> String {
    let mut shown: Vec<String> = columns.iter().take(COLUMNS).map(|column| of(column)).collect();
    if columns.len() > COLUMNS {
        shown.push(format!("and {} more", columns.len() - COLUMNS));
    }
    shown.join(", ")
}

/// A column with its two most frequent values.
fn of(column: &ColumnSeen) -> String {
    let values: Vec<String> = column.sample.iter().take(2).map(|(held, _)| value(held)).collect();
    let values = if values.is_empty() { "empty so far".to_owned() } else { values.join(", ") };
    format!("`{}` ({values})", column.name)
}

/// A value on one line.
pub(super) fn value(held: &Held) -> String {
    if *held == Held::Blob {
        return "bytes".to_owned();
    }
    let mut line = held.word().split_whitespace().collect::<Vec<_>>().join(" ").replace(|c: char| c.is_control(), " ");
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
    format!("`{line}`")
}
