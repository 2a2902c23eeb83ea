//! `abide new`.

use std::io::Write as _;
use std::path::PathBuf;

use super::{CliError, Exit, Io, kind, no_kind};
use crate::model::{Kind, Name};

/// Print a spec of a kind with every field explained, ready to be changed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The kind, such as Decision or approvalpolicy.
    pub kind: String,
    /// Its name: lower-case letters, digits and hyphens.
    pub name: String,
    /// Write it to `specs/<kinds>/NAME.yaml` instead. A file that is there already is never touched.
    #[arg(long)]
    pub write: bool,
}

/// Runs the command.
///
/// # Errors
/// When there is no such kind, the name is none, or the file is there already or cannot be written.
pub fn run(args: &Args, io: &mut Io) -> Result<Exit, CliError> {
    let kind = kind(&args.kind).ok_or_else(|| no_kind(&args.kind))?;
    let name: Name = args.name.parse().map_err(|error: crate::model::NameError| {
        let slug = Name::slug(&args.name);
        let error = CliError::usage(error.to_string());
        if slug.as_str().is_empty() { error } else { error.hint(format!("use `{slug}`")) }
    })?;
    let text = template(kind, &name);
    if args.write {
        let path = PathBuf::from("specs").join(folder(kind)).join(format!("{name}.yaml"));
        write(&path, &text)?;
        writeln!(io.out, "created {}", path.display())?;
    } else {
        io.out.write_all(text.as_bytes())?;
    }
    Ok(Exit::Fine)
}

/// A spec of that kind and name, every field explained.
pub fn template(kind: Kind, name: &Name) -> String {
    raw(kind).lines().map(|line| named(line, name.as_str()) + "\n").collect()
}

/// A line with the name in it. A comment behind it stays in its column, as far as the name leaves room.
fn named(line: &str, name: &str) -> String {
    match line.rfind("  # ").filter(|&at| line.get(..at).is_some_and(|before| before.contains("NAME"))) {
        None => line.replace("NAME", name),
        Some(at) => {
            let (before, comment) = line.split_at(at + 2);
            let before = before.trim_end().replace("NAME", name);
            format!("{before:at$}  {}", comment.replace("NAME", name))
        }
    }
}

/// Writes a file that is not there yet, with the folders above it.
fn write(path: &std::path::Path, text: &str) -> Result<(), CliError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => CliError::usage(format!("{} is there already", path.display()))
            .hint("choose another name, or change that file; without --write the spec is only printed"),
        _ => CliError::usage(format!("{} could not be written: {error}", path.display())),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// The folder of a kind's specs under `specs/`: its word in the plural.
fn folder(kind: Kind) -> String {
    let word = kind.word();
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{word}s"),
    }
}

const fn raw(kind: Kind) -> &'static str {
    match kind {
        Kind::Slo => include_str!("templates/slo.yaml"),
        Kind::Sli => include_str!("templates/sli.yaml"),
        Kind::Service => include_str!("templates/service.yaml"),
        Kind::DataSource => include_str!("templates/datasource.yaml"),
        Kind::AlertPolicy => include_str!("templates/alertpolicy.yaml"),
        Kind::AlertCondition => include_str!("templates/alertcondition.yaml"),
        Kind::AlertNotificationTarget => include_str!("templates/alertnotificationtarget.yaml"),
        Kind::ErrorBudgetPolicy => include_str!("templates/errorbudgetpolicy.yaml"),
        Kind::Decision => include_str!("templates/decision.yaml"),
        Kind::Repository => include_str!("templates/repository.yaml"),
        Kind::Role => include_str!("templates/role.yaml"),
        Kind::Agent => include_str!("templates/agent.yaml"),
        Kind::Assignment => include_str!("templates/assignment.yaml"),
        Kind::AgentPool => include_str!("templates/agentpool.yaml"),
        Kind::ApprovalPolicy => include_str!("templates/approvalpolicy.yaml"),
        Kind::Approval => include_str!("templates/approval.yaml"),
        Kind::Waiver => include_str!("templates/waiver.yaml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::io::tests::run as capture;

    fn args(kind: &str, name: &str) -> Args {
        Args { kind: kind.into(), name: name.into(), write: false }
    }

    #[test]
    fn every_template_is_a_spec_of_its_kind_without_errors() {
        for &kind in Kind::ALL {
            let (_, text) = capture(|io| run(&args(kind.title(), "first-one"), io)).unwrap();
            assert!(!text.contains("NAME"), "{kind}");
            let parsed = crate::yaml::parse(&text);
            assert_eq!(parsed.problems, [], "{kind}");
            assert_eq!(parsed.documents.len(), 1, "{kind}");
            let document = crate::kinds::read(&parsed.documents[0], &"new.yaml".into(), &text.as_str().into());
            assert_eq!(document.problems, [], "{kind}");
            let id = document.id().map(ToString::to_string);
            assert_eq!(id, Some(format!("{}/first-one", kind.word())));
        }
    }

    #[test]
    fn a_kind_may_be_written_in_any_case() {
        for word in ["ApprovalPolicy", "approvalpolicy", "APPROVALPOLICY", "approval-policy"] {
            assert!(capture(|io| run(&args(word, "a"), io)).is_ok(), "{word}");
        }
        let error = capture(|io| run(&args("descision", "a"), io)).unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `decision`?"));
    }

    #[test]
    fn a_wrong_name_gets_a_right_one() {
        let error = capture(|io| run(&args("role", "Use Postgres"), io)).unwrap_err();
        assert_eq!((error.exit, error.hint.as_deref()), (Exit::Usage, Some("use `use-postgres`")));
    }

    #[test]
    fn a_file_that_is_there_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("specs/roles/qa.yaml");
        write(&path, "first").unwrap();
        assert_eq!(write(&path, "second").unwrap_err().exit, Exit::Usage);
        assert_eq!(std::fs::read_to_string(path).unwrap(), "first");
    }
}
