//! Handing out work: claims, failed tries, what waits for what.

use super::{error, tasks};
use crate::cli::setup::Access;
use crate::cli::testing::{Org, stable};
use crate::cli::{CliError, Exit, Setup};
use crate::engine::Ask;
use crate::model::{Duration, Severity};

fn said(org: &Org, line: &str) -> String {
    stable(&tasks(org, line))
}

fn refused(org: &Org, line: &str) -> String {
    let error: CliError = error(org, line);
    assert_eq!(error.exit, Exit::Conflict, "{line}: {error}");
    stable(&error.to_string())
}

/// An organisation with one task, that is tried twice.
fn one() -> Org {
    let org = Org::empty();
    let add = "add --type fix_bug --title login --body Nobody_can_log_in --severity high --tries 2 --by ada";
    assert_eq!(tasks(&org, add), "added task 1\n");
    org
}

#[test]
fn an_agent_gets_the_most_urgent_work_and_no_more_than_it_may_hold() {
    let org = Org::new();
    insta::assert_snapshot!("claim", said(&org, "claim --agent dev-1 --max 5"));
    let full = "dev-1 holds 2 tasks, and may hold 2 at once: it gets more when it has ended or given back some\n";
    assert_eq!(tasks(&org, "claim --agent dev-1"), full);
    let json: serde_json::Value = serde_json::from_str(&tasks(&org, "claim --agent dev-1 -o json")).unwrap();
    assert_eq!(json["full"], serde_json::json!({"held": 2, "most": 2}));
    let full = "dev-1 holds 2 tasks, and may hold 2 at once, so it cannot claim task 16 before one has ended";
    assert_eq!(refused(&org, "claim 16 --agent dev-1"), full, "a task that is named is claimed or refused");
    let held = tasks(&org, "list --agent dev-1 --status running");
    assert!(held.ends_with("2 tasks\n") && held.contains("checkout is down"), "{held}");
}

#[test]
fn a_program_reads_the_task_and_the_token() {
    let org = one();
    insta::assert_snapshot!("claim_json", said(&org, "claim --agent dev-1 --instance a --lease 30m -o json"));
    let nothing: serde_json::Value = serde_json::from_str(&tasks(&org, "claim --agent dev-1 -o json")).unwrap();
    let none = serde_json::json!({"version": 1, "tasks": [], "refused": [], "stuck": [], "full": null});
    assert_eq!(nothing, none, "nothing to do is no error");
}

#[test]
fn whoever_is_not_meant_is_told_who_is() {
    let org = Org::new();
    let qa = error(&org, "claim 13 --agent qa-1 --role triage");
    assert_eq!(qa.exit, Exit::Denied);
    assert!(qa.message.contains("assignment/bug-fixes gives it to role/developer"), "{qa}");
    let beyond = error(&org, "claim --agent dev-1 --role triage");
    assert_eq!(beyond.exit, Exit::Denied);
    assert!(beyond.message.contains("agent/dev-1 does not have the role `triage`"), "{beyond}");
}

#[test]
fn a_claim_is_kept_and_whoever_was_overtaken_is_told_by_whom() {
    let org = one();
    tasks(&org, "claim --agent dev-1 --instance a");
    assert_eq!(said(&org, "renew 1 --token 1 --lease 1h --by dev-1"), "task 1 is yours until TIME\n");
    let taken = refused(&org, "claim 1 --agent dev-1 --instance b");
    assert!(taken.starts_with("task 1 is running by dev-1 until TIME, so it cannot be claimed"), "{taken}");
    let forced = tasks(&org, "release 1 --force --reason stalled --by ada");
    assert_eq!(forced, "task 1 waits for somebody again\n");
    tasks(&org, "claim --agent dev-1 --instance b");
    insta::assert_snapshot!("overtaken", refused(&org, "complete 1 --token 1 --by dev-1"));
    for late in ["renew 1 --token 1", "release 1 --token 1", "fail 1 --token 1"] {
        assert!(refused(&org, late).contains("ada gave it back at TIME (stalled)"), "{late}");
    }
    let nameless = refused(&org, "complete 1");
    assert!(nameless.starts_with("task 1 is held by dev-1 until TIME (claim 2): whoever writes"), "{nameless}");
    let invented = refused(&org, "complete 1 --token 9");
    assert!(invented.starts_with("claim 9 of task 1 is not known: it was never given"), "{invented}");
    assert!(tasks(&org, "list").contains("running"), "nothing of it changed the task");
    for _ in 0..2 {
        assert_eq!(tasks(&org, "complete 1 --token 2 --result fixed --by dev-1"), "task 1 is completed\n");
    }
}

#[test]
fn a_task_that_is_cancelled_is_lost_to_its_holder() {
    let org = one();
    tasks(&org, "claim --agent dev-1");
    for _ in 0..2 {
        assert_eq!(tasks(&org, "cancel 1 --reason unwanted --by ada"), "task 1 is cancelled\n");
    }
    let lost = refused(&org, "complete 1 --token 1 --by dev-1");
    assert!(lost.contains("ada cancelled it at TIME (unwanted)"), "{lost}");
    assert_eq!(tasks(&org, "retry 1 --by ada"), "task 1 is pending again\n");
}

