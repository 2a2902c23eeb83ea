//! `abide init`.

mod files;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{CliError, Exit, Io};
use files::File;

/// Make a folder a spec repository: example specs, abide.toml, a CI job and a pre-commit hook.
///
/// Safe to run twice: a file that is there already is kept as it is.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder; the working directory where none is given.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// For which service to write a CI job.
    #[arg(long, value_enum, default_value_t = Ci::Github)]
    pub ci: Ci,
}

/// Where the CI job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
    /// Nowhere.
    None,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Created,
    Kept,
    Extended,
}

impl Fate {
    const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Kept => "kept",
            Self::Extended => "extended",
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When a file cannot be written. What was written before stays, and the next run goes on from there.
pub fn run(args: &Args, io: &mut Io) -> Result<Exit, CliError> {
    for file in files::of(args.ci) {
        let fate = place(&args.dir, &file, &branch(&args.dir))
            .map_err(|error| CliError::usage(format!("{}: {error}", args.dir.join(file.path).display())))?;
        writeln!(io.out, "{:8}  {}", fate.word(), file.path)?;
    }
    io.out.write_all(next_steps(args).as_bytes())?;
    Ok(Exit::Fine)
}

fn place(dir: &Path, file: &File, branch: &str) -> std::io::Result<Fate> {
    let path = dir.join(file.path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // What must not exist cannot be a link that leads out of the folder either.
    match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut created) => {
            created.write_all(file.text.replace("BRANCH", branch).as_bytes())?;
            if file.runs {
                make_executable(&created)?;
            }
            Ok(Fate::Created)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match file.line {
            Some(line) => extend(&path, line, file.text),
            None => Ok(Fate::Kept),
        },
        Err(error) => Err(error),
    }
}

/// Adds the text to the end of a file, unless the line is in it already.
fn extend(path: &Path, line: &str, text: &str) -> std::io::Result<Fate> {
    let before = fs::read_to_string(path)?;
    if before.lines().any(|there| there.trim() == line) {
        return Ok(Fate::Kept);
    }
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    fs::OpenOptions::new().append(true).open(path)?.write_all(format!("{gap}{text}").as_bytes())?;
    Ok(Fate::Extended)
}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode();
    // Whoever may read it may run it.
    file.set_permissions(fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

#[cfg(not(unix))]
fn make_executable(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The branch that the folder's repository is on, or `main`.
fn branch(dir: &Path) -> String {
    let head = fs::read_to_string(dir.join(".git/HEAD")).unwrap_or_default();
    let name = head.trim().strip_prefix("ref: refs/heads/").unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if !name.is_empty() && name.chars().all(plain) { name.to_owned() } else { "main".to_owned() }
}

fn next_steps(args: &Args) -> String {
    let mut steps: Vec<(String, &str)> = Vec::new();
    if args.dir != Path::new(".") {
        steps.push((format!("cd {}", args.dir.display()), ""));
    }
    if !args.dir.join(".git").exists() {
        steps.push(("git init".into(), "unless the folder is in a repository already"));
    }
    steps.push(("git config core.hooksPath .githooks".into(), "checks the specs before every commit"));
    steps.push(("abide validate".into(), "checks them now"));
    steps.push(("git add . && git commit -m 'Specs'".into(), "what counts is what is committed"));
    steps.push(("abide plan".into(), "shows which tasks Abide would open, and why"));
    let wide = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let lines: String = steps
        .iter()
        .map(|(command, why)| match *why {
            "" => format!("  {command}\n"),
            why => format!("  {command:wide$}  # {why}\n"),
        })
        .collect();
    format!("\nNext:\n{lines}\nChange the examples under specs/, and add your own: abide new KIND NAME\n")
}
