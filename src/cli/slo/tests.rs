//! The rules file as a whole; how service levels are looked at.

mod look;
mod org;

use super::rules;
use crate::kinds::slo::export::prometheus;
use crate::kinds::{Specs, Unread, read};
use crate::model::Policy;
use crate::yaml::parse;

const SPECS: &str = r#"apiVersion: openslo/v1
kind: DataSource
metadata: {name: prom}
spec: {type: Prometheus}
---
apiVersion: openslo/v1
kind: Service
metadata: {name: web, annotations: {abide.dev/owner: role/dev}}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability, displayName: 'The {{ web }} answers'}
spec:
  service: web
  indicator:
    metadata: {name: answers}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {metricSourceRef: prom, spec: {query: 'http_requests_total{job="web",code!~"5.."}'}}}
        total: {metricSource: {metricSourceRef: prom, spec: {query: 'http_requests_total{job="web"}'}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}, {displayName: Almost always, target: 0.99}]
"#;

#[test]
fn a_group_for_each_objective() {
    let parsed = parse(SPECS);
    let documents = parsed.documents.iter().map(|node| read(node, &"specs/web.yaml".into(), &SPECS.into()));
    let specs = Specs::new(documents.filter_map(|document| document.spec), Unread::default());
    let exported = prometheus(&specs, &Policy::default());
    assert_eq!(exported.untold, []);
    let text = rules::yaml(&exported.groups).unwrap();
    assert_eq!(text, rules::yaml(&prometheus(&specs, &Policy::default()).groups).unwrap());
    insta::assert_snapshot!(text);
}
