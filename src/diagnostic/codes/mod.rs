//! The registry of codes: every finding has one, and `abide explain` prints what stands here.

mod adr;
mod agent;
mod approval;
mod assignment;
mod decision;
mod denial;
mod drift;
mod markdown;
mod reference;
mod slo;
mod spec;
mod yaml;

pub use adr::*;
pub use agent::*;
pub use approval::*;
pub use assignment::*;
pub use decision::*;
pub use denial::denial;
pub use drift::{DriftText, drift};
pub use markdown::*;
pub use reference::*;
pub use slo::*;
pub use spec::*;
pub use yaml::*;

use super::Level;

/// One code: what it means, an example, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stable code: `reference/unknown`.
    pub code: &'static str,
    /// How much it matters unless `--strict` says otherwise.
    pub level: Level,
    /// What it means, in a sentence or a few.
    pub means: &'static str,
    /// YAML that gets it.
    pub example: &'static str,
    /// How to mend it.
    pub mend: &'static str,
}

/// Defines the codes of one family and lists them.
macro_rules! entries {
    ($list:ident: $($name:ident $code:literal $level:ident { $means:literal $example:literal $mend:literal })+) => {
        $(
            #[doc = $means]
            pub static $name: $crate::diagnostic::Entry = $crate::diagnostic::Entry {
                code: $code,
                level: $crate::diagnostic::Level::$level,
                means: $means,
                example: $example,
                mend: $mend,
            };
        )+
        /// The codes of this family.
        pub static $list: &[&$crate::diagnostic::Entry] = &[$(&$name),+];
    };
}
pub(crate) use entries;

/// Every code, by family.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [YAML, SPEC, MARKDOWN, REFERENCE, SLO, DECISION, ADR, AGENT, ASSIGNMENT, APPROVAL].into_iter().flatten().copied()
}

/// The entry of that code, if any.
pub fn find(code: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.code == code)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_code_is_said_once_and_explained() {
        let mut codes: Vec<_> = super::all().map(|entry| entry.code).collect();
        codes.sort_unstable();
        codes.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
        for entry in super::all() {
            let texts = [entry.means, entry.example, entry.mend];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", entry.code);
        }
    }
}
