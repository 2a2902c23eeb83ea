//! From what is written to what is meant.

mod columns;
mod insert;
mod place;
mod sources;

use std::collections::BTreeMap;
use std::str::FromStr;

use toml::Spanned;

use insert::Insert;

use super::error::Fault;
use super::file::{self, Text, Words};
use super::{
    AgentsTable, ApprovalColumns, Bound, Config, Constant, Field, Lookup, Mapping, SeverityMap, SeverityRule, Source,
    StatusWords, TimeFormat,
};
use crate::diagnostic::nearest;
use crate::model::{Durability, Duration, Kind, QueuePolicy, Severity, SpecId, TaskStatus};

pub(super) fn config(file: file::File) -> Result<Config, Fault> {
    let mut config = Config::default();
    let file::File { specs, store, tasks, queue, limits, audit, sources } = file;
    for (text, to) in [(specs.repository, &mut config.specs.repository), (store.url, &mut config.store.url)] {
        if let Some(text) = text {
            *to = filled(text)?;
        }
    }
    if let Some(path) = specs.path {
        config.specs.path = inside("specs.path", path)?;
    }
    if let Some(anchors) = audit.anchors {
        config.audit.anchors = inside("audit.anchors", anchors)?;
    }
    if let Some(records) = specs.records {
        let span = records.span();
        let folders = records.into_inner().into_vec().into_iter();
        let folders = folders.map(|folder| inside("specs.records", Spanned::new(span.clone(), folder.into_text())));
        config.specs.records = folders.collect::<Result<_, _>>()?;
    }
    config.specs.branch = specs.branch.map(filled).transpose()?;
    config.specs.poll = specs.poll.map_or(Ok(config.specs.poll), |text| duration(&text))?;
    config.specs.owner = specs.owner.map(|text| owner(&text)).transpose()?;
    config.store.durability = store.durability.map_or(Ok(config.store.durability), |text| durability(&text))?;
    config.queue = self::queue(queue)?;
    config.limits.lookback = limits.lookback.map_or(Ok(config.limits.lookback), |text| duration(&text))?;
    config.limits.proposed = limits.proposed.map(|text| duration(&text)).transpose()?;
    config.limits.kept = limits.kept.map(|text| duration(&text)).transpose()?;
    for (name, most, to) in [
        ("open_per_pass", limits.open_per_pass, &mut config.limits.open_per_pass),
        ("correct_per_pass", limits.correct_per_pass, &mut config.limits.correct_per_pass),
    ] {
        if let Some(most) = most {
            let wrong = |_| Fault::new(most.span(), format!("{name} must be a whole number that is not negative"));
            *to = usize::try_from(*most.get_ref()).map_err(wrong)?;
        }
    }
    config.tasks = tasks.map(|tasks| mapping(tasks, &config.store.url)).transpose()?;
    config.sources = sources::sources(sources)?;
    Ok(config)
}

fn queue(written: file::Queue) -> Result<QueuePolicy, Fault> {
    let file::Queue { lease, patience, returns, rest, longest_rest } = written;
    let mut queue = QueuePolicy::default();
    let times = [
        (lease, &mut queue.lease),
        (patience, &mut queue.patience),
        (rest, &mut queue.rest),
        (longest_rest, &mut queue.longest_rest),
    ];
    for (text, to) in times {
        *to = text.map_or(Ok(*to), |text| duration(&text))?;
    }
    if let Some(returns) = returns {
        let wrong = |_| Fault::new(returns.span(), "returns must be a whole number that is not negative");
        queue.returns = u32::try_from(*returns.get_ref()).map_err(wrong)?;
    }
    Ok(queue)
}

fn durability(text: &Text) -> Result<Durability, Fault> {
    let words = || Durability::ALL.into_iter().map(Durability::word);
    let found = Durability::ALL.into_iter().find(|durability| durability.word() == text.get_ref());
    found.ok_or_else(|| unknown(text, "durability", words()))
}

fn mapping(tasks: Spanned<file::Tasks>, store: &str) -> Result<Mapping, Fault> {
    let tasks = tasks.into_inner();
    let url = tasks.url.map(filled).transpose()?.filter(|url| url != store);
    let table = tasks.table.ok_or_else(|| missing("tasks.table", "the name of the task table"))?;
    let columns::Columns { columns, lookups, times, default_type } = columns::columns(tasks.columns)?;
    let has_priority = columns.contains_key(&Field::Priority);
    let Insert { kind: insert_type, constants: insert, counted } = insert::insert(tasks.insert)?;
    if insert_type.is_some() {
        own_type_is_told(&columns, &lookups)?;
    }
    let label = |(name, source): (Text, Spanned<toml::Value>)| Ok((name.into_inner().into(), place::source(source)?));
    Ok(Mapping {
        url,
        table: filled(table)?,
        own: false,
        only: tasks.only.into_iter().map(only).collect::<Result<_, _>>()?,
        time: tasks.time.map_or(Ok(TimeFormat::Text), |text| time_format(&text))?,
        labels: tasks.labels.into_iter().map(label).collect::<Result<_, _>>()?,
        needs: tasks.needs.map(needs).transpose()?,
        status: tasks.status.map_or_else(|| Ok(StatusWords::same()), |status| status_words(status.into_inner()))?,
        severity: severities(tasks.severity, has_priority)?,
        insert,
        counted,
        insert_type,
        approvals: tasks.approvals.into_iter().map(approval).collect::<Result<_, _>>()?,
        agents: tasks.agents.map(|agents| agents_table(agents.into_inner())).transpose()?,
        columns,
        lookups,
        times,
        default_type,
    })
}

