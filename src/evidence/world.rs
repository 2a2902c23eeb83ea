//! The world as it is: the task database and the code.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::fold::{Fold, Router};
use super::{Evidence, Moved};
use crate::model::{Answer, Answers, NoAnswer, Question, QuestionSet, Timestamp};
use crate::store::{Mark, RowsMoved, StoreError, TaskStore};

/// Answers questions about code.
#[async_trait]
pub trait CodeEvidence: Send + Sync {
    /// Answers them, each by itself.
    async fn ask(
        &self,
        questions: Vec<Arc<Question>>,
        now: Timestamp,
    ) -> Vec<(Arc<Question>, Result<Answer, NoAnswer>)>;

    /// The repositories whose tree is another one since the last call.
    async fn moved(&self) -> BTreeSet<Option<crate::model::Name>>;
}

/// Answers from a store and from code.
pub struct World {
    store: Arc<dyn TaskStore>,
    code: Arc<dyn CodeEvidence>,
    mark: Mutex<Mark>,
}

impl World {
    /// Answers from these.
    pub fn new(store: Arc<dyn TaskStore>, code: Arc<dyn CodeEvidence>) -> Self {
        Self { store, code, mark: Mutex::new(Mark::default()) }
    }

    async fn tasks(&self, questions: &QuestionSet, now: Timestamp) -> Result<Vec<(Arc<Question>, Answer)>, StoreError> {
        let router = Router::new(questions.iter());
        if router.questions().is_empty() {
            return Ok(Vec::new());
        }
        let wants = router.wants(now);
        let fold = Arc::new(Mutex::new(Fold::new(router)));
        let sink = fold.clone();
        self.store.scan(&wants, Box::new(move |task| lock(&sink).add(&task))).await?;
        let fold = Arc::into_inner(fold).map(|fold| fold.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(fold.map(|fold| fold.finish().collect()).unwrap_or_default())
    }
}

/// A panic elsewhere while the lock was held leaves data that is whole: every update under it is one assignment or a fold.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Evidence for World {
    async fn ask(&self, questions: &QuestionSet, now: Timestamp) -> Answers {
        let mut answers = Answers::default();
        match self.tasks(questions, now).await {
            Ok(told) => told.into_iter().for_each(|(question, answer)| answers.put(question, Ok(answer))),
            Err(error) => {
                let none = NoAnswer { reason: error.to_string().into(), since: now };
                let of_rows = questions.iter().filter(|question| Answer::empty(question).is_some());
                of_rows.for_each(|question| answers.put(question.clone(), Err(none.clone())));
            }
        }
        for question in questions.iter().filter(|question| ***question == Question::Heartbeats) {
            let beats = self.store.heartbeats().await.map(Answer::Heartbeats);
            let beats = beats.map_err(|error| NoAnswer { reason: error.to_string().into(), since: now });
            answers.put(question.clone(), beats);
        }
        let code: Vec<_> =
            questions.iter().filter(|question| matches!(***question, Question::Code(_))).cloned().collect();
        if !code.is_empty() {
            for (question, answer) in self.code.ask(code, now).await {
                answers.put(question, answer);
            }
        }
        answers
    }

    async fn moved(&self, now: Timestamp) -> Moved {
        let mark = lock(&self.mark).clone();
        let mut moved = Moved { code: self.code.moved().await, ..Moved::default() };
        match self.store.changes(&mark, now).await {
            // Out of reach: what was known may be wrong by now, so everything is asked again, and says so itself.
            Err(_) => moved.anything = true,
            Ok(changes) => {
                *lock(&self.mark) = changes.mark;
                moved.heartbeats = changes.heartbeats;
                match changes.moved {
                    RowsMoved::Nothing => {}
                    RowsMoved::Rows(rows) => moved.rows = rows,
                    RowsMoved::Anything => moved.anything = true,
                }
            }
        }
        moved
    }
}
