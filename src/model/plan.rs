//! What a pass would do, whole and immutable: carrying it out leaves no choice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::{
    Assign, CaseId, Code, Digest, Drift, Duration, EnforcedKey, Fingerprint, Live, NoAnswer, Revision, Rule, Severity,
    SpecId, Subject, TaskId, Timestamp,
};

/// The leader's term. No write lands without the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Epoch(pub u64);

/// What the plan was made from. A store refuses a plan whose basis is not what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The state of the specs.
    pub revision: Revision,
    /// How many specs that is.
    pub specs: usize,
    /// The state of the ledger.
    pub ledger: u64,
}

/// Everything that one pass does.
#[must_use = "a plan does nothing until a store commits it"]
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What it was made from.
    pub basis: Basis,
    /// As of when.
    pub at: Timestamp,
    /// What to do, in a fixed order.
    pub steps: Vec<Step>,
    /// What waits, and on what.
    pub held: Vec<Held>,
    /// Every drift, and what becomes of it.
    pub drifts: Vec<Reported>,
    /// What cannot be told.
    pub unknown: Vec<Unknown>,
    /// Corrections that need not be remembered any longer.
    pub forgotten: Vec<EnforcedKey>,
}

/// A drift and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The drift.
    pub drift: Arc<Drift>,
    /// Its task's fingerprint.
    pub fingerprint: Fingerprint,
    /// What becomes of it.
    pub state: DriftState,
    /// Why, where the state alone does not say.
    pub reason: Option<String>,
}

/// What becomes of a drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftState {
    /// A step opens or reopens its task.
    New,
    /// Its task is open.
    Open,
    /// It is known and accepted.
    Waived,
    /// Its spec only wants it to be seen.
    Shown,
    /// It waits, with a reason.
    Held,
}

impl DriftState {
    /// As people read it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Waived => "waived",
            Self::Shown => "shown",
            Self::Held => "held",
        }
    }

    /// As programs read it: the words that were published are all there are, and what is only shown asks nobody for anything.
    pub const fn published(self) -> &'static str {
        match self {
            Self::Shown => Self::Waived.word(),
            other => other.word(),
        }
    }

    /// Whether nobody is asked to do anything about it.
    pub const fn is_let_be(self) -> bool {
        matches!(self, Self::Waived | Self::Shown)
    }
}

/// What cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Unknown {
    /// Which case.
    pub case: CaseId,
    /// Which subject, where it is only one.
    pub subject: Option<Subject>,
    /// Why, and since when.
    pub why: NoAnswer,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// To which remediation task.
    pub remediation: Remediation,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Inserts a task.
    Open,
    /// Changes an open task in place.
    Update,
    /// Closes a task whose drift is gone.
    Close(CloseReason),
    /// Opens a task again, saying what was seen.
    Reopen {
        /// Why, in words.
        why: String,
    },
    /// Corrects the team's own tasks.
    Assign(Vec<Assign>),
}

impl Action {
    /// What corrections are called.
    pub const ASSIGN: &str = "assign";

    /// As reports write it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Update => "update",
            Self::Close(_) => "close",
            Self::Reopen { .. } => "reopen",
            Self::Assign(_) => Self::ASSIGN,
        }
    }

    /// What it corrects, where it is a correction.
    pub(super) fn corrected(&self) -> Option<&[Assign]> {
        match self {
            Self::Assign(assigns) => Some(assigns),
            _ => None,
        }
    }

    /// The same, to take some out.
    pub(super) const fn corrections(&mut self) -> Option<&mut Vec<Assign>> {
        match self {
            Self::Assign(assigns) => Some(assigns),
            _ => None,
        }
    }
}

/// Why a remediation task was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CloseReason {
    /// The world is as the spec wants it.
    Mended,
    /// The spec wants something else now.
    SpecChanged,
    /// The spec was removed.
    Withdrawn,
    /// The drift is accepted for a time.
    Waived,
    /// The subject was deleted.
    Gone,
}

impl CloseReason {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Mended, Self::SpecChanged, Self::Withdrawn, Self::Waived, Self::Gone];

    /// As reports and the ledger write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mended => "mended",
            Self::SpecChanged => "spec changed",
            Self::Withdrawn => "withdrawn",
            Self::Waived => "waived",
            Self::Gone => "gone",
        }
    }

    /// The reason of that word, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// A remediation task as it will be once the step is carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Remediation {
    /// Its identity.
    pub fingerprint: Fingerprint,
    /// The identity under which the ledger has it, where git renamed its spec.
    pub renamed_from: Option<Fingerprint>,
    /// The spec and rule.
    pub case: CaseId,
    /// The subject; the spec itself where the rule has one task for each spec.
    pub subject: Subject,
    /// The subjects that it lists.
    pub subjects: BTreeSet<Subject>,
    /// The state of the drift, where there is one.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Who gets it.
    pub owner: Option<SpecId>,
    /// One line for people.
    pub title: Arc<str>,
    /// The file of its spec.
    pub file: Option<Arc<str>>,
    /// The digest of its spec.
    pub spec_digest: Option<Digest>,
    /// When the drift was first seen.
    pub opened: Timestamp,
    /// When it should be mended, counted from the first sight.
    pub due: Timestamp,
    /// How often it came back.
    pub flaps: u32,
    /// How often it was reopened after failing.
    pub attempts: u32,
    /// The drifts that it stands for; none when it closes.
    pub drifts: Vec<Arc<Drift>>,
    /// What was judged last, for the record: which of the world, the spec or Abide's rule changed.
    pub changed: &'static str,
    /// The task in the live table, where there is one.
    pub task: Option<TaskId>,
    /// The version of the ledger's record that was read.
    pub version: Option<u64>,
    /// The values of the task's row that were read.
    pub live: Option<Live>,
}

