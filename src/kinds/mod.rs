//! The kinds of spec, one folder each: what it looks like, what it asks, how it is judged, its tests.
//!
//! To add a kind: add a folder, a line to `shapes!` and, where it is judged, its rules to [`RULES`].

pub mod agent;
pub mod approval;
pub mod assignment;
mod case;
pub mod common;
pub mod decision;
mod document;
pub mod role;
mod rule;
pub mod slo;
mod specs;
pub mod waiver;

pub use case::{Asked, Case, Findings, Seen};
pub use document::{Document, Identity, read, read_ranged};
pub use rule::{RULES, RuleDef};
pub use specs::{Assigned, Specs, Unread};

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use crate::diagnostic::{Problem, Span};
use crate::model::{Digest, Kind, Place, SpecId};
use crate::yaml;
use common::{Head, Links};

/// What the `spec:` of a kind looks like. Decoding checks types; `check` what no type can hold.
pub trait Shape: DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// Names every spec that this one refers to.
    fn links(&self, _links: &mut Links) {}

    /// Says what is wrong although every field has its type. `at` is the place of the `spec:` as a whole.
    fn check(&self, _at: Span, _problems: &mut Vec<Problem>) {}
}

/// One readable spec.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its identity.
    pub id: SpecId,
    /// Name, title, labels, owner.
    pub head: Head,
    /// The line on which it begins.
    pub place: Place,
    /// What it says.
    pub body: Body,
    /// The text of its file, shared by all specs of the file.
    pub source: Arc<str>,
    /// The part of the text that is this spec.
    pub range: Range<usize>,
    digest: OnceLock<Digest>,
    meaning: OnceLock<Digest>,
}

impl Spec {
    /// The digest of its text: whether somebody changed it.
    pub fn digest(&self) -> Digest {
        *self.digest.get_or_init(|| Digest::of(self.source.get(self.range.clone()).unwrap_or_default()))
    }

    /// The digest of what it says under `spec`, whatever it is called, however it is written and whatever beside it comments on it.
    pub fn meaning(&self) -> Digest {
        let said = || {
            let documents = yaml::parse(&self.source).documents;
            let own = documents.iter().find(|node| node.span.range(self.source.len()) == self.range)?;
            Some(Digest::of(yaml::node_to_json(own.get("spec")?).ok()?))
        };
        *self.meaning.get_or_init(|| said().unwrap_or_else(|| self.digest()))
    }

    /// Its title, or else its identity.
    pub fn title(&self) -> String {
        self.head.title.clone().unwrap_or_else(|| self.id.to_string())
    }
}

macro_rules! shapes {
    ($($kind:ident $metadata:ident $shape:ty),+ $(,)?) => {
        /// What a spec says, by kind.
        #[derive(Debug, Clone)]
        #[allow(missing_docs, reason = "each variant is the kind of that name")]
        pub enum Body { $($kind(Box<$shape>)),+ }

        impl Body {
            /// Which kind it is.
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$kind(_) => Kind::$kind),+ }
            }

            /// Names every spec that this one refers to.
            pub fn links(&self, links: &mut Links) {
                match self { $(Self::$kind(shape) => shape.links(links)),+ }
            }
        }

        fn read_as(kind: Kind, reader: &mut document::Reader<'_, '_>) -> Option<(Head, Body)> {
            match kind {
                $(Kind::$kind => reader.read::<common::$metadata, $shape>().map(|(head, shape)| (head, Body::$kind(Box::new(shape)))),)+
            }
        }

        /// The JSON Schema of a kind's whole document.
        pub fn schema_of(kind: Kind, generator: &mut SchemaGenerator) -> Schema {
            match kind { $(Kind::$kind => document::schema::<common::$metadata, $shape>(kind, generator)),+ }
        }
    };
}

shapes! {
    Slo OpenSloMetadata slo::Slo,
    Sli OpenSloMetadata slo::Sli,
    Service OpenSloMetadata slo::Service,
    DataSource OpenSloMetadata slo::DataSource,
    AlertPolicy OpenSloMetadata slo::AlertPolicy,
    AlertCondition OpenSloMetadata slo::AlertCondition,
    AlertNotificationTarget OpenSloMetadata slo::AlertNotificationTarget,
    ErrorBudgetPolicy Metadata slo::ErrorBudgetPolicy,
    Decision Metadata decision::Decision,
    Repository Metadata decision::Repository,
    Role Metadata role::Role,
    Agent Metadata agent::Agent,
    Assignment Metadata assignment::Assignment,
    AgentPool Metadata agent::AgentPool,
    ApprovalPolicy Metadata approval::ApprovalPolicy,
    Approval Metadata approval::Approval,
    Waiver Metadata waiver::Waiver,
}
