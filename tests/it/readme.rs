//! Every command of the README works, and what it shows is what is printed. Its specs are valid.

use crate::shell::Shell;

const README: &str = include_str!("../../README.md");
const LEVELS: &str = include_str!("../../docs/service-levels.md");
const APPROVALS: &str = include_str!("../../docs/approvals.md");
const ASSIGNMENTS: &str = include_str!("../../docs/assignments.md");
const ATTACH: &str = include_str!("../../docs/attach.md");
const TASKS: &str = include_str!("../../docs/tasks.md");
const RULES: &str = include_str!("../../docs/rules.md");

/// The blocks of the README in that language.
fn blocks(language: &str) -> Vec<&'static str> {
    blocks_of(README, language)
}

pub(crate) fn blocks_of(page: &'static str, language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let parts = page.split(&fence).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default()).collect()
}

/// A command and the output that the README shows of it.
struct Shown {
    command: &'static str,
    output: Vec<&'static str>,
}

fn shown(page: &'static str) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for line in blocks_of(page, "console").into_iter().flat_map(str::lines) {
        match (line.strip_prefix("$ "), all.last_mut()) {
            (Some(command), _) => all.push(Shown { command, output: Vec::new() }),
            (None, Some(last)) => last.output.push(line),
            (None, None) => panic!("a console block begins with `{line}`"),
        }
    }
    all
}

/// Whether a printed line is the shown one, in which `…` stands for anything. Identities and what is left of a time may differ.
fn is(shown: &str, printed: &str) -> bool {
    let changes = |word: &str| word.len() == 10 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let plain =
        |text: &str| text.split(' ').map(|word| if changes(word) { "…" } else { word }).collect::<Vec<_>>().join(" ");
    let (shown, printed) = (plain(shown), plain(printed));
    let mut rest = printed.as_str();
    let mut parts = shown.split('…');
    let Some(after) = rest.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    rest = after;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty() || shown.ends_with('…')
}

#[test]
fn every_command_does_what_the_readme_shows() {
    follows(README, &mut Shell::new());
}

/// Runs every command of a page, and holds what it prints against what is shown.
pub(crate) fn follows(page: &'static str, shell: &mut Shell) {
    for Shown { command, output } in shown(page) {
        // Tests do not run themselves.
        if command == "make test" {
            continue;
        }
        let expected = command.split_once("# ends with ").map_or(0, |(_, code)| code.parse().unwrap());
        let (printed, code) = shell.run(&command.replace("cargo run --release -- ", "abide "));
        assert_eq!(code, expected, "$ {command}\n{printed}");
        let mut lines = printed.lines();
        for line in output.into_iter().filter(|line| *line != "…") {
            assert!(
                lines.any(|printed| is(line, printed)),
                "$ {command}\nthe README shows `{line}`, not found in\n{printed}"
            );
        }
    }
}

#[test]
fn its_specs_are_valid_together() {
    let mut shell = Shell::new();
    let specs = shell.start().join("specs");
    std::fs::create_dir(&specs).unwrap();
    for (n, block) in blocks("yaml").into_iter().enumerate() {
        std::fs::write(specs.join(format!("{n}.yaml")), block).unwrap();
    }
    let (printed, code) = shell.run("abide validate --strict");
    assert_eq!(code, 0, "{printed}");
}

#[test]
fn the_page_on_service_levels_has_valid_specs_and_a_configuration_that_can_be_read() {
    let mut shell = Shell::new();
    let specs = shell.start().join("specs");
    std::fs::create_dir(&specs).unwrap();
    for (n, block) in blocks_of(LEVELS, "yaml").into_iter().enumerate() {
        std::fs::write(specs.join(format!("{n}.yaml")), block).unwrap();
    }
    let config: String = blocks_of(LEVELS, "toml").concat();
    std::fs::write(shell.start().join("abide.toml"), config).unwrap();
    let (printed, code) = shell.run("abide validate --strict");
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("are valid") && !printed.contains("info"), "{printed}");
}

#[test]
fn the_page_on_rules_has_valid_specs_and_knows_every_condition() {
    let mut shell = Shell::new();
    let specs = shell.start().join("specs");
    std::fs::create_dir(&specs).unwrap();
    for (n, block) in blocks_of(RULES, "yaml").into_iter().enumerate() {
        std::fs::write(specs.join(format!("{n}.yaml")), block).unwrap();
    }
    let (printed, code) = shell.run("abide validate --strict");
    assert_eq!(code, 0, "{printed}");
    let (fields, _) = shell.run("abide schema decision");
    let schema: serde_json::Value = serde_json::from_str(&fields).unwrap();
    let rule = schema["$defs"]["Rule"]["properties"].as_object().unwrap();
    for field in rule.keys() {
        assert!(RULES.contains(&format!("`{field}`")), "the page says nothing of `{field}`");
    }
}

#[test]
fn the_page_on_assignments_has_valid_specs_and_knows_every_field_and_state() {
    let mut shell = Shell::new();
    let specs = shell.start().join("specs");
    std::fs::create_dir(&specs).unwrap();
    for (n, block) in blocks_of(ASSIGNMENTS, "yaml").into_iter().enumerate() {
        std::fs::write(specs.join(format!("{n}.yaml")), block).unwrap();
    }
    let (printed, code) = shell.run("abide validate --strict");
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("are valid") && !printed.contains("info"), "{printed}");
    for field in fields(&mut shell, "Assignment") {
        let is_told = [format!("`{field}`"), format!("{field}:")].iter().any(|word| ASSIGNMENTS.contains(word));
        assert!(is_told, "the page says nothing of `{field}`");
    }
    let of_page = |word: &str| word.starts_with("assignment/") || word.starts_with("agent/");
    let codes = abide::model::Code::ALL.iter().map(|code| code.word());
    let said = abide::diagnostic::codes::all().map(|entry| entry.code);
    for word in codes.chain(said).filter(|word| of_page(word)) {
        assert!(ASSIGNMENTS.contains(&format!("`{word}`")), "the page says nothing of `{word}`");
    }
}

