//! Plans carried out, whole or not at all.

use super::*;
use crate::model::{
    ABIDE, Assign, Change, CloseReason, Held, HoldId, Live, NoAnswer, RecordState, TaskStatus, Unknown,
};

#[tokio::test]
async fn a_task_is_opened_in_the_live_table_with_its_evidence() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let record = opened(&store, epoch, "agent/dev-1").await;
    assert_eq!(record.state, RecordState::Open);
    assert_eq!(record.live.as_ref().unwrap().role.as_deref(), Some("architect"));
    let row = "SELECT kind || '|' || name || '|' || who || '|' || asked || '|' || state || '|' || prio || '|' || made FROM team";
    let expected = "abide/agent/load|agent/dev-1 has too much|architect|abide|todo|8|2026-11-23 12:00:00";
    assert_eq!(world.text(row).as_deref(), Some(expected));
    let context = world.json("SELECT ctx FROM team");
    let abide = &context[ABIDE];
    assert_eq!(abide["fingerprint"], record.fingerprint.as_str());
    assert_eq!((&abide["observed"]["answer"], &abide["desired"]["revision"]), (&"4".into(), &"abc123".into()));
    assert_eq!(abide["due"], "2026-11-24T12:00:00Z");
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.accepted, Some((Revision::new("abc123"), 3)));
    assert_eq!(world.text("SELECT group_concat(action) FROM abide_audit").as_deref(), Some("open,accept"));
}

#[tokio::test]
async fn a_plan_with_nothing_to_do_writes_no_row() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let before = store.ledger().await.unwrap();
    let outcome = store.commit(&plan(&before, Vec::new()), epoch).await.unwrap();
    assert_eq!((outcome.rows, outcome.ledger), (0, before.version));
    assert_eq!(store.ledger().await.unwrap().version, before.version);
}

#[tokio::test]
async fn a_task_goes_through_its_whole_life() {
    for world in [World::team(""), World::own()] {
        let store = world.store();
        let epoch = lead(&store).await;
        let open = opened(&store, epoch, "agent/dev-1").await;
        let worse = Remediation { severity: Severity::Critical, owner: "agent/dev-9".parse().ok(), ..known(&open) };
        step(&store, epoch, Action::Update, worse.clone()).await.unwrap();
        let updated = record(&store, &open.fingerprint).await;
        assert_eq!((updated.severity, updated.version), (Severity::Critical, open.version + 1));
        assert_eq!(updated.live.as_ref().unwrap().role, None, "an agent's task is no role's");
        step(&store, epoch, Action::Close(CloseReason::Mended), known(&updated)).await.unwrap();
        let closed = record(&store, &open.fingerprint).await;
        assert_eq!(closed.state, RecordState::Closed { reason: CloseReason::Mended, at: now() });
        let live = closed.live.clone().unwrap();
        assert_eq!((live.status, live.finished), (TaskStatus::Completed, Some(now())));
        let again = Remediation { flaps: 1, ..known(&closed) };
        step(&store, epoch, Action::Reopen { why: "it came back".into() }, again).await.unwrap();
        let reopened = record(&store, &open.fingerprint).await;
        assert_eq!((reopened.state, reopened.flaps, &reopened.task), (RecordState::Open, 1, &open.task));
        assert_eq!(reopened.live.clone().unwrap(), Live { status: TaskStatus::Pending, role: None, finished: None });
        let actions = "SELECT group_concat(action) FROM (SELECT action FROM abide_audit ORDER BY seq)";
        assert_eq!(world.text(actions).as_deref(), Some("open,accept,update,close,reopen"));
        let context = store.list(&crate::store::Filter::default()).await.unwrap()[0].context.clone().unwrap();
        assert!(context.contains("it came back") && !context.contains("closed"), "{context}");
    }
}

