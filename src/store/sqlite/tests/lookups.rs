//! Words in tables of their own, tags and dependencies.

use super::*;
use crate::model::{TaskId, Worker};
use crate::store::{Claim, Command, Filter, Listed, NewTask};

/// Two boards, each with columns of its own.
const BOARDS: &str = "
    CREATE TABLE columns (id INTEGER PRIMARY KEY, board INTEGER, name TEXT);
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
    CREATE TABLE card_tags (card INTEGER, tag INTEGER, PRIMARY KEY (card, tag));
    CREATE TABLE cards (id INTEGER PRIMARY KEY, name TEXT, col INTEGER, words TEXT, waits TEXT, made INTEGER, ended TEXT,
      sum INTEGER GENERATED ALWAYS AS (id + 1));
    INSERT INTO columns VALUES (1, 1, 'Todo'), (2, 1, 'Done'), (3, 2, 'Todo'), (4, 2, 'Finished'), (5, 3, 'Todo');
    INSERT INTO tags VALUES (1, 'area:db'), (2, 'urgent'), (3, 'area:web'), (4, 'https://example.org');
    INSERT INTO cards VALUES (1, 'A', 1, 'x:1, y', '2,3', 1795431600, NULL), (2, 'B', 3, NULL, NULL, 1795431600, NULL),
      (3, 'C', 5, '', '', 1795431600, NULL);
    INSERT INTO card_tags VALUES (1, 1), (1, 2), (1, 3), (1, 4);
";

const COLUMNS: &str = "
    [tasks]
    table = 'cards'
    needs = 'waits'
    [tasks.columns]
    id = 'id'
    type = {default = 'card'}
    title = 'name'
    status = {column = 'col', table = 'columns', key = 'id', value = 'name', within = 'board', insert = 1}
    created = {column = 'made', time = 'unix'}
    finished = 'ended'
    [tasks.labels]
    '*' = {table = 'card_tags', task = 'card', value = {column = 'tag', table = 'tags', key = 'id', value = 'name'}}
    [tasks.status]
    pending = 'Todo'
    completed = ['Done', 'Finished']
";

async fn card(store: &SqliteStore, id: &str) -> Listed {
    store.list(&Filter { id: Some(id.into()), ..Filter::default() }).await.unwrap().pop().unwrap()
}

async fn refused(store: &SqliteStore, command: Command) -> String {
    store.apply(&command, "po", now()).await.unwrap_err().to_string()
}

