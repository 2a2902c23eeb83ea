//! `--changed-since`: what a change brings, and nothing else.

use super::*;

/// On a branch of its own, with `main` where it began.
fn on_a_branch(rules: &[&str]) -> World {
    let world = World::new(rules);
    world.app.repository.set_head("refs/heads/change").unwrap();
    world.app.branch("change", world.app.repository.refname_to_id("refs/heads/main").unwrap());
    world
}

#[test]
fn places_count_in_files_that_changed_committed_or_not() {
    let world = on_a_branch(&[NO_CALLS]);
    let (exit, text) = world.in_app("--changed-since main");
    assert_eq!(exit, Exit::Fine);
    let old = "No rule is newly broken: 0 of 1 rule of 1 decision hold in app at APP; 1 finding is older than the change since main \
               and left out\n";
    assert_eq!(text, old);
    world.app.commit(&[("src/committed.py", "api.openai.com")]);
    world.app.write("src/lies-there.py", "api.openai.com");
    let (exit, text) = world.in_app("--changed-since main");
    assert_eq!(exit, Exit::Findings);
    for file in ["src/committed.py", "src/lies-there.py"] {
        assert!(text.contains(&format!("--> {file}:1:1")), "{text}");
    }
    assert!(!text.contains("src/ask.py") && text.matches("is against").count() == 2, "{text}");
    assert!(summary(&text).ends_with("; 1 finding is older than the change since main and left out"), "{text}");
    world.app.write("src/ask.py", "# touched\napi.openai.com");
    let (_, text) = world.in_app("--changed-since main");
    assert_eq!(text.matches("is against").count(), 3, "{text}");
    assert!(summary(&text).ends_with("; nothing older than the change since main is left out"), "{text}");
}

#[test]
fn what_is_missing_counts_where_it_was_there() {
    let world = on_a_branch(&[RUNBOOK]);
    assert_eq!(world.in_app("").0, Exit::Findings);
    assert_eq!(world.in_app("--changed-since main").0, Exit::Fine, "it was missing before");
    let with = world.app.commit(&[("runbook.md", "x")]);
    world.app.branch("main", with);
    std::fs::remove_file(world.app.path().join("runbook.md")).unwrap();
    let (exit, text) = world.in_app("--changed-since main");
    assert_eq!(exit, Exit::Findings);
    assert!(text.contains("does not hold in app: is there a file runbook.md? there is none"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&world.in_app("--changed-since main -o json").1).unwrap();
    assert_eq!((&json["rules"]["broken"], &json["rules"]["older"]), (&1.into(), &0.into()));
}

#[test]
fn what_nobody_can_tell_is_told_whatever_changed() {
    let world = on_a_branch(&["{id: no-twilio, repository: app, forbidDependency: {name: twilio}}"]);
    let broken = world.app.commit(&[("package.json", "{")]);
    world.app.branch("main", broken);
    let (exit, text) = world.in_app("--changed-since main");
    assert!(exit == Exit::Findings && text.starts_with("error[decision/rule-unknown]"), "{text}");
}

#[test]
fn without_a_repository_it_is_about_the_code_beside_the_specs() {
    let world = World::new(&[NO_CALLS, "{id: no-todo, forbid: {pattern: TODO}}"]);
    let base = world.specs.repository.head().unwrap().target().unwrap();
    world.specs.branch("base", base);
    world.specs.commit(&[("notes.md", "TODO\n")]);
    world.specs.branch("base", world.specs.repository.head().unwrap().target().unwrap());
    world.specs.write("more.md", "TODO\n");
    let (exit, text) = world.run("--changed-since base");
    assert_eq!(exit, Exit::Findings);
    assert!(text.contains("--> more.md:1:1") && !text.contains("--> notes.md"), "{text}");
    assert!(!text.contains("no-direct-calls of"), "{text}");
    let says = "; 1 rule over other repositories is not checked: --repository names one";
    assert!(summary(&text).ends_with(says), "{text}");
}

#[test]
fn a_repository_by_its_url_is_compared_at_its_ref() {
    let world = on_a_branch(&[NO_CALLS, RUNBOOK]);
    world.app.commit(&[("src/new.py", "api.openai.com")]);
    let url = format!("file://{}", world.app.path().display());
    let inside = format!("--repository app --code {} --changed-since main", world.specs.path().display());
    for url in [world.app.path().to_string_lossy().into_owned(), url] {
        let app = format!(
            "apiVersion: abide.dev/v1\nkind: Repository\nmetadata: {{name: app}}\nspec: {{url: '{url}', ref: change}}\n"
        );
        world.spec(
            "app.yaml",
            &format!("{app}---\napiVersion: abide.dev/v1\nkind: Role\nmetadata: {{name: developer}}\nspec: {{}}\n"),
        );
        let (exit, text) = world.run(&inside);
        assert!(exit == Exit::Findings && text.contains("--> app:src/new.py:1:1"), "{text}");
        assert!(summary(&text).ends_with("; 2 findings are older than the change since main and left out"), "{text}");
    }
}

#[test]
fn a_reference_that_is_not_there_says_what_to_fetch() {
    let world = on_a_branch(&[NO_CALLS]);
    let line = format!("--repository app --code {} --changed-since origin/main", world.app.path().display());
    let error = world.fails(&line);
    assert_eq!(error.exit, Exit::OutOfReach);
    assert!(error.message.contains("has no `origin/main`"), "{error}");
    assert!(error.hint.unwrap().contains("fetch-depth: 0"));
    let head = world.app.repository.head().unwrap().target().unwrap();
    world.app.write(".git/shallow", format!("{head}\n"));
    assert!(world.fails(&line).message.contains("the clone is shallow"));
}