#[tokio::test]
async fn title_and_body_follow_what_is_seen_and_what_people_wrote_stays() {
    let world = World::own();
    let store = world.store();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    let row = |what: &str| world.text(&format!("SELECT {what} FROM abide_tasks")).unwrap();
    world.sql("UPDATE abide_tasks SET body = body || char(10) || 'ada: half of it is done'");
    let due = now().plus(Duration::from_hours(1));
    let worse = Remediation { title: "far too much".into(), due, ..known(&open) };
    step(&store, epoch, Action::Update, worse.clone()).await.unwrap();
    assert_eq!(row("title"), "far too much");
    let body = row("body");
    assert!(body.contains(&format!("Due {due}.")) && body.ends_with(".\nada: half of it is done"), "{body}");
    assert_eq!(body.matches("Wanted: ").count(), 1, "{body}");

    world.sql("UPDATE abide_tasks SET title = 'ask Eva first', body = 'as agreed'");
    let after = record(&store, &open.fingerprint).await;
    let worst = Remediation { title: "a heap".into(), due: now(), version: Some(after.version), ..worse };
    step(&store, epoch, Action::Update, worst).await.unwrap();
    assert_eq!((row("title").as_str(), row("body").as_str()), ("ask Eva first", "as agreed"));
}

#[tokio::test]
async fn a_row_that_somebody_ended_keeps_its_status_when_its_task_closes() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    world.sql("UPDATE team SET state = 'broken', ended = '2026-11-23 12:30:00', ctx = json_set(ctx, '$.theirs', 1)");
    let now = record(&store, &open.fingerprint).await;
    step(&store, epoch, Action::Close(CloseReason::Gone), known(&now)).await.unwrap();
    assert_eq!(world.text("SELECT state || ended FROM team").as_deref(), Some("broken2026-11-23 12:30:00"));
    let context = world.json("SELECT ctx FROM team");
    assert_eq!((&context["abide"]["closed"]["reason"], &context["theirs"]), (&"gone".into(), &1.into()));
}

#[tokio::test]
async fn a_deleted_row_is_opened_anew_or_closed_without_it() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    world.sql("DELETE FROM team");
    let gone = record(&store, &open.fingerprint).await;
    assert_eq!(gone.live, None);
    step(&store, epoch, Action::Reopen { why: "its row was deleted".into() }, known(&gone)).await.unwrap();
    let anew = record(&store, &open.fingerprint).await;
    assert!(anew.live.is_some() && anew.task != open.task);
    world.sql("DELETE FROM team");
    let gone = record(&store, &open.fingerprint).await;
    step(&store, epoch, Action::Close(CloseReason::Mended), known(&gone)).await.unwrap();
    assert!(!record(&store, &open.fingerprint).await.is_open());
}

#[tokio::test]
async fn what_has_changed_since_it_was_read_is_stale_and_nothing_is_written() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    let old = store.ledger().await.unwrap();
    let close = || Action::Close(CloseReason::Mended);
    for change in ["state = 'doing'", "who = 'qa'"] {
        world.sql(&format!("UPDATE team SET {change}"));
        let error = step(&store, epoch, close(), known(&open)).await.unwrap_err();
        assert_eq!(error.to_string(), "the plan is stale: task 1 has changed since it was read", "{change}");
        world.sql("UPDATE team SET state = 'todo', who = 'architect'");
    }
    let steps = vec![(Action::Open, remediation("agent/x")), (Action::Open, remediation("agent/x"))];
    let error = store.commit(&plan(&old, steps), epoch).await.unwrap_err();
    assert!(error.to_string().ends_with("already has an open task"), "{error}");
    let wrong_version = Remediation { version: Some(9), ..known(&open) };
    assert!(matches!(step(&store, epoch, close(), wrong_version).await, Err(StoreError::Stale(_))));
    assert_eq!(world.text("SELECT count(*) FROM team").as_deref(), Some("1"), "all or nothing");
    assert_eq!(store.ledger().await.unwrap().version, old.version);
    opened(&store, epoch, "agent/y").await;
    let error = store.commit(&plan(&old, Vec::new()), epoch).await.unwrap_err();
    assert_eq!(error.to_string(), "the plan is stale: the ledger is at 2, the plan was made at 1");
}

#[tokio::test]
async fn a_stale_leader_cannot_write_and_epochs_only_grow() {
    let world = World::team("");
    let store = world.store();
    let first = lead(&store).await;
    assert_eq!(lead(&store).await, first, "renewed");
    let other = |at| store.lead("them", at, Duration::from_mins(1));
    let error = other(now()).await.unwrap_err();
    assert_eq!(error.to_string(), "us leads until 2026-11-23T12:01:00Z; only one reconciles at a time");
    let second = other(now().plus(Duration::from_mins(2))).await.unwrap();
    assert!(second > first);
    let ledger = store.ledger().await.unwrap();
    let fenced = store.commit(&plan(&ledger, Vec::new()), first).await;
    assert_eq!(fenced, Err(StoreError::Fenced { ours: first.0, current: second.0 }));
    store.resign(first).await.unwrap();
    assert!(
        matches!(
            store.lead("us", now().plus(Duration::from_mins(2)), Duration::from_mins(1)).await,
            Err(StoreError::Led { .. })
        ),
        "an old epoch gives nothing back"
    );
    store.resign(second).await.unwrap();
    let given_back = store.commit(&plan(&ledger, Vec::new()), second).await;
    assert!(matches!(given_back, Err(StoreError::Fenced { .. })));
    assert!(lead(&store).await > second);
}

