//! The specs as a source has them, with what cannot be read in its last readable version.

use std::collections::BTreeMap;
use std::sync::Arc;

use tracing::warn;

use super::provenance;
use crate::catalog::{Catalog, Doubt, SourceFile, SourceTree, load, moves};
use crate::diagnostic::Diagnostic;
use crate::evidence::{CodeAt, RepositoryAt, SpecsAt};
use crate::git::{Effort, SourceError, SpecSource};
use crate::kinds::{Body, Spec};
use crate::model::{Duration, HoldId, Kind, Ledger, Revision, Timestamp};

/// How many earlier versions of a broken file are tried.
const VERSIONS: usize = 50;

/// Which specs to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Those of the configured branch's newest commit.
    Head,
    /// Those that lie on the disk.
    Working,
    /// Those of a revision.
    At(String),
}

/// What a look at the specs gave.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The specs.
    pub catalog: Arc<Catalog>,
    /// Everything that was said of them.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// Why a person should look first, if so.
    pub doubt: Option<String>,
    /// Whether they are the files on the disk and not a commit's.
    pub working: bool,
}

impl Looked {
    /// Why a person should look first, unless one has and lets it go ahead.
    pub fn held(&self, ledger: &Ledger) -> Option<&str> {
        let is_released = || ledger.holds.get(&HoldId::of_tree(&self.catalog.revision)) == Some(&true);
        self.doubt.as_deref().filter(|_| !is_released())
    }

    /// Where questions about code are to look.
    pub fn code_at(&self) -> CodeAt {
        let commit = || SpecsAt::Commit(self.catalog.revision.clone());
        let repository = |spec: &Arc<Spec>| match &spec.body {
            Body::Repository(repository) => {
                let reference = repository.reference.as_deref().map(Arc::from);
                Some((spec.id.name.clone(), RepositoryAt { url: repository.url.as_str().into(), reference }))
            }
            _ => None,
        };
        CodeAt {
            specs: if self.working { SpecsAt::Working } else { commit() },
            repositories: self.catalog.specs.of_kind(Kind::Repository).filter_map(repository).collect(),
        }
    }
}

/// Reads specs, remembering what it read before. Blocks; keep it off async threads.
pub struct SpecReader {
    source: Box<dyn SpecSource>,
    tree: Option<SourceTree>,
    looked: Option<Looked>,
    /// The last tree that a person should look at first, so that it is read once and not at every look.
    doubtful: Option<Looked>,
    /// When the newest state was last asked for.
    followed: Option<Timestamp>,
    /// When commits that bring approvals were first seen, as it is on record.
    sightings: BTreeMap<Arc<str>, Timestamp>,
}

impl SpecReader {
    /// Reads from that source.
    pub fn new(source: Box<dyn SpecSource>) -> Self {
        Self { source, tree: None, looked: None, doubtful: None, followed: None, sightings: BTreeMap::new() }
    }

