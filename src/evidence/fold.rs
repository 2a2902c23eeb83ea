//! Questions about tasks as folds over rows. A cold look counts every row in; a change counts one row out and one in.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Answer, Answers, Question, Scope, Selector, Task, TaskId, TaskStatus, Timestamp};
use crate::store::Wants;

/// Which questions a row may matter to, without trying them all.
#[derive(Debug, Clone, Default)]
pub struct Router {
    questions: Vec<Arc<Question>>,
    by_type: FxHashMap<Arc<str>, Vec<usize>>,
    by_agent: FxHashMap<Arc<str>, Vec<usize>>,
    by_task: FxHashMap<TaskId, Vec<usize>>,
    of_any: Vec<usize>,
}

impl Router {
    /// Indexes the questions that rows answer; the others are left out.
    pub fn new<'q>(questions: impl IntoIterator<Item = &'q Arc<Question>>) -> Self {
        let mut router = Self::default();
        for question in questions {
            let select = match &**question {
                Question::Tasks { select, .. } => Some(select),
                Question::Events(events) => Some(&events.total),
                Question::Task(id) => {
                    router.by_task.entry(id.clone()).or_default().push(router.questions.len());
                    None
                }
                Question::Heartbeats | Question::Code(_) | Question::Metric(_) | Question::Branches => continue,
            };
            if let Some(select) = select {
                router.index(select);
            }
            router.questions.push(question.clone());
        }
        router
    }

    fn index(&mut self, select: &Selector) {
        let place = self.questions.len();
        if let Some(types) = select.literal_types() {
            types.into_iter().for_each(|name| self.by_type.entry(name.clone()).or_default().push(place));
        } else if let (None, Some(agents)) = (&select.fields().types, &select.fields().agents) {
            agents.iter().for_each(|agent| self.by_agent.entry(agent.clone()).or_default().push(place));
        } else {
            self.of_any.push(place);
        }
    }

    /// The questions that rows answer.
    pub fn questions(&self) -> &[Arc<Question>] {
        &self.questions
    }

    /// The places of the questions that the row may matter to.
    fn route<'a>(&'a self, task: &'a Task) -> impl Iterator<Item = usize> + 'a {
        let typed = self.by_type.get(&task.kind).into_iter().flatten();
        let held = task.agent.as_ref().and_then(|agent| self.by_agent.get(agent)).into_iter().flatten();
        let named = self.by_task.get(&task.id).into_iter().flatten();
        typed.chain(held).chain(named).chain(&self.of_any).copied()
    }

    /// What a scan must bring for all questions to be answered as of now.
    pub fn wants(&self, now: Timestamp) -> Wants {
        let mut wants = Wants::default();
        let mut since = |at: Timestamp| {
            wants.finished_since = Some(wants.finished_since.map_or(at, |earlier| earlier.min(at)));
        };
        for question in &self.questions {
            match &**question {
                Question::Tasks { scope: Scope::Open, .. } => wants.open = true,
                Question::Tasks { scope: Scope::Ran(span), .. } => {
                    wants.open = true;
                    since(now.minus(*span));
                }
                Question::Tasks { scope: Scope::Overridden, .. } => wants.overridden = true,
                Question::Tasks { select, scope: Scope::Ever } if only_open(select) => wants.open = true,
                Question::Tasks { select, scope: Scope::Ever } => wants.selected.push(select.clone()),
                Question::Events(events) => since(now.minus(events.window)),
                Question::Task(id) => wants.ids.push(id.clone()),
                Question::Heartbeats | Question::Code(_) | Question::Metric(_) | Question::Branches => {}
            }
        }
        wants
    }
}

fn only_open(select: &Selector) -> bool {
    select.fields().status.as_ref().is_some_and(|any| any.iter().copied().all(TaskStatus::is_open))
}

/// Counts rows into answers that begin empty.
#[derive(Debug)]
pub struct Fold {
    router: Router,
    answers: Vec<Answer>,
}

impl Fold {
    /// Nothing counted yet.
    pub fn new(router: Router) -> Self {
        let empty = |question: &Arc<Question>| Answer::empty(question).unwrap_or(Answer::Task(None));
        Self { answers: router.questions.iter().map(empty).collect(), router }
    }

    /// Counts one row in.
    pub fn add(&mut self, task: &Arc<Task>) {
        for place in self.router.route(task) {
            if let Some(answer) = self.answers.get_mut(place) {
                answer.gather(&self.router.questions[place], task);
            }
        }
    }

    /// The answers.
    pub fn finish(mut self) -> impl Iterator<Item = (Arc<Question>, Answer)> {
        self.answers.iter_mut().for_each(Answer::settle);
        self.router.questions.into_iter().zip(self.answers)
    }
}

/// A row as it was and as it is.
pub type RowChange = (Option<Arc<Task>>, Option<Arc<Task>>);

/// Brings answers up to date with rows that changed, and returns the questions whose answer may be another now.
pub fn patch(answers: &mut Answers, router: &Router, rows: &[RowChange]) -> FxHashSet<Arc<Question>> {
    let mut touched = FxHashSet::default();
    for (before, after) in rows {
        for (task, counts_in) in before.iter().map(|t| (t, false)).chain(after.iter().map(|t| (t, true))) {
            for place in router.route(task) {
                let question = &router.questions[place];
                let Some(answer) = answers.get_mut(question) else { continue };
                if counts_in {
                    answer.add(question, task)
                } else {
                    answer.remove(question, task)
                }
                touched.insert(question.clone());
            }
        }
    }
    touched
}
