//! Answers as a file has them. Times are milliseconds since 1970-01-01 00:00:00 UTC.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ballot::OnRecordWire;
use super::branch::BranchWire;
use super::metric::MetricWire;
use crate::model::{
    Answer, Approval, BranchesSeen, CodeMatch, CodeSeen, Content, Duration, Durations, Heartbeat, NoAnswer, Place,
    Series, Task, TaskId, TaskStatus, Timestamp, Vote,
};

/// An answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::large_enum_variant, reason = "each lives only while it is written or read")]
pub(super) enum AnswerWire {
    Tasks(Vec<TaskWire>),
    /// When, how many good, how many in all.
    Events {
        moments: Vec<(i64, u64, u64)>,
        unmeasured: u64,
    },
    /// When and how long, in milliseconds.
    #[serde(rename_all = "camelCase")]
    Durations {
        measured: Vec<(i64, u64)>,
        #[serde(default)]
        unmeasured: u64,
    },
    Metric(MetricWire),
    Task(Option<Box<TaskWire>>),
    /// By agent: when, and in which role.
    Heartbeats(BTreeMap<Arc<str>, (i64, Option<Arc<str>>)>),
    /// File, line and text.
    Code(Vec<PlaceWire>),
    /// The same, where something could not be read: that, and why.
    CodeInPart {
        found: Vec<PlaceWire>,
        unread: Vec<PlaceWire>,
    },
    Branches {
        claims: Vec<BranchWire>,
        /// Branch, file and line.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unread: Vec<(Arc<str>, Arc<str>, u32)>,
    },
}

/// File, line and text.
type PlaceWire = (Arc<str>, Option<u32>, Arc<str>);

/// Why there is no answer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoneWire {
    reason: Arc<str>,
    since: i64,
}

/// A row of the live table.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TaskWire {
    id: Arc<str>,
    #[serde(rename = "type")]
    kind: Arc<str>,
    title: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<Arc<str>>,
    status: String,
    severity: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<Arc<str>, Arc<str>>,
    created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    claimed: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finished: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    approvals: Vec<ApprovalWire>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<Box<OnRecordWire>>,
    content: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    own: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalWire {
    role: Arc<str>,
    #[serde(with = "VoteWire")]
    vote: Vote,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Vote", rename_all = "camelCase")]
enum VoteWire {
    Approved,
    Rejected,
}

impl AnswerWire {
    /// The answer as a file has it.
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Tasks(rows) => Self::Tasks(rows.values().map(|task| TaskWire::of(task)).collect()),
            Answer::Events(series) => Self::Events {
                moments: series.iter().map(|(at, good, total)| (at.as_millis(), good, total)).collect(),
                unmeasured: series.unmeasured(),
            },
            Answer::Durations(durations) => Self::Durations {
                measured: durations.measured().iter().map(|(at, took)| (at.as_millis(), took.as_millis())).collect(),
                unmeasured: durations.unmeasured(),
            },
            Answer::Metric(metric) => Self::Metric(MetricWire::of(metric)),
            Answer::Task(row) => Self::Task(row.as_ref().map(|task| Box::new(TaskWire::of(task)))),
            Answer::Heartbeats(beats) => {
                let beat = |(agent, beat): (&Arc<str>, &Heartbeat)| {
                    (agent.clone(), (beat.seen.as_millis(), beat.role.clone()))
                };
                Self::Heartbeats(beats.iter().map(beat).collect())
            }
            Answer::Branches(seen) => {
                let unread = |(branch, place): &(Arc<str>, Place)| (branch.clone(), place.file.clone(), place.line);
                Self::Branches {
                    claims: seen.claims.iter().map(BranchWire::of).collect(),
                    unread: seen.unread.iter().map(unread).collect(),
                }
            }
            Answer::Code(seen) if seen.unread.is_empty() => Self::Code(wires(&seen.places)),
            Answer::Code(seen) => Self::CodeInPart { found: wires(&seen.places), unread: wires(&seen.unread) },
        }
    }

    /// The answer, or what is wrong with it.
    pub(super) fn answer(self) -> Result<Answer, String> {
        Ok(match self {
            Self::Tasks(rows) => {
                let row = |row: TaskWire| row.task().map(|task| (task.id.clone(), Arc::new(task)));
                Answer::Tasks(rows.into_iter().map(row).collect::<Result<_, _>>()?)
            }
            Self::Events { moments, unmeasured } => {
                let moment = |(at, good, total)| (Timestamp::from_millis(at), good, total);
                let mut series = Series::collect(moments.into_iter().map(moment));
                (0..unmeasured).for_each(|_| series.count_unmeasured());
                Answer::Events(series)
            }
            Self::Durations { measured, unmeasured } => {
                let one = |(at, took)| (Timestamp::from_millis(at), Duration::from_millis(took));
                Answer::Durations(Durations::collect(measured.into_iter().map(one), unmeasured))
            }
            Self::Metric(metric) => Answer::Metric(metric.metric()?),
            Self::Task(row) => Answer::Task(row.map(|row| row.task()).transpose()?.map(Arc::new)),
            Self::Heartbeats(beats) => {
                let beat = |(agent, (seen, role))| (agent, Heartbeat { seen: Timestamp::from_millis(seen), role });
                Answer::Heartbeats(beats.into_iter().map(beat).collect())
            }
            Self::Branches { claims, unread } => {
                let unread = unread.into_iter().map(|(branch, file, line)| (branch, Place { file, line })).collect();
                let claims = claims.into_iter().map(BranchWire::claim).collect::<Result<_, _>>()?;
                Answer::Branches(Arc::new(BranchesSeen { claims, unread }))
            }
            Self::Code(found) => Answer::Code(places(found).into()),
            Self::CodeInPart { found, unread } => {
                Answer::Code(CodeSeen { places: places(found), unread: places(unread) })
            }
        })
    }
}

