mod around;
mod asked;
mod clock;
mod doubts;
mod flags;
mod only;
mod tables;
mod ties;
mod told;
mod unique;
mod wild;
mod written;

use super::*;
use crate::cli::io::tests::run as capture;
use crate::cli::testing::args;

/// A folder with a database, in which the command runs.
struct Desk {
    folder: tempfile::TempDir,
    global: Global,
}

impl Desk {
    fn new(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        crate::store::testing::database(&folder.path().join("t.db"), sql);
        let global = Global { config: folder.path().join("abide.toml"), ..crate::cli::testing::global() };
        Self { folder, global }
    }

    fn run(&self, more: &str) -> Result<(Exit, String), CliError> {
        let args: Args = args(&format!("{} {more}", self.folder.path().join("t.db").display()));
        capture(|io| run(&args, &self.global, io)).map(|(exit, text)| {
            let here = self.folder.path().display().to_string();
            (exit, text.replace(&here, "HERE"))
        })
    }

    fn wrong(&self, more: &str) -> String {
        let error = self.run(more).unwrap_err();
        assert_eq!(error.exit, Exit::Usage);
        error.to_string()
    }

    fn write(&self, text: &str) {
        std::fs::write(&self.global.config, text).unwrap();
    }

    fn config(&self) -> String {
        std::fs::read_to_string(&self.global.config).unwrap()
    }
}

/// As agents are given work in many places: verdicts in the row, a scale to ten, who is alive.
const AGENCY: &str = "
    CREATE TABLE agent_tasks (id INTEGER PRIMARY KEY, task_type TEXT NOT NULL, title TEXT NOT NULL, assigned_to TEXT,
      claimed_by TEXT, created_by TEXT, status TEXT DEFAULT 'pending', priority INTEGER DEFAULT 5, context_json TEXT,
      error_message TEXT, parent_task_id INTEGER, retry_count INTEGER DEFAULT 0, po_approval TEXT, po_approved_by TEXT,
      po_approved_at TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP, started_at TEXT, completed_at TEXT);
    CREATE TABLE agent_state (agent_name TEXT PRIMARY KEY, role TEXT, last_active TEXT);
    INSERT INTO agent_tasks (task_type, title, assigned_to, claimed_by, status, priority, context_json, po_approval, po_approved_at, created_at) VALUES
     ('fix_bug', 'Mend it', 'developer', 'dev-1', 'in_review', 10, '{\"area\": \"db\"}', 'approved', '2026-11-20 10:00:00', '2026-11-20 08:00:00'),
     ('feature', 'Make it', 'developer', NULL, 'pending', 5, NULL, NULL, NULL, '2026-11-20 09:00:00'),
     ('feature', 'Keep it', 'developer', 'dev-2', 'completed', 2, NULL, 'rejected', NULL, '2026-11-20 10:00:00');
    INSERT INTO agent_state VALUES ('dev-1', 'developer', '2026-11-20 10:00:00');
";

#[test]
fn what_is_found_is_shown_with_its_reasons() {
    let desk = Desk::new(AGENCY);
    let (exit, text) = desk.run("--same-database").unwrap();
    assert_eq!(exit, Exit::Findings, "a word is not known");
    insta::assert_snapshot!("found", text);
    insta::assert_snapshot!("config", desk.config());
}

#[test]
fn an_answer_settles_a_question() {
    let desk = Desk::new(AGENCY);
    let (exit, text) = desk.run("--same-database --means in_review=running --urgent highest").unwrap();
    assert_eq!(exit, Exit::Fine, "{text}");
    assert!(!text.contains("To answer") && text.contains("as you said"), "{text}");
    let config = Config::parse(&desk.config(), &[]).unwrap();
    assert_eq!(config.mapping().approvals[0].rejected, ["rejected"]);
    assert!(meaning("nonsense").unwrap_err().contains("WORD=STATUS"));
    assert_eq!(meaning("a=b=running").unwrap(), ("a=b".to_owned(), TaskStatus::Running));
    assert!(meaning("a=odd").unwrap_err().contains("`odd` is none of pending, running"));
    let said = desk.wrong("--print --means nonsense=running --table agent_state");
    assert!(said.contains("no status is called `nonsense`"), "{said}");
}

#[test]
fn printing_writes_nothing_else() {
    let desk = Desk::new(AGENCY);
    let (_, text) = desk.run("--print --means in_review=running").unwrap();
    assert!(!desk.global.config.exists());
    assert!(Config::parse(&text, &[]).is_ok(), "{text}");
    let (_, json) = desk.run("--print --means in_review=running -o json").unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["config"], text);
    assert_eq!((&json["table"], &json["written"]), (&"agent_tasks".into(), &serde_json::Value::Null));
    assert_eq!(json["sample"].as_array().unwrap().len(), 3);
}

