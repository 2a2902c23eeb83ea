//! Tables whose rows tie two tasks: which of them waits for the other is told by the columns' names, or by a word beside them. Where
//! neither tells, that is said.

use super::refers::says;
use super::{Seen, because, examples, lookup};
use crate::cli::attach::found::{Proposal, quoted};
use crate::cli::attach::names::normal;
use crate::store::inspect::{ColumnSeen, Held, TableSeen};

/// What tables of ties are called.
pub(super) const TABLES: [&str; 9] =
    ["depend", "link", "block", "relation", "related", "need", "prereq", "require", "precede"];

/// Whether a column's name says that its task waits for the other, or that it is waited for; none where it says neither.
pub(super) fn tells(column: &ColumnSeen) -> Option<bool> {
    const WAITED_FOR: [&str; 12] = [
        "depends",
        "dependson",
        "dependency",
        "needs",
        "requires",
        "required",
        "prerequisite",
        "blocker",
        "blocking",
        "blockedby",
        "predecessor",
        "by",
    ];
    const WAITS: [&str; 5] = ["blocked", "dependent", "waiting", "successor", "blocks"];
    let name = normal(&column.name);
    let says = |words: &[&str]| name.split('_').any(|part| words.contains(&part));
    if says(&WAITED_FOR) { Some(false) } else { says(&WAITS).then_some(true) }
}

/// A word that says how two tasks are tied, and the value that a row has for it.
struct Tie {
    word: String,
    toml: String,
    /// How many rows have it.
    rows: u64,
    /// Whether the first task waits for the second; the other way round where not. None where neither waits.
    waits: Option<bool>,
}

impl Tie {
    fn new(word: &str, toml: String, rows: u64) -> Self {
        let lower = word.to_lowercase().replace(['_', '-'], " ");
        let says = |words: &[&str]| words.iter().any(|it| lower.contains(it));
        let waits = says(&["blocked", "depends on", "waits for", "needs", "requires", "follows"]);
        let holds_up = says(&["block", "precede"]);
        Self { word: word.to_owned(), toml, rows, waits: (waits || holds_up).then_some(waits) }
    }

    /// What it says outright is surer than what comes before what.
    fn rank(&self) -> (bool, bool) {
        let lower = self.word.to_lowercase();
        (self.waits == Some(true), !lower.contains("precede") && !lower.contains("follow"))
    }
}

/// The column that says how two tasks are tied, with its words: those in it, or those of a table that it refers to.
fn ties<'a>(seen: &Seen<'_>, table: &'a TableSeen, ends: &[&ColumnSeen; 2]) -> Option<(&'a ColumnSeen, Vec<Tie>)> {
    let says_kind = |part: &str| matches!(part, "type" | "kind" | "relation");
    let is_kind = |column: &&ColumnSeen| column.refers.is_none() && normal(&column.name).split('_').any(says_kind);
    let others = || table.columns.iter().filter(|it| it.key == 0 && ends.iter().all(|end| end.name != it.name));
    let rows = |column: &ColumnSeen, of: &Held| {
        column.sample.iter().find(|(held, _)| held == of).map_or(0, |(_, count)| *count)
    };
    let referred = others().find_map(|column| {
        let (lookup, _) = lookup::of(seen, table, column)?;
        let pairs = seen.look.pairs(&lookup.table, (&lookup.key, &lookup.value));
        let ties: Vec<Tie> =
            pairs.iter().map(|(key, word, _)| Tie::new(&word.word(), value(key), rows(column, key))).collect();
        ties.iter().any(|tie| tie.waits.is_some()).then_some((column, ties))
    });
    referred.or_else(|| {
        let column = others().find(is_kind)?;
        let words = column.sample.iter().filter_map(|(held, count)| Some((held.text()?, *count)));
        Some((column, words.map(|(word, count)| Tie::new(word, quoted(word), count)).collect()))
    })
}

/// A value as TOML.
fn value(held: &Held) -> String {
    match held {
        Held::Integer(number) => number.to_string(),
        other => quoted(&other.word()),
    }
}

