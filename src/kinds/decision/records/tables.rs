//! Fields whose names are the head of a table, with one record below: `| Status | Date |`.

use std::borrow::Cow;

use super::fields::{Field, key};

/// The fields of such tables, and the text without them. A table of names and values is left as it is.
pub(super) fn read(text: &str, first: u32) -> (Vec<Field>, Cow<'_, str>) {
    let lines: Vec<&str> = text.lines().collect();
    let mut fields = Vec::new();
    let mut tables: Vec<usize> = Vec::new();
    for (index, window) in lines.windows(3).enumerate() {
        let [head, rule, row] = window else { continue };
        if !is_rule(rule) || !is_head(head) {
            continue;
        }
        let line = first + u32::try_from(index + 2).unwrap_or_default();
        for (name, value) in cells(head).into_iter().zip(cells(row)) {
            let known = key(name).filter(|_| !value.is_empty());
            fields.extend(known.map(|(key, note)| Field { key, note: note.into(), value: value.into(), line }));
        }
        tables.push(index);
    }
    if tables.is_empty() {
        return (fields, Cow::Borrowed(text));
    }
    let in_table = |index: usize| tables.iter().any(|table| (*table..table + 3).contains(&index));
    let rest: Vec<&str> =
        lines.iter().enumerate().map(|(index, line)| if in_table(index) { "" } else { line }).collect();
    (fields, Cow::Owned(rest.join("\n")))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(|cell| cell.trim().trim_matches(['*', '_', '`'])).collect()
}

/// Whether all names of a row are fields, as far as it has any: a second cell that is none is a value.
fn is_head(line: &str) -> bool {
    let cells = cells(line);
    let knows = |cell: &&&str| key(cell).is_some();
    line.trim_start().starts_with('|')
        && cells.first().is_some_and(|first| key(first).is_some())
        && (cells.len() == 1 || cells.get(1).is_some_and(|second| key(second).is_some()))
        && cells.iter().filter(knows).count() * 2 >= cells.len()
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

#[cfg(test)]
mod tests {
    use super::super::fields::{Key, of_text};

    fn fields(text: &str) -> Vec<(Key, String, u32)> {
        of_text(text, 1).into_iter().map(|field| (field.key, field.value, field.line)).collect()
    }

    #[test]
    fn names_may_stand_above_their_values() {
        let table = "| Status | Date | Team |\n|---|:-:|---|\n| **Accepted** | 2020-01-02 | a |\n\nmore";
        let expected = [(Key::Status, "Accepted".to_owned(), 3), (Key::Date, "2020-01-02".to_owned(), 3)];
        assert_eq!(fields(table), expected);
        assert_eq!(fields("| Status |\n| --- |\n| Accepted |"), [(Key::Status, "Accepted".to_owned(), 3)]);
    }

    #[test]
    fn names_beside_their_values_are_read_as_before() {
        let table = "| Status | Accepted |\n|---|---|\n| Date | 2020-01-02 |";
        let expected = [(Key::Status, "Accepted".to_owned(), 1), (Key::Date, "2020-01-02".to_owned(), 3)];
        assert_eq!(fields(table), expected);
    }
}
