//! What differs between two states of a spec repository: the commit before, or a branch and where it began.

use std::collections::BTreeSet;
use std::sync::Arc;

use git2::{BranchType, Commit, Delta, Diff, DiffOptions, ErrorCode, Oid, Repository};

use super::disk::Files;
use super::history;
use super::scope::{IGNORE_FILE, Scope, is_page_name};
use super::trees::{Trees, read_changed};
use super::{Before, BranchTip, SourceError, limits};
use crate::catalog::Change;
use crate::kinds::decision::markdown::is_spec;
use crate::model::{Hasher, Revision};

/// What differs between a commit and its first parent; or between either of it or the files on the disk, where no commit is
/// given, and where it and `against` parted. Files that are those of their commit stand for it.
pub(super) fn before(
    trees: &Trees,
    repository: &Repository,
    revision: Option<&Revision>,
    against: Option<&str>,
) -> Result<Before, SourceError> {
    let wrong = |error: git2::Error| trees.out_of_reach(&error);
    let commit = match revision {
        Some(revision) => history::commit_of(repository, revision).map_err(wrong)?,
        None => history::checked_out(repository).map_err(wrong)?,
    };
    let Some(commit) = commit else { return Ok(Before::Nothing) };
    let to = revision.map(|_| &commit);
    if let Some(name) = against {
        let other = history::named(trees, repository, name)?;
        return match history::parted(repository, commit.id(), other.id()).map_err(wrong)? {
            Some(base) => between(trees, repository, &base, to).map(Before::Change),
            None => Ok(cut_off(repository)),
        };
    }
    if to.is_none() {
        let change = between(trees, repository, &commit, None)?;
        if !change.touched.is_empty() || !change.before.is_empty() {
            return Ok(Before::Change(change));
        }
    }
    match commit.parent(0) {
        Ok(parent) => between(trees, repository, &parent, Some(&commit)).map(Before::Change),
        // Of a commit without parents there is no first one, and of a shallow one it is not here.
        Err(error) if commit.parent_count() == 0 || error.code() == ErrorCode::NotFound => Ok(cut_off(repository)),
        Err(error) => Err(wrong(error)),
    }
}

/// What there is before the first commit: nothing, or nothing that was fetched.
fn cut_off(repository: &Repository) -> Before {
    if repository.is_shallow() { Before::CutOff } else { Before::Nothing }
}

/// What differs between two commits, or between a commit and the files on the disk.
fn between(
    trees: &Trees,
    repository: &Repository,
    old: &Commit<'_>,
    new: Option<&Commit<'_>>,
) -> Result<Change, SourceError> {
    let wrong = |error: git2::Error| trees.out_of_reach(&error);
    let old_tree = old.tree().map_err(wrong)?;
    let new_tree = new.map(Commit::tree).transpose().map_err(wrong)?;
    let scope = trees.scope(repository, new_tree.as_ref().unwrap_or(&old_tree))?;
    let mut options = DiffOptions::new();
    for folder in trees.folders_in_repository() {
        options.disable_pathspec_match(true).pathspec(folder);
    }
    options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(true).recurse_ignored_dirs(true);
    let diff = match &new_tree {
        Some(new) => repository.diff_tree_to_tree(Some(&old_tree), Some(new), Some(&mut options)),
        None => repository.diff_tree_to_workdir_with_index(Some(&old_tree), Some(&mut options)),
    };
    let sides = Sides::of(&diff.map_err(wrong)?, trees, &scope);
    let before = read_changed(repository, &sides.before).map_err(wrong)?;
    let after = match new {
        Some(_) => read_changed(repository, &sides.after).map_err(wrong)?,
        None => Files::new(),
    };
    let is_spec = |path: &Arc<str>| match new {
        Some(_) => after.contains_key(path),
        None => !is_page_name(path) || is_spec_on_disk(repository, &trees.path_in_repository(path)),
    };
    let touched = sides.after.iter().map(|(path, _)| path.clone()).filter(is_spec).collect();
    Ok(Change { from: Revision::new(old.id().to_string()), before, after, touched })
}

