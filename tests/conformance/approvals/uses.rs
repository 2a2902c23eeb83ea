//! When a yes is used: by which clock, by whose specs, and what becomes of it once the task has started.

use super::*;

async fn claimed(store: &dyn TaskStore, gates: &Gates, task: &TaskId, at: Timestamp) -> Result<(), Reason> {
    let claim = Claim { gates: gates.clone(), task: Some(task.clone()), ..claim(worker("dev-1")) };
    match ask(store, claim, at).await {
        Ok(_) => Ok(()),
        Err(StoreError::Unheard(denial)) => Err(denial.reason),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_lets_nothing_start_that_needs_a_yes() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(TWO);
        let task = new(store, NewTask::default()).await;
        for (by, nonce) in [("ada", "a"), ("bob", "b")] {
            say(store, cast(&gates, &task, by, nonce), later(1)).await.unwrap();
        }
        weigh(store, &gates, later(120)).await;
        // Other commands at the earlier time change nothing: what was seen once is on record.
        let other = NewTask { kind: "chore".into(), ..NewTask::default() };
        let other = NewTask { title: "another".into(), ..other };
        store.apply(&Command::Add(other), "dev-1", later(30)).await.unwrap();
        assert_eq!(claimed(store, &gates, &task, later(30)).await, Err(Reason::ClockBack), "{name}");
        assert!(!taken(store, &gates, "dev-1", later(30)).await.contains(&task), "{name}");
        let back = say(store, cast(&gates, &task, "ada", "c"), later(30)).await;
        assert_eq!(back, Err(Reason::ClockBack), "{name}");
        // Unless a person says that the earlier clock was the wrong one.
        let reason = "the clock had run ahead".into();
        store.apply(&Command::TrustClock { reason }, "ada", later(31)).await.unwrap();
        assert_eq!(claimed(store, &gates, &task, later(32)).await, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn of_two_who_agree_in_the_same_moment_one_comes_first() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(ONE);
        let task = new(store, NewTask::default()).await;
        say(store, cast(&gates, &task, "ada", "a"), later(2)).await.unwrap();
        // Bob's clock was read a moment before, or is a little behind.
        let at = later(2).minus(Duration::from_millis(300));
        assert_eq!(say(store, cast(&gates, &task, "bob", "b"), at).await, Err(Reason::Decided), "{name}");
        assert_eq!(claimed(store, &gates, &task, at).await, Ok(()), "{name}: what has its yes may start");
        let page = store.audit(&Extract { most: 99, ..Extract::default() }).await.unwrap();
        assert!(page.rows.is_sorted_by_key(|row| row.at), "{name}: {:?}", page.rows);
    }
}

#[tokio::test]
async fn what_was_given_out_with_a_yes_had_it_whatever_is_asked_afterwards() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let before = gates(ONE);
        let task = new(store, NewTask::default()).await;
        say(store, cast(&before, &task, "ada", "a"), later(1)).await.unwrap();
        assert_eq!(claimed(store, &before, &task, later(2)).await, Ok(()), "{name}");
        let after = gates("{select: {types: [fix_bug]}, require: {role: product-owner}}");
        weigh(store, &after, later(3)).await;
        let running = row(store, &task).await.task;
        let stands = after.assess(&running, &Spent::default(), later(4));
        assert_eq!(stands[0].1.state, GateState::Approved, "{name}: {:?}", running.record);
        let told = actions(&subject, &task).await;
        assert!(!told[told.len() - 1].contains("gate"), "{name}: it is done with: {told:?}");
        // Tried again, it is another start.
        let fail = Command::GiveBack { task: task.clone(), token: None, reason: None };
        store.apply(&fail, "dev-1", later(5)).await.unwrap();
        assert_eq!(claimed(store, &after, &task, later(6)).await, Err(Reason::Gated), "{name}");
        weigh(store, &after, later(7)).await;
        let waiting = row(store, &task).await.task;
        assert_eq!(waiting.record.as_ref().unwrap().asked[0].used, None, "{name}");
    }
}

