//! The documents of the two organisations, each in a few versions.

use abide::catalog::SourceTree;
use abide::git::{Effort, SourceError, SpecSource};
use abide::model::Revision;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const HEAD: &str = "apiVersion: abide.dev/v1\nkind: ";

/// The files, each with its versions; an empty one is no file.
pub(super) const FILES: [(&str, &[&str]); 9] = [
    (
        "roles",
        &[
            "Role\nmetadata: {name: developer}\nspec: {mayApprove: true}\n---\napiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: ada}\nspec: {human: true, roles: [developer]}\n---\napiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: bob}\nspec: {human: true, roles: [developer]}\n",
        ],
    ),
    (
        "fixes",
        &[
            "Assignment\nmetadata: {name: fixes}\nspec: {select: {types: [fix], createdWithin: 1h}, to: role/developer, sla: {medium: {claim: 5m, finish: 1d}, critical: {claim: 1m}}}\n",
            "Assignment\nmetadata: {name: fixes}\nspec: {select: {types: [fix]}, to: role/developer, onDrift: enforce}\n",
            "Assignment\nmetadata: {name: fixes}\nspec: {select: {types: [fix]}, to: role/developer, onDrift: warn}\n",
            "Assignment\nmetadata: {name: fixes}\nspec: {select: {types: [fix]}, to: role/developer, severity: high, onDrift: enforce}\n",
            "Assignment\nmetadata: {name: fixes}\nspec: {select: {types: [fix], createdWithin: 1d}, to: role/developer, severity: medium, wip: {max: 1, perAgent: 0}, sla: {medium: {claim: 5m, finish: 1h}}, escalate: [{after: 1m, to: role/sre}, {after: 90m, to: agent/dev-1}]}\n",
            "Assignment\nmetadata: {name: fixes}\nspec: {selekt: {types: [fix]}, to: role/developer}\n",
            "",
        ],
    ),
    (
        "rest",
        &[
            "",
            "Assignment\nmetadata: {name: rest}\nspec: {select: {types: ['*']}, to: role/developer}\n",
            "Assignment\nmetadata: {name: rest}\nspec: {select: {severity: '>=high'}, to: agent/dev-1}\n",
        ],
    ),
    (
        "agents",
        &[
            "Agent\nmetadata: {name: dev-1}\nspec: {roles: [developer], maxConcurrency: 1, heartbeat: {every: 10s, deadAfter: 2m}}\n",
            "Agent\nmetadata: {name: dev-1}\nspec: {roles: [developer], maxConcurrency: 2}\n",
            "Agent\nmetadata: {name: dev-2}\nspec: {roles: [developer], heartbeat: {deadAfter: 1h}}\n",
        ],
    ),
    (
        "gate",
        &[
            "ApprovalPolicy\nmetadata: {name: gate}\nspec: {select: {types: [deploy]}, require: {role: developer}}\n",
            "ApprovalPolicy\nmetadata: {name: gate}\nspec: {select: {types: [deploy, fix], createdWithin: 1d}, require: {role: developer}, validFor: 1d, timeout: [{after: 1m, escalate: role/developer}, {after: 1h, verdict: deny}], breakGlass: {by: [role/developer], maxFor: 1h}}\n",
            "",
            "ApprovalPolicy\nmetadata: {name: gate}\nspec: {select: {types: [deploy]}, require: {role: developer, count: 2}, bind: task, timeout: [{after: 5m, escalate: agent/ada}], breakGlass: {by: [agent/bob]}, windows: {allow: [{from: '09:00', to: '19:00'}]}}\n",
        ],
    ),
    (
        "decision",
        &[
            "Decision\nmetadata: {name: one}\nspec: {status: accepted, date: 2026-01-01, reviewBy: 2026-03-04, rules: [{id: a, tasks: {select: {types: [fix], createdWithin: 1h}, atMost: 1}}, {id: b, tasks: {select: {types: [deploy], status: [failed]}, atMost: 0}}]}\n",
            "Decision\nmetadata: {name: one}\nspec: {status: accepted, date: 2026-01-01, delivery: {select: {types: [fix], createdWithin: 1d}, dueBy: 2026-03-02}, rules: [{id: a, tasks: {select: {types: [fix]}, atLeast: 2}}]}\n",
            "",
        ],
    ),
    (
        "waiver",
        &[
            "",
            "Waiver\nmetadata: {name: w}\nspec: {match: {rule: assignment/role}, reason: x, until: 2026-03-02, approvedBy: role/developer}\n",
            "Waiver\nmetadata: {name: w}\nspec: {match: {subject: task/1}, reason: x, until: 2026-03-05, approvedBy: role/developer}\n",
        ],
    ),
    ("slo", &[SLO, SLICED, TOGETHER]),
    (
        "budget",
        &[
            "",
            "ErrorBudgetPolicy\nmetadata: {name: careful}\nspec: {slos: [fixes], minEvents: 2, steps: [{remainingBelow: 0.9, task: {to: role/developer}}, {remainingBelow: 0.5, freeze: {select: {types: [deploy]}, require: {role: developer}}}], reviewBy: 2026-03-03}\n",
            "ErrorBudgetPolicy\nmetadata: {name: careful}\nspec: {slos: {labels: {team: core}}, burnRates: [{factor: 2, long: 6h, short: 1h}], steps: [{remainingBelow: 0, freeze: {select: {types: [fix, deploy]}}}]}\n",
        ],
    ),
];

