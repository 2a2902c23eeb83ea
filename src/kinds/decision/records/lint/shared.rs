//! The rules that specs are held to as well: `cycle`, `duplicate-number`, `number-gap`, `superseded-yet-accepted` and
//! `proposed-over-accepted`.

use std::collections::BTreeSet;

use super::super::graph::folder_of;
use super::super::identity::of_file;
use super::{Finding, Look};
use crate::diagnostic::Diagnostic;
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Tie, cycle, duplicate, gap, superseded};

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    let graph = look.collection.graph();
    let mut said = Vec::new();
    cycle::look(&graph, &[Tie::Supersedes], &mut said);
    duplicate::look(&graph, &mut said);
    // One that was superseded in its turn has taken its place once; what was turned down never did.
    superseded::look(&graph, |status| !matches!(status, Some(Status::Rejected | Status::Deprecated)), &mut said);
    // Of a folder that was not read as a whole, nobody knows what is missing.
    let mut whole = graph;
    let shares: BTreeSet<usize> = look.all().filter(|(_, record)| record.shares).map(|(index, _)| index).collect();
    for (index, node) in whole.nodes.iter_mut().enumerate() {
        if !shares.contains(&index) && !look.files.contains(&node.file) {
            node.number = None;
        }
    }
    let known = |family: &str| look.files.iter().filter_map(|file| in_folder(file, folder_of(family))).collect();
    gap::look(&whole, &known, &mut said);
    findings.extend(said.into_iter().map(of_record));
}

/// A finding of a shared rule as those of records are told.
fn of_record(said: Diagnostic) -> Finding {
    let Diagnostic { file, problem, .. } = said;
    let message = match problem.fix {
        Some(fix) => format!("{}: {fix}", problem.message),
        None => problem.message,
    };
    Finding { entry: problem.entry, file, line: problem.span.line, message }
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
    fn a_circle_is_told_once() {
        let files = [
            ("0001-a.md", "# A\nStatus: accepted\n\nSupersedes: ADR-3\n"),
            ("0002-b.md", "# B\n\nSupersedes: ADR-1\n"),
            ("0003-c.md", "# C\n\nSupersedes: ADR-2\n"),
            ("0004-d.md", "# D\n\nSupersedes: ADR-3\n"),
        ];
        assert_eq!(found("adr/cycle", &files), ["0001-a.md:4"]);
        assert!(found("adr/cycle", &files[1..]).is_empty());
    }

    #[test]
    fn each_record_of_a_number_is_told() {
        let files =
            [("a/0001-x.md", "# X\n"), ("a/0001-y.md", "# Y\n"), ("b/0001-x.md", "# X\n"), ("a/0001-x.de.md", "# X\n")];
        assert_eq!(found("adr/duplicate-number", &files), ["a/0001-x.md:1", "a/0001-y.md:1"]);
        let one = [("decisions.md", "# D\n## ADR-1: x\n## ADR-2: y\n## ADR-1: z\n")];
        assert_eq!(found("adr/duplicate-number", &one), ["decisions.md:2", "decisions.md:4"]);
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

    #[test]
    fn a_proposal_takes_no_place_yet() {
        let files = [
            ("0001-a.md", "# A\n\nStatus: accepted\n"),
            ("0002-b.md", "# B\n\nStatus: proposed\n\nSupersedes: ADR-1\n"),
        ];
        assert_eq!(found("adr/proposed-over-accepted", &files), ["0002-b.md:3"]);
        assert!(
            found("adr/superseded-yet-accepted", &files).is_empty()
                && found("adr/one-sided-supersession", &files).is_empty()
        );
        let when = [files[0], ("0002-b.md", "# B\n\nStatus: proposed\n\nSupersedes (when accepted): ADR-1\n")];
        assert!(found("adr/proposed-over-accepted", &when).is_empty());
    }
}
