//! What a decision says in words: why, between what, what, and what follows.

use std::io::{self, Write};

use crate::cli::paint::Paint;
use crate::cli::words::{WIDE, wrapped};
use crate::kinds::decision::{Choice, Decision};

/// Writes every part that says something.
pub(super) fn write(decision: &Decision, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    part("Context", paint, &text(&decision.context), out)?;
    part("Drivers", paint, &items("- ", &decision.drivers), out)?;
    let options: Vec<String> = decision.options.iter().flat_map(option).collect();
    part("Options", paint, &options, out)?;
    part("Decision", paint, &text(&decision.decision), out)?;
    let (good, bad, neutral) =
        (&decision.consequences.good, &decision.consequences.bad, &decision.consequences.neutral);
    let follows = [items("+ ", good), items("- ", bad), items("~ ", neutral)].concat();
    part("Consequences", paint, &follows, out)
}

fn part(name: &str, paint: Paint, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.bold(name))?;
    lines.iter().try_for_each(|line| writeln!(out, "{}", format!("  {line}").trim_end()))
}

fn text(text: &str) -> Vec<String> {
    if text.trim().is_empty() { Vec::new() } else { wrapped(text, WIDE - 2) }
}

/// Each behind a mark, with its further lines below it.
fn items(mark: &str, items: &[String]) -> Vec<String> {
    let item = |item: &String| {
        let lines = wrapped(item, WIDE - 4).into_iter().enumerate();
        lines.map(|(n, line)| format!("{}{line}", if n == 0 { mark } else { "  " })).collect::<Vec<_>>()
    };
    items.iter().flat_map(item).collect()
}

fn option(choice: &Choice) -> Vec<String> {
    let inner = [items("+ ", &choice.good), items("- ", &choice.bad)].concat();
    let inner = inner.into_iter().map(|line| format!("    {line}"));
    items("* ", std::slice::from_ref(&choice.title)).into_iter().chain(inner).collect()
}
