//! Trackers on which a guess would be wrong: each is mapped right, or asked about.

use super::wild::says;
use super::*;

/// Rows of one table, the number of each in place of `#`.
pub(super) fn rows(table: &str, count: usize, values: &str) -> String {
    (1..=count).map(|n| format!("INSERT INTO {table} VALUES ({});\n", values.replace('#', &n.to_string()))).collect()
}

const TODOIST: &str = "
    CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT);
    CREATE TABLE items (id TEXT PRIMARY KEY, content TEXT NOT NULL, description TEXT, project_id TEXT NOT NULL REFERENCES projects (id),
      priority INTEGER, checked INTEGER DEFAULT 0, is_deleted INTEGER DEFAULT 0, is_archived INTEGER DEFAULT 0, added_at TEXT,
      completed_at TEXT, labels TEXT);
    INSERT INTO projects VALUES ('p1', 'Home');
    INSERT INTO items VALUES
      ('a', 'Buy milk', '', 'p1', 1, 0, 0, 0, '2026-11-20T08:00:00Z', NULL, '[\"home\"]'),
      ('b', 'Ship it', 'with its papers', 'p1', 1, 1, 0, 1, '2026-11-20T08:00:00Z', '2026-11-21T08:00:00Z', '[]'),
      ('c', 'Twice', NULL, 'p1', 1, 0, 1, 0, '2026-11-20T08:00:00Z', NULL, '[]'),
      ('d', 'Rent', NULL, 'p1', 4, 0, 0, 0, '2026-11-20T08:00:00Z', NULL, '[]');
";

#[test]
fn a_description_beside_a_content_is_no_title_and_deleted_rows_are_no_tasks() {
    let lines = [
        "title     content                      its name, and of content and description it alone is always there",
        "body      description",
        "only      is_deleted = [0, \"\"]",
        "rows whose `is_deleted` is set are deleted and no tasks (1 of 4); `--only is_deleted=*` if they are",
        "the highest number of `priority` is the most urgent, since most tasks have 1",
        "? are rows tasks whose `is_archived` says otherwise (1 of 4)? `--only is_archived=0` leaves them out",
        "wrote HERE/abide.toml, and 1 question is open: answer with the options above and `--force`, or in the file",
    ];
    says(TODOIST, Exit::Findings, &lines);
    let desk = Desk::new(TODOIST);
    let (exit, said) = desk.run("--same-database --only is_archived=* --only is_deleted=0").unwrap();
    assert_eq!(exit, Exit::Fine, "{said}");
    let config = Config::parse(&desk.config(), &[]).unwrap().mapping();
    assert_eq!(config.only.keys().collect::<Vec<_>>(), ["is_deleted"]);
    assert!(!said.contains("Twice"), "{said}");
    assert!(desk.wrong("--force --only gone=0").contains("the table items has no column `gone`"));
}

#[test]
fn letters_are_priorities_and_a_plain_start_is_one() {
    let sql = format!(
        "CREATE TABLE tasks (uuid TEXT PRIMARY KEY, description TEXT, status TEXT, entry INTEGER, modified INTEGER, \"end\" INTEGER,
           start INTEGER, due INTEGER, project TEXT, priority TEXT, tags TEXT, depends TEXT, wait INTEGER);
         {}INSERT INTO tasks VALUES ('d', 'Do', 'completed', 1763625600, 1763625700, 1763625700, 1763625650, NULL, 'x', 'H', '[\"a\"]', '[\"u1\"]', NULL),
           ('e', 'Odd', 'recurring', 1763625600, 1763625700, NULL, NULL, NULL, 'x', 'L', '[]', NULL, NULL);",
        rows("tasks", 5, "'u#', 'Task #', 'pending', 1763625600, 1763625700, NULL, NULL, NULL, 'x', 'M', '[]', NULL, NULL")
    );
    let lines = [
        "title     description",
        "created   entry",
        "started   start",
        "finished  end",
        "updated   modified",
        "high      [\"H\"]",
        "medium    [\"M\"]",
        "low       [\"L\"]",
        "label *   \"tags:[]\"",
        "needs     \"depends:[]\"",
        "? what does the word `recurring` of `status` mean?",
        "d  completed  high  task  Do",
    ];
    says(&sql, Exit::Findings, &lines);
}