/// What a task waits for, as a row of a table says it.
fn write(table: &TableSeen, (task, value): (&ColumnSeen, &ColumnSeen), only: &str) -> String {
    let (name, task, value) = (quoted(&table.name), quoted(&task.name), quoted(&value.name));
    format!("{{table = {name}, task = {task}, value = {value}{only}}}")
}

/// Maps what one task waits for, or says why not.
pub(super) fn find(seen: &Seen<'_>, table: &TableSeen, ends: (&ColumnSeen, &ColumnSeen), found: &mut Proposal) {
    if found.needs.is_some() {
        found.costs.push(format!(
            "{} ties tasks to each other as well, and is not read: what a task waits for comes from one place",
            table.name
        ));
        return;
    }
    let ends = in_order(ends);
    let named = match (tells(ends.0), tells(ends.1)) {
        (Some(false), Some(true) | None) | (None, Some(true)) => Some((ends.1, ends.0)),
        (Some(true), Some(false) | None) | (None, Some(false)) => Some(ends),
        _ => None,
    };
    let kinds = ties(seen, table, &[ends.0, ends.1]);
    let tie = kinds.iter().flat_map(|(_, ties)| ties).filter(|tie| tie.waits.is_some());
    let tie = tie.max_by_key(|tie| (tie.rank(), tie.rows > 0));
    let (Some((kind, ties)), Some(tie)) = (&kinds, tie) else {
        let by_table = says(table, &["depend", "need", "prereq", "require"]).then_some(ends);
        let Some(ends) = named.or(by_table.filter(|_| kinds.is_none())) else {
            found.costs.push(by_hand(table, ends, kinds.map(|(kind, _)| kind)));
            return;
        };
        found.needs = Some(because(write(table, ends, ""), format!("a row of {} ties two tasks", table.name)));
        return;
    };
    let only = format!(", only = {{{}}}", lookup::pair(&kind.name, &tie.toml));
    let ends = named.unwrap_or(if tie.waits == Some(true) { ends } else { (ends.1, ends.0) });
    let why = format!("a row of {} whose {} is `{}` ties two tasks", table.name, kind.name, tie.word);
    found.needs = Some(because(write(table, ends, &only), why));
    // Where each tie is kept from both ends, the other end says nothing more.
    let is_other_end = |it: &Tie| it.waits != tie.waits && it.rows == tie.rows && it.rank().1 == tie.rank().1;
    let rest = ties.iter().filter(|it| it.waits.is_some() && it.word != tie.word && it.rows > 0 && !is_other_end(it));
    let rest: Vec<String> = rest.map(|it| format!("`{}`", it.word)).collect();
    if !rest.is_empty() {
        let told = format!(
            "ties of {} that are {} are not read as dependencies: one kind can be",
            table.name,
            rest.join(", ")
        );
        found.costs.push(told);
    }
}

/// The end that a tie is told from comes first, whatever the order of the columns.
fn in_order<'a>((first, second): (&'a ColumnSeen, &'a ColumnSeen)) -> (&'a ColumnSeen, &'a ColumnSeen) {
    const FAR: [&str; 8] = ["to", "target", "dest", "destination", "dst", "other", "opposite", "related"];
    let is_far = |column: &ColumnSeen| normal(&column.name).split('_').any(|part| FAR.contains(&part));
    if is_far(first) && !is_far(second) { (second, first) } else { (first, second) }
}

/// What is said of ties of which nobody can tell who waits for whom.
fn by_hand(table: &TableSeen, (task, value): (&ColumnSeen, &ColumnSeen), kind: Option<&ColumnSeen>) -> String {
    let (of, only) = match kind {
        Some(kind) => {
            let first = kind.sample.first().map_or_else(|| "\"…\"".to_owned(), |(held, _)| self::value(held));
            (
                format!(", and no {} says", examples::columns(&[kind])),
                format!(", only = {{{}}}", lookup::pair(&kind.name, &first)),
            )
        }
        None => (", and nothing says".to_owned(), String::new()),
    };
    format!(
        "{} ties tasks to each other{of} which waits for which, so what a task waits for is not shown. If the one in `{}` waits for the \
         one in `{}`, put this under [tasks]: `needs = {}`",
        table.name,
        task.name,
        value.name,
        write(table, (task, value), &only)
    )
}
