//! Columns that refer to other tables, labels and what a task waits for.

use super::*;
use crate::config::{Constant, Join, Lookup, Source, TimeFormat, Within};

fn tasks(more: &str) -> Result<Mapping, String> {
    let text = format!("[tasks]\ntable = 'cards'\n[tasks.columns]\nid = 'id'\ntitle = 'name'\n{more}");
    Config::parse(&text, &[]).map(|config| config.mapping()).map_err(|error| error.to_string())
}

/// What every mapping needs besides.
const REST: &str = "type = 'kind'\ncreated = 'made'\nstatus = 'state'\n";

#[test]
fn one_notation_serves_columns_labels_and_needs() {
    let mapping = tasks(
        "type = {column = 'kind_id', table = 'kinds', key = 'id', value = 'word', default = 'card'}
         status = {column = 'column_id', table = 'columns', key = 'id', value = 'name', within = 'board_id', insert = 1}
         created = {column = 'made', time = 'unix'}
         [tasks.labels]
         '*' = {table = 'taggings', task = 'card_id', value = {column = 'tag_id', table = 'tags', key = 'id', value = 'name'}, only = {kind = 'Card'}}
         area = {column = 'area_id', table = 'areas', key = 'id', value = 'name'}
         size = {table = 'fields', task = 'card_id', name = 'field', value = 'text'}
         topics = 'data:/topics[]'
         [tasks.needs]
         table = 'links'
         task = 'from_id'
         value = 'to_id'",
    )
    .unwrap();
    let lookup = |table: &str, value: &str, within: Option<Within>| Lookup {
        table: table.into(),
        key: "id".into(),
        value: value.into(),
        within,
    };
    let within = Within { column: "board_id".into(), insert: Some(Constant::Integer(1)) };
    assert_eq!(mapping.lookups[&Field::Status], lookup("columns", "name", Some(within)));
    assert_eq!(mapping.lookups[&Field::Type], lookup("kinds", "word", None));
    assert_eq!((mapping.column(Field::Type), mapping.default_type.as_deref()), (Some("kind_id"), Some("card")));
    assert_eq!((mapping.time_of(Field::Created), mapping.time_of(Field::Due)), (TimeFormat::Unix, TimeFormat::Text));
    let rows = |table: &str, task: &str, value: &str| Join {
        table: table.into(),
        task: task.into(),
        name: None,
        value: value.into(),
        lookup: None,
        only: std::collections::BTreeMap::new(),
    };
    let tags = Join {
        lookup: Some(lookup("tags", "name", None)),
        only: [("kind".to_owned(), Constant::Text("Card".into()))].into(),
        ..rows("taggings", "card_id", "tag_id")
    };
    assert_eq!(mapping.labels["*"], Source::Rows(tags));
    assert_eq!(
        mapping.labels["area"],
        Source::Lookup { column: "area_id".into(), lookup: lookup("areas", "name", None) }
    );
    let fields = Join { name: Some("field".into()), ..rows("fields", "card_id", "text") };
    assert_eq!(mapping.labels["size"], Source::Rows(fields));
    let topics = Source::Json { column: "data".into(), pointer: "/topics".into(), is_list: true };
    assert_eq!(mapping.labels["topics"], topics);
    assert_eq!(mapping.needs, Some(Source::Rows(rows("links", "from_id", "to_id"))));
}

#[test]
fn a_table_without_types_has_one_for_all() {
    let mapping = tasks(
        "type = {default = 'todo'}\ncreated = 'made'\nstatus = 'done'\n[tasks.status]\npending = false\ncompleted = true",
    );
    let mapping = mapping.unwrap();
    assert_eq!((mapping.column(Field::Type), mapping.default_type.as_deref()), (None, Some("todo")));
    assert_eq!(mapping.status.write(TaskStatus::Completed), Some("1"));
}

