//! Who may do which work: what a worker brings, what a task demands, what an assignment allows.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::{Duration, Kind, Selector, SpecId, Task, Timestamp};

/// The number of a claim. It grows from claim to claim, so whoever holds an older one for a task has lost it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub i64);

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where something runs, and what bounds it. What is not said is anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Site {
    /// What bounds the work: `cpu`, `io` or `llm`.
    pub class: Option<Arc<str>>,
    /// The region.
    pub region: Option<Arc<str>>,
    /// The machine.
    pub machine: Option<Arc<str>>,
}

impl Site {
    /// What this says; what it leaves open as the other says.
    pub fn or(self, other: Self) -> Self {
        Self {
            class: self.class.or(other.class),
            region: self.region.or(other.region),
            machine: self.machine.or(other.machine),
        }
    }

    /// How many of the places that `wanted` names are these; none where one of them is another.
    fn matches(&self, wanted: &Self) -> Option<u32> {
        let pairs = [(&self.class, &wanted.class), (&self.region, &wanted.region), (&self.machine, &wanted.machine)];
        let named = pairs.into_iter().filter(|(_, wanted)| wanted.is_some());
        named.map(|(ours, wanted)| u32::from(ours == wanted)).try_fold(0, |sum, one| (one > 0).then_some(sum + one))
    }
}

/// What a task demands of whoever does it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Demand {
    /// What one must know: all of it.
    pub skills: BTreeSet<Arc<str>>,
    /// Where it is done best.
    pub site: Site,
}

/// Somebody who wants work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Worker {
    /// The agent.
    pub name: Arc<str>,
    /// Which of several processes of that agent; empty where there is only one.
    pub instance: Arc<str>,
    /// The roles that it has.
    pub roles: BTreeSet<Arc<str>>,
    /// What it knows.
    pub skills: BTreeSet<Arc<str>>,
    /// Where it runs.
    pub site: Site,
    /// How many tasks it may hold at once; no limit unless given.
    pub most: Option<u32>,
    /// After how long a silence its work is given back; never before the lease ends unless given.
    pub dead_after: Option<Duration>,
    /// The agents whose work it does while they are away.
    pub stands_in: BTreeSet<Arc<str>>,
}

/// How well a worker and a task go together. The later, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The worker may not do it, however long it waits.
    Unfit,
    /// The worker may do it, and another place would be better.
    Elsewhere,
    /// The worker may do it, and so many of the places that it asks for are the worker's.
    Right(u32),
}

/// An assignment, as far as it decides who may claim a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The assignment.
    pub spec: SpecId,
    /// The tasks that it selects.
    pub select: Selector,
    /// The role or the agent that it names.
    pub to: SpecId,
    /// What one must know.
    pub skills: BTreeSet<Arc<str>>,
    /// How many of its tasks may run at once.
    pub max: Option<u32>,
    /// How many of them one agent may run at once.
    pub per_agent: Option<u32>,
}

/// Every assignment, so that a task's own can be found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Duties(Vec<Duty>);

impl Duties {
    /// These assignments.
    pub const fn new(duties: Vec<Duty>) -> Self {
        Self(duties)
    }

    /// The assignment that a task belongs to: the most specific one that selects it; none where several do equally.
    pub fn of(&self, task: &Task, now: Timestamp) -> Option<&Duty> {
        let candidates = self.0.iter().map(|duty| (&duty.select, duty));
        match most_specific(candidates, task, now) {
            Chosen::One(duty) => Some(duty),
            Chosen::None | Chosen::Tied(_) => None,
        }
    }

    /// The assignments that let only so many of their tasks run at once.
    pub fn limited(&self) -> impl Iterator<Item = &Duty> {
        self.0.iter().filter(|duty| duty.max.is_some() || duty.per_agent.is_some())
    }

    /// Whether the type, the role and the agent of a task alone decide which assignment it belongs to.
    pub fn are_plain(&self) -> bool {
        self.0.iter().all(|duty| {
            let fields = duty.select.fields();
            let beside = [fields.authors.is_some(), fields.labels.is_some(), fields.severity.is_some()];
            let beside_those = [fields.status.is_some(), fields.created_within.is_some()];
            !beside.into_iter().chain(beside_those).any(|given| given)
        })
    }
}

/// What of several selects a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen<T> {
    /// Nothing.
    None,
    /// This, with more fields given than any other.
    One(T),
    /// These, with equally many fields given.
    Tied(Vec<T>),
}

/// What selects a task most specifically: with most fields given.
pub fn most_specific<'s, T>(
    candidates: impl Iterator<Item = (&'s Selector, T)>,
    task: &Task,
    now: Timestamp,
) -> Chosen<T> {
    let (mut best, mut most) = (Vec::new(), 0);
    for (select, candidate) in candidates {
        let specificity = select.specificity();
        if (!best.is_empty() && specificity < most) || !select.matches_at(task, now) {
            continue;
        }
        if specificity > most {
            best.clear();
            most = specificity;
        }
        best.push(candidate);
    }
    match best.pop() {
        None => Chosen::None,
        Some(only) if best.is_empty() => Chosen::One(only),
        Some(last) => {
            best.push(last);
            Chosen::Tied(best)
        }
    }
}

