//! The figures of an objective: what happened, what is left of the budget, how fast it goes and when it will be gone.
//!
//! | figure | formula | source |
//! |---|---|---|
//! | budget | (1 - target) x what the window holds | SRE workbook, chapter 2; OpenSLO v1, `budgetingMethod` |
//! | spent | bad events; bad slices; the sum of the bad shares of slices | OpenSLO v1, `budgetingMethod` |
//! | left | 1 - spent / budget | SRE workbook, chapter 2 |
//! | burn rate | bad share of a window / (1 - target) | SRE workbook, chapter 5 |
//! | exhaustion | what is left x window / burn rate | SRE workbook, chapter 5 |
//! | the same of events in a calendar window | what is left x time elapsed / (burn rate - 1) | the budget grows with what happens |
//!
//! Slices count whether or not anything happened in them: a window of two weeks has 20,160 minutes.

use super::account::{Account, Method};
use super::burn::{Alarm, Fire, Single, Spending};
use super::decimal::{Decimal, ONE};
use super::ground::{Ground, Share};
use super::indicator::Evaluable;
use super::measured::Measured;
use crate::model::{Bounds, Duration, Sample, SpecId, Subject, Timestamp, Window};

/// What the amounts of a budget are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Events.
    Events,
    /// Slices of time, so long each.
    Slices(Duration),
    /// Shares of a budget that several objectives have together.
    Shares,
}

/// The figures of an objective as of a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The share that must be good, from 0 to less than 1.
    pub target: Decimal,
    /// Over which window the budget is counted.
    pub window: Window,
    /// Where that window lies.
    pub bounds: Bounds,
    /// What amounts are counted in.
    pub unit: Unit,
    /// What was good in the window so far, in units.
    pub good: f64,
    /// All there was in the window so far, in units.
    pub total: f64,
    /// How much may be bad in the whole window, in units.
    pub budget: f64,
    /// How much was, in units.
    pub spent: f64,
    /// Whether that is more than the budget: compared exactly, where the amounts are exact.
    pub is_spent: bool,
    /// How many events it rests on; nothing where the source does not tell.
    pub events: Option<u64>,
    /// How many it takes to prove anything.
    pub enough: u64,
    /// What was selected but could not be measured.
    pub unmeasured: u64,
    /// How many events are dated later than now: they count when their time comes.
    pub ahead: u64,
    /// How fast the budget goes.
    pub burns: Vec<Burn>,
}

/// How fast a budget goes over the windows of one alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct Burn {
    /// The windows, and what is too fast.
    pub alarm: Alarm,
    /// The burn rate of the long window; nothing where nothing happened in it.
    pub long: Option<f64>,
    /// The burn rate of the short window.
    pub short: Option<f64>,
    /// How many events the long window holds; nothing where the source does not tell.
    pub events: Option<u64>,
    /// How things stand with it.
    pub fire: Fire,
}

/// When a budget will be gone if it goes on so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhaustion {
    /// It is gone.
    Spent,
    /// At that time.
    At(Timestamp),
    /// Not within the window: it recovers as fast as it goes, or begins anew before.
    Never,
    /// Nothing happens, so nothing can be told.
    Unknown,
}

impl Figures {
    /// The figures of an objective, as of now; nothing before its calendar begins.
    pub fn of(objective: &Evaluable, ground: &Ground, now: Timestamp) -> Option<Self> {
        let bounds = objective.window.bounds(now)?;
        Some(match ground {
            Ground::Account { account, unmeasured } => of_account(objective, account, *unmeasured, bounds),
            Ground::Totals(totals) => of_totals(objective, totals, bounds),
        })
    }

    /// The good share of what happened, from 0 to 1; nothing where nothing happened.
    pub fn ratio(&self) -> Option<f64> {
        (self.total > 0.0).then(|| self.good / self.total)
    }

    /// The share of the budget that is left: 1 where nothing bad happened, less than 0 where more than all is spent.
    pub fn budget_left(&self) -> f64 {
        if self.budget > 0.0 { 1.0 - self.spent / self.budget } else { 1.0 }
    }

    /// The burn rate now: over the shortest of the long windows that holds enough, else over the whole window.
    pub fn burn_now(&self) -> Option<f64> {
        self.pace().map(|(_, rate)| rate)
    }

    /// The burn rate now, and the window that tells it; none where that is the budget's own.
    pub fn pace(&self) -> Option<(Option<Duration>, f64)> {
        let holds_enough = |burn: &&Burn| burn.events.is_none_or(|events| events >= self.enough);
        let told = self.burns.iter().filter(holds_enough).filter_map(|burn| Some((burn.alarm.long(), burn.long?)));
        let shortest = told.min_by_key(|(long, _)| *long).map(|(long, rate)| (Some(long), rate));
        shortest.or_else(|| Some((None, (1.0 - self.ratio()?) / self.target.rest().shown())))
    }

    /// When the budget will be gone if it goes on as it does now.
    pub fn exhaustion(&self) -> Exhaustion {
        if self.is_spent {
            return Exhaustion::Spent;
        }
        let Some(rate) = self.burn_now().filter(|_| !self.is_too_young()) else { return Exhaustion::Unknown };
        let left = self.budget_left().max(0.0);
        let Some(millis) = self.lasts(left, rate) else { return Exhaustion::Never };
        let at = self.bounds.now.plus(Duration::from_millis(millis as u64));
        let ends_before = matches!(self.window, Window::Calendar(_)) && at > self.bounds.until;
        if ends_before { Exhaustion::Never } else { Exhaustion::At(at) }
    }

