//! `abide attach`.

mod file;
mod found;
mod kinds;
mod look;
mod names;
mod propose;
mod report;
mod shapes;
#[cfg(test)]
mod tests;
mod times;
mod words;
mod write;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::output::{Output, write_all};
use super::paint::Paint;
use super::plan::Format;
use super::{CliError, Exit, Global, Io, progress, setup};
use crate::config::{Config, Field};
use crate::model::TaskStatus;
use crate::store::inspect::{Held, Inspect, TableSeen};
use crate::store::{Check, Listed};
use found::Proposal;
use propose::table::Candidate;
use propose::{Said, Seen};

/// Whether Abide's own tables go into a file of their own, and the team's database stays free of them.
const OWN_FILE: bool = true;

/// So many tasks are shown.
const SAMPLE: usize = 5;

/// Meet a task database that is there already: find the tasks in it, propose the mapping, and write abide.toml.
///
/// The database is only read. What Abide finds is shown with its reasons, with what it costs where something is missing, and
/// with a few tasks as Abide sees them. What cannot be told for sure is never guessed: it is asked, and the command ends with 1
/// while a question is open.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The database: a file, or sqlite:PATH.
    #[arg(value_name = "DB")]
    pub database: String,
    /// The table with the tasks, where several could be it.
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
    /// What a status word means: --means Review=running. May be given several times.
    #[arg(long, value_name = "WORD=STATUS", value_parser = meaning, allow_hyphen_values = true)]
    pub means: Vec<(String, TaskStatus)>,
    /// Which column holds a field: --column title=content. May be given several times; without a name the field is left out.
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = placed)]
    pub column: Vec<(Field, String)>,
    /// Only rows that hold this are tasks: --only is_deleted=0, or --only deleted_at= where it must be empty. With `*` all are,
    /// whatever they hold. May be given several times; values of one column are a list, of which a new task gets the first.
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = kept)]
    pub only: Vec<(String, Option<String>)>,
    /// Which numbers are urgent, where priorities are numbers.
    #[arg(long, value_enum, value_name = "END")]
    pub urgent: Option<Urgent>,
    /// Keep Abide's own tables, all named abide_*, in the same database.
    #[arg(long)]
    pub same_database: bool,
    /// Only print what abide.toml would say.
    #[arg(long)]
    pub print: bool,
    /// Replace the [tasks] of the abide.toml that is there. All else in it stays.
    #[arg(long)]
    pub force: bool,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// An end of a scale of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Urgent {
    /// The highest number is the most urgent.
    Highest,
    /// The lowest is.
    Lowest,
}

fn meaning(text: &str) -> Result<(String, TaskStatus), String> {
    let (word, status) = text.rsplit_once('=').ok_or("write it as WORD=STATUS")?;
    let words = || TaskStatus::ALL.map(TaskStatus::word).join(", ");
    let status = TaskStatus::from_word(status).ok_or_else(|| format!("`{status}` is none of {}", words()))?;
    Ok((word.to_owned(), status))
}

fn placed(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("write it as FIELD=COLUMN")?;
    let fields = || Field::ALL.iter().map(|field| field.word()).collect::<Vec<_>>().join(", ");
    let field = Field::from_word(field).ok_or_else(|| format!("`{field}` is no field; the fields are {}", fields()))?;
    if column.is_empty() && Field::REQUIRED.contains(&field) && field != Field::Type {
        return Err(format!("`{}` cannot be left out", field.word()));
    }
    Ok((field, column.to_owned()))
}

fn kept(text: &str) -> Result<(String, Option<String>), String> {
    let (column, value) = text.split_once('=').ok_or("write it as COLUMN=VALUE, or COLUMN=* for all rows")?;
    Ok((column.to_owned(), Some(value.to_owned()).filter(|value| value != "*")))
}

/// What came of it.
struct Attached {
    found: Proposal,
    /// Why it is this table.
    why: Vec<&'static str>,
    /// What `abide.toml` says.
    text: String,
    sample: Vec<Listed>,
    /// Statements that would help.
    helps: Vec<String>,
    /// What does not work.
    wrong: Vec<String>,
    written: Written,
}

/// What became of `abide.toml`.
enum Written {
    Nothing,
    New(String),
    Added(String),
}

