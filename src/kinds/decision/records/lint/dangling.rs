//! `dangling-link`: a link or a claim leads to a record that is not there.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::families::resolved;
use super::super::{Found, Record, Relation};
use super::{Finding, Look, finding};
use crate::diagnostic::codes::ADR_DANGLING_LINK;
use crate::diagnostic::nearest;

pub(super) fn look(look: &Look<'_>, findings: &mut Vec<Finding>) {
    let files = &Files::of(look.files);
    let bare_names = names_without_ending(look, files);
    for (_, record) in look.all().filter(|(_, record)| record.shares || files.has(&record.file)) {
        let mut told = BTreeSet::new();
        for (to, line) in &record.links {
            if let Some(message) = broken(record, to, files, bare_names) {
                told.insert(*line);
                findings.push(finding(&ADR_DANGLING_LINK, record, *line, message));
            }
        }
        let claims =
            record.claims.iter().filter(|claim| claim.relation != Relation::Mentions && !told.contains(&claim.line));
        for claim in claims.filter(|claim| look.families.find(record, &claim.to) == Found::Missing) {
            let message = format!("there is no record {}", claim.to.written);
            findings.push(finding(&ADR_DANGLING_LINK, record, claim.line, message));
        }
    }
}

/// What is wrong with a link within the folder of a record.
fn broken(record: &Record, to: &str, files: &Files<'_>, bare_names: bool) -> Option<String> {
    if let Some(name) = from_the_root(record, to, files) {
        return Some(format!("it links to {to}, which is looked for at the root of the site; did you mean {name}?"));
    }
    let path = resolved(&record.file, to)?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_page = name.ends_with(".md") || name.ends_with(".markdown");
    let looks_bare = !name.contains('.') && files.has(&format!("{path}.md"));
    let leads_to_page = is_page || (looks_bare && !bare_names);
    if !leads_to_page || files.has(&path) || !files.is_near(&path) {
        return None;
    }
    let hint = files.in_other_letters(&path).or_else(|| files.nearest(&path, &record.file));
    let hint = if looks_bare { Some(Arc::from(format!("{path}.md"))) } else { hint.map(Arc::from) };
    let hint = hint.map(|hint: Arc<str>| format!("; did you mean {}?", hint.rsplit('/').next().unwrap_or_default()));
    Some(format!("it links to {to}, and there is no such file{}", hint.unwrap_or_default()))
}

/// The record beside this one that a link of the form `/0004-x.md` means: at the root of a repository or a site there is none,
/// unless the records lie there themselves.
fn from_the_root<'t>(record: &Record, to: &'t str, files: &Files<'_>) -> Option<&'t str> {
    let name = to.split(['#', '?']).next()?.strip_prefix('/').filter(|name| name.ends_with(".md"))?;
    let relative = record.links.iter().filter_map(|(other, _)| resolved(&record.file, other));
    let are_relative = relative.filter(|path| files.has(path)).count() > 0;
    let beside = resolved(&record.file, name).filter(|_| !name.contains('/'))?;
    (are_relative && files.has(&beside)).then_some(name)
}

/// How many names may be compared to say which one was meant: with thousands of broken links, the first ones tell what is wrong,
/// and the rest would take minutes.
const GUESSES: usize = 100_000;

/// The files that were read, as links ask for them.
struct Files<'a> {
    all: BTreeSet<&'a str>,
    folders: BTreeSet<&'a str>,
    small: BTreeMap<String, &'a str>,
    guesses: Cell<usize>,
}

impl<'a> Files<'a> {
    fn of(files: &'a [Arc<str>]) -> Self {
        let all: BTreeSet<&str> = files.iter().map(|file| &**file).collect();
        let folders = all.iter().map(|file| folder_of(file)).collect();
        let small = all.iter().map(|file| (file.to_ascii_lowercase(), *file)).collect();
        Self { all, folders, small, guesses: Cell::new(GUESSES) }
    }

