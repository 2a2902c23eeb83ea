//! Who agrees to what: what needs a yes is taken by nobody before it has it, and each way to cheat is refused by its own code.

mod uses;

use std::sync::Arc;

use abide::catalog::{Catalog, SourceTree, load};
use abide::kinds::approval::Gates;
use abide::model::{Asked, Digest, Duration, GateState, Reason, Said, Spent, TaskId, Timestamp, Vote};
use abide::store::audit::{Chain, Extract};
use abide::store::{Applied, Cast, Claim, Command, Mark, Proof, RowsMoved, Stands, StoreError, TaskStore, Weighing};

use crate::build::{now, scan};
use crate::queue::{ask, claim, later, new, row, worker};
use crate::{Lack, Subject, able};
use abide::store::{NewTask, Wants};

const YES: Said = Said::Vote(Vote::Approved);

/// Ada and Bob are architects, Po is the product owner; Ada owns dev-2.
fn gates(policy: &str) -> Gates {
    let all = [
        ("Role", "architect", "", "{mayApprove: true}"),
        ("Role", "product-owner", "", "{mayApprove: true}"),
        ("Agent", "ada", "", "{human: true, roles: [architect]}"),
        ("Agent", "bob", "", "{human: true, roles: [architect]}"),
        ("Agent", "po", "", "{human: true, roles: [product-owner]}"),
        ("Agent", "bot", "", "{roles: [architect]}"),
        ("Agent", "dev-2", ", owner: agent/ada", "{roles: []}"),
        ("ApprovalPolicy", "fixes", "", policy),
    ];
    let text: String = all
        .iter()
        .map(|(kind, name, owner, spec)| {
            format!("apiVersion: abide.dev/v1\nkind: {kind}\nmetadata: {{name: {name}{owner}}}\nspec: {spec}\n---\n")
        })
        .collect();
    let (catalog, said) = load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), now());
    assert_eq!(said, []);
    Gates::of(catalog.specs, "c0ffee")
}

/// What a table must be able to say.
const NEEDED: &[Lack] = &[Lack::Types, Lack::NewTypes, Lack::Role, Lack::Severity, Lack::Failed, Lack::Changes];

const TWO: &str = "{select: {types: [fix_bug]}, require: {role: architect, count: 2}, validFor: 1h}";
const ONE: &str = "{select: {types: [fix_bug]}, require: {role: architect}}";

fn cast(gates: &Gates, task: &TaskId, by: &str, nonce: &str) -> Cast {
    Cast {
        gates: gates.clone(),
        task: task.clone(),
        policy: None,
        said: YES,
        by: by.into(),
        proof: Proof::Key,
        seen: None,
        nonce: nonce.into(),
        expires: None,
        reason: None,
    }
}

async fn say(store: &dyn TaskStore, cast: Cast, at: Timestamp) -> Result<Vec<Stands>, Reason> {
    let by = cast.by.to_string();
    match store.apply(&Command::Cast(Box::new(cast)), &by, at).await {
        Ok(Applied::Stand(stands)) => Ok(stands),
        Err(StoreError::Unheard(denial)) => Err(denial.reason),
        other => panic!("{other:?}"),
    }
}

async fn states(store: &dyn TaskStore, cast: Cast, at: Timestamp) -> Vec<GateState> {
    say(store, cast, at).await.unwrap().into_iter().map(|stands| stands.state).collect()
}

/// All that is asked about, or that ended within the day.
fn weighing(gates: &Gates, at: Timestamp) -> Weighing {
    let ended_since = at.minus(Duration::from_days(1));
    Weighing { gates: gates.clone(), tasks: None, ended_since, spent: None, fence: None }
}

async fn weigh(store: &dyn TaskStore, gates: &Gates, at: Timestamp) {
    store.apply(&Command::Weigh(weighing(gates, at)), "abide", at).await.unwrap();
}

