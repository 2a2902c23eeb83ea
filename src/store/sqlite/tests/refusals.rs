//! Live tables that do not take a row in, or let none of its values be changed.

use super::*;
use crate::model::{CloseReason, TaskId, TaskStatus, Worker};
use crate::store::{Applied, Claim, Command, GivenBack, Refusal, Taken};

async fn refusal(columns: &str, insert: &str) -> String {
    let sql = format!(
        "CREATE TABLE roles (name TEXT PRIMARY KEY); INSERT INTO roles VALUES ('developer');
        CREATE TABLE jobs (id INTEGER PRIMARY KEY, {columns});"
    );
    let config = format!(
        "[tasks]\ntable = 'jobs'\n[tasks.columns]\nid = 'id'\ntype = 'kind'\ntitle = 'name'\nstatus = 'state'\n\
         created = 'made'\ncontext = 'ctx'\nrole = 'who'\npriority = 'prio'\n[tasks.severity]\nhigh = {{from = 8}}\n{insert}"
    );
    let world = World::with(&sql, &config);
    let store = world.store();
    let epoch = lead(&store).await;
    let plan = plan(&store.ledger().await.unwrap(), vec![(Action::Open, remediation("agent/dev-1"))]);
    let outcome = store.commit(&plan, epoch).await.unwrap();
    let told = world.text("SELECT count(*) FROM abide_audit WHERE action = 'open'").unwrap();
    assert_eq!(told == "0", !outcome.undone.is_empty());
    outcome.undone.into_iter().map(|undone| undone.why).collect()
}

const REST: &str = "name TEXT, state TEXT, made TEXT, ctx TEXT";

#[tokio::test]
async fn a_refusal_names_column_value_and_fix() {
    let cases = [
        (
            format!("kind TEXT CHECK (kind IN ('bug', 'chore')), who TEXT, prio INTEGER, {REST}"),
            "the table jobs refuses the task: column kind does not take `abide/agent/load`, by its CHECK (kind IN ('bug', 'chore')). Set `type` under [tasks.insert] to a word that it takes.",
        ),
        (
            format!(
                "kind TEXT, who TEXT, prio INTEGER, {REST}, CONSTRAINT small CHECK (length(name) > 0 AND prio < 5)"
            ),
            "the table jobs refuses the task: its CHECK (length(name) > 0 AND prio < 5) does not take prio `8`, name `agent/dev-1 has too much` together. Set `insert` under [tasks.severity] to a value that it takes.",
        ),
        (
            format!("kind TEXT, who TEXT, prio INTEGER, team TEXT NOT NULL, {REST}"),
            "the table jobs refuses the task: column team does not take NULL. Set `team` under [tasks.insert] to a value that it takes.",
        ),
        (
            format!("kind TEXT, who TEXT REFERENCES roles (name), prio INTEGER, {REST}"),
            "the table jobs refuses the task: column who names `architect`, which roles does not have. Set `who` under [tasks.insert] to a value that it takes.",
        ),
    ];
    for (columns, message) in cases {
        assert_eq!(refusal(&columns, "").await, message);
    }
}

#[tokio::test]
async fn constants_fill_what_must_not_be_empty() {
    let columns = format!("kind TEXT CHECK (kind IN ('bug')), who TEXT, prio INTEGER, team TEXT NOT NULL, {REST}");
    assert_eq!(refusal(&columns, "[tasks.insert]\ntype = 'bug'\nteam = 'platform'").await, "");
}

/// A team's table in which finance freezes rows, and where a word came to be that nobody mapped.
const FROZEN: &str = "
    INSERT INTO team (id, kind, name, state, prio, made) VALUES
      (1, 'fix', 'frozen', 'todo', 10, '2026-11-23 09:00:00'), (2, 'fix', 'undated', 'todo', 10, 'soon'),
      (3, 'fix', 'fine', 'todo', 5, '2026-11-23 09:00:00'), (4, 'fix', 'fine', 'todo', 2, '2026-11-23 09:00:00');
    CREATE TABLE freezes (task INTEGER);
    CREATE TRIGGER freeze BEFORE UPDATE ON team WHEN old.id IN (SELECT task FROM freezes)
    BEGIN SELECT RAISE(ABORT, 'frozen by finance'); END;
";

const BY_TRIGGER: &str = "the table team refuses task 1: a trigger of the team says: frozen by finance";

