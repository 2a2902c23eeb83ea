//! Work that nobody does any more goes back.

use serde_json::json;

use super::{Kept, State};
use crate::diagnostic::counted;
use crate::model::{ABIDE, Task, TaskStatus, Timestamp};

impl State {
    pub(in super::super) fn sweep(&mut self, now: Timestamp) -> usize {
        let is_dead = |kept: &Kept| {
            let process = (kept.lease.agent.clone(), kept.lease.instance.clone());
            self.queue.beats.get(&process).is_some_and(|beat| !beat.is_swept && beat.is_dead(now))
        };
        let lost = self.queue.claims.values().filter(|kept| kept.lease.until <= now || is_dead(kept));
        let mut lost: Vec<Kept> = lost.cloned().collect();
        lost.sort_by_key(|kept| (kept.lease.until > now, kept.lease.token));
        lost.iter().for_each(|kept| self.lose(kept, now));
        self.queue.beats.values_mut().filter(|beat| beat.is_dead(now)).for_each(|beat| beat.is_swept = true);
        for (id, extra) in &mut self.queue.extras {
            let pending = self.tasks.get(id).is_some_and(|task| task.status == TaskStatus::Pending);
            if let Some(at) = extra.details.not_before.filter(|at| pending && *at <= now) {
                extra.ready = Some(at);
                extra.details.not_before = None;
            }
        }
        lost.len()
    }

    fn lose(&mut self, kept: &Kept, now: Timestamp) {
        let lease = &kept.lease;
        let running = self.tasks.get(&lease.task).filter(|task| task.status == TaskStatus::Running).cloned();
        let held = running.filter(|task| task.agent.as_ref().is_none_or(|agent| *agent == lease.agent));
        let Some(task) = held else {
            self.queue.claims.remove(&lease.task);
            return;
        };
        let story = self.story(&task.id);
        let since = story.iter().rposition(|told| told.action == "retry").map_or(0, |at| at + 1);
        let returns = story[since..].iter().filter(|told| told.action == "lost").count() + 1;
        if returns > self.settings.queue.returns as usize {
            self.write(Task { status: TaskStatus::Failed, finished: Some(now), ..Task::clone(&task) });
            self.queue.claims.remove(&lease.task);
            let extra = self.queue.extra(&task.id);
            extra.is_dead = true;
            extra.details.error = Some(format!("its holder was lost {}", counted(returns, "time")));
        } else {
            self.put_back(&task, Some(kept), now);
        }
        let what = json!({"token": lease.token.0, "returns": returns});
        self.note((ABIDE, now), "lost", &task.id, &what);
    }
}
