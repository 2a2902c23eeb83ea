//! How a decision stands: whether what was decided is so.

use std::sync::Arc;

use crate::cli::paint::Paint;
use crate::cli::words::cut;
use crate::diagnostic::{counted, plain};
use crate::engine::Pass;
use crate::kinds::decision::delivery::Progress;
use crate::kinds::decision::{Decision, Status};
use crate::kinds::{Asked, Spec};
use crate::model::{Code, Date, DriftState, Duration, NoAnswer, Reported, Rule, Severity, Subject, Timestamp, Unknown};

/// Everything that a pass tells of one decision.
pub(super) struct Stand<'a> {
    pub(super) spec: &'a Arc<Spec>,
    pub(super) decision: &'a Decision,
    /// What differs from what was decided.
    pub(super) drifts: Vec<&'a Reported>,
    /// What cannot be told.
    pub(super) unknown: Vec<&'a Unknown>,
    /// How far its tasks are, where it is in force and has some.
    pub(super) delivery: Option<Result<Progress<'a>, NoAnswer>>,
    pub(super) now: Timestamp,
}

/// How it stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// Something is not as decided.
    Drift,
    /// Something cannot be told, and nothing else is wrong.
    Unknown,
    /// What is not as decided is known and accepted for a time.
    Waived,
    /// All is as decided.
    Holds,
    /// It is not in force, so that nothing is asked of it.
    NotInForce,
}

impl State {
    /// Each, the worst first.
    pub(super) const ALL: [Self; 5] = [Self::Drift, Self::Unknown, Self::Waived, Self::Holds, Self::NotInForce];

    /// As reports write it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::Holds => "holds",
            Self::NotInForce => "not in force",
        }
    }

    /// A text in its colour.
    pub(super) fn colored(self, paint: Paint, text: &str) -> String {
        match self {
            Self::Drift => paint.severity(Severity::High, text),
            Self::Unknown => paint.unsure(text),
            Self::Waived => paint.warn(text),
            Self::Holds => paint.good(text),
            Self::NotInForce => paint.dim(text),
        }
    }
}

