//! `number-gap`: numbers are counted up, and one of them is not there.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, Node, say};
use crate::diagnostic::{Diagnostic, codes};

/// Tells each gap at the decision behind it. `known` are numbers of a family that something else has.
pub(in super::super) fn look(graph: &Graph, known: &dyn Fn(&str) -> BTreeSet<u32>, said: &mut Vec<Diagnostic>) {
    let mut families: BTreeMap<&str, Vec<(u32, &Node)>> = BTreeMap::new();
    for node in &graph.nodes {
        if let Some(number) = node.number {
            families.entry(&node.family).or_default().push((number, node));
        }
    }
    families.into_iter().for_each(|(family, nodes)| gaps(nodes, || known(family), said));
}

fn gaps(mut nodes: Vec<(u32, &Node)>, known: impl Fn() -> BTreeSet<u32>, said: &mut Vec<Diagnostic>) {
    nodes.sort_by_key(|(number, node)| (*number, node.at.line));
    let span = nodes.first().zip(nodes.last()).map_or(0, |((first, _), (last, _))| u64::from(last - first) + 1);
    // Numbers of tickets or of pull requests are not counted up.
    if nodes.len() < 3 || span > nodes.len() as u64 * 2 {
        return;
    }
    let known = known();
    for pair in nodes.windows(2) {
        let [(before, _), (after, node)] = pair else { continue };
        let missing: Vec<String> =
            (before + 1..*after).filter(|number| !known.contains(number)).map(|number| number.to_string()).collect();
        if !missing.is_empty() {
            let message = format!("no decision has the number {}", missing.join(", "));
            said.push(say(&codes::ADR_NUMBER_GAP, node, node.number_at, message).0);
        }
    }
}
