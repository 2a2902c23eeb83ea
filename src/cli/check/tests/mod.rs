//! The command on real repositories: one of specs, one of code.

mod changes;
mod formats;
mod places;

use super::*;
use crate::cli::io::tests::run as capture;
use crate::cli::output::Color;
use crate::cli::testing::args;
use crate::git::testing::Fixture;

/// A spec repository and the code that it speaks of.
struct World {
    specs: Fixture,
    app: Fixture,
    global: Global,
}

const APP: [(&str, &str); 4] = [
    ("src/ask.py", "def ask():\n    client = new(\"api.openai.com\")\n"),
    ("src/llm/gate.py", "client = new(\"api.openai.com\")\n"),
    ("package.json", "{\n  \"dependencies\": {\n    \"left-pad\": \"1\"\n  }\n}\n"),
    (".gitignore", "out/\n"),
];

const NO_CALLS: &str = "{id: no-direct-calls, severity: high, repository: app, forbid: {pattern: 'api\\.openai\\.com', in: ['src/**'], \
                        except: ['src/llm/**']}}";
const RUNBOOK: &str = "{id: runbook, repository: app, requirePath: runbook.md}";

impl World {
    /// With a decision that has those rules.
    fn new(rules: &[&str]) -> Self {
        let (specs, app) = (Fixture::new(), Fixture::of(&APP));
        let global = Global {
            config: specs.path().join("abide.toml"),
            set: Vec::new(),
            store: None,
            color: Color::Never,
            quiet: 2,
            verbose: 0,
        };
        let world = Self { specs, app, global };
        let config = "[specs]\nowner = 'role/developer'\n";
        let decision = decision("one-gateway", rules);
        world.specs.commit(&[
            ("abide.toml", config),
            ("specs/app.yaml", &world.repository("")),
            ("specs/decision.yaml", &decision),
        ]);
        world
    }

    /// The role and the Repository, with more about it.
    fn repository(&self, more: &str) -> String {
        let url = self.app.path().display();
        format!(
            "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {{name: developer}}\nspec: {{}}\n---\napiVersion: abide.dev/v1\n\
             kind: Repository\nmetadata: {{name: app}}\nspec: {{url: '{url}'{more}}}\n"
        )
    }

    /// Adds a spec, uncommitted.
    fn spec(&self, file: &str, text: &str) {
        self.specs.write(&format!("specs/{file}"), text);
    }

    /// How the command ends, and what it writes; what differs from run to run has a name.
    fn run(&self, line: &str) -> (Exit, String) {
        let (exit, text) = capture(|io| run(&args(line), &self.global, io)).unwrap();
        let head = |fixture: &Fixture| fixture.repository.head().unwrap().target().unwrap().to_string();
        let mut text = text;
        for (fixture, name) in [(&self.specs, "SPECS"), (&self.app, "APP")] {
            let head = head(fixture);
            let folder = fixture.path().canonicalize().unwrap();
            let last = folder.file_name().unwrap().to_string_lossy().into_owned();
            let whole = folder.to_string_lossy().into_owned();
            for (from, to) in [(&head[..], name), (&head[..10], name), (&whole[..], name), (&last[..], name)] {
                text = text.replace(from, to);
            }
        }
        (exit, text)
    }

    /// The same in the folder of the code, as its own CI does.
    fn in_app(&self, line: &str) -> (Exit, String) {
        self.run(&format!("--repository app --code {} {line}", self.app.path().display()))
    }

    /// What is wrong where the command cannot do what it was asked for.
    fn fails(&self, line: &str) -> CliError {
        capture(|io| run(&args(line), &self.global, io)).unwrap_err()
    }
}

fn decision(name: &str, rules: &[&str]) -> String {
    let rules: String = rules.iter().map(|rule| format!("    - {rule}\n")).collect();
    format!(
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {{name: {name}, title: Models are reached through one gateway}}\n\
         spec:\n  status: accepted\n  date: 2026-01-01\n  rules:\n{rules}"
    )
}