/// Whether a page that lies on the disk is a spec.
fn is_spec_on_disk(repository: &Repository, path: &str) -> bool {
    let bytes = repository.workdir().map(|folder| std::fs::read(folder.join(path)));
    bytes.is_some_and(|bytes| bytes.is_ok_and(|bytes| is_spec(&bytes)))
}

/// The spec files on both sides of a difference.
#[derive(Default)]
struct Sides {
    before: Vec<(Arc<str>, Oid)>,
    after: Vec<(Arc<str>, Oid)>,
}

impl Sides {
    fn of(diff: &Diff<'_>, trees: &Trees, scope: &Scope) -> Self {
        let mut sides = Self::default();
        let shown = |path: Option<&std::path::Path>| -> Option<Arc<str>> {
            let shown = trees.shown(path?.to_str()?)?;
            (!shown.ends_with(IGNORE_FILE) && scope.concerns(shown)).then(|| shown.into())
        };
        for delta in diff.deltas() {
            let was_there = !matches!(delta.status(), Delta::Added | Delta::Untracked | Delta::Ignored);
            if let Some(path) = shown(delta.old_file().path()).filter(|_| was_there) {
                sides.before.push((path, delta.old_file().id()));
            }
            if let Some(path) = shown(delta.new_file().path()).filter(|_| delta.status() != Delta::Deleted) {
                sides.after.push((path, delta.new_file().id()));
            }
        }
        sides
    }
}

/// The branches that are not in `base`, or not in what is checked out where none is given, each with what it changed since it left. Of those at one commit, the first.
pub(super) fn branches(
    trees: &Trees,
    repository: &Repository,
    base: Option<&Revision>,
) -> Result<Vec<BranchTip>, SourceError> {
    let wrong = |error: git2::Error| trees.out_of_reach(&error);
    let base = match base {
        Some(base) => history::commit_of(repository, base).map_err(wrong)?,
        None => history::checked_out(repository).map_err(wrong)?,
    };
    let Some(base) = base else { return Ok(Vec::new()) };
    let mut tips = Vec::new();
    for (id, name) in tips_of(repository).map_err(wrong)? {
        let tip = repository.find_commit(id).map_err(wrong)?;
        // What shares no history with the base is a repository of its own, as pages for a site are.
        let Some(parted) = history::parted(repository, base.id(), id).map_err(wrong)? else {
            if repository.is_shallow() {
                return Err(without_history(trees, &name));
            }
            continue;
        };
        if parted.id() != id {
            tips.push(BranchTip { name, change: between(trees, repository, &parted, Some(&tip))? });
        }
        if tips.len() >= limits::BRANCHES {
            break;
        }
    }
    Ok(tips)
}

fn without_history(trees: &Trees, branch: &str) -> SourceError {
    let reason = "the clone lacks its history; fetch all of it: git fetch --unshallow, or fetch-depth: 0".to_owned();
    let revision = format!("commit where {branch} began");
    SourceError::NoRevision { repository: trees.name.clone(), revision, reason }
}

/// A digest of where all branches are: another one, and somebody should look.
pub(super) fn tips(repository: &Repository) -> Result<Revision, git2::Error> {
    let tips = tips_of(repository)?;
    let hash = tips.iter().fold(Hasher::default(), |hasher, (id, name)| hasher.part(id.as_bytes()).part(&**name));
    Ok(Revision::new(hash.finish().short(40)))
}