impl Worker {
    /// Whether it is that agent, or does its work for now.
    fn acts_for(&self, agent: &str) -> bool {
        *self.name == *agent || self.stands_in.contains(agent)
    }

    /// How well a task fits that is with `role` and `agent`, demands that, and belongs to that assignment. The assignment decides
    /// who does it; where there is none, the task itself does.
    pub fn fit(&self, role: Option<&str>, agent: Option<&str>, demand: &Demand, duty: Option<&Duty>) -> Fit {
        let mine = match duty.map(|duty| (&duty.to, duty.to.kind)) {
            Some((to, Kind::Agent)) => self.acts_for(to.name.as_str()),
            Some((to, _)) => self.roles.contains(to.name.as_str()),
            None => role.is_none_or(|role| self.roles.contains(role)),
        };
        let free = agent.is_none_or(|agent| self.acts_for(agent));
        let knows = |skills: &BTreeSet<Arc<str>>| skills.is_subset(&self.skills);
        if !mine || !free || !knows(&demand.skills) || !duty.is_none_or(|duty| knows(&duty.skills)) {
            return Fit::Unfit;
        }
        self.site.matches(&demand.site).map_or(Fit::Elsewhere, Fit::Right)
    }
}

/// How a store deals with claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueuePolicy {
    /// How long a claimed task is held unless its holder says otherwise.
    pub lease: Duration,
    /// How long a task waits for the worker that suits it best before any that may do it gets it.
    pub patience: Duration,
    /// How often a task is given back because its holder was lost before it is given up.
    pub returns: u32,
    /// How long a task rests after its first failed try; twice as long after each further one, up to `longest_rest`.
    pub rest: Duration,
    /// The longest rest.
    pub longest_rest: Duration,
}

impl Default for QueuePolicy {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(10),
            patience: Duration::from_mins(1),
            returns: 3,
            rest: Duration::from_mins(1),
            longest_rest: Duration::from_hours(1),
        }
    }
}

/// When a commit counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// When it would outlast a loss of power.
    #[default]
    Full,
    /// When it would outlast the end of every process; a loss of power may undo the last ones, whole.
    Normal,
}

impl Durability {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Full, Self::Normal];

    /// As `abide.toml` writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Normal => "normal",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worker() -> Worker {
        let site = Site { class: Some("llm".into()), region: Some("eu".into()), machine: None };
        let (roles, skills) = (["developer".into()].into(), ["rust".into(), "sql".into()].into());
        Worker { name: "dev-1".into(), roles, skills, site, ..Worker::default() }
    }

    fn demand(skills: &[&str], class: Option<&str>, region: Option<&str>) -> Demand {
        let site = Site { class: class.map(Into::into), region: region.map(Into::into), machine: None };
        Demand { skills: skills.iter().map(|&skill| skill.into()).collect(), site }
    }

    #[test]
    fn a_worker_never_does_what_it_cannot_do() {
        let worker = worker();
        let plain = Demand::default();
        assert_eq!(worker.fit(Some("developer"), None, &plain, None), Fit::Right(0));
        assert_eq!(worker.fit(None, None, &plain, None), Fit::Right(0), "a task without a role is for anybody");
        assert_eq!(worker.fit(Some("qa"), None, &plain, None), Fit::Unfit);
        assert_eq!(worker.fit(Some("developer"), Some("dev-2"), &plain, None), Fit::Unfit, "it is another's");
        assert_eq!(worker.fit(Some("developer"), None, &demand(&["go"], None, None), None), Fit::Unfit);
        let backup = Worker { stands_in: ["dev-2".into()].into(), ..worker };
        assert_eq!(backup.fit(Some("developer"), Some("dev-2"), &plain, None), Fit::Right(0));
    }

    #[test]
    fn places_are_a_matter_of_better_and_worse() {
        let fit = |class, region| worker().fit(None, None, &demand(&["rust"], class, region), None);
        assert_eq!(fit(Some("llm"), Some("eu")), Fit::Right(2));
        assert_eq!(fit(Some("llm"), None), Fit::Right(1));
        assert_eq!(fit(Some("cpu"), Some("eu")), Fit::Elsewhere);
        assert!(Fit::Unfit < Fit::Elsewhere && Fit::Elsewhere < Fit::Right(0) && Fit::Right(0) < Fit::Right(2));
    }

    #[test]
    fn an_assignment_decides_before_the_task() {
        let duty = |to: &str, skills: &[&str]| Duty {
            spec: "assignment/a".parse().unwrap(),
            select: Selector::default(),
            to: to.parse().unwrap(),
            skills: skills.iter().map(|&skill| skill.into()).collect(),
            max: None,
            per_agent: None,
        };
        let fit = |duty: &Duty| worker().fit(Some("qa"), None, &Demand::default(), Some(duty));
        assert_eq!(fit(&duty("role/developer", &[])), Fit::Right(0), "though the task says qa");
        assert_eq!(fit(&duty("role/qa", &[])), Fit::Unfit);
        assert_eq!(fit(&duty("role/developer", &["go"])), Fit::Unfit);
        assert_eq!(fit(&duty("agent/dev-1", &[])), Fit::Right(0));
        assert_eq!(fit(&duty("agent/dev-2", &[])), Fit::Unfit);
    }
}