const SLO: &str = "Role
metadata: {name: sre}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes}
spec:
  service: agents
  indicator:
    metadata: {name: share}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event], status: [completed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event], status: [completed, failed]}}}}
  timeWindow: [{duration: 2d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.8}]
";

/// Slices of a day of the calendar, and an alert policy.
const SLICED: &str = "Role
metadata: {name: sre}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes, labels: {team: core}}
spec:
  service: agents
  indicator:
    metadata: {name: share}
    spec:
      ratioMetric:
        bad: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event], status: [failed]}}}}
        total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event], status: [completed, failed]}}}}
  timeWindow: [{duration: 1d, calendar: {startTime: 2026-01-01 05:00:00, timeZone: Asia/Kolkata}}]
  budgetingMethod: Timeslices
  objectives: [{target: 0.99, timeSliceTarget: 0.9, timeSliceWindow: 7m}]
  alertPolicies:
    - kind: AlertPolicy
      metadata: {name: page}
      spec:
        alertWhenBreaching: true
        conditions:
          - kind: AlertCondition
            metadata: {name: fast}
            spec: {severity: page, condition: {kind: burnrate, op: gte, threshold: 1, lookbackWindow: 3h, alertAfter: 20m}}
";

/// A percentile and a mean of ratios, with weights.
const TOGETHER: &str = "Role
metadata: {name: sre}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: fixes, labels: {team: core}}
spec:
  service: agents
  timeWindow: [{duration: 2d, isRolling: true}]
  budgetingMethod: RatioTimeslices
  objectives:
    - target: 0.99
      compositeWeight: 2
      timeSliceWindow: 1h
      indicator:
        metadata: {name: share}
        spec:
          ratioMetric:
            good: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event], status: [completed]}}}}
            total: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event]}}}}
    - target: 0.9
      compositeWeight: 1
      timeSliceWindow: 1h
      op: lte
      value: 10
      indicator:
        metadata: {name: p50}
        spec: {thresholdMetric: {metricSource: {type: abide.dev/tasks, spec: {select: {types: [event]}, measure: created-to-finished, unit: minutes, percentile: 50}}}}
";

/// A tree in memory that remembers every state it had.
#[derive(Default)]
pub(super) struct Tree {
    /// The version of each file.
    pub(super) versions: [usize; FILES.len()],
    states: BTreeMap<Revision, SourceTree>,
}

impl Tree {
    fn now(&mut self) -> SourceTree {
        let texts = FILES.iter().zip(self.versions).filter_map(|((name, versions), n)| {
            let text = versions[n % versions.len()];
            (!text.is_empty()).then(|| (format!("specs/{name}.yaml"), format!("{HEAD}{text}")))
        });
        let tree = SourceTree::of_texts(texts);
        self.states.insert(tree.revision.clone(), tree.clone());
        tree
    }
}

/// The tree as a source of specs.
pub(super) struct Source(pub(super) Arc<Mutex<Tree>>);

impl SpecSource for Source {
    fn effort(&mut self) -> Effort {
        Effort::Slight
    }

    fn head(&mut self, _: Option<&SourceTree>) -> Result<SourceTree, SourceError> {
        Ok(self.0.lock().unwrap().now())
    }

    fn at(&mut self, revision: &str) -> Result<SourceTree, SourceError> {
        Ok(self.0.lock().unwrap().states[&Revision::new(revision)].clone())
    }

    fn working(&mut self) -> Result<SourceTree, SourceError> {
        self.head(None)
    }

    fn earlier(
        &mut self,
        _: &Revision,
        _: &str,
        _: usize,
    ) -> Result<Vec<(Revision, abide::catalog::SourceFile)>, SourceError> {
        Ok(Vec::new())
    }

    fn continues(&mut self, _: &Revision, _: &Revision) -> Result<bool, SourceError> {
        Ok(true)
    }
}
