//! `abide completions` and `abide man`.

use clap::CommandFactory;

use super::{Cli, CliError, Exit, Io};

/// Writes the completions of a shell.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Writes the manual page.
#[derive(Debug, clap::Args)]
pub struct ManArgs {}

/// Runs `abide completions`.
///
/// # Errors
/// When the result cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<Exit, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "abide", &mut text);
    io.out.write_all(&text)?;
    Ok(Exit::Fine)
}

/// Runs `abide man`.
///
/// # Errors
/// When the result cannot be written.
pub fn man(_: &ManArgs, io: &mut Io) -> Result<Exit, CliError> {
    clap_mangen::Man::new(Cli::command()).render(&mut io.out)?;
    Ok(Exit::Fine)
}
