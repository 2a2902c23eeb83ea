//! What the rules find of single tasks, and when they want to look again.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{Asking, Catalog, Keys, SourceTree, judge, load};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Answer, Answers, CaseVerdict, Content, Drift, Duration, Policy, Question, Severity, Standing, Subject, Task,
    TaskStatus, Timestamp,
};

const CREATED: Timestamp = Timestamp::from_secs(1_772_000_000);

fn read(assignment: &str) -> (Catalog, Vec<Diagnostic>) {
    let role =
        |name: &str| format!("apiVersion: abide.dev/v1\nkind: Role\nmetadata: {{name: {name}}}\nspec: {{}}\n---\n");
    let head = "apiVersion: abide.dev/v1\nkind: Assignment\nmetadata: {name: fixes}\nspec:\n  select: {types: [fix]}\n";
    let text = role("developer") + &role("architect") + &role("cto") + head + "  to: role/developer\n" + assignment;
    load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), CREATED)
}

fn task() -> Task {
    Task {
        id: "1".into(),
        kind: "fix".into(),
        title: "a bug".into(),
        role: Some("developer".into()),
        agent: None,
        author: None,
        status: TaskStatus::Pending,
        severity: Severity::Medium,
        labels: BTreeMap::new(),
        created: CREATED,
        claimed: None,
        started: None,
        finished: None,
        approvals: Vec::new(),
        record: None,
        content: Content::titled(""),
        own: false,
    }
}

/// The one drift of a task under an assignment so long after its creation, and when time alone may change what was found.
fn found(assignment: &str, task: &Task, age: Duration) -> (Option<Arc<Drift>>, Option<Timestamp>) {
    let (catalog, said) = read(assignment);
    assert_eq!(said, []);
    let (keys, policy) = (Keys::default(), Policy::default());
    let mut answers = Answers::default();
    for question in Asking::of(&catalog, &keys, &policy).questions().iter() {
        if matches!(**question, Question::Tasks { .. }) {
            let rows = [(task.id.clone(), Arc::new(task.clone()))].into_iter().collect();
            answers.put(question.clone(), Ok(Answer::Tasks(rows)));
        }
    }
    let verdicts = judge(&catalog, &answers, &keys, &policy, CREATED.plus(age));
    let drifts: Vec<_> = verdicts.drifts().cloned().collect();
    assert!(drifts.len() <= 1, "{drifts:?}");
    (drifts.into_iter().next(), verdicts.due())
}

const CHAIN: &str = "  sla: {medium: {claim: 1h, finish: 3h}}
  escalate: [{after: 30m, to: role/architect}, {after: 2h, to: role/cto}]
";

/// Who gets the task, and after which time from its creation the rule looks again.
fn escalated(task: &Task, age: Duration) -> (Option<String>, Option<Duration>) {
    let (drift, due) = found(CHAIN, task, age);
    (drift.and_then(|drift| Some(drift.owner.as_ref()?.to_string())), due.map(|due| due.since(CREATED)))
}

#[test]
fn a_missed_limit_goes_from_step_to_step_and_each_is_waited_for() {
    let after = |minutes: u64| Duration::from_millis(minutes * 60_000 + 1);
    let to = |role: &str| Some(format!("role/{role}"));
    let table = [
        (Duration::from_mins(60), None, Some(after(60))),
        (after(60), to("developer"), Some(after(90))),
        (Duration::from_mins(90), to("developer"), Some(after(90))),
        (after(90), to("architect"), Some(after(180))),
        (after(180), to("cto"), None),
    ];
    for (age, owner, due) in table {
        assert_eq!(escalated(&task(), age), (owner, due), "{age}");
    }
}

#[test]
fn a_claimed_task_counts_from_its_missed_finish() {
    let claimed = Task { agent: Some("dev-1".into()), ..task() };
    let (owner, due) = escalated(&claimed, Duration::from_mins(181));
    assert_eq!(owner.as_deref(), Some("role/developer"));
    assert_eq!(due, Some(Duration::from_millis(210 * 60_000 + 1)));
}

