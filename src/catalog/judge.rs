//! From a catalog to questions, and from answers to verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Catalog, Keys, Which};
use crate::kinds::{Asked, Case, Findings, RULES, RuleDef, Spec};
use crate::model::{Answers, CaseId, CaseVerdict, Policy, Question, QuestionSet, Subject, Timestamp, Verdicts};

/// Which case asks what. Kept as long as the catalog is the same, so that a moved answer finds its cases.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    by_case: BTreeMap<CaseId, Vec<Arc<Question>>>,
    cases: FxHashMap<Arc<Question>, Vec<CaseId>>,
    /// Goes up when a question is asked for the first time, or by nobody any more.
    version: u64,
}

impl Asking {
    /// Collects the questions of the cases.
    pub fn of(catalog: &Catalog, keys: &Keys, policy: &Policy) -> Self {
        let mut asking = Self::default();
        asking.ask(catalog, keys, policy);
        asking
    }

    /// Collects the questions of all cases anew, as a later version of these.
    #[must_use]
    pub fn renewed(&self, catalog: &Catalog, keys: &Keys, policy: &Policy) -> Self {
        let mut asking = Self { version: self.version + 1, ..Self::default() };
        asking.ask(catalog, keys, policy);
        asking
    }

    /// Collects the questions of some cases anew and leaves the others as they are.
    pub fn ask(&mut self, catalog: &Catalog, keys: &Keys, policy: &Policy) {
        each_case(catalog, keys, policy, |definition, case| self.put(case.id(), (definition.asks)(case)));
    }

    /// The version of the set of questions.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The questions, each once.
    pub fn questions(&self) -> QuestionSet {
        self.by_case.values().flatten().cloned().collect()
    }

    /// The questions that are not about rows of tasks, in no order.
    pub fn others(&self) -> impl Iterator<Item = &Arc<Question>> {
        self.cases
            .keys()
            .filter(|question| !matches!(***question, Question::Tasks { .. } | Question::Events(_) | Question::Task(_)))
    }

    /// The questions of one case.
    pub fn of_case(&self, case: &CaseId) -> &[Arc<Question>] {
        self.by_case.get(case).map_or(&[], Vec::as_slice)
    }

    /// The cases that want to know.
    pub fn asked_by(&self, question: &Question) -> &[CaseId] {
        self.cases.get(question).map_or(&[], Vec::as_slice)
    }

    fn put(&mut self, case: CaseId, questions: Vec<Question>) {
        let before = self.of_case(&case);
        if before.len() == questions.len()
            && before.iter().zip(&questions).all(|(old, new)| **old == *new)
            && !before.is_empty()
        {
            return;
        }
        self.forget(&case);
        let mut shared = Vec::with_capacity(questions.len());
        for question in questions {
            let known = self.cases.get_key_value(&question).map(|(known, _)| known.clone());
            self.version += u64::from(known.is_none());
            let question = known.unwrap_or_else(|| Arc::new(question));
            self.cases.entry(question.clone()).or_default().push(case.clone());
            shared.push(question);
        }
        self.by_case.insert(case, shared);
    }

    fn forget(&mut self, case: &CaseId) {
        for question in self.by_case.remove(case).into_iter().flatten() {
            if let Some(cases) = self.cases.get_mut(&question) {
                cases.retain(|other| other != case);
                if cases.is_empty() {
                    self.cases.remove(&question);
                    self.version += 1;
                }
            }
        }
    }
}

/// Judges the cases by the answers, as of now. Pure: the same answers give the same verdicts.
pub fn judge(catalog: &Catalog, answers: &Answers, keys: &Keys, policy: &Policy, now: Timestamp) -> Verdicts {
    let asked = Asked { answers, now };
    let mut verdicts = Verdicts::default();
    each_case(catalog, keys, policy, |definition, case| {
        let mut findings = Findings::default();
        let verdict = match (definition.judge)(case, &asked, &mut findings) {
            Ok(()) => CaseVerdict::Judged { findings: findings.findings, due: findings.due },
            Err(none) => CaseVerdict::Unknown(none),
        };
        verdicts.cases.insert(case.id(), verdict);
        verdicts.samples.append(&mut findings.samples);
    });
    verdicts
}

fn each_case(catalog: &Catalog, keys: &Keys, policy: &Policy, mut each: impl FnMut(&RuleDef, &Case<'_>)) {
    let nobody = BTreeSet::new();
    let mut visit = |definition: &RuleDef, spec: Option<&Arc<Spec>>| {
        let watched = watched(keys, definition, spec).unwrap_or(&nobody);
        let case = Case { rule: definition.rule, spec, specs: &catalog.specs, policy, watched };
        if (definition.applies)(&case) {
            each(definition, &case);
        }
    };
    match &keys.which {
        Which::All => {
            for definition in RULES {
                match definition.kind {
                    None => visit(definition, None),
                    Some(kind) => catalog.specs.of_kind(kind).for_each(|spec| visit(definition, Some(spec))),
                }
            }
        }
        Which::Only(cases) => {
            for case in cases {
                let Some(definition) = RuleDef::of(case.rule) else { continue };
                match &case.spec {
                    None => visit(definition, None),
                    Some(id) => catalog.specs.get(id).into_iter().for_each(|spec| visit(definition, Some(spec))),
                }
            }
        }
    }
}

fn watched<'k>(keys: &'k Keys, definition: &RuleDef, spec: Option<&Arc<Spec>>) -> Option<&'k BTreeSet<Subject>> {
    if keys.watched.is_empty() {
        return None;
    }
    keys.watched.get(&CaseId { spec: spec.map(|spec| spec.id.clone()), rule: definition.rule })
}
