//! `abide validate`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output::{Output, write_all};
use super::{CliError, Exit, Global, Io, Setup, progress, setup};
use crate::catalog::{Catalog, SourceFile, SourceTree, branch_claims, follow_renames, lint, load, moves};
use crate::diagnostic::render::{Format, Report};
use crate::diagnostic::{Diagnostic, Level};
use crate::engine::EngineError;
use crate::git::{Before, read_files};
use crate::kinds::decision::branches;
use crate::kinds::decision::markdown::{is_page, is_spec};
use crate::model::{BranchesSeen, Revision};

/// Checks specs, offline: no daemon, no database.
///
/// Without paths it checks every spec of the tree. Paths choose what is reported; references resolve in the whole tree.
/// `-` checks standard input. In a git repository decisions are held against the commit before as well: the first parent of
/// what is checked out, or what is checked out where files differ from it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files or folders to report on, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// Checks a revision of the spec repository instead of the files on the disk.
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Holds decisions against where this and that revision parted, instead of the commit before.
    #[arg(long, value_name = "REF")]
    pub against: Option<String>,
    /// Looks at all other branches too, and finds decisions that cannot all be merged: one number or one successor for
    /// several.
    #[arg(long)]
    pub all_branches: bool,
    /// Makes warnings errors; hints stay hints.
    #[arg(long, env = "ABIDE_STRICT")]
    pub strict: bool,
    /// What to write: text, json, sarif, junit, github or gitlab, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

/// Runs the command.
///
/// # Errors
/// When the specs are out of reach or the result cannot be written. Invalid specs are no error but a finding.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let spinner = progress::spinner(global, "reading");
    let Chosen { tree, reported } = choose(args, &setup)?;
    let (catalog, mut diagnostics) = load(&tree, &Catalog::empty(), setup::now());
    diagnostics.extend(lint(&catalog, &setup.config.habits()));
    moved(args, &setup, &catalog, &mut diagnostics, io)?;
    if args.all_branches {
        diagnostics.extend(across(&setup, &catalog, io)?);
    }
    spinner.finish_and_clear();
    let wanted = |file: &str| reported.as_ref().is_none_or(|paths| paths.iter().any(|path| lies_in(file, path)));
    let mut diagnostics: Vec<Diagnostic> = diagnostics.into_iter().filter(|said| wanted(&said.file)).collect();
    if args.strict {
        let warnings = diagnostics.iter_mut().filter(|said| said.problem.level == Level::Warning);
        warnings.for_each(|said| said.problem.level = Level::Error);
    }
    let files: Vec<Arc<str>> = tree.files.keys().filter(|file| wanted(file)).cloned().collect();
    if files.is_empty() {
        let error = CliError { exit: Exit::NothingMatched, ..CliError::usage("no specs matched") };
        let place = setup.base.join(&setup.config.specs.path);
        let records = setup.config.specs.records.iter().map(|folder| format!(" or {folder}"));
        let hint = format!("specs are *.yaml, *.yml and *.json below {}", place.display());
        let pages = format!("Markdown with front matter of a spec there{}", records.collect::<String>());
        return Err(error.hint(format!("{hint}, and {pages}")));
    }
    let texts = |file: &str| catalog.text(file).cloned();
    let specs = catalog.documents_in(&wanted);
    let revision = args.rev.as_ref().map(|_| tree.revision.clone());
    let report = Report { revision, specs, files, diagnostics, texts: &texts };
    write_all(&args.output, Format::Text, io, |format, color, out| report.render(format, color, out))?;
    Ok(if report.count(Level::Error) > 0 { Exit::Findings } else { Exit::Fine })
}

/// What happened to decisions since the commit before, where there is one.
fn moved(
    args: &Args,
    setup: &Setup,
    catalog: &Catalog,
    said: &mut Vec<Diagnostic>,
    io: &mut Io,
) -> Result<(), CliError> {
    let revision = committed(catalog);
    if revision.is_none() && crate::git::is_remote(&setup.source()) {
        return Ok(());
    }
    let unchecked = |why: &str| format!("note: what changed in decisions is not checked: {why}");
    match crate::git::open(setup.source()).before(revision, args.against.as_deref()) {
        Ok(Before::Change(change)) => {
            follow_renames(catalog, &change, said);
            said.extend(moves(catalog, &change));
        }
        Ok(Before::Nothing) => {}
        Ok(Before::CutOff) if args.against.is_some() => {
            let error = "the commit where this and that revision parted is not there: the clone lacks its history";
            let error = CliError { exit: Exit::OutOfReach, ..CliError::usage(error) };
            return Err(error.hint("fetch all of it: git fetch --unshallow, or fetch-depth: 0"));
        }
        Ok(Before::CutOff) => {
            let why = "the repository was cloned without its history; fetch two commits at least (fetch-depth: 2)";
            writeln!(io.err, "{}", unchecked(why))?;
        }
        // Specs can be checked without git; only who asks for a comparison cannot do without.
        Err(error) if args.against.is_none() => writeln!(io.err, "{}", unchecked(&error.to_string()))?,
        Err(error) => return Err(EngineError::from(error).into()),
    }
    Ok(())
}

