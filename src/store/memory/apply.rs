//! What people and agents ask of the store.

use super::{Applied, Command, State, StoreError, Write};
use crate::model::{Fingerprint, HoldId, Timestamp, WontFix};
use crate::store::GivenBack;
use crate::store::audit::time;

impl State {
    pub(super) fn apply(&mut self, command: &Command, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        let now = time::not_before(now, self.audit.last().map(|last| last.at));
        let who = (by, now);
        match command {
            Command::Add(new) => self.add(new, who),
            Command::Claim(claim) => self.claim(claim, who),
            Command::Renew { task, token, length } => self.renew(task, *token, *length, now),
            Command::GiveBack { task, token, reason } => self.give_back(task, *token, reason.as_deref(), who),
            Command::Complete { task, token, result } => self.complete(task, *token, result.as_deref(), who),
            Command::Fail { task, token, reason, last } => self.fail(task, *token, (reason.as_deref(), *last), who),
            Command::Cancel { task, reason } => self.cancel(task, reason.as_deref(), who),
            Command::Retry(task) => self.retry(task, who),
            Command::Depend { task, needs } => self.depend(task, needs, who),
            Command::Undepend { task, needs } => self.undepend(task, needs, who),
            Command::Enlist(said) => Ok(self.enlist(said, who)),
            Command::Beat { agent, instance, dead_after } => Ok(self.report((agent, instance), *dead_after, now)),
            Command::Station { agent, duty, reason } => Ok(self.station(agent, *duty, reason.as_deref(), who)),
            Command::Delist(agent) => self.delist(agent, who),
            Command::Sweep => Ok(Applied::GivenBack(GivenBack { count: self.sweep(now), stuck: Vec::new() })),
            Command::Cast(cast) => self.cast(cast, by, now),
            Command::Weigh(weighing) => self.weigh(weighing, now),
            Command::Entrust { agent, token, until } => Ok(self.entrust((agent, token, *until), by, now)),
            Command::Distrust(agent) => Ok(self.distrust(agent, by, now)),
            Command::TrustClock { reason } => Ok(self.trust_clock(reason, who)),
            Command::Sight(revisions) => Ok(self.sight(revisions, by, now)),
            Command::WontFix { fingerprint, refusal } => self.refuse(fingerprint, refusal, by, now),
            Command::Release(hold) => self.release(hold, by, now),
        }
    }

    fn refuse(
        &mut self,
        fingerprint: &Fingerprint,
        refusal: &WontFix,
        by: &str,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let record = self.ledger.records.get_mut(fingerprint);
        let record = record.ok_or_else(|| StoreError::NotFound(format!("there is no drift {fingerprint}")))?;
        record.wont_fix = Some(refusal.clone());
        record.version += 1;
        self.ledger.version += 1;
        self.writes.push(Write::Ledger);
        self.log(now, by, "wont-fix", (Some(fingerprint), None));
        Ok(Applied::Done)
    }

    /// Releasing twice is the same as once.
    fn release(&mut self, hold: &HoldId, by: &str, now: Timestamp) -> Result<Applied, StoreError> {
        let released = self.ledger.holds.get_mut(hold);
        let released = released.ok_or_else(|| StoreError::NotFound(format!("nothing waits as {hold}")))?;
        if !std::mem::replace(released, true) {
            self.ledger.version += 1;
            self.writes.push(Write::Ledger);
            self.log(now, by, "release", (None, None));
        }
        Ok(Applied::Done)
    }
}
