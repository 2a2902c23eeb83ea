//! Who brought a document into the repository: the commit since which its text has been there, in the line that came to be.
//!
//! The text counts, and not its file: whoever edits a neighbour in the same file has not written this document. It must have been
//! the whole of a document, since a part of what somebody once wrote is not what they wrote.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use git2::{Commit, Delta, DiffDelta, ErrorCode, Oid, Repository, Sort};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::history::{DIRTY, commit_of};
use super::trees::{Trees, read_blob};
use super::{limits, signed};
use crate::diagnostic::Level;
use crate::model::{Digest, Provenance, Revision, Signed, Signer};
use crate::yaml::parse;

/// A document of which somebody asks who brought it in.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The state of the repository that has it.
    pub revision: &'a Revision,
    /// The file that it is in.
    pub path: &'a str,
    /// The whole of its text.
    pub text: &'a str,
    /// What is known of an earlier state that had the same document in the same file: it is not looked further back.
    pub known: Option<(&'a Revision, &'a Arc<Signed>)>,
}

/// What was learnt of history, which never changes, so that many questions cost little more than one.
#[derive(Default)]
pub(super) struct Walks {
    nodes: FxHashMap<Oid, Arc<Node>>,
    /// The blob of a path in a tree.
    blobs: FxHashMap<(Oid, Arc<str>), Option<Oid>>,
    /// The digests of the documents of a blob, sorted.
    documents: FxHashMap<Oid, Arc<[Digest]>>,
    digests: usize,
    /// Bytes that may still be read for the question at hand.
    budget: usize,
    /// Of which revision the signers are; with another one they are looked at anew, because a key may have come.
    revision: Option<Revision>,
    signed: FxHashMap<Oid, Arc<Signed>>,
}

/// A commit, as far as the walk needs it.
struct Node {
    tree: Oid,
    parents: Vec<Oid>,
    /// Whether it has parents that are not here.
    cut: bool,
}

/// Why a walk ends without an answer.
enum Stop {
    Git(git2::Error),
    Unknown(String),
}

impl From<git2::Error> for Stop {
    fn from(error: git2::Error) -> Self {
        Self::Git(error)
    }
}

/// The commit that brought a document in.
pub(super) fn introduced(
    trees: &Trees,
    repository: &Repository,
    walks: &mut Walks,
    wanted: &Wanted<'_>,
) -> Result<Provenance, git2::Error> {
    walks.begin(wanted.revision);
    let path: Arc<str> = trees.path_in_repository(wanted.path).into();
    let mut walk = Walk { repository, walks, path, digest: digest(wanted.text), known: None };
    match walk.introduced(wanted) {
        Ok(provenance) => Ok(provenance),
        Err(Stop::Unknown(why)) => Ok(Provenance::Unknown(why.into())),
        Err(Stop::Git(error)) => Err(error),
    }
}

impl Walks {
    /// Forgets what piled up, and what may be otherwise by now.
    fn begin(&mut self, revision: &Revision) {
        if self.nodes.len() + self.blobs.len() + self.digests > limits::REMEMBERED {
            *self = Self::default();
        }
        self.budget = limits::WALK_BYTES;
        if self.revision.as_ref() != Some(revision) {
            self.signed.clear();
            self.revision = Some(revision.clone());
        }
    }
}

/// One question.
struct Walk<'w> {
    repository: &'w Repository,
    walks: &'w mut Walks,
    path: Arc<str>,
    digest: Digest,
    known: Option<(Oid, Arc<Signed>)>,
}

/// A merge on the way whose other parents had not the document.
type Turn = (Oid, Vec<Oid>);

