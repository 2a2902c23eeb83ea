//! Where approvals come from, which decides whose they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::git::{SpecSource, Wanted};
use crate::kinds::Spec;
use crate::model::{Kind, Provenance, Revision, Signed, Signer, SpecId, Timestamp};

#[cfg(test)]
mod tests;

/// The catalog with the provenance of its approvals. What `before` knows of one that is as it was is not looked for again; that it
/// was there all the time since is seen all the same, so that a look at every commit and one at the last of them tell the same.
///
/// A commit counts as seen when `sightings` has it, or when it was before; else it is seen `now`.
pub(super) fn attach(
    source: &mut dyn SpecSource,
    mut catalog: Catalog,
    before: &Catalog,
    (sightings, now): (&BTreeMap<Arc<str>, Timestamp>, Timestamp),
) -> Catalog {
    let mut found: BTreeMap<SpecId, Provenance> = BTreeMap::new();
    for spec in catalog.specs.of_kind(Kind::Approval) {
        let text = spec.source.get(spec.range.clone()).unwrap_or_default();
        let known = known(spec, text, before);
        let wanted = Wanted { revision: &catalog.revision, path: &spec.place.file, text, known };
        let provenance = source.introduced(&wanted).unwrap_or_else(|error| {
            // Who wrote one of them is no reason to know nothing of all others.
            Provenance::Unknown(format!("its history cannot be read: {error}").into())
        });
        found.insert(spec.id.clone(), provenance);
    }
    if found.is_empty() {
        return catalog;
    }
    let commits = found.values().filter_map(Provenance::signed).map(|signed| signed.commit.clone());
    let first = |commit: &Arc<str>| sightings.get(commit).copied().or_else(|| before.specs.sighting(commit));
    let seen = commits.map(|commit| (commit.clone(), first(&commit).unwrap_or(now))).collect();
    let specs = Arc::unwrap_or_clone(std::mem::take(&mut catalog.specs));
    catalog.specs = Arc::new(specs.with_provenance(found, seen));
    catalog
}

/// What was known of the same text in the same file. A signature that could not be checked is looked at again: the key may have come.
fn known<'a>(spec: &Spec, text: &str, before: &'a Catalog) -> Option<(&'a Revision, &'a Arc<Signed>)> {
    let earlier = before.specs.get(&spec.id)?;
    let same = earlier.place.file == spec.place.file && earlier.source.get(earlier.range.clone()) == Some(text);
    match before.specs.provenance(&spec.id)? {
        Provenance::By(signed) if same && !matches!(signed.signer, Signer::Unverifiable(_)) => {
            Some((&before.revision, signed))
        }
        _ => None,
    }
}