/// Runs the command.
///
/// # Errors
/// When the database cannot be read, when no table or several could hold the tasks, or when `abide.toml` is in the way.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let path = path(&args.database)?;
    let place = file::Place::new(global, &path, args.same_database || !OWN_FILE)?;
    if !args.print {
        place.may_write(args.force)?;
    }
    let spinner = progress::spinner(global, "looking");
    let looked = look(args, &path, &place);
    spinner.finish_and_clear();
    let mut attached = looked?;
    if args.print && args.output.is_empty() {
        io.out.write_all(attached.text.as_bytes())?;
        attached.found.questions.iter().chain(&attached.wrong).try_for_each(|it| writeln!(io.err, "? {it}"))?;
        return Ok(attached.exit());
    }
    if !args.print {
        attached.written = place.write(&attached.text)?;
    }
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => report::text(&attached, Paint { color }, out),
        Format::Json => report::json(&attached, out),
    })?;
    Ok(attached.exit())
}

impl Attached {
    const fn exit(&self) -> Exit {
        if self.found.questions.is_empty() && self.wrong.is_empty() { Exit::Fine } else { Exit::Findings }
    }
}

/// The file of a database, which must be one of SQLite so far.
fn path(database: &str) -> Result<PathBuf, CliError> {
    let lower = database.to_ascii_lowercase();
    if lower.starts_with("postgres:") || lower.starts_with("postgresql:") {
        let error = CliError::usage("PostgreSQL comes later: Abide reads and writes SQLite files so far");
        return Err(error.hint("name a SQLite file: abide attach tracker.db"));
    }
    let path = database.strip_prefix("sqlite://").or_else(|| database.strip_prefix("sqlite:")).unwrap_or(database);
    Path::new(path).canonicalize().map_err(|error| {
        let error = CliError { exit: Exit::OutOfReach, ..CliError::usage(format!("cannot open {path}: {error}")) };
        error.hint("name a SQLite file: abide attach tracker.db")
    })
}

/// Looks the database over, proposes a mapping, and reads through it.
fn look(args: &Args, path: &Path, place: &file::Place) -> Result<Attached, CliError> {
    let database = setup::inspect(&format!("sqlite:{}", path.display()))?;
    let tables = setup::of_store(database.tables())?;
    if tables.is_empty() && setup::of_store(database.is_abides())? {
        let error =
            CliError::usage("this is Abide's own database, with no table of anybody else: it needs no attaching");
        return Err(error.hint("`abide tasks list` shows its tasks; attach is for a database that others made"));
    }
    let Chosen { table, why, parts } = choose(&tables, args.table.as_deref())?;
    let mut found = propose(&*database, table, &tables, args)?;
    found.assumed.splice(0..0, parts);
    let text = place.text(&found)?;
    let mut attached = Attached {
        found,
        why,
        text,
        sample: Vec::new(),
        helps: Vec::new(),
        wrong: Vec::new(),
        written: Written::Nothing,
    };
    match Config::parse(&attached.text, &[]) {
        Ok(config) => read(&mut attached, &setup::Setup::of(config, &place.base)),
        Err(_) if !attached.found.questions.is_empty() => {}
        Err(error) => attached.wrong.push(error.to_string()),
    }
    Ok(attached)
}

/// Reads through the mapping as every other command will.
fn read(attached: &mut Attached, setup: &setup::Setup) {
    match setup::sample(setup, SAMPLE) {
        Ok((checks, sample)) => {
            attached.sample = sample;
            checks.into_iter().for_each(|check| attached.hear(check));
        }
        Err(error) => attached.wrong.push(error.to_string()),
    }
}

impl Attached {
    /// What `abide doctor` would say of the set-up.
    fn hear(&mut self, check: Check) {
        let Err(trouble) = check.result else { return };
        match check.what.as_str() {
            "index" => self.helps.push(trouble.fix),
            // How the table is followed is said already, and the statements are many lines.
            "changes" => {}
            // What no column tells is among the costs.
            "ends" => {}
            "journal" => self.helps.push(format!("PRAGMA journal_mode = WAL;  -- {}", trouble.what)),
            // Words that are asked for already are no further finding.
            "every row" if !self.found.unplaced().is_empty() || self.found.lacks_status() => {}
            what => self.wrong.push(format!("{what}: {}. {}", trouble.what, trouble.fix)),
        }
    }
}

/// The table that is taken.
struct Chosen<'a> {
    table: &'a TableSeen,
    why: Vec<&'static str>,
    /// What is said of others whose rows are parts of its.
    parts: Vec<String>,
}

