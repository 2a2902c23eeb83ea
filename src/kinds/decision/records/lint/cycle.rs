//! `cycle`: decisions that take each other's place in a circle.

use std::collections::BTreeSet;

use super::{Finding, Look, finding};
use crate::diagnostic::codes::ADR_CYCLE;

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    let pairs: Vec<(usize, usize)> = look.successions().iter().map(|one| (one.newer, one.older)).collect();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (start, record) in look.all() {
        let Some(circle) = circle(&pairs, start).filter(|_| !told.contains(&start)) else { continue };
        told.extend(&circle);
        let names: Vec<&str> =
            circle.iter().filter_map(|index| look.record(*index)).map(|record| &*record.id).collect();
        let message = format!(
            "{} supersede each other in a circle, so that none of them holds: take out the claim that is wrong",
            names.join(", ")
        );
        let line = record.claims.first().map_or(record.line, |claim| claim.line);
        findings.push(finding(&ADR_CYCLE, record, line, message));
    }
}

/// The way from a record back to itself, if there is one.
fn circle(pairs: &[(usize, usize)], start: usize) -> Option<Vec<usize>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        for &(_, next) in pairs.iter().filter(|(newer, _)| *newer == last) {
            if next == start {
                return Some(way);
            }
            if seen.insert(next) {
                ways.push(way.iter().copied().chain([next]).collect());
            }
        }
    }
    None
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
}
