//! Abide meets a tracker that others wrote, and neither gets into the other's way.

mod tool;

use crate::support::organisation::Ended;
use crate::support::repository::Repo;
use tool::{Kanban, bytes, left_out, task};

const SPECS: &str = "apiVersion: abide.dev/v1
kind: Role
metadata: {name: developer}
spec: {}
---
apiVersion: abide.dev/v1
kind: Decision
metadata: {name: little-waits, title: Little waits, owner: role/developer}
spec:
  status: accepted
  date: 2026-01-01
  rules:
    - {id: one-ready, tasks: {select: {status: [pending]}, atMost: 1}}
";

/// The columns of the board, as kanban-tui numbers them.
const READY: i64 = 1;
const DOING: i64 = 2;
const DONE: i64 = 3;

/// A repository of specs, and the program in it.
struct Org(Repo);

impl Org {
    fn new() -> Self {
        let repo = Repo::new();
        repo.write("specs/org.yaml", SPECS);
        repo.write("abide.toml", "[specs]\nowner = \"role/developer\"   # kept\n");
        repo.write(".gitignore", ".abide/\n");
        repo.commit();
        Self(repo)
    }

    fn abide(&self, arguments: &[&str]) -> Ended {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_abide"));
        command.current_dir(self.0.path()).args(arguments);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ABIDE_")) {
            command.env_remove(name);
        }
        Ended::of(&command.output().unwrap())
    }

    /// Runs it, and it must end well.
    fn fine(&self, arguments: &[&str]) -> String {
        let ended = self.abide(arguments);
        assert_eq!(ended.code, 0, "abide {arguments:?}: {ended:?}");
        ended.out
    }
}

/// A board with two tasks, of which one waits for the other, and a second board with columns of the same names.
fn board() -> Kanban {
    let kanban = Kanban::new();
    kanban.run(&["board", "create", "work", "--set-active"]);
    kanban.run(&["board", "create", "home"]);
    kanban.run(&["category", "create", "bug"]);
    kanban.run(&["category", "create", "chore"]);
    kanban.run(&["task", "create", "Mend the login", "--category", "1", "--description", "It fails"]);
    kanban.run(&["task", "create", "Write the manual", "--depends-on", "1", "--due-date", "2026-12-24"]);
    kanban
}

#[test]
fn abide_reads_a_board_of_kanban_tui_and_works_on_it() {
    if left_out() {
        return;
    }
    let (kanban, org) = (board(), Org::new());
    let (database, before) = (kanban.database(), bytes(&kanban.database()));
    let said = org.fine(&["attach", database.to_str().unwrap(), "--same-database"]);
    assert!(before == bytes(&database), "attaching changes nothing");
    assert!(said.contains("pending   Ready") && said.contains("needs 1"), "{said}");
    assert!(said.contains("new tasks are put within board_id 1 of columns"), "{said}");
    let config = std::fs::read_to_string(org.0.path().join("abide.toml")).unwrap();
    assert!(
        config.contains("owner = \"role/developer\"   # kept") && config.contains("within = \"board_id\""),
        "{config}"
    );
    assert_eq!(org.abide(&["doctor"]).code, 0, "{:?}", org.abide(&["doctor"]));
    let shown = org.fine(&["tasks", "show", "2"]);
    assert!(shown.contains("Write the manual") && shown.contains("needs     task 1"), "{shown}");

    org.fine(&["reconcile"]);
    let all = kanban.tasks();
    assert_eq!(all.len(), 3, "kanban-tui lists what Abide opened: {all:#?}");
    let opened = all.iter().find(|task| task["task_id"] == 3).unwrap();
    let title = opened["title"].as_str().unwrap();
    assert!(title.contains("ittle waits") && opened["column"] == READY, "{opened:#}");
    claims(&kanban, &org, title);
    mends(&kanban, &org, title);
    goes_on(&kanban);
}

/// Somebody says that it is done, and it is not.
fn claims(kanban: &Kanban, org: &Org, title: &str) {
    kanban.run(&["task", "move", "3", "3"]);
    org.fine(&["reconcile"]);
    let all = kanban.tasks();
    assert_eq!(task(&all, title)["column"], READY, "a claim is not evidence");
    org.fine(&["plan", "--exit-code"]);
}

/// Somebody begins with one of the two, so only one waits.
fn mends(kanban: &Kanban, org: &Org, title: &str) {
    kanban.run(&["task", "move", "1", "2"]);
    org.fine(&["reconcile"]);
    let all = kanban.tasks();
    assert_eq!(task(&all, "Mend the login")["column"], DOING, "what is not Abide's is left alone");
    let closed = task(&all, title);
    assert_eq!((&closed["column"], &closed["finished"]), (&DONE.into(), &true.into()), "{closed}");
}

/// kanban-tui works as before, also on what Abide wrote.
fn goes_on(kanban: &Kanban) {
    kanban.run(&["task", "create", "Plan the party"]);
    kanban.run(&["task", "move", "4", "2"]);
    kanban.run(&["task", "update", "4", "--title", "Plan the feast"]);
    kanban.run(&["task", "delete", "3", "--no-confirm"]);
    let all = kanban.tasks();
    assert_eq!((all.len(), &task(&all, "Plan the feast")["column"]), (3, &DOING.into()), "{all:#?}");
}