fn wires(places: &[CodeMatch]) -> Vec<PlaceWire> {
    places.iter().map(|it| (it.file.clone(), it.line, it.text.clone())).collect()
}

fn places(wires: Vec<PlaceWire>) -> Vec<CodeMatch> {
    wires.into_iter().map(|(file, line, text)| CodeMatch { file, line, text }).collect()
}

impl NoneWire {
    /// The silence as a file has it.
    pub(super) fn of(none: &NoAnswer) -> Self {
        Self { reason: none.reason.clone(), since: none.since.as_millis() }
    }

    /// The silence.
    pub(super) fn none(self) -> NoAnswer {
        NoAnswer { reason: self.reason, since: Timestamp::from_millis(self.since) }
    }
}

impl TaskWire {
    fn of(task: &Task) -> Self {
        let millis = |at: Option<Timestamp>| at.map(Timestamp::as_millis);
        let approval = |approval: &Approval| ApprovalWire {
            role: approval.role.clone(),
            vote: approval.vote,
            by: approval.by.clone(),
            at: millis(approval.at),
        };
        Self {
            id: task.id.0.clone(),
            kind: task.kind.clone(),
            title: task.title.clone(),
            role: task.role.clone(),
            agent: task.agent.clone(),
            author: task.author.clone(),
            status: task.status.word().to_owned(),
            severity: task.severity.word().to_owned(),
            labels: task.labels.clone(),
            created: task.created.as_millis(),
            claimed: millis(task.claimed),
            started: millis(task.started),
            finished: millis(task.finished),
            approvals: task.approvals.iter().map(approval).collect(),
            record: task.record.as_deref().map(|record| Box::new(OnRecordWire::of(record))),
            content: task.content.to_string(),
            own: task.own,
        }
    }

    fn task(self) -> Result<Task, String> {
        let at = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        let approval = |wire: ApprovalWire| Approval { role: wire.role, vote: wire.vote, by: wire.by, at: at(wire.at) };
        let wrong = |what: &str| format!("task {}: `{what}` is no ", self.id);
        let status = TaskStatus::from_word(&self.status).ok_or_else(|| wrong(&self.status) + "status")?;
        let content = Content::stored(&self.content).ok_or_else(|| wrong(&self.content) + "content")?;
        let record = self.record.map(|record| record.record()).transpose()?.map(Arc::new);
        Ok(Task {
            status,
            content,
            record,
            severity: self.severity.parse()?,
            id: TaskId(self.id),
            kind: self.kind,
            title: self.title,
            role: self.role,
            agent: self.agent,
            author: self.author,
            labels: self.labels,
            created: Timestamp::from_millis(self.created),
            claimed: at(self.claimed),
            started: at(self.started),
            finished: at(self.finished),
            approvals: self.approvals.into_iter().map(approval).collect(),
            own: self.own,
        })
    }
}
