//! Which tasks a spec speaks of.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{ABIDE, Duration, Severity, Task, TaskStatus, Timestamp};

/// What a selector asks for, as plain data. Every field that is given must match.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct SelectorFields {
    /// Patterns of types, any of which may match.
    pub types: Option<Vec<Arc<str>>>,
    /// Roles, any of which may hold the task.
    pub roles: Option<Vec<Arc<str>>>,
    /// Agents, any of which may hold the task.
    pub agents: Option<Vec<Arc<str>>>,
    /// Authors, any of which may have asked for it.
    pub authors: Option<Vec<Arc<str>>>,
    /// Labels, all of which it must have.
    pub labels: Option<BTreeMap<Arc<str>, Arc<str>>>,
    /// How urgent.
    pub severity: Option<SeverityRange>,
    /// Any of these.
    pub status: Option<Vec<TaskStatus>>,
    /// Created at most so long ago.
    pub created_within: Option<Duration>,
    /// Whether Abide's own tasks are meant too; what specs write never means them unless `types` names them.
    pub with_own: bool,
}

/// `high` alone, or a comparison such as `>=high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SeverityRange {
    /// The least that matches.
    pub from: Severity,
    /// The most that matches.
    pub to: Severity,
}

impl std::str::FromStr for SeverityRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let rank = |word: &str| word.trim().parse::<Severity>();
        let beside = |severity: Severity, up: bool| {
            let at = Severity::ALL.iter().position(|&s| s == severity).unwrap_or(0);
            let next = if up { at.checked_add(1) } else { at.checked_sub(1) };
            next.and_then(|n| Severity::ALL.get(n).copied()).ok_or_else(|| {
                format!("`{text}` matches nothing: no severity is {}", if up { "higher" } else { "lower" })
            })
        };
        let (from, to) = (Severity::Low, Severity::Critical);
        if let Some(word) = text.strip_prefix(">=") {
            Ok(Self { from: rank(word)?, to })
        } else if let Some(word) = text.strip_prefix("<=") {
            Ok(Self { from, to: rank(word)? })
        } else if let Some(word) = text.strip_prefix('>') {
            Ok(Self { from: beside(rank(word)?, true)?, to })
        } else if let Some(word) = text.strip_prefix('<') {
            Ok(Self { from, to: beside(rank(word)?, false)? })
        } else {
            let only = rank(text)?;
            Ok(Self { from: only, to: only })
        }
    }
}

impl SeverityRange {
    /// Whether the severity lies in the range.
    pub fn contains(self, severity: Severity) -> bool {
        (self.from..=self.to).contains(&severity)
    }
}

/// A pattern of types: `*` stands for any run of characters, `?` for one.
#[derive(Debug, Clone)]
pub struct Glob {
    text: Arc<str>,
    matcher: Option<globset::GlobMatcher>,
}

impl Glob {
    /// Compiles the pattern.
    ///
    /// # Errors
    /// What is wrong with the pattern, in words.
    pub fn new(text: &Arc<str>) -> Result<Self, String> {
        let matcher = if text.contains(['*', '?', '[', '{', '\\']) {
            let glob = globset::GlobBuilder::new(text).literal_separator(false).build();
            Some(glob.map_err(|error| error.kind().to_string())?.compile_matcher())
        } else {
            None
        };
        Ok(Self { text: text.clone(), matcher })
    }

    /// The pattern itself when it matches only itself.
    pub fn literal(&self) -> Option<&Arc<str>> {
        self.matcher.is_none().then_some(&self.text)
    }

    fn matches(&self, text: &str) -> bool {
        self.matcher.as_ref().map_or(*self.text == *text, |glob| glob.is_match(text))
    }

    /// Whether the pattern names Abide's own types and does not merely happen to cover them.
    fn names_abide(&self) -> bool {
        self.text.strip_prefix(ABIDE).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// A selector that is ready to match. Cheap to clone; equal when its fields are.
#[derive(Debug, Clone)]
pub struct Selector(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    fields: SelectorFields,
    types: Vec<Glob>,
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.fields == other.0.fields
    }
}

impl Eq for Selector {}

impl Hash for Selector {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.fields.hash(state);
    }
}

