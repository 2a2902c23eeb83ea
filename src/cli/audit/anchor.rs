//! The end of the record, written down where the database's owner alone cannot change it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::anchors::Anchored;
use super::report::{self, Report};
use super::verify::of_store;
use crate::cli::paint::Paint;
use crate::cli::{CliError, Exit, Global, Io, Setup, progress};
use crate::store::audit::Anchor;

/// What a new file begins with.
const HEADING: &str = "\
# Heads of Abide's record: the number of a row, its hash, its time. `abide audit anchor` adds lines, nobody changes any, and
# `abide audit verify` holds the record against them.
";

/// Adds the record's newest row to a file, to be committed with the specs: what is anchored cannot be changed or cut off unseen.
///
/// The record is verified first; nothing is anchored where it is broken. Where the newest row is anchored already, nothing is
/// written. Abide commits nothing: a person or a CI job does.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file, in place of the one in abide.toml.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let anchored = Anchored::read(&setup, args.file.as_deref(), false)?;
    let spinner = progress::spinner(global, "reading");
    let verified = of_store(&setup, &anchored.anchors)?;
    spinner.finish_and_clear();
    let report = Report { verified: &verified, anchored: &anchored, wrong: &anchored.wrong, is_part: false };
    if !report.is_fine() {
        report::text(&report, Paint { color: io.color }, &mut *io.out)?;
        writeln!(io.out, "Nothing was anchored")?;
        return Ok(Exit::Findings);
    }
    let shown = &anchored.shown;
    let Some((head, at)) = verified.last else {
        writeln!(io.out, "The record is empty: there is nothing to anchor yet")?;
        return Ok(Exit::Fine);
    };
    if anchored.anchors.last().is_some_and(|anchor| anchor.head == head) {
        writeln!(io.out, "Row {} is the newest one, and is anchored in {shown} already", head.seq)?;
        return Ok(Exit::Fine);
    }
    let anchor = Anchor { head, at, line: 0 };
    let cannot = |error: std::io::Error| CliError::usage(format!("cannot write {shown}: {error}"));
    append(&anchored.path, &anchor).map_err(cannot)?;
    writeln!(io.out, "Anchored row {} in {shown}: commit it", anchor.head.seq)?;
    Ok(Exit::Fine)
}

/// Adds a line, and what it takes for it to be one.
fn append(path: &Path, anchor: &Anchor) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let before = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let begin = match before.last() {
        None => HEADING,
        Some(b'\n') => "",
        Some(_) => "\n",
    };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    // In one piece, so that two who anchor at once do not mix their lines.
    file.write_all(format!("{begin}{anchor}\n").as_bytes())?;
    file.sync_all()
}
