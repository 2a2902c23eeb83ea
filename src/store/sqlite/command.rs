//! What people and agents ask for, each with its audit row.

use rusqlite::Connection;
use serde_json::json;

use super::fault::Done;
use super::layout::Layout;
use super::select;
use super::table::Table;
use super::writer::Writer;
use super::{audit, holds, records, work};
use crate::diagnostic::nearest;
use crate::model::{Denial, Fingerprint, TaskId, Timestamp, WontFix};
use crate::store::audit::time;
use crate::store::{Applied, Command, Settings, StoreError};

/// Carries a command out in a transaction of its own: by whom it was said, and when.
pub(super) fn apply(conn: &mut Connection, table: &Table, command: &Command, said: (&str, Timestamp)) -> Done<Applied> {
    work::carry_out(conn, table, said.1, |writer, layout| carry_out(writer, layout, command, said))
}

/// Carries a command out in a transaction that may hold others.
pub(super) fn carry_out(
    writer: &mut Writer<'_>,
    layout: &Layout<'_>,
    command: &Command,
    (by, now): (&str, Timestamp),
) -> Done<Applied> {
    let now = time::not_before(now, audit::end(writer)?.at());
    Desk { writer, layout, settings: &layout.table.settings, by, now }.carry_out(command)
}

/// Where a command is dealt with: by whom, and when.
pub(super) struct Desk<'t, 'w> {
    pub(super) writer: &'t mut Writer<'w>,
    pub(super) layout: &'t Layout<'t>,
    pub(super) settings: &'t Settings,
    pub(super) by: &'t str,
    pub(super) now: Timestamp,
}

impl Desk<'_, '_> {
    fn carry_out(&mut self, command: &Command) -> Done<Applied> {
        match command {
            Command::Add(task) => self.add(task),
            Command::Claim(claim) => self.claim(claim),
            Command::Renew { task, token, length } => self.renew(task, *token, *length),
            Command::GiveBack { task, token, reason } => self.give_back(task, *token, reason.as_deref()),
            Command::Complete { task, token, result } => self.complete(task, *token, result.as_deref()),
            Command::Fail { task, token, reason, last } => self.fail(task, *token, reason.as_deref(), *last),
            Command::Cancel { task, reason } => self.cancel(task, reason.as_deref()),
            Command::Retry(task) => self.retry(task),
            Command::Depend { task, needs } => self.depend(task, needs),
            Command::Undepend { task, needs } => self.undepend(task, needs),
            Command::Enlist(said) => self.enlist(said),
            Command::Beat { agent, instance, dead_after } => self.beat(agent, instance, *dead_after),
            Command::Station { agent, duty, reason } => self.station(agent, *duty, reason.as_deref()),
            Command::Delist(agent) => self.delist(agent),
            Command::Sweep => self.sweep().map(Applied::GivenBack),
            Command::Cast(cast) => self.cast(cast),
            Command::Weigh(weighing) => self.weigh(weighing),
            Command::Entrust { agent, token, until } => self.entrust(agent, token, *until),
            Command::Distrust(agent) => self.distrust(agent),
            Command::TrustClock { reason } => self.trust_clock(reason),
            Command::Sight(revisions) => self.sight(revisions),
            Command::WontFix { fingerprint, refusal } => self.refuse(fingerprint, refusal),
            Command::Release(hold) => {
                holds::release(self.writer, hold, self.by, self.now)?;
                Ok(Applied::Done)
            }
        }
    }

    /// That the clock shows an earlier time than what is on record, if so: with it, what has run out would count again.
    pub(super) fn gone_back(&mut self) -> Done<Option<Denial>> {
        let latest = audit::end(self.writer)?.latest();
        Ok(latest.and_then(|latest| time::gone_back(self.now, latest)))
    }

    fn trust_clock(&mut self, reason: &str) -> Done<Applied> {
        if self.gone_back()?.is_none() {
            return Ok(Applied::Swept(0));
        }
        let latest = audit::end(self.writer)?.latest().map(|at| at.to_string());
        let what = json!({"latest": latest, "reason": reason});
        audit::trust(self.writer, self.now)?;
        audit::add(self.writer, self.now, self.by, "clock", &what)?;
        Ok(Applied::Swept(1))
    }

    fn refuse(&mut self, fingerprint: &Fingerprint, refusal: &WontFix) -> Done<Applied> {
        let Some(record) = records::find(self.writer.tx, fingerprint)? else {
            let known = records::read(self.writer.tx)?;
            let near = nearest(fingerprint.as_str(), known.keys().map(Fingerprint::as_str));
            let hint = hint(near, "`abide drift list` shows what there is");
            return Err(StoreError::NotFound(format!("no drift has the fingerprint `{fingerprint}`; {hint}")).into());
        };
        if record.wont_fix.as_ref() == Some(refusal) {
            return Ok(Applied::Done);
        }
        records::refuse(self.writer, &record, refusal)?;
        let what = json!({
            "fingerprint": fingerprint.as_str(),
            "until": refusal.until.to_string(),
            "by": *refusal.by,
            "reason": *refusal.reason,
        });
        audit::add(self.writer, self.now, self.by, "wont-fix", &what)?;
        self.writer.bump()?;
        Ok(Applied::Done)
    }

    pub(super) fn no_task(&self, id: &TaskId) -> Done<StoreError> {
        let open = select::open(self.writer.tx, self.layout)?.rows;
        let near = nearest(&id.0, open.iter().map(|task| &*task.id.0));
        let hint = hint(near, "`abide tasks list` shows what there is");
        Ok(StoreError::NotFound(format!("there is no task `{id}` in {}; {hint}", self.layout.mapping.table)))
    }
}

pub(super) fn hint(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
