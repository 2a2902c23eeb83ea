//! What to write into records where mending is mechanical: a status that flips, the other side of a claim, the new name of a
//! file that a link means.
//!
//! A line is only changed where all of it is understood; whatever else it says stays for a person.

mod links;

use std::ops::Range;
use std::sync::Arc;

use super::graph::{Succession, claimed, successions};
use super::{Collection, Families, Record, Relation};
use crate::diagnostic::{Edit, Span};
use crate::kinds::decision::Status;
use crate::kinds::decision::graph::{Tie, cycle};

/// The edits that a collection needs, by what its lint finds. `files` are all files of the folders that were read as a whole.
pub fn fixes(collection: &Collection, files: &[Arc<str>], texts: &dyn Fn(&str) -> Option<Arc<str>>) -> Vec<Edit> {
    let families = Families::of(collection);
    let mut edits = Vec::new();
    let circles = cycle::circles(&collection.graph(), &[Tie::Supersedes]);
    // What takes each other's place in a circle is for a person.
    let all = successions(collection, &families).into_iter();
    for one in all.filter(|one| !circles.contains(&(one.newer, one.older))) {
        let (Some(newer), Some(older)) = (collection.records.get(one.newer), collection.records.get(one.older)) else {
            continue;
        };
        let takes = newer.status.status == Some(Status::Accepted);
        let in_part = claimed(&families, older, &[Relation::AmendedBy]).iter().any(|(index, _)| *index == one.newer);
        if takes && !in_part {
            edits.extend(flip(&families, one, newer, older, texts));
            edits.extend(say_back(&families, one, newer, older, texts));
        }
    }
    let names = links::Names::of(files);
    for record in &collection.records {
        edits.extend(links::mend(record, &names, texts));
    }
    edits
}

/// Whether a record speaks of another where it speaks of what changed: then readers find their way.
pub(super) fn speaks(families: &Families<'_>, record: &Record, of: usize) -> bool {
    let any = [Relation::Mentions, Relation::Amends, Relation::AmendedBy, Relation::WouldSupersede];
    claimed(families, record, &any).iter().any(|(index, _)| *index == of)
}

/// Sets the older one's status to superseded, and says by what.
fn flip(
    families: &Families<'_>,
    one: Succession,
    newer: &Record,
    older: &Record,
    texts: &dyn Fn(&str) -> Option<Arc<str>>,
) -> Option<Edit> {
    let told = one.said_by_older.is_some();
    let wrong = match older.status.status? {
        Status::Accepted => true,
        Status::Superseded => !told && !speaks(families, older, one.newer),
        _ => false,
    };
    let (written, line) = older.status.written.as_ref().filter(|_| wrong)?;
    let word = written.trim();
    // A status that says more than its word may mean it: that is for a person.
    if word.is_empty() || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    let text = texts(&older.file)?;
    let (range, whole) = line_of(&text, *line)?;
    let at = only(whole, word)?;
    // A word within a link, a code or a box that somebody ticked is more than a word.
    if whole.contains("[x]") || whole.contains("[X]") || whole[..at.start].ends_with(['[', '`', '/']) {
        return None;
    }
    let superseded = if word.starts_with(char::is_uppercase) { "Superseded" } else { "superseded" };
    let by = if in_front_matter(&text, range.start) { label(newer) } else { link(older, newer) };
    let new = if told { superseded.to_owned() } else { format!("{superseded} by {by}") };
    Some(edit(older, range.start + at.start..range.start + at.end, *line, new))
}

/// Has the newer one say what only the older one says.
fn say_back(
    families: &Families<'_>,
    one: Succession,
    newer: &Record,
    older: &Record,
    texts: &dyn Fn(&str) -> Option<Arc<str>>,
) -> Option<Edit> {
    if one.said_by_newer.is_some() || speaks(families, newer, one.older) {
        return None;
    }
    let (_, line) = newer.status.written.as_ref()?;
    let text = texts(&newer.file)?;
    let (range, whole) = line_of(&text, *line)?;
    let end = if text.get(range.end..)?.starts_with("\r\n") { "\r\n" } else { "\n" };
    let next = text.get(range.end..)?.lines().nth(1).unwrap_or_default();
    let bare = whole.trim_start();
    let bullet = bare.get(..2).filter(|bullet| matches!(*bullet, "* " | "- "));
    let said = match bullet {
        _ if in_front_matter(&text, range.start) => front_line(&text, whole, end, older)?,
        Some(bullet) if whole == bare && !next.starts_with([' ', '\t']) => {
            format!("{end}{bullet}Supersedes: {}", link(newer, older))
        }
        // A line that stands alone, so that nothing is torn apart.
        None if whole == bare && next.trim().is_empty() && !bare.starts_with(['|', '>', '<', '`']) => {
            format!("{end}{end}Supersedes {}", link(newer, older))
        }
        _ => return None,
    };
    Some(edit(newer, range.end..range.end, *line, said))
}