/// How one rule of a decision stands.
pub(super) enum RuleState<'a> {
    /// Nothing is asked of it.
    NotInForce,
    /// It holds.
    Holds,
    /// It does not.
    Broken(&'a Reported),
    /// It does not, and that is known and accepted.
    Waived(&'a Reported),
    /// It cannot be told.
    Unknown(&'a NoAnswer),
}

/// As much of why nobody can tell as is said beside other words.
const REASON: usize = 90;

/// The words for tasks that are not done in time, as the title of that drift has them. They are said beside another drift too.
const UNDELIVERED: &str = "decided, not delivered";

/// The words for a review date that has passed, as the title of that drift has them.
const OVERDUE: &str = "review overdue";

impl<'a> Stand<'a> {
    /// What a pass tells of a decision.
    pub(super) fn of(pass: &'a Pass, spec: &'a Arc<Spec>, decision: &'a Decision, asked: Asked<'a>) -> Self {
        let drifts = pass.plan.drifts.iter().filter(|it| it.drift.case.spec.as_ref() == Some(&spec.id)).collect();
        let unknown = pass.plan.unknown.iter().filter(|it| it.case.spec.as_ref() == Some(&spec.id)).collect();
        let in_force = decision.status.value == Status::Accepted;
        let delivery = decision.delivery.as_ref().filter(|_| in_force).map(|delivery| delivery.progress(&asked));
        Self { spec, decision, drifts, unknown, delivery, now: asked.now }
    }

    pub(super) fn number(&self) -> Option<u32> {
        self.decision.number.map(|number| number.value)
    }

    pub(super) const fn status(&self) -> Status {
        self.decision.status.value
    }

    /// Whether anything is asked of it.
    pub(super) fn is_in_force(&self) -> bool {
        self.status() == Status::Accepted
    }

    /// How it stands, in one word.
    pub(super) fn state(&self) -> State {
        let waived = |it: &&Reported| it.state == DriftState::Waived;
        match () {
            () if !self.is_in_force() && self.drifts.is_empty() => State::NotInForce,
            () if !self.drifts.iter().all(waived) => State::Drift,
            () if !self.unknown.is_empty() => State::Unknown,
            () if !self.drifts.is_empty() => State::Waived,
            () => State::Holds,
        }
    }

    /// How it stands, in all words that there are to say of it.
    pub(super) fn words(&self) -> Vec<String> {
        if !self.is_in_force() {
            return self.waiting();
        }
        let mut words = self.standing();
        words.extend(self.rules());
        words.extend(self.unknown());
        if words.is_empty() || (self.state() == State::Holds) {
            words.insert(0, State::Holds.word().to_owned());
        }
        words
    }

    /// How long nobody has decided, where somebody should have, and otherwise how long it waits.
    fn waiting(&self) -> Vec<String> {
        let found = self.drifts.iter().find(|it| it.drift.code == Code::DecisionProposedTooLong);
        let since = || {
            let waits = self.status() == Status::Proposed && self.now >= self.decision.date.end();
            let days = self.now.since(self.decision.date.start()).as_millis() / Duration::from_days(1).as_millis();
            waits.then(|| format!("proposed for {}", counted(usize::try_from(days).unwrap_or_default(), "day")))
        };
        found.map(|reported| self.dated(reported)).or_else(since).into_iter().collect()
    }

    /// Delivery, review and who has overtaken it.
    fn standing(&self) -> Vec<String> {
        let found = self.drifts.iter().find(|it| it.drift.case.rule == Rule::DecisionStanding);
        let mut words = Vec::new();
        if let Some(reported) = found {
            let waived = if reported.state == DriftState::Waived { "waived: " } else { "" };
            words.push(format!("{waived}{}", self.dated(reported)));
        }
        let told = |code: Code| found.is_some_and(|it| it.drift.code == code);
        // One drift tells one of its faults; a reader wants all of them.
        if found.is_some() && !told(Code::DecisionReviewOverdue) && self.is_overdue() {
            words.push(OVERDUE.to_owned());
        }
        if !told(Code::DecisionUndelivered) {
            words.extend(self.delivering());
        }
        words
    }

    /// The title of a drift without that of its decision, and when it was due.
    fn dated(&self, reported: &Reported) -> String {
        let title = &reported.drift.title;
        let words = title.split_once(": ").map_or(title.as_str(), |(words, _)| words);
        let due = match reported.drift.code {
            Code::DecisionUndelivered => self.due_by(),
            Code::DecisionReviewOverdue => self.review().map(|(date, _)| date),
            _ => None,
        };
        due.map_or_else(|| plain(words), |due| format!("{}, due {due}", plain(words)))
    }

    fn due_by(&self) -> Option<Date> {
        self.decision.delivery.as_ref().map(|delivery| delivery.due_by)
    }

    /// What is left to be done of its tasks.
    fn delivering(&self) -> Option<String> {
        let (due, progress) = (self.due_by()?, self.delivery.as_ref()?.as_ref().ok()?);
        match progress {
            progress if progress.is_done() => None,
            _ if self.now >= due.end() => Some(format!("{UNDELIVERED}, due {due}")),
            _ => Some(format!("delivery: {}, due {due}", done(progress))),
        }
    }

    /// The last day before a review is due, and the moment from which it is.
    pub(super) fn review(&self) -> Option<(Date, Timestamp)> {
        let due = self.decision.review_due()?;
        Some((Timestamp::from_millis(due.as_millis() - 1).date(), due))
    }

    fn is_overdue(&self) -> bool {
        self.review().is_some_and(|(_, due)| self.now >= due)
    }

    fn rules(&self) -> Vec<String> {
        let count = |waived: bool| {
            let of_rules = self.drifts.iter().filter(|it| it.drift.case.rule == Rule::DecisionRule);
            of_rules.filter(|it| (it.state == DriftState::Waived) == waived).count()
        };
        let words = [(count(false), "broken"), (count(true), "waived")];
        let told = words.into_iter().filter(|(count, _)| *count > 0);
        told.map(|(count, word)| format!("{} {word}", counted(count, "rule"))).collect()
    }

    fn unknown(&self) -> Option<String> {
        let first = self.unknown.first()?;
        let more =
            if self.unknown.len() > 1 { format!(", and {} more", self.unknown.len() - 1) } else { String::new() };
        Some(format!("unknown: {}{more}", cut(&plain(&first.why.reason), REASON)))
    }

    /// How one of its rules stands.
    pub(super) fn rule(&self, id: &str) -> RuleState<'a> {
        let subject = Subject::rule(id);
        if !self.is_in_force() {
            return RuleState::NotInForce;
        }
        if let Some(reported) = self.drifts.iter().find(|it| it.drift.subject == subject) {
            let waived = reported.state == DriftState::Waived;
            return if waived { RuleState::Waived(reported) } else { RuleState::Broken(reported) };
        }
        let of_rule = |it: &&&Unknown| {
            it.case.rule == Rule::DecisionRule && it.subject.as_ref().is_none_or(|other| *other == subject)
        };
        let unknown = self.unknown.iter().find(of_rule);
        unknown.map_or(RuleState::Holds, |unknown| RuleState::Unknown(&unknown.why))
    }
}

impl RuleState<'_> {
    /// As reports write it.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::NotInForce => "not in force",
            Self::Holds => "holds",
            Self::Broken(_) => "broken",
            Self::Waived(_) => "waived",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The same as of the whole decision, for its colour.
    pub(super) const fn state(&self) -> State {
        match self {
            Self::NotInForce => State::NotInForce,
            Self::Holds => State::Holds,
            Self::Broken(_) => State::Drift,
            Self::Waived(_) => State::Waived,
            Self::Unknown(_) => State::Unknown,
        }
    }
}

/// `2 of 5 done`.
pub(super) fn done(progress: &Progress<'_>) -> String {
    match progress.tasks.len() {
        0 => "no task yet".to_owned(),
        all => format!("{} of {all} done", progress.done),
    }
}
