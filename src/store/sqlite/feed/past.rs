//! Rows as they were, from what the triggers wrote of them.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use std::sync::Arc;

use crate::model::Task;
use crate::store::sqlite::fault::{Done, damaged};
use crate::store::sqlite::row::RowReader;
use crate::store::sqlite::select;

/// Reads rows as they were.
pub(super) struct Past<'t, 'l> {
    pub(super) tx: &'t Connection,
    pub(super) reader: RowReader<'l>,
}

impl Past<'_, '_> {
    /// The task of a row, whose values stand as the feed has them.
    pub(super) fn read(&mut self, was: &[u8]) -> Done<Arc<Task>> {
        let values = literals(was).ok_or_else(|| damaged("the change feed holds a row that cannot be read"))?;
        let sql = format!("SELECT {}", select::marks(values.len()));
        let mut statement = self.tx.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let row = rows.next()?.ok_or_else(|| damaged("the change feed holds no row"))?;
        self.reader.read(row)
    }
}

/// The values that `quote()` wrote, with commas between them.
fn literals(text: &[u8]) -> Option<Vec<Value>> {
    let (mut rest, mut values) = (text, Vec::new());
    loop {
        let (value, after) = literal(rest)?;
        values.push(value);
        match after {
            [] => return Some(values),
            [b',', after @ ..] => rest = after,
            _ => return None,
        }
    }
}

fn literal(text: &[u8]) -> Option<(Value, &[u8])> {
    match text {
        [b'\'', rest @ ..] => {
            let (text, rest) = quotation(rest)?;
            Some((Value::Text(String::from_utf8_lossy(&text).into_owned()), rest))
        }
        [b'X' | b'x', b'\'', rest @ ..] => {
            let (text, rest) = quotation(rest)?;
            let digits = std::str::from_utf8(&text).ok()?;
            let byte = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
            Some((Value::Blob((0..digits.len()).step_by(2).map(byte).collect::<Option<_>>()?), rest))
        }
        _ => {
            let end = text.iter().position(|byte| *byte == b',').unwrap_or(text.len());
            let (word, rest) = text.split_at_checked(end)?;
            let word = std::str::from_utf8(word).ok()?;
            let number = || word.parse().map(Value::Integer).ok().or_else(|| word.parse().map(Value::Real).ok());
            Some((if word == "NULL" { Value::Null } else { number()? }, rest))
        }
    }
}

/// What stands before the closing quote, and what comes after it. A quote within is doubled.
fn quotation(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (mut rest, mut inner) = (text, Vec::new());
    loop {
        let at = rest.iter().position(|byte| *byte == b'\'')?;
        inner.extend_from_slice(rest.get(..at)?);
        match rest.get(at + 1..)? {
            [b'\'', after @ ..] => {
                inner.push(b'\'');
                rest = after;
            }
            after => return Some((inner, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_quote_writes_is_read_back() {
        let conn = Connection::open_in_memory().unwrap();
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(0.1),
            Value::Real(1e300),
            Value::Text("a','b''".into()),
            Value::Text(String::new()),
            Value::Text("ü\n,NULL".into()),
            Value::Blob(vec![0, 255, 39]),
        ];
        let sql = format!("SELECT {}", vec!["quote(?)"; values.len()].join(" || ',' || "));
        let text: String = conn.query_row(&sql, params_from_iter(&values), |row| row.get(0)).unwrap();
        assert_eq!(literals(text.as_bytes()), Some(values.to_vec()));
        assert_eq!(literals(b"'open"), None);
        assert_eq!(literals(b"1;2"), None);
    }
}
