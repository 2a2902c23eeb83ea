//! What a decision demands of code and tasks: rules, each with one condition.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::{Problem, Spanned, codes};
use crate::facts::value::is_pointer;
use crate::kinds::common::{Link, Select};
use crate::model::{CodeQuestion, Kind, Look, Severity};

/// What a decision demands: exactly one condition.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Rule {
    /// Its name within the decision.
    pub id: Spanned<String>,
    /// How bad it is when it does not hold.
    pub severity: Option<Severity>,
    /// The code repository that it looks at; the spec repository where none is given.
    pub repository: Option<Link>,
    /// No line matches.
    pub forbid: Option<Pattern>,
    /// Some line matches: one, in any of the files.
    pub require: Option<Pattern>,
    /// A file is there.
    pub require_path: Option<String>,
    /// No manifest depends on it.
    pub forbid_dependency: Option<Dependency>,
    /// Some manifest depends on it.
    pub require_dependency: Option<Dependency>,
    /// A place of a file has a value.
    #[serde(rename = "match")]
    pub matches: Option<ValueAt>,
    /// Which folder may import which.
    pub layers: Option<Layers>,
    /// How many tasks there may be.
    pub tasks: Option<TaskCount>,
}

/// A regular expression and the files that it is looked for in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// The expression.
    pub pattern: Spanned<Arc<str>>,
    /// Globs of the files to look in; all of them where none is given.
    #[serde(rename = "in", default)]
    pub within: Vec<Spanned<Arc<str>>>,
    /// Globs of the files to leave out.
    #[serde(default)]
    pub except: Vec<Spanned<Arc<str>>>,
}

/// A dependency and the manifests that it is looked for in: `Cargo.toml`, `package.json`, `go.mod`, `pyproject.toml`,
/// `requirements.txt` and `pom.xml`. As long as one of them cannot be read, nobody can tell that the package is not there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The package, as its ecosystem names it: `twilio`, `@scope/name`, `example.org/module`, `groupId:artifactId`.
    pub name: String,
    /// Globs of the manifests to look in.
    #[serde(rename = "in", default)]
    pub within: Vec<Spanned<Arc<str>>>,
    /// Globs of the manifests to leave out.
    #[serde(default)]
    pub except: Vec<Spanned<Arc<str>>>,
}

/// A place of a JSON, TOML or YAML file and the value that belongs there. A file that is not there, or has nothing at that
/// place, has another value; as long as it cannot be read, nobody can tell.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueAt {
    /// Its path, from the root of the repository.
    pub file: String,
    /// The place: a JSON pointer, such as `/db/kind` or `/servers/0`.
    pub pointer: Spanned<String>,
    /// The value.
    pub equals: serde_json::Value,
}

/// Which folder may import which: each only those before it. The layers are folders or files where the wildcards of `in` begin, for
/// `src/**/*.rs` those in `src`. Imports of Rust, Python, JavaScript, TypeScript and Go are understood, also those of tests within a
/// module. An alias of a bundler (`@/store`) is not: as long as there is one, nobody can tell. Other names of packages are
/// of no layer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layers {
    /// Glob of the files.
    #[serde(rename = "in")]
    pub within: Spanned<Arc<str>>,
    /// Globs of the files to leave out.
    #[serde(default)]
    pub except: Vec<Spanned<Arc<str>>>,
    /// The folders, the lowest first.
    pub order: Vec<Spanned<String>>,
}

/// How many tasks there may be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct TaskCount {
    /// Which tasks.
    pub select: Select,
    /// No more than so many.
    pub at_most: Option<u64>,
    /// No fewer than so many.
    pub at_least: Option<u64>,
}

impl Rule {
    /// What it asks of code; nothing where it looks at tasks.
    pub fn code_question(&self) -> Option<CodeQuestion> {
        let repository = self.repository.as_ref().and_then(|link| link.id(Some(Kind::Repository)));
        Some(CodeQuestion { repository: repository.map(|id| id.name), look: self.look()? })
    }

