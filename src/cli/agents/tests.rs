use super::*;
use crate::cli::io::tests::run as capture;
use crate::cli::tasks;
use crate::cli::testing::{Org, args, stable};

fn agents(org: &Org, line: &str) -> String {
    org.text(|io| run(&args(line), &org.global, io))
}

/// What an agent that asks for work is given, or told.
fn claim(org: &Org, line: &str) -> Result<String, CliError> {
    let args: tasks::Args = args(&format!("claim {line}"));
    capture(|io| tasks::run(&args, &org.global, io)).map(|(_, text)| text)
}

/// The list without how long ago anybody has reported.
fn list(org: &Org) -> String {
    let ago = regex::Regex::new("seen [0-9a-z ]+ ago").unwrap();
    ago.replace_all(&agents(org, "list"), "seen AGO").into_owned()
}

#[test]
fn whoever_says_something_is_listed_with_what_it_holds() {
    let org = Org::new();
    assert_eq!(agents(&org, "list"), "No agent has registered, reported or claimed anything\n");
    let register =
        "register dev-2 --role developer,triage --skill rust --region eu --class llm --max 3 --dead-after 5m";
    assert_eq!(agents(&org, register), "dev-2 is registered\n");
    assert_eq!(agents(&org, "heartbeat watcher --instance a"), "watcher has reported\n");
    claim(&org, "--agent dev-1").unwrap();
    claim(&org, "--agent dev-2 --lease 1h").unwrap();
    agents(&org, "pause watcher --reason holidays --by ada");
    insta::assert_snapshot!("list", list(&org));
    insta::assert_snapshot!("list_json", stable(&agents(&org, "list -o json")));
}

#[test]
fn whoever_drains_or_pauses_is_given_nothing() {
    let org = Org::new();
    claim(&org, "--agent dev-1").unwrap();
    assert_eq!(
        agents(&org, "drain dev-1 --reason upgrade --by ada"),
        "dev-1 ends what it has and takes nothing more\n"
    );
    assert_eq!(list(&org), "dev-1  draining (upgrade)  seen AGO  developer; holds 13\n1 agent\n");
    let drains = claim(&org, "--agent dev-1").unwrap_err();
    assert_eq!((drains.exit, &*drains.message), (Exit::Denied, "dev-1 is draining, so it takes no work"));
    let done: tasks::Args = args("complete 13 --token 1 --by dev-1");
    assert_eq!(org.text(|io| tasks::run(&done, &org.global, io)), "task 13 is completed\n");
    assert_eq!(agents(&org, "pause dev-1 --by ada"), "dev-1 takes nothing for now\n");
    assert_eq!(claim(&org, "--agent dev-1").unwrap_err().message, "dev-1 is paused, so it takes no work");
    assert_eq!(agents(&org, "resume dev-1 --by ada"), "dev-1 takes work again\n");
    assert!(claim(&org, "--agent dev-1").unwrap().contains("yours until"));
}

#[test]
fn an_agent_without_a_spec_does_what_it_says_of_itself() {
    let org = Org::new();
    let nothing = |line: &str| claim(&org, line).unwrap().starts_with("Nothing that ");
    assert!(nothing("--agent dev-2"), "it has no role");
    agents(&org, "register dev-2 --role developer --max 1");
    assert!(!nothing("--agent dev-2"));
    let full = claim(&org, "--agent dev-2").unwrap();
    assert!(full.starts_with("dev-2 holds 1 task, and may hold 1 at once"), "as it said: {full}");
    agents(&org, "register dev-2 --role developer --max 2");
    assert!(!nothing("--agent dev-2"), "what it says last counts");
}

#[test]
fn an_agent_may_take_less_than_its_spec_lets_it() {
    let org = Org::new();
    agents(&org, "register dev-1 --max 1");
    let taken = claim(&org, "--agent dev-1 --max 5").unwrap();
    assert_eq!(taken.matches("yours until").count(), 1, "{taken}");
    let full = claim(&org, "--agent dev-1").unwrap();
    assert!(full.starts_with("dev-1 holds 1 task, and may hold 1 at once"), "{full}");
    agents(&org, "register dev-1 --max 2");
    assert!(claim(&org, "--agent dev-1").unwrap().contains("yours until"), "what it says last counts");
    assert!(claim(&org, "--agent dev-1").unwrap().starts_with("dev-1 holds 2 tasks"));
}

/// With what a command is refused.
fn refused(org: &Org, line: &str) -> (Exit, String) {
    let error = capture(|io| run(&args(line), &org.global, io)).unwrap_err();
    (error.exit, error.message)
}

#[test]
fn only_who_is_known_drains_pauses_and_resumes() {
    let org = Org::new();
    for action in ["drain", "pause", "resume"] {
        let (exit, message) = refused(&org, &format!("{action} dev1 --by ada"));
        let near = "no agent `dev1` has registered, reported or claimed anything; did you mean `dev-1`? \
                    `abide agents list` shows who has";
        assert_eq!(message, near);
        assert_eq!(exit, Exit::Usage);
    }
    assert_eq!(list(&org), "No agent has registered, reported or claimed anything\n");
    agents(&org, "pause dev-1 --by ada");
    agents(&org, "heartbeat watcher");
    agents(&org, "pause watcher --by ada");
    assert_eq!(list(&org), "dev-1    paused    never reported  developer\nwatcher  paused    seen AGO\n2 agents\n");
}

