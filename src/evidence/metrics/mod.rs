//! Questions about metrics: which source answers them, what was asked before, and which source is left alone for a while.

mod asking;
mod kept;
mod reach;

pub(super) use asking::Asking;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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
        let round = Round { standing: Mutex::new(self.standing_at(now)), now };
        let reach = Reach { sources: &self.sources, store: &self.store, base: &self.base };
        // Threads of its own: others count on theirs while a source takes its time.
        let share = questions.len().div_ceil(AT_ONCE);
        let told: Vec<Told> = std::thread::scope(|scope| {
            let parts: Vec<_> = questions
                .chunks(share)
                .map(|part| {
                    let ask = || part.iter().map(|question| self.one(question, &reach, &round)).collect::<Vec<_>>();
                    (part, scope.spawn(ask))
                })
                .collect();
            parts.into_iter().flat_map(|(part, asked)| asked.join().unwrap_or_else(|_| broken(part, now))).collect()
        });
        let failed = round.failed();
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

    fn one(&self, question: &Arc<Question>, reach: &Reach<'_>, round: &Round) -> Told {
        let now = round.now;
        let Question::Metric(metric) = &**question else {
            let none = NoAnswer { reason: "it is no question about metrics".into(), since: now };
            return (question.clone(), Err(none), None);
        };
        let said = match round.is_down(&metric.source) {
            Some(why) => Err(why),
            None => match self.ask(question, metric, reach, now) {
                Said::Metric(said, kept) => {
                    round.answered(&metric.source);
                    Ok((said, kept))
                }
                Said::Refused(why) => Ok((Metric::Refused(why.into()), None)),
                Said::Away(why) => Err(round.silent(&metric.source, why.into(), MOST_SILENCES)),
                Said::Slow(why) => Err(round.silent(&metric.source, why.into(), 1)),
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
    fn standing_at(&self, now: Timestamp) -> BTreeMap<SourceAt, Standing> {
        let still = self.resting.iter().filter(|(_, rest)| now < rest.until);
        let down = |rest: &Rest| Standing { why: Some(rest.why.clone()), silences: MOST_SILENCES, answered: false };
        still.map(|(source, rest)| (source.clone(), down(rest))).collect()
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

/// What is told of questions whose thread panicked: none is left without a word.
fn broken(questions: &[Arc<Question>], now: Timestamp) -> Vec<Told> {
    let none = NoAnswer { reason: "asking for metrics broke off; this is a bug in abide".into(), since: now };
    questions.iter().map(|question| (question.clone(), Err(none.clone()), None)).collect()
}

/// How many questions are asked at once, of all sources together.
const AT_ONCE: usize = 4;

/// How many questions may go without an answer before a source that answered none is not asked the others.
const MOST_SILENCES: u32 = 3;

/// How the sources stand while questions are asked.
struct Round {
    standing: Mutex<BTreeMap<SourceAt, Standing>>,
    now: Timestamp,
}

/// How a source stands.
#[derive(Default)]
struct Standing {
    /// Why it gave no answer last.
    why: Option<Arc<str>>,
    /// How much its silence weighs: one that cannot be reached at once, one that takes too long a few times.
    silences: u32,
    /// Whether it answered anything: then what it did not answer is to blame on the question.
    answered: bool,
}

impl Round {
    fn is_down(&self, source: &SourceAt) -> Option<Arc<str>> {
        let standing = lock(&self.standing);
        standing.get(source).filter(|it| it.silences >= MOST_SILENCES && !it.answered)?.why.clone()
    }

    fn answered(&self, source: &SourceAt) {
        lock(&self.standing).entry(source.clone()).or_default().answered = true;
    }

    fn silent(&self, source: &SourceAt, why: Arc<str>, weighs: u32) -> Arc<str> {
        let mut standing = lock(&self.standing);
        let standing = standing.entry(source.clone()).or_default();
        standing.silences = standing.silences.saturating_add(weighs);
        standing.why = Some(why.clone());
        why
    }

    /// The sources that are to be left alone, and why.
    fn failed(self) -> BTreeMap<SourceAt, Arc<str>> {
        let standing = self.standing.into_inner().unwrap_or_else(PoisonError::into_inner);
        let failed = standing.into_iter().filter(|(_, it)| it.silences >= MOST_SILENCES && !it.answered);
        failed.filter_map(|(source, it)| Some((source, it.why?))).collect()
    }
}

/// A panic elsewhere leaves the map whole: every change of it is one insertion.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
