use std::sync::Arc;

use super::*;
use crate::kinds::decision::Decision;
use crate::kinds::{Body as Shape, Identity, Spec};
use crate::yaml::limits;

fn page(path: &str, text: &str) -> Page {
    read(&path.into(), &text.into())
}

/// The spec of a page that has one and nothing wrong with it, but for what is worth a word.
fn spec(path: &str, text: &str) -> (Arc<Spec>, Vec<String>) {
    let page = page(path, text);
    assert!(page.complete && page.problems.is_empty(), "{:?}", page.problems);
    let document = page.document.unwrap();
    let said = said(&document.problems);
    (document.spec.unwrap_or_else(|| panic!("{said:?}")), said)
}

fn decision(spec: &Spec) -> &Decision {
    match &spec.body {
        Shape::Decision(decision) => decision,
        other => panic!("{:?}", other.kind()),
    }
}

fn said(problems: &[Problem]) -> Vec<String> {
    let line = |p: &Problem| format!("{}:{} {}: {}", p.span.line, p.span.column, p.entry.code, p.message);
    problems.iter().map(line).collect()
}

const FRONT: &str = "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: use-x}\n";

fn with(spec: &str, text: &str) -> String {
    format!("---\n{FRONT}spec:\n  status: accepted\n  date: 2026-01-02\n{spec}---\n{text}")
}

const TEXT: &str = "# 12. Use X

Beforehand.

## Context and Problem Statement

Every agent had its own.

### Scale

Many.

## Decision Drivers

* cost
* one place
  for all

## Considered Options

* X
* Y

## Decision Outcome

X, because it is there.

### Consequences

* Good, because it is cheap
* Bad, because it is old
* Neutral, because it is

## More Information

See Y.
";

#[test]
fn the_text_fills_what_the_front_matter_leaves_out() {
    let (spec, said) = spec("docs/adr/0012-use-x.md", &with("", TEXT));
    assert_eq!(said, [""; 0]);
    assert_eq!((spec.id.to_string(), spec.place.line), ("decision/use-x".into(), 2));
    assert_eq!(spec.title(), "Use X");
    let decision = decision(&spec);
    assert_eq!(decision.number.map(|it| it.value), Some(12));
    let context = "Beforehand.\n## Context and Problem Statement\n";
    assert!(decision.context.starts_with("Beforehand.\n") && !decision.context.contains(context), "{decision:?}");
    for part in ["Every agent had its own.", "## More Information\n\nSee Y."] {
        assert!(decision.context.contains(part), "{part}: {}", decision.context);
    }
    assert_eq!(decision.drivers, ["cost", "one place\n  for all"]);
    assert_eq!(decision.options.iter().map(|option| &*option.title).collect::<Vec<_>>(), ["X", "Y"]);
    assert_eq!(decision.decision, "X, because it is there.\n");
    assert_eq!(decision.consequences.good, ["Good, because it is cheap"]);
    assert_eq!((decision.consequences.bad.len(), decision.consequences.neutral.len()), (1, 1));
}

#[test]
fn no_word_of_the_text_is_lost() {
    let (spec, _) = spec("x.md", &with("", TEXT));
    let all = format!("{:?} {:?}", spec.head.title, decision(&spec));
    for word in TEXT.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)) {
        let heads = ["Context", "Problem", "Statement", "Considered", "Options", "Outcome", "Consequences"];
        let is_head = heads.contains(&word) || ["Decision", "Drivers", "and"].contains(&word);
        assert!(is_head || all.contains(word), "{word}: {all}");
    }
}

#[test]
fn what_both_say_is_told_and_the_front_matter_counts() {
    let front = "  number: 3\n  context: Mine.\n  decision: Mine.\n  drivers: [mine]\n  options: [{title: mine}]\n  \
                 consequences: {good: [mine]}\n";
    let text = with(front, &TEXT.replace("\nBeforehand.\n", "")).replace("{name: use-x}", "{name: use-x, title: Mine}");
    let (spec, said) = spec("docs/adr/0012-use-x.md", &text);
    let twice = |line: u32, what: &str| format!("{line}:1 markdown/said-twice: {what}");
    let field = |field: &str| format!("this section is the field `{field}`, which the front matter has too");
    let expect = [
        "8:11 markdown/said-twice: the file is called number 12, and this is another".to_owned(),
        twice(15, "the front matter has another title than the heading"),
        twice(17, &field("context")),
        twice(25, &field("drivers")),
        twice(31, &field("options")),
        twice(36, &field("decision")),
        twice(40, &field("consequences")),
    ];
    assert_eq!(said, expect);
    let decision = decision(&spec);
    assert_eq!(
        (decision.number.map(|it| it.value), &*decision.decision, spec.title()),
        (Some(3), "Mine.", "Mine".to_owned())
    );
    // What has no field is still kept.
    assert_eq!(decision.context, "Mine.\n\n## More Information\n\nSee Y.\n");
    let same = with("  number: 12\n", TEXT).replace("{name: use-x}", "{name: use-x, title: Use X}");
    assert_eq!(super::tests::spec("0012-x.md", &same).1, [""; 0]);
}

