//! `package.json`.

use super::{Dependency, Tree, keys};

const MAPS: [&str; 4] = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
const LISTS: [&str; 2] = ["bundleDependencies", "bundledDependencies"];

pub(super) fn dependencies(root: &Tree) -> Vec<Dependency> {
    let maps = MAPS.iter().filter_map(|map| root.get(map)).flat_map(Tree::entries);
    let mapped = maps.map(|(name, value)| Dependency { name: real_name(name, value), line: value.line });
    let items = LISTS.iter().filter_map(|list| root.get(list)).flat_map(Tree::items);
    let listed = items.filter_map(|item| Some(Dependency { name: item.text()?.to_owned(), line: item.line }));
    let optional = keys(root.get("peerDependenciesMeta"));
    mapped.chain(listed).chain(optional).collect()
}

/// `twilio` of `"sms": "npm:twilio@^5"`.
fn real_name(name: &str, value: &Tree) -> String {
    let Some(alias) = value.text().and_then(|version| version.strip_prefix("npm:")) else { return name.to_owned() };
    match alias.rfind('@') {
        Some(at) if at > 0 => alias[..at].to_owned(),
        _ => alias.to_owned(),
    }
}
