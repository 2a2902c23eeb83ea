//! How things stand as a tree: spec, drift, task, agent.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::view::{Group, Level, Node, View, Work};
use crate::cli::paint::Paint;
use crate::cli::words::line;
use crate::diagnostic::plain;
use crate::kinds::slo::State;
use crate::kinds::slo::words::{budget, percent};
use crate::model::{Code, DriftState, Timestamp};

/// How many drifts of one spec are shown unless all are wanted.
const MOST: usize = 10;

/// A line and what hangs below it.
struct Branch {
    line: String,
    below: Vec<Branch>,
}

impl Branch {
    const fn leaf(line: String) -> Self {
        Self { line, below: Vec::new() }
    }

    fn write(&self, before: &str, (first, rest): (&str, &str), out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{before}{first}{}", self.line)?;
        write_all(&self.below, &format!("{before}{rest}"), out)
    }
}

fn write_all(branches: &[Branch], before: &str, out: &mut dyn Write) -> io::Result<()> {
    let last = branches.len().saturating_sub(1);
    branches.iter().enumerate().try_for_each(|(index, branch)| {
        let lines = if index == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        branch.write(before, lines, out)
    })
}

/// How the tree is drawn.
#[derive(Clone, Copy)]
pub(super) struct Draw {
    /// Whether healthy specs are shown one by one.
    pub(super) all: bool,
    /// Colours.
    pub(super) paint: Paint,
    /// As of when.
    pub(super) now: Timestamp,
    /// Whether anything was judged: not where a person must look at the specs first.
    pub(super) is_judged: bool,
}

