//! Which files are the code, and how they are named.

use super::*;

const MATCH: &str = "{id: kind, repository: app, match: {file: db.yaml, pointer: /kind, equals: postgres}}";

#[test]
fn a_finding_has_file_line_and_the_text_at_fault() {
    let world = World::new(&[NO_CALLS, RUNBOOK]);
    let (exit, text) = world.in_app("");
    assert_eq!(exit, Exit::Findings);
    insta::assert_snapshot!("in_the_code_repository", text);
    insta::assert_snapshot!("in_the_spec_repository", world.run("").1);
}

#[test]
fn files_count_as_they_lie_there_without_what_git_ignores() {
    let world = World::new(&[NO_CALLS]);
    world.app.write("src/ask.py", "ask the gateway\n");
    world.app.write("out/src/x.py", "api.openai.com");
    let (exit, text) = world.in_app("");
    assert_eq!(
        (exit, summary(&text)),
        (Exit::Fine, "No rule is broken: 1 rule of 1 decision holds in app at APP and what is not committed",)
    );
    world.app.write("src/new.py", "api.openai.com");
    // What lies in another repository within is not of this one: CI may put the specs there.
    git2::Repository::init(world.app.path().join("src/specs")).unwrap();
    world.app.write("src/specs/x.py", "api.openai.com");
    let (exit, text) = world.in_app("");
    assert!(exit == Exit::Findings && text.contains("--> src/new.py:1:1"), "{text}");
    assert!(text.starts_with("error[") && text.matches("is against").count() == 1, "{text}");
}

#[test]
fn in_the_spec_repository_the_url_and_ref_count() {
    let world = World::new(&[NO_CALLS]);
    world.app.write("src/ask.py", "ask the gateway\n");
    let inside = format!("--repository app --code {}", world.specs.path().join("specs").display());
    let (_, text) = world.run(&inside);
    assert!(text.contains("--> app:src/ask.py:2:5"), "{text}");
    assert!(text.contains("--> specs/decision.yaml:8:12"), "{text}");
    let old = world.app.repository.head().unwrap().target().unwrap();
    world.app.commit_all();
    let (exit, text) = world.run(&inside);
    assert_eq!((exit, text.as_str()), (Exit::Fine, "No rule is broken: 1 rule of 1 decision holds in app at APP\n"));
    world.app.branch("old", old);
    world.spec("app.yaml", &world.repository(", ref: old"));
    let (exit, text) = world.run(&inside);
    assert!(exit == Exit::Findings && text.contains("--> app:src/ask.py:2:5"), "{text}");
}

#[test]
fn a_folder_in_no_repository_is_code_where_it_is_named() {
    let world = World::new(&[NO_CALLS]);
    let folder = tempfile::tempdir().unwrap();
    crate::git::testing::write(folder.path(), "src/x.py", "\n\napi.openai.com\n");
    let line = format!("--repository repository/app --code {}", folder.path().display());
    let (exit, text) = world.run(&line);
    assert!(exit == Exit::Findings && text.contains("--> src/x.py:3:1"), "{text}");
    assert_eq!(summary(&text), "1 error: the only rule is broken in app");
    let error = world.fails("--repository app --code nowhere");
    assert_eq!(error.exit, Exit::Usage);
    assert!(error.message.starts_with("nowhere: "), "{error}");
    assert!(
        world
            .fails(&format!("--repository app --code {}/src/x.py", folder.path().display()))
            .message
            .ends_with("is no folder")
    );
}

#[test]
fn a_value_is_shown_where_it_stands_and_its_file_is_missed_in_the_decision() {
    let world = World::new(&[MATCH]);
    let (_, text) = world.in_app("");
    assert!(text.contains("there is no such file") && text.contains("--> SPECS:specs/decision.yaml:8:12"), "{text}");
    world.app.write("db.yaml", "# ours\nkind: mysql\n");
    let (_, text) = world.in_app("");
    assert!(text.contains("`\"mysql\"` is against rule kind of decision/one-gateway"), "{text}");
    assert!(text.contains("--> db.yaml:2:1\n") && text.contains("2 | kind: mysql"), "{text}");
    world.app.write("db.yaml", "kind: postgres\n");
    assert_eq!(world.in_app("").0, Exit::Fine);
}

#[test]
fn every_place_is_told_however_many_there_are() {
    let world = World::new(&[NO_CALLS]);
    for number in 0..13 {
        world.app.write(&format!("src/f{number}.py"), "api.openai.com\n".repeat(100));
    }
    let (_, text) = world.in_app("");
    assert_eq!(summary(&text), "1301 errors: the only rule is broken in app at APP and what is not committed");
}

#[test]
fn specs_in_a_folder_of_their_repository_are_named_from_its_root() {
    let world = World::new(&[]);
    let specs = world.specs.path();
    std::fs::create_dir(specs.join("deep")).unwrap();
    std::fs::rename(specs.join("specs"), specs.join("deep/specs")).unwrap();
    std::fs::rename(specs.join("abide.toml"), specs.join("deep/abide.toml")).unwrap();
    world.specs.write("deep/specs/decision.yaml", decision("one-gateway", &["{id: readme, requirePath: README.md}"]));
    let global = Global { config: specs.join("deep/abide.toml"), ..world.global.clone() };
    let (_, text) = capture(|io| run(&args(""), &global, io)).unwrap();
    assert!(text.contains("--> deep/specs/decision.yaml:8:12"), "{text}");
}
