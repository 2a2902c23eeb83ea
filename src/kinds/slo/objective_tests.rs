//! The rule on whole specs and tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::objective::RULE;
use super::state::{State, known};
use super::target::targets;
use crate::kinds::{Asked, Body, Case, Findings, Spec, Specs, Unread, read};
use crate::model::{
    Answer, Answers, Code, Content, Duration, NoAnswer, Policy, Rule, Severity, Standing, Subject, Task, TaskId,
    TaskStatus, Timestamp,
};
use crate::yaml::parse;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

const SLO: &str = "apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes, displayName: Fixes hold, labels: {team: core}}
spec:
  service: agents
  indicator:
    metadata: {name: a}
    spec:
      ratioMetric:
        good: {metricSource: {type: Abide.dev/Tasks, spec: {select: {types: [fix], status: [completed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix], status: [completed, failed]}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.95}]
";

fn specs(text: &str) -> Specs {
    let parsed = parse(text);
    let read = |node| {
        let document = read(node, &Arc::from("a.yaml"), &Arc::from(text));
        assert!(!document.has_errors(), "{:?}", document.problems);
        document.spec
    };
    Specs::new(parsed.documents.iter().filter_map(read).collect::<Vec<Arc<Spec>>>(), Unread::default())
}

/// A task that finished so many seconds ago, after so many minutes.
fn task(id: usize, ago: u64, took: u64, good: bool) -> Arc<Task> {
    let finished = NOW.minus(Duration::from_secs(ago));
    Arc::new(Task {
        id: TaskId::from(id as i64),
        kind: "fix".into(),
        title: "fix".into(),
        role: None,
        agent: None,
        author: None,
        status: if good { TaskStatus::Completed } else { TaskStatus::Failed },
        severity: Severity::Medium,
        labels: BTreeMap::new(),
        created: finished.minus(Duration::from_mins(took)),
        claimed: None,
        started: None,
        finished: Some(finished),
        approvals: Vec::new(),
        record: None,
        content: Content::titled(""),
        own: false,
    })
}

struct Judged {
    findings: Findings,
    state: State,
}

impl Judged {
    fn code(&self) -> Option<(Code, Severity)> {
        match self.findings.findings.get(&Subject::objective(0)) {
            Some(Standing::Drift(drift)) => Some((drift.code, drift.severity)),
            _ => None,
        }
    }

    fn reason(&self) -> String {
        match self.findings.findings.get(&Subject::objective(0)) {
            Some(Standing::Unknown(none)) => none.reason.to_string(),
            other => format!("{other:?}"),
        }
    }
}

/// Judges the SLO of that text over these tasks.
fn judged(text: &str, tasks: &[Arc<Task>]) -> Judged {
    let specs = specs(text);
    let (policy, watched) = (Policy::default(), BTreeSet::new());
    let spec = specs.iter().find(|spec| spec.id.to_string() == "slo/fixes");
    let case = Case { rule: Rule::SloObjective, spec, specs: &specs, policy: &policy, watched: &watched };
    let mut answers = Answers::default();
    for question in (RULE.asks)(&case) {
        let mut answer = Answer::empty(&question).unwrap();
        tasks.iter().for_each(|task| answer.add(&question, task));
        answers.put(Arc::new(question), Ok(answer));
    }
    let asked = Asked { answers: &answers, now: NOW };
    let mut findings = Findings::default();
    (RULE.judge)(&case, &asked, &mut findings).unwrap();
    Judged { state: state_of(&case, &asked), findings }
}

fn state_of(case: &Case<'_>, asked: &Asked<'_>) -> State {
    let (Some(spec), Some(Body::Slo(slo))) = (case.spec, case.body()) else { panic!("no SLO") };
    known(&targets(case.specs, spec, slo)[0], asked).state
}

/// So many tasks, every so many seconds back from `ago`, so many of them bad (the oldest).
fn tasks(total: usize, bad: usize, ago: u64, every: u64) -> Vec<Arc<Task>> {
    (0..total).map(|n| task(n, ago + n as u64 * every, 1, n + bad < total)).collect()
}

#[test]
fn the_target_itself_is_met() {
    let met = judged(SLO, &tasks(100, 5, 86_400 * 8, 60));
    assert_eq!((met.code(), &met.state), (None, &State::Healthy));
    let missed = judged(SLO, &tasks(100, 6, 86_400 * 8, 60));
    assert_eq!((missed.code(), &missed.state), (Some((Code::SloBudgetSpent, Severity::High)), &State::Exhausted));
    let drift = match &missed.findings.findings[&Subject::objective(0)] {
        Standing::Drift(drift) => drift.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(drift.title, "Fixes hold: the error budget is spent");
    assert!(drift.evidence.answer.contains("94 of 100"), "{}", drift.evidence.answer);
    assert_eq!(drift.place.as_ref().map(|place| place.line), Some(14));
}

#[test]
fn nine_events_are_too_young_and_none_is_no_traffic() {
    assert_eq!(judged(SLO, &tasks(9, 9, 0, 1)).state, State::TooYoung);
    assert_eq!(judged(SLO, &tasks(9, 9, 0, 1)).code(), None);
    let none = judged(SLO, &[]);
    assert_eq!((none.code(), none.findings.due, &none.state), (None, None, &State::NoTraffic));
}

#[test]
fn a_fast_burn_is_critical_and_a_blip_is_none() {
    let mut busy = tasks(3000, 0, 3700, 800);
    busy.extend((0..58).map(|n| task(5000 + n, 60 + n as u64 * 60, 1, n % 5 != 0)));
    // 20 percent bad in the last hour is four times the budget of 5 percent: under every factor but the slow ones.
    assert_eq!(judged(SLO, &busy).code(), None);
    busy.extend((0..300).map(|n| task(6000 + n, 30 + n as u64 * 10, 1, false)));
    assert_eq!(judged(SLO, &busy).code().map(|(_, severity)| severity), Some(Severity::Critical));
    let mut blip = tasks(2000, 0, 390, 120);
    blip.extend((0..4).map(|n| task(5000 + n, 30 + n as u64 * 60, 1, false)));
    assert_eq!(judged(SLO, &blip).code(), None);
}

#[test]
fn a_policy_sets_other_burn_rates() {
    let mut few = tasks(1000, 0, 7200, 60);
    few.extend((0..20).map(|n| task(5000 + n, n as u64 * 60, 1, n % 4 != 0)));
    assert_eq!(judged(SLO, &few).code(), None);
    let policy = |slos: &str| {
        format!(
            "{SLO}---\napiVersion: abide.dev/v1\nkind: ErrorBudgetPolicy\nmetadata: {{name: strict}}\nspec:\n  slos: {slos}\n  burnRates: [{{factor: 2, long: 1h, short: 30m, severity: low}}]\n"
        )
    };
    let burning = Some((Code::SloBurning, Severity::Low));
    assert_eq!(judged(&policy("[fixes]"), &few).code(), burning);
    assert_eq!(judged(&policy("{labels: {team: core}}"), &few).code(), burning);
    assert_eq!(judged(&policy("{labels: {team: other}}"), &few).code(), None);
}

#[test]
fn bad_events_and_durations_are_measured_too() {
    let bad = SLO.replace("good:", "bad:").replacen("status: [completed]", "status: [failed]", 1);
    assert_eq!(judged(&bad, &tasks(100, 6, 86_400 * 8, 60)).code().map(|(code, _)| code), Some(Code::SloBudgetSpent));
    assert_eq!(judged(&bad, &tasks(100, 5, 86_400 * 8, 60)).code(), None);
    let (head, rest) = SLO.split_once("      ratioMetric").unwrap();
    let (_, tail) = rest.split_once("  timeWindow").unwrap();
    let measure = "      thresholdMetric:\n        metricSource: {type: abide.dev/tasks, spec: {select: {types: [fix]}, measure: created-to-finished, unit: minutes}}\n";
    let quick = format!("{head}{measure}  timeWindow{tail}").replace("target: 0.95", "target: 0.95, op: lt, value: 30");
    let slow = |bad: usize| -> Vec<_> {
        (0..100).map(|n| task(n, 86_400 * 8 + n as u64, if n < bad { 30 } else { 29 }, true)).collect()
    };
    assert_eq!(judged(&quick, &slow(5)).code(), None);
    assert_eq!(judged(&quick, &slow(6)).code().map(|(code, _)| code), Some(Code::SloBudgetSpent));
    assert_eq!(judged(&quick.replace("op: lt,", "op: lte,"), &slow(6)).code(), None);
}

#[test]
fn references_are_followed() {
    let (head, rest) = SLO.split_once("  indicator:").unwrap();
    let (_, tail) = rest.split_once("  timeWindow").unwrap();
    let source = |status: &str| {
        format!("{{metricSource: {{metricSourceRef: live, spec: {{select: {{types: [fix], status: [{status}]}}}}}}}}")
    };
    let text = format!(
        "{head}  indicatorRef: a\n  timeWindow{tail}---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {{name: a}}\nspec: {{ratioMetric: {{good: {}, total: {}}}}}\n---\napiVersion: openslo/v1\nkind: DataSource\nmetadata: {{name: live}}\nspec: {{type: abide.dev/tasks}}\n",
        source("completed"),
        source("completed, failed")
    );
    assert_eq!(judged(&text, &tasks(100, 6, 86_400 * 8, 60)).code().map(|(code, _)| code), Some(Code::SloBudgetSpent));
    let elsewhere = text.replace("{type: abide.dev/tasks}", "{type: datadog}");
    assert!(judged(&elsewhere, &[]).reason().contains("no source of type `datadog`"));
}

#[test]
fn what_cannot_be_evaluated_is_unknown_and_says_why() {
    let cases = [
        ("abide.dev/tasks", "datadog", "not evaluated: Abide asks no source of type `datadog`"),
        ("abide.dev/tasks", "prometheus", "cannot be evaluated: both metrics of its ratio"),
        ("status: [completed]", "createdWithin: 1d", "cannot be evaluated: `createdWithin`"),
        ("  timeWindow: [{duration: 30d, isRolling: true}]\n", "", "cannot be evaluated: it has no timeWindow"),
    ];
    for (from, to, why) in cases {
        let judged = judged(&SLO.replacen(from, to, 1), &tasks(100, 50, 0, 60));
        assert!(judged.reason().starts_with(why), "{}", judged.reason());
        assert!(matches!(judged.state, State::NotEvaluated(_) | State::CannotEvaluate(_)), "{:?}", judged.state);
    }
}

#[test]
fn silence_is_no_answer() {
    let specs = specs(SLO);
    let (policy, watched, answers) = (Policy::default(), BTreeSet::new(), Answers::default());
    let spec = specs.iter().next();
    let case = Case { rule: Rule::SloObjective, spec, specs: &specs, policy: &policy, watched: &watched };
    let asked = Asked { answers: &answers, now: NOW };
    assert!(matches!(state_of(&case, &asked), State::NoAnswer(NoAnswer { .. })));
}

#[test]
fn it_is_due_when_something_leaves_and_not_too_soon() {
    let day = 86_400;
    let due = judged(SLO, &tasks(20, 1, 8 * day, 60)).findings.due.unwrap();
    let oldest = NOW.minus(Duration::from_secs(8 * day + 19 * 60));
    assert_eq!(due, oldest.plus(Duration::from_days(30)));
    assert_eq!(judged(SLO, &tasks(20, 0, 8 * day, 60)).findings.due, None);
    let soon = judged(SLO, &tasks(20, 1, 30 * day - 20 * 60, 60)).findings.due.unwrap();
    assert_eq!(soon, NOW.plus(Duration::from_secs(60)));
}
