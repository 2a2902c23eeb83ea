//! What a person or an agent may ask of a store.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Enlistment, Readiness};
use crate::kinds::approval::Gates;
use crate::model::{
    Demand, Digest, Durability, Duration, Duties, Epoch, Fingerprint, HoldId, QueuePolicy, Said, Severity, SpecId,
    Spent, TaskId, Timestamp, Token, WontFix, Worker,
};

/// What a person or an agent may ask of the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Adds a task.
    Add(NewTask),
    /// Takes the best tasks for a worker, each under a lease.
    Claim(Box<Claim>),
    /// Keeps a lease for longer.
    Renew {
        /// Of which task.
        task: TaskId,
        /// The claim.
        token: Token,
        /// How long from now.
        length: Duration,
    },
    /// Gives a claimed task back, so that others may claim it.
    GiveBack {
        /// Which.
        task: TaskId,
        /// The claim; none where a person takes the task away from whoever holds it.
        token: Option<Token>,
        /// Why.
        reason: Option<String>,
    },
    /// Claims that a task is done. Of a remediation task it is a claim until a pass has seen it.
    Complete {
        /// Which.
        task: TaskId,
        /// The claim, where somebody holds the task.
        token: Option<Token>,
        /// What came of it: a text, or JSON.
        result: Option<String>,
    },
    /// Says that a try has failed. The task is tried again if it has tries left.
    Fail {
        /// Which.
        task: TaskId,
        /// The claim, where somebody holds the task.
        token: Option<Token>,
        /// Why.
        reason: Option<String>,
        /// Whether there is no use in trying again.
        last: bool,
    },
    /// Says that a task is not wanted any more, whoever holds it.
    Cancel {
        /// Which.
        task: TaskId,
        /// Why.
        reason: Option<String>,
    },
    /// Tries a task again that has ended without being done, with as many tries as at first.
    Retry(TaskId),
    /// Has a task wait for others to be completed.
    Depend {
        /// Which.
        task: TaskId,
        /// What it waits for.
        needs: Vec<TaskId>,
    },
    /// Has a task wait for them no longer.
    Undepend {
        /// Which.
        task: TaskId,
        /// What it waited for.
        needs: Vec<TaskId>,
    },
    /// Says what an agent can do; it counts where no spec declares the agent. What is not said again stays as it was.
    Enlist(Enlistment),
    /// An agent reports.
    Beat {
        /// Which agent.
        agent: Arc<str>,
        /// Which of its processes; empty where there is only one.
        instance: Arc<str>,
        /// After how long a silence its work is given back; as it was last said where it is not given.
        dead_after: Option<Duration>,
    },
    /// Says whether an agent may take work.
    Station {
        /// Which agent.
        agent: Arc<str>,
        /// How.
        duty: Readiness,
        /// Why.
        reason: Option<String>,
    },
    /// Forgets an agent: what it said of itself, whether it may take work, and its reports to Abide. What its spec says stays.
    Delist(Arc<str>),
    /// Gives back the work whose lease is over or whose holder is dead, as every claim does.
    Sweep,
    /// Puts on record what somebody says of a request.
    Cast(Box<Cast>),
    /// Weighs requests for somebody's yes anew.
    Weigh(Weighing),
    /// Lets a token show who somebody is.
    Entrust {
        /// Who: the name of an agent.
        agent: Arc<str>,
        /// The token's digest; the token itself is kept nowhere.
        token: Digest,
        /// From when on it is good for nothing; for ever unless given.
        until: Option<Timestamp>,
    },
    /// Takes back every token of somebody.
    Distrust(Arc<str>),
    /// Says that a clock which showed a later time than now was wrong, so that yes and no count again.
    TrustClock {
        /// Why.
        reason: Arc<str>,
    },
    /// Writes down when commits were first seen; of those that were seen before, nothing.
    Sight(Vec<Arc<str>>),
    /// Refuses to mend a drift until a time.
    WontFix {
        /// The drift's task.
        fingerprint: Fingerprint,
        /// The refusal.
        refusal: WontFix,
    },
    /// Lets a step that waits go ahead.
    Release(HoldId),
}

/// A task to add.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewTask {
    /// Its type.
    pub kind: String,
    /// One line for people.
    pub title: String,
    /// More for people.
    pub body: Option<String>,
    /// The role that it is for.
    pub role: Option<String>,
    /// The agent that it is for, if only one will do.
    pub agent: Option<String>,
    /// How urgent.
    pub severity: Severity,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// When it should be done.
    pub due: Option<Timestamp>,
    /// When it may be claimed at the earliest.
    pub not_before: Option<Timestamp>,
    /// What it demands of whoever does it.
    pub demand: Demand,
    /// The tasks that must be completed first.
    pub needs: Vec<TaskId>,
    /// How often it is tried in all; once where this is 0.
    pub tries: u32,
    /// The task that it is part of.
    pub parent: Option<TaskId>,
    /// Makes adding it twice the same as once.
    pub key: Option<String>,
}

/// Who wants how much work.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Who wants it, and can do what.
    pub worker: Worker,
    /// Every assignment, so that each task goes to whom its own names.
    pub duties: Arc<Duties>,
    /// Every approval policy: what needs a yes is taken by nobody before it has it.
    pub gates: Gates,
    /// This one and no other, where it is given.
    pub task: Option<TaskId>,
    /// At most so many.
    pub most: usize,
    /// How long each is held unless renewed.
    pub length: Duration,
}

/// What somebody says of a task that needs a yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Cast {
    /// The policies, and who is who.
    pub gates: Gates,
    /// Of which task.
    pub task: TaskId,
    /// To which policy; to every one that asks them, unless given.
    pub policy: Option<SpecId>,
    /// What.
    pub said: Said,
    /// Who: the name of an agent.
    pub by: Arc<str>,
    /// What shows that it is them.
    pub proof: Proof,
    /// The digest of what they have seen; what there is now, unless given.
    pub seen: Option<Digest>,
    /// Makes it count once.
    pub nonce: Arc<str>,
    /// Until when it holds; as long as the policy lets it, unless given.
    pub expires: Option<Timestamp>,
    /// Why.
    pub reason: Option<Arc<str>>,
}

/// What shows who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    Nothing,
    /// A token of that digest.
    Token(Digest),
    /// A key of theirs has signed what they say, and that was verified.
    Key,
}

/// Which requests to weigh, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighing {
    /// The policies, and who is who.
    pub gates: Gates,
    /// Those about these tasks, and those that are due; all of them unless given.
    pub tasks: Option<Vec<TaskId>>,
    /// What ended before this, and was never asked about, is history.
    pub ended_since: Timestamp,
    /// What is short of budget now, where that is known anew.
    pub spent: Option<Spent>,
    /// The epoch of the leader whose pass this follows; whoever leads no more weighs nothing by specs of then.
    pub fence: Option<Epoch>,
}

/// One transition of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its number in the record of all transitions.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What was done.
    pub action: String,
    /// The particulars, as a JSON object.
    pub what: String,
}

/// How a store works, besides the mapping of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// How claims are dealt with.
    pub queue: QueuePolicy,
    /// When a commit counts as done.
    pub durability: Durability,
}
