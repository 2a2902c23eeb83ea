//! `abide explain`.

mod fields;
#[cfg(test)]
mod tests;
mod topic;

use std::io::Write;

use serde_json::json;

use super::{CliError, Exit, Io};
use crate::diagnostic::nearest;
use topic::{Group, Topic};

/// Say what a code, a rule or a kind means, with an example and how to mend it. Without one, list them all.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A code such as reference/unknown or slo/burning, a rule such as decision/rule, or a kind such as Decision.
    pub topic: Option<String>,
    /// How to write it.
    #[arg(short, long, value_enum, default_value_t = Output::Text)]
    pub output: Output,
}

/// How to write an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs the command.
///
/// # Errors
/// When nothing is called so, or the result cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<Exit, CliError> {
    match &args.topic {
        None => list(args.output, &mut *io.out)?,
        Some(word) => {
            let topics = Topic::of_word(word);
            if topics.is_empty() {
                return Err(unknown(word));
            }
            one(&topics, args.output, &mut *io.out)?;
        }
    }
    Ok(Exit::Fine)
}

fn unknown(word: &str) -> CliError {
    let error = CliError::usage(format!("nothing is called `{word}`"));
    let names: Vec<String> = Topic::all().map(|topic| topic.name().to_owned()).collect();
    match nearest(word, names.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide explain` lists everything that can be explained"),
    }
}

/// A word may stand for several topics: `decision/rule` could be a rule and a state of it.
fn one(topics: &[Topic], output: Output, out: &mut dyn Write) -> Result<(), CliError> {
    if output == Output::Json {
        let all: Vec<_> = topics.iter().map(Topic::json).collect();
        // Most words have one meaning; a list would only be in the way.
        let value = if let [only] = &all[..] { only.clone() } else { json!(all) };
        writeln!(out, "{value:#}")?;
        return Ok(());
    }
    let texts: Vec<String> = topics.iter().map(Topic::text).collect();
    out.write_all(texts.join("\n").as_bytes())?;
    Ok(())
}

fn list(output: Output, out: &mut dyn Write) -> Result<(), CliError> {
    if output == Output::Json {
        let topics: Vec<_> = Topic::all()
            .map(|topic| json!({"name": topic.name(), "group": topic.group().title(), "summary": topic.summary()}))
            .collect();
        writeln!(out, "{:#}", json!({"version": 1, "topics": topics}))?;
        return Ok(());
    }
    let wide = Topic::all().map(|topic| topic.name().len()).max().unwrap_or_default();
    for group in Group::ALL {
        writeln!(out, "{}", group.title())?;
        for topic in Topic::all().filter(|topic| topic.group() == group) {
            writeln!(out, "  {:wide$}  {}", topic.name(), topic.summary())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "abide explain NAME says more of each.")?;
    Ok(())
}
