//! Repositories in odd states.

use super::{Expected, check, check_both};
use crate::support::organisation::{NOW, Organisation};

fn reconcile(org: &Organisation, code: i32, says: &[&str]) {
    check(org, &["reconcile", "--at", NOW], &Expected { code, says });
}

#[test]
fn without_a_commit_there_is_nothing_to_reconcile() {
    let org = Organisation::new();
    org.repo.forget_history();
    reconcile(&org, 4, &["has no `"]);
    assert_eq!(org.abide(&["plan", "--at", NOW]).code, 0, "the files on the disk are there");
}

#[test]
fn a_branch_that_is_not_there_is_named_with_what_is() {
    let org = Organisation::new();
    org.config("[specs]", "[specs]\nbranch = \"trunk\"");
    reconcile(&org, 4, &["has no `trunk`"]);
}

#[test]
fn a_repository_that_is_not_there_is_out_of_reach() {
    let org = Organisation::new();
    org.config("[specs]", "[specs]\nrepository = \"nowhere\"");
    check_both(&org, &Expected { code: 4, says: &["nowhere"] });
}

#[test]
fn a_detached_head_is_read_as_it_is() {
    let org = Organisation::new();
    let head = org.repo.git.head().unwrap().target().unwrap();
    org.repo.git.set_head_detached(head).unwrap();
    assert_eq!(org.abide(&["reconcile", "--at", NOW]).code, 0);
}

#[test]
fn a_bare_repository_is_read_without_a_checkout() {
    let org = Organisation::new();
    let bare = org.path().join(".git/copy.git");
    let url = org.path().to_string_lossy().into_owned();
    git2::build::RepoBuilder::new().bare(true).clone(&url, &bare).unwrap();
    org.config("[specs]", "[specs]\nrepository = \".git/copy.git\"\npath = \"specs\"");
    let ended = org.abide(&["reconcile", "--at", NOW, "-o", "json"]);
    assert_eq!((ended.code, ended.json()["specs"].as_u64()), (0, Some(3)), "{ended:?}");
}

#[test]
fn a_tree_without_specs_matches_nothing() {
    let org = Organisation::new();
    std::fs::remove_dir_all(org.path().join("specs")).unwrap();
    org.repo.commit();
    check(&org, &["plan", "--at", NOW], &Expected { code: 3, says: &["no specs matched"] });
    check(&org, &["validate"], &Expected { code: 3, says: &["no specs matched"] });
    reconcile(&org, 3, &["no specs matched"]);
}

#[test]
fn a_repository_that_is_damaged_is_out_of_reach() {
    let org = Organisation::new();
    std::fs::remove_dir_all(org.path().join(".git/objects")).unwrap();
    std::fs::create_dir(org.path().join(".git/objects")).unwrap();
    let ended = org.abide(&["reconcile", "--at", NOW]);
    assert!(ended.code == 4 && !ended.err.contains("panicked"), "{ended:?}");
}

#[test]
fn links_and_submodules_are_no_specs() {
    let org = Organisation::new();
    std::os::unix::fs::symlink("/etc/passwd", org.path().join("specs/passwd.yaml")).unwrap();
    org.repo.commit();
    let ended = org.abide(&["validate", "--rev", "main"]);
    assert!(ended.code == 1 && ended.out.contains("file/unreadable"), "{ended:?}");
    assert!(!ended.out.contains("root:"), "a link is never followed: {ended:?}");
}
