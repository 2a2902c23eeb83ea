//! What must hold of a task beside its selector for a policy to ask about it.

use globset::{Glob, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Problem, Spanned, codes};
use crate::kinds::common::{Link, Links};
use crate::model::{Kind, Severity, SeverityRange, SpecId, Task};

/// The label in which a task names the paths that it changes.
const PATHS: &str = "paths";

/// The label in which a task says how risky it is.
const RISK: &str = "risk";

/// What must hold of a task for a policy to ask about it; all that is given. What a task does not say counts as holding: whoever
/// does not say what they change is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct When {
    /// Patterns, one of which matches a path that the task's label `paths` names.
    #[schemars(length(min = 1))]
    pub paths: Option<Spanned<Vec<String>>>,
    /// How risky the task's label `risk` says that it is: a severity, or a comparison such as `>=high`.
    pub risk: Option<SeverityRange>,
    /// One of these service levels has spent its error budget.
    #[schemars(length(min = 1))]
    pub budget_spent: Option<Spanned<Vec<Link>>>,
}

impl When {
    /// Whether what the task says of itself makes the policy ask.
    pub fn holds_of(&self, task: &Task) -> bool {
        let risk = task.labels.get(RISK).and_then(|word| word.to_lowercase().parse::<Severity>().ok());
        let is_risky = self.risk.is_none_or(|range| risk.is_none_or(|risk| range.contains(risk)));
        let paths = task.labels.get(PATHS).and_then(|text| paths(text)).filter(|paths| !paths.is_empty());
        let touches =
            |globs: &GlobSet| paths.as_ref().is_none_or(|paths| paths.iter().any(|path| globs.is_match(path)));
        // What is no pattern was refused when the spec was read.
        let is_touched = self.paths.as_ref().is_none_or(|globs| set(globs).is_none_or(|set| touches(&set)));
        is_risky && is_touched
    }

    /// The service levels one of which must have spent its budget; none where that is no matter.
    pub fn budgets(&self) -> Option<Vec<SpecId>> {
        let links = self.budget_spent.as_ref()?;
        Some(links.iter().filter_map(|link| link.id(Some(Kind::Slo))).collect())
    }

    /// Names the service levels.
    pub(super) fn links(&self, links: &mut Links) {
        let slos = self.budget_spent.iter().flat_map(|slos| &slos.value);
        slos.for_each(|slo| links.bare(slo, Kind::Slo));
    }

    /// Says what is no pattern, and what asks never.
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        let Some(paths) = &self.paths else { return self.check_lists(problems) };
        for path in &paths.value {
            if let Err(error) = Glob::new(path) {
                let message = format!("`{path}` is no pattern of paths: {}", error.kind());
                problems.push(Problem::new(&codes::SPEC_VALUE, paths.span, message));
            }
        }
        self.check_lists(problems);
    }

    fn check_lists(&self, problems: &mut Vec<Problem>) {
        let paths = self.paths.as_ref().filter(|list| list.is_empty()).map(|list| list.span);
        let slos = self.budget_spent.as_ref().filter(|list| list.is_empty()).map(|list| list.span);
        for span in paths.into_iter().chain(slos) {
            let problem = Problem::new(&codes::SPEC_VALUE, span, "the list is empty, so the policy never asks");
            problems.push(problem.fix("leave it out to ask always"));
        }
    }
}

fn set(globs: &[String]) -> Option<GlobSet> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(Glob::new(glob).ok()?);
    }
    builder.build().ok()
}

/// The paths that a label names, each from the root of its repository: a JSON list, or words between blanks, commas and ends of
/// lines. None where one of them cannot be told.
fn paths(text: &str) -> Option<Vec<String>> {
    if text.trim_start().starts_with(['[', '{', '"']) {
        return serde_json::from_str::<Vec<String>>(text).ok()?.iter().map(|path| from_root(path)).collect();
    }
    let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    words.map(from_root).collect()
}

/// A path without the steps that lead nowhere. None where it may be another than it seems: it begins at the root of a disk, leads out
/// of the repository, or is written as on another system.
fn from_root(path: &str) -> Option<String> {
    if path.starts_with(['/', '~']) || path.contains(['\\', ':']) {
        return None;
    }
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}
