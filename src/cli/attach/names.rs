//! What people call the columns of a task table. English first, and some of the neighbours' tongues.

use super::kinds;
use crate::config::Field;

/// The names of each field, the surest first, in small letters with `_` between the words.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Id, &["id", "uuid", "guid", "key", "nr", "number", "nummer"]),
    (
        Field::Status,
        &["status", "state", "stage", "column", "lane", "list", "phase", "zustand", "statut", "estado", "order"],
    ),
    (
        Field::Created,
        &[
            "created_at",
            "created",
            "creation_date",
            "created_on",
            "date_created",
            "created_time",
            "creation_time",
            "inserted_at",
            "added_at",
            "date_added",
            "added",
            "opened_at",
            "opened",
            "date_creation",
            "create_time",
            "creation_ts",
            "date_entered",
            "entered_at",
            "entry_date",
            "entry",
            "enqueued_at",
            "queued_at",
            "reported_at",
            "submitted_at",
            "made",
            "erstellt_am",
            "erstellt",
            "angelegt_am",
            "cree_le",
            "creado",
            "time",
            "angelegt",
            "raised_at",
            "logged_at",
        ],
    ),
    (
        Field::Finished,
        &[
            "finished_at",
            "completed_at",
            "finish_date",
            "closed_at",
            "resolved_at",
            "done_at",
            "ended_at",
            "finished",
            "completed",
            "resolved",
            "resolution_date",
            "resolutiondate",
            "completion_date",
            "date_completed",
            "date_done",
            "stopped_at",
            "stopped",
            "stop_date",
            "completed_on",
            "closed_on",
            "date_closed",
            "end_date",
            "end",
            "ended",
            "closed",
            "fertig_am",
            "erledigt_am",
            "abgeschlossen_am",
            "erledigt",
            "abgeschlossen",
            "done",
        ],
    ),
    (
        Field::Started,
        &[
            "started_at",
            "started",
            "start_date",
            "start_time",
            "began_at",
            "began",
            "in_progress_at",
            "started_on",
            "date_started",
            "start",
            "begonnen_am",
            "begonnen",
        ],
    ),
    (Field::Claimed, &["claimed_at", "locked_at", "assigned_at", "taken_at", "reserved_at", "picked_at"]),
    (
        Field::Updated,
        &[
            "updated_at",
            "updated",
            "modified_at",
            "modified",
            "last_modified",
            "last_modified_date",
            "last_updated",
            "changed_at",
            "updated_on",
            "changetime",
            "date_modification",
            "delta_ts",
            "geaendert_am",
            "geändert_am",
            "geändert",
        ],
    ),
    (
        Field::Due,
        &[
            "due_at",
            "due_date",
            "due",
            "due_on",
            "date_due",
            "duedate",
            "date_to_finish",
            "due_by",
            "deadline",
            "faellig_am",
            "fällig_am",
            "fällig",
            "echeance",
            "faellig",
        ],
    ),
    (
        Field::Priority,
        &[
            "priority",
            "prio",
            "urgency",
            "severity",
            "importance",
            "priorität",
            "prioritaet",
            "dringlichkeit",
            "priorite",
        ],
    ),
    (
        Field::Context,
        &[
            "context_json",
            "context",
            "metadata",
            "meta",
            "payload",
            "data",
            "extra",
            "properties",
            "attributes",
            "custom_fields",
            "details",
            "angaben_json",
            "info",
        ],
    ),
    (Field::Parent, &["parent", "epic", "parent_task", "uebergeordnet"]),
    (Field::Type, &["type", "kind", "task_type", "tracker", "category", "job_class", "class", "sort", "art", "typ"]),
    (
        Field::Agent,
        &[
            "claimed_by",
            "locked_by",
            "agent",
            "worker",
            "assignee",
            "assigned_agent",
            "assigned_to",
            "assigned",
            "assigned_user",
            "zugewiesen_an",
            "handler",
            "handled_by",
            "owner",
            "executor",
            "responsible",
            "für_wen",
            "fuer_wen",
            "bearbeiter",
            "zuständig",
        ],
    ),
    (
        Field::Role,
        &["role", "assigned_role", "team", "squad", "group", "queue", "assigned_to", "department", "rolle", "gruppe"],
    ),
    (
        Field::Author,
        &[
            "author",
            "created_by",
            "creator",
            "reporter",
            "reported_by",
            "requested_by",
            "requester",
            "opened_by",
            "submitter",
            "von",
            "ersteller",
        ],
    ),
    (
        Field::Title,
        &[
            "title",
            "name",
            "summary",
            "subject",
            "headline",
            "task",
            "todo",
            "what",
            "was",
            "titel",
            "betreff",
            "bezeichnung",
            "titre",
            "short_desc",
            "text",
            "content",
            "description",
            "label",
        ],
    ),
    (
        Field::Body,
        &[
            "description",
            "body",
            "notes",
            "note",
            "details",
            "detailed_desc",
            "long_desc",
            "text",
            "content",
            "beschreibung",
            "notizen",
        ],
    ),
    (Field::Error, &["error", "error_message", "last_error", "failure_reason", "failure", "fehler"]),
    (Field::Result, &["result", "result_json", "output", "outcome", "ergebnis"]),
    (Field::Tries, &["max_attempts", "max_retries", "max_tries", "tries_in_all"]),
    (Field::Skills, &["skills", "required_skills"]),
    (
        Field::NotBefore,
        &[
            "run_at",
            "not_before",
            "scheduled_at",
            "available_at",
            "run_after",
            "wait",
            "wait_until",
            "defer_until",
            "snoozed_until",
            "start_after",
        ],
    ),
    (Field::Attempts, &["attempts", "retry_count", "retries", "tries", "attempt", "versuche"]),
];

