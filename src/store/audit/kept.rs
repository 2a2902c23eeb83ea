//! What other tables keep of transitions, as it stands there: nothing of it is taken for true before a row bears it out.

use crate::model::Timestamp;

/// What other tables keep of the transitions that a page of rows tells of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// What was said, in order of `touched`. With the last page those too that name a row which is not there.
    pub ballots: Vec<Ballot>,
    /// How requests stand, in order of `touched`. With the last page those too that name a row which is not there.
    pub requests: Vec<Request>,
    /// Requests that are there, although a later row of this page takes them away.
    pub risen: Vec<Request>,
    /// Verdicts in rows of the team's table, in order of `touched`. With the last page those too that name a row which is not there.
    pub seen: Vec<Seen>,
    /// Every token; with the last page alone.
    pub tokens: Vec<Token>,
    /// When commits were first seen, every one; with the last page alone.
    pub sightings: Vec<Sighting>,
}

/// What somebody said of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ballot {
    /// Makes it count once.
    pub nonce: String,
    /// The task.
    pub task: String,
    /// The policy that asks.
    pub policy: String,
    /// What was said, in a word.
    pub said: String,
    /// Who said so.
    pub agent: String,
    /// When.
    pub at: Timestamp,
    /// From when on it does not hold any more.
    pub expires: Option<Timestamp>,
    /// The task as it read then.
    pub content: String,
    /// The policy as it read then.
    pub version: String,
    /// The commit whose specs were in force.
    pub revision: String,
    /// Whether a key of the person signed it.
    pub is_signed: bool,
    /// Why.
    pub reason: Option<String>,
    /// The number of the row that tells of it.
    pub touched: i64,
}

/// How a request stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The task.
    pub task: String,
    /// The policy that asks.
    pub policy: String,
    /// Since when it asks.
    pub asked: Timestamp,
    /// How it stands, in a word.
    pub state: String,
    /// Why.
    pub why: Option<String>,
    /// Since when it stands so.
    pub since: Timestamp,
    /// What it asks.
    pub digest: String,
    /// When the task was found to have started with it.
    pub used: Option<Timestamp>,
    /// When the task started, by its row.
    pub used_started: Option<Timestamp>,
    /// The task as it read then.
    pub used_content: Option<String>,
    /// The number of the row that tells of it.
    pub touched: i64,
}

/// A verdict in a row of the team's table, as a policy first saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// The task.
    pub task: String,
    /// The policy that saw it.
    pub policy: String,
    /// The role that the column speaks for.
    pub role: String,
    /// The verdict, in a word.
    pub vote: String,
    /// Whose, where a column tells.
    pub agent: Option<String>,
    /// Of when, where a column tells.
    pub given: Option<Timestamp>,
    /// The task as it read then.
    pub content: String,
    /// The policy as it read then.
    pub version: String,
    /// When it was first seen.
    pub at: Timestamp,
    /// The number of the row that tells of it.
    pub touched: i64,
}

/// What shows who somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    /// The digest of the token.
    pub digest: String,
    /// Whose it is.
    pub agent: String,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it shows anything.
    pub until: Option<Timestamp>,
    /// When it was taken back.
    pub revoked: Option<Timestamp>,
}

/// When a commit was first seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sighting {
    /// The commit.
    pub revision: String,
    /// When.
    pub at: Timestamp,
}
