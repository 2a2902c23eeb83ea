//! Carrying a plan out: the whole of it, or nothing.

use rusqlite::{Connection, Transaction};
use serde_json::json;

use super::fault::{Done, stale};
use super::layout::Layout;
use super::steps::Steps;
use super::table::Table;
use super::work::{Inserted, Take, Work, carry_out};
use super::writer::{self, Writer};
use super::{audit, holds, lease, ledger};
use crate::model::{ABIDE, Epoch, Fingerprint, HoldId, Outcome, Plan};

/// Carries the plan out under an epoch.
pub(super) fn commit(conn: &mut Connection, table: &Table, plan: &Plan, fence: Epoch) -> Done<Outcome> {
    carry_out(conn, table, &Pass { plan, fence })
}

struct Pass<'p> {
    plan: &'p Plan,
    fence: Epoch,
}

impl Work for Pass<'_> {
    type Outcome = Outcome;

    fn fence(&self) -> Option<Epoch> {
        Some(self.fence)
    }

    fn check(&self, tx: &Transaction<'_>) -> Done<()> {
        lease::hold_to(tx, self.fence)?;
        let (version, basis) = (writer::version(tx)?, self.plan.basis.ledger);
        if version == basis {
            return Ok(());
        }
        Err(stale(format!("the ledger is at {version}, the plan was made at {basis}")))
    }

    fn deeds<'l>(&self, tx: &Connection, layout: &'l Layout<'l>, take: Take<'_, 'l>) -> Done<()> {
        let steps = Steps { tx, layout, plan: self.plan };
        self.plan.steps.iter().try_for_each(|step| steps.deeds(step, take))
    }

    fn end(&self, writer: &mut Writer<'_>, inserted: Inserted) -> Done<Outcome> {
        holds::sync(writer, self.plan)?;
        self.accept(writer)?;
        let ledger = if writer.rows > 0 { writer.bump()? } else { writer::version(writer.tx)? };
        let opened = inserted.into_iter().filter_map(|(print, task)| Some((Fingerprint::stored(&print?), task)));
        Ok(Outcome { rows: writer.rows, opened: opened.collect(), ledger })
    }
}

impl Pass<'_> {
    /// Remembers which specs the pass went by, unless they wait for a person themselves.
    fn accept(&self, writer: &mut Writer<'_>) -> Done<()> {
        let basis = &self.plan.basis;
        let waits = HoldId::of_tree(&basis.revision);
        let same = ledger::accepted(writer.tx)? == Some((basis.revision.clone(), basis.specs));
        if same || self.plan.held.iter().any(|held| held.id == waits) {
            return Ok(());
        }
        let sql = "UPDATE abide_state SET revision = ?, specs = ?";
        writer.write(sql, (basis.revision.as_str(), basis.specs))?;
        let what = json!({"revision": basis.revision.as_str(), "specs": basis.specs});
        audit::add(writer, self.plan.at, ABIDE, "accept", &what)
    }
}
