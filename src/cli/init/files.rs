//! The files of a new spec repository.

use super::Ci;

/// One file.
#[derive(Debug, Clone, Copy)]
pub(super) struct File {
    /// Where, seen from the folder.
    pub path: &'static str,
    /// What stands in it; `BRANCH` stands for the branch that counts.
    pub text: &'static str,
    /// Whether it is a program.
    pub runs: bool,
    /// The line that matters: where the file is there without it, the text is added to its end.
    pub line: Option<&'static str>,
}

const fn file(path: &'static str, text: &'static str) -> File {
    File { path, text, runs: false, line: None }
}

const ALWAYS: [File; 10] = [
    file("abide.toml", include_str!("../templates/init/abide.toml")),
    file("specs/roles.yaml", include_str!("../templates/init/roles.yaml")),
    file("specs/agents.yaml", include_str!("../templates/init/agents.yaml")),
    file("specs/assignments.yaml", include_str!("../templates/init/assignments.yaml")),
    file("specs/approvals.yaml", include_str!("../templates/init/approvals.yaml")),
    file("specs/decisions.yaml", include_str!("../templates/init/decisions.yaml")),
    file("specs/slos.yaml", include_str!("../templates/init/slos.yaml")),
    File { runs: true, ..file(".githooks/pre-commit", include_str!("../templates/init/pre-commit")) },
    file(".abideignore", include_str!("../templates/init/abideignore")),
    File { line: Some(".abide/"), ..file(".gitignore", include_str!("../templates/init/gitignore")) },
];

/// The files for a repository whose CI runs there.
pub(super) fn of(ci: Ci) -> Vec<File> {
    let job = match ci {
        Ci::Github => Some(file(".github/workflows/abide.yml", include_str!("../templates/init/github.yml"))),
        Ci::Gitlab => Some(file(".gitlab-ci.yml", include_str!("../templates/init/gitlab.yml"))),
        Ci::None => None,
    };
    ALWAYS.into_iter().chain(job).collect()
}
