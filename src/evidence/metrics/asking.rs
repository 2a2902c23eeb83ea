//! Asking sources of metrics without waiting for the slow ones: a source that takes its time holds up nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tokio::task::JoinHandle;

use super::{FORGET, Metrics};
use crate::model::{Answer, Duration, NoAnswer, Question, SourceAt, Timestamp};

/// Questions with their answers, or why there are none.
pub(in crate::evidence) type Told = Vec<(Arc<Question>, Result<Answer, NoAnswer>)>;

/// Asks each source by itself, so that a slow one holds up only itself.
pub(in crate::evidence) struct Asking {
    metrics: Metrics,
    /// How long to wait for answers; as long as it takes where there is none.
    patience: Option<Duration>,
    lanes: Mutex<BTreeMap<SourceAt, Arc<Lane>>>,
}

impl Asking {
    /// Asks by these settings.
    pub(in crate::evidence) fn new(metrics: Metrics, patience: Option<Duration>) -> Self {
        Self { metrics, patience, lanes: Mutex::default() }
    }

    /// The sources that may have something new. One that nobody has asked for long is forgotten.
    pub(in crate::evidence) fn moved(&self, now: Timestamp) -> BTreeSet<SourceAt> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.retain(|_, lane| !lane.is_idle(now));
        lanes.iter().filter(|(_, lane)| lane.moved(now)).map(|(source, _)| source.clone()).collect()
    }

    /// Answers what it can within its patience. A question that is still being asked is left out: what was said of it before
    /// goes on to hold.
    pub(in crate::evidence) async fn ask(&self, asked: Vec<Arc<Question>>, now: Timestamp) -> Told {
        let mut by_source: BTreeMap<SourceAt, Vec<Arc<Question>>> = BTreeMap::new();
        for question in asked {
            if let Question::Metric(metric) = &*question {
                by_source.entry(metric.source.clone()).or_default().push(question);
            }
        }
        let asking: Vec<_> = by_source
            .into_iter()
            .map(|(source, questions)| {
                let lane = self.lane(source);
                (questions.clone(), tokio::spawn(async move { lane.ask(questions, now).await }))
            })
            .collect();
        let mut told = Told::new();
        for (questions, asked) in asking {
            match asked.await {
                Ok(answers) => told.extend(answers),
                Err(error) => told.extend(cut_short(questions, &error, now)),
            }
        }
        told
    }

    fn lane(&self, source: SourceAt) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.entry(source).or_insert_with(|| Arc::new(Lane::new(self.metrics.anew(), self.patience))).clone()
    }
}

/// That nothing can be told of these, because asking broke.
fn cut_short(questions: Vec<Arc<Question>>, error: &tokio::task::JoinError, now: Timestamp) -> Told {
    let none = NoAnswer { reason: format!("asking for metrics was cut short: {error}").into(), since: now };
    questions.into_iter().map(|question| (question, Err(none.clone()))).collect()
}

/// Asks one source, and does not wait longer than it has patience for: what comes later is told at the next question.
struct Lane {
    metrics: Arc<Mutex<Metrics>>,
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
    /// What was told too late for those who asked, and nobody has asked for since.
    late: FxHashMap<Arc<Question>, Result<Answer, NoAnswer>>,
    /// When it was said last that there may be something new, and nobody has asked since.
    said: Option<Timestamp>,
}

impl Lane {
    fn new(metrics: Metrics, patience: Option<Duration>) -> Self {
        let every = metrics.every;
        Self { metrics: Arc::new(Mutex::new(metrics)), patience, every, state: Mutex::default() }
    }

    /// Whether there may be something new: it is time to ask again, or what was asked has been answered. Said once in a while,
    /// not again and again: nobody may want to know any more.
    fn moved(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let is_over = |at: Timestamp| now.since(at) >= self.every || now < at;
        let has_moved = match (&state.pending, state.asked) {
            (Some(pending), _) => pending.is_finished(),
            (None, asked) => asked.is_some_and(is_over),
        };
        let says = has_moved && state.said.is_none_or(is_over);
        if says {
            state.said = Some(now);
        }
        says
    }

    /// Whether nobody has asked for so long that nobody will.
    fn is_idle(&self, now: Timestamp) -> bool {
        let state = self.state();
        state.pending.is_none() && state.asked.is_some_and(|asked| now.since(asked) >= FORGET)
    }

    async fn ask(&self, asked: Vec<Arc<Question>>, now: Timestamp) -> Told {
        let Some(before) = self.finished(now).await else { return Told::new() };
        let mut told: Told = {
            let mut state = self.state();
            state.late.extend(before);
            asked.iter().filter_map(|question| state.late.remove_entry(question)).collect()
        };
        let answered: FxHashSet<Arc<Question>> = told.iter().map(|(question, _)| question.clone()).collect();
        let left: Vec<Arc<Question>> = asked.into_iter().filter(|question| !answered.contains(question)).collect();
        if left.is_empty() {
            return told;
        }
        let metrics = self.metrics.clone();
        let questions = left.clone();
        let answer = move || metrics.lock().unwrap_or_else(PoisonError::into_inner).answer(&questions, now);
        let mut asking = tokio::task::spawn_blocking(answer);
        {
            let mut state = self.state();
            state.asked = Some(now);
            // What is asked now tells more than what came too late and was wanted by nobody.
            state.late.clear();
        }
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
            Some(Err(error)) => told.extend(cut_short(left, &error, now)),
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
            state.said = None;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ask, MetricQuestion, SourceKind};

    fn question(name: &str) -> Arc<Question> {
        let source = SourceAt { kind: SourceKind::Prometheus, name: Some(name.into()), url: None };
        let (query, back) = ("up".into(), Duration::from_mins(1));
        Arc::new(Question::Metric(MetricQuestion { source, query, back, ask: Ask::Range(Duration::from_secs(1)) }))
    }

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    #[tokio::test]
    async fn what_nobody_asks_for_any_more_is_said_to_have_moved_once_in_a_while() {
        let asking = Asking::new(Metrics::none(), None);
        let moved = |at: Timestamp| asking.moved(at).into_iter().filter_map(|source| source.name).collect::<Vec<_>>();
        let nothing: Vec<Arc<str>> = Vec::new();
        assert_eq!(moved(NOW), nothing);
        assert_eq!(asking.ask(vec![question("a"), question("b")], NOW).await.len(), 2);
        assert_eq!(moved(NOW.plus(Duration::from_secs(59))), nothing);
        let later = NOW.plus(Duration::from_mins(1));
        assert_eq!(moved(later), ["a".into(), "b".into()]);
        assert_eq!(moved(later), nothing, "said once");
        asking.ask(vec![question("a")], later).await;
        assert_eq!(moved(later.plus(Duration::from_secs(1))), nothing, "b is wanted by nobody");
        assert_eq!(moved(NOW.plus(FORGET)), ["a".into()], "b is forgotten");
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_asks_anew() {
        let asking = Asking::new(Metrics::none(), None);
        asking.ask(vec![question("a")], NOW).await;
        assert_eq!(asking.moved(NOW.minus(Duration::from_hours(1))).len(), 1);
    }
}