const OF_COLUMNS: &[(&str, &str)] = &[
    (
        "role = 5",
        "a column is a text, or a table such as {column = \"status_id\", table = \"statuses\", key = \"id\", value = \"name\"}",
    ),
    ("role = ' '", "this must not be empty"),
    ("role = {column = ''}", "`column` must be a text that is not empty"),
    ("role = {table = 't'}", "no key is called `table` here; use one of column, time, default"),
    ("role = {time = 'unix', column = 'r'}", "`role` is no time, so it has no `time`"),
    ("role = {column = 'r', default = 'x'}", "only `type` takes a `default`, and this is `role`"),
    ("role = {column = 'r', tabel = 't'}", "no key is called `tabel` here; did you mean `table`?"),
    ("role = {column = 'r', table = 't'}", "`key` is missing: the column of that table that is referred to"),
    (
        "role = {column = 'r', table = 't', key = 'k'}",
        "`value` is missing: the column of that table that holds the word",
    ),
    (
        "role = {column = 'r', table = 't', key = 'k', value = 'v', insert = 1}",
        "`insert` says what new tasks are put `within`, and that is missing",
    ),
    (
        "role = {column = 'r', table = 't', key = 'k', value = 'v', within = 'w', insert = []}",
        "`insert` takes a text or a number, no list or table",
    ),
    (
        "due = {column = 'd', time = 'soon'}",
        "no time format is called `soon`; use one of text, iso8601, unix, unix-ms, unix-us, text-t, date, apple, ticks, julian",
    ),
    (
        "body = {column = 'd', table = 't', key = 'k', value = 'v'}",
        "`body` is read from its own column; only type, role, agent, author, status, priority may refer to a table",
    ),
];

const OF_SOURCES: &[(&str, &str)] = &[
    (
        "[tasks.labels]\n'*' = {task = 't'}",
        "`table` is missing: the table whose rows refer to the task, where no `column` is named",
    ),
    ("[tasks.labels]\n'*' = {table = 't'}", "`task` is missing: the column of that table that holds the task's key"),
    (
        "[tasks.labels]\n'*' = {table = 't', task = 'x'}",
        "`value` is missing: the column of that table that holds the value",
    ),
    (
        "[tasks.labels]\n'*' = {table = 't', task = 'x', value = 1}",
        "`value` must be a column, or a table such as {column = \"tag_id\", table = \"tags\", key = \"id\", value = \"name\"}",
    ),
    (
        "[tasks.labels]\n'*' = {table = 't', task = 'x', value = 'v', only = 'o'}",
        "`only` must be a table such as {kind = \"blocks\"}",
    ),
    (
        "[tasks.labels]\n'*' = []",
        "this is a text such as \"column\" or \"column:/place/in/json\", or a table such as {table = \"task_tags\", task = \"task_id\", value = \"tag\"}",
    ),
    ("[tasks.insert]\nnr = {within = 'p'}", "a table here says that new rows have the next number: `{next = true}`"),
    ("[tasks.insert]\nnr = {next = true, on = 'p'}", "no key is called `on` here; use one of next, within"),
    (
        "[tasks.insert]\nnr = [1]",
        "a column takes one text or number, or the next number of its table; write `COLUMN = 7`, or \
         `COLUMN = {next = true, within = \"project_id\"}`",
    ),
    (
        "[tasks.only]\nis_deleted = {not = 1}",
        "`only` takes texts and numbers: a row is a task where the column holds one of them; write `only = {is_deleted = 0}`, or \
         `only = {deleted_at = \"\"}` where it must be empty",
    ),
    (
        "[tasks.needs]\ncolumn = 'c'\ntable = 't'\nkey = 'k'\nvalue = 'v'",
        "`needs` holds keys of tasks, so it refers to no other table; name the column alone, or rows as {table = …, task = …, value = …}",
    ),
];

#[test]
fn mistakes_in_a_place_are_named_with_their_place() {
    for (more, what) in OF_COLUMNS.iter().chain(OF_SOURCES) {
        let error = tasks(&format!("{REST}{more}")).unwrap_err();
        let (place, said) = error.split_once(": ").unwrap();
        assert_eq!(said, *what, "{more}");
        assert!(place.starts_with("abide.toml:9:") || place.starts_with("abide.toml:10:"), "{error}");
    }
    let without = tasks("type = {default = 'x'}\nstatus = 's'\ncreated = 'c'\n[tasks.insert]\ntype = 'y'").unwrap_err();
    assert_eq!(
        without,
        "abide.toml: `tasks.insert.type` needs `tasks.columns.type`: there is no column to write it into"
    );
}
