//! stub
use super::*;
/// stub
#[derive(Debug, clap::Args)]
pub struct Args {}
/// stub
pub fn run(_: &Args, _: &Global, _: &mut Io) -> Result<Exit, CliError> {
    Ok(Exit::Usage)
}
