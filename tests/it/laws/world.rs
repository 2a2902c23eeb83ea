//! A store in memory, and what is found in a small world.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use abide::model::{
    CaseId, CaseVerdict, Change, Content, Digest, Drift, Duration, Epoch, Evidence, Fingerprint, Fix, Ledger, NoAnswer,
    Observed, Outcome, Plan, Policy, Reported, Revision, Rule, Severity, SpecId, Standing, Subject, Task, TaskId,
    TaskStatus, Timestamp, Verdicts, WontFix,
};
use abide::plan::{Input, OnDrift, Presence, SpecFacts, Waiver, plan};
use abide::store::memory::MemoryStore;
use abide::store::{Command, StoreError, TaskStore};

use super::turn::{Asked, CASES, Deed, Found, Seen, Spec, Turn, code, subject};

/// Polls once: nothing in memory ever waits.
pub(super) fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory never waits"),
    }
}

#[derive(Default)]
pub(super) struct Specs {
    pub(super) there: BTreeMap<SpecId, Presence>,
    pub(super) on_drift: OnDrift,
}

impl SpecFacts for Specs {
    fn presence(&self, spec: &SpecId) -> Presence {
        self.there.get(spec).cloned().unwrap_or(Presence::Absent)
    }

    fn on_drift(&self, spec: &SpecId) -> OnDrift {
        if spec.kind.word() == "assignment" { self.on_drift.clone() } else { OnDrift::Task }
    }
}

pub(super) struct World {
    pub(super) store: MemoryStore,
    pub(super) epoch: Epoch,
    pub(super) now: Timestamp,
    pub(super) specs: Specs,
    pub(super) verdicts: Verdicts,
    pub(super) waivers: Vec<Waiver>,
    renamed: BTreeMap<SpecId, SpecId>,
    policy: Policy,
}

impl World {
    pub(super) fn new() -> Self {
        let store = MemoryStore::new();
        let now = Timestamp::from_secs(1_772_000_000);
        let epoch = done(store.lead("one", now, Duration::from_days(36_500))).unwrap();
        (1..=3).for_each(|id| store.put(task(id, now)));
        Self {
            store,
            epoch,
            now,
            specs: Specs::default(),
            verdicts: Verdicts::default(),
            waivers: Vec::new(),
            renamed: BTreeMap::new(),
            policy: Policy { owner: "role/admin".parse().ok(), ..Policy::default() },
        }
    }

    pub(super) fn ledger(&self) -> Ledger {
        done(self.store.ledger()).unwrap()
    }

    /// Lets a turn happen.
    pub(super) fn live(&mut self, turn: &Turn) {
        self.now = self.now.plus(Duration::from_mins(turn.minutes.unsigned_abs()));
        self.policy.open_per_pass = turn.open_per_pass;
        self.policy.correct_per_pass = turn.correct_per_pass;
        turn.deeds.iter().for_each(|deed| self.act(*deed));
        self.waivers = turn.waivers.iter().map(|&waived| self.waiver(waived)).collect();
        (self.verdicts, self.specs.there) = Default::default();
        for (n, (spec, subjects)) in CASES.iter().enumerate() {
            self.find(spec, subjects, &turn.cases[n]);
        }
        self.renamed.clear();
        if turn.rename {
            self.renamed.insert("decision/b".parse().unwrap(), "decision/a".parse().unwrap());
        }
    }

    pub(super) fn plan(&self) -> Plan {
        self.plan_at(self.now)
    }

    pub(super) fn plan_at(&self, now: Timestamp) -> Plan {
        let revision = Revision::new("r1");
        let input = Input {
            revision: &revision,
            spec_count: self.specs.there.len(),
            verdicts: &self.verdicts,
            ledger: &self.ledger(),
            renamed: &self.renamed,
            waivers: &self.waivers,
            specs: &self.specs,
        };
        plan(&input, &self.policy, now)
    }

    /// The fingerprints that a drift's task may have: under the name of its spec, and under the one before a rename.
    pub(super) fn names(&self, reported: &Reported) -> impl Iterator<Item = Fingerprint> {
        let Drift { case, subject, .. } = &*reported.drift;
        let old = case.spec.as_ref().and_then(|spec| self.renamed.get(spec)).cloned();
        let before = old.map(|old| Fingerprint::of(&CaseId { spec: Some(old), rule: case.rule }, subject));
        std::iter::once(reported.fingerprint.clone()).chain(before)
    }

    pub(super) fn commit(&self, plan: &Plan) -> Result<Outcome, StoreError> {
        done(self.store.commit(plan, self.epoch))
    }

    /// Plans and commits.
    #[allow(unused_must_use, reason = "most laws look at the world and not at the plan")]
    pub(super) fn pass(&self) -> std::rc::Rc<Plan> {
        let plan = self.plan();
        self.commit(&plan).unwrap();
        std::rc::Rc::new(plan)
    }

    pub(super) fn release_all(&self) {
        for hold in self.ledger().holds.into_keys() {
            done(self.store.apply(&Command::Release(hold), "po", self.now)).unwrap();
        }
    }

    /// What the next pass finds once it sees what this one corrected.
    pub(super) fn see_corrections(&mut self, plan: &Plan) {
        let corrected = plan.steps.iter().filter(|step| step.action.word() == "assign");
        for step in corrected {
            if let Some(CaseVerdict::Judged { findings, .. }) = self.verdicts.cases.get_mut(&step.remediation.case) {
                findings.retain(|subject, _| !step.remediation.subjects.contains(subject));
            }
        }
    }

