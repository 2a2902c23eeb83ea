//! Random stories of a queue: what SQLite makes of them is what the store in memory makes of them, which is plain to read.

use std::sync::Arc;

use abide::config::Mapping;
use abide::kinds::approval::Gates;
use abide::model::{Demand, Duration, Severity, Site, TaskId, TaskStatus, Timestamp, Token, Worker};
use abide::store::memory::MemoryStore;
use abide::store::{Applied, Claim, Command, Filter, NewTask, Readiness, SqliteStore, Taken, TaskStore};
use proptest::prelude::*;

/// What may happen. Tasks are named by the order in which they were added, claims by the order in which they were taken.
#[derive(Debug, Clone)]
enum Step {
    Add { severity: Severity, tries: u32, class: Option<&'static str>, skill: bool, needs: Vec<usize>, key: Option<u8> },
    Claim { agent: usize, most: usize, class: Option<&'static str>, skill: bool },
    Renew(usize),
    GiveBack(usize),
    Complete(usize),
    Fail(usize, bool),
    Cancel(usize),
    Retry(usize),
    Depend(usize, usize),
    Undepend(usize, usize),
    Beat(usize),
    Station(usize, Readiness),
    Delist(usize),
    Sweep,
    Wait(u64),
}

fn class() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![3 => Just(None), 1 => Just(Some("cpu")), 1 => Just(Some("llm"))]
}

fn step() -> impl Strategy<Value = Step> {
    let severity = prop::sample::select(Severity::ALL.to_vec());
    let needs = prop::collection::vec(0..6_usize, 0..2);
    let add = (severity, 1..4_u32, class(), any::<bool>(), needs, prop::option::weighted(0.2, 0..3_u8)).prop_map(
        |(severity, tries, class, skill, needs, key)| Step::Add { severity, tries, class, skill, needs, key },
    );
    let claim = (0..3_usize, 1..4_usize, class(), any::<bool>()).prop_map(|(agent, most, class, skill)| Step::Claim {
        agent,
        most,
        class,
        skill,
    });
    let readiness = prop::sample::select(Readiness::ALL.to_vec());
    prop_oneof![
        4 => add,
        5 => claim,
        1 => (0..6_usize).prop_map(Step::Renew),
        1 => (0..6_usize).prop_map(Step::GiveBack),
        2 => (0..6_usize).prop_map(Step::Complete),
        2 => (0..6_usize, any::<bool>()).prop_map(|(claim, last)| Step::Fail(claim, last)),
        1 => (0..6_usize).prop_map(Step::Cancel),
        1 => (0..6_usize).prop_map(Step::Retry),
        1 => (0..6_usize, 0..6_usize).prop_map(|(task, other)| Step::Depend(task, other)),
        1 => (0..6_usize, 0..6_usize).prop_map(|(task, other)| Step::Undepend(task, other)),
        1 => (0..3_usize).prop_map(Step::Beat),
        1 => (0..3_usize, readiness).prop_map(|(agent, readiness)| Step::Station(agent, readiness)),
        1 => (0..3_usize).prop_map(Step::Delist),
        1 => Just(Step::Sweep),
        3 => prop::sample::select(vec![10_u64, 61, 130, 400]).prop_map(Step::Wait),
    ]
}

/// One store that lives through a story.
struct Life {
    store: Arc<dyn TaskStore>,
    now: Timestamp,
    claims: Vec<(TaskId, Token)>,
    said: Vec<String>,
}

impl Life {
    fn new(store: Arc<dyn TaskStore>) -> Self {
        Self { store, now: "2026-11-23T12:00:00Z".parse().unwrap(), claims: Vec::new(), said: Vec::new() }
    }

    async fn live(&mut self, step: &Step) {
        if let Step::Wait(seconds) = step {
            self.now = self.now.plus(Duration::from_secs(*seconds));
            return;
        }
        let Some(command) = self.command(step) else { return };
        let applied = self.store.apply(&command, "po", self.now).await;
        if let Ok(Applied::Claimed(Taken { claimed, .. })) = &applied {
            self.claims.extend(claimed.iter().map(|it| (it.lease.task.clone(), it.lease.token)));
        }
        // How a refusal is put differs; that it is one, and of which sort, does not.
        self.said.push(match applied {
            Ok(Applied::Claimed(Taken { claimed, .. })) => {
                format!("{:?}", claimed.iter().map(|it| &it.lease).collect::<Vec<_>>())
            }
            Ok(other) => format!("{other:?}"),
            Err(error) => format!("{error:?}").split('(').next().unwrap_or_default().to_owned(),
        });
    }