#[test]
fn a_number_is_that_of_the_file_or_else_of_the_heading() {
    let number = |path: &str, text: &str| decision(&spec(path, &with("", text)).0).number.map(|it| it.value);
    assert_eq!(number("a/0007-use-x.md", "# 12. Use X\n"), Some(7));
    assert_eq!(number("a/use-x.md", "# ADR-0012: Use X\n"), Some(12));
    assert_eq!(number("a/use-x.md", "# Use X\n"), None);
    let (spec, _) = spec("use-x.md", &with("", "no heading\n"));
    assert_eq!((spec.title(), &*decision(&spec).context), ("decision/use-x".into(), "no heading\n"));
}

#[test]
fn mistakes_are_told_where_they_stand_in_the_file() {
    let told = |text: &str| {
        let page = page("0001-a.md", text);
        let mut problems = said(&page.problems);
        problems.extend(page.document.iter().flat_map(|document| said(&document.problems)));
        problems
    };
    let unknown = with("  statuss: x\n", TEXT);
    assert_eq!(told(&unknown).len(), 1, "{:?}", told(&unknown));
    assert!(told(&unknown)[0].starts_with("8:3 spec/unknown-field"), "{:?}", told(&unknown));
    assert!(told(&format!("---\n{FRONT}---\n# A\n"))[0].contains("spec/missing-field"));
    assert!(told(&format!("---\n{FRONT}x: [\n---\n# A\n"))[0].contains("yaml/syntax"));
    assert!(told(&format!("---\n{FRONT}kind: Decision\n---\n"))[0].starts_with("5:1 yaml/duplicate-key"));
    let aliased = with("  deciders: &who [role/a]\n  consulted: *who\n", "# A\n");
    assert_eq!(told(&aliased), [""; 0]);
    let role = "---\napiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: a}\nspec: {}\n---\n# A\n";
    let kind = "3:7 markdown/kind: only a Decision may be Markdown, and this is of kind Role";
    assert_eq!(told(role), [kind]);
    let page = page("0001-a.md", role);
    assert!(page.document.is_some_and(|it| it.spec.is_none() && it.identity != Identity::Unreadable));
}

#[test]
fn what_is_no_whole_spec_is_told_and_never_guessed() {
    let check = |text: &str, code: &str, complete: bool| {
        let page = page("docs/adr/0001-a.md", text);
        let codes: Vec<&str> = page.problems.iter().map(|problem| problem.entry.code).collect();
        assert_eq!((codes, page.complete, page.document.is_some()), (vec![code], complete, false), "{text}");
    };
    check("# A\n\nStatus: accepted\n", "markdown/no-spec", true);
    check("---\nstatus: accepted\n---\n# A\n", "markdown/no-spec", true);
    check(&format!("---\n{FRONT}\n# A\n"), "markdown/unclosed", false);
    check(&with("", "# A\u{202e}\n"), "yaml/character", false);
    let bomb = (1..10).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, n| {
        text + &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))
    });
    check(&format!("---\n{FRONT}{bomb}---\n# A\n"), "yaml/alias", false);
}

#[test]
fn line_breaks_of_another_kind_make_no_difference() {
    let (unix, dos) = (with("", TEXT), with("", TEXT).replace('\n', "\r\n"));
    let (unix, dos) = (spec("0012-x.md", &unix).0, spec("0012-x.md", &dos).0);
    assert_eq!(decision(&unix), decision(&dos));
    assert_eq!((unix.head.title.clone(), unix.place.line), (dos.head.title.clone(), dos.place.line));
}

#[test]
fn a_change_of_the_text_is_a_change_of_the_spec() {
    let digest = |text: &str| spec("0012-x.md", text).0.digest();
    let text = with("", TEXT);
    assert_ne!(digest(&text), digest(&text.replace("See Y.", "See Z.")));
    assert_ne!(digest(&text), digest(&format!("{text}\n")));
}

#[test]
fn a_huge_text_is_read_in_no_time() {
    let text = with("", &"## A\n\n* b [c](d.md) **e**\n\n".repeat(30_000));
    assert!(text.len() < limits::FILE_BYTES);
    assert!(decision(&spec("0001-a.md", &text).0).context.len() > 500_000);
}