#[tokio::test]
async fn the_database_itself_allows_one_open_task_for_a_fingerprint() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    opened(&store, epoch, "agent/dev-1").await;
    let copy = "INSERT INTO abide_remediations SELECT NULL, fingerprint, spec, rule, subject, subjects, code, severity,
        owner, title, file, spec_digest, state, closed_reason, closed_at, opened, flaps, attempts, refused_until,
        refused_by, refused_reason, task, touched, version FROM abide_remediations";
    let error = Connection::open(world.path()).unwrap().execute(copy, []).unwrap_err();
    assert!(error.to_string().contains("UNIQUE constraint failed: abide_remediations.fingerprint"), "{error}");
}

#[tokio::test]
async fn a_record_tells_when_a_step_last_wrote_it() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let before = opened(&store, epoch, "agent/dev-1").await;
    assert_eq!(before.touched, now());
    let mut at = now();
    for action in [Action::Update, Action::Reopen { why: "not done".into() }, Action::Close(CloseReason::Mended)] {
        let ledger = store.ledger().await.unwrap();
        let r = known(&ledger.records[&before.fingerprint]);
        at = at.plus(Duration::from_mins(1));
        let later = Plan { at, ..plan(&ledger, vec![(action, r)]) };
        store.commit(&later, epoch).await.unwrap();
        let record = record(&store, &before.fingerprint).await;
        assert_eq!((record.touched, record.opened), (at, now()));
    }
}

#[tokio::test]
async fn a_renamed_spec_keeps_its_task() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let open = opened(&store, epoch, "agent/dev-1").await;
    let renamed = remediation("agent/dev-one");
    let renamed = Remediation {
        renamed_from: Some(open.fingerprint.clone()),
        fingerprint: renamed.fingerprint.clone(),
        ..known(&open)
    };
    step(&store, epoch, Action::Update, renamed.clone()).await.unwrap();
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.records.keys().collect::<Vec<_>>(), [&renamed.fingerprint]);
    assert_eq!(ledger.records[&renamed.fingerprint].task, open.task);
}

#[tokio::test]
async fn a_spec_may_be_renamed_to_what_another_was_called() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let first = opened(&store, epoch, "agent/dev-1").await;
    let second = opened(&store, epoch, "agent/dev-2").await;
    step(&store, epoch, Action::Close(CloseReason::Withdrawn), known(&second)).await.unwrap();
    let renamed_from = Some(first.fingerprint.clone());
    let renamed = Remediation { renamed_from, ..known(&first) };
    let renamed = Remediation { fingerprint: second.fingerprint.clone(), ..renamed };
    step(&store, epoch, Action::Update, renamed).await.unwrap();
    let kept = record(&store, &second.fingerprint).await;
    assert_eq!((kept.is_open(), &kept.task), (true, &first.task));
}

#[tokio::test]
async fn a_role_is_corrected_only_where_it_is_as_read() {
    let world = World::team(
        "INSERT INTO team (kind, name, who, state, made) VALUES ('x', 'X', 'qa', 'new', '2026-11-01 09:00:00')",
    );
    let store = world.store();
    let epoch = lead(&store).await;
    let assign = |from: &str| {
        let change = Change::Role { from: Some(from.into()), to: "developer".into() };
        let (spec, digest) = ("assignment/a".parse().unwrap(), Digest::of("a"));
        Action::Assign(vec![Assign { spec, digest, task: "1".into(), change }])
    };
    let wrong = step(&store, epoch, assign("security"), remediation("task/1")).await;
    assert!(matches!(wrong, Err(StoreError::Stale(_))));
    step(&store, epoch, assign("qa"), remediation("task/1")).await.unwrap();
    assert_eq!(world.text("SELECT who FROM team").as_deref(), Some("developer"));
    assert!(store.ledger().await.unwrap().records.is_empty(), "a correction is no remediation task");
}