    fn command(&self, step: &Step) -> Option<Command> {
        let id = |n: &usize| TaskId::from(*n as i64 + 1);
        let demand = |class: &Option<&'static str>, skill: &bool| Demand {
            skills: skill.then(|| "sql".into()).into_iter().collect(),
            site: Site { class: class.map(Into::into), ..Site::default() },
        };
        let agent = |n: &usize| Arc::from(format!("dev-{n}"));
        let held = |n: &usize| self.claims.get(*n).cloned();
        Some(match step {
            Step::Add { severity, tries, class, skill, needs, key } => Command::Add(NewTask {
                kind: "fix_bug".into(),
                title: "mend it".into(),
                role: Some("developer".into()),
                severity: *severity,
                demand: demand(class, skill),
                needs: needs.iter().map(id).collect(),
                tries: *tries,
                key: key.map(|key| key.to_string()),
                ..NewTask::default()
            }),
            Step::Claim { agent: n, most, class, skill } => {
                let Demand { skills, site } = demand(class, skill);
                let dead_after = (*n == 0).then(|| Duration::from_mins(2));
                let stands_in = (*n == 1).then(|| agent(&0)).into_iter().collect();
                let roles = ["developer".into()].into();
                let (name, most_held) = (agent(n), (*n == 2).then_some(2));
                let worker =
                    Worker { name, roles, skills, site, most: most_held, dead_after, stands_in, ..Worker::default() };
                Command::Claim(Box::new(claim(worker, *most)))
            }
            Step::Renew(n) => {
                let (task, token) = held(n)?;
                Command::Renew { task, token, length: Duration::from_mins(5) }
            }
            Step::GiveBack(n) => {
                let (task, token) = held(n)?;
                Command::GiveBack { task, token: Some(token), reason: None }
            }
            Step::Complete(n) => {
                let (task, token) = held(n)?;
                Command::Complete { task, token: Some(token), result: Some("done".into()) }
            }
            Step::Fail(n, last) => {
                let (task, token) = held(n)?;
                Command::Fail { task, token: Some(token), reason: Some("it broke".into()), last: *last }
            }
            Step::Cancel(n) => Command::Cancel { task: id(n), reason: None },
            Step::Retry(n) => Command::Retry(id(n)),
            Step::Depend(n, other) => Command::Depend { task: id(n), needs: vec![id(other)] },
            Step::Undepend(n, other) => Command::Undepend { task: id(n), needs: vec![id(other)] },
            Step::Beat(n) => Command::Beat { agent: agent(n), instance: "".into(), dead_after: None },
            Step::Station(n, duty) => Command::Station { agent: agent(n), duty: *duty, reason: None },
            Step::Delist(n) => Command::Delist(agent(n)),
            Step::Sweep => Command::Sweep,
            Step::Wait(_) => return None,
        })
    }

    /// Everything that anybody can see.
    async fn seen(&self) -> Vec<String> {
        let mut rows = self.store.list(&Filter::default()).await.unwrap();
        rows.sort_by(|a, b| a.task.id.cmp(&b.task.id));
        let mut seen = self.said.clone();
        for row in rows {
            let (task, details) = (&row.task, &row.details);
            let story: Vec<String> =
                self.store.story(&task.id).await.unwrap().into_iter().map(|it| it.action).collect();
            seen.push(format!(
                "{} {} {:?} {:?} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {story:?}",
                task.id,
                task.status,
                task.agent,
                task.claimed,
                task.finished,
                row.lease,
                details.attempts,
                details.not_before,
                details.error,
                details.result,
                row.needs,
                task.started,
            ));
        }
        for agent in self.store.agents().await.unwrap() {
            seen.push(format!("{} {:?} {:?} {:?}", agent.said.agent, agent.readiness, agent.seen, agent.leases));
        }
        seen
    }

    /// A task is running if, and only if, somebody holds it; and nobody holds two leases of one task.
    async fn oracle(&self) {
        for row in self.store.list(&Filter::default()).await.unwrap() {
            let is_running = row.task.status == TaskStatus::Running;
            assert_eq!(row.lease.is_some(), is_running, "task {} is {}: {:?}", row.task.id, row.task.status, row.lease);
        }
    }
}

/// How many stories; more where somebody asks for them.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn every_story_goes_the_same_way_in_every_store(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite:{}", folder.path().join("abide.db").display());
            let settings = abide::store::Settings { durability: abide::model::Durability::Normal, ..Default::default() };
            let sqlite = SqliteStore::open_with(&url, Mapping::own(), settings).unwrap();
            let (mut plain, mut real) = (Life::new(Arc::new(MemoryStore::new())), Life::new(Arc::new(sqlite)));
            for step in &steps {
                plain.live(step).await;
                real.live(step).await;
                prop_assert_eq!(plain.said.last(), real.said.last(), "{:?}", step);
            }
            real.oracle().await;
            prop_assert_eq!(plain.seen().await, real.seen().await);
            Ok(())
        })?;
    }
}

fn claim(worker: Worker, most: usize) -> Claim {
    let length = Duration::from_mins(5);
    Claim { worker, duties: Arc::default(), gates: Gates::default(), task: None, most, length }
}
