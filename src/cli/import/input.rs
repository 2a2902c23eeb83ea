//! What is imported: files, the files of folders, and standard input.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalog::SourceFile;
use crate::cli::{CliError, Exit};
use crate::engine::EngineError;
use crate::git::read_files;

/// A file to import.
#[derive(Debug)]
pub(super) struct Input {
    /// The file as people named it.
    pub shown: Arc<str>,
    /// Where it goes, below the folder that is imported to.
    pub name: String,
    /// Its content.
    pub file: SourceFile,
    /// Whether somebody named it, so that it must not be passed over whatever it is.
    pub named: bool,
}

/// Reads all that is named, in the order of where it goes.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<Input>, CliError> {
    let mut inputs: BTreeMap<String, Input> = BTreeMap::new();
    for path in paths {
        for input in read_path(path)? {
            if let Some(other) = inputs.get(&input.name) {
                let message = format!("{} and {} would both become {}", other.shown, input.shown, input.name);
                return Err(
                    CliError::usage(message).hint("import them one after the other, each with a --to of its own")
                );
            }
            inputs.insert(input.name.clone(), input);
        }
    }
    Ok(inputs.into_values().collect())
}

fn read_path(path: &Path) -> Result<Vec<Input>, CliError> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().take(64 << 20).read_to_end(&mut bytes)?;
        let file = SourceFile::of_bytes(bytes);
        return Ok(vec![Input { shown: "-".into(), name: "stdin.yaml".into(), file, named: true }]);
    }
    let whole = std::path::absolute(path).map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?;
    if !whole.exists() {
        let error = CliError::usage(format!("there is no {}", path.display()));
        return Err(CliError { exit: Exit::NothingMatched, ..error });
    }
    let is_file = whole.is_file();
    let (base, within) = match (is_file, whole.parent(), whole.file_name()) {
        (true, Some(folder), Some(name)) => (folder.to_path_buf(), PathBuf::from(name)),
        _ => (whole, PathBuf::new()),
    };
    let files = read_files(&base, &[within]).map_err(EngineError::from)?;
    let input = |(name, file): (Arc<str>, SourceFile)| {
        let shown = if is_file { path.to_path_buf() } else { path.join(&*name) };
        Input { shown: shown.to_string_lossy().into(), name: spec_name(&name), file, named: is_file }
    };
    // A decision that is Markdown is no service level.
    let wanted = files.into_iter().filter(|(name, _)| is_file || !name.ends_with(".md"));
    Ok(wanted.map(input).collect())
}

/// A name that a spec file may have.
fn spec_name(name: &str) -> String {
    let is_spec = [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
    if is_spec { name.to_owned() } else { format!("{name}.yaml") }
}
