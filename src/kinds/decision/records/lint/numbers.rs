//! `heading-number-mismatch` and `number-gap`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::families::folder;
use super::super::identity::of_file;
use super::{Finding, Look, Record, finding};
use crate::diagnostic::codes::{ADR_HEADING_NUMBER_MISMATCH, ADR_NUMBER_GAP};

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    for (_, record) in look.all() {
        if let (Some(number), Some(heading)) = (record.number, record.heading)
            && number != heading
        {
            let message = format!("its heading says {heading}, its file {number}: one of them was copied");
            findings.push(finding(&ADR_HEADING_NUMBER_MISMATCH, record, record.line, message));
        }
    }
    let mut families: BTreeMap<(&str, &str), Vec<(u32, &Record)>> = BTreeMap::new();
    for (_, record) in look.all() {
        let whole = record.shares || look.files.contains(&record.file);
        if let Some(number) = record.number.filter(|_| whole) {
            families.entry((folder(record), &record.prefix)).or_default().push((number, record));
        }
    }
    families.into_iter().for_each(|((folder, _), records)| gaps(look, folder, records, findings));
}

fn gaps(look: &Look<'_>, folder: &str, mut records: Vec<(u32, &Record)>, findings: &mut Vec<Finding>) {
    records.sort_by_key(|(number, record)| (*number, record.line));
    let span = records.first().zip(records.last()).map_or(0, |((first, _), (last, _))| last - first + 1);
    // Numbers of tickets or of pull requests are not counted up.
    if records.len() < 3 || usize::try_from(span).unwrap_or(usize::MAX) > records.len() * 2 {
        return;
    }
    let others: BTreeSet<u32> = look.files.iter().filter_map(|file| in_folder(file, folder)).collect();
    for pair in records.windows(2) {
        let [(before, _), (after, record)] = pair else { continue };
        let missing: Vec<String> =
            (before + 1..*after).filter(|number| !others.contains(number)).map(|number| number.to_string()).collect();
        if !missing.is_empty() {
            let message = format!("no record has the number {}", missing.join(", "));
            findings.push(finding(&ADR_NUMBER_GAP, record, record.line, message));
        }
    }
}

/// The number of a file of that folder, which may be a template or unread.
fn in_folder(file: &str, folder: &str) -> Option<u32> {
    // An archive below the folder holds numbers of it too.
    let name = file.strip_prefix(folder)?.rsplit('/').next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    of_file(stem).map(|id| id.number)
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn a_heading_that_says_another_number_is_told() {
        let files = [
            ("0002-x.md", "# 2. X\n"),
            ("0003-y.md", "# ADR-2: Y\n"),
            ("0004-z.md", "# 10 reasons\n"),
            ("adr-5.md", "# 2FA\n"),
        ];
        assert_eq!(found("adr/heading-number-mismatch", &files), ["0003-y.md:1"]);
    }

    #[test]
    fn a_gap_is_told_where_numbers_are_counted_up() {
        let files = [
            ("0001-x.md", "# X\n"),
            ("0002-y.md", "# Y\n"),
            ("0004-z.md", "# Z\n"),
            ("0005-template.md", "# T"),
            ("0006-a.md", "# A"),
        ];
        assert_eq!(found("adr/number-gap", &files), ["0004-z.md:1"]);
        let tickets = [("12-x.md", "# X\n"), ("340-y.md", "# Y\n"), ("999-z.md", "# Z\n")];
        assert!(found("adr/number-gap", &tickets).is_empty());
    }
}
