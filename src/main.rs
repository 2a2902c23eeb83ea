//! The program: hands its arguments to the library and ends with its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(abide::cli::main(std::env::args_os()))
}
