//! Text in a picture: it is no markup, and it fits.

use std::io::{self, Write};

use crate::cli::markup::escaped;
use crate::cli::words::cells;

/// Writes a text of a class at a place.
pub(super) fn text(out: &mut dyn Write, (class, x, y): (&str, i32, i32), text: &str) -> io::Result<()> {
    writeln!(out, r#"<text class="{class}" x="{x}" y="{y}">{}</text>"#, escaped(text))
}

/// About how wide a text is, in a font that is rather wide than narrow: too early an ellipsis is better than a letter that is
/// cut in two.
pub(super) fn wide(text: &str) -> i32 {
    text.chars().map(letter).sum::<i32>() / 10
}

/// The width of a letter of 13 pixels, in tenths of one.
const fn letter(letter: char) -> i32 {
    match letter {
        ' ' | 'i' | 'j' | 'l' | '.' | ',' | '\'' | '|' | ':' | ';' | '!' => 42,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '-' | '/' | '"' | '`' => 56,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 127,
        'A'..='Z' | '<' | '>' | '&' | '+' | '=' | '…' => 101,
        letter if cells(letter) > 1 => 130,
        letter if cells(letter) == 0 => 0,
        _ => 82,
    }
}

/// A text that is at most so wide; what is cut off is told by an ellipsis.
pub(super) fn fitting(text: &str, most: i32) -> String {
    if wide(text) <= most {
        return text.to_owned();
    }
    let mut left = most * 10 - letter('…');
    let fits = |next: &char| {
        left -= letter(*next);
        left >= 0
    };
    format!("{}…", text.chars().take_while(fits).collect::<String>().trim_end())
}

/// A text on at most two lines; what does not fit is told by an ellipsis.
pub(super) fn two_lines(text: &str, most: i32) -> Vec<String> {
    let mut first = String::new();
    for word in text.split(' ') {
        let longer = if first.is_empty() { word.to_owned() } else { format!("{first} {word}") };
        if wide(&longer) > most {
            break;
        }
        first = longer;
    }
    let rest = text.get(first.len()..).unwrap_or_default().trim_start();
    match (first.is_empty(), rest.is_empty()) {
        // A single word that is too long is not broken.
        (true, _) => vec![fitting(text, most)],
        (false, true) => vec![first],
        (false, false) => vec![first, fitting(rest, most)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_takes_two_lines_at_most() {
        let lines = |text: &str| two_lines(text, 70).join("|");
        assert_eq!((lines("short"), lines("one two three")), ("short".to_owned(), "one two|three".to_owned()));
        assert_eq!(lines("one two three four five six"), "one two|three fo…");
        assert_eq!(lines("Donaudampfschiff fährt"), "Donauda…");
        assert_eq!(lines("漢字漢字漢字"), "漢字漢字…");
    }
}
