//! What people say of tasks that need their agreement, and how such a task stands.

use std::fmt;
use std::sync::Arc;

use super::{Content, Digest, Hasher, SpecId, TaskId, Timestamp};

/// What a yes is said to: a task as it reads, what may be done with it, and the policy that asks, as that reads. Changing any
/// of these makes it another request, for which an earlier yes is nothing.
pub fn request_digest(task: &TaskId, content: Digest, policy: &SpecId, version: Digest) -> Digest {
    let hasher = Hasher::default().part("abide-approval/1").part(task.0.as_bytes()).part(content);
    hasher.part("start").part(policy.to_string()).part(version).finish()
}

/// What an approver said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vote {
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

impl Vote {
    /// As it is stored and printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// What somebody put on record about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Said {
    /// Yes or no.
    Vote(Vote),
    /// That it goes ahead without a yes, to be looked at afterwards.
    Override,
}

impl Said {
    /// As it is stored and printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vote(vote) => vote.word(),
            Self::Override => "overridden",
        }
    }

    /// What is stored and printed so, if anything.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Vote(Vote::Approved), Self::Vote(Vote::Rejected), Self::Override]
            .into_iter()
            .find(|said| said.word() == word)
    }
}

/// What one person said of one request, by a command, with all that it is bound to. It is never changed: whoever thinks
/// otherwise later says so again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Makes it count once.
    pub nonce: Arc<str>,
    /// The policy that asks.
    pub policy: SpecId,
    /// What was said.
    pub said: Said,
    /// Who said so: the name of an agent.
    pub by: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// From when on it does not hold any more.
    pub expires: Option<Timestamp>,
    /// The task as it read then.
    pub content: Content,
    /// The policy as it read then.
    pub version: Digest,
    /// The commit whose specs were in force.
    pub revision: Arc<str>,
    /// Whether a key of the person signed it.
    pub is_signed: bool,
    /// Why.
    pub reason: Option<Arc<str>>,
    /// Whether the record of what was done tells that it was said, and so.
    pub is_borne_out: bool,
}

/// A verdict that stands in the task's own row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The role that the mapped column speaks for.
    pub role: Arc<str>,
    /// Yes or no.
    pub vote: Vote,
    /// Who said so, where a column tells.
    pub by: Option<Arc<str>>,
    /// When, where a column tells.
    pub at: Option<Timestamp>,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GateState {
    /// Not enough have agreed yet.
    Pending,
    /// Enough have agreed.
    Approved,
    /// Somebody who was asked said no, or nobody answered in time.
    Rejected,
    /// Enough had agreed, and their yes has run out.
    Expired,
    /// Enough had agreed, to something that has changed since.
    Void,
    /// Somebody broke the glass.
    Overridden,
    /// The calendar lets nothing start now.
    Closed,
}

impl GateState {
    /// Every one.
    pub const ALL: [Self; 7] =
        [Self::Pending, Self::Approved, Self::Rejected, Self::Expired, Self::Void, Self::Overridden, Self::Closed];

    /// As it is stored and printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Void => "void",
            Self::Overridden => "overridden",
            Self::Closed => "closed",
        }
    }

    /// The one of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether the task may start.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Approved | Self::Overridden)
    }
}

impl fmt::Display for GateState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What Abide has on record of one task: since when each policy asks, what was said, and what stood in its row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnRecord {
    /// Which policies ask for agreement to it, in order.
    pub asked: Vec<Asked>,
    /// What was said, the oldest first.
    pub ballots: Vec<Ballot>,
    /// The verdicts of its row as they were first seen, in order of policy and role.
    pub seen: Vec<Seen>,
}

/// That a policy asks for agreement to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The policy.
    pub policy: SpecId,
    /// Since when, of the task and the policy as they read.
    pub since: Timestamp,
    /// When it was last seen to wait otherwise than before: it had not started then.
    pub stood: Timestamp,
    /// That the task has started, if so: with its agreement, or without where its row does not tell when.
    pub used: Option<Used>,
}

/// That a task has started, and how the request stood then. Whatever becomes of the policy afterwards, what was agreed to had that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// When that was found: at the start, where Abide gave the task out.
    pub at: Timestamp,
    /// When the task started, by its row: another start is another matter.
    pub started: Option<Timestamp>,
    /// How the request stood.
    pub state: GateState,
    /// The task as it read then.
    pub content: Content,
}

/// A verdict in a task's row, with what there was to see when it was first seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The policy that asks.
    pub policy: SpecId,
    /// The verdict.
    pub approval: Approval,
    /// The task as it read then.
    pub content: Content,
    /// The policy as it read then.
    pub version: Digest,
    /// When that was.
    pub at: Timestamp,
}

impl Seen {
    /// Whether another verdict of the role was given after this one was seen, and after the task was seen to read as it does `now`, where it
    /// has changed. Of one without a time only that it says something else, or is somebody else's, tells.
    fn is_before(&self, other: &Approval, (since, now): (Option<Timestamp>, Content)) -> bool {
        let is_renamed = || other.by.as_ref().is_some_and(|by| !by.is_empty()) && other.by != self.approval.by;
        let is_after = |at: Timestamp| at > self.at && (self.content == now || since.is_none_or(|since| at >= since));
        other.at.map_or_else(|| other.vote != self.approval.vote || is_renamed(), is_after)
    }
}

impl OnRecord {
    /// That a policy asks, if it does.
    pub fn asked_by(&self, policy: &SpecId) -> Option<&Asked> {
        self.asked.iter().find(|asked| asked.policy == *policy)
    }

    /// Whether a policy still waits for an answer: the task was not seen to start with one.
    pub fn is_unanswered(&self) -> bool {
        self.asked.iter().any(|asked| asked.used.is_none_or(|used| !used.state.is_open()))
    }

    /// Whether the task was seen to have started.
    pub fn has_begun(&self) -> bool {
        self.asked.iter().any(|asked| asked.used.is_some())
    }

    /// Whether somebody broke the glass for the task.
    pub fn is_overridden(&self) -> bool {
        self.ballots.iter().any(|ballot| ballot.said == Said::Override)
    }

    /// What a verdict is about that a policy sees for the first time in a row, which came to be then and reads so now: what there was to
    /// see when any policy first saw that verdict, or one before it that it is no newer than.
    pub fn about(&self, policy: &SpecId, approval: &Approval, (created, now): (Timestamp, Content)) -> Content {
        let since = self.asked_by(policy).map(|asked| asked.since);
        let before = self.seen.iter().filter(|seen| seen.approval.role == approval.role && seen.at >= created);
        let older = before.filter(|seen| !seen.is_before(approval, (since, now)));
        older.min_by_key(|seen| seen.at).map_or(now, |seen| seen.content)
    }

    /// What was seen in a row that has these verdicts now, stands there no longer, and had no time that would tell it from another.
    pub fn gone<'r>(&'r self, approvals: &'r [Approval]) -> impl Iterator<Item = &'r Seen> {
        let is_gone =
            |seen: &&Seen| seen.approval.at.is_none() && !approvals.iter().any(|it| it.role == seen.approval.role);
        self.seen.iter().filter(is_gone)
    }

    /// When any policy first saw that verdict in the row.
    pub fn first_seen(&self, approval: &Approval) -> Option<Timestamp> {
        self.seen.iter().filter(|seen| seen.approval == *approval).map(|seen| seen.at).min()
    }

    /// A verdict of the task's row as it was first seen by a policy.
    pub fn seen_by(&self, policy: &SpecId, approval: &Approval) -> Option<&Seen> {
        self.seen.iter().find(|seen| seen.policy == *policy && seen.approval == *approval)
    }
}
