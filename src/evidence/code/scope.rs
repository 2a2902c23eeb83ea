//! Globs of paths.

use std::sync::Arc;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::git::CodeFile;
use crate::model::CodeMatch;

/// Globs of paths. A path without wildcards stands for itself and for all that is below it.
pub(super) struct Paths {
    set: GlobSet,
    /// The path itself, where there is no wildcard in it.
    literal: Option<String>,
}

/// The files that are looked into.
pub(super) struct Scope {
    within: Option<GlobSet>,
    except: GlobSet,
}

impl Paths {
    pub(super) fn new(text: &Arc<str>) -> Result<Self, String> {
        let literal = is_literal(text).then(|| trimmed(text).to_owned());
        Ok(Self { set: globs(std::slice::from_ref(text))?, literal })
    }

    /// Whether that path is one of them.
    pub(super) fn has(&self, path: &str) -> bool {
        self.set.is_match(path)
    }

    /// The paths that match; a folder that was asked for by name is one match.
    pub(super) fn matches(&self, files: &[CodeFile]) -> Vec<CodeMatch> {
        let found = |file: &Arc<str>| CodeMatch { file: file.clone(), line: None, text: "".into() };
        let mut matching = files.iter().filter(|file| self.has(&file.path));
        match &self.literal {
            Some(path) => matching.next().map(|_| found(&path.as_str().into())).into_iter().collect(),
            None => matching.map(|file| found(&file.path)).collect(),
        }
    }
}

impl Scope {
    /// The files of some globs, or all where there are none, without those of others.
    pub(super) fn new(within: &[Arc<str>], except: &[Arc<str>]) -> Result<Self, String> {
        let within = if within.is_empty() { None } else { Some(globs(within)?) };
        Ok(Self { within, except: globs(except)? })
    }

    /// Whether that file is one of them.
    pub(super) fn has(&self, path: &str) -> bool {
        self.within.as_ref().is_none_or(|within| within.is_match(path)) && !self.except.is_match(path)
    }

    /// Whether somebody said which files they are.
    pub(super) const fn is_given(&self) -> bool {
        self.within.is_some()
    }
}

fn glob(text: &str) -> Result<Glob, String> {
    let built = GlobBuilder::new(text).literal_separator(true).build();
    built.map_err(|error| format!("`{text}` is no glob: {}", error.kind()))
}

fn globs(texts: &[Arc<str>]) -> Result<GlobSet, String> {
    let mut set = GlobSetBuilder::new();
    for text in texts {
        let text = trimmed(text);
        set.add(glob(text)?);
        if is_literal(text) {
            set.add(glob(&format!("{text}/**"))?);
        }
    }
    set.build().map_err(|error| format!("the globs are too many: {error}"))
}

/// A path as the tree has it.
pub(super) fn trimmed(path: &str) -> &str {
    path.trim_start_matches("./").trim_matches('/')
}

fn is_literal(path: &str) -> bool {
    !path.contains(['*', '?', '[', '{', '\\'])
}
