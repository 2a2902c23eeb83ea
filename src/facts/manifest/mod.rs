//! Manifests: which packages a project depends on, and on which line it says so.

mod cargo;
mod go;
mod npm;
mod pom;
mod python;
mod requirements;

pub(super) use go::module as go_module;

use super::{Found, Tree, Unread, at_lines};

/// A kind of manifest, told by the name of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Manifest {
    /// `Cargo.toml`: dependencies of every kind, of the workspace and of targets. One that is renamed has its real name; one
    /// that the workspace hands down is found where the workspace names it.
    Cargo,
    /// `package.json`: every map of dependencies, and what is bundled. An alias (`npm:`) has its real name.
    Npm,
    /// `go.mod`: what it requires, also indirectly.
    Go,
    /// `pyproject.toml`: of the project, of groups, of the build system, and those of Poetry, PDM and uv.
    PyProject,
    /// `requirements.txt` and its kin: what it names, not what it includes.
    Requirements,
    /// `pom.xml`: every dependency as `groupId:artifactId`, also of plugins, profiles and management.
    Pom,
    /// A manifest of a kind that cannot be read yet.
    Foreign,
}

/// Names of manifests that nobody here can read.
const FOREIGN: [&str; 14] = [
    "build.gradle",
    "build.gradle.kts",
    "build.sbt",
    "composer.json",
    "conanfile.txt",
    "deno.json",
    "Gemfile",
    "mix.exs",
    "Package.swift",
    "packages.config",
    "Pipfile",
    "pubspec.yaml",
    "setup.cfg",
    "setup.py",
];

/// One dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Dependency {
    name: String,
    line: u32,
}

impl Manifest {
    /// What a file of that path is; nothing where it is no manifest.
    pub fn of(path: &str) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let texts = name.ends_with(".txt") || name.ends_with(".in");
        match name {
            "Cargo.toml" => Some(Self::Cargo),
            "package.json" => Some(Self::Npm),
            "go.mod" => Some(Self::Go),
            "pyproject.toml" => Some(Self::PyProject),
            "pom.xml" => Some(Self::Pom),
            _ if texts && (name.contains("requirements") || folder.rsplit('/').next() == Some("requirements")) => {
                Some(Self::Requirements)
            }
            _ if FOREIGN.contains(&name) || name.ends_with(".csproj") => Some(Self::Foreign),
            _ => None,
        }
    }

    /// The lines that say that it depends on a package of that name.
    ///
    /// # Errors
    /// Why the manifest cannot be read, or cannot be understood where it may speak of that package.
    pub fn mentions(self, text: &str, name: &str) -> Result<Vec<Found>, Unread> {
        let mut lines = Vec::new();
        for dependency in self.dependencies(text)? {
            match self.is_called(&dependency.name, name) {
                Some(true) => lines.push(dependency.line),
                Some(false) => {}
                None => {
                    let reason = format!("`{}` stands for something that is said elsewhere", dependency.name);
                    return Err(Unread::at(dependency.line, reason));
                }
            }
        }
        lines.sort_unstable();
        lines.dedup();
        Ok(at_lines(text, &lines))
    }

    fn dependencies(self, text: &str) -> Result<Vec<Dependency>, Unread> {
        match self {
            Self::Cargo => Ok(cargo::dependencies(&Tree::read(".toml", text)?)),
            Self::Npm => Ok(npm::dependencies(&Tree::read(".json", text)?)),
            Self::PyProject => Ok(python::dependencies(&Tree::read(".toml", text)?)),
            Self::Go => go::dependencies(text),
            Self::Requirements => Ok(requirements::dependencies(text)),
            Self::Pom => pom::dependencies(text),
            Self::Foreign => Err(Unread { line: None, reason: "manifests of that kind are not read yet".into() }),
        }
    }

    /// Whether a dependency is the wanted one, as its ecosystem compares names; nothing where that cannot be told.
    fn is_called(self, dependency: &str, wanted: &str) -> Option<bool> {
        match self {
            Self::Cargo => Some(dependency.replace('-', "_") == wanted.replace('-', "_")),
            Self::PyProject | Self::Requirements => Some(python::normal(dependency) == python::normal(wanted)),
            Self::Go => Some(dependency == wanted || go::without_major(dependency) == wanted),
            Self::Pom => pom::is_called(dependency, wanted),
            Self::Npm | Self::Foreign => Some(dependency == wanted),
        }
    }
}

/// The keys of a mapping as dependencies.
fn keys(tree: Option<&Tree>) -> impl Iterator<Item = Dependency> {
    let entries = tree.map_or(&[][..], Tree::entries);
    entries.iter().map(|(name, value)| Dependency { name: name.clone(), line: value.line })
}

#[cfg(test)]
mod tests;
