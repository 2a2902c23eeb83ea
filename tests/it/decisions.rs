//! Decisions from commit to commit and from branch to branch, in real repositories.

use crate::shell::Shell;

const HEAD: &str = "apiVersion: abide.dev/v1\\nkind: Decision\\n";

/// A shell in a repository with two decisions, one of them accepted.
fn repository() -> Shell {
    let mut shell = Shell::new();
    shell.run("git init -q -b main org && cd org && mkdir specs && printf '[specs]\\nowner = \"role/architect\"\\n' >abide.toml && echo .abide >.gitignore");
    decision(&mut shell, "queue", "number: 1, status: accepted, date: 2026-01-01, decision: files");
    shell.run(
        "printf 'apiVersion: abide.dev/v1\\nkind: Role\\nmetadata: {name: architect}\\nspec: {}\\n' >specs/roles.yaml",
    );
    commit(&mut shell);
    shell
}

fn decision(shell: &mut Shell, name: &str, spec: &str) {
    let text = format!("{HEAD}metadata: {{name: {name}}}\\nspec: {{{spec}}}\\n");
    let (said, code) = shell.run(&format!("printf '{text}' >specs/{name}.yaml"));
    assert_eq!(code, 0, "{said}");
}

fn commit(shell: &mut Shell) {
    let (said, code) = shell.run("git add -A && git commit -qm 'A change'");
    assert_eq!(code, 0, "{said}");
}

/// The findings of `abide validate` with those arguments, each as `code place`, and how it ended.
fn validate(shell: &mut Shell, arguments: &str) -> (Vec<String>, i32) {
    let (said, code) = shell.run(&format!("abide validate -o json {arguments}"));
    let report: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    let found = report["diagnostics"].as_array().unwrap().iter();
    let line = |it: &serde_json::Value| {
        format!("{} {}:{}", it["code"].as_str().unwrap(), it["file"].as_str().unwrap(), it["line"])
    };
    (found.map(line).collect(), code)
}

#[test]
fn a_decision_is_held_against_the_commit_before() {
    let mut shell = repository();
    assert_eq!(validate(&mut shell, ""), (vec![], 0), "the first commit has none before");
    decision(&mut shell, "queue", "number: 1, status: proposed, date: 2026-01-01, decision: files");
    let moved = "adr/illegal-move specs/queue.yaml:4".to_owned();
    assert_eq!(validate(&mut shell, ""), (vec![moved.clone()], 1), "files against their commit");
    commit(&mut shell);
    assert_eq!(validate(&mut shell, ""), (vec![moved.clone()], 1), "a commit against its parent");
    shell.run("touch README && git add -A && git commit -qm 'Another change'");
    assert_eq!(validate(&mut shell, ""), (vec![], 0), "what was told is over");
    assert_eq!(validate(&mut shell, "--against HEAD~2"), (vec![moved.clone()], 1));
    assert_eq!(validate(&mut shell, "--rev HEAD^"), (vec![moved], 1));
}

#[test]
fn an_edit_of_what_was_accepted_is_told_and_offers_what_to_do() {
    let mut shell = repository();
    decision(&mut shell, "queue", "number: 1, status: accepted, date: 2026-01-01, decision: a database");
    let (said, code) = shell.run("abide validate");
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("warning[adr/edited-after-acceptance]: `decision` was changed although it is accepted"),
        "{said}"
    );
    assert!(said.contains("add a decision with `supersedes: [queue]`; or one with `amends: [queue]`"), "{said}");
    let (said, code) = shell.run("abide validate --strict");
    assert_eq!(code, 1, "{said}");
}

#[test]
fn a_pass_over_a_commit_that_edits_what_was_accepted_says_so_in_its_log() {
    let mut shell = repository();
    let (said, _) = shell.run("abide reconcile 2>&1");
    assert!(!said.contains("adr/"), "{said}");
    decision(&mut shell, "queue", "number: 1, status: accepted, date: 2026-01-01, decision: a database");
    commit(&mut shell);
    let (said, code) = shell.run("abide reconcile 2>&1");
    assert!(code == 0 && said.contains("adr/edited-after-acceptance") && said.contains("specs/queue.yaml:3"), "{said}");
}

