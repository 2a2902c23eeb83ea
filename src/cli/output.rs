//! `-o FORMAT[=PATH]`: what a run writes, and where.

use std::io::Write;
use std::path::PathBuf;
use std::str::FromStr;

use super::{CliError, Io};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// At a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Whether to colour a stream.
    pub(super) fn for_stream(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

/// A format and where to write it; standard output unless given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output<F> {
    /// The format.
    pub format: F,
    /// The file.
    pub path: Option<PathBuf>,
}

impl<F: FromStr<Err = String>> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = match text.split_once('=') {
            Some((_, "")) => return Err("the path after `=` is empty".into()),
            Some((format, path)) => (format, Some(PathBuf::from(path))),
            None => (text, None),
        };
        Ok(Self { format: format.parse()?, path })
    }
}

/// Makes sure that every file can be written, before anything is done that it is to tell of.
pub(super) fn check<F>(outputs: &[Output<F>]) -> Result<(), CliError> {
    for path in outputs.iter().filter_map(|output| output.path.as_ref()) {
        let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
        opened.map_err(|error| CliError::usage(format!("cannot write {}: {error}", path.display())))?;
    }
    Ok(())
}

/// Writes each output where it belongs. Only standard output has colours.
pub(super) fn write_all<F: Copy>(
    outputs: &[Output<F>],
    default: F,
    io: &mut Io,
    mut write: impl FnMut(F, bool, &mut dyn Write) -> std::io::Result<()>,
) -> Result<(), CliError> {
    if outputs.is_empty() {
        return Ok(write(default, io.color, &mut *io.out)?);
    }
    if outputs.iter().filter(|output| output.path.is_none()).count() > 1 {
        let error = CliError::usage("two outputs go to standard output, where they would mix");
        return Err(error.hint("give all but one a file: -o json=report.json"));
    }
    for Output { format, path } in outputs {
        match path {
            None => write(*format, io.color, &mut *io.out)?,
            Some(path) => {
                let mut text = Vec::new();
                write(*format, false, &mut text)?;
                std::fs::write(path, text)
                    .map_err(|error| CliError::usage(format!("cannot write {}: {error}", path.display())))?;
            }
        }
    }
    Ok(())
}
