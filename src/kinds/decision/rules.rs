//! `decision/rule`: what an accepted decision demands of code and tasks holds.

use std::sync::Arc;

use super::places::{self, Broken};
use super::{Rule as Demand, TaskCount, accepted};
use crate::kinds::{Asked, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Kind, NoAnswer, Question, Rule, Scope, Severity, Standing, Subject};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::DecisionRule,
    kind: Some(Kind::Decision),
    applies: |case| accepted(case).is_some_and(|decision| !decision.rules.is_empty()),
    asks: |case| accepted(case).map_or_else(Vec::new, |d| d.rules.iter().filter_map(question).collect()),
    judge,
    means: "Each rule of an accepted decision has one condition over code or tasks, and it holds.",
};

/// What one demand must know; nothing where it demands nothing.
fn question(demand: &Demand) -> Option<Question> {
    if let Some(TaskCount { select, .. }) = &demand.tasks {
        return Some(Question::Tasks { select: select.0.clone(), scope: Scope::Ever });
    }
    demand.code_question().map(Question::Code)
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let Some(decision) = accepted(case) else { return Ok(()) };
    for demand in &decision.rules {
        let subject = Subject::rule(&demand.id);
        match judge_one(case, demand, asked, findings) {
            Ok(Some(broken)) => findings.stands(subject, Standing::Drift(Arc::new(broken))),
            Ok(None) => {}
            Err(none) => findings.stands(subject, Standing::Unknown(none)),
        }
    }
    Ok(())
}

fn judge_one(
    case: &Case<'_>,
    demand: &Demand,
    asked: &Asked<'_>,
    findings: &mut Findings,
) -> Result<Option<crate::model::Drift>, NoAnswer> {
    let Some(question) = question(demand) else {
        return Err(NoAnswer { reason: "the rule has no condition".into(), since: asked.now });
    };
    let broken = match &demand.tasks {
        Some(count) => count_tasks(count, &question, asked, findings)?,
        None => places::judge(demand, asked.code(&question)?, asked.now)?,
    };
    Ok(broken.map(|broken| {
        let mut drift = case.drift(seen(case, demand, &broken), asked.now);
        drift.place = case.line(demand.id.span.line);
        drift.evidence.places = broken.places;
        drift
    }))
}

fn seen(case: &Case<'_>, demand: &Demand, broken: &Broken) -> Seen {
    let decision = case.title();
    Seen {
        subject: Subject::rule(&demand.id),
        code: Code::DecisionRuleBroken,
        severity: demand.severity.unwrap_or(Severity::Medium),
        title: format!("rule {} does not hold: {decision}", demand.id.value),
        desired: broken.desired.clone(),
        question: broken.question.clone(),
        answer: broken.answer.clone(),
        how: broken.how.clone(),
        verify: format!("the rule {} holds, or the decision no longer demands it", demand.id.value),
    }
}

fn count_tasks(
    count: &TaskCount,
    question: &Question,
    asked: &Asked<'_>,
    findings: &mut Findings,
) -> Result<Option<Broken>, NoAnswer> {
    let rows = asked.tasks(question)?;
    let select = &count.select.0;
    let found: Vec<_> = rows.values().filter(|task| select.is_recent(task.created, asked.now)).collect();
    if let Some(within) = select.fields().created_within {
        let leaves =
            |task: &&Arc<crate::model::Task>| task.created.plus(within).plus(crate::model::Duration::from_millis(1));
        found.iter().map(leaves).min().into_iter().for_each(|at| findings.due(at));
    }
    let number = found.len() as u64;
    let too_many = count.at_most.filter(|&most| number > most);
    let too_few = count.at_least.filter(|&least| number < least);
    let desired = match (too_many, too_few) {
        (Some(most), _) => format!("at most {most} tasks are as selected"),
        (_, Some(least)) => format!("at least {least} tasks are as selected"),
        (None, None) => return Ok(None),
    };
    let ids: Vec<String> = found.iter().take(20).map(|task| task.id.to_string()).collect();
    let listed = if ids.is_empty() { String::new() } else { format!(": {}", ids.join(", ")) };
    Ok(Some(Broken {
        desired,
        question: "how many tasks does the rule select?".into(),
        answer: if number == 1 { format!("one{listed}") } else { format!("{number}{listed}") },
        how: "bring the listed tasks to where the rule wants them".into(),
        places: Vec::new(),
    }))
}
