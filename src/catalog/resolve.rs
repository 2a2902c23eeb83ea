//! References between documents, and names that are there twice.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Head;
use super::file::FileRead;
use crate::diagnostic::{Level, Problem, codes, nearest};
use crate::kinds::common::LinkUse;
use crate::kinds::{Document, Identity};
use crate::model::{Kind, SpecId};

/// Every place at which a spec's name stands, by identity.
pub(super) type Heads<'a> = FxHashMap<&'a SpecId, Vec<Head<'a>>>;

/// How many names a load may still look at to say which one was meant. Where thousands of references are broken, each
/// compared with thousands of names, the first hundred tell a person what is wrong, and the rest would take minutes.
#[derive(Debug)]
pub(super) struct Guesses(Cell<usize>);

impl Default for Guesses {
    fn default() -> Self {
        Self(Cell::new(1_000_000))
    }
}

impl Guesses {
    /// The name nearest to what was written, as long as there is any looking left.
    fn nearest<'a>(&self, id: &SpecId, heads: &Heads<'a>) -> Option<&'a str> {
        let left = self.0.get();
        if left == 0 {
            return None;
        }
        self.0.set(left.saturating_sub(heads.len()));
        let names = heads.keys().filter(|other| other.kind == id.kind).map(|other| other.name.as_str());
        nearest(id.name.as_str(), names)
    }
}

/// All that a document is looked at in view of.
#[derive(Debug)]
pub(super) struct View<'a> {
    /// Every name.
    pub heads: &'a Heads<'a>,
    /// The files that may hold specs that nobody knows of.
    pub blind: Vec<Blind<'a>>,
    /// How much may still be guessed.
    pub guesses: Guesses,
}

/// What is wrong with a document in view of all others.
pub(super) fn problems(path: &Arc<str>, document: &Document, view: &View<'_>) -> Vec<Problem> {
    let dangling = document.links.iter().filter(|link| !view.heads.contains_key(&link.id));
    let mut problems: Vec<Problem> = dangling.map(|link| unknown(link, view)).collect();
    problems.extend(twice(path, document, view.heads));
    problems
}

/// Whether the document may be used as far as others are concerned.
pub(super) fn is_sound(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| problem.level != Level::Error)
}

fn unknown(link: &LinkUse, view: &View<'_>) -> Problem {
    let SpecId { kind, name } = &link.id;
    let message = format!("no {} is called `{name}`", noun(*kind));
    // A file that cannot be read may define what is missing, if only the name stands in it. It has its own error; this
    // one would only repeat it.
    if let Some(Blind { file, .. }) = view.blind.iter().find(|blind| !link.soft && blind.may_define(name.as_str())) {
        let help = format!("{file} cannot be read and may define it");
        return Problem::new(&codes::REFERENCE_UNRESOLVED, link.span, message).help(help);
    }
    let entry = if link.soft { &codes::REFERENCE_SERVICE } else { &codes::REFERENCE_UNKNOWN };
    let problem = Problem::new(entry, link.span, message);
    match view.guesses.nearest(&link.id, view.heads) {
        Some(near) => problem.label(format!("did you mean `{near}`?")).fix(format!("use `{near}`")),
        None => problem.fix(format!("add it: abide new {} {name}", kind.word())),
    }
}

/// How people call a kind in a sentence.
fn noun(kind: Kind) -> String {
    match kind {
        Kind::Slo | Kind::Sli => kind.title().into(),
        _ => split_words(kind.title()),
    }
}

fn split_words(title: &str) -> String {
    let mut words = String::new();
    for c in title.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

/// Both documents of one name are told, each with the place of the other.
fn twice(path: &Arc<str>, document: &Document, heads: &Heads<'_>) -> Option<Problem> {
    let Identity::Spec(id, span) = &document.identity else { return None };
    let all = heads.get(id).filter(|all| all.len() > 1)?;
    let problem = Problem::new(&codes::SPEC_DUPLICATE, *span, format!("{} specs are called {id}", all.len()));
    let others = all.iter().filter(|head| (head.path, head.span) != (path, *span));
    Some(others.fold(problem.fix("rename or remove one of them"), |problem, other| {
        problem.related(other.path.clone(), other.span, "the same name stands here")
    }))
}

/// A file that may hold specs that nobody knows of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blind<'a> {
    file: &'a Arc<str>,
    text: Option<&'a Arc<str>>,
}

impl Blind<'_> {
    fn may_define(&self, name: &str) -> bool {
        self.text.is_none_or(|text| text.contains(name))
    }
}

/// The files that may hold specs that nobody knows of.
pub(super) fn blind(files: &BTreeMap<Arc<str>, Arc<FileRead>>) -> Vec<Blind<'_>> {
    let blind = files.iter().filter(|(_, file)| file.blind);
    blind.map(|(file, read)| Blind { file, text: read.text.as_ref() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    #[test]
    fn guessing_ends_before_it_takes_minutes() {
        let id = |name| SpecId::new(Kind::Role, Name::slug(name));
        let (there, asked) = (id("developer"), id("develper"));
        let heads = Heads::from_iter([(&there, Vec::new())]);
        let guesses = Guesses(Cell::new(2));
        let guessed = [(); 3].map(|()| guesses.nearest(&asked, &heads));
        assert_eq!(guessed, [Some("developer"), Some("developer"), None]);
    }
}