async fn taken(store: &dyn TaskStore, gates: &Gates, agent: &str, at: Timestamp) -> Vec<TaskId> {
    let claim = Claim { gates: gates.clone(), most: 9, ..claim(worker(agent)) };
    ask(store, claim, at).await.unwrap().into_iter().map(|claimed| claimed.listed.task.id.clone()).collect()
}

async fn actions(subject: &Subject, task: &TaskId) -> Vec<String> {
    subject.store.story(task).await.unwrap().into_iter().map(|told| told.action).collect()
}

#[tokio::test]
async fn what_needs_a_yes_is_taken_by_nobody_before_it_has_it() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(TWO);
        let task = new(store, NewTask::default()).await;
        assert_eq!(taken(store, &gates, "dev-1", later(1)).await, [], "{name}");
        let one = Claim { gates: gates.clone(), task: Some(task.clone()), ..claim(worker("dev-1")) };
        let refused = ask(store, one, later(1)).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Unheard(denial) if denial.reason == Reason::Gated), "{name}: {refused}");
        assert_eq!(states(store, cast(&gates, &task, "ada", "a"), later(2)).await, [GateState::Pending], "{name}");
        assert_eq!(taken(store, &gates, "dev-1", later(3)).await, [], "{name}");
        assert_eq!(states(store, cast(&gates, &task, "bob", "b"), later(4)).await, [GateState::Approved], "{name}");
        let got = taken(store, &gates, "dev-1", later(5)).await;
        assert_eq!(got, std::slice::from_ref(&task), "{name}");
        let told = actions(&subject, &task).await;
        let expected = ["add", "request", "approve", "approve", "gate", "claim", "start"];
        assert_eq!(told, expected, "{name}: each transition has its row");
    }
}

#[tokio::test]
async fn a_yes_that_has_run_out_is_nothing_when_the_task_is_taken() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(TWO);
        let task = new(store, NewTask::default()).await;
        for (by, nonce) in [("ada", "a"), ("bob", "b")] {
            say(store, cast(&gates, &task, by, nonce), later(1)).await.unwrap();
        }
        assert_eq!(taken(store, &gates, "dev-1", later(61)).await, [], "{name}: it held for an hour");
        let again = states(store, cast(&gates, &task, "ada", "c"), later(62)).await;
        assert_eq!(again, [GateState::Expired], "{name}: one of them has");
        assert_eq!(states(store, cast(&gates, &task, "bob", "d"), later(62)).await, [GateState::Approved], "{name}");
        assert_eq!(taken(store, &gates, "dev-1", later(63)).await, [task], "{name}");
    }
}

#[tokio::test]
async fn another_policy_or_none_is_seen_by_the_next_claim() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let strict = gates(ONE);
        let task = new(store, NewTask::default()).await;
        say(store, cast(&strict, &task, "ada", "a"), later(1)).await.unwrap();
        let other = gates(TWO);
        assert_eq!(taken(store, &other, "dev-1", later(2)).await, [], "{name}: it was said to another policy");
        assert_eq!(taken(store, &Gates::default(), "dev-1", later(3)).await, [task], "{name}: nothing asks any more");
    }
}

