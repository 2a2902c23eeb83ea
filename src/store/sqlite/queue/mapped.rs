//! The best tasks of a team's own table: read whole, since nobody knows which index it has.

use std::collections::BTreeMap;

use super::super::command::Desk;
use super::super::fault::{Done, Fault};
use super::super::{live, select};
use super::claim::Seeker;
use crate::model::{Fit, TaskId, TaskStatus};
use crate::store::Refusal;
use crate::store::queue::{self, Candidate};

/// Every task that the seeker may have, the best first, and the rows that cannot be read.
pub(super) fn pick(desk: &Desk<'_, '_>, seeker: &Seeker<'_>) -> Done<(Vec<Candidate>, Vec<Refusal>)> {
    let (mut found, mut waits) = (Vec::new(), Waits::default());
    let (rows, unread) = select::of_status(desk.writer.tx, desk.layout, TaskStatus::Pending)?.apart();
    for row in rows {
        let (task, details) = (&row.task, &row.details);
        let rests = details.not_before.is_some_and(|at| at > desk.now);
        if rests || waits.for_any(desk, &row.needs)? {
            continue;
        }
        let (fit, duty) = queue::fit(seeker.worker, &seeker.claim.duties, (task, &details.demand), desk.now);
        let admitted = queue::is_admitted(fit, task.created, &desk.settings.queue, desk.now);
        if fit != Fit::Unfit && admitted && seeker.room.has(duty) {
            found.push(Candidate::new(task.id.clone(), task.severity, fit, details.due, task.created));
        }
    }
    found.sort_unstable();
    Ok((found, unread))
}

/// Which of these is not completed, if any: a task that needs it waits.
pub(super) fn unmet(desk: &Desk<'_, '_>, needs: &[TaskId]) -> Done<Option<TaskId>> {
    let mut waits = Waits::default();
    for id in needs {
        if waits.for_any(desk, std::slice::from_ref(id))? {
            return Ok(Some(id.clone()));
        }
    }
    Ok(None)
}

/// Which tasks others wait for: each is looked up once.
#[derive(Default)]
struct Waits(BTreeMap<TaskId, bool>);

impl Waits {
    /// Whether any of these is not completed. One that is not there any more holds up nothing, one that cannot be read does.
    fn for_any(&mut self, desk: &Desk<'_, '_>, needs: &[TaskId]) -> Done<bool> {
        for id in needs {
            let waits = match self.0.get(id) {
                Some(waits) => *waits,
                None => {
                    let waits = match live::read(desk.writer, desk.layout, id) {
                        Ok(row) => row.is_some_and(|row| row.task.status != TaskStatus::Completed),
                        Err(Fault::Store(error)) if error.is_of_row() => true,
                        Err(fault) => return Err(fault),
                    };
                    self.0.insert(id.clone(), waits);
                    waits
                }
            };
            if waits {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