fn labels(row: &Listed) -> String {
    row.task.labels.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn new(labels: &[(&str, &str)]) -> Command {
    let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (kind, title) = ("card".to_owned(), "New".to_owned());
    Command::Add(NewTask { kind, title, role: None, severity: Severity::Medium, labels, ..NewTask::default() })
}

#[tokio::test]
async fn a_task_stays_on_its_board_whatever_the_board_calls_it() {
    let world = World::with(BOARDS, COLUMNS);
    let store = world.store();
    for (id, column) in [("1", "2"), ("2", "4")] {
        store.apply(&Command::Complete { task: id.into(), token: None, result: None }, "po", now()).await.unwrap();
        assert_eq!(world.text(&format!("SELECT col FROM cards WHERE id = {id}")).as_deref(), Some(column));
    }
    assert_eq!(
        refused(&store, Command::Complete { task: "3".into(), token: None, result: None }).await,
        "the table cards refuses the task: columns has no row whose name is `Done` or `Finished` within board 3, and col \
         refers to one. Add such a row, or put a word that it has into the line of that status under [tasks.status]"
    );
    store.apply(&new(&[]), "po", now()).await.unwrap();
    assert_eq!(world.text("SELECT col FROM cards WHERE id = 4").as_deref(), Some("1"));
    assert_eq!(world.text("SELECT made FROM cards WHERE id = 4"), Some((now().as_millis() / 1000).to_string()));
}

#[tokio::test]
async fn a_word_that_several_rows_have_is_not_guessed() {
    let world = World::with(BOARDS, &COLUMNS.replace(", within = 'board', insert = 1", ""));
    let said = refused(&world.store(), new(&[])).await;
    assert!(said.contains("columns has several rows that are called `Todo`. Name the column of columns"), "{said}");
    let world = World::with(BOARDS, &COLUMNS.replace(", insert = 1", ""));
    let said = refused(&world.store(), new(&[])).await;
    assert!(said.contains("Say with `insert` which board new tasks are put within"), "{said}");
}

#[tokio::test]
async fn tags_are_labels_and_none_is_lost() {
    let world = World::with(BOARDS, COLUMNS);
    let store = world.store();
    let seen = card(&store, "1").await;
    assert_eq!(labels(&seen), "area=db area:web=true https://example.org=true urgent=true");
    assert_eq!(seen.needs, [TaskId::from("2"), TaskId::from("3")]);
    store.apply(&new(&[("area", "db"), ("urgent", "true")]), "po", now()).await.unwrap();
    assert_eq!(labels(&card(&store, "4").await), "area=db urgent=true");
    let said = refused(&store, new(&[("area", "ml")])).await;
    assert!(said.ends_with("tags has no row whose name is `area:ml`. Add one first"), "{said}");
    let world = World::with(BOARDS, &COLUMNS.replace("'*' = {table", "y = 'waits'\n'*' = 'words' #"));
    assert_eq!(labels(&card(&world.store(), "1").await), "x=1 y=2,3", "a label with a name of its own wins");
    world.store().apply(&new(&[("area", "db"), ("urgent", "true")]), "po", now()).await.unwrap();
    assert_eq!(world.text("SELECT words FROM cards WHERE id = 4").as_deref(), Some("area:db,urgent"));
}

#[tokio::test]
async fn lists_of_tags_stay_lists() {
    let json = "UPDATE cards SET words = '[\"area=db\", {\"id\": 1, \"name\": \"urgent\"}, 7, null]', waits = '[2, \"x\"]' WHERE id = 1;";
    let sql = format!("{BOARDS}{json}");
    let mapped = COLUMNS.replace("'*' = {table", "'*' = 'words:[]' #").replace("'waits'", "'waits:'");
    let world = World::with(&sql, &mapped);
    let seen = card(&world.store(), "1").await;
    assert_eq!((labels(&seen).as_str(), seen.needs.len()), ("7=true area=db urgent=true", 2));
    world.store().apply(&new(&[("area", "db"), ("urgent", "true")]), "po", now()).await.unwrap();
    assert_eq!(world.text("SELECT words FROM cards WHERE id = 4").as_deref(), Some(r#"["area:db","urgent"]"#));
    let checks = World::with(&sql, &mapped.replace("words:[]", "words:")).store().examine().await.unwrap();
    let wrong = checks.into_iter().find(|check| check.what == "labels in words").unwrap().result.unwrap_err();
    assert_eq!(wrong.fix, "Write `\"*\" = \"words:[]\"` under [tasks.labels].");
}

#[tokio::test]
async fn what_nobody_can_write_is_refused_and_what_is_not_there_is_named() {
    let world =
        World::with(BOARDS, &COLUMNS.replace("finished = 'ended'", "finished = {column = 'sum', time = 'unix'}"));
    let said = refused(&world.store(), Command::Complete { task: "1".into(), token: None, result: None }).await;
    assert!(said.contains("column sum is generated, so nobody can write it"), "{said}");
    for (from, to, says) in [
        ("table = 'columns'", "table = 'colums'", "no table `colums`; column"),
        ("value = 'name', within", "value = 'nam', within", "the table columns has no column `nam`"),
        ("task = 'card'", "task = 'crd'", "the table card_tags has no column `crd`"),
        ("needs = 'waits'", "needs = 'wait'", "the table cards has no column `wait` (tasks.needs in abide.toml)"),
    ] {
        let world = World::with(BOARDS, &COLUMNS.replacen(from, to, 1));
        let said = scan(&world.store(), all()).await.unwrap_err().to_string();
        assert!(said.contains(says.split(';').next().unwrap()), "{said}");
    }
}

#[tokio::test]
async fn a_word_that_no_table_has_may_have_a_stand_in() {
    let people = "CREATE TABLE people (id INTEGER, login TEXT); INSERT INTO people VALUES (7, 'bot'); ALTER TABLE cards ADD COLUMN asker INTEGER;";
    let author = "title = 'name'\nauthor = {column = 'asker', table = 'people', key = 'id', value = 'login'}";
    let mapped = COLUMNS.replace("title = 'name'", author);
    let world = World::with(&format!("{BOARDS}{people}"), &mapped);
    let said = refused(&world.store(), new(&[])).await;
    assert!(said.contains("people has no row whose login is `po`, and asker refers to one"), "{said}");
    let world = World::with(&format!("{BOARDS}{people}"), &format!("{mapped}\n[tasks.insert]\nasker = 7"));
    world.store().apply(&new(&[]), "po", now()).await.unwrap();
    assert_eq!(card(&world.store(), "4").await.task.author.as_deref(), Some("bot"));
}

#[tokio::test]
async fn a_view_and_rows_without_an_index_are_told() {
    let view = "CREATE TABLE links (card INTEGER, other INTEGER); CREATE VIEW shown AS SELECT * FROM cards;";
    let mapped = COLUMNS
        .replace("'cards'\n", "'shown'\n")
        .replace("needs = 'waits'", "needs = {table = 'links', task = 'card', value = 'other'}");
    let world = World::with(&format!("{BOARDS}{view}"), &mapped);
    let checks = world.store().examine().await.unwrap();
    let wrong: Vec<String> = checks.into_iter().filter_map(|check| check.result.err().map(|it| it.what)).collect();
    let told = |says: &str| wrong.iter().any(|wrong| wrong.contains(says));
    assert!(told("links has no index by task"), "{wrong:?}");
    assert!(told("shown is a view: its tasks can be read, but none can be opened in it"), "{wrong:?}");
}

#[tokio::test]
async fn what_waits_for_others_is_not_taken_by_its_name_either() {
    let world = World::with(BOARDS, COLUMNS);
    let claim = crate::store::Claim {
        worker: crate::model::Worker { name: "dev-1".into(), ..crate::model::Worker::default() },
        duties: Arc::default(),
        gates: crate::kinds::approval::Gates::default(),
        task: Some("1".into()),
        most: 1,
        length: Duration::from_mins(10),
    };
    let said = refused(&world.store(), Command::Claim(Box::new(claim))).await;
    assert_eq!(said, "task 1 waits for task 2, so it cannot be claimed yet");
}

#[tokio::test]
async fn what_is_given_back_stands_where_it_stood_before() {
    let world = World::with(
        "CREATE TABLE columns (id INTEGER PRIMARY KEY, board INTEGER, name TEXT);
         INSERT INTO columns VALUES (1, 1, 'Backlog'), (2, 1, 'Ready'), (3, 1, 'Doing'), (4, 2, 'Backlog'), (5, 2, 'Doing'), (6, 1, 'Done');
         CREATE TABLE people (id INTEGER PRIMARY KEY, nick TEXT); INSERT INTO people VALUES (7, 'dev-1');
         CREATE TABLE cards (id INTEGER PRIMARY KEY, name TEXT, col INTEGER, owner INTEGER DEFAULT 0, made TEXT);
         INSERT INTO cards VALUES (1, 'X', 2, 0, '2026-11-23 09:00:00'), (2, 'Y', 2, NULL, '2026-11-23 09:00:00');",
        "[tasks]\ntable = 'cards'\n[tasks.columns]\nid = 'id'\ntitle = 'name'\ntype = 'name'\ncreated = 'made'\n\
         status = {column = 'col', table = 'columns', key = 'id', value = 'name', within = 'board'}\n\
         agent = {column = 'owner', table = 'people', key = 'id', value = 'nick'}\n\
         [tasks.status]\npending = ['Backlog', 'Ready']\nrunning = ['Doing']\ncompleted = ['Done']",
    );
    let store = world.store();
    let worker = Worker { name: "dev-1".into(), ..Worker::default() };
    let claim = |at| {
        let (duties, gates) = (Arc::default(), crate::kinds::approval::Gates::default());
        let length = Duration::from_mins(1);
        let claim = Claim { worker: worker.clone(), duties, gates, task: None, most: 2, length };
        let store = store.clone();
        async move { store.apply(&Command::Claim(Box::new(claim)), "dev-1", at).await.unwrap() }
    };
    let cards = || world.text("SELECT group_concat(col || ' ' || coalesce(owner, 'nobody'), ', ') FROM cards");
    claim(now()).await;
    assert_eq!(cards().as_deref(), Some("3 7, 3 7"));
    let later = now().plus(Duration::from_mins(2));
    store.apply(&Command::Sweep, "abide", later).await.unwrap();
    assert_eq!(cards().as_deref(), Some("2 0, 2 nobody"), "as they stood: in Ready, with nobody");

    claim(later).await;
    world.sql("UPDATE cards SET col = 5 WHERE id = 1");
    store.apply(&Command::Sweep, "abide", later.plus(Duration::from_mins(2))).await.unwrap();
    assert_eq!(cards().as_deref(), Some("4 0, 2 nobody"), "the other board has no column that is called Ready");
}
