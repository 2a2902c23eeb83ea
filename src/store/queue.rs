//! How a queue of tasks decides, whatever database it lies in. Pure.

use std::collections::BTreeSet;

use super::{Claim, Full, Lease, Stands, StoreError, Taken, Told};
use crate::diagnostic::nearest;
use crate::model::{
    Demand, Denial, Duration, Duties, Duty, Fit, Kind, QueuePolicy, Reason, Severity, Task, TaskId, TaskStatus,
    Timestamp, Token, Worker,
};
use crate::schedule::Backoff;

/// A task that might be claimed, in the order in which it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    rank: u8,
    /// The better the fit, the earlier.
    fit: std::cmp::Reverse<Fit>,
    due: Timestamp,
    created: Timestamp,
    id: (Option<i64>, TaskId),
}

impl Candidate {
    /// The most urgent comes first, then what fits best, then what is due soonest, then the oldest.
    pub(crate) fn new(id: TaskId, severity: Severity, fit: Fit, due: Option<Timestamp>, created: Timestamp) -> Self {
        let number = id.0.parse().ok();
        let due = due.unwrap_or(Timestamp::from_millis(i64::MAX));
        Self { rank: rank(severity), fit: std::cmp::Reverse(fit), due, created, id: (number, id) }
    }

    pub(crate) const fn id(&self) -> &TaskId {
        &self.id.1
    }
}

/// The most severe is the lowest.
pub(crate) const fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 0,
        Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
    }
}

/// How well a task fits a worker now, which an earlier look may not have decided; and its assignment.
pub(crate) fn fit<'d>(
    worker: &Worker,
    duties: &'d Duties,
    (task, demand): (&Task, &Demand),
    now: Timestamp,
) -> (Fit, Option<&'d Duty>) {
    let duty = duties.of(task, now);
    (worker.fit(task.role.as_deref(), task.agent.as_deref(), demand, duty), duty)
}

/// What comes of a claim by a worker that holds as many tasks as it may: an error where it asks for one of them.
pub(crate) fn full(claim: &Claim, full: Full, taken: Taken) -> Result<Taken, StoreError> {
    let Some(task) = &claim.task else { return Ok(Taken { full: Some(full), ..taken }) };
    let what = format!("{} {full}, so it cannot claim task {task} before one has ended", claim.worker.name);
    Err(StoreError::Stale(what))
}

/// Why a task that belongs to that assignment is not for a worker that it does not fit. `whole` is that worker as it is while
/// everybody is away whose work it does then.
pub(crate) fn unfit(worker: &Worker, whole: &Worker, duty: Option<&Duty>, (task, demand): (&Task, &Demand)) -> String {
    let (id, name) = (&task.id, &worker.name);
    let to = duty.map(|duty| &duty.to).filter(|to| to.kind == Kind::Agent).map(|to| to.name.as_str());
    let of_others = |agent: &&str| **agent != **name && !worker.stands_in.contains(*agent);
    let kept = task.agent.as_deref().filter(of_others);
    let fits_else = whole.fit(task.role.as_deref(), task.agent.as_deref(), demand, duty) != Fit::Unfit;
    if let Some(there) = to.filter(of_others).or(kept).filter(|_| fits_else) {
        let away = format!("{name} stands in only while {there} is away (paused, draining or silent for too long)");
        return format!("task {id} is kept for {there}, who is there: {away}");
    }
    if let Some(agent) = kept {
        return format!("task {id} is kept for {agent}, so it is not for {name}");
    }
    let role = task.role.as_deref().unwrap_or("anybody");
    let by = duty.map_or_else(|| format!("it is for {role}"), |duty| format!("{} gives it to {}", duty.spec, duty.to));
    let wanted = duty.map(|duty| &duty.skills).into_iter().flatten().chain(&demand.skills);
    let missing: BTreeSet<&str> =
        wanted.map(|skill| &**skill).filter(|skill| !worker.skills.contains(*skill)).collect();
    let missing: Vec<&str> = missing.into_iter().collect();
    let asks = if missing.is_empty() { "" } else { ", and it asks for skills that they do not have: " };
    format!("task {id} is not for {name}: {by}{asks}{}", missing.join(", "))
}

/// Whether a task that has been ready for so long goes to a worker that it fits so well.
pub(crate) fn is_admitted(fit: Fit, ready: Timestamp, policy: &QueuePolicy, now: Timestamp) -> bool {
    match fit {
        Fit::Unfit => false,
        Fit::Elsewhere => now.since(ready) >= policy.patience,
        Fit::Right(_) => true,
    }
}

