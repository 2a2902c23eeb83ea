//! Where what is wanted and what is differ.

use std::fmt;
use std::sync::Arc;

use super::{CaseId, CodeMatch, Duration, Fingerprint, Name, Observed, Place, Severity, SpecId, TaskId, Timestamp};

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $word:literal),+ $(,)?) => {
        /// The rules that judge specs. The order is that of the documentation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $rule),+ }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule),+];

            /// As reports and tasks write it: `slo/objective`.
            pub const fn word(self) -> &'static str {
                match self { $(Rule::$rule => $word),+ }
            }
        }
    };
}

rules! {
    /// A service level objective holds, and does not burn its budget too fast.
    SloObjective "slo/objective",
    /// No step with a task of a budget policy is reached.
    SloBudget "slo/budget",
    /// A budget policy is looked at again in time.
    SloPolicy "slo/policy",
    /// What a spent budget freezes does not start without the yes that its policy demands.
    SloFreeze "slo/freeze",
    /// A decision is carried out, reviewed in time and not overtaken.
    DecisionStanding "decision/standing",
    /// What a decision demands of code and tasks holds.
    DecisionRule "decision/rule",
    /// No two branches take one number or one place for decisions of their own.
    DecisionBranches "decision/branches",
    /// A task is with the role that its assignment names.
    AssignmentRole "assignment/role",
    /// A task is as urgent as its assignment says.
    AssignmentPriority "assignment/priority",
    /// An open task is selected by exactly one assignment.
    AssignmentNone "assignment/none",
    /// A task is claimed and finished in time.
    AssignmentSla "assignment/sla",
    /// No more tasks of an assignment run at once than may.
    AssignmentWip "assignment/wip",
    /// An agent that holds running work reports.
    AgentAlive "agent/alive",
    /// An agent runs no more than it may.
    AgentLoad "agent/load",
    /// Whoever holds work or reports is declared.
    AgentKnown "agent/known",
    /// What needs a yes has it before it runs.
    ApprovalGate "approval/gate",
    /// What waits for a yes does not wait too long.
    ApprovalWaiting "approval/waiting",
    /// What went ahead without a yes is looked at afterwards.
    ApprovalReview "approval/review",
}

impl Rule {
    /// The rule of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.word() == word)
    }

    /// Whether all drifts of one spec share one remediation task instead of having one each.
    pub const fn is_grouped(self) -> bool {
        matches!(self, Self::AssignmentRole | Self::AssignmentPriority)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $word:literal),+ $(,)?) => {
        /// The states in which a rule finds a drift.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $code),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$code),+];

            /// As reports and tasks write it: `slo/burning`.
            pub const fn word(self) -> &'static str {
                match self { $(Code::$code => $word),+ }
            }

            /// The code of that word, if any.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.word() == word)
            }
        }
    };
}

