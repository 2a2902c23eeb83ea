//! Everything that is known of an objective: what is wanted, by whom, and how it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cli::paint::Paint;
use crate::cli::plan::nothing_matched;
use crate::cli::setup::Access;
use crate::cli::{CliError, Global, Setup, progress, status};
use crate::diagnostic::counted;
use crate::engine::Pass;
use crate::kinds::slo::decimal::Decimal;
use crate::kinds::slo::{Figures, Known, Slo, State, Target, indicator, known, targets, words};
use crate::kinds::{Asked, Body, Case, Spec};
use crate::model::{Answers, Kind, Policy, Rule, Severity, SpecId, Timestamp};

/// A pass that was only planned, with all that the world answered.
pub(super) struct Seen {
    pub(super) pass: Pass,
    answers: Arc<Answers>,
    policy: Policy,
}

/// An objective, or several that make up one level together.
pub(super) struct Level<'a> {
    pub(super) spec: &'a Arc<Spec>,
    pub(super) slo: &'a Slo,
    pub(super) target: Target,
    pub(super) known: Known,
    pub(super) owner: Option<SpecId>,
    /// Whether its service level has others that are judged.
    pub(super) several: bool,
}

/// Makes a pass as of then, and writes nothing.
///
/// # Errors
/// When specs or database are out of reach, or nothing was judged.
pub(super) fn look(global: &Global, at: Option<Timestamp>) -> Result<Seen, CliError> {
    let setup = Setup::new(global)?;
    let spinner = progress::spinner(global, "asking");
    let pass = setup.with_engine(Access::Read, |handle| async move { status::head(&handle, at).await })?;
    spinner.finish_and_clear();
    nothing_matched(&pass)?;
    if let Some(doubt) = status::view::doubt(&pass) {
        let error = CliError::usage(format!("nothing was judged: {doubt}"));
        return Err(error.hint("`abide holds list` shows what waits for a person"));
    }
    let answers = pass.answers.clone().unwrap_or_default();
    Ok(Seen { pass, answers, policy: setup.config.policy() })
}

impl Seen {
    /// Every service level.
    pub(super) fn specs(&self) -> impl Iterator<Item = (&Arc<Spec>, &Slo)> {
        self.pass.catalog.specs.of_kind(Kind::Slo).filter_map(|spec| match &spec.body {
            Body::Slo(slo) => Some((spec, &**slo)),
            _ => None,
        })
    }

    /// The objectives of a service level, and behind them what they make up together.
    pub(super) fn levels<'a>(&'a self, spec: &'a Arc<Spec>, slo: &'a Slo) -> Vec<Level<'a>> {
        let specs = &self.pass.catalog.specs;
        let watched = BTreeSet::new();
        let rule = Rule::SloObjective;
        let owner = Case { rule, spec: Some(spec), specs, policy: &self.policy, watched: &watched }.owner();
        let asked = Asked { answers: &self.answers, now: self.pass.plan.at };
        let targets = targets(specs, spec, slo);
        let several = targets.iter().filter(|target| target.judged).count() > 1;
        let level = |target: Target| {
            let known = known(&target, &asked);
            Level { spec, slo, target, known, owner: owner.clone(), several }
        };
        targets.into_iter().map(level).collect()
    }

    /// `12 specs at 3f2a1c`.
    pub(super) fn source(&self) -> String {
        format!("{} at {}", counted(self.pass.catalog.len(), "spec"), self.pass.catalog.revision.short())
    }
}

impl Level<'_> {
    /// The name of its service level, and which of several objectives it is.
    pub(super) fn name(&self) -> String {
        let several = self.several || !self.target.judged;
        words::name(self.spec.id.name.to_string(), &self.target, several)
    }

    /// The same with its title in place of the name.
    pub(super) fn title(&self) -> String {
        words::name(self.spec.title(), &self.target, self.several || !self.target.judged)
    }

    pub(super) const fn state(&self) -> &State {
        &self.known.state
    }

    pub(super) const fn figures(&self) -> Option<&Figures> {
        self.known.figures.as_ref()
    }

    /// The place of the objective within its service level; none where it is all of them together.
    pub(super) fn index(&self) -> Option<usize> {
        self.target.subject.as_str().strip_prefix("objective/")?.parse().ok()
    }

    /// The share that must be good, also where there are no figures.
    pub(super) fn wanted(&self) -> Option<Decimal> {
        let written = || indicator::target(self.slo.objectives.get(self.index()?)?);
        self.figures().map(|figures| figures.target).or_else(written)
    }
}

/// A text in the colour of a state.
pub(super) fn colored(paint: Paint, state: &State, text: &str) -> String {
    match state {
        State::Healthy => paint.good(text),
        State::Burning => paint.warn(text),
        State::Exhausted => paint.severity(Severity::Critical, text),
        State::NoData | State::NoAnswer(_) | State::CannotEvaluate(_) => paint.unsure(text),
        State::NoTraffic | State::TooYoung | State::NotEvaluated(_) => paint.dim(text),
    }
}