async fn claim(store: &SqliteStore, most: usize, at: Timestamp) -> Taken {
    let worker = Worker { name: "dev-1".into(), ..Worker::default() };
    let (length, task) = (Duration::from_mins(1), None);
    let claim =
        Claim { worker, duties: Arc::default(), gates: crate::kinds::approval::Gates::default(), task, most, length };
    match store.apply(&Command::Claim(Box::new(claim)), "dev-1", at).await.unwrap() {
        Applied::Claimed(taken) => taken,
        other => panic!("a claim claims: {other:?}"),
    }
}

fn ids(taken: &Taken) -> Vec<&str> {
    taken.claimed.iter().map(|claimed| &*claimed.listed.task.id.0).collect()
}

fn named(refused: &[Refusal]) -> Vec<(&str, bool)> {
    refused.iter().map(|refusal| (&*refusal.task.0, refusal.why == BY_TRIGGER)).collect()
}

#[tokio::test]
async fn a_claim_passes_over_what_the_table_refuses_and_names_it() {
    let world = World::team(&format!("{FROZEN} INSERT INTO freezes VALUES (1);"));
    let store = world.store();
    let taken = claim(&store, 1, now()).await;
    assert_eq!((ids(&taken), named(&taken.refused)), (vec!["3"], vec![("2", false), ("1", true)]));
    assert!(taken.refused[0].why.contains("value `soon`, row 2"), "{:?}", taken.refused);
    assert_eq!(world.text("SELECT group_concat(task) FROM abide_claims").as_deref(), Some("3"));
    assert_eq!(world.text("SELECT group_concat(task) FROM abide_audit WHERE action = 'claim'").as_deref(), Some("3"));
    let checks = store.examine().await.unwrap();
    assert!(checks.iter().any(|check| check.what == "audit" && check.result.is_ok()), "{checks:?}");
}

#[tokio::test]
async fn a_row_that_cannot_be_given_back_keeps_nobody_from_work() {
    let world = World::team(&format!("{FROZEN} UPDATE team SET made = '2026-11-23 09:00:00';"));
    let store = world.store();
    assert_eq!(ids(&claim(&store, 3, now()).await), ["1", "2", "3"]);
    world.sql("INSERT INTO freezes VALUES (1); UPDATE team SET state = 'in review' WHERE id = 2");
    let later = now().plus(Duration::from_mins(2));
    let taken = claim(&store, 1, later).await;
    assert_eq!((ids(&taken), named(&taken.stuck)), (vec!["3"], vec![("1", true), ("2", false)]));
    assert!(taken.stuck[1].why.contains("`in review`"), "{:?}", taken.stuck);
    let Applied::GivenBack(GivenBack { count, stuck }) = store.apply(&Command::Sweep, "abide", later).await.unwrap()
    else {
        panic!("a sweep gives back")
    };
    assert_eq!((count, stuck), (0, taken.stuck));

    world.sql("DELETE FROM freezes; UPDATE team SET state = 'doing' WHERE id = 2");
    let back = GivenBack { count: 2, stuck: Vec::new() };
    assert_eq!(store.apply(&Command::Sweep, "abide", later).await.unwrap(), Applied::GivenBack(back));
}

#[tokio::test]
async fn a_pass_carries_out_all_steps_but_the_refused_ones() {
    let world = World::team(FROZEN);
    let store = world.store();
    let epoch = lead(&store).await;
    let (frozen, reviewed) = (opened(&store, epoch, "agent/dev-1").await, opened(&store, epoch, "agent/dev-2").await);
    let TaskId(id) = &frozen.task;
    world.sql(&format!(
        "INSERT INTO freezes VALUES ({id}); UPDATE team SET state = 'in review' WHERE id = {}",
        reviewed.task
    ));

    let ledger = store.ledger().await.unwrap();
    let seen = |record: &Record| ledger.records[&record.fingerprint].live.as_ref().map(|live| live.status);
    assert_eq!((seen(&frozen), seen(&reviewed)), (Some(TaskStatus::Pending), Some(TaskStatus::Blocked)));
    let close = Action::Close(CloseReason::Mended);
    let known = |record: &Record| known(&ledger.records[&record.fingerprint]);
    let steps =
        vec![(close.clone(), known(&frozen)), (Action::Open, remediation("agent/dev-3")), (close, known(&reviewed))];
    let plan = plan(&ledger, steps);
    let outcome = store.commit(&plan, epoch).await.unwrap();
    let undone: Vec<(usize, bool)> = outcome.undone.iter().map(|it| (it.step, it.task.is_none())).collect();
    assert_eq!(undone, [(0, true), (2, true)], "{:?}", outcome.undone);
    assert!(outcome.undone[0].why.contains("frozen by finance") && outcome.undone[1].why.contains("`in review`"));
    assert_eq!(outcome.opened.len(), 1);
    let after = plan.but_for(&outcome.undone);
    let released = std::collections::BTreeMap::from([(after.held[0].id.clone(), true)]);
    assert_eq!(
        after.holds(&released),
        released,
        "what a person has let go ahead is let go ahead once the table takes it"
    );
    assert_eq!((after.steps.len(), after.held.len()), (1, 2));
    let again = super::plan(&ledger, vec![(Action::Reopen { why: "it is back".into() }, known(&frozen))]);
    let undone = crate::model::Undone { step: 0, task: None, why: "frozen".into() };
    assert_eq!(again.but_for(&[undone]).held[0].id, again.steps[0].hold(), "a release is found again");
    assert!(after.held.iter().all(|held| held.action == "close" && !held.needs_person));
    let kept = store.ledger().await.unwrap().refused;
    assert_eq!(kept, plan.refused(&outcome.undone), "it is known until the next pass");
    assert_eq!(plan.doubting(&kept).held, after.held);
    let closed = "SELECT count(*) FROM abide_remediations WHERE state = 'closed'";
    assert_eq!(world.text(closed).as_deref(), Some("0"), "and nothing is on record of what was not done");
}

