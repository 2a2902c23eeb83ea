use super::*;
use crate::diagnostic::Diagnostic;
use crate::model::{Habits, Timestamp};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

const ROLES: &str = "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: developer}\nspec: {}\n";

fn assignment(to: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Assignment\nmetadata: {{name: fixes}}\nspec:\n  select: {{types: [fix_bug]}}\n  to: {to}\n"
    )
}

fn read(texts: &[(&str, &str)], before: &Catalog) -> (Catalog, Vec<Diagnostic>) {
    let tree = SourceTree::of_texts(texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    load(&tree, before, NOW)
}

fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    let line = |d: &Diagnostic| format!("{}:{} {}", d.file, d.problem.span.line, d.problem.entry.code);
    diagnostics.iter().map(line).collect()
}

#[test]
fn a_reference_that_leads_nowhere_is_told_at_its_place() {
    let (catalog, diagnostics) =
        read(&[("a.yaml", &assignment("role/develper")), ("r.yaml", ROLES)], &Catalog::empty());
    assert_eq!(said(&diagnostics), ["a.yaml:6 reference/unknown"]);
    assert_eq!(diagnostics[0].problem.label.as_deref(), Some("did you mean `developer`?"));
    assert_eq!(catalog.specs.len(), 1);
    assert_eq!(catalog.len(), 2);
}

#[test]
fn what_breaks_keeps_its_last_readable_version_and_nothing_else_stops() {
    let good = assignment("role/developer");
    let (before, none) = read(&[("a.yaml", &good), ("r.yaml", ROLES)], &Catalog::empty());
    assert!(none.is_empty());
    let (after, diagnostics) = read(&[("a.yaml", &assignment("[1]")), ("r.yaml", ROLES)], &before);
    assert_eq!(said(&diagnostics), ["a.yaml:6 spec/wrong-type"]);
    assert_eq!(after.specs.len(), 2);
    assert!(after.unread[0].kept);
    assert_eq!(after.wanting().len(), 0);
    // A file that is no YAML at all keeps every spec last read from it, and references to them still resolve.
    let (after, diagnostics) = read(&[("a.yaml", &good), ("r.yaml", "kind: [")], &before);
    assert_eq!(said(&diagnostics)[1..], ["r.yaml:1 yaml/syntax"]);
    assert_eq!(after.specs.len(), 2);
}

#[test]
fn without_an_earlier_version_a_broken_file_blocks_only_itself() {
    let (catalog, diagnostics) =
        read(&[("a.yaml", &assignment("role/developer")), ("r.yaml", "name: developer\nkind: [")], &Catalog::empty());
    assert_eq!(said(&diagnostics)[0], "a.yaml:6 reference/unresolved");
    assert_eq!(catalog.specs.len(), 1);
    assert_eq!(catalog.specs.unread().files.len(), 1);
    assert_eq!(catalog.wanting().len(), 1);
    // A broken file in which the name does not stand cannot define it.
    let (_, diagnostics) = read(&[("a.yaml", &assignment("role/developer")), ("r.yaml", "kind: [")], &Catalog::empty());
    assert_eq!(said(&diagnostics)[0], "a.yaml:6 reference/unknown");
}

#[test]
fn of_two_specs_with_one_name_neither_is_read() {
    let (catalog, diagnostics) = read(&[("a.yaml", ROLES), ("b.yaml", ROLES)], &Catalog::empty());
    assert_eq!(said(&diagnostics), ["a.yaml:3 spec/duplicate", "b.yaml:3 spec/duplicate"]);
    assert_eq!(catalog.specs.len(), 0);
    let (catalog, diagnostics) = read(&[("a.yaml", &format!("{ROLES}---\n{ROLES}"))], &Catalog::empty());
    assert_eq!(said(&diagnostics), ["a.yaml:3 spec/duplicate", "a.yaml:8 spec/duplicate"]);
    assert_eq!(catalog.specs.len(), 0);
}

#[test]
fn only_changed_files_are_parsed_again() {
    let good = assignment("role/developer");
    let (before, _) = read(&[("a.yaml", &good), ("r.yaml", ROLES)], &Catalog::empty());
    let (after, _) = read(&[("a.yaml", &good.replace("fix_bug", "fix_it")), ("r.yaml", ROLES)], &before);
    assert!(Arc::ptr_eq(&before.files["r.yaml"], &after.files["r.yaml"]));
    assert!(!Arc::ptr_eq(&before.files["a.yaml"], &after.files["a.yaml"]));
}

#[test]
fn a_tree_that_lost_more_than_a_fifth_is_doubtful() {
    let five: Vec<(String, String)> =
        (0..5).map(|n| (format!("{n}.yaml"), ROLES.replace("developer", &format!("r{n}")))).collect();
    let texts: Vec<(&str, &str)> = five.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (before, _) = read(&texts, &Catalog::empty());
    let less = |count: usize| read(&texts[..count], &before).0;
    assert_eq!(less(4).doubt(&before), None);
    assert_eq!(less(3).doubt(&before), Some(Doubt::Shrunk(2, 5)));
    assert_eq!(less(0).doubt(&before), Some(Doubt::Empty));
    assert_eq!(less(3).doubt_of_count(5), Some(Doubt::Shrunk(2, 5)));
}

