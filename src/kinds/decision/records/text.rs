//! Marks of Markdown that say nothing, and the blocks that a text is made of.

use std::sync::LazyLock;

use regex::Regex;

use super::identity::pattern;
use super::page::line_of;

static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"!?\[([^\]]*)\]\([^)]*\)"));
static STRUCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"~~[^~]*~~"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?[a-zA-Z][^>]*>"));
static BULLET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\s>|]*(?:[-*+]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]\]\s+)?"));

/// A text without emphasis, struck-out words, tags and the targets of links.
pub(super) fn plain(text: &str) -> String {
    let text = STRUCK.replace_all(text, " ");
    let text = LINK.replace_all(&text, "$1");
    let text = TAG.replace_all(&text, " ");
    let text: String = text.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    text.trim().trim_matches('_').trim().to_owned()
}

/// A line without the mark of a list or of a quote before it.
pub(super) fn unmarked(line: &str) -> &str {
    BULLET.find(line).map_or(line, |mark| line.get(mark.end()..).unwrap_or_default())
}

/// A paragraph, an item of a list, or a row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// What it says, line by line.
    pub text: String,
    /// Its first line.
    pub line: u32,
}

impl Block {
    /// The line of a place in it.
    pub(super) fn line_at(&self, at: usize) -> u32 {
        self.line + line_of(&self.text, at) - 1
    }
}

/// The blocks of a text whose first line has that number.
pub(super) fn blocks(text: &str, first: u32) -> Vec<Block> {
    let mut all: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, number) in text.lines().zip(first..).flat_map(pieces) {
        let starts = unmarked(line).len() < line.trim_start().len() || line.starts_with('#');
        let follows = open && !starts && !line.trim().is_empty();
        match all.last_mut().filter(|block| follows && block.text.len() + line.len() < BLOCK) {
            Some(block) => {
                block.text.push('\n');
                block.text.push_str(line);
            }
            None if line.trim().is_empty() => open = false,
            // What goes on beyond the length of a block begins another one.
            None => {
                all.push(Block { text: line.to_owned(), line: number });
                open = !line.starts_with('#');
            }
        }
    }
    all
}

/// How many bytes a block has at most: some of what is asked of one costs its square.
const BLOCK: usize = 8 << 10;

/// A line in pieces that fit into a block.
fn pieces((line, number): (&str, u32)) -> impl Iterator<Item = (&str, u32)> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let cut = if line.len() < BLOCK { line.len() } else { (1..BLOCK).rfind(|at| line.is_char_boundary(*at))? };
        let (piece, behind) = line.split_at(cut);
        rest = (!behind.is_empty()).then_some(behind);
        Some((piece, number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_several_blocks_and_none_of_it_is_lost() {
        let line = "ä ".repeat(BLOCK);
        let found = blocks(&format!("{line}\nend"), 7);
        assert!(found.iter().all(|block| block.text.len() <= BLOCK && block.line >= 7), "{}", found.len());
        let text: String = found.iter().map(|block| block.text.replace('\n', "")).collect();
        assert_eq!(text, format!("{line}end"));
    }

    #[test]
    fn marks_are_left_out() {
        assert_eq!(plain("~~Proposed~~ **[Accepted](x.md)**<br/>"), "Accepted");
        assert_eq!(unmarked("> * Status: x"), "Status: x");
        assert_eq!(unmarked("- [x] Accepted"), "Accepted");
    }

    #[test]
    fn blocks_begin_at_items_and_blank_lines() {
        let found = blocks("a\nb\n\n* c\n  d\n* e", 3);
        let lines: Vec<_> = found.iter().map(|block| (&*block.text, block.line)).collect();
        assert_eq!(lines, [("a\nb", 3), ("* c\n  d", 6), ("* e", 8)]);
        assert_eq!(found[1].line_at(5), 7);
    }
}
