//! Documents that cannot be read as they are, as lists tell them to programs.

use serde::Serialize;

use crate::catalog::UnreadSpec;

/// One of them.
#[derive(Serialize)]
pub(super) struct UnreadWire<'a> {
    spec: Option<String>,
    file: &'a str,
    line: u32,
    message: &'a str,
    kept: bool,
}

impl<'a> UnreadWire<'a> {
    /// What is told of one.
    pub(super) fn of(unread: &'a UnreadSpec) -> Self {
        Self {
            spec: unread.spec.as_ref().map(ToString::to_string),
            file: &unread.file,
            line: unread.line,
            message: &unread.message,
            kept: unread.kept,
        }
    }
}
