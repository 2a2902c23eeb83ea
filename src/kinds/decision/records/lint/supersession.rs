//! `one-sided-supersession`; and `superseded-yet-accepted` where the successor is no record of the collection.

use super::super::fixes::speaks;
use super::super::graph::{Succession, successions};
use super::super::{Found, Record, Relation};
use super::{Finding, Look, finding, status_line};
use crate::diagnostic::codes::{ADR_ONE_SIDED_SUPERSESSION, ADR_SUPERSEDED_YET_ACCEPTED};
use crate::kinds::decision::Status;

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    for one in successions(look.collection, &look.families) {
        let (Some(newer), Some(older)) = (look.record(one.newer), look.record(one.older)) else { continue };
        // What was turned down takes nobody's place, and a proposal does not take it yet.
        let rejected = newer.status.status == Some(Status::Rejected) && one.said_by_older.is_none();
        if !rejected && !newer.status.status.is_some_and(Status::is_open) {
            one_sided(look, one, newer, older, findings);
        }
    }
    for (_, record) in look.all().filter(|(_, record)| record.status.status == Some(Status::Accepted)) {
        let gone = record.claims.iter().filter(|claim| claim.relation == Relation::SupersededBy);
        for claim in gone.filter(|claim| !matches!(look.families.find(record, &claim.to), Found::Record(_))) {
            let message = format!("it is accepted, and says that {} supersedes it", claim.to.written);
            findings.push(finding(&ADR_SUPERSEDED_YET_ACCEPTED, record, status_line(record), message));
        }
    }
}

fn one_sided(look: &Look<'_>, one: Succession, newer: &Record, older: &Record, findings: &mut Vec<Finding>) {
    let speaks = |record: &Record, of: usize| speaks(&look.families, record, of);
    match (one.said_by_newer, one.said_by_older) {
        (Some(line), None) if !speaks(older, one.newer) => {
            let message = format!("it says that it supersedes {}, which says nothing of it", older.id);
            findings.push(finding(&ADR_ONE_SIDED_SUPERSESSION, newer, line, message));
        }
        (None, Some(line)) if !speaks(newer, one.older) => {
            let message = format!("it says that {} supersedes it, which says nothing of it", newer.id);
            findings.push(finding(&ADR_ONE_SIDED_SUPERSESSION, older, line, message));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    const NEWER: &str = "# B\n\nStatus: accepted; supersedes ADR-1\n";

    #[test]
    fn what_only_one_of_them_says_is_told_where_it_is_said() {
        let silent = [("0001-a.md", "# A\n\nStatus: superseded\n"), ("0002-b.md", NEWER)];
        assert_eq!(found("adr/one-sided-supersession", &silent), ["0002-b.md:3"]);
        let both = [("0001-a.md", "# A\n\nStatus: superseded by ADR-0002\n"), ("0002-b.md", NEWER)];
        assert!(found("adr/one-sided-supersession", &both).is_empty());
        let back = [
            ("0001-a.md", "# A\n\nStatus: superseded by [2](0002-b.md)\n"),
            ("0002-b.md", "# B\n\nStatus: accepted\n"),
        ];
        assert_eq!(found("adr/one-sided-supersession", &back), ["0001-a.md:3"]);
        for sentence in ["It replaces the way of ADR-1.", "There are two (see the old way [ADR-1])."] {
            let text = format!("# B\n\nStatus: accepted\n\n{sentence}\n");
            assert!(found("adr/one-sided-supersession", &[back[0], ("0002-b.md", &text)]).is_empty());
        }
        for gone in ["~~Supersedes ADR-1~~", "- [ ] Supersedes ADR-1"] {
            let text = format!("# B\n\n## Status\n\nAccepted\n\n{gone}\n");
            let both = [("0001-a.md", "# A\n\nStatus: accepted\n"), ("0002-b.md", &*text)];
            assert!(found("adr/one-sided-supersession", &both).is_empty(), "{gone}");
            assert!(found("adr/superseded-yet-accepted", &both).is_empty(), "{gone}");
        }
        let part = [
            ("0001-a.md", "# A\n\nStatus: accepted\n"),
            ("0002-b.md", "# B\nStatus: accepted\n\nSupersedes: parts of ADR-1\n"),
        ];
        assert!(
            found("adr/one-sided-supersession", &part).is_empty()
                && found("adr/superseded-yet-accepted", &part).is_empty()
        );
    }

    #[test]
    fn what_is_superseded_is_not_accepted() {
        let files = [("0001-a.md", "# A\n\nStatus: accepted\n"), ("0002-b.md", NEWER)];
        assert_eq!(found("adr/superseded-yet-accepted", &files), ["0001-a.md:3"]);
        let part = [("0001-a.md", "# A\n\nStatus: accepted, partially superseded by ADR-2\n"), files[1]];
        assert!(found("adr/superseded-yet-accepted", &part).is_empty());
        let milestone = [("0001-a.md", "# A\n\nStatus: accepted\nSuperseded by: M14\n")];
        assert!(found("adr/superseded-yet-accepted", &milestone).is_empty());
        let own = [("0001-a.md", "---\nstatus: accepted\nsuperseded-by: ADR-0009\n---\n# A\n")];
        assert_eq!(found("adr/superseded-yet-accepted", &own), ["0001-a.md:2"]);
        let rejected = [files[0], ("0002-b.md", "# B\n\nStatus: rejected\nSupersedes: ADR-1\n")];
        assert!(found("adr/superseded-yet-accepted", &rejected).is_empty());
    }
}
