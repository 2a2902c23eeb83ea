//! Verdicts in rows of the team's table, as a policy first saw them: what there was to see then is what they are about.

use rusqlite::{Connection, Row};
use serde_json::json;

use super::super::audit;
use super::super::command::Desk;
use super::super::fault::{Done, damaged};
use crate::kinds::approval::Request;
use crate::model::{ABIDE, Approval, Content, Digest, Seen, SpecId, Task, TaskId, Timestamp, Vote};

const COLUMNS: &str = "task, policy, role, vote, agent, given, content, version, at";

impl Desk<'_, '_> {
    /// Keeps what a policy sees in a task's row for the first time. Says whether there was anything.
    pub(super) fn see(&mut self, request: &Request<'_>) -> Done<bool> {
        let task = request.task;
        let known = |approval: &&Approval| {
            task.record.as_ref().and_then(|record| record.seen_by(request.id, approval)).is_some()
        };
        let mut has_changed = false;
        for approval in task.approvals.iter().filter(|approval| !known(approval)) {
            self.see_first(request, approval)?;
            has_changed = true;
        }
        Ok(has_changed)
    }

    /// Forgets what was seen in a task's row and stands there no longer, whatever policy saw it: the same words may be said anew. What has a
    /// time tells that by itself, and is kept. Says whether there was anything.
    pub(super) fn unsee(&mut self, task: &Task) -> Done<bool> {
        let gone: Vec<Seen> = task.record.iter().flat_map(|record| record.gone(&task.approvals)).cloned().collect();
        for seen in &gone {
            self.forget(&task.id, seen)?;
        }
        Ok(!gone.is_empty())
    }

    fn see_first(&mut self, request: &Request<'_>, approval: &Approval) -> Done<()> {
        let (task, policy) = (request.task, request.id.to_string());
        let Approval { role, vote, by, at: given } = approval;
        let content = request.about(approval);
        let what = json!({
            "task": *task.id.0, "policy": policy, "role": **role, "verdict": vote.word(), "agent": by.as_deref(),
            "given": given.map(|at| at.to_string()), "digest": format!("sha256:{}", request.digest_of(content)),
        });
        let touched = audit::number(self.writer, self.now, ABIDE, ("see", &what))?;
        let sql =
            "INSERT OR REPLACE INTO abide_seen (task, policy, role, vote, agent, given, content, version, at, touched)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let bound = (content.to_string(), request.version().to_string());
        let times = (given.map(Timestamp::as_millis), self.now.as_millis());
        let by = by.as_deref();
        let values = (&*task.id.0, policy, &**role, vote.word(), by, times.0, bound.0, bound.1, times.1, touched);
        self.writer.write(sql, values)?;
        Ok(())
    }

    fn forget(&mut self, id: &TaskId, seen: &Seen) -> Done<()> {
        let (task, policy, role) = (&*id.0, seen.policy.to_string(), &*seen.approval.role);
        let what = json!({"task": task, "policy": policy, "role": role, "verdict": null});
        audit::add(self.writer, self.now, ABIDE, "see", &what)?;
        let sql = "DELETE FROM abide_seen WHERE task = ? AND policy = ? AND role = ?";
        self.writer.write(sql, (task, policy, role))?;
        Ok(())
    }
}

/// Hands over every verdict of those rows, each with its task.
pub(super) fn each<const N: usize>(
    conn: &Connection,
    which: &str,
    values: [&str; N],
    mut each: impl FnMut(String, Seen),
) -> Done<()> {
    let sql = format!("SELECT {COLUMNS} FROM abide_seen {which} ORDER BY task, policy, role");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, seen(row)?);
    }
    Ok(())
}

fn seen(row: &Row<'_>) -> Done<Seen> {
    let text = |at: usize| row.get::<_, String>(at);
    let wrong = |column: &str| damaged(format!("abide_seen.{column} holds what cannot be read"));
    let vote = text(3)?;
    let vote = [Vote::Approved, Vote::Rejected].into_iter().find(|it| it.word() == vote);
    let approval = Approval {
        role: text(2)?.into(),
        vote: vote.ok_or_else(|| wrong("vote"))?,
        by: row.get::<_, Option<String>>(4)?.map(Into::into),
        at: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_millis),
    };
    Ok(Seen {
        policy: text(1)?.parse::<SpecId>().map_err(|_| wrong("policy"))?,
        approval,
        content: Content::stored(&text(6)?).ok_or_else(|| wrong("content"))?,
        version: Digest::stored(&text(7)?).ok_or_else(|| wrong("version"))?,
        at: Timestamp::from_millis(row.get(8)?),
    })
}