#[test]
fn what_the_table_of_words_says_of_a_word_is_heard() {
    let sql = format!(
        "CREATE TABLE issues (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, subject varchar NOT NULL, status_id integer NOT NULL,
           start_date date, created_on datetime, closed_on datetime);
         CREATE TABLE issue_statuses (id integer PRIMARY KEY, name varchar NOT NULL, is_closed boolean NOT NULL);
         CREATE TABLE issue_relations (id integer PRIMARY KEY, issue_from_id integer NOT NULL, issue_to_id integer NOT NULL, relation_type varchar NOT NULL);
         INSERT INTO issue_statuses VALUES (1, 'New', 0), (2, 'Resolved', 0), (3, 'Closed', 1);
         INSERT INTO issue_relations VALUES (1, 1, 2, 'blocks'), (2, 1, 3, 'relates'), (3, 2, 3, 'precedes');
         {}",
        rows("issues", 4, "#, 'Issue #', 1, '2026-11-20', '2026-11-20 08:00:00', NULL")
    );
    let lines = [
        "? what does the word `Resolved` of `status_id` mean? `Resolved` sounds completed, and `is_closed` of issue_statuses says `0` of it.",
        "needs     {table = \"issue_relations\", task = \"issue_to_id\", value = \"issue_from_id\", only = {relation_type = \"blocks\"}}",
        "ties of issue_relations that are `precedes` are not read as dependencies",
        "`start_date` is set for 4 of 4 pending tasks, so it is when they are to start and not when they did",
    ];
    says(&sql, Exit::Findings, &lines);
}

#[test]
fn what_must_be_another_in_every_row_is_copied_from_none() {
    let sql = format!(
        "CREATE TABLE tasks (id integer PRIMARY KEY, title text, status text, created_at text, slug text NOT NULL UNIQUE, code text NOT NULL,
           seen_at text NOT NULL, project_id integer NOT NULL);
         {}INSERT INTO tasks VALUES (9, 'x', 'done', '2026-11-20 08:00:00', 's', 'c', '2026-11-20 08:00:00', 1);",
        rows("tasks", 4, "#, 'Task #', 'open', '2026-11-20 08:00:00', 's#', 'c#', '2026-11-20 08:00:00', 1")
    );
    let lines = [
        "? what do new tasks get for `slug` (`s`, `s1`)? It must be another in every row, so Abide cannot open a task here until the column has a default or a line under [tasks.insert]",
        "? what do new tasks get for `code` (`c`, `c1`)? It must not be empty, and is another in every row, so Abide cannot",
        "? what time do new tasks get for `seen_at`? It must not be empty, and that of an old row would be wrong",
        "insert    project_id = 1",
    ];
    says(&sql, Exit::Findings, &lines);
    let desk = Desk::new(&sql);
    desk.run("").unwrap();
    assert!(desk.config().contains("# To answer: what do new tasks get for `slug`"), "{}", desk.config());
}

#[test]
fn a_shop_has_no_tasks_unless_somebody_says_so() {
    let shop = "
        CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, created_at TEXT);
        CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, status TEXT, created_at TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INT, status TEXT, created_at TEXT);
        INSERT INTO orders VALUES (1, 1, 'open', '2026-11-20 08:00:00'), (2, 1, 'closed', '2026-11-20 08:00:00');
        INSERT INTO products VALUES (1, 'Shoe', 'active', '2026-11-20 08:00:00'), (2, 'Hat', 'archived', '2026-11-20 08:00:00');";
    let error = Desk::new(shop).run("").unwrap_err();
    assert_eq!(error.exit, Exit::Findings);
    let said = error.to_string();
    assert!(said.starts_with("no table looks as if it held tasks. The nearest:\n  products (2 rows): "), "{said}");
    assert!(said.contains("against it: its name says orders, not tasks"), "{said}");
    let (exit, said) = Desk::new(shop).run("--table orders").unwrap();
    assert!(exit == Exit::Findings && said.contains("? which column holds the title?"), "{said}");
}

#[test]
fn archives_come_last() {
    let columns = "(id INTEGER PRIMARY KEY, title TEXT, status TEXT, created_at TEXT)";
    let row = "(NULL, 'a', 'open', '2026-11-20 08:00:00')";
    let sql = format!(
        "CREATE TABLE archived_tasks {columns}; CREATE TABLE tasks {columns}; CREATE TABLE todos {columns};
         INSERT INTO archived_tasks VALUES {row}, {row}, {row}; INSERT INTO todos VALUES {row}, {row};"
    );
    let said = Desk::new(&sql).run("").unwrap_err().to_string();
    let at = |name: &str| said.find(&format!("\n  {name} (")).unwrap();
    assert!(at("todos") < at("tasks") && at("tasks") < at("archived_tasks"), "{said}");
    let two = format!("CREATE TABLE archived_tasks {columns}; CREATE TABLE tasks {columns};");
    assert!(Desk::new(&two).run("").unwrap().1.starts_with("tasks: 0 rows"), "an archive is no rival");
}

