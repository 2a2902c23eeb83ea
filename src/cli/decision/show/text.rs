//! A decision in full, for people.

use std::io::{self, Write};

use super::{demand, prose};
use crate::cli::decision::relations::{Related, Relations, Way};
use crate::cli::decision::seen::Seen;
use crate::cli::decision::stand::{RuleState, Stand, done};
use crate::cli::paint::Paint;
use crate::cli::status::view::{Node, Work};
use crate::cli::table;
use crate::cli::words::{WIDE, cut, wrapped};
use crate::diagnostic::plain;
use crate::kinds::common::Link;
use crate::kinds::decision::graph::Tie;
use crate::model::{CodeMatch, Reported, Timestamp};

/// Everything that is shown of a decision.
pub(super) struct Page<'a> {
    pub(super) seen: &'a Seen,
    pub(super) stand: &'a Stand<'a>,
    pub(super) relations: &'a Relations<'a>,
    /// What `abide status` tells of it.
    pub(super) node: Option<&'a Node<'a>>,
    pub(super) paint: Paint,
}

/// Places that are listed of one rule; `-o json` has them all.
const PLACES: usize = 10;

/// Writes it all.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (stand, paint) = (page.stand, page.paint);
    let number = stand.number().map(|number| format!("{number}  ")).unwrap_or_default();
    let title = format!("{number}{}", plain(&stand.spec.title()));
    writeln!(out, "{}  {}", stand.state().colored(paint, stand.status().word()), paint.bold(&title))?;
    about(page, out)?;
    ties(page, out)?;
    unread(page, out)?;
    prose::write(stand.decision, paint, out)?;
    delivery(page, out)?;
    rules(page, out)?;
    remediation(page, out)
}

/// A name and what it stands for; further lines below the first.
fn lines(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    wrapped(text, WIDE - 17).iter().enumerate().try_for_each(|(index, line)| {
        let name = if index == 0 { name } else { "" };
        writeln!(out, "{}", format!("  {name:<14} {line}").trim_end())
    })
}

fn about(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (stand, decision) = (page.stand, page.stand.decision);
    let words = stand.words();
    let stands = if words.is_empty() { stand.state().word().to_owned() } else { words.join("; ") };
    lines("stands", &stands, out)?;
    lines("spec", &stand.spec.id.to_string(), out)?;
    let (place, revision) = (&stand.spec.place, page.seen.pass.catalog.revision.short());
    lines("", &format!("{}:{} at {revision}", place.file, place.line), out)?;
    lines("date", &decision.date.to_string(), out)?;
    let people =
        [("deciders", &decision.deciders), ("consulted", &decision.consulted), ("informed", &decision.informed)];
    let named = people.into_iter().filter(|(_, links)| !links.is_empty());
    named.into_iter().try_for_each(|(name, links)| lines(name, &joined(links), out))?;
    let owner = page.seen.owner(stand).map_or_else(|| "nobody".to_owned(), |owner| owner.to_string());
    lines("owner", &owner, out)?;
    review(stand, out)
}

fn joined(links: &[Link]) -> String {
    links.iter().map(|link| plain(link.text())).collect::<Vec<_>>().join(", ")
}

fn review(stand: &Stand<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some((date, due)) = stand.review() else { return Ok(()) };
    let every = stand.decision.review_every.map(|every| format!(", every {every}")).unwrap_or_default();
    let when = match stand.is_in_force() {
        false => "not asked for while it is not in force".to_owned(),
        true if stand.now < due => format!("in {}", due.since(stand.now)),
        true => format!("overdue for {}", stand.now.since(due)),
    };
    lines("review", &format!("by {date}{every}: {when}"), out)
}

fn ties(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let id = &page.stand.spec.id;
    let to = |tie: Tie, way: Way| page.relations.to(id, tie, way);
    let all = [
        ("supersedes", to(Tie::Supersedes, Way::Says)),
        ("superseded by", to(Tie::Supersedes, Way::Told)),
        ("amends", to(Tie::Amends, Way::Says)),
        ("amended by", to(Tie::Amends, Way::Told)),
        ("relates to", page.relations.related(id)),
    ];
    all.iter().try_for_each(|(name, others)| {
        let named = others.iter().enumerate();
        named.into_iter().try_for_each(|(n, other)| lines(if n == 0 { name } else { "" }, &brief(other), out))
    })
}

/// `12 use-postgres: PostgreSQL for the queue (accepted)`.
fn brief(other: &Related<'_>) -> String {
    let Some(decision) = other.decision() else { return format!("{} (it cannot be read)", other.id.name) };
    let number = decision.number.map(|number| format!("{} ", number.value)).unwrap_or_default();
    let title = other.spec.and_then(|spec| spec.head.title.as_ref());
    let title = title.map(|title| format!(": {}", plain(title))).unwrap_or_default();
    format!("{number}{}{title} ({})", other.id.name, decision.status.value.word())
}