fn waiver(name: &str, subject: &str, until: &str) -> String {
    format!(
        "apiVersion: abide.dev/v1\nkind: Waiver\nmetadata: {{name: {name}}}\nspec: {{match: {{spec: decision/one-gateway, subject: \
         rule/{subject}}}, reason: it moves in autumn, until: {until}, approvedBy: role/developer}}\n"
    )
}

/// The last line.
fn summary(text: &str) -> &str {
    text.lines().last().unwrap()
}

#[test]
fn what_holds_is_said_with_its_numbers() {
    let world = World::new(&[RUNBOOK, "{id: config, requirePath: abide.toml}"]);
    world.app.commit(&[("runbook.md", "x")]);
    let (exit, text) = world.run("");
    let fine = "No rule is broken: 2 rules of 1 decision hold in the spec repository at SPECS, app at APP\n";
    assert_eq!((exit, text.as_str()), (Exit::Fine, fine));
    let (_, text) = world.in_app("");
    assert_eq!(text, "No rule is broken: 1 rule of 1 decision holds in app at APP\n");
    world.app.write("new.py", "");
    let (_, text) = world.in_app("");
    assert_eq!(text, "No rule is broken: 1 rule of 1 decision holds in app at APP and what is not committed\n");
}

#[test]
fn rules_over_tasks_are_counted_and_not_taken_for_healthy() {
    let tasks = "{id: none-left, tasks: {select: {types: [old]}, atMost: 0}}";
    let world = World::new(&[tasks, "{id: config, requirePath: abide.toml}"]);
    let (exit, text) = world.run("");
    assert_eq!(exit, Exit::Fine);
    assert!(text.starts_with("No rule is broken: 1 rule of 1 decision holds in "), "{text}");
    assert!(text.ends_with("; 1 rule over tasks is not checked here: `abide plan` judges them\n"), "{text}");
    let world = World::new(&[tasks]);
    let (_, text) = world.run("");
    assert!(text.starts_with("No accepted decision has a rule over code; 1 rule over tasks"), "{text}");
}

#[test]
fn only_accepted_decisions_demand_anything() {
    let world = World::new(&[NO_CALLS]);
    let proposed = decision("one-gateway", &[NO_CALLS]).replace("accepted", "proposed");
    world.spec("decision.yaml", &proposed);
    let (exit, text) = world.in_app("");
    assert_eq!((exit, text.as_str()), (Exit::Fine, "No rule of an accepted decision speaks of app\n"));
}

#[test]
fn a_low_rule_warns_and_fails_nothing() {
    let world = World::new(&[&NO_CALLS.replace("high", "low")]);
    let (exit, text) = world.in_app("");
    assert_eq!(exit, Exit::Fine);
    assert!(text.starts_with("warning[decision/rule-broken]"), "{text}");
    assert_eq!(summary(&text), "1 warning: the only rule is broken in app at APP");
}

#[test]
fn a_waiver_in_force_lets_it_pass_and_is_told() {
    let world = World::new(&[NO_CALLS, RUNBOOK]);
    world.app.commit(&[("runbook.md", "x")]);
    world.spec("waiver.yaml", &waiver("later", "no-direct-calls", "2199-12-31"));
    let (exit, text) = world.in_app("");
    assert_eq!(exit, Exit::Fine);
    assert!(text.starts_with("info[decision/rule-broken]"), "{text}");
    assert!(text.contains("; accepted by waiver/later until 2200-01-01T00:00:00Z: it moves in autumn"), "{text}");
    let says = "No rule is broken but what is waived: 1 of 2 rules of 1 decision holds in app at APP, 1 is waived";
    assert_eq!(summary(&text), says);
    for ended in [waiver("later", "no-direct-calls", "2020-12-31"), waiver("later", "runbook", "2199-12-31")] {
        world.spec("waiver.yaml", &ended);
        let (exit, text) = world.in_app("");
        assert!(exit == Exit::Findings && text.starts_with("error"), "{text}");
    }
}

