//! Decisions for programs.

use serde::Serialize;

use super::relations::{Related, Relations, Way};
use super::seen::Seen;
use super::stand::{Stand, State};
use crate::kinds::decision::graph::Tie;
use crate::kinds::decision::{Delivery, Status};
use crate::model::{Reported, Unknown};

/// The version of the JSON.
pub(super) const VERSION: u32 = 1;

/// A decision. What it does not say, and what is not known, is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecisionWire<'a> {
    spec: String,
    number: Option<u32>,
    title: Option<&'a str>,
    status: &'static str,
    date: String,
    file: &'a str,
    line: u32,
    owner: Option<String>,
    /// `drift`, `unknown`, `waived`, `holds` or `not in force`.
    state: &'static str,
    /// The same for people, all that there is to say of it.
    stands: Vec<String>,
    drifts: Vec<DriftWire<'a>>,
    unknown: Vec<UnknownWire<'a>>,
    delivery: Option<DeliveryWire<'a>>,
    review: Option<ReviewWire>,
    supersedes: Vec<RelatedWire>,
    superseded_by: Vec<RelatedWire>,
    amends: Vec<RelatedWire>,
    amended_by: Vec<RelatedWire>,
    relates_to: Vec<RelatedWire>,
}

#[derive(Serialize)]
struct DriftWire<'a> {
    fingerprint: &'a str,
    rule: &'static str,
    code: &'static str,
    subject: &'a str,
    severity: &'static str,
    state: &'static str,
    reason: Option<&'a str>,
    title: &'a str,
}

#[derive(Serialize)]
struct UnknownWire<'a> {
    rule: &'static str,
    subject: Option<&'a str>,
    reason: &'a str,
    since: String,
}

/// How far its tasks are. Only of a decision in force they are asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryWire<'a> {
    due_by: String,
    due_at: String,
    done: Option<usize>,
    total: Option<usize>,
    tasks: Option<Vec<TaskWire<'a>>>,
}

#[derive(Serialize)]
struct TaskWire<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: &'static str,
    role: Option<&'a str>,
    agent: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReviewWire {
    /// The last day before it is due.
    by: String,
    due_at: String,
    overdue: bool,
}

/// Another decision. What could not be read has no status.
#[derive(Serialize)]
struct RelatedWire {
    spec: String,
    number: Option<u32>,
    title: Option<String>,
    status: Option<&'static str>,
}

/// A decision for programs.
pub(super) fn decision<'a>(seen: &Seen, relations: &Relations<'_>, stand: &'a Stand<'_>) -> DecisionWire<'a> {
    let id = &stand.spec.id;
    let to = |tie: Tie, way: Way| relations.to(id, tie, way).iter().map(related).collect();
    let review = stand.review().map(|(by, due)| ReviewWire {
        by: by.to_string(),
        due_at: due.to_string(),
        overdue: stand.is_in_force() && stand.now >= due,
    });
    DecisionWire {
        spec: id.to_string(),
        number: stand.number(),
        title: stand.spec.head.title.as_deref(),
        status: stand.status().word(),
        date: stand.decision.date.to_string(),
        file: &stand.spec.place.file,
        line: stand.spec.place.line,
        owner: seen.owner(stand).as_ref().map(ToString::to_string),
        state: State::word(stand.state()),
        stands: stand.words(),
        drifts: stand.drifts.iter().map(|it| drift(it)).collect(),
        unknown: stand.unknown.iter().map(|it| unknown(it)).collect(),
        delivery: stand.decision.delivery.as_ref().map(|it| delivery(it, stand)),
        review,
        supersedes: to(Tie::Supersedes, Way::Says),
        superseded_by: to(Tie::Supersedes, Way::Told),
        amends: to(Tie::Amends, Way::Says),
        amended_by: to(Tie::Amends, Way::Told),
        relates_to: relations.related(id).iter().map(related).collect(),
    }
}

fn related(related: &Related<'_>) -> RelatedWire {
    let decision = related.decision();
    RelatedWire {
        spec: related.id.to_string(),
        number: decision.and_then(|decision| decision.number).map(|number| number.value),
        title: related.spec.and_then(|spec| spec.head.title.clone()),
        status: decision.map(|decision| Status::word(decision.status.value)),
    }
}

fn drift(reported: &Reported) -> DriftWire<'_> {
    DriftWire {
        fingerprint: reported.fingerprint.as_str(),
        rule: reported.drift.case.rule.word(),
        code: reported.drift.code.word(),
        subject: reported.drift.subject.as_str(),
        severity: reported.drift.severity.word(),
        state: reported.state.word(),
        reason: reported.reason.as_deref(),
        title: &reported.drift.title,
    }
}

fn unknown(unknown: &Unknown) -> UnknownWire<'_> {
    UnknownWire {
        rule: unknown.case.rule.word(),
        subject: unknown.subject.as_ref().map(crate::model::Subject::as_str),
        reason: &unknown.why.reason,
        since: unknown.why.since.to_string(),
    }
}

fn delivery<'a>(delivery: &Delivery, stand: &'a Stand<'_>) -> DeliveryWire<'a> {
    let progress = stand.delivery.as_ref().and_then(|progress| progress.as_ref().ok());
    let tasks = progress.map(|progress| {
        let tasks = progress.tasks.iter().map(|task| TaskWire {
            id: task.id.to_string(),
            kind: &task.kind,
            title: &task.title,
            status: task.status.word(),
            role: task.role.as_deref(),
            agent: task.agent.as_deref(),
        });
        tasks.collect()
    });
    DeliveryWire {
        due_by: delivery.due_by.to_string(),
        due_at: delivery.due_by.end().to_string(),
        done: progress.map(|progress| progress.done),
        total: progress.map(|progress| progress.tasks.len()),
        tasks,
    }
}
