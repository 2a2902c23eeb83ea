//! A seeded corpus of valid specs, about 1.1 KB a file: 40% SLO, 25% Decision, 20% Assignment, 15% ApprovalPolicy, and the
//! roles, agents and services that they refer to. The same seed gives the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

/// The roles that the specs name. Assignment number `i` is to role `i` modulo their number, so that rows can agree with it.
pub(crate) const ROLES: [&str; 8] =
    ["monitor", "triage", "architect", "developer", "qa", "security", "product-owner", "operator"];

/// The task types that service levels are about: `type-0` and so on.
pub(crate) const TYPES: usize = 2000;

/// The first assignment's place among twenty files.
pub(crate) const FIRST_ASSIGNMENT: usize = 13;

const WORDS: [&str; 40] = [
    "service",
    "latency",
    "checkout",
    "error",
    "budget",
    "burn",
    "window",
    "replica",
    "deploy",
    "rollback",
    "queue",
    "worker",
    "shard",
    "index",
    "cache",
    "token",
    "review",
    "owner",
    "agent",
    "task",
    "drift",
    "spec",
    "merge",
    "branch",
    "commit",
    "gate",
    "policy",
    "approve",
    "human",
    "escalate",
    "page",
    "alert",
    "metric",
    "threshold",
    "objective",
    "release",
    "canary",
    "backlog",
    "tenant",
    "region",
];

/// Numbers that look random and are the same at every run (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) const fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn sentence(&mut self, words: usize) -> String {
        let mut text: Vec<&str> = (0..words).map(|_| self.pick(&WORDS)).collect();
        text.insert(0, "The");
        text.join(" ") + "."
    }

    fn block(&mut self, indent: usize, lines: usize) -> String {
        let line = |_| {
            let words = 7 + self.below(5);
            " ".repeat(indent) + &self.sentence(words)
        };
        (0..lines).map(line).collect::<Vec<_>>().join("\n")
    }
}

/// The folders of the specs, by kind: a peer that knows one schema at a time is run once for each.
pub(crate) const KINDS: [(&str, &str); 4] =
    [("slo", "slo"), ("decision", "decision"), ("assignment", "assignment"), ("approval", "approvalpolicy")];

/// Writes `count` files and what they refer to below `folder/specs`, and an `abide.toml`. Leaves a corpus that is there already.
pub(crate) fn write(folder: &Path, count: usize) -> PathBuf {
    let done = folder.join(".complete");
    if done.exists() {
        return folder.to_owned();
    }
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    let mut r = Random::new(1);
    let put = |path: &str, text: String| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("abide.toml", "[specs]\nowner = \"role/triage\"\n".into());
    put("specs/roles.yaml", ROLES.map(|name| role(&mut r, name)).join("---\n"));
    put("specs/agents.yaml", ROLES.map(agent).join("---\n"));
    put("specs/services.yaml", (0..50).map(|i| service(&mut r, i)).collect::<Vec<_>>().join("---\n"));
    for i in 0..count {
        let (kind, text) = spec(&mut r, i);
        put(&format!("specs/{kind}/{:04}/{kind}-{i:06}.yaml", i / 500), text);
    }
    fs::write(done, "").unwrap();
    folder.to_owned()
}

/// The path of the decision nearest at or after number `i`.
pub(crate) fn decision_path(i: usize) -> String {
    let i = i / 20 * 20 + 8 + i % 5;
    format!("specs/decision/{:04}/decision-{i:06}.yaml", i / 500)
}

fn spec(r: &mut Random, i: usize) -> (&'static str, String) {
    match i % 20 {
        0..8 => ("slo", slo(r, i)),
        8..FIRST_ASSIGNMENT => ("decision", decision(r, i)),
        FIRST_ASSIGNMENT..17 => ("assignment", assignment(r, i)),
        _ => ("approval", approval(r, i)),
    }
}

fn role(r: &mut Random, name: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {{name: {name}}}\nspec: {{description: {}, mayApprove: true}}\n",
        r.sentence(5)
    )
}

fn agent(role: &str) -> String {
    let one = |k| {
        format!(
            "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {{name: {role}-{k}}}\nspec: {{human: true, roles: [{role}], maxConcurrency: 4}}\n"
        )
    };
    [1, 2].map(one).join("---\n")
}