#[test]
fn an_escalated_drift_says_when_and_why() {
    let (drift, _) = found(CHAIN, &task(), Duration::from_mins(100));
    let answer = "it is pending, 1h 40m old, with nobody; escalated to role/architect at 2026-02-25T07:43:20Z, 30m after the \
                  limit was missed at 2026-02-25T07:13:20Z";
    assert_eq!(drift.unwrap().evidence.answer, answer);
}

#[test]
fn steps_out_of_order_are_told_at_their_place() {
    let (_, said) = read("  escalate:\n    - {after: 2h, to: role/architect}\n    - {after: 2h, to: role/cto}\n");
    let said: Vec<_> = said.iter().map(|said| (said.problem.span.line, said.problem.message.as_str())).collect();
    assert_eq!(said, [(24, "this step comes after 2h, and the one before it after 2h")]);
}

#[test]
fn a_step_to_nobody_is_told() {
    let (_, said) = read("  escalate: [{after: 2h, to: role/archtect}]\n");
    assert_eq!(said.iter().map(|said| said.problem.entry.code).collect::<Vec<_>>(), ["reference/unknown"]);
}

#[test]
fn what_the_priority_of_a_table_cannot_say_is_unknown() {
    let (catalog, _) = read("  severity: high\n");
    let mut policy = Policy::default();
    policy.tells.priority = [true, true, false, true];
    let verdicts = judge(&catalog, &Answers::default(), &Keys::default(), &policy, CREATED);
    let reasons: Vec<_> =
        verdicts.unknown().map(|(case, _, none)| (case.rule.word(), none.reason.to_string())).collect();
    let of_priority = reasons.iter().find(|(rule, _)| *rule == "assignment/priority").unwrap();
    assert!(of_priority.1.starts_with("the table cannot say that a task is high: abide.toml maps no"), "{reasons:?}");
}

#[test]
fn a_wrong_severity_says_what_to_write() {
    let (drift, _) = found("  severity: high\n", &task(), Duration::default());
    let drift = drift.unwrap();
    let change = &drift.observed.as_ref().unwrap().change;
    assert_eq!((&drift.subject, change.to_string().as_str()), (&Subject::task(&"1".into()), "medium -> high"));
    assert_eq!(drift.evidence.answer, "task 1 (a bug) is of severity medium");
    let right = Task { severity: Severity::High, ..task() };
    assert_eq!(found("  severity: high\n", &right, Duration::default()).0, None);
}

#[test]
fn a_task_that_an_agent_should_hold_is_nothing_that_abide_writes() {
    let (catalog, said) = load(
        &SourceTree::of_texts([(
            "specs/a.yaml",
            "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: dev-1}\nspec: {}\n---\napiVersion: abide.dev/v1\n\
             kind: Assignment\nmetadata: {name: fixes}\nspec: {select: {types: [fix]}, to: agent/dev-1, onDrift: enforce}\n",
        )]),
        &Catalog::empty(),
        CREATED,
    );
    assert_eq!(said, []);
    let mut answers = Answers::default();
    let held = Task { agent: Some("dev-2".into()), ..task() };
    for question in Asking::of(&catalog, &Keys::default(), &Policy::default()).questions().iter() {
        let rows = [(held.id.clone(), Arc::new(held.clone()))].into_iter().collect();
        answers.put(question.clone(), Ok(Answer::Tasks(rows)));
    }
    let verdicts = judge(&catalog, &answers, &Keys::default(), &Policy::default(), CREATED);
    let role =
        verdicts.cases.iter().find(|(case, _)| case.rule.word() == "assignment/role").map(|(_, verdict)| verdict);
    let Some(CaseVerdict::Judged { findings, .. }) = role else { panic!("{verdicts:?}") };
    let Some(Standing::Drift(drift)) = findings.get(&Subject::task(&"1".into())) else { panic!("{findings:?}") };
    assert_eq!(drift.observed, None);
}
