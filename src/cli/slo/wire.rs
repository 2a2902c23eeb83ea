//! Service levels for programs.

use serde::Serialize;

use super::level::Level;
use crate::kinds::slo::burn::{Alarm, Fire};
use crate::kinds::slo::figures::Unit;
use crate::kinds::slo::{Burn, Exhaustion, Figures, State, words};
use crate::model::{Comparison, Duration};

/// The version of the JSON.
pub(super) const VERSION: u32 = 1;

/// An objective. What is not known is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LevelWire<'a> {
    spec: String,
    /// `objective/0`, or `objective/composite`.
    subject: &'a str,
    index: Option<usize>,
    name: Option<&'a str>,
    title: Option<&'a str>,
    service: &'a str,
    owner: Option<String>,
    file: &'a str,
    line: u32,
    judged: bool,
    state: &'a str,
    reason: Option<&'a str>,
    since: Option<String>,
    target: Option<f64>,
    #[serde(flatten)]
    figures: FiguresWire<'a>,
}

/// The figures; all null where there are none.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct FiguresWire<'a> {
    window: Option<String>,
    after: Option<String>,
    until: Option<String>,
    unit: Option<&'a str>,
    slice_seconds: Option<f64>,
    good: Option<f64>,
    total: Option<f64>,
    good_share: Option<f64>,
    budget: Option<f64>,
    spent: Option<f64>,
    left: Option<f64>,
    budget_left: Option<f64>,
    is_spent: Option<bool>,
    burn_rate: Option<f64>,
    burn_rate_over_seconds: Option<f64>,
    exhaustion: Option<&'a str>,
    exhausted_at: Option<String>,
    events: Option<u64>,
    min_events: Option<u64>,
    unmeasured: Option<u64>,
    ahead: Option<u64>,
    alarms: Option<Vec<AlarmWire<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AlarmWire<'a> {
    kind: &'a str,
    policy: Option<&'a str>,
    op: &'a str,
    factor: f64,
    severity: &'a str,
    long_seconds: f64,
    short_seconds: Option<f64>,
    after_seconds: f64,
    long_rate: Option<f64>,
    short_rate: Option<f64>,
    events: Option<u64>,
    state: &'a str,
    /// When it was too fast last, where it eases.
    last: Option<String>,
}

/// The objective for programs.
pub(super) fn level<'a>(level: &'a Level<'_>) -> LevelWire<'a> {
    let since = match level.state() {
        State::NoAnswer(none) => Some(none.since.to_string()),
        _ => None,
    };
    LevelWire {
        spec: level.spec.id.to_string(),
        subject: level.target.subject.as_str(),
        index: level.index(),
        name: level.target.name.as_deref(),
        title: level.spec.head.title.as_deref(),
        service: level.slo.service.text(),
        owner: level.owner.as_ref().map(ToString::to_string),
        file: &level.spec.place.file,
        line: level.target.line,
        judged: level.target.judged,
        state: level.state().word(),
        reason: level.state().reason(),
        since,
        target: level.wanted().map(|target| target.shown()),
        figures: level.figures().map(figures).unwrap_or_default(),
    }
}

/// What amounts are counted in, and how long a slice is.
pub(super) fn unit(unit: Unit) -> (&'static str, Option<f64>) {
    match unit {
        Unit::Events => ("events", None),
        Unit::Slices(length) => ("slices", Some(seconds(length))),
        Unit::Shares => ("shares", None),
    }
}

fn seconds(length: Duration) -> f64 {
    length.as_millis() as f64 / 1000.0
}

fn figures(figures: &Figures) -> FiguresWire<'_> {
    let (unit, slice_seconds) = unit(figures.unit);
    let (exhaustion, exhausted_at) = match figures.exhaustion() {
        Exhaustion::Spent => ("spent", None),
        Exhaustion::At(at) => ("at", Some(at.to_string())),
        Exhaustion::Never => ("never", None),
        Exhaustion::Unknown => ("unknown", None),
    };
    FiguresWire {
        window: Some(figures.window.to_string()),
        after: Some(figures.bounds.after.to_string()),
        until: Some(figures.bounds.until.to_string()),
        unit: Some(unit),
        slice_seconds,
        good: Some(figures.good),
        total: Some(figures.total),
        good_share: figures.ratio(),
        budget: Some(figures.budget),
        spent: Some(figures.spent),
        left: Some(figures.budget - figures.spent),
        budget_left: Some(figures.budget_left()),
        is_spent: Some(figures.is_spent),
        burn_rate: figures.burn_now(),
        burn_rate_over_seconds: figures.pace().and_then(|(window, _)| window).map(seconds),
        exhaustion: Some(exhaustion),
        exhausted_at,
        events: figures.events,
        min_events: Some(figures.enough),
        unmeasured: Some(figures.unmeasured),
        ahead: Some(figures.ahead),
        alarms: Some(figures.burns.iter().map(|burn| alarm(figures, burn)).collect()),
    }
}

fn alarm<'a>(figures: &Figures, burn: &'a Burn) -> AlarmWire<'a> {
    let (kind, policy, op, short_seconds) = match &burn.alarm {
        Alarm::Pair(pair) => ("pair", None, Comparison::Gt, Some(seconds(pair.short))),
        Alarm::Condition(condition) => ("condition", Some(&*condition.policy), condition.op, None),
    };
    let op = match op {
        Comparison::Lte => "lte",
        Comparison::Gte => "gte",
        Comparison::Lt => "lt",
        Comparison::Gt => "gt",
    };
    AlarmWire {
        kind,
        policy,
        op,
        factor: burn.alarm.factor().shown(),
        severity: burn.alarm.severity().word(),
        long_seconds: seconds(burn.alarm.long()),
        short_seconds,
        after_seconds: seconds(burn.alarm.after()),
        long_rate: burn.long,
        short_rate: short_seconds.and(burn.short),
        events: burn.events,
        state: words::fire(figures, burn),
        last: match burn.fire {
            Fire::Eases(last) => Some(last.to_string()),
            Fire::Burns | Fire::Out => None,
        },
    }
}
