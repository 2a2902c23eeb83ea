//! What a running engine remembers between passes, so that a pass costs what has changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::pass::Wanted;
use crate::catalog::{Asking, Catalog, Keys, judge};
use crate::evidence::{Moved, Router, patch};
use crate::model::{
    Answers, CaseId, CaseVerdict, Ledger, Policy, Question, QuestionSet, Sample, Subject, Timestamp, Verdicts,
};

/// Questions, answers and verdicts as of the last pass.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Which case asks what.
    pub asking: Asking,
    /// What the world said.
    pub answers: Answers,
    /// The verdict on every case.
    pub verdicts: Arc<Verdicts>,
    /// The figures that the last pass judged by.
    pub samples: Vec<Sample>,
    router: Router,
    /// The version of the questions that the router knows.
    routed: u64,
    watched: std::collections::BTreeMap<CaseId, BTreeSet<Subject>>,
}

impl State {
    /// Collects the questions of the cases.
    pub fn collect(&mut self, catalog: &Catalog, keys: &Keys, policy: &Policy) {
        if keys.which == crate::catalog::Which::All {
            self.asking = self.asking.renewed(catalog, keys, policy);
        } else {
            self.asking.ask(catalog, keys, policy);
        }
        self.watched.clone_from(&keys.watched);
    }

    /// The questions to ask now: those whose answer may be another, and those never asked.
    pub fn unasked(&self, wanted: &Wanted, keys: &Keys) -> QuestionSet {
        let never = |question: &&Arc<Question>| self.answers.get(question).is_none();
        match wanted {
            Wanted::Everything => self.asking.questions(),
            Wanted::Specs { again } => {
                let asked = self.asking.questions();
                let again = again.iter().filter(|question| !self.asking.asked_by(question).is_empty());
                asked.iter().filter(never).chain(again).cloned().collect()
            }
            Wanted::Cases { cases, again } => {
                let of_cases =
                    cases.iter().filter(|case| keys.contains(case)).flat_map(|case| self.asking.of_case(case));
                of_cases.filter(never).chain(again).cloned().collect()
            }
        }
    }

    /// Takes answers in. When other questions are asked than before, answers that nobody asks for are dropped.
    pub fn take(&mut self, answers: Answers) {
        self.answers.extend(answers);
        if self.routed != self.asking.version() {
            self.routed = self.asking.version();
            let asking = &self.asking;
            self.answers.retain(|question| !asking.asked_by(question).is_empty());
            self.router = Router::new(self.asking.questions().iter());
        }
    }

    /// Judges the cases anew.
    pub fn judge(&mut self, catalog: &Catalog, keys: &Keys, policy: &Policy, now: Timestamp) {
        let mut verdicts = judge(catalog, &self.answers, keys, policy, now);
        self.samples = std::mem::take(&mut verdicts.samples);
        if keys.which == crate::catalog::Which::All {
            self.verdicts = Arc::new(verdicts);
        } else {
            Arc::make_mut(&mut self.verdicts).cases.extend(verdicts.cases);
        }
    }

    /// Brings the answers up to date with what moved, and says which cases must be judged again. `retry` asks what had no
    /// answer once more.
    pub fn follow(&mut self, moved: &Moved, ledger: &Ledger, retry: bool, now: Timestamp) -> Wanted {
        if moved.anything {
            return Wanted::Everything;
        }
        let touched = patch(&mut self.answers, &self.router, &moved.rows);
        touched.iter().for_each(|question| self.answers.forget(question, now));
        let mut again = self.moved_questions(moved);
        if retry {
            again.extend(self.silent());
        }
        let moved_cases: FxHashSet<&CaseId> =
            touched.iter().chain(&again).flat_map(|question| self.asking.asked_by(question)).collect();
        let mut cases: BTreeSet<CaseId> = moved_cases.into_iter().cloned().collect();
        cases.extend(self.due(now).cloned());
        cases.extend(self.newly_watched(ledger));
        Wanted::Cases { cases, again }
    }

    /// The cases whose verdict time alone may have changed.
    pub fn due(&self, now: Timestamp) -> impl Iterator<Item = &CaseId> {
        let due =
            move |verdict: &CaseVerdict| matches!(verdict, CaseVerdict::Judged { due: Some(at), .. } if *at <= now);
        self.verdicts.cases.iter().filter(move |(_, verdict)| due(verdict)).map(|(case, _)| case)
    }

    fn silent(&self) -> Vec<Arc<Question>> {
        let mut silent: Vec<_> =
            self.answers.iter().filter(|(_, answer)| answer.is_err()).map(|(q, _)| q.clone()).collect();
        silent.sort_by_cached_key(|question| format!("{question:?}"));
        silent
    }

    /// The questions that rows do not answer and whose source moved.
    fn moved_questions(&self, moved: &Moved) -> Vec<Arc<Question>> {
        if !moved.heartbeats && !moved.branches && moved.metrics.is_empty() && moved.code.is_empty() {
            return Vec::new();
        }
        let asks_again = |question: &&Arc<Question>| match &***question {
            Question::Heartbeats => moved.heartbeats,
            Question::Metric(metric) => moved.metrics.contains(&metric.source),
            Question::Code(code) => moved.code.contains(&code.repository),
            Question::Branches => moved.branches,
            _ => false,
        };
        self.asking.others().filter(asks_again).cloned().collect()
    }

    fn newly_watched(&self, ledger: &Ledger) -> Vec<CaseId> {
        let now = Keys::all(ledger).watched;
        let changed = |case: &&CaseId| now.get(*case) != self.watched.get(*case);
        now.keys().chain(self.watched.keys()).filter(changed).cloned().collect()
    }
}
