//! Asking sources of metrics without waiting for the slow ones: a source that takes its time holds up nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::task::JoinHandle;

use super::Metrics;
use crate::model::{Answer, Duration, NoAnswer, Question, Timestamp};

/// Questions with their answers, or why there are none.
pub(in crate::evidence) type Told = Vec<(Arc<Question>, Result<Answer, NoAnswer>)>;

/// Asks, and does not wait longer than it has patience for: what comes later is told at the next question.
pub(in crate::evidence) struct Asking {
    metrics: Arc<Mutex<Metrics>>,
    /// How long to wait for answers; as long as it takes where there is none.
    patience: Option<Duration>,
    every: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// When something was asked last.
    asked: Option<Timestamp>,
    /// What is still being asked.
    pending: Option<JoinHandle<Told>>,
}

impl Asking {
    pub(in crate::evidence) fn new(metrics: Metrics, patience: Option<Duration>) -> Self {
        let every = metrics.every;
        Self { metrics: Arc::new(Mutex::new(metrics)), patience, every, state: Mutex::default() }
    }

    /// Whether there may be something new: it is time to ask again, or what was asked has been answered.
    pub(in crate::evidence) fn moved(&self, now: Timestamp) -> bool {
        let state = self.state();
        match (&state.pending, state.asked) {
            (Some(pending), _) => pending.is_finished(),
            (None, Some(asked)) => now.since(asked) >= self.every || now < asked,
            (None, None) => false,
        }
    }

    /// Answers what it can within its patience. A question that is still being asked is left out: what was said of it before
    /// goes on to hold.
    pub(in crate::evidence) async fn ask(&self, asked: Vec<Arc<Question>>, now: Timestamp) -> Told {
        let Some(before) = self.finished(now).await else { return Told::new() };
        let mut known: FxHashMap<_, _> = before.into_iter().collect();
        let mut told: Told = asked.iter().filter_map(|question| known.remove_entry(question)).collect();
        let answered: FxHashSet<Arc<Question>> = told.iter().map(|(question, _)| question.clone()).collect();
        let left: Vec<Arc<Question>> = asked.into_iter().filter(|question| !answered.contains(question)).collect();
        if left.is_empty() {
            return told;
        }
        let metrics = self.metrics.clone();
        let questions = left.clone();
        let answer = move || metrics.lock().unwrap_or_else(PoisonError::into_inner).answer(&questions, now);
        let mut asking = tokio::task::spawn_blocking(answer);
        self.state().asked = Some(now);
        let ended = match self.patience {
            None => Some(asking.await),
            Some(patience) => tokio::time::timeout(patience.to_std(), &mut asking).await.map_or_else(
                |_| {
                    self.state().pending = Some(asking);
                    None
                },
                Some,
            ),
        };
        match ended {
            Some(Ok(answers)) => told.extend(answers),
            Some(Err(error)) => {
                let reason: Arc<str> = format!("asking for metrics was cut short: {error}").into();
                told.extend(left.into_iter().map(|it| (it, Err(NoAnswer { reason: reason.clone(), since: now }))));
            }
            None => {}
        }
        told
    }

    /// What was still being asked and has been answered since; nothing where it still is.
    async fn finished(&self, now: Timestamp) -> Option<Told> {
        let pending = {
            let mut state = self.state();
            if state.pending.as_ref().is_some_and(|pending| !pending.is_finished()) {
                return None;
            }
            state.pending.take()
        };
        let Some(pending) = pending else { return Some(Told::new()) };
        self.state().asked = Some(now);
        // Cut short, it told nothing; what is wanted is asked again.
        Some(pending.await.unwrap_or_default())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