/// That what is shown is an earlier version.
fn unread(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let unread = page.node.iter().flat_map(|node| &node.unread);
    unread.into_iter().try_for_each(|unread| {
        let message = plain(&unread.message);
        let text = format!("{}:{}: {message}; its last readable version is in force", unread.file, unread.line);
        lines("unread", &text, out)
    })
}

fn delivery(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(delivery) = &page.stand.decision.delivery else { return Ok(()) };
    writeln!(out, "\n{}", page.paint.bold("Delivery"))?;
    let due = delivery.due_by;
    match &page.stand.delivery {
        None => writeln!(out, "  not asked for while it is not in force, due {due}"),
        Some(Err(none)) => writeln!(out, "  unknown: {}, due {due}", plain(&none.reason)),
        Some(Ok(progress)) => {
            writeln!(out, "  {}, due {due}", done(progress))?;
            if progress.tasks.is_empty() {
                return Ok(());
            }
            let text = |text: Option<&std::sync::Arc<str>>| text.map_or_else(|| "-".to_owned(), |text| plain(text));
            let row = |task: &&std::sync::Arc<crate::model::Task>| {
                let (role, agent) = (text(task.role.as_ref()), text(task.agent.as_ref()));
                [format!("  {}", task.id), task.status.to_string(), role, agent, plain(&task.title)]
            };
            let rows: Vec<[String; 5]> = progress.tasks.iter().map(row).collect();
            table::write(["  TASK", "STATUS", "ROLE", "AGENT", "TITLE"], &rows, out)
        }
    }
}

fn rules(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules = &page.stand.decision.rules;
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", page.paint.bold("Rules"))?;
    let wide = rules.iter().map(|rule| rule.id.value.chars().count()).max().unwrap_or_default();
    rules.iter().try_for_each(|rule| {
        let state = page.stand.rule(&rule.id.value);
        let word = state.state().colored(page.paint, &format!("{:<12}", state.word()));
        writeln!(out, "  {word}  {:<wide$}  {}", plain(&rule.id.value), plain(&demand::words(rule)))?;
        match state {
            RuleState::Broken(reported) | RuleState::Waived(reported) => broken(reported, out),
            RuleState::Unknown(none) => {
                writeln!(out, "      {} ({})", plain(&none.reason), since(none.since, page.stand.now))
            }
            RuleState::Holds | RuleState::NotInForce => Ok(()),
        }
    })
}

fn since(since: Timestamp, now: Timestamp) -> String {
    if since >= now { "since now".to_owned() } else { format!("for {}", now.since(since)) }
}

fn broken(reported: &Reported, out: &mut dyn Write) -> io::Result<()> {
    let drift = &reported.drift;
    let reason = reported.reason.as_ref().map(|reason| format!(" ({})", plain(reason))).unwrap_or_default();
    writeln!(out, "      {}: {}{reason}", drift.severity, cut(&plain(&drift.evidence.answer), WIDE))?;
    let place =
        |found: &CodeMatch| found.line.map_or_else(|| found.file.to_string(), |line| format!("{}:{line}", found.file));
    let places = drift.evidence.places.iter().take(PLACES);
    places
        .into_iter()
        .try_for_each(|found| writeln!(out, "      {}: {}", place(found), cut(&plain(&found.text), WIDE)))?;
    match drift.evidence.places.len().saturating_sub(PLACES) {
        0 => Ok(()),
        more => writeln!(out, "      … and {more} more places; -o json has them all"),
    }
}

/// The open remediation tasks.
fn remediation(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(node) = page.node else { return Ok(()) };
    let drifts =
        node.groups.iter().filter_map(|group| Some((group.work.as_ref()?, &*group.drifts.first()?.drift.title)));
    let others = node.without_drift.iter().filter_map(|(record, work)| Some((work.as_ref()?, &*record.title)));
    let all: Vec<(&Work, &str)> = drifts.chain(others).collect();
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", page.paint.bold("Remediation"))?;
    all.into_iter().try_for_each(|(work, title)| {
        let status = work.status.map_or("its row is gone", crate::model::TaskStatus::word);
        let role = work.role.as_ref().map(|role| format!(" -> {}", plain(role))).unwrap_or_default();
        let agent = work.agent.as_ref().map(|agent| format!(", {}", plain(agent))).unwrap_or_default();
        let due = due(work.due, page.stand.now);
        writeln!(out, "  task {} {status}{role}{agent}, {due}  {}", work.id, plain(title))
    })
}

fn due(due: Timestamp, now: Timestamp) -> String {
    if now < due { format!("due in {}", due.since(now)) } else { format!("overdue by {}", now.since(due)) }
}
