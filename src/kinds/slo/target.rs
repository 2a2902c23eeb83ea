//! What of a service level is judged: each of its objectives, or all of them together.

use std::sync::Arc;

use super::indicator::{Evaluable, Refusal, resolve};
use super::level::Slo;
use crate::kinds::{Spec, Specs};
use crate::model::{Duration, Question, Subject, Timestamp};

/// Something of a service level that has figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// What it is called in reports.
    pub subject: Subject,
    /// Its name for people, where it has one.
    pub name: Option<String>,
    /// The line that asks for it.
    pub line: u32,
    /// Whether it is judged by itself; else it is only a part of a composite.
    pub judged: bool,
    /// What it is made of, or why it is not evaluated.
    pub whole: Result<Whole, Refusal>,
}

/// What a target is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Whole {
    /// One objective.
    Objective(Box<Evaluable>),
    /// Several, each with its weight.
    Composite(Vec<(f64, Evaluable)>),
}

impl Whole {
    /// The objectives in it; the first tells the window and what counts as too fast.
    pub fn objectives(&self) -> impl Iterator<Item = &Evaluable> {
        let (one, several): (Option<&Evaluable>, &[(f64, Evaluable)]) = match self {
            Self::Objective(objective) => (Some(objective), &[]),
            Self::Composite(parts) => (None, parts),
        };
        one.into_iter().chain(several.iter().map(|(_, objective)| objective))
    }
}

impl Target {
    /// The same, known for so much longer than it takes to judge it as of now.
    #[must_use]
    pub(super) fn reaching(self, back: Duration) -> Self {
        let whole = self.whole.map(|whole| match whole {
            Whole::Objective(objective) => Whole::Objective(Box::new(objective.reaching(back))),
            Whole::Composite(parts) => {
                Whole::Composite(parts.into_iter().map(|(weight, part)| (weight, part.reaching(back))).collect())
            }
        });
        Self { whole, ..self }
    }

    /// Whether all of its windows at a moment lie in what is known now.
    pub(super) fn is_known_at(&self, then: Timestamp, now: Timestamp) -> bool {
        self.whole.iter().flat_map(Whole::objectives).all(|objective| {
            let since = objective.window.bounds(then).map_or(then, |bounds| bounds.after);
            since >= now.minus(objective.measured.back())
        })
    }

    /// What to ask.
    pub fn questions(&self) -> Vec<Question> {
        self.whole.iter().flat_map(Whole::objectives).flat_map(Evaluable::questions).collect()
    }
}

/// Everything of a service level that has figures: its objectives in order, and behind them the composite that they make up
/// where they have weights.
pub fn targets(specs: &Specs, spec: &Arc<Spec>, slo: &Slo) -> Vec<Target> {
    let weighted = slo.objectives.iter().any(|objective| objective.composite_weight.is_some());
    let mut all: Vec<Target> = Vec::with_capacity(slo.objectives.len() + 1);
    for (index, objective) in slo.objectives.iter().enumerate() {
        all.push(Target {
            subject: Subject::objective(index),
            name: objective.display_name.clone(),
            line: objective.span.line,
            judged: !weighted,
            whole: resolve(specs, spec, slo, objective).map(|evaluable| Whole::Objective(Box::new(evaluable))),
        });
    }
    if weighted {
        let weights = slo.objectives.iter().map(|it| it.composite_weight.as_ref().map_or(1.0, |weight| weight.value));
        let parts = weights.zip(&all).map(|(weight, target)| match &target.whole {
            Ok(Whole::Objective(objective)) => Ok((weight, (**objective).clone())),
            Ok(Whole::Composite(_)) => Err(Refusal::Cannot("a composite is no part of another".into())),
            Err(refusal) => Err(refusal.clone()),
        });
        let whole = parts.collect::<Result<Vec<_>, _>>().map(Whole::Composite);
        let line = slo.objectives.first().map_or(spec.place.line, |objective| objective.span.line);
        let name = Some("all objectives together".to_owned());
        all.push(Target { subject: Subject::composite(), name, line, judged: true, whole });
    }
    all
}
