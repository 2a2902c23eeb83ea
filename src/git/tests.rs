mod pages;

use std::fs;
use std::path::Path;

use super::testing::{Fixture, write};
use super::*;
use crate::catalog::Content;

fn source(base: &Path) -> Box<dyn SpecSource> {
    configured(base, |_| ())
}

fn configured(base: &Path, change: impl FnOnce(&mut SourceConfig)) -> Box<dyn SpecSource> {
    let mut config = SourceConfig { repository: ".".into(), path: "specs".into(), ..SourceConfig::default() };
    config.base = base.to_owned();
    change(&mut config);
    open(config)
}

fn names(tree: &SourceTree) -> Vec<&str> {
    tree.files.keys().map(|name| &**name).collect()
}

fn text<'t>(tree: &'t SourceTree, name: &str) -> &'t str {
    tree.files[name].text().unwrap()
}

fn words<'t>(tree: &'t SourceTree, name: &str) -> &'t str {
    match &tree.files[name].content {
        Content::Unreadable(words) => words,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn head_is_the_commit_and_working_is_the_disk() {
    let fixture = Fixture::new();
    let first = fixture.commit(&[("specs/a.yaml", "a: 1"), ("specs/b/c.json", "{}"), ("README.md", "x")]);
    fixture.write("specs/a.yaml", "a: 2");
    let mut source = source(fixture.path());
    let head = source.head(None).unwrap();
    assert_eq!(head.revision.as_str(), first.to_string());
    assert_eq!(names(&head), ["specs/a.yaml", "specs/b/c.json"]);
    assert_eq!(text(&head, "specs/a.yaml"), "a: 1");
    let working = source.working().unwrap();
    assert_eq!(text(&working, "specs/a.yaml"), "a: 2");
    assert_eq!(working.revision.as_str(), format!("{first}-dirty"));
    fixture.write("specs/a.yaml", "a: 1");
    fixture.write("notes.yaml", "not a spec");
    assert_eq!(source.working().unwrap(), head);
}

#[test]
fn the_spec_folder_may_be_the_whole_repository() {
    let fixture = Fixture::of(&[("a.yaml", &"a".repeat(99)), ("x/b.yaml", "b")]);
    let mut source = configured(fixture.path(), |config| config.path = ".".into());
    let before = source.head(None).unwrap();
    assert_eq!(names(&before), ["a.yaml", "x/b.yaml"]);
    assert_eq!(before, source.working().unwrap());
    fixture.write("x/b.yaml", "b2");
    assert!(source.working().unwrap().revision.as_str().ends_with("-dirty"));
    fs::rename(fixture.path().join("a.yaml"), fixture.path().join("c.yaml")).unwrap();
    fixture.commit_all();
    assert_eq!(source.head(Some(&before)).unwrap().renames, [("a.yaml".into(), "c.yaml".into())]);
}

#[test]
fn new_ignored_and_removed_specs_make_the_working_tree_dirty() {
    let fixture = Fixture::of(&[("specs/a.yaml", "a"), (".gitignore", "local-*.yaml\n")]);
    let mut source = source(fixture.path());
    assert!(!source.working().unwrap().revision.as_str().ends_with("-dirty"));
    let ignored = fixture.write("specs/local-b.yaml", "b");
    let working = source.working().unwrap();
    assert!(working.revision.as_str().ends_with("-dirty"));
    assert_eq!(names(&working), ["specs/a.yaml", "specs/local-b.yaml"]);
    fs::remove_file(ignored).unwrap();
    fs::remove_file(fixture.path().join("specs/a.yaml")).unwrap();
    assert!(source.working().unwrap().revision.as_str().ends_with("-dirty"));
}

#[test]
fn an_unchanged_blob_is_shared_and_a_rename_is_told() {
    let long = "kind: Decision\n".repeat(20);
    let fixture = Fixture::of(&[("specs/a.yaml", &long), ("specs/b.yaml", "b")]);
    let mut source = source(fixture.path());
    let before = source.head(None).unwrap();
    fs::rename(fixture.path().join("specs/a.yaml"), fixture.path().join("specs/z.yaml")).unwrap();
    fixture.commit(&[("specs/b.yaml", "b2")]);
    let after = source.head(Some(&before)).unwrap();
    assert_eq!(after.renames, [("specs/a.yaml".into(), "specs/z.yaml".into())]);
    let (old, new) = (before.files["specs/a.yaml"].text(), after.files["specs/z.yaml"].text());
    assert!(Arc::ptr_eq(old.unwrap(), new.unwrap()));
    assert_eq!(text(&after, "specs/b.yaml"), "b2");
    assert_eq!(source.tip().unwrap().as_ref(), Some(&after.revision));
}

#[test]
fn a_branch_can_be_named_and_a_missing_one_says_what_there_is() {
    let fixture = Fixture::new();
    let first = fixture.commit(&[("specs/a.yaml", "a: 1")]);
    fixture.branch("release", first);
    fixture.commit(&[("specs/a.yaml", "a: 2")]);
    let mut release = configured(fixture.path(), |config| config.branch = Some("release".into()));
    assert_eq!(text(&release.head(None).unwrap(), "specs/a.yaml"), "a: 1");
    assert_eq!(text(&release.at("main").unwrap(), "specs/a.yaml"), "a: 2");
    assert_eq!(text(&release.at("main~1").unwrap(), "specs/a.yaml"), "a: 1");
    let mut missing = configured(fixture.path(), |config| config.branch = Some("mian".into()));
    let error = missing.head(None).unwrap_err().to_string();
    assert!(error.ends_with("has no `mian`: its branches are main, release; did you mean `main`?"), "{error}");
    let error = release.at("nope").unwrap_err();
    assert!(matches!(&error, SourceError::NoRevision { revision, .. } if revision == "nope"), "{error}");
}

#[test]
fn an_empty_repository_says_what_to_do() {
    let fixture = Fixture::new();
    fixture.write("specs/a.yaml", "a");
    let mut source = source(fixture.path());
    let error = source.head(None).unwrap_err().to_string();
    assert!(error.contains("it has no commit yet; make one: git add"), "{error}");
    assert_eq!(names(&source.working().unwrap()), ["specs/a.yaml"]);
}

#[test]
fn links_submodules_and_other_texts_are_told_and_never_followed() {
    let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("secret.yaml", "s")]);
    std::os::unix::fs::symlink("../secret.yaml", fixture.path().join("specs/link.yaml")).unwrap();
    fixture.write("specs/latin.yaml", b"caf\xe9");
    fixture.write("specs/big.yaml", vec![b'#'; crate::yaml::limits::FILE_BYTES + 1]);
    let commit = fixture.commit_all();
    let tree = fixture.repository.find_commit(commit).unwrap().tree().unwrap();
    let specs = fixture.repository.find_tree(tree.get_name("specs").unwrap().id()).unwrap();
    let mut builder = fixture.repository.treebuilder(Some(&specs)).unwrap();
    builder.insert("vendored", commit, 0o160_000).unwrap();
    let specs = builder.write().unwrap();
    let mut builder = fixture.repository.treebuilder(Some(&tree)).unwrap();
    builder.insert("specs", specs, 0o040_000).unwrap();
    fixture.commit_tree(builder.write().unwrap());
    fixture.write("specs/vendored/.git", "gitdir: elsewhere");
    fixture.write("specs/vendored/v.yaml", "v");
    let mut source = source(fixture.path());
    let (head, working) = (source.head(None).unwrap(), source.working().unwrap());
    for tree in [&head, &working] {
        assert!(words(tree, "specs/link.yaml").contains("symbolic link"));
        assert!(words(tree, "specs/vendored").contains("submodule"));
        assert_eq!(tree.files["specs/latin.yaml"].content, Content::NotUtf8(3));
        assert_eq!(tree.files["specs/big.yaml"].content, Content::TooLarge((1 << 20) + 1));
    }
    assert_eq!(head.files, working.files);
}

