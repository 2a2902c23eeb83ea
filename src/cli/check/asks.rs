//! Which rules of which decisions are checked, and how many are not.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::kinds::Spec;
use crate::kinds::decision::{Rule, accepted_in};
use crate::model::{CaseId, CodeQuestion, Kind, Name, Rule as Judged, SpecId, Subject};

/// One rule over code.
pub(super) struct Ask<'c> {
    /// The decision.
    pub(super) spec: &'c Arc<Spec>,
    /// Its rule.
    pub(super) rule: &'c Rule,
    /// What it asks of code.
    pub(super) question: CodeQuestion,
}

/// The rules that are checked.
pub(super) struct Asks<'c> {
    /// Each.
    pub(super) rules: Vec<Ask<'c>>,
    /// The specs as a whole.
    pub(super) catalog: &'c Catalog,
    /// How many rules look at tasks.
    pub(super) of_tasks: usize,
    /// How many rules look at another repository than the one that changed.
    pub(super) elsewhere: usize,
}

impl Ask<'_> {
    /// The case that judges it.
    pub(super) fn case(&self) -> CaseId {
        CaseId { spec: Some(self.spec.id.clone()), rule: Judged::DecisionRule }
    }

    /// Its name among the subjects of the case.
    pub(super) fn subject(&self) -> Subject {
        Subject::rule(&self.rule.id)
    }

    /// The repository that it looks at; the spec repository where there is none.
    pub(super) const fn repository(&self) -> Option<&Name> {
        self.question.repository.as_ref()
    }

    /// Its name and that of its decision, for the middle of a sentence.
    pub(super) fn title(&self) -> String {
        let title = self.spec.head.title.as_ref().map_or_else(String::new, |title| format!(" ({title})"));
        format!("rule {} of {}{title}", self.rule.id.value, self.spec.id)
    }
}

impl<'c> Asks<'c> {
    /// The rules over one repository, or over all. Where only what changed is told, a rule over a repository that nobody said what
    /// changed in is left out.
    pub(super) fn of(catalog: &'c Catalog, about: Option<&Name>, only_changes: bool) -> Self {
        let mut asks = Self { rules: Vec::new(), catalog, of_tasks: 0, elsewhere: 0 };
        for spec in catalog.specs.of_kind(Kind::Decision) {
            let rules = accepted_in(&spec.body).map_or(&[][..], |decision| &decision.rules);
            for rule in rules {
                match rule.code_question() {
                    // Whatever repository somebody names for it, a rule over tasks asks the database.
                    None => asks.of_tasks += usize::from(about.is_none()),
                    Some(question) if about.is_some() && question.repository.as_ref() != about => {}
                    Some(question) if about.is_none() && only_changes && question.repository.is_some() => {
                        asks.elsewhere += 1;
                    }
                    Some(question) => asks.rules.push(Ask { spec, rule, question }),
                }
            }
        }
        asks
    }

    /// The decisions that they are of.
    pub(super) fn decisions(&self) -> BTreeSet<&SpecId> {
        self.rules.iter().map(|ask| &ask.spec.id).collect()
    }

    /// The repositories that they look at.
    pub(super) fn repositories(&self) -> BTreeSet<Option<&Name>> {
        self.rules.iter().map(Ask::repository).collect()
    }
}
