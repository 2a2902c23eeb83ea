//! `assignment/priority`: an open task is as urgent as its assignment says.

use super::{assignment, owns, severity_of};
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Change, Code, Kind, NoAnswer, Observed, Rule, Scope, Severity, Subject, Task};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AssignmentPriority,
    kind: Some(Kind::Assignment),
    applies: |case| assignment(case).is_some_and(|a| a.severity.is_some()),
    asks: |case| assignment(case).map_or_else(Vec::new, |a| case.task_questions(&a.select.0, Scope::Open)),
    judge,
    means: "An open task has the severity that its assignment names, where it names one and the table tells priorities. \
            One remediation task for each assignment lists all its tasks.",
};

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let Some(assignment) = assignment(case) else { return Ok(()) };
    let Some(wanted) = assignment.severity else { return Ok(()) };
    if !case.policy.tells.says(wanted) {
        let reason = format!(
            "the table cannot say that a task is {wanted}: abide.toml maps no `tasks.columns.priority`, or no value of it \
             under [tasks.severity] that is read as {wanted}"
        );
        return Err(NoAnswer { reason: reason.into(), since: asked.now });
    }
    case.judge_tasks(asked, &assignment.select.0, Scope::Open, findings, |task, findings| {
        if task.severity == wanted || !owns(case, task, findings, asked.now) {
            return None;
        }
        let mut drift = case.drift(seen(case, task, wanted), asked.now);
        let change = Change::Severity { from: task.severity, to: wanted };
        drift.observed = Some(Observed { change, agent: task.agent.clone() });
        Some(drift)
    })
}

fn seen(case: &Case<'_>, task: &Task, wanted: Severity) -> Seen {
    let name = case.spec.map_or_else(String::new, |spec| spec.id.name.to_string());
    Seen {
        subject: Subject::task(&task.id),
        code: Code::AssignmentWrongSeverity,
        severity: severity_of(task),
        title: format!("tasks of {name} are not of severity {wanted}"),
        desired: format!("{} tasks are of severity {wanted}", task.kind),
        question: format!("which open tasks that {name} selects are not of severity {wanted}?"),
        answer: format!("task {} ({}) is of severity {}", task.id, task.title, task.severity),
        how: format!("give the listed tasks the severity {wanted}"),
        verify: format!("every open task that {name} selects is of severity {wanted}"),
    }
}