/// The line of front matter that says what a record supersedes, where none does and the status is a plain line of its own.
fn front_line(text: &str, status: &str, end: &str, older: &Record) -> Option<String> {
    let mut lines = text.lines().skip(1).take_while(|line| line.trim_end() != "---");
    let closed = text.lines().skip(1).any(|line| line.trim_end() == "---");
    let value = status.strip_prefix("status:").map(str::trim)?;
    let plain = !value.is_empty() && !value.starts_with(['>', '|', '[', '{', '&', '*']);
    (closed && plain && !lines.any(|line| line.starts_with("supersedes")))
        .then(|| format!("{end}supersedes: {}", label(older)))
}

/// What a record is called in the text of another.
fn label(record: &Record) -> String {
    if record.id.chars().all(|c| c.is_ascii_digit()) { format!("ADR-{}", record.id) } else { record.id.clone() }
}

/// A link from one record to another.
fn link(from: &Record, to: &Record) -> String {
    if from.file == to.file {
        return label(to);
    }
    let path = relative(&from.file, &to.file);
    let path = if path.contains([' ', '(', ')']) { format!("<{path}>") } else { path };
    format!("[{}]({path})", label(to))
}

fn relative(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count().min(from.len() - 1);
    let up = from.len() - 1 - shared;
    std::iter::repeat_n("..", up).chain(to.iter().skip(shared).copied()).collect::<Vec<_>>().join("/")
}

fn in_front_matter(text: &str, at: usize) -> bool {
    let text_before = text.get(..at).unwrap_or_default();
    text.trim_start_matches('\u{feff}').starts_with("---")
        && text_before.lines().skip(1).all(|line| line.trim_end() != "---")
}

/// The bytes of a line without its end, and its text.
fn line_of(text: &str, line: u32) -> Option<(Range<usize>, &str)> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let start = match index {
        0 => 0,
        _ => text.match_indices('\n').nth(index - 1)?.0 + 1,
    };
    let rest = text.get(start..)?;
    let whole = rest.split('\n').next()?.trim_end_matches('\r');
    Some((start..start + whole.len(), whole))
}

/// Where a text stands in a line, if it stands there once.
fn only(line: &str, wanted: &str) -> Option<Range<usize>> {
    let mut found = line.match_indices(wanted);
    match (found.next(), found.next()) {
        (Some((at, _)), None) => Some(at..at + wanted.len()),
        _ => None,
    }
}