/// The newest commits of branches, here and as they were last fetched, in order of name; each commit once, by the first.
fn tips_of(repository: &Repository) -> Result<Vec<(Oid, Arc<str>)>, git2::Error> {
    let mut tips: Vec<(Oid, Arc<str>)> = Vec::new();
    let mut seen: BTreeSet<Oid> = BTreeSet::new();
    for kind in [BranchType::Local, BranchType::Remote] {
        let mut named: Vec<(Arc<str>, Oid)> = Vec::new();
        for branch in repository.branches(Some(kind))? {
            let (branch, _) = branch?;
            let target = branch.get().resolve()?.target();
            let name = String::from_utf8_lossy(branch.name_bytes()?).into_owned();
            named.extend(target.filter(|_| !name.ends_with("/HEAD")).map(|target| (name.into(), target)));
        }
        named.sort();
        tips.extend(named.into_iter().filter(|(_, id)| seen.insert(*id)).map(|(name, id)| (id, name)));
    }
    Ok(tips)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Fixture;
    use super::super::{Before, SourceConfig, open};

    fn config(fixture: &Fixture) -> SourceConfig {
        SourceConfig {
            repository: ".".into(),
            path: "specs".into(),
            base: fixture.path().to_owned(),
            ..SourceConfig::default()
        }
    }

    /// The files before and after, each as `path=text`.
    fn change(fixture: &Fixture, against: Option<&str>) -> (Vec<String>, Vec<String>) {
        let Before::Change(change) = open(config(fixture)).before(None, against).unwrap() else { panic!("a change") };
        let before = change.before.iter().map(|(path, file)| format!("{path}={}", file.text().unwrap()));
        (before.collect(), change.touched.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_clean_commit_is_compared_with_the_one_before_and_files_with_their_commit() {
        let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("specs/b.yaml", "b"), ("src/c.yaml", "c")]);
        std::fs::remove_file(fixture.path().join("specs/b.yaml")).unwrap();
        fixture.commit(&[("specs/a.yaml", "a2"), ("src/c.yaml", "c2"), ("specs/x.txt", "x")]);
        assert_eq!(
            change(&fixture, None),
            (vec!["specs/a.yaml=a".into(), "specs/b.yaml=b".into()], vec!["specs/a.yaml".into()])
        );
        fixture.write("specs/a.yaml", "a3");
        fixture.write("specs/new/d.yaml", "d");
        let touched = vec!["specs/a.yaml".into(), "specs/new/d.yaml".into()];
        assert_eq!(change(&fixture, None), (vec!["specs/a.yaml=a2".into()], touched));
    }

    #[test]
    fn against_a_branch_only_what_this_side_did_counts() {
        let fixture = Fixture::of(&[("specs/a.yaml", "a"), ("specs/b.yaml", "b")]);
        let first = fixture.repository.head().unwrap().target().unwrap();
        let main = fixture.commit(&[("specs/b.yaml", "b2")]);
        fixture.branch("feature", first);
        fixture.repository.set_head("refs/heads/feature").unwrap();
        fixture.repository.checkout_head(Some(git2::build::CheckoutBuilder::new().force())).unwrap();
        fixture.commit(&[("specs/a.yaml", "a2")]);
        assert_eq!(change(&fixture, Some("main")), (vec!["specs/a.yaml=a".into()], vec!["specs/a.yaml".into()]));
        let mut source = open(config(&fixture));
        let base = crate::model::Revision::new(main.to_string());
        let branches = source.branches(Some(&base)).unwrap();
        let names: Vec<_> = branches.iter().map(|tip| (&*tip.name, tip.change.after.len())).collect();
        assert_eq!(names, [("feature", 1)]);
    }

    #[test]
    fn before_the_first_commit_there_is_nothing() {
        let fixture = Fixture::of(&[("specs/a.yaml", "a")]);
        let mut source = open(config(&fixture));
        assert!(matches!(source.before(None, None).unwrap(), Before::Nothing));
        assert!(source.before(None, Some("nowhere")).unwrap_err().to_string().contains("nowhere"));
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("specs")).unwrap();
        let mut source = open(SourceConfig { base: folder.path().to_owned(), ..config(&fixture) });
        assert!(matches!(source.before(None, None).unwrap(), Before::Nothing));
    }
}