#[tokio::test]
async fn a_trigger_that_takes_all_of_it_back_is_an_error() {
    let world = World::team(
        "INSERT INTO team (id, kind, name, state, prio, made) VALUES
           (1, 'fix', 'X', 'todo', 10, '2026-11-23 09:00:00'), (2, 'fix', 'Y', 'todo', 5, '2026-11-23 09:00:00');
         CREATE TRIGGER never BEFORE UPDATE ON team WHEN old.id = 2 BEGIN SELECT RAISE(ROLLBACK, 'not today'); END;",
    );
    let store = world.store();
    let worker = Worker { name: "dev-1".into(), ..Worker::default() };
    let gates = crate::kinds::approval::Gates::default();
    let claim = Claim { worker, duties: Arc::default(), gates, task: None, most: 3, length: Duration::from_mins(1) };
    let error = store.apply(&Command::Claim(Box::new(claim)), "dev-1", now()).await.unwrap_err();
    assert!(error.to_string().contains("not today"), "{error}");
    assert_eq!(world.text("SELECT count(*) FROM team WHERE state = 'doing'").as_deref(), Some("0"));
}

#[tokio::test]
async fn a_trigger_that_says_nothing_is_a_refusal_and_no_change_by_others() {
    let world = World::team(
        "INSERT INTO team (id, kind, name, state, prio, made) VALUES
           (1, 'fix', 'left', 'todo', 10, '2026-11-23 09:00:00'), (2, 'fix', 'put back', 'todo', 8, '2026-11-23 09:00:00'),
           (3, 'fix', 'fine', 'todo', 5, '2026-11-23 09:00:00');
         CREATE TRIGGER ignore BEFORE UPDATE ON team WHEN old.id = 1 BEGIN SELECT RAISE(IGNORE); END;
         CREATE TRIGGER back AFTER UPDATE OF state ON team WHEN new.id = 2 AND new.state <> 'todo'
         BEGIN UPDATE team SET state = 'todo' WHERE id = 2; END;
         CREATE TRIGGER out BEFORE INSERT ON team WHEN new.name LIKE '%dev-9%' BEGIN SELECT RAISE(IGNORE); END;",
    );
    let store = world.store();
    let taken = claim(&store, 1, now()).await;
    assert_eq!((ids(&taken), named(&taken.refused)), (vec!["3"], vec![("1", false), ("2", false)]));
    let why = "the table team refuses task 1: a trigger of the team leaves it as it was, and says nothing";
    assert_eq!(taken.refused[0].why, why);
    assert_eq!(world.text("SELECT group_concat(task) FROM abide_claims").as_deref(), Some("3"));

    let epoch = lead(&store).await;
    let steps = vec![(Action::Open, remediation("agent/dev-9")), (Action::Open, remediation("agent/dev-1"))];
    let outcome = store.commit(&plan(&store.ledger().await.unwrap(), steps), epoch).await.unwrap();
    assert_eq!((outcome.undone.len(), outcome.opened.len()), (1, 1), "{outcome:?}");
    assert!(outcome.undone[0].why.contains("keeps the new row out"), "{outcome:?}");
}