/// A service level with that target on line 8, and an indicator that it may refer to.
fn level(indicator: &str, target: &str) -> String {
    format!(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: a}}\nspec:\n  service: web\n  indicatorRef: {indicator}\n  timeWindow: [{{duration: 30d, isRolling: true}}]\n  objectives: [{{target: {target}}}]\n  budgetingMethod: Occurrences\n"
    )
}

fn indicator(name: &str) -> String {
    let metric = "{metricSource: {type: x}}";
    format!(
        "apiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: {name}}}\nspec: {{ratioMetric: {{good: {metric}, total: {metric}}}}}\n"
    )
}

fn hints(catalog: &Catalog) -> Vec<String> {
    said(&lint(catalog, &Habits { owner: "role/triage".parse().ok(), kept: None }))
}

#[test]
fn what_is_odd_is_told_across_files_and_in_their_order() {
    let read = |used: &str| {
        let texts = [("a.yaml", &*level(used, "0")), ("b.yaml", &*indicator("b")), ("c.yaml", &*indicator("c"))];
        hints(&read(&texts, &Catalog::empty()).0)
    };
    assert_eq!(read("b"), ["a.yaml:8 slo/target-no-effect", "c.yaml:3 slo/unused-sli"]);
    assert_eq!(read("c"), ["a.yaml:8 slo/target-no-effect", "b.yaml:3 slo/unused-sli"]);
}

#[test]
fn of_what_cannot_be_read_no_hint_says_anything() {
    let (good, unused) = (level("b", "0"), indicator("c"));
    let with = |first: &str, before: &Catalog| {
        let texts = [("a.yaml", first), ("b.yaml", &*indicator("b")), ("c.yaml", &*unused)];
        read(&texts, before).0
    };
    let before = with(&good, &Catalog::empty());
    assert_eq!(hints(&before).len(), 2);
    // Kept in its earlier version, it has no place in the text any more; and what it refers to now, nobody knows.
    for broken in [good.replace("service: web", "service: [web]"), "kind: [".to_owned()] {
        let after = with(&broken, &before);
        assert!(after.specs.len() == 3 && after.unread[0].kept);
        assert_eq!(hints(&after), Vec::<String>::new());
        assert_eq!(hints(&with(&broken, &Catalog::empty())), Vec::<String>::new());
    }
}

#[test]
fn a_service_may_depend_on_one_that_nothing_defines() {
    let service = |name: &str, on: &str| {
        format!(
            "apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: {name}\n  annotations:\n    abide.dev/depends-on: {on}\nspec: {{}}\n"
        )
    };
    let (catalog, diagnostics) = read(
        &[("a.yaml", &service("web", "cache, database")), ("b.yaml", &service("cache", "\"\""))],
        &Catalog::empty(),
    );
    assert_eq!(said(&diagnostics), ["a.yaml:6 reference/service"]);
    assert_eq!(diagnostics[0].problem.message, "no service is called `database`");
    assert_eq!(catalog.specs.len(), 2);
    let (_, diagnostics) = read(&[("a.yaml", &service("web", "role/developer"))], &Catalog::empty());
    assert_eq!(said(&diagnostics), ["a.yaml:6 reference/kind"]);
}

#[test]
fn a_decision_in_markdown_is_a_spec_beside_yaml() {
    let adr = "---\napiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: use-x}\nspec:\n  status: accepted\n  \
               date: 2026-01-02\n  deciders: [role/develper]\n---\n# Use X\n";
    let newer = "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: use-y}\nspec: {status: accepted, date: 2026-02-02, supersedes: [use-x]}\n";
    let texts =
        |adr: &str| [("docs/adr/1-x.md", adr.to_owned()), ("y.yaml", newer.to_owned()), ("r.yaml", ROLES.to_owned())];
    let tree = |adr: &str| SourceTree::of_texts(texts(adr));
    let good = adr.replace("develper", "developer");
    let (before, none) = load(&tree(&good), &Catalog::empty(), NOW);
    assert_eq!((said(&none), before.specs.len()), (vec![], 3));
    let (after, diagnostics) = load(&tree(adr), &before, NOW);
    assert_eq!(said(&diagnostics), ["docs/adr/1-x.md:8 reference/unknown"]);
    assert!(after.unread[0].kept && after.specs.len() == 3);
    // Front matter that nobody closed keeps what was last read from the file.
    let unclosed = good.replace("\n---\n#", "\n#");
    let (after, diagnostics) = load(&tree(&unclosed), &before, NOW);
    assert_eq!(said(&diagnostics), ["docs/adr/1-x.md:1 markdown/unclosed", "y.yaml:4 reference/unresolved"]);
    assert!(after.specs.len() == 3 && after.doubt(&before).is_none());
    let (after, diagnostics) = load(&tree(&unclosed), &Catalog::empty(), NOW);
    assert_eq!(said(&diagnostics), ["docs/adr/1-x.md:1 markdown/unclosed", "y.yaml:4 reference/unresolved"]);
    assert_eq!((after.wanting().len(), after.specs.unread().files.len()), (1, 1));
}
