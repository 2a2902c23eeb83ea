//! `slo/objective`: a service level holds, and does not go through its budget too fast.

use std::sync::Arc;

use super::burn::{ENOUGH, Fire};
use super::indicator::{Evaluable, resolve};
use super::level::{Objective, Slo};
use super::state::{Burn, Figures, State};
use crate::diagnostic::Spanned;
use crate::kinds::{Asked, Body, Case, Findings, RuleDef, Seen};
use crate::model::{
    Code, Drift, Duration, Kind, NoAnswer, Question, Rule, Series, Severity, Standing, Subject, Timestamp,
};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::SloObjective,
    kind: Some(Kind::Slo),
    applies: |_| true,
    asks,
    judge,
    means: "The good share over the SLO's window is at least the target, and no pair of burn rate windows exceeds its \
            factor in both. Windows are (now - length, now]; a task counts at its finish; exceeding means strictly \
            greater. Fewer than 10 events prove nothing. A burn opens on what exceeds now, and eases when its short \
            window has not exceeded for its own length. What cannot be evaluated is unknown, never healthy.",
};

fn slo<'a>(case: &Case<'a>) -> Option<&'a Slo> {
    match case.body() {
        Some(Body::Slo(slo)) => Some(slo),
        _ => None,
    }
}

fn asks(case: &Case<'_>) -> Vec<Question> {
    let (Some(spec), Some(slo)) = (case.spec, slo(case)) else { return Vec::new() };
    let mut questions = Vec::new();
    for objective in &slo.objectives {
        let Ok(evaluable) = resolve(case.specs, spec, slo, objective) else { continue };
        let question = Question::Events(evaluable.events);
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    questions
}

fn judge(case: &Case<'_>, asked: &Asked<'_>, findings: &mut Findings) -> Result<(), NoAnswer> {
    let (Some(spec), Some(slo)) = (case.spec, slo(case)) else { return Ok(()) };
    for (index, objective) in slo.objectives.iter().enumerate() {
        let subject = Subject::objective(index);
        let evaluable = match resolve(case.specs, spec, slo, objective) {
            Ok(evaluable) => evaluable,
            Err(why) => {
                let reason = Arc::from(format!("not evaluated: {why}"));
                findings.stands(subject, Standing::Unknown(NoAnswer { reason, since: asked.now }));
                continue;
            }
        };
        let series = match asked.events(&Question::Events(evaluable.events.clone())) {
            Ok(series) => series,
            Err(none) => {
                findings.stands(subject, Standing::Unknown(none));
                continue;
            }
        };
        let figures = Figures::of(&evaluable, series, asked.now);
        if let Some(at) = due(&evaluable, &figures, series, asked.now) {
            findings.due(at);
        }
        if let Some(standing) = standing(case, (index, objective), &figures, asked.now) {
            findings.stands(subject, standing);
        }
    }
    Ok(())
}

/// How things stand, unless the objective holds.
fn standing(
    case: &Case<'_>,
    (index, objective): (usize, &Spanned<Objective>),
    figures: &Figures,
    now: Timestamp,
) -> Option<Standing> {
    let state = figures.state();
    let burning = figures.burns.iter().filter(|burn| burn.fire == Fire::Burns);
    let burns = burning.clone().map(|burn| burn.pair.severity).max();
    let (code, severity) = match (state, burns) {
        (State::Exhausted, burns) => (Code::SloBudgetSpent, burns.map_or(Severity::High, |it| it.max(Severity::High))),
        (State::Burning, Some(severity)) => (Code::SloBurning, severity),
        (State::Burning, None) => return Some(Standing::Unsettled(easing(figures, now))),
        _ => return None,
    };
    let seen = seen(case, (index, objective), figures, (code, severity));
    let place = case.line(objective.span.line);
    Some(Standing::Drift(Arc::new(Drift { place, ..case.drift(seen, now) })))
}

/// Which short window exceeded last, and how long ago.
fn easing(figures: &Figures, now: Timestamp) -> Arc<str> {
    let last = figures.burns.iter().filter_map(|burn| match burn.fire {
        Fire::Eases(last) => Some((last, burn.pair.short)),
        _ => None,
    });
    let text = last.max().map_or_else(String::new, |(last, short)| {
        format!("the short window of {short} exceeded {} ago; it must stay below for {short}", now.since(last))
    });
    text.into()
}

fn seen(
    case: &Case<'_>,
    (index, objective): (usize, &Spanned<Objective>),
    figures: &Figures,
    (code, severity): (Code, Severity),
) -> Seen {
    let spec = case.spec.map_or_else(String::new, |spec| spec.title());
    let several = slo(case).is_some_and(|slo| slo.objectives.len() > 1);
    let name = match &objective.display_name {
        Some(name) if several => format!("{spec} ({name})"),
        None if several => format!("{spec} (objective {index})"),
        _ => spec,
    };
    let (what, verify) = match code {
        Code::SloBudgetSpent => {
            ("the error budget is spent", format!("the good share over {} is at least the target", figures.window))
        }
        _ => (
            "the error budget goes too fast",
            "no pair of windows exceeds, and the short one has not for its own length".to_owned(),
        ),
    };
    Seen {
        subject: Subject::objective(index),
        code,
        severity,
        title: format!("{name}: {what}"),
        desired: format!("at least {}% good over {}", percent(figures.target.shown()), figures.window),
        question: format!("how many of the events of the last {} were good?", figures.window),
        answer: answer(figures),
        how:
            "find what the bad events have in common and mend its cause; what no longer fits may be changed in the SLO \
              by pull request"
                .into(),
        verify,
    }
}

/// The figures in words: the ratio, the budget that is left, and every pair that exceeds.
fn answer(figures: &Figures) -> String {
    let tally = figures.tally;
    let mut parts = vec![
        format!(
            "{} of {} good over {} ({}%)",
            tally.good,
            tally.total,
            figures.window,
            percent(figures.ratio().unwrap_or(1.0))
        ),
        budget(figures.budget_left()),
    ];
    parts.extend(figures.burns.iter().map(|burn| burn_in_words(figures, burn)));
    if figures.unmeasured > 0 {
        parts.push(format!("{} more could not be measured", figures.unmeasured));
    }
    parts.join("; ")
}

fn budget(left: f64) -> String {
    if left < 0.0 {
        format!("{:.1} times the budget spent", 1.0 - left)
    } else {
        format!("{:.1}% of the budget left", left * 100.0)
    }
}

fn burn_in_words(figures: &Figures, burn: &Burn) -> String {
    let rate = |tally| figures.rate(tally).map_or_else(|| "nothing".into(), |rate| format!("{rate:.1}x"));
    let verdict = match burn.fire {
        Fire::Burns => "both over",
        Fire::Eases(_) => "easing",
        Fire::Out if burn.long.total < ENOUGH => "too few events for",
        Fire::Out => "not both over",
    };
    let Burn { pair, long, short, .. } = burn;
    format!(
        "{} over {} and {} over {}, {verdict} {}x",
        rate(*long),
        pair.long,
        rate(*short),
        pair.short,
        pair.factor.shown()
    )
}

/// A share in percent, with as many digits as make a difference.
fn percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// When time alone may change the verdict: something leaves a window that holds something bad, or a burn has eased.
/// Never sooner than a sixtieth of the shortest window, nor than a second.
fn due(objective: &Evaluable, figures: &Figures, series: &Series, now: Timestamp) -> Option<Timestamp> {
    let pairs = figures.burns.iter().flat_map(|burn| [(burn.pair.long, burn.long), (burn.pair.short, burn.short)]);
    let leaves = pairs
        .chain([(figures.window, figures.tally)])
        .filter(|(_, tally)| tally.bad() > 0)
        .filter_map(|(window, _)| Some(series.moments(now.minus(window), now).next()?.plus(window)));
    let eased = figures.burns.iter().filter_map(|burn| match burn.fire {
        Fire::Eases(last) => Some(last.plus(burn.pair.short)),
        _ => None,
    });
    let ahead = series.moments(now, Timestamp::from_millis(i64::MAX)).next();
    let shortest = objective.pairs.iter().map(|pair| pair.short).min().unwrap_or(objective.window);
    let soonest = now.plus(shortest.scaled(1, 60).max(Duration::from_secs(1)));
    leaves.chain(eased).chain(ahead).min().map(|at| at.max(soonest))
}
