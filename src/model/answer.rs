//! What the world said.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::question::{Events, Measure, Point};
use super::{BranchesSeen, Duration, Durations, Metric, Question, Series, Task, TaskId, Timestamp};

/// Tasks by their key.
pub type TaskRows = BTreeMap<TaskId, Arc<Task>>;

/// The answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`Question::Tasks`].
    Tasks(TaskRows),
    /// To [`Question::Events`].
    Events(Series),
    /// To [`Question::Events`] that measure how long tasks lasted.
    Durations(Durations),
    /// To [`Question::Metric`].
    Metric(Metric),
    /// To [`Question::Task`]: nothing where the row is gone.
    Task(Option<Arc<Task>>),
    /// To [`Question::Heartbeats`], by agent.
    Heartbeats(BTreeMap<Arc<str>, Heartbeat>),
    /// To [`Question::Code`].
    Code(CodeSeen),
    /// To [`Question::Branches`], in order of branch.
    Branches(Arc<BranchesSeen>),
}

/// What a look at code saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeSeen {
    /// What was looked for, in order of file and line.
    pub places: Vec<CodeMatch>,
    /// What could not be read, and why: whether there is more to see is unknown.
    pub unread: Vec<CodeMatch>,
}

impl From<Vec<CodeMatch>> for CodeSeen {
    fn from(places: Vec<CodeMatch>) -> Self {
        Self { places, unread: Vec::new() }
    }
}

/// When an agent last reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heartbeat {
    /// Its last report.
    pub seen: Timestamp,
    /// The role that it reported itself in.
    pub role: Option<Arc<str>>,
}

/// A place in the code that a question found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeMatch {
    /// The path from the repository's root.
    pub file: Arc<str>,
    /// The line from 1; none where the file as a whole is meant.
    pub line: Option<u32>,
    /// The offending text, cut where it is long.
    pub text: Arc<str>,
}

/// Why there is no answer, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer {
    /// The reason, in words.
    pub reason: Arc<str>,
    /// Since when it has been so.
    pub since: Timestamp,
}

/// Everything that was answered, or not, and which revision and moment it was asked for.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    answers: FxHashMap<Arc<Question>, Result<Answer, NoAnswer>>,
}

impl Answers {
    /// Keeps the answer, in place of an earlier one. A lasting silence keeps the time it began.
    pub fn put(&mut self, question: Arc<Question>, answer: Result<Answer, NoAnswer>) {
        let silent_since = match self.answers.get(&question) {
            Some(Err(before)) => Some(before.since),
            _ => None,
        };
        let answer = answer.map_err(|none| NoAnswer { since: silent_since.unwrap_or(none.since), ..none });
        self.answers.insert(question, answer);
    }

    /// The answer, or why there is none; nothing where it was never asked.
    pub fn get(&self, question: &Question) -> Option<Result<&Answer, &NoAnswer>> {
        self.answers.get(question).map(Result::as_ref)
    }

    /// The answer, to be changed in place.
    pub fn get_mut(&mut self, question: &Question) -> Option<&mut Answer> {
        self.answers.get_mut(question)?.as_mut().ok()
    }

    /// Has an answer forget events that its question does not reach back to any more.
    pub fn forget(&mut self, question: &Question, now: Timestamp) {
        self.get_mut(question).into_iter().for_each(|answer| answer.forget(question, now));
    }

    /// Takes over all of another's answers.
    pub fn extend(&mut self, other: Self) {
        other.answers.into_iter().for_each(|(question, answer)| self.put(question, answer));
    }

    /// Drops every answer that `keep` does not want.
    pub fn retain(&mut self, mut keep: impl FnMut(&Question) -> bool) {
        self.answers.retain(|question, _| keep(question));
    }

    /// Every question with its answer, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<Question>, Result<&Answer, &NoAnswer>)> {
        self.answers.iter().map(|(question, answer)| (question, answer.as_ref()))
    }
}

impl Answer {
    /// The answer that a question has before any row is counted; nothing where rows do not make it.
    pub fn empty(question: &Question) -> Option<Self> {
        match question {
            Question::Tasks { .. } => Some(Self::Tasks(TaskRows::new())),
            Question::Events(Events { measure: Measure::Lasted { .. }, .. }) => {
                Some(Self::Durations(Durations::default()))
            }
            Question::Events(_) => Some(Self::Events(Series::default())),
            Question::Task(_) => Some(Self::Task(None)),
            Question::Heartbeats | Question::Code(_) | Question::Metric(_) | Question::Branches => None,
        }
    }

