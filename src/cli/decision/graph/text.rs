//! How decisions hang together, as trees for a terminal: each with what it takes the place of below it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::map::{Map, label, name, status, title};
use crate::cli::paint::Paint;
use crate::cli::table;
use crate::cli::words::{WIDE, cut};
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Edge, Node, Tie};

/// Writes a tree for each newest decision, and in a row those that stand alone.
pub(super) fn write(map: &Map, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let (parts, alone) = map.tied_and_alone();
    let mut trees = Trees { map, paint, told: BTreeSet::new(), lines: Vec::new() };
    for part in &parts {
        trees.part(part);
    }
    for line in &trees.lines {
        writeln!(out, "{}", line.trim_end())?;
    }
    if !alone.is_empty() {
        if !parts.is_empty() {
            writeln!(out, "\n{}", paint.bold("without ties to others"))?;
        }
        let row = |node: &Node| {
            let title = title(node).map(|title| cut(&title, WIDE - 40)).unwrap_or_default();
            [called(node, paint), colored(node, paint), title]
        };
        let rows: Vec<[String; 3]> = alone.iter().filter_map(|&index| map.node(index)).map(row).collect();
        table::write(["DECISION", "STATUS", "TITLE"], &rows, out)?;
    }
    writeln!(out, "{}", map.summary())
}

/// The trees in the making.
struct Trees<'a> {
    map: &'a Map,
    paint: Paint,
    told: BTreeSet<usize>,
    lines: Vec<String>,
}

/// A decision that is about to be told: what stands before its line and before those below it, and how it is tied to the
/// one above.
struct Next {
    index: usize,
    tie: Option<Tie>,
    before: String,
    below: String,
}

impl Trees<'_> {
    fn part(&mut self, part: &[usize]) {
        let strong = |edge: &&Edge| edge.tie != Tie::Relates && edge.from != edge.to;
        let overtaken: BTreeSet<usize> = self.map.ties().iter().filter(strong).map(|edge| edge.to).collect();
        let newest = part.iter().copied().filter(|index| !overtaken.contains(index));
        for root in newest.collect::<Vec<_>>() {
            self.tree(root);
        }
        // What is left lies on circles, or is only related.
        for &root in part {
            self.tree(root);
        }
    }

    fn tree(&mut self, root: usize) {
        if self.told.contains(&root) {
            return;
        }
        let mut open = vec![Next { index: root, tie: None, before: String::new(), below: String::new() }];
        while let Some(next) = open.pop() {
            let Some(node) = self.map.node(next.index) else { continue };
            let is_new = next.tie != Some(Tie::Relates) && self.told.insert(next.index);
            let before = match next.tie {
                Some(tie) => format!("{}{} ", next.before, self.paint.dim(tie.word())),
                None => next.before.clone(),
            };
            let ties: Vec<&Edge> = self.map.ties().iter().filter(|edge| edge.from == next.index).collect();
            // Whatever hangs below is shown once.
            let again = !is_new && next.tie != Some(Tie::Relates) && !ties.is_empty();
            let more = if again { self.paint.dim("  (as above)") } else { String::new() };
            self.lines.push(format!("{}{more}", line(node, &before, self.paint)));
            if is_new {
                open.extend(hanging(&ties, &next.below));
            }
        }
    }
}

/// What hangs below a decision, the last first.
fn hanging(ties: &[&Edge], below: &str) -> Vec<Next> {
    let mut ties = ties.to_vec();
    ties.sort_by_key(|edge| (edge.tie, edge.to));
    let last = ties.len().saturating_sub(1);
    let next = |(place, edge): (usize, &&Edge)| {
        let (branch, rest) = if place == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let (before, below) = (format!("{below}{branch}"), format!("{below}{rest}"));
        Next { index: edge.to, tie: Some(edge.tie), before, below }
    };
    ties.iter().enumerate().map(next).rev().collect()
}

/// A decision on one line: number, name, status and title.
fn line(node: &Node, before: &str, paint: Paint) -> String {
    let title = title(node).map(|title| format!("  {}", cut(&title, WIDE - 40))).unwrap_or_default();
    format!("{before}{}  {}{title}", called(node, paint), colored(node, paint))
}

/// Its number and its name.
fn called(node: &Node, paint: Paint) -> String {
    let (label, name) = (label(node), name(node));
    if label == name { paint.bold(&name) } else { format!("{label} {}", paint.bold(&name)) }
}

fn colored(node: &Node, paint: Paint) -> String {
    let word = status(node);
    match node.status {
        Some(Status::Accepted) => paint.good(word),
        Some(Status::Draft | Status::Proposed) => paint.warn(word),
        Some(_) => paint.dim(word),
        None => paint.unsure(word),
    }
}
