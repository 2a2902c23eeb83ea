//! A tree to a catalog. Never fails: what cannot be read is said, and kept in its last readable version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::file::FileRead;
use super::resolve::{self, Guesses, Heads, View};
use super::source::SourceTree;
use super::{Catalog, UnreadSpec};
use crate::diagnostic::{Diagnostic, Level, Problem};
use crate::kinds::{Document, Spec, Specs, Unread};
use crate::model::{SpecId, Timestamp};

/// Reads a tree. Only files whose content is another than in `before` are parsed; what cannot be read now is kept as
/// `before` had it. Returns every finding too, in order of file and place.
pub fn load(tree: &SourceTree, before: &Catalog, now: Timestamp) -> (Catalog, Vec<Diagnostic>) {
    let files = read_files(tree, before);
    let heads = Catalog::heads(&files);
    // Where a blind file's specs are known from before, nothing else can be missing but what is new in it.
    let view = View { heads: &heads, blind: resolve::blind(&files), guesses: Guesses::default() };
    let mut loading = Loading { before, view, now, readable: Vec::new(), broken: Vec::new(), said: Vec::new() };
    for (path, file) in &files {
        loading.take_file(path, file);
    }
    let Loading { readable, broken, said, .. } = loading;
    let kept = keep(&broken, &files, before, &heads);
    let unread = unread(broken, &kept, before);
    let unknown = Unread {
        ids: unread.iter().filter(|u| !u.kept).filter_map(|u| u.spec.clone()).collect(),
        files: files
            .iter()
            .filter(|(path, file)| file.blind && !has_kept(path, &kept))
            .map(|(path, _)| path.clone())
            .collect(),
    };
    let renamed = renamed(tree, before, &heads);
    let specs = Arc::new(Specs::new(readable.into_iter().chain(kept), unknown));
    (Catalog { revision: tree.revision.clone(), specs, unread, renamed, files }, said)
}

fn read_files(tree: &SourceTree, before: &Catalog) -> BTreeMap<Arc<str>, Arc<FileRead>> {
    let read = |(path, source): (&Arc<str>, &super::SourceFile)| {
        let same = before.files.get(path).filter(|file| file.blob == source.blob);
        let file = same.cloned().unwrap_or_else(|| Arc::new(FileRead::new(path, source)));
        (path.clone(), file)
    };
    let sources: Vec<_> = tree.files.iter().collect();
    sources.into_par_iter().map(read).collect::<Vec<_>>().into_iter().collect()
}

/// A document that cannot be used as it is.
struct Broken {
    id: Option<SpecId>,
    file: Arc<str>,
    first: Option<Problem>,
}

struct Loading<'a> {
    before: &'a Catalog,
    view: View<'a>,
    now: Timestamp,
    readable: Vec<Arc<Spec>>,
    broken: Vec<(Broken, Timestamp)>,
    said: Vec<Diagnostic>,
}

impl Loading<'_> {
    fn take_file(&mut self, path: &Arc<str>, file: &FileRead) {
        let start = self.said.len();
        for document in &file.documents {
            self.take_document(path, document);
        }
        if let Some(first) = file.problems.iter().find(|problem| problem.level == Level::Error) {
            self.add_broken(None, path, Some(first.clone()));
        }
        self.say(path, None, &file.problems);
        self.said[start..].sort_by_key(|said| (said.problem.span.line, said.problem.span.column));
    }

    fn take_document(&mut self, path: &Arc<str>, document: &Document) {
        let across = resolve::problems(path, document, &self.view);
        self.say(path, document.id(), &document.problems);
        self.say(path, document.id(), &across);
        match &document.spec {
            Some(spec) if resolve::is_sound(&across) => self.readable.push(spec.clone()),
            _ => {
                let all = document.problems.iter().chain(&across);
                let first = all.filter(|p| p.level == Level::Error).min_by_key(|p| p.span.start).cloned();
                self.add_broken(document.id().cloned(), path, first);
            }
        }
    }

    fn add_broken(&mut self, id: Option<SpecId>, file: &Arc<str>, first: Option<Problem>) {
        let earlier = self.before.unread.iter().find(|unread| unread.spec == id && unread.file == *file);
        let since = earlier.map_or(self.now, |unread| unread.since);
        self.broken.push((Broken { id, file: file.clone(), first }, since));
    }

    fn say(&mut self, file: &Arc<str>, id: Option<&SpecId>, problems: &[Problem]) {
        let spec: Option<Arc<str>> = id.filter(|_| !problems.is_empty()).map(|id| id.to_string().into());
        let said = |problem: &Problem| Diagnostic { file: file.clone(), spec: spec.clone(), problem: problem.clone() };
        self.said.extend(problems.iter().map(said));
    }
}

