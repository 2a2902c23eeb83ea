//! The forms of real records, and their traps.

use std::sync::Arc;

use super::*;
use crate::kinds::decision::Status;

/// Files in brief: a line of a record says file, line, id, title, status, date and links.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let source = |(name, text): &(&str, &'static str)| Source { file: Arc::from(*name), text, named: false };
    let files: Vec<(&str, &'static str)> =
        files.iter().map(|(name, text)| (*name, &*Box::leak((*text).to_owned().into_boxed_str()))).collect();
    let collection = read(&files.iter().map(source).collect::<Vec<_>>());
    let mut lines: Vec<String> = collection.records.iter().map(shown).collect();
    lines.extend(collection.unread.iter().map(|(file, line, why)| format!("{file}:{line} unread: {why}")));
    assert_eq!(lines, expect);
}

fn shown(record: &Record) -> String {
    let status = record.status.status.map_or("-".to_owned(), |status| format!("{status:?}").to_lowercase());
    let date = record.date.map_or(String::new(), |date| format!(" {date}"));
    let claims = record.claims.iter().filter(|claim| claim.relation != Relation::Mentions);
    let claims: String = claims
        .map(|claim| {
            let to = claim.to.number.map_or_else(|| claim.to.written.clone(), |number| number.to_string());
            format!(" {:?}:{to}@{}", claim.relation, claim.line)
        })
        .collect();
    format!("{}:{} {} | {} | {status}{date}{claims}", record.file, record.line, record.id, record.title)
}

#[test]
fn madr_of_every_version_is_read() {
    let two = "# Use X\n\n* Status: superseded by [ADR-0002](0002-y.md)\n* Deciders: Jane, [Joe](x)\n* Date: 2020-01-05\n\n\
               Technical Story: y\n\n## Context and Problem Statement\n\nz\n";
    let three = "---\n# These are optional elements.\nstatus: \"accepted\"\ndate: 2022-02-03\ndeciders: Jane\n---\n# Use Y\n\n\
                 ## Decision Outcome\n\nChosen\n\n## Links\n\n* Supersedes [ADR-0001](0001-x.md)\n";
    let four = "---\nstatus: \"superseded by ADR-0001\"\ndate: 2024-05-06\ndecision-makers: [Jane]\n---\n\n<!-- x -->\n# Use `Z`\n";
    check(
        &[("0001-x.md", two), ("0002-y.md", three), ("0003-z.md", four)],
        &[
            "0001-x.md:1 0001 | Use X | superseded 2020-01-05 SupersededBy:2@3",
            "0002-y.md:7 0002 | Use Y | accepted 2022-02-03 Supersedes:1@15",
            "0003-z.md:8 0003 | Use `Z` | superseded 2024-05-06 SupersededBy:1@2",
        ],
    );
    let people = read(&[Source { file: "0001-x.md".into(), text: two, named: false }]).records.remove(0).people;
    assert_eq!(people.deciders, ["Jane", "Joe"]);
}

#[test]
fn records_of_adr_tools_are_read() {
    let first =
        "# 1. Use X\n\nDate: 2018-09-27\n\n## Status\n\nSuperceded by [2. Use Y](0002-use-y.md)\n\n## Context\n";
    let second = "# 2. Use Y\n\nDate: 2018-10-01\n\n## Status\n\nAccepted\n\nSupercedes [1. Use X](0001-use-x.md)\n\nAmends [3. Z](0003-z.md)\n";
    check(
        &[("doc/adr/0001-use-x.md", first), ("doc/adr/0002-use-y.md", second)],
        &[
            "doc/adr/0001-use-x.md:1 0001 | Use X | superseded 2018-09-27 SupersededBy:2@7",
            "doc/adr/0002-use-y.md:1 0002 | Use Y | accepted 2018-10-01 Supersedes:1@9 Amends:3@11",
        ],
    );
}

#[test]
fn records_of_log4brains_are_called_as_their_files() {
    let one = "# Use X\n\n- Status: superseded by [20210203-use-y](20210203-use-y.md)\n- Date: 2020-01-02\n";
    check(
        &[("20200101-use-x.md", one), ("20210203-use-y.md", "# Use Y\n\n- Status: accepted\n")],
        &[
            "20200101-use-x.md:1 20200101-use-x | Use X | superseded 2020-01-02 SupersededBy:[20210203-use-y](20210203-use-y.md)@3",
            "20210203-use-y.md:1 20210203-use-y | Use Y | accepted 2021-02-03",
        ],
    );
}

#[test]
fn y_statements_and_headings_alone_are_records() {
    let y = "# Use X\n\nIn the context of a, facing b, we decided for c to achieve d, accepting e.\n";
    check(
        &[
            ("use-x.md", y),
            ("use-z.md", "# Use Z\n\n## Context\n\na\n\n## Decision\n\nb\n"),
            ("notes.md", "# Notes\n\n## Thanks\n"),
        ],
        &["use-x.md:1 use-x | Use X | -", "use-z.md:1 use-z | Use Z | -"],
    );
}

#[test]
fn a_title_may_stand_in_front_matter_alone() {
    let text = "---\nid: adrs-adr014\ntitle: 'ADR014: Use X'\n---\n\n## Context\n\na\n\n## Decision\n";
    check(&[("adr014-use-x.md", text)], &["adr014-use-x.md:5 ADR014 | Use X | -"]);
}

