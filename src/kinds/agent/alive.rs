//! `agent/alive`: an agent that holds running work reports.

use std::sync::Arc;

use super::backup::Backups;
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Duration, Kind, NoAnswer, Question, Rule, Scope, Selector, Severity, Standing, Subject};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::AgentAlive,
    kind: Some(Kind::Agent),
    applies: |case| dead_after(case).is_some(),
    asks: |case| vec![Question::Heartbeats, running(case)],
    judge,
    means: "An agent with `heartbeat.deadAfter` that holds a running task must have reported within that time. \
            One that never reported at all is unknown, not drift; one that runs nothing may be silent. Of its backups those \
            are named that report themselves.",
};

fn dead_after(case: &Case<'_>) -> Option<Duration> {
    match case.body() {
        Some(Body::Agent(agent)) => agent.heartbeat.as_ref()?.dead_after,
        _ => None,
    }
}

/// The tasks that the agent holds and that are open; which of them run is judged.
pub(super) fn running(case: &Case<'_>) -> Question {
    let name = case.spec.map_or("", |spec| spec.id.name.as_str());
    Question::Tasks { select: Selector::of_agent(name.into()), scope: Scope::Open }
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(spec), Some(dead_after)) = (case.spec, dead_after(case)) else { return Ok(()) };
    let name = spec.id.name.as_str();
    let subject = Subject::agent(name);
    let held =
        asked.tasks(&running(case))?.values().filter(|task| task.status == crate::model::TaskStatus::Running).count();
    let beats = asked.heartbeats()?;
    let Some(beat) = beats.get(name) else {
        let reason = Arc::from("the agent has never reported");
        findings.stands(subject, Standing::Unknown(NoAnswer { reason, since: asked.now }));
        return Ok(());
    };
    let silence = asked.now.since(beat.seen);
    if held == 0 || silence <= dead_after {
        if held > 0 {
            findings.due(beat.seen.plus(dead_after).plus(Duration::from_millis(1)));
        }
        return Ok(());
    }
    let backup = match &spec.body {
        Body::Agent(agent) => Backups::of((&spec.id.name, agent), dead_after, beats, (case.specs, asked.now)).says(),
        _ => String::new(),
    };
    let drift = case.drift(
        Seen {
            subject,
            code: Code::AgentSilent,
            severity: Severity::Medium,
            title: format!("{name} is silent while it holds running work"),
            desired: format!("{name} reports at least every {dead_after} while it runs a task"),
            question: format!("when did {name} report last, and what does it run?"),
            answer: format!("last report {}, {silence} ago; it runs {held}", beat.seen),
            how: format!("start {name} again{backup}"),
            verify: format!("{name} has reported within {dead_after}, or runs nothing"),
        },
        asked.now,
    );
    findings.drift(drift);
    Ok(())
}
