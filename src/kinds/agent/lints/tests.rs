use crate::catalog::{Catalog, SourceTree, lint, load};
use crate::model::{Habits, Timestamp};

/// Code and message of all that is said of agents, each given as its name and its spec.
fn said(agents: &[(&str, &str)]) -> Vec<String> {
    let spec = |(name, spec): &(&str, &str)| {
        format!("apiVersion: abide.dev/v1\nkind: Agent\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n")
    };
    let roles = ["developer", "qa"];
    let role =
        |name: &&str| format!("apiVersion: abide.dev/v1\nkind: Role\nmetadata: {{name: {name}}}\nspec: {{}}\n---\n");
    let text: String = roles.iter().map(role).chain(agents.iter().map(spec)).collect();
    let (catalog, broken) =
        load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    assert_eq!(broken, []);
    let said = lint(&catalog, &Habits::default());
    said.iter().map(|said| format!("{}: {}", said.problem.entry.code, said.problem.message)).collect()
}

#[test]
fn agents_that_back_up_each_other_in_a_circle_get_nothing() {
    let circle = [
        ("a", "{roles: [developer], skills: [rust], backup: [b]}"),
        ("b", "{roles: [developer], skills: [rust, sql], backup: [agent/c]}"),
        ("c", "{roles: [qa, developer], skills: [sql, rust], backup: []}"),
    ];
    assert_eq!(said(&circle), [""; 0]);
}

#[test]
fn one_that_is_its_own_backup_is_told() {
    assert_eq!(said(&[("a", "{backup: [a]}")]), ["agent/own-backup: agent/a is its own backup"]);
}

#[test]
fn a_backup_that_cannot_do_all_is_told() {
    let unfit = [("a", "{roles: [developer, qa], skills: [rust], backup: [b]}"), ("b", "{roles: [developer]}")];
    let message =
        "agent/unfit-backup: agent/b cannot stand in for all that agent/a does: it has not role/qa and the skill rust";
    assert_eq!(said(&unfit), [message]);
}

#[test]
fn keys_of_an_agent_that_is_no_person_are_told() {
    let keys = "keys: [\"gpg:0123456789ABCDEF0123456789ABCDEF01234567\"]";
    let agents = [("a", format!("{{{keys}}}")), ("b", format!("{{human: true, {keys}}}"))];
    let agents = agents.each_ref().map(|(name, spec)| (*name, spec.as_str()));
    let message = "agent/keys-of-nobody: agent/a is no person, so that what its keys sign approves nothing";
    assert_eq!(said(&agents), [message]);
}
