//! The share of what was good or bad within a window, in PromQL.

use crate::kinds::slo::account::Method;
use crate::kinds::slo::decimal::Decimal;
use crate::kinds::slo::measured::{Measured, RatioMetric};
use crate::model::{Ask, Comparison, Duration, MetricQuestion};

/// What Sloth writes where a window goes.
const WINDOW: &str = "{{.window}}";

/// How many samples of a growing expression are looked at within a window.
const MOST_SAMPLES: u64 = 1440;

/// A share of all there was within a window.
#[derive(Debug, Clone)]
pub(super) struct Share {
    /// Whether it is the good share, and not the bad one.
    good: bool,
    of: Of,
}

#[derive(Debug, Clone)]
enum Of {
    /// A part of all there was.
    Ratio { some: Amount, total: Amount },
    /// The mean of shares.
    Mean { query: Query, holds: Option<(Comparison, f64)> },
}

/// How much there was.
#[derive(Debug, Clone)]
struct Amount {
    query: Query,
    counter: bool,
}

/// What somebody asks in PromQL.
#[derive(Debug, Clone)]
struct Query {
    text: String,
    /// How often a sample is taken; nothing where it gives one figure for a window.
    step: Option<Duration>,
}

/// What share is measured.
///
/// # Errors
/// Why a Prometheus server cannot, or what is not clear.
pub(super) fn share(measured: &Measured) -> Result<Share, &'static str> {
    if let Some(why) = measured.elsewhere() {
        return Err(why);
    }
    match measured {
        Measured::Ratio(ratio) => ratio_of(ratio),
        Measured::Raw { success, of } => {
            Ok(Share { good: *success, of: Of::Mean { query: Query::of(of), holds: None } })
        }
        Measured::Threshold { op, limit, of } => {
            Ok(Share { good: true, of: Of::Mean { query: Query::of(of), holds: Some((*op, *limit)) } })
        }
        Measured::Tasks(_) | Measured::Percentile(_) => Err("its figures come from tasks"),
    }
}

fn ratio_of(ratio: &RatioMetric) -> Result<Share, &'static str> {
    let [some, total] =
        [&ratio.some, &ratio.total].map(|metric| Amount { query: Query::of(metric), counter: ratio.counter });
    if some.query.has_window() != total.query.has_window() {
        return Err("one of its queries has {{.window}} and the other none, so they may count in different units");
    }
    Ok(Share { good: ratio.good, of: Of::Ratio { some, total } })
}

impl Share {
    /// The bad share of a window, as the budget counts it.
    pub(super) fn bad(&self, method: Method, window: Duration) -> String {
        match method {
            Method::Occurrences if self.good => format!("1 - ({})", self.of(window)),
            Method::Occurrences => self.of(window),
            Method::Timeslices(slices, target) => {
                // The share is compared as it is measured: what is computed from it may miss the border by a rounding.
                let (op, limit) = if self.good { ("<", target) } else { (">", target.rest()) };
                let slice = format!("({}) {op} bool {}", self.of(slices.length), limit.shown());
                over("avg_over_time", &slice, (window, slices.length))
            }
            Method::RatioTimeslices(slices) => {
                let bad = self.bad(Method::Occurrences, slices.length);
                // A slice in which nothing happened has lost nothing.
                let nothing = match &self.of {
                    Of::Ratio { total, .. } => format!(" or 0 * {}", total.within(slices.length)),
                    Of::Mean { .. } => String::new(),
                };
                over("avg_over_time", &format!("({bad}) >= 0{nothing}"), (window, slices.length))
            }
        }
    }

    /// How many events a window holds, where that is known.
    pub(super) fn events(&self, window: Duration) -> Option<String> {
        match &self.of {
            // A query with a window of its own may be a rate, which counts nothing.
            Of::Ratio { total, .. } if !total.query.has_window() => Some(total.within(window)),
            _ => None,
        }
    }

    fn of(&self, window: Duration) -> String {
        match &self.of {
            Of::Ratio { some, total } => {
                let some = some.within(window);
                // A source that never told of bad events had none; one that never told of good ones may be asked wrongly.
                let some = if self.good { some } else { format!("({some} or vector(0))") };
                format!("{some} / {}", total.within(window))
            }
            Of::Mean { query, holds } => query.mean(*holds, window),
        }
    }
}

impl Amount {
    /// How much there was within a window.
    fn within(&self, window: Duration) -> String {
        let Query { text, step } = &self.query;
        if self.query.has_window() || step.is_none() {
            return format!("sum{}", self.query.windowed(window));
        }
        let step = step.unwrap_or_default();
        match self.counter {
            true if is_selector(text) => format!("sum(increase({}[{}]))", text.trim(), duration(window)),
            true => format!("sum({})", growth(&enclosed(text), (window, step))),
            false => format!("sum({})", over("sum_over_time", &enclosed(text), (window, step))),
        }
    }
}

