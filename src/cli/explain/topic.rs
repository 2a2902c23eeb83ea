//! What can be explained, and how each is written.

use serde_json::{Value, json};

use super::fields;
use crate::cli::{kind, new, schema};
use crate::diagnostic::{Entry, codes};
use crate::kinds::{RULES, RuleDef};
use crate::model::{Code, Kind, Name, Reason};

/// One thing that can be explained.
#[derive(Clone, Copy)]
pub(super) enum Topic {
    /// A kind of spec.
    Kind(Kind),
    /// A rule that judges specs.
    Rule(&'static RuleDef),
    /// A state of drift.
    Drift(Code),
    /// Why somebody's word does not count.
    Denial(Reason),
    /// A finding about a spec.
    Finding(&'static Entry),
}

/// What sort of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Kinds,
    Rules,
    Drifts,
    Denials,
    Findings,
    Checks,
}

impl Group {
    pub(super) const ALL: [Self; 6] =
        [Self::Kinds, Self::Rules, Self::Drifts, Self::Denials, Self::Findings, Self::Checks];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Kinds => "kinds of spec",
            Self::Rules => "rules",
            Self::Drifts => "states of drift",
            Self::Denials => "refusals of approvals",
            Self::Findings => "findings of validate",
            Self::Checks => "findings of check",
        }
    }
}

impl Topic {
    /// Everything, in the order of the documentation.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let kinds = Kind::ALL.iter().copied().map(Self::Kind);
        let rules = RULES.iter().copied().map(Self::Rule);
        let drifts = Code::ALL.iter().copied().map(Self::Drift);
        let denials = Reason::ALL.iter().copied().map(Self::Denial);
        kinds.chain(rules).chain(drifts).chain(denials).chain(codes::all().map(Self::Finding))
    }

    /// What goes by that word.
    pub(super) fn of_word(word: &str) -> Vec<Self> {
        let lower = word.to_lowercase();
        let named: Vec<Self> =
            Self::all().filter(|topic| !matches!(topic, Self::Kind(_)) && topic.name() == lower).collect();
        if named.is_empty() { kind(word).map(Self::Kind).into_iter().collect() } else { named }
    }

    pub(super) fn group(&self) -> Group {
        match self {
            Self::Kind(_) => Group::Kinds,
            Self::Rule(_) => Group::Rules,
            Self::Drift(_) => Group::Drifts,
            Self::Denial(_) => Group::Denials,
            Self::Finding(entry) if codes::DECISION.contains(entry) => Group::Checks,
            Self::Finding(_) => Group::Findings,
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.title(),
            Self::Rule(rule) => rule.rule.word(),
            Self::Drift(code) => code.word(),
            Self::Denial(reason) => reason.code(),
            Self::Finding(entry) => entry.code,
        }
    }

    /// What it means.
    pub(super) fn means(&self) -> String {
        match self {
            Self::Kind(kind) => comment(*kind),
            Self::Rule(rule) => rule.means.to_owned(),
            Self::Drift(code) => codes::drift(*code).means.to_owned(),
            Self::Denial(reason) => codes::denial(*reason).means.to_owned(),
            Self::Finding(entry) => entry.means.to_owned(),
        }
    }

    /// The first sentence of what it means.
    pub(super) fn summary(&self) -> String {
        let means = self.means();
        let end = means.find(". ").map_or(means.len(), |at| at + 1);
        means.get(..end).unwrap_or(&means).to_owned()
    }

    fn example(&self) -> Option<String> {
        match self {
            Self::Kind(kind) => Some(example(*kind)),
            Self::Rule(_) => None,
            Self::Drift(code) => Some(codes::drift(*code).example.to_owned()),
            Self::Denial(reason) => Some(codes::denial(*reason).example.to_owned()),
            Self::Finding(entry) => Some(entry.example.to_owned()),
        }
    }

    const fn mend(&self) -> Option<&'static str> {
        match self {
            Self::Drift(code) => Some(codes::drift(*code).mend),
            Self::Denial(reason) => Some(codes::denial(*reason).mend),
            Self::Finding(entry) => Some(entry.mend),
            Self::Kind(_) | Self::Rule(_) => None,
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let kind = match self {
            Self::Kind(_) => "a kind of spec".to_owned(),
            Self::Rule(_) => "a rule".to_owned(),
            Self::Drift(_) => "a state of drift".to_owned(),
            Self::Denial(_) => "why somebody's word does not count".to_owned(),
            Self::Finding(entry) if self.group() == Group::Checks => {
                format!("a finding of check ({})", entry.level.word())
            }
            Self::Finding(entry) => format!("a finding of validate ({})", entry.level.word()),
        };
        let mut text = format!("{}: {kind}\n\n{}\n", self.name(), wrap(&self.means()));
        if let Self::Kind(kind) = self {
            text += &format!("\nFields\n\n{}", fields::text(&schema::of_kind(*kind)));
        }
        if let Some(example) = self.example() {
            // Drift is told in sentences, everything else in YAML.
            let example = if matches!(self, Self::Drift(_) | Self::Denial(_)) { wrap(&example) } else { example };
            text += &format!("\nExample\n\n{}\n", indented(&example));
        }
        if let Some(mend) = self.mend() {
            text += &format!("\nHow to mend it\n\n{}\n", indented(&wrap(mend)));
        }
        text
    }

    /// For programs.
    pub(super) fn json(&self) -> Value {
        let mut value = json!({
            "version": 1,
            "name": self.name(),
            "group": self.group().title(),
            "means": self.means(),
            "example": self.example(),
            "mend": self.mend(),
        });
        match self {
            Self::Finding(entry) => value["severity"] = json!(entry.level.word()),
            Self::Kind(kind) => value["schema"] = schema::of_kind(*kind),
            Self::Rule(_) | Self::Drift(_) | Self::Denial(_) => {}
        }
        value
    }
}

/// What a kind is for: the comment at the head of its template.
fn comment(kind: Kind) -> String {
    let text = example(kind);
    let lines: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("# ")).collect();
    lines.join(" ")
}

fn example(kind: Kind) -> String {
    new::template(kind, &Name::slug("example"))
}

/// At most so many characters a line.
const WIDTH: usize = 100;

fn wrap(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + word.len() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
