//! Rows of other tables: what a task waits for, and its tags.

use super::Exit;
use super::doubts::rows;
use super::wild::{says, says_not};

/// Tasks of a table, and what stands beside them.
fn beside(table: &str, more: &str) -> String {
    format!(
        "CREATE TABLE {table} (id integer PRIMARY KEY, title text, status text, created_at text);
         {}{more}",
        rows(table, 6, "#, 'Task #', 'open', '2026-11-20 08:00:00'")
            + &format!("INSERT INTO {table} VALUES (7, 'x', 'done', '2026-11-20 08:00:00');")
    )
}

#[test]
fn a_column_that_is_called_as_an_end_and_holds_keys_is_one() {
    let gitea = beside(
        "issue",
        "CREATE TABLE user (id integer PRIMARY KEY, name text); INSERT INTO user VALUES (1, 'ada');
         CREATE TABLE issue_dependency (id integer PRIMARY KEY, user_id integer, issue_id integer, dependency_id integer);
         INSERT INTO issue_dependency VALUES (1, 1, 1, 2), (2, 1, 4, 7);",
    );
    let needs = "needs     {table = \"issue_dependency\", task = \"issue_id\", value = \"dependency_id\"}";
    says(&gitea, Exit::Fine, &[needs, "needs 7"]);
    let trac = beside(
        "ticket",
        "CREATE TABLE ticket_custom (ticket integer, name text, value text, UNIQUE (ticket, name));
         INSERT INTO ticket_custom VALUES (6, 'blockedby', '2, 3'), (2, 'blockedby', ''), (3, 'points', '5');",
    );
    let needs = "value = \"value\", only = {name = \"blockedby\"}} a row whose name is `blockedby` holds keys of tasks";
    says(&trac, Exit::Fine, &[needs, "needs 2, needs 3"]);
    says_not(&trac.replace("'2, 3'", "'ada'"), Exit::Fine, &["needs     "]);
}

#[test]
fn ties_that_do_not_say_who_waits_are_named_with_the_line_that_maps_them() {
    let mantis = beside(
        "mantis_bug_table",
        "CREATE TABLE mantis_bug_relationship_table (id integer PRIMARY KEY, source_bug_id int, destination_bug_id int, relationship_type smallint);
         INSERT INTO mantis_bug_relationship_table VALUES (1, 1, 2, 2), (2, 3, 4, 1), (3, 5, 6, 2);",
    );
    let line = "and no `relationship_type` (`2`, `1`) says which waits for which, so what a task waits for is not shown. If the one in \
                `source_bug_id` waits for the one in `destination_bug_id`, put this under [tasks]: `needs = {table = \
                \"mantis_bug_relationship_table\", task = \"source_bug_id\", value = \"destination_bug_id\", only = {relationship_type = 2}}`";
    says(&mantis, Exit::Fine, &[line]);
    says_not(&mantis, Exit::Fine, &["no dependencies were found"]);
    let plain =
        beside("ticket", "CREATE TABLE mticket (dest integer, source integer); INSERT INTO mticket VALUES (1, 2);");
    says(&plain, Exit::Fine, &["and nothing says which waits for which", "task = \"source\", value = \"dest\"}`"]);
}

#[test]
fn every_word_that_means_waiting_is_taken_or_said() {
    let relations = |rows: &str| {
        let table =
            "CREATE TABLE relations (id integer PRIMARY KEY, from_id integer, to_id integer, relation_type varchar);";
        beside("tasks", &format!("{table} INSERT INTO relations VALUES {rows};"))
    };
    let said = "ties of relations that are `blocks` are not read as dependencies: one kind can be";
    says(&relations("(1, 1, 2, 'follows'), (2, 3, 4, 'blocks'), (3, 5, 6, 'relates')"), Exit::Fine, &[said]);
    says_not(&relations("(1, 1, 2, 'blocked'), (2, 2, 1, 'blocks')"), Exit::Fine, &["not read"]);
}

