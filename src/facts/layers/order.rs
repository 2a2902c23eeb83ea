//! The order of layers, and the imports that break it.

use std::sync::Arc;

use super::{From, Import, Language, Modules};
use crate::facts::{Found, Unread};

/// The layers of a project, the lowest first. Each may import only those before it.
pub struct Order {
    /// The folders that lead to the layers.
    base: Vec<String>,
    /// Whether the layers may lie deeper below the base: in one of several projects.
    anywhere: bool,
    /// The names of each, from the base on.
    layers: Vec<Vec<String>>,
}

/// A layer of a path: which, and how many names of the path lead to it.
#[derive(Clone, Copy)]
struct Place {
    layer: usize,
    before: usize,
}

/// The file that imports.
struct Importer<'p> {
    path: &'p str,
    /// The names of its path, the last one without its ending.
    names: Vec<&'p str>,
    place: Place,
    language: Language,
}

/// What an import leads to.
enum Target {
    Layer(usize),
    /// Of no layer, or of another project.
    Elsewhere,
    Unknown(String),
}

impl Order {
    /// The layers of the files of a glob. They lie where its wildcards begin: those of `src/**/*.rs` are folders or files in
    /// `src`. Where the wildcard is for one of several projects, as in `services/*/src/**`, they are what is called so below.
    pub fn new(within: &str, order: &[Arc<str>]) -> Self {
        let parts: Vec<&str> = names(within);
        let wild = parts.iter().position(|part| part.contains(['*', '?', '[', '{']));
        let base: Vec<String> = parts[..wild.unwrap_or(parts.len())].iter().map(|part| (*part).to_owned()).collect();
        let anywhere = wild.is_some_and(|at| at == 0 || parts[at] != "**");
        let layer = |text: &Arc<str>| -> Vec<String> {
            let parts: Vec<String> = names(text).into_iter().map(str::to_owned).collect();
            parts.strip_prefix(base.as_slice()).filter(|rest| !rest.is_empty()).unwrap_or(&parts).to_vec()
        };
        let layers = order.iter().map(layer).collect();
        Self { base, anywhere, layers }
    }

    /// The imports of a file that lead to a layer above its own, and why there may be more.
    pub fn broken(&self, path: &str, imports: &[Import], modules: &Modules) -> (Vec<Found>, Option<Unread>) {
        let (mut found, mut unread) = (Vec::new(), None);
        let names = stem(names(path));
        let (Some(language), Some(place)) = (Language::of(path), self.place(&names)) else { return (found, unread) };
        let importer = Importer { path, names, place, language };
        let mut last = None;
        for import in imports {
            match self.target(&importer, import, modules) {
                // A line that imports many names of one layer is one finding.
                Target::Layer(layer) if layer > place.layer && last != Some((import.line, layer)) => {
                    last = Some((import.line, layer));
                    let text = format!("{} imports {}: {}", self.name(place.layer), self.name(layer), import.text);
                    found.push(Found { line: Some(import.line), text: text.into() });
                }
                Target::Unknown(reason) if unread.is_none() => unread = Some(Unread::at(import.line, reason)),
                _ => {}
            }
        }
        (found, unread)
    }

    fn name(&self, layer: usize) -> String {
        self.layers[layer].join("/")
    }

    fn target(&self, importer: &Importer<'_>, import: &Import, modules: &Modules) -> Target {
        let path: Vec<&str> = import.path.split('/').filter(|name| !name.is_empty()).collect();
        let layer = |place: Option<Place>| place.map_or(Target::Elsewhere, |place| Target::Layer(place.layer));
        match (import.from, importer.language) {
            (From::Above(levels), _) => {
                let module = importer.module();
                let kept = module.len().saturating_sub(levels);
                layer(self.place(&stem([&module[..kept], &path].concat())))
            }
            (From::Root, _) => layer(self.place(&[self.root(importer), &path].concat())),
            (From::Alias, _) => {
                Target::Unknown(format!("`{}` is an alias, and what it means is not known", import.text))
            }
            (From::Package, Language::Go) if !modules.knows(importer.path) => {
                Target::Unknown("no go.mod above it says what its module is called".into())
            }
            (From::Package, Language::Go) => {
                layer(modules.folder(&import.text).and_then(|folder| self.place(&names(&folder))))
            }
            (From::Package, Language::Python) => layer(self.python_package(importer, &path)),
            (From::Package, Language::Rust) => self.crate_of(importer, path.first().copied()),
            (From::Package, Language::JavaScript) => Target::Elsewhere,
        }
    }

    /// The layer of a path's names.
    fn place(&self, names: &[&str]) -> Option<Place> {
        let base = self.base.len();
        if names.len() <= base || names.iter().zip(&self.base).any(|(name, wanted)| name != wanted) {
            return None;
        }
        let deepest = if self.anywhere { names.len() - 1 } else { base };
        (base..=deepest).find_map(|before| Some(Place { layer: self.beginning(&names[before..])?, before }))
    }

    /// The layer that the names begin with; the longest where several do.
    fn beginning(&self, names: &[&str]) -> Option<usize> {
        let begins = |layer: &[String]| layer.len() <= names.len() && layer.iter().zip(names).all(|(a, b)| a == b);
        let all = self.layers.iter().enumerate().filter(|(_, layer)| begins(layer));
        all.max_by_key(|(_, layer)| layer.len()).map(|(at, _)| at)
    }

    /// The root of the crate that a file is of: the folder that cargo looks in, or that of the layers.
    fn root<'i>(&self, importer: &'i Importer<'_>) -> &'i [&'i str] {
        let folders = &importer.names[..importer.names.len() - 1];
        let found = folders.iter().rposition(|name| matches!(*name, "src" | "tests" | "benches" | "examples"));
        &importer.names[..found.map_or(self.base.len(), |at| at + 1)]
    }

    /// The layer of a crate by its name, where the layers are crates.
    fn crate_of(&self, importer: &Importer<'_>, name: Option<&str>) -> Target {
        let are_crates = self.place(self.root(importer)).is_some();
        let is_called = |layer: &Vec<String>| layer.last().map(|last| last.replace('-', "_")).as_deref() == name;
        match self.layers.iter().position(is_called).filter(|_| are_crates) {
            Some(layer) => Target::Layer(layer),
            None => Target::Elsewhere,
        }
    }

    /// The layer of an absolute import. Its names may begin at any of the folders that lead to the importer's own layer.
    fn python_package(&self, importer: &Importer<'_>, path: &[&str]) -> Option<Place> {
        let leading = &importer.names[..importer.place.before];
        (0..=leading.len()).find_map(|at| {
            let rest = path.strip_prefix(&leading[at..])?;
            Some(Place { layer: self.beginning(rest)?, before: importer.place.before })
        })
    }
}

impl Importer<'_> {
    /// The names of the module. In Rust some files are the module that their folder is.
    fn module(&self) -> &[&str] {
        match (self.language, self.names.split_last()) {
            (Language::Rust, Some((&("mod" | "lib" | "main"), folder))) => folder,
            _ => &self.names,
        }
    }
}

fn names(path: &str) -> Vec<&str> {
    path.split('/').filter(|name| !name.is_empty() && *name != ".").collect()
}

/// The names with the last one without the ending of a language.
fn stem(mut names: Vec<&str>) -> Vec<&str> {
    if let Some(last) = names.last_mut().filter(|last| Language::of(last).is_some()) {
        *last = last.rsplit_once('.').map_or(*last, |(stem, _)| stem);
    }
    names
}
