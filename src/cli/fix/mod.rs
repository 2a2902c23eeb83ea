//! `abide fix`.

mod records;

use std::path::{Path, PathBuf};

use super::{CliError, Exit, Global, Io, Setup, setup};
use crate::catalog::{Catalog, SourceFile, SourceTree, follow_renames, lint, load};
use crate::diagnostic::{Diagnostic, Level, Mended, edits};
use crate::engine::EngineError;
use crate::git::Before;

/// Mends what can be mended mechanically, and leaves everything else in a file as it is.
///
/// Without paths it mends the specs: the status of a decision that another has superseded, and references to what was renamed
/// since the commit before. Of Markdown records below paths it mends statuses that another record has ended, claims that only
/// one of two records makes, and links to files that have another name now. What needs a person is left to `abide validate` and
/// `abide decision lint`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files or folders of Markdown records.
    pub paths: Vec<PathBuf>,
    /// Writes nothing, and prints the patch, as `git apply` takes it.
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// When specs or records cannot be read, or a file cannot be written.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let (mended, base) = if args.paths.is_empty() {
        let setup = Setup::new(global)?;
        (in_specs(&setup, io)?, setup.base)
    } else {
        (records::mend(&args.paths)?, PathBuf::new())
    };
    if mended.is_empty() {
        writeln!(io.err, "Nothing to mend mechanically.")?;
        return Ok(Exit::Fine);
    }
    for one in &mended {
        if args.dry_run {
            write!(io.out, "{}", one.patch())?;
        } else {
            write(&base, one)?;
            writeln!(io.out, "mended {}", one.file)?;
        }
    }
    Ok(Exit::Fine)
}

fn in_specs(setup: &Setup, io: &mut Io) -> Result<Vec<Mended>, CliError> {
    let mut source = crate::git::open(setup.source());
    let tree = source.working().map_err(EngineError::from)?;
    let (catalog, mut said) = load(&tree, &Catalog::empty(), setup::now());
    match source.before(None, None) {
        Ok(Before::Change(change)) => follow_renames(&catalog, &change, &mut said),
        // Without a commit before nothing was renamed since.
        Ok(Before::Nothing) => {}
        Ok(Before::CutOff) => writeln!(io.err, "note: the clone lacks its history, so that renames are not followed")?,
        Err(error) => writeln!(io.err, "note: renames are not followed: {error}")?,
    }
    let broken = errors(&said);
    said.extend(lint(&catalog, &setup.config.habits()));
    let mended = Mended::all(edits(&said), &|file| catalog.text(file).cloned());
    let still = errors(&load(&with(&tree, &mended), &Catalog::empty(), setup::now()).1);
    // A text that means something else in its place than what was meant would be worse than none.
    if still > broken {
        return Err(CliError::usage(
            "what would be written cannot be read: this is a fault of Abide, and nothing was written",
        ));
    }
    Ok(mended)
}

fn errors(said: &[Diagnostic]) -> usize {
    said.iter().filter(|said| said.problem.level == Level::Error).count()
}

/// The tree with the texts that files are to have.
fn with(tree: &SourceTree, mended: &[Mended]) -> SourceTree {
    let mut tree = tree.clone();
    let files = mended.iter().map(|one| (one.file.clone(), SourceFile::of_text(one.new.as_str().into())));
    tree.files.extend(files);
    tree
}

/// Writes a file, unless somebody has changed it since it was read.
fn write(base: &Path, one: &Mended) -> Result<(), CliError> {
    let path = base.join(&*one.file);
    let failed = |error: std::io::Error| CliError::usage(format!("{} cannot be written: {error}", path.display()));
    let there = std::fs::read_to_string(&path).map_err(failed)?;
    // Specs are read without the mark of the byte order that some editors put before them.
    let mark = if there.starts_with('\u{feff}') && !one.old.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    if there.strip_prefix(mark) != Some(&*one.old) {
        let error = CliError::usage(format!("{} was changed while it was being mended", one.file));
        return Err(CliError { exit: Exit::Conflict, ..error.hint("run it again") });
    }
    std::fs::write(&path, format!("{mark}{}", one.new)).map_err(failed)
}
