//! One finding about a spec.

use std::sync::Arc;

use super::{Edit, Entry, Span};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something that a maintainer may want to know.
    Info,
    /// Accepted, but not as it should be. `--strict` makes it an error.
    Warning,
    /// The document cannot be used.
    Error,
}

impl Level {
    /// As reports write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A finding within one file, before it is known which file that is.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What kind of finding: its stable code and explanation.
    pub entry: &'static Entry,
    /// How much it matters.
    pub level: Level,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to say right under the place.
    pub label: Option<String>,
    /// What is expected, or why.
    pub help: Option<String>,
    /// What to write instead.
    pub fix: Option<String>,
    /// The same exactly, where mending is mechanical.
    pub edits: Vec<Edit>,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
}

/// Another place that has to do with a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// The file.
    pub file: Arc<str>,
    /// Where in it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// A finding and the file that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The file, from the root of the tree.
    pub file: Arc<str>,
    /// The spec, as far as its head could be read.
    pub spec: Option<Arc<str>>,
    /// The finding.
    pub problem: Problem,
}

impl Problem {
    /// A finding of the level that the registry gives its code.
    pub fn new(entry: &'static Entry, span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            entry,
            level: entry.level,
            message,
            span,
            label: None,
            help: None,
            fix: None,
            edits: Vec::new(),
            related: Vec::new(),
        }
    }

    /// Says something right under the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says what is expected, or why.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Says exactly what to write instead of a piece of a file.
    #[must_use]
    pub fn edit(mut self, file: Arc<str>, span: Span, text: impl Into<String>) -> Self {
        self.edits.push(Edit { file, span, text: text.into() });
        self
    }

    /// Points to another place.
    #[must_use]
    pub fn related(mut self, file: Arc<str>, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { file, span, message: message.into() });
        self
    }

    /// Offers the candidate nearest to what was written, under the place and as the fix.
    #[must_use]
    pub fn did_you_mean<'a>(self, written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, candidates) {
            Some(near) => self.label(format!("did you mean `{near}`?")).fix(format!("use `{near}`")),
            None => self,
        }
    }
}

/// The candidate nearest to what was written, where one is near enough to be meant.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let distance = |candidate: &str| strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
    let near = candidates.into_iter().map(|candidate| (distance(candidate), candidate)).min()?;
    (near.0 <= written.chars().count() / 3 + usize::from(written.len() > 1)).then_some(near.1)
}