#[test]
fn where_no_specs_can_be_read_the_store_knows_who_there_is() {
    let org = Org::new();
    agents(&org, "heartbeat watcher");
    let nowhere = org.set("specs.repository='nowhere'");
    agents(&nowhere, "pause watcher --by ada");
    assert_eq!(refused(&nowhere, "pause dev-1 --by ada").0, Exit::Usage);
}

#[test]
fn who_is_no_more_is_removed() {
    let org = Org::new();
    let refused = |line: &str| refused(&org, line);
    agents(&org, "register helper --role developer --max 1");
    claim(&org, "--agent helper").unwrap();
    let near = "no agent `helpr` has registered, reported or claimed anything; did you mean `helper`? \
                `abide agents list` shows who has";
    assert_eq!(refused("remove helpr --by ada"), (Exit::Usage, near.to_owned()));
    let holds = "helper holds task 13: give it back first (abide tasks release 13 --force)";
    assert_eq!(refused("remove helper --by ada"), (Exit::Conflict, holds.to_owned()));
    let release: tasks::Args = args("release 13 --force --by ada");
    org.text(|io| tasks::run(&release, &org.global, io));
    assert_eq!(agents(&org, "remove helper --by ada"), "helper is forgotten\n");
    assert_eq!(agents(&org, "list"), "No agent has registered, reported or claimed anything\n");
    assert!(claim(&org, "--agent helper").unwrap().starts_with("Nothing that "), "it has no role any more");
}

#[test]
fn what_an_agent_says_of_itself_does_not_go_beyond_its_spec() {
    let org = Org::new();
    let refused = |line: &str| {
        let (exit, message) = refused(&org, &format!("register dev-1 {line}"));
        assert_eq!(exit, Exit::Denied);
        let (at, rest) = message.split_once(", where ").unwrap();
        assert_eq!(at, "agent/dev-1 is declared at specs/work.yaml:11");
        rest.to_owned()
    };
    let mend = "only its spec says what it can do";
    assert_eq!(
        refused("--role developer,architect"),
        format!("it does not have the role `architect`; change it there by pull request, or leave out --role: {mend}")
    );
    assert!(refused("--skill rust").starts_with("it does not have the skill `rust`; "));
    assert!(refused("--max 9").starts_with("it may hold 2 at once, not 9 (maxConcurrency); "));
    assert_eq!(list(&org), "No agent has registered, reported or claimed anything\n");
    assert_eq!(agents(&org, "register dev-1 --role developer --max 2 --dead-after 5m"), "dev-1 is registered\n");
}

#[test]
fn an_agent_whose_spec_nobody_can_read_gets_no_work() {
    let org = Org::new();
    let spec = "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: helper}\nspec: {roles: [developer], maxConcurrency: 0}\n";
    org.git.commit(&[("specs/helper.yaml", spec)]);
    let unread = "agent/helper is declared, and its spec cannot be read; `abide validate` says why";
    assert_eq!(refused(&org, "register helper --role developer"), (Exit::Denied, unread.to_owned()));
    assert_eq!(claim(&org, "--agent helper --role developer").unwrap_err().to_string(), unread);
}

#[test]
fn who_is_silent_for_too_long_is_not_shown_as_active() {
    let org = Org::new();
    let dead_after = Some(Duration::from_mins(2));
    let said = Enlistment { agent: "helper".into(), dead_after, ..Enlistment::default() };
    org.apply(&Command::Enlist(said), Duration::from_mins(3));
    let beat = Command::Beat { agent: "patient".into(), instance: "".into(), dead_after: None };
    org.apply(&beat, Duration::from_mins(3));
    assert_eq!(list(&org), "helper   silent    seen AGO, dead after 2m\npatient  active    seen AGO\n2 agents\n");
    assert!(agents(&org, "list -o json").contains("\"silent\": true"));
    agents(&org, "heartbeat helper");
    assert!(list(&org).starts_with("helper   active    seen AGO\n"));
    assert!(!agents(&org, "list -o json").contains("\"silent\": true"));
}

#[test]
fn how_long_an_agent_may_be_silent_is_as_its_spec_says() {
    let org = Org::new();
    let spec = "apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {name: helper}\nspec: {heartbeat: {deadAfter: 1m}}\n";
    org.git.commit(&[("specs/helper.yaml", spec)]);
    let beat = Command::Beat { agent: "helper".into(), instance: "".into(), dead_after: None };
    org.apply(&beat, Duration::from_mins(3));
    assert!(list(&org).starts_with("helper  silent    seen AGO, dead after 1m\n"), "{}", list(&org));

    // Whoever only ever reports is away after it for the store as well, and so for its backups.
    agents(&org, "heartbeat helper");
    let conn = rusqlite::Connection::open(org.git.path().join(".abide/abide.db")).unwrap();
    let silence = "SELECT dead - seen FROM abide_beats WHERE agent = 'helper'";
    assert_eq!(conn.query_row(silence, [], |row| row.get::<_, i64>(0)), Ok(60_000));
}
