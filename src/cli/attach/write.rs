//! A proposal as the text of `abide.toml`, with the reason of every line beside it.

use std::fmt::Write as _;

use super::found::{Because, Picked, Proposal, key, quoted};
use super::propose::{lookup_toml, only_toml};
use crate::config::{Field, TimeFormat};
use crate::model::{Severity, TaskStatus};

/// Where Abide's own tables go, and where the team's are.
pub(super) struct Urls {
    /// `[store] url`.
    pub store: String,
    /// `[tasks] url`; none where that is the store's.
    pub tasks: Option<String>,
}

/// The `[store]` section.
pub(super) fn store(urls: &Urls) -> String {
    let beside = if urls.tasks.is_none() { "beside your tables" } else { "in a file of its own" };
    format!(
        "[store]\nurl = {}   # Abide keeps its own tables here, {beside}; all are named abide_*\n",
        quoted(&urls.store)
    )
}

/// The sections of the mapping.
pub(super) fn tasks(found: &Proposal, urls: &Urls) -> String {
    let mut text =
        "[tasks]\n# As `abide attach` found it. It read the database and changed nothing in it.\n".to_owned();
    for question in &found.questions {
        line(&mut text, &format!("# To answer: {}", question.replace(|c: char| c.is_control(), " ")), "");
    }
    if let Some(url) = &urls.tasks {
        line(&mut text, &format!("url = {}", quoted(url)), "your database");
    }
    line(&mut text, &format!("table = {}", quoted(&found.table)), &format!("{} rows", found.rows));
    if let Some(time) = found.time {
        line(&mut text, &format!("time = {}", quoted(time.word())), said(time));
    }
    if let Some(only) = only_toml(found) {
        line(&mut text, &format!("only = {only}"), "which rows are tasks");
    }
    if let Some(needs) = &found.needs {
        line(&mut text, &format!("needs = {}", needs.toml), &format!("what a task waits for: {}", needs.why));
    }
    columns(&mut text, found);
    section(&mut text, "[tasks.labels]", &found.labels);
    status(&mut text, found);
    severity(&mut text, found);
    section(&mut text, "[tasks.insert]", &found.insert);
    approvals(&mut text, found);
    if let Some(agents) = &found.agents {
        text += "\n[tasks.agents]\n";
        line(&mut text, &format!("table = {}", quoted(&agents.table)), "who is alive");
        line(&mut text, &format!("name = {}", quoted(&agents.name)), "");
        agents.role.iter().for_each(|role| line(&mut text, &format!("role = {}", quoted(role)), ""));
        line(&mut text, &format!("seen = {}", quoted(&agents.seen)), "");
        agents.time.iter().for_each(|time| line(&mut text, &format!("time = {}", quoted(time.word())), said(*time)));
    }
    text
}

fn line(text: &mut String, what: &str, why: &str) {
    // A reason may name what somebody called with a line break, and a comment ends with its line.
    let why = why.replace(|c: char| c.is_control(), " ");
    // What is written to a text never fails.
    let _ = if why.is_empty() { writeln!(text, "{what}") } else { writeln!(text, "{what}   # {why}") };
}

const fn said(time: TimeFormat) -> &'static str {
    match time {
        TimeFormat::Text => "as 2026-11-23 12:00:00, taken as UTC",
        TimeFormat::TextT => "as 2026-11-23T12:00:00, taken as UTC",
        TimeFormat::Iso8601 => "as 2026-11-23T12:00:00Z, or with another offset",
        TimeFormat::Unix => "seconds since 1970",
        TimeFormat::UnixMs => "milliseconds since 1970",
        TimeFormat::UnixUs => "microseconds since 1970",
        TimeFormat::Date => "days, as 2026-11-23",
        TimeFormat::Apple => "seconds since 2001, as Apple's Core Data counts",
        TimeFormat::Ticks => "tenths of microseconds since the year 1, as .NET counts",
        TimeFormat::Julian => "days with their fractions, as julianday() counts",
    }
}

