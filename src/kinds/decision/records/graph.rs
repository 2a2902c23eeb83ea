//! Records and their claims as a graph.

use std::collections::BTreeMap;

use super::families::folder;
use super::{Collection, Families, Found, Record, Relation};
use crate::diagnostic::Span;
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Edge, Graph, Node, Tie};

/// One record says of another that it takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Succession {
    /// The one that takes the place.
    pub newer: usize,
    /// The one whose place is taken.
    pub older: usize,
    /// Where the newer one says so.
    pub said_by_newer: Option<u32>,
    /// Where the older one says so.
    pub said_by_older: Option<u32>,
}

/// The places in the collection that a record's claims of a kind lead to, each with its line.
pub(super) fn claimed(families: &Families<'_>, record: &Record, relations: &[Relation]) -> Vec<(usize, u32)> {
    let claims = record.claims.iter().filter(|claim| relations.contains(&claim.relation));
    let found = claims.filter_map(|claim| match families.find(record, &claim.to) {
        Found::Record(index) => Some((index, claim.line)),
        _ => None,
    });
    found.collect()
}

/// Who takes whose place as a whole, whoever says so.
pub(super) fn successions(collection: &Collection, families: &Families<'_>) -> Vec<Succession> {
    let mut all: BTreeMap<(usize, usize), Succession> = BTreeMap::new();
    for (index, record) in collection.records.iter().enumerate() {
        for (older, line) in claimed(families, record, &[Relation::Supersedes]) {
            of(&mut all, index, older).said_by_newer.get_or_insert(line);
        }
        for (newer, line) in claimed(families, record, &[Relation::SupersededBy]) {
            of(&mut all, newer, index).said_by_older.get_or_insert(line);
        }
    }
    all.into_values().filter(|one| one.newer != one.older).collect()
}

fn of(all: &mut BTreeMap<(usize, usize), Succession>, newer: usize, older: usize) -> &mut Succession {
    let new = Succession { newer, older, said_by_newer: None, said_by_older: None };
    all.entry((newer, older)).or_insert(new)
}

impl Collection {
    /// The records and how they stand to each other: whoever says it, the newer one supersedes or amends the older.
    pub fn graph(&self) -> Graph {
        let families = Families::of(self);
        let mut edges: Vec<Edge> = Vec::new();
        for one in successions(self, &families) {
            let (Some(newer), Some(older)) = (self.records.get(one.newer), self.records.get(one.older)) else {
                continue;
            };
            // What was turned down takes nobody's place.
            if newer.status.status == Some(Status::Rejected) && one.said_by_older.is_none() {
                continue;
            }
            // Where the older one says which of it is left, it is believed.
            let amended = claimed(&families, older, &[Relation::AmendedBy]);
            let in_part = amended.iter().any(|(index, _)| *index == one.newer);
            let tie = if in_part { Tie::Amends } else { Tie::Supersedes };
            let line = one.said_by_newer.unwrap_or(newer.line);
            edges.push(Edge { from: one.newer, to: one.older, tie, at: at(line) });
        }
        for (index, record) in self.records.iter().enumerate() {
            let amends = claimed(&families, record, &[Relation::Amends]).into_iter();
            edges.extend(amends.map(|(to, line)| Edge { from: index, to, tie: Tie::Amends, at: at(line) }));
            let amended = claimed(&families, record, &[Relation::AmendedBy]).into_iter();
            edges.extend(amended.map(|(from, _)| Edge {
                from,
                to: index,
                tie: Tie::Amends,
                at: at(self.records.get(from).map_or(1, |record| record.line)),
            }));
        }
        edges.sort_by_key(|edge| (edge.from, edge.to, edge.tie));
        edges.dedup_by_key(|edge| (edge.from, edge.to, edge.tie));
        Graph { nodes: self.records.iter().map(node).collect(), edges }
    }
}

fn node(record: &Record) -> Node {
    let status_line = record.status.written.as_ref().map_or(record.line, |(_, line)| *line);
    Node {
        id: record.id.as_str().into(),
        title: record.title.as_str().into(),
        number: record.number,
        family: format!("{}\n{}", folder(record), record.prefix).into(),
        status: record.status.status,
        file: record.file.clone(),
        at: at(record.line),
        status_at: at(status_line),
        number_at: at(record.line),
        flip: None,
    }
}

/// A place of which only the line is known.
const fn at(line: u32) -> Span {
    Span { start: 0, end: 0, line, column: 1 }
}

/// The folder of a family, from its name.
pub(super) fn folder_of(family: &str) -> &str {
    family.split_once('\n').map_or(family, |(folder, _)| folder)
}
