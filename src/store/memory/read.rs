//! Reading rows: scans, what has changed, and lists for people.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Changes, Filter, Followed, Listed, Mark, RowsMoved, State, Wants, Write};
use crate::model::{Task, TaskId, Timestamp};

type Row = Option<Arc<Task>>;

impl Wants {
    pub(super) fn admit(&self, task: &Task) -> bool {
        (self.open && task.status.is_open())
            || self.finished_since.is_some_and(|since| may_have_ended(task, since))
            || (self.overridden && task.record.as_ref().is_some_and(|record| record.is_overridden()))
            || self.ids.contains(&task.id)
            || self.selected.iter().any(|select| select.matches(task))
    }
}

/// Whether a task has ended after that moment, or may have.
pub(super) fn may_have_ended(task: &Task, since: Timestamp) -> bool {
    let is_asked_about = || task.record.as_ref().is_some_and(|record| record.is_unanswered());
    !task.status.is_open() && (since < task.ended() || (task.finished.is_none() && is_asked_about()))
}

impl State {
    /// Every write is known, so what has changed is known exactly.
    pub(super) fn changes(&self, mark: Mark) -> Changes {
        let version = self.writes.len() as u64;
        let since = mark.version.and_then(|(version, _)| self.writes.get(usize::try_from(version).ok()?..));
        let any = |wanted: fn(&Write) -> bool| since.is_none_or(|since| since.iter().any(wanted));
        let heartbeats = any(|write| matches!(write, Write::Beat));
        let ledger = any(|write| matches!(write, Write::Ledger));
        let moved = since.map_or(RowsMoved::Anything, moved);
        let mark = Mark { version: Some((version, 0)), newest: Some(self.newest), ..mark };
        Changes { mark: Mark { followed: Some(Followed::OwnFeed), ..mark }, moved, heartbeats, ledger }
    }

    /// The newest first.
    pub(super) fn list(&self, filter: &Filter) -> Vec<Listed> {
        let wanted = |task: &&Arc<Task>| {
            filter.id.as_ref().is_none_or(|id| task.id == *id)
                && (filter.status.is_empty() || filter.status.contains(&task.status))
                && (!filter.own || task.own)
                && (!filter.dead || self.queue.is_dead(&task.id))
                && filter.kind.as_deref().is_none_or(|kind| *task.kind == *kind)
                && (filter.role.is_none() || filter.role.as_deref() == task.role.as_deref())
                && (filter.agent.is_none() || filter.agent.as_deref() == task.agent.as_deref())
        };
        let mut tasks: Vec<_> = self.tasks.values().filter(wanted).collect();
        let number = |task: &Arc<Task>| task.id.0.parse::<i64>().ok();
        tasks.sort_by(|a, b| (b.created, number(b), &b.id).cmp(&(a.created, number(a), &a.id)));
        let most = if filter.most == 0 { usize::MAX } else { filter.most };
        tasks.into_iter().take(most).map(|task| self.listed(task)).collect()
    }
}

/// Each row once: as it was before the first write and as it is after the last.
fn moved(writes: &[Write]) -> RowsMoved {
    let mut rows: BTreeMap<&TaskId, (&Row, &Row)> = BTreeMap::new();
    for write in writes {
        let Write::Row { before, after } = write else { continue };
        let Some(task) = before.as_ref().or(after.as_ref()) else { continue };
        rows.entry(&task.id).and_modify(|(_, last)| *last = after).or_insert((before, after));
    }
    rows.retain(|_, (before, after)| before != after);
    if rows.is_empty() {
        return RowsMoved::Nothing;
    }
    RowsMoved::Rows(rows.into_values().map(|(before, after)| (before.clone(), after.clone())).collect())
}