/// How sure a column is a field by its name: 0 the surest; none where nobody calls it so. `table` is the table's name: a
/// column may repeat it.
pub(super) fn rank(field: Field, column: &str, table: &str) -> Option<usize> {
    let (_, names) = NAMES.iter().find(|(named, _)| *named == field)?;
    let spoken = spoken(column, table);
    names.iter().position(|name| says(&spoken, column, name))
}

/// Whether a column is called one of these.
pub(super) fn is_called(column: &str, table: &str, names: &[&str]) -> bool {
    let spoken = spoken(column, table);
    names.iter().any(|name| says(&spoken, column, name))
}

/// Whether one of the names of a column is this one. Core Data does not tell where words begin.
fn says(spoken: &[String], column: &str, name: &str) -> bool {
    spoken.iter().any(|said| said == name)
        || of_core_data(column).is_some() && spoken.iter().any(|said| *said == name.replace('_', ""))
}

/// What Core Data calls by a name with a `Z` before it, all in capitals: `ZCREATIONDATE`.
pub(super) fn of_core_data(name: &str) -> Option<&str> {
    let rest = name.strip_prefix('Z')?;
    let rest = rest.strip_prefix('_').unwrap_or(rest);
    (rest.len() > 1 && rest.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())).then_some(rest)
}

/// A column's name as it is, without the table's name or another word for a task before it, and without `_id` behind it.
fn spoken(column: &str, table: &str) -> Vec<String> {
    let whole = normal(column);
    let mut said = vec![whole.clone()];
    let prefix = format!("{}_", singular(table));
    // A key as `task_list_id` is one of another table's rows.
    let keyless = || whole.split_once('_').filter(|(first, rest)| kinds::is_task(first) && !rest.ends_with("_id"));
    let of_task = || keyless().map(|(_, rest)| rest);
    said.extend(whole.strip_prefix(&prefix).or_else(of_task).map(str::to_owned));
    for name in said.clone() {
        let key = ["_id", "_gid", "_uuid", "_guid"].into_iter().find_map(|end| name.strip_suffix(end));
        said.extend(key.filter(|rest| !rest.is_empty()).map(str::to_owned));
        said.extend(name.strip_prefix("is_").map(str::to_owned));
        let of_person = ["_user_id", "_uid", "_email", "_login"].into_iter().find_map(|end| name.strip_suffix(end));
        said.extend(of_person.filter(|rest| !rest.is_empty()).map(str::to_owned));
        // `opened_on`, `created_ts` and `date_raised` are when something was done as `opened_at` is.
        let ends = ["_on", "_ts", "_date", "_time", "_unix"].into_iter().find_map(|end| name.strip_suffix(end));
        said.extend(name.strip_suffix("_unix").map(str::to_owned));
        said.extend(ends.or_else(|| name.strip_prefix("date_")).map(|stem| format!("{stem}_at")));
    }
    said
}

/// A name in small letters with `_` between its words: `createdAt` and `Created at` are `created_at`, and `TMTask` is `tm_task`.
pub(super) fn normal(name: &str) -> String {
    let name = of_core_data(name).unwrap_or(name);
    let mut words = String::new();
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        if !c.is_alphanumeric() {
            if !words.is_empty() && !words.ends_with('_') {
                words.push('_');
            }
            before = None;
            continue;
        }
        let follows_small = before.is_some_and(|it| it.is_lowercase() || it.is_numeric());
        let begins_word = before.is_some_and(char::is_uppercase) && letters.peek().is_some_and(|it| it.is_lowercase());
        if c.is_uppercase() && (follows_small || begins_word) {
            words.push('_');
        }
        before = Some(c);
        words.extend(c.to_lowercase());
    }
    words.trim_end_matches('_').to_owned()
}

/// A table's name for one of its rows: `stories` is `story`, `workItems` is `work_item`.
pub(super) fn singular(table: &str) -> String {
    let name = normal(table);
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match name.strip_suffix("ses").or_else(|| name.strip_suffix("xes")) {
        Some(_) => name[..name.len() - 2].to_owned(),
        None if name.ends_with("ss") || name.ends_with("us") => name,
        None => name.strip_suffix('s').unwrap_or(&name).to_owned(),
    }
}

/// What a row of a table may be called, the whole name first: `mantis_bug_table` is `mantis_bug` or `bug`.
pub(super) fn of_row(table: &str) -> [String; 2] {
    let name = normal(table);
    let whole = singular(["_table", "_tbl"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name));
    let last = whole.rsplit('_').next().unwrap_or_default().to_owned();
    [whole, last]
}

#[cfg(test)]
mod tests;
