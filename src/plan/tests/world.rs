//! A small world to plan in: a few specs, what was found, and what the ledger holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Action, Assign, CaseId, CaseVerdict, Change, CloseReason, Code, Digest, Drift, Enforced, Evidence, Fingerprint,
    Fix, Ledger, Live, NoAnswer, Observed, Plan, Policy, Record, RecordState, Remediation, Revision, Rule, Severity,
    SpecId, Standing, Step, Subject, TaskStatus, Timestamp, Verdicts,
};
use crate::plan::{Input, OnDrift, Presence, SpecFacts, Waiver, plan};

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_772_000_000);

#[derive(Default, Clone)]
pub(super) struct Specs {
    pub(super) there: BTreeMap<SpecId, Presence>,
    pub(super) on_drift: BTreeMap<SpecId, OnDrift>,
}

impl SpecFacts for Specs {
    fn presence(&self, spec: &SpecId) -> Presence {
        self.there.get(spec).cloned().unwrap_or(Presence::Absent)
    }

    fn on_drift(&self, spec: &SpecId) -> OnDrift {
        self.on_drift.get(spec).cloned().unwrap_or_default()
    }
}

#[derive(Default, Clone)]
pub(super) struct World {
    pub(super) verdicts: Verdicts,
    pub(super) ledger: Ledger,
    pub(super) renamed: BTreeMap<SpecId, SpecId>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) specs: Specs,
    pub(super) policy: Policy,
    tasks: i64,
}

pub(super) fn spec(id: &str) -> SpecId {
    id.parse().unwrap()
}

pub(super) fn rule_case(spec_id: &str) -> CaseId {
    let spec = spec(spec_id);
    let rule = match spec.kind.word() {
        "decision" => Rule::DecisionRule,
        "assignment" => Rule::AssignmentRole,
        _ => Rule::AgentAlive,
    };
    CaseId { spec: Some(spec), rule }
}

/// A drift of the rule that the kind of its spec is mostly about.
pub(super) fn drift(case: &CaseId, subject: &str) -> Drift {
    let code = match case.rule {
        Rule::DecisionRule => Code::DecisionRuleBroken,
        Rule::AssignmentRole => Code::AssignmentWrongRole,
        Rule::AssignmentNone => Code::AssignmentNone,
        _ => Code::AgentSilent,
    };
    Drift {
        case: case.clone(),
        subject: Subject::stored(subject),
        code,
        severity: Severity::Medium,
        owner: Some(spec("role/architect")),
        within: None,
        title: format!("{subject} drifts"),
        desired: "no drift".into(),
        place: None,
        evidence: Evidence { question: "how many?".into(), answer: "3".into(), at: NOW, places: Vec::new() },
        observed: (case.rule == Rule::AssignmentRole).then(|| with_role(Some("qa"))),
        fix: Fix { how: "mend it".into(), verify: "none left".into(), patch: None },
    }
}

/// What a rule reads of a task with that role that is to be with a developer.
pub(super) fn with_role(role: Option<&str>) -> Observed {
    Observed { change: Change::Role { from: role.map(Into::into), to: "developer".into() }, agent: None }
}

pub(super) fn unknown() -> NoAnswer {
    NoAnswer { reason: "the database is away".into(), since: NOW }
}

impl World {
    /// A world with these specs, all of them clean.
    pub(super) fn of(specs: &[&str]) -> Self {
        let mut world =
            Self { policy: Policy { owner: Some(spec("role/admin")), ..Policy::default() }, ..Self::default() };
        for id in specs {
            world.write(id, "first");
            world.verdicts.cases.insert(rule_case(id), judged());
        }
        world
    }

    /// Gives a spec new content.
    pub(super) fn write(&mut self, id: &str, content: &str) {
        let read = Presence::Read { digest: Digest::of(content), file: format!("specs/{id}.yaml").into() };
        self.specs.there.insert(spec(id), read);
    }

    pub(super) fn find(&mut self, case: &CaseId, subject: &str, standing: Standing) {
        let verdict = self.verdicts.cases.entry(case.clone()).or_insert_with(judged);
        if matches!(verdict, CaseVerdict::Unknown(_)) {
            *verdict = judged();
        }
        if let CaseVerdict::Judged { findings, .. } = verdict {
            findings.insert(Subject::stored(subject), standing);
        }
    }

    pub(super) fn drifts(&mut self, id: &str, subject: &str) -> Fingerprint {
        let found = drift(&rule_case(id), subject);
        let fingerprint = found.fingerprint();
        self.find(&rule_case(id), subject, Standing::Drift(Arc::new(found)));
        fingerprint
    }

