//! When time alone changes a plan.

use crate::model::{Ledger, Record, TaskStatus, Timestamp};

use super::{Waiver, retry};

/// The next moment after `now` at which the same verdicts and the same ledger give another plan: a waiver or a refusal
/// ends, or a task that failed may be tried again.
pub fn due(ledger: &Ledger, waivers: &[Waiver], now: Timestamp) -> Option<Timestamp> {
    let waivers = waivers.iter().map(|waiver| waiver.until);
    let records = ledger.records.values().flat_map(|record| [refusal(record), retried(record)]).flatten();
    waivers.chain(records).filter(|&at| now < at).min()
}

fn refusal(record: &Record) -> Option<Timestamp> {
    record.wont_fix.as_ref().map(|refusal| refusal.until)
}

fn retried(record: &Record) -> Option<Timestamp> {
    let live = record.live.as_ref().filter(|_| record.is_open())?;
    let failed = matches!(live.status, TaskStatus::Failed | TaskStatus::Cancelled);
    failed.then(|| retry::opens_again(record, live))
}
