//! `abide export adr`.

use std::path::{Path, PathBuf};

use crate::catalog::{Catalog, load};
use crate::cli::import::place::{Fate, foresee, write};
use crate::cli::{CliError, Exit, Global, Io, Setup, setup};
use crate::diagnostic::{counted, nearest};
use crate::kinds::decision::madr::Pages;
use crate::kinds::decision::markdown::is_spec;
use crate::model::{Kind, Name, SpecId};

/// Writes decisions as MADR 4, for people and tools that read Markdown.
///
/// Prints the decisions that are named, or all of them; --to writes a file each, called by number and name, and says what it did. What
/// `abide import adr` reads of such a file is the same number, title, status, date and relations. Executable rules, review and
/// delivery stand in words under More Information. Reads the specs as they lie on the disk, unless --rev says otherwise.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names of decisions: use-postgres, or decision/use-postgres. All of them where none is given.
    pub names: Vec<String>,
    /// The folder to write a file for each decision to, in place of standard output.
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Replaces files that are there already and say something else; never one that is a spec.
    #[arg(long)]
    pub force: bool,
    /// Reads this revision of the specs instead of the files on the disk.
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the specs are out of reach, a name is that of no decision, there is none at all, or a file cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let (catalog, _) = load(&setup.spec_tree(args.rev.as_deref())?, &Catalog::empty(), setup::now());
    let pages = Pages::of(&catalog.specs);
    let chosen = choose(&pages, &args.names)?;
    for unread in &catalog.unread {
        writeln!(io.err, "unread: {}:{}: {}", unread.file, unread.line, unread.message)?;
    }
    match &args.to {
        None => print(&pages, &chosen, io)?,
        Some(folder) => write_files(&pages, &chosen, folder, args.force, io)?,
    }
    Ok(if catalog.unread.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// The decisions that are named, each once and in the order of their files; all where none is.
fn choose<'a>(pages: &Pages<'a>, names: &[String]) -> Result<Vec<&'a SpecId>, CliError> {
    let mut chosen: Vec<&SpecId> = if names.is_empty() { pages.ids().collect() } else { Vec::new() };
    for name in names {
        let bare = name.strip_prefix("decision/").unwrap_or(name);
        let id = bare.parse::<Name>().ok().map(|name| SpecId::new(Kind::Decision, name));
        let found = pages.ids().find(|known| Some(*known) == id.as_ref());
        chosen.push(found.ok_or_else(|| unknown(name, bare, pages))?);
    }
    if chosen.is_empty() {
        let error = CliError { exit: Exit::NothingMatched, ..CliError::usage("there is no decision to export") };
        return Err(error.hint("`abide new decision NAME` writes one"));
    }
    chosen.sort_by_key(|id| (pages.file(id), *id));
    chosen.dedup();
    Ok(chosen)
}

fn unknown(name: &str, bare: &str, pages: &Pages<'_>) -> CliError {
    let error = CliError::usage(format!("no decision that can be read is called `{name}`"));
    let error = CliError { exit: Exit::NothingMatched, ..error };
    match nearest(bare, pages.ids().map(|id| id.name.as_str())) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// One page as it is; of several, each behind a comment that says which file it would be.
fn print(pages: &Pages<'_>, chosen: &[&SpecId], io: &mut Io) -> Result<(), CliError> {
    for (index, (file, text)) in texts(pages, chosen).enumerate() {
        if chosen.len() > 1 {
            let before = if index > 0 { "\n" } else { "" };
            writeln!(io.out, "{before}<!-- {file} -->")?;
        }
        io.out.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn texts<'p>(pages: &'p Pages<'_>, chosen: &'p [&SpecId]) -> impl Iterator<Item = (String, String)> + 'p {
    chosen.iter().filter_map(|id| Some((pages.file(id)?, pages.text(id)?)))
}

fn write_files(pages: &Pages<'_>, chosen: &[&SpecId], to: &Path, force: bool, io: &mut Io) -> Result<(), CliError> {
    let (mut changed, mut kept) = (0, 0);
    for (file, text) in texts(pages, chosen) {
        let path = to.join(&file);
        let fate = foresee(&path, &text, force)?;
        // A decision that is Markdown already is not to be lost to its own export.
        let is_source = fate != Fate::Created && std::fs::read(&path).is_ok_and(|bytes| is_spec(&bytes));
        let fate = if is_source { Fate::Kept } else { fate };
        write(&path, &text, fate)?;
        let why = match (is_source, fate) {
            (true, _) => ": it is a spec itself",
            (false, Fate::Kept) => ": it is there already and says something else",
            _ => "",
        };
        writeln!(io.out, "{:9}  {}{why}", fate.word(), path.display())?;
        changed += usize::from(matches!(fate, Fate::Created | Fate::Replaced));
        kept += usize::from(fate == Fate::Kept && !is_source);
    }
    match changed {
        0 => writeln!(io.out, "Nothing changed: every file is as it was.")?,
        files => writeln!(io.out, "{} written.", counted(files, "file"))?,
    }
    if kept > 0 {
        writeln!(io.out, "  = help: --force replaces files that are there already")?;
    }
    Ok(())
}
