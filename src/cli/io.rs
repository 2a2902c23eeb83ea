//! What a command may touch of the terminal, how it ends, and how it fails.

use std::fmt;
use std::io::{self, Write};

use super::words::shown;

/// Where a command writes.
pub struct Io {
    /// Results.
    pub out: Box<dyn Write>,
    /// Progress and words beside the results.
    pub err: Box<dyn Write>,
    /// Whether results may have colours.
    pub color: bool,
}

/// How a command ended: the codes of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Fine.
    Fine,
    /// Invalid specs, broken rules; with `plan --exit-code`, changes.
    Findings,
    /// A usage, config or internal error.
    Usage,
    /// No specs matched.
    NothingMatched,
    /// Git, the database or the server is out of reach.
    OutOfReach,
    /// Denied.
    Denied,
    /// A conflict, a stale basis or a lost lease.
    Conflict,
    /// Timed out.
    TimedOut,
}

impl Exit {
    /// The code that the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NothingMatched => 3,
            Self::OutOfReach => 4,
            Self::Denied => 5,
            Self::Conflict => 6,
            Self::TimedOut => 7,
        }
    }
}

/// Why a command could not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CliError {
    /// What is wrong.
    pub message: String,
    /// Its code, where `abide explain` says more of it.
    pub code: Option<&'static str>,
    /// How to mend it.
    pub hint: Option<String>,
    /// How the process ends.
    pub exit: Exit,
    /// Whether whoever read the results has gone.
    pub unread: bool,
}

impl CliError {
    /// What was asked for cannot be done as it was written.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None, hint: None, exit: Exit::Usage, unread: false }
    }

    /// Whether whoever read the results has gone.
    pub const fn is_broken_pipe(&self) -> bool {
        self.unread
    }

    /// Says how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for CliError {
    /// The message, and the hint on a line of its own. Lists stand below, with two blanks before each; no other line breaks,
    /// whatever others wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = |text: &str, below: &str| text.split("\n  ").map(shown).collect::<Vec<_>>().join(below);
        f.write_str(&lines(&self.message, "\n  "))?;
        self.hint.iter().try_for_each(|hint| write!(f, "\n  = help: {}", lines(hint, "\n      ")))
    }
}

impl From<io::Error> for CliError {
    /// Results that cannot be written are an internal error; who reads them may have gone.
    fn from(error: io::Error) -> Self {
        let unread = error.kind() == io::ErrorKind::BrokenPipe;
        Self { unread, ..Self::usage(format!("the result could not be written: {error}")) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Keeps what is written to it.
    #[derive(Clone, Default)]
    pub(crate) struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Kept {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Runs a command and gives how it ended with what it wrote to `out`.
    pub(crate) fn run<E>(command: impl FnOnce(&mut Io) -> Result<Exit, E>) -> Result<(Exit, String), E> {
        let out = Kept::default();
        let mut io = Io { out: Box::new(out.clone()), err: Box::new(io::sink()), color: false };
        command(&mut io).map(|exit| (exit, out.text()))
    }

    #[test]
    fn an_error_says_how_to_mend_it() {
        let error = CliError::usage("no kind is called `rol`").hint("did you mean `role`?");
        assert_eq!(error.to_string(), "no kind is called `rol`\n  = help: did you mean `role`?");
        assert_eq!((error.exit.code(), Exit::Fine.code(), Exit::TimedOut.code()), (2, 0, 7));
    }
}