#[test]
fn the_ignore_file_counts_as_it_was_committed() {
    let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("specs/drafts/b.yaml", "b"), (".abideignore", "drafts/\n")]);
    let mut source = source(fixture.path());
    assert_eq!(names(&source.head(None).unwrap()), ["specs/a.yaml"]);
    fixture.write(".abideignore", "[\n");
    assert_eq!(names(&source.head(None).unwrap()), ["specs/a.yaml"]);
    let working = source.working().unwrap();
    assert!(working.revision.as_str().ends_with("-dirty"));
    assert_eq!(names(&working), [".abideignore", "specs/a.yaml", "specs/drafts/b.yaml"]);
    assert!(words(&working, ".abideignore").starts_with("line 1"));
}

#[test]
fn a_folder_of_abide_toml_inside_the_repository_shows_paths_relative_to_itself() {
    let fixture = Fixture::of(&[("ops/abide/specs/a.yaml", "a"), ("specs/other.yaml", "o")]);
    let mut source = source(&fixture.path().join("ops/abide"));
    let (head, working) = (source.head(None).unwrap(), source.working().unwrap());
    assert_eq!(names(&head), ["specs/a.yaml"]);
    assert_eq!(head, working);
}

#[test]
fn a_repository_elsewhere_may_be_bare_or_a_linked_worktree() {
    let fixture = Fixture::of(&[("specs/a.yaml", "a")]);
    let elsewhere = tempfile::tempdir().unwrap();
    let bare = elsewhere.path().join("specs.git");
    git2::build::RepoBuilder::new().bare(true).clone(fixture.path().to_str().unwrap(), &bare).unwrap();
    let mut source = configured(elsewhere.path(), |config| config.repository = "specs.git".into());
    assert_eq!(names(&source.head(None).unwrap()), ["specs/a.yaml"]);
    assert!(source.working().unwrap_err().to_string().contains("bare"));
    let linked = elsewhere.path().join("linked");
    fixture.repository.worktree("linked", &linked, None).unwrap();
    let mut source = configured(&linked, |_| ());
    assert_eq!(source.head(None).unwrap(), source.working().unwrap());
}