#[tokio::test]
async fn a_refused_correction_is_taken_out_of_its_step_and_the_others_are_made() {
    let world =
        World::team(&format!("{FROZEN} UPDATE team SET made = '2026-11-23 09:00:00'; INSERT INTO freezes VALUES (1);"));
    let store = world.store();
    let epoch = lead(&store).await;
    let spec: crate::model::SpecId = "assignment/fixes".parse().unwrap();
    let assign = |task: &str| crate::model::Assign {
        spec: spec.clone(),
        digest: Digest::of("spec"),
        task: task.into(),
        change: crate::model::Change::Role { from: None, to: "developer".into() },
    };
    let mut listed = remediation("task/1");
    listed.drifts.push(drift("task/3", Severity::High));
    listed.subjects = listed.drifts.iter().map(|drift| drift.subject.clone()).collect();
    let plan = plan(&store.ledger().await.unwrap(), vec![(Action::Assign(vec![assign("1"), assign("3")]), listed)]);
    let outcome = store.commit(&plan, epoch).await.unwrap();
    let after = plan.but_for(&outcome.undone);
    let subjects: Vec<String> = after.steps[0].remediation.subjects.iter().map(ToString::to_string).collect();
    assert_eq!((subjects, after.held.len()), (vec!["task/3".to_owned()], 1));
    assert_eq!(world.text("SELECT group_concat(id) FROM team WHERE who = 'developer'").as_deref(), Some("3"));
    let released = std::collections::BTreeMap::from([(plan.steps[0].hold(), true)]);
    assert!(after.holds(&released).is_empty(), "what was let go ahead is over: what comes later is another matter");
    assert_eq!(store.ledger().await.unwrap().refused.into_keys().collect::<Vec<_>>(), [after.held[0].id.clone()]);
}

#[tokio::test]
async fn what_a_trigger_puts_back_is_refused_to_whoever_wrote_it() {
    let world = World::team(
        "INSERT INTO team (id, kind, name, state, prio, made) VALUES (1, 'fix', 'X', 'todo', 10, '2026-11-23 09:00:00');
         CREATE TABLE frozen (held INTEGER); INSERT INTO frozen VALUES (0);
         CREATE TRIGGER back AFTER UPDATE OF state ON team WHEN (SELECT held FROM frozen) AND new.state <> old.state
         BEGIN UPDATE team SET state = old.state, by_agent = old.by_agent WHERE id = new.id; END;",
    );
    let store = world.store();
    let epoch = lead(&store).await;
    let record = opened(&store, epoch, "agent/dev-1").await;
    let lease = claim(&store, 1, now()).await.claimed.remove(0).lease;
    world.sql("UPDATE frozen SET held = 1");
    let (task, token) = (lease.task.clone(), Some(lease.token));
    let commands = [
        Command::Complete { task: task.clone(), token, result: None },
        Command::Fail { task: task.clone(), token, reason: None, last: true },
        Command::GiveBack { task, token, reason: None },
    ];
    for command in commands {
        let error = store.apply(&command, "dev-1", now()).await.unwrap_err();
        assert!(error.to_string().contains("leaves it as it was, and says nothing"), "{command:?}: {error}");
    }
    assert_eq!(world.text("SELECT group_concat(task) FROM abide_claims"), Some(lease.task.0.to_string()));

    let ledger = store.ledger().await.unwrap();
    let close = plan(&ledger, vec![(Action::Close(CloseReason::Mended), known(&record))]);
    let outcome = store.commit(&close, epoch).await.unwrap();
    assert!(outcome.undone[0].why.contains("leaves it as it was"), "{outcome:?}");
    world.sql("UPDATE frozen SET held = 0");
    step(&store, epoch, Action::Close(CloseReason::Mended), known(&record)).await.unwrap();
    let state = format!("SELECT state FROM team WHERE id = {}", record.task);
    assert_eq!(world.text(&state).as_deref(), Some("done"), "and it is done once the table takes it");
}

#[tokio::test]
async fn a_new_row_that_a_trigger_takes_out_is_refused() {
    let world = World::team(
        "CREATE TRIGGER out AFTER INSERT ON team WHEN new.name LIKE '%dev-9%' BEGIN DELETE FROM team WHERE id = new.id; END;",
    );
    let store = world.store();
    let epoch = lead(&store).await;
    let steps = vec![(Action::Open, remediation("agent/dev-9")), (Action::Open, remediation("agent/dev-1"))];
    let outcome = store.commit(&plan(&store.ledger().await.unwrap(), steps), epoch).await.unwrap();
    assert_eq!((outcome.undone.len(), outcome.opened.len()), (1, 1), "{outcome:?}");
    assert!(outcome.undone[0].why.contains("takes the new row out again"), "{outcome:?}");
    assert_eq!(world.text("SELECT count(*) FROM abide_remediations").as_deref(), Some("1"));
}