#[tokio::test]
async fn each_cheat_is_refused_by_its_own_code() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(ONE);
        let task = new(store, NewTask::default()).await;
        let base = |by: &str, nonce: &str| cast(&gates, &task, by, nonce);
        let token = Proof::Token(Digest::of("secret"));
        let elsewhere = Digest::of("something else");
        let cheats = [
            (Reason::NoCredential, Cast { proof: Proof::Nothing, ..base("ada", "1") }),
            (Reason::NoCredential, Cast { proof: token, ..base("ada", "2") }),
            (Reason::NotHuman, base("bot", "3")),
            (Reason::Undeclared, base("eve", "4")),
            (Reason::NotAsked, base("po", "5")),
            (Reason::Changed, Cast { seen: Some(elsewhere), ..base("ada", "6") }),
            (Reason::NoBreakGlass, Cast { said: Said::Override, reason: Some("x".into()), ..base("ada", "7") }),
            (Reason::NoRequest, Cast { policy: Some("approvalpolicy/other".parse().unwrap()), ..base("ada", "8") }),
        ];
        for (reason, cast) in cheats {
            assert_eq!(say(store, cast, later(1)).await, Err(reason), "{name}");
        }
        say(store, base("ada", "good"), later(2)).await.unwrap();
        let other = new(store, NewTask { body: None, ..NewTask::default() }).await;
        assert_eq!(say(store, cast(&gates, &other, "ada", "good"), later(3)).await, Err(Reason::Replayed), "{name}");
        assert_eq!(
            say(store, base("bob", "late"), later(3)).await,
            Err(Reason::Decided),
            "{name}: the last slot is taken"
        );
        assert_eq!(
            say(store, cast(&gates, &other, "ada", "back"), now().minus(Duration::from_mins(2))).await,
            Err(Reason::ClockBack),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_token_shows_who_somebody_is_until_it_is_taken_back() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(TWO);
        let task = new(store, NewTask::default()).await;
        let token = Digest::of("secret");
        let entrust = Command::Entrust { agent: "ada".into(), token, until: Some(later(60)) };
        store.apply(&entrust, "root", now()).await.unwrap();
        let with = |by: &str, nonce: &str| Cast { proof: Proof::Token(token), ..cast(&gates, &task, by, nonce) };
        assert_eq!(say(store, with("bob", "a"), later(1)).await, Err(Reason::NoCredential), "{name}: it is another's");
        assert!(say(store, with("ada", "b"), later(1)).await.is_ok(), "{name}");
        let told = actions(&subject, &task).await;
        assert_eq!(told, ["add", "request", "approve"], "{name}: whoever answers was asked");
        let no = Cast { said: Said::Vote(Vote::Rejected), ..with("ada", "c") };
        assert_eq!(say(store, no.clone(), later(60)).await, Err(Reason::NoCredential), "{name}: it ran out");
        store.apply(&Command::Distrust("ada".into()), "root", later(61)).await.unwrap();
        assert_eq!(say(store, no, later(61)).await, Err(Reason::NoCredential), "{name}");
    }
}

#[tokio::test]
async fn what_is_kept_of_agreement_is_what_the_record_tells() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let both = gates(TWO);
        let entrust = |token: &str| Command::Entrust { agent: "ada".into(), token: Digest::of(token), until: None };
        let seen = |commits: &[&str]| Command::Sight(commits.iter().map(|it| Arc::from(*it)).collect());
        let [yes, no, free] = [(), (), ()].map(|()| new(store, NewTask::default()));
        let (yes, no, free) = (yes.await, no.await, free.await);
        store.apply(&entrust("one"), "root", later(1)).await.unwrap();
        store.apply(&Command::Distrust("ada".into()), "root", later(2)).await.unwrap();
        store.apply(&entrust("two"), "root", later(2)).await.unwrap();
        for commits in [&["a", "b"][..], &["b", "c"], &["c"]] {
            store.apply(&seen(commits), "abide", later(3)).await.unwrap();
        }
        for (by, nonce) in [("ada", "a"), ("bob", "b")] {
            say(store, cast(&both, &yes, by, nonce), later(4)).await.unwrap();
        }
        let against =
            Cast { said: Said::Vote(Vote::Rejected), reason: Some("no".into()), ..cast(&both, &no, "ada", "c") };
        say(store, against, later(5)).await.unwrap();
        assert_eq!(taken(store, &both, "dev-1", later(6)).await, [yes], "{name}");
        weigh(store, &gates(ONE), later(7)).await;
        weigh(store, &Gates::default(), later(8)).await;
        say(store, cast(&both, &free, "ada", "d"), later(9)).await.unwrap();

        let of = |action: &str| Extract { action: Some(action.into()), most: 9, ..Extract::default() };
        let sighted: Vec<String> =
            store.audit(&of("sight")).await.unwrap().rows.into_iter().map(|row| row.what).collect();
        assert_eq!(sighted, [r#"{"revisions":["a","b"]}"#, r#"{"revisions":["c"]}"#], "{name}: each commit once");
        let (mut chain, mut after) = (Chain::default(), None);
        let verified = loop {
            let page = store.audit(&Extract { most: 3, ..Extract::verified(after) }).await.unwrap();
            after = page.rows.last().map(|entry| entry.seq);
            if let Some(witness) = chain.take(page) {
                break chain.finish(witness);
            }
        };
        assert_eq!((verified.faults, verified.mismatches), (vec![], vec![]), "{name}");
        // Nobody can change what is in memory, and nothing of it is held against anything.
        assert!(verified.held.is_none_or(|held| held >= 4 + 1 + 2 + 3), "{name}: {:?}", verified.held);
    }
}

