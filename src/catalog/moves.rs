//! What a change did to decisions, commit against commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::file::FileRead;
use super::{Catalog, Change, lint};
use crate::diagnostic::{Diagnostic, codes};
use crate::kinds::decision::moves;
use crate::kinds::{Document, Identity, Spec};
use crate::model::{Kind, SpecId};

/// What a change to this catalog did that decisions do not allow. Pure, and nothing depends on what it says.
pub fn moves(catalog: &Catalog, change: &Change) -> Vec<Diagnostic> {
    let before = specs_before(change);
    let is_declared = |id: &SpecId| catalog.specs.is_declared(id);
    let known: BTreeSet<&SpecId> = before.iter().map(|spec| &spec.id).collect();
    // In its own file anything that cannot be read may be it; elsewhere, what has a new name and the same kind.
    let may_hide = |spec: &Spec| {
        catalog.unread.iter().any(|unread| match &unread.spec {
            None => unread.file == spec.place.file,
            Some(id) => id.kind == spec.id.kind && !known.contains(id) && change.touched.contains(&unread.file),
        })
    };
    moves::lint(&moves::Moves {
        from: &change.from,
        before: &before,
        now: lint::readable(catalog).collect(),
        is_declared: &is_declared,
        may_hide: &may_hide,
        touched: &change.touched,
    })
}

/// Has references to what this change renamed say the new name.
pub fn follow_renames(catalog: &Catalog, change: &Change, said: &mut [Diagnostic]) {
    let renamed = renamed(catalog, change);
    if renamed.is_empty() {
        return;
    }
    for (path, file) in &catalog.files {
        for link in file.documents.iter().flat_map(|document| &document.links) {
            let Some(new) = renamed.get(&link.id) else { continue };
            let is_meant = |said: &&mut Diagnostic| {
                said.problem.entry == &codes::REFERENCE_UNKNOWN && said.file == *path && said.problem.span == link.span
            };
            let written = file.text.as_ref().and_then(|text| text.get(link.span.range(text.len())));
            if let (Some(said), Some(written)) = (said.iter_mut().find(is_meant), written) {
                let text = written.replace(link.id.name.as_str(), new.name.as_str());
                let problem = said.problem.clone().label(format!("it is called `{}` now", new.name));
                let problem = problem.help(format!("it was renamed since {}", change.from.short()));
                said.problem = problem.fix(format!("use `{text}`")).edit(path.clone(), link.span, text);
            }
        }
    }
}

/// The specs that this change gave another name: all else that their documents say is the same.
fn renamed(catalog: &Catalog, change: &Change) -> BTreeMap<SpecId, SpecId> {
    let before: Vec<FileRead> = change.before.iter().map(|(path, file)| FileRead::new(path, file)).collect();
    let old: BTreeMap<SpecId, String> = before.iter().flat_map(nameless).collect();
    let gone = old.iter().filter(|(id, _)| !catalog.specs.is_declared(id));
    let mut came: BTreeMap<(Kind, String), Vec<SpecId>> = BTreeMap::new();
    let touched = change.touched.iter().filter_map(|path| catalog.files.get(path));
    for (id, text) in touched.flat_map(|file| nameless(file)).filter(|(id, _)| !old.contains_key(id)) {
        came.entry((id.kind, text)).or_default().push(id);
    }
    let new = |id: &SpecId, text: &String| match came.get(&(id.kind, text.clone())).map(Vec::as_slice) {
        Some([one]) => Some(one.clone()),
        _ => None,
    };
    gone.filter_map(|(id, text)| Some((id.clone(), new(id, text)?))).collect()
}

/// The specs of a file, each with what its document says besides its name.
fn nameless(file: &FileRead) -> Vec<(SpecId, String)> {
    let text = file.text.as_deref().unwrap_or_default();
    let said = |document: &Document| {
        let Identity::Spec(id, name) = &document.identity else { return None };
        let (whole, name) = (document.span.range(text.len()), name.range(text.len()));
        let (before, after) = (text.get(whole.start..name.start)?, text.get(name.end..whole.end)?);
        Some((id.clone(), format!("{before}{}", after.trim_end())))
    };
    file.documents.iter().filter_map(said).collect()
}

/// The specs of the files that differ, as they were. One that could not be read then says nothing.
fn specs_before(change: &Change) -> Vec<Arc<Spec>> {
    let files = change.before.iter().map(|(path, file)| FileRead::new(path, file));
    files.flat_map(|file| file.documents).filter_map(|document| document.spec).collect()
}
