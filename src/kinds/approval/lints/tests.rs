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
    lints("approval/never", text)
}

/// What is said by one code.
fn lints(code: &str, text: String) -> Vec<String> {
    let (catalog, broken) =
        load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    assert_eq!(broken, []);
    let said = lint(&catalog, &Habits::default()).into_iter();
    said.filter(|said| said.problem.entry.code == code).map(|said| said.problem.message).collect()
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
        ("{select: {}, require: {role: architect, count: 3}}", "only 2 people have role/architect, and 3 must agree"),
        ("{select: {}, require: {role: product-owner}}", "no person has role/product-owner"),
        ("{select: {}, require: {role: developer}}", "role/developer does not say `mayApprove: true`"),
        ("{select: {authors: [bot]}, require: {people: [agent/ada]}}", "of agent/ada only 0 may say yes, and 1 must"),
        (
            "{select: {agents: [ada]}, require: {role: architect, count: 2}}",
            "only 1 person who is not excluded has role/architect, and 2 must agree",
        ),
        (
            "{select: {}, require: {all: [{role: architect, count: 2}, {people: [agent/ada]}], distinct: true}}",
            "there are not enough different people for 2 of architect and agent/ada, different people",
        ),
    ] {
        assert_eq!(said(spec), [format!("{never}{why}")], "{spec}");
    }
}

#[test]
fn who_has_no_key_signs_nothing() {
    let never = said("{select: {}, require: {role: architect}, signature: required}");
    assert_eq!(
        never,
        [
            "approvalpolicy/deploys can never be satisfied: it wants signatures, and nobody declares a key (`keys` of an Agent)"
        ]
    );
}

#[test]
fn one_nonce_in_two_approvals_is_told_whatever_they_are_about() {
    let approval = |name: &str, task: &str, nonce: &str| {
        let digest = format!("sha256:{}", "0".repeat(64));
        format!(
            "apiVersion: abide.dev/v1\nkind: Approval\nmetadata: {{name: {name}}}\nspec: {{task: '{task}', policy: deploys, action: \
             start, verdict: approved, by: agent/ada, digest: '{digest}', expires: 2030-01-01, nonce: {nonce}}}\n---\n"
        )
    };
    let others = "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: ada}\nspec: {human: true}\n---\napiVersion: \
                  abide.dev/v1\nkind: Role\nmetadata: {name: architect}\nspec: {mayApprove: true}\n---\napiVersion: \
                  abide.dev/v1\nkind: ApprovalPolicy\nmetadata: {name: deploys}\nspec: {select: {}, require: {role: architect}}\n---\n";
    let text =
        [others.to_owned(), approval("a", "1", "x1"), approval("b", "2", "x1"), approval("c", "3", "x2")].concat();
    assert_eq!(lints("approval/nonce-twice", text), ["approval/b has the nonce of approval/a, and does not count"]);
}
