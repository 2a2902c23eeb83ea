//! What `abide.toml` may say, and the exact message for what it may not.

mod places;
mod sources;

use super::*;
use crate::model::{Habits, Severity, TaskStatus};

const LEAST: &str = "
[tasks]
table = \"jobs\"
[tasks.columns]
id = \"id\"
type = \"kind\"
title = \"name\"
status = \"state\"
created = \"made\"
";

fn error(text: &str) -> String {
    Config::parse(text, &[]).unwrap_err().to_string()
}

fn set(key: &str, value: &str) -> Vec<(String, String)> {
    vec![(key.to_owned(), value.to_owned())]
}

#[test]
fn an_empty_file_means_the_defaults() {
    let config = Config::parse("", &[]).unwrap();
    assert_eq!(config, Config::default());
    assert_eq!(config.store.url, "sqlite:.abide/abide.db");
    assert_eq!((config.limits.open_per_pass, config.limits.correct_per_pass), (100, 100));
    assert_eq!(config.limits.lookback, Duration::from_days(7));
    assert!(config.mapping().own);
    assert_eq!(config.habits(), Habits::default());
}

#[test]
fn anchors_lie_in_the_repository() {
    assert_eq!(Config::parse("", &[]).unwrap().audit.anchors, "audit/anchors.txt");
    assert_eq!(Config::parse("[audit]\nanchors = 'a.txt'", &[]).unwrap().audit.anchors, "a.txt");
    assert!(error("[audit]\nanchors = '../a.txt'").contains("`audit.anchors` must lie within the repository"));
    assert!(error("[audit]\nanchor = 'a.txt'").contains("anchor"));
}

#[test]
fn folders_of_records_are_one_or_several() {
    let records = |text: &str, set: &[(String, String)]| Config::parse(text, set).unwrap().specs.records;
    assert_eq!(records("", &[]), ["docs/adr"]);
    assert_eq!(records("[specs]\nrecords = ['doc/adr', 'rfcs']", &[]), ["doc/adr", "rfcs"]);
    assert_eq!(records("[specs]\nrecords = []", &[]), [""; 0]);
    assert_eq!(records("", &set("specs.records", "doc/adr")), ["doc/adr"]);
    assert_eq!(records("", &set("specs.records", "['a', 'b']")), ["a", "b"]);
}

/// An organisation that was there before Abide.
const EXISTING: &str = "
        [specs]
        repository = 'https://example.org/specs.git'
        poll = '5s'
        owner = 'role/triage'
        [store]
        url = 'sqlite:agency.db'
        [tasks]
        table = 'agent_tasks'
        time = 'iso8601'
        url = 'sqlite:agency.db'
        [tasks.columns]
        id = 'id'
        type = 'task_type'
        title = 'title'
        status = 'status'
        created = 'created_at'
        priority = 'priority'
        context = 'context_json'
        [tasks.labels]
        area = 'context_json:/area'
        team = 'team'
        [tasks.status]
        pending = ['todo', 'new']
        completed = 'done'
        running = 1
        [tasks.severity]
        critical = {from = '>=10', insert = 10}
        high = {from = '>=8'}
        low = {from = ['P4', 'P5'], insert = 'P4'}
        [tasks.insert]
        type = 'bug'
        urgent = true
        [tasks.approvals.product-owner]
        column = 'po'
        approved = ['yes']
        [tasks.agents]
        table = 'agents'
        name = 'n'
        seen = 's'
        [limits]
        open_per_pass = 3
        correct_per_pass = 4
        lookback = '2d'
        kept = '90d'
";

