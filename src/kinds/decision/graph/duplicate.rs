//! `duplicate-number`: two decisions of one family have one number.

use std::collections::BTreeMap;

use super::{Graph, Node, say};
use crate::diagnostic::{Diagnostic, codes};

/// Tells each decision whose number another one has too.
pub(in super::super) fn look(graph: &Graph, said: &mut Vec<Diagnostic>) {
    let mut numbered: BTreeMap<(&str, u32), Vec<&Node>> = BTreeMap::new();
    for node in &graph.nodes {
        if let Some(number) = node.number {
            numbered.entry((&node.family, number)).or_default().push(node);
        }
    }
    for ((_, number), nodes) in numbered.iter().filter(|(_, nodes)| nodes.len() > 1) {
        for node in nodes {
            let others: Vec<&&Node> = nodes.iter().filter(|other| !std::ptr::eq(**other, *node)).collect();
            let names: Vec<String> = others.iter().take(5).map(|other| place(other, node)).collect();
            let message = format!("{number} is also the number of {}", names.join(" and "));
            let problem = say(&codes::ADR_DUPLICATE_NUMBER, node, node.number_at, message);
            let problem = others.iter().take(5).fold(problem, |problem, other| {
                problem.related(other, other.number_at, format!("{} has it too", other.id))
            });
            said.push(problem.fix("give one of them a number of its own").0);
        }
    }
}

fn place(other: &Node, node: &Node) -> String {
    if other.file == node.file { format!("line {}", other.at.line) } else { other.file.to_string() }
}
