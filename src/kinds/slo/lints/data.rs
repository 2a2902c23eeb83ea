//! `slo/window-beyond-data`: a window that is longer than its source remembers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::{Readable, Said, View};
use crate::diagnostic::{Problem, codes};
use crate::kinds::slo::account::Method;
use crate::kinds::slo::alarms::alarms;
use crate::kinds::slo::asked::{data_of, word_of};
use crate::kinds::slo::burn::Alarm;
use crate::kinds::slo::indicator::indicator;
use crate::kinds::slo::level::{Slo, TimeWindow};
use crate::kinds::slo::metric::MetricSource;
use crate::kinds::slo::source::{DataSource, PROMETHEUS, TASKS};
use crate::kinds::{Body, Specs};
use crate::model::{Duration, Kind, SpecId, Window};

/// How long each source of Prometheus keeps its data, where it says so. Read once: thousands may refer to one.
type Retentions<'a> = BTreeMap<&'a SpecId, Duration>;

/// For how long a source has data.
struct Memory {
    length: Duration,
    /// What keeps them no longer.
    of: String,
}

pub(super) fn lint(view: &View<'_>, said: &mut Said) {
    let retentions = retentions(view.specs);
    if view.habits.kept.is_none() && retentions.is_empty() {
        return;
    }
    for (level, slo) in view.slos() {
        let Some([window]) = slo.time_window.as_deref() else { continue };
        if let Some(memory) = shortest(view, &retentions, slo)
            && let Some(problem) = too_long(view, (level, slo), &window.value, &memory)
        {
            said.say(level.spec, problem);
        }
    }
}

fn too_long(
    view: &View<'_>,
    (level, slo): (Readable<'_>, &Slo),
    window: &TimeWindow,
    memory: &Memory,
) -> Option<Problem> {
    let length = window.duration.length();
    let what = if length > memory.length {
        format!("the window of {}", window.duration.value)
    } else if slo.alert_policies.is_some() || view.specs.burn_rates(level.spec).is_some() {
        let alarms = alarms(view.specs, level.spec, slo, (&Window::Rolling(length), Method::Occurrences)).ok()?;
        let longest = alarms.alarms.iter().map(Alarm::long).max().filter(|longest| *longest > memory.length)?;
        format!("the {longest} over which its burn is looked at")
    } else {
        // The default burn rates are looked at over a part of the window.
        return None;
    };
    let message = format!("{what} is longer than {}: {}", memory.of, memory.length);
    let help = "what is older is gone, so that it is judged by less time than it says";
    Some(Problem::new(&codes::SLO_WINDOW_BEYOND_DATA, window.duration.span, message).help(help))
}

/// The memory of the source that forgets first.
fn shortest(view: &View<'_>, retentions: &Retentions<'_>, slo: &Slo) -> Option<Memory> {
    let indicators = slo.objectives.iter().filter_map(|objective| indicator(view.specs, slo, objective).ok());
    let sources = indicators.flat_map(|sli| sli.sources());
    sources.filter_map(|source| memory(view, retentions, source)).min_by_key(|memory| memory.length)
}

fn memory(view: &View<'_>, retentions: &Retentions<'_>, source: &MetricSource) -> Option<Memory> {
    let word = word_of(source, data_of(view.specs, source).ok()?)?;
    if word.eq_ignore_ascii_case(TASKS) {
        let of = "finished tasks are kept".to_owned();
        return view.habits.kept.map(|length| Memory { length, of });
    }
    let id = source.reference.as_ref().filter(|_| word.eq_ignore_ascii_case(PROMETHEUS))?.id(Some(Kind::DataSource))?;
    let length = *retentions.get(&id)?;
    Some(Memory { length, of: format!("{id} keeps its data") })
}

fn retentions(specs: &Specs) -> Retentions<'_> {
    let sources = specs.of_kind(Kind::DataSource).filter_map(|spec| match &spec.body {
        Body::DataSource(source) => Some((&spec.id, retention(source)?)),
        _ => None,
    });
    sources.collect()
}

