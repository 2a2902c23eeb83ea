//! `abide fix`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::records::{Found, collect, find};
use super::{CliError, Exit, Global, Io, Setup, setup};
use crate::catalog::{Catalog, SourceFile, SourceTree, follow_renames, lint, load};
use crate::diagnostic::{Diagnostic, Edit, Level, Mended, edits};
use crate::engine::EngineError;
use crate::git::Before;
use crate::kinds::decision::records::{Collection, fixes, lint as records};

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
        (in_specs(&setup)?, setup.base)
    } else {
        (in_records(&args.paths)?, PathBuf::new())
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

fn in_specs(setup: &Setup) -> Result<Vec<Mended>, CliError> {
    let mut source = crate::git::open(setup.source());
    let tree = source.working().map_err(EngineError::from)?;
    let (catalog, mut said) = load(&tree, &Catalog::empty(), setup::now());
    // Without a commit before nothing was renamed since.
    if let Ok(Before::Change(change)) = source.before(None, None) {
        follow_renames(&catalog, &change, &mut said);
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

fn in_records(paths: &[PathBuf]) -> Result<Vec<Mended>, CliError> {
    let first = Records::of(find(paths)?);
    let mut now = first.clone();
    // What one mending lets be seen, the next one mends: a link that leads somewhere again may be a claim.
    for _ in 0..ROUNDS {
        match now.better() {
            Some(better) => now = better,
            None => break,
        }
    }
    let mended = first.inputs.iter().zip(&now.inputs).filter_map(|(old, new)| {
        let (old, new) = (old.file.text()?, (old.shown.clone(), new.file.text()?));
        (old != new.1).then(|| Mended { file: new.0, old: old.clone(), new: new.1.to_string() })
    });
    Ok(mended.collect())
}

/// Rounds of mending, each of which must leave less to mend.
const ROUNDS: usize = 4;

/// Edits that are tried one by one where all of them at once do more harm than good.
const ONE_BY_ONE: usize = 50;

/// Records as they are, or as they would be.
#[derive(Clone)]
struct Records {
    inputs: Vec<Found>,
    whole: Vec<Arc<str>>,
    collection: Arc<Collection>,
    /// How many findings of each code there are, and under no code what cannot be read.
    wrong: BTreeMap<&'static str, usize>,
}

impl Records {
    fn of(inputs: Vec<Found>) -> Self {
        let collection = collect(&inputs);
        let whole: Vec<Arc<str>> = inputs.iter().filter(|input| !input.named).map(|it| it.shown.clone()).collect();
        let mut wrong = BTreeMap::from([("", collection.unread.len())]);
        for finding in records::lint(&collection, &whole, setup::now().date()) {
            *wrong.entry(finding.entry.code).or_default() += 1;
        }
        Self { inputs, whole, collection: Arc::new(collection), wrong }
    }

    /// The same with what can be mended mended: all at once, or else what helps by itself. What does not leave the records
    /// better than they were is for a person.
    fn better(&self) -> Option<Self> {
        let texts: BTreeMap<&str, &Arc<str>> =
            self.inputs.iter().filter_map(|input| Some((&*input.shown, input.file.text()?))).collect();
        let text = |file: &str| texts.get(file).map(|text| (*text).clone());
        let offered = fixes(&self.collection, &self.whole, &text);
        let with = |edits: &[Edit]| {
            let mended = Mended::all(edits, &text);
            Some(Self::of(self.inputs.iter().map(|input| changed(input, &mended)).collect()))
                .filter(|then| !mended.is_empty() && then.is_better_than(self))
        };
        with(&offered).or_else(|| {
            let mut kept: Vec<Edit> = Vec::new();
            for edit in offered.iter().take(ONE_BY_ONE) {
                kept.push(edit.clone());
                if with(&kept).is_none() {
                    kept.pop();
                }
            }
            with(&kept)
        })
    }

    /// Whether there is less of something and not more of anything.
    fn is_better_than(&self, other: &Self) -> bool {
        let count = |of: &Self, code: &str| of.wrong.get(code).copied().unwrap_or_default();
        self.wrong != other.wrong && self.wrong.keys().all(|code| count(self, code) <= count(other, code))
    }
}

fn changed(input: &Found, mended: &[Mended]) -> Found {
    let new = mended.iter().find(|one| one.file == input.shown);
    let file = new.map(|one| SourceFile::of_text(one.new.as_str().into()));
    Found { file: file.unwrap_or_else(|| input.file.clone()), ..input.clone() }
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
