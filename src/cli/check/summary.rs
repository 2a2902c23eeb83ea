//! How a check went, in one line and in numbers.

use super::asks::Asks;
use super::code::Code;
use super::findings::Findings;
use super::verdict::Verdict;
use crate::diagnostic::render::{Telling, Tested};
use crate::diagnostic::{Level, counted};
use crate::git::Standing;
use crate::model::Name;

/// So many repositories are named; more are counted.
const MOST_NAMED: usize = 3;

/// How it went.
pub(super) fn telling(
    asks: &Asks<'_>,
    verdicts: &[Verdict],
    findings: &Findings,
    code: &mut Code,
    since: Option<&str>,
) -> Telling {
    let numbers = numbers(asks, verdicts);
    let where_to = places(asks, code);
    let mut parts = vec![match found(findings) {
        Some(found) => format!("{found}: {}", ends(numbers, &where_to, findings)),
        None => fine(asks, numbers, &where_to, code.about()),
    }];
    parts.extend(since.map(|reference| older(verdicts, reference)));
    parts.extend(not_checked(asks));
    Telling { command: "check", tested: "rules", summary: parts.join("; "), numbers, cases: findings.cases.clone() }
}

fn numbers(asks: &Asks<'_>, verdicts: &[Verdict]) -> Tested {
    let mut numbers =
        Tested { tested: asks.rules.len(), not_tested: asks.of_tasks + asks.elsewhere, ..Tested::default() };
    for verdict in verdicts {
        match verdict {
            Verdict::Unknown(_) => numbers.unknown += 1,
            Verdict::Broken(broken) if broken.is_told() && broken.waived.is_some() => numbers.waived += 1,
            Verdict::Broken(broken) if broken.is_told() => numbers.broken += 1,
            Verdict::Broken(_) => numbers.older += 1,
            Verdict::Holds => {}
        }
    }
    numbers
}

/// How many errors and warnings, where there are any.
fn found(findings: &Findings) -> Option<String> {
    let count = |level: Level| findings.diagnostics.iter().filter(|it| it.problem.level == level).count();
    let told = [(count(Level::Error), "error"), (count(Level::Warning), "warning")];
    let told: Vec<String> = told.iter().filter(|(n, _)| *n > 0).map(|(n, word)| counted(*n, word)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// What became of the rules where something was found.
fn ends(numbers: Tested, where_to: &str, findings: &Findings) -> String {
    let Tested { tested, broken, waived, unknown, .. } = numbers;
    let broken = match (broken, tested) {
        (0, 0) => "no rule could be checked".into(),
        (0, _) => format!("no rule of {tested} is known to be broken{where_to}"),
        (1, 1) => format!("the only rule is broken{where_to}"),
        _ => format!("{broken} of {tested} rules {} broken{where_to}", be(broken)),
    };
    let waived = (waived > 0).then(|| format!("{waived} {} waived", be(waived)));
    let unknown = (unknown > 0).then(|| format!("{unknown} {} unknown", be(unknown)));
    let unread = (findings.unread > 0).then(|| format!("{} cannot be read", counted(findings.unread, "spec")));
    std::iter::once(broken).chain(waived).chain(unknown).chain(unread).collect::<Vec<_>>().join(", ")
}

/// What is said where nothing was found that fails.
fn fine(asks: &Asks<'_>, numbers: Tested, where_to: &str, about: Option<&Name>) -> String {
    match (numbers.tested, about) {
        (0, Some(name)) => return format!("No rule of an accepted decision speaks of {name}"),
        (0, None) => return "No accepted decision has a rule over code".into(),
        _ => {}
    }
    let Tested { tested, waived, older, .. } = numbers;
    let (rules, decisions) = (counted(tested, "rule"), counted(asks.decisions().len(), "decision"));
    let holding = tested - waived - older;
    let verb = if holding == 1 { "holds" } else { "hold" };
    let first = match (waived, older) {
        (0, 0) => return format!("No rule is broken: {rules} of {decisions} {verb}{where_to}"),
        (0, _) => "No rule is newly broken",
        _ => "No rule is broken but what is waived",
    };
    let waived = if waived > 0 { format!(", {waived} {} waived", be(waived)) } else { String::new() };
    format!("{first}: {holding} of {rules} of {decisions} {verb}{where_to}{waived}")
}

/// Where the rules were looked at, for the end of a sentence.
fn places(asks: &Asks<'_>, code: &mut Code) -> String {
    let repositories = asks.repositories();
    if repositories.len() > MOST_NAMED {
        return format!(" in {} repositories", repositories.len());
    }
    let place = |repository: Option<&Name>| {
        let name = repository.map_or_else(|| "the spec repository".to_owned(), ToString::to_string);
        match code.standing(repository) {
            Some(Standing { commit, dirty: false }) => format!("{name} at {}", commit.short()),
            Some(Standing { commit, dirty: true }) => format!("{name} at {} and what is not committed", commit.short()),
            None => name,
        }
    };
    let named: Vec<String> = repositories.into_iter().map(place).collect();
    if named.is_empty() { String::new() } else { format!(" in {}", named.join(", ")) }
}

/// What was there before the change.
fn older(verdicts: &[Verdict], reference: &str) -> String {
    let old = |verdict: &Verdict| if let Verdict::Broken(broken) = verdict { broken.old } else { 0 };
    match verdicts.iter().map(old).sum() {
        0 => format!("nothing older than the change since {reference} is left out"),
        1 => format!("1 finding is older than the change since {reference} and left out"),
        many => format!("{many} findings are older than the change since {reference} and left out"),
    }
}

/// What nobody looked at, which must never pass for healthy.
fn not_checked(asks: &Asks<'_>) -> Vec<String> {
    let of_tasks = (asks.of_tasks > 0).then(|| {
        format!(
            "{} over tasks {} not checked here: `abide plan` judges them",
            counted(asks.of_tasks, "rule"),
            be(asks.of_tasks)
        )
    });
    let elsewhere = (asks.elsewhere > 0).then(|| {
        let rules = counted(asks.elsewhere, "rule");
        format!("{rules} over other repositories {} not checked: --repository names one", be(asks.elsewhere))
    });
    of_tasks.into_iter().chain(elsewhere).collect()
}

const fn be(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