const TREE: &str = "tree:";

/// The identity of something that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId(pub Arc<str>);

impl HoldId {
    /// Of a step: what it does and to which task.
    pub fn of(action: &str, fingerprint: &Fingerprint) -> Self {
        Self(format!("{action}:{fingerprint}").into())
    }

    /// Of the correction of one task among those that a step makes, which the live table may refuse by itself.
    pub fn of_correction(fingerprint: &Fingerprint, task: &TaskId) -> Self {
        Self(format!("{}:{fingerprint}:{task}", Action::ASSIGN).into())
    }

    /// Of a whole tree of specs that looks wrong.
    pub fn of_tree(revision: &Revision) -> Self {
        Self(format!("{TREE}{revision}").into())
    }

    /// Whether a whole tree waits.
    pub fn is_tree(&self) -> bool {
        self.0.starts_with(TREE)
    }
}

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A step that waits, and on what.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Its identity, for a person to release it by; the same as long as it waits.
    pub id: HoldId,
    /// What it would do.
    pub action: &'static str,
    /// To which task; none where the tree as a whole waits.
    pub fingerprint: Option<Fingerprint>,
    /// What it waits on, in words.
    pub reason: String,
    /// Whether a person must release it; otherwise it waits on time.
    pub needs_person: bool,
}

/// What a planner may do, and how it weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// New tasks a pass, at most.
    pub open_per_pass: usize,
    /// Corrections of the team's own tasks a pass, at most.
    pub correct_per_pass: usize,
    /// How far back approval gates look at finished tasks.
    pub lookback: Duration,
    /// How long a decision may stay proposed, where that has an end.
    pub proposed: Option<Duration>,
    /// Who gets what nobody owns, and what was reopened too often.
    pub owner: Option<SpecId>,
    /// What the live table tells at all.
    pub tells: Tells,
}

/// What the live table tells of a task. What it does not tell is unknown, and no reason to call a task at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tells {
    /// Which role it is with.
    pub role: bool,
    /// How urgent it is: the severities that its priority can say, the mildest first.
    pub priority: [bool; 4],
    /// Which agent holds it.
    pub agent: bool,
    /// Whether somebody has taken it: its agent, its claim or its start.
    pub claim: bool,
    /// When it ended: only then it is an event of a service level.
    pub finish: bool,
}

impl Default for Policy {
    fn default() -> Self {
        let tells = Tells { role: true, priority: [true; 4], agent: true, claim: true, finish: true };
        Self {
            open_per_pass: 100,
            correct_per_pass: 100,
            lookback: Duration::from_days(7),
            proposed: None,
            owner: None,
            tells,
        }
    }
}

impl Tells {
    /// Whether a priority of the table says that severity.
    pub const fn says(self, severity: Severity) -> bool {
        self.priority[severity as usize]
    }
}

impl Policy {
    /// How long a drift of that severity may last, from its first sight.
    pub const fn due_within(severity: Severity) -> Duration {
        match severity {
            Severity::Critical => Duration::from_hours(4),
            Severity::High => Duration::from_days(1),
            Severity::Medium => Duration::from_days(7),
            Severity::Low => Duration::from_days(30),
        }
    }
}

impl Plan {
    /// The holds after this pass, by those before it, each with whether it is released. A release stays until its step is
    /// carried out, or is no longer wanted: what cannot be told this time may be wanted again the next.
    pub fn holds(&self, before: &BTreeMap<HoldId, bool>) -> BTreeMap<HoldId, bool> {
        let mut after = BTreeMap::new();
        if !self.unknown.is_empty() {
            let done: BTreeSet<HoldId> = self.steps.iter().map(Step::hold).collect();
            let kept = before.iter().filter(|(id, released)| **released && !done.contains(id));
            after.extend(kept.map(|(id, _)| (id.clone(), true)));
        }
        // Corrections that were let go ahead are over with this pass: those that the table refused wait under names of their own.
        let is_released = |held: &Held| before.get(&held.id) == Some(&true);
        let waiting = self.held.iter().filter(|held| held.needs_person || is_released(held)).map(|held| &held.id);
        after.extend(waiting.map(|id| (id.clone(), before.get(id).copied().unwrap_or(false))));
        after
    }
}

impl Step {
    /// The hold under which it waits, where it does.
    pub fn hold(&self) -> HoldId {
        let what = match &self.action {
            // A task comes to be open either way.
            Action::Open | Action::Reopen { .. } => Action::Open.word(),
            action => action.word(),
        };
        HoldId::of(what, &self.remediation.fingerprint)
    }

    /// The rule that asked for it.
    pub const fn rule(&self) -> Rule {
        self.remediation.case.rule
    }
}
