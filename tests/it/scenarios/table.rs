//! Tables of tasks and agents: a line of column names, then a line for each row; `-` is nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use abide::model::{Approval, Content, Heartbeat, Severity, Task, TaskId, TaskStatus, Timestamp, Vote};

/// A row by the names of its columns.
pub(super) type Row<'t> = BTreeMap<&'t str, &'t str>;

pub(super) fn rows(text: &str) -> Vec<Row<'_>> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let names: Vec<&str> = lines.next().unwrap_or_default().split_whitespace().collect();
    let row = |line: &'_ str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
    lines
        .map(|line| {
            assert_eq!(row(line).len(), names.len(), "`{line}` does not fit the columns {names:?}");
            names.iter().copied().zip(line.split_whitespace()).collect()
        })
        .collect()
}

/// The keys that a row stands for: `7`, or `1..20` with both ends.
pub(super) fn ids(row: &Row<'_>) -> Vec<TaskId> {
    let id = row["id"];
    match id.split_once("..") {
        Some((first, last)) => (first.parse::<i64>().unwrap()..=last.parse().unwrap()).map(TaskId::from).collect(),
        None => vec![id.into()],
    }
}

/// The task with what the row says of it; what it does not say stays.
pub(super) fn task(id: &TaskId, before: Option<&Task>, row: &Row<'_>, now: Timestamp) -> Task {
    let mut task = before.cloned().unwrap_or_else(|| fresh(id, now));
    for (column, word) in row {
        let text: Option<Arc<str>> = (*word != "-").then(|| Arc::from(*word));
        match *column {
            "id" => {}
            "type" => task.kind = (*word).into(),
            "title" => task.title = (*word).into(),
            "role" => task.role = text,
            "agent" => task.agent = text,
            "author" => task.author = text,
            "status" => task.status = TaskStatus::from_word(word).unwrap_or_else(|| panic!("no status {word}")),
            "severity" => task.severity = word.parse().unwrap_or_else(|_| panic!("no severity {word}")),
            "created" => task.created = moment(word, now),
            "claimed" => task.claimed = text.map(|_| moment(word, now)),
            "started" => task.started = text.map(|_| moment(word, now)),
            "finished" => task.finished = text.map(|_| moment(word, now)),
            "labels" => task.labels = text.iter().flat_map(|text| text.split(',')).map(label).collect(),
            "approvals" => {
                task.approvals = text.iter().flat_map(|text| text.split(',')).map(|a| approval(a, now)).collect();
            }
            "content" => task.content = Content::titled(word),
            other => panic!("tasks have no column {other}"),
        }
    }
    task
}

fn fresh(id: &TaskId, now: Timestamp) -> Task {
    Task {
        id: id.clone(),
        kind: "fix_bug".into(),
        title: format!("task {id}").into(),
        role: None,
        agent: None,
        author: None,
        status: TaskStatus::Pending,
        severity: Severity::Medium,
        labels: BTreeMap::new(),
        created: now,
        claimed: None,
        started: None,
        finished: None,
        approvals: Vec::new(),
        record: None,
        content: Content::titled(""),
        own: false,
    }
}

fn label(text: &str) -> (Arc<str>, Arc<str>) {
    let (key, value) = text.split_once(':').unwrap();
    (key.into(), value.into())
}

/// `architect:approved`, `architect:rejected/po`, `architect:approved@-1h`, `architect:approved/po@-1h`.
fn approval(text: &str, now: Timestamp) -> Approval {
    let (text, at) = text.split_once('@').map_or((text, None), |(text, at)| (text, Some(moment(at, now))));
    let (text, by) = text.split_once('/').map_or((text, None), |(text, by)| (text, Some(by.into())));
    let (role, vote) = text.split_once(':').unwrap();
    let vote = if vote == "approved" { Vote::Approved } else { Vote::Rejected };
    Approval { role: role.into(), vote, by, at }
}

/// `now`, `-3h`, `+10m`, or a time: `2026-03-02T10:00:00Z`.
pub(super) fn moment(word: &str, now: Timestamp) -> Timestamp {
    let length = |text: &str| text.parse().unwrap_or_else(|error| panic!("{error}"));
    match word.as_bytes().first() {
        Some(b'n') => now,
        Some(b'-') => now.minus(length(&word[1..])),
        Some(b'+') => now.plus(length(&word[1..])),
        _ => word.parse().unwrap(),
    }
}

pub(super) fn heartbeat(row: &Row<'_>, now: Timestamp) -> Heartbeat {
    let role = row.get("role").filter(|role| **role != "-").map(|role| Arc::from(*role));
    Heartbeat { seen: moment(row["seen"], now), role }
}
