//! What was found, for people and for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::found::{Proposal, argument};
use super::write::place;
use super::{Attached, Written};
use crate::cli::paint::Paint;
use crate::model::TaskStatus;
use crate::store::Listed;

/// For people.
pub(super) fn text(attached: &Attached, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let Attached { found, why, .. } = attached;
    writeln!(out, "{}: {} rows of tasks ({})", paint.bold(&found.table), found.rows, why.join(", "))?;
    mapped(found, paint, out)?;
    list("Taken for granted", "-", &found.assumed, paint, out)?;
    list("Not mapped, and what it costs", "-", &found.costs, paint, out)?;
    if !found.unused.is_empty() {
        writeln!(out, "\n{}\n  {}", paint.bold("Columns left alone"), found.unused.join(", "))?;
    }
    writeln!(out, "\n{}\n  {}", paint.bold("How it is followed"), found.followed)?;
    sample(&attached.sample, paint, out)?;
    list("Would help; Abide never alters your schema", " ", &attached.helps, paint, out)?;
    list("Wrong", "✗", &attached.wrong, paint, out)?;
    list("To answer", "?", &found.questions, paint, out)?;
    let unplaced = found.unplaced();
    if let Some(first) = unplaced.first() {
        let said = argument(&format!("{first}=running"));
        writeln!(out, "  = say it as `--means {said}`, or put it into a line of [tasks.status]")?;
    }
    writeln!(out)?;
    last(attached, out)
}

/// What was written, what is still open, and what to do.
fn last(attached: &Attached, out: &mut dyn Write) -> io::Result<()> {
    let what = match &attached.written {
        Written::Nothing => return Ok(()),
        Written::New(path) => format!("wrote {path}"),
        Written::Added(path) => format!("added [tasks] to {path}"),
    };
    let open = attached.found.questions.len();
    let mut left = Vec::new();
    if open > 0 {
        left.push(if open == 1 { "1 question is open".to_owned() } else { format!("{open} questions are open") });
    }
    if !attached.wrong.is_empty() {
        left.push(format!("{} of it does not work", attached.wrong.len()));
    }
    if left.is_empty() {
        return writeln!(out, "{what}; `abide doctor` looks it over, `abide plan` shows what would be done");
    }
    let left = left.join(" and ");
    let fix =
        if open > 0 { "answer with the options above and `--force`, or in the file" } else { "mend it in the file" };
    writeln!(out, "{what}, and {left}: {fix}; then `abide doctor` looks it over")
}

fn mapped(found: &Proposal, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint.bold("Mapped"))?;
    let shown = |field, picked: &super::found::Picked| match &picked.lookup {
        Some(lookup) => format!("{} → {}.{}", picked.column, lookup.table, lookup.value),
        None if picked.time.is_some() => place(found, field, picked),
        None => picked.column.clone(),
    };
    for (column, because) in &found.only {
        writeln!(out, "  {:<9} {:<28} {}", "only", format!("{column} = {}", because.toml), paint.dim(&because.why))?;
    }
    for (field, picked) in &found.fields {
        writeln!(out, "  {:<9} {:<28} {}", field.word(), shown(*field, picked), paint.dim(&picked.why))?;
    }
    if let Some(kind) = found.default_type.as_ref().filter(|_| !found.fields.contains_key(&crate::config::Field::Type))
    {
        writeln!(out, "  {:<9} {kind:<28} {}", "type", paint.dim("every task: no column holds types"))?;
    }
    for (name, because) in &found.labels {
        writeln!(out, "  {:<9} {:<28} {}", format!("label {name}"), because.toml, paint.dim(&because.why))?;
    }
    found.needs.iter().try_for_each(|it| writeln!(out, "  {:<9} {:<28} {}", "needs", it.toml, paint.dim(&it.why)))?;
    for (column, because) in &found.insert {
        writeln!(out, "  {:<9} {:<28} {}", "insert", format!("{column} = {}", because.toml), paint.dim(&because.why))?;
    }
    for approving in &found.approvals {
        writeln!(out, "  {:<9} {:<28} {}", "approval", approving.column, paint.dim("holds a yes or a no"))?;
    }
    if let Some(agents) = &found.agents {
        let shown = format!("{}.{}, {}", agents.table, agents.name, agents.seen);
        writeln!(out, "  {:<9} {shown:<28} {}", "agents", paint.dim("a name and a last report"))?;
    }
    words(found, paint, out)
}

