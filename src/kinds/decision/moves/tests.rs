use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Change, SourceFile, SourceTree, load, moves};
use crate::diagnostic::Diagnostic;
use crate::kinds::decision::Status;
use crate::model::{Revision, Timestamp};

fn decision(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {name}}}\nspec: {{date: 2026-01-01, {rest}}}\n"
    )
}

/// What is said of a change from files to files.
fn said(before: &[(&str, String)], after: &[(&str, String)]) -> Vec<Diagnostic> {
    let tree = SourceTree::of_texts(after.iter().cloned());
    let (catalog, broken) = load(&tree, &Catalog::empty(), Timestamp::from_secs(0));
    assert_eq!(broken, [], "the decisions can be read");
    let file = |(path, text): &(&str, String)| ((*path).into(), SourceFile::of_text(text.as_str().into()));
    let before: BTreeMap<_, _> = before.iter().filter(|old| !after.contains(old)).map(file).collect();
    let touched: BTreeSet<_> = after.iter().map(|(path, _)| (*path).into()).collect();
    let from = Revision::new("3f2a1c0000000000000000000000000000000000");
    moves(&catalog, &Change { from, before, after: BTreeMap::new(), touched })
}

/// What is said of one decision that says something else now.
fn of_one(was: &str, is: &str) -> Vec<String> {
    let said = said(&[("a.yaml", decision("a", was))], &[("a.yaml", decision("a", is))]);
    said.iter().map(|said| format!("{}: {}", said.problem.entry.code, said.problem.message)).collect()
}

#[test]
fn a_status_moves_one_way() {
    use Status::{Accepted, Deprecated, Draft, Proposed, Rejected, Superseded};
    let legal = [
        (Draft, Proposed),
        (Draft, Accepted),
        (Draft, Rejected),
        (Proposed, Draft),
        (Proposed, Accepted),
        (Proposed, Rejected),
        (Accepted, Deprecated),
        (Accepted, Superseded),
        (Rejected, Draft),
        (Rejected, Proposed),
        (Deprecated, Superseded),
        (Superseded, Accepted),
    ];
    for was in Status::ALL {
        for is in Status::ALL {
            let said = of_one(&format!("status: {}", was.word()), &format!("status: {}", is.word()));
            assert_eq!(said.is_empty(), was == is || legal.contains(&(was, is)), "{was:?} to {is:?}: {said:?}");
        }
    }
}

#[test]
fn what_is_superseded_holds_again_only_when_its_successor_is_gone() {
    let older = |status: &str| ("a.yaml", decision("a", &format!("status: {status}")));
    let newer = ("b.yaml", decision("b", "status: accepted, supersedes: [a]"));
    let both = said(&[older("superseded"), newer.clone()], &[older("accepted"), newer.clone()]);
    assert_eq!(both.len(), 1);
    assert_eq!(
        both[0].problem.help.as_deref(),
        Some("at 3f2a1c0000 it was superseded; that is the end of its life, unless its successor goes")
    );
    let undone = said(&[older("superseded"), newer], &[older("accepted")]);
    let codes: Vec<_> = undone.iter().map(|said| said.problem.entry.code).collect();
    assert_eq!(codes, ["adr/accepted-and-gone"]);
}

#[test]
fn the_text_of_an_accepted_decision_stays() {
    let was = "status: accepted, context: Files are slow., decision: use Kafka";
    let edited = |is: &str| of_one(was, is);
    assert_eq!(
        edited("status: accepted, context: Files are slow and lost., decision: use RabbitMQ"),
        ["adr/edited-after-acceptance: `context` and `decision` were changed although it is accepted"]
    );
    let as_before = [
        "status: accepted, context: Files  are slow., decision: 'use Kafka'",
        "status: accepted, context: Files are slow., decision: use Kafka, reviewBy: 2027-01-01",
    ];
    as_before.iter().for_each(|is| assert_eq!(edited(is), [""; 0], "{is}"));
    assert_eq!(
        edited("status: deprecated, context: Files are slow., decision: use RabbitMQ"),
        ["adr/edited-after-acceptance: `decision` was changed although it was accepted"]
    );
    let back = of_one("status: superseded, decision: use Kafka", "status: accepted, decision: use RabbitMQ");
    assert_eq!(back, ["adr/edited-after-acceptance: `decision` was changed although it is accepted"]);
    assert_eq!(of_one("status: proposed, decision: use Kafka", "status: accepted, decision: use RabbitMQ"), [""; 0]);
}

#[test]
fn a_change_that_a_new_decision_amends_is_not_silent() {
    let older = |text: &str| ("a.yaml", decision("a", &format!("status: accepted, decision: {text}")));
    let amends = |status: &str| ("b.yaml", decision("b", &format!("status: {status}, amends: [a]")));
    assert!(said(&[older("x")], &[older("y"), amends("accepted")]).is_empty());
    assert_eq!(said(&[older("x")], &[older("y"), amends("proposed")]).len(), 1);
    assert_eq!(
        said(&[older("x"), ("b.yaml", amends("accepted").1 + "# old\n")], &[older("y"), amends("accepted")]).len(),
        1
    );
}

#[test]
fn rules_that_are_weakened_are_hinted_at() {
    let with = |rules: &str| format!("status: accepted, rules: [{rules}]");
    let (one, other) = ("{id: hook, requirePath: .githooks/pre-commit}", "{id: hook, requirePath: README.md}");
    assert_eq!(
        of_one(&with(one), &with(other)),
        ["adr/edited-after-acceptance: the rule `hook` demands something else than before"]
    );
    assert_eq!(of_one(&with(one), &with("")), ["adr/edited-after-acceptance: the rule `hook` was taken out"]);
    assert_eq!(of_one(&with(""), &with(one)), [""; 0]);
}

#[test]
fn what_was_accepted_does_not_vanish_but_may_be_renamed() {
    let a = ("a.yaml", decision("a", "status: accepted, decision: x"));
    let other = ("z.yaml", decision("z", "status: draft"));
    let gone = said(&[a.clone(), other.clone()], std::slice::from_ref(&other));
    assert_eq!(
        gone.iter().map(|said| (&*said.file, said.problem.entry.code)).collect::<Vec<_>>(),
        [("a.yaml", "adr/accepted-and-gone")]
    );
    assert!(said(&[a], &[("b.yaml", decision("b", "status: accepted, decision: x")), other.clone()]).is_empty());
    assert!(said(&[("a.yaml", decision("a", "status: rejected"))], &[other]).is_empty());
}
