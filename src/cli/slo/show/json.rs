//! A service level for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::asked;
use crate::cli::slo::chart::Chart;
use crate::cli::slo::level::{Level, Seen};
use crate::cli::slo::wire::{self, LevelWire, VERSION};
use crate::kinds::slo::burndown::Point;

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    revision: &'a str,
    at: String,
    spec: String,
    title: Option<&'a str>,
    description: Option<&'a str>,
    objectives: Vec<ObjectiveWire<'a>>,
    /// The objectives that a composite is made of; they are not judged by themselves.
    parts: Vec<LevelWire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectiveWire<'a> {
    #[serde(flatten)]
    level: LevelWire<'a>,
    questions: Vec<String>,
    burndown: Option<CurveWire>,
    /// Why there is none.
    no_burndown: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CurveWire {
    unit: &'static str,
    slice_seconds: Option<f64>,
    budget: f64,
    even_until: String,
    left_at_end: Option<f64>,
    points: Vec<PointWire>,
}

#[derive(Serialize)]
struct PointWire {
    at: String,
    good: f64,
    total: f64,
    spent: f64,
    left: f64,
    burns: bool,
}

/// Writes everything that is known of these objectives, with every point of their curves.
pub(super) fn write(seen: &Seen, levels: &[Level<'_>], chosen: &[&Level<'_>], out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = chosen.first() else { return Ok(()) };
    let wire = Wire {
        version: VERSION,
        revision: seen.pass.catalog.revision.as_str(),
        at: seen.pass.plan.at.to_string(),
        spec: first.spec.id.to_string(),
        title: first.spec.head.title.as_deref(),
        description: first.slo.description.as_deref(),
        objectives: chosen.iter().map(|level| objective(level)).collect(),
        parts: levels.iter().filter(|level| !level.target.judged).map(wire::level).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn objective<'a>(level: &'a Level<'_>) -> ObjectiveWire<'a> {
    let (burndown, no_burndown) = match Chart::of(level) {
        Ok(chart) => (Some(curve(&chart)), None),
        Err(why) => (None, Some(why)),
    };
    let questions = level.target.questions().iter().map(asked::words).collect();
    ObjectiveWire { level: wire::level(level), questions, burndown, no_burndown }
}

fn curve(chart: &Chart<'_>) -> CurveWire {
    let curve = &chart.curve;
    let (unit, slice_seconds) = wire::unit(curve.unit);
    CurveWire {
        unit,
        slice_seconds,
        budget: curve.budget,
        even_until: curve.even.to_string(),
        left_at_end: curve.ahead,
        points: curve.points.iter().map(point).collect(),
    }
}

fn point(point: &Point) -> PointWire {
    PointWire {
        at: point.at.to_string(),
        good: point.good,
        total: point.total,
        spent: point.spent,
        left: point.left,
        burns: point.burns,
    }
}
