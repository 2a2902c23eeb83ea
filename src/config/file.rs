//! The shape of `abide.toml`, as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(super) type Text = Spanned<String>;
pub(super) type Words<T> = BTreeMap<Spanned<String>, T>;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) specs: Specs,
    pub(super) store: Store,
    pub(super) tasks: Option<Spanned<Tasks>>,
    pub(super) queue: Queue,
    pub(super) limits: Limits,
    pub(super) audit: Audit,
    pub(super) sources: Words<Source>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "the table [specs]")]
pub(super) struct Specs {
    pub(super) repository: Option<Text>,
    pub(super) branch: Option<Text>,
    pub(super) path: Option<Text>,
    pub(super) records: Option<Spanned<OneOrMany>>,
    pub(super) poll: Option<Text>,
    pub(super) owner: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "the table [store]")]
pub(super) struct Store {
    pub(super) url: Option<Text>,
    pub(super) durability: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "the table [queue]")]
pub(super) struct Queue {
    pub(super) lease: Option<Text>,
    pub(super) patience: Option<Text>,
    pub(super) returns: Option<Spanned<i64>>,
    pub(super) rest: Option<Text>,
    pub(super) longest_rest: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "the table [limits]")]
pub(super) struct Limits {
    pub(super) open_per_pass: Option<Spanned<i64>>,
    pub(super) correct_per_pass: Option<Spanned<i64>>,
    pub(super) lookback: Option<Text>,
    pub(super) proposed: Option<Text>,
    pub(super) kept: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "the table [audit]")]
pub(super) struct Audit {
    pub(super) anchors: Option<Text>,
}

/// The keys of every type of source. Secrets are read as any value, so that no message of TOML's own repeats one.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table of its own such as [sources.NAME]")]
pub(super) struct Source {
    #[serde(rename = "type")]
    pub(super) kind: Option<Text>,
    pub(super) url: Option<Text>,
    pub(super) timeout: Option<Text>,
    pub(super) token: Option<Spanned<toml::Value>>,
    pub(super) user: Option<Text>,
    pub(super) password: Option<Spanned<toml::Value>>,
    pub(super) retries: Option<Spanned<i64>>,
    pub(super) tables: Option<Spanned<Vec<Text>>>,
    pub(super) rows: Option<Spanned<i64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "the table [tasks]")]
pub(super) struct Tasks {
    pub(super) table: Option<Text>,
    pub(super) time: Option<Text>,
    pub(super) url: Option<Text>,
    pub(super) only: Words<Spanned<toml::Value>>,
    pub(super) columns: Words<Spanned<toml::Value>>,
    pub(super) labels: Words<Spanned<toml::Value>>,
    pub(super) needs: Option<Spanned<toml::Value>>,
    pub(super) status: Option<Spanned<Words<Spanned<OneOrMany>>>>,
    pub(super) severity: Words<Spanned<Severity>>,
    pub(super) insert: Words<Spanned<toml::Value>>,
    pub(super) approvals: Words<Spanned<Approval>>,
    pub(super) agents: Option<Spanned<Agents>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a word or a list of words")]
pub(super) enum OneOrMany {
    One(Scalar),
    Many(Vec<Scalar>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "expected a text or a number")]
pub(super) enum Scalar {
    Truth(bool),
    Integer(i64),
    Real(f64),
    Text(String),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<Scalar> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

impl Scalar {
    pub(super) fn into_text(self) -> String {
        match self {
            // As SQLite keeps a truth.
            Self::Truth(yes) => i64::from(yes).to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Text(text) => text,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as {from = [\"P1\"], insert = \"P1\"}")]
pub(super) struct Severity {
    pub(super) from: Spanned<OneOrMany>,
    pub(super) insert: Option<Spanned<Scalar>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table such as {column = \"po\", approved = \"yes\"}")]
pub(super) struct Approval {
    pub(super) column: Text,
    #[serde(default)]
    pub(super) approved: Option<Spanned<OneOrMany>>,
    #[serde(default)]
    pub(super) rejected: Option<Spanned<OneOrMany>>,
    #[serde(default)]
    pub(super) by: Option<Text>,
    #[serde(default)]
    pub(super) at: Option<Text>,
    #[serde(default)]
    pub(super) time: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "the table [tasks.agents]")]
pub(super) struct Agents {
    pub(super) table: Text,
    pub(super) name: Text,
    #[serde(default)]
    pub(super) role: Option<Text>,
    pub(super) seen: Text,
    #[serde(default)]
    pub(super) time: Option<Text>,
}