    /// Counts a row in. A question about tasks is a fold over rows, so that a change of one row costs one row.
    pub fn add(&mut self, question: &Question, task: &Arc<Task>) {
        match (self, question) {
            (Self::Tasks(rows), Question::Tasks { select, scope }) if scope.admits(task) && select.matches(task) => {
                rows.insert(task.id.clone(), task.clone());
            }
            (Self::Events(series), Question::Events(events)) => match events.count(task) {
                Counted::Event(at, good) => series.push(at, u64::from(good), 1),
                Counted::Unmeasured => series.count_unmeasured(),
                Counted::No => {}
            },
            (Self::Durations(durations), Question::Events(events)) => {
                events.lasted(task).into_iter().for_each(|(at, took)| durations.push(at, took));
            }
            (Self::Task(row), Question::Task(id)) if *id == task.id => *row = Some(task.clone()),
            _ => {}
        }
    }

    /// Counts one of many rows in, in any order; [`Self::settle`] ends that.
    pub fn gather(&mut self, question: &Question, task: &Arc<Task>) {
        match (self, question) {
            (Self::Events(series), Question::Events(events)) => match events.count(task) {
                Counted::Event(at, good) => series.append(at, u64::from(good), 1),
                Counted::Unmeasured => series.count_unmeasured(),
                Counted::No => {}
            },
            (Self::Durations(durations), Question::Events(events)) => {
                events.lasted(task).into_iter().for_each(|(at, took)| durations.append(at, took));
            }
            (other, _) => other.add(question, task),
        }
    }

    fn forget(&mut self, question: &Question, now: Timestamp) {
        let Question::Events(events) = question else { return };
        match self {
            Self::Events(series) => series.forget(now.minus(events.window)),
            Self::Durations(durations) => durations.forget(now.minus(events.window)),
            _ => {}
        }
    }

    /// Puts what was gathered in order.
    pub fn settle(&mut self) {
        match self {
            Self::Events(series) => series.settle(),
            Self::Durations(durations) => durations.settle(),
            _ => {}
        }
    }

    /// Counts a row out again, as it was when it was counted in.
    pub fn remove(&mut self, question: &Question, task: &Arc<Task>) {
        match (self, question) {
            (Self::Tasks(rows), Question::Tasks { .. }) => {
                rows.remove(&task.id);
            }
            (Self::Events(series), Question::Events(events)) => match events.count(task) {
                Counted::Event(at, good) => series.take(at, u64::from(good), 1),
                Counted::Unmeasured => series.discount_unmeasured(),
                Counted::No => {}
            },
            (Self::Durations(durations), Question::Events(events)) => {
                events.lasted(task).into_iter().for_each(|(at, took)| durations.take(at, took));
            }
            (Self::Task(row), Question::Task(id)) if *id == task.id => *row = None,
            _ => {}
        }
    }
}

/// What a task counts as among the events of a service level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// An event at that moment, good or not.
    Event(Timestamp, bool),
    /// Selected, but its duration cannot be told.
    Unmeasured,
    /// Not selected, or not finished.
    No,
}

impl Events {
    /// When the task counts; nothing where it does not.
    fn at(&self, task: &Task) -> Option<Timestamp> {
        task.finished.filter(|_| self.total.matches(task) && !task.status.is_open())
    }

    /// What the task counts as.
    pub fn count(&self, task: &Task) -> Counted {
        let Some(at) = self.at(task) else { return Counted::No };
        match &self.measure {
            Measure::Good(good) => Counted::Event(at, good.matches(task)),
            Measure::NotBad(bad) => Counted::Event(at, !bad.matches(task)),
            Measure::Duration { from, to, op, limit } => match task.span(*from, *to) {
                Some(took) => Counted::Event(at, op.holds(took, *limit)),
                None => Counted::Unmeasured,
            },
            Measure::Lasted { .. } => Counted::No,
        }
    }

    /// When the task counts and how long it lasted, where that can be told.
    fn lasted(&self, task: &Task) -> Option<(Timestamp, Option<Duration>)> {
        let Measure::Lasted { from, to } = &self.measure else { return None };
        Some((self.at(task)?, task.span(*from, *to)))
    }
}

impl Task {
    /// When it passed that point of its life, if it did.
    pub const fn point(&self, point: Point) -> Option<Timestamp> {
        match point {
            Point::Created => Some(self.created),
            Point::Claimed => self.claimed,
            Point::Started => self.started,
            Point::Finished => self.finished,
        }
    }

    /// How long it took from one point of its life to another; nothing where it passed one of them not at all, or the
    /// later one first.
    fn span(&self, from: Point, to: Point) -> Option<Duration> {
        let (from, to) = (self.point(from)?, self.point(to)?);
        (from <= to).then(|| to.since(from))
    }
}
