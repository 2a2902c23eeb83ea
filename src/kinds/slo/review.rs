//! `slo/policy`: an error budget policy is looked at again in time.

use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{Code, Date, Kind, NoAnswer, Rule, Severity, Subject};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::SloPolicy,
    kind: Some(Kind::ErrorBudgetPolicy),
    applies: |case| review_by(case).is_some(),
    asks: |_| Vec::new(),
    judge,
    means: "An ErrorBudgetPolicy with `reviewBy` is looked at again by the end of that day, in UTC.",
};

fn review_by(case: &Case<'_>) -> Option<Date> {
    match case.body() {
        Some(Body::ErrorBudgetPolicy(policy)) => policy.review_by,
        _ => None,
    }
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(spec), Some(date)) = (case.spec, review_by(case)) else { return Ok(()) };
    if asked.now < date.end() {
        findings.due(date.end());
        return Ok(());
    }
    let seen = Seen {
        subject: Subject::spec(&spec.id),
        code: Code::SloPolicyReviewOverdue,
        severity: Severity::Medium,
        title: format!("review overdue: {}", case.title()),
        desired: format!("it is looked at again by {date}"),
        question: "has its review date passed?".into(),
        answer: format!("it was due for review {} ago", asked.now.since(date.end())),
        how: "look at the policy again and set a new reviewBy by pull request".into(),
        verify: "its reviewBy lies ahead".into(),
    };
    findings.drift(case.drift(seen, asked.now));
    Ok(())
}