    pub(super) fn clean(&mut self, id: &str) {
        self.verdicts.cases.insert(rule_case(id), judged());
    }

    pub(super) fn plan(&self, now: Timestamp) -> Plan {
        let revision = Revision::new("r1");
        let input = Input {
            revision: &revision,
            spec_count: self.specs.there.len(),
            verdicts: &self.verdicts,
            ledger: &self.ledger,
            renamed: &self.renamed,
            waivers: &self.waivers,
            specs: &self.specs,
        };
        plan(&input, &self.policy, now)
    }

    /// Plans and carries it out.
    pub(super) fn pass(&mut self, now: Timestamp) -> Plan {
        let plan = self.plan(now);
        plan.steps.iter().for_each(|step| self.carry_out(step, now));
        self.ledger.enforced.retain(|key, _| !plan.forgotten.contains(key));
        self.ledger.holds = plan.holds(&self.ledger.holds);
        plan
    }

    /// Plans and carries it out, and then nothing is left to do.
    pub(super) fn settle(&mut self, now: Timestamp) -> Plan {
        let plan = self.pass(now);
        assert_eq!(words(&self.plan(now)), Vec::<&str>::new(), "planning again changes nothing");
        plan
    }

    /// As [`Self::settle`], where nobody cares how.
    pub(super) fn advance(&mut self, now: Timestamp) {
        drop(self.settle(now));
    }

    fn carry_out(&mut self, step: &Step, at: Timestamp) {
        let r = &step.remediation;
        let before = self.ledger.records.remove(r.renamed_from.as_ref().unwrap_or(&r.fingerprint));
        let live = before.as_ref().and_then(|record| record.live.clone());
        let pending = Some(Live { status: TaskStatus::Pending, role: None, finished: None });
        let (state, live) = match &step.action {
            Action::Assign(tasks) => {
                self.ledger.enforced.extend(tasks.iter().map(|assign| (assign.key(), enforced(assign, at))));
                return drop(before.map(|b| self.ledger.records.insert(b.fingerprint.clone(), b)));
            }
            Action::Update => (RecordState::Open, live),
            Action::Open | Action::Reopen { .. } => (RecordState::Open, pending),
            Action::Close(reason) => (RecordState::Closed { reason: *reason, at }, live),
        };
        let mut record = record_of(r, state, live, at);
        if step.action == Action::Open {
            self.tasks += 1;
            record.task = self.tasks.into();
        }
        record.wont_fix = before.and_then(|record| record.wont_fix);
        self.ledger.records.insert(r.fingerprint.clone(), record);
    }

    pub(super) fn record(&mut self, fingerprint: &Fingerprint) -> &mut Record {
        self.ledger.records.get_mut(fingerprint).unwrap()
    }

    /// What the team does with a remediation task.
    pub(super) fn end(&mut self, fingerprint: &Fingerprint, status: TaskStatus, finished: Option<Timestamp>) {
        self.record(fingerprint).live = Some(Live { status, role: None, finished });
    }
}

fn record_of(r: &Remediation, state: RecordState, live: Option<Live>, at: Timestamp) -> Record {
    Record {
        fingerprint: r.fingerprint.clone(),
        case: r.case.clone(),
        subject: r.subject.clone(),
        subjects: r.subjects.clone(),
        code: r.code,
        severity: r.severity,
        owner: r.owner.clone(),
        title: r.title.clone(),
        file: r.file.clone(),
        spec_digest: r.spec_digest,
        state,
        opened: r.opened,
        flaps: r.flaps,
        attempts: r.attempts,
        touched: at,
        wont_fix: None,
        task: r.task.clone().unwrap_or_else(|| "0".into()),
        live,
        version: r.version.unwrap_or(0) + 1,
    }
}

fn enforced(assign: &Assign, at: Timestamp) -> Enforced {
    Enforced { change: assign.change.clone(), at, digest: assign.digest, is_open: true, writer: None }
}

pub(super) const fn judged() -> CaseVerdict {
    CaseVerdict::Judged { findings: BTreeMap::new(), due: None }
}

/// The steps' words, in order.
pub(super) fn words(plan: &Plan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.action.word()).collect()
}

/// Why the only step closes its task.
pub(super) fn closed_as(plan: &Plan) -> Option<CloseReason> {
    match plan.steps.as_slice() {
        [Step { action: Action::Close(reason), .. }] => Some(*reason),
        _ => None,
    }
}
