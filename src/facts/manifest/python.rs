//! `pyproject.toml`, and how Python names its packages.

use super::{Dependency, Tree, keys};

pub(super) fn dependencies(root: &Tree) -> Vec<Dependency> {
    let at = |path: &[&str]| root.at(path);
    let lists = [at(&["project", "dependencies"]), at(&["build-system", "requires"])];
    let uv = at(&["tool", "uv", "dev-dependencies"]);
    let groups = [
        at(&["project", "optional-dependencies"]),
        at(&["dependency-groups"]),
        at(&["tool", "pdm", "dev-dependencies"]),
    ];
    let grouped = groups.into_iter().flatten().flat_map(Tree::entries).map(|(_, list)| list);
    let listed = lists.into_iter().flatten().chain(uv).chain(grouped).flat_map(Tree::items).filter_map(required);
    let poetry = [at(&["tool", "poetry", "dependencies"]), at(&["tool", "poetry", "dev-dependencies"])];
    let poetry_groups = at(&["tool", "poetry", "group"]).map_or(&[][..], Tree::entries);
    let poetry_groups = poetry_groups.iter().map(|(_, group)| group.get("dependencies"));
    let mapped = poetry.into_iter().chain(poetry_groups).flat_map(keys).filter(|it| it.name != "python");
    listed.chain(mapped).collect()
}

fn required(item: &Tree) -> Option<Dependency> {
    Some(Dependency { name: name_of(item.text()?)?.to_owned(), line: item.line })
}

/// The name at the beginning of a requirement: `twilio` of `twilio[async]>=9; python_version > "3.8"`.
pub(super) fn name_of(requirement: &str) -> Option<&str> {
    let requirement = requirement.trim_start();
    let end = requirement.find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).unwrap_or(requirement.len());
    Some(&requirement[..end]).filter(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// A name as Python compares it: in lower case, and every run of `-`, `_` and `.` the same.
pub(super) fn normal(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}