    /// What cannot be done, because it was done already or there is nothing to do it to, is not done.
    pub(super) fn act(&self, deed: Deed) {
        let ledger = self.ledger();
        let record = |n: usize| ledger.records.values().nth(n);
        let command = match deed {
            Deed::Complete(n) => {
                record(n).map(|record| Command::Complete { task: record.task.clone(), token: None, result: None })
            }
            Deed::Fail(n) => record(n).map(|record| Command::Fail {
                task: record.task.clone(),
                token: None,
                reason: None,
                last: false,
            }),
            Deed::WontFix(n, minutes) => record(n).map(|record| Command::WontFix {
                fingerprint: record.fingerprint.clone(),
                refusal: WontFix { until: self.in_minutes(minutes), by: "po".into(), reason: "no".into() },
            }),
            Deed::Release(n) => ledger.holds.keys().nth(n).cloned().map(Command::Release),
            Deed::Delete(n) => {
                record(n).into_iter().for_each(|record| self.store.delete(&record.task));
                None
            }
        };
        if let Some(command) = command {
            drop(done(self.store.apply(&command, "dev-1", self.now)));
        }
    }

    const fn in_minutes(&self, minutes: i64) -> Timestamp {
        Timestamp::from_millis(self.now.as_millis() + minutes * 60_000)
    }

    fn waiver(&self, (n, of, minutes): (usize, usize, i64)) -> Waiver {
        let case = case(CASES[n].0);
        Waiver {
            id: "waiver/known".parse().unwrap(),
            spec: case.spec,
            rule: Some(case.rule),
            subject: (of < 6).then(|| subject(n, of)),
            until: self.in_minutes(minutes),
            reason: "known".into(),
        }
    }

    fn find(&mut self, spec: &str, subjects: &[&str], found: &Found) {
        let case = case(spec);
        if let Some(id) = &case.spec {
            let presence = match found.spec {
                Spec::Read(content) => Presence::Read { digest: Digest::of([content]), file: "specs/a.yaml".into() },
                Spec::Unread => Presence::Unread,
                Spec::Absent => Presence::Absent,
            };
            self.specs.there.insert(id.clone(), presence);
            if !matches!(found.spec, Spec::Read(_)) {
                return;
            }
        }
        let verdict = match found.asked {
            Asked::No => return,
            Asked::Unknown => CaseVerdict::Unknown(self.none()),
            Asked::Judged => {
                let seen = subjects.iter().zip(&found.subjects);
                let findings = seen.filter_map(|(subject, seen)| {
                    Some((Subject::stored(subject), self.standing(&case, subject, *seen)?))
                });
                CaseVerdict::Judged { findings: findings.collect(), due: None }
            }
        };
        self.verdicts.cases.insert(case, verdict);
    }

    fn standing(&self, case: &CaseId, subject: &str, seen: Seen) -> Option<Standing> {
        Some(match seen {
            Seen::Drift(second, severity) => Standing::Drift(Arc::new(self.drift(case, subject, second, severity))),
            Seen::Unsettled => Standing::Unsettled("too recent".into()),
            Seen::Clean => Standing::Clean,
            Seen::Gone => Standing::Gone,
            Seen::Unknown => Standing::Unknown(self.none()),
            Seen::Unlisted => return None,
        })
    }

    fn none(&self) -> NoAnswer {
        NoAnswer { reason: "away".into(), since: self.now }
    }

    pub(super) fn drift(&self, case: &CaseId, subject: &str, second: bool, severity: Severity) -> Drift {
        let spec = case.spec.as_ref().map(ToString::to_string).unwrap_or_default();
        let subject = Subject::stored(subject);
        let row = subject.task_id().and_then(|id| self.store.task(&id));
        Drift {
            case: case.clone(),
            code: code(&spec, second),
            severity,
            owner: second.then(|| "role/qa".parse().unwrap()),
            within: None,
            title: format!("{spec} {subject}"),
            desired: "none".into(),
            place: None,
            evidence: Evidence { question: "?".into(), answer: "!".into(), at: self.now, places: Vec::new() },
            observed: row.filter(|_| case.rule == Rule::AssignmentRole).map(|row| Observed {
                change: Change::Role { from: row.role.clone(), to: "developer".into() },
                agent: row.agent.clone(),
            }),
            fix: Fix { how: "mend".into(), verify: "look".into(), patch: None },
            subject,
        }
    }
}

pub(super) fn case(spec: &str) -> CaseId {
    let rule = match spec.split('/').next() {
        Some("decision") => Rule::DecisionRule,
        Some("assignment") => Rule::AssignmentRole,
        _ => Rule::AssignmentNone,
    };
    CaseId { spec: spec.parse().ok(), rule }
}

fn task(id: i64, created: Timestamp) -> Task {
    Task {
        id: TaskId::from(id),
        kind: "fix_bug".into(),
        title: "a bug".into(),
        role: (id > 1).then(|| "qa".into()),
        agent: None,
        author: None,
        status: TaskStatus::Pending,
        severity: Severity::Medium,
        labels: BTreeMap::new(),
        created,
        claimed: None,
        started: None,
        finished: None,
        approvals: Vec::new(),
        record: None,
        content: Content::titled("a bug"),
        own: false,
    }
}
