//! Several objectives that make up one level together, each with its weight.
//!
//! The share of the whole is the weighted mean of the shares of its objectives, its target the weighted mean of their targets:
//! with weights w, bad shares b and budgets 1 - t, the burn rate of a window is the sum of w b over the sum of w (1 - t). An
//! objective in whose indicator nothing happens within a window is left out of that window's means. OpenSLO v1 names the
//! weights and leaves the arithmetic to whoever reads them.

use std::cmp::Ordering;

use super::account::Account;
use super::burn::{Alarm, Single, Spending};
use super::decimal::Decimal;
use super::figures::{Burn, Figures, Unit};
use super::ground::Ground;
use super::indicator::Evaluable;
use crate::model::{Duration, Timestamp};

/// An objective of a composite with what is known of it.
pub struct Part<'a> {
    /// How much it weighs against the others; more than 0.
    pub weight: f64,
    /// The objective.
    pub objective: &'a Evaluable,
    /// What there is to judge it by.
    pub ground: &'a Ground,
}

/// What several objectives spend together.
struct Together<'a>(Vec<(f64, Single<'a>)>);

impl Together<'_> {
    /// The burn rate of the last so long; nothing where nothing happened in it.
    fn rate(&self, window: Duration, now: Timestamp) -> Option<f64> {
        let (mut lost, mut budget) = (0.0, 0.0);
        for (weight, single) in &self.0 {
            let tally = single.account.last(window, now);
            if tally.total > 0 && tally.events > 0 {
                lost += weight * tally.bad as f64 / tally.total as f64;
                budget += weight * single.budget.shown();
            }
        }
        (budget > 0.0).then(|| lost / budget)
    }
}

impl Spending for Together<'_> {
    fn compare(&self, window: Duration, now: Timestamp, factor: Decimal) -> Option<Ordering> {
        let (rate, factor) = (self.rate(window, now)?, factor.shown());
        // Means of shares are no whole numbers: what differs by less than rounding does is equal.
        if (rate - factor).abs() <= factor * 1e-12 { Some(Ordering::Equal) } else { rate.partial_cmp(&factor) }
    }

    fn events(&self, window: Duration, now: Timestamp) -> u64 {
        self.0.iter().map(|(_, single)| single.events(window, now)).sum()
    }

    fn bad_back(&self, until: Timestamp) -> Box<dyn Iterator<Item = Timestamp> + '_> {
        let mut all: Vec<Timestamp> = self.0.iter().flat_map(|(_, single)| single.account.bad_back(until)).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        Box::new(all.into_iter())
    }

    fn changes(&self, windows: &[Duration], from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
        let mut all: Vec<Timestamp> =
            self.0.iter().flat_map(|(_, single)| single.changes(windows, from, until)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The figures of all parts together, as of now; nothing before their calendar begins.
///
/// # Errors
/// Where of a part only totals are known.
pub fn together(parts: &[Part<'_>], alarms: &[Alarm], now: Timestamp) -> Result<Option<Figures>, String> {
    let Some(first) = parts.first() else { return Err("it has no objectives".into()) };
    let Some(bounds) = first.objective.window.bounds(now) else { return Ok(None) };
    let mut singles = Vec::new();
    let mut unmeasured = 0;
    for part in parts {
        let Ground::Account { account, unmeasured: more } = part.ground else {
            return Err("an objective of a composite needs samples, not one figure for each window".into());
        };
        unmeasured += more;
        singles.push((part.weight, Single { account, budget: part.objective.target.rest() }));
    }
    let all = Together(singles);
    let (mut weight, mut bad, mut budget) = (0.0, 0.0, 0.0);
    for ((w, single), part) in all.0.iter().zip(parts) {
        if let Some(share) = share_of_whole(part.objective, single.account, now) {
            weight += w;
            bad += w * share;
            budget += w * single.budget.shown();
        }
    }
    if weight > 0.0 {
        bad /= weight;
        budget /= weight;
    }
    let events: u64 = all.0.iter().map(|(_, single)| single.account.between(bounds.after, now).events).sum();
    let burns = alarms.iter().map(|alarm| Burn {
        alarm: alarm.clone(),
        long: all.rate(alarm.long(), now),
        short: all.rate(alarm.short(), now),
        events: Some(all.events(alarm.long(), now)),
        fire: alarm.fire(&all, first.objective.enough, first.objective.horizon(), now),
    });
    Ok(Some(Figures {
        target: Decimal::of(1.0 - budget),
        window: first.objective.window.clone(),
        bounds,
        unit: Unit::Shares,
        good: if weight > 0.0 { 1.0 - bad } else { 0.0 },
        total: if weight > 0.0 { 1.0 } else { 0.0 },
        budget,
        spent: bad,
        is_spent: events >= first.objective.enough && bad > budget * (1.0 + 1e-12),
        events: Some(events),
        enough: first.objective.enough,
        unmeasured,
        ahead: all.0.iter().map(|(_, single)| single.account.ahead(now)).sum(),
        burns: burns.collect(),
    }))
}

/// The bad share of an objective's whole window: of all its slices, where there are any. Nothing where nothing happened.
fn share_of_whole(objective: &Evaluable, account: &Account, now: Timestamp) -> Option<f64> {
    let bounds = objective.window.bounds(now)?;
    let tally = account.between(bounds.after, now);
    let whole = account.slices().map_or(tally.total, |slices| {
        u128::from(slices.count(bounds.after, bounds.until)).saturating_mul(account.unit())
    });
    (whole > 0 && tally.events > 0).then(|| tally.bad as f64 / whole as f64)
}