#[tokio::test]
async fn what_waits_for_a_yes_is_not_completed_either() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(ONE);
        let task = new(store, NewTask::default()).await;
        weigh(store, &gates, later(1)).await;
        let done = Command::Complete { task: task.clone(), token: None, result: None };
        let refused = store.apply(&done, "dev-1", later(2)).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Unheard(denial) if denial.reason == Reason::Gated), "{name}: {refused}");
        say(store, cast(&gates, &task, "ada", "a"), later(3)).await.unwrap();
        store.apply(&done, "dev-1", later(4)).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_leads_no_more_weighs_nothing() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(ONE);
        let task = new(store, NewTask::default()).await;
        let stale = store.lead("one", now(), Duration::from_mins(1)).await.unwrap();
        let newer = store.lead("two", later(2), Duration::from_mins(1)).await.unwrap();
        let by = |epoch| Command::Weigh(Weighing { fence: Some(epoch), ..weighing(&gates, later(2)) });
        let refused = store.apply(&by(stale), "abide", later(2)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Fenced { .. }), "{name}: {refused}");
        assert_eq!(actions(&subject, &task).await, ["add"], "{name}");
        store.apply(&by(newer), "abide", later(2)).await.unwrap();
        assert_eq!(actions(&subject, &task).await, ["add", "request"], "{name}");
    }
}

#[tokio::test]
async fn what_was_asked_about_may_have_ended_at_any_time_where_rows_tell_no_end() {
    for subject in crate::subjects() {
        let (store, name) = (&*subject.store, subject.name);
        if subject.can(Lack::Finished, ()).is_some() {
            continue;
        }
        let gates = gates(&ONE.replace("fix_bug", subject.kind));
        let task = crate::build::add(&subject, "old").await;
        weigh(store, &gates, later(1)).await;
        let wants = Wants { finished_since: Some(later(60 * 24 * 60)), ..Wants::default() };
        let is_there = scan(store, &wants).await.iter().any(|row| row.id == task);
        assert!(is_there, "{name}: it waited for an answer when it was last seen");
        let row = row(store, &task).await.task;
        assert!(row.record.as_ref().unwrap().is_unanswered(), "{name}: {:?}", row.record);
    }
}

#[tokio::test]
async fn what_is_cancelled_has_not_started() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates(ONE);
        let task = new(store, NewTask::default()).await;
        say(store, cast(&gates, &task, "ada", "a"), later(1)).await.unwrap();
        let cancel = Command::Cancel { task: task.clone(), reason: None };
        store.apply(&cancel, "dev-1", later(2)).await.unwrap();
        weigh(store, &gates, later(3)).await;
        assert!(!actions(&subject, &task).await.contains(&"start".into()), "{name}");
    }
}

#[tokio::test]
async fn what_ended_with_its_yes_before_anybody_looked_had_it_and_history_is_left_alone() {
    for subject in able(NEEDED) {
        let (store, name) = (&*subject.store, subject.name);
        let gates = gates("{select: {types: [fix_bug]}, windows: {deny: [{from: '00:00', to: '00:01'}]}}");
        let task = new(store, NewTask::default()).await;
        let done = Command::Complete { task: task.clone(), token: None, result: None };
        store.apply(&done, "dev-1", later(2)).await.unwrap();
        let days = |count: u64| later(count * 24 * 60);
        let about = |tasks, at| Command::Weigh(Weighing { tasks, ..weighing(&gates, at) });
        for tasks in [None, Some(vec![task.clone()])] {
            store.apply(&about(tasks, days(3)), "abide", days(3)).await.unwrap();
            assert!(!actions(&subject, &task).await.contains(&"start".into()), "{name}: it ended long before");
        }
        weigh(store, &gates, later(3)).await;
        assert!(actions(&subject, &task).await.contains(&"start".into()), "{name}");
    }
}
