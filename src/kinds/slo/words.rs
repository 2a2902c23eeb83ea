//! The figures of a service level in words, as tasks and reports have them.

use super::burn::{Alarm, Condition, Fire};
use super::figures::{Burn, Exhaustion, Figures, Unit};
use super::target::Target;
use crate::model::{Comparison, Duration, Timestamp, Window};

/// What a target is called: the service level, and which of several of its objectives.
pub fn name(title: String, target: &Target, several: bool) -> String {
    match &target.name {
        _ if !several => title,
        Some(name) => format!("{title} ({name})"),
        None => format!("{title} ({})", target.subject),
    }
}

/// What is wanted.
pub fn desired(figures: &Figures) -> String {
    let least = match figures.enough {
        0 => String::new(),
        enough => format!("; judged from {enough} events on"),
    };
    format!("at least {}% good over {}{least}", percent(figures.target.shown()), figures.window)
}

/// The figures in words: the ratio, the budget that is left, when it will be gone, and every alarm.
pub fn answer(figures: &Figures) -> String {
    let mut parts = vec![ratio(figures), budget(figures)];
    parts.extend(exhaustion(figures));
    parts.extend(figures.burns.iter().map(|burn| burn_in_words(figures, burn)));
    if figures.unmeasured > 0 {
        parts.push(format!("{} more could not be measured", figures.unmeasured));
    }
    if figures.ahead > 0 {
        parts.push(format!("{} more are dated later than now", figures.ahead));
    }
    parts.join("; ")
}

/// What was good of what happened.
fn ratio(figures: &Figures) -> String {
    let share = percent(figures.ratio().unwrap_or(1.0));
    match figures.unit {
        Unit::Events => {
            format!("{} of {} good over {} ({share}%)", amount(figures.good), amount(figures.total), figures.window)
        }
        Unit::Slices(length) => format!(
            "{} of {} slices of {length} good over {} ({share}%)",
            amount(figures.good),
            amount(figures.total),
            figures.window
        ),
        Unit::Shares => format!("{share}% good over {}", figures.window),
    }
}

/// What is left of the budget, or how many times it is spent.
pub fn budget(figures: &Figures) -> String {
    let left = figures.budget_left();
    if left < 0.0 {
        format!("{:.1} times the budget spent", 1.0 - left)
    } else {
        format!("{}% of the budget left", one_digit(left * 100.0))
    }
}

fn one_digit(percent: f64) -> String {
    format!("{percent:.1}")
}

/// An amount of a budget: events, or time where slices are counted.
pub fn amount_of(unit: Unit, amount_: f64) -> String {
    match unit {
        Unit::Events => amount(amount_),
        Unit::Slices(length) => {
            format!("{} ({})", amount(amount_), span(amount_ * length.as_millis() as f64))
        }
        Unit::Shares => format!("{}%", percent(amount_)),
    }
}

/// A length of time to a tenth of a second.
pub fn span(millis: f64) -> String {
    let sign = if millis < 0.0 { "-" } else { "" };
    let millis = millis.abs();
    if millis < 60_000.0 {
        return format!("{sign}{}s", amount(millis / 1000.0));
    }
    let minutes = (millis / 60_000.0).floor();
    if minutes >= 60.0 {
        return format!("{sign}{}", Duration::from_millis(millis.round() as u64));
    }
    format!("{sign}{minutes}m {}s", amount((millis - minutes * 60_000.0) / 1000.0))
}

/// When the budget will be gone.
pub fn exhaustion(figures: &Figures) -> Option<String> {
    match figures.exhaustion() {
        Exhaustion::At(at) => Some(format!("gone in {} at this rate, at {at}", figures.bounds.now_until(at))),
        Exhaustion::Spent | Exhaustion::Never | Exhaustion::Unknown => None,
    }
}

/// When the budget will be gone, and what that takes for granted.
pub fn gone(figures: &Figures) -> String {
    let pace = figures.pace();
    let so = pace.map_or_else(String::new, |(window, rate)| {
        let over = window.map_or_else(|| figures.window.to_string(), |window| format!("the last {window}"));
        format!("if it goes on at {rate:.1}x, as over {over}")
    });
    match (figures.exhaustion(), &figures.window) {
        (Exhaustion::Spent, _) => "now: all of it is spent".to_owned(),
        (Exhaustion::At(at), _) => {
            // Nobody foresees a millisecond.
            let second = Timestamp::from_secs(at.as_millis().div_euclid(1000));
            format!("in {}, at {second}, {so}", figures.bounds.now_until(at))
        }
        (Exhaustion::Never, _) if pace.is_some_and(|(_, rate)| rate <= 0.0) => format!("never, {so}"),
        (Exhaustion::Never, Window::Rolling(_)) => {
            format!("never, {so}: the window forgets what was bad no slower than more is spent")
        }
        (Exhaustion::Never, Window::Calendar(_)) => {
            format!("not before the period ends at {}, {so}", figures.bounds.until)
        }
        (Exhaustion::Unknown, _) => "nobody can tell: nothing happened".to_owned(),
    }
}

/// One word for how things stand with an alarm.
pub fn fire(figures: &Figures, burn: &Burn) -> &'static str {
    match burn.fire {
        Fire::Burns => "burns",
        Fire::Eases(_) => "easing",
        Fire::Out if burn.events.is_some_and(|events| events < figures.enough) => "too few events",
        Fire::Out => "quiet",
    }
}

/// The burn rates of an alarm, and how they compare with what is too fast.
pub fn burn_in_words(figures: &Figures, burn: &Burn) -> String {
    let few = burn.events.is_some_and(|events| events < figures.enough);
    match &burn.alarm {
        Alarm::Pair(pair) => {
            let verdict = match burn.fire {
                Fire::Burns => "both over",
                Fire::Eases(_) => "easing",
                Fire::Out if few => "too few events for",
                Fire::Out => "not both over",
            };
            let (long, short, factor) = (rate(burn.long), rate(burn.short), pair.factor.shown());
            format!("{long} over {} and {short} over {}, {verdict} {factor}x", pair.long, pair.short)
        }
        Alarm::Condition(condition) => {
            let verdict = match burn.fire {
                Fire::Burns => "which is",
                Fire::Eases(_) => "easing from",
                Fire::Out if few => "too few events for",
                Fire::Out => "not",
            };
            let (long, asked) = (rate(burn.long), condition_in_words(condition));
            format!("{long} over {}, {verdict} {asked} ({})", condition.window, condition.policy)
        }
    }
}

/// What a condition compares with, and for how long it must be so.
pub fn condition_in_words(condition: &Condition) -> String {
    let op = match condition.op {
        Comparison::Gte => "at least",
        Comparison::Gt => "over",
        Comparison::Lte => "at most",
        Comparison::Lt => "under",
    };
    let lasting = match condition.after {
        after if after > Duration::default() => format!(" for {after}"),
        _ => String::new(),
    };
    format!("{op} {}x{lasting}", condition.factor.shown())
}

/// A burn rate; "nothing" where nothing happened.
pub fn rate(rate: Option<f64>) -> String {
    rate.map_or_else(|| "nothing".into(), |rate| format!("{rate:.1}x"))
}

/// A share in percent, with as many digits as make a difference.
pub fn percent(share: f64) -> String {
    trimmed(format!("{:.3}", share * 100.0))
}

/// A figure with at most three digits after the point.
pub fn amount(figure: f64) -> String {
    trimmed(format!("{figure:.3}"))
}

fn trimmed(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
