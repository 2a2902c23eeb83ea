//! Alerts as OpenSLO v1 writes them. Their conditions say what burns too fast, in place of the default table; whom they would
//! notify is for others to read: Abide opens a task for the owner.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::level::Op;
use super::metric::{head, missing};
use super::period::{Lasting, Period};
use crate::diagnostic::{Problem, Span, Spanned, codes};
use crate::kinds::Shape;
use crate::kinds::common::{AnyMetadata, Link, Links, OpenSloMetadata};
use crate::model::Kind;

/// Defines something that is written where it is used, or referred to by a field of that name.
macro_rules! here_or_there {
    ($(#[$doc:meta])* $name:ident $kind:ident $shape:ident $field:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Its name, where it is a document of its own.
            #[serde(rename = $field)]
            pub reference: Option<Link>,
            /// Its kind, where it is written here.
            pub kind: Option<Spanned<String>>,
            /// Its name and labels, where it is written here.
            pub metadata: Option<OpenSloMetadata>,
            /// What it says, where it is written here.
            pub spec: Option<$shape>,
        }

        impl $name {
            fn links(&self, links: &mut Links) {
                self.reference.iter().for_each(|reference| links.bare(reference, Kind::$kind));
                self.spec.iter().for_each(|spec| spec.links(links));
            }

            fn check(&self, at: Span, problems: &mut Vec<Problem>) {
                let kind = Kind::$kind.title();
                let written = self.kind.is_some() || self.metadata.is_some() || self.spec.is_some();
                if let (Some(reference), true) = (&self.reference, written) {
                    let message = format!("{kind} is referred to or written here, not both");
                    problems.push(Problem::new(&codes::SPEC_EXCLUSIVE, reference.span(), message));
                }
                if self.reference.is_none() {
                    let fields = [("kind", self.kind.is_some()), ("metadata", self.metadata.is_some()), ("spec", self.spec.is_some())];
                    for (field, _) in fields.into_iter().filter(|(_, given)| !given) {
                        let why = format!("{kind} is referred to with `{}`, or has kind, metadata and spec", $field);
                        problems.push(missing(field, &why, at));
                    }
                }
                if let Some(other) = self.kind.as_ref().filter(|given| given.value != kind) {
                    let message = format!("expected kind {kind} here, found `{}`", other.value);
                    problems.push(Problem::new(&codes::SPEC_KIND, other.span, message).fix(format!("use `{kind}`")));
                }
                if let Some(metadata) = &self.metadata {
                    metadata.head(problems);
                }
                if let Some(spec) = &self.spec {
                    spec.check(at, problems);
                }
            }
        }
    };
}

here_or_there! {
    /// An alert policy, here or elsewhere.
    PolicyHere AlertPolicy AlertPolicy "alertPolicyRef"
}
here_or_there! {
    /// A condition, here or elsewhere.
    ConditionHere AlertCondition AlertCondition "conditionRef"
}
here_or_there! {
    /// Whom an alert reaches, here or elsewhere.
    TargetHere AlertNotificationTarget AlertNotificationTarget "targetRef"
}

/// An alert policy that a service level uses: its bare name, a reference, or all of it.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum PolicyUse {
    /// Its name.
    Name(Arc<str>),
    /// A reference, or all of it.
    Here(Box<PolicyHere>),
}

impl<'de> Deserialize<'de> for PolicyUse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = PolicyUse;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of an alert policy, `alertPolicyRef`, or a whole policy")
            }

            fn visit_str<E>(self, name: &str) -> Result<PolicyUse, E> {
                Ok(PolicyUse::Name(name.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<PolicyUse, A::Error> {
                PolicyHere::deserialize(MapAccessDeserializer::new(entries)).map(|here| PolicyUse::Here(Box::new(here)))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Spanned<PolicyUse> {
    /// Names what it refers to.
    pub(super) fn links(&self, links: &mut Links) {
        match &self.value {
            PolicyUse::Name(name) => links.bare(&Link::at(name.clone(), self.span), Kind::AlertPolicy),
            PolicyUse::Here(here) => here.links(links),
        }
    }

    /// Says what is wrong with it.
    pub(super) fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        if let PolicyUse::Here(here) = &self.value {
            here.check(at, problems);
        }
    }
}

/// When to alert, and whom.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AlertPolicy {
    /// What it is.
    pub description: Option<String>,
    /// Whether a source that answers and has no data opens a task. One that does not answer never does.
    #[serde(default)]
    pub alert_when_no_data: bool,
    /// Whether the end of a breach is worth an alert. The task of the breach closes then, and says so, either way.
    #[serde(default)]
    pub alert_when_resolved: bool,
    /// Whether a breach opens a task. Without it the level is shown as burning, and nobody is asked to mend it.
    #[serde(default)]
    pub alert_when_breaching: bool,
    /// When: exactly one condition.
    pub conditions: Vec<Spanned<ConditionHere>>,
    /// Whom it reaches.
    pub notification_targets: Option<Vec<Spanned<TargetHere>>>,
}

impl Shape for AlertPolicy {
    fn links(&self, links: &mut Links) {
        self.conditions.iter().for_each(|condition| condition.links(links));
        self.notification_targets.iter().flatten().for_each(|target| target.links(links));
    }

    fn check(&self, at: Span, problems: &mut Vec<Problem>) {
        match &self.conditions[..] {
            [] => problems.push(missing("conditions", "an alert policy has exactly one condition", at)),
            [_] => {}
            [_, second, ..] => {
                let message = "an alert policy has exactly one condition";
                let problem = Problem::new(&codes::SPEC_EXCLUSIVE, head(second.span), message);
                problems.push(problem.fix("make a policy of its own of each condition"));
            }
        }
        self.conditions.iter().for_each(|condition| condition.check(head(condition.span), problems));
        self.notification_targets.iter().flatten().for_each(|target| target.check(head(target.span), problems));
    }
}

/// One condition of an alert policy.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertCondition {
    /// What it is.
    pub description: Option<String>,
    /// How bad it is, in the words of whoever is alerted.
    pub severity: String,
    /// What must be the case.
    pub condition: Condition,
}

impl Shape for AlertCondition {}

/// What must be the case for an alert.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Condition {
    /// What is looked at.
    pub kind: ConditionKind,
    /// How it compares with the threshold.
    pub op: Op,
    /// The threshold.
    pub threshold: Spanned<f64>,
    /// Over how long it is looked at.
    pub lookback_window: Period,
    /// For how long it must last.
    #[serde(default)]
    pub alert_after: Lasting,
}

/// What an alert looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConditionKind {
    /// How fast the budget goes.
    Burnrate,
}

/// Whom an alert reaches.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertNotificationTarget {
    /// What it is.
    pub description: Option<String>,
    /// The kind of target: slack, email, pagerduty.
    pub target: String,
}

impl Shape for AlertNotificationTarget {}
