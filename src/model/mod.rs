//! The nouns that every other room speaks in. Pure: no clock, no disk, no network.

mod answer;
mod approval;
mod branch;
mod content;
mod denial;
mod digest;
mod drift;
mod enforce;
mod fingerprint;
mod habits;
mod id;
mod ledger;
mod metric;
mod outcome;
mod plan;
mod provenance;
mod question;
mod revision;
mod sample;
mod selector;
mod series;
mod severity;
mod spent;
mod task;
mod time;
mod verdict;
mod window;
mod work;

pub use answer::{Answer, Answers, CodeMatch, CodeSeen, Counted, Heartbeat, NoAnswer, TaskRows};
pub use approval::{Approval, Asked, Ballot, GateState, OnRecord, Said, Seen, Used, Vote, request_digest};
pub use branch::{BranchClaim, BranchesSeen};
pub use content::Content;
pub use denial::{Denial, Reason};
pub use digest::{Digest, Hasher};
pub use drift::{Code, Drift, Evidence, Fix, Rule, Subject};
pub use enforce::{Assign, Change, Enforced, EnforcedKey, Observed, TaskField};
pub use fingerprint::Fingerprint;
pub use habits::Habits;
pub use id::{Kind, Name, NameError, SpecId};
pub use ledger::{Ledger, Live, Record, RecordState, WontFix};
pub use metric::{Ask, Durations, Line, Metric, MetricQuestion, SourceAt, SourceKind, SqlTime};
pub use outcome::{Outcome, Undone};
pub use plan::{
    Action, Basis, CloseReason, DriftState, Epoch, Held, HoldId, Plan, Policy, Remediation, Reported, Step, Tells,
    Unknown,
};
pub use provenance::{Person, Provenance, Signed, Signer, SshKey};
pub use question::{CodeQuestion, Comparison, Events, Look, Measure, Point, Question, QuestionSet, Scope};
pub use revision::{Place, Revision};
pub use sample::Sample;
pub use selector::{Glob, Selector, SelectorFields, SeverityRange};
pub use series::Series;
pub use severity::Severity;
pub use spent::Spent;
pub use task::{ABIDE, Task, TaskId, TaskStatus};
pub use time::{Date, Duration, TimeError, Timestamp};
pub use verdict::{CaseId, CaseVerdict, Finding, Standing, Verdicts};
pub use window::{Bounds, Calendar, CalendarUnit, Window};
pub use work::{Chosen, Demand, Durability, Duties, Duty, Fit, QueuePolicy, Site, Token, Worker, most_specific};