#[test]
fn every_part_of_an_existing_organisation_is_read() {
    let config = Config::parse(EXISTING, &[]).unwrap();
    assert_eq!(config.policy().owner.unwrap().to_string(), "role/triage");
    let habits = Habits { owner: "role/triage".parse().ok(), kept: Some(Duration::from_days(90)) };
    assert_eq!(config.habits(), habits);
    let tasks = config.tasks.unwrap();
    assert_eq!(tasks.column(Field::Type), Some("task_type"));
    let area = Source::Json { column: "context_json".into(), pointer: "/area".into(), is_list: false };
    assert_eq!(tasks.labels["area"], area);
    assert_eq!(tasks.labels["team"], Source::Column("team".into()));
    assert_eq!(tasks.status.write(TaskStatus::Pending), Some("todo"));
    assert_eq!(tasks.status.write(TaskStatus::Running), Some("1"));
    assert_eq!(tasks.status.write(TaskStatus::Failed), None);
    assert_eq!(tasks.severity.of_text("P5"), Some(Severity::Low));
    assert_eq!(tasks.severity.insert(Severity::High), Some(&Constant::Integer(8)));
    assert_eq!(tasks.insert_type.as_deref(), Some("bug"));
    assert_eq!(tasks.insert["urgent"], Constant::Integer(1));
    assert_eq!(tasks.approvals[0].rejected, ["rejected"]);
    assert_eq!((config.limits.open_per_pass, config.limits.correct_per_pass), (3, 4));
}

