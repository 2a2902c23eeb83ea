//! Holds what other tables keep of transitions against the rows that tell of these, while a [`super::Chain`] walks the rows.

mod ballots;
mod people;
mod requests;
mod seen;
#[cfg(test)]
mod tests;

pub use ballots::bears_out;
pub use requests::withdrawn;

use std::collections::VecDeque;

use serde_json::Value;

use self::people::{Sightings, Tokens};
use self::requests::Requests;
use self::seen::Verdicts;
use super::kept::{Ballot, Request, Seen, Sighting, Token};
use super::{Entry, Kept, Mismatch, particulars};
use crate::model::{Content, Digest, SpecId, TaskId, request_digest};

/// What was met so far. Ballots and requests name their row, so that of these no more is in memory than a page has.
#[derive(Debug, Default)]
pub(super) struct Register {
    ballots: VecDeque<Ballot>,
    requests: VecDeque<Request>,
    risen: Vec<Request>,
    moved: Requests,
    verdicts: VecDeque<Seen>,
    left: Verdicts,
    made: Tokens,
    seen: Sightings,
    tokens: Vec<Token>,
    sightings: Vec<Sighting>,
    held: u64,
}

impl Register {
    /// Takes what is kept of the rows that come next.
    pub(super) fn keep(&mut self, kept: Kept) {
        let Kept { ballots, requests, risen, seen, tokens, sightings } = kept;
        self.held += (ballots.len() + requests.len() + seen.len() + tokens.len() + sightings.len()) as u64;
        self.verdicts.extend(seen);
        self.ballots.extend(ballots);
        self.requests.extend(requests);
        self.risen = risen;
        self.tokens.extend(tokens);
        self.sightings.extend(sightings);
    }

    /// Takes the next row, and says what does not fit to it.
    pub(super) fn step(&mut self, entry: &Entry) -> Vec<Mismatch> {
        let mut found = self.before(entry.seq);
        let mut ballots = beginning(&mut self.ballots, |it| it.touched <= entry.seq);
        let mut requests = beginning(&mut self.requests, |it| it.touched <= entry.seq);
        let mut verdicts = beginning(&mut self.verdicts, |it| it.touched <= entry.seq);
        match (&*entry.action, ballots::said(&entry.action)) {
            (_, Some(said)) => {
                found.extend(ballots::at(entry, said, &particulars(entry), std::mem::take(&mut ballots)))
            }
            ("see", _) => found.extend(self.left.step(entry, &particulars(entry), std::mem::take(&mut verdicts))),
            ("request" | "gate" | "start", _) => {
                let requests = std::mem::take(&mut requests);
                found.extend(self.moved.step(entry, &particulars(entry), requests, &mut self.risen));
            }
            ("entrust", _) => self.made.entrust(entry, &particulars(entry)),
            ("distrust", _) => self.made.distrust(entry, &particulars(entry)),
            ("sight", _) => self.seen.sight(entry, &particulars(entry)),
            _ => {}
        }
        found.extend(ballots.iter().map(|ballot| ballots::foreign(ballot, entry)));
        found.extend(requests.iter().map(|request| requests::foreign(request, entry)));
        found.extend(verdicts.iter().map(|seen| seen::foreign(seen, entry)));
        found
    }

    /// What names a row before that one, and none that was there.
    fn before(&mut self, seq: i64) -> Vec<Mismatch> {
        let ballots = beginning(&mut self.ballots, |it| it.touched < seq);
        let requests = beginning(&mut self.requests, |it| it.touched < seq);
        let seen = beginning(&mut self.verdicts, |it| it.touched < seq);
        let untold = ballots.iter().map(ballots::untold).chain(requests.iter().map(requests::untold));
        untold.chain(seen.iter().map(seen::untold)).collect()
    }

    /// What does not fit to any row, or is not there, once the last row was taken; and how much was held against the rows.
    pub(super) fn finish(self) -> (Vec<Mismatch>, u64) {
        let mut found: Vec<Mismatch> = self.ballots.iter().map(ballots::untold).collect();
        found.extend(self.requests.iter().map(requests::untold));
        found.extend(self.verdicts.iter().map(seen::untold));
        found.extend(self.moved.finish());
        found.extend(self.left.finish());
        found.extend(self.made.finish(&self.tokens));
        found.extend(self.seen.finish(&self.sightings));
        (found, self.held)
    }
}

/// Takes the first ones away that are so.
fn beginning<T>(queue: &mut VecDeque<T>, is_so: impl Fn(&T) -> bool) -> Vec<T> {
    let many = queue.iter().take_while(|it| is_so(it)).count();
    queue.drain(..many).collect()
}

/// A text that a row tells.
fn text<'w>(what: &'w Value, key: &str) -> Option<&'w str> {
    what.get(key)?.as_str()
}

/// What something was said to, by the content and the version that are kept of it: as the row has it, if that can be.
fn bound(what: &Value, content: &str, version: &str) -> Option<String> {
    let task = TaskId::from(text(what, "task")?);
    let policy: SpecId = text(what, "policy")?.parse().ok()?;
    let (content, version) = (Content::stored(content)?, Digest::stored(version)?);
    let digest = |content| format!("sha256:{}", request_digest(&task, content, &policy, version));
    let whole = digest(content.digest());
    // A policy may bind a yes to the task however that reads.
    let told = text(what, "digest");
    Some(if told == Some(&whole) {
        whole
    } else {
        Some(digest(Digest::of(""))).filter(|it| told == Some(it)).unwrap_or(whole)
    })
}
