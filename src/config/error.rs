//! A mistake in `abide.toml`.

use std::fmt;
use std::ops::Range;

/// A mistake in `abide.toml` or in an override of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// Where.
    pub place: ConfigPlace,
    /// What is wrong.
    pub what: String,
    /// How to mend it.
    pub fix: Option<String>,
}

/// Where a mistake is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigPlace {
    /// In the file, both from 1; columns count characters.
    File {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// In an override of this key.
    Override(String),
    /// Nowhere: something is missing.
    Absent,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            ConfigPlace::File { line, column } => write!(f, "abide.toml:{line}:{column}: ")?,
            ConfigPlace::Override(key) => write!(f, "--set {key}: ")?,
            ConfigPlace::Absent => f.write_str("abide.toml: ")?,
        }
        f.write_str(&self.what)?;
        self.fix.iter().try_for_each(|fix| write!(f, "; {fix}"))
    }
}

/// A mistake by bytes, before it is known whose they are.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Option<Range<usize>>,
    pub(super) what: String,
    pub(super) fix: Option<String>,
}

impl Fault {
    pub(super) fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        Self { span: Some(span), what: what.into(), fix: None }
    }

    pub(super) fn absent(what: impl Into<String>) -> Self {
        Self { span: None, what: what.into(), fix: None }
    }

    pub(super) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}
