//! The best tasks of a team's own table: read whole, since nobody knows which index it has.

use super::super::command::Desk;
use super::super::fault::Done;
use super::super::select;
use super::claim::Seeker;
use super::lease;
use crate::model::{Fit, TaskStatus};
use crate::store::queue::{self, Candidate};

/// Every task that the seeker may have, the best first.
pub(super) fn pick(desk: &Desk<'_>, seeker: &Seeker<'_>) -> Done<Vec<Candidate>> {
    let mut found = Vec::new();
    for row in select::of_status(desk.writer.tx, desk.layout, TaskStatus::Pending)? {
        let (task, details) = (&row.task, &row.details);
        let rests = details.not_before.is_some_and(|at| at > desk.now);
        if rests || lease::of(desk.writer.tx, &task.id)?.is_some() {
            continue;
        }
        let (fit, duty) = queue::fit(seeker.worker, &seeker.claim.duties, (task, &details.demand), desk.now);
        let admitted = queue::is_admitted(fit, task.created, &desk.settings.queue, desk.now);
        if fit != Fit::Unfit && admitted && seeker.room.has(duty) {
            found.push(Candidate::new(task.id.clone(), task.severity, fit, details.due, task.created));
        }
    }
    found.sort_unstable();
    Ok(found)
}
