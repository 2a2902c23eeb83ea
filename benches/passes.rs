//! How long the parts of a pass take as the specs grow. Nothing may grow faster than its input: compare the rows of one run.

use abide::catalog::{Catalog, Keys, SourceTree, judge, lint, load};
use abide::model::{Answers, Duration, Habits, Ledger, Policy, Timestamp};
use divan::Bencher;

/// How many files; each holds one spec of about 1 KiB.
const FILES: [usize; 3] = [100, 1_000, 10_000];

fn main() {
    divan::main();
}

const fn now() -> Timestamp {
    Timestamp::from_secs(1_795_000_000)
}

/// Decisions of about 1 KiB, the first of them with another title for each `version`.
fn tree(files: usize, version: usize) -> SourceTree {
    let context = "Two agents took the same task, and nobody noticed for a week. ".repeat(12);
    SourceTree::of_texts((0..files).map(|n| {
        let title = if n == 0 { version } else { 0 };
        let text = format!(
            "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: decision-{n}, title: \"Version {title}\"}}\nspec:\n  \
             status: accepted\n  date: 2026-02-15\n  context: |\n    {context}\n  decision: Agents lock files.\n  rules:\n    \
             - {{id: none-left, tasks: {{select: {{types: [kind_{n}]}}, atMost: 0}}}}\n"
        );
        (format!("specs/decision-{n}.yaml"), text)
    }))
}

/// All files are new.
#[divan::bench(args = FILES)]
fn load_all(bencher: Bencher<'_, '_>, files: usize) {
    let tree = tree(files, 0);
    bencher.bench(|| load(&tree, &Catalog::empty(), now()));
}

/// One file has changed.
#[divan::bench(args = FILES)]
fn load_one_changed(bencher: Bencher<'_, '_>, files: usize) {
    let (before, _) = load(&tree(files, 0), &Catalog::empty(), now());
    let after = tree(files, 1);
    bencher.bench(|| load(&after, &before, now()));
}

/// Every case is judged, without any answer.
#[divan::bench(args = FILES)]
fn judge_all(bencher: Bencher<'_, '_>, files: usize) {
    let (catalog, _) = load(&tree(files, 0), &Catalog::empty(), now());
    let (keys, answers) = (Keys::all(&Ledger::default()), Answers::default());
    bencher.bench(|| judge(&catalog, &answers, &keys, &Policy::default(), now()));
}

/// Hints are looked for in service levels that all have one alert policy and an owner.
#[divan::bench(args = FILES)]
fn lint_all(bencher: Bencher<'_, '_>, files: usize) {
    let alerts = "apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: {name: p}\nspec:\n  alertWhenBreaching: true\n  conditions:\n    \
         - {kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate, op: gt, threshold: 2, lookbackWindow: 1h}}}\n";
    let levels = (0..files).map(|n| (format!("specs/level-{n}.yaml"), level(n)));
    let tree = SourceTree::of_texts(levels.chain([("specs/alerts.yaml".to_owned(), alerts.to_owned())]));
    let (catalog, _) = load(&tree, &Catalog::empty(), now());
    let habits = Habits { owner: "role/triage".parse().ok(), kept: Some(Duration::from_days(90)) };
    assert_eq!(lint(&catalog, &habits), []);
    bencher.bench(|| lint(&catalog, &habits));
}

fn level(n: usize) -> String {
    let metric = "{metricSource: {type: abide.dev/tasks, spec: {select: {types: [a]}}}}";
    format!(
        "apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: level-{n}}}\nspec:\n  service: web\n  indicator: {{metadata: {{name: i}}, \
         spec: {{ratioMetric: {{good: {metric}, total: {metric}}}}}}}\n  timeWindow: [{{duration: 30d, isRolling: true}}]\n  \
         budgetingMethod: Occurrences\n  objectives: [{{target: 0.95}}]\n  alertPolicies: [p]\n"
    )
}