    /// Looks at the configured branch's newest commit, as often as that is fair: a reference may be read at every turn, a
    /// folder when something hints at a change, somebody else's server only every so often. In between it is as it was.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub fn follow(
        &mut self,
        ledger: &Ledger,
        hinted: bool,
        every: Duration,
        now: Timestamp,
    ) -> Result<Looked, SourceError> {
        let waited = self.followed.is_none_or(|last| now.since(last) >= every || now < last);
        let due = waited
            || match self.source.effort() {
                Effort::Slight => true,
                Effort::Files => hinted,
                Effort::Network => false,
            };
        if let Some(looked) = self.doubtful.as_ref().or(self.looked.as_ref()).filter(|_| !due) {
            return Ok(self.known(&looked.catalog.revision, ledger).unwrap_or_else(|| looked.clone()));
        }
        let looked = self.look(&Which::Head, ledger, now)?;
        self.followed = Some(now);
        Ok(looked)
    }

    /// The specs that are in force: those of the newest commit or, while that waits for a person, those before it. None where
    /// those cannot be read any more.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub fn in_force(&mut self, ledger: &Ledger, now: Timestamp) -> Result<Option<Looked>, SourceError> {
        let looked = self.look(&Which::Head, ledger, now)?;
        Ok(if looked.held(ledger).is_some() { self.looked.clone() } else { Some(looked) })
    }

    /// Looks at the specs. The same revision as before costs nothing but finding that out.
    ///
    /// # Errors
    /// When the source is out of reach; what was read before stays as it is.
    pub fn look(&mut self, which: &Which, ledger: &Ledger, now: Timestamp) -> Result<Looked, SourceError> {
        self.sightings.clone_from(&ledger.sightings);
        self.recall(ledger, now)?;
        if *which == Which::Head
            && let Some(tip) = self.source.tip()?
            && let Some(known) = self.known(&tip, ledger)
        {
            return Ok(known);
        }
        let tree = match which {
            Which::Head => self.source.head(self.tree.as_ref())?,
            Which::Working => self.source.working()?,
            Which::At(revision) => self.source.at(revision)?,
        };
        if *which == Which::Head
            && let Some(known) = self.known(&tree.revision, ledger)
        {
            return Ok(known);
        }
        let before = self.looked.as_ref().map_or_else(|| Arc::new(Catalog::empty()), |looked| looked.catalog.clone());
        let (catalog, diagnostics) = self.read(&tree, &before, now)?;
        let mut diagnostics = diagnostics;
        if *which == Which::Head {
            diagnostics.extend(self.tell_moves(&tree, &catalog));
        }
        let doubt = self.doubt(which, &catalog, &before, ledger)?;
        let looked = Looked {
            catalog: Arc::new(catalog),
            diagnostics: Arc::new(diagnostics),
            doubt,
            working: *which == Which::Working,
        };
        if looked.doubt.is_some() {
            self.doubtful = Some(looked.clone());
        } else if *which == Which::Head {
            // Only what is not in doubt is what later trees are compared with.
            self.tree = Some(tree);
            self.looked = Some(looked.clone());
            self.doubtful = None;
        }
        Ok(looked)
    }

    /// What a new commit did to decisions that no decision allows, said in the log too: it is merged, so that a person must
    /// know.
    fn tell_moves(&self, tree: &SourceTree, catalog: &Catalog) -> Vec<Diagnostic> {
        let Some(before) = &self.tree else { return Vec::new() };
        let said = moves(catalog, &before.change_to(tree));
        for Diagnostic { file, problem, .. } in &said {
            let (code, line) = (problem.entry.code, problem.span.line);
            warn!(code, revision = tree.revision.short(), "{file}:{line}: {}", problem.message);
        }
        said
    }

    /// What was read of that revision before. A doubtful one that was accepted since is in doubt no longer.
    fn known(&self, revision: &Revision, ledger: &Ledger) -> Option<Looked> {
        let of_revision = |looked: &&Looked| looked.catalog.revision == *revision;
        if let Some(doubtful) = self.doubtful.as_ref().filter(of_revision) {
            let accepted = ledger.accepted.as_ref().is_some_and(|(accepted, _)| accepted == revision);
            return Some(Looked { doubt: doubtful.doubt.clone().filter(|_| !accepted), ..doubtful.clone() });
        }
        self.looked.as_ref().filter(of_revision).cloned()
    }

    /// Reads the revision that the last pass accepted, if this process has not read anything yet: only against it can be
    /// told what is gone, renamed or no longer readable.
    fn recall(&mut self, ledger: &Ledger, now: Timestamp) -> Result<(), SourceError> {
        let Some((revision, _)) = ledger.accepted.as_ref().filter(|_| self.looked.is_none()) else { return Ok(()) };
        match self.source.at(revision.as_str()) {
            Ok(tree) => {
                let (catalog, diagnostics) = self.read(&tree, &Catalog::empty(), now)?;
                let catalog = Arc::new(catalog);
                self.looked = Some(Looked { catalog, diagnostics: Arc::new(diagnostics), doubt: None, working: false });
                self.tree = Some(tree);
                Ok(())
            }
            // Without history, or where it was rewritten, there is nothing to recall; `doubt` says so.
            Err(SourceError::NoRevision { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn read(
        &mut self,
        tree: &SourceTree,
        before: &Catalog,
        now: Timestamp,
    ) -> Result<(Catalog, Vec<Diagnostic>), SourceError> {
        let (catalog, diagnostics) = self.read_texts(tree, before, now)?;
        let seen = (&self.sightings, now);
        Ok((provenance::attach(&mut *self.source, catalog, before, seen), diagnostics))
    }

    fn read_texts(
        &mut self,
        tree: &SourceTree,
        before: &Catalog,
        now: Timestamp,
    ) -> Result<(Catalog, Vec<Diagnostic>), SourceError> {
        let (catalog, diagnostics) = load(tree, before, now);
        if catalog.wanting().is_empty() {
            return Ok((catalog, diagnostics));
        }
        let mut versions: BTreeMap<Arc<str>, Vec<SourceFile>> = BTreeMap::new();
        for file in catalog.wanting() {
            let earlier = self.source.earlier(&tree.revision, &file, VERSIONS)?;
            versions.insert(file, earlier.into_iter().map(|(_, source)| source).collect());
        }
        Ok(revive(tree, catalog, diagnostics, &versions, now))
    }

    fn doubt(
        &mut self,
        which: &Which,
        catalog: &Catalog,
        before: &Catalog,
        ledger: &Ledger,
    ) -> Result<Option<String>, SourceError> {
        let Some((accepted, count)) = ledger.accepted.as_ref().filter(|(accepted, _)| *accepted != catalog.revision)
        else {
            return Ok(None);
        };
        let shrunk = |doubt: Doubt| format!("{doubt}; nothing moves until a person has looked");
        if *which != Which::Working && !self.source.continues(accepted, &catalog.revision)? {
            let (old, new) = (accepted.short(), catalog.revision.short());
            return Ok(Some(format!(
                "history was rewritten: {new} does not come after {old}, which was accepted last"
            )));
        }
        let doubt = if before.is_empty() { catalog.doubt_of_count(*count) } else { catalog.doubt(before) };
        Ok(doubt.map(shrunk))
    }
}

/// Goes back through the versions of broken files until every document of theirs was readable once, or they end.
fn revive(
    tree: &SourceTree,
    first: Catalog,
    said: Vec<Diagnostic>,
    versions: &BTreeMap<Arc<str>, Vec<SourceFile>>,
    now: Timestamp,
) -> (Catalog, Vec<Diagnostic>) {
    let renamed = first.renamed.clone();
    let (mut catalog, mut diagnostics) = (first, said);
    let deepest = versions.values().map(Vec::len).max().unwrap_or(0);
    for depth in 0..deepest {
        let wanting = catalog.wanting();
        if wanting.is_empty() {
            break;
        }
        let mut older = tree.clone();
        for (path, version) in wanting.iter().filter_map(|path| Some((path, versions.get(path)?.get(depth)?))) {
            older.files.insert(path.clone(), version.clone());
        }
        let (earlier, _) = load(&older, &catalog, now);
        (catalog, diagnostics) = load(tree, &earlier, now);
    }
    catalog.renamed = renamed;
    (catalog, diagnostics)
}
