//! What the rows of a store cannot show: rows as they were written before these told all, and rows that make no sense.

use serde_json::{Value, json};

use super::super::{Chain, Head, Page, Verified, Witness};
use super::*;
use crate::model::Timestamp;

const NOON: Timestamp = Timestamp::from_secs(1_772_000_000);

fn record(told: &[(&str, Value)]) -> Vec<Entry> {
    let mut head: Option<Head> = None;
    let entry = |(action, what): &(&str, Value)| {
        let entry = Entry::after(head.take(), NOON, "ada", action, what.to_string());
        head = Some(entry.head());
        entry
    };
    told.iter().map(entry).collect()
}

fn verify(told: &[(&str, Value)], kept: Kept) -> Verified {
    let mut chain = Chain::default();
    let page = Page { rows: record(told), kept: Some(kept), ..Page::default() };
    assert_eq!(chain.take(page), None);
    chain.finish(Witness::default())
}

fn said(verified: &Verified) -> Vec<String> {
    verified.mismatches.iter().map(ToString::to_string).collect()
}

fn token(digest: &str, agent: &str) -> Token {
    Token { digest: digest.into(), agent: agent.into(), made: NOON, ..Token::default() }
}

#[test]
fn a_token_of_an_older_row_is_held_against_what_that_row_tells() {
    let rows = [("entrust", json!({"agent": "ada", "until": null})), ("entrust", json!({"agent": "bob"}))];
    let kept = |tokens: Vec<Token>| Kept { tokens, ..Kept::default() };
    assert_eq!(said(&verify(&rows, kept(vec![token("1", "ada"), token("2", "bob")]))), [] as [String; 0]);
    assert_eq!(
        said(&verify(&rows, kept(vec![token("1", "ada"), token("2", "eve")]))),
        [
            format!("the token of agent/eve that was made at {NOON}: no row tells of it"),
            format!("the token of agent/bob that was made at {NOON}: not there as row 2 left it"),
        ]
    );
    let back = [&rows[..], &[("distrust", json!({"agent": "ada"}))]].concat();
    let found = verify(&back, kept(vec![token("1", "ada"), token("2", "bob")]));
    assert_eq!((found.mismatches.len(), found.mismatches[0].row, found.held), (1, Some(3), Some(2)));
}

#[test]
fn what_an_older_row_of_a_request_does_not_tell_is_not_held_against_it() {
    let rows = [
        ("request", json!({"task": "1", "policy": "approvalpolicy/a", "digest": "sha256:9"})),
        (
            "gate",
            json!({"task": "1", "policy": "approvalpolicy/a", "from": "pending", "to": "approved", "reason": null}),
        ),
    ];
    let request = Request {
        task: "1".into(),
        policy: "approvalpolicy/a".into(),
        asked: Timestamp::default(),
        state: "approved".into(),
        since: NOON,
        digest: "8".into(),
        touched: 2,
        why: None,
    };
    let kept = |request: Request| Kept { requests: vec![request], ..Kept::default() };
    assert_eq!(said(&verify(&rows, kept(request.clone()))), [] as [String; 0]);
    let state = Request { state: "overridden".into(), ..request };
    let found = said(&verify(&rows, kept(state)));
    assert_eq!(found, ["the request of approvalpolicy/a about task 1: not as row 2 tells, by its state"]);
}

#[test]
fn a_row_that_makes_no_sense_bears_nothing_out() {
    let ballot = Ballot { nonce: "a".into(), touched: 1, at: NOON, ..Ballot::default() };
    for what in [json!("none"), json!({"nonce": "a"}), json!({"nonce": "a", "task": 1, "policy": "?", "digest": "x"})] {
        let rows = [("approve", what)];
        assert!(!bears_out(&record(&rows)[0], &ballot));
        let found = verify(&rows, Kept { ballots: vec![ballot.clone()], ..Kept::default() });
        assert_eq!(found.mismatches[0].word(), "changed");
    }
    assert!(!bears_out(&record(&[("add", json!({}))])[0], &ballot));
}

#[test]
fn of_many_mismatches_the_first_ones_are_told() {
    let ballots = (1..=30).map(|touched| Ballot { touched, ..Ballot::default() }).collect();
    let found = verify(&[], Kept { ballots, ..Kept::default() });
    assert_eq!((found.mismatches.len(), found.more, found.is_whole()), (20, 10, true));
}
