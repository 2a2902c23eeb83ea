//! Tables that a column's keys refer to.

use super::Seen;
use super::fields::is_text;
use crate::cli::attach::found::{key, quoted};
use crate::cli::attach::kinds::says_people;
use crate::cli::attach::names::{is_called, normal, of_row, rank, singular};
use crate::config::{Constant, Field, Lookup, Within};
use crate::store::inspect::{ColumnSeen, Held, TableSeen};

/// What a word is mostly called in a table of words.
const WORDS: [&str; 19] = [
    "name",
    "pname",
    "title",
    "login",
    "login_name",
    "username",
    "user_name",
    "handle",
    "nick",
    "label",
    "word",
    "value",
    "slug",
    "display_name",
    "email",
    "realname",
    "real_name",
    "full_name",
    "bezeichnung",
];

/// The table that a column refers to, and why it is thought so.
pub(super) fn of(seen: &Seen<'_>, table: &TableSeen, column: &ColumnSeen) -> Option<(Lookup, String)> {
    let (to, referred, why) = match &column.refers {
        Some((to, referred)) => (seen.table(to)?, referred.clone(), "a foreign key".to_owned()),
        None => {
            let name = normal(&column.name);
            let Some(stem) = name.strip_suffix("_id") else { return by_number(seen, table, column, &name) };
            let named = |it: &&TableSeen| {
                singular(&it.name) == stem || singular(&it.name) == format!("{}_{stem}", singular(&table.name))
            };
            let to = seen.all.iter().find(named).or_else(|| people(seen, table, column));
            let Some(to) = to.or_else(|| prefixed(seen, table, column, stem)) else {
                return shared(seen, table, stem);
            };
            let key = to.columns.iter().find(|column| column.key == 1)?.name.clone();
            (to, key, format!("no foreign key: {} is taken for its table", to.name))
        }
    };
    if to.name == table.name {
        return None;
    }
    let value = word_column(to, &referred)?;
    Some((Lookup { table: to.name.clone(), key: referred, value: value.name.clone(), within: None }, why))
}

/// The table whose keys a column of numbers holds that is called as it, or names people: `status` and `issuestatus`.
fn by_number(seen: &Seen<'_>, table: &TableSeen, column: &ColumnSeen, name: &str) -> Option<(Lookup, String)> {
    let is_number = |(held, _): &(Held, u64)| held.word().parse::<u32>().is_ok();
    if column.key > 0 || column.is_generated || !column.sample.iter().all(is_number) {
        return None;
    }
    let last = |name: &str| name.rsplit('_').next().map(singular);
    let is_other = |it: &&TableSeen| it.name != table.name && !it.is_view && holds_keys(seen, column, it);
    let alike = |it: &&TableSeen| singular(&it.name) == singular(name);
    let ends = |it: &&TableSeen| last(&normal(&it.name)) == last(name);
    let mut like = seen.all.iter().filter(ends).filter(is_other);
    let only = like.next().filter(|_| like.next().is_none());
    let to = seen
        .all
        .iter()
        .filter(alike)
        .find(is_other)
        .or(only)
        .or_else(|| people(seen, table, column).filter(is_other))?;
    let key = to.columns.iter().find(|column| column.key == 1)?.name.clone();
    let value = word_column(to, &key)?.name.clone();
    let why = format!("no foreign key: it holds keys of {}, which is taken for its table", to.name);
    Some((Lookup { table: to.name.clone(), key, value, within: None }, why))
}

/// The table whose name ends with what a column refers to, where that holds its keys: `stack_id` and `oc_deck_stacks`.
fn prefixed<'a>(seen: &Seen<'a>, table: &TableSeen, column: &ColumnSeen, stem: &str) -> Option<&'a TableSeen> {
    let ends = |it: &&TableSeen| it.name != table.name && of_row(&it.name)[0].ends_with(&format!("_{stem}"));
    let mut named = seen.all.iter().filter(ends).filter(|it| holds_keys(seen, column, it));
    let first = named.next()?;
    named.next().is_none().then_some(first)
}

/// The table whose keys a column holds, where both have a word in common: `keywordid` and `keyworddefs`, `tags` and `TMTag`.
pub(super) fn by_keys(seen: &Seen<'_>, table: &TableSeen, column: &ColumnSeen) -> Option<Lookup> {
    let name = normal(&column.name);
    let stem = singular(["_id", "id"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name));
    let named = |it: &&TableSeen| {
        let says = stem.len() > 2 && normal(&it.name).split('_').any(|part| part.starts_with(&stem));
        says && it.name != table.name && it.name != seen.table.name && !it.is_view
    };
    let to = seen.all.iter().filter(named).filter(|it| holds_keys(seen, column, it)).min_by_key(|it| it.name.len())?;
    let key = to.columns.iter().find(|column| column.key == 1)?.name.clone();
    let value = word_column(to, &key)?.name.clone();
    Some(Lookup { table: to.name.clone(), key, value, within: None })
}

/// Whether all that is seen in a column are keys of a table that has one column for them.
fn holds_keys(seen: &Seen<'_>, column: &ColumnSeen, to: &TableSeen) -> bool {
    let keys: Vec<&ColumnSeen> = to.columns.iter().filter(|column| column.key > 0).collect();
    let [key] = keys[..] else { return false };
    let words: Vec<String> = column.sample.iter().map(|(held, _)| held.word()).collect();
    !words.is_empty() && seen.look.known(&to.name, &key.name, &words) == words.len()
}

