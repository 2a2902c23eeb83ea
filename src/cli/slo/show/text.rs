//! Everything that is known of an objective, for people.

use std::io::{self, Write};

use super::asked;
use crate::cli::paint::Paint;
use crate::cli::slo::chart::{self, Chart};
use crate::cli::slo::level::{Level, Seen, colored};
use crate::cli::table;
use crate::cli::words::lines;
use crate::kinds::slo::burn::{Alarm, Fire};
use crate::kinds::slo::figures::Unit;
use crate::kinds::slo::{Burn, Figures, State, words};
use crate::model::Timestamp;

/// Writes it all.
pub(super) fn write(
    seen: &Seen,
    levels: &[Level<'_>],
    level: &Level<'_>,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}  {}", colored(paint, level.state(), level.state().word()), paint.bold(&level.title()))?;
    about(seen, level, out)?;
    if !level.target.judged {
        lines("judged", "only as a part of all objectives together", out)?;
    } else if level.index().is_none() {
        parts(levels, out)?;
    }
    let questions = level.target.questions();
    for (n, question) in questions.iter().enumerate() {
        lines(if n == 0 { "asked" } else { "" }, &asked::words(question), out)?;
    }
    if let Some(figures) = level.figures() {
        writeln!(out)?;
        table::write(["FIGURE", "VALUE"], &figures_of(figures), out)?;
        alarms(figures, paint, out)?;
    }
    writeln!(out)?;
    match Chart::of(level) {
        Ok(chart) => {
            writeln!(out, "{}", paint.bold(&format!("What was left of the budget {}", over(&chart))))?;
            chart::terminal(&chart, paint, out)?;
            writeln!(out)?;
            chart::few(&chart, out)
        }
        Err(why) => writeln!(out, "No curve can be drawn: {why}"),
    }
}

fn over(chart: &Chart<'_>) -> String {
    let (figures, bounds) = (chart.figures, chart.curve.bounds);
    let now = chart::clock(bounds.now);
    if bounds.until > bounds.now {
        format!("{}, as of {now}", figures.window)
    } else {
        format!("over the {} to {now}", figures.window)
    }
}

/// What it is, how it stands and what is wanted.
fn about(seen: &Seen, level: &Level<'_>, out: &mut dyn Write) -> io::Result<()> {
    lines("spec", &format!("{}, {}", level.spec.id, level.target.subject), out)?;
    level.slo.description.iter().try_for_each(|text| lines("about", text.trim(), out))?;
    if let Some(reason) = level.state().reason() {
        lines("reason", reason, out)?;
    }
    if let State::NoAnswer(none) = level.state() {
        lines("since", &none.since.to_string(), out)?;
    }
    let wanted = match (level.figures(), level.wanted()) {
        (Some(figures), _) => words::desired(figures),
        (None, Some(target)) => format!("at least {}% good", words::percent(target.shown())),
        (None, None) => "nobody can tell".to_owned(),
    };
    lines("wanted", &wanted, out)?;
    let (file, line, revision) = (&level.spec.place.file, level.target.line, seen.pass.catalog.revision.short());
    lines("", &format!("{file}:{line} at {revision}"), out)?;
    lines("service", level.slo.service.text(), out)?;
    lines("owner", &level.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string), out)
}

/// The objectives that a composite is made of.
fn parts(levels: &[Level<'_>], out: &mut dyn Write) -> io::Result<()> {
    let parts = levels.iter().filter(|level| !level.target.judged);
    parts.enumerate().try_for_each(|(n, part)| {
        let weight = part.index().and_then(|index| part.slo.objectives.get(index)?.composite_weight.as_ref());
        let weight = weight.map_or(1.0, |weight| weight.value);
        let left = part.figures().map(|figures| format!("; {}", words::budget(figures))).unwrap_or_default();
        let line = format!("{}, weight {weight}: {}{left}", part.name(), part.state().word());
        lines(if n == 0 { "parts" } else { "" }, &line, out)
    })
}

/// The figures, one by one.
fn figures_of(figures: &Figures) -> Vec<[String; 2]> {
    let counted = |amount: f64| match figures.unit {
        Unit::Events => format!("{} events", words::amount(amount)),
        Unit::Slices(_) | Unit::Shares => words::amount_of(figures.unit, amount),
    };
    let percent = |share: f64| format!("{}%", words::percent(share));
    let share = figures.ratio().map_or_else(|| "nothing happened".to_owned(), percent);
    let good = match figures.unit {
        Unit::Events => format!("{} of {} events ({share})", words::amount(figures.good), words::amount(figures.total)),
        Unit::Slices(length) => {
            format!("{} of {} slices of {length} ({share})", words::amount(figures.good), words::amount(figures.total))
        }
        Unit::Shares => share,
    };
    let left = figures.budget - figures.spent;
    let rate = figures.pace().map_or_else(
        || "nothing".to_owned(),
        |(window, rate)| {
            let over = window.map_or_else(|| figures.window.to_string(), |window| format!("the last {window}"));
            format!("{} over {over}", words::rate(Some(rate)))
        },
    );
    let events = figures.events.map_or_else(|| "not told by the source".to_owned(), |events| events.to_string());
    let row = |name: &str, value: String| [name.to_owned(), value];
    vec![
        row("good", good),
        row("budget", counted(figures.budget)),
        row("spent", counted(figures.spent)),
        row("left", format!("{}: {:.1}% of the budget", counted(left), figures.budget_left() * 100.0)),
        row("burn rate", rate),
        row("gone", words::gone(figures)),
        row("events", events),
        row("minimum", format!("{} events; fewer prove nothing", figures.enough)),
        row("unmeasured", figures.unmeasured.to_string()),
        row("dated later", figures.ahead.to_string()),
    ]
}

fn alarms(figures: &Figures, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    if figures.burns.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let now = figures.bounds.now;
    let rows: Vec<[String; 8]> = figures.burns.iter().map(|burn| alarm(figures, burn, now, paint)).collect();
    table::write(["ALARM", "SEVERITY", "LONG", "RATE", "SHORT", "RATE", "EVENTS", "STATE"], &rows, out)
}

fn alarm(figures: &Figures, burn: &Burn, now: Timestamp, paint: Paint) -> [String; 8] {
    let (name, short) = match &burn.alarm {
        Alarm::Pair(pair) => (format!("over {}x", pair.factor.shown()), Some(pair.short)),
        Alarm::Condition(condition) => {
            (format!("{} ({})", words::condition_in_words(condition), condition.policy), None)
        }
    };
    let word = words::fire(figures, burn);
    let state = match burn.fire {
        Fire::Burns => paint.severity(burn.alarm.severity(), word),
        Fire::Eases(last) => paint.warn(&format!("{word}: too fast last {} ago", now.since(last))),
        Fire::Out => paint.dim(word),
    };
    let nothing = || "-".to_owned();
    [
        name,
        burn.alarm.severity().to_string(),
        burn.alarm.long().to_string(),
        words::rate(burn.long),
        short.map_or_else(nothing, |short| short.to_string()),
        short.map_or_else(nothing, |_| words::rate(burn.short)),
        burn.events.map_or_else(nothing, |events| events.to_string()),
        state,
    ]
}
