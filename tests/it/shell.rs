//! Commands as people paste them, run by a shell in a folder of their own.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A shell whose working directory lasts from one command to the next.
pub(crate) struct Shell {
    folder: tempfile::TempDir,
    here: PathBuf,
}

impl Shell {
    /// In an empty folder.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().canonicalize().unwrap();
        Self { folder, here }
    }

    /// The folder that it began in.
    pub(crate) fn start(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Runs a line and gives its output and the code that it ended with.
    pub(crate) fn run(&mut self, line: &str) -> (String, i32) {
        if line == "abide run" {
            return (self.daemon(), 0);
        }
        let script = format!("{line}\ncode=$?\npwd >{}\nexit $code", self.note().display());
        let Output { status, stdout, stderr } = self.command("sh").args(["-c", &script]).output().unwrap();
        if let Ok(here) = std::fs::read_to_string(self.note()) {
            self.here = PathBuf::from(here.trim_end());
        }
        let text = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (text, status.code().unwrap_or(-1))
    }

    fn note(&self) -> PathBuf {
        self.folder.path().join(".here")
    }

    fn command(&self, program: &str) -> Command {
        let own = Path::new(env!("CARGO_BIN_EXE_abide")).parent().unwrap();
        let path = std::env::join_paths(
            std::iter::once(own.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let mut command = Command::new(program);
        command.current_dir(&self.here).env("PATH", path.unwrap()).env("NO_COLOR", "1").stdin(Stdio::null());
        for (name, value) in [("NAME", "You"), ("EMAIL", "you@example.com")] {
            command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ABIDE_")) {
            command.env_remove(name);
        }
        command
    }

    /// Starts the daemon, waits until it runs, and has it end.
    fn daemon(&self) -> String {
        let mut abide = self.command("abide").arg("run").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut log = BufReader::new(abide.stderr.take().unwrap());
        while !said.contains("abide runs") && log.read_line(&mut said).unwrap() > 0 {}
        let told = Command::new("kill").arg(abide.id().to_string()).status().unwrap();
        let ended = abide.wait().unwrap();
        assert!(told.success() && ended.success() && said.contains("abide runs"), "{ended}: {said}");
        said
    }
}