#[tokio::test]
async fn a_priority_is_corrected_only_where_it_stands_as_read() {
    let world = World::team(
        "INSERT INTO team (kind, name, prio, state, made) VALUES ('x', 'X', 5, 'new', '2026-11-01 09:00:00')",
    );
    let store = world.store();
    let epoch = lead(&store).await;
    let assign = |from: Severity| {
        let (spec, digest) = ("assignment/a".parse().unwrap(), Digest::of("a"));
        let change = Change::Severity { from, to: Severity::Critical };
        Action::Assign(vec![Assign { spec, digest, task: "1".into(), change }])
    };
    let wrong = step(&store, epoch, assign(Severity::Low), remediation("task/1")).await;
    assert!(matches!(wrong, Err(StoreError::Stale(_))));
    step(&store, epoch, assign(Severity::Medium), remediation("task/1")).await.unwrap();
    assert_eq!(world.text("SELECT prio FROM team").as_deref(), Some("10"));
    let what = r#"{"field":"severity","from":"medium","spec":"assignment/a","task":"1","to":"critical"}"#;
    assert_eq!(world.text("SELECT what FROM abide_audit WHERE action = 'assign'").as_deref(), Some(what));
}

#[tokio::test]
async fn a_correction_that_cannot_be_read_is_damage() {
    let world = World::team("");
    drop(world.store());
    world.sql("INSERT INTO abide_enforcements VALUES ('assignment/a', '1', 'severity', 'x', NULL, 'high', 0)");
    let store = SqliteStore::open_read(&world.url(), world.mapping.clone()).unwrap();
    assert!(matches!(store.ledger().await, Err(StoreError::Damaged(_))));
}

#[tokio::test]
async fn holds_stay_until_released_and_carried_out() {
    let world = World::team("");
    let store = world.store();
    let epoch = lead(&store).await;
    let r = remediation("agent/dev-1");
    let id = HoldId::of("open", &r.fingerprint);
    let held = |id: &HoldId, needs_person| Held {
        id: id.clone(),
        action: "open",
        fingerprint: None,
        reason: "many".into(),
        needs_person,
    };
    let ledger = store.ledger().await.unwrap();
    let waiting =
        Plan { held: vec![held(&id, true), held(&HoldId("time".into()), false)], ..plan(&ledger, Vec::new()) };
    store.commit(&waiting, epoch).await.unwrap();
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.holds.clone().into_iter().collect::<Vec<_>>(), [(id.clone(), false)]);
    let outcome = store.commit(&Plan { held: waiting.held.clone(), ..plan(&ledger, Vec::new()) }, epoch).await.unwrap();
    assert_eq!(outcome.rows, 0, "it waits already");
    for _ in 0..2 {
        store.apply(&crate::store::Command::Release(id.clone()), "po", now()).await.unwrap();
    }
    assert_eq!(world.text("SELECT count(*) FROM abide_audit WHERE action = 'release'").as_deref(), Some("1"));
    let why = NoAnswer { reason: "away".into(), since: now() };
    let blind = |ledger: &Ledger| Plan {
        unknown: vec![Unknown { case: r.case.clone(), subject: None, why: why.clone() }],
        ..plan(ledger, Vec::new())
    };
    store.commit(&blind(&store.ledger().await.unwrap()), epoch).await.unwrap();
    let ledger = store.ledger().await.unwrap();
    assert_eq!(ledger.holds.get(&id), Some(&true), "what cannot be told may be wanted again");
    store.commit(&plan(&ledger, vec![(Action::Open, r.clone())]), epoch).await.unwrap();
    assert!(store.ledger().await.unwrap().holds.is_empty());
}

#[tokio::test]
async fn specs_that_wait_for_a_person_are_not_accepted() {
    let world = World::own();
    let store = world.store();
    let epoch = lead(&store).await;
    let mut waiting = plan(&store.ledger().await.unwrap(), Vec::new());
    let id = HoldId::of_tree(&waiting.basis.revision);
    waiting.held =
        vec![Held { id, action: "accept", fingerprint: None, reason: "all gone".into(), needs_person: true }];
    store.commit(&waiting, epoch).await.unwrap();
    assert_eq!(store.ledger().await.unwrap().accepted, None);
}
