//! `decision/branches`: no two branches take one number, or the place of one decision, for decisions of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Decision, Link, Status};
use crate::diagnostic::{Diagnostic, Problem, Span, codes};
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen, Spec, Specs};
use crate::model::{
    BranchClaim, Code, Kind, Name, NoAnswer, Place, Question, Rule, Severity, SpecId, Standing, Subject,
};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::DecisionBranches,
    kind: None,
    applies: |case| case.specs.of_kind(Kind::Decision).next().is_some(),
    asks: |_| vec![Question::Branches],
    judge,
    means: "No branch that is not merged gives a number to a decision of its own that another one has, there or in the \
            branch that counts; and no two of them supersede one decision by different ones.",
};

/// What two decisions of different branches both want.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// That number, among the decisions of that folder.
    Number(String, u32),
    /// The place of that decision.
    PlaceOf(Name),
}

/// A decision that wants it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claimant {
    /// The decision.
    pub decision: Name,
    /// The branch that has it; none where the branch that counts has it.
    pub branch: Option<String>,
    /// Where it stands there.
    pub place: Place,
}

impl Claimant {
    /// The claimant in words: `decision/use-kafka on kafka (specs/kafka.yaml:3)`.
    pub fn words(&self) -> String {
        let on = self.branch.as_ref().map(|branch| format!(" on {branch}")).unwrap_or_default();
        format!("decision/{}{on} ({}:{})", self.decision, self.place.file, self.place.line)
    }
}

/// What several decisions want of which some branch has one, each with those that want it, one for each decision.
pub fn collisions(claims: &[BranchClaim], specs: &Specs) -> BTreeMap<Wanted, Vec<Claimant>> {
    let mut wanted: BTreeMap<Wanted, BTreeMap<Name, Claimant>> = BTreeMap::new();
    for claim in claims {
        let number = claim.number.map(|number| Wanted::Number(family(&claim.place.file), number));
        for what in number.into_iter().chain(claim.supersedes.iter().cloned().map(Wanted::PlaceOf)) {
            let claimant = Claimant {
                decision: claim.decision.clone(),
                branch: Some(claim.branch.to_string()),
                place: claim.place.clone(),
            };
            wanted.entry(what).or_default().entry(claim.decision.clone()).or_insert(claimant);
        }
    }
    for spec in specs.of_kind(Kind::Decision) {
        for what in of_spec(spec) {
            // What nobody else wants is no matter of branches. One of the same file is the same decision under an older name.
            if let Some(claimants) = wanted.get_mut(&what) {
                let (decision, place) = (spec.id.name.clone(), spec.place.clone());
                claimants.retain(|_, other| other.place.file != place.file || other.decision == decision);
                claimants.insert(decision.clone(), Claimant { decision, branch: None, place });
            }
        }
    }
    let several = wanted.into_iter().filter(|(_, claimants)| claimants.len() > 1);
    let of_branches = |claimants: &BTreeMap<Name, Claimant>| claimants.values().any(|one| one.branch.is_some());
    several
        .filter(|(_, claimants)| of_branches(claimants))
        .map(|(what, claimants)| (what, claimants.into_values().collect()))
        .collect()
}

/// What a decision of the branch that counts has.
fn of_spec(spec: &Spec) -> Vec<Wanted> {
    let Body::Decision(decision) = &spec.body else { return Vec::new() };
    let number = decision.number.map(|number| Wanted::Number(family(&spec.place.file), number.value));
    number.into_iter().chain(superseded(decision).into_iter().map(Wanted::PlaceOf)).collect()
}

/// The decisions whose place a decision takes, or would take once it is accepted.
pub fn superseded(decision: &Decision) -> BTreeSet<Name> {
    let links = decision.supersedes.iter().filter(|_| *decision.status != Status::Rejected);
    links.filter_map(|link| link.id(Some(Kind::Decision))).map(|id| id.name).collect()
}

/// What collides, as findings: at the decision of this tree where it has one, else at one of a branch as git writes it,
/// `branch:path`.
pub fn lint(claims: &[BranchClaim], specs: &Specs) -> Vec<Diagnostic> {
    let found = collisions(claims, specs);
    found.iter().filter_map(|(wanted, claimants)| finding(wanted, claimants, specs)).collect()
}