impl Default for Selector {
    /// Selects every task that is not Abide's own.
    fn default() -> Self {
        Self(Arc::new(Compiled { fields: SelectorFields::default(), types: Vec::new() }))
    }
}

impl Selector {
    /// Compiles the fields.
    ///
    /// # Errors
    /// What is wrong with a pattern, in words.
    pub fn new(fields: SelectorFields) -> Result<Self, String> {
        let types = fields.types.iter().flatten().map(Glob::new).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Compiled { fields, types })))
    }

    /// Every task, Abide's own too.
    pub fn everything() -> Self {
        let fields = SelectorFields { with_own: true, ..SelectorFields::default() };
        Self(Arc::new(Compiled { fields, types: Vec::new() }))
    }

    /// Only the tasks that this agent holds, Abide's own too.
    pub fn of_agent(agent: Arc<str>) -> Self {
        let fields = SelectorFields { agents: Some(vec![agent]), with_own: true, ..SelectorFields::default() };
        Self(Arc::new(Compiled { fields, types: Vec::new() }))
    }

    /// What it asks for.
    pub fn fields(&self) -> &SelectorFields {
        &self.0.fields
    }

    /// How many fields are given: the more, the more specific.
    pub fn specificity(&self) -> usize {
        let f = &self.0.fields;
        [
            f.types.is_some(),
            f.roles.is_some(),
            f.agents.is_some(),
            f.authors.is_some(),
            f.labels.is_some(),
            f.severity.is_some(),
            f.status.is_some(),
            f.created_within.is_some(),
        ]
        .into_iter()
        .filter(|&given| given)
        .count()
    }

    /// The types that it selects, where each is written out in full.
    pub fn literal_types(&self) -> Option<Vec<&Arc<str>>> {
        self.0.fields.types.as_ref()?;
        self.0.types.iter().map(Glob::literal).collect()
    }

    /// Whether a task with these properties is selected, whenever it was created.
    pub fn matches(&self, task: &Task) -> bool {
        let f = &self.0.fields;
        let one_of = |given: &Option<Vec<Arc<str>>>, value: &Option<Arc<str>>| {
            given.as_ref().is_none_or(|any| value.as_ref().is_some_and(|v| any.contains(v)))
        };
        self.matches_type(task)
            && f.status.as_ref().is_none_or(|any| any.contains(&task.status))
            && f.severity.is_none_or(|range| range.contains(task.severity))
            && one_of(&f.roles, &task.role)
            && one_of(&f.agents, &task.agent)
            && one_of(&f.authors, &task.author)
            && f.labels.iter().flatten().all(|(key, value)| task.labels.get(key) == Some(value))
    }

    /// Whether it is selected now: as [`Self::matches`], and created within the span asked for.
    pub fn matches_at(&self, task: &Task, now: Timestamp) -> bool {
        self.is_recent(task.created, now) && self.matches(task)
    }

    /// Whether something created then is recent enough now.
    pub fn is_recent(&self, created: Timestamp, now: Timestamp) -> bool {
        self.0.fields.created_within.is_none_or(|within| now.since(created) <= within)
    }

    /// The first moment at which a task is too old to be selected, where it is selected now and age matters.
    pub fn leaves(&self, task: &Task, now: Timestamp) -> Option<Timestamp> {
        let within = self.0.fields.created_within.filter(|_| self.matches_at(task, now))?;
        Some(task.created.plus(within).plus(Duration::from_millis(1)))
    }

    fn matches_type(&self, task: &Task) -> bool {
        if self.0.fields.types.is_none() {
            return !task.own || self.0.fields.with_own;
        }
        self.0.types.iter().any(|glob| (!task.own || glob.names_abide()) && glob.matches(&task.kind))
    }
}
