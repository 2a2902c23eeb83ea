//! Work that nobody does any more goes back to those who wait for work.

use serde_json::json;

use super::super::attempt::attempt;
use super::super::audit;
use super::super::command::Desk;
use super::super::fault::Done;
use super::super::live::{self, Row};
use super::lease::{self, Kept};
use crate::config::Field;
use crate::diagnostic::counted;
use crate::model::{ABIDE, TaskStatus};
use crate::store::{GivenBack, Listed, Refusal};

impl Desk<'_, '_> {
    /// Gives back what is held under a lease that is over, or by a process that is dead; and says how much that was. A row that
    /// cannot be read or written keeps its holder. What has rested for long enough can be claimed again.
    pub(in super::super) fn sweep(&mut self) -> Done<GivenBack> {
        let mut given = GivenBack::default();
        if !self.is_anything_over()? {
            return Ok(given);
        }
        for kept in lease::lost(self.writer.tx, self.now)? {
            match attempt(self, |desk| desk.lose(&kept))? {
                Ok(()) => given.count += 1,
                Err(error) => given.stuck.push(Refusal { task: kept.lease.task, why: error.to_string() }),
            }
        }
        let now = self.now.as_millis();
        self.writer.write("UPDATE abide_beats SET is_swept = 1 WHERE dead <= ? AND is_swept = 0", [now])?;
        if self.layout.mapping.own {
            // Nothing of the task itself changes: the time has come, and that is all.
            let sql = "UPDATE abide_tasks SET ready = not_before, not_before = NULL
                       WHERE status = 'pending' AND not_before <= ?";
            self.writer.write(sql, [now])?;
        }
        Ok(given)
    }

    /// Whether there is anything to sweep: mostly there is not, and every claim asks.
    fn is_anything_over(&self) -> Done<bool> {
        let rested = if self.layout.mapping.own {
            "OR EXISTS (SELECT 1 FROM abide_tasks WHERE status = 'pending' AND not_before <= ?1)"
        } else {
            ""
        };
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM abide_claims INDEXED BY abide_claims_until WHERE until <= ?1)
               OR EXISTS (SELECT 1 FROM abide_beats WHERE dead <= ?1 AND is_swept = 0) {rested}"
        );
        Ok(self.writer.tx.prepare_cached(&sql)?.query_row([self.now.as_millis()], |row| row.get(0))?)
    }

    fn lose(&mut self, kept: &Kept) -> Done<()> {
        let lease = &kept.lease;
        let row = live::read(self.writer, self.layout, &lease.task)?;
        let held = |row: &Listed| {
            row.task.status == TaskStatus::Running && row.task.agent.as_ref().is_none_or(|agent| *agent == lease.agent)
        };
        let Some(row) = row.filter(held) else {
            // Somebody else has dealt with the task: only the claim is over.
            return lease::end(self.writer, lease.token);
        };
        let silent = lease.until > self.now;
        let why = match silent {
            true => format!("{} has not reported for too long", lease.agent),
            false => format!("the lease of {} was over at {}", lease.agent, lease.until),
        };
        let returns = self.returns(&row)?;
        let is_dead = returns > self.settings.queue.returns;
        let mut next = Row::new(self.layout);
        if is_dead {
            next.set_dead(self.now);
            next.set_status(TaskStatus::Failed)?;
            next.set_time(Field::Finished, Some(self.now));
            next.set(Field::Error, format!("its holder was lost {}", counted(returns, "time")));
            next.update(self.writer, &lease.task, &live::live(&row.task), self.now)?;
            lease::end(self.writer, lease.token)?;
        } else {
            self.put_back(&row, Some(kept), next)?;
        }
        let what = json!({
            "task": *lease.task.0,
            "token": lease.token.0,
            "agent": *lease.agent,
            "returns": returns,
            "to": if is_dead { TaskStatus::Failed.word() } else { TaskStatus::Pending.word() },
            "reason": why,
        });
        audit::add(self.writer, self.now, ABIDE, "lost", &what)
    }

    /// How often the task's holder was lost, this time included: counted from what is on record, wherever the task lies.
    fn returns(&self, row: &Listed) -> Done<u32> {
        let sql = "SELECT count(*) FROM abide_audit WHERE task = ?1 AND action = 'lost'
                   AND seq > coalesce((SELECT max(seq) FROM abide_audit WHERE task = ?1 AND action = 'retry'), 0)";
        let id = &*row.task.id.0;
        let before: u32 = self.writer.tx.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
        Ok(before.saturating_add(1))
    }
}
