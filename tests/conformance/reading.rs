//! What Abide sees of rows that were there before it.

use std::fmt::Write as _;

use abide::config::Mapping;
use abide::store::{Filter, SqliteStore, TaskStore as _};

use crate::schemas;

/// Every task in one line: as a person would check a mapping.
pub(crate) async fn seen(name: &str, url: &str, mapping: Mapping) -> String {
    let store = SqliteStore::open_read(url, mapping).unwrap();
    let mut listed = store.list(&Filter::default()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    listed.sort_by(|a, b| a.task.id.cmp(&b.task.id));
    let mut text = String::new();
    for row in &listed {
        let task = &row.task;
        let or = |value: &Option<std::sync::Arc<str>>| value.as_deref().unwrap_or("-").to_owned();
        write!(text, "{} {} `{}` {} {}", task.id, task.kind, task.title, task.status, task.severity).unwrap();
        write!(text, " for {} by {} held by {}", or(&task.role), or(&task.author), or(&task.agent)).unwrap();
        let points = [("made", Some(task.created)), ("claimed", task.claimed), ("began", task.started)];
        for (name, at) in points.into_iter().chain([("ended", task.finished)]) {
            at.iter().for_each(|at| write!(text, " {name} {at}").unwrap());
        }
        task.labels.iter().for_each(|(name, value)| write!(text, " {name}={value}").unwrap());
        row.needs.iter().for_each(|id| write!(text, " needs {id}").unwrap());
        text.push('\n');
    }
    text
}

#[tokio::test]
async fn rows_of_every_schema_are_read_as_they_are_meant() {
    let mut text = String::new();
    for schema in &schemas::ALL {
        let _ = writeln!(text, "{}", schema.name);
        let (_folder, url) = schema.filled();
        seen(schema.name, &url, schema.mapping()).await.lines().for_each(|line| writeln!(text, "  {line}").unwrap());
    }
    insta::assert_snapshot!(text);
}
