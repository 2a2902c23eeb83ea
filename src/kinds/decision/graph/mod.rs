//! Decisions and how they stand to each other, wherever they are written: as specs, or as records in Markdown.
//!
//! One rule a file. The rules are the same for both; who asks them decides how much each finding matters.

pub(super) mod cycle;
pub(super) mod duplicate;
pub(super) mod gap;
pub(super) mod resting;
pub(super) mod successors;
pub(super) mod superseded;
pub(super) mod unnamed;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Status;
use super::flip::flip;
use crate::diagnostic::{Diagnostic, Edit, Entry, Problem, Span};
use crate::kinds::common::Link;
use crate::kinds::{Body, Spec};
use crate::model::{Kind, SpecId};

/// Decisions and the claims between them.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The decisions.
    pub nodes: Vec<Node>,
    /// What they say of each other.
    pub edges: Vec<Edge>,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct Node {
    /// What people call it: `decision/use-postgres`, `ADR-0012`.
    pub id: Arc<str>,
    /// One line for people.
    pub title: Arc<str>,
    /// Its number, where it has one.
    pub number: Option<u32>,
    /// Among which decisions its number is counted: no two of one family have one number.
    pub family: Arc<str>,
    /// Where it is in its life, as far as that is known.
    pub status: Option<Status>,
    /// Its file.
    pub file: Arc<str>,
    /// Where its name stands.
    pub at: Span,
    /// Where its status stands.
    pub status_at: Span,
    /// Where its number stands.
    pub number_at: Span,
    /// What to write for it to be superseded, where that is known.
    pub flip: Option<Edit>,
}

/// What one decision says of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The one that does something to the other, by its place among the nodes.
    pub from: usize,
    /// The other.
    pub to: usize,
    /// What it does.
    pub tie: Tie,
    /// Where that is said, in the file of the first.
    pub at: Span,
}

/// What a decision does to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// It takes its place.
    Supersedes,
    /// It changes a part of it.
    Amends,
    /// It has to do with it.
    Relates,
}

impl Tie {
    /// As a reader reads it along an arrow.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Supersedes => "supersedes",
            Self::Amends => "amends",
            Self::Relates => "relates to",
        }
    }
}

impl Graph {
    /// The decisions among specs, each with the place of its name.
    pub fn of_specs<'a>(specs: impl IntoIterator<Item = (&'a Arc<Spec>, Span)>) -> Self {
        let mut graph = Self::default();
        let mut claims: Vec<(usize, Tie, &Link)> = Vec::new();
        let mut places: BTreeMap<&SpecId, usize> = BTreeMap::new();
        for (spec, at) in specs {
            let Body::Decision(decision) = &spec.body else { continue };
            let index = graph.nodes.len();
            places.insert(&spec.id, index);
            let own = [
                (Tie::Supersedes, &decision.supersedes),
                (Tie::Amends, &decision.amends),
                (Tie::Relates, &decision.relates_to),
            ];
            claims.extend(own.into_iter().flat_map(|(tie, links)| links.iter().map(move |link| (index, tie, link))));
            graph.nodes.push(Node {
                id: spec.id.to_string().into(),
                title: spec.title().into(),
                number: decision.number.map(|number| number.value),
                family: folder(&spec.place.file).into(),
                status: Some(decision.status.value),
                file: spec.place.file.clone(),
                at,
                status_at: decision.status.span,
                number_at: decision.number.map_or(at, |number| number.span),
                flip: flip(spec, decision, Status::Superseded),
            });
        }
        for (from, tie, link) in claims {
            let to = link.id(Some(Kind::Decision)).and_then(|id| places.get(&id).copied());
            graph.edges.extend(to.map(|to| Edge { from, to, tie, at: link.span() }));
        }
        graph
    }

    /// The edges of a tie, each with both its ends.
    pub fn tied(&self, tie: Tie) -> impl Iterator<Item = (&Edge, &Node, &Node)> {
        let of_tie = self.edges.iter().filter(move |edge| edge.tie == tie);
        of_tie.filter_map(|edge| Some((edge, self.nodes.get(edge.from)?, self.nodes.get(edge.to)?)))
    }
}

/// The folder of a file.
pub(super) fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Says something of a decision at a place of its file.
fn say(entry: &'static Entry, node: &Node, at: Span, message: String) -> Said {
    let problem = Problem::new(entry, at, message);
    Said(Diagnostic { file: node.file.clone(), spec: Some(node.id.clone()), problem })
}

/// A finding in the making.
struct Said(Diagnostic);

impl Said {
    /// Says how to mend it.
    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.0.problem.fix = Some(fix.into());
        self
    }

    /// Points to another decision.
    fn related(mut self, node: &Node, at: Span, what: impl Into<String>) -> Self {
        self.0.problem = self.0.problem.related(node.file.clone(), at, what);
        self
    }
}
