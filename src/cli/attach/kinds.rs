//! What tables hold, from what people call them.

use super::names::{self, normal, singular};

/// Whether a table is one of people, by the last word of its name: `auth_user`, `mantis_user_table`.
pub(super) fn says_people(table: &str) -> bool {
    const PEOPLE: [&str; 8] = ["user", "person", "people", "member", "account", "employee", "agent", "worker"];
    let name = normal(table);
    let last = name.strip_suffix("_table").unwrap_or(&name).rsplit('_').next();
    last.is_some_and(|last| PEOPLE.contains(&singular(last).as_str()))
}

/// What people call tasks.
const TASKS: [&str; 18] = [
    "task",
    "todo",
    "issue",
    "ticket",
    "reminder",
    "card",
    "job",
    "item",
    "work",
    "story",
    "bug",
    "request",
    "assignment",
    "aufgabe",
    "tache",
    "tarea",
    "backlog",
    "auftrag",
];

/// Whether a word is one for a task.
pub(super) fn is_task(word: &str) -> bool {
    TASKS.contains(&word)
}

/// Words that tell a table of tasks, or one that is none, from its name.
pub(super) fn says_tasks(table: &str) -> bool {
    let says = |word: String| TASKS.iter().any(|task| word.strip_prefix(task).is_some_and(|rest| rest.len() <= 2));
    of_core_data(table).is_some() || normal(table).split('_').map(singular).any(says)
}

/// The word for a task that a table of Core Data ends with: `ZREMCDREMINDER`, and nothing tells where its words begin.
pub(super) fn of_core_data(table: &str) -> Option<&'static str> {
    let name = names::of_core_data(table)?.to_ascii_lowercase();
    TASKS.iter().copied().find(|task| name.ends_with(task))
}

/// Whether a table is one of lists by its name, which tasks are put into: `todo_tasklist`.
pub(super) fn says_list(table: &str) -> bool {
    let name = singular(table);
    name.rsplit('_').next().is_some_and(|last| ["list", "liste"].iter().any(|end| last.ends_with(end)))
}

/// The word by which a table says that it holds what was once somewhere else, or what others are made from.
pub(super) fn says_aside(table: &str) -> Option<String> {
    const ASIDE: [&str; 19] = [
        "archive", "archived", "history", "log", "audit", "template", "backup", "bak", "old", "deleted", "trash",
        "draft", "version", "revision", "snapshot", "journal", "change", "event", "archiv",
    ];
    normal(table).split('_').map(singular).find(|word| ASIDE.contains(&word.as_str()))
}

/// The word by which a table says that it holds something else than tasks.
pub(super) fn says_other(table: &str) -> Option<String> {
    const OTHER: [&str; 49] = [
        "order",
        "customer",
        "product",
        "user",
        "person",
        "member",
        "account",
        "employee",
        "invoice",
        "payment",
        "shipment",
        "delivery",
        "cart",
        "subscription",
        "project",
        "milestone",
        "sprint",
        "board",
        "session",
        "comment",
        "article",
        "post",
        "page",
        "message",
        "email",
        "mail",
        "notification",
        "device",
        "host",
        "agent",
        "worker",
        "heartbeat",
        "metric",
        "migration",
        "booking",
        "contract",
        "contact",
        "company",
        "build",
        "deployment",
        // The words that tasks are given, and where they are put.
        "status",
        "state",
        "stage",
        "column",
        "lane",
        "list",
        "label",
        "tag",
        "priority",
    ];
    normal(table).split('_').map(singular).find(|word| OTHER.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_lies_in_a_table() {
        assert!(
            says_tasks("agent_tasks")
                && says_tasks("Aufgaben Liste")
                && says_tasks("user_stories")
                && !says_tasks("taskforce_members")
        );
        assert!(["TMTask", "oc_deck_cards", "mantis_bug_table", "ZREMCDREMINDER"].into_iter().all(says_tasks));
        assert_eq!(says_aside("task_histories").as_deref(), Some("history"));
        assert_eq!(says_other("shop_orders").as_deref(), Some("order"));
        assert!(says_people("users") && says_people("mantis_user_table") && !says_people("user_roles"));
        assert_eq!((says_aside("tasks"), says_other("todo_items")), (None, None));
    }
}
