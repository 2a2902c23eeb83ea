//! `edited-after-acceptance`: an accepted decision says something else than what was accepted.

use super::{Pair, Side, States, diagnostic};
use crate::diagnostic::{Diagnostic, Level, Problem, Span, codes};
use crate::kinds::common::Link;
use crate::kinds::decision::{Rule, Status};

/// What a decision says, field by field.
pub(super) type Texts = Vec<(&'static str, String)>;

pub(super) fn look(states: &States<'_>, pair: &Pair<'_>) -> Vec<Diagnostic> {
    let (was, is) = (pair.was.1, pair.is.1);
    if !was_accepted(*was.status) || !was_accepted(*is.status) || states.amended.contains(&pair.is.0.id) {
        return Vec::new();
    }
    let texts = changed(pair.was, pair.is);
    let text = (!texts.is_empty()).then(|| edited(states, pair, &texts, pair.name_at));
    let holds = *was.status == Status::Accepted && *is.status == Status::Accepted;
    let rules = if holds { rules(states, pair) } else { Vec::new() };
    text.into_iter().chain(rules).collect()
}

/// Whether a decision of that status was accepted once: its text is what people agreed on, whatever became of it.
const fn was_accepted(status: Status) -> bool {
    matches!(status, Status::Accepted | Status::Deprecated | Status::Superseded)
}

fn edited(states: &States<'_>, pair: &Pair<'_>, what: &[&str], at: Span) -> Diagnostic {
    let listed: Vec<String> = what.iter().map(|field| format!("`{field}`")).collect();
    let verb = if what.len() == 1 { "was" } else { "were" };
    let listed = match &*listed {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        all => all.concat(),
    };
    let message = format!("{listed} {verb} changed although it {}", since(*pair.is.1.status));
    let problem = Problem::new(&codes::ADR_EDITED_AFTER_ACCEPTANCE, at, message);
    let mut problem = problem.help(format!("it stands as it was accepted at {}", states.moves.from.short()));
    if *pair.is.1.status != Status::Accepted {
        // What no longer holds binds nobody; to rewrite what once did is still worth a word.
        problem.level = Level::Info;
    }
    diagnostic(pair.is.0, problem.fix(offer(pair)))
}

const fn since(status: Status) -> &'static str {
    match status {
        Status::Accepted => "is accepted",
        _ => "was accepted",
    }
}

fn offer(pair: &Pair<'_>) -> String {
    let name = &pair.is.0.id.name;
    format!(
        "leave it as it was, and add a decision with `supersedes: [{name}]`; or one with `amends: [{name}]` that says what changed"
    )
}

/// The fields whose text is another one. Line breaks and indents are no text, and neither is what has a clock, an owner or a
/// label: those are changed as life goes on.
fn changed(was: Side<'_>, is: Side<'_>) -> Vec<&'static str> {
    let (old, new) = (texts(was), texts(is));
    let differ = |(old, new): &(&(&'static str, String), &(&'static str, String))| old.1 != new.1;
    old.iter().zip(&new).filter(differ).map(|(old, _)| old.0).collect()
}

pub(super) fn texts((spec, decision): Side<'_>) -> Texts {
    let links = |links: &[Link]| links.iter().map(|link| link.text().to_string()).collect::<Vec<_>>();
    let options = decision.options.iter().flat_map(|option| {
        let sides =
            option.good.iter().map(|good| format!("+{good}")).chain(option.bad.iter().map(|bad| format!("-{bad}")));
        std::iter::once(option.title.clone()).chain(sides)
    });
    let consequences = &decision.consequences;
    let consequences = [("+", &consequences.good), ("-", &consequences.bad), ("=", &consequences.neutral)];
    let consequences = consequences.into_iter().flat_map(|(sign, all)| all.iter().map(move |it| format!("{sign}{it}")));
    vec![
        ("title", words(spec.head.title.as_deref().unwrap_or_default())),
        ("number", decision.number.map(|number| number.to_string()).unwrap_or_default()),
        ("date", decision.date.to_string()),
        ("deciders", links(&decision.deciders).join(" ")),
        ("context", words(&decision.context)),
        ("drivers", joined(decision.drivers.iter().cloned())),
        ("options", joined(options)),
        ("decision", words(&decision.decision)),
        ("consequences", joined(consequences)),
    ]
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.map(|item| words(&item)).collect::<Vec<_>>().join("\n")
}

/// Hints at rules that an accepted decision no longer has, or has in another form. One that is added only demands more.
fn rules(states: &States<'_>, pair: &Pair<'_>) -> Vec<Diagnostic> {
    let same = |rule: &&Rule| pair.is.1.rules.iter().find(|now| now.id == rule.id);
    let mut said = Vec::new();
    for rule in &pair.was.1.rules {
        let (message, at) = match same(&rule) {
            Some(now) if now == rule => continue,
            Some(now) => (format!("the rule `{}` demands something else than before", rule.id.value), now.id.span),
            None => (format!("the rule `{}` was taken out", rule.id.value), pair.name_at),
        };
        let problem = Problem::new(&codes::ADR_EDITED_AFTER_ACCEPTANCE, at, message);
        let mut problem =
            problem.help(format!("the decision was accepted with it, as it stands at {}", states.moves.from.short()));
        problem.level = Level::Info;
        said.push(diagnostic(pair.is.0, problem.fix(offer(pair))));
    }
    said
}