/// A type of the team's own must leave something else that tells Abide's tasks. Where types are rows of another table, a type of
/// Abide's own cannot be written at all, and its record tells.
fn own_type_is_told(columns: &BTreeMap<Field, String>, lookups: &BTreeMap<Field, Lookup>) -> Result<(), Fault> {
    if !columns.contains_key(&Field::Type) {
        let what = "`tasks.insert.type` needs `tasks.columns.type`: there is no column to write it into";
        return Err(Fault::absent(what));
    }
    if columns.contains_key(&Field::Context) || lookups.contains_key(&Field::Type) {
        return Ok(());
    }
    let what = "`tasks.insert.type` needs `tasks.columns.context`: without either, Abide could not tell its own tasks";
    Err(Fault::absent(what))
}

/// What a task waits for.
fn needs(written: Spanned<toml::Value>) -> Result<Source, Fault> {
    let span = written.span();
    match place::source(written)? {
        Source::Lookup { .. } => {
            let what = "`needs` holds keys of tasks, so it refers to no other table";
            Err(Fault::new(span, what).fix("name the column alone, or rows as {table = …, task = …, value = …}"))
        }
        source => Ok(source),
    }
}

fn status_words(written: Words<Spanned<file::OneOrMany>>) -> Result<StatusWords, Fault> {
    let mut words = BTreeMap::new();
    let mut seen: BTreeMap<String, TaskStatus> = BTreeMap::new();
    for (name, theirs) in written {
        let all = || TaskStatus::ALL.into_iter().map(TaskStatus::word);
        let status = TaskStatus::from_word(name.get_ref()).ok_or_else(|| unknown(&name, "status", all()))?;
        let span = theirs.span();
        let theirs: Vec<String> = theirs.into_inner().into_vec().into_iter().map(file::Scalar::into_text).collect();
        for word in &theirs {
            if let Some(before) = seen.insert(word.clone(), status).filter(|before| *before != status) {
                return Err(Fault::new(span, format!("`{word}` stands for both {before} and {status}")));
            }
        }
        if theirs.is_empty() {
            return Err(
                Fault::new(span, format!("{status} has no word")).fix("name at least one, or leave the line out")
            );
        }
        words.insert(status, theirs);
    }
    match [TaskStatus::Pending, TaskStatus::Completed].into_iter().find(|status| !words.contains_key(status)) {
        Some(status) => Err(missing(&format!("tasks.status.{status}"), "the word that Abide writes for it")),
        None => Ok(StatusWords(words)),
    }
}

fn severities(written: Words<Spanned<file::Severity>>, has_priority: bool) -> Result<SeverityMap, Fault> {
    if written.is_empty() {
        return Ok(if has_priority { SeverityMap::words() } else { SeverityMap::default() });
    }
    let rule = |(name, rule): (Text, Spanned<file::Severity>)| {
        let words = || Severity::ALL.into_iter().map(Severity::word);
        let severity = Severity::from_str(name.get_ref()).map_err(|_| unknown(&name, "severity", words()))?;
        let span = rule.span();
        let rule = rule.into_inner();
        let from_span = rule.from.span();
        let from: Vec<Bound> = rule
            .from
            .into_inner()
            .into_vec()
            .into_iter()
            .map(bound)
            .collect::<Result<_, _>>()
            .map_err(|what| Fault::new(from_span, what))?;
        let insert = match rule.insert {
            Some(value) => Some(constant(value.into_inner())),
            None => from.first().map(|bound| bound.number().map_or_else(|| word_of(bound), whole)),
        };
        let insert = insert.ok_or_else(|| Fault::new(span, format!("{severity} has no priority")))?;
        Ok(SeverityRule { severity, from, insert })
    };
    written.into_iter().map(rule).collect::<Result<_, _>>().map(SeverityMap::new)
}

fn bound(value: file::Scalar) -> Result<Bound, String> {
    match value {
        file::Scalar::Truth(yes) => Ok(Bound::Equal(f64::from(u8::from(yes)))),
        file::Scalar::Integer(number) => Ok(Bound::Equal(number as f64)),
        file::Scalar::Real(number) => Ok(Bound::Equal(number)),
        file::Scalar::Text(text) => Bound::parse(&text),
    }
}

fn word_of(bound: &Bound) -> Constant {
    match bound {
        Bound::Word(word) => Constant::Text(word.clone()),
        other => other.number().map_or_else(|| Constant::Integer(0), whole),
    }
}

