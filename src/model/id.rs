//! What a spec is called.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// An RFC 1123 label: lower-case letters, digits and inner hyphens, at most 63 of them. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name: use lower-case letters, digits and hyphens, starting and ending with a letter or digit, at most 63"
)]
pub struct NameError(pub String);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A text made a name by force: what is no letter or digit becomes a hyphen.
    pub fn slug(text: &str) -> Self {
        let lower: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .take(63)
            .collect();
        Self(lower.trim_matches('-').into())
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = text.as_bytes();
        let ends = bytes.first().copied().is_some_and(letter) && bytes.last().copied().is_some_and(letter);
        if ends && bytes.len() <= 63 && bytes.iter().all(|&b| letter(b) || b == b'-') {
            Ok(Self(text.into()))
        } else {
            Err(NameError(text.to_owned()))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $word:literal $api:ident),+ $(,)?) => {
        /// The kinds of spec. The order is the order of the documentation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $kind),+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),+];

            /// As `kind:` writes it: `ApprovalPolicy`.
            pub const fn title(self) -> &'static str {
                match self { $(Kind::$kind => kinds!(@title $kind $word)),+ }
            }

            /// As a reference writes it: `approvalpolicy`.
            pub const fn word(self) -> &'static str {
                match self { $(Kind::$kind => $word),+ }
            }

            /// The `apiVersion` that a document of this kind carries.
            pub const fn api_version(self) -> &'static str {
                match self { $(Kind::$kind => kinds!(@api $api)),+ }
            }
        }
    };
    (@title Slo $word:literal) => { "SLO" };
    (@title Sli $word:literal) => { "SLI" };
    (@title $kind:ident $word:literal) => { stringify!($kind) };
    (@api abide) => { "abide.dev/v1" };
    (@api openslo) => { "openslo/v1" };
}

kinds! {
    /// A service level objective.
    Slo "slo" openslo,
    /// A service level indicator that several objectives may share.
    Sli "sli" openslo,
    /// What a service level speaks of.
    Service "service" openslo,
    /// Where an indicator gets its numbers.
    DataSource "datasource" openslo,
    /// When to alert on an objective.
    AlertPolicy "alertpolicy" openslo,
    /// One condition of an alert policy.
    AlertCondition "alertcondition" openslo,
    /// Whom an alert reaches.
    AlertNotificationTarget "alertnotificationtarget" openslo,
    /// What happens as an error budget goes.
    ErrorBudgetPolicy "errorbudgetpolicy" abide,
    /// An architecture decision.
    Decision "decision" abide,
    /// A code repository as evidence.
    Repository "repository" abide,
    /// What somebody may be responsible for.
    Role "role" abide,
    /// Somebody, human or not, who does work.
    Agent "agent" abide,
    /// Which role does which work.
    Assignment "assignment" abide,
    /// How many agents a role should have.
    AgentPool "agentpool" abide,
    /// Who must agree to what.
    ApprovalPolicy "approvalpolicy" abide,
    /// A verdict that somebody gave.
    Approval "approval" abide,
    /// Drift that is known and accepted for a time.
    Waiver "waiver" abide,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

impl Kind {
    /// The kind that `kind:` names so, if any.
    pub fn from_title(title: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.title() == title)
    }

    /// The kind that a reference names so, if any.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

/// The identity of a spec: its kind and its name. Written `decision/use-postgres`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpecId {
    /// The kind.
    pub kind: Kind,
    /// The name, unique within the kind.
    pub name: Name,
}

impl SpecId {
    /// The identity of that kind and name.
    pub const fn new(kind: Kind, name: Name) -> Self {
        Self { kind, name }
    }
}

impl fmt::Display for SpecId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.word(), self.name)
    }
}

impl FromStr for SpecId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let wrong = || NameError(text.to_owned());
        let (word, name) = text.split_once('/').ok_or_else(wrong)?;
        Ok(Self { kind: Kind::from_word(word).ok_or_else(wrong)?, name: name.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_rfc_1123_labels() {
        let longest = "a".repeat(63);
        for right in ["a", "0", "use-postgres", longest.as_str()] {
            assert!(right.parse::<Name>().is_ok(), "{right}");
        }
        let too_long = "a".repeat(64);
        for wrong in ["", "-a", "a-", "A", "a b", "a_b", "ä", too_long.as_str()] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_kind_reads_back_both_its_words() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::from_title(kind.title()), Some(kind));
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
    }

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id: SpecId = "approvalpolicy/deploys".parse().unwrap();
        assert_eq!(id.to_string(), "approvalpolicy/deploys");
        assert!("deploys".parse::<SpecId>().is_err());
        assert!("policy/deploys".parse::<SpecId>().is_err());
    }
}
