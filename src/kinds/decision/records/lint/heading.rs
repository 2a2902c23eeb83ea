//! `heading-number-mismatch`: the number in a heading is not that of the file.

use super::{Finding, Look, finding};
use crate::diagnostic::codes::ADR_HEADING_NUMBER_MISMATCH;

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    for (_, record) in look.all() {
        if let (Some(number), Some(heading)) = (record.number, record.heading)
            && number != heading
        {
            let message = format!("its heading says {heading}, its file {number}: one of them was copied");
            findings.push(finding(&ADR_HEADING_NUMBER_MISMATCH, record, record.line, message));
        }
    }
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
            ("0006-a.md", "# TLS 3: use it\n"),
            ("0007-b.md", "# UTF-8: everywhere\n"),
        ];
        assert_eq!(found("adr/heading-number-mismatch", &files), ["0003-y.md:1"]);
    }
}
