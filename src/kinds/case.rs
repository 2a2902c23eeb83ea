//! One rule applied to one spec: what it may look at, and how it says what it found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::common::Link;
use super::{Body, Spec, Specs};
use crate::diagnostic::plain;
use crate::model::{
    Answer, Answers, BranchesSeen, CaseId, Code, CodeSeen, Drift, Durations, Evidence, Fix, Heartbeat, Kind, Metric,
    NoAnswer, Place, Policy, Question, Rule, Sample, Scope, Selector, Series, Severity, SpecId, Standing, Subject,
    Task, TaskRows, Timestamp,
};

/// A rule that is about to ask or to judge.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The rule.
    pub rule: Rule,
    /// The spec; none where the rule looks at the catalog as a whole.
    pub spec: Option<&'a Arc<Spec>>,
    /// All specs.
    pub specs: &'a Specs,
    /// The catalog's owner and limits.
    pub policy: &'a Policy,
    /// The subjects that somebody waits for: those of open remediation tasks.
    pub watched: &'a BTreeSet<Subject>,
}

/// The answers to a case's questions, as of a moment.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// All answers.
    pub answers: &'a Answers,
    /// The moment that is judged.
    pub now: Timestamp,
}

/// What a rule found.
#[derive(Debug, Default)]
pub struct Findings {
    /// By subject.
    pub findings: BTreeMap<Subject, Standing>,
    /// When time alone may change what was found.
    pub due: Option<Timestamp>,
    /// The figures that were judged by, for those who look back.
    pub samples: Vec<Sample>,
}

/// What a rule saw of one subject, from which a [`Drift`] is made.
pub struct Seen {
    /// What it looked at.
    pub subject: Subject,
    /// In which state it found it.
    pub code: Code,
    /// How bad that is.
    pub severity: Severity,
    /// One line for people, without measured values.
    pub title: String,
    /// What the spec wants.
    pub desired: String,
    /// The question in words.
    pub question: String,
    /// The answer in words.
    pub answer: String,
    /// How to mend it.
    pub how: String,
    /// What will be checked before the task closes.
    pub verify: String,
}

impl<'a> Case<'a> {
    /// Its identity.
    pub fn id(&self) -> CaseId {
        CaseId { spec: self.spec.map(|spec| spec.id.clone()), rule: self.rule }
    }

    /// What the spec says.
    pub fn body(&self) -> Option<&'a Body> {
        self.spec.map(|spec| &spec.body)
    }

    /// What its spec is called in the titles of remediation tasks.
    pub fn title(&self) -> String {
        self.spec.map_or_else(String::new, |spec| self.specs.title(spec))
    }

    /// Who gets its remediation tasks: the spec's owner, the role that it names, the owner of its service, the catalog's.
    pub fn owner(&self) -> Option<SpecId> {
        let spec = self.spec?;
        let written = |link: &Link| link.id(None);
        spec.head
            .owner
            .as_ref()
            .and_then(written)
            .or_else(|| self.named_owner(spec))
            .or_else(|| self.policy.owner.clone())
    }

    fn named_owner(&self, spec: &'a Spec) -> Option<SpecId> {
        match &spec.body {
            Body::Assignment(assignment) => assignment.to.id(None),
            Body::Agent(agent) => agent.roles.first()?.id(Some(Kind::Role)),
            Body::Slo(slo) => {
                let service = self.specs.get(&slo.service.id(Some(Kind::Service))?)?;
                service.head.owner.as_ref()?.id(None)
            }
            _ => None,
        }
    }

    /// The drift that was seen.
    pub fn drift(&self, seen: Seen, now: Timestamp) -> Drift {
        Drift {
            case: self.id(),
            subject: seen.subject,
            code: seen.code,
            severity: seen.severity,
            owner: if self.spec.is_some() { self.owner() } else { self.policy.owner.clone() },
            within: None,
            title: plain(&seen.title),
            desired: seen.desired,
            observed: None,
            place: self.spec.map(|spec| spec.place.clone()),
            evidence: Evidence { question: seen.question, answer: seen.answer, at: now, places: Vec::new() },
            fix: Fix { how: seen.how, verify: seen.verify, patch: None },
        }
    }

    /// The same with a line of the spec's file, for what stands further down in it.
    pub fn line(&self, line: u32) -> Option<Place> {
        self.spec.map(|spec| Place { file: spec.place.file.clone(), line })
    }

    /// The questions of a rule that looks at tasks one by one: those in scope, and those that somebody waits for.
    pub fn task_questions(&self, select: &Selector, scope: Scope) -> Vec<Question> {
        let watched = self.watched.iter().filter_map(Subject::task_id).map(Question::Task);
        std::iter::once(Question::Tasks { select: select.clone(), scope }).chain(watched).collect()
    }

    /// Judges tasks one by one: those in scope and selected now, and those that somebody waits for, wherever they are in
    /// their life. A watched task whose row is gone is gone; one that is out of the rule's reach is clean.
    ///
    /// # Errors
    /// When the tasks in scope are not known.
    pub fn judge_tasks(
        &self,
        asked: &Asked<'_>,
        select: &Selector,
        scope: Scope,
        findings: &mut Findings,
        mut judge: impl FnMut(&Task, &mut Findings) -> Option<Drift>,
    ) -> Result<(), NoAnswer> {
        let question = Question::Tasks { select: select.clone(), scope };
        let rows = asked.tasks(&question)?;
        for task in rows.values().filter(|task| in_scope(task, scope, asked.now) && select.matches_at(task, asked.now))
        {
            if let Some(drift) = judge(task, findings) {
                findings.drift(drift);
            }
            if let Some(at) = select.leaves(task, asked.now) {
                findings.due(at);
            }
        }
        for subject in
            self.watched.iter().filter(|subject| !findings.findings.contains_key(subject)).cloned().collect::<Vec<_>>()
        {
            let Some(id) = subject.task_id() else { continue };
            let standing = match asked.task(&id) {
                Err(none) => Standing::Unknown(none),
                Ok(None) => Standing::Gone,
                Ok(Some(task)) if scope.admits(task) && select.matches_at(task, asked.now) => {
                    judge(task, findings).map_or(Standing::Clean, |drift| Standing::Drift(Arc::new(drift)))
                }
                Ok(Some(_)) => Standing::Clean,
            };
            findings.findings.insert(subject, standing);
        }
        Ok(())
    }
}

