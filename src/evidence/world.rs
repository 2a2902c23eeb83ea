//! The world as it is: the task database, the code and the sources of metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tracing::info;

use super::fold::{Fold, Router};
use super::metrics::Asking;
use super::{Branches, CodeAt, CodeSource, Evidence, Metrics, Moved, RepositoryAt};
use crate::model::{
    Answer, Answers, CodeQuestion, Duration, Name, NoAnswer, Question, QuestionSet, Revision, Timestamp,
};
use crate::store::{Mark, RowsMoved, StoreError, TaskStore};

/// How long a daemon waits for sources of metrics before it goes on without them.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers from a store, from code and from sources of metrics.
pub struct World {
    store: Arc<dyn TaskStore>,
    code: Arc<Mutex<CodeSource>>,
    branches: Option<Arc<Mutex<Branches>>>,
    metrics: Asking,
    mark: Mutex<Mark>,
    /// The repositories that were asked, and at which revision they were then.
    seen: Mutex<Seen>,
    misfit: Mutex<Option<StoreError>>,
}

impl World {
    /// Answers from these.
    pub fn new(store: Arc<dyn TaskStore>, code: CodeSource, metrics: Metrics) -> Self {
        let (code, metrics) = (Arc::new(Mutex::new(code)), Asking::new(metrics, None));
        Self {
            store,
            code,
            branches: None,
            metrics,
            mark: Mutex::new(Mark::default()),
            seen: Mutex::new(BTreeMap::new()),
            misfit: Mutex::new(None),
        }
    }

    /// Answers from these as a daemon does: a source of metrics that takes its time holds up nothing else, and is heard
    /// when it answers.
    pub fn following(store: Arc<dyn TaskStore>, code: CodeSource, metrics: Metrics) -> Self {
        Self { metrics: Asking::new(metrics, Some(PATIENCE)), ..Self::new(store, code, Metrics::none()) }
    }

