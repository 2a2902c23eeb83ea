//! `assignment/none`: an open task is selected by exactly one assignment.

use super::severity_of;
use crate::kinds::{Asked, Assigned, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Kind, NoAnswer, Rule, Scope, Selector, Standing, Subject, Task};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AssignmentNone,
    kind: None,
    applies: |case| case.specs.of_kind(Kind::Assignment).next().is_some(),
    asks: |case| case.task_questions(&Selector::default(), Scope::Open),
    judge,
    means: "As soon as the catalog has any assignment, every open task that is not Abide's own is selected by one. Of \
            several that select it, the one with most fields given wins; a tie is ambiguous.",
};

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let unsure = case.specs.may_miss(Kind::Assignment);
    case.judge_tasks(asked, &Selector::default(), Scope::Open, findings, |task, findings| {
        if let Some(at) = case.specs.reassigned(task, asked.now) {
            findings.due(at);
        }
        let tied = match case.specs.assigned(task, asked.now) {
            Assigned::By(_) => return None,
            Assigned::No => match &unsure {
                None => Vec::new(),
                Some(reason) => {
                    let none = NoAnswer { reason: reason.clone(), since: asked.now };
                    findings.stands(Subject::task(&task.id), Standing::Unknown(none));
                    return None;
                }
            },
            Assigned::Tied(specs) => specs.iter().map(|spec| spec.id.to_string()).collect(),
        };
        Some(case.drift(seen(task, &tied), asked.now))
    })
}

fn seen(task: &Task, tied: &[String]) -> Seen {
    let (code, title, answer, how) = if tied.is_empty() {
        (
            Code::AssignmentNone,
            format!("no assignment selects task {} ({}): {}", task.id, task.kind, task.title),
            format!("no assignment selects task {} of type {}", task.id, task.kind),
            format!(
                "add an assignment that selects the type {} (abide new assignment), or correct the task",
                task.kind
            ),
        )
    } else {
        (
            Code::AssignmentAmbiguous,
            format!("several assignments select task {} ({}) equally: {}", task.id, task.kind, task.title),
            format!("task {} is selected equally by {}", task.id, tied.join(" and ")),
            format!("give one of {} one more field, so that it is more specific", tied.join(" and ")),
        )
    };
    Seen {
        subject: Subject::task(&task.id),
        code,
        severity: severity_of(task),
        title,
        desired: "every open task is selected by exactly one assignment".into(),
        question: format!("which assignments select task {} ({})?", task.id, task.title),
        answer,
        how,
        verify: format!("one assignment selects task {}, or it is not open any more", task.id),
    }
}
