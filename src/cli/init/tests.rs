use super::*;
use crate::catalog::{Catalog, SourceTree};
use crate::cli::io::tests::run as capture;
use crate::config::Config;
use crate::model::Timestamp;

fn init(dir: &Path, ci: Ci) -> String {
    let (exit, text) = capture(|io| run(&Args { dir: dir.to_owned(), ci }, io)).unwrap();
    assert_eq!(exit, Exit::Fine);
    text
}

#[test]
fn the_second_run_keeps_everything() {
    let dir = tempfile::tempdir().unwrap();
    let first = init(dir.path(), Ci::Github);
    assert!(first.contains("created   abide.toml") && !first.contains("kept"), "{first}");
    fs::write(dir.path().join("specs/roles.yaml"), "# mine\n").unwrap();
    let second = init(dir.path(), Ci::Github);
    assert!(second.contains("kept      specs/roles.yaml"), "{second}");
    assert!(!second.contains("created") && !second.contains("extended"), "{second}");
    assert_eq!(fs::read_to_string(dir.path().join("specs/roles.yaml")).unwrap(), "# mine\n");
}

#[test]
fn what_git_ignores_is_extended_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(".gitignore");
    fs::write(&path, "/target").unwrap();
    assert!(init(dir.path(), Ci::None).contains("extended  .gitignore"));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("/target\n") && text.ends_with("\n.abide/\n"), "{text}");
    init(dir.path(), Ci::None);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn the_job_is_for_the_service_that_was_asked_for() {
    for (ci, path) in [(Ci::Github, ".github/workflows/abide.yml"), (Ci::Gitlab, ".gitlab-ci.yml")] {
        let dir = tempfile::tempdir().unwrap();
        init(dir.path(), ci);
        assert!(dir.path().join(path).is_file());
        let job = fs::read_to_string(dir.path().join(path)).unwrap();
        assert!(crate::yaml::parse(&job).problems.is_empty());
        let (_, line) = job.split_once("abide validate ").unwrap();
        let args: crate::cli::validate::Args = crate::cli::testing::args(line.lines().next().unwrap());
        let mixed = args.output.iter().filter(|output| output.path.is_none()).count();
        assert_eq!(mixed, 1, "two formats on standard output are a usage error: the job could never pass");
    }
    let dir = tempfile::tempdir().unwrap();
    init(dir.path(), Ci::None);
    assert!(!dir.path().join(".github").exists() && !dir.path().join(".gitlab-ci.yml").exists());
}

#[test]
fn the_branch_is_the_one_that_the_repository_is_on() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(branch(dir.path()), "main");
    fs::create_dir(dir.path().join(".git")).unwrap();
    fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/trunk\n").unwrap();
    init(dir.path(), Ci::None);
    let config = fs::read_to_string(dir.path().join("abide.toml")).unwrap();
    assert!(config.contains("branch = \"trunk\"") && !config.contains("BRANCH"), "{config}");
    assert!(toml::from_str::<toml::Table>(&config).is_ok());
    fs::write(dir.path().join(".git/HEAD"), "ref: refs/heads/\"; [x]\n").unwrap();
    assert_eq!(branch(dir.path()), "main");
}

#[test]
#[cfg(unix)]
fn the_hook_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    init(dir.path(), Ci::None);
    let hook = fs::metadata(dir.path().join(".githooks/pre-commit")).unwrap();
    assert_eq!(hook.permissions().mode() & 0o100, 0o100);
}

#[test]
fn the_result_is_valid_without_a_warning() {
    for ci in [Ci::Github, Ci::Gitlab, Ci::None] {
        let specs = files::of(ci).into_iter().filter(|file| file.path.starts_with("specs/"));
        let tree = SourceTree::of_texts(specs.map(|file| (file.path, file.text)));
        let (catalog, findings) = crate::catalog::load(&tree, &Catalog::empty(), Timestamp::from_millis(0));
        assert_eq!(findings, []);
        assert_eq!((catalog.file_count(), catalog.len()), (6, 10));
    }
}

#[test]
fn the_config_says_what_holds_without_it() {
    let dir = tempfile::tempdir().unwrap();
    init(dir.path(), Ci::None);
    let text = fs::read_to_string(dir.path().join(crate::config::FILE)).unwrap();
    let mut config = Config::parse(&text, &[]).unwrap();
    assert_eq!(config.specs.owner.take(), "role/triage".parse().ok());
    assert_eq!(config.specs.branch.take().as_deref(), Some("main"));
    assert_eq!(config, Config::default());
    // The mapping that stands in a comment is one as soon as somebody uncomments it.
    let (before, mapping) = text.split_once("# [tasks]").unwrap();
    let (mapping, after) = mapping.split_once("\n\n").unwrap();
    let uncommented = format!("{before}[tasks]{}\n\n{after}", mapping.replace("\n# ", "\n").replace("\n#\n", "\n\n"));
    assert!(Config::parse(&uncommented, &[]).unwrap().tasks.is_some());
}
