//! What git knows of the past: which commit a name means, renames, earlier versions, and whether history was rewritten.

use std::sync::Arc;

use git2::{BranchType, Commit, Delta, DiffFindOptions, DiffOptions, ErrorCode, Oid, Repository, Tree};

use super::scope::Scope;
use super::trees::{Trees, read_blob};
use super::{SourceError, limits};
use crate::catalog::SourceFile;
use crate::model::Revision;

/// What a revision ends in whose files differ from its commit's.
pub(super) const DIRTY: &str = "-dirty";

/// Renamed files: from, to.
type Renames = Vec<(Arc<str>, Arc<str>)>;

/// The newest commit of the branch, or of HEAD.
pub(super) fn tip<'r>(
    trees: &Trees,
    repository: &'r Repository,
    branch: Option<&str>,
) -> Result<Commit<'r>, SourceError> {
    let found = match branch {
        Some(branch) => find_branch(repository, branch),
        None => repository.head(),
    };
    let missing = |reason: String| SourceError::NoRevision {
        repository: trees.name.clone(),
        revision: branch.unwrap_or("HEAD").to_owned(),
        reason,
    };
    match found.and_then(|reference| reference.peel_to_commit()) {
        Ok(commit) => Ok(commit),
        Err(error) if error.code() == ErrorCode::UnbornBranch => Err(missing(no_commit(repository))),
        Err(error) if error.code() == ErrorCode::NotFound => Err(missing(what_there_is(repository, branch))),
        Err(error) => Err(trees.out_of_reach(&error)),
    }
}

/// A local branch, or else a remote's (`origin/main`), or a full reference (`refs/tags/v1`).
fn find_branch<'r>(repository: &'r Repository, branch: &str) -> Result<git2::Reference<'r>, git2::Error> {
    let full = if branch.starts_with("refs/") { branch.to_owned() } else { format!("refs/heads/{branch}") };
    repository
        .find_reference(&full)
        .or_else(|error| repository.find_reference(&format!("refs/remotes/{branch}")).map_err(|_| error))
}

/// The commit that a revision names.
pub(super) fn named<'r>(trees: &Trees, repository: &'r Repository, revision: &str) -> Result<Commit<'r>, SourceError> {
    let commit = repository.revparse_single(revision).and_then(|object| object.peel_to_commit());
    commit.map_err(|error| match error.code() {
        ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::Ambiguous | ErrorCode::Peel => {
            let reason = format!("{}; {}", error.message(), what_there_is(repository, None));
            SourceError::NoRevision { repository: trees.name.clone(), revision: revision.to_owned(), reason }
        }
        _ => trees.out_of_reach(&error),
    })
}

fn no_commit(repository: &Repository) -> String {
    let branches = branches(repository);
    if branches.is_empty() {
        "it has no commit yet; make one: git add . && git commit -m 'First specs'".to_owned()
    } else {
        format!("nothing is committed to it yet; its branches are {}", branches.join(", "))
    }
}

/// In words, which branches there are, for somebody who named one that is not there.
fn what_there_is(repository: &Repository, wanted: Option<&str>) -> String {
    let branches = branches(repository);
    if branches.is_empty() {
        return no_commit(repository);
    }
    let near = wanted.and_then(|wanted| {
        let distance = |branch: &&String| strsim::damerau_levenshtein(wanted, branch);
        branches.iter().min_by_key(distance).filter(|branch| distance(branch) <= 2)
    });
    let hint = near.map(|branch| format!("; did you mean `{branch}`?")).unwrap_or_default();
    let shown: Vec<&str> = branches.iter().take(20).map(String::as_str).collect();
    let more = if branches.len() > 20 { format!(" and {} more", branches.len() - 20) } else { String::new() };
    format!("its branches are {}{more}{hint}", shown.join(", "))
}

fn branches(repository: &Repository) -> Vec<String> {
    let names = |kind| {
        let branches = repository.branches(Some(kind)).into_iter().flatten().flatten();
        branches.filter_map(|(branch, _)| branch.name().ok().flatten().map(str::to_owned)).collect::<Vec<_>>()
    };
    let mut all = names(BranchType::Local);
    all.sort();
    if all.is_empty() {
        all = names(BranchType::Remote);
        all.sort();
    }
    all
}