/// Whether a task of the scope's statuses is in its span as well. What ended at no time that its row tells, while something
/// still asked about it, may have done so just now.
fn in_scope(task: &Task, scope: Scope, now: Timestamp) -> bool {
    let is_asked_about = || task.record.as_ref().is_some_and(|record| record.is_unanswered());
    match scope {
        Scope::Ran(span) if !task.status.is_open() => {
            now.since(task.ended()) <= span || (task.finished.is_none() && is_asked_about())
        }
        _ => true,
    }
}

impl<'a> Asked<'a> {
    fn get(&self, question: &Question) -> Result<&'a Answer, NoAnswer> {
        match self.answers.get(question) {
            Some(answer) => answer.map_err(Clone::clone),
            None => Err(NoAnswer { reason: "it has not been answered yet".into(), since: self.now }),
        }
    }

    fn mismatch(&self) -> NoAnswer {
        NoAnswer { reason: "the answer is of another kind than the question".into(), since: self.now }
    }

    /// The answer to [`Question::Tasks`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn tasks(&self, question: &Question) -> Result<&'a TaskRows, NoAnswer> {
        match self.get(question)? {
            Answer::Tasks(rows) => Ok(rows),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Events`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn events(&self, question: &Question) -> Result<&'a Series, NoAnswer> {
        match self.get(question)? {
            Answer::Events(series) => Ok(series),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Events`] that measure how long tasks lasted.
    ///
    /// # Errors
    /// Why there is none.
    pub fn durations(&self, question: &Question) -> Result<&'a Durations, NoAnswer> {
        match self.get(question)? {
            Answer::Durations(durations) => Ok(durations),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Metric`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn metric(&self, question: &Question) -> Result<&'a Metric, NoAnswer> {
        match self.get(question)? {
            Answer::Metric(metric) => Ok(metric),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Task`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn task(&self, id: &crate::model::TaskId) -> Result<Option<&'a Arc<Task>>, NoAnswer> {
        match self.get(&Question::Task(id.clone()))? {
            Answer::Task(row) => Ok(row.as_ref()),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Heartbeats`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn heartbeats(&self) -> Result<&'a BTreeMap<Arc<str>, Heartbeat>, NoAnswer> {
        match self.get(&Question::Heartbeats)? {
            Answer::Heartbeats(beats) => Ok(beats),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Branches`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn branches(&self) -> Result<&'a BranchesSeen, NoAnswer> {
        match self.get(&Question::Branches)? {
            Answer::Branches(seen) => Ok(seen),
            _ => Err(self.mismatch()),
        }
    }

    /// The answer to [`Question::Code`].
    ///
    /// # Errors
    /// Why there is none.
    pub fn code(&self, question: &Question) -> Result<&'a CodeSeen, NoAnswer> {
        match self.get(question)? {
            Answer::Code(seen) => Ok(seen),
            _ => Err(self.mismatch()),
        }
    }
}

impl Findings {
    /// A drift.
    pub fn drift(&mut self, drift: Drift) {
        self.findings.insert(drift.subject.clone(), Standing::Drift(Arc::new(drift)));
    }

    /// How things stand with a subject.
    pub fn stands(&mut self, subject: Subject, standing: Standing) {
        self.findings.insert(subject, standing);
    }

    /// Time alone may change what was found, at that moment.
    pub fn due(&mut self, at: Timestamp) {
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }
}
