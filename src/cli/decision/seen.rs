//! A pass over the specs as they lie there, for everything that is told of decisions.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::relations::{Relations, decision};
use super::stand::Stand;
use crate::catalog::UnreadSpec;
use crate::cli::plan::nothing_matched;
use crate::cli::setup::Access;
use crate::cli::{CliError, Global, Setup, progress, status};
use crate::engine::{Pass, Which};
use crate::kinds::{Asked, Case};
use crate::model::{Answers, Kind, Policy, Rule, SpecId, TaskStatus, Timestamp};
use crate::store::{Filter, Listed};

/// A pass that was only planned, with all that the world answered and the remediation tasks as they are.
pub(super) struct Seen {
    pub(super) pass: Pass,
    pub(super) tasks: Vec<Listed>,
    answers: Arc<Answers>,
    policy: Policy,
}

/// Makes a pass as of then, and writes nothing.
///
/// # Errors
/// When specs or database are out of reach, or nothing was judged.
pub(super) fn look(global: &Global, at: Option<Timestamp>) -> Result<Seen, CliError> {
    let setup = Setup::new(global)?;
    // A remote repository has no files on this disk: its newest commit stands in for them.
    let which = if crate::git::is_remote(&setup.source()) { Which::Head } else { Which::Working };
    let spinner = progress::spinner(global, "asking");
    let (pass, tasks) = setup.with_engine(Access::Read, |handle| async move {
        let pass = handle.plan(which, at).await?;
        let status = TaskStatus::ALL.into_iter().filter(|status| *status != TaskStatus::Cancelled).collect();
        Ok((pass, handle.list(Filter { own: true, status, skips: true, ..Filter::default() }).await?))
    })?;
    spinner.finish_and_clear();
    nothing_matched(&pass)?;
    if let Some(doubt) = status::view::doubt(&pass) {
        let error = CliError::usage(format!("nothing was judged: {doubt}"));
        return Err(error.hint("`abide holds list` shows what waits for a person"));
    }
    let answers = pass.answers.clone().unwrap_or_default();
    Ok(Seen { pass, tasks, answers, policy: setup.config.policy() })
}

impl Seen {
    /// How every decision stands, by number and then by name; those without a number come last.
    pub(super) fn stands(&self) -> Vec<Stand<'_>> {
        let asked = self.asked();
        let specs = self.pass.catalog.specs.of_kind(Kind::Decision);
        let stand = |spec| Some(Stand::of(&self.pass, spec, decision(spec)?, asked));
        let mut all: Vec<Stand<'_>> = specs.filter_map(stand).collect();
        all.sort_by_key(|stand| (stand.number().is_none(), stand.number(), stand.spec.id.clone()));
        all
    }

    /// How they stand to each other.
    pub(super) fn relations(&self) -> Relations<'_> {
        Relations::of(&self.pass.catalog.specs)
    }

    fn asked(&self) -> Asked<'_> {
        Asked { answers: &self.answers, now: self.pass.plan.at }
    }

    /// Who gets the remediation tasks of a decision.
    pub(super) fn owner(&self, stand: &Stand<'_>) -> Option<SpecId> {
        let (specs, watched) = (&self.pass.catalog.specs, BTreeSet::new());
        let rule = Rule::DecisionStanding;
        Case { rule, spec: Some(stand.spec), specs, policy: &self.policy, watched: &watched }.owner()
    }

    /// What could not be read and is, or may be, a decision.
    pub(super) fn unread(&self) -> impl Iterator<Item = &UnreadSpec> {
        let speaks = |unread: &&UnreadSpec| unread.spec.as_ref().is_none_or(|id| id.kind == Kind::Decision);
        self.pass.catalog.unread.iter().filter(speaks)
    }
}