    /// What it looks for in code; nothing where it looks at tasks.
    fn look(&self) -> Option<Look> {
        if let Some(path) = &self.require_path {
            return Some(Look::Path(path.as_str().into()));
        }
        if let Some(dependency) = self.forbid_dependency.as_ref().or(self.require_dependency.as_ref()) {
            return Some(Look::Dependency {
                name: dependency.name.as_str().into(),
                within: texts(&dependency.within),
                except: texts(&dependency.except),
            });
        }
        if let Some(value) = &self.matches {
            let (file, pointer) = (value.file.as_str().into(), value.pointer.value.as_str().into());
            return Some(Look::Value { file, pointer, equals: value.equals.to_string().into() });
        }
        if let Some(Layers { within, except, order }) = &self.layers {
            let order = order.iter().map(|layer| layer.value.as_str().into()).collect();
            return Some(Look::Layers { within: within.value.clone(), except: texts(except), order });
        }
        self.forbid.as_ref().or(self.require.as_ref()).map(|pattern| Look::Pattern {
            pattern: pattern.pattern.value.clone(),
            within: texts(&pattern.within),
            except: texts(&pattern.except),
        })
    }

    /// Whether what it looks for must be there; otherwise it must not.
    pub const fn wants_places(&self) -> bool {
        self.require_path.is_some() || self.require.is_some() || self.require_dependency.is_some()
    }

    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        let conditions = [
            self.forbid.is_some(),
            self.require.is_some(),
            self.require_path.is_some(),
            self.forbid_dependency.is_some(),
            self.require_dependency.is_some(),
            self.matches.is_some(),
            self.layers.is_some(),
            self.tasks.is_some(),
        ];
        let given = conditions.into_iter().filter(|&given| given).count();
        if given != 1 {
            let message = format!("the rule `{}` has {given} conditions; it needs exactly one", self.id.value);
            let help = "the conditions are forbid, require, requirePath, forbidDependency, requireDependency, match, layers and tasks";
            problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, self.id.span, message).help(help));
        }
        if let Some(count) = self.tasks.as_ref().filter(|count| count.at_most.is_none() && count.at_least.is_none()) {
            let message = "`tasks` needs `atMost` or `atLeast`";
            let _ = count;
            problems.push(Problem::new(&codes::SPEC_MISSING_FIELD, self.id.span, message).fix("add `atMost: 0`"));
        }
        self.forbid.iter().chain(&self.require).for_each(|pattern| pattern.check(problems));
        let dependencies = self.forbid_dependency.iter().chain(&self.require_dependency);
        if let Some(pointer) = self.matches.as_ref().map(|value| &value.pointer).filter(|it| !is_pointer(&it.value)) {
            let message = format!("`{}` is no JSON pointer", pointer.value);
            problems.push(Problem::new(&codes::SPEC_VALUE, pointer.span, message).fix("write it like `/db/kind`"));
        }
        self.layers.iter().for_each(|layers| layers.check(problems));
        dependencies.for_each(|it| check_globs(it.within.iter().chain(&it.except), problems));
    }
}

impl Pattern {
    fn check(&self, problems: &mut Vec<Problem>) {
        // The same bound as where the expression is used: what passes here also runs there.
        if let Err(error) = regex::RegexBuilder::new(&self.pattern.value).size_limit(1 << 20).build() {
            let message = format!("this is no regular expression: {}", last_line(&error.to_string()));
            problems.push(Problem::new(&codes::SPEC_VALUE, self.pattern.span, message));
        }
        check_globs(self.within.iter().chain(&self.except), problems);
    }
}

impl Layers {
    fn check(&self, problems: &mut Vec<Problem>) {
        check_globs(std::iter::once(&self.within).chain(&self.except), problems);
        for (index, layer) in self.order.iter().enumerate() {
            if self.order[..index].iter().any(|earlier| earlier.value == layer.value) {
                let message = format!("the layer `{}` stands there twice", layer.value);
                problems.push(Problem::new(&codes::SPEC_VALUE, layer.span, message).fix("remove one of the two"));
            }
        }
    }
}

fn check_globs<'g>(globs: impl Iterator<Item = &'g Spanned<Arc<str>>>, problems: &mut Vec<Problem>) {
    for glob in globs {
        if let Err(error) = globset::Glob::new(&glob.value) {
            let message = format!("this is no glob: {}", error.kind());
            problems.push(Problem::new(&codes::SPEC_VALUE, glob.span, message));
        }
    }
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or(text).trim_start_matches("error: ")
}

fn texts(globs: &[Spanned<Arc<str>>]) -> Vec<Arc<str>> {
    globs.iter().map(|glob| glob.value.clone()).collect()
}

/// The files that the globs mean, for the middle of a sentence; nothing where they are all.
pub(super) fn among(globs: &[Spanned<Arc<str>>]) -> String {
    if globs.is_empty() {
        return String::new();
    }
    let listed: Vec<&str> = globs.iter().map(|glob| &*glob.value).collect();
    format!(" in {}", listed.join(", "))
}
