//! What the rows of a store cannot show: rows as they were written before these told all, and rows that make no sense.

use serde_json::{Value, json};

use super::super::{Chain, Head, Page, Verified, Witness};
use super::*;
use crate::model::{Content, Digest, TaskId, Timestamp, request_digest};

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
        used: None,
        used_started: None,
        used_content: None,
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

/// A verdict as a policy saw it, and the row that tells of it.
fn seen(touched: i64) -> (Seen, Value) {
    let (content, version) = (Content::titled("a"), Digest::of("policy"));
    let (task, policy) = (TaskId::from("1"), "approvalpolicy/a".parse().unwrap());
    let digest = request_digest(&task, content.digest(), &policy, version);
    let what = json!({
        "task": "1", "policy": "approvalpolicy/a", "role": "architect", "verdict": "approved", "agent": "ada", "given": null,
        "digest": format!("sha256:{digest}"),
    });
    let seen = Seen {
        task: "1".into(),
        policy: "approvalpolicy/a".into(),
        role: "architect".into(),
        vote: "approved".into(),
        agent: Some("ada".into()),
        given: None,
        content: content.to_string(),
        version: version.to_string(),
        at: NOON,
        touched,
    };
    (seen, what)
}

#[test]
fn a_verdict_that_was_put_in_changed_or_taken_out_is_found() {
    let of = |seen: Vec<Seen>| Kept { seen, ..Kept::default() };
    let (kept, what) = seen(1);
    let name = "what approvalpolicy/a saw in the row of task 1 for architect";
    let rows = [("see", what.clone())];
    assert_eq!(said(&verify(&rows, of(vec![kept.clone()]))), [""; 0]);
    assert_eq!(said(&verify(&rows, of(vec![]))), [format!("{name}: not there as row 1 left it")]);
    let other = Seen { content: Content::titled("b").to_string(), agent: Some("bob".into()), ..kept.clone() };
    let changed = format!("{name}: not as row 1 tells, by its agent, content or version");
    assert_eq!(said(&verify(&rows, of(vec![other]))), [changed]);
    let beyond = Seen { touched: 9, role: "qa".into(), ..kept.clone() };
    let put_in = "what approvalpolicy/a saw in the row of task 1 for qa: it names row 9, which is not there";
    assert_eq!(said(&verify(&rows, of(vec![kept.clone(), beyond]))), [put_in]);
    // Seen again, and gone for good.
    let rows = [("see", what.clone()), ("see", what)];
    assert_eq!(said(&verify(&rows, of(vec![seen(2).0]))), [""; 0]);
    let gone = json!({"task": "1", "policy": "approvalpolicy/a", "role": "architect", "verdict": null});
    let rows = [rows[0].clone(), ("see", gone)];
    assert_eq!(said(&verify(&rows, of(vec![]))), [""; 0]);
    assert_eq!(said(&verify(&rows, of(vec![kept]))), [format!("{name}: there, although row 2 took it away")]);
}