impl Walk<'_> {
    fn introduced(&mut self, wanted: &Wanted<'_>) -> Result<Provenance, Stop> {
        let Some(start) = commit_of(self.repository, wanted.revision)? else {
            return Err(Stop::Unknown(
                "the specs are in no commit, so that git knows nothing of who wrote them".into(),
            ));
        };
        if !stands_alone(wanted.text) {
            let why = "its text cannot be read without the file around it, so that whoever changes that may change what it says";
            return Err(Stop::Unknown(why.into()));
        }
        self.known = match wanted.known {
            Some((revision, signed)) => commit_of(self.repository, revision)?.map(|it| (it.id(), signed.clone())),
            None => None,
        };
        let Some(begin) = self.begin(start.id(), wanted.revision.as_str().ends_with(DIRTY))? else {
            return Ok(Provenance::Uncommitted);
        };
        let (mut by, mut turns) = self.back(begin)?;
        let mut times = 0;
        while let Some(newer) = self.brought_back(start.id(), by, &turns)? {
            by = turns[newer].0;
            turns.truncate(newer);
            times += 1;
            if times > limits::BROUGHT_BACK {
                return Err(Stop::Unknown("it was taken out and brought back more often than can be followed".into()));
            }
        }
        if let Some((_, signed)) = self.known.as_ref().filter(|(_, signed)| *signed.commit == *by.to_string()) {
            return Ok(Provenance::By(signed.clone()));
        }
        self.signed(by).map(Provenance::By)
    }

    /// The newest commit that has the document, from which to go back. The newest of all has it, unless nobody has committed it
    /// or it cannot be read there any more and is kept in an earlier version.
    fn begin(&mut self, start: Oid, dirty: bool) -> Result<Option<Oid>, Stop> {
        let mut at = start;
        for _ in 0..limits::HISTORY {
            if self.holds(at)? {
                return Ok(Some(at));
            }
            match self.node(at)?.parents.first() {
                Some(parent) if !dirty => at = *parent,
                _ => break,
            }
        }
        if dirty { Ok(None) } else { Err(Stop::Unknown("no commit has it as it is in force".into())) }
    }

    /// Goes back along the first parent that has the document, to where none has it. A merge whose first parent had it changed
    /// nothing for this line, whatever the other side did.
    fn back(&mut self, begin: Oid) -> Result<(Oid, Vec<Turn>), Stop> {
        let (mut at, mut turns) = (begin, Vec::new());
        for _ in 0..limits::PROVENANCE {
            if let Some((_, signed)) = self.known.as_ref().filter(|(known, _)| *known == at) {
                return Ok((Oid::from_str(&signed.commit)?, turns));
            }
            let node = self.node(at)?;
            let mut lacking = Vec::new();
            let mut next = None;
            for parent in &node.parents {
                match self.holds(*parent)? {
                    true => next = next.or(Some(*parent)),
                    false => lacking.push(*parent),
                }
            }
            if node.cut {
                let short: String = at.to_string().chars().take(10).collect();
                return Err(Stop::Unknown(format!("the repository was cloned without the history before {short}")));
            }
            let Some(next) = next else {
                match self.moved(node.tree, &node.parents)? {
                    None => return Ok((at, turns)),
                    // Whoever only moves it to another file has not written it.
                    Some((parent, path)) => {
                        (self.path, at) = (path, parent);
                        continue;
                    }
                }
            };
            if !lacking.is_empty() {
                turns.push((at, lacking));
            }
            at = next;
        }
        Err(Stop::Unknown(format!(
            "it is older than the last {} commits, and no further is looked",
            limits::PROVENANCE
        )))
    }

    /// The parent that has the document in another file, and which, where this commit takes it out of that one.
    fn moved(&mut self, tree: Oid, parents: &[Oid]) -> Result<Option<(Oid, Arc<str>)>, Stop> {
        for parent in parents {
            let before = self.repository.find_tree(self.node(*parent)?.tree)?;
            let diff =
                self.repository.diff_tree_to_tree(Some(&before), Some(&self.repository.find_tree(tree)?), None)?;
            let is_taken_out = |delta: &DiffDelta<'_>| matches!(delta.status(), Delta::Deleted | Delta::Modified);
            for delta in diff.deltas().filter(is_taken_out) {
                let old = delta.old_file();
                let Some(path) = old.path().and_then(Path::to_str).filter(|path| is_read(path)) else { continue };
                let is_out = delta.status() == Delta::Deleted || !self.blob_has(delta.new_file().id())?;
                if is_out && self.blob_has(old.id())? {
                    return Ok(Some((*parent, path.into())));
                }
            }
        }
        Ok(None)
    }

    fn blob_has(&mut self, blob: Oid) -> Result<bool, Stop> {
        Ok(self.documents(blob)?.binary_search(&self.digest).is_ok())
    }

    /// The oldest merge on the way that brought the document back: one of its other sides comes after the commit that brought it
    /// in, and had taken it out. Otherwise merging an old branch would undo a withdrawal in the name of whoever was withdrawn.
    fn brought_back(&self, start: Oid, by: Oid, turns: &[Turn]) -> Result<Option<usize>, Stop> {
        if turns.is_empty() {
            return Ok(None);
        }
        let mut walk = self.repository.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
        walk.push(start)?;
        for parent in self.repository.find_commit(by)?.parent_ids() {
            walk.hide(parent)?;
        }
        let mut after: HashSet<Oid, FxBuildHasher> = HashSet::default();
        after.insert(by);
        for (count, id) in walk.enumerate() {
            if count > limits::PROVENANCE {
                return Err(Stop::Unknown("more has come beside it than can be looked through".into()));
            }
            let id = id?;
            if self.repository.find_commit(id)?.parent_ids().any(|parent| after.contains(&parent)) {
                after.insert(id);
            }
        }
        Ok(turns.iter().rposition(|(_, lacking)| lacking.iter().any(|parent| after.contains(parent))))
    }

    fn signed(&mut self, id: Oid) -> Result<Arc<Signed>, Stop> {
        if let Some(signed) = self.walks.signed.get(&id) {
            return Ok(signed.clone());
        }
        let unverifiable = |signed: &&Arc<Signed>| matches!(signed.signer, Signer::Unverifiable(_) | Signer::Bad(_));
        if self.walks.signed.values().filter(unverifiable).count() >= limits::FAULTY_SIGNATURES {
            return Err(Stop::Unknown("too many signatures are no good, so that no more are checked".into()));
        }
        let signed = Arc::new(signed::signed(self.repository, id, None)?);
        self.walks.signed.insert(id, signed.clone());
        Ok(signed)
    }

    fn node(&mut self, id: Oid) -> Result<Arc<Node>, Stop> {
        if let Some(node) = self.walks.nodes.get(&id) {
            return Ok(node.clone());
        }
        let commit = self.repository.find_commit(id)?;
        let (parents, cut) = parents(self.repository, &commit)?;
        let node = Arc::new(Node { tree: commit.tree_id(), parents, cut });
        self.walks.nodes.insert(id, node.clone());
        Ok(node)
    }

    /// Whether a commit has the document in that file.
    fn holds(&mut self, id: Oid) -> Result<bool, Stop> {
        let tree = self.node(id)?.tree;
        let place = (tree, self.path.clone());
        let blob = match self.walks.blobs.get(&place) {
            Some(blob) => *blob,
            None => {
                let blob = Trees::blob_in(&self.repository.find_tree(tree)?, &self.path)?;
                self.walks.blobs.insert(place, blob);
                blob
            }
        };
        blob.map_or(Ok(false), |blob| self.blob_has(blob))
    }

    fn documents(&mut self, blob: Oid) -> Result<Arc<[Digest]>, Stop> {
        if let Some(documents) = self.walks.documents.get(&blob) {
            return Ok(documents.clone());
        }
        let file = read_blob(&self.repository.odb()?, blob)?;
        let text = file.text().map_or("", |text| text.strip_prefix('\u{feff}').unwrap_or(text));
        self.walks.budget = self.walks.budget.checked_sub(text.len()).ok_or_else(|| {
            Stop::Unknown(format!("its file was changed more often than can be read, {} MiB", limits::WALK_BYTES >> 20))
        })?;
        let parsed = parse(text);
        let ranges = parsed.documents.iter().map(|node| node.span.range(text.len()));
        let mut digests: Vec<Digest> = ranges.filter_map(|range| text.get(range).map(digest)).collect();
        digests.sort_unstable();
        let documents: Arc<[Digest]> = digests.into();
        self.walks.digests += documents.len();
        self.walks.documents.insert(blob, documents.clone());
        Ok(documents)
    }
}