    /// How long what is left lasts at that burn rate, in milliseconds; nothing where it never runs out.
    fn lasts(&self, left: f64, rate: f64) -> Option<f64> {
        let length = self.bounds.length().as_millis() as f64;
        match (&self.window, self.unit) {
            // A window that rolls forgets as fast as it goes on: at 1 and below it never runs out.
            (Window::Rolling(_), _) => (rate > 1.0).then(|| left * length / rate),
            // Of slices a period's whole budget is there from its beginning.
            (Window::Calendar(_), Unit::Slices(_)) => (rate > 0.0).then(|| left * length / rate),
            // Of events it grows with what happens: what is left lasts while it goes faster than it comes.
            (Window::Calendar(_), Unit::Events | Unit::Shares) => {
                let elapsed = self.bounds.now.since(self.bounds.after).as_millis() as f64;
                (rate > 1.0).then(|| left * elapsed / (rate - 1.0))
            }
        }
    }

    /// The same to be kept.
    pub fn sample(&self, spec: &SpecId, subject: &Subject, state: &str) -> Sample {
        Sample {
            spec: spec.clone(),
            subject: subject.clone(),
            at: self.bounds.now,
            state: state.into(),
            target: self.target.shown(),
            good: self.good,
            total: self.total,
            budget: self.budget,
            spent: self.spent,
            burn: self.burn_now(),
        }
    }

    /// Whether there is too little to judge.
    pub fn is_too_young(&self) -> bool {
        self.events.is_some_and(|events| events < self.enough)
    }

    /// Whether nothing happened at all.
    pub fn is_idle(&self) -> bool {
        self.events == Some(0) || self.total <= 0.0
    }
}

fn of_account(objective: &Evaluable, account: &Account, unmeasured: u64, bounds: Bounds) -> Figures {
    let (now, enough, rest) = (bounds.now, objective.enough, objective.target.rest());
    let tally = account.between(bounds.after, now);
    // Of slices it is known from the start how many a window will have; of events only how many it has had.
    let whole = account.slices().map_or(tally.total, |slices| {
        u128::from(slices.count(bounds.after, bounds.until)).saturating_mul(account.unit())
    });
    let units = |parts: u128| parts as f64 / account.unit() as f64;
    let spending = Single { account, budget: rest };
    let burns = objective.alarms.iter().map(|alarm| {
        let rate = |window| {
            let tally = account.last(window, now);
            (tally.total > 0 && tally.events > 0).then(|| tally.bad as f64 / tally.total as f64 / rest.shown())
        };
        Burn {
            alarm: alarm.clone(),
            long: rate(alarm.long()),
            short: rate(alarm.short()),
            events: Some(spending.events(alarm.long(), now)),
            fire: alarm.fire(&spending, enough, objective.horizon(), now),
        }
    });
    Figures {
        target: objective.target,
        window: objective.window.clone(),
        bounds,
        unit: objective.method.unit(),
        good: units(tally.total.saturating_sub(tally.bad)),
        total: units(tally.total),
        budget: units(whole) * rest.shown(),
        spent: units(tally.bad),
        is_spent: tally.events >= enough && Decimal::exceeded(tally.bad, whole, rest, ONE),
        events: Some(tally.events),
        enough,
        unmeasured,
        // A span that goes on is no event of the future.
        ahead: if matches!(objective.measured, Measured::Percentile(_)) { 0 } else { account.ahead(now) },
        burns: burns.collect(),
    }
}

/// Where only the totals of windows are known: what burns now, and not what eases.
fn of_totals(objective: &Evaluable, totals: &std::collections::BTreeMap<Window, Share>, bounds: Bounds) -> Figures {
    let rest = objective.target.rest().shown();
    let share = |window: &Window| totals.get(window).copied().unwrap_or_default();
    let events = |share: Share| share.events;
    let whole = share(&objective.window);
    let burn = |alarm: &Alarm| {
        let rate = |window: Duration| {
            let Share { bad, total, .. } = share(&Window::Rolling(window));
            (total > 0.0).then(|| bad / total / rest)
        };
        let (long, short) = (rate(alarm.long()), rate(alarm.short()));
        let held = events(share(&Window::Rolling(alarm.long())));
        let burns = alarm.is_over(long, short) && held.is_none_or(|events| events >= objective.enough);
        let fire = if burns { Fire::Burns } else { Fire::Out };
        Burn { alarm: alarm.clone(), long, short, events: held, fire }
    };
    let (budget, held) = (whole.total * rest, events(whole));
    Figures {
        target: objective.target,
        window: objective.window.clone(),
        bounds,
        unit: Unit::Events,
        good: whole.total - whole.bad,
        total: whole.total,
        budget,
        spent: whole.bad,
        is_spent: held.is_none_or(|events| events >= objective.enough) && whole.bad > budget * (1.0 + 1e-12),
        events: held,
        enough: objective.enough,
        unmeasured: 0,
        ahead: 0,
        burns: objective.alarms.iter().map(burn).collect(),
    }
}

impl Method {
    /// What its amounts are counted in.
    pub const fn unit(self) -> Unit {
        match self.slices() {
            None => Unit::Events,
            Some(slices) => Unit::Slices(slices.length),
        }
    }
}