/// The table that was named, or the only one that is likely.
fn choose<'a>(tables: &'a [TableSeen], named: Option<&str>) -> Result<Chosen<'a>, CliError> {
    let ranked = propose::table::ranked(tables);
    let find = |name: &str| tables.iter().find(|table| table.name.eq_ignore_ascii_case(name));
    let names = || tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>().join(", ");
    if let Some(name) = named {
        let table = find(name).ok_or_else(|| {
            CliError::usage(format!("there is no table `{name}`")).hint(format!("the database has {}", names()))
        })?;
        let why = ranked.into_iter().find(|it| it.name == table.name).map(|it| it.why);
        return Ok(Chosen { table, why: why.unwrap_or_else(|| vec!["you named it"]), parts: Vec::new() });
    }
    let listed = || ranked.iter().take(LISTED).map(|it| format!("\n  {}", it.told())).collect::<String>();
    let likeliest = propose::table::likeliest(&ranked);
    match likeliest[..] {
        [one] => {
            let table = find(&one.name).ok_or_else(|| CliError::usage("the table has gone"))?;
            let part = |it: &Candidate| {
                let told = "are taken for parts of these tasks, which Abide does not see";
                format!(
                    "rows of {} ({}) {told}: `--table {}` if they are the tasks",
                    it.name,
                    it.rows,
                    found::argument(&it.name)
                )
            };
            let parts = propose::table::parts(&ranked).into_iter().map(part).collect();
            Ok(Chosen { table, why: one.why.clone(), parts })
        }
        [] if tables.is_empty() => Err(CliError::usage("the database has no tables")),
        [] if ranked.is_empty() => {
            let error = CliError::usage("no table looks as if it held tasks");
            Err(open(error).hint(format!("name one with --table; the database has {}", names())))
        }
        [] => {
            let error = CliError::usage(format!("no table looks as if it held tasks. The nearest:{}", listed()));
            Err(open(error).hint(format!("if one does, name it: --table {}", ranked[0].name)))
        }
        _ => {
            let aside = ranked.iter().filter(|it| it.against.is_some());
            let named = likeliest.iter().copied().chain(aside).take(LISTED);
            let named: String = named.map(|it| format!("\n  {}", it.told())).collect();
            let error = CliError::usage(format!("several tables may hold the tasks, the likeliest first:{named}"));
            let hint = "Abide follows one table, and sees nothing of the others";
            Err(open(error).hint(format!("name one: --table {}. {hint}", ranked[0].name)))
        }
    }
}

/// So many tables are named where it cannot be told which one it is.
const LISTED: usize = 6;

/// An open question ends with its own code.
const fn open(error: CliError) -> CliError {
    let mut error = error;
    error.exit = Exit::Findings;
    error
}

fn propose(database: &dyn Inspect, table: &TableSeen, all: &[TableSeen], args: &Args) -> Result<Proposal, CliError> {
    let said = Said {
        means: args.means.clone(),
        high_is_urgent: args.urgent.map(|end| end == Urgent::Highest),
        columns: args.column.clone(),
        only: args.only.clone(),
    };
    let columns = said.columns.iter().map(|(_, name)| name).filter(|name| !name.is_empty());
    for name in columns.chain(said.only.iter().map(|(name, _)| name)) {
        if table.column(name).is_none() {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let error = CliError::usage(format!("the table {} has no column `{name}`", table.name));
            return Err(error.hint(format!("it has {}", names.join(", "))));
        }
    }
    let reader = look::Reader::new(database);
    let mut found = propose::proposal(&Seen { table, all, look: &reader, said: &said });
    reader.end()?;
    let heard = |word: &str| found.status.iter().any(|status| status.word == word);
    if let Some((word, _)) = args.means.iter().find(|(word, _)| !heard(word)) {
        let words: Vec<&str> = found.status.iter().map(|status| status.word.as_str()).collect();
        let error = CliError::usage(format!("no status is called `{word}`"));
        return Err(error.hint(format!("the words are {}", words.join(", "))));
    }
    if table.is_view {
        let what = "is a view: its tasks can be read, but none can be opened in it. Map the table that it is made from";
        found.questions.push(format!("`{}` {what}", table.name));
    }
    let is_named = |name: &str| found.text_names(name);
    found.unused = table.columns.iter().map(|it| it.name.clone()).filter(|name| !is_named(name)).collect();
    let id = found.column(Field::Id).and_then(|id| table.column(id));
    if let Some(id) = id.filter(|id| !id.is_automatic && id.default.is_none()) {
        let is_whole = |(held, _): &(Held, u64)| matches!(held, Held::Integer(_));
        let counts = !id.sample.is_empty() && id.sample.iter().all(is_whole);
        let gets = if counts { "the number after the greatest" } else { "names that Abide makes, as abide-1a2b3c" };
        found.assumed.push(format!("`{}` gets {gets}: the database makes no keys by itself", id.name));
    }
    Ok(found)
}
