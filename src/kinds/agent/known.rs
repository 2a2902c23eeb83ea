//! `agent/known`: whoever holds open work or reports is declared.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{
    ABIDE, Code, Duration, Kind, Name, NoAnswer, Question, Rule, Scope, Selector, Severity, SpecId, Standing, Subject,
    TaskId,
};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AgentKnown,
    kind: None,
    applies: |case| case.specs.of_kind(Kind::Agent).next().is_some(),
    asks: |_| vec![Question::Heartbeats, open()],
    judge,
    means: "Everybody who holds an open task or reports a heartbeat is declared by an Agent spec, as soon as the \
            catalog declares any agent. A report counts for a day: whoever is silent for longer works no more. One drift \
            stands for the agent, none for its tasks.",
};

/// How long a report shows that somebody works. Whoever has been silent for longer is a row that nobody removed, not somebody
/// at work.
const AT_WORK: Duration = Duration::from_days(1);

fn open() -> Question {
    Question::Tasks { select: Selector::everything(), scope: Scope::Open }
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let mut seen: BTreeMap<Arc<str>, Vec<TaskId>> = BTreeMap::new();
    for task in asked.tasks(&open())?.values() {
        if let Some(agent) = &task.agent {
            seen.entry(agent.clone()).or_default().push(task.id.clone());
        }
    }
    for (agent, beat) in asked.heartbeats()? {
        let passes = beat.seen.plus(AT_WORK).plus(Duration::from_millis(1));
        if asked.now < passes && !declared(case, agent) {
            findings.due(passes);
            seen.entry(agent.clone()).or_default();
        }
    }
    // A file that nobody can read may declare them.
    let unsure = case.specs.may_hide(Kind::Agent);
    for (agent, tasks) in seen.iter().filter(|(agent, _)| &***agent != ABIDE && !declared(case, agent)) {
        match &unsure {
            None => findings.drift(case.drift(undeclared(agent, tasks), asked.now)),
            Some(reason) => {
                let none = NoAnswer { reason: reason.clone(), since: asked.now };
                findings.stands(Subject::agent(agent), Standing::Unknown(none));
            }
        }
    }
    Ok(())
}

fn declared(case: &Case<'_>, agent: &str) -> bool {
    agent.parse::<Name>().is_ok_and(|name| case.specs.is_declared(&SpecId::new(Kind::Agent, name)))
}

fn undeclared(agent: &str, tasks: &[TaskId]) -> Seen {
    let held: Vec<String> = tasks.iter().take(20).map(ToString::to_string).collect();
    let answer = match tasks {
        [] => format!("{agent} has reported within {AT_WORK} and holds nothing"),
        [_] => format!("{agent} holds task {}", held.join(", ")),
        _ => format!("{agent} holds {} tasks: {}", tasks.len(), held.join(", ")),
    };
    Seen {
        subject: Subject::agent(agent),
        code: Code::AgentUndeclared,
        severity: Severity::Medium,
        title: format!("{agent} works but is declared nowhere"),
        desired: "everybody who holds work or reports is declared by an Agent spec".into(),
        question: format!("who holds open tasks or has reported within {AT_WORK}, and is no declared agent?"),
        answer,
        how: format!(
            "declare it (abide new agent {}), or stop it, release its tasks and forget it (abide agents remove {agent})",
            Name::slug(agent)
        ),
        verify: format!("an Agent spec declares {agent}, or it holds no open work and has not reported for {AT_WORK}"),
    }
}
