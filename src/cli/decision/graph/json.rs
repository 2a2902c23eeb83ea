//! How decisions hang together, for programs.

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::map::Map;
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Edge, Tie};

/// The version of the JSON.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Wire<'a> {
    version: u32,
    decisions: Vec<NodeWire<'a>>,
    ties: Vec<TieWire<'a>>,
    unread: Vec<UnreadWire<'a>>,
}

#[derive(Serialize)]
struct NodeWire<'a> {
    /// Its place in this list, from 1: two records may be called alike.
    key: usize,
    id: &'a str,
    number: Option<u32>,
    title: &'a str,
    status: Option<&'static str>,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TieWire<'a> {
    from: usize,
    tie: &'static str,
    to: usize,
    from_id: &'a str,
    to_id: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct UnreadWire<'a> {
    file: &'a str,
    line: u32,
    message: &'a str,
}

/// Writes everything.
pub(super) fn write(map: &Map, unread: &[(Arc<str>, u32, String)], out: &mut dyn Write) -> io::Result<()> {
    let decisions = map.nodes().iter().enumerate().map(|(index, node)| NodeWire {
        key: index + 1,
        id: &node.id,
        number: node.number,
        title: &node.title,
        status: node.status.map(Status::word),
        file: &node.file,
        line: node.at.line,
    });
    let unread = unread.iter().map(|(file, line, message)| UnreadWire { file, line: *line, message });
    let wire = Wire {
        version: VERSION,
        decisions: decisions.collect(),
        ties: map.ties().iter().filter_map(|edge| tie(map, edge)).collect(),
        unread: unread.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn tie<'a>(map: &'a Map, edge: &Edge) -> Option<TieWire<'a>> {
    let tie = match edge.tie {
        Tie::Supersedes => "supersedes",
        Tie::Amends => "amends",
        Tie::Relates => "relatesTo",
    };
    let (from_id, to_id) = (&*map.node(edge.from)?.id, &*map.node(edge.to)?.id);
    Some(TieWire { from: edge.from + 1, tie, to: edge.to + 1, from_id, to_id, line: edge.at.line })
}