fn service(r: &mut Random, i: usize) -> String {
    let description = r.sentence(5);
    format!(
        "apiVersion: openslo/v1\nkind: Service\nmetadata: {{name: svc-{i:03}}}\nspec: {{description: {description}}}\n"
    )
}

fn slo(r: &mut Random, i: usize) -> String {
    let t = r.below(TYPES);
    let name = r.sentence(4);
    let (team, text, service) = (r.below(40), r.block(4, 3), r.below(50));
    let (days, word, target) =
        (r.pick(&["7", "14", "28", "30"]), r.pick(&WORDS), r.pick(&["0.9", "0.95", "0.99", "0.995"]));
    format!(
        r#"apiVersion: openslo/v1
kind: SLO
metadata:
  name: slo-{i:06}
  displayName: "{name}"
  labels:
    team: team-{team}
    env: [prod, staging]
spec:
  description: |
{text}
  service: svc-{service:03}
  indicator:
    metadata:
      name: sli-{i:06}
    spec:
      ratioMetric:
        counter: true
        good:
          metricSource:
            type: abide.dev/tasks
            spec:
              select: {{types: [type-{t}], status: [completed]}}
        total:
          metricSource:
            type: abide.dev/tasks
            spec:
              select: {{types: [type-{t}], status: [completed, failed]}}
  timeWindow:
    - duration: {days}d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - displayName: {word}
      target: {target}
"#
    )
}

fn decision(r: &mut Random, i: usize) -> String {
    let link = if i >= 20 { format!("\n  relatesTo: [adr-{:06}]", i - 20) } else { String::new() };
    let (title, team, owner) = (r.sentence(6), r.below(40), r.pick(&ROLES));
    let status = r.pick(&["proposed", "accepted", "rejected", "deprecated"]);
    let (month, day) = (1 + r.below(10), 1 + r.below(28));
    let (context, decided) = (r.block(4, 4), r.block(4, 2));
    let [a, b, c, d, e, f, g] = std::array::from_fn(|_| r.sentence(5));
    format!(
        r#"apiVersion: abide.dev/v1
kind: Decision
metadata:
  name: adr-{i:06}
  title: "{title}"
  labels: {{team: team-{team}}}
  owner: role/{owner}
spec:
  status: {status}
  date: 2026-{month:02}-{day:02}
  deciders: [role/architect]
  context: |
{context}
  drivers:
    - {a}
    - {b}
  options:
    - title: option a
      good: ["{c}"]
      bad: ["{d}"]
    - title: option b
      good: ["{e}"]
  decision: |
{decided}
  consequences: {{good: ["{f}"], bad: ["{g}"]}}{link}
"#
    )
}

fn assignment(r: &mut Random, i: usize) -> String {
    let (title, team, note, role) = (r.sentence(8), r.below(40), r.block(6, 5), ROLES[i % ROLES.len()]);
    let (most, each) = (5 + r.below(45), 1 + r.below(4));
    format!(
        r#"apiVersion: abide.dev/v1
kind: Assignment
metadata:
  name: asg-{i:06}
  title: "{title}"
  labels: {{team: team-{team}}}
  annotations:
    note: >-
{note}
spec:
  select: {{types: [kind-{i}], severity: ">=low"}}
  to: role/{role}
  wip: {{max: {most}, perAgent: {each}}}
  sla:
    critical: {{claim: 15m, finish: 4h}}
    high: {{claim: 1h, finish: 1d}}
  escalate:
    - {{after: 30m, to: role/architect}}
    - {{after: 4h, to: role/product-owner}}
  onDrift: task
"#
    )
}

fn approval(r: &mut Random, i: usize) -> String {
    let (title, team, note, days) = (r.sentence(8), r.below(40), r.block(6, 5), r.pick(&["7", "14", "30"]));
    format!(
        r#"apiVersion: abide.dev/v1
kind: ApprovalPolicy
metadata:
  name: app-{i:06}
  title: "{title}"
  labels: {{team: team-{team}}}
  annotations:
    note: >-
{note}
spec:
  select: {{types: [kind-{i}], severity: ">=medium"}}
  require:
    all:
      - {{role: product-owner, count: 1, human: true}}
      - any:
          - {{role: architect, count: 1}}
          - {{role: security, count: 2}}
  exclude: [author, requester, assignee]
  bind: content
  validFor: {days}d
  timeout:
    - {{after: 4h, escalate: role/architect}}
    - {{after: 48h, verdict: deny}}
"#
    )
}
