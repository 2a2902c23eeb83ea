//! The task that somebody means.

use crate::cli::CliError;
use crate::diagnostic::nearest;
use crate::engine::Handle;
use crate::model::{Ledger, Record, TaskId, TaskStatus};
use crate::store::{Filter, Listed};

/// How many open tasks are looked through for the one that was meant.
const NEAR: usize = 1000;

/// A task as the live table has it, and the ledger's record where it is a remediation task.
pub(super) struct Found {
    pub(super) listed: Listed,
    pub(super) record: Option<Record>,
    /// What the task waits for and how that stands, where somebody asked.
    pub(super) needs: Vec<(TaskId, Option<TaskStatus>)>,
}

/// The task of that key, or of the fingerprint that begins so.
pub(super) async fn find(handle: &Handle, id: &str) -> Result<Found, CliError> {
    let ledger = handle.ledger().await?;
    let by_key = handle.list(Filter { id: Some(id.into()), ..Filter::default() }).await?;
    if let Some(listed) = by_key.into_iter().next() {
        let record = ledger.records.values().find(|record| record.task == listed.task.id).cloned();
        return Ok(Found { listed, record, needs: Vec::new() });
    }
    let Some(record) = ledger.find(id).cloned() else { return Err(no_task(handle, &ledger, id).await?) };
    let rows = handle.list(Filter { id: Some(record.task.clone()), ..Filter::default() }).await?;
    let Some(listed) = rows.into_iter().next() else {
        let error = CliError::usage(format!("the row of task {} is gone from the table", record.task));
        return Err(error.hint("the next pass opens it again, if its drift is still there"));
    };
    Ok(Found { listed, record: Some(record), needs: Vec::new() })
}

async fn no_task(handle: &Handle, ledger: &Ledger, id: &str) -> Result<CliError, CliError> {
    let error = CliError::usage(format!("there is no task `{id}`"));
    let beginning = ledger.records.keys().filter(|print| starts(print.as_str(), id));
    let beginning: Vec<&str> = beginning.map(crate::model::Fingerprint::short).collect();
    if beginning.len() > 1 {
        let error = CliError::usage(format!("`{id}` is the beginning of several fingerprints"));
        return Ok(error.hint(format!("give more of it: {}", beginning.join(", "))));
    }
    let status: Vec<TaskStatus> = TaskStatus::ALL.into_iter().filter(|status| status.is_open()).collect();
    let open = handle.list(Filter { status, most: NEAR, ..Filter::default() }).await?;
    let near = nearest(id, open.iter().map(|listed| &*listed.task.id.0));
    Ok(match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide tasks list` shows what there is"),
    })
}

/// Whether a fingerprint begins so, with its version or without.
pub(crate) fn starts(fingerprint: &str, id: &str) -> bool {
    !id.is_empty() && (fingerprint.starts_with(id) || fingerprint.get(2..).is_some_and(|rest| rest.starts_with(id)))
}