/// What becomes of a task after a failed try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    /// It rests until then, and is tried again.
    Again(Timestamp),
    /// Its tries are used up: it waits for a person.
    Dead,
    /// It has failed, as anybody expected that it might.
    Failed,
}

/// What becomes of a task that has failed `failures` times, the last one now, and may be tried `tries` times.
pub(crate) fn after_failure(
    failures: u32,
    tries: u32,
    last: bool,
    policy: &QueuePolicy,
    now: Timestamp,
) -> AfterFailure {
    let rest = Backoff::new(policy.rest, policy.longest_rest);
    match (last || tries <= 1, failures < tries) {
        (true, _) => AfterFailure::Failed,
        (false, true) => AfterFailure::Again(rest.due(now, failures)),
        (false, false) => AfterFailure::Dead,
    }
}

/// Whether a process has reported so lately that one more report by the way would say nothing new: within a second, and within
/// a tenth of the silence that it may keep. An agent that claims a thousand tasks a second need not report as often.
pub(crate) fn has_just_reported(
    seen: Timestamp,
    silence: Option<Duration>,
    said: Option<Duration>,
    now: Timestamp,
) -> bool {
    let lately = silence.map_or(LATELY, |silence| LATELY.min(silence.scaled(1, 10)));
    (said.is_none() || said == silence) && seen <= now && now.since(seen) < lately
}

/// How much older the last report may be than it could be.
const LATELY: Duration = Duration::from_secs(1);

/// Why a claim does not hold any more, from what was done to its task since.
pub(crate) fn lost(task: &TaskId, token: Token, told: &[Told]) -> String {
    let since = told.iter().position(|told| self::token(told) == Some(token) && told.action == "claim");
    let Some(since) = since else { return format!("claim {token} of task {task} is not known: it was never given") };
    let after = told.iter().skip(since + 1).filter(|told| told.action != "update");
    let story: Vec<String> = after.take(3).map(event).collect();
    match story.is_empty() {
        true => format!("claim {token} of task {task} does not hold any more"),
        false => format!("claim {token} of task {task} does not hold any more: {}", story.join(", then ")),
    }
}

/// The claim under which something was done.
pub(crate) fn token(told: &Told) -> Option<Token> {
    serde_json::from_str::<serde_json::Value>(&told.what).ok()?.get("token")?.as_i64().map(Token)
}

/// A transition as one clause.
fn event(told: &Told) -> String {
    let Told { at, by, action, what, .. } = told;
    let what: serde_json::Value = serde_json::from_str(what).unwrap_or_default();
    let why = what.get("reason").and_then(serde_json::Value::as_str).map(|why| format!(" ({why})")).unwrap_or_default();
    match action.as_str() {
        "claim" => {
            let token = what.get("token").and_then(serde_json::Value::as_i64).unwrap_or_default();
            format!("{by} claimed it at {at} (claim {token})")
        }
        "lost" if what.get("to").and_then(serde_json::Value::as_str) == Some(TaskStatus::Failed.word()) => {
            format!("it failed at {at}, since its holder was lost too often{why}")
        }
        "lost" => format!("it was given back at {at}{why}"),
        "release" => format!("{by} gave it back at {at}{why}"),
        "complete" => format!("{by} completed it at {at}"),
        "fail" => format!("{by} failed it at {at}{why}"),
        "cancel" => format!("{by} cancelled it at {at}{why}"),
        "close" => format!("Abide closed it at {at}, since its drift was gone"),
        other => format!("{by} did `{other}` at {at}{why}"),
    }
}

/// That an agent cannot be forgotten while it holds something.
pub(crate) fn still_holds(agent: &str, held: &[Lease]) -> String {
    let tasks: Vec<String> = held.iter().map(|lease| lease.task.to_string()).collect();
    let [what, them] = if tasks.len() == 1 { ["task", "it"] } else { ["tasks", "each"] };
    format!(
        "{agent} holds {what} {}: give {them} back first (abide tasks release {} --force)",
        tasks.join(", "),
        tasks.first().map(String::as_str).unwrap_or_default()
    )
}

