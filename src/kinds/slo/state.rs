//! What can be said of an objective, and the figures behind it.

use super::burn::{ENOUGH, Fire, Pair};
use super::decimal::{Decimal, ONE};
use super::indicator::{Evaluable, resolve};
use crate::kinds::{Asked, Body, Case};
use crate::model::{Duration, NoAnswer, Question, Series, Tally, Timestamp};

/// What can be said of an objective. Each is shown as itself: none of the last four is healthy.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It holds.
    Healthy,
    /// A pair of windows burns too fast, or has not eased for long enough.
    Burning,
    /// The budget is spent.
    Exhausted,
    /// Nothing happened in its window.
    NoTraffic,
    /// Too little happened in its window to judge it.
    TooYoung,
    /// Its question has no answer.
    NoAnswer(NoAnswer),
    /// Nobody can evaluate it, for that reason.
    NotEvaluated(String),
}

impl State {
    /// As reports write it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Burning => "burning",
            Self::Exhausted => "exhausted",
            Self::NoTraffic => "no traffic",
            Self::TooYoung => "too young",
            Self::NoAnswer(_) => "no answer",
            Self::NotEvaluated(_) => "not evaluated",
        }
    }
}

/// The figures behind a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The share that must be good.
    pub target: Decimal,
    /// Over how long the budget is counted.
    pub window: Duration,
    /// What happened in it.
    pub tally: Tally,
    /// Tasks that were selected but could not be measured.
    pub unmeasured: u64,
    /// The burn of each pair.
    pub burns: Vec<Burn>,
}

/// How fast a budget goes over one pair of windows.
#[derive(Debug, Clone, PartialEq)]
pub struct Burn {
    /// The windows and the factor.
    pub pair: Pair,
    /// What happened in the long window.
    pub long: Tally,
    /// What happened in the short window.
    pub short: Tally,
    /// How things stand with it.
    pub fire: Fire,
}

impl Figures {
    /// The figures of an objective from its events.
    pub fn of(objective: &Evaluable, series: &Series, now: Timestamp) -> Self {
        let budget = objective.target.rest();
        let burn = |pair: &Pair| Burn {
            pair: *pair,
            long: series.tally(pair.long, now),
            short: series.tally(pair.short, now),
            fire: pair.fire(series, budget, objective.events.window, now),
        };
        Self {
            target: objective.target,
            window: objective.window,
            tally: series.tally(objective.window, now),
            unmeasured: series.unmeasured(),
            burns: objective.pairs.iter().map(burn).collect(),
        }
    }

    /// The good share of what happened, from 0 to 1; nothing where nothing happened.
    pub fn ratio(&self) -> Option<f64> {
        (self.tally.total > 0).then(|| self.tally.good as f64 / self.tally.total as f64)
    }

    /// The share of the budget that is left: 1 where nothing bad happened, less than 0 where more than all is spent.
    pub fn budget_left(&self) -> f64 {
        match self.rate(self.tally) {
            Some(spent) => 1.0 - spent,
            None => 1.0,
        }
    }

    /// How many times faster than allowed the budget goes in a window; nothing where nothing happened.
    pub fn rate(&self, tally: Tally) -> Option<f64> {
        let share = (tally.total > 0).then(|| tally.bad() as f64 / tally.total as f64)?;
        Some(share / self.target.rest().shown())
    }

    /// Whether the budget is spent: the good share is under the target.
    pub const fn is_spent(&self) -> bool {
        self.tally.total >= ENOUGH && Decimal::exceeded(self.tally.bad(), self.tally.total, self.target.rest(), ONE)
    }

    /// The state that they amount to.
    pub fn state(&self) -> State {
        match self.tally.total {
            0 => State::NoTraffic,
            1..ENOUGH => State::TooYoung,
            _ if self.is_spent() => State::Exhausted,
            _ if self.burns.iter().any(|burn| burn.fire != Fire::Out) => State::Burning,
            _ => State::Healthy,
        }
    }
}

/// What can be said of the objective at that place of its service level, and the figures where there are any.
pub fn state(case: &Case<'_>, asked: &Asked<'_>, index: usize) -> (State, Option<Figures>) {
    let (Some(spec), Some(Body::Slo(slo))) = (case.spec, case.body()) else {
        return (State::NotEvaluated("it is no SLO".into()), None);
    };
    let Some(objective) = slo.objectives.get(index) else {
        return (State::NotEvaluated("there is no such objective".into()), None);
    };
    let evaluable = match resolve(case.specs, spec, slo, objective) {
        Ok(evaluable) => evaluable,
        Err(reason) => return (State::NotEvaluated(reason), None),
    };
    match asked.events(&Question::Events(evaluable.events.clone())) {
        Err(none) => (State::NoAnswer(none), None),
        Ok(series) => {
            let figures = Figures::of(&evaluable, series, asked.now);
            (figures.state(), Some(figures))
        }
    }
}
