//! Verdicts of rows as they were first seen, held against the rows that tell of it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::Entry;
use super::super::kept::Seen;
use super::super::mismatch::{Differences, How, Mismatch};
use super::{bound, text};

/// A verdict's task, policy and role.
type Key = [String; 3];

/// What the last row so far left of each verdict.
#[derive(Debug, Default)]
pub(super) struct Verdicts(BTreeMap<Key, Left>);

#[derive(Debug)]
struct Left {
    row: i64,
    /// Whether what is there names that row.
    is_there: bool,
}

impl Verdicts {
    /// Takes a row that tells of a verdict, with those that name it.
    pub(super) fn step(&mut self, entry: &Entry, what: &Value, named: Vec<Seen>) -> Vec<Mismatch> {
        let key: Key = ["task", "policy", "role"].map(|key| text(what, key).unwrap_or_default().to_owned());
        let (own, others): (Vec<Seen>, Vec<Seen>) = named.into_iter().partition(|seen| self::key(seen) == key);
        let mut found: Vec<Mismatch> = others.iter().map(|seen| foreign(seen, entry)).collect();
        let row = Some(entry.seq);
        // What is there names an earlier row, and this one took it away or put another in its place.
        if self.0.remove(&key).is_some_and(|left| left.is_there) {
            found.push(Mismatch { what: words(&key), row, how: How::Risen });
        }
        if text(what, "verdict").is_none() {
            found.extend(own.iter().map(|_| Mismatch { what: words(&key), row, how: How::Risen }));
            return found;
        }
        let changed = own.iter().filter_map(|seen| differences(entry, what, seen));
        found.extend(changed.map(|how| Mismatch { what: words(&key), row, how }));
        self.0.insert(key, Left { row: entry.seq, is_there: !own.is_empty() });
        found
    }

    /// What is not there as it was left.
    pub(super) fn finish(self) -> impl Iterator<Item = Mismatch> {
        let gone = self.0.into_iter().filter(|(_, left)| !left.is_there);
        gone.map(|(key, left)| Mismatch { what: words(&key), row: Some(left.row), how: How::Gone })
    }
}

/// That a verdict names a row which tells of something else.
pub(super) fn foreign(seen: &Seen, entry: &Entry) -> Mismatch {
    Mismatch { what: words(&key(seen)), row: Some(entry.seq), how: How::Foreign(entry.action.clone()) }
}

/// That a verdict names a row which is not there.
pub(super) fn untold(seen: &Seen) -> Mismatch {
    Mismatch { what: words(&key(seen)), row: Some(seen.touched), how: How::Untold }
}

fn key(seen: &Seen) -> Key {
    [seen.task.clone(), seen.policy.clone(), seen.role.clone()]
}

fn words([task, policy, role]: &Key) -> String {
    format!("what {policy} saw in the row of task {task} for {role}")
}

fn differences(entry: &Entry, what: &Value, seen: &Seen) -> Option<How> {
    let mut found = Differences::default();
    found.text("verdict", text(what, "verdict"), Some(&seen.vote));
    found.text("agent", text(what, "agent"), seen.agent.as_deref());
    found.time("time of the verdict", text(what, "given"), seen.given);
    found.moment("time", Some(entry.at), Some(seen.at));
    let bound = bound(what, &seen.content, &seen.version);
    found.text("content or version", text(what, "digest"), bound.as_deref());
    found.found()
}