#[test]
fn a_decision_that_is_markdown_is_held_and_mended_as_any_other() {
    let mut shell = repository();
    let page = "---\napiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: page}\nspec: {status: accepted, date: 2026-01-01}\n---\n# Files\n\n## Decision\n\nFiles.\n";
    std::fs::create_dir_all(shell.start().join("org/docs/adr")).unwrap();
    std::fs::write(shell.start().join("org/docs/adr/0007-page.md"), page).unwrap();
    commit(&mut shell);
    shell.run("sed -i 's/^Files.$/A database./' docs/adr/0007-page.md");
    assert_eq!(validate(&mut shell, ""), (vec!["adr/edited-after-acceptance docs/adr/0007-page.md:4".into()], 0));
    shell.run("git checkout -q docs && echo more >>docs/adr/other.md");
    decision(&mut shell, "newer", "number: 2, status: accepted, date: 2026-02-02, supersedes: [page]");
    let (said, code) = shell
        .run("abide fix && grep -c 'status: superseded, date' docs/adr/0007-page.md && tail -1 docs/adr/0007-page.md");
    assert!(code == 0 && said.ends_with("1\nFiles.\n"), "{said}");
}

#[test]
fn a_clone_without_history_says_so_and_a_folder_needs_none() {
    let mut shell = repository();
    decision(&mut shell, "other", "status: draft, date: 2026-01-01");
    commit(&mut shell);
    let (said, code) =
        shell.run("git clone -q --depth 1 \"file://$PWD\" ../shallow && cd ../shallow && abide validate");
    assert!(code == 0 && said.contains("cloned without its history") && said.contains("fetch-depth: 2"), "{said}");
    let (said, code) = shell.run("abide validate --against nowhere");
    assert!(code == 4 && said.contains("has no `nowhere`"), "{code}: {said}");
    let (said, code) = shell.run("cp -r ../org ../folder && cd ../folder && rm -rf .git && abide validate");
    assert!(code == 0 && !said.contains("note:"), "{said}");
    let (said, code) = shell.run("abide validate --all-branches");
    assert!(code == 2 && said.contains("there are no branches"), "{code}: {said}");
}

/// Two branches that take one number, of which one supersedes what the main branch has superseded since.
fn branches() -> Shell {
    let mut shell = repository();
    shell.run("git switch -qc kafka");
    decision(&mut shell, "kafka", "number: 2, status: proposed, date: 2026-02-01, supersedes: [queue]");
    commit(&mut shell);
    shell.run("git switch -qc kafka-more && touch more && git add -A && git commit -qm more");
    shell.run("git switch -q main && git switch -qc rabbit");
    decision(&mut shell, "rabbit", "number: 2, status: proposed, date: 2026-02-01");
    commit(&mut shell);
    shell.run("git switch -q main");
    decision(&mut shell, "redis", "number: 3, status: accepted, date: 2026-02-02, supersedes: [queue]");
    decision(&mut shell, "queue", "number: 1, status: superseded, date: 2026-01-01, decision: files");
    commit(&mut shell);
    shell
}

#[test]
fn branches_that_cannot_all_be_merged_are_found_before_any_is() {
    let mut shell = branches();
    assert_eq!(validate(&mut shell, ""), (vec![], 0));
    let number = |file: &str| format!("adr/number-across-branches {file}");
    let place = "adr/superseded-across-branches specs/redis.yaml:4".to_owned();
    let on_main = vec![number("kafka:specs/kafka.yaml:1"), place];
    assert_eq!(validate(&mut shell, "--all-branches"), (on_main, 1));
    shell.run("git switch -q rabbit");
    let on_rabbit =
        vec!["adr/superseded-across-branches kafka:specs/kafka.yaml:1".into(), number("specs/rabbit.yaml:4")];
    assert_eq!(validate(&mut shell, "--all-branches"), (on_rabbit, 1));
    decision(&mut shell, "rabbit", "number: 4, status: proposed, date: 2026-02-01");
    commit(&mut shell);
    let rest = vec!["adr/superseded-across-branches kafka:specs/kafka.yaml:1".to_owned()];
    assert_eq!(validate(&mut shell, "--all-branches"), (rest, 1));
}

#[test]
fn a_number_that_is_given_on_with_a_new_name_is_taken_once() {
    let mut shell = repository();
    shell.run("git switch -qc rename && git mv specs/queue.yaml specs/files.yaml && sed -i 's/name: queue/name: files/' specs/files.yaml");
    commit(&mut shell);
    shell.run("git switch -q main");
    assert_eq!(validate(&mut shell, "--all-branches"), (vec![], 0));
}