#[test]
fn what_nobody_can_tell_fails() {
    let lost = "{id: lost, repository: gone, requirePath: x}";
    let twilio = "{id: no-twilio, repository: app, forbidDependency: {name: twilio}}";
    let world = World::new(&[lost, twilio]);
    world.spec(
        "gone.yaml",
        "apiVersion: abide.dev/v1\nkind: Repository\nmetadata: {name: gone}\nspec: {url: ./nowhere}\n",
    );
    world.app.commit(&[("package.json", "{\n{")]);
    let (exit, text) = world.run("");
    assert_eq!(exit, Exit::Findings);
    let unknown = "error[decision/rule-unknown]: nobody can tell whether rule ";
    assert_eq!(text.matches(unknown).count(), 2, "{text}");
    assert!(text.contains("holds in gone: the repository ") && text.contains("is out of reach"), "{text}");
    assert!(text.contains("holds in app: package.json:2 cannot be read"), "{text}");
    assert!(summary(&text).starts_with("2 errors: no rule of 2 is known to be broken in "), "{text}");
    assert!(summary(&text).ends_with(", 2 are unknown"), "{text}");
    world.spec(
        "gone.yaml",
        "apiVersion: abide.dev/v1\nkind: Repository\nmetadata: {name: gone}\nspec: {link: ./nowhere}\n",
    );
    let (_, text) = world.run("");
    assert!(text.contains("holds in gone: repository/gone cannot be read"), "{text}");
    assert!(text.contains("repository/gone cannot be read, so where its code is is not known: "), "{text}");
}

#[test]
fn a_decision_that_cannot_be_read_is_told_and_its_last_version_checked() {
    let world = World::new(&[NO_CALLS]);
    world.spec("decision.yaml", &decision("one-gateway", &[NO_CALLS]).replace("status: accepted", "status: acepted"));
    world.spec(
        "other.yaml",
        "apiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: other}\nspec: {status: accepted}\n",
    );
    world.spec("role.yaml", "apiVersion: abide.dev/v1\nkind: Role\nmetadata: {name: x}\nspec: {mayAprove: true}\n");
    world.spec("blind.yaml", "kind: [\n");
    let (exit, text) = world.in_app("");
    assert_eq!(exit, Exit::Findings);
    let told = "decision/one-gateway cannot be read, so its last readable version counts: ";
    assert!(text.contains(told) && text.contains("SPECS:specs/decision.yaml:5:"), "{text}");
    assert!(text.contains("decision/other cannot be read, so its rules are not known: "), "{text}");
    assert!(text.contains("a part of this file cannot be read, so its rules are not known: "), "{text}");
    assert!(text.contains("is against rule no-direct-calls"), "{text}");
    assert!(!text.contains("role/x"), "what is no decision is for validate to tell: {text}");
    assert!(summary(&text).ends_with("the only rule is broken in app at APP, 3 specs cannot be read"), "{text}");
}

#[test]
fn a_name_that_nobody_knows_is_a_usage_error_with_the_nearest() {
    let world = World::new(&[NO_CALLS]);
    let error = world.fails("--repository ap");
    assert_eq!((error.exit, error.hint.as_deref()), (Exit::Usage, Some("did you mean `app`?")));
    assert_eq!(error.message, "no Repository is called `ap`");
    assert_eq!(world.fails("--repository something").hint.as_deref(), Some("there are app"));
    world.spec("new.yaml", "kind: [\n");
    let hidden = world.fails("--repository something").hint.unwrap();
    assert!(hidden.contains("specs/new.yaml cannot be read and may hold"), "{hidden}");
    std::fs::remove_dir_all(world.specs.path().join("specs")).unwrap();
    assert_eq!(world.fails("").exit, Exit::NothingMatched);
}
