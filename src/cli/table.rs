//! Columns that line up.

use std::io::{self, Write};

/// Writes rows so that their columns line up; the last column may be as wide as it likes.
pub(super) fn write<const N: usize>(heads: [&str; N], rows: &[[String; N]], out: &mut dyn Write) -> io::Result<()> {
    let heads = heads.map(str::to_owned);
    let width = |column: usize| std::iter::once(&heads).chain(rows).map(|row| wide(row.get(column))).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or_default()).collect();
    for row in std::iter::once(&heads).chain(rows) {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &width)| pad(cell, width)).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

fn pad(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(shown(cell))))
}

fn wide(cell: Option<&String>) -> usize {
    cell.map_or(0, |cell| shown(cell))
}

/// How many characters of a cell are seen: all but the sequences that colour it.
fn shown(cell: &str) -> usize {
    let mut coloring = false;
    let is_seen = |c: &char| {
        let was = coloring;
        coloring = *c == '\x1b' || (was && *c != 'm');
        !coloring && !was
    };
    cell.chars().filter(is_seen).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_take_no_room() {
        let mut out = Vec::new();
        let rows = [["\x1b[31mred\x1b[0m".to_owned(), "x".to_owned()], ["white".into(), "y".into()]];
        write(["A", "B"], &rows, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "A      B\n\x1b[31mred\x1b[0m    x\nwhite  y\n");
    }

    #[test]
    fn columns_line_up_by_characters() {
        let mut out = Vec::new();
        let rows =
            [["1".to_owned(), "für alle".to_owned(), "x".to_owned()], ["12".into(), String::new(), "y z".into()]];
        write(["ID", "TITLE", "END"], &rows, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "ID  TITLE     END\n1   für alle  x\n12            y z\n");
    }
}