fn words(found: &Proposal, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint.bold("Status words"))?;
    let meanings = TaskStatus::ALL.into_iter().map(Some).chain([None]);
    for means in meanings {
        let of: Vec<_> = found.status.iter().filter(|word| word.means == means).collect();
        let written = of.first().filter(|_| of.len() > 1 && means.is_some());
        let written = written.map(|first| paint.dim(&format!("; Abide writes `{}`", first.word)));
        let shown: Vec<String> = of
            .iter()
            .map(|word| match word.count {
                Some(count) => format!("{} ({count})", word.word),
                None => word.word.clone(),
            })
            .collect();
        if !shown.is_empty() {
            let name = means.map_or_else(|| paint.warn("?"), |status| status.to_string());
            writeln!(out, "  {name:<9} {}{}", shown.join(", "), written.unwrap_or_default())?;
        }
    }
    if !found.severity.is_empty() {
        writeln!(out, "\n{}", paint.bold("Priorities"))?;
    }
    found.severity.iter().rev().try_for_each(|it| writeln!(out, "  {:<9} {}", it.severity.word(), it.from))
}

fn sample(listed: &[Listed], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint.bold("As Abide sees them, the newest first"))?;
    if listed.is_empty() {
        writeln!(out, "  no task could be read yet")?;
    }
    for row in listed {
        let task = &row.task;
        writeln!(out, "  {}  {}  {}  {}  {}", task.id, task.status, task.severity, task.kind, paint.bold(&task.title))?;
        let held = [("role", &task.role), ("agent", &task.agent), ("author", &task.author)];
        let held = held.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
        let ended = task.finished.map(|at| format!("finished {at}"));
        let labels = task.labels.iter().map(|(name, value)| format!("{name}={value}"));
        let needs = row.needs.iter().map(|id| format!("needs {id}"));
        let more =
            [format!("created {}", task.created)].into_iter().chain(ended).chain(held).chain(labels).chain(needs);
        writeln!(out, "    {}", paint.dim(&more.collect::<Vec<_>>().join(", ")))?;
    }
    Ok(())
}

fn list(title: &str, sign: &str, lines: &[String], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.bold(title))?;
    lines.iter().try_for_each(|line| writeln!(out, "  {sign} {line}"))
}

/// For programs.
pub(super) fn json(attached: &Attached, out: &mut dyn Write) -> io::Result<()> {
    let found = &attached.found;
    let columns = found.fields.iter().map(|(field, picked)| {
        let lookup = picked.lookup.as_ref().map(|it| json!({"table": it.table, "key": it.key, "value": it.value}));
        let time = picked.time.or(found.time).map(crate::config::TimeFormat::word);
        json!({"field": field.word(), "column": picked.column, "lookup": lookup, "time": time, "why": picked.why})
    });
    let status = found
        .status
        .iter()
        .map(|word| json!({"word": word.word, "means": word.means.map(TaskStatus::word), "rows": word.count}));
    let reasons = |lines: &[(String, super::found::Because)]| -> Vec<Value> {
        lines.iter().map(|(name, it)| json!({"name": name, "toml": it.toml, "why": it.why})).collect()
    };
    let sample = attached.sample.iter().map(|row| {
        let task = &row.task;
        json!({
            "id": *task.id.0, "type": *task.kind, "title": *task.title, "status": task.status.word(),
            "severity": task.severity.word(), "created": task.created.to_string(),
            "labels": task.labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect::<std::collections::BTreeMap<_, _>>(),
            "needs": row.needs.iter().map(|id| &*id.0).collect::<Vec<_>>(),
        })
    });
    let written = match &attached.written {
        Written::Nothing => None,
        Written::New(path) | Written::Added(path) => Some(path),
    };
    let whole = json!({
        "version": 1,
        "table": found.table,
        "rows": found.rows,
        "columns": columns.collect::<Vec<_>>(),
        "only": reasons(&found.only),
        "status": status.collect::<Vec<_>>(),
        "labels": reasons(&found.labels),
        "needs": found.needs.as_ref().map(|it| json!({"toml": it.toml, "why": it.why})),
        "insert": reasons(&found.insert),
        "assumed": found.assumed,
        "costs": found.costs,
        "unused": found.unused,
        "questions": found.questions,
        "wrong": attached.wrong,
        "helps": attached.helps,
        "followed": found.followed,
        "sample": sample.collect::<Vec<_>>(),
        "config": attached.text,
        "written": written,
    });
    writeln!(out, "{whole:#}")
}