#[test]
fn tags_are_found_by_the_keys_that_rows_hold() {
    let deck = beside(
        "oc_deck_cards",
        "CREATE TABLE oc_deck_labels (id integer PRIMARY KEY, title varchar, color varchar); INSERT INTO oc_deck_labels VALUES (1, 'ops', 'f');
         CREATE TABLE oc_deck_assigned_labels (id integer PRIMARY KEY, label_id int, card_id int); INSERT INTO oc_deck_assigned_labels VALUES (1, 1, 6);",
    );
    let label = "value = {column = \"label_id\", table = \"oc_deck_labels\", key = \"id\", value = \"title\"}}";
    says(&deck, Exit::Fine, &[label, "ops=true"]);
    let bugzilla = beside(
        "bugs",
        "CREATE TABLE keyworddefs (id integer PRIMARY KEY, name varchar, description text); INSERT INTO keyworddefs VALUES (7, 'regression', 'x');
         CREATE TABLE keywords (bug_id int, keywordid int); INSERT INTO keywords VALUES (6, 7);",
    );
    says(&bugzilla, Exit::Fine, &["column = \"keywordid\", table = \"keyworddefs\"", "regression=true"]);
    let things = beside(
        "TMTask",
        "CREATE TABLE TMTag (uuid text PRIMARY KEY, title text); INSERT INTO TMTag VALUES ('u1', 'home');
         CREATE TABLE TMTaskTag (tasks text NOT NULL, tags text NOT NULL); INSERT INTO TMTaskTag VALUES ('6', 'u1');",
    );
    says(&things, Exit::Fine, &["task = \"tasks\", value = {column = \"tags\", table = \"TMTag\"", "home=true"]);
}

#[test]
fn lists_of_keys_are_no_tags() {
    let sql = "CREATE TABLE task (id text PRIMARY KEY, title text, status text, created_at text, tagIds text);
         CREATE TABLE tag (id text PRIMARY KEY, title text); INSERT INTO tag VALUES ('T1', 'home'), ('T2', 'work');
         INSERT INTO task VALUES ('a', 'A', 'open', '2026-11-20 08:00:00', '[\"T1\", \"T2\"]'), ('b', 'B', 'done', '2026-11-20 08:00:00', '[]');";
    says(
        sql,
        Exit::Fine,
        &["`tagIds` (`[\"T1\", \"T2\"]`, `[]`) holds lists of keys of tag: Abide reads words in a list"],
    );
    says_not(&sql.replace("tagIds", "tags"), Exit::Fine, &["label *"]);
}

#[test]
fn tables_that_look_like_labels_or_ties_are_named() {
    let sql = "CREATE TABLE jiraissue (ID numeric PRIMARY KEY, summary text, issuestatus text, assignee integer, created text);
        CREATE TABLE issuestatus (ID text PRIMARY KEY, seq integer, pname text);
        INSERT INTO issuestatus VALUES ('1', 1, 'To Do'), ('3', 2, 'In Progress'), ('6', 3, 'Done');
        CREATE TABLE app_user (id integer PRIMARY KEY, login text); INSERT INTO app_user VALUES (7, 'ada'), (8, 'kim');
        CREATE TABLE issuelinktype (ID numeric PRIMARY KEY, linkname text); INSERT INTO issuelinktype VALUES (10, 'Blocks');
        CREATE TABLE issuelink (ID numeric PRIMARY KEY, linktype numeric, source numeric, destination numeric);
        INSERT INTO issuelink VALUES (1, 10, 101, 102);
        CREATE TABLE label (ID numeric PRIMARY KEY, issue numeric, label text); INSERT INTO label VALUES (1, 101, 'area:db');
        INSERT INTO jiraissue VALUES (101, 'A', 1, 7, '2026-11-20 08:00:00'), (102, 'B', 3, 8, '2026-11-20 08:00:00'),
          (103, 'C', 6, 8, '2026-11-20 08:00:00');";
    let lines = [
        "agent     assignee → app_user.login",
        "status    issuestatus → issuestatus.pname",
        "`ID` gets the number after the greatest",
        "label may hold labels of tasks, by `issue` (`101`), and is not mapped",
        "issuelink may hold what ties tasks to each other, by `source` (`101`), `destination` (`102`)",
    ];
    let (exit, said) = super::Desk::new(sql).run("--same-database --table jiraissue").unwrap();
    assert!(lines.iter().all(|line| said.contains(line)), "{said}");
    assert_eq!(exit, Exit::Fine, "{said}");
}

#[test]
fn a_person_who_is_nobody_gets_new_tasks() {
    let sql = "CREATE TABLE users (id integer PRIMARY KEY, login text); INSERT INTO users VALUES (1, '-'), (3, 'emma');
        CREATE TABLE tasks (id integer PRIMARY KEY, title text, status text, owner_id integer NOT NULL REFERENCES users (id), created_at text);
        INSERT INTO tasks VALUES (1, 'A', 'open', 3, '2026-11-20 08:00:00'), (2, 'B', 'done', 3, '2026-11-20 08:00:00'),
          (3, 'C', 'open', 1, '2026-11-20 08:00:00');";
    let lines = ["insert    owner_id = 1", "`-` of `owner_id` is taken for nobody"];
    says(sql, Exit::Fine, &lines);
}
