//! The command line: one file a command, whose doc comment is its help text.

pub mod explain;
pub mod init;
mod io;
pub mod new;
pub mod schema;

pub use io::{CliError, Exit, Io};

use crate::diagnostic::nearest;
use crate::model::Kind;

/// The kind of that name: as `kind:` writes it or as references do, in any case, with hyphens or without.
pub(crate) fn kind(word: &str) -> Option<Kind> {
    let word = word.to_lowercase().replace(['-', '_'], "");
    Kind::from_word(&word)
}

/// That there is no such kind, and which was meant.
pub(crate) fn no_kind(word: &str) -> CliError {
    let error = CliError::usage(format!("no kind is called `{word}`"));
    match nearest(word, Kind::ALL.iter().map(|kind| kind.word())) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => {
            let titles: Vec<&str> = Kind::ALL.iter().map(|kind| kind.title()).collect();
            error.hint(format!("the kinds are {}", titles.join(", ")))
        }
    }
}
