//! What shows who somebody is, and when commits were first seen, held against the rows that tell of it. Neither names its row, so
//! both are remembered to the end; there are few of them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::Entry;
use super::super::kept::{Sighting, Token};
use super::super::mismatch::{Differences, How, Mismatch};
use super::text;
use crate::model::Timestamp;

/// A token as rows tell of it.
#[derive(Debug)]
struct Made {
    row: i64,
    agent: String,
    at: Timestamp,
    until: Option<String>,
    /// When it was taken back, and the row that tells.
    revoked: Option<(Timestamp, i64)>,
}

/// The tokens that rows tell of.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    known: BTreeMap<String, Made>,
    /// Those of older rows, which do not say of which token they tell.
    nameless: Vec<Made>,
}

impl Tokens {
    /// Takes the row of a new token.
    pub(super) fn entrust(&mut self, entry: &Entry, what: &Value) {
        let made = Made {
            row: entry.seq,
            agent: text(what, "agent").unwrap_or_default().to_owned(),
            at: entry.at,
            until: text(what, "until").map(str::to_owned),
            revoked: None,
        };
        match text(what, "digest").and_then(|digest| digest.strip_prefix("sha256:")) {
            Some(digest) => drop(self.known.insert(digest.to_owned(), made)),
            None => self.nameless.push(made),
        }
    }

    /// Takes the row that takes all tokens of somebody back.
    pub(super) fn distrust(&mut self, entry: &Entry, what: &Value) {
        let agent = text(what, "agent").unwrap_or_default();
        let all = self.known.values_mut().chain(&mut self.nameless);
        for made in all.filter(|made| made.agent == agent && made.revoked.is_none()) {
            made.revoked = Some((entry.at, entry.seq));
        }
    }

    /// Holds what is there against them.
    pub(super) fn finish(mut self, tokens: &[Token]) -> Vec<Mismatch> {
        let mut found = Vec::new();
        for token in tokens {
            let what = words(&token.agent, token.made);
            match self.take(token) {
                None => found.push(Mismatch { what, row: None, how: How::Untold }),
                Some(made) => found.extend(made.differences(token).map(|(row, how)| Mismatch { what, row, how })),
            }
        }
        let mut left: Vec<Made> = self.known.into_values().chain(self.nameless).collect();
        left.sort_by_key(|made| made.row);
        let gone = |made: Made| Mismatch { what: words(&made.agent, made.at), row: Some(made.row), how: How::Gone };
        found.extend(left.into_iter().map(gone));
        found
    }

    /// What tells of a token.
    fn take(&mut self, token: &Token) -> Option<Made> {
        self.known.remove(&token.digest).or_else(|| {
            let until = token.until.map(|until| until.to_string());
            let fits = |made: &Made| made.agent == token.agent && made.at == token.made && made.until == until;
            let at = self.nameless.iter().position(fits)?;
            Some(self.nameless.swap_remove(at))
        })
    }
}

impl Made {
    fn differences(&self, token: &Token) -> Option<(Option<i64>, How)> {
        let mut found = Differences::default();
        found.text("agent", Some(&self.agent), Some(&token.agent));
        found.moment("time", Some(self.at), Some(token.made));
        found.time("end", self.until.as_deref(), token.until);
        if let Some(how) = found.found() {
            return Some((Some(self.row), how));
        }
        let mut found = Differences::default();
        found.moment("withdrawal", self.revoked.map(|(at, _)| at), token.revoked);
        // Of a withdrawal that no row tells of, the row that made the token says nothing.
        let row = self.revoked.map_or(self.row, |(_, row)| row);
        found.found().map(|how| (Some(row), how))
    }
}

fn words(agent: &str, made: Timestamp) -> String {
    format!("the token of agent/{agent} that was made at {made}")
}

/// The sightings that rows tell of.
#[derive(Debug, Default)]
pub(super) struct Sightings(BTreeMap<String, (Timestamp, i64)>);

impl Sightings {
    /// Takes the row of commits that were seen.
    pub(super) fn sight(&mut self, entry: &Entry, what: &Value) {
        let revisions = what.get("revisions").and_then(Value::as_array).into_iter().flatten();
        for revision in revisions.filter_map(Value::as_str) {
            self.0.insert(revision.to_owned(), (entry.at, entry.seq));
        }
    }

    /// Holds what is there against them.
    pub(super) fn finish(mut self, sightings: &[Sighting]) -> Vec<Mismatch> {
        let words = |revision: &str| format!("when commit {revision} was first seen");
        let mut found = Vec::new();
        for Sighting { revision, at } in sightings {
            let what = words(revision);
            match self.0.remove(revision) {
                None => found.push(Mismatch { what, row: None, how: How::Untold }),
                Some((told, row)) => {
                    let mut differences = Differences::default();
                    differences.moment("time", Some(told), Some(*at));
                    found.extend(differences.found().map(|how| Mismatch { what, row: Some(row), how }));
                }
            }
        }
        let gone = |(revision, (_, row)): (String, (Timestamp, i64))| Mismatch {
            what: words(&revision),
            row: Some(row),
            how: How::Gone,
        };
        found.extend(self.0.into_iter().map(gone));
        found
    }
}
