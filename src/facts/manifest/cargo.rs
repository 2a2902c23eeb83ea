//! `Cargo.toml`.

use super::{Dependency, Tree};

const TABLES: [&str; 5] =
    ["dependencies", "dev-dependencies", "build-dependencies", "dev_dependencies", "build_dependencies"];

pub(super) fn dependencies(root: &Tree) -> Vec<Dependency> {
    let targets = root.get("target").map_or(&[][..], Tree::entries).iter().map(|(_, target)| target);
    let holders = std::iter::once(root).chain(root.get("workspace")).chain(targets);
    let tables = holders.flat_map(|holder| TABLES.iter().filter_map(|table| holder.get(table)));
    tables.flat_map(|table| table.entries().iter().map(|(name, value)| named(name, value))).collect()
}

/// A dependency by its real name: `package` where it is renamed.
fn named(name: &str, value: &Tree) -> Dependency {
    let package = value.get("package").and_then(|package| Some((package.text()?, package.line)));
    let (name, line) = package.unwrap_or((name, value.line));
    Dependency { name: name.to_owned(), line }
}
