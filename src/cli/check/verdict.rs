//! How each rule stands: judged by the code that a pass judges by, with every place at fault.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::asks::{Ask, Asks};
use super::code::Code;
use crate::catalog::{self, Catalog, Keys};
use crate::git::Since;
use crate::model::{
    Answer, Answers, CaseVerdict, CodeMatch, CodeQuestion, Drift, Ledger, Look, NoAnswer, Policy, Question, Standing,
    Timestamp, Verdicts,
};
use crate::plan::{Waivers, waivers};

/// How one rule stands.
pub(super) enum Verdict {
    /// It holds.
    Holds,
    /// It is broken.
    Broken(Broken),
    /// Nobody can tell.
    Unknown(NoAnswer),
}

/// What is wrong, and where.
pub(super) struct Broken {
    /// As a pass sees it.
    pub(super) drift: Arc<Drift>,
    /// The places at fault.
    pub(super) places: Vec<CodeMatch>,
    /// Whether something is not there that should be.
    pub(super) missing: bool,
    /// How many of these there are that were there before, and are left out.
    pub(super) old: usize,
    /// Who accepts it, until when and why.
    pub(super) waived: Option<String>,
}

impl Broken {
    /// Whether there is anything to tell.
    pub(super) const fn is_told(&self) -> bool {
        self.missing || !self.places.is_empty()
    }
}

/// Judges every rule; where a change is given, what was there before it is left out.
pub(super) fn judge(asks: &Asks<'_>, code: &mut Code, since: Option<&Since>, policy: &Policy) -> Vec<Verdict> {
    let (catalog, now) = (asks.catalog, code.now());
    let rules: Vec<&Ask<'_>> = asks.rules.iter().collect();
    let answers = code.answer(&questions(&rules));
    let places = |answer: &Result<Answer, NoAnswer>| match answer {
        Ok(Answer::Code(seen)) => seen.places.clone(),
        _ => Vec::new(),
    };
    let places: Vec<Vec<CodeMatch>> = answers.iter().map(places).collect();
    let standings = pass(catalog, &rules, answers, policy, now);
    let accepted = waivers(catalog);
    let accepted = Waivers::new(&accepted, now);
    let verdict = |((ask, places), standing): ((&Ask<'_>, Vec<CodeMatch>), Option<Standing>)| match standing {
        Some(Standing::Drift(drift)) => {
            let waived = accepted.accepting(&drift).map(crate::plan::Waiver::says);
            Verdict::Broken(broken(ask, drift, places, waived))
        }
        Some(Standing::Unknown(none)) => Verdict::Unknown(none),
        _ => Verdict::Holds,
    };
    let mut verdicts: Vec<Verdict> = asks.rules.iter().zip(places).zip(standings).map(verdict).collect();
    if let Some(since) = since {
        leave_out_old(&mut verdicts, asks, code, since, policy);
    }
    verdicts
}

/// Where it stands that a rule is broken: at its places, or nowhere because something is not there.
fn broken(ask: &Ask<'_>, drift: Arc<Drift>, mut places: Vec<CodeMatch>, waived: Option<String>) -> Broken {
    if ask.rule.wants_places() {
        places.clear();
    }
    // A file that has to hold a value and is not there is no place to point to.
    if matches!(ask.question.look, Look::Value { .. }) {
        places.retain(|place| place.line.is_some());
    }
    let missing = places.is_empty();
    Broken { drift, places, missing, old: 0, waived }
}

/// Leaves out the places in files that did not change, and what was missing before.
fn leave_out_old(verdicts: &mut [Verdict], asks: &Asks<'_>, code: &mut Code, since: &Since, policy: &Policy) {
    let mut missing: Vec<(&mut Broken, &Ask<'_>)> = Vec::new();
    for (verdict, ask) in verdicts.iter_mut().zip(&asks.rules) {
        let Verdict::Broken(broken) = verdict else { continue };
        let all = broken.places.len();
        broken.places.retain(|place| since.changed.contains(&place.file));
        broken.old = all - broken.places.len();
        if broken.missing {
            missing.push((broken, ask));
        }
    }
    let rules: Vec<&Ask<'_>> = missing.iter().map(|(_, ask)| *ask).collect();
    let answers = code.answer_before(&questions(&rules), since);
    let before = pass(asks.catalog, &rules, answers, policy, code.now());
    for ((broken, _), before) in missing.into_iter().zip(before) {
        // Where nobody can tell how it was, it is told.
        if matches!(before, Some(Standing::Drift(_))) {
            (broken.missing, broken.old) = (false, 1);
        }
    }
}

fn questions<'a>(rules: &[&'a Ask<'_>]) -> Vec<&'a CodeQuestion> {
    rules.iter().map(|ask| &ask.question).collect()
}

/// Has the rule of the registry judge these rules by these answers: how each stands, and nothing where it holds.
fn pass(
    catalog: &Catalog,
    rules: &[&Ask<'_>],
    answers: Vec<Result<Answer, NoAnswer>>,
    policy: &Policy,
    now: Timestamp,
) -> Vec<Option<Standing>> {
    let mut given = Answers::default();
    for (ask, answer) in rules.iter().zip(answers) {
        given.put(Arc::new(Question::Code(ask.question.clone())), answer);
    }
    let cases: BTreeSet<_> = rules.iter().map(|ask| ask.case()).collect();
    let verdicts = catalog::judge(catalog, &given, &Keys::only(cases, &Ledger::default()), policy, now);
    rules.iter().map(|ask| standing(&verdicts, ask)).collect()
}

fn standing(verdicts: &Verdicts, ask: &Ask<'_>) -> Option<Standing> {
    match verdicts.cases.get(&ask.case())? {
        CaseVerdict::Judged { findings, .. } => findings.get(&ask.subject()).cloned(),
        CaseVerdict::Unknown(none) => Some(Standing::Unknown(none.clone())),
    }
}