#[tokio::test]
async fn nobody_is_given_what_only_their_owner_has_agreed_to() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(ONE);
        let task = new(store, NewTask::default()).await;
        say(store, cast(&gates, &task, "ada", "a"), later(1)).await.unwrap();
        let free = new(store, NewTask::default()).await;
        say(store, cast(&gates, &free, "bob", "b"), later(1)).await.unwrap();
        assert_eq!(taken(store, &gates, "dev-2", later(2)).await, [free], "{name}: Ada owns dev-2");
        assert_eq!(taken(store, &gates, "dev-1", later(2)).await, [task], "{name}");
    }
}

#[tokio::test]
async fn what_is_said_is_a_change_of_the_task_and_weighing_twice_changes_nothing() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(TWO);
        let task = new(store, NewTask::default()).await;
        weigh(store, &gates, later(1)).await;
        let asked = row(store, &task).await.task;
        let record = asked.record.as_ref().unwrap();
        let request =
            Asked { policy: "approvalpolicy/fixes".parse().unwrap(), since: later(1), stood: later(1), used: None };
        assert_eq!(record.asked, [request], "{name}");
        let before = actions(&subject, &task).await;
        weigh(store, &gates, later(2)).await;
        assert_eq!(actions(&subject, &task).await, before, "{name}");
        let mark = store.changes(Mark::default(), later(2)).await.unwrap().mark;
        say(store, cast(&gates, &task, "ada", "a"), later(3)).await.unwrap();
        let RowsMoved::Rows(rows) = store.changes(mark, later(3)).await.unwrap().moved else { panic!("{name}") };
        let (was, is) = rows.into_iter().next().unwrap();
        assert_eq!(was, Some(asked), "{name}");
        let ballots = &is.as_ref().unwrap().record.as_ref().unwrap().ballots;
        assert_eq!((&*ballots[0].by, ballots[0].at, ballots[0].expires), ("ada", later(3), Some(later(63))), "{name}");
        let scanned = scan(store, &Wants { open: true, ..Wants::default() }).await;
        assert!(scanned.iter().any(|task| Some(task) == is.as_ref()), "{name}: all readers see the same");
    }
}

#[tokio::test]
async fn breaking_the_glass_lets_a_task_start_for_a_time() {
    let policy =
        "{select: {types: [fix_bug]}, require: {role: product-owner}, breakGlass: {by: [role/architect], maxFor: 30m}}";
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(policy);
        let task = new(store, NewTask::default()).await;
        let glass = |reason: Option<Arc<str>>| Cast { said: Said::Override, reason, ..cast(&gates, &task, "ada", "g") };
        assert_eq!(say(store, glass(None), later(1)).await, Err(Reason::NoBreakGlass), "{name}: it wants a reason");
        assert_eq!(states(store, glass(Some("fire".into())), later(1)).await, [GateState::Overridden], "{name}");
        assert_eq!(taken(store, &gates, "dev-1", now().plus(Duration::from_mins(31))).await, [], "{name}: it is over");
        let again = Cast { nonce: "h".into(), ..glass(Some("fire".into())) };
        assert_eq!(states(store, again, later(32)).await, [GateState::Overridden], "{name}");
        assert_eq!(taken(store, &gates, "dev-1", later(33)).await, [task], "{name}");
    }
}