/// The last readable versions of what is broken now; of a blind file, of every spec last read from it.
fn keep(
    broken: &[(Broken, Timestamp)],
    files: &BTreeMap<Arc<str>, Arc<FileRead>>,
    before: &Catalog,
    heads: &Heads<'_>,
) -> Vec<Arc<Spec>> {
    let named = broken.iter().filter_map(|(broken, _)| broken.id.as_ref());
    let by_name: BTreeMap<SpecId, Arc<Spec>> =
        named.filter_map(|id| before.specs.get(id)).map(|spec| (spec.id.clone(), spec.clone())).collect();
    let blind: BTreeSet<&Arc<str>> = files.iter().filter(|(_, file)| file.blind).map(|(path, _)| path).collect();
    let in_blind = |spec: &&Arc<Spec>| blind.contains(&spec.place.file) && !heads.contains_key(&spec.id);
    let mut kept = by_name;
    if !blind.is_empty() {
        kept.extend(before.specs.iter().filter(in_blind).map(|spec| (spec.id.clone(), spec.clone())));
    }
    kept.into_values().collect()
}

fn has_kept(path: &Arc<str>, kept: &[Arc<Spec>]) -> bool {
    kept.iter().any(|spec| spec.place.file == *path)
}

fn unread(broken: Vec<(Broken, Timestamp)>, kept: &[Arc<Spec>], before: &Catalog) -> Vec<UnreadSpec> {
    let is_kept = |broken: &Broken| match &broken.id {
        Some(id) => before.specs.get(id).is_some(),
        None => has_kept(&broken.file, kept),
    };
    let unread = broken.into_iter().map(|(broken, since)| UnreadSpec {
        kept: is_kept(&broken),
        line: broken.first.as_ref().map_or(1, |first| first.span.line),
        message: broken.first.map_or_else(|| "it cannot be read".into(), |first| first.message),
        spec: broken.id,
        file: broken.file,
        since,
    });
    unread.collect()
}

/// Specs whose file git saw renamed and whose name changed with it: of each kind, the one that left and the one that came.
fn renamed(tree: &SourceTree, before: &Catalog, heads: &Heads<'_>) -> BTreeMap<SpecId, SpecId> {
    let mut renamed = BTreeMap::new();
    for (from, to) in &tree.renames {
        let left: Vec<&SpecId> = before
            .specs
            .iter()
            .filter(|spec| spec.place.file == *from && !heads.contains_key(&spec.id))
            .map(|spec| &spec.id)
            .collect();
        let mut came: Vec<&SpecId> = heads
            .iter()
            .filter(|(id, places)| places.iter().any(|head| head.path == to) && before.specs.get(id).is_none())
            .map(|(id, _)| *id)
            .collect();
        came.sort_unstable();
        for new in &came {
            let same_kind = |id: &&&SpecId| id.kind == new.kind;
            let (mut olds, news) = (left.iter().filter(same_kind), came.iter().filter(same_kind).count());
            if let (Some(old), None, 1) = (olds.next(), olds.next(), news) {
                renamed.insert((*new).clone(), (*old).clone());
            }
        }
    }
    renamed
}
