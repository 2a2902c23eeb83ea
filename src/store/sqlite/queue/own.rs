//! The best tasks of Abide's own table. Tasks that anybody's claim passes over in the same way share a *route*; a claim looks
//! at the head of each route that fits, so its cost is that of the routes and not of the tasks.

use std::sync::{Arc, LazyLock};

use rusqlite::{Row, Rows};

use super::super::command::Desk;
use super::super::details::skills;
use super::super::fault::{Done, damaged};
use super::super::live;
use super::claim::Seeker;
use crate::model::{Content, Demand, Duty, Fit, Severity, Site, Task, TaskId, TaskStatus, Timestamp};
use crate::store::queue::{self, Candidate};

const CLAIMABLE: &str =
    "abide_tasks INDEXED BY abide_tasks_claimable WHERE status = 'pending' AND not_before IS NULL AND gated IS NULL";

/// What no plain assignment looks at.
static NOTHING: LazyLock<Content> = LazyLock::new(|| Content::titled(""));

/// What decides who may claim a task, as far as its row tells.
struct Route {
    key: String,
    kind: Arc<str>,
    role: Option<Arc<str>>,
    agent: Option<Arc<str>>,
    demand: Demand,
}

/// The best tasks for the seeker, at most `most`, the best first. What is read begins at the head of the next route, so a route
/// costs one seek in the index, whether it fits or not; and it ends where better ones are found already.
pub(super) fn pick(desk: &Desk<'_, '_>, seeker: &Seeker<'_>, most: usize) -> Done<Vec<Candidate>> {
    // All of it stands in the index: the rows themselves are not looked at.
    let sql = format!(
        "SELECT route, id, rank, coalesce(due, 9223372036854775807), created FROM {CLAIMABLE} AND route > ?
         ORDER BY route, rank, coalesce(due, 9223372036854775807), created, id"
    );
    let mut after = desk.writer.tx.prepare_cached(&sql)?;
    let mut found = Vec::new();
    let mut last = String::new();
    while let Some(route) = heads(desk, seeker, &mut after.query([&last])?, most, &mut found)? {
        last = route;
        found.sort_unstable();
        found.truncate(most);
    }
    Ok(found)
}

impl Route {
    fn read(key: String) -> Done<Self> {
        let parts: Option<[Option<Arc<str>>; 7]> = serde_json::from_str::<Vec<Option<String>>>(&key)
            .ok()
            .map(|parts| parts.into_iter().map(|part| part.map(Arc::from)).collect::<Vec<_>>())
            .and_then(|parts| parts.try_into().ok());
        let Some([kind, role, agent, known, class, region, machine]) = parts else {
            return Err(damaged(format!("abide_tasks.route holds `{key}`, which cannot be read")));
        };
        let skills = known.as_deref().map(skills).unwrap_or_default();
        let demand = Demand { skills, site: Site { class, region, machine } };
        Ok(Self { key, kind: kind.unwrap_or_default(), role, agent, demand })
    }

    /// A task as any of this route is, as far as plain assignments look.
    fn task(&self, now: Timestamp) -> Task {
        Task {
            id: TaskId::from(""),
            kind: self.kind.clone(),
            title: Arc::from(""),
            role: self.role.clone(),
            agent: self.agent.clone(),
            author: None,
            status: TaskStatus::Pending,
            severity: Severity::default(),
            labels: std::collections::BTreeMap::new(),
            created: now,
            claimed: None,
            started: None,
            finished: None,
            approvals: Vec::new(),
            record: None,
            content: *NOTHING,
            own: self.kind.starts_with("abide/"),
        }
    }
}

/// Adds the first tasks of the route that comes first in the rows that the seeker may have, and says which that is.
fn heads(
    desk: &Desk<'_, '_>,
    seeker: &Seeker<'_>,
    rows: &mut Rows<'_>,
    most: usize,
    found: &mut Vec<Candidate>,
) -> Done<Option<String>> {
    let mut row = rows.next()?;
    let Some(head) = row else { return Ok(None) };
    let route = Route::read(head.get(0)?)?;
    let duties = &seeker.claim.duties;
    let decided = if duties.are_plain() {
        let (fit, duty) = queue::fit(seeker.worker, duties, (&route.task(desk.now), &route.demand), desk.now);
        if fit == Fit::Unfit || !seeker.room.has(duty) {
            return Ok(Some(route.key));
        }
        Some(fit)
    } else {
        None
    };
    // Sorted by whoever has looked at the routes before.
    let worst = found.get(most - 1).cloned();
    let mut left = most;
    while let Some(next) = row.filter(|_| left > 0) {
        if next.get_ref(0)?.as_str() != Ok(route.key.as_str()) {
            break;
        }
        let id = TaskId::from(next.get::<_, i64>(1)?);
        if seeker.passed.contains(&id) {
            row = rows.next()?;
            continue;
        }
        let fit = match decided {
            Some(fit) => fit,
            None => looked_at(desk, seeker, &route, &id)?,
        };
        // Since when it waits matters only to whom it fits elsewhere.
        let ready = if fit == Fit::Elsewhere { ready(desk, &id)? } else { desk.now };
        if queue::is_admitted(fit, ready, &desk.settings.queue, desk.now) {
            let candidate = candidate(id, next, fit)?;
            // In a route that fits as a whole, all that follow come later still.
            if decided.is_some() && worst.as_ref().is_some_and(|worst| candidate > *worst) {
                break;
            }
            found.push(candidate);
            left -= 1;
        }
        row = rows.next()?;
    }
    Ok(Some(route.key))
}

/// Since when a task can be claimed.
fn ready(desk: &Desk<'_, '_>, id: &TaskId) -> Done<Timestamp> {
    let sql = "SELECT coalesce(ready, created) FROM abide_tasks WHERE id = ?";
    let ready = desk.writer.tx.prepare_cached(sql)?.query_row([&*id.0], |row| row.get(0))?;
    Ok(Timestamp::from_millis(ready))
}

/// How well one task fits, where its labels or its author decide.
fn looked_at(desk: &Desk<'_, '_>, seeker: &Seeker<'_>, route: &Route, id: &TaskId) -> Done<Fit> {
    let Some(row) = live::read(desk.writer, desk.layout, id)? else { return Ok(Fit::Unfit) };
    let (fit, duty): (Fit, Option<&Duty>) =
        queue::fit(seeker.worker, &seeker.claim.duties, (&row.task, &route.demand), desk.now);
    Ok(if seeker.room.has(duty) { fit } else { Fit::Unfit })
}

fn candidate(id: TaskId, row: &Row<'_>, fit: Fit) -> Done<Candidate> {
    let rank: u8 = row.get(2)?;
    let severity = Severity::ALL.into_iter().find(|severity| queue::rank(*severity) == rank).unwrap_or_default();
    let due = Some(Timestamp::from_millis(row.get(3)?));
    Ok(Candidate::new(id, severity, fit, due, Timestamp::from_millis(row.get(4)?)))
}
