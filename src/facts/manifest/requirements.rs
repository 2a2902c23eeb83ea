//! `requirements.txt`: a requirement a line, with options, hashes, addresses and comments between them.

use super::Dependency;
use super::python::name_of;

pub(super) fn dependencies(text: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut continues = false;
    for (line, raw) in (1..).zip(text.lines()) {
        // What follows on a line of its own are hashes and markers, no names.
        let is_rest = std::mem::replace(&mut continues, raw.trim_end().ends_with('\\'));
        if !is_rest && let Some(name) = named(without_comment(raw).trim()) {
            found.push(Dependency { name: name.to_owned(), line });
        }
    }
    found
}

fn named(line: &str) -> Option<&str> {
    let editable = line.strip_prefix("--editable").or_else(|| line.strip_prefix("-e"));
    let line = editable.map_or(line, |rest| rest.trim_start_matches([' ', '=']));
    // The address of a project tells its name only where it says so.
    let is_address = line.split([' ', '[', ';']).next().is_some_and(|word| word.contains("://"));
    if is_address || editable.is_some() {
        return line.split_once("egg=").and_then(|(_, name)| name_of(name));
    }
    name_of(line)
}

/// A `#` begins a comment at the beginning of a line and behind a space; elsewhere it is part of an address.
fn without_comment(line: &str) -> &str {
    let is_comment = |at: usize| at == 0 || line[..at].ends_with([' ', '\t']);
    line.match_indices('#').find(|(at, _)| is_comment(*at)).map_or(line, |(at, _)| &line[..at])
}
