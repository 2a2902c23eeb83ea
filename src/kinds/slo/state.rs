//! What can be said of an objective.

use std::sync::Arc;

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

    /// Whether it cannot be told how things stand, so that nothing is opened and nothing closed.
    pub const fn is_untold(&self) -> bool {
        matches!(self, Self::NoData | Self::NoAnswer(_) | Self::NotEvaluated(_) | Self::CannotEvaluate(_))
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
    /// What happened, for each of its objectives.
    pub grounds: Arc<[Ground]>,
}

impl Known {
    /// What happened, where the objective stands for itself.
    pub fn ground(&self) -> Option<&Ground> {
        match &self.grounds[..] {
            [only] => Some(only),
            _ => None,
        }
    }
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

/// A target with what there is to judge it by, at any moment.
pub struct Grounded<'a> {
    objectives: Vec<(f64, &'a Evaluable)>,
    is_composite: bool,
    grounds: Result<Arc<[Ground]>, State>,
}

impl<'a> Grounded<'a> {
    /// The target with what the answers give.
    pub fn new(target: &'a Target, asked: &Asked<'_>) -> Self {
        let whole = match &target.whole {
            Ok(whole) => whole,
            Err(refusal) => {
                return Self { objectives: Vec::new(), is_composite: false, grounds: Err(refusal.clone().into()) };
            }
        };
        let grounds = whole.objectives().map(|it| ground(&it.measured, it.method, asked));
        let grounds = grounds.collect::<Result<Arc<[Ground]>, Silence>>().map_err(State::from);
        let (objectives, is_composite) = match whole {
            Whole::Objective(objective) => (vec![(1.0, &**objective)], false),
            Whole::Composite(parts) => (parts.iter().map(|(weight, part)| (*weight, part)).collect(), true),
        };
        Self { objectives, is_composite, grounds }
    }

    /// What is known of it as of a moment.
    pub fn at(&self, now: Timestamp) -> Known {
        let grounds = match &self.grounds {
            Ok(grounds) => grounds,
            Err(state) => return Known { state: state.clone(), figures: None, grounds: Arc::default() },
        };
        let figures = if self.is_composite {
            let parts: Vec<Part<'_>> = self
                .objectives
                .iter()
                .zip(grounds.iter())
                .map(|((weight, objective), ground)| Part { weight: *weight, objective, ground })
                .collect();
            let alarms = parts.first().map_or(&[][..], |part| &part.objective.alarms);
            match together(&parts, alarms, now) {
                Ok(figures) => figures,
                Err(why) => return Known { state: State::CannotEvaluate(why), figures: None, grounds: Arc::default() },
            }
        } else {
            self.objectives.first().zip(grounds.first()).and_then(|((_, it), ground)| Figures::of(it, ground, now))
        };
        let state = figures.as_ref().map_or(State::TooYoung, Figures::state);
        Known { state, figures, grounds: grounds.clone() }
    }

    /// What there is to judge its objectives by, where that is known.
    pub fn grounds(&self) -> &[Ground] {
        self.grounds.as_ref().map_or(&[], |grounds| grounds)
    }
}

/// What is known of a target, by the answers and as of their moment.
pub fn known(target: &Target, asked: &Asked<'_>) -> Known {
    Grounded::new(target, asked).at(asked.now)
}
