//! Decisions as pages of MADR 4, for people and tools that read Markdown. Pure: a catalog's decisions in, texts out.
//!
//! What `import adr` reads of such a page is the same number, title, status, date and relations.

mod names;
mod page;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Decision, Status};
use crate::kinds::{Body, Spec, Specs};
use crate::model::{Kind, SpecId};

/// All decisions of a catalog as pages that refer to each other.
#[derive(Debug)]
pub struct Pages<'a> {
    decisions: BTreeMap<&'a SpecId, (&'a Arc<Spec>, &'a Decision)>,
    /// The file of each, without its ending.
    stems: BTreeMap<&'a SpecId, String>,
    /// Those that take the place of another or took it, by the other.
    successors: BTreeMap<SpecId, Vec<&'a SpecId>>,
}

impl<'a> Pages<'a> {
    /// Of a catalog's specs.
    pub fn of(specs: &'a Specs) -> Self {
        let decision = |spec: &'a Arc<Spec>| match &spec.body {
            Body::Decision(decision) => Some((&spec.id, (spec, &**decision))),
            _ => None,
        };
        let decisions: BTreeMap<_, _> = specs.of_kind(Kind::Decision).filter_map(decision).collect();
        let mut successors: BTreeMap<SpecId, Vec<&SpecId>> = BTreeMap::new();
        for (id, (_, decision)) in &decisions {
            let holds = matches!(*decision.status, Status::Accepted | Status::Deprecated | Status::Superseded);
            for other in decision.supersedes.iter().filter(|_| holds).filter_map(|link| link.id(Some(Kind::Decision))) {
                successors.entry(other).or_default().push(id);
            }
        }
        let numbered = decisions.iter().map(|(id, (_, decision))| (*id, decision.number.map(|number| number.value)));
        let stems = names::stems(numbered);
        Self { decisions, stems, successors }
    }

    /// The decisions, by name.
    pub fn ids(&self) -> impl Iterator<Item = &'a SpecId> {
        self.decisions.keys().copied()
    }

    /// The name of a decision's file: `0012-use-postgres.md`.
    pub fn file(&self, id: &SpecId) -> Option<String> {
        self.stems.get(id).map(|stem| format!("{stem}.md"))
    }

    /// The page of a decision.
    pub fn text(&self, id: &SpecId) -> Option<String> {
        let (spec, decision) = self.decisions.get(id)?;
        Some(page::text(self, spec, decision, self.stems.get(id)?))
    }

    /// A link to another decision's page.
    fn link(&self, id: &SpecId) -> String {
        let number = self.decisions.get(id).and_then(|(_, decision)| decision.number);
        let number = number.map(|number| number.value);
        let file = self.file(id).unwrap_or_else(|| format!("{}.md", id.name));
        match number {
            Some(number) => format!("[ADR-{number:04}]({file})"),
            // A status that is said in part is another one: `partial-indexes` must not stand in it as a word.
            None if id.name.as_str().contains("part") => format!("[another decision]({file})"),
            None => format!("[{}]({file})", id.name),
        }
    }

    /// The decisions that take the place of this one, or took it.
    fn successors(&self, id: &SpecId) -> &[&'a SpecId] {
        self.successors.get(id).map_or(&[], Vec::as_slice)
    }
}
