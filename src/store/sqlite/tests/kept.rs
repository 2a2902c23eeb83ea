//! What was said, how requests stand, tokens and sightings: changed behind Abide's back, and held against the record.

use super::*;
use crate::catalog::{Catalog, SourceTree, load};
use crate::kinds::approval::Gates;
use crate::model::{Said, TaskId, Vote};
use crate::store::audit::{Chain, Extract, Verified};
use crate::store::{Cast, Command, NewTask, Proof, Weighing};

const FIXES: &str = "{select: {types: [fix_bug]}, require: {role: architect, count: 2}, breakGlass: {by: [role/architect], maxFor: 30m}}";
const CHORES: &str = "{select: {types: [chore]}, require: {role: architect}, bind: task}";

fn gates(policies: &[(&str, &str)]) -> Gates {
    let people = [
        ("Role", "architect", "{mayApprove: true}"),
        ("Agent", "ada", "{human: true, roles: [architect]}"),
        ("Agent", "bob", "{human: true, roles: [architect]}"),
    ];
    let policies = policies.iter().map(|(name, spec)| ("ApprovalPolicy", *name, *spec));
    let text: String = people
        .into_iter()
        .chain(policies)
        .map(|(kind, name, spec)| {
            format!("apiVersion: abide.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n")
        })
        .collect();
    let (catalog, said) = load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), now());
    assert_eq!(said, []);
    Gates::of(catalog.specs, "c0ffee")
}

fn later(minutes: u64) -> Timestamp {
    now().plus(Duration::from_mins(minutes))
}

async fn say(store: &SqliteStore, (task, by, nonce): (i64, &str, &str), said: Said, minutes: u64) {
    let cast = Cast {
        gates: gates(&[("fixes", FIXES), ("chores", CHORES)]),
        task: TaskId::from(task),
        policy: None,
        said,
        by: by.into(),
        proof: Proof::Key,
        seen: None,
        nonce: nonce.into(),
        expires: Some(later(90)),
        reason: Some(format!("{nonce} it is").into()),
    };
    store.apply(&Command::Cast(Box::new(cast)), by, later(minutes)).await.unwrap();
}

/// The record of [`world`], so that each number below can be read.
const RECORD: &str = "1 add,2 add,3 add,4 add,5 entrust,6 entrust,7 distrust,8 sight,9 request,10 approve,11 approve,12 gate,\
                      13 request,14 reject,15 gate,16 override,17 gate,18 request,19 approve,20 gate,21 request,22 gate";

/// Two yeses on task 1, a no and a broken glass on task 2, a yes to task 3 however it reads, and task 4, about which nothing asks
/// any more; Ada has a token, Bob's was taken back, and two commits were seen.
async fn world() -> World {
    let world = World::own();
    let store = world.store();
    for (kind, title) in [("fix_bug", "one"), ("fix_bug", "two"), ("chore", "three"), ("sweep", "four")] {
        let task = NewTask { kind: kind.into(), title: title.into(), ..NewTask::default() };
        store.apply(&Command::Add(task), "po", now()).await.unwrap();
    }
    for (agent, until) in [("ada", Some(later(600))), ("bob", None)] {
        let entrust = Command::Entrust { agent: agent.into(), token: Digest::of(agent), until };
        store.apply(&entrust, "root", now()).await.unwrap();
    }
    store.apply(&Command::Distrust("bob".into()), "root", later(1)).await.unwrap();
    store.apply(&Command::Sight(vec!["aaa".into(), "bbb".into()]), "abide", later(1)).await.unwrap();
    store.apply(&Command::Sight(vec!["bbb".into()]), "abide", later(2)).await.unwrap();
    say(&store, (1, "ada", "a"), Said::Vote(Vote::Approved), 2).await;
    say(&store, (1, "bob", "b"), Said::Vote(Vote::Approved), 3).await;
    say(&store, (2, "ada", "c"), Said::Vote(Vote::Rejected), 4).await;
    say(&store, (2, "bob", "d"), Said::Override, 5).await;
    say(&store, (3, "ada", "e"), Said::Vote(Vote::Approved), 6).await;
    for policies in [
        &[("fixes", FIXES), ("chores", CHORES), ("sweeps", "{select: {types: [sweep]}, require: {role: architect}}")][..],
        &[("fixes", FIXES), ("chores", CHORES)],
    ] {
        let weighing =
            Weighing { gates: gates(policies), tasks: None, ended_since: later(7), spent: None, fence: None };
        store.apply(&Command::Weigh(weighing), "abide", later(7)).await.unwrap();
    }
    let record = world.text("SELECT group_concat(seq || ' ' || action) FROM (SELECT * FROM abide_audit ORDER BY seq)");
    assert_eq!(record.as_deref(), Some(RECORD));
    let verified = verified(&store, 4096).await;
    assert_eq!((verified.faults, verified.mismatches), (vec![], vec![]));
    assert_eq!(verified.held, Some(5 + 3 + 2 + 2));
    world
}

