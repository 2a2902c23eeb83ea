//! A look that is ready to be taken: which files it reads, and what it makes of each.

use std::sync::Arc;

use super::MOST_MATCHES;
use super::lines::Lines;
use super::scope::{Paths, Scope, trimmed};
use super::told::{Fact, Told};
use serde_json::Value as Json;

use crate::facts::layers::{Language, Modules, Order};
use crate::facts::manifest::Manifest;
use crate::facts::value::other_than;
use crate::git::CodeFile;
use crate::model::Look;

/// A file is binary when there is a NUL in so many of its first bytes, as git has it.
const BINARY_BYTES: usize = 8000;

/// A look that is ready to be taken.
pub(super) enum Looker {
    /// At paths.
    Path(Paths),
    /// Into files.
    Files(Box<Files>),
}

/// Which files are looked into, and what for.
pub(super) struct Files {
    scope: Scope,
    wanted: Wanted,
}

enum Wanted {
    Lines(Lines),
    Dependency(Arc<str>),
    Value { file: Arc<str>, pointer: Arc<str>, equals: Json },
    Layers(Order),
}

/// As what a file is read. The same content says something else as another thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum As {
    /// Lines of text.
    Lines,
    /// A manifest.
    Manifest(Manifest),
    /// Values with their places.
    Values,
    /// A module with its imports.
    Source(Language),
    /// A `go.mod`, which tells what imports mean.
    GoModule,
}

impl Looker {
    /// Prepares the look; what is wrong with it, in words, where that cannot be.
    pub(super) fn new(look: &Look) -> Result<Self, String> {
        let (scope, wanted) = match look {
            Look::Path(glob) => return Ok(Self::Path(Paths::new(glob)?)),
            Look::Pattern { pattern, within, except } => {
                (Scope::new(within, except)?, Wanted::Lines(Lines::new(pattern)?))
            }
            Look::Dependency { name, within, except } => {
                (Scope::new(within, except)?, Wanted::Dependency(name.clone()))
            }
            Look::Value { file, pointer, equals } => {
                let wrong = |error| format!("`{equals}` is no value: {error}");
                let (file, equals) = (trimmed(file).into(), serde_json::from_str(equals).map_err(wrong)?);
                (Scope::new(&[], &[])?, Wanted::Value { file, pointer: pointer.clone(), equals })
            }
            Look::Layers { within, except, order } => {
                (Scope::new(std::slice::from_ref(within), except)?, Wanted::Layers(Order::new(within, order)))
            }
        };
        Ok(Self::Files(Box::new(Files { scope, wanted })))
    }
}

impl Files {
    /// As what that file is to be read; nothing where it is not.
    pub(super) fn wants(&self, file: &CodeFile) -> Option<As> {
        let path = &*file.path;
        match &self.wanted {
            // A link has no lines of its own.
            Wanted::Lines(_) => (file.id.is_readable() && self.scope.has(path)).then_some(As::Lines),
            Wanted::Dependency(_) => {
                let manifest = Manifest::of(path)?;
                // Nobody asked for manifests of a kind that is not known, unless they were named.
                let is_asked = manifest != Manifest::Foreign || self.scope.is_given();
                (is_asked && self.scope.has(path)).then_some(As::Manifest(manifest))
            }
            Wanted::Value { file, .. } => (path == &**file).then_some(As::Values),
            // The module of a file may be told above all that the rule looks at.
            Wanted::Layers(_) if is_go_module(path) => Some(As::GoModule),
            Wanted::Layers(_) => self.scope.has(path).then(|| Language::of(path)).flatten().map(As::Source),
        }
    }

    /// Whether what that file says changes what other files tell.
    pub(super) fn tells_of_others(&self, path: &str) -> bool {
        matches!(self.wanted, Wanted::Layers(_)) && is_go_module(path)
    }

    /// The file that must be there to be looked into.
    pub(super) const fn must_have(&self) -> Option<&Arc<str>> {
        match &self.wanted {
            Wanted::Value { file, .. } => Some(file),
            Wanted::Lines(_) | Wanted::Dependency(_) | Wanted::Layers(_) => None,
        }
    }

    /// What a content says that is read as that; it is nothing where the file is too large or none.
    pub(super) fn read(&self, file: &CodeFile, how: As, content: Option<&[u8]>) -> Fact {
        let text = content.filter(|content| !content[..content.len().min(BINARY_BYTES)].contains(&0));
        Fact::Told(match (&self.wanted, text) {
            (Wanted::Lines(_), None) => no_lines(content),
            (Wanted::Lines(lines), Some(text)) => Told { places: lines.matches(text, MOST_MATCHES), ..Told::default() },
            (_, None) if !file.id.is_readable() => Told::unread("it is a link"),
            (_, None) => Told::unread("it is no text, or larger than 4 MiB"),
            (_, Some(text)) => match std::str::from_utf8(text) {
                Ok(text) => return self.understand(how, &file.path, text),
                Err(_) => Told::unread("it is not UTF-8"),
            },
        })
    }

    fn understand(&self, how: As, path: &str, text: &str) -> Fact {
        Fact::Told(match (&self.wanted, how) {
            (_, As::Source(language)) => return Fact::Imports(language.imports(text).into()),
            (_, As::GoModule) => return Fact::Module(Modules::path(text)),
            (Wanted::Dependency(name), As::Manifest(manifest)) => Told::of(manifest.mentions(text, name)),
            (Wanted::Value { pointer, equals, .. }, _) => {
                Told::of(other_than(path, text, pointer, equals).map(|found| found.into_iter().collect()))
            }
            _ => Told::default(),
        })
    }

    /// What a fact amounts to in a file at that path.
    pub(super) fn tell(&self, path: &str, fact: &Fact, modules: &Modules) -> Told {
        match (fact, &self.wanted) {
            (Fact::Told(told), _) => told.clone(),
            (Fact::Imports(imports), Wanted::Layers(order)) => {
                let (found, unread) = order.broken(path, imports, modules);
                Told { unread, ..Told::of(Ok(found)) }
            }
            _ => Told::default(),
        }
    }
}

/// What is said of a content that has no lines. A picture or a program is passed over, as git and other searches do; a text
/// that is too large or written in another way may hold what is looked for.
fn no_lines(content: Option<&[u8]>) -> Told {
    match content {
        None => Told::unread("it is larger than 4 MiB; leave it out under `except` if it is no code"),
        Some([0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => Told::unread("it is UTF-16; write it as UTF-8"),
        Some(_) => Told { skipped: true, ..Told::default() },
    }
}

fn is_go_module(path: &str) -> bool {
    path.rsplit('/').next() == Some("go.mod")
}
