//! Verdicts in rows of a team's table, and what has started.

use std::sync::Arc;

use super::cheats::{ONE, stands, yes};
use super::{NOW, assess, specs, task, with_request};
use crate::kinds::Specs;
use crate::kinds::approval::{Word, hear};
use crate::model::{
    Approval, Asked, Content, Duration, GateState, OnRecord, Said, Seen, SpecId, Task, TaskStatus, Timestamp, Used,
    Vote,
};

#[test]
fn a_verdict_in_the_row_that_does_not_count_says_why() {
    let specs = specs(ONE, &[]);
    let row = |by: &str, at: Timestamp| {
        let approval = Approval { role: "architect".into(), vote: Vote::Approved, by: Some(by.into()), at: Some(at) };
        Task { approvals: vec![approval], ..task() }
    };
    assert_eq!(stands(&specs, &row("ada", NOW), NOW), (GateState::Approved, vec![]));
    assert_eq!(stands(&specs, &row("Ada Lovelace", NOW), NOW), (GateState::Pending, vec!["approval/undeclared"]));
    let later = NOW.plus(Duration::from_hours(1));
    assert_eq!(stands(&specs, &row("ada", later), NOW), (GateState::Pending, vec!["approval/not-in-time"]));
    let started = Task { status: TaskStatus::Running, started: Some(NOW), ..row("ada", later) };
    let (state, codes) = with_request(&specs, &started, |request| {
        let assessed = request.stood(later);
        (
            assessed.state,
            assessed.voices.iter().filter_map(|it| Some(it.fault.as_ref()?.reason.code())).collect::<Vec<_>>(),
        )
    });
    assert_eq!((state, codes), (GateState::Pending, vec!["approval/not-in-time"]), "it came too late");
}

#[test]
fn a_verdict_in_the_row_is_about_what_was_seen_there() {
    let specs = specs(ONE, &[]);
    let approval = Approval { role: "architect".into(), vote: Vote::Approved, by: None, at: None };
    let row = Task { approvals: vec![approval.clone()], ..task() };
    let version = with_request(&specs, &row, |request| request.version());
    let policy: SpecId = "approvalpolicy/deploys".parse().unwrap();
    let seen = Seen { policy: policy.clone(), approval, content: row.content, version, at: NOW };
    let later = NOW.plus(Duration::from_hours(1));
    let asked = vec![Asked { policy, since: later, stood: NOW, used: None }];
    let record = Arc::new(OnRecord { asked, seen: vec![seen], ..OnRecord::default() });
    let row = Task { record: Some(record), ..row };
    assert_eq!(stands(&specs, &row, NOW).0, GateState::Approved);
    let changed = Task { content: Content::titled("b"), ..row };
    let assessed = assess(&specs, &changed, later);
    assert_eq!(assessed.state, GateState::Void);
    let why = format!("its title has changed since architect approved it, as was seen at {later}");
    assert_eq!(assessed.why, Some(why));
}

#[test]
fn whom_nothing_names_may_be_any_of_the_others() {
    let row = |approvals: &[(&str, Option<&str>)]| {
        let approval = |(role, by): &(&str, Option<&str>)| Approval {
            role: (*role).into(),
            vote: Vote::Approved,
            by: by.map(Into::into),
            at: None,
        };
        Task { approvals: approvals.iter().map(approval).collect(), ..task() }
    };
    let two = specs("{select: {types: [deploy]}, require: {role: architect, count: 2}}", &[]);
    let unnamed = row(&[("architect", None)]);
    assert_eq!(assess(&two, &unnamed, NOW).state, GateState::Pending);
    assert_eq!(assess(&two, &yes(&two, &unnamed, &["ada"]), NOW).state, GateState::Pending, "they may be Ada");
    assert_eq!(assess(&two, &yes(&two, &unnamed, &["ada", "bob"]), NOW).state, GateState::Approved);
    let all = "require: {all: [{role: architect}, {role: product-owner}]";
    let both = row(&[("architect", None), ("product-owner", None)]);
    let loose = specs(&format!("{{select: {{types: [deploy]}}, {all}}}}}"), &[]);
    assert_eq!(assess(&loose, &both, NOW).state, GateState::Approved);
    let apart = specs(&format!("{{select: {{types: [deploy]}}, {all}, distinct: true}}}}"), &[]);
    assert_eq!(assess(&apart, &both, NOW).state, GateState::Pending, "they may be one");
    let named = row(&[("architect", Some("ada")), ("product-owner", Some("po"))]);
    assert_eq!(assess(&apart, &named, NOW).state, GateState::Approved);
    // A column that should tell whose it is, and does not; and a role that may not approve.
    assert_eq!(stands(&two, &row(&[("architect", Some(""))]), NOW).1, ["approval/no-credential"]);
    let weak = specs("{select: {types: [deploy]}, require: {role: developer}}", &[]);
    assert_eq!(assess(&weak, &row(&[("developer", None)]), NOW).state, GateState::Pending);
}

