//! Questions as a file has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::look::LookWire;
use super::metric::MetricQuestionWire;
use crate::model::{
    CodeQuestion, Comparison, Duration, Events, Measure, Point, Question, Scope, Selector, SelectorFields,
    SeverityRange, TaskId, TaskStatus,
};

/// A question.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::large_enum_variant, reason = "each lives only while it is written or read")]
pub(super) enum QuestionWire {
    Tasks { select: Box<SelectorWire>, scope: ScopeWire },
    Events { total: Box<SelectorWire>, measure: MeasureWire, window: u64 },
    Metric(Box<MetricQuestionWire>),
    Task(Arc<str>),
    Heartbeats,
    Code { repository: Option<String>, look: LookWire },
    Branches,
}

/// A selector: lengths in milliseconds.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SelectorWire {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    types: Option<Vec<Arc<str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<Arc<str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agents: Option<Vec<Arc<str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authors: Option<Vec<Arc<str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeMap<Arc<str>, Arc<str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    created_within: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    with_own: bool,
}

/// A part of a task's life.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ScopeWire {
    Open,
    Ran(u64),
    Overridden,
    Ever,
}

/// What makes a task a good event.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) enum MeasureWire {
    Good(Box<SelectorWire>),
    NotBad(Box<SelectorWire>),
    Duration {
        #[serde(with = "PointWire")]
        from: Point,
        #[serde(with = "PointWire")]
        to: Point,
        #[serde(with = "ComparisonWire")]
        op: Comparison,
        limit: u64,
    },
    Lasted {
        #[serde(with = "PointWire")]
        from: Point,
        #[serde(with = "PointWire")]
        to: Point,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Point", rename_all = "camelCase")]
enum PointWire {
    Created,
    Claimed,
    Started,
    Finished,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Comparison", rename_all = "camelCase")]
enum ComparisonWire {
    Lte,
    Gte,
    Lt,
    Gt,
}

impl QuestionWire {
    /// The question as a file has it.
    pub(super) fn of(question: &Question) -> Self {
        match question {
            Question::Tasks { select, scope } => {
                let scope = match scope {
                    Scope::Open => ScopeWire::Open,
                    Scope::Ran(span) => ScopeWire::Ran(span.as_millis()),
                    Scope::Overridden => ScopeWire::Overridden,
                    Scope::Ever => ScopeWire::Ever,
                };
                Self::Tasks { select: Box::new(SelectorWire::of(select)), scope }
            }
            Question::Events(events) => Self::Events {
                total: Box::new(SelectorWire::of(&events.total)),
                measure: MeasureWire::of(&events.measure),
                window: events.window.as_millis(),
            },
            Question::Metric(metric) => Self::Metric(Box::new(MetricQuestionWire::of(metric))),
            Question::Task(id) => Self::Task(id.0.clone()),
            Question::Heartbeats => Self::Heartbeats,
            Question::Branches => Self::Branches,
            Question::Code(code) => Self::Code {
                repository: code.repository.as_ref().map(ToString::to_string),
                look: LookWire::of(&code.look),
            },
        }
    }

    /// The question, or what is wrong with it.
    pub(super) fn question(self) -> Result<Question, String> {
        Ok(match self {
            Self::Tasks { select, scope } => {
                let scope = match scope {
                    ScopeWire::Open => Scope::Open,
                    ScopeWire::Ran(span) => Scope::Ran(Duration::from_millis(span)),
                    ScopeWire::Overridden => Scope::Overridden,
                    ScopeWire::Ever => Scope::Ever,
                };
                Question::Tasks { select: select.selector()?, scope }
            }
            Self::Events { total, measure, window } => Question::Events(Events {
                total: total.selector()?,
                measure: measure.measure()?,
                window: Duration::from_millis(window),
            }),
            Self::Metric(metric) => Question::Metric(metric.question()?),
            Self::Task(id) => Question::Task(TaskId(id)),
            Self::Heartbeats => Question::Heartbeats,
            Self::Branches => Question::Branches,
            Self::Code { repository, look } => {
                let repository = repository.map(|name| name.parse()).transpose();
                let repository = repository.map_err(|error: crate::model::NameError| error.to_string())?;
                Question::Code(CodeQuestion { repository, look: look.look() })
            }
        })
    }
}

impl MeasureWire {
    fn of(measure: &Measure) -> Self {
        match measure {
            Measure::Good(select) => Self::Good(Box::new(SelectorWire::of(select))),
            Measure::NotBad(select) => Self::NotBad(Box::new(SelectorWire::of(select))),
            Measure::Duration { from, to, op, limit } => {
                Self::Duration { from: *from, to: *to, op: *op, limit: limit.as_millis() }
            }
            Measure::Lasted { from, to } => Self::Lasted { from: *from, to: *to },
        }
    }

    fn measure(self) -> Result<Measure, String> {
        Ok(match self {
            Self::Good(select) => Measure::Good(select.selector()?),
            Self::NotBad(select) => Measure::NotBad(select.selector()?),
            Self::Duration { from, to, op, limit } => {
                Measure::Duration { from, to, op, limit: Duration::from_millis(limit) }
            }
            Self::Lasted { from, to } => Measure::Lasted { from, to },
        })
    }
}

impl SelectorWire {
    fn of(select: &Selector) -> Self {
        let fields = select.fields().clone();
        let words = |status: Vec<TaskStatus>| status.into_iter().map(|status| status.word().to_owned()).collect();
        Self {
            types: fields.types,
            roles: fields.roles,
            agents: fields.agents,
            authors: fields.authors,
            labels: fields.labels,
            severity: fields.severity.map(|range| (range.from.word().to_owned(), range.to.word().to_owned())),
            status: fields.status.map(words),
            created_within: fields.created_within.map(Duration::as_millis),
            with_own: fields.with_own,
        }
    }

    fn selector(self) -> Result<Selector, String> {
        let status = |word: String| TaskStatus::from_word(&word).ok_or_else(|| format!("`{word}` is no status"));
        let range = |(from, to): (String, String)| -> Result<_, String> {
            Ok(SeverityRange { from: from.parse()?, to: to.parse()? })
        };
        Selector::new(SelectorFields {
            types: self.types,
            roles: self.roles,
            agents: self.agents,
            authors: self.authors,
            labels: self.labels,
            severity: self.severity.map(range).transpose()?,
            status: self.status.map(|words| words.into_iter().map(status).collect()).transpose()?,
            created_within: self.created_within.map(Duration::from_millis),
            with_own: self.with_own,
        })
    }
}