codes! {
    /// The error budget goes too fast.
    SloBurning "slo/burning",
    /// The source has no data, and an alert policy wants to hear of that.
    SloNoData "slo/no-data",
    /// The error budget is spent.
    SloBudgetSpent "slo/budget-spent",
    /// Less of a budget is left than its policy lets pass without a task.
    SloBudgetLow "slo/budget-low",
    /// The review date of a budget policy has passed.
    SloPolicyReviewOverdue "slo/policy-review-overdue",
    /// Started while a spent budget freezes it, without the yes that the policy demands.
    SloFrozen "slo/frozen",
    /// Decided, but not carried out by its date.
    DecisionUndelivered "decision/undelivered",
    /// Its review date has passed.
    DecisionReviewOverdue "decision/review-overdue",
    /// Proposed for longer than anybody should have to wait.
    DecisionProposedTooLong "decision/proposed-too-long",
    /// Accepted although another accepted decision supersedes it.
    DecisionSuperseded "decision/superseded-yet-accepted",
    /// A rule of an accepted decision does not hold.
    DecisionRuleBroken "decision/rule-broken",
    /// Branches give one number to different decisions.
    DecisionNumberTaken "decision/number-taken",
    /// Branches supersede one decision by different ones.
    DecisionPlaceTaken "decision/place-taken",
    /// With another role than the assignment names.
    AssignmentWrongRole "assignment/wrong-role",
    /// With no role at all.
    AssignmentUnassigned "assignment/unassigned",
    /// Of another severity than the assignment says.
    AssignmentWrongSeverity "assignment/wrong-severity",
    /// Selected by no assignment.
    AssignmentNone "assignment/none",
    /// Selected by several assignments equally.
    AssignmentAmbiguous "assignment/ambiguous",
    /// Unclaimed past its time.
    AssignmentLateClaim "assignment/late-claim",
    /// Unfinished past its time.
    AssignmentLateFinish "assignment/late-finish",
    /// More tasks run at once than may.
    AssignmentOverWip "assignment/over-wip",
    /// No heartbeat while it holds running work.
    AgentSilent "agent/silent",
    /// More running tasks than it may have.
    AgentOverloaded "agent/overloaded",
    /// Holds work or reports, and is declared nowhere.
    AgentUndeclared "agent/undeclared",
    /// What was approved has changed, or the approval has expired.
    ApprovalVoid "approval/void",
    /// Ran without the approval that it needs.
    ApprovalMissing "approval/missing",
    /// Ran although it was rejected.
    ApprovalRejected "approval/rejected",
    /// Ran when the calendar lets nothing start.
    ApprovalClosed "approval/outside-window",
    /// Nobody has answered for longer than they may take.
    ApprovalUnanswered "approval/unanswered",
    /// Went ahead without a yes, and nobody has looked at it since.
    ApprovalUnreviewed "approval/unreviewed",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What within a spec, or beside it, a rule looks at: `objective/0`, `rule/none-left`, `task/1234`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(Arc<str>);

impl Subject {
    /// The objective at that place of its SLO, from 0.
    pub fn objective(index: usize) -> Self {
        Self(format!("objective/{index}").into())
    }

    /// All objectives of an SLO together, where they have weights.
    pub fn composite() -> Self {
        Self("objective/composite".into())
    }

    /// What a step of a budget policy says of one target of a service level.
    pub fn step(policy: &Name, index: usize, target: &Self) -> Self {
        Self(format!("step/{policy}/{index}/{target}").into())
    }

    /// A rule of a decision.
    pub fn rule(id: &str) -> Self {
        Self(format!("rule/{id}").into())
    }

    /// A number of the decisions of a folder.
    pub fn number(folder: &str, number: u32) -> Self {
        Self(format!("number/{folder}/{number}").into())
    }

    /// The place of a decision that others take.
    pub fn place_of(decision: &Name) -> Self {
        Self(format!("place/{decision}").into())
    }

    /// A task of the live database.
    pub fn task(id: &TaskId) -> Self {
        Self(format!("task/{id}").into())
    }

    /// An agent, declared or not.
    pub fn agent(name: &str) -> Self {
        Self(format!("agent/{name}").into())
    }

    /// The spec itself.
    pub fn spec(id: &SpecId) -> Self {
        Self(id.to_string().into())
    }

    /// A subject as it was stored.
    pub fn stored(text: &str) -> Self {
        Self(text.into())
    }

    /// The task that it is, if it is one.
    pub fn task_id(&self) -> Option<TaskId> {
        self.0.strip_prefix("task/").map(TaskId::from)
    }

    /// The subject as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What was asked, what the world said, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The question in words.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    /// When the answer was judged.
    pub at: Timestamp,
    /// The places at fault, where the question was one about code.
    pub places: Vec<CodeMatch>,
}

/// How to mend a drift, and how it will be seen to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What to do, in words.
    pub how: String,
    /// What Abide will check before it closes the task.
    pub verify: String,
    /// A patch that `git apply` takes, where mending is mechanical.
    pub patch: Option<String>,
}

/// One difference between what a spec wants and what is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The spec, if any, and the rule.
    pub case: CaseId,
    /// What the rule looked at.
    pub subject: Subject,
    /// In which state it found it.
    pub code: Code,
    /// How bad that is.
    pub severity: Severity,
    /// Who gets the task.
    pub owner: Option<SpecId>,
    /// How soon it is to be mended, where the spec says; else its severity does.
    pub within: Option<Duration>,
    /// One line for people, without measured values.
    pub title: String,
    /// What the spec wants, in words.
    pub desired: String,
    /// The line that wants it.
    pub place: Option<Place>,
    /// What was seen.
    pub evidence: Evidence,
    /// What was read and what is wanted, where it is a field of a task that an assignment may correct itself.
    pub observed: Option<Observed>,
    /// How to mend it.
    pub fix: Fix,
}

impl Drift {
    /// The identity of the remediation task that this drift belongs to.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.case, &self.subject)
    }
}
