//! Service levels as rules of a Prometheus server: what they measure, their budget, and alerts on how fast it goes.
//!
//! The rules come from the same resolved objectives that Abide judges; a server knows no minimum of events for conditions and no
//! easing, and leaves slices without data out of its means. The names of the series are Sloth's, so that dashboards for it
//! need only other labels. What rules cannot tell is said and left out.

mod alerts;
mod promql;
mod records;

pub(super) use promql::is_selector;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::indicator::Evaluable;
use super::level::Slo;
use super::measured::Measured;
use super::target::{Whole, targets};
use crate::kinds::{Body, Case, Spec, Specs};
use crate::model::{Duration, Kind, Place, Policy, Rule, SpecId, Window};
use promql::{Share, share};

/// A group of rules, which a server evaluates one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name, unique in the file.
    pub name: String,
    /// The rules.
    pub rules: Vec<PromRule>,
}

/// A rule of a Prometheus server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromRule {
    /// What it does with what it finds.
    pub does: Does,
    /// What it evaluates.
    pub expr: String,
    /// The labels of what it gives.
    pub labels: Vec<(&'static str, String)>,
}

/// What a rule does with what it finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Records it as a series of that name.
    Record(String),
    /// Alerts, once it has been so for that long.
    Alert {
        /// The name of the alert.
        name: &'static str,
        /// For how long it must be so.
        after: Option<String>,
        /// What people are told.
        annotations: Vec<(&'static str, String)>,
    },
}

/// What rules cannot tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Of which service level.
    pub spec: SpecId,
    /// Where it stands.
    pub place: Place,
    /// Why.
    pub why: String,
    /// Whether there are rules for the rest of it.
    pub partly: bool,
}

/// Service levels as rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exported {
    /// A group for each objective.
    pub groups: Vec<Group>,
    /// What they do not tell, in the order of the service levels.
    pub untold: Vec<Untold>,
}

/// Everything that rules are made of for one objective.
struct Subject<'a> {
    evaluable: &'a Evaluable,
    share: Share,
    /// The labels that tell it from others.
    labels: Vec<(&'static str, String)>,
    title: String,
    owner: Option<SpecId>,
    place: Place,
}

/// The rules for every service level whose figures come from a Prometheus server.
pub fn prometheus(specs: &Specs, policy: &Policy) -> Exported {
    let mut exported = Exported::default();
    for spec in specs.of_kind(Kind::Slo) {
        if let Body::Slo(slo) = &spec.body {
            export(specs, policy, (spec, slo), &mut exported);
        }
    }
    exported
}

fn export(specs: &Specs, policy: &Policy, (spec, slo): (&Arc<Spec>, &Slo), exported: &mut Exported) {
    let mut untold = |line: u32, why: String, partly: bool| {
        let place = Place { file: spec.place.file.clone(), line };
        exported.untold.push(Untold { spec: spec.id.clone(), place, why, partly });
    };
    let watched = BTreeSet::new();
    let case = Case { rule: Rule::SloObjective, spec: Some(spec), specs, policy, watched: &watched };
    for (index, target) in targets(specs, spec, slo).into_iter().enumerate() {
        let evaluable = match (&target.whole, target.judged) {
            (Ok(Whole::Composite(_)), _) => {
                let why = "its objectives have weights and make up one level together, which no rule tells";
                untold(target.line, why.into(), false);
                continue;
            }
            // It is only a part, and of the whole it is said.
            (_, false) => continue,
            (Err(refusal), true) => {
                untold(target.line, refusal.reason().to_owned(), false);
                continue;
            }
            (Ok(Whole::Objective(evaluable)), true) => evaluable,
        };
        let share = match share(&evaluable.measured) {
            Ok(share) => share,
            Err(why) => {
                untold(target.line, why.into(), false);
                continue;
            }
        };
        if let Window::Calendar(_) = evaluable.window {
            let why = "its window follows a calendar: there are rules for how fast the budget goes, and PromQL cannot \
                       tell what is left of it";
            untold(target.line, why.into(), true);
        }
        let title = match (&target.name, slo.objectives.len()) {
            (_, 1) => spec.title(),
            (Some(name), _) => format!("{} ({name})", spec.title()),
            (None, _) => format!("{} (objective {index})", spec.title()),
        };
        let service = slo
            .service
            .id(Some(Kind::Service))
            .map_or_else(|| slo.service.text().to_string(), |id| id.name.to_string());
        let labels = vec![
            ("abide_slo", spec.id.name.to_string()),
            ("abide_service", service),
            ("abide_objective", index.to_string()),
        ];
        let place = Place { file: spec.place.file.clone(), line: target.line };
        let subject = Subject { evaluable, share, labels, title, owner: case.owner(), place };
        let rules = records::rules(&subject).into_iter().chain(alerts::rules(&subject)).collect();
        exported.groups.push(Group { name: format!("abide-slo-{}-{index}", spec.id.name), rules });
    }
}

impl Subject<'_> {
    /// A series of this objective.
    fn series(&self, name: &str) -> String {
        let labels: Vec<String> = self.labels.iter().map(|(key, value)| format!("{key}={value:?}")).collect();
        format!("{name}{{{}}}", labels.join(", "))
    }

    /// The series of the bad share of a window.
    fn bad_share(&self, window: Duration) -> String {
        self.series(&bad_share_name(window))
    }

    /// Every window of which the bad share is needed, the shortest first.
    fn windows(&self) -> Vec<Duration> {
        let alarms = self.evaluable.alarms.iter().flat_map(|alarm| [alarm.short(), alarm.long()]);
        let mut all: Vec<Duration> = alarms.chain(self.period()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The window of the budget, where it rolls.
    const fn period(&self) -> Option<Duration> {
        match self.evaluable.window {
            Window::Rolling(length) => Some(length),
            Window::Calendar(_) => None,
        }
    }
}

/// As Sloth calls it.
fn bad_share_name(window: Duration) -> String {
    format!("slo:sli_error:ratio_rate{}", promql::duration(window))
}

impl Measured {
    /// Why a Prometheus server cannot measure it, where it cannot.
    fn elsewhere(&self) -> Option<&'static str> {
        use crate::model::SourceKind;
        let kind = match self {
            Self::Tasks(_) | Self::Percentile(_) => {
                return Some("its figures come from tasks, and not from Prometheus");
            }
            Self::Ratio(ratio) => ratio.some.source.kind,
            Self::Raw { of, .. } | Self::Threshold { of, .. } => of.source.kind,
        };
        (kind == SourceKind::Sql).then_some("its figures come from a database, and not from Prometheus")
    }
}