#[test]
fn a_configuration_that_is_there_is_kept() {
    let desk = Desk::new(AGENCY);
    desk.write("# mine\n[specs]\npath = \"rules\"\n");
    desk.run("--same-database").unwrap();
    assert!(
        desk.config().starts_with("# mine\n[specs]\npath = \"rules\"\n\n[store]\nurl = \"sqlite:t.db\""),
        "{}",
        desk.config()
    );
    let written = desk.config();
    let said = desk.wrong("--same-database");
    assert!(said.contains("maps a task table already") && said.contains("`--force`"), "{said}");
    desk.run("--same-database --force").unwrap();
    assert_eq!(desk.config(), written, "replacing it by the same changes nothing");
    desk.write("[store]\nurl = \"sqlite:other.db\"\n");
    let said = desk.wrong("--same-database");
    assert!(said.contains("set `[store] url = \"sqlite:t.db\"` there, or have `--force` do it"), "{said}");
    desk.run("--same-database --force").unwrap();
    assert!(!desk.config().contains("other.db"), "{}", desk.config());
    desk.write("[store\n");
    assert!(desk.wrong("").contains("mend it first"));
}

#[test]
fn several_likely_tables_are_named_and_none_is_taken() {
    let twice = "
        CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT);
        CREATE TABLE jobs (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT);
        CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);";
    let desk = Desk::new(twice);
    let error = desk.run("").unwrap_err();
    assert_eq!(error.exit, Exit::Findings, "it is an open question");
    let said = error.to_string();
    assert!(
        said.contains("several tables may hold the tasks, the likeliest first:\n  jobs (0 rows): a column with"),
        "{said}"
    );
    assert!(said.contains("--table jobs"), "{said}");
    assert!(desk.wrong("--table nots").contains("there is no table `nots`"));
    assert!(desk.run("--table tasks").is_ok());
    let error = Desk::new("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);").run("").unwrap_err();
    assert!(error.to_string().contains("no table looks as if") && error.exit == Exit::Findings);
    assert!(Desk::new("").wrong("").contains("the database has no tables"));
}

/// A name that says tasks is no reason to pass over a table that holds as much.
#[test]
fn a_table_with_titles_and_words_of_a_status_is_a_rival_whatever_it_is_called() {
    let columns = "id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT";
    let rows = "(NULL, 'a', 'todo', '2026-11-20 08:00:00'), (NULL, 'b', 'done', '2026-11-20 08:00:00')";
    let both = format!(
        "CREATE TABLE bugs ({columns}, assignee TEXT); INSERT INTO bugs SELECT NULL, column2, column3, column4, 'kim' FROM (VALUES {rows});
         CREATE TABLE features ({columns}); INSERT INTO features VALUES {rows};"
    );
    let said = Desk::new(&both).run("").unwrap_err().to_string();
    assert!(said.contains("\n  bugs (2 rows)") && said.contains("\n  features (2 rows)"), "{said}");
    assert!(said.contains("--table bugs"), "{said}");
    let parts = format!(
        "CREATE TABLE tasks ({columns}); INSERT INTO tasks VALUES {rows};
         CREATE TABLE subtasks ({columns}, task_id INTEGER REFERENCES tasks (id));
         INSERT INTO subtasks SELECT NULL, column2, column3, column4, 1 FROM (VALUES {rows});
         CREATE TABLE lists (id INTEGER PRIMARY KEY, name TEXT, state TEXT);
         INSERT INTO lists VALUES (1, 'Desk', 'todo'), (2, 'Shelf', 'done');
         CREATE TABLE milestones ({columns}); INSERT INTO milestones VALUES {rows};"
    );
    let (_, said) = Desk::new(&parts).run("").unwrap();
    assert!(said.starts_with("tasks: 2 rows"), "parts of a task and words of tasks are none: {said}");
}

#[test]
fn what_is_no_sqlite_file_is_said_at_once() {
    let desk = Desk::new("");
    for url in ["postgres://u:secret@host/db", "postgresql://host/db"] {
        let error = capture(|io| run(&args(url), &desk.global, io)).unwrap_err();
        assert_eq!(error.exit, Exit::Usage);
        let said = error.to_string();
        assert!(said.contains("PostgreSQL comes later") && !said.contains("secret"), "{said}");
    }
    let error = capture(|io| run(&args("nowhere.db"), &desk.global, io)).unwrap_err();
    assert_eq!(error.exit, Exit::OutOfReach, "{error}");
    std::fs::write(desk.folder.path().join("t.db"), "no database, only a text that is long enough for its header")
        .unwrap();
    assert_eq!(desk.run("").unwrap_err().exit, Exit::OutOfReach);
}