fn retention(source: &DataSource) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Details {
        retention: Option<Arc<str>>,
    }
    let details: Details = source.connection_details.as_ref()?.read(&mut Vec::new())?;
    of_prometheus(&details.retention?)
}

/// A length of time as Prometheus writes it: `15d`, `1y`, `1d12h`. One that is nothing means that nothing is ever dropped.
fn of_prometheus(text: &str) -> Option<Duration> {
    const UNITS: [(&str, u64); 7] = [
        ("ms", 1),
        ("s", 1000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
        ("w", 604_800_000),
        ("y", 365 * 86_400_000),
    ];
    let mut rest = text;
    let mut millis: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: u64 = rest.get(..digits)?.parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (_, length) = UNITS.iter().find(|(unit, _)| *unit == &rest[..letters])?;
        millis = millis.checked_add(count.checked_mul(*length)?)?;
        rest = &rest[letters..];
    }
    (millis > 0).then(|| Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{NONE, document, file, lines, promise, said, slo};
    use super::*;
    use crate::model::Habits;

    const CODE: &str = "slo/window-beyond-data";

    fn kept(days: u64) -> Habits {
        Habits { owner: None, kept: Some(Duration::from_days(days)) }
    }

    fn over_prometheus(window: &str, retention: &str) -> String {
        let details = format!("{{type: prometheus, connectionDetails: {{url: \"http://x\"{retention}}}}}");
        let level = slo("a", &promise(window, "0.9")).replace("type: abide.dev/tasks", "metricSourceRef: main");
        file(&[document("DataSource", "main", &details), level])
    }

    #[test]
    fn a_window_longer_than_tasks_are_kept_is_told_at_its_duration() {
        let level = slo("a", &promise("30d", "0.9"));
        let found = said(CODE, &level, &kept(29));
        assert_eq!(found, [(8, "the window of 30d is longer than finished tasks are kept: 29d".to_owned())]);
        assert_eq!(said(CODE, &level, &kept(30)), []);
        assert_eq!(said(CODE, &level.replace("abide.dev/tasks", "prometheus"), &kept(1)), []);
        assert_eq!(lines(CODE, &level), NONE);
    }

    #[test]
    fn a_window_longer_than_prometheus_keeps_its_data_is_told() {
        assert_eq!(lines(CODE, &over_prometheus("30d", ", retention: 15d")), [13]);
        for enough in
            [", retention: 30d", ", retention: 1y", ", retention: 720h", "", ", retention: forever", ", retention: 15"]
        {
            assert_eq!(lines(CODE, &over_prometheus("30d", enough)), NONE, "{enough}");
        }
        // The retention of another source says nothing of it, and how long tasks are kept neither.
        assert_eq!(said(CODE, &over_prometheus("30d", ", retention: 30d"), &kept(1)), []);
    }

    #[test]
    fn so_is_a_burn_that_is_looked_at_over_more() {
        let policy = |long: &str| {
            format!(
                "apiVersion: abide.dev/v1\nkind: ErrorBudgetPolicy\nmetadata: {{name: p}}\nspec:\n  slos: [a]\n  burnRates: [{{factor: 2, long: {long}, short: 5m}}]\n"
            )
        };
        let level = slo("a", &promise("7d", "0.9"));
        let found = said(CODE, &file(&[level.clone(), policy("10d")]), &kept(8));
        let message = "the 10d over which its burn is looked at is longer than finished tasks are kept: 8d";
        assert_eq!(found, [(8, message.to_owned())]);
        assert_eq!(said(CODE, &file(&[level, policy("8d")]), &kept(8)), []);
    }

    #[test]
    fn prometheus_writes_lengths_of_time_in_several_units() {
        assert_eq!(of_prometheus("1d12h"), Some(Duration::from_hours(36)));
        assert_eq!(of_prometheus("500ms"), Some(Duration::from_millis(500)));
        for wrong in ["", "d", "15", "15 d", "-1d", "1q", "0d", "1dä", "99999999999999999999y", "9999999999999999y"] {
            assert_eq!(of_prometheus(wrong), None, "{wrong}");
        }
    }
}