/// What the decisions of other branches want that others have.
fn across(setup: &Setup, catalog: &Catalog, io: &mut Io) -> Result<Vec<Diagnostic>, CliError> {
    let mut source = crate::git::open(setup.source());
    let base = committed(catalog);
    if source.tips().map_err(EngineError::from)?.as_str().is_empty() {
        let error = CliError::usage("there are no branches: the specs are in no git repository");
        return Err(error.hint("`git init` makes one"));
    }
    let branches = source.branches(base).map_err(EngineError::from)?;
    let mut seen = BranchesSeen::default();
    branches.iter().for_each(|tip| seen.add(branch_claims(&tip.name, &tip.change)));
    for (branch, place) in &seen.unread {
        writeln!(io.err, "note: {branch}:{place} cannot be read, so that nobody can tell what it takes")?;
    }
    Ok(branches::lint(&seen.claims, &catalog.specs))
}

/// The commit that was read; none where files were.
fn committed(catalog: &Catalog) -> Option<&Revision> {
    Some(&catalog.revision).filter(|revision| !revision.as_str().is_empty())
}

/// What to read, and which files of it to report on; all where none are named.
struct Chosen {
    tree: SourceTree,
    reported: Option<Vec<String>>,
}

fn choose(args: &Args, setup: &Setup) -> Result<Chosen, CliError> {
    let elsewhere = args.paths.is_empty() && crate::git::is_remote(&setup.source());
    if args.rev.is_some() || elsewhere {
        let tree = setup.spec_tree(args.rev.as_deref())?;
        let reported =
            (!args.paths.is_empty()).then(|| args.paths.iter().map(|path| shown(path, &setup.base)).collect());
        return Ok(Chosen { tree, reported });
    }
    if let Some(missing) = args.paths.iter().find(|path| path.as_os_str() != "-" && !path.exists()) {
        let error = CliError::usage(format!("no specs matched: there is no {}", missing.display()));
        return Err(CliError { exit: Exit::NothingMatched, ..error });
    }
    let folders = setup.spec_folders();
    let in_tree = |path: &str| folders.iter().any(|folder| lies_in(path, &shown_folder(Path::new(folder))));
    let (input, paths): (Vec<&PathBuf>, Vec<&PathBuf>) = args.paths.iter().partition(|path| path.as_os_str() == "-");
    let reported: Vec<String> = paths.iter().map(|path| shown(path, &setup.base)).collect();
    // Files beyond the spec tree stand for themselves: what lies in the tree has nothing to do with them.
    let holds_some = |path: &str| folders.iter().any(|folder| lies_in(&shown_folder(Path::new(folder)), path));
    let apart = !args.paths.is_empty() && !reported.iter().any(|path| in_tree(path) || holds_some(path));
    let (within, beyond): (Vec<&String>, Vec<&String>) = reported.iter().partition(|path| in_tree(path));
    let read = |paths: Vec<&String>| read_files(&setup.base, &paths.into_iter().map(PathBuf::from).collect::<Vec<_>>());
    let mut files = read(beyond).map_err(EngineError::from)?;
    if !(apart && input.is_empty()) {
        files.append(&mut setup.spec_files()?);
        // Whoever names a page that is no spec means it to be one.
        let named = within.into_iter().filter(|path| is_page(path) && setup.base.join(path).is_file());
        let pages = read(named.collect()).map_err(EngineError::from)?;
        files.extend(pages.into_iter().filter(|(_, page)| !page.text().is_some_and(|text| is_spec(text.as_bytes()))));
    }
    let mut reported = (!args.paths.is_empty()).then_some(reported);
    if !input.is_empty() {
        let mut bytes = Vec::new();
        std::io::stdin().take(64 << 20).read_to_end(&mut bytes)?;
        files.insert("-".into(), SourceFile::of_bytes(bytes));
        reported.iter_mut().for_each(|paths| paths.push("-".into()));
    }
    Ok(Chosen { tree: SourceTree { revision: Revision::new(""), files, renames: Vec::new() }, reported })
}

/// A path as files of the tree are named: relative to the base where it lies below it, with forward slashes.
fn shown(path: &Path, base: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    shown_folder(whole.strip_prefix(base).unwrap_or(&whole))
}

fn shown_folder(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.trim_end_matches('/').trim_start_matches("./");
    if text == "." { String::new() } else { text.to_owned() }
}

fn lies_in(file: &str, folder: &str) -> bool {
    folder.is_empty() || file == folder || file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let words = || Self::ALL.map(Self::word);
        Self::from_word(word).ok_or_else(|| match crate::diagnostic::nearest(word, words()) {
            Some(near) => format!("no format is called `{word}`; did you mean `{near}`?"),
            None => format!("no format is called `{word}`; the formats are {}", words().join(", ")),
        })
    }
}