/// What a walk finds in steps of so many rows.
async fn verified(store: &SqliteStore, most: usize) -> Verified {
    let mut chain = Chain::default();
    let mut after = None;
    loop {
        let page = store.audit(&Extract { most, ..Extract::verified(after) }).await.unwrap();
        after = page.rows.last().map(|entry| entry.seq);
        if let Some(witness) = chain.take(page) {
            return chain.finish(witness);
        }
    }
}

/// Does each deed to a world of its own, and holds the findings against those that are expected.
async fn find(deeds: &[(&str, &[&str])]) {
    for (deed, expected) in deeds {
        let world = world().await;
        world.sql(deed);
        let store = world.store();
        let whole = verified(&store, 4096).await;
        let said: Vec<String> = whole.mismatches.iter().map(ToString::to_string).collect();
        assert_eq!(said, *expected, "{deed}");
        let paged = verified(&store, 2).await;
        assert_eq!(paged.mismatches, whole.mismatches, "{deed}: page by page");
        let told = store.examine().await.unwrap().into_iter().find(|check| check.what == "approvals").unwrap();
        assert!(told.result.unwrap_err().what.starts_with(expected[0]), "{deed}: the doctor finds the same");
    }
}

const FORGED: &str = "INSERT INTO abide_ballots (nonce, task, policy, said, agent, at, expires, content, version, revision,
    is_signed, reason, touched) SELECT 'x', '2', policy, said, agent, at, expires, content, version, revision, is_signed, reason, ";

