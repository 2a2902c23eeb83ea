//! Text for a terminal: nothing of it is taken for a command, and it fits.

use std::io::{self, Write};

use crate::diagnostic::{plain, sign};

/// How wide a text is at most.
pub(super) const WIDE: usize = 100;

/// A text of others as one line of a list has it: no longer than people read.
pub(super) fn line(text: &str) -> String {
    cut(&plain(text), 200)
}

/// One line of several, with its blanks as they are.
pub(super) fn shown(line: &str) -> String {
    line.chars().map(|letter| if letter == '\t' { letter } else { sign(letter) }).collect()
}

/// A name and what it stands for; further lines below the first.
pub(super) fn lines(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    text.lines().enumerate().try_for_each(|(index, line)| {
        let name = if index == 0 { name } else { "" };
        writeln!(out, "{}", format!("  {name:<9} {}", shown(line)).trim_end())
    })
}

/// How many cells a text takes: letters of East Asia and emoji take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

/// How many cells a letter takes.
pub(super) const fn cells(letter: char) -> usize {
    match letter {
        '\u{0300}'..='\u{036f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 2,
        '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// A text of at most so many cells; what is cut off is told by an ellipsis.
pub(super) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |letter: &char| {
        let fits = cells(*letter) <= left;
        left = left.saturating_sub(cells(*letter));
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// The lines of a text, none wider than that where a blank allows it. What begins with blanks or a mark of a list keeps its
/// line.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.trim_matches(['\n', '\r', ' ']).lines().map(|line| line.trim_end()) {
        let stands = line.starts_with([' ', '\t', '-', '*', '+', '#', '>', '|', '`']) || is_numbered(line);
        let line = if stands { line.chars().map(sign).collect() } else { plain(line) };
        match lines.last_mut().filter(|_| open && !stands && !line.is_empty()) {
            Some(last) => {
                last.push(' ');
                last.push_str(&line);
            }
            None => lines.push(line),
        }
        open = lines.last().is_some_and(|last| !last.is_empty()) && !stands;
    }
    lines.iter().flat_map(|line| broken(line, most)).collect()
}

fn is_numbered(line: &str) -> bool {
    line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ")
        && line.starts_with(|c: char| c.is_ascii_digit())
}

/// One line in as many as it needs; the further ones begin where the first does.
fn broken(line: &str, most: usize) -> Vec<String> {
    let blanks: String = line.chars().take_while(|letter| *letter == ' ').collect();
    let mut lines = Vec::new();
    let mut open = blanks.clone();
    for word in line.split(' ').filter(|word| !word.is_empty()) {
        let begun = open.len() > blanks.len();
        if begun && width(&open) + 1 + width(word) > most {
            lines.push(std::mem::replace(&mut open, blanks.clone()));
        } else if begun {
            open.push(' ');
        }
        open.push_str(word);
    }
    lines.push(open.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_is_cut() {
        assert_eq!((cut("abc", 3), cut("abcd", 3), cut("ab cd", 4)), ("abc".into(), "ab…".into(), "ab…".into()));
        assert_eq!(cut("漢字漢字", 5), "漢字…");
    }

    #[test]
    fn text_is_wrapped_and_lists_stay_lists() {
        let text = "One two three four\nfive.\n\n- a list that is long\n- of two\n1. three\n    code stays\n";
        let lines =
            ["One two three", "four five.", "", "- a list that", "is long", "- of two", "1. three", "    code stays"];
        assert_eq!(wrapped(text, 14), lines);
        assert_eq!(wrapped("a-word-that-is-too-long x", 5), ["a-word-that-is-too-long", "x"]);
    }
}
