//! Decisions in the order in which they are drawn, and which of them are connected.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{counted, plain};
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Edge, Graph, Node, Tie};

/// Decisions by number, then by file and name, and their ties.
#[derive(Debug, Clone)]
pub(super) struct Map {
    graph: Graph,
}

/// Every tie, in the order of how much it says.
pub(super) const TIES: [Tie; 3] = [Tie::Supersedes, Tie::Amends, Tie::Relates];

impl Map {
    /// Puts them in order, and leaves out what is said twice.
    pub(super) fn of(graph: &Graph) -> Self {
        let key = |node: &Node| (node.number.is_none(), node.number, node.file.clone(), node.id.clone());
        let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
        order.sort_by_key(|&index| graph.nodes.get(index).map(key));
        Self::kept(graph, &order)
    }

    /// The decisions of these places, in that order, with the ties between them.
    fn kept(graph: &Graph, order: &[usize]) -> Self {
        let places: BTreeMap<usize, usize> = order.iter().enumerate().map(|(place, &index)| (index, place)).collect();
        let nodes = order.iter().filter_map(|&index| graph.nodes.get(index).cloned()).collect();
        let edge = |edge: &Edge| Some(Edge { from: *places.get(&edge.from)?, to: *places.get(&edge.to)?, ..*edge });
        let mut edges: Vec<Edge> = graph.edges.iter().filter_map(edge).collect();
        edges.sort_by_key(|edge| (edge.from, edge.to, edge.tie));
        edges.dedup_by_key(|edge| (edge.from, edge.to, edge.tie));
        Self { graph: Graph { nodes, edges } }
    }

    /// What is connected to these, by whatever tie.
    pub(super) fn around(&self, starts: &[usize]) -> Self {
        let parts = self.parts();
        let wanted = |part: &&Vec<usize>| part.iter().any(|index| starts.contains(index));
        let kept: BTreeSet<usize> = parts.iter().filter(wanted).flatten().copied().collect();
        Self::kept(&self.graph, &kept.into_iter().collect::<Vec<_>>())
    }

    pub(super) const fn len(&self) -> usize {
        self.graph.nodes.len()
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.graph.nodes
    }

    pub(super) fn node(&self, index: usize) -> Option<&Node> {
        self.graph.nodes.get(index)
    }

    pub(super) fn ties(&self) -> &[Edge] {
        &self.graph.edges
    }

    /// The decisions that are connected with each other, as one part each; in order of their first.
    pub(super) fn parts(&self) -> Vec<Vec<usize>> {
        let mut near: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for edge in self.ties() {
            near.entry(edge.from).or_default().push(edge.to);
            near.entry(edge.to).or_default().push(edge.from);
        }
        let mut seen = vec![false; self.len()];
        let mut parts = Vec::new();
        for start in 0..self.len() {
            let mut part = Vec::new();
            let mut open = vec![start];
            while let Some(index) = open.pop() {
                let Some(seen) = seen.get_mut(index).filter(|seen| !**seen) else { continue };
                *seen = true;
                part.push(index);
                open.extend(near.get(&index).into_iter().flatten());
            }
            part.sort_unstable();
            parts.extend(Some(part).filter(|part| !part.is_empty()));
        }
        parts
    }

    /// The parts in which something is tied, and the decisions that stand alone.
    pub(super) fn tied_and_alone(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let tied: BTreeSet<usize> = self.ties().iter().flat_map(|edge| [edge.from, edge.to]).collect();
        let (parts, alone): (Vec<_>, Vec<_>) =
            self.parts().into_iter().partition(|part| part.iter().any(|index| tied.contains(index)));
        (parts, alone.into_iter().flatten().collect())
    }

    /// `70 decisions, 13 ties: 4 supersedes, 6 amends, 3 relates to; 49 stand alone`.
    pub(super) fn summary(&self) -> String {
        let count = |tie: Tie| self.ties().iter().filter(|edge| edge.tie == tie).count();
        let counts = TIES.map(|tie| (count(tie), tie.word())).into_iter().filter(|(count, _)| *count > 0);
        let words: Vec<String> = counts.map(|(count, word)| format!("{count} {word}")).collect();
        let decisions = counted(self.len(), "decision");
        let ties = match self.ties().len() {
            0 => return format!("{decisions}, no ties"),
            count => format!("{}: {}", counted(count, "tie"), words.join(", ")),
        };
        match self.tied_and_alone().1.len() {
            0 => format!("{decisions}, {ties}"),
            1 => format!("{decisions}, {ties}; 1 stands alone"),
            many => format!("{decisions}, {ties}; {many} stand alone"),
        }
    }
}

/// What a decision goes by in a picture: its number, or its name where it has none.
pub(super) fn label(node: &Node) -> String {
    match node.number {
        // Of a record the name says more than the number: `ADR-0012`.
        Some(number) if node.id.starts_with("decision/") => number.to_string(),
        Some(_) => plain(&node.id),
        None => name(node),
    }
}

/// Its name without the kind.
pub(super) fn name(node: &Node) -> String {
    plain(node.id.strip_prefix("decision/").unwrap_or(&node.id))
}

/// Its title; nothing where it has none but its name.
pub(super) fn title(node: &Node) -> Option<String> {
    Some(plain(&node.title)).filter(|_| node.title != node.id)
}

/// Where it is in its life, as far as that is known.
pub(super) fn status(node: &Node) -> &'static str {
    node.status.map_or("no status", Status::word)
}
