//! `assignment/wip`: no more tasks of an assignment run at once than may.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Wip, assignment, owns};
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Kind, NoAnswer, Question, Rule, Scope, Severity, Subject, Task, TaskStatus};

/// So many tasks are named in the text of a drift.
const MOST_NAMED: usize = 20;

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AssignmentWip,
    kind: Some(Kind::Assignment),
    applies: |case| limits(case).is_some_and(|wip| wip.max.is_some() || wip.per_agent.is_some()),
    asks: |case| question(case).into_iter().collect(),
    judge,
    means: "Of the tasks that belong to an assignment, no more run at once than `wip.max` says, and no agent runs more of \
            them than `wip.perAgent`. Work in progress is what runs: pending and blocked tasks do not count, and neither do \
            Abide's own.",
};

fn limits<'a>(case: &Case<'a>) -> Option<&'a Wip> {
    assignment(case)?.wip.as_ref()
}

fn question(case: &Case<'_>) -> Option<Question> {
    Some(Question::Tasks { select: assignment(case)?.select.0.clone(), scope: Scope::Open })
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(spec), Some(wip), Some(question)) = (case.spec, limits(case), question(case)) else { return Ok(()) };
    if wip.per_agent.is_some() && !case.policy.tells.agent {
        let reason = "the table does not tell who holds a task: abide.toml maps no `tasks.columns.agent`";
        return Err(NoAnswer { reason: reason.into(), since: asked.now });
    }
    let running = running(case, asked, &question, findings)?;
    if let Some(max) = wip.max.filter(|max| running.len() > max.value as usize) {
        let (what, whose) = (Subject::spec(&spec.id), format!("tasks of {}", spec.id.name));
        let how = format!("finish or release some of them, or raise wip.max of {}", spec.id);
        findings.drift(case.drift(seen(what, (&whose, max.value), &running, how), asked.now));
    }
    let Some(each) = wip.per_agent else { return Ok(()) };
    let mut by_agent: BTreeMap<&str, Vec<&Arc<Task>>> = BTreeMap::new();
    for task in running {
        if let Some(agent) = task.agent.as_deref() {
            by_agent.entry(agent).or_default().push(task);
        }
    }
    for (agent, tasks) in by_agent.into_iter().filter(|(_, tasks)| tasks.len() > each.value as usize) {
        let whose = format!("tasks of {} with {agent}", spec.id.name);
        let how = format!("finish, release or hand over some of them, or raise wip.perAgent of {}", spec.id);
        findings.drift(case.drift(seen(Subject::agent(agent), (&whose, each.value), &tasks, how), asked.now));
    }
    Ok(())
}

/// The tasks of the assignment that run.
fn running<'a>(
    case: &Case<'_>,
    asked: &Asked<'a>,
    question: &Question,
    findings: &mut Findings,
) -> Result<Vec<&'a Arc<Task>>, NoAnswer> {
    let Some(assignment) = assignment(case) else { return Ok(Vec::new()) };
    let runs = |task: &&Arc<Task>| {
        task.status == TaskStatus::Running && !task.own && assignment.select.0.matches_at(task, asked.now)
    };
    let rows = asked.tasks(question)?.values();
    Ok(rows.filter(runs).filter(|task| owns(case, task, findings, asked.now)).collect())
}

fn seen(subject: Subject, (whose, limit): (&str, u32), running: &[&Arc<Task>], how: String) -> Seen {
    let named: Vec<String> = running.iter().take(MOST_NAMED).map(|task| task.id.to_string()).collect();
    let more = running.len() - named.len();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Seen {
        subject,
        code: Code::AssignmentOverWip,
        severity: Severity::Medium,
        title: format!("more {whose} run at once than may"),
        desired: format!("of the {whose}, at most {limit} run at once"),
        question: format!("which {whose} run?"),
        answer: format!("{}: {}{more}", running.len(), named.join(", ")),
        how,
        verify: format!("of the {whose}, at most {limit} run"),
    }
}
