//! `abide check` as the CI of a code repository runs it: the real program, in a clone, with the specs beside it or elsewhere.

use std::path::Path;
use std::process::Command;

use crate::support::organisation::Ended;
use crate::support::repository::Repo;

const DECISION: &str = "apiVersion: abide.dev/v1
kind: Repository
metadata: {name: app}
spec: {url: 'file:///nowhere/app.git'}
---
apiVersion: abide.dev/v1
kind: Decision
metadata: {name: one-gateway, title: One gateway}
spec:
  status: accepted
  date: 2026-02-15
  rules:
    - {id: no-direct-calls, repository: app, forbid: {pattern: 'api\\.openai\\.com', in: ['src/**']}}
";

fn specs() -> Repo {
    let specs = Repo::new();
    specs.write("abide.toml", "");
    specs.write("specs/decision.yaml", DECISION);
    specs.commit();
    specs
}

fn app() -> Repo {
    let app = Repo::new();
    app.write("src/ask.py", "fine\n");
    app.commit();
    app
}

fn check(folder: &Path, arguments: &[&str]) -> Ended {
    let mut program = Command::new(env!("CARGO_BIN_EXE_abide"));
    for name in ["ABIDE_CODE", "ABIDE_CHECK_REPOSITORY", "ABIDE_CONFIG"] {
        program.env_remove(name);
    }
    // What `abide init` calls the variable with Abide's own address must not be taken for the name of a Repository.
    program.env("ABIDE_REPOSITORY", "https://git.example/abide.git");
    Ended::of(&program.current_dir(folder).arg("check").args(arguments).output().unwrap())
}

#[test]
fn the_files_of_the_folder_that_it_runs_in_are_the_code() {
    let (specs, app) = (specs(), app());
    let config = specs.path().join("abide.toml").display().to_string();
    let arguments = ["--repository", "app", "--config", &config];
    let fine = check(app.path(), &arguments);
    assert_eq!((fine.code, fine.err.as_str()), (0, ""), "{}", fine.out);
    assert!(fine.out.starts_with("No rule is broken: 1 rule of 1 decision holds in app at "), "{}", fine.out);
    app.write("src/new.py", "x = 1\ncall(\"api.openai.com\")\n");
    // From a folder below as well, and from the root of the work tree.
    for folder in [app.path().to_owned(), app.path().join("src")] {
        let broken = check(&folder, &[&arguments[..], &["-o", "github"]].concat());
        assert_eq!(broken.code, 1, "{}", broken.err);
        assert!(broken.out.starts_with("::error file=src/new.py,line=2,endLine=2,col=1,"), "{}", broken.out);
    }
    let changed = check(app.path(), &[&arguments[..], &["--changed-since", "main"]].concat());
    assert!(changed.code == 1 && changed.out.contains("--> src/new.py:2:1"), "{}", changed.out);
}

#[test]
fn the_specs_may_be_elsewhere_or_within() {
    let (specs, app) = (specs(), app());
    app.write("abide.toml", format!("[specs]\nrepository = 'file://{}'\n", specs.path().display()));
    app.commit();
    let fine = check(app.path(), &["--repository", "app"]);
    assert_eq!(fine.code, 0, "{}{}", fine.out, fine.err);
    assert!(app.path().join(".abide/mirrors").is_dir() && !fine.out.contains("not committed"), "{}", fine.out);
    app.write("src/ask.py", "api.openai.com\n");
    let broken = check(app.path(), &["--repository", "app"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.err);
    assert!(broken.out.contains("--> src/ask.py:1:1"), "{}", broken.out);
    let name = specs.path().file_name().unwrap().to_string_lossy();
    assert!(broken.out.contains(&format!("--> {name}:specs/decision.yaml:13:12")), "{}", broken.out);
    // A job that checks the specs out into the code has them beside it, and they are none of it.
    let within = app.path().join("src/organisation");
    git2::Repository::clone(&specs.path().to_string_lossy(), &within).unwrap();
    std::fs::write(within.join("notes.txt"), "api.openai.com").unwrap();
    app.write("src/ask.py", "fine\n");
    let fine = check(app.path(), &["--repository", "app", "--config", "src/organisation/abide.toml"]);
    assert_eq!(fine.code, 0, "{}{}", fine.out, fine.err);
}

#[test]
fn what_cannot_be_done_says_so_by_its_code() {
    let (specs, app) = (specs(), app());
    let unknown = check(specs.path(), &["--repository", "ap"]);
    assert_eq!((unknown.code, unknown.err.contains("did you mean `app`?")), (2, true), "{}", unknown.err);
    assert_eq!(check(specs.path(), &["--code", "."]).code, 2, "whose code is it?");
    assert_eq!(check(app.path(), &[]).code, 3);
    let none = check(specs.path(), &["--changed-since", "origin/main"]);
    assert!(none.code == 4 && none.err.contains("fetch-depth: 0"), "{}", none.err);
    // In the spec repository the URL counts, and nobody can tell what is there.
    let away = check(specs.path(), &["--set", "specs.branch=main"]);
    assert!(away.code == 1 && away.out.starts_with("error[decision/rule-unknown]"), "{}{}", away.out, away.err);
}
