//! What can be said of an objective.

use super::burn::Fire;
use super::composite::{Part, together};
use super::figures::Figures;
use super::ground::{Ground, Silence, ground};
use super::indicator::{Evaluable, Refusal};
use super::target::{Target, Whole};
use crate::kinds::Asked;
use crate::model::{NoAnswer, Timestamp};

/// What can be said of an objective. Each is shown as itself: only the first is healthy.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It holds.
    Healthy,
    /// Something burns too fast, or has not eased for long enough.
    Burning,
    /// The budget is spent.
    Exhausted,
    /// The source tells, and nothing happened in its window.
    NoTraffic,
    /// The source answers, and has no data at all.
    NoData,
    /// Too little happened in its window to judge it, or its calendar has not begun.
    TooYoung,
    /// Its source does not answer.
    NoAnswer(NoAnswer),
    /// Its figures are where Abide does not ask, for that reason.
    NotEvaluated(String),
    /// What is written or what the source says cannot be computed, for that reason.
    CannotEvaluate(String),
}

impl State {
    /// How reports write all of them, the worst first.
    pub const WORDS: [&str; 9] = [
        "exhausted",
        "burning",
        "no data",
        "cannot be evaluated",
        "no answer",
        "not evaluated",
        "too young",
        "no traffic",
        "healthy",
    ];

    /// Its place among all, 0 being the worst.
    pub fn rank(&self) -> usize {
        Self::WORDS.iter().position(|word| *word == self.word()).unwrap_or_default()
    }

    /// As reports write it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Burning => "burning",
            Self::Exhausted => "exhausted",
            Self::NoTraffic => "no traffic",
            Self::NoData => "no data",
            Self::TooYoung => "too young",
            Self::NoAnswer(_) => "no answer",
            Self::NotEvaluated(_) => "not evaluated",
            Self::CannotEvaluate(_) => "cannot be evaluated",
        }
    }

    /// Why, where it cannot be told how things stand.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::NoAnswer(none) => Some(&none.reason),
            Self::NotEvaluated(why) | Self::CannotEvaluate(why) => Some(why),
            _ => None,
        }
    }
}

/// What is known of an objective: its state, and where there are any its figures and what they were made of.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its state.
    pub state: State,
    /// The figures behind it.
    pub figures: Option<Figures>,
    /// What happened, where the objective stands for itself.
    pub ground: Option<Ground>,
}

impl Figures {
    /// The state that they amount to.
    pub fn state(&self) -> State {
        if self.is_idle() {
            State::NoTraffic
        } else if self.is_too_young() {
            State::TooYoung
        } else if self.is_spent {
            State::Exhausted
        } else if self.burns.iter().any(|burn| burn.fire != Fire::Out) {
            State::Burning
        } else {
            State::Healthy
        }
    }
}

impl Known {
    const fn only(state: State) -> Self {
        Self { state, figures: None, ground: None }
    }

    fn of(figures: Option<Figures>, ground: Option<Ground>) -> Self {
        match figures {
            Some(figures) => Self { state: figures.state(), figures: Some(figures), ground },
            None => Self { ground, ..Self::only(State::TooYoung) },
        }
    }
}

impl From<Refusal> for State {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Elsewhere(why) => Self::NotEvaluated(why),
            Refusal::Cannot(why) => Self::CannotEvaluate(why),
        }
    }
}

impl From<Silence> for State {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::NoAnswer(none) => Self::NoAnswer(none),
            Silence::NoData => Self::NoData,
            Silence::Cannot(why) => Self::CannotEvaluate(why),
        }
    }
}

/// What is known of a target, by the answers and as of their moment.
pub fn known(target: &Target, asked: &Asked<'_>) -> Known {
    match &target.whole {
        Err(refusal) => Known::only(refusal.clone().into()),
        Ok(Whole::Objective(objective)) => match ground(&objective.measured, objective.method, asked) {
            Err(silence) => Known::only(silence.into()),
            Ok(ground) => Known::of(Figures::of(objective, &ground, asked.now), Some(ground)),
        },
        Ok(Whole::Composite(parts)) => of_composite(parts, asked, asked.now),
    }
}

fn of_composite(parts: &[(f64, Evaluable)], asked: &Asked<'_>, now: Timestamp) -> Known {
    let grounds: Result<Vec<Ground>, Silence> =
        parts.iter().map(|(_, objective)| ground(&objective.measured, objective.method, asked)).collect();
    let grounds = match grounds {
        Ok(grounds) => grounds,
        Err(silence) => return Known::only(silence.into()),
    };
    let parts: Vec<Part<'_>> = parts
        .iter()
        .zip(&grounds)
        .map(|((weight, objective), ground)| Part { weight: *weight, objective, ground })
        .collect();
    let alarms = parts.first().map_or(&[][..], |part| &part.objective.alarms);
    match together(&parts, alarms, now) {
        Ok(figures) => Known::of(figures, None),
        Err(why) => Known::only(State::CannotEvaluate(why)),
    }
}
