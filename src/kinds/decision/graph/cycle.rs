//! `cycle`: decisions that take each other's place in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Edge, Graph, Tie, say};
use crate::diagnostic::{Diagnostic, codes};

/// Tells each circle once, at its first decision.
pub(in super::super) fn look(graph: &Graph, ties: &[Tie], said: &mut Vec<Diagnostic>) {
    let edges = in_circles(graph, ties);
    let mut ways: BTreeMap<usize, Vec<&Edge>> = BTreeMap::new();
    edges.iter().for_each(|edge| ways.entry(edge.from).or_default().push(edge));
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for start in ways.keys() {
        let Some(circle) = circle(&ways, *start).filter(|_| !told.contains(start)) else { continue };
        told.extend(circle.iter().map(|edge| edge.from));
        let Some((node, first)) = graph.nodes.get(*start).zip(circle.first()) else { continue };
        let mut problem = say(&codes::ADR_CYCLE, node, first.at, words(graph, &circle));
        for edge in circle.iter().skip(1) {
            if let Some(other) = graph.nodes.get(edge.from) {
                problem = problem.related(other, edge.at, format!("{} {} the next", other.id, edge.tie.word()));
            }
        }
        said.push(problem.fix("take out the claim that is wrong: only the newer one says what it does to the older").0);
    }
}

fn words(graph: &Graph, circle: &[&Edge]) -> String {
    let name = |index: usize| graph.nodes.get(index).map_or("", |node| &*node.id);
    match circle {
        [edge] => format!("{} {} itself", name(edge.from), edge.tie.word()),
        _ => {
            let names: Vec<&str> = circle.iter().map(|edge| name(edge.from)).collect();
            let all = circle.iter().all(|edge| edge.tie == Tie::Supersedes);
            let verb = if all { "supersede" } else { "supersede or amend" };
            format!("{} {verb} each other in a circle, so that none of them holds", names.join(", "))
        }
    }
}

/// The pairs of decisions that lie in one circle: a way leads from the second back to the first.
pub(in super::super) fn circles(graph: &Graph, ties: &[Tie]) -> BTreeSet<(usize, usize)> {
    let edges = in_circles(graph, ties);
    let mut ways: BTreeMap<usize, Vec<&Edge>> = BTreeMap::new();
    edges.iter().for_each(|edge| ways.entry(edge.from).or_default().push(edge));
    let leads_back = |edge: &&&Edge| edge.from == edge.to || reaches(&ways, edge.to, edge.from);
    edges.iter().filter(leads_back).map(|edge| (edge.from, edge.to)).collect()
}

fn reaches(ways: &BTreeMap<usize, Vec<&Edge>>, from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut queue = vec![from];
    while let Some(node) = queue.pop() {
        for edge in ways.get(&node).into_iter().flatten() {
            if edge.to == to {
                return true;
            }
            if seen.insert(edge.to) {
                queue.push(edge.to);
            }
        }
    }
    false
}

/// The edges that may lie on a circle: those at whose ends something both arrives and leaves.
fn in_circles<'a>(graph: &'a Graph, ties: &[Tie]) -> Vec<&'a Edge> {
    let mut edges: Vec<&Edge> = graph.edges.iter().filter(|edge| ties.contains(&edge.tie)).collect();
    loop {
        let leaving: BTreeSet<usize> = edges.iter().map(|edge| edge.from).collect();
        let arriving: BTreeSet<usize> = edges.iter().map(|edge| edge.to).collect();
        let before = edges.len();
        edges.retain(|edge| arriving.contains(&edge.from) && leaving.contains(&edge.to));
        if edges.len() == before {
            return edges;
        }
    }
}

/// The shortest way from a decision back to itself, if there is one.
fn circle<'a>(ways: &BTreeMap<usize, Vec<&'a Edge>>, start: usize) -> Option<Vec<&'a Edge>> {
    let mut came: BTreeMap<usize, &Edge> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for edge in ways.get(&node).into_iter().flatten() {
            if came.contains_key(&edge.to) {
                continue;
            }
            came.insert(edge.to, edge);
            if edge.to == start {
                return Some(way_back(&came, start));
            }
            queue.push_back(edge.to);
        }
    }
    None
}

/// The edges from a decision to itself, in their order.
fn way_back<'a>(came: &BTreeMap<usize, &'a Edge>, start: usize) -> Vec<&'a Edge> {
    let mut way = Vec::new();
    let mut at = start;
    while let Some(edge) = came.get(&at) {
        way.push(*edge);
        at = edge.from;
        if at == start {
            break;
        }
    }
    way.reverse();
    way
}
