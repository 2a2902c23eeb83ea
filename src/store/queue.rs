//! How a queue of tasks decides, whatever database it lies in. Pure.

use super::{Stands, Told};
use crate::model::{
    Demand, Denial, Duration, Duties, Duty, Fit, QueuePolicy, Reason, Severity, Task, TaskId, TaskStatus, Timestamp,
    Token, Worker,
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
    use super::*;

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
