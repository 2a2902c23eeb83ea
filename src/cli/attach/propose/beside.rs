//! Verdicts in the row, and who is alive.

use super::{Seen, clock, examples};
use crate::cli::attach::found::{Alive, Approving, Proposal, quoted};
use crate::cli::attach::names::{is_called, normal};
use crate::cli::attach::times::{self, Times};
use crate::config::TimeFormat;
use crate::store::inspect::{ColumnSeen, Held};

const SEEN: [&str; 11] = [
    "last_seen",
    "last_seen_at",
    "last_active",
    "last_active_at",
    "last_heartbeat",
    "last_heartbeat_at",
    "heartbeat",
    "heartbeat_at",
    "last_ping",
    "last_beat",
    "seen_at",
];

pub(super) fn find(seen: &Seen<'_>, found: &mut Proposal) {
    approvals(seen, found);
    agents(seen, found);
}

fn approvals(seen: &Seen<'_>, found: &mut Proposal) {
    let columns = &seen.table.columns;
    let free: Vec<&ColumnSeen> = columns.iter().filter(|column| !found.uses(&column.name)).collect();
    for column in free {
        let name = normal(&column.name);
        let Some(stem) = ["_approval", "_approved", "_verdict"].iter().find_map(|end| name.strip_suffix(end)) else {
            continue;
        };
        let Some((approved, rejected)) = votes(column) else {
            found.costs.push(without_yes(column));
            continue;
        };
        let ends = |ends: [&str; 4]| {
            let named = |end: &str| columns.iter().find(|it| normal(&it.name) == format!("{stem}{end}"));
            ends.iter().find_map(|end| named(end))
        };
        let at = ends(["_approved_at", "_approval_at", "_approval_date", "_at"]);
        let at = at.and_then(|it| Some((it.name.clone(), time(found.time, it)?)));
        found.approvals.push(Approving {
            role: stem.replace('_', "-"),
            column: column.name.clone(),
            approved,
            rejected,
            by: ends(["_approved_by", "_approval_by", "_approver", "_by"]).map(|it| it.name.clone()),
            time: at.as_ref().and_then(|(_, time)| *time),
            at: at.map(|(name, _)| name),
        });
    }
    for approving in &found.approvals {
        let told = format!("`{}` speaks for a role `{}`: call it as your specs do", approving.column, approving.role);
        found.assumed.push(told);
    }
    let verdicts: Vec<&ColumnSeen> =
        columns.iter().filter(|it| !found.uses(&it.name) && is_called(&it.name, &seen.table.name, &VERDICTS)).collect();
    let told: Vec<String> = verdicts.iter().filter_map(|column| of_nobody(column, columns)).collect();
    let is_by = |column: &&ColumnSeen| ["approved_by", "approved_at"].contains(&normal(&column.name).as_str());
    if let Some(column) = columns.iter().find(is_by).filter(|_| found.approvals.is_empty() && told.is_empty()) {
        let cost =
            "says that somebody approved, and no column holds the verdict itself: approvals in rows are not mapped";
        found.costs.push(format!("`{}` {cost}", column.name));
    }
    found.assumed.extend(told);
}

/// Columns of a verdict that do not say whose it is.
const VERDICTS: [&str; 7] =
    ["approval", "approved", "approval_status", "approval_state", "review_status", "review_state", "verdict"];

/// What is said of a verdict that no role is named for, with the lines that would map it.
fn of_nobody(column: &ColumnSeen, columns: &[ColumnSeen]) -> Option<String> {
    // A flag or a time that says that somebody approved is told of elsewhere.
    let Some((approved, rejected)) = votes(column) else {
        return (!clock::looks_as_time(column) && column.refers.is_none()).then(|| without_yes(column));
    };
    let name = &column.name;
    let list = |words: &[String]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
    let mut lines = vec![format!("column = {}", quoted(name)), format!("approved = [{}]", list(&approved))];
    if !rejected.is_empty() {
        lines.push(format!("rejected = [{}]", list(&rejected)));
    }
    let by = columns.iter().find(|it| normal(&it.name) == "approved_by");
    lines.extend(by.map(|by| format!("by = {}", quoted(&by.name))));
    Some(format!(
        "`{name}` holds verdicts and does not say whose, so it is left alone: Abide hands out what waits for a yes there. With NAME as your \
         specs call the role, this maps it:\n      [tasks.approvals.NAME]\n      {}",
        lines.join("\n      ")
    ))
}

/// What is said of a verdict in which no word for yes was found.
fn without_yes(column: &ColumnSeen) -> String {
    format!(
        "{} is called as a verdict, and no word of it is known for a yes: it is not mapped, and Abide hands out what waits for a yes there. \
         Map it by hand under [tasks.approvals.NAME], with `approved = [\"…\"]`",
        examples::columns(&[column])
    )
}

/// The words for yes and for no, where a column holds such.
fn votes(column: &ColumnSeen) -> Option<(Vec<String>, Vec<String>)> {
    const YES: [&str; 6] = ["approved", "yes", "accepted", "ok", "1", "ja"];
    const NO: [&str; 6] = ["rejected", "no", "denied", "declined", "refused", "nein"];
    let words = column.sample.iter().map(|(held, _)| held).map(Held::word).chain(column.allowed.iter().cloned());
    let mut words: Vec<String> = words.collect();
    words.sort();
    words.dedup();
    let of = |list: &[&str]| {
        words.iter().filter(|word| list.contains(&word.to_lowercase().as_str())).cloned().collect::<Vec<_>>()
    };
    let (yes, no) = (of(&YES), of(&NO));
    (!yes.is_empty()).then_some((yes, no))
}

/// The column's own format, where it is not the table's; none where it holds no times.
fn time(main: Option<TimeFormat>, column: &ColumnSeen) -> Option<Option<TimeFormat>> {
    match times::of(column) {
        Times::Written(format) => Some(Some(format).filter(|format| Some(*format) != main)),
        Times::Empty => Some(None),
        Times::No => None,
    }
}

fn agents(seen: &Seen<'_>, found: &mut Proposal) {
    let others = seen.all.iter().filter(|table| table.name != seen.table.name && !table.is_view);
    let alive = others.filter_map(|table| {
        let named = |names: &[&str]| table.columns.iter().find(|column| is_called(&column.name, &table.name, names));
        let last = table.columns.iter().find(|column| SEEN.contains(&normal(&column.name).as_str()))?;
        let name = named(&["name", "agent_name", "agent", "worker", "hostname", "login", "host"])?;
        let role = named(&["role", "squad", "team", "queue", "group"]);
        Some(Alive {
            table: table.name.clone(),
            name: name.name.clone(),
            role: role.map(|column| column.name.clone()),
            seen: last.name.clone(),
            time: time(found.time, last)?,
        })
    });
    found.agents = alive.max_by_key(|alive| alive.role.is_some());
}