#[test]
fn what_was_said_before_a_task_came_to_be_is_about_another() {
    let specs = specs("{select: {types: [deploy]}, require: {role: architect}, bind: task}", &[]);
    let approved = yes(&specs, &task(), &["ada"]);
    let again = Task { created: NOW.plus(Duration::from_hours(1)), ..approved };
    let assessed = assess(&specs, &again, NOW.plus(Duration::from_hours(2)));
    assert_eq!(assessed.state, GateState::Void);
    assert_eq!(assessed.why.as_deref(), Some("task 1 came to be after ada approved what had its number before"));
}

#[test]
fn a_start_is_no_later_than_now_and_not_while_it_was_seen_to_wait() {
    let policy = "{select: {types: [deploy]}, require: {role: architect}, timeout: [{after: 48h, verdict: allow}]}";
    let specs = specs(policy, &[]);
    let stood = |task: &Task, now: Timestamp| with_request(&specs, task, |request| request.stood(now).state);
    let asked = |stood: Timestamp| {
        let asked = Asked { policy: "approvalpolicy/deploys".parse().unwrap(), since: NOW, stood, used: None };
        Some(Arc::new(OnRecord { asked: vec![asked], ..OnRecord::default() }))
    };
    let hour = |hours| NOW.plus(Duration::from_hours(hours));
    let started = |at| Task { status: TaskStatus::Running, started: Some(at), record: asked(NOW), ..task() };
    assert_eq!(stood(&started(hour(72)), hour(1)), GateState::Pending, "silence has not lasted for two days yet");
    assert_eq!(stood(&started(hour(49)), hour(50)), GateState::Approved);
    let late = Task { record: asked(hour(49)), ..started(hour(47)) };
    assert_eq!(stood(&late, hour(50)), GateState::Approved, "it still waited an hour after its row says that it began");
}

#[test]
fn whoever_agreed_does_not_do_it_themselves_afterwards() {
    let specs = specs(ONE, &[]);
    let approved = yes(&specs, &task(), &["ada"]);
    let mut record = OnRecord::clone(approved.record.as_ref().unwrap());
    record.asked[0].used =
        Some(Used { at: NOW, started: Some(NOW), state: GateState::Approved, content: approved.content });
    let running = |agent: &str, started: Timestamp| Task {
        status: TaskStatus::Running,
        agent: Some(agent.into()),
        started: Some(started),
        record: Some(Arc::new(record.clone())),
        ..task()
    };
    let other = super::specs("{select: {types: [deploy]}, require: {role: product-owner}}", &[]);
    let stood = |specs: &Arc<Specs>, task: &Task| with_request(specs, task, |request| request.stood(NOW).state);
    assert_eq!(
        stood(&other, &running("dev-2", NOW)),
        GateState::Approved,
        "the policy asks others now, and it had its yes"
    );
    assert_eq!(stood(&specs, &running("ada", NOW)), GateState::Pending, "it went to her who had agreed");
    let again = NOW.plus(Duration::from_mins(5));
    assert_ne!(stood(&other, &running("dev-2", again)), GateState::Approved, "another start is another matter");
}

