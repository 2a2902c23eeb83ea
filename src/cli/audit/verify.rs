//! Whether somebody has changed the record.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::anchors::Anchored;
use super::line;
use super::report::{self, Report};
use crate::cli::output::{Output, write_all};
use crate::cli::paint::Paint;
use crate::cli::plan::Format;
use crate::cli::setup::Access;
use crate::cli::{CliError, Exit, Global, Io, Setup, progress};
use crate::store::audit::{Anchor, Chain, Extract, Verified, Witness};

/// No row that Abide writes is nearly as long.
const MOST_BYTES: u64 = 64 << 20;

/// How many lines that are no rows are told one by one.
const MOST_LINES: usize = 20;

/// Walks the whole record and tells whether it is as it was written: no row edited, taken out, put in or moved, and none cut off.
///
/// Ballots, requests, tokens and the times at which commits were first seen are held against the rows that tell of them; an
/// export has none of these.
///
/// A cut of the newest rows, or a record whose hashes were all computed anew, shows by its anchors: `abide audit anchor` writes
/// them into a file that is committed with the specs.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Verifies what `abide audit export` wrote, in place of the database. `-` is standard input.
    #[arg(long, value_name = "EXPORT")]
    pub file: Option<PathBuf>,
    /// The export is a part of the record: it may begin after row 1, and end before rows that are anchored.
    #[arg(long, requires = "file")]
    pub part: bool,
    /// The file of anchors, in place of the one in abide.toml.
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let anchored = Anchored::read(&setup, args.anchors.as_deref(), true)?;
    let mut wrong = anchored.wrong.clone();
    let spinner = progress::spinner(global, "reading");
    let verified = match &args.file {
        None => of_store(&setup, &anchored.anchors)?,
        Some(path) => {
            let anchors = anchored.anchors.clone();
            let chain = if args.part { Chain::part(anchors) } else { Chain::new(anchors) };
            of_file(path, chain, &mut wrong)?
        }
    };
    spinner.finish_and_clear();
    let report = Report { verified: &verified, anchored: &anchored, wrong: &wrong, is_part: args.part };
    write_all(&args.output, Format::Text, io, |format, color, out| match format {
        Format::Text => report::text(&report, Paint { color }, out),
        Format::Json => report::as_json(&report, out),
    })?;
    Ok(if report.is_fine() { Exit::Fine } else { Exit::Findings })
}

/// Walks what is in the database, and what its other tables keep of it. Others are answered between two pages.
pub(super) fn of_store(setup: &Setup, anchors: &[Anchor]) -> Result<Verified, CliError> {
    let mut chain = Chain::new(anchors.to_vec());
    setup.with_engine(Access::Read, |handle| async move {
        let mut after = None;
        loop {
            let page = handle.audit(Extract::verified(after)).await?;
            after = page.rows.last().map(|entry| entry.seq);
            if let Some(witness) = chain.take(page) {
                return Ok(chain.finish(witness));
            }
        }
    })
}

/// Walks what is in a file. Lines that are no rows are wrong, and what is around them is looked at all the same.
fn of_file(path: &Path, mut chain: Chain, wrong: &mut Vec<String>) -> Result<Verified, CliError> {
    let shown = path.display();
    let cannot = |error: std::io::Error| CliError::usage(format!("cannot read {shown}: {error}"));
    let mut reader: Box<dyn BufRead> = match path.to_str() {
        Some("-") => Box::new(std::io::stdin().lock()),
        _ => Box::new(BufReader::new(File::open(path).map_err(cannot)?)),
    };
    let (mut bytes, mut number, mut rows, mut misread) = (Vec::new(), 0_u64, 0_u64, 0_usize);
    while (&mut reader).take(MOST_BYTES).read_until(b'\n', &mut bytes).map_err(cannot)? > 0 {
        number += 1;
        let text = String::from_utf8_lossy(&bytes);
        match line::read(text.trim_end_matches(['\n', '\r'])) {
            Ok(entry) => {
                chain.step(&entry);
                rows += 1;
            }
            Err(error) => {
                misread += 1;
                if misread <= MOST_LINES {
                    wrong.push(format!("{shown}:{number} is no row of a record: {error}"));
                }
            }
        }
        bytes.clear();
    }
    if rows == 0 && misread > 0 {
        let error = CliError::usage(format!("{shown} holds no record; {}", wrong.last().cloned().unwrap_or_default()));
        return Err(error.hint(format!("`abide audit export -o jsonl={shown}` writes one")));
    }
    if misread > MOST_LINES {
        wrong.push(format!("{} more lines of {shown} are no rows of a record", misread - MOST_LINES));
    }
    Ok(chain.finish(Witness::default()))
}
