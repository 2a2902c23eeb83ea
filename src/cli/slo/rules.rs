//! A rules file as Prometheus reads it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::CliError;
use crate::kinds::slo::export::{Does, Group, PromRule};
use crate::yaml::to_yaml;

/// What stands at the top of the file.
const HEAD: &str = "# Written by `abide slo export prometheus`: change the specs, and write it anew.\n";

#[derive(Serialize)]
struct FileWire<'a> {
    groups: Vec<GroupWire<'a>>,
}

#[derive(Serialize)]
struct GroupWire<'a> {
    name: &'a str,
    rules: Vec<RuleWire<'a>>,
}

#[derive(Serialize)]
struct RuleWire<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<&'a str>,
    expr: &'a str,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    after: Option<&'a str>,
    labels: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
}

/// The groups as a rules file.
pub(super) fn yaml(groups: &[Group]) -> Result<String, CliError> {
    let file = FileWire { groups: groups.iter().map(GroupWire::of).collect() };
    let text = to_yaml(&file).map_err(|error| CliError::usage(error.to_string()))?;
    Ok(format!("{HEAD}{text}"))
}

impl<'a> GroupWire<'a> {
    fn of(Group { name, rules }: &'a Group) -> Self {
        Self { name, rules: rules.iter().map(RuleWire::of).collect() }
    }
}

impl<'a> RuleWire<'a> {
    fn of(rule: &'a PromRule) -> Self {
        let texts = |all: &'a [(&'static str, String)]| all.iter().map(|(key, text)| (*key, text.as_str())).collect();
        let PromRule { does, expr, labels } = rule;
        let labels = texts(labels);
        match does {
            Does::Record(name) => {
                Self { record: Some(name), alert: None, expr, after: None, labels, annotations: BTreeMap::new() }
            }
            Does::Alert { name, after, annotations } => Self {
                record: None,
                alert: Some(name),
                expr,
                after: after.as_deref(),
                labels,
                annotations: texts(annotations),
            },
        }
    }
}
