//! Databases that are none, that are away, and rows that do not fit the mapping.

use super::{Expected, check, check_both};
use crate::support::organisation::{NOW, Organisation};

#[test]
fn a_file_that_is_no_database_is_out_of_reach() {
    for bytes in [&b"this is a text, and a long one, so that it is no header of a database at all"[..], &[0; 4096]] {
        let org = Organisation::new();
        std::fs::write(org.database(), bytes).unwrap();
        check_both(&org, &Expected { code: 4, says: &["team.db", "out of reach", "not a database"] });
        assert_eq!(std::fs::read(org.database()).unwrap(), bytes, "it is somebody's file");
    }
}

#[test]
fn half_a_database_is_out_of_reach() {
    let org = Organisation::new();
    let bytes = std::fs::read(org.database()).unwrap();
    std::fs::write(org.database(), &bytes[..bytes.len() / 2]).unwrap();
    check_both(&org, &Expected { code: 4, says: &["team.db"] });
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let org = Organisation::new();
    std::fs::remove_file(org.database()).unwrap();
    check(&org, &["plan", "--at", NOW], &Expected { code: 4, says: &["team.db"] });
    assert!(!org.database().exists(), "a plan writes nothing");
}

#[test]
fn a_locked_database_is_out_of_reach() {
    let org = Organisation::new();
    let holder = rusqlite::Connection::open(org.database()).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let ended = org.abide(&["reconcile", "--at", NOW]);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.err.contains("locked"), "{ended:?}");
}

#[test]
fn a_mapping_that_does_not_fit_names_the_key_the_column_and_how_to_mend_it() {
    let cases: [(&str, &str, &[&str]); 5] = [
        ("table = \"jobs\"", "table = \"job\"", &["job", "tasks.table in abide.toml", "jobs"]),
        (
            "role = \"role\"",
            "role = \"rol\"",
            &["the table jobs has no column `rol`", "tasks.columns.role in abide.toml", "Did you mean `role`?"],
        ),
        (
            "[tasks.status]",
            "[tasks.approvals.po]\ncolumn = \"po\"\n[tasks.status]",
            &["the table jobs has no column `po`", "tasks.approvals.po"],
        ),
        (
            "[tasks.status]",
            "[tasks.agents]\ntable = \"who\"\nname = \"n\"\nseen = \"s\"\n[tasks.status]",
            &["who", "tasks.agents"],
        ),
        ("[tasks.status]", "[tasks.labels]\narea = \"nowhere:/a\"\n[tasks.status]", &["nowhere", "tasks.labels.area"]),
    ];
    for (part, other, says) in cases {
        let org = Organisation::new();
        org.config(part, other);
        check_both(&org, &Expected { code: 2, says });
    }
}

#[test]
fn a_value_that_does_not_fit_names_the_column_the_value_and_the_row() {
    let cases: [(&str, &[&str]); 4] = [
        ("status = 'weird'", &["column jobs.status", "value `weird`", "row 2", "tasks.status"]),
        ("status = ''", &["column jobs.status", "row 2"]),
        (
            "created = 'yesterday'",
            &["column jobs.created", "value `yesterday`", "row 2", "tasks.columns.created", "`time = \"text\"`"],
        ),
        ("created = 5", &["column jobs.created", "row 2"]),
    ];
    for (set, says) in cases {
        let org = Organisation::new();
        org.sql(&format!("UPDATE jobs SET {set} WHERE id = 2"));
        let ended = org.abide(&["plan", "--at", NOW]);
        let said = format!("{}{}", ended.out, ended.err);
        assert!(says.iter().all(|words| said.contains(words)), "{set} should say {says:?}:\n{said}");
        assert!(!said.contains("panicked") && ended.code == 2, "{ended:?}");
        let ended = org.abide(&["drift", "list", "--at", NOW]);
        let told = ended.code == 0 && ended.out.contains(" unknown: ") && ended.err.contains("has no answer");
        assert!(told, "what nobody can tell is not shown as healthy: {ended:?}");
        let before = org.dump();
        let ended = org.abide(&["reconcile", "--at", NOW, "-o", "json"]);
        assert!(!ended.err.contains("panicked"), "{ended:?}");
        let jobs = |dump: &str| dump.lines().filter(|line| line.starts_with("[Integer(")).count();
        assert_eq!(jobs(&before), 2);
        let after = org.dump();
        let first: Vec<&str> = after.lines().skip_while(|line| !line.starts_with("jobs ")).skip(1).take(3).collect();
        assert_eq!(first.iter().filter(|line| line.starts_with("[Integer(")).count(), 2, "{set}: a task was opened");
    }
}