/// That nothing is known of an agent; of these something is.
pub(crate) fn stranger<'k>(agent: &str, known: impl IntoIterator<Item = &'k str>) -> StoreError {
    let meant = nearest(agent, known).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    StoreError::NotFound(format!(
        "no agent `{agent}` has registered, reported or claimed anything; {meant}`abide agents list` shows who has"
    ))
}

/// That a task waits for somebody's yes.
pub(crate) fn gated(task: &Task, stands: &Stands) -> Denial {
    let Stands { policy, state, why } = stands;
    let why = why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
    let words = format!(
        "task {0} needs a yes before it starts, and {policy} is {state}{why}; `abide approvals explain {0}` shows what is missing",
        task.id
    );
    Denial::new(Reason::Gated, words)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Content, Selector, TaskStatus};

    fn task(agent: Option<&str>) -> Task {
        Task {
            id: "4".into(),
            kind: "pin".into(),
            title: "a pin".into(),
            role: None,
            agent: agent.map(Into::into),
            author: None,
            status: TaskStatus::Pending,
            severity: Severity::Medium,
            labels: BTreeMap::new(),
            created: Timestamp::from_secs(0),
            claimed: None,
            started: None,
            finished: None,
            approvals: Vec::new(),
            record: None,
            content: Content::titled(""),
            own: false,
        }
    }

    #[test]
    fn whom_a_task_is_not_for_is_told_why() {
        let away: BTreeSet<_> = ["dev-1".into()].into();
        let whole = Worker {
            name: "dev-2".into(),
            roles: ["developer".into()].into(),
            skills: ["sql".into()].into(),
            stands_in: away.clone(),
            ..Worker::default()
        };
        let duty = |to: &str, skills: &[&str]| Duty {
            spec: "assignment/pin".parse().unwrap(),
            select: Selector::default(),
            to: to.parse().unwrap(),
            skills: skills.iter().map(|&skill| skill.into()).collect(),
            max: None,
            per_agent: None,
        };
        let why = |stands_in: &BTreeSet<_>, duty: Option<Duty>, agent: Option<&str>| {
            let worker = Worker { stands_in: stands_in.clone(), ..whole.clone() };
            let said = unfit(&worker, &whole, duty.as_ref(), (&task(agent), &Demand::default()));
            said.strip_prefix("task 4 is ").unwrap().to_owned()
        };
        let (nobody, pin) = (BTreeSet::new(), duty("agent/dev-1", &[]));
        let there = "kept for dev-1, who is there: dev-2 stands in only while dev-1 is away (paused, draining or silent for too long)";
        assert_eq!(why(&nobody, Some(pin), None), there);
        assert_eq!(why(&nobody, None, Some("dev-1")), there);
        assert_eq!(why(&away, None, Some("dev-3")), "kept for dev-3, so it is not for dev-2");
        let given = "not for dev-2: assignment/pin gives it to ";
        let skills = ", and it asks for skills that they do not have: go, rust";
        let demanding = |to| Some(duty(to, &["rust", "sql", "go"]));
        assert_eq!(why(&away, demanding("agent/dev-1"), Some("dev-1")), format!("{given}agent/dev-1{skills}"));
        assert_eq!(why(&nobody, demanding("role/developer"), None), format!("{given}role/developer{skills}"));
        assert_eq!(why(&nobody, Some(duty("role/qa", &[])), None), format!("{given}role/qa"));
    }

    #[test]
    fn a_report_by_the_way_is_left_out_only_where_it_would_say_nothing_new() {
        let at = Timestamp::from_millis;
        let left_out = |silence: Option<u64>, said: Option<u64>, now: i64| {
            let [silence, said] = [silence, said].map(|millis| millis.map(Duration::from_millis));
            has_just_reported(at(10_000), silence, said, at(now))
        };
        assert!(left_out(None, None, 10_999) && !left_out(None, None, 11_000), "a second");
        assert!(left_out(Some(60_000), None, 10_999) && !left_out(Some(60_000), None, 11_000), "no more than a second");
        assert!(left_out(Some(2_000), None, 10_199) && !left_out(Some(2_000), None, 10_200), "a tenth of the silence");
        assert!(
            left_out(Some(2_000), Some(2_000), 10_000) && !left_out(Some(2_000), Some(3_000), 10_000),
            "a new silence"
        );
        assert!(!left_out(None, Some(2_000), 10_000), "the first that is said of it");
        assert!(!left_out(None, None, 9_999), "a clock that goes back");
    }
}