#[test]
fn a_pass_opens_a_task_for_branches_that_collide_and_closes_it_when_they_no_longer_do() {
    let mut shell = branches();
    let (said, code) = shell.run("abide reconcile");
    assert_eq!(code, 0, "{said}");
    let (tasks, _) = shell.run("abide tasks list");
    assert!(tasks.contains("branches give the number 2 to different decisions"), "{said}{tasks}");
    assert!(tasks.contains("branches supersede decision/queue by different decisions"), "{tasks}");
    let (said, _) = shell.run("abide drift list -o json");
    for word in ["decision/branches", "decision/number-taken", "decision/place-taken"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    shell.run("git branch -qD kafka kafka-more");
    let (said, _) = shell.run("abide reconcile");
    assert!(said.matches("close").count() >= 2, "{said}");
}

#[test]
fn what_is_mechanical_is_mended_and_nothing_else_is_touched() {
    let mut shell = repository();
    let older = "# Why we queue.\napiVersion: abide.dev/v1\nkind: Decision\nmetadata: {name: queue}   # for now\nspec:\n  date: 2026-01-01\n  status:   'accepted'   # by all\n";
    std::fs::write(shell.start().join("org/specs/queue.yaml"), older).unwrap();
    decision(&mut shell, "redis", "status: accepted, date: 2026-02-02, supersedes: [decision/queue]");
    commit(&mut shell);
    let (patch, code) = shell.run("abide fix --dry-run");
    assert!(
        code == 0 && patch.contains("-  status:   'accepted'   # by all\n+  status:   'superseded'   # by all\n"),
        "{patch}"
    );
    let (said, code) = shell.run("abide fix --dry-run 2>/dev/null | git apply && abide fix && git diff --stat");
    assert!(
        code == 0 && said.contains("Nothing to mend") && said.contains("1 file changed, 1 insertion(+), 1 deletion(-)"),
        "{said}"
    );
    let (said, code) = shell.run("git checkout -q specs && abide fix && git diff -U0 | grep '^[-+] ' && abide fix");
    assert!(code == 0 && said.starts_with("mended specs/queue.yaml\n-  status:   'accepted'"), "{said}");
    assert!(said.ends_with("Nothing to mend mechanically.\n"), "{said}");
}

#[test]
fn the_task_of_a_superseded_decision_carries_the_patch_that_closes_it() {
    let mut shell = repository();
    decision(&mut shell, "redis", "status: accepted, date: 2026-02-02, supersedes: [queue]");
    commit(&mut shell);
    let (said, code) = shell.run("abide reconcile");
    assert_eq!(code, 0, "{said}");
    let (said, _) = shell.run("abide drift list -o json >drifts.json; id=$(sed -n 's/.*\"fingerprint\": \"\\(.*\\)\",/\\1/p' drifts.json | head -1); abide drift explain $id -o json >one.json; cat one.json");
    let one: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    let patch = one.pointer("/fix/patch").or_else(|| one.pointer("/drift/fix/patch")).and_then(|patch| patch.as_str());
    std::fs::write(shell.start().join("org/fix.patch"), patch.unwrap_or_else(|| panic!("{said}"))).unwrap();
    let (said, code) =
        shell.run("git apply fix.patch && rm fix.patch *.json && git commit -qam 'Superseded' && abide reconcile");
    assert!(code == 0 && said.contains("close"), "{said}");
}

#[test]
fn references_follow_what_was_renamed() {
    let mut shell = repository();
    decision(&mut shell, "redis", "status: accepted, date: 2026-02-02, amends: [queue], relatesTo: [decision/queue]");
    commit(&mut shell);
    shell.run("git mv specs/queue.yaml specs/files.yaml && sed -i 's/name: queue/name: files/' specs/files.yaml");
    let (said, code) = shell.run("abide validate");
    assert!(code == 1 && said.contains("it is called `files` now"), "{said}");
    let (said, code) = shell.run("abide fix && grep -h amends specs/redis.yaml && abide validate");
    assert!(code == 0 && said.contains("amends: [files], relatesTo: [decision/files]"), "{said}");
}

#[test]
fn records_are_mended_where_they_lie() {
    let mut shell = Shell::new();
    shell.run("mkdir adr && printf '# 1. A\\n\\n## Status\\n\\nAccepted\\n' >adr/0001-a.md && printf '# 2. B\\n\\n## Status\\n\\nAccepted\\n\\nSupersedes [1](0001-old.md)\\n' >adr/0002-b.md");
    let (patch, code) = shell.run("abide fix --dry-run adr");
    assert!(
        code == 0 && patch.contains("+++ b/adr/0001-a.md") && patch.contains("+Superseded by [ADR-0002](0002-b.md)"),
        "{patch}"
    );
    let (said, code) = shell.run("abide fix adr; abide import adr --dry-run adr");
    assert!(
        code == 0 && said.contains("mended adr/0002-b.md") && said.contains("2 decisions, 0 errors, 0 warnings"),
        "{said}"
    );
}

#[test]
fn a_circle_is_for_a_person_and_quotes_stay_as_they_are() {
    let mut shell = repository();
    decision(&mut shell, "a", "status: accepted, date: 2026-01-01, supersedes: [b]");
    decision(&mut shell, "b", "status: accepted, date: 2026-01-01, supersedes: [a]");
    commit(&mut shell);
    let (said, code) = shell.run("abide fix && abide reconcile && abide drift list");
    assert!(code == 0 && said.contains("Nothing to mend") && said.contains("No drift"), "{said}");
    assert_eq!(validate(&mut shell, "").0, ["adr/cycle specs/a.yaml:4"]);
    let json = r#"{"apiVersion":"abide.dev/v1","kind":"Decision","metadata":{"name":"a"},"spec":{"status":"accepted","date":"2026-01-01"}}"#;
    std::fs::write(shell.start().join("org/specs/a.json"), json).unwrap();
    shell.run("rm specs/a.yaml && abide fix");
    let mended = std::fs::read_to_string(shell.start().join("org/specs/a.json")).unwrap();
    assert_eq!(mended, json.replace("accepted", "superseded"));
}

#[test]
fn what_lies_elsewhere_is_checked_as_the_commit_that_it_is() {
    let mut shell = repository();
    decision(&mut shell, "page", "number: 2, status: accepted, date: 2026-01-01");
    commit(&mut shell);
    let config = "printf '[specs]\\nrepository = \"file://%s\"\\nbranch = \"main\"\\n' \"$PWD\"";
    let (said, _) = shell.run(&format!("mkdir ../elsewhere && {config} >../elsewhere/abide.toml && cd ../elsewhere && abide validate && abide decision lint && abide decision graph | tail -1 && abide export adr page | head -3"));
    for words in ["3 specs in 3 files are valid", "2 specs in 2 files are valid", "2 decisions", "status: accepted"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn a_clone_that_lacks_where_branches_began_says_so() {
    let mut shell = repository();
    shell.run("for i in 1 2 3; do git commit -q --allow-empty -m $i; done; git switch -qc kafka HEAD~2");
    decision(&mut shell, "kafka", "number: 2, status: proposed, date: 2026-02-01");
    commit(&mut shell);
    shell.run(
        "git switch -q main && git clone -q --depth 1 --no-single-branch \"file://$PWD\" ../shallow && cd ../shallow",
    );
    let (said, code) = shell.run("abide validate --all-branches");
    assert!(code == 4 && said.contains("fetch-depth: 0"), "{code}: {said}");
    let (said, code) = shell.run("abide validate --against origin/kafka");
    assert!(code == 4 && said.contains("fetch-depth: 0"), "{code}: {said}");
    let (said, _) = shell.run("abide plan");
    assert!(said.contains("unknown") && said.contains("lacks its history"), "{said}");
}

#[test]
fn what_a_branch_takes_that_cannot_be_read_is_not_mended() {
    let mut shell = branches();
    let (said, code) = shell.run("abide reconcile");
    assert!(code == 0 && said.contains("2 drifts"), "{said}");
    shell.run("git switch -q rabbit && sed -i 's/proposed/proposd/' specs/rabbit.yaml");
    commit(&mut shell);
    shell.run("git switch -q main");
    let (said, code) = shell.run("abide reconcile");
    assert!(code == 0 && !said.contains("close") && said.contains("on rabbit cannot be read"), "{said}");
    let (said, _) = shell.run("abide validate --all-branches");
    assert!(said.contains("note: rabbit:specs/rabbit.yaml:1 cannot be read"), "{said}");
}

#[test]
fn a_decision_that_cannot_be_read_is_not_gone() {
    let mut shell = repository();
    shell.run("sed -i 's/kind: Decision/kind: Decison/' specs/queue.yaml");
    let (found, _) = validate(&mut shell, "");
    assert_eq!(found, ["spec/kind specs/queue.yaml:2"]);
}