/// The fields of a kind's spec.
fn fields(shell: &mut Shell, kind: &str) -> Vec<String> {
    let (schema, _) = shell.run(&format!("abide schema {}", kind.to_lowercase()));
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let fields = schema["$defs"][kind]["properties"].as_object().unwrap();
    assert!(fields.len() > 4, "{fields:?}");
    fields.keys().cloned().collect()
}

#[test]
fn the_page_on_approvals_has_valid_specs_and_knows_every_field_state_and_refusal() {
    let mut shell = Shell::new();
    let specs = shell.start().join("specs");
    std::fs::create_dir(&specs).unwrap();
    for (n, block) in blocks_of(APPROVALS, "yaml").into_iter().enumerate() {
        std::fs::write(specs.join(format!("{n}.yaml")), block).unwrap();
    }
    let (printed, code) = shell.run("abide validate --strict");
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("are valid") && !printed.contains("info"), "{printed}");
    let fields = fields(&mut shell, "ApprovalPolicy");
    let fields = fields.iter().map(String::as_str);
    let states = abide::model::GateState::ALL.iter().map(|state| state.word());
    let codes = abide::model::Code::ALL.iter().map(|code| code.word()).filter(|word| word.starts_with("approval/"));
    let refusals = abide::model::Reason::ALL.iter().map(|reason| reason.code());
    // What ran out or changed is a state of a request rather than a refusal.
    for word in fields.chain(states).chain(codes).chain(refusals).filter(|word| *word != "approval/expired") {
        assert!(APPROVALS.contains(&format!("`{word}`")), "the page says nothing of `{word}`");
    }
}

#[test]
fn the_page_on_attaching_shows_what_happens_and_every_fragment_is_a_mapping() {
    let mut shell = Shell::new();
    let schema = concat!(
        include_str!("../conformance/schemas/kanban/schema.sql"),
        include_str!("../conformance/schemas/kanban/rows.sql")
    );
    rusqlite::Connection::open(shell.start().join("tracker.db")).unwrap().execute_batch(schema).unwrap();
    follows(ATTACH, &mut shell);
    for block in blocks_of(ATTACH, "toml") {
        let mut whole: toml::Table = LEAST.parse().unwrap();
        lay(&mut whole, block.parse().unwrap());
        let whole = whole.to_string();
        abide::config::Config::parse(&whole, &[]).unwrap_or_else(|error| panic!("{error}\n{whole}"));
    }
    for word in abide::config::TimeFormat::ALL.map(abide::config::TimeFormat::word) {
        assert!(ATTACH.contains(&format!("| `{word}` |")), "the page says nothing of `{word}`");
    }
}

#[test]
fn the_page_on_tasks_shows_what_happens_and_knows_every_action_and_setting() {
    follows(TASKS, &mut Shell::new());
    let settings: toml::Table = blocks_of(TASKS, "toml").concat().parse().unwrap();
    let config = abide::config::Config::parse(&settings.to_string(), &[]).unwrap();
    assert_eq!(config.queue, abide::model::QueuePolicy::default(), "the page shows what holds where nothing is said");
    let template: toml::Table = include_str!("../../src/cli/templates/init/abide.toml").parse().unwrap();
    let keys = |table: &toml::Table| table["queue"].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&settings), keys(&template));
    for what in ["tasks", "agents"] {
        let (help, _) = Shell::new().run(&format!("abide {what} --help"));
        let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
        let indented = commands.lines().filter_map(|line| line.strip_prefix("  "));
        let actions = indented.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next());
        let actions: Vec<&str> = actions.filter(|action| *action != "help").collect();
        assert!(actions.len() > 5, "{help}");
        for action in actions {
            let is_named = TASKS.contains(&format!("`{action}")) || TASKS.contains(&format!("{what} {action}"));
            assert!(is_named, "the page says nothing of `abide {what} {action}`");
        }
    }
}

/// What every mapping needs.
const LEAST: &str =
    "[tasks]\ntable = 't'\n[tasks.columns]\nid = 'i'\ntype = 'k'\ntitle = 'n'\nstatus = 's'\ncreated = 'c'";

/// Lays a table over another.
fn lay(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => lay(below, above),
            (_, value) => drop(below.insert(key, value)),
        }
    }
}

#[test]
fn its_mapping_fits_the_demo() {
    let mut shell = Shell::new();
    shell.run("abide demo here");
    let [mapping] = blocks("toml")[..] else { panic!("one block of TOML") };
    std::fs::write(shell.start().join("here/abide.toml"), mapping).unwrap();
    let (printed, code) = shell.run("cd here && abide plan");
    assert_eq!(code, 0, "{printed}");
}

#[test]
fn a_shown_line_is_found_and_another_is_not() {
    assert!(is("specs at …", "specs at d9a5215099 2026-11-23T22:43:00.307Z"));
    assert!(is("task  3fffc756db", "task  aaaac756db"));
    assert!(is("a … c", "a b c") && !is("a … c", "a b d") && !is("a", "a b"));
}