    fn has(&self, path: &str) -> bool {
        self.all.contains(path)
    }

    /// Whether the folder of a path was read, so that a file that is not known there is not there.
    fn is_near(&self, path: &str) -> bool {
        self.folders.contains(folder_of(path))
    }

    fn in_other_letters(&self, path: &str) -> Option<&'a str> {
        self.small.get(&path.to_ascii_lowercase()).copied()
    }

    fn nearest(&self, path: &str, but: &str) -> Option<&'a str> {
        let left = self.guesses.get().checked_sub(self.all.len())?;
        self.guesses.set(left);
        nearest(path, self.all.iter().copied().filter(|file| *file != but))
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether links leave out the ending of files by habit, as sites that are built from them allow.
fn names_without_ending(look: &Look<'_>, files: &Files<'_>) -> bool {
    let (mut with, mut without) = (0_usize, 0_usize);
    for (_, record) in look.all() {
        for path in record.links.iter().filter_map(|(to, _)| resolved(&record.file, to)) {
            with += usize::from(files.has(&path));
            without += usize::from(files.has(&format!("{path}.md")));
        }
    }
    without * 4 > with
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn links_to_records_that_are_not_there_are_told() {
        let files = [
            (
                "a/adr-001-x.md",
                "# X\n\nSee [2](adr-002-y.md), [2](ADR-002-y.md), [2](y.md), [2](./adr-002-y.md#a).\n\n[a](adr-002-y.md) [b](adr-002-y.md)\n",
            ),
            ("a/adr-002-y.md", "# Y\n\n[x](adr-001-x)\n[z](../docs/z.md) [w](https://x/y.md) [i](assets/i.png)\n"),
        ];
        assert_eq!(found("adr/dangling-link", &files), ["a/adr-001-x.md:3", "a/adr-001-x.md:3", "a/adr-002-y.md:3"]);
    }

    #[test]
    fn each_link_of_a_status_that_is_a_list_of_links_is_told_at_its_line() {
        let hub = "# Caches\n\n## Status\n\nIt hangs on:\n* [ADR2](0002-warm-caches.md)\n* [ADR3](0003-cold-caches.md)\n\n\
                   ## More\n* [ADR4](0004-no-caches.md)\n";
        let files = [("0001-caches.md", hub), ("0002-logs.md", "# Logs\n")];
        assert_eq!(found("adr/dangling-link", &files), ["0001-caches.md:6", "0001-caches.md:7", "0001-caches.md:10"]);
    }

    #[test]
    fn a_claim_of_a_record_that_is_not_there_is_told_once() {
        let files = [
            ("0001-x.md", "# X\nStatus: superseded by ADR-0009\n"),
            ("0002-y.md", "# Y\nSupersedes: [9](0009-z.md)\n"),
            ("0003-z.md", "# Z\nStatus: superseded by #1597, M14 and RFC 12\n"),
            ("0004-w.md", "# W\nSupersedes: none\n\nAs in ADR-77.\n"),
        ];
        assert_eq!(found("adr/dangling-link", &files), ["0001-x.md:2", "0002-y.md:2"]);
    }

    #[test]
    fn a_link_from_the_root_to_a_neighbour_is_told_where_others_are_relative() {
        let both = [("1-x.md", "# X\n[y](/2-y.md)\n[y](./2-y.md)\n"), ("2-y.md", "# Y\n")];
        assert_eq!(found("adr/dangling-link", &both), ["1-x.md:2"]);
        let habit = [("1-x.md", "# X\n[y](/2-y.md)\n[z](/3-z.md)\n"), ("2-y.md", "# Y\n")];
        assert!(found("adr/dangling-link", &habit).is_empty());
    }

    #[test]
    fn sites_that_leave_the_ending_out_are_not_told() {
        let files = [("1-x.md", "# X\n[y](2-y)\n"), ("2-y.md", "# Y\n[x](./1-x)\n")];
        assert!(found("adr/dangling-link", &files).is_empty());
    }
}