#[test]
fn a_folder_without_git_is_its_own_head() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "specs/a.yaml", "a");
    let mut source = source(folder.path());
    let head = source.head(None).unwrap();
    assert_eq!(head, source.working().unwrap());
    assert_eq!(head.revision, SourceTree::digest(&head.files));
    write(folder.path(), "specs/a.yaml", "b");
    let after = source.head(Some(&head)).unwrap();
    assert_ne!(after.revision, head.revision);
    assert!(source.continues(&head.revision, &after.revision).unwrap());
    assert!(source.earlier(&head.revision, "specs/a.yaml", 5).unwrap().is_empty());
    assert!(source.at("main").unwrap_err().to_string().contains("git init"));
}

#[test]
fn what_is_gone_is_out_of_reach_and_may_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut source = configured(folder.path(), |config| config.repository = "away".into());
    assert!(matches!(source.head(None), Err(SourceError::OutOfReach { .. })));
    let away = folder.path().join("away");
    write(&away, "specs/a.yaml", "a");
    assert_eq!(names(&source.head(None).unwrap()), ["specs/a.yaml"]);
}

#[test]
fn a_missing_object_fails_the_whole_tree() {
    let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("specs/b.yaml", "b")]);
    let blob = fixture.repository.revparse_single("HEAD:specs/b.yaml").unwrap().id().to_string();
    fs::remove_file(fixture.path().join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let error = source(fixture.path()).head(None).unwrap_err();
    assert!(matches!(error, SourceError::OutOfReach { .. }), "{error}");
}

#[test]
fn earlier_versions_come_newest_first_and_differ() {
    let fixture = Fixture::new();
    let one = fixture.commit(&[("specs/a.yaml", "1")]);
    let two = fixture.commit(&[("specs/a.yaml", "2")]);
    fixture.commit(&[("specs/b.yaml", "b")]);
    let three = fixture.commit(&[("specs/a.yaml", "3")]);
    let mut source = source(fixture.path());
    let mut texts = |from: String, most| {
        let versions = source.earlier(&Revision::new(from), "specs/a.yaml", most).unwrap();
        versions.into_iter().map(|(_, file)| file.text().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(texts(three.to_string(), 9), ["2", "1"]);
    assert_eq!(texts(three.to_string(), 1), ["2"]);
    assert_eq!(texts(format!("{three}-dirty"), 9), ["3", "2", "1"]);
    assert_eq!(texts(one.to_string(), 9), [""; 0]);
    assert_eq!(texts(two.to_string(), 9), ["1"]);
}

#[test]
fn rewritten_history_does_not_continue() {
    let fixture = Fixture::new();
    let one = fixture.commit(&[("specs/a.yaml", "1")]);
    let two = fixture.commit(&[("specs/a.yaml", "2")]);
    fixture.branch("main", one);
    let other = fixture.commit(&[("specs/a.yaml", "other")]);
    let mut source = source(fixture.path());
    let mut continues = |old: &str, new: &str| source.continues(&Revision::new(old), &Revision::new(new)).unwrap();
    let (one, two, other) = (one.to_string(), two.to_string(), other.to_string());
    assert!(continues(&one, &two) && continues(&one, &other) && continues(&two, &two));
    assert!(!continues(&two, &other) && !continues(&two, &one));
    assert!(!continues("0123456789012345678901234567890123456789", &one));
}

#[test]
fn files_can_be_read_without_any_git() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "specs/a.yaml", "a");
    write(folder.path(), "specs/.git/x.yaml", "x");
    write(folder.path(), "one.txt", "one");
    let files = read_files(folder.path(), &["specs".into(), "./one.txt".into()]).unwrap();
    assert_eq!(files.keys().map(|name| &**name).collect::<Vec<_>>(), ["one.txt", "specs/a.yaml"]);
    assert!(matches!(read_files(folder.path(), &["none".into()]), Err(SourceError::OutOfReach { .. })));
}

#[test]
fn a_configuration_prints_no_secret() {
    let config = SourceConfig { repository: "https://ada:secret@h/x".into(), ..SourceConfig::default() };
    let shown = format!("{:?}", SourceConfig { token: Some("t0ken".into()), ..config });
    assert!(shown.contains("https://h/x") && !shown.contains("secret") && !shown.contains("t0ken"), "{shown}");
}
