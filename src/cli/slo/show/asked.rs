//! What an objective asks of which source, in words.

use std::fmt::Write as _;

use crate::model::{Ask, Comparison, Events, Measure, MetricQuestion, Point, Question, Selector, SeverityRange};

/// A question in words.
pub(super) fn words(question: &Question) -> String {
    match question {
        Question::Events(events) => of_events(events),
        Question::Metric(metric) => of_metric(metric),
        // No indicator asks anything else.
        other => format!("{other:?}"),
    }
}

fn of_events(events: &Events) -> String {
    let good = match &events.measure {
        Measure::Good(select) => format!("good are {}", selector(select)),
        Measure::NotBad(select) => format!("bad are {}", selector(select)),
        Measure::Duration { from, to, op, limit } => {
            let op = match op {
                Comparison::Lte => "at most",
                Comparison::Gte => "at least",
                Comparison::Lt => "less than",
                Comparison::Gt => "more than",
            };
            format!("good are those that took {op} {limit} from {} to {}", point(*from), point(*to))
        }
        Measure::Lasted { from, to } => format!("how long they took from {} to {}", point(*from), point(*to)),
    };
    format!("the task table: tasks {} that finished within {}; {good}", selector(&events.total), events.window)
}

const fn point(point: Point) -> &'static str {
    match point {
        Point::Created => "created",
        Point::Claimed => "claimed",
        Point::Started => "started",
        Point::Finished => "finished",
    }
}

/// A selector as specs write it.
fn selector(select: &Selector) -> String {
    let fields = select.fields();
    let mut parts: Vec<String> = Vec::new();
    let lists =
        [("types", &fields.types), ("roles", &fields.roles), ("agents", &fields.agents), ("authors", &fields.authors)];
    for (name, list) in lists {
        parts.extend(list.as_ref().map(|list| format!("{name}: [{}]", list.join(", "))));
    }
    if let Some(labels) = &fields.labels {
        let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        parts.push(format!("labels: {{{}}}", labels.join(", ")));
    }
    parts.extend(fields.severity.map(|range| format!("severity: {}", severity(range))));
    if let Some(status) = &fields.status {
        let status: Vec<&str> = status.iter().map(|status| status.word()).collect();
        parts.push(format!("status: [{}]", status.join(", ")));
    }
    format!("{{{}}}", parts.join(", "))
}

fn severity(SeverityRange { from, to }: SeverityRange) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

fn of_metric(metric: &MetricQuestion) -> String {
    let MetricQuestion { source, query, back, ask } = metric;
    let mut text = source.kind.word().to_owned();
    if let Some(name) = &source.name {
        write!(text, " {name}").ok();
    }
    let how = match ask {
        Ask::Range(step) => format!("a sample every {step} of the last {back}"),
        Ask::ByWindow(windows) => format!("one figure for each of {} windows", windows.len()),
        Ask::Statement { .. } => format!("rows of the last {back}, or one figure for each window"),
    };
    let query: Vec<&str> = query.split_whitespace().collect();
    format!("{text}: {}; {how}", query.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Duration, SelectorFields, Severity, SourceAt, SourceKind, TaskStatus};

    #[test]
    fn selectors_are_told_as_specs_write_them() {
        let fields = SelectorFields {
            types: Some(vec!["fix_*".into(), "build".into()]),
            labels: Some([("area".into(), "db".into())].into()),
            severity: Some(SeverityRange { from: Severity::High, to: Severity::Critical }),
            status: Some(vec![TaskStatus::Failed]),
            ..SelectorFields::default()
        };
        let all = "{types: [fix_*, build], labels: {area: db}, severity: high to critical, status: [failed]}";
        assert_eq!(selector(&Selector::new(fields).unwrap()), all);
    }

    #[test]
    fn sources_are_told_without_their_address() {
        let source = SourceAt {
            kind: SourceKind::Prometheus,
            name: Some("prod".into()),
            url: Some("http://a:secret@prom".into()),
        };
        let (query, back) = ("sum(\n  rate(x[1m]))".into(), Duration::from_days(1));
        let question = MetricQuestion { source, query, back, ask: Ask::Range(Duration::from_mins(1)) };
        let told = words(&Question::Metric(question));
        assert_eq!(told, "prometheus prod: sum( rate(x[1m])); a sample every 1m of the last 1d");
    }
}
