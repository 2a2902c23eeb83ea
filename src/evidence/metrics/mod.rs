//! Questions about metrics: which source answers them, what was asked before, and which source is left alone for a while.

mod asking;
mod kept;
mod reach;

pub(super) use asking::Asking;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use self::kept::Kept;
use self::reach::{Reach, Said};
use crate::config::Sources;
use crate::model::{Answer, Duration, Metric, MetricQuestion, NoAnswer, Question, SourceAt, Timestamp};
use crate::schedule::Backoff;

/// How long a source that is out of reach is left alone: as long as it takes to notice at first, five minutes at most.
const REST: Backoff = Backoff::new(Duration::from_secs(15), Duration::from_mins(5));

/// Samples that nobody has asked for so long are forgotten.
const FORGET: Duration = Duration::from_hours(1);

/// Asks sources of metrics, and remembers samples so that only new ones are asked for.
#[derive(Debug)]
pub struct Metrics {
    sources: Sources,
    /// The store's database, which a source of SQL reads unless it names another.
    store: String,
    /// The folder of `abide.toml`.
    base: PathBuf,
    /// How often they are asked again.
    every: Duration,
    /// Samples that were told before.
    kept: FxHashMap<Arc<Question>, Kept>,
    /// Sources that did not answer: why, how often in a row, and until when they are left alone.
    resting: BTreeMap<SourceAt, Rest>,
}

/// A source that is left alone.
#[derive(Debug, Clone)]
struct Rest {
    why: Arc<str>,
    failures: u32,
    until: Timestamp,
}

/// A question with its answer, or why there is none; and what to keep of it.
type Told = (Arc<Question>, Result<Answer, NoAnswer>, Option<Kept>);

impl Metrics {
    /// Asks these sources, and each again after `every`. `store` is the URL of the store's database, `base` the folder of
    /// `abide.toml`.
    pub fn new(sources: Sources, store: String, base: &Path, every: Duration) -> Self {
        Self { sources, store, base: base.to_path_buf(), every, kept: FxHashMap::default(), resting: BTreeMap::new() }
    }

    /// The same, with nothing remembered.
    fn anew(&self) -> Self {
        Self::new(self.sources.clone(), self.store.clone(), &self.base, self.every)
    }

    /// Asks nobody: no source is configured.
    pub fn none() -> Self {
        Self::new(Sources::default(), String::new(), Path::new(""), Duration::from_mins(1))
    }

    /// Answers questions about metrics, as of now. A source that does not answer one question is not asked the others.
    /// Blocks; keep it off async threads.
    pub fn answer(
        &mut self,
        questions: &[Arc<Question>],
        now: Timestamp,
    ) -> Vec<(Arc<Question>, Result<Answer, NoAnswer>)> {
        if questions.is_empty() {
            return Vec::new();
        }
        let down: Mutex<BTreeMap<SourceAt, Arc<str>>> = Mutex::new(self.resting_at(now));
        let reach = Reach { sources: &self.sources, store: &self.store, base: &self.base };
        let told: Vec<Told> = questions.par_iter().map(|question| self.one(question, &reach, &down, now)).collect();
        let failed = down.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.rest(failed, now);
        self.kept.retain(|_, kept| now.since(kept.until) < FORGET);
        told.into_iter()
            .map(|(question, answer, kept)| {
                if let Some(kept) = kept {
                    self.kept.insert(question.clone(), kept);
                }
                (question, answer)
            })
            .collect()
    }

    fn one(
        &self,
        question: &Arc<Question>,
        reach: &Reach<'_>,
        down: &Mutex<BTreeMap<SourceAt, Arc<str>>>,
        now: Timestamp,
    ) -> Told {
        let Question::Metric(metric) = &**question else {
            let none = NoAnswer { reason: "it is no question about metrics".into(), since: now };
            return (question.clone(), Err(none), None);
        };
        let known = lock(down).get(&metric.source).cloned();
        let said = match known {
            Some(why) => Err(why),
            None => match self.ask(question, metric, reach, now) {
                Said::Metric(metric, kept) => Ok((metric, kept)),
                Said::Refused(why) => Ok((Metric::Refused(why.into()), None)),
                Said::Away(why) => {
                    let why: Arc<str> = why.into();
                    lock(down).insert(metric.source.clone(), why.clone());
                    Err(why)
                }
            },
        };
        match said {
            Ok((metric, kept)) => (question.clone(), Ok(Answer::Metric(metric)), kept),
            Err(reason) => (question.clone(), Err(NoAnswer { reason, since: now }), None),
        }
    }

    fn ask(&self, question: &Arc<Question>, metric: &MetricQuestion, reach: &Reach<'_>, now: Timestamp) -> Said {
        let before = self.kept.get(question).filter(|kept| kept.reaches(metric, now));
        reach.ask(metric, before, now)
    }

    /// The sources that are left alone for now, and why.
    fn resting_at(&self, now: Timestamp) -> BTreeMap<SourceAt, Arc<str>> {
        let still = self.resting.iter().filter(|(_, rest)| now < rest.until);
        still.map(|(source, rest)| (source.clone(), rest.why.clone())).collect()
    }

    /// Leaves alone what failed just now, for longer the more often it has; whoever answered is welcome again.
    fn rest(&mut self, failed: BTreeMap<SourceAt, Arc<str>>, now: Timestamp) {
        let mut resting = BTreeMap::new();
        for (source, why) in failed {
            let before = self.resting.get(&source);
            let rest = match before.filter(|rest| now < rest.until) {
                Some(rest) => rest.clone(),
                None => {
                    let failures = before.map_or(0, |rest| rest.failures).saturating_add(1);
                    Rest { why, failures, until: REST.due(now, failures) }
                }
            };
            resting.insert(source, rest);
        }
        self.resting = resting;
    }
}

/// A panic elsewhere leaves the map whole: every change of it is one insertion.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
