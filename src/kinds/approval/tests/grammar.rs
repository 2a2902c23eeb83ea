//! Requirements against a reference that tries every way to seat people.

use std::sync::Arc;

use proptest::prelude::*;

use super::{assess, said_by, specs, task};
use crate::kinds::Specs;
use crate::model::{GateState, Vote};

/// A requirement, as the reference sees it.
#[derive(Debug, Clone)]
enum Rule {
    Role(&'static str, usize),
    People(Vec<&'static str>, usize),
    Of(usize, Vec<Rule>, bool),
}

const WHO: [&str; 4] = ["ada", "bob", "po", "kim"];

fn roles(who: &str) -> &'static [&'static str] {
    match who {
        "po" => &["product-owner", "architect"],
        _ => &["architect"],
    }
}

impl Rule {
    fn yaml(&self) -> String {
        match self {
            Self::Role(role, count) => format!("{{role: {role}, count: {count}}}"),
            Self::People(people, count) => {
                let people: Vec<String> = people.iter().map(|who| format!("agent/{who}")).collect();
                format!("{{people: [{}], count: {count}}}", people.join(", "))
            }
            Self::Of(count, parts, distinct) => {
                let parts: Vec<String> = parts.iter().map(Self::yaml).collect();
                let list = format!("[{}]", parts.join(", "));
                let distinct = if *distinct { ", distinct: true" } else { "" };
                match *count {
                    all if all == parts.len() => format!("{{all: {list}{distinct}}}"),
                    1 => format!("{{any: {list}{distinct}}}"),
                    count => format!("{{atLeast: {{count: {count}, of: {list}}}{distinct}}}"),
                }
            }
        }
    }

    /// Whether these people meet it. Word for word what the documentation says; slow.
    fn is_met(&self, people: &[&str]) -> bool {
        let with_role = |role: &str| people.iter().filter(|who| roles(who).contains(&role)).count();
        match self {
            Self::Role(role, count) => with_role(role) >= *count,
            Self::People(named, count) => people.iter().filter(|who| named.contains(who)).count() >= *count,
            Self::Of(count, parts, false) => parts.iter().filter(|part| part.is_met(people)).count() >= *count,
            Self::Of(count, parts, true) => apart(parts, *count, people),
        }
    }
}

/// Whether so many of the parts are met by people of their own: every way to give each person to one of the parts, or to none.
fn apart(parts: &[Rule], count: usize, people: &[&str]) -> bool {
    let ways = (parts.len() + 1).pow(people.len() as u32);
    (0..ways).any(|way| {
        let mut rest = way;
        let mut given: Vec<Vec<&str>> = vec![Vec::new(); parts.len() + 1];
        for who in people {
            given[rest % (parts.len() + 1)].push(who);
            rest /= parts.len() + 1;
        }
        parts.iter().zip(&given).filter(|(part, people)| part.apart().is_met(people)).count() >= count
    })
}

impl Rule {
    /// Within what must be different people, parts of parts must be too.
    fn apart(&self) -> Self {
        match self {
            Self::Of(count, parts, _) => Self::Of(*count, parts.clone(), true),
            leaf => leaf.clone(),
        }
    }
}

fn rule() -> impl Strategy<Value = Rule> {
    let leaf = prop_oneof![
        (prop_oneof![Just("architect"), Just("product-owner")], 1..4_usize)
            .prop_map(|(role, count)| Rule::Role(role, count)),
        proptest::sample::subsequence(WHO.to_vec(), 1..=3).prop_flat_map(|people| {
            let most = people.len();
            (Just(people), 1..=most).prop_map(|(people, count)| Rule::People(people, count))
        }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        (proptest::collection::vec(inner, 1..4), any::<bool>(), any::<proptest::sample::Index>())
            .prop_map(|(parts, distinct, count)| Rule::Of(count.index(parts.len()) + 1, parts, distinct))
    })
}

fn state(specs: &Arc<Specs>, people: &[&str]) -> GateState {
    let votes: Vec<(&str, Vote)> = people.iter().map(|who| (*who, Vote::Approved)).collect();
    let task = task();
    assess(specs, &said_by(specs, &task, &votes), super::NOW).state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_requirement_is_met_exactly_when_the_reference_says_so(
        rule in rule(),
        people in proptest::sample::subsequence(WHO.to_vec(), 0..=4),
    ) {
        let specs = specs(&format!("{{select: {{types: [deploy]}}, require: {}}}", rule.yaml()), &[]);
        let wanted = if rule.is_met(&people) { GateState::Approved } else { GateState::Pending };
        prop_assert_eq!(state(&specs, &people), wanted, "{} by {:?}", rule.yaml(), people);
    }

    /// More people who agree never make a request fail.
    #[test]
    fn one_more_yes_never_takes_an_approval_away(
        rule in rule(),
        people in proptest::sample::subsequence(WHO.to_vec(), 0..4),
        more in proptest::sample::select(WHO.to_vec()),
    ) {
        let specs = specs(&format!("{{select: {{types: [deploy]}}, require: {}}}", rule.yaml()), &[]);
        if state(&specs, &people) == GateState::Approved {
            let mut people = people;
            people.push(more);
            prop_assert_eq!(state(&specs, &people), GateState::Approved);
        }
    }
}