/// The parents of a commit that are here, and whether there are others. Of the last commit of a shallow clone git hides them.
fn parents(repository: &Repository, commit: &Commit<'_>) -> Result<(Vec<Oid>, bool), git2::Error> {
    let mut cut = commit.parent_count() == 0
        && commit.raw_header_bytes().split(|b| *b == b'\n').any(|l| l.starts_with(b"parent "));
    let mut parents = Vec::new();
    for id in commit.parent_ids() {
        match repository.find_commit(id) {
            Ok(_) => parents.push(id),
            Err(error) if error.code() == ErrorCode::NotFound => cut = true,
            Err(error) => return Err(error),
        }
    }
    Ok((parents, cut))
}

/// Whether a file of that name may hold specs as they are read here.
fn is_read(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| matches!(&*ending, "yaml" | "yml" | "json"))
}

/// The digest of a document. Where one ends depends on what comes after it, but for blanks.
fn digest(document: &str) -> Digest {
    Digest::of(document.trim_end())
}

/// Whether a document says the same without the file around it: it refers to no anchor outside of it. The first line of one in a
/// list stands further right than it seems by itself, as far as its other lines do.
fn stands_alone(text: &str) -> bool {
    let indents = text.lines().skip(1).filter_map(|line| {
        let inner = line.trim_start_matches(' ');
        (!inner.trim().is_empty() && !inner.starts_with('#')).then(|| line.len() - inner.len())
    });
    let text = format!("{}{text}", " ".repeat(indents.min().unwrap_or(0)));
    let parsed = parse(&text);
    let is_good = parsed.problems.iter().all(|problem| problem.level != Level::Error);
    parsed.complete && parsed.documents.len() == 1 && is_good
}

#[cfg(test)]
mod tests;
