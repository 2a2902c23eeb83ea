//! The peers of `validate`, had from their registries into `target/bench/peers`; the schemas are Abide's own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::corpus::KINDS;
use crate::measure::{Cost, run};

/// The programs, each with why it is missing where it is.
pub(crate) struct Peers {
    /// sourcemeta's `jsonschema`, in C++.
    pub(crate) sourcemeta: Result<PathBuf, String>,
    /// `check-jsonschema`, in Python.
    pub(crate) check_jsonschema: Result<PathBuf, String>,
    schemas: PathBuf,
}

impl Peers {
    /// Finds them, or has them installed.
    pub(crate) fn find(folder: &Path, abide: &Path) -> Self {
        let schemas = folder.join("schemas");
        fs::create_dir_all(&schemas).unwrap();
        for (_, kind) in KINDS {
            let output = Command::new(abide).args(["schema", kind]).output().unwrap();
            assert!(output.status.success(), "abide schema {kind}: {}", String::from_utf8_lossy(&output.stderr));
            fs::write(schemas.join(format!("{kind}.json")), output.stdout).unwrap();
        }
        Self { sourcemeta: sourcemeta(folder), check_jsonschema: check_jsonschema(folder), schemas }
    }

    fn schema(&self, kind: &str) -> String {
        self.schemas.join(format!("{kind}.json")).display().to_string()
    }

    /// What it costs sourcemeta's to check every spec of a corpus, one process for each kind.
    pub(crate) fn run_sourcemeta(&self, program: &Path, corpus: &Path) -> Cost {
        let each = KINDS.map(|(place, kind)| {
            let arguments = ["validate".into(), "--fast".into(), self.schema(kind), format!("specs/{place}")];
            run(corpus, program, &arguments)
        });
        each.into_iter().reduce(Cost::and).unwrap_or_default()
    }

    /// What it costs check-jsonschema to check the first so many specs of each kind, and how many that were in all.
    pub(crate) fn run_check_jsonschema(&self, program: &Path, corpus: &Path, most: usize) -> (Cost, usize) {
        let mut count = 0;
        let each = KINDS.map(|(place, kind)| {
            let mut files = below(&corpus.join("specs").join(place));
            files.sort();
            files.truncate(most);
            count += files.len();
            let schema = ["--schemafile".to_owned(), self.schema(kind)];
            let arguments: Vec<String> =
                schema.into_iter().chain(files.iter().map(|file| file.display().to_string())).collect();
            run(corpus, program, &arguments)
        });
        (each.into_iter().reduce(Cost::and).unwrap_or_default(), count)
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(below(&path)) } else { files.push(path) }
    }
    files
}

fn sourcemeta(folder: &Path) -> Result<PathBuf, String> {
    // The script that npm links to starts the program through node: the program itself is what is measured.
    let package = folder.join("node_modules/@sourcemeta/jsonschema");
    if !package.exists() {
        let prefix = folder.display().to_string();
        install("npm", &["install", "--no-audit", "--no-fund", "--prefix", &prefix, "@sourcemeta/jsonschema"])?;
    }
    let machine = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let name = format!("jsonschema-{system}-{machine}");
    let program = below(&package).into_iter().find(|path| path.file_name().is_some_and(|file| *file == *name));
    let program = program.ok_or_else(|| format!("the package has no program for {system} on {machine}"))?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).map_err(|error| error.to_string())?;
    Ok(program)
}

fn check_jsonschema(folder: &Path) -> Result<PathBuf, String> {
    let venv = folder.join("venv");
    let program = venv.join("bin/check-jsonschema");
    if !program.exists() {
        install("python3", &["-m", "venv", &venv.display().to_string()])?;
        install(&venv.join("bin/pip").display().to_string(), &["install", "--quiet", "check-jsonschema"])?;
    }
    if program.exists() { Ok(program) } else { Err("it was installed without its program".into()) }
}

fn install(program: &str, arguments: &[&str]) -> Result<(), String> {
    eprintln!("  installing a peer: {program} {}", arguments.join(" "));
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("`{program}` cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.trim().lines().last().unwrap_or_default();
    Err(format!("`{program} {}` failed: {last}", arguments.join(" ")))
}