#[test]
fn a_verdict_without_a_time_is_as_old_as_it_was_seen() {
    let specs = specs("{select: {types: [deploy]}, require: {role: architect}, validFor: 1h}", &[]);
    let approval = Approval { role: "architect".into(), vote: Vote::Approved, by: None, at: None };
    let row = Task { approvals: vec![approval.clone()], ..task() };
    let version = with_request(&specs, &row, |request| request.version());
    let policy = "approvalpolicy/deploys".parse().unwrap();
    let seen = vec![Seen { policy, approval, content: row.content, version, at: NOW }];
    let row = Task { record: Some(Arc::new(OnRecord { seen, ..OnRecord::default() })), ..row };
    let ends = NOW.plus(Duration::from_hours(1)).plus(Duration::from_millis(1));
    assert_eq!(assess(&specs, &row, NOW).turns, Some(ends));
    assert_eq!(stands(&specs, &row, ends), (GateState::Expired, vec!["approval/expired"]));
}

#[test]
fn a_no_that_comes_after_the_start_takes_a_yes_back_and_a_yes_does_nothing() {
    let specs = specs(ONE, &[]);
    let (later, now) = (NOW.plus(Duration::from_hours(1)), NOW.plus(Duration::from_hours(2)));
    let yes = yes(&specs, &task(), &["bob"]);
    let mut record = OnRecord::clone(yes.record.as_ref().unwrap());
    record.asked[0].used = Some(Used { at: NOW, started: Some(NOW), state: GateState::Approved, content: yes.content });
    let row = |vote, record: &OnRecord| Task {
        status: TaskStatus::Running,
        started: Some(NOW),
        approvals: vec![Approval { role: "architect".into(), vote, by: Some("ada".into()), at: Some(later) }],
        record: Some(Arc::new(record.clone())),
        ..task()
    };
    let stood = |task: &Task| with_request(&specs, task, |request| request.stood(now).state);
    let nothing = OnRecord::default();
    assert_eq!(stood(&row(Vote::Approved, &nothing)), GateState::Pending, "it came too late");
    assert_eq!(stood(&row(Vote::Rejected, &nothing)), GateState::Pending, "there was no yes to take back");
    assert_eq!(stood(&row(Vote::Rejected, &record)), GateState::Approved, "Bob still agrees");
    record.ballots.clear();
    assert_eq!(stood(&row(Vote::Rejected, &record)), GateState::Rejected);
    // It is not enough for nobody else to be heard: a yes by command is a review.
    let reviewed = with_request(&specs, &row(Vote::Approved, &nothing), |request| {
        let word = Word {
            said: Said::Vote(Vote::Approved),
            by: "bob",
            seen: None,
            is_signed: false,
            expires: None,
            reason: None,
        };
        hear(request, &word, now).is_ok()
    });
    assert!(reviewed);
}

#[test]
fn what_a_new_verdict_is_about_is_told_by_when_it_was_given() {
    let minute = |minutes: u64| NOW.plus(Duration::from_mins(minutes));
    let (old, now) = (Content::titled("a"), Content::titled("evil"));
    let policy: SpecId = "approvalpolicy/deploys".parse().unwrap();
    let verdict = |vote, by: Option<&str>, at: Option<u64>| Approval {
        role: "architect".into(),
        vote,
        by: by.map(Into::into),
        at: at.map(minute),
    };
    let yes = |by, at| verdict(Vote::Approved, by, at);
    // A verdict was seen at 10, and at 20 that the task reads otherwise.
    let record = |approval: Approval| OnRecord {
        asked: vec![Asked { policy: policy.clone(), since: minute(20), stood: minute(20), used: None }],
        seen: vec![Seen { policy: policy.clone(), approval, content: old, version: now.digest(), at: minute(10) }],
        ..OnRecord::default()
    };
    let other = "approvalpolicy/others".parse().unwrap();
    let is_old = |seen: Approval, new: Approval| {
        let about = [&policy, &other].map(|asks| record(seen.clone()).about(asks, &new, (NOW, now)) == old);
        assert!(!about[1] || about[0], "whoever asks later knows no less");
        about[0]
    };
    let dated = yes(Some("ada"), Some(5));
    assert!(is_old(dated.clone(), dated.clone()), "another policy sees the same");
    assert!(is_old(dated.clone(), yes(Some("ada"), Some(1))), "dated back");
    assert!(is_old(dated.clone(), yes(Some("lee"), Some(15))), "before the change was seen");
    assert!(is_old(verdict(Vote::Rejected, Some("ada"), Some(9)), yes(Some("ada"), Some(5))), "back to what it was");
    assert!(!is_old(dated, yes(Some("ada"), Some(25))));
    let plain = yes(None, None);
    assert!(is_old(plain.clone(), plain.clone()));
    assert!(!is_old(plain, verdict(Vote::Rejected, None, None)));
    let named = yes(Some("ada"), None);
    assert!(is_old(named.clone(), yes(Some(""), None)) && !is_old(named, yes(Some("lee"), None)));
}

