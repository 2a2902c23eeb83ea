//! What is on record of agreement to a task, as a file has it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Ballot, Content, Digest, OnRecord, Said, Timestamp};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnRecordWire {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    asked: Vec<(String, i64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ballots: Vec<BallotWire>,
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
        let asked = record.asked.iter().map(|(policy, since)| (policy.to_string(), since.as_millis())).collect();
        Self { asked, ballots: record.ballots.iter().map(BallotWire::of).collect() }
    }

    pub(super) fn record(self) -> Result<OnRecord, String> {
        let asked = |(policy, since): (String, i64)| {
            let policy = policy.parse().map_err(|_| format!("`{policy}` is no spec"))?;
            Ok::<_, String>((policy, Timestamp::from_millis(since)))
        };
        let asked = self.asked.into_iter().map(asked).collect::<Result<_, _>>()?;
        Ok(OnRecord { asked, ballots: self.ballots.into_iter().map(BallotWire::ballot).collect::<Result<_, _>>()? })
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
        let wrong = |what: &str, kind: &str| format!("`{what}` is no {kind}");
        Ok(Ballot {
            policy: self.policy.parse().map_err(|_| wrong(&self.policy, "spec"))?,
            said: Said::from_word(&self.said).ok_or_else(|| wrong(&self.said, "verdict"))?,
            content: Content::stored(&self.content).ok_or_else(|| wrong(&self.content, "content"))?,
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
