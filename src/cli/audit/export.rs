//! The record as lines of JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::str::FromStr;

use super::{line, walk};
use crate::cli::output::Output;
use crate::cli::setup::Access;
use crate::cli::{CliError, Exit, Global, Io, Setup};
use crate::engine::Handle;
use crate::model::Timestamp;
use crate::store::audit::{Extract, Head};

/// Writes the record as JSON Lines, one row a line, with all that it takes to verify it without Abide.
///
/// `docs/audit.md` says what the hashes are over. A row is written from --since on if it or one before it is of that time or
/// later, so that what is written is never without a row in its middle.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Begins with the first row of this time or later: 2026-03-02T10:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub since: Option<Timestamp>,
    /// Ends with the last row of this time or earlier.
    #[arg(long, value_name = "TIME")]
    pub until: Option<Timestamp>,
    /// What to write: jsonl, with =PATH to a file.
    #[arg(short, long, value_name = "FORMAT[=PATH]", default_value = "jsonl")]
    pub output: Output<Format>,
}

/// How to write the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    JsonLines,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "jsonl" => Ok(Self::JsonLines),
            _ => Err(format!("no format is called `{word}`; the format here is jsonl")),
        }
    }
}

pub(super) fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let path = args.output.path.as_deref();
    let cannot = |error: std::io::Error| match path {
        Some(path) => CliError::usage(format!("cannot write {}: {error}", path.display())),
        None => CliError::from(error),
    };
    let mut file = path.map(File::create).transpose().map_err(cannot)?.map(BufWriter::new);
    let out: &mut dyn Write = match &mut file {
        Some(file) => file,
        None => &mut io.out,
    };
    let written = setup.with_engine(Access::Read, |handle| async move {
        let written = write(&handle, args, &mut |entry| line::write(entry, out).map_err(cannot)).await?;
        out.flush().map_err(cannot)?;
        Ok(written)
    })?;
    let said = match written {
        None => "no row of the record is of that time".to_owned(),
        Some((from, Head { seq, hash })) => format!("wrote rows {from} to {seq}; the last one has the hash {hash}"),
    };
    // Standard output is for the rows, where they go there.
    match path {
        Some(path) => writeln!(io.out, "{said} ({})", path.display())?,
        None => writeln!(io.err, "{said}")?,
    }
    Ok(Exit::Fine)
}

type Row<'a> = dyn FnMut(&crate::store::audit::Entry) -> Result<(), CliError> + 'a;

/// Writes all rows that are asked for, and says which that were.
async fn write(handle: &Handle, args: &Args, row: &mut Row<'_>) -> Result<Option<(i64, Head)>, CliError> {
    let (mut after, mut last) = (None, i64::MAX);
    if args.since.is_some() {
        let page = handle.audit(Extract { since: args.since, most: 1, ..Extract::default() }).await?;
        let Some(first) = page.rows.first() else { return Ok(None) };
        after = first.seq.checked_sub(1);
    }
    if args.until.is_some() {
        let wanted = Extract { until: args.until, newest: true, most: 1, ..Extract::default() };
        let page = handle.audit(wanted).await?;
        let Some(end) = page.rows.last() else { return Ok(None) };
        last = end.seq;
    }
    let mut written: Option<(i64, Head)> = None;
    walk(handle, after, |entry| {
        if entry.seq > last {
            return Ok(false);
        }
        row(entry)?;
        let from = written.as_ref().map_or(entry.seq, |(from, _)| *from);
        written = Some((from, entry.head()));
        Ok(true)
    })
    .await?;
    Ok(written)
}
