//! The registry of rules.

use super::{Asked, Case, Findings, agent, approval, assignment, decision, slo};
use crate::model::{Kind, NoAnswer, Question, Rule};

/// One rule: which specs it looks at, what it asks, and how it judges.
pub struct RuleDef {
    /// Its name.
    pub rule: Rule,
    /// The kind of spec that it looks at; none where it looks at the catalog as a whole.
    pub kind: Option<Kind>,
    /// Whether it has anything to ask of this spec.
    pub applies: fn(&Case<'_>) -> bool,
    /// What it must know.
    pub asks: fn(&Case<'_>) -> Vec<Question>,
    /// What it finds. An error means that nothing can be told of the case as a whole.
    pub judge: fn(&Case<'_>, &Asked<'_>, &mut Findings) -> Result<(), NoAnswer>,
    /// What `abide explain` prints.
    pub means: &'static str,
}

/// Every rule, in the order of the documentation.
pub static RULES: &[&RuleDef] = &[
    &slo::objective::RULE,
    &slo::budget::RULE,
    &slo::review::RULE,
    &slo::freeze::RULE,
    &decision::standing::RULE,
    &decision::rules::RULE,
    &decision::branches::RULE,
    &assignment::role::RULE,
    &assignment::priority::RULE,
    &assignment::none::RULE,
    &assignment::sla::RULE,
    &assignment::wip::RULE,
    &agent::alive::RULE,
    &agent::load::RULE,
    &agent::known::RULE,
    &approval::gate::RULE,
    &approval::waiting::RULE,
    &approval::review::RULE,
];

impl RuleDef {
    /// The definition of a rule.
    pub fn of(rule: Rule) -> Option<&'static Self> {
        RULES.iter().copied().find(|definition| definition.rule == rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_defined_once_and_in_order() {
        let defined: Vec<Rule> = RULES.iter().map(|definition| definition.rule).collect();
        assert_eq!(defined, Rule::ALL);
    }
}
