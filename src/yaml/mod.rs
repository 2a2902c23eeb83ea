//! Text to spanned nodes to typed values, and back to text. The only room that knows the YAML library.
//!
//! The library scans; this room builds a tree in which every node knows its place, and decodes the tree with serde in a
//! way that finds all errors of a document at once.

mod de;
mod decode;
mod node;
mod parse;
mod raw;
mod scalar;
mod spanned;
mod write;

pub use decode::decode;
pub use node::{Node, Value};
pub use parse::{Parsed, hidden_characters, parse, parse_whole};
pub use raw::Raw;
pub use write::{WriteError, is_text, node_to_json, node_to_yaml, says_the_same, scalar, to_yaml};

/// The limits on what one file may cost. The documentation of limits is this list.
pub mod limits {
    /// Bytes of one file.
    pub const FILE_BYTES: usize = 1 << 20;
    /// Levels of nesting.
    pub const DEPTH: usize = 64;
    /// Aliases in one file.
    pub const ALIASES: usize = 100;
    /// Nodes that all aliases of one file may stand for.
    pub const ALIASED_NODES: usize = 10_000;
    /// Problems reported of one document; the rest is cut off with a word.
    pub const PROBLEMS: usize = 50;
}