    /// Looks at branches too; without it there are none.
    #[must_use]
    pub fn with(self, branches: Branches) -> Self {
        Self { branches: Some(Arc::new(Mutex::new(branches))), ..self }
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

impl World {
    async fn code(&self, questions: &QuestionSet, at: &CodeAt, now: Timestamp) -> Answered {
        let about_code = |question: &&Arc<Question>| matches!(***question, Question::Code(_));
        let asked: Vec<_> = questions.iter().filter(about_code).cloned().collect();
        if asked.is_empty() {
            return Vec::new();
        }
        let (source, at) = (self.code.clone(), at.clone());
        let look = move || look_at_code(&mut lock(&source), &asked, &at, now);
        match tokio::task::spawn_blocking(look).await {
            Ok((answers, seen)) => {
                lock(&self.seen).extend(seen);
                answers
            }
            Err(error) => {
                let none =
                    NoAnswer { reason: format!("looking at the code was cut short: {error}").into(), since: now };
                questions.iter().filter(about_code).map(|question| (question.clone(), Err(none.clone()))).collect()
            }
        }
    }

    /// What branches say, if anybody asks.
    async fn branches(&self, questions: &QuestionSet, at: &CodeAt, now: Timestamp) -> Answered {
        let Some(question) = questions.iter().find(|question| ***question == Question::Branches) else {
            return Vec::new();
        };
        let Some(branches) = self.branches.clone() else {
            return vec![(question.clone(), Ok(Answer::Branches(Arc::default())))];
        };
        let at = at.specs.clone();
        let answer = tokio::task::spawn_blocking(move || lock(&branches).answer(&at, now)).await;
        let cut_short =
            |error| NoAnswer { reason: format!("looking at branches was cut short: {error}").into(), since: now };
        vec![(question.clone(), answer.map_err(cut_short).and_then(|answer| answer))]
    }

    async fn moved_branches(&self, now: Timestamp) -> bool {
        let Some(branches) = self.branches.clone() else { return false };
        // Cut short, it says that nothing moved; the next turn looks again.
        tokio::task::spawn_blocking(move || lock(&branches).moved(now)).await.unwrap_or_default()
    }

    async fn metrics(&self, questions: &QuestionSet, now: Timestamp) -> Answered {
        let about_metrics = |question: &&Arc<Question>| matches!(***question, Question::Metric(_));
        let asked: Vec<_> = questions.iter().filter(about_metrics).cloned().collect();
        if asked.is_empty() { Vec::new() } else { self.metrics.ask(asked, now).await }
    }

    /// The repositories whose tree is another one than when they were asked last.
    async fn moved_code(&self, now: Timestamp) -> BTreeSet<Option<Name>> {
        let seen = lock(&self.seen).clone();
        if seen.is_empty() {
            return BTreeSet::new();
        }
        let source = self.code.clone();
        let look = move || {
            let mut source = lock(&source);
            let moved = seen.into_iter().filter(|(_, (at, before))| source.revision(Some(at), now).ok() != *before);
            moved.map(|(name, _)| Some(name)).collect()
        };
        // Cut short, it says that nothing moved; the next turn looks again.
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }
}

/// The repositories that were asked, and at which revision they were.
type Seen = BTreeMap<Name, (RepositoryAt, Option<Revision>)>;

/// Questions with their answers, or why there are none.
type Answered = Vec<(Arc<Question>, Result<Answer, NoAnswer>)>;

fn look_at_code(source: &mut CodeSource, asked: &[Arc<Question>], at: &CodeAt, now: Timestamp) -> (Answered, Seen) {
    source.specs_are_at(at.specs.clone());
    read_ahead(source, asked, at, now);
    let mut seen = Seen::new();
    let mut answers = Vec::with_capacity(asked.len());
    for question in asked {
        let Question::Code(code) = &**question else { continue };
        let repository = code.repository.as_ref().and_then(|name| at.repositories.get(name));
        answers.push((question.clone(), source.answer(code, repository, now)));
        if let (Some(name), Some(repository)) = (&code.repository, repository) {
            seen.insert(name.clone(), (repository.clone(), source.revision(Some(repository), now).ok()));
        }
    }
    (answers, seen)
}

/// Reads ahead for all questions of a repository at once.
fn read_ahead(source: &mut CodeSource, asked: &[Arc<Question>], at: &CodeAt, now: Timestamp) {
    let mut by_repository: BTreeMap<Option<&RepositoryAt>, Vec<&CodeQuestion>> = BTreeMap::new();
    for question in asked {
        let Question::Code(code) = &**question else { continue };
        let repository = code.repository.as_ref().map(|name| at.repositories.get(name));
        // What no Repository is called has no answer, and nothing is read for it.
        if repository != Some(None) {
            by_repository.entry(repository.flatten()).or_default().push(code);
        }
    }
    for (repository, questions) in by_repository {
        source.read_ahead(&questions, repository, now);
    }
}

/// A panic elsewhere while the lock was held leaves data that is whole: every update under it is one assignment or a fold.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Evidence for World {
    async fn ask(&self, questions: &QuestionSet, code: &CodeAt, now: Timestamp) -> Answers {
        let mut answers = Answers::default();
        let told = self.tasks(questions, now).await;
        *lock(&self.misfit) = told.as_ref().err().filter(|error| matches!(error, StoreError::Mapping(_))).cloned();
        match told {
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
        for (question, answer) in self.code(questions, code, now).await {
            answers.put(question, answer);
        }
        for (question, answer) in self.branches(questions, code, now).await {
            answers.put(question, answer);
        }
        for (question, answer) in self.metrics(questions, now).await {
            answers.put(question, answer);
        }
        answers
    }

    fn misfit(&self) -> Option<StoreError> {
        lock(&self.misfit).clone()
    }

    async fn moved(&self, now: Timestamp) -> Moved {
        // Without an answer there is no mark either, and the next look is at everything.
        let mark = std::mem::take(&mut *lock(&self.mark));
        let followed = mark.followed.clone();
        let metrics = self.metrics.moved(now);
        let (code, branches) = (self.moved_code(now).await, self.moved_branches(now).await);
        let mut moved = Moved { code, branches, metrics, ..Moved::default() };
        match self.store.changes(mark, now).await {
            // Out of reach: what was known may be wrong by now, so everything is asked again, and says so itself.
            Err(_) => moved.anything = true,
            Ok(changes) => {
                if let Some(now) = changes.mark.followed.as_ref().filter(|now| followed.as_ref() != Some(now)) {
                    info!("the task table is followed {now}");
                }
                *lock(&self.mark) = changes.mark;
                (moved.heartbeats, moved.ledger) = (changes.heartbeats, changes.ledger);
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
