//! What people and agents ask for.

use std::collections::BTreeMap;

use super::*;
use crate::model::{TaskId, TaskStatus, WontFix};
use crate::store::{Applied, Command, Filter, NewTask};

fn new_task(labels: &[(&str, &str)]) -> Command {
    Command::Add(NewTask {
        kind: "fix_bug".into(),
        title: "Mend it".into(),
        role: Some("developer".into()),
        severity: Severity::Critical,
        labels: labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..NewTask::default()
    })
}

#[tokio::test]
async fn a_task_is_added_done_and_failed() {
    for world in [World::team(""), World::own()] {
        let store = world.store();
        let Applied::Task(id) = store.apply(&new_task(&[("area", "db")]), "po", now()).await.unwrap() else { panic!() };
        let task = store.list(&Filter { id: Some(id.clone()), ..Filter::default() }).await.unwrap().remove(0).task;
        assert_eq!((&*task.kind, task.author.as_deref(), task.severity), ("fix_bug", Some("po"), Severity::Critical));
        assert_eq!(task.labels, BTreeMap::from([("area".into(), "db".into())]));
        let complete = Command::Complete { task: id.clone(), token: None, result: None };
        for _ in 0..2 {
            assert_eq!(store.apply(&complete, "dev-1", now()).await, Ok(Applied::Task(id.clone())), "idempotent");
        }
        let fail = Command::Fail { task: id.clone(), token: None, reason: Some("no".into()), last: false };
        let error = store.apply(&fail, "dev-1", now()).await.unwrap_err();
        assert_eq!(error.to_string(), "task 1 is completed already, so it cannot be failed");
        let all = store.list(&Filter::default()).await.unwrap();
        assert_eq!((all[0].task.status, all[0].task.finished), (TaskStatus::Completed, Some(now())));
        assert_eq!(world.text("SELECT group_concat(action) FROM abide_audit").as_deref(), Some("add,complete"));
    }
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_is() {
    let world = World::team("");
    let store = world.store();
    store.apply(&new_task(&[]), "po", now()).await.unwrap();
    let error = |command: Command| {
        let store = store.clone();
        async move { store.apply(&command, "po", now()).await.unwrap_err().to_string() }
    };
    assert_eq!(
        error(Command::Complete { task: TaskId::from("77"), token: None, result: None }).await,
        "there is no task `77` in team; `abide tasks list` shows what there is"
    );
    assert_eq!(
        error(Command::Release(crate::model::HoldId("x".into()))).await,
        "nothing waits under `x`; `abide holds list` shows what waits"
    );
    assert_eq!(
        error(new_task(&[("aera", "db")])).await,
        "the table team refuses the task: no label `aera` is mapped; did you mean `area`?"
    );
    let refusal = WontFix { until: now(), by: "po".into(), reason: "no".into() };
    let refuse = Command::WontFix { fingerprint: crate::model::Fingerprint::stored("1-x"), refusal };
    assert_eq!(error(refuse).await, "no drift has the fingerprint `1-x`; `abide drift list` shows what there is");
    assert_eq!(world.text("SELECT count(*) FROM abide_audit").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_refusal_is_kept_with_the_record() {
    let world = World::own();
    let store = world.store();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    let refusal = WontFix { until: now().plus(Duration::from_days(3)), by: "po".into(), reason: "known".into() };
    let command = Command::WontFix { fingerprint: open.fingerprint.clone(), refusal: refusal.clone() };
    let version = store.ledger().await.unwrap().version;
    for _ in 0..2 {
        store.apply(&command, "po", now()).await.unwrap();
    }
    assert_eq!(store.ledger().await.unwrap().version, version + 1, "the second says nothing new");
    let record = record(&store, &open.fingerprint).await;
    assert_eq!((record.wont_fix, record.version), (Some(refusal), open.version + 1));
}

#[tokio::test]
async fn a_list_has_the_newest_first_and_only_what_is_asked_for() {
    let world = World::team(
        "INSERT INTO team (kind, name, state, made) VALUES ('x', 'old', 'done', '2026-11-01 09:00:00'), ('x', 'new', 'new', '2026-11-02 09:00:00');",
    );
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let titles = |filter: Filter| {
        let store = store.clone();
        async move { store.list(&filter).await.unwrap().iter().map(|row| row.task.title.to_string()).collect::<Vec<_>>() }
    };
    assert_eq!(titles(Filter::default()).await, ["agent/dev-1 has too much", "new", "old"]);
    assert_eq!(titles(Filter { own: true, ..Filter::default() }).await, ["agent/dev-1 has too much"]);
    assert_eq!(titles(Filter { status: vec![TaskStatus::Completed], ..Filter::default() }).await, ["old"]);
    assert_eq!(titles(Filter { most: 1, ..Filter::default() }).await.len(), 1);
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_told_and_the_others_listed() {
    let world = World::with(
        "CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT, state TEXT, made TEXT);
         INSERT INTO jobs (name, state, made) VALUES ('A', 'pending', '2026-11-01 09:00:00'),
         ('B', NULL, '2026-11-01 09:00:00'), ('C', 'odd', '2026-11-01 09:00:00'), ('D', 'pending', 'soon'),
         ('E', 'odd', '2026-11-01 09:00:00'), ('F', 'pending', NULL);",
        "[tasks]\ntable = 'jobs'\n[tasks.columns]\nid = 'id'\ntype = {default = 'job'}\ntitle = 'name'\nstatus = 'state'\n\
         created = 'made'",
    );
    let store = world.store();
    assert!(store.list(&Filter::default()).await.is_err(), "unless it is asked for, nothing is left out");
    let filter = Filter { skips: true, ..Filter::default() };
    let listed = store.list(&filter).await.unwrap();
    assert_eq!(listed.iter().map(|row| &*row.task.title).collect::<Vec<_>>(), ["A"]);
    let unread = store.unread(&filter).await.unwrap();
    let told: Vec<String> = unread
        .iter()
        .map(|it| {
            let rows: Vec<&str> = it.rows.iter().map(|id| &*id.0).collect();
            format!(
                "{} {} {} {}",
                it.count,
                rows.join(","),
                it.error.what,
                it.error.value.as_deref().unwrap_or_default()
            )
        })
        .collect();
    let expected = [
        "2 3,5 a status word is not mapped odd",
        "1 2 a task has no status NULL",
        "1 4 a time cannot be read soon",
        "1 6 a task has no time of creation NULL",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn what_nobody_holds_any_more_is_an_empty_text_where_the_column_takes_no_null() {
    let sql = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT, state TEXT, made TEXT, worker VARCHAR(20) NOT NULL DEFAULT '');
               INSERT INTO jobs VALUES (1, 'X', 'pending', '2026-11-23 09:00:00', ''), (2, 'Y', 'pending', '2026-11-23 09:00:00', '');";
    let config = "[tasks]\ntable = 'jobs'\n[tasks.columns]\nid = 'id'\ntitle = 'name'\ntype = 'name'\nstatus = 'state'\n\
                  created = 'made'\nagent = 'worker'";
    let world = World::with(sql, config);
    let store = world.store();
    let worker = crate::model::Worker { name: "dev-1".into(), ..crate::model::Worker::default() };
    let claim = |at| {
        let (duties, gates) = (Arc::default(), crate::kinds::approval::Gates::default());
        let length = Duration::from_mins(1);
        let claim = crate::store::Claim { worker: worker.clone(), duties, gates, task: None, most: 2, length };
        let store = store.clone();
        async move { store.apply(&Command::Claim(Box::new(claim)), "dev-1", at).await }
    };
    let claimed = |applied| matches!(applied, Ok(crate::store::Applied::Claimed(taken)) if taken.claimed.len() == 2);
    assert!(claimed(claim(now()).await));
    // Both leases are over, and are given back by the next claim, which gets them anew.
    assert!(claimed(claim(now().plus(Duration::from_mins(2))).await));
    store.apply(&Command::Sweep, "abide", now().plus(Duration::from_mins(9))).await.unwrap();
    assert_eq!(world.text("SELECT group_concat(worker || state) FROM jobs").as_deref(), Some("pending,pending"));
}

#[tokio::test]
async fn who_completes_what_their_own_software_has_marked_as_done_is_heard_all_the_same() {
    let sql = "CREATE TABLE jobs (id INTEGER PRIMARY KEY, name TEXT, state TEXT, made TEXT, worker TEXT, outcome TEXT);
               INSERT INTO jobs VALUES (1, 'X', 'pending', '2026-11-23 09:00:00', NULL, NULL);";
    let config = "[tasks]\ntable = 'jobs'\n[tasks.columns]\nid = 'id'\ntitle = 'name'\ntype = 'name'\nstatus = 'state'\n\
                  created = 'made'\nagent = 'worker'\nresult = 'outcome'";
    let world = World::with(sql, config);
    let store = world.store();
    let worker = crate::model::Worker { name: "dev-1".into(), ..crate::model::Worker::default() };
    let (duties, gates) = (Arc::default(), crate::kinds::approval::Gates::default());
    let claim = crate::store::Claim { worker, duties, gates, task: None, most: 1, length: Duration::from_mins(1) };
    let claimed = store.apply(&Command::Claim(Box::new(claim)), "dev-1", now()).await.unwrap();
    let Applied::Claimed(crate::store::Taken { claimed, .. }) = claimed else { unreachable!("a claim claims") };
    world.sql("UPDATE jobs SET state = 'completed'");
    let token = Some(claimed[0].lease.token);
    let done = Command::Complete { task: "1".into(), token, result: Some("mended".into()) };
    for _ in 0..2 {
        store.apply(&done, "dev-1", now()).await.unwrap();
    }
    assert_eq!(world.text("SELECT outcome FROM jobs").as_deref(), Some("mended"));
    assert_eq!(world.text("SELECT count(*) FROM abide_claims").as_deref(), Some("0"));
    let actions = world.text("SELECT group_concat(action) FROM (SELECT action FROM abide_audit ORDER BY seq)");
    assert_eq!(actions.as_deref(), Some("claim,complete"));
}
