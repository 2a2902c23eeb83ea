//! `agent/load`: an agent runs no more than it may.

use super::alive::running;
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Kind, NoAnswer, Rule, Severity, Subject, TaskStatus};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AgentLoad,
    kind: Some(Kind::Agent),
    applies: |case| limit(case).is_some(),
    asks: |case| vec![running(case)],
    judge,
    means: "An agent runs at most `maxConcurrency` tasks at once. Abide's own remediation tasks do not count.",
};

fn limit(case: &Case<'_>) -> Option<u32> {
    match case.body() {
        Some(Body::Agent(agent)) => agent.max_concurrency,
        _ => None,
    }
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(spec), Some(limit)) = (case.spec, limit(case)) else { return Ok(()) };
    let name = spec.id.name.as_str();
    let running: Vec<_> =
        asked.tasks(&running(case))?.values().filter(|task| task.status == TaskStatus::Running && !task.own).collect();
    if running.len() <= limit as usize {
        return Ok(());
    }
    let ids: Vec<String> = running.iter().take(20).map(|task| task.id.to_string()).collect();
    let drift = case.drift(
        Seen {
            subject: Subject::agent(name),
            code: Code::AgentOverloaded,
            severity: Severity::Medium,
            title: format!("{name} runs more tasks than it may"),
            desired: format!("{name} runs at most {limit} tasks at once"),
            question: format!("which tasks does {name} run?"),
            answer: format!("{}: {}", running.len(), ids.join(", ")),
            how: format!("finish, release or hand over tasks of {name}, or raise maxConcurrency in its spec"),
            verify: format!("{name} runs at most {limit} tasks"),
        },
        asked.now,
    );
    findings.drift(drift);
    Ok(())
}