/// Draws every node that says something, the healthy ones as a count, and what waits for a person.
pub(super) fn draw(
    view: &View<'_>,
    nodes: &[&Node<'_>],
    all: bool,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pass = view.pass;
    let draw = Draw { all, paint: Paint { color }, now: pass.plan.at, is_judged: view.doubt.is_none() };
    let revision = pass.catalog.revision.short();
    writeln!(out, "{} {}", draw.paint.bold(&format!("specs at {revision}")), draw.paint.dim(&draw.now.to_string()))?;
    let mut branches = Vec::new();
    if let Some(doubt) = view.doubt {
        branches.push(Branch::leaf(draw.paint.warn(&format!("nothing was judged: {doubt}"))));
        branches.extend(nodes.iter().filter(|node| !node.without_drift.is_empty()).map(|node| draw.node(view, node)));
    } else {
        branches.extend(nodes.iter().filter(|node| all || !node.is_healthy()).map(|node| draw.node(view, node)));
        branches.extend(draw.healthy(nodes).filter(|_| !all));
    }
    branches.extend(draw.held(view));
    write_all(&branches, "", out)
}

impl Draw {
    fn node(self, view: &View<'_>, node: &Node<'_>) -> Branch {
        let name = node.spec.as_ref().map_or_else(|| "the catalog as a whole".to_owned(), ToString::to_string);
        let name = match node.severity() {
            Some(severity) => self.paint.severity(severity, &name),
            None if node.is_healthy() => self.paint.good(&name),
            None => self.paint.warn(&name),
        };
        let title = node.title.map(|title| format!("  {}", self.paint.dim(&plain(title)))).unwrap_or_default();
        let word = if node.is_healthy() && node.levels.is_empty() { "  healthy" } else { "" };
        let mut below: Vec<Branch> = node.unread.iter().map(|unread| Branch::leaf(self.unread(unread))).collect();
        let most = if self.all { usize::MAX } else { MOST };
        below.extend(node.groups.iter().take(most).map(|group| self.group(node, group)));
        if node.groups.len() > most {
            below.push(Branch::leaf(
                self.paint.dim(&format!("… and {} more; --all shows them", node.groups.len() - most)),
            ));
        }
        below.extend(self.levels(node).map(Branch::leaf));
        below.extend(node.without_drift.iter().map(|(record, work)| {
            let of_record = |level: &Level| record.subjects.contains(&level.subject) && level.state.is_untold();
            let untold =
                node.unknown.iter().any(|unknown| unknown.case == record.case) || node.levels.iter().any(of_record);
            let how = match (self.is_judged, untold) {
                (false, _) => "was not judged",
                (true, true) => "cannot be told",
                (true, false) => "its drift is gone; the next pass closes its task",
            };
            let held = view.pass.plan.held.iter().find(|held| held.fingerprint.as_ref() == Some(&record.fingerprint));
            let how = held.map_or_else(|| how.to_owned(), |held| format!("held: {}", plain(&held.reason)));
            let line = format!("{}  {}", line(&record.title), self.paint.dim(&how));
            Branch { line, below: work.iter().map(|work| Branch::leaf(self.work(work))).collect() }
        }));
        below.extend(node.unknown.iter().map(|unknown| {
            let subject =
                unknown.subject.as_ref().map(|subject| format!(" {}", plain(subject.as_str()))).unwrap_or_default();
            let age = self.since(unknown.why.since);
            Branch::leaf(format!(
                "{} {}{subject}: {}{age}",
                self.paint.warn("unknown"),
                unknown.case.rule,
                plain(&unknown.why.reason)
            ))
        }));
        Branch { line: format!("{name}{title}{word}"), below }
    }

    fn group(self, node: &Node<'_>, group: &Group<'_>) -> Branch {
        let Some((first, telling)) = group.drifts.first().zip(group.telling()) else {
            return Branch::leaf(String::new());
        };
        let severity = group.severity();
        let word = match first.drift.code {
            Code::SloBurning => "burning",
            Code::SloBudgetSpent => "exhausted",
            code => code.word(),
        };
        let more = match group.drifts.len() {
            0 | 1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        let id = self.paint.dim(group.fingerprint.short());
        let line = format!(
            "{}  {word}  {}{more}  {id}",
            self.paint.severity(severity, severity.word()),
            line(&first.drift.title)
        );
        let mut below: Vec<Branch> = Vec::new();
        let level = node.levels.iter().find(|level| level.subject == first.drift.subject);
        below.extend(level.and_then(figures).map(Branch::leaf));
        let reason = telling.reason.as_ref().map(|reason| format!(": {}", plain(reason))).unwrap_or_default();
        match (&group.work, telling.state) {
            (Some(work), DriftState::Waived | DriftState::Shown | DriftState::Held) => {
                below.push(Branch::leaf(format!("{}{reason}", telling.state.word())));
                below.push(Branch::leaf(self.work(work)));
            }
            (Some(work), _) => {
                let ended = work.status.is_some_and(|status| !status.is_open());
                let again = Branch::leaf(self.paint.warn("its drift is still there: the next pass opens it again"));
                let below_task = ended.then_some(again).into_iter().collect();
                below.push(Branch { line: self.work(work), below: below_task });
            }
            (None, DriftState::New) => below.push(Branch::leaf(self.paint.dim("new: the next pass opens its task"))),
            (None, state) => below.push(Branch::leaf(self.paint.dim(&format!("{}{reason}", state.word())))),
        }
        Branch { line, below }
    }

    fn work(self, work: &Work) -> String {
        let status = work.status.map_or("its row is gone", crate::model::TaskStatus::word);
        let role = work.role.as_ref().map(|role| format!(" -> {}", plain(role))).unwrap_or_default();
        let agent =
            work.agent.as_ref().map(|agent| format!(", {}", self.paint.bold(&plain(agent)))).unwrap_or_default();
        let due = if work.due < self.now {
            self.paint.warn(&format!("overdue by {}", self.now.since(work.due)))
        } else {
            self.paint.dim(&format!("due in {}", work.due.since(self.now)))
        };
        format!("task {} {status}{role}{agent}, {due}", work.id)
    }

    /// The objectives that no drift stands for.
    fn levels<'n>(self, node: &'n Node<'_>) -> impl Iterator<Item = String> + 'n {
        let drifts = |level: &Level| node.groups.iter().any(|group| group.subject() == Some(&level.subject));
        node.levels.iter().filter(move |level| !drifts(level)).map(move |level| {
            let name = level.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
            let word = match &level.state {
                State::Healthy => self.paint.good("healthy"),
                State::NoAnswer(none) => {
                    format!("{}: {}{}", self.paint.warn("no answer"), none.reason, self.since(none.since))
                }
                State::NotEvaluated(why) | State::CannotEvaluate(why) => {
                    format!("{}: {why}", self.paint.warn(level.state.word()))
                }
                State::Burning if level.judged && !level.burns() => {
                    format!("{}: it eases, but not for long enough to be sure", self.paint.warn("burning"))
                }
                other => self.paint.warn(other.word()),
            };
            let figures = figures(level).map(|figures| format!("  {}", self.paint.dim(&figures))).unwrap_or_default();
            format!("{name}{word}{figures}")
        })
    }

    fn unread(self, unread: &crate::catalog::UnreadSpec) -> String {
        let kept = if unread.kept { "its last readable version is in force" } else { "nothing is known of it" };
        let age = self.since(unread.since);
        let word = self.paint.warn("unread");
        format!("{word} {}:{}: {}; {kept}{age}", unread.file, unread.line, plain(&unread.message))
    }

    fn since(self, since: Timestamp) -> String {
        let age = self.now.since(since);
        if age.as_millis() == 0 { String::new() } else { self.paint.dim(&format!(" (for {age})")) }
    }

    /// How many are healthy, by kind.
    fn healthy(self, nodes: &[&Node<'_>]) -> Option<Branch> {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        let healthy = nodes.iter().filter(|node| node.is_healthy());
        healthy.filter_map(|node| node.kind()).for_each(|kind| *kinds.entry(kind.title()).or_default() += 1);
        let total: usize = kinds.values().sum();
        let each: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        (total > 0)
            .then(|| Branch::leaf(format!("{} {}", self.paint.good(&format!("{total} healthy:")), each.join(", "))))
    }

    fn held(self, view: &View<'_>) -> Option<Branch> {
        let held = &view.pass.plan.held;
        let below = held
            .iter()
            .take(MOST)
            .map(|held| Branch::leaf(format!("{}  {}", held.id, self.paint.dim(&plain(&held.reason)))));
        let mut below: Vec<Branch> = below.collect();
        if held.len() > MOST {
            below.push(Branch::leaf(self.paint.dim(&format!("… and {} more", held.len() - MOST))));
        }
        let line = self.paint.warn(&format!("{} held; `abide holds list` says more", held.len()));
        (!held.is_empty()).then_some(Branch { line, below })
    }
}

/// The figures of an objective, where anything happened.
fn figures(level: &Level) -> Option<String> {
    let figures = level.figures.as_ref()?;
    let ratio = figures.ratio()?;
    let (target, budget) = (percent(figures.target.shown()), budget(figures));
    Some(format!("{}% good over {}, at least {target}% wanted; {budget}", percent(ratio), figures.window))
}