#[test]
fn all_rows_that_cannot_be_read_are_named_at_once() {
    let org = Organisation::new();
    org.sql(
        "UPDATE jobs SET status = 'weird' WHERE id = 1; UPDATE jobs SET created = 'yesterday' WHERE id = 2;
         INSERT INTO jobs (kind, title, status, created) SELECT 'fix_bug', 'c', 'odd' || (value % 2), '2026-03-02 09:00:00'
           FROM json_each('[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]')",
    );
    let reconciled = org.abide(&["reconcile", "--at", NOW]);
    let doctor = org.abide(&["doctor"]);
    assert_eq!((reconciled.code, doctor.code), (2, 1), "{reconciled:?} {doctor:?}");
    for said in [reconciled.err, doctor.out] {
        let each = ["value `weird`, row 1", "value `yesterday`, row 2", "value `odd0`, row 4", "value `odd1`, row 3"];
        assert!(each.iter().all(|words| said.contains(words)), "{said}");
        assert!(said.contains("so it is with 5, 7, 9, 11 and 2 more"), "{said}");
    }
}

#[test]
fn odd_values_that_fit_are_taken_as_they_are() {
    let org = Organisation::new();
    org.sql(
        "UPDATE jobs SET title = char(0) || 'x' || char(8238), context = 'no json', priority = 9223372036854775807, \
             role = '', agent = '' WHERE id = 2",
    );
    org.sql("INSERT INTO jobs (id, kind, title, status, created) VALUES (9223372036854775806, '', '', 'todo', '0001-01-01 00:00:00')");
    org.sql(&format!("UPDATE jobs SET title = '{}' WHERE id = 1", "x".repeat(1 << 20)));
    let ended = org.abide(&["plan", "--at", NOW, "-o", "json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!ended.err.contains("panicked"), "{ended:?}");
}

#[test]
fn a_table_that_refuses_a_task_says_why_and_stays_as_it_is() {
    let org = Organisation::new();
    org.sql("CREATE TABLE new AS SELECT * FROM jobs; DROP TABLE jobs; \
        CREATE TABLE jobs (id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('fix_bug', 'other')), \
        title TEXT NOT NULL, role TEXT, agent TEXT, status TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT 5, context TEXT, \
        created TEXT NOT NULL, started TEXT, finished TEXT); INSERT INTO jobs SELECT * FROM new; DROP TABLE new;");
    let says: &[&str] = &["the table jobs refuses the task", "kind", "tasks.insert"];
    check(&org, &["reconcile", "--at", NOW], &Expected { code: 2, says });

    org.config("[tasks.status]", "[tasks.insert]\ntype = \"other\"\n[tasks.status]");
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0, "and it is mended as it says");
}

#[test]
fn a_column_that_must_not_be_empty_is_named() {
    let org = Organisation::new();
    org.sql(
        "ALTER TABLE jobs ADD COLUMN team TEXT NOT NULL DEFAULT 'x'; \
        CREATE TRIGGER no BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'tasks come from the board only'); END;",
    );
    let says: &[&str] = &["the table jobs refuses the task", "tasks come from the board only"];
    check(&org, &["reconcile", "--at", NOW], &Expected { code: 2, says });
}

#[test]
fn one_row_that_is_refused_holds_up_nothing_else() {
    let org = Organisation::new();
    org.sql("INSERT INTO jobs (kind, title, status, created) VALUES ('migration', 'c', 'todo', '2026-03-02 09:00:00')");
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    let ids = |sql: &str| -> Vec<i64> {
        let conn = rusqlite::Connection::open(org.database()).unwrap();
        let mut statement = conn.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    let opened = ids("SELECT id FROM jobs WHERE kind LIKE 'abide/%' ORDER BY id");
    assert!(opened.len() > 1, "{opened:?}");
    let frozen = opened[0];
    org.sql(&format!(
        "CREATE TRIGGER freeze BEFORE UPDATE ON jobs WHEN old.id = {frozen} BEGIN SELECT RAISE(ABORT, 'paid already'); END; \
         DELETE FROM jobs WHERE kind NOT LIKE 'abide/%'"
    ));
    let ended = org.abide(&["reconcile", "--at", NOW]);
    let why = format!("the table jobs refuses task {frozen}: a trigger of the team says: paid already");
    assert!(ended.code == 2 && ended.err.contains(&why) && ended.out.contains(&why), "{ended:?}");
    let open = ids("SELECT id FROM jobs WHERE kind LIKE 'abide/%' AND status <> 'done' ORDER BY id");
    assert_eq!(open, [frozen], "{ended:?}");
    org.sql("DROP TRIGGER freeze");
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
    assert_eq!(ids("SELECT id FROM jobs WHERE kind LIKE 'abide/%' AND status <> 'done'"), [0_i64; 0]);
}

#[test]
fn a_database_that_may_only_be_read_is_out_of_reach() {
    use std::os::unix::fs::PermissionsExt;
    let org = Organisation::new();
    std::fs::set_permissions(org.database(), std::fs::Permissions::from_mode(0o444)).unwrap();
    if std::fs::OpenOptions::new().write(true).open(org.database()).is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    check(&org, &["reconcile", "--at", NOW], &Expected { code: 4, says: &["team.db"] });
}
