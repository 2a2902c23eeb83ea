use serde_json::Value;

use super::*;
use crate::cli::io::tests::run as capture;

fn explain(topic: Option<&str>, output: Output) -> Result<(Exit, String), CliError> {
    capture(|io| run(&Args { topic: topic.map(str::to_owned), output }, io))
}

#[test]
fn everything_that_is_listed_can_be_explained() {
    let (_, listed) = explain(None, Output::Text).unwrap();
    for topic in Topic::all() {
        assert!(listed.contains(topic.name()), "{}", topic.name());
        let (exit, text) = explain(Some(topic.name()), Output::Text).unwrap();
        assert_eq!(exit, Exit::Fine);
        assert!(text.starts_with(topic.name()) && text.lines().count() > 2, "{text}");
        let (_, json) = explain(Some(topic.name()), Output::Json).unwrap();
        assert!(serde_json::from_str::<Value>(&json).is_ok());
        assert!(!topic.means().is_empty(), "{}", topic.name());
    }
}

#[test]
fn a_finding_is_explained_with_example_and_remedy() {
    insta::assert_snapshot!("finding", explain(Some("reference/unknown"), Output::Text).unwrap().1);
    insta::assert_snapshot!("drift", explain(Some("approval/void"), Output::Text).unwrap().1);
}

#[test]
fn what_a_check_finds_is_explained_once() {
    let (_, broken) = explain(Some("decision/rule-broken"), Output::Text).unwrap();
    assert_eq!(broken.matches("decision/rule-broken: ").count(), 1, "{broken}");
    assert!(broken.starts_with("decision/rule-broken: a state of drift\n"), "{broken}");
    let (_, unknown) = explain(Some("decision/rule-unknown"), Output::Text).unwrap();
    assert!(unknown.starts_with("decision/rule-unknown: a finding of check (error)\n"), "{unknown}");
}

#[test]
fn a_kind_is_explained_by_its_fields() {
    insta::assert_snapshot!("kind", explain(Some("agentpool"), Output::Text).unwrap().1);
    let (_, policy) = explain(Some("ApprovalPolicy"), Output::Text).unwrap();
    assert!(policy.contains("optional | required"), "{policy}");
}

#[test]
fn what_is_unknown_gets_the_nearest_name_and_code_2() {
    let error = explain(Some("slo/burnin"), Output::Text).unwrap_err();
    assert_eq!((error.exit.code(), error.hint.as_deref()), (2, Some("did you mean `slo/burning`?")));
    assert!(explain(Some("zzzzzzzzzzzz"), Output::Text).unwrap_err().hint.is_some());
}
