//! What somebody says of a request, put on record if it counts.

use rusqlite::OptionalExtension as _;
use serde_json::json;

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use crate::kinds::approval::{Request, Word, hear};
use crate::model::{Denial, Reason, Said, Timestamp, Vote};
use crate::store::{Applied, Cast, StoreError};

impl Desk<'_, '_> {
    pub(in super::super) fn cast(&mut self, cast: &Cast) -> Done<Applied> {
        if let Some(denial) = self.gone_back()? {
            return Err(StoreError::Unheard(denial).into());
        }
        self.must_be(&cast.by, cast.proof)?;
        self.must_be_new(cast)?;
        self.row(&cast.task)?;
        // Whoever answers was asked: what nobody has seen yet is opened first.
        self.weigh_one(&cast.gates, &cast.task)?;
        let row = self.row(&cast.task)?;
        let spent = self.spent()?;
        let word = Word {
            said: cast.said,
            by: &cast.by,
            seen: cast.seen,
            is_signed: cast.proof == crate::store::Proof::Key,
            expires: cast.expires,
            reason: cast.reason.as_ref(),
        };
        let (mut heard, mut denied) = (0, None);
        for request in gates_of(cast, &row.task, &spent, self.now) {
            match hear(&request, &word, self.now) {
                Ok(expires) => {
                    heard += 1;
                    self.record(cast, &request, expires, heard)?;
                }
                Err(denial) => denied = more_telling(denied, denial),
            }
        }
        if heard == 0 {
            let none = || Denial::new(Reason::NoRequest, unasked(cast));
            return Err(StoreError::Unheard(denied.unwrap_or_else(none)).into());
        }
        Ok(Applied::Stand(self.weigh_one(&cast.gates, &cast.task)?))
    }

    /// Refuses what was said before.
    fn must_be_new(&self, cast: &Cast) -> Done<()> {
        let sql = "SELECT agent, at FROM abide_ballots WHERE nonce = ?1 OR nonce = ?1 || '/2'";
        let mut statement = self.writer.tx.prepare_cached(sql)?;
        let known =
            statement.query_row([&*cast.nonce], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).optional()?;
        let Some((agent, at)) = known else { return must_be_no_document(cast) };
        let at = Timestamp::from_millis(at);
        let words = format!("what has the nonce `{}` was said by agent/{agent} at {at}, and counts once", cast.nonce);
        Err(StoreError::Unheard(Denial::new(Reason::Replayed, words)).into())
    }

    fn record(&mut self, cast: &Cast, request: &Request<'_>, expires: Option<Timestamp>, place: usize) -> Done<()> {
        let Cast { gates, task, said, by, nonce, reason, .. } = cast;
        // What answers several requests at once is several ballots.
        let nonce = if place == 1 { nonce.to_string() } else { format!("{nonce}/{place}") };
        let action = match said {
            Said::Vote(Vote::Approved) => "approve",
            Said::Vote(Vote::Rejected) => "reject",
            Said::Override => "override",
        };
        let is_signed = cast.proof == crate::store::Proof::Key;
        let policy = request.id.to_string();
        let digest = request.digest();
        let what = json!({
            "task": *task.0, "policy": policy, "agent": **by, "digest": format!("sha256:{digest}"), "nonce": nonce,
            "expires": expires.map(|at| at.to_string()), "revision": **gates.revision(), "signed": is_signed,
            "reason": reason.as_deref(),
        });
        let touched = audit::number(self.writer, self.now, self.by, (action, &what))?;
        let sql = "INSERT INTO abide_ballots (nonce, task, policy, said, agent, at, expires, content, version, revision, \
                   is_signed, reason, touched) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let bound = (request.task.content.to_string(), request.version().to_string(), &**gates.revision());
        let times = (self.now.as_millis(), expires.map(Timestamp::as_millis));
        let values = (
            nonce,
            &*task.0,
            policy,
            said.word(),
            &**by,
            times.0,
            times.1,
            bound.0,
            bound.1,
            bound.2,
            is_signed,
            reason.as_deref(),
            touched,
        );
        self.writer.write(sql, values)?;
        Ok(())
    }
}

/// Refuses what a document says: it counts there.
fn must_be_no_document(cast: &Cast) -> Done<()> {
    let Some(spec) = cast.gates.specs().first_of_nonce(&cast.nonce) else { return Ok(()) };
    let words = format!("{spec} has the nonce `{}`, and counts once", cast.nonce);
    Err(StoreError::Unheard(Denial::new(Reason::Replayed, words)).into())
}

fn gates_of<'c>(
    cast: &'c Cast,
    task: &'c crate::model::Task,
    spent: &crate::model::Spent,
    now: Timestamp,
) -> impl Iterator<Item = Request<'c>> {
    let requests = cast.gates.requests(task, spent, now).into_iter();
    requests.filter(|request| cast.policy.as_ref().is_none_or(|policy| policy == request.id))
}

/// That nothing asks, in words.
fn unasked(Cast { policy, task, .. }: &Cast) -> String {
    policy.as_ref().map_or_else(
        || format!("no policy asks for a yes to task {task}"),
        |policy| format!("{policy} does not ask for a yes to task {task}"),
    )
}

/// Of several denials the one that says more than that others are asked.
fn more_telling(before: Option<Denial>, now: Denial) -> Option<Denial> {
    match before {
        Some(before) if now.reason == Reason::NotAsked || before.reason != Reason::NotAsked => Some(before),
        _ => Some(now),
    }
}