#[test]
fn one_file_with_many_decisions_is_many_records() {
    let text = "# Decision log\n\nHow to: ...\n\n## D-1: Use X\n- date: 2026-07-05 · source: manual · status: superseded\n- superseded-by: D-2\n\n\
                ## D-2: Use Y\n- status: active\n\n```\n## D-3: none\n```\n\n### Why\n\ny\n\n## D-4: Use Z\nStatus: Accepted (supersedes D-1)\n";
    check(
        &[("DECISIONS.md", text)],
        &[
            "DECISIONS.md:5 D-1 | Use X | superseded 2026-07-05 SupersededBy:2@7",
            "DECISIONS.md:9 D-2 | Use Y | accepted",
            "DECISIONS.md:20 D-4 | Use Z | accepted Supersedes:1@21",
        ],
    );
    let many: String = (1..=300).map(|n| format!("## ADR-{n:03}: Choice {n}\n\n**Status:** Accepted\n\n")).collect();
    let collection = read(&[Source { file: "adrs.md".into(), text: &many, named: false }]);
    assert_eq!(collection.records.len(), 300);
    assert!(collection.records.iter().all(|record| record.status.status == Some(Status::Accepted)));
}

#[test]
fn traps_are_no_claims() {
    let text = "# 7. Use X\n\n**Status:** Proposed\n**Supersedes (when accepted):** ADR-3\n**Superseded by:** none\n\n\
                The old one is superseded by log4j 2.\n\n## More\n\nADR-5 supersedes ADR-4. This ADR supersedes some aspects of [ADR-2](0002-x.md).\n";
    check(&[("0008-use-x.md", text)], &["0008-use-x.md:1 0008 | Use X | proposed WouldSupersede:3@4 Amends:2@11"]);
    let record = read(&[Source { file: "0008-use-x.md".into(), text, named: false }]).records.remove(0);
    assert_eq!((record.number, record.heading), (Some(8), Some(7)));
}

#[test]
fn what_is_no_decision_is_passed_over() {
    let files = [
        ("README.md", "# ADRs\n\n## Status\n\nx\n## Decision\n"),
        ("adr-template.md", "# {title}\n\n## Context\n"),
        ("0000-template.md", "# T\n"),
        ("index.md", "# Records\n"),
        ("adr-guide.md", "# How to\n\n## Status\n\nOne of them.\n\n## Context\n\n## Decision\n"),
        ("0004-new.md", "# [short title of solved problem and solution]\n\n* Status: [proposed | rejected]\n"),
        ("0001-x.md", "# X\n"),
        ("0001-x.zh.md", "# X\n"),
    ];
    check(&files, &["0001-x.md:1 0001 | X | -"]);
}

#[test]
fn a_record_about_a_template_is_a_record() {
    let files = [
        ("0000-template.md", "# T\n"),
        ("0000-adr-template.md", "# T\n"),
        ("template-madr.md", "# T\n\n## Context\n\n## Decision\n"),
        ("0002-adr.md", "# ADR template\n"),
        ("0001-render-letters-from-a-template.md", "# Render letters from a template\n"),
        ("0003-templates-in-git.md", "# ADRs follow one template\n"),
    ];
    check(
        &files,
        &[
            "0001-render-letters-from-a-template.md:1 0001 | Render letters from a template | -",
            "0003-templates-in-git.md:1 0003 | ADRs follow one template | -",
        ],
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    check(
        &[
            ("0001-x.md", ""),
            ("0004-a.md", "# ADR-0004\n\n## Status\n\nproposed | accepted | superseded by [ADR-5](5-x.md)\n"),
            ("0002-y.md", "---\nstatus: accepted\ndeciders: @jane\n---\n# Y\n"),
            ("0003-z.md", "# Z\n\n## Status\n\nWho knows\n"),
        ],
        &[
            "0002-y.md:5 0002 | Y | accepted",
            "0003-z.md:1 0003 | Z | -",
            "0004-a.md:1 ADR-0004 | ADR-0004 | -",
            "0001-x.md:1 unread: it has no title: there is no heading",
            "0002-y.md:3 unread: its front matter: this is no YAML: unexpected character: `@'",
        ],
    );
}

#[test]
fn files_of_other_systems_are_read_alike() {
    let crlf = "\u{feff}# 1. Use X\r\n\r\n* Status: accepted\r\n* Date: 2020-01-05\r\n\r\n## Context\r\n\r\nSupersedes ADR-2\r\n";
    let front = "\u{feff}---\r\nstatus: proposed\r\n---\r\n\r\n# Use Y\r\n";
    check(
        &[("0001-x.md", crlf), ("0002-y.md", front)],
        &["0001-x.md:1 0001 | Use X | accepted 2020-01-05 Supersedes:2@8", "0002-y.md:5 0002 | Use Y | proposed"],
    );
}

#[test]
fn what_is_a_spec_already_is_passed_over() {
    let spec = "---\napiVersion: abide.dev/v1\nkind: Decision\n---\n# Use X\n\n## Context\n\n## Decision\n";
    check(&[("0001-use-x.md", spec)], &[]);
    let named = read(&[Source { file: "0001-use-x.md".into(), text: spec, named: true }]);
    assert_eq!((named.unread.len(), named.passed_over.len()), (1, 1));
}

#[test]
fn front_matter_with_a_status_makes_a_decision_of_a_page_that_is_called_like_a_guide() {
    let body = "# Review\n\n## Context\n\na\n\n## Decision\n\nb\n";
    let decided = format!("---\nstatus: accepted\n---\n{body}");
    let decided: &'static str = Box::leak(decided.into_boxed_str());
    check(
        &[("how-to-decide.md", body), ("review-process.md", decided)],
        &["review-process.md:4 review-process | Review | accepted"],
    );
}
