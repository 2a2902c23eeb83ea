//! A file as the commit has it that is checked out.

use std::path::Path;

use git2::Repository;

/// The text of a file as it was committed last on what is checked out; none where it lies in no repository, or was never committed.
/// The path is an absolute one, and neither the file nor its folder need be there.
pub fn committed(path: &Path) -> Option<String> {
    let folder = path.ancestors().skip(1).find(|folder| folder.is_dir())?;
    let repository = Repository::discover(folder).ok()?;
    let root = repository.workdir()?.canonicalize().ok()?;
    let place = folder.canonicalize().ok()?.join(path.strip_prefix(folder).ok()?);
    let tree = repository.head().ok()?.peel_to_tree().ok()?;
    let entry = tree.get_path(place.strip_prefix(root).ok()?).ok()?;
    let blob = entry.to_object(&repository).ok()?.peel_to_blob().ok()?;
    Some(String::from_utf8_lossy(blob.content()).into_owned())
}