#[test]
fn mistakes_are_named_with_their_place() {
    let cases = [
        (
            "[specs]\npol = \"5s\"",
            "abide.toml:2:1: no key is called `pol` here, expected one of `repository`, `branch`, `path`, `records`, `poll`, `owner`; did you mean `poll`?",
        ),
        (
            "[specs]\npoll = \"soon\"",
            "abide.toml:2:8: `soon` is no duration; write a whole number and a unit: 90s, 15m, 6h, 14d or 4w",
        ),
        ("[specs]\nowner = \"triage\"", "abide.toml:2:9: `triage` can own nothing; write `role/NAME` or `agent/NAME`"),
        ("[specs]\nowner = \"slo/x\"", "abide.toml:2:9: `slo/x` can own nothing; write `role/NAME` or `agent/NAME`"),
        ("[store]\nurl = \" \"", "abide.toml:2:7: this must not be empty"),
        (
            "[specs]\nrecords = [\"docs/adr\", \"../adr\"]",
            "abide.toml:2:11: `specs.records` must lie within the repository: no leading `/` and no `..`",
        ),
        ("[specs]\nrecords = [\"\"]", "abide.toml:2:11: this must not be empty"),
        (
            "[limits]\ncorrect_per_pass = -1",
            "abide.toml:2:20: correct_per_pass must be a whole number that is not negative",
        ),
        ("[limits]\nopen_per_pass = -1", "abide.toml:2:17: open_per_pass must be a whole number that is not negative"),
        (
            "[limits]\nkept = \"long\"",
            "abide.toml:2:8: `long` is no duration; write a whole number and a unit: 90s, 15m, 6h, 14d or 4w",
        ),
        ("[tasks]\ntime = \"text\"", "abide.toml: `tasks.table` is missing: the name of the task table"),
        ("[tasks]\ntable = \"t\"", "abide.toml: `tasks.columns.id` is missing: the column that holds it"),
        ("[tasks]\ntable = \"t\"\nurl = \"\"", "abide.toml:3:7: this must not be empty"),
        ("[tasks]\ntable = 5", "abide.toml:2:9: invalid type: integer `5`, expected a string"),
        (
            "[tasks.severity]\nhigh = 'P1'",
            "abide.toml:2:8: invalid type: string \"P1\", expected a table such as {from = [\"P1\"], insert = \"P1\"}",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(error(text), message, "{text}");
    }
    assert!(error("[specs\n").starts_with("abide.toml:1:7: "), "{}", error("[specs\n"));
}

#[test]
fn mistakes_in_a_mapping_are_named_with_their_place() {
    let cases = [
        ("titel = \"t\"", "abide.toml:10:1: no column of a task is called `titel`; did you mean `title`?"),
        (
            "[tasks.labels]\narea = \"ctx:area\"",
            "abide.toml:11:8: a place in JSON begins with a slash; write `ctx:/area`",
        ),
        (
            "[tasks.status]\nopen = [\"x\"]",
            "abide.toml:11:1: no status is called `open`; use one of pending, running, blocked, completed, failed, cancelled",
        ),
        (
            "[tasks.status]\npending = [\"x\"]\ncompleted = [\"x\"]",
            "abide.toml:11:11: `x` stands for both completed and pending",
        ),
        (
            "[tasks.status]\npending = [\"x\"]",
            "abide.toml: `tasks.status.completed` is missing: the word that Abide writes for it",
        ),
        (
            "[tasks.severity]\nhigh = {from = \">=x\"}",
            "abide.toml:11:16: `>=x` compares with no number; write it as `>=10`, or list words: [\"P1\"]",
        ),
        (
            "[tasks.severity]\nhigher = {from = \">=1\"}",
            "abide.toml:11:1: no severity is called `higher`; did you mean `high`?",
        ),
        (
            "[tasks.insert]\ntype = \"bug\"",
            "abide.toml: `tasks.insert.type` needs `tasks.columns.context`: without either, Abide could not tell its own tasks",
        ),
        (
            "[tasks.insert]\nx = [1]",
            "abide.toml:11:5: a column takes one text or number, or the next number of its table; write `COLUMN = 7`, or `COLUMN = {next = true, within = \"project_id\"}`",
        ),
        ("[tasks.agents]\ntable = \"a\"\nname = \"n\"", "abide.toml:10:1: missing field `seen`"),
    ];
    for (more, message) in cases {
        let message = message.to_owned();
        assert_eq!(
            error(&format!("{}{more}", LEAST.trim_start_matches('\n')).replacen("[tasks]", "[tasks]\n", 1)),
            message,
            "{more}"
        );
    }
}

#[test]
fn an_override_wins_and_its_mistakes_name_its_key() {
    let config = Config::parse(LEAST, &set("tasks.table", "other_jobs")).unwrap();
    assert_eq!(config.tasks.unwrap().table, "other_jobs");
    let config = Config::parse("", &set("limits.open_per_pass", "7")).unwrap();
    assert_eq!(config.limits.open_per_pass, 7);
    let config = Config::parse(LEAST, &set("tasks.status", "{pending = 'a', completed = 'b'}")).unwrap();
    assert_eq!(config.tasks.unwrap().status.write(TaskStatus::Pending), Some("a"));
    let fault = |key, value| Config::parse(LEAST, &set(key, value)).unwrap_err().to_string();
    assert_eq!(
        fault("specs.poll", "soon"),
        "--set specs.poll: `soon` is no duration; write a whole number and a unit: 90s, 15m, 6h, 14d or 4w"
    );
    assert_eq!(fault("tasks.tabel", "x").split(';').next_back(), Some(" did you mean `table`?"));
    assert_eq!(fault("tasks.table.x", "1"), "--set tasks.table.x: `table` is a value and holds no further keys");
    assert_eq!(fault("tasks..x", "1"), "--set tasks..x: this is no key; write it dotted, as `tasks.table`");
}

#[test]
fn a_broken_value_in_the_file_may_be_overridden() {
    let config = Config::parse("[specs]\npoll = \"soon\"", &set("specs.poll", "9s")).unwrap();
    assert_eq!(config.specs.poll, Duration::from_secs(9));
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_written_makes_it_stumble(text in "\\PC{0,40}", key in "[a-z.\"é]{0,12}", value in "\\PC{0,12}") {
        for text in [text.as_str(), LEAST, &format!("{LEAST}{text}"), &format!("[specs]\npoll = \"é\"\n{text}")] {
            if let Err(error) = Config::parse(text, &set(&key, &value)) {
                proptest::prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
