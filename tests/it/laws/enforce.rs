//! An assignment that enforces beside another writer: it writes each task once for each version of its spec, and there is one
//! open task for what it would have to fight over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use abide::model::{
    Action, CaseId, CaseVerdict, Digest, Duration, EnforcedKey, Plan, Rule, Severity, SpecId, Standing, Subject, Task,
    TaskId, TaskStatus,
};
use abide::plan::{OnDrift, Presence};
use proptest::prelude::*;

use super::world::{World, case};

const SPEC: &str = "assignment/c";

/// What happens between two passes.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// The other writer gives a task to a role.
    Give(i64, &'static str),
    /// A task ends, or is pending again.
    Turn(i64, TaskStatus),
    /// The row of a task is deleted.
    Delete(i64),
    /// The spec says something new.
    Write(u8),
    /// The spec is not there.
    Remove,
}

fn deed() -> impl Strategy<Value = Deed> {
    let role = prop::sample::select(vec!["qa", "ops", "developer"]);
    let status = prop::sample::select(vec![TaskStatus::Pending, TaskStatus::Running, TaskStatus::Completed]);
    prop_oneof![
        8 => (1..4i64, role).prop_map(|(task, role)| Deed::Give(task, role)),
        2 => (1..4i64, status).prop_map(|(task, status)| Deed::Turn(task, status)),
        1 => (1..4i64).prop_map(Deed::Delete),
        2 => (0..3u8).prop_map(Deed::Write),
        1 => Just(Deed::Remove),
    ]
}

/// A world in which a spec gives all open tasks to developers, and what was written so far.
struct Enforcing {
    world: World,
    content: Option<Digest>,
    /// How often each field was corrected under each version of the spec, while its task was open.
    written: BTreeMap<(EnforcedKey, Digest), usize>,
}

impl Enforcing {
    fn new() -> Self {
        let mut world = World::new();
        world.specs.on_drift = OnDrift::Enforce;
        let mut new = Self { world, content: None, written: BTreeMap::new() };
        new.act(Deed::Write(0));
        new
    }

    fn act(&mut self, deed: Deed) {
        let id: SpecId = SPEC.parse().unwrap();
        let change = |id: i64, how: &dyn Fn(&mut Task)| {
            if let Some(task) = self.world.store.task(&TaskId::from(id)) {
                let mut task = Task::clone(&task);
                how(&mut task);
                self.world.store.put(task);
            }
        };
        match deed {
            Deed::Give(task, role) => change(task, &|task| task.role = Some(role.into())),
            Deed::Turn(task, status) => {
                change(task, &|task| task.status = status);
                if !status.is_open() {
                    self.written.retain(|(key, _), _| key.task != TaskId::from(task));
                }
            }
            Deed::Delete(task) => self.world.store.delete(&TaskId::from(task)),
            Deed::Write(content) => {
                let digest = Digest::of([content]);
                if self.content != Some(digest) {
                    self.written.clear();
                }
                self.content = Some(digest);
                let read = Presence::Read { digest, file: "specs/c.yaml".into() };
                self.world.specs.there.insert(id, read);
            }
            Deed::Remove => {
                self.content = None;
                self.written.clear();
                self.world.specs.there.remove(&id);
            }
        }
    }

    /// The open tasks that are not with a developer.
    fn astray(&self) -> BTreeSet<TaskId> {
        let tasks = (1..4).filter_map(|id| self.world.store.task(&TaskId::from(id)));
        let astray = tasks.filter(|task| task.status.is_open() && task.role.as_deref() != Some("developer"));
        astray.map(|task| task.id.clone()).collect()
    }

    /// Judges the rows as they are now.
    fn look(&mut self) {
        self.world.verdicts.cases.clear();
        let case = case(SPEC);
        if self.content.is_some() {
            let found = |id: TaskId| {
                let subject = Subject::task(&id);
                let drift = self.world.drift(&case, subject.as_str(), false, Severity::Medium);
                (subject, Standing::Drift(Arc::new(drift)))
            };
            let findings = self.astray().into_iter().map(found).collect();
            self.world.verdicts.cases.insert(case, CaseVerdict::Judged { findings, due: None });
        }
    }

