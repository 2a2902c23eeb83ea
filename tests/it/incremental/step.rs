//! What may happen between two passes.

use abide::model::{Said, Severity, TaskStatus, Vote};
use proptest::prelude::*;

use super::specs::FILES;

#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A row is written.
    Put(Row),
    /// So many events of a service level finish at once, good or not, so many seconds ago.
    Events { count: i64, good: bool, ago: i64 },
    /// A row is written, others are deleted, and it is rolled back.
    TakeBack(Row),
    /// A row is deleted.
    Delete(i64),
    /// An agent reports, as of so many seconds ago.
    Beat(usize, i64),
    /// The specs change.
    Specs(usize, usize),
    /// Seconds pass.
    Time(i64),
    /// The n-th remediation task ends.
    End(usize, TaskStatus),
    /// The n-th drift is not to be mended for so many seconds.
    WontFix(usize, i64),
    /// Everything that waits is released.
    Release,
    /// Somebody says something of a task.
    Say(i64, &'static str, Said),
}

#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) kind: &'static str,
    pub(super) role: Option<&'static str>,
    pub(super) agent: Option<&'static str>,
    pub(super) status: TaskStatus,
    pub(super) severity: Severity,
    pub(super) created: i64,
    pub(super) approved: Option<i64>,
}

pub(super) const AGENTS: [&str; 4] = ["dev-1", "dev-2", "ghost", "abide"];

fn seconds() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![0, 10, 60, 61, 300, 420, 3600, 3601, 32_400, 86_400, 691_200])
}

fn status() -> impl Strategy<Value = TaskStatus> {
    prop::sample::select(TaskStatus::ALL.to_vec())
}

fn said() -> impl Strategy<Value = Said> {
    prop::sample::select(vec![Said::Vote(Vote::Approved), Said::Vote(Vote::Rejected), Said::Override])
}

fn row() -> impl Strategy<Value = Row> {
    let kinds = prop::sample::select(vec!["fix", "fix", "deploy", "other"]);
    let roles = prop::sample::select(vec![None, Some("developer"), Some("qa")]);
    let agents = prop::option::of(prop::sample::select(AGENTS.to_vec()));
    let severities = prop::sample::select(Severity::ALL.to_vec());
    let times = (seconds(), prop::option::of(seconds()));
    (1i64..8, kinds, roles, agents, status(), severities, times).prop_map(
        |(id, kind, role, agent, status, severity, (created, approved))| Row {
            id,
            kind,
            role,
            agent,
            status,
            severity,
            created,
            approved,
        },
    )
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let ended = prop::sample::select(vec![TaskStatus::Completed, TaskStatus::Failed, TaskStatus::Cancelled]);
    prop_oneof![
        6 => row().prop_map(Step::Put),
        2 => (1i64..15, any::<bool>(), seconds()).prop_map(|(count, good, ago)| Step::Events { count, good, ago }),
        1 => row().prop_map(Step::TakeBack),
        1 => (1i64..8).prop_map(Step::Delete),
        2 => (0..AGENTS.len(), seconds()).prop_map(|(agent, ago)| Step::Beat(agent, ago)),
        2 => (0..FILES.len(), 0usize..7).prop_map(|(file, version)| Step::Specs(file, version)),
        5 => seconds().prop_map(Step::Time),
        2 => (0usize..9, ended).prop_map(|(nth, status)| Step::End(nth, status)),
        1 => (0usize..9, seconds()).prop_map(|(nth, until)| Step::WontFix(nth, until)),
        1 => Just(Step::Release),
        3 => (1i64..8, prop::sample::select(vec!["ada", "bob"]), said()).prop_map(|(id, by, said)| Step::Say(id, by, said)),
    ]
}