/// The commit of a revision's name, where it names one; `-dirty` does not matter.
pub(super) fn commit_of<'r>(
    repository: &'r Repository,
    revision: &Revision,
) -> Result<Option<Commit<'r>>, git2::Error> {
    let text = revision.as_str();
    let Ok(id) = Oid::from_str(text.strip_suffix(DIRTY).unwrap_or(text)) else { return Ok(None) };
    match repository.find_commit(id) {
        Ok(commit) => Ok(Some(commit)),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The newest commit that both come from.
pub(super) fn parted(repository: &Repository, one: Oid, other: Oid) -> Result<Option<Commit<'_>>, git2::Error> {
    match repository.merge_base(one, other) {
        Ok(base) => repository.find_commit(base).map(Some),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The commit that is checked out; nothing before the first.
pub(super) fn checked_out(repository: &Repository) -> Result<Option<Commit<'_>>, git2::Error> {
    match repository.head().and_then(|head| head.peel_to_commit()) {
        Ok(commit) => Ok(Some(commit)),
        Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The spec files that git sees renamed between a revision and a tree.
pub(super) fn renames(
    trees: &Trees,
    repository: &Repository,
    before: &Revision,
    tree: &Tree<'_>,
    scope: &Scope,
) -> Result<Renames, SourceError> {
    let find = || -> Result<Renames, git2::Error> {
        let Some(old) = commit_of(repository, before)? else { return Ok(Vec::new()) };
        let mut options = DiffOptions::new();
        for folder in trees.folders_in_repository() {
            options.disable_pathspec_match(true).pathspec(folder);
        }
        let mut diff = repository.diff_tree_to_tree(Some(&old.tree()?), Some(tree), Some(&mut options))?;
        diff.find_similar(Some(DiffFindOptions::new().renames(true)))?;
        let shown = |path: Option<&std::path::Path>| -> Option<Arc<str>> {
            let shown = trees.shown(path?.to_str()?)?;
            scope.concerns(shown).then(|| shown.into())
        };
        let renamed = diff.deltas().filter(|delta| delta.status() == Delta::Renamed);
        let mut pairs: Vec<_> = renamed
            .filter_map(|delta| Some((shown(delta.old_file().path())?, shown(delta.new_file().path())?)))
            .collect();
        pairs.sort();
        Ok(pairs)
    };
    find().map_err(|error| trees.out_of_reach(&error))
}

/// Earlier versions of a file along the first parents, newest first.
pub(super) fn earlier(
    trees: &Trees,
    repository: &Repository,
    from: &Revision,
    shown: &str,
    most: usize,
) -> Result<Vec<(Revision, SourceFile)>, SourceError> {
    let walk = || -> Result<Vec<(Revision, SourceFile)>, git2::Error> {
        let Some(mut commit) = commit_of(repository, from)? else { return Ok(Vec::new()) };
        let path = trees.path_in_repository(shown);
        let odb = repository.odb()?;
        let mut versions = Vec::new();
        // A file that differs from its commit has that commit's version among its earlier ones.
        let mut newer = if from.as_str().ends_with(DIRTY) { None } else { trees.blob_at(&commit, &path)? };
        let mut seen = if newer.is_none() && from.as_str().ends_with(DIRTY) { 0 } else { 1 };
        while versions.len() < most && seen < limits::HISTORY {
            if seen > 0 {
                commit = match commit.parent(0) {
                    Ok(parent) => parent,
                    Err(error) if error.code() == ErrorCode::NotFound => break,
                    Err(error) => return Err(error),
                };
            }
            seen += 1;
            let blob = trees.blob_at(&commit, &path)?;
            if blob != newer {
                newer = blob;
                if let Some(id) = blob {
                    versions.push((Revision::new(commit.id().to_string()), read_blob(&odb, id)?));
                }
            }
        }
        Ok(versions)
    };
    walk().map_err(|error| trees.out_of_reach(&error))
}

/// Whether `new` is `old` or comes after it.
pub(super) fn continues(
    trees: &Trees,
    repository: &Repository,
    old: &Revision,
    new: &Revision,
) -> Result<bool, SourceError> {
    let compare = || -> Result<bool, git2::Error> {
        let (Some(old), Some(new)) = (commit_of(repository, old)?, commit_of(repository, new)?) else {
            return Ok(false);
        };
        Ok(old.id() == new.id() || repository.graph_descendant_of(new.id(), old.id())?)
    };
    Ok(old == new || compare().map_err(|error| trees.out_of_reach(&error))?)
}

#[cfg(test)]
mod tests {
    use super::super::scope::Folders;
    use super::super::testing::Fixture;
    use super::*;

    #[test]
    fn a_shallow_clone_has_the_history_that_it_has() {
        let fixture = Fixture::new();
        let lost = fixture.commit(&[("specs/a.yaml", "1")]);
        let first = fixture.commit(&[("specs/a.yaml", "2")]);
        let last = fixture.commit(&[("specs/a.yaml", "3")]);
        fixture.write(".git/shallow", format!("{first}\n"));
        let object = lost.to_string();
        std::fs::remove_file(fixture.path().join(".git/objects").join(&object[..2]).join(&object[2..])).unwrap();
        let repository = Repository::open(fixture.path()).unwrap();
        let trees = Trees::new("r".into(), String::new(), Folders::new("specs", &[]));
        let revision = |id: Oid| Revision::new(id.to_string());
        let versions = earlier(&trees, &repository, &revision(last), "specs/a.yaml", 9).unwrap();
        assert_eq!(versions.iter().map(|(at, _)| at.clone()).collect::<Vec<_>>(), [revision(first)]);
        assert!(continues(&trees, &repository, &revision(first), &revision(last)).unwrap());
        assert!(!continues(&trees, &repository, &revision(lost), &revision(last)).unwrap());
    }

    #[test]
    fn names_of_revisions_that_are_none_are_told_apart_from_failures() {
        let fixture = Fixture::of(&[("specs/a.yaml", "1")]);
        let trees = Trees::new("r".into(), String::new(), Folders::new("specs", &[]));
        for none in ["", "nope", "main~9", "main:specs", "0123456789012345678901234567890123456789", "a-dirty", "a b"] {
            let error = named(&trees, &fixture.repository, none).unwrap_err();
            assert!(matches!(error, SourceError::NoRevision { .. }), "{none}: {error}");
        }
    }
}
