//! Scenarios as Markdown: specs and tasks, and the plan that must follow.
//!
//! A `#` heading begins an organisation of its own, a `##` heading a later moment of the same; `(+10m)` at its end lets so
//! much time pass. Fenced blocks say what is there: a language and a path write a file, `delete` and `rename` take paths,
//! `tasks` and `agents` are tables, `toml` is `abide.toml`, `people` what they do. `plan` is what the next pass must do and
//! find, line by line; after it a second pass must change nothing.
//!
//! Run with `ABIDE_BLESS=1` to write what happens into the files, and read the difference.

mod document;
mod people;
mod show;
mod table;
mod world;

use std::fmt::Write as _;
use std::path::PathBuf;

use document::{Chunk, Heading};
use world::World;

/// Lives through every scenario of a file, and says where a plan is another.
fn run(name: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(name);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut chunks = document::parse(&std::fs::read_to_string(&path).unwrap());
    let (mut world, mut wrong) = (None, String::new());
    for chunk in &mut chunks {
        match chunk {
            Chunk::Text(text) => {
                for heading in document::headings(text) {
                    match heading {
                        Heading::Begin(title) => world = Some(World::new(&title)),
                        Heading::Later(by) => world.as_mut().map_or((), |world| world.pass_time(by)),
                    }
                }
            }
            Chunk::Fence { info, body, line } => {
                let world = world.as_mut().unwrap_or_else(|| panic!("{name}:{line}: there is no heading yet"));
                world.at = format!("{name}:{line}: {}", world.title);
                if info == "plan" {
                    let seen = runtime.block_on(world.pass());
                    if seen != *body {
                        writeln!(wrong, "{}\n-- expected\n{body}-- got\n{seen}", world.at).unwrap();
                    }
                    *body = seen;
                } else {
                    runtime.block_on(world.learn(info, body));
                }
            }
        }
    }
    if std::env::var_os("ABIDE_BLESS").is_some() {
        std::fs::write(&path, document::text(&chunks)).unwrap();
    } else {
        assert!(wrong.is_empty(), "\n{wrong}");
    }
}

macro_rules! scenarios {
    ($($name:ident $file:literal),+ $(,)?) => {
        $(#[test] fn $name() { run($file); })+

        #[test]
        fn every_file_is_run() {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
            for entry in std::fs::read_dir(folder).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!([$($file),+].contains(&&*name), "{name} is named nowhere in tests/it/scenarios");
            }
        }
    };
}

scenarios! {
    agents "agents.md",
    approval_bound "approval-bound.md",
    approval_gate "approval-gate.md",
    approval_review "approval-review.md",
    approval_waiting "approval-waiting.md",
    assignment_escalation "assignment-escalation.md",
    assignment_fights "assignment-fights.md",
    assignment_none "assignment-none.md",
    assignment_role "assignment-role.md",
    assignment_severity "assignment-severity.md",
    assignment_sla "assignment-sla.md",
    assignment_wip "assignment-wip.md",
    decision_dependencies "decision-dependencies.md",
    decision_layers "decision-layers.md",
    decision_markdown "decision-markdown.md",
    decision_rule "decision-rule.md",
    decision_standing "decision-standing.md",
    the_loop "loop.md",
    owners "owners.md",
    slo_budgets "slo-budgets.md",
    slo_objective "slo-objective.md",
    trees "trees.md",
}