#[test]
fn what_is_still_to_come_does_not_move_on_with_every_look() {
    let policy = "{select: {types: [deploy]}, require: {role: architect}, timeout: [{after: 1h, verdict: allow}]}";
    let specs = specs(policy, &[]);
    let hour = |hours| NOW.plus(Duration::from_hours(hours));
    let asked = vec![Asked { policy: "approvalpolicy/deploys".parse().unwrap(), since: NOW, stood: NOW, used: None }];
    let record = Some(Arc::new(OnRecord { asked, ..OnRecord::default() }));
    let task = Task { status: TaskStatus::Running, started: Some(hour(72)), record, ..task() };
    let stood = |now| with_request(&specs, &task, |request| request.stood(now).state);
    assert_eq!(
        (stood(NOW), stood(hour(2)), stood(hour(48))),
        (GateState::Pending, GateState::Pending, GateState::Pending)
    );
}

#[test]
fn a_new_name_of_a_policy_makes_no_verdict_younger() {
    let specs = specs("{select: {types: [deploy]}, require: {role: architect}, validFor: 1h}", &[]);
    let approval = Approval { role: "architect".into(), vote: Vote::Approved, by: None, at: None };
    let version = with_request(&specs, &task(), |request| request.version());
    let seen = |policy: &str, at| Seen {
        policy: policy.parse().unwrap(),
        approval: approval.clone(),
        content: task().content,
        version,
        at,
    };
    let later = NOW.plus(Duration::from_hours(2));
    let seen = vec![seen("approvalpolicy/before", NOW), seen("approvalpolicy/deploys", later)];
    let record = Some(Arc::new(OnRecord { seen, ..OnRecord::default() }));
    let row = Task { approvals: vec![approval.clone()], record, ..task() };
    assert_eq!(stands(&specs, &row, later), (GateState::Expired, vec!["approval/expired"]));
}

#[test]
fn a_no_that_stood_in_the_row_before_the_glass_was_broken_is_no_look_at_that() {
    let policy = "{select: {types: [deploy]}, require: {role: architect}, breakGlass: {by: [role/product-owner]}}";
    let specs = specs(policy, &[]);
    let approval = Approval { role: "architect".into(), vote: Vote::Rejected, by: None, at: None };
    let version = with_request(&specs, &task(), |request| request.version());
    let glass = super::ballot(&specs, &task(), "po", Said::Override);
    let is_reviewed = |seen: Timestamp| {
        let seen = Seen {
            policy: "approvalpolicy/deploys".parse().unwrap(),
            approval: approval.clone(),
            content: task().content,
            version,
            at: seen,
        };
        let record = OnRecord { ballots: vec![glass.clone()], seen: vec![seen], ..OnRecord::default() };
        let row = Task { approvals: vec![approval.clone()], record: Some(Arc::new(record)), ..task() };
        with_request(&specs, &row, |request| request.is_reviewed(&glass, NOW.plus(Duration::from_hours(1))))
    };
    assert!(!is_reviewed(glass.at.minus(Duration::from_mins(1))));
    assert!(is_reviewed(glass.at.plus(Duration::from_mins(1))));
}
