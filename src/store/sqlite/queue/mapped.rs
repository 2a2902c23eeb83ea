//! The best tasks of a team's own table: read whole, since nobody knows which index it has.

use std::collections::BTreeMap;

use super::super::command::Desk;
use super::super::fault::Done;
use super::super::{live, select};
use super::claim::Seeker;
use crate::model::{Fit, TaskId, TaskStatus};
use crate::store::queue::{self, Candidate};

/// Every task that the seeker may have, the best first.
pub(super) fn pick(desk: &Desk<'_, '_>, seeker: &Seeker<'_>) -> Done<Vec<Candidate>> {
    let (mut found, mut waits) = (Vec::new(), Waits::default());
    for row in select::of_status(desk.writer.tx, desk.layout, TaskStatus::Pending)? {
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
    Ok(found)
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
    /// Whether any of these is not completed. One that is not there any more holds up nothing.
    fn for_any(&mut self, desk: &Desk<'_, '_>, needs: &[TaskId]) -> Done<bool> {
        for id in needs {
            let waits = match self.0.get(id) {
                Some(waits) => *waits,
                None => {
                    let row = live::read(desk.writer, desk.layout, id)?;
                    let waits = row.is_some_and(|row| row.task.status != TaskStatus::Completed);
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