#[test]
fn times_that_are_written_in_several_ways_are_shown() {
    let sql = "CREATE TABLE tasks (id integer PRIMARY KEY, title text, status text, created_at, due_at);
        INSERT INTO tasks VALUES (1, 'a', 'open', '2026-11-20 08:00:00', x'00ff'), (2, 'b', 'done', 1763625600, NULL),
          (3, 'c', 'open', '2026-11-21 08:00:00', NULL), (4, 'd', 'open', 'soon', NULL), (5, 'e', NULL, '2026-11-22T08:00:00', NULL);";
    let lines = [
        "? how is `created_at` written? It looks as if it were when a task is made, and holds `text` (2 rows, as `2026-11-20 08:00:00`), ",
        "`unix` (1 row, as `1763625600`)",
        "what is no time (1 row, as `soon`)",
        "? how is `due_at` written? It looks as if it were when a task is due, and holds bytes (1 row)",
        "? what of 1 row that has nothing in `status`?",
        "3 questions are open",
    ];
    says(sql, Exit::Findings, &lines);
}

#[test]
fn what_a_queue_runs_is_no_agent_and_no_title() {
    let sql = format!(
        "CREATE TABLE oban_jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL DEFAULT 'available', queue TEXT NOT NULL DEFAULT 'default',
           worker TEXT NOT NULL, args JSON NOT NULL DEFAULT '{{}}', errors JSON NOT NULL DEFAULT '[]', attempt INTEGER NOT NULL DEFAULT 0,
           max_attempts INTEGER NOT NULL DEFAULT 20, priority INTEGER NOT NULL DEFAULT 0, inserted_at TEXT NOT NULL);
         {}INSERT INTO oban_jobs VALUES (20, 'executing', 'mail', 'MyApp.Mailer', '{{}}', '[]', 1, 20, 3, '2026-11-20T08:00:00'),
           (21, 'completed', 'mail', 'MyApp.Mailer', '{{}}', '[]', 1, 20, 0, '2026-11-20T08:00:00');",
        rows("oban_jobs", 6, "#, 'available', 'mail', 'MyApp.Mailer', '{\"id\": #}', '[]', 0, 20, 0, '2026-11-20T08:00:00'")
    );
    let lines = [
        "this looks like a queue whose software runs what stands in a row",
        "type      worker",
        "? which column holds the title?",
        "running   executing (1)",
        "the lowest number of `priority` is the most urgent, as queues take the lowest first",
    ];
    says(&sql, Exit::Findings, &lines);
    let (_, said) = Desk::new(&sql).run("").unwrap();
    assert!(!said.contains("agent     worker") && !said.contains("title     args"), "{said}");
    let (_, said) = Desk::new(&sql).run("--column title=args").unwrap();
    assert!(said.contains("title     args                         as you said"), "{said}");
    assert_eq!(placed("title=a=b"), Ok((Field::Title, "a=b".to_owned())));
    assert!(placed("titel=x").unwrap_err().starts_with("`titel` is no field; the fields are id, type, title"));
    assert_eq!(placed("title="), Err("`title` cannot be left out".to_owned()));
    assert!(kept("deleted").is_err());
}

#[test]
fn a_board_says_with_words_of_its_own_what_its_links_are() {
    let sql = format!(
        "CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, description TEXT, date_creation INTEGER, date_completed INTEGER, date_due INTEGER,
           color_id TEXT, project_id INTEGER NOT NULL, column_id INTEGER NOT NULL, owner_id INTEGER DEFAULT 0, is_active INTEGER DEFAULT 1, creator_id INTEGER DEFAULT 0,
           date_modification INTEGER, priority INTEGER DEFAULT 0);
         CREATE TABLE columns (id INTEGER PRIMARY KEY, title TEXT NOT NULL, position INTEGER, project_id INTEGER NOT NULL);
         CREATE TABLE links (id INTEGER PRIMARY KEY, label TEXT NOT NULL, opposite_id INTEGER DEFAULT 0);
         CREATE TABLE task_has_links (id INTEGER PRIMARY KEY, link_id INTEGER NOT NULL, task_id INTEGER NOT NULL, opposite_task_id INTEGER NOT NULL);
         CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL);
         INSERT INTO users VALUES (1, 'ana');
         INSERT INTO columns VALUES (1, 'Backlog', 1, 1), (2, 'Ready', 2, 1), (3, 'Work in progress', 3, 1), (4, 'Done', 4, 1);
         INSERT INTO links VALUES (1, 'relates to', 0), (2, 'blocks', 3), (3, 'is blocked by', 2);
         INSERT INTO task_has_links VALUES (1, 3, 1, 2), (2, 2, 2, 1);
         {}INSERT INTO tasks VALUES (9, 'Old', '', 1763625600, 1763625900, 1763629200, 'red', 1, 4, 1, 0, 1, 1763625600, 0);",
        rows("tasks", 5, "#, 'Task #', '', 1763625600, NULL, 0, 'red', 1, 1, 1, 1, 1, 1763625600, 0")
    );
    let lines = [
        "status    column_id → columns.title",
        "created   date_creation",
        "finished  date_completed",
        "updated   date_modification",
        "needs     {table = \"task_has_links\", task = \"task_id\", value = \"opposite_task_id\", only = {link_id = 3}}",
        "due       date_due",
        "? what does the word `Work in progress` of `column_id` mean?",
        "? are rows tasks whose `is_active` says otherwise (1 of 6)? `--only is_active=1` leaves them out",
    ];
    says(&sql, Exit::Findings, &lines);
}