fn finding(wanted: &Wanted, claimants: &[Claimant], specs: &Specs) -> Option<Diagnostic> {
    let first = claimants.iter().find(|one| one.branch.is_none()).or_else(|| claimants.first())?;
    let (entry, what, fix) = match wanted {
        Wanted::Number(_, number) => (
            &codes::ADR_NUMBER_ACROSS_BRANCHES,
            format!("the number {number} is taken by"),
            "give all but one of them the next free number before they are merged",
        ),
        Wanted::PlaceOf(older) => (
            &codes::ADR_SUPERSEDED_ACROSS_BRANCHES,
            format!("decision/{older} is superseded by"),
            "agree on one of them before they are merged",
        ),
    };
    let words: Vec<String> = claimants.iter().take(5).map(Claimant::words).collect();
    let (file, span) = place_of(first, wanted, specs);
    let problem = Problem::new(entry, span, format!("{what} {}", words.join(" and by "))).fix(fix);
    let others = claimants.iter().filter(|other| *other != first).take(5);
    let problem = others.fold(problem, |problem, other| {
        let (file, span) = place_of(other, wanted, specs);
        problem.related(file, span, other.words())
    });
    Some(Diagnostic { file, spec: Some(format!("decision/{}", first.decision).into()), problem })
}

/// Where a claimant says what it wants: exactly in this tree, by the line of its document in another branch.
fn place_of(claimant: &Claimant, wanted: &Wanted, specs: &Specs) -> (Arc<str>, Span) {
    let line = Span { line: claimant.place.line, column: 1, ..Span::default() };
    if let Some(branch) = &claimant.branch {
        return (format!("{branch}:{}", claimant.place.file).into(), line);
    }
    let decision = specs.get(&SpecId::new(Kind::Decision, claimant.decision.clone())).map(|spec| &spec.body);
    let span = match (decision, wanted) {
        (Some(Body::Decision(decision)), Wanted::Number(..)) => decision.number.map(|number| number.span),
        (Some(Body::Decision(decision)), Wanted::PlaceOf(older)) => {
            let is_meant = |link: &&Link| link.id(Some(Kind::Decision)).is_some_and(|id| id.name == *older);
            decision.supersedes.iter().find(is_meant).map(Link::span)
        }
        _ => None,
    };
    (claimant.place.file.clone(), span.unwrap_or(line))
}

/// The decisions among which a number is counted: those of one folder.
pub fn family(file: &str) -> String {
    super::graph::folder(file).to_owned()
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let branches = asked.branches()?;
    for (wanted, claimants) in collisions(&branches.claims, case.specs) {
        findings.drift(case.drift(seen(&wanted, &claimants), asked.now));
    }
    // What a decision takes that nobody can read is not known, so that nothing of it is mended.
    if let Some((branch, place)) = branches.unread.first() {
        let reason: Arc<str> = format!("{place} on {branch} cannot be read").into();
        for subject in
            case.watched.iter().filter(|subject| !findings.findings.contains_key(subject)).cloned().collect::<Vec<_>>()
        {
            findings.stands(subject, Standing::Unknown(NoAnswer { reason: reason.clone(), since: asked.now }));
        }
    }
    Ok(())
}

fn seen(wanted: &Wanted, claimants: &[Claimant]) -> Seen {
    let listed: Vec<String> = claimants.iter().take(20).map(Claimant::words).collect();
    let answer = listed.join(" and ");
    match wanted {
        Wanted::Number(folder, number) => Seen {
            subject: Subject::number(folder, *number),
            code: Code::DecisionNumberTaken,
            severity: Severity::Medium,
            title: format!("branches give the number {number} to different decisions"),
            desired: "a number stands for one decision".into(),
            question: "which decisions have this number, on branches that are not merged and on the one that counts?"
                .into(),
            answer,
            how: "give all but one of them the next free number before they are merged".into(),
            verify: format!("only one decision has the number {number}, whatever branch is merged"),
        },
        Wanted::PlaceOf(older) => Seen {
            subject: Subject::place_of(older),
            code: Code::DecisionPlaceTaken,
            severity: Severity::Medium,
            title: format!("branches supersede decision/{older} by different decisions"),
            desired: "one decision takes the place of another".into(),
            question: "which decisions supersede it, on branches that are not merged and on the one that counts?"
                .into(),
            answer,
            how: "agree on one of them; the other amends or supersedes that one, or is rejected".into(),
            verify: format!("only one decision supersedes decision/{older}, whatever branch is merged"),
        },
    }
}
