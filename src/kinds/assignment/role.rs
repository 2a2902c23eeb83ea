//! `assignment/role`: an open task is with the role that its assignment names.

use super::{assignment, owns, severity_of};
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{Change, Code, Kind, NoAnswer, Observed, Rule, Scope, SpecId, Subject, Task, TaskStatus};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AssignmentRole,
    kind: Some(Kind::Assignment),
    applies: |_| true,
    asks: |case| assignment(case).map_or_else(Vec::new, |a| case.task_questions(&a.select.0, Scope::Open)),
    judge,
    means: "An open task is with the role that its assignment names. A task without a role is unassigned; one without \
            an agent yet is not drift, nor is one of an agent that a backup which the agent's spec names has taken. One \
            remediation task for each assignment lists all its tasks.",
};

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let Some(assignment) = assignment(case) else { return Ok(()) };
    let Some(wanted) = assignment.to.id(None) else { return Ok(()) };
    if !case.policy.tells.role && wanted.kind == Kind::Role {
        let reason = "the table does not tell the role of a task: abide.toml maps no `tasks.columns.role`";
        return Err(NoAnswer { reason: reason.into(), since: asked.now });
    }
    case.judge_tasks(asked, &assignment.select.0, Scope::Open, findings, |task, findings| {
        let holder = match wanted.kind {
            Kind::Agent => &task.agent,
            _ => &task.role,
        };
        let right = holder
            .as_deref()
            .is_some_and(|holder| holder == wanted.name.as_str() || stands_in(case, task, &wanted, holder));
        // An assignment to one agent cannot be wrong before anybody has taken the task.
        let untaken = wanted.kind == Kind::Agent && task.agent.is_none();
        if right || untaken || !owns(case, task, findings, asked.now) {
            return None;
        }
        let mut drift = case.drift(seen(case, task, &wanted.to_string(), holder.as_deref()), asked.now);
        // Nobody but an agent itself takes a task, so only a role is given.
        drift.observed = (wanted.kind == Kind::Role).then(|| Observed {
            change: Change::Role { from: task.role.clone(), to: wanted.name.as_str().into() },
            agent: task.agent.clone(),
        });
        Some(drift)
    })
}

/// Whether a task is held by somebody who takes over from the agent that it is for. One that only waits for them is not: as long
/// as that agent is there, nobody could take it.
fn stands_in(case: &Case<'_>, task: &Task, wanted: &SpecId, holder: &str) -> bool {
    let spec = case.specs.get(wanted).map(|spec| &spec.body);
    task.status != TaskStatus::Pending && matches!(spec, Some(Body::Agent(agent)) if agent.is_backed_by(holder))
}

fn seen(case: &Case<'_>, task: &Task, wanted: &str, holder: Option<&str>) -> Seen {
    let name = case.spec.map_or_else(String::new, |spec| spec.id.name.to_string());
    Seen {
        subject: Subject::task(&task.id),
        code: if holder.is_some() { Code::AssignmentWrongRole } else { Code::AssignmentUnassigned },
        severity: severity_of(task),
        title: format!("tasks of {name} are not with {wanted}"),
        desired: format!("{} tasks are with {wanted}", task.kind),
        question: format!("which open tasks that {name} selects are not with {wanted}?"),
        answer: match holder {
            Some(holder) => format!("task {} ({}) is with {holder}", task.id, task.title),
            None => format!("task {} ({}) is with nobody", task.id, task.title),
        },
        how: format!("give the listed tasks to {wanted}"),
        verify: format!("every open task that {name} selects is with {wanted}"),
    }
}