fn columns(text: &mut String, found: &Proposal) {
    text.push_str("\n[tasks.columns]\n");
    for field in Field::ALL {
        match found.fields.get(field) {
            Some(picked) => line(text, &format!("{} = {}", field.word(), place(found, *field, picked)), &picked.why),
            None if *field == Field::Type => {
                let default = quoted(found.default_type.as_deref().unwrap_or("task"));
                line(text, &format!("type = {{default = {default}}}"), "no column holds types");
            }
            None if Field::REQUIRED.contains(field) => {
                line(text, &format!("# {} = \"?\"", field.word()), "which column is it? Abide cannot do without");
            }
            None => {}
        }
    }
}

/// A column as TOML: a text where that says it all.
pub(super) fn place(found: &Proposal, field: Field, picked: &Picked) -> String {
    let mut parts = match &picked.lookup {
        Some(lookup) => lookup_toml(&picked.column, lookup),
        None => format!("column = {}", quoted(&picked.column)),
    };
    let default = found.default_type.as_ref().filter(|_| field == Field::Type);
    if picked.lookup.is_none() && picked.time.is_none() && default.is_none() {
        return quoted(&picked.column);
    }
    picked.time.iter().for_each(|time| parts += &format!(", time = {}", quoted(time.word())));
    default.iter().for_each(|kind| parts += &format!(", default = {}", quoted(kind)));
    format!("{{{parts}}}")
}

fn section(text: &mut String, title: &str, lines: &[(String, Because)]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title}");
    for (name, because) in lines {
        line(text, &format!("{} = {}", key(name), because.toml), &because.why);
    }
}

fn status(text: &mut String, found: &Proposal) {
    text.push_str("\n[tasks.status]\n");
    for status in TaskStatus::ALL {
        let words: Vec<&str> =
            found.status.iter().filter(|word| word.means == Some(status)).map(|word| word.toml.as_str()).collect();
        let needed = matches!(status, TaskStatus::Pending | TaskStatus::Completed);
        match (words.is_empty(), needed) {
            (false, _) => line(text, &format!("{status} = [{}]", words.join(", ")), ""),
            (true, true) => line(text, &format!("# {status} = [\"?\"]"), "which word is it? Abide cannot do without"),
            (true, false) => {}
        }
    }
    for word in found.status.iter().filter(|word| word.means.is_none()) {
        let count = word.count.map(|count| format!(" ({count} rows)")).unwrap_or_default();
        line(
            text,
            &format!("# ? = [{}]", word.toml),
            &format!("what does it mean{count}? Put it into one of the lines above"),
        );
    }
}

fn severity(text: &mut String, found: &Proposal) {
    if found.severity.is_empty() {
        return;
    }
    text.push_str("\n[tasks.severity]\n");
    for severity in Severity::ALL.into_iter().rev() {
        let Some(words) = found.severity.iter().find(|words| words.severity == severity) else { continue };
        let insert = words.insert.as_ref().map(|value| format!(", insert = {value}")).unwrap_or_default();
        line(text, &format!("{severity} = {{from = {}{insert}}}", words.from), "");
    }
}

fn approvals(text: &mut String, found: &Proposal) {
    for approving in &found.approvals {
        let _ = writeln!(text, "\n[tasks.approvals.{}]", key(&approving.role));
        line(text, &format!("column = {}", quoted(&approving.column)), "call the role as your specs do");
        let list = |words: &[String]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
        line(text, &format!("approved = [{}]", list(&approving.approved)), "");
        if !approving.rejected.is_empty() {
            line(text, &format!("rejected = [{}]", list(&approving.rejected)), "");
        }
        approving.by.iter().for_each(|by| line(text, &format!("by = {}", quoted(by)), ""));
        approving.at.iter().for_each(|at| line(text, &format!("at = {}", quoted(at)), ""));
        approving.time.iter().for_each(|time| line(text, &format!("time = {}", quoted(time.word())), ""));
    }
}