#[test]
fn a_failed_try_rests_and_the_last_one_waits_for_a_person() {
    let org = one();
    tasks(&org, "claim --agent dev-1");
    let failed = said(&org, "fail 1 --token 1 --reason flaky --by dev-1");
    assert_eq!(failed, "task 1 is tried again from TIME on\n");
    let nothing = "Nothing that dev-1 may do is waiting\n  1 task is pending; why not task 1: abide tasks claim 1 --agent dev-1\n";
    assert_eq!(tasks(&org, "claim --agent dev-1"), nothing, "it rests");
    assert!(refused(&org, "claim 1 --agent dev-1").starts_with("task 1 rests until TIME"));
    let rests = tasks(&org, "show 1");
    assert!(rests.contains("tries     1 of 2 have failed") && rests.contains("error     flaky"), "{rests}");
    assert_eq!(tasks(&org, "list --dead"), "No such tasks\n");
    assert_eq!(tasks(&org, "fail 1 --reason broken --by ada"), "task 1 is failed\n");
    insta::assert_snapshot!("dead", tasks(&org, "list --dead"));
    assert_eq!(tasks(&org, "retry 1 --by ada"), "task 1 is pending again\n");
    assert_eq!(tasks(&org, "list --dead"), "No such tasks\n");
    assert!(tasks(&org, "show 1").contains("tries     0 of 2 have failed"), "its tries count anew");
    tasks(&org, "claim --agent dev-1");
    assert_eq!(tasks(&org, "fail 1 --token 2 --last --reason hopeless --by dev-1"), "task 1 is failed\n");
    insta::assert_snapshot!("history", said(&org, "history 1"));
    let json: serde_json::Value = serde_json::from_str(&tasks(&org, "history 1 -o json")).unwrap();
    assert_eq!(json["events"][1]["what"]["token"], 1);
    assert_eq!(json["events"].as_array().unwrap().len(), 7);
}

#[test]
fn what_has_no_history_says_so() {
    let org = one();
    let row = "INSERT INTO abide_tasks (type, title, status, severity, created, version)
               VALUES ('hack', 'by hand', 'pending', 'low', 0, 1)";
    let database = org.git.path().join(".abide/abide.db");
    rusqlite::Connection::open(database).unwrap().execute_batch(row).unwrap();
    let none = tasks(&org, "history 2");
    assert_eq!(none, "Abide has done nothing to task 2, nor has anybody through it\n");
}

#[test]
fn a_task_waits_for_others_and_never_in_a_circle() {
    let org = one();
    assert_eq!(tasks(&org, "add --type hack --title second --needs 1 --by ada"), "added task 2\n");
    assert_eq!(tasks(&org, "add --type hack --title third --by ada"), "added task 3\n");
    assert_eq!(tasks(&org, "depend 3 --on 2 --by ada"), "task 3 is blocked\n");
    for (line, why) in [
        ("depend 1 --on 3", "task 1 cannot wait for 3: 3 waits for 1 already, itself or by way of others"),
        ("depend 1 --on 1", "task 1 cannot wait for itself"),
    ] {
        let circle = error(&org, line);
        assert_eq!((circle.exit, &*circle.message), (Exit::Usage, why));
    }
    assert!(refused(&org, "claim 2 --agent dev-1").starts_with("task 2 is blocked, so it cannot be claimed"));
    assert!(tasks(&org, "show 2").contains("needs     task 1"));
    assert_eq!(tasks(&org, "depend 3 --on 2 --remove --by ada"), "task 3 is pending\n");
    assert_eq!(error(&org, "depend 3 --on 2 --remove").message, "task 3 does not wait for 2");
    tasks(&org, "complete 1 --by ada");
    assert!(tasks(&org, "list --status pending").contains("second"), "what it waited for is done");
    let late = refused(&org, "depend 1 --on 3");
    assert!(late.starts_with("task 1 is completed already, so it cannot wait for another"), "{late}");
}

#[test]
fn asking_twice_under_one_key_is_asking_once() {
    let org = Org::empty();
    let add = |title: &str| format!("add --type backup --title {title} --key nightly --by cron");
    assert_eq!(tasks(&org, &add("tonight")), "added task 1\n");
    assert_eq!(tasks(&org, &add("tonight")), "added task 1\n");
    let other = refused(&org, &add("tomorrow"));
    assert!(other.starts_with("task 1 was added under the key `nightly` already, and asks for something else"));
    tasks(&org, "cancel 1 --by ada");
    assert_eq!(tasks(&org, &add("tonight")), "task 1 was added under that key before, and is cancelled\n");
}

#[test]
fn of_many_that_ask_at_once_each_gets_a_task_of_its_own() {
    let org = Org::empty();
    org.git
        .commit(&[("specs/a.yaml", "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: developer}\nspec: {}\n")]);
    for number in 0..24 {
        let new = ("fix_bug".to_owned(), format!("task {number}"));
        org.add(new, Some("developer"), Severity::Medium, Duration::from_mins(5));
    }
    let setup = Setup::new(&org.global).unwrap();
    let taken = setup.with_engine(Access::Write, |handle| async move {
        let mut asking = tokio::task::JoinSet::new();
        for number in 0..32 {
            let agent = format!("dev-{number}").into();
            let (roles, length) = (vec!["developer".into()], Duration::from_mins(5));
            let ask = Ask { agent, roles, most: 1, length, ..Ask::default() };
            let handle = handle.clone();
            asking.spawn(async move { handle.claim(ask).await });
        }
        let claimed = asking.join_all().await.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(claimed.into_iter().flat_map(|taken| taken.claimed).map(|it| it.lease.task).collect::<Vec<_>>())
    });
    let taken = taken.unwrap();
    assert_eq!(taken.len(), 24);
    assert_eq!(taken.iter().collect::<std::collections::BTreeSet<_>>().len(), 24, "{taken:?}");
}