/// A number without a fraction is written as a whole one, so that it looks as people's own do.
fn whole(number: f64) -> Constant {
    if number.fract() == 0.0 && number.abs() < 9e15 { Constant::Integer(number as i64) } else { Constant::Real(number) }
}

fn constant(value: file::Scalar) -> Constant {
    match value {
        file::Scalar::Truth(yes) => Constant::Integer(i64::from(yes)),
        file::Scalar::Integer(number) => Constant::Integer(number),
        file::Scalar::Real(number) => Constant::Real(number),
        file::Scalar::Text(text) => Constant::Text(text),
    }
}

/// What a column must hold for its row to be a task: one value, or any of a list.
fn only((column, written): (Text, Spanned<toml::Value>)) -> Result<(String, Vec<Constant>), Fault> {
    let span = written.span();
    let values = match written.into_inner() {
        toml::Value::Array(values) => values,
        value => vec![value],
    };
    let values: Option<Vec<Constant>> = values.into_iter().map(scalar).collect();
    let none = || {
        let what = "`only` takes texts and numbers: a row is a task where the column holds one of them";
        Fault::new(span, what)
            .fix("write `only = {is_deleted = 0}`, or `only = {deleted_at = \"\"}` where it must be empty")
    };
    Ok((filled(column)?, values.filter(|values| !values.is_empty()).ok_or_else(none)?))
}

/// One value; none for a list or a table. A truth is written as SQLite keeps it.
fn scalar(value: toml::Value) -> Option<Constant> {
    match value {
        toml::Value::String(text) => Some(Constant::Text(text)),
        toml::Value::Integer(number) => Some(Constant::Integer(number)),
        toml::Value::Float(number) => Some(Constant::Real(number)),
        toml::Value::Boolean(yes) => Some(Constant::Integer(i64::from(yes))),
        toml::Value::Datetime(at) => Some(Constant::Text(at.to_string())),
        toml::Value::Array(_) | toml::Value::Table(_) => None,
    }
}

fn approval((role, written): (Text, Spanned<file::Approval>)) -> Result<ApprovalColumns, Fault> {
    let written = written.into_inner();
    let words = |given: Option<Spanned<file::OneOrMany>>, default: &str| {
        given.map_or_else(
            || vec![default.to_owned()],
            |given| given.into_inner().into_vec().into_iter().map(file::Scalar::into_text).collect(),
        )
    };
    Ok(ApprovalColumns {
        role: role.into_inner().into(),
        column: filled(written.column)?,
        approved: words(written.approved, "approved"),
        rejected: words(written.rejected, "rejected"),
        by: written.by.map(filled).transpose()?,
        at: written.at.map(filled).transpose()?,
        time: written.time.map(|text| time_format(&text)).transpose()?,
    })
}

fn agents_table(written: file::Agents) -> Result<AgentsTable, Fault> {
    Ok(AgentsTable {
        table: filled(written.table)?,
        name: filled(written.name)?,
        role: written.role.map(filled).transpose()?,
        seen: filled(written.seen)?,
        time: written.time.map(|text| time_format(&text)).transpose()?,
    })
}

fn time_format(text: &Text) -> Result<TimeFormat, Fault> {
    let words = || TimeFormat::ALL.into_iter().map(TimeFormat::word);
    TimeFormat::ALL
        .into_iter()
        .find(|f| f.word() == text.get_ref())
        .ok_or_else(|| unknown(text, "time format", words()))
}

fn owner(text: &Text) -> Result<SpecId, Fault> {
    let id: SpecId = text.get_ref().parse().map_err(|_| not_an_owner(text))?;
    if matches!(id.kind, Kind::Role | Kind::Agent) { Ok(id) } else { Err(not_an_owner(text)) }
}

fn not_an_owner(text: &Text) -> Fault {
    Fault::new(text.span(), format!("`{}` can own nothing", text.get_ref())).fix("write `role/NAME` or `agent/NAME`")
}

fn duration(text: &Text) -> Result<Duration, Fault> {
    text.get_ref().parse().map_err(|error: crate::model::TimeError| Fault::new(text.span(), error.to_string()))
}

fn filled(text: Text) -> Result<String, Fault> {
    let span = text.span();
    let text = text.into_inner();
    if text.trim().is_empty() { Err(Fault::new(span, "this must not be empty")) } else { Ok(text) }
}

/// A folder or a file of the repository.
fn inside(key: &str, path: Text) -> Result<String, Fault> {
    let span = path.span();
    let path = filled(path)?;
    if path.starts_with('/') || path.split(['/', '\\']).any(|part| part == "..") {
        let what = format!("`{key}` must lie within the repository: no leading `/` and no `..`");
        return Err(Fault::new(span, what));
    }
    Ok(path)
}

fn missing(key: &str, what: &str) -> Fault {
    Fault::absent(format!("`{key}` is missing: {what}"))
}

fn unknown<'a>(word: &Text, what: &str, known: impl Iterator<Item = &'a str> + Clone) -> Fault {
    let written = word.get_ref();
    let fix = match nearest(written, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of {}", known.collect::<Vec<_>>().join(", ")),
    };
    Fault::new(word.span(), format!("no {what} is called `{written}`")).fix(fix)
}
