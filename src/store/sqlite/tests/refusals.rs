//! Live tables that do not take a row in.

use super::*;

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
    let error = step(&store, epoch, Action::Open, remediation("agent/dev-1")).await.err();
    assert_eq!(world.text("SELECT count(*) FROM abide_audit").as_deref() == Some("0"), error.is_some());
    error.map(|error| error.to_string()).unwrap_or_default()
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