/// Whether a field may be a word of another table.
pub(super) const fn serves(field: Field) -> bool {
    matches!(field, Field::Type | Field::Role | Field::Agent | Field::Author | Field::Status | Field::Priority)
}

/// A table that holds the words of several columns, with another column that says of which: `priority_id` of `issues` and
/// `enumerations` whose type is `IssuePriority`.
fn shared(seen: &Seen<'_>, table: &TableSeen, stem: &str) -> Option<(Lookup, String)> {
    let wanted = format!("{}_{stem}", singular(&table.name));
    let find = |to: &TableSeen| {
        let of = to.columns.iter().find(|it| is_called(&it.name, &to.name, &["type", "kind", "domain", "category"]))?;
        let word = of.sample.iter().filter_map(|(held, _)| held.text()).find(|text| {
            let said = normal(text);
            said == wanted || said == stem || said.ends_with(&format!("_{stem}"))
        })?;
        let key = to.columns.iter().find(|column| column.key == 1)?.name.clone();
        let value = word_column(to, &key).filter(|it| it.name != of.name)?.name.clone();
        let within = Some(Within { column: of.name.clone(), insert: Some(Constant::Text(word.to_owned())) });
        let why =
            format!("no foreign key: the rows of {} whose {} is `{word}` are taken for its words", to.name, of.name);
        Some((Lookup { table: to.name.clone(), key, value, within }, why))
    };
    seen.all.iter().filter(|to| to.name != table.name && !to.is_view).find_map(find)
}

/// The table of people, for a column that names one of them: `author_id`.
fn people<'a>(seen: &Seen<'a>, table: &TableSeen, column: &ColumnSeen) -> Option<&'a TableSeen> {
    let is_person = [Field::Agent, Field::Author].iter().any(|field| rank(*field, &column.name, &table.name).is_some());
    // A row of a table that ties people to something is nobody.
    let has_name = |it: &TableSeen| {
        it.columns.iter().any(|column| is_called(&column.name, &it.name, &[&LOGINS[..], &WORDS].concat()))
    };
    let is_list = |it: &&TableSeen| it.columns.iter().filter(|column| column.key > 0).count() == 1 && has_name(it);
    let lists = seen.all.iter().filter(|table| is_person && says_people(&table.name)).filter(is_list);
    lists.min_by_key(|table| table.name.len())
}

/// The column of a table that says what its rows are called.
pub(super) fn word_column<'a>(table: &'a TableSeen, key: &str) -> Option<&'a ColumnSeen> {
    // What is empty in every row is nobody's name.
    let is_free = |it: &&ColumnSeen| !it.name.eq_ignore_ascii_case(key) && (table.rows == 0 || !it.sample.is_empty());
    let free: Vec<&ColumnSeen> = table.columns.iter().filter(is_free).collect();
    let logins = LOGINS.iter().filter(|_| says_people(&table.name));
    let mut words = logins.chain(&WORDS);
    let named = words.find_map(|word| free.iter().find(|it| is_called(&it.name, &table.name, &[word])));
    named.or_else(|| free.iter().find(|it| is_text(it))).copied()
}

/// What people are called by those who give them work.
const LOGINS: [&str; 6] = ["login", "login_name", "username", "user_name", "handle", "nick"];

/// What tells the rows of one word apart, where several have it, as each project has a `High` of its own: a column of the lookup's
/// table that refers to a third one. Where each word is there once, such a column only sorts the words.
pub(super) fn within(seen: &Seen<'_>, lookup: &Lookup) -> Option<Within> {
    let words = seen.look.words(&lookup.table, &lookup.value);
    let table = words.first().filter(|(_, rows)| *rows > 1).and_then(|_| seen.table(&lookup.table))?;
    let outer = table.columns.iter().find(|column| {
        let is_other = column.name != lookup.key && column.name != lookup.value;
        is_other && (column.refers.is_some() || is_called(&column.name, "", &["board", "project", "workspace"]))
    })?;
    let least =
        outer.sample.iter().map(|(held, _)| held).min_by_key(|held| held.word().parse::<i64>().unwrap_or(i64::MAX));
    let insert = match seen.table.column(&outer.name) {
        Some(_) => None,
        None => least.map(|held| held.word().parse().map_or_else(|_| Constant::Text(held.word()), Constant::Integer)),
    };
    Some(Within { column: outer.name.clone(), insert })
}

/// The same lookup with what tells its rows apart.
pub(super) fn told_apart(seen: &Seen<'_>, lookup: Lookup) -> Lookup {
    let within = lookup.within.clone().or_else(|| within(seen, &lookup));
    Lookup { within, ..lookup }
}

/// A lookup as TOML.
pub(in crate::cli::attach) fn toml(column: &str, lookup: &Lookup) -> String {
    let mut text = format!(
        "column = {}, table = {}, key = {}, value = {}",
        quoted(column),
        quoted(&lookup.table),
        quoted(&lookup.key),
        quoted(&lookup.value)
    );
    if let Some(within) = &lookup.within {
        text += &format!(", within = {}", quoted(&within.column));
        within.insert.iter().for_each(|insert| text += &format!(", insert = {}", constant(insert)));
    }
    text
}

/// A constant as TOML.
pub(super) fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Text(word) => quoted(word),
        Constant::Integer(number) => number.to_string(),
        Constant::Real(number) => format!("{number:?}"),
    }
}

/// A pair of TOML.
pub(super) fn pair(name: &str, value: &str) -> String {
    format!("{} = {value}", key(name))
}
