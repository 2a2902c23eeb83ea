//! Colours, where they are wanted.

use crate::model::{Action, Severity};

/// Colours, where they are wanted.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    /// Whether they are.
    pub color: bool,
}

impl Paint {
    fn with(self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    const fn of(color: anstyle::AnsiColor) -> anstyle::Style {
        color.on_default()
    }

    /// For what matters less.
    pub(super) fn dim(self, text: &str) -> String {
        self.with(anstyle::Style::new().dimmed(), text)
    }

    /// For what is well.
    pub(super) fn good(self, text: &str) -> String {
        self.with(Self::of(anstyle::AnsiColor::Green).bold(), text)
    }

    /// For what needs a look.
    pub(super) fn warn(self, text: &str) -> String {
        self.with(Self::of(anstyle::AnsiColor::Yellow), text)
    }

    /// For what cannot be told.
    pub(super) fn unsure(self, text: &str) -> String {
        self.with(Self::of(anstyle::AnsiColor::Magenta), text)
    }

    /// For names.
    pub(super) fn bold(self, text: &str) -> String {
        self.with(anstyle::Style::new().bold(), text)
    }

    /// By severity.
    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        match severity {
            Severity::Critical => self.with(Self::of(anstyle::AnsiColor::Red).bold(), text),
            Severity::High => self.with(Self::of(anstyle::AnsiColor::Red), text),
            Severity::Medium => self.with(Self::of(anstyle::AnsiColor::Yellow), text),
            Severity::Low => text.to_owned(),
        }
    }

    /// By what a step does.
    pub(super) fn action(self, action: &Action, text: &str) -> String {
        match action {
            Action::Close(_) => self.good(text),
            Action::Open | Action::Reopen { .. } => self.warn(text),
            Action::Update | Action::Assign(_) => text.to_owned(),
        }
    }
}
