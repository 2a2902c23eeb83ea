//! The organisation, the corpus and the documents that lie beside this repository where it is developed. Elsewhere they are
//! absent, and these tests say so and do nothing.

mod adr;
mod agency;
mod corpus;
mod openslo;

use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder or file beside the repository; nothing where it is absent.
fn shared(path: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        root.ancestors().skip(1).take(2).map(|folder| folder.join("shared").join(path)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("SKIPPED: there is no shared/{path} beside this repository");
    }
    found
}

/// Runs a Python script; says so and gives nothing where there is no Python.
fn python(script: &Path, arguments: &[&str]) -> Option<String> {
    match Command::new("python3").arg(script).args(arguments).output() {
        Err(error) => {
            eprintln!("SKIPPED: python3 cannot be run: {error}");
            None
        }
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
    }
}
