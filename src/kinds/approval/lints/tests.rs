use crate::catalog::{Catalog, SourceTree, lint, load};
use crate::model::{Habits, Timestamp};

/// What is said of a policy with these fields, where Ada and Bob are architects, Kim a developer who owns dev-1, and bot an AI
/// product owner.
fn said(spec: &str) -> Vec<String> {
    let people = [
        ("Role", "architect", "{mayApprove: true}"),
        ("Role", "product-owner", "{mayApprove: true}"),
        ("Role", "developer", "{}"),
        ("Agent", "ada", "{human: true, roles: [architect]}"),
        ("Agent", "bob", "{human: true, roles: [architect]}"),
        ("Agent", "kim", "{human: true, roles: [developer]}"),
        ("Agent", "bot", "{roles: [product-owner]}"),
        ("ApprovalPolicy", "deploys", spec),
    ];
    let text: String = people
        .iter()
        .map(|(kind, name, spec)| {
            let owner = if *name == "bot" { ", owner: agent/ada" } else { "" };
            format!("apiVersion: abide.dev/v1\nkind: {kind}\nmetadata: {{name: {name}{owner}}}\nspec: {spec}\n---\n")
        })
        .collect();
    let (catalog, broken) =
        load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    assert_eq!(broken, []);
    let said = lint(&catalog, &Habits::default()).into_iter();
    said.filter(|said| said.problem.entry.code == "approval/never").map(|said| said.problem.message).collect()
}

#[test]
fn a_policy_that_somebody_can_satisfy_gets_nothing() {
    assert_eq!(said("{select: {types: [deploy]}, require: {role: architect, count: 2}}"), [""; 0]);
    assert_eq!(said("{select: {}, require: {any: [{role: product-owner}, {people: [agent/kim]}]}}"), [""; 0]);
    assert_eq!(
        said("{select: {}, require: {all: [{role: architect}, {people: [agent/ada]}], distinct: true}}"),
        [""; 0]
    );
}

#[test]
fn one_that_nobody_can_satisfy_says_why() {
    let never = "approvalpolicy/deploys can never be satisfied: ";
    for (spec, why) in [
        ("{select: {}, require: {role: architect, count: 3}}", "only 2 of 3 people has role/architect"),
        ("{select: {}, require: {role: product-owner}}", "no person has role/product-owner"),
        ("{select: {}, require: {role: developer}}", "role/developer does not say `mayApprove: true`"),
        ("{select: {authors: [bot]}, require: {people: [agent/ada]}}", "of agent/ada only 0 may say yes, and 1 must"),
        (
            "{select: {agents: [ada]}, require: {role: architect, count: 2}}",
            "only 1 of 2 people who is not excluded has role/architect",
        ),
        (
            "{select: {}, require: {all: [{role: architect, count: 2}, {people: [agent/ada]}], distinct: true}}",
            "there are not enough different people for 2 of architect and agent/ada, different people",
        ),
    ] {
        assert_eq!(said(spec), [format!("{never}{why}")], "{spec}");
    }
}
