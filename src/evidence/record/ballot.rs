//! What is on record of agreement to a task, as a file has it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Approval, Asked, Ballot, Content, Digest, GateState, OnRecord, Said, Seen, Timestamp, Used, Vote};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnRecordWire {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    asked: Vec<AskedWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ballots: Vec<BallotWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<SeenWire>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedWire {
    policy: String,
    since: i64,
    stood: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used: Option<UsedWire>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UsedWire {
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<i64>,
    state: String,
    content: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenWire {
    policy: String,
    role: Arc<str>,
    approved: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<i64>,
    content: String,
    version: String,
    at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BallotWire {
    nonce: Arc<str>,
    policy: String,
    said: String,
    by: Arc<str>,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<i64>,
    content: String,
    version: String,
    revision: Arc<str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    signed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    forged: bool,
}

impl OnRecordWire {
    pub(super) fn of(record: &OnRecord) -> Self {
        Self {
            asked: record.asked.iter().map(AskedWire::of).collect(),
            ballots: record.ballots.iter().map(BallotWire::of).collect(),
            seen: record.seen.iter().map(SeenWire::of).collect(),
        }
    }

    pub(super) fn record(self) -> Result<OnRecord, String> {
        Ok(OnRecord {
            asked: self.asked.into_iter().map(AskedWire::asked).collect::<Result<_, _>>()?,
            ballots: self.ballots.into_iter().map(BallotWire::ballot).collect::<Result<_, _>>()?,
            seen: self.seen.into_iter().map(SeenWire::seen).collect::<Result<_, _>>()?,
        })
    }
}

fn wrong(what: &str, kind: &str) -> String {
    format!("`{what}` is no {kind}")
}

fn content(text: &str) -> Result<Content, String> {
    Content::stored(text).ok_or_else(|| wrong(text, "content"))
}

impl AskedWire {
    fn of(asked: &Asked) -> Self {
        let used = asked.used.map(|Used { at, started, state, content }| UsedWire {
            at: at.as_millis(),
            started: started.map(Timestamp::as_millis),
            state: state.word().to_owned(),
            content: content.to_string(),
        });
        let (since, stood) = (asked.since.as_millis(), asked.stood.as_millis());
        Self { policy: asked.policy.to_string(), since, stood, used }
    }

    fn asked(self) -> Result<Asked, String> {
        let used = |UsedWire { at, started, state, content: text }: UsedWire| {
            let state = GateState::from_word(&state).ok_or_else(|| wrong(&state, "state"))?;
            let started = started.map(Timestamp::from_millis);
            Ok::<_, String>(Used { at: Timestamp::from_millis(at), started, state, content: content(&text)? })
        };
        Ok(Asked {
            policy: self.policy.parse().map_err(|_| wrong(&self.policy, "spec"))?,
            since: Timestamp::from_millis(self.since),
            stood: Timestamp::from_millis(self.stood),
            used: self.used.map(used).transpose()?,
        })
    }
}

impl SeenWire {
    fn of(seen: &Seen) -> Self {
        let Approval { role, vote, by, at } = &seen.approval;
        Self {
            policy: seen.policy.to_string(),
            role: role.clone(),
            approved: *vote == Vote::Approved,
            by: by.clone(),
            given: at.map(Timestamp::as_millis),
            content: seen.content.to_string(),
            version: seen.version.to_string(),
            at: seen.at.as_millis(),
        }
    }

    fn seen(self) -> Result<Seen, String> {
        let vote = if self.approved { Vote::Approved } else { Vote::Rejected };
        let given = self.given.map(Timestamp::from_millis);
        Ok(Seen {
            policy: self.policy.parse().map_err(|_| wrong(&self.policy, "spec"))?,
            approval: Approval { role: self.role, vote, by: self.by, at: given },
            content: content(&self.content)?,
            version: Digest::stored(&self.version).ok_or_else(|| wrong(&self.version, "digest"))?,
            at: Timestamp::from_millis(self.at),
        })
    }
}

impl BallotWire {
    fn of(ballot: &Ballot) -> Self {
        Self {
            nonce: ballot.nonce.clone(),
            policy: ballot.policy.to_string(),
            said: ballot.said.word().to_owned(),
            by: ballot.by.clone(),
            at: ballot.at.as_millis(),
            expires: ballot.expires.map(Timestamp::as_millis),
            content: ballot.content.to_string(),
            version: ballot.version.to_string(),
            revision: ballot.revision.clone(),
            signed: ballot.is_signed,
            reason: ballot.reason.clone(),
            forged: !ballot.is_borne_out,
        }
    }

    fn ballot(self) -> Result<Ballot, String> {
        Ok(Ballot {
            policy: self.policy.parse().map_err(|_| wrong(&self.policy, "spec"))?,
            said: Said::from_word(&self.said).ok_or_else(|| wrong(&self.said, "verdict"))?,
            content: content(&self.content)?,
            version: Digest::stored(&self.version).ok_or_else(|| wrong(&self.version, "digest"))?,
            nonce: self.nonce,
            by: self.by,
            at: Timestamp::from_millis(self.at),
            expires: self.expires.map(Timestamp::from_millis),
            revision: self.revision,
            is_signed: self.signed,
            reason: self.reason,
            is_borne_out: !self.forged,
        })
    }
}