fn edit(record: &Record, range: Range<usize>, line: u32, text: String) -> Edit {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Edit {
        file: record.file.clone(),
        span: Span { start: byte(range.start), end: byte(range.end), line, column: 1 },
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, lint, read};
    use std::collections::BTreeMap;

    use super::*;
    use crate::diagnostic::Mended;

    type Files = BTreeMap<Arc<str>, Arc<str>>;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter().map(|(name, text)| (Arc::from(*name), Arc::from(*text))).collect()
    }

    /// The findings that the rules of supersession and of links have, and the files once they are mended.
    fn mend(files: &Files) -> (usize, Files) {
        let sources: Vec<Source<'_>> =
            files.iter().map(|(file, text)| Source { file: file.clone(), text, named: false }).collect();
        let (collection, names) = (read(&sources), files.keys().cloned().collect::<Vec<_>>());
        let findings = lint::lint(&collection, &names, "2026-11-25".parse().unwrap());
        let texts = |file: &str| files.get(file).cloned();
        let mut mended = files.clone();
        for one in Mended::all(&fixes(&collection, &names, &texts), &texts) {
            mended.insert(one.file, one.new.into());
        }
        let counts = ["adr/one-sided-supersession", "adr/superseded-yet-accepted", "adr/dangling-link"];
        (findings.iter().filter(|finding| counts.contains(&finding.entry.code)).count(), mended)
    }

    /// Mends files, once and for all, and gives the text of one.
    fn mended(all: &[(&str, &str)], file: &str) -> String {
        let (found, once) = mend(&files(all));
        let (left, twice) = mend(&once);
        assert!(found > 0 && left == 0, "{found} findings, {left} left: {once:#?}");
        assert_eq!(once, twice);
        once[file].to_string()
    }

    const NEWER: (&str, &str) = ("0002-b.md", "# 2. B\n\n## Status\n\nAccepted\n\nSupersedes [1](0001-a.md)\n");

    #[test]
    fn a_status_flips_and_says_by_what() {
        let section = ("0001-a.md", "# 1. A\n\n## Status\n\nAccepted\n\n## Context\n\nAccepted by all.\n");
        let expected = section.1.replacen("Accepted", "Superseded by [ADR-0002](0002-b.md)", 1);
        assert_eq!(mended(&[section, NEWER], "0001-a.md"), expected);
        let front = ("0001-a.md", "---\r\nstatus: accepted # since May\r\n---\r\n# A\r\n");
        let expected = "---\r\nstatus: superseded by ADR-0002 # since May\r\n---\r\n# A\r\n";
        assert_eq!(mended(&[front, NEWER], "0001-a.md"), expected);
        let table = ("0001-a.md", "# A\n\n| Status | Accepted |\n|---|---|\n| Owner | Accepted |\n");
        let expected = table.1.replacen("Accepted", "Superseded by [ADR-0002](0002-b.md)", 1);
        assert_eq!(mended(&[table, NEWER], "0001-a.md"), expected);
        let silent = ("0001-a.md", "# A\n\n* Status: superseded\n* Date: 2026-01-01\n");
        let expected = "# A\n\n* Status: superseded by [ADR-0002](0002-b.md)\n* Date: 2026-01-01\n";
        assert_eq!(mended(&[silent, NEWER], "0001-a.md"), expected);
    }

    #[test]
    fn the_other_side_of_a_claim_is_written_as_the_record_writes() {
        let older = ("old/0001-a.md", "# A\n\nStatus: superseded by [2](../0002-b.md)\n");
        let bullets = ("0002-b.md", "# B\n\n* Status: accepted\n* Date: 2026-01-01\n");
        let expected = "# B\n\n* Status: accepted\n* Supersedes: [ADR-0001](old/0001-a.md)\n* Date: 2026-01-01\n";
        assert_eq!(mended(&[older, bullets], "0002-b.md"), expected);
        let older = ("0001-a.md", "# A\n\nStatus: superseded by [2](0002-b.md)\n");
        let section = ("0002-b.md", "# B\n\n## Status\n\nAccepted\n\n## Context\n");
        let expected = "# B\n\n## Status\n\nAccepted\n\nSupersedes [ADR-0001](0001-a.md)\n\n## Context\n";
        assert_eq!(mended(&[older, section], "0002-b.md"), expected);
        let front = ("0002-b.md", "---\nstatus: accepted\n---\n# B\n");
        assert_eq!(mended(&[older, front], "0002-b.md"), "---\nstatus: accepted\nsupersedes: ADR-0001\n---\n# B\n");
    }

    #[test]
    fn a_link_gets_the_name_that_its_file_has() {
        let files = [
            ("0001-a.md", "# A\n\nStatus: accepted\n\nSee [2](./0002-old-name.md#x) and [3](0003-C.md).\n"),
            ("0002-new-name.md", "# B\n\nStatus: accepted\n"),
            ("0003-c.md", "# C\n\nStatus: accepted\n"),
        ];
        let expected = "# A\n\nStatus: accepted\n\nSee [2](./0002-new-name.md#x) and [3](0003-c.md).\n";
        assert_eq!(mended(&files, "0001-a.md"), expected);
    }

    #[test]
    fn what_is_not_understood_as_a_whole_stays_as_it_is() {
        let unsure = [
            ("0001-a.md", "# A\n\nStatus: Accepted (see below)\n"),
            ("0001-a.md", "# A\n\nStatus: Accepted with changes\n"),
        ];
        for older in unsure {
            let (_, once) = mend(&files(&[older, NEWER]));
            assert_eq!(&*once["0001-a.md"], older.1);
        }
        let proposal = ("0002-b.md", "# 2. B\n\n## Status\n\nProposed\n\nSupersedes [1](0001-a.md)\n");
        let older = ("0001-a.md", "# A\n\nStatus: accepted\n");
        assert_eq!(&*mend(&files(&[older, proposal])).1["0001-a.md"], older.1);
        let two = [
            ("0001-a.md", "# A\n\nStatus: accepted\n\nSee [9](0009-x.md).\n"),
            ("0009-y.md", "# Y\n\nStatus: accepted\n"),
            ("0009-z.md", "# Z\n\nStatus: accepted\n"),
        ];
        assert_eq!(&*mend(&files(&two)).1["0001-a.md"], two[0].1);
        let circle = [
            ("0001-a.md", "# A\n\nStatus: accepted\n\nSupersedes: ADR-3\n"),
            ("0002-b.md", "# B\n\nStatus: accepted\n\nSupersedes: ADR-1\n"),
            ("0003-c.md", "# C\n\nStatus: accepted\n\nSupersedes: ADR-2\n"),
        ];
        assert_eq!(mend(&files(&circle)).1, files(&circle));
        let other = [
            ("0001-a.md", "# A\n\nStatus: accepted\n\nSee [9](0009-sessions-in-redis.md).\n"),
            ("0009-logs-as-json.md", "# Logs\n\nStatus: accepted\n"),
        ];
        assert_eq!(&*mend(&files(&other)).1["0001-a.md"], other[0].1);
    }
}
