use crate::catalog::{Catalog, SourceTree, lint, load};
use crate::model::{Habits, Timestamp};

/// A spec in one line.
fn spec(kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: abide.dev/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n")
}

/// Code and message of all that is said of an assignment among two roles and the other specs.
fn said(assignment: &str, others: &str) -> Vec<String> {
    let roles = spec("Role", "developer", "{}") + &spec("Role", "architect", "{}");
    let text =
        roles + others + &spec("Assignment", "fixes", &format!("{{select: {{types: [fix_bug]}}, {assignment}}}"));
    let (catalog, broken) =
        load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    assert_eq!(broken, []);
    let said = lint(&catalog, &Habits::default());
    said.iter().map(|said| format!("{}: {}", said.problem.entry.code, said.problem.message)).collect()
}

#[test]
fn limits_that_make_sense_get_nothing() {
    assert_eq!(said("to: role/developer, wip: {max: 3, perAgent: 3}", ""), [""; 0]);
}

#[test]
fn odd_limits_on_work_in_progress_are_told() {
    let odd = said("to: role/developer, wip: {max: 0, perAgent: 5}", "");
    let none = "assignment/odd-wip: max 0 lets nothing run: whatever is begun is drift";
    let each = "assignment/odd-wip: perAgent 5 has no effect: all together may run 0";
    assert_eq!(odd, [none, each]);
}

#[test]
fn a_limit_on_what_cannot_run_is_told() {
    let text = "{select: {status: [pending]}, to: role/developer, wip: {perAgent: 1}}";
    let text = spec("Role", "developer", "{}") + &spec("Assignment", "fixes", text);
    let (catalog, _) = load(&SourceTree::of_texts([("specs/a.yaml", text)]), &Catalog::empty(), Timestamp::default());
    let message = "perAgent has no effect: `select.status` leaves out running tasks, which alone count";
    assert_eq!(lint(&catalog, &Habits::default())[0].problem.message, message);
}

#[test]
fn an_escalation_that_never_begins_or_changes_nothing_is_told() {
    let never = "assignment/idle-escalation: nothing is ever escalated: there is no `sla` whose limit could be missed";
    assert_eq!(said("to: role/developer, escalate: [{after: 1h, to: role/architect}]", ""), [never]);
    let sla = "to: role/developer, sla: {high: {finish: 1d}}";
    let same =
        "assignment/idle-escalation: this step changes nothing: the one before it goes to role/architect as well";
    let twice = "escalate: [{after: 1h, to: role/architect}, {after: 2h, to: role/architect}]";
    assert_eq!(said(&format!("{sla}, {twice}"), ""), [same]);
    let nobody = "assignment/idle-escalation: nobody is there to escalate to: no agent has role/architect";
    let agent = spec("Agent", "dev-1", "{roles: [developer]}");
    assert_eq!(said(&format!("{sla}, escalate: [{{after: 1h, to: role/architect}}]"), &agent), [nobody]);
    let agents = agent + &spec("Agent", "ada", "{roles: [architect]}");
    assert_eq!(said(&format!("{sla}, escalate: [{{after: 1h, to: role/architect}}]"), &agents), [""; 0]);
}

#[test]
fn skills_that_nobody_has_are_told() {
    let agents = spec("Agent", "dev-1", "{roles: [developer], skills: [rust]}")
        + &spec("Agent", "dev-2", "{roles: [developer], skills: [sql]}")
        + &spec("Agent", "ada", "{roles: [architect], skills: [rust, sql]}");
    let message = |rest: &str| format!("assignment/nobody-can: nobody can take tasks of assignment/fixes: {rest}");
    let of = |to: &str, skills: &str| said(&format!("to: {to}, skills: [{skills}]"), &agents);
    assert_eq!(of("role/developer", "sql"), [""; 0]);
    assert_eq!(of("role/developer", "cobol"), [message("no agent of role/developer has the skill cobol")]);
    assert_eq!(of("role/developer", "rust, sql"), [message("no agent of role/developer has all of its skills")]);
    assert_eq!(of("agent/dev-1", "rust, sql"), [message("agent/dev-1 has not the skill sql")]);
    assert_eq!(of("agent/ada", "rust, sql"), [""; 0]);
    assert_eq!(said("to: role/developer, skills: [cobol]", ""), [""; 0], "where nobody is declared, nobody can tell");
    let pool = agents.clone() + &spec("AgentPool", "devs", "{role: developer}");
    assert_eq!(said("to: role/developer, skills: [cobol]", &pool), [""; 0], "a pool brings its own agents");
}
