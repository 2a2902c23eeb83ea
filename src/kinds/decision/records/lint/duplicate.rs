//! `duplicate-number`: two records of one family have one number.

use std::collections::BTreeMap;

use super::super::families::folder;
use super::{Finding, Look, finding};
use crate::diagnostic::codes::ADR_DUPLICATE_NUMBER;

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    let mut families: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (_, record) in look.all() {
        if let Some(number) = record.number {
            families.entry((folder(record), &record.prefix, number)).or_default().push(record);
        }
    }
    for ((_, _, number), records) in families.iter().filter(|(_, records)| records.len() > 1) {
        for record in records {
            let others = records.iter().filter(|other| (&other.file, other.line) != (&record.file, record.line));
            let others: Vec<String> = others.map(|other| place(other, record.shares)).collect();
            let message = format!(
                "{number} is also the number of {}: give one of them a number of its own",
                others.join(" and ")
            );
            findings.push(finding(&ADR_DUPLICATE_NUMBER, record, record.line, message));
        }
    }
}

fn place(record: &super::Record, shares: bool) -> String {
    if shares { format!("line {}", record.line) } else { record.file.to_string() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn each_record_of_a_number_is_told() {
        let files =
            [("a/0001-x.md", "# X\n"), ("a/0001-y.md", "# Y\n"), ("b/0001-x.md", "# X\n"), ("a/0001-x.de.md", "# X\n")];
        assert_eq!(found("adr/duplicate-number", &files), ["a/0001-x.md:1", "a/0001-y.md:1"]);
        let one = [("decisions.md", "# D\n## ADR-1: x\n## ADR-2: y\n## ADR-1: z\n")];
        assert_eq!(found("adr/duplicate-number", &one), ["decisions.md:2", "decisions.md:4"]);
    }
}
