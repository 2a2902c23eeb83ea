//! `slo/objective`.
use crate::kinds::RuleDef;
use crate::model::{Kind, Rule};

/// The rule.
pub static RULE: RuleDef = RuleDef {
    rule: Rule::SloObjective,
    kind: Some(Kind::Slo),
    applies: |_| false,
    asks: |_| Vec::new(),
    judge: |_, _, _| Ok(()),
    means: "stub",
};
