//! What the specs must know of the world, as data.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Duration, MetricQuestion, Name, Selector, Task, TaskId};

/// One question. Equal questions are asked once, however many specs want to know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// Which tasks are selected?
    Tasks {
        /// Which of them.
        select: Selector,
        /// In which part of their life.
        scope: Scope,
    },
    /// Which events did tasks make by finishing?
    Events(Events),
    /// What does a source of metrics say?
    Metric(MetricQuestion),
    /// What does this one task look like now, if it is still there?
    Task(TaskId),
    /// Who has reported, and when last?
    Heartbeats,
    /// What does the code look like?
    Code(CodeQuestion),
    /// What do branches that are not merged say of decisions?
    Branches,
}

/// The part of its life in which a task is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Pending, running or blocked.
    Open,
    /// Running, or ended within the span before now: with a result, or cancelled after its start.
    Ran(Duration),
    /// Those for which somebody broke the glass, whatever has become of them.
    Overridden,
    /// All of it.
    Ever,
}

impl Scope {
    /// Whether a task may be in scope; the span of [`Scope::Ran`] is judged later, as of now.
    pub fn admits(self, task: &Task) -> bool {
        match self {
            Self::Open => task.status.is_open(),
            Self::Ran(_) => task.has_run(),
            Self::Overridden => task.record.as_ref().is_some_and(|record| record.is_overridden()),
            Self::Ever => true,
        }
    }
}

/// Tasks as events of a service level: each counts at the moment it finished.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Events {
    /// The tasks that count.
    pub total: Selector,
    /// Which of them are good.
    pub measure: Measure,
    /// How far back events are needed: the longest window.
    pub window: Duration,
}

/// What makes a task a good event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Measure {
    /// It is selected by this as well.
    Good(Selector),
    /// It is not selected by this.
    NotBad(Selector),
    /// The time between two points of its life compares so with a limit.
    Duration {
        /// Where the time begins.
        from: Point,
        /// Where it ends.
        to: Point,
        /// The comparison that a good task satisfies.
        op: Comparison,
        /// The limit.
        limit: Duration,
    },
    /// How long the time between two points of its life was, to be judged together with others.
    Lasted {
        /// Where the time begins.
        from: Point,
        /// Where it ends.
        to: Point,
    },
}

/// How two figures compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// Less than or equal.
    Lte,
    /// Greater than or equal.
    Gte,
    /// Less than.
    Lt,
    /// Greater than.
    Gt,
}

impl Comparison {
    /// Whether `left` compares so with `right`.
    pub fn holds<T: PartialOrd + Copy>(self, left: T, right: T) -> bool {
        match self {
            Self::Lte => left <= right,
            Self::Gte => left >= right,
            Self::Lt => left < right,
            Self::Gt => left > right,
        }
    }
}

/// A point of a task's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Point {
    /// It came to be.
    Created,
    /// An agent took it.
    Claimed,
    /// Work began.
    Started,
    /// It ended.
    Finished,
}

/// A question to a code repository; without one, to the spec repository itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CodeQuestion {
    /// The `Repository` spec.
    pub repository: Option<Name>,
    /// What to look for.
    pub look: Look,
}

/// What to look for in the files of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Look {
    /// The files whose path matches the glob.
    Path(Arc<str>),
    /// The lines that match the regular expression.
    Pattern {
        /// The expression; linear, and bounded in its compiled size.
        pattern: Arc<str>,
        /// Globs of the files to read; none means all.
        within: Vec<Arc<str>>,
        /// Globs of the files to leave out.
        except: Vec<Arc<str>>,
    },
    /// The lines of manifests that depend on a package.
    Dependency {
        /// The package, as its ecosystem names it.
        name: Arc<str>,
        /// Globs of the manifests to read; none means all.
        within: Vec<Arc<str>>,
        /// Globs of the manifests to leave out.
        except: Vec<Arc<str>>,
    },
    /// The place of a file where a value is another than it should be, or is missing.
    Value {
        /// The path of the file.
        file: Arc<str>,
        /// The place: a JSON pointer.
        pointer: Arc<str>,
        /// The value that belongs there, as JSON.
        equals: Arc<str>,
    },
    /// The imports of what stands higher by what stands lower.
    Layers {
        /// Glob of the files; the layers are folders or modules where its wildcards begin.
        within: Arc<str>,
        /// Globs of the files to leave out.
        except: Vec<Arc<str>>,
        /// The layers, the lowest first.
        order: Vec<Arc<str>>,
    },
}

/// Questions, each once, in the order in which they were first asked.
#[derive(Debug, Clone, Default)]
pub struct QuestionSet {
    seen: rustc_hash::FxHashSet<Arc<Question>>,
    order: Vec<Arc<Question>>,
}

impl QuestionSet {
    /// Adds a question unless it is there already.
    pub fn add(&mut self, question: Arc<Question>) {
        if self.seen.insert(question.clone()) {
            self.order.push(question);
        }
    }

    /// The questions in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Question>> {
        self.order.iter()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The repositories that the questions look into.
    pub fn repositories(&self) -> BTreeSet<Option<Name>> {
        let named = |question: &Arc<Question>| match &**question {
            Question::Code(code) => Some(code.repository.clone()),
            _ => None,
        };
        self.order.iter().filter_map(named).collect()
    }
}

impl FromIterator<Arc<Question>> for QuestionSet {
    fn from_iter<I: IntoIterator<Item = Arc<Question>>>(questions: I) -> Self {
        let mut set = Self::default();
        questions.into_iter().for_each(|question| set.add(question));
        set
    }
}