#[test]
fn a_word_is_of_the_kind_that_its_table_says() {
    let sql = format!(
        "CREATE TABLE issues (id TEXT PRIMARY KEY, name TEXT NOT NULL, priority TEXT NOT NULL, state_id TEXT REFERENCES states (id), sequence_id INTEGER NOT NULL,
           start_date DATE, target_date DATE, created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, completed_at DATETIME, deleted_at DATETIME,
           created_by_id TEXT REFERENCES users (id));
         CREATE TABLE states (id TEXT PRIMARY KEY, name TEXT NOT NULL, \"group\" TEXT NOT NULL);
         CREATE TABLE users (id TEXT PRIMARY KEY, username TEXT NOT NULL);
         INSERT INTO users VALUES ('u', 'ana');
         INSERT INTO states VALUES ('1', 'Backlog', 'backlog'), ('2', 'QA', 'started'), ('3', 'Done', 'completed'), ('4', 'Open', 'cancelled');
         {}INSERT INTO issues VALUES ('x', 'Old', 'none', '3', 9, NULL, NULL, '2026-11-20 08:00:00', '2026-11-20 08:00:00', '2026-11-21 08:00:00', '2026-11-22 08:00:00', 'u');",
        rows("issues", 4, "'i#', 'Issue #', 'urgent', '1', #, NULL, NULL, '2026-11-20 08:00:00', '2026-11-20 08:00:00', NULL, NULL, 'u'")
    );
    let lines = [
        "running   QA",
        "`Open` sounds pending, and `group` of states says `cancelled` of it",
        "only      deleted_at = \"\"",
        "? what do new tasks get for `sequence_id` (`1`, `2`)? It must not be empty, and is another in every row",
    ];
    says(&sql, Exit::Findings, &lines);
}

#[test]
fn bugs_have_a_short_description() {
    let sql = format!(
        "CREATE TABLE bugs (bug_id INTEGER PRIMARY KEY, assigned_to INTEGER NOT NULL, bug_severity TEXT NOT NULL, bug_status TEXT NOT NULL, creation_ts DATETIME,
           delta_ts DATETIME NOT NULL, short_desc TEXT NOT NULL, priority TEXT NOT NULL, product_id INTEGER NOT NULL, reporter INTEGER NOT NULL, resolution TEXT NOT NULL DEFAULT '');
         CREATE TABLE dependencies (blocked INTEGER NOT NULL, dependson INTEGER NOT NULL);
         CREATE TABLE profiles (userid INTEGER PRIMARY KEY, login_name TEXT NOT NULL);
         {}INSERT INTO bugs VALUES (9, 1, 'major', 'VERIFIED', '2026-11-20 08:00:00', '2026-11-20 08:00:00', 'Old one', 'P3', 1, 1, 'FIXED');",
        rows("bugs", 4, "#, 1, 'normal', 'NEW', '2026-11-20 08:00:00', '2026-11-20 08:00:00', 'Bug #', 'P1', 1, 1, ''")
    );
    let lines = [
        "title     short_desc",
        "created   creation_ts",
        "updated   delta_ts",
        "? which word of `bug_status` means completed?",
        "? what does the word `VERIFIED` of `bug_status` mean?",
        "needs     {table = \"dependencies\", task = \"blocked\", value = \"dependson\"}",
    ];
    says(&sql, Exit::Findings, &lines);
}
