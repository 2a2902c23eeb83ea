//! From an objective to the questions that answer it, or the reason why nobody can.

use std::sync::Arc;

use super::account::{Method, Slices};
use super::alarms::{Alarms, alarms};
use super::burn::Alarm;
use super::decimal::Decimal;
use super::level::{Budgeting, Objective, Slo, TimeWindow};
use super::measured::{Measured, measured};
use super::metric::Sli;
use crate::kinds::common::Link;
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Calendar, Duration, Kind, Question, Severity, Timestamp, Window};

/// An objective that can be evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluable {
    /// What is measured, and so what to ask.
    pub measured: Measured,
    /// How the budget is counted.
    pub method: Method,
    /// Over how long it is counted.
    pub window: Window,
    /// The share that must be good.
    pub target: Decimal,
    /// What counts as too fast.
    pub alarms: Vec<Alarm>,
    /// Fewer events than this prove nothing.
    pub enough: u64,
    /// How bad it is when there are no data; nothing where nobody wants to hear of that.
    pub no_data: Option<Severity>,
}

/// Why an objective is not evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Its figures are somewhere that Abide does not ask.
    Elsewhere(String),
    /// What is written cannot be computed.
    Cannot(String),
}

impl Refusal {
    /// Why, in words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Elsewhere(why) | Self::Cannot(why) => why,
        }
    }
}

/// How many slices a window may have: what a service level costs to evaluate is bounded, whatever its author writes.
const MOST_SLICES: u64 = 1_000_000;

/// How many burn rates or conditions an objective may be held against.
const MOST_ALARMS: usize = 20;

/// Whether there are few enough slices in so long a time.
fn few_enough(window: Duration, slice: Duration) -> Result<(), Refusal> {
    if window.as_millis() / slice.as_millis().max(1) > MOST_SLICES {
        return cannot(format!("its windows have more than {MOST_SLICES} slices of {slice}"));
    }
    Ok(())
}

/// Says that what is written cannot be computed.
pub(super) fn cannot<T>(why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Cannot(why.into()))
}

impl Evaluable {
    /// How far back has to be known what happened.
    pub fn horizon(&self) -> Duration {
        horizon(&self.window, &self.alarms)
    }

    /// Only what is left of the budget, known for so much longer than it takes to judge it as of now.
    #[must_use]
    pub fn reaching(mut self, back: Duration) -> Self {
        self.measured.reach(back);
        self.alarms.clear();
        self
    }

    /// What to ask.
    pub fn questions(&self) -> Vec<Question> {
        self.measured.questions()
    }
}

/// What an objective of that service level asks.
///
/// # Errors
/// Why it is not evaluated.
pub fn resolve(specs: &Specs, spec: &Arc<Spec>, slo: &Slo, objective: &Objective) -> Result<Evaluable, Refusal> {
    let window = window(slo)?;
    let method = method(slo.budgeting_method, objective, &window)?;
    let Some(target) = target(objective) else { return cannot("it has no target") };
    let Alarms { alarms, enough, no_data } = alarms(specs, spec, slo, (&window, method))?;
    if alarms.len() > MOST_ALARMS {
        return cannot(format!("more than {MOST_ALARMS} burn rates or conditions say what is too fast"));
    }
    if let Some(slices) = method.slices() {
        few_enough(horizon(&window, &alarms), slices.length)?;
    }
    let sli = indicator(specs, slo, objective)?;
    let measured = measured(specs, sli, objective, (&window, method, &alarms))?;
    Ok(Evaluable { measured, method, window, target, alarms, enough, no_data })
}

/// The share that must be good, as it is written.
pub fn target(objective: &Objective) -> Option<Decimal> {
    match (&objective.target, &objective.target_percent) {
        (Some(target), _) => Some(Decimal::of(target.value)),
        (_, Some(percent)) => Some(Decimal::of_percent(percent.value)),
        _ => None,
    }
}

/// How far back events are needed: over the budget's window, and to see how what burns over the longest window began.
pub fn horizon(window: &Window, alarms: &[Alarm]) -> Duration {
    let longest = alarms.iter().map(Alarm::long).max().unwrap_or_default();
    window.longest().max(Duration::from_millis(longest.as_millis().saturating_mul(4)))
}

/// The window over which a service level counts its budget.
///
/// # Errors
/// Where it has none, or one that no calendar knows.
pub fn window(slo: &Slo) -> Result<Window, Refusal> {
    match slo.time_window.as_deref() {
        Some([window]) => window_of(window),
        _ => cannot("it has no timeWindow"),
    }
}

fn window_of(window: &TimeWindow) -> Result<Window, Refusal> {
    if window.rolls() {
        return Ok(Window::Rolling(window.duration.length()));
    }
    let Some(written) = &window.calendar else { return cannot("its window neither rolls nor has a calendar") };
    let Some(start) = super::check::start_of(&written.start_time) else {
        return cannot("the startTime of its calendar is no time");
    };
    let (count, unit) = window.duration.calendar();
    let calendar = Calendar { start, zone: written.time_zone.value.clone(), unit, count };
    let Some(begins) = calendar.begins() else {
        return cannot(format!("its calendar knows no time zone `{}`", written.time_zone.value));
    };
    let window = Window::Calendar(Arc::new(calendar));
    if window.bounds(begins).is_none() {
        return cannot(format!("no calendar reaches as far as a window of {}", window.nominal()));
    }
    Ok(window)
}

fn method(budgeting: Budgeting, objective: &Objective, window: &Window) -> Result<Method, Refusal> {
    if budgeting == Budgeting::Occurrences {
        return Ok(Method::Occurrences);
    }
    let Some(slice) = objective.time_slice_window else { return cannot("it has no timeSliceWindow") };
    let length = slice.0.length();
    if length > window.nominal() {
        return cannot(format!("a slice of {length} does not fit into the window of {}", window.nominal()));
    }
    few_enough(window.longest(), length)?;
    // Slices are cut from where the calendar begins, so that each lies in one period; where none does, from 1970.
    let origin = match window {
        Window::Calendar(calendar) => calendar.begins().unwrap_or_default(),
        Window::Rolling(_) => Timestamp::default(),
    };
    let slices = Slices { length, origin };
    match (budgeting, &objective.time_slice_target) {
        (Budgeting::RatioTimeslices, _) => Ok(Method::RatioTimeslices(slices)),
        (_, Some(target)) => Ok(Method::Timeslices(slices, Decimal::of(target.value))),
        (_, None) => cannot("it has no timeSliceTarget"),
    }
}

/// The indicator that an objective is judged by: its own, or the service level's.
pub(super) fn indicator<'a>(specs: &'a Specs, slo: &'a Slo, objective: &'a Objective) -> Result<&'a Sli, Refusal> {
    if let Some(indicator) = objective.indicator.as_ref().or(slo.indicator.as_ref()) {
        return Ok(&indicator.spec);
    }
    match objective.indicator_ref.as_ref().or(slo.indicator_ref.as_ref()) {
        Some(link) => match &referred(specs, link, Kind::Sli)?.body {
            Body::Sli(sli) => Ok(sli),
            _ => cannot("its indicatorRef leads to no SLI"),
        },
        None => cannot("it has no indicator"),
    }
}

/// The spec that a name leads to.
pub(super) fn referred<'a>(specs: &'a Specs, link: &Link, kind: Kind) -> Result<&'a Arc<Spec>, Refusal> {
    let found = link.id(Some(kind)).and_then(|id| specs.get(&id));
    found.ok_or_else(|| Refusal::Cannot(format!("the {kind} `{}` cannot be read", link.text())))
}