impl Query {
    fn of(metric: &MetricQuestion) -> Self {
        let step = match metric.ask {
            Ask::Range(step) => Some(step),
            _ => None,
        };
        Self { text: metric.query.to_string(), step }
    }

    fn has_window(&self) -> bool {
        self.text.contains(WINDOW)
    }

    /// The query over that window.
    fn windowed(&self, window: Duration) -> String {
        enclosed(&self.text.replace(WINDOW, &duration(window)))
    }

    /// The mean of its samples within a window, or of how many of them hold.
    fn mean(&self, holds: Option<(Comparison, f64)>, window: Duration) -> String {
        let judged = |sample: String| match holds {
            // What is no number compares with nothing, and nobody knows whether it was good.
            Some((op, limit)) => format!("({sample} > -Inf) {} bool {limit}", symbol(op)),
            None => sample,
        };
        match self.step {
            Some(step) => {
                format!("avg({})", over("avg_over_time", &judged(self.windowed(step)), (window, step)))
            }
            None => format!("avg({})", judged(self.windowed(window))),
        }
    }
}

/// A function over samples of an expression. A window that is shorter than two steps might hold no sample to speak of.
fn over(function: &str, expr: &str, (window, step): (Duration, Duration)) -> String {
    format!("{function}(({expr})[{}:{}])", duration(window.max(step)), duration(step))
}

/// By how much an expression grew. That takes two samples; and because growth adds up, many more make it no better.
fn growth(expr: &str, (window, step): (Duration, Duration)) -> String {
    let times = (window.as_millis() / MOST_SAMPLES).div_ceil(step.as_millis().max(1)).max(1);
    let step = Duration::from_millis(step.as_millis().saturating_mul(times));
    let twice = Duration::from_millis(step.as_millis().saturating_mul(2));
    over("increase", expr, (window.max(twice), step))
}

/// A query in brackets; a comment at its end must not swallow them.
fn enclosed(query: &str) -> String {
    let query = query.trim();
    if query.contains('#') { format!("({query}\n)") } else { format!("({query})") }
}

/// A comparison as PromQL writes it.
pub(super) const fn symbol(op: Comparison) -> &'static str {
    match op {
        Comparison::Lte => "<=",
        Comparison::Gte => ">=",
        Comparison::Lt => "<",
        Comparison::Gt => ">",
    }
}

/// Whether a query is the name of a metric with or without labels, so that a range can be put behind it.
pub(in crate::kinds::slo) fn is_selector(query: &str) -> bool {
    let query = query.trim();
    let name = query.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(query.len());
    let (name, rest) = query.split_at(name);
    let labels = rest.trim_start();
    let named = !name.starts_with(|c: char| c.is_ascii_digit());
    named && if labels.is_empty() { !name.is_empty() } else { is_labels(labels) }
}

/// Whether a text is one pair of braces with labels in it, and nothing behind.
fn is_labels(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('{') else { return false };
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match quote {
            Some(open) if c == open && !escaped => quote = None,
            // Between backquotes nothing is escaped.
            Some(open) => escaped = c == '\\' && !escaped && open != '`',
            None => match c {
                '"' | '\'' | '`' => (quote, escaped) = (Some(c), false),
                '}' => return at + 1 == inner.len(),
                '{' | '#' => return false,
                _ => {}
            },
        }
    }
    false
}

/// A length of time as PromQL writes it: a whole number of the largest unit that fits.
pub(super) fn duration(length: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    let millis = length.as_millis().max(1);
    match UNITS.iter().find(|(unit, _)| millis.is_multiple_of(*unit)) {
        Some((unit, letter)) => format!("{}{letter}", millis / unit),
        None => format!("{millis}ms"),
    }
}

/// A figure as it was written.
pub(super) fn figure(figure: Decimal) -> String {
    figure.shown().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_whole_numbers_of_one_unit() {
        let cases = [
            (70_000, "70s"),
            (84 * 60_000, "84m"),
            (86_400_000, "1d"),
            (604_800_000, "7d"),
            (1500, "1500ms"),
            (0, "1ms"),
        ];
        for (millis, shown) in cases {
            assert_eq!(duration(Duration::from_millis(millis)), shown);
        }
    }

    #[test]
    fn selectors_are_told_from_expressions() {
        for plain in
            ["up", " up ", "a:b{job=\"x\"}", "up{}", "{__name__=\"up\"}", r#"x{a="}",b='\'{',c=`\`}"#, "x {a=\"b\"}"]
        {
            assert!(is_selector(plain), "{plain}");
        }
        for other in [
            "",
            "1",
            "sum(x)",
            "x + y",
            "x{a=\"b\"} offset 5m",
            "x[5m]",
            "x{a=\"b\"",
            "x{a=\"b\"} # c",
            "x @ 1",
            "{{.window}}",
        ] {
            assert!(!is_selector(other), "{other}");
        }
    }
}
