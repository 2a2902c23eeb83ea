//! From what a person writes to the service level and the objectives that are meant.

use std::sync::Arc;

use crate::cli::slo::level::{Level, Seen};
use crate::cli::{CliError, Exit};
use crate::diagnostic::nearest;
use crate::kinds::Spec;
use crate::kinds::slo::Slo;

/// The service level of that name, with its kind before it or without.
pub(super) fn spec<'a>(seen: &'a Seen, word: &str) -> Result<(&'a Arc<Spec>, &'a Slo), CliError> {
    let named = |spec: &Spec| spec.id.to_string() == word.to_lowercase() || spec.id.name.as_str() == word;
    if let Some(found) = seen.specs().find(|(spec, _)| named(spec)) {
        return Ok(found);
    }
    let names: Vec<String> = seen.specs().map(|(spec, _)| spec.id.name.to_string()).collect();
    let full: Vec<String> = seen.specs().map(|(spec, _)| spec.id.to_string()).collect();
    let near = if word.contains('/') {
        nearest(word, full.iter().map(String::as_str))
    } else {
        nearest(word, names.iter().map(String::as_str))
    };
    let message = format!("no service level is called `{word}`");
    let error = CliError { exit: Exit::NothingMatched, ..CliError::usage(message) };
    Err(match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide slo list` lists all of them"),
    })
}

/// The objective of that place; without one, all that are judged.
pub(super) fn chosen<'l, 's>(
    levels: &'l [Level<'s>],
    objective: Option<usize>,
) -> Result<Vec<&'l Level<'s>>, CliError> {
    let Some(place) = objective else { return Ok(levels.iter().filter(|level| level.target.judged).collect()) };
    if let Some(level) = levels.iter().find(|level| level.index() == Some(place)) {
        return Ok(vec![level]);
    }
    let many = levels.iter().filter(|level| level.index().is_some()).count();
    let message = format!("it has no objective {place}");
    let error = CliError { exit: Exit::NothingMatched, ..CliError::usage(message) };
    Err(error.hint(match many {
        1 => "its only one is 0".to_owned(),
        many => format!("they are counted from 0 to {}", many - 1),
    }))
}
