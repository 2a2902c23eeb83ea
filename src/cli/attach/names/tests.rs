use super::*;

#[test]
fn names_are_heard_however_they_are_written() {
    for (column, table, field, rank_is) in [
        ("createdAt", "workItems", Field::Created, Some(0)),
        ("task_id", "tasks", Field::Id, Some(0)),
        ("TMTaskID", "TMTasks", Field::Id, Some(0)),
        ("issue_type_id", "issue", Field::Type, Some(0)),
        ("erstellt am", "Aufgaben Liste", Field::Created, Some(25)),
        ("Priorität", "x", Field::Priority, Some(5)),
        ("Was?", "x", Field::Title, Some(8)),
        ("frobnicate", "x", Field::Title, None),
        ("ZCREATIONDATE", "ZREMCDREMINDER", Field::Created, Some(2)),
        ("ZTITLE", "ZREMCDREMINDER", Field::Title, Some(0)),
        ("closed_unix", "issue", Field::Finished, Some(3)),
        ("deadline_unix", "issue", Field::Due, Some(8)),
        ("assignee_gid", "tasks", Field::Agent, Some(4)),
        ("assigneeUuid", "tasks", Field::Agent, Some(4)),
        ("task_severity", "flyspray_tasks", Field::Priority, Some(3)),
        ("item_summary", "flyspray_tasks", Field::Title, Some(2)),
        ("order_type", "tasks", Field::Type, None),
    ] {
        assert_eq!(rank(field, column, table), rank_is, "{column}");
    }
    assert_eq!(
        (singular("stories"), singular("statuses"), singular("boxes")),
        ("story".into(), "status".into(), "box".into())
    );
}
