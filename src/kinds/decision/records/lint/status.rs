//! `unknown-status`, `missing-status` and `expired-provisional`.

use super::{Finding, Look, finding, status_line};
use crate::diagnostic::codes::{ADR_EXPIRED_PROVISIONAL, ADR_MISSING_STATUS, ADR_UNKNOWN_STATUS};
use crate::kinds::decision::Status;

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    for (_, record) in look.all() {
        match (record.status.status, &record.status.written) {
            (None, Some((written, line))) => {
                let written: String = written.chars().take(60).collect();
                let message = format!(
                    "`{written}` is no status that is known: write draft, proposed, accepted, rejected, deprecated or superseded"
                );
                findings.push(finding(&ADR_UNKNOWN_STATUS, record, *line, message));
            }
            (None, None) => {
                let message = "it says nowhere whether it holds".to_owned();
                findings.push(finding(&ADR_MISSING_STATUS, record, record.line, message));
            }
            _ => {}
        }
        let lives = matches!(record.status.status, Some(Status::Draft | Status::Proposed | Status::Accepted));
        if let Some(until) = record.status.until.filter(|until| lives && look.today.start() >= until.end()) {
            let message =
                format!("it was to hold until {until} only, and nobody has decided since: accept it, or let it go");
            findings.push(finding(&ADR_EXPIRED_PROVISIONAL, record, status_line(record), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn what_is_not_understood_is_told_and_so_is_what_is_not_there() {
        let files = [
            ("0001-x.md", "# X\n\n## Status\n\nTo be seen\n"),
            ("0002-y.md", "# Y\n\n## Context\n\nz\n"),
            ("0003-z.md", "# Z\nStatus: Accepted\n"),
            ("0004-a.md", "# A\n\n<!-- Status: accepted -->\n"),
            ("0005-b.md", "---\n# status: accepted\n---\n# B\n"),
        ];
        assert_eq!(found("adr/unknown-status", &files), ["0001-x.md:5"]);
        assert_eq!(found("adr/missing-status", &files), ["0002-y.md:1", "0004-a.md:1", "0005-b.md:4"]);
        let log = [("log.md", "# Log\n\n## ADR-1: X\na\n\n## ADR-2: Y\nb\n\n## ADR-3: Z\nStatus: accepted\n")];
        assert_eq!(found("adr/missing-status", &log), ["log.md:3", "log.md:6"]);
    }

    #[test]
    fn what_held_for_a_time_is_over() {
        let files = [
            ("0001-x.md", "# X\n* Status: provisional until 2026-08-15\n"),
            ("0002-y.md", "# Y\n* Status: provisional until 2027-08-15\n"),
            ("0003-z.md", "---\nstatus: accepted\nexpires: 2024-01-01\n---\n# Z\n"),
            ("0004-a.md", "# A\nStatus: superseded (was provisional until 2020-01-01)\n"),
        ];
        assert_eq!(found("adr/expired-provisional", &files), ["0001-x.md:2", "0003-z.md:2"]);
    }
}