/// What cannot be mapped is told, each in its own words.
#[test]
fn what_abide_cannot_do_with_a_table_is_told() {
    let cases = [
        (
            "id BLOB PRIMARY KEY, title TEXT, status TEXT, created_at TEXT",
            "x'00ff', 'a', 'open', '2026-11-20 08:00:00'",
            "the keys in `id` are bytes",
        ),
        (
            "a INTEGER, b INTEGER, title TEXT, status TEXT, created_at TEXT, PRIMARY KEY (a, b)",
            "1, 2, 'a', 'open', '2026-11-20 08:00:00'",
            "the key is a and b together",
        ),
        (
            "id INTEGER PRIMARY KEY, title TEXT, status TEXT",
            "1, 'a', 'open'",
            "which column tells when a task came to be?",
        ),
        (
            "id INTEGER PRIMARY KEY, title TEXT, completed_at TEXT, created_at TEXT",
            "1, 'a', NULL, '2026-11-20 08:00:00'",
            "only `completed_at` tells whether a task is done",
        ),
        (
            "id INTEGER PRIMARY KEY, status TEXT, created_at TEXT, n INTEGER",
            "1, 'open', '2026-11-20 08:00:00', 5",
            "which column holds the title?",
        ),
        (
            "id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT, secret INTEGER NOT NULL",
            "1, 'a', 'open', '2026-11-20 08:00:00', 7",
            "secret = 7   # it must not be empty",
        ),
        (
            "id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT, approved_by TEXT",
            "1, 'a', 'open', '2026-11-20 08:00:00', 'po'",
            "`approved_by` says that somebody approved",
        ),
    ];
    for (columns, values, says) in cases {
        let desk = Desk::new(&format!("CREATE TABLE tasks ({columns}); INSERT INTO tasks VALUES ({values});"));
        let (_, text) = desk.run("--table tasks").unwrap_or_else(|error| panic!("{columns}: {error}"));
        let all = format!("{text}{}", desk.config());
        assert!(all.contains(says), "{columns}: {all}");
    }
    let view = Desk::new(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT); CREATE VIEW tasks AS SELECT * FROM t;",
    );
    let (exit, text) = view.run("--table tasks").unwrap();
    assert!(
        exit == Exit::Findings
            && text.contains("`tasks` is a view: its tasks can be read, but none can be opened in it"),
        "{text}"
    );
}

/// Names are data: none of them gets out of its quotes or its comment.
#[test]
fn whatever_things_are_called_the_mapping_is_one() {
    let name = "a\nb\"c\\d#'[x]\u{7f}=1";
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let sql = format!(
        "CREATE TABLE {table} (id INTEGER PRIMARY KEY, title TEXT NOT NULL, status_id INTEGER REFERENCES {words}(id), created_at TEXT, {odd} TEXT NOT NULL);
         CREATE TABLE {words} (id INTEGER PRIMARY KEY, name TEXT);
         INSERT INTO {words} VALUES (1, 'open'), (2, 'done'), (3, '{word}');
         INSERT INTO {table} VALUES (1, 'A', 1, '2026-11-20 08:00:00', '{word}');",
        table = quoted(&format!("tasks {name}")),
        words = quoted(&format!("words {name}")),
        odd = quoted(name),
        word = name.replace('\'', "''"),
    );
    let desk = Desk::new(&sql);
    let (exit, text) = desk.run("--same-database").unwrap();
    assert_eq!(exit, Exit::Findings, "a word is not known: {text}");
    let mapping =
        Config::parse(&desk.config(), &[]).unwrap_or_else(|error| panic!("{error}\n{}", desk.config())).mapping();
    assert_eq!(mapping.table, format!("tasks {name}"));
    assert_eq!(mapping.insert[name], crate::config::Constant::Text(name.to_owned()));
    assert_eq!(mapping.lookups[&Field::Status].table, format!("words {name}"));
    assert!(text.contains("1  pending  medium"), "{text}");
}

/// What is written into such a table is run.
#[test]
fn a_queue_of_jobs_is_said_to_be_one() {
    let jobs = Desk::new(
        "CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT NOT NULL, kind TEXT, title TEXT, args TEXT,
           attempts INTEGER, inserted_at TEXT, attempted_at TEXT, completed_at TEXT);
         INSERT INTO jobs VALUES (1, 'queued', 'mail', 'Mail Ada', '{}', 0, '2026-11-20 10:00:00', NULL, NULL),
           (2, 'done', 'mail', 'Mail Bob', '{}', 1, '2026-11-20 10:00:00', NULL, '2026-11-20 10:01:00');",
    );
    let (_, said) = jobs.run("").unwrap();
    assert!(said.contains("a task that Abide opens here would be taken for a job"), "{said}");
    assert!(said.contains("nobody can claim one through Abide"), "no word for running: {said}");
    let (_, said) = Desk::new(AGENCY).run("").unwrap();
    assert!(!said.contains("would be taken for a job"), "{said}");
}