#[tokio::test]
async fn a_ballot_that_was_put_in_moved_or_taken_out_is_found() {
    let copy = |touched: &str| format!("{FORGED}{touched} FROM abide_ballots WHERE nonce = 'a'");
    let [beyond, doubled, other] = ["99", "touched", "1"].map(copy);
    find(&[
        (&beyond, &["the ballot `x` (agent/ada approved task 2): it names row 99, which is not there"]),
        (
            &doubled,
            &["the ballot `x` (agent/ada approved task 2): it names row 10, which tells of something else (approve)"],
        ),
        (&other, &["the ballot `x` (agent/ada approved task 2): it names row 1, which tells of something else (add)"]),
        (
            "DELETE FROM abide_ballots WHERE nonce = 'c'",
            &["the ballot `c` (agent/ada rejected task 2): not there as row 14 left it"],
        ),
        (
            "UPDATE abide_ballots SET touched = 12 WHERE nonce = 'a'",
            &[
                "the ballot `a` (agent/ada approved task 1): not there as row 10 left it",
                "the ballot `a` (agent/ada approved task 1): it names row 12, which tells of something else (gate)",
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_ballot_of_which_anything_was_changed_is_found() {
    let changes = [
        ("nonce = 'z'", "nonce"),
        ("task = '2'", "task"),
        ("policy = 'approvalpolicy/chores'", "policy"),
        ("agent = 'eve'", "agent"),
        ("said = 'rejected'", "verdict"),
        ("at = at + 1", "time"),
        ("expires = NULL", "expiry"),
        ("expires = expires + 1", "expiry"),
        ("revision = 'beef'", "revision"),
        ("is_signed = 0", "signature"),
        ("reason = NULL", "reason"),
        ("reason = ''", "reason"),
        ("content = (SELECT content FROM abide_ballots WHERE nonce = 'c')", "content or version"),
        ("content = 'none'", "content or version"),
        ("version = replace(version, substr(version, 1, 1), 'x')", "content or version"),
        ("version = (SELECT version FROM abide_ballots WHERE nonce = 'e')", "content or version"),
    ];
    for (change, field) in changes {
        let world = world().await;
        world.sql(&format!("UPDATE abide_ballots SET {change} WHERE nonce = 'a'"));
        let found = verified(&world.store(), 4096).await.mismatches;
        assert_eq!((found.len(), found[0].word(), found[0].row), (1, "changed", Some(10)), "{change}: {found:?}");
        assert!(found[0].to_string().ends_with(&format!(": not as row 10 tells, by its {field}")), "{}", found[0]);
    }
    let world = world().await;
    world.sql("UPDATE abide_ballots SET agent = 'eve', expires = NULL WHERE nonce = 'a'");
    let found = verified(&world.store(), 4096).await.mismatches.remove(0);
    let (told, stands) = found.contrast().unwrap();
    assert_eq!(told, format!("agent `ada`, expiry `{}`", later(90)));
    assert_eq!(stands, "agent `eve`, expiry none");
}

#[tokio::test]
async fn a_request_that_does_not_stand_as_it_was_left_is_found() {
    let of = "the request of approvalpolicy/fixes about task";
    let changed = |fields: &str| format!("{of} 1: not as row 12 tells, by its {fields}");
    let [state, digest, asked, why] = ["state", "digest", "first time", "reason, time"].map(changed);
    let gone = format!("{of} 2: not there as row 17 left it");
    let renamed = "the request of approvalpolicy/sweeps about task";
    let risen = format!("{renamed} 4: there, although row 22 took it away");
    let foreign = format!("{renamed} 4: it names row 3, which tells of something else (add)");
    let untold = format!("{renamed} 4: it names row 99, which is not there");
    let insert = |touched: &str| {
        format!(
            "INSERT INTO abide_requests SELECT '4', 'approvalpolicy/sweeps', {}, 'pending', NULL, {}, substr(what ->> '$.digest', 8), NULL, {touched}, NULL, NULL, NULL
               FROM abide_audit WHERE seq = 21",
            later(7).as_millis(),
            later(7).as_millis()
        )
    };
    let [again, at_three, beyond] = ["21", "3", "99"].map(insert);
    find(&[
        ("UPDATE abide_requests SET state = 'pending' WHERE task = '1'", &[&*state]),
        ("UPDATE abide_requests SET digest = replace(digest, '1', '2') WHERE task = '1'", &[&*digest]),
        ("UPDATE abide_requests SET asked = asked - 60000 WHERE task = '1'", &[&*asked]),
        ("UPDATE abide_requests SET since = since - 60000, why = 'so' WHERE task = '1'", &[&*why]),
        ("DELETE FROM abide_requests WHERE task = '2'", &[&*gone]),
        (
            &format!(
                "UPDATE abide_requests SET touched = 13, state = 'pending', since = {}, why = NULL WHERE task = '2'",
                later(4).as_millis()
            ),
            &[&*gone],
        ),
        (&again, &[&*risen]),
        (&at_three, &[&*foreign, &*risen]),
        (&beyond, &[&*untold]),
    ])
    .await;
}

#[tokio::test]
async fn a_token_that_was_put_in_changed_or_taken_out_is_found() {
    let [ada, bob] = ["ada", "bob"].map(|name| format!("the token of agent/{name} that was made at {NOW}"));
    let untold = |who: &str| format!("the token of agent/{who} that was made at {NOW}: no row tells of it");
    let (eve, other) = (untold("eve"), untold("ada"));
    let taken = format!("the token of agent/eve that was made at {NOW}: not as row 5 tells, by its agent");
    let [until, revoked] = ["end", "withdrawal"].map(|field| format!("{ada}: not as row 5 tells, by its {field}"));
    let back = format!("{bob}: not as row 7 tells, by its withdrawal");
    let gone = format!("{ada}: not there as row 5 left it");
    let insert = "INSERT INTO abide_tokens SELECT replace(digest, '1', '2'), 'eve', made, until, NULL FROM abide_tokens WHERE agent = 'ada'";
    find(&[
        (insert, &[&*eve]),
        ("UPDATE abide_tokens SET agent = 'eve' WHERE agent = 'ada'", &[&*taken]),
        ("UPDATE abide_tokens SET until = NULL WHERE agent = 'ada'", &[&*until]),
        ("UPDATE abide_tokens SET revoked = made WHERE agent = 'ada'", &[&*revoked]),
        ("UPDATE abide_tokens SET revoked = NULL WHERE agent = 'bob'", &[&*back]),
        ("DELETE FROM abide_tokens WHERE agent = 'ada'", &[&*gone]),
        ("UPDATE abide_tokens SET digest = replace(digest, '1', '2') WHERE agent = 'ada'", &[&*other, &*gone]),
    ])
    .await;
}

#[tokio::test]
async fn a_sighting_that_was_put_in_changed_or_taken_out_is_found() {
    let [aaa, ccc] = ["aaa", "ccc"].map(|commit| format!("when commit {commit} was first seen: "));
    let changed = format!("{aaa}not as row 8 tells, by its time");
    let (gone, untold) = (format!("{aaa}not there as row 8 left it"), format!("{ccc}no row tells of it"));
    find(&[
        ("UPDATE abide_sightings SET at = at - 1 WHERE revision = 'aaa'", &[&*changed]),
        ("DELETE FROM abide_sightings WHERE revision = 'aaa'", &[&*gone]),
        ("INSERT INTO abide_sightings VALUES ('ccc', 0)", &[&*untold]),
    ])
    .await;
}

#[tokio::test]
async fn what_names_a_row_tells_that_it_was_cut_off() {
    let world = world().await;
    // Nothing else is of a later moment, and no claim was made.
    let cut = "DELETE FROM abide_audit WHERE seq > 17; DELETE FROM abide_requests WHERE task = '3';";
    world.sql(&format!("{cut} UPDATE abide_state SET latest = NULL"));
    let faults = verified(&world.store(), 4096).await.faults;
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["the newest rows are gone, from row 18 on: row 19 is named by what it told of"]);
}

#[tokio::test]
async fn what_a_task_has_started_with_is_held_against_its_row_too() {
    for (deed, expected) in [
        ("SELECT 1", None),
        (
            "UPDATE abide_requests SET used = 1 WHERE task = '1'",
            Some("the request of approvalpolicy/fixes about task 1: not as row 24 tells, by its start"),
        ),
        (
            "UPDATE abide_requests SET used_content = (SELECT content FROM abide_ballots WHERE nonce = 'e') WHERE task = '1'",
            Some("the request of approvalpolicy/fixes about task 1: not as row 24 tells, by its content"),
        ),
        (
            "UPDATE abide_requests SET used = asked, used_content = (SELECT content FROM abide_ballots WHERE nonce = 'e')
             WHERE task = '3'",
            Some("the request of approvalpolicy/chores about task 3: not as row 20 tells, by its start, content"),
        ),
    ] {
        let world = world().await;
        let store = world.store();
        let claim = crate::store::Claim {
            worker: crate::model::Worker { name: "dev-1".into(), ..crate::model::Worker::default() },
            duties: Arc::default(),
            gates: gates(&[("fixes", FIXES), ("chores", CHORES)]),
            task: Some(TaskId::from(1)),
            most: 1,
            length: Duration::from_mins(10),
        };
        store.apply(&Command::Claim(Box::new(claim)), "dev-1", later(8)).await.unwrap();
        world.sql(deed);
        let said: Vec<String> =
            verified(&store, 4096).await.mismatches.iter().map(ToString::to_string).collect();
        assert_eq!(said, expected.into_iter().collect::<Vec<_>>(), "{deed}");
    }
}