    /// Looks, plans and commits, and counts what was written.
    fn pass(&mut self) -> std::rc::Rc<Plan> {
        self.world.now = self.world.now.plus(Duration::from_mins(1));
        self.look();
        let plan = self.world.pass();
        for step in &plan.steps {
            let Action::Assign(tasks) = &step.action else { continue };
            for assign in tasks {
                *self.written.entry((assign.key(), assign.digest)).or_default() += 1;
            }
        }
        plan
    }

    /// The tasks that are told as fought over.
    fn fought(&self) -> BTreeSet<TaskId> {
        let ledger = self.world.ledger();
        ledger.open().flat_map(|record| &record.subjects).filter_map(Subject::task_id).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_task_is_written_twice_for_one_version_of_the_spec(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut it = Enforcing::new();
        for deed in deeds {
            it.act(deed);
            it.pass();
            prop_assert!(it.written.values().all(|&times| times == 1), "{:?}", it.written);
            // What is astray after a pass is what Abide does not correct again, and one task lists just that.
            let astray = if it.content.is_some() { it.astray() } else { BTreeSet::new() };
            prop_assert_eq!(it.fought(), astray);
            prop_assert!(it.world.ledger().open().count() <= 1);
            let (version, entries) = (it.world.ledger().version, it.world.store.audit().len());
            let again = it.pass();
            prop_assert_eq!((&again.steps, &again.forgotten), (&Vec::new(), &Vec::new()));
            prop_assert_eq!((it.world.ledger().version, it.world.store.audit().len()), (version, entries));
        }
    }

    #[test]
    fn what_is_remembered_is_of_open_tasks_and_the_spec_in_force(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut it = Enforcing::new();
        for deed in deeds {
            it.act(deed);
            it.pass();
            for (key, enforced) in it.world.ledger().enforced {
                prop_assert!(enforced.is_open, "{key:?}");
                prop_assert_eq!(Some(enforced.digest), it.content);
            }
        }
    }

    #[test]
    fn a_fight_that_goes_on_is_one_task_and_ends_when_the_writer_stops(flips in 1..12usize, gives_in: bool) {
        let mut it = Enforcing::new();
        it.pass();
        let mut steps = Vec::new();
        for _ in 0..flips {
            it.act(Deed::Give(2, "qa"));
            let plan = it.pass();
            steps.extend(plan.steps.iter().map(|step| step.action.word()));
        }
        prop_assert_eq!(steps, ["open"], "it was corrected at first, and only told since");
        prop_assert_eq!(it.fought(), BTreeSet::from([TaskId::from(2)]));
        it.act(if gives_in { Deed::Remove } else { Deed::Give(2, "developer") });
        it.pass();
        prop_assert_eq!(it.world.ledger().open().count(), 0);
        let opened = it.world.store.audit().iter().filter(|entry| matches!(entry.what, "open" | "reopen")).count();
        prop_assert_eq!(opened, 1);
    }
}

#[test]
fn two_assignments_that_want_each_other_undone_write_once_each() {
    let mut it = Enforcing::new();
    let other = CaseId { spec: "assignment/d".parse().ok(), rule: Rule::AssignmentRole };
    let read = Presence::Read { digest: Digest::of("d"), file: "specs/d.yaml".into() };
    it.world.specs.there.insert(other.spec.clone().unwrap(), read);
    let mut words = Vec::new();
    for _ in 0..6 {
        it.look();
        // The other one wants what this one does not.
        let task = it.world.store.task(&TaskId::from(2)).unwrap();
        let mut findings = BTreeMap::new();
        if task.role.as_deref() == Some("developer") {
            let mut drift = it.world.drift(&other, "task/2", false, Severity::Medium);
            if let Some(abide::model::Change::Role { to, .. }) = drift.observed.as_mut().map(|seen| &mut seen.change) {
                *to = "qa".into();
            }
            findings.insert(drift.subject.clone(), Standing::Drift(Arc::new(drift)));
        }
        it.world.verdicts.cases.insert(other.clone(), CaseVerdict::Judged { findings, due: None });
        let plan = it.world.pass();
        words.extend(plan.steps.iter().map(|step| format!("{} {}", step.action.word(), step.remediation.case)));
    }
    let expected = [
        "assign assignment/c assignment/role",
        "assign assignment/d assignment/role",
        "open assignment/c assignment/role",
    ];
    assert_eq!(words, expected);
}
