//! What the daemon says of itself, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::{CliError, Global};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Sends log lines to standard error: information unless told to say less or more, or as `ABIDE_LOG` filters.
///
/// # Errors
/// When `ABIDE_LOG` is no filter.
pub(super) fn start(global: &Global, format: LogFormat) -> Result<(), CliError> {
    let level = match (global.quiet, global.verbose) {
        (2.., _) => "error",
        (1, _) => "warn",
        (0, 0) => "info",
        (0, 1) => "debug",
        (0, _) => "trace",
    };
    let filter = match std::env::var("ABIDE_LOG") {
        Ok(filter) => EnvFilter::try_new(&filter).map_err(|error| {
            CliError::usage(format!("ABIDE_LOG is no filter: {error}")).hint("for instance abide=debug")
        })?,
        Err(_) => EnvFilter::new(format!("warn,abide={level}")),
    };
    let color = global.color.for_stream(std::io::stderr().is_terminal());
    let lines = tracing_subscriber::fmt()
        .with_ansi(color)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    let started = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    started.map_err(|error| CliError::usage(format!("logging cannot be started: {error}")))
}
