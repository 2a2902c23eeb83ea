//! How decisions hang together, as a flowchart of Mermaid.
//!
//! Titles are data: every character that could mean something to Mermaid, or to the page that it draws into, is written by
//! its number. Names of nodes are counted, so that no title can be taken for a keyword.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::map::{Map, label, status, title};
use crate::kinds::decision::graph::{Edge, Node, Tie};

/// How each status looks. The word stands in the box too, so that nothing is told by colour alone.
const CLASSES: [(&str, &str); 7] = [
    ("accepted", "fill:#dafbe1,stroke:#1a7f37,color:#1f2328"),
    ("proposed", "fill:#ddf4ff,stroke:#0969da,color:#1f2328,stroke-dasharray:6 3"),
    ("draft", "fill:#ffffff,stroke:#0969da,color:#1f2328,stroke-dasharray:6 3"),
    ("deprecated", "fill:#fff8c5,stroke:#9a6700,color:#1f2328"),
    ("superseded", "fill:#eaeef2,stroke:#8c959f,color:#424a53"),
    ("rejected", "fill:#ffebe9,stroke:#cf222e,color:#1f2328"),
    ("unknown", "fill:#ffffff,stroke:#8c959f,color:#1f2328,stroke-dasharray:2 2"),
];

/// Writes the flowchart. Decisions without ties are counted and left out, unless there are no others.
pub(super) fn write(map: &Map, out: &mut dyn Write) -> io::Result<()> {
    let (parts, alone) = map.tied_and_alone();
    let tied: Vec<usize> = parts.into_iter().flatten().collect();
    let shown = if tied.is_empty() { &alone } else { &tied };
    writeln!(out, "flowchart RL")?;
    if !tied.is_empty() && !alone.is_empty() {
        let words = if alone.len() == 1 { "decision stands alone and is" } else { "decisions stand alone and are" };
        writeln!(out, "    %% {} {words} left out", alone.len())?;
    }
    for (&index, node) in shown.iter().filter_map(|index| Some((index, map.node(*index)?))) {
        writeln!(out, "    {}[\"{}\"]", id(index), text(node))?;
    }
    for edge in map.ties() {
        writeln!(out, "    {} {} {}", id(edge.from), arrow(edge.tie), id(edge.to))?;
    }
    dashes(map.ties(), out)?;
    for (class, style) in CLASSES {
        let of_class = shown.iter().filter(|index| map.node(**index).is_some_and(|node| self::class(node) == class));
        let ids: Vec<String> = of_class.map(|index| id(*index)).collect();
        if !ids.is_empty() {
            writeln!(out, "    classDef {class} {style}\n    class {} {class}", ids.join(","))?;
        }
    }
    Ok(())
}

fn id(index: usize) -> String {
    format!("d{}", index + 1)
}

fn class(node: &Node) -> &'static str {
    node.status.map_or("unknown", crate::kinds::decision::Status::word)
}

const fn arrow(tie: Tie) -> &'static str {
    match tie {
        Tie::Supersedes => "-->|supersedes|",
        Tie::Amends => "-.->|amends|",
        Tie::Relates => "-.-|relates to|",
    }
}

/// Mermaid knows one broken line; which of the two it is, the lengths of the dashes say.
fn dashes(ties: &[Edge], out: &mut dyn Write) -> io::Result<()> {
    for (tie, dashes) in [(Tie::Amends, "8 4"), (Tie::Relates, "2 4")] {
        let of_tie = ties.iter().enumerate().filter(|(_, edge)| edge.tie == tie);
        let places: Vec<String> = of_tie.map(|(place, _)| place.to_string()).collect();
        if !places.is_empty() {
            writeln!(out, "    linkStyle {} stroke-dasharray:{dashes}", places.join(","))?;
        }
    }
    Ok(())
}

fn text(node: &Node) -> String {
    let title = title(node).map(|title| format!(" {}", escaped(&title))).unwrap_or_default();
    format!("{}{title}<br/>{}", escaped(&label(node)), status(node))
}

/// A text of which every character stands for itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in text.chars() {
        if (before, letter) == ('$', '$') {
            // Two of them begin a formula however they are written; something that is not seen keeps them apart.
            escaped.push_str("#8288;");
        }
        before = letter;
        match letter {
            ' ' | '.' | ',' | '-' | '(' | ')' | '+' | '?' | '!' => escaped.push(letter),
            letter if letter.is_alphanumeric() => escaped.push(letter),
            other => drop(write!(escaped, "#{};", u32::from(other))),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_no_syntax() {
        assert_eq!(escaped("Use X, (really) für-alle 1.2?"), "Use X, (really) für-alle 1.2?");
        assert_eq!(escaped("\"]; end --> n1[\"#quot;"), "#34;#93;#59; end --#62; n1#91;#34;#35;quot#59;");
        assert_eq!(escaped("<b>&`$$%%{}:|"), "#60;b#62;#38;#96;#36;#8288;#36;#37;#37;#123;#125;#58;#124;");
        assert_eq!(escaped("\\n"), "#92;n");
    }
}
