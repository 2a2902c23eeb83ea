//! How the budget of a window went: how much of it was left at which moment, from its beginning until now.

use super::account::{Account, Method};
use super::burn::{Alarm, Fire, Single};
use super::figures::{Figures, Unit};
use super::ground::Ground;
use super::indicator::Evaluable;
use super::state::Known;
use super::target::{Target, Whole};
use crate::model::{Bounds, Duration, Timestamp, Window};

/// Within each step, so many moments at most are looked at for what burnt.
const LOOKS: u64 = 32;

/// How the budget of a window went.
#[derive(Debug, Clone, PartialEq)]
pub struct Burndown {
    /// Where the window lies.
    pub bounds: Bounds,
    /// What amounts are counted in.
    pub unit: Unit,
    /// How much may be bad in the whole window, in units.
    pub budget: f64,
    /// The beginning of the window, then the end of each step; the last is now.
    pub points: Vec<Point>,
    /// When a budget that goes evenly is gone. Of slices it is known how many the whole window has, so that is its end; of
    /// events only how many there were, so that is now.
    pub even: Timestamp,
    /// What will be left at the end of the window if it goes on as it does now; nothing where that end is now, or where
    /// nobody can tell.
    pub ahead: Option<f64>,
}

/// How things stood at a moment, counted from the beginning of the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// What was good, in units.
    pub good: f64,
    /// All there was, in units.
    pub total: f64,
    /// What was bad, in units.
    pub spent: f64,
    /// The share of the budget that was left: less than 0 where more than all was spent.
    pub left: f64,
    /// Whether an alarm burnt within the step that ends here, as far back as is known what happened.
    pub burns: bool,
}

/// How the budget of a target went, the window cut into so many equal steps.
///
/// # Errors
/// Why that cannot be told, in words.
pub fn burndown(target: &Target, known: &Known, steps: u32) -> Result<Burndown, String> {
    let Some(figures) = &known.figures else { return Err(format!("there are no figures: {}", known.state.word())) };
    match (&target.whole, known.ground()) {
        (Ok(Whole::Composite(_)), _) => {
            Err("several objectives make it up together, and have no budget in common that is charged over time".into())
        }
        (_, Some(Ground::Totals(_))) => {
            Err("its source gives one figure for each window, and does not tell when what was bad happened".into())
        }
        (Ok(Whole::Objective(_)), Some(Ground::Account { .. })) if figures.is_idle() => {
            Err("nothing happened in its window, so no budget went".into())
        }
        (Ok(Whole::Objective(objective)), Some(Ground::Account { account, .. })) => {
            Ok(of_account(objective, account, figures, steps.max(1)))
        }
        _ => Err("it is not known what happened".into()),
    }
}

pub(super) fn of_account(objective: &Evaluable, account: &Account, figures: &Figures, steps: u32) -> Burndown {
    let bounds = figures.bounds;
    let mut points: Vec<Point> = Vec::with_capacity(steps as usize + 1);
    for at in moments(bounds, steps) {
        let tally = account.between(bounds.after, at);
        let units = |parts: u128| parts as f64 / account.unit() as f64;
        let burns = points.last().is_some_and(|before| burnt(objective, account, (before.at, at), bounds.now));
        points.push(Point { at, good: 0.0, total: units(tally.total), spent: units(tally.bad), left: 1.0, burns });
    }
    settle(&mut points, figures.budget);
    Burndown {
        bounds,
        unit: figures.unit,
        budget: figures.budget,
        points,
        even: if objective.method == Method::Occurrences { bounds.now } else { bounds.until },
        ahead: ahead(figures),
    }
}

/// The beginning, the ends of all steps that have passed, and now.
fn moments(bounds: Bounds, steps: u32) -> Vec<Timestamp> {
    let end = |step| bounds.after.plus(bounds.length().scaled(u64::from(step), u64::from(steps)));
    let mut all: Vec<Timestamp> = (0..=steps).map(end).take_while(|at| *at < bounds.now).collect();
    all.push(bounds.now);
    all
}

/// Takes back what only seemed bad, and says what was left. Where two metrics tell of what there was and of what was good,
/// each at moments of its own, an event is bad until it turns out to be good: what is not spent later never was.
fn settle(points: &mut [Point], budget: f64) {
    let mut least = f64::INFINITY;
    for point in points.iter_mut().rev() {
        least = least.min(point.spent);
        point.spent = least;
        point.good = (point.total - least).max(0.0);
        point.left = if budget > 0.0 { 1.0 - least / budget } else { 1.0 };
    }
}

/// What will be left at the end of a window that ends later than now.
fn ahead(figures: &Figures) -> Option<f64> {
    let bounds = figures.bounds;
    if !matches!(figures.window, Window::Calendar(_)) || bounds.until <= bounds.now {
        return None;
    }
    let (left, rate) = (figures.budget_left(), figures.burn_now()?);
    let rest = bounds.now_until(bounds.until).as_millis() as f64;
    Some(match figures.unit {
        Unit::Slices(_) => left - rate * rest / bounds.length().as_millis().max(1) as f64,
        // Of events, the budget grows with what happens.
        Unit::Events | Unit::Shares => {
            let more = rest / bounds.now.since(bounds.after).as_millis().max(1) as f64;
            (left + more * (1.0 - rate)) / (1.0 + more)
        }
    })
}

/// Whether an alarm burnt within `(after, until]`, looked at when something bad was charged and at the end. An alarm whose
/// window reaches further back than is known what happened is left out.
fn burnt(objective: &Evaluable, account: &Account, (after, until): (Timestamp, Timestamp), now: Timestamp) -> bool {
    let known = now.minus(objective.horizon());
    let spending = Single { account, budget: objective.target.rest() };
    let burns = |alarm: &Alarm, at: Timestamp| {
        at.minus(alarm.long()) >= known
            && alarm.holds(&spending, objective.enough, at)
            && (alarm.after() == Duration::default()
                || alarm.fire(&spending, objective.enough, at.since(known), at) == Fire::Burns)
    };
    looks(account, after, until).into_iter().any(|at| objective.alarms.iter().any(|alarm| burns(alarm, at)))
}

fn looks(account: &Account, after: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let apart = until.since(after).scaled(1, LOOKS);
    let mut looks = vec![until];
    for at in account.bad_back(until).take_while(|at| *at > after) {
        if looks.last().is_none_or(|last| last.since(at) > apart) {
            looks.push(at);
        }
    }
    looks
}
