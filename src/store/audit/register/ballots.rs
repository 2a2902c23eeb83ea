//! What was said, held against the rows that tell of it.

use serde_json::Value;

use super::super::kept::Ballot;
use super::super::mismatch::{Differences, How, Mismatch};
use super::super::{Entry, particulars};
use super::{bound, text};
use crate::model::{Said, Vote};

/// What the actions are called that tell of a ballot, and what was said then.
const ACTIONS: [(&str, Said); 3] =
    [("approve", Said::Vote(Vote::Approved)), ("reject", Said::Vote(Vote::Rejected)), ("override", Said::Override)];

/// What the action of a row says that somebody said, if it tells of a ballot.
pub(super) fn said(action: &str) -> Option<Said> {
    ACTIONS.iter().find(|(told, _)| *told == action).map(|(_, said)| *said)
}

/// Whether a row tells of the ballot, as that is.
pub fn bears_out(entry: &Entry, ballot: &Ballot) -> bool {
    entry.seq == ballot.touched
        && said(&entry.action).is_some_and(|said| differences(entry, said, &particulars(entry), ballot).is_none())
}

/// What is wrong with the ballots that name a row.
pub(super) fn at(entry: &Entry, said: Said, what: &Value, mut ballots: Vec<Ballot>) -> Vec<Mismatch> {
    let row = Some(entry.seq);
    let nonce = text(what, "nonce");
    // The row's own is the one with its nonce; if that was changed, whichever is there.
    let own = ballots.iter().position(|ballot| Some(&*ballot.nonce) == nonce).unwrap_or(0);
    let mut found = Vec::new();
    if ballots.is_empty() {
        let [agent, task] = ["agent", "task"].map(|key| text(what, key).unwrap_or_default());
        found.push(Mismatch { what: named(nonce.unwrap_or_default(), agent, said.word(), task), row, how: How::Gone });
    } else {
        let ballot = ballots.swap_remove(own);
        let how = differences(entry, said, what, &ballot);
        found.extend(how.map(|how| Mismatch { what: words(&ballot), row, how }));
    }
    found.extend(ballots.iter().map(|ballot| foreign(ballot, entry)));
    found
}

/// That a ballot names a row which tells of something else.
pub(super) fn foreign(ballot: &Ballot, entry: &Entry) -> Mismatch {
    Mismatch { what: words(ballot), row: Some(entry.seq), how: How::Foreign(entry.action.clone()) }
}

/// That a ballot names a row which is not there.
pub(super) fn untold(ballot: &Ballot) -> Mismatch {
    Mismatch { what: words(ballot), row: Some(ballot.touched), how: How::Untold }
}

fn words(ballot: &Ballot) -> String {
    named(&ballot.nonce, &ballot.agent, &ballot.said, &ballot.task)
}

fn named(nonce: &str, agent: &str, said: &str, task: &str) -> String {
    format!("the ballot `{nonce}` (agent/{agent} {said} task {task})")
}

fn differences(entry: &Entry, said: Said, what: &Value, ballot: &Ballot) -> Option<How> {
    let mut found = Differences::default();
    for (field, kept) in
        [("nonce", &ballot.nonce), ("task", &ballot.task), ("policy", &ballot.policy), ("agent", &ballot.agent)]
    {
        found.text(field, text(what, field), Some(kept));
    }
    found.text("verdict", Some(said.word()), Some(&ballot.said));
    found.moment("time", Some(entry.at), Some(ballot.at));
    found.time("expiry", text(what, "expires"), ballot.expires);
    found.text("revision", text(what, "revision"), Some(&ballot.revision));
    let signed = |is: bool| if is { "yes" } else { "no" };
    found.text("signature", what.get("signed").and_then(Value::as_bool).map(signed), Some(signed(ballot.is_signed)));
    found.text("reason", text(what, "reason"), ballot.reason.as_deref());
    let bound = bound(what, &ballot.content, &ballot.version);
    found.text("content or version", text(what, "digest"), bound.as_deref());
    found.found()
}
