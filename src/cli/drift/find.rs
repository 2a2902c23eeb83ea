//! Which drift is meant.

use crate::cli::status::view::{Group, Node, View};
use crate::cli::tasks::starts;
use crate::cli::{CliError, Exit};
use crate::diagnostic::nearest;

/// A drift and the spec that it belongs to.
type Found<'v, 'a> = (&'v Node<'a>, &'v Group<'a>);

/// The one drift that is meant: by fingerprint, by task, or by spec and subject.
///
/// # Errors
/// When none or several are meant.
pub(super) fn one<'v, 'a>(view: &'v View<'a>, words: &[String]) -> Result<Found<'v, 'a>, CliError> {
    let all: Vec<Found<'v, 'a>> =
        view.nodes.iter().flat_map(|node| node.groups.iter().map(move |group| (node, group))).collect();
    let found: Vec<Found<'v, 'a>> = match words {
        [id] => by_id(&all, id),
        [spec, subject] => all.iter().copied().filter(|found| is_spec(found, spec) && has(found, subject)).collect(),
        _ => Vec::new(),
    };
    let word = words.join(" ");
    match found[..] {
        [only] => Ok(only),
        [] => Err(none(view, &all, &word)),
        _ => {
            let error = CliError::usage(format!("`{word}` means {} drifts", found.len()));
            let ids: Vec<String> = found.iter().take(10).map(|found| named(found)).collect();
            Err(error.hint(format!("name one of them:\n  {}", ids.join("\n  "))))
        }
    }
}

fn by_id<'v, 'a>(all: &[Found<'v, 'a>], id: &str) -> Vec<Found<'v, 'a>> {
    let whole = |(_, group): &Found<'v, 'a>| group.work.as_ref().is_some_and(|work| *work.id.0 == *id);
    let task: Vec<_> = all.iter().copied().filter(whole).collect();
    if !task.is_empty() {
        return task;
    }
    let begins = |(_, group): &Found<'v, 'a>| starts(group.fingerprint.as_str(), id);
    let prints: Vec<_> = all.iter().copied().filter(begins).collect();
    if !prints.is_empty() {
        return prints;
    }
    all.iter().copied().filter(|found| is_spec(found, id) || has(found, id)).collect()
}

fn is_spec((node, _): &Found<'_, '_>, word: &str) -> bool {
    node.spec.as_ref().is_some_and(|spec| spec.to_string() == word || spec.name.as_str() == word)
}

fn has((_, group): &Found<'_, '_>, subject: &str) -> bool {
    group.drifts.iter().any(|reported| reported.drift.subject.as_str() == subject)
}

/// A drift as a person may name it.
fn named((_, group): &Found<'_, '_>) -> String {
    let title = group.drifts.first().map(|reported| reported.drift.title.as_str()).unwrap_or_default();
    format!("{}  {title}", group.fingerprint.short())
}

fn none(view: &View<'_>, all: &[Found<'_, '_>], word: &str) -> CliError {
    let is_known = view.nodes.iter().find(|node| {
        node.groups.is_empty()
            && node.spec.as_ref().is_some_and(|spec| spec.to_string() == word || spec.name.as_str() == word)
    });
    if let Some(node) = is_known {
        let error = CliError::usage(format!("{word} does not drift: it is {}", node.word()));
        return error.hint(format!("`abide status {word}` says more"));
    }
    let record = view.pass.ledger.find(word).filter(|record| !record.is_open());
    if let Some(record) = record {
        let error = CliError::usage(format!("`{word}` does not drift any more: {}", record.title));
        return error.hint(format!("`abide tasks show {}` shows its closed task", record.task));
    }
    let mut names: Vec<String> = all.iter().map(|(_, group)| group.fingerprint.short().to_owned()).collect();
    names.extend(all.iter().filter_map(|(node, _)| node.spec.as_ref()).map(ToString::to_string));
    names.extend(all.iter().flat_map(|(_, group)| &group.drifts).map(|it| it.drift.subject.to_string()));
    names.extend(all.iter().filter_map(|(_, group)| group.work.as_ref()).map(|work| work.id.to_string()));
    let error = CliError { exit: Exit::Usage, ..CliError::usage(format!("no drift is called `{word}`")) };
    match nearest(word, names.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("`abide drift list` shows every drift"),
    }
}
