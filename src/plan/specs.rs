//! What a catalog tells the planner.

use super::{OnDrift, Presence, SpecFacts, Waiver};
use crate::catalog::Catalog;
use crate::kinds::{Body, assignment};
use crate::model::{Kind, SpecId};

impl SpecFacts for Catalog {
    fn presence(&self, spec: &SpecId) -> Presence {
        if let Some(spec) = self.specs.get(spec) {
            return Presence::Read { digest: spec.digest(), file: spec.place.file.clone() };
        }
        let unread = self.specs.unread();
        // A file that nobody can read may hold it: that it is not to be seen proves nothing.
        if unread.ids.contains(spec) || !unread.files.is_empty() { Presence::Unread } else { Presence::Absent }
    }

    fn on_drift(&self, spec: &SpecId) -> OnDrift {
        let Some(Body::Assignment(assignment)) = self.specs.get(spec).map(|spec| &spec.body) else {
            return OnDrift::Task;
        };
        match assignment.on_drift {
            assignment::OnDrift::Warn => OnDrift::Warn,
            assignment::OnDrift::Enforce => OnDrift::Enforce,
            assignment::OnDrift::Task => OnDrift::Task,
        }
    }
}

/// The waivers of a catalog, in order of name.
pub fn waivers(catalog: &Catalog) -> Vec<Waiver> {
    let waiver = |spec: &std::sync::Arc<crate::kinds::Spec>| {
        let Body::Waiver(waiver) = &spec.body else { return None };
        Some(Waiver {
            id: spec.id.clone(),
            spec: waiver.matches.spec.as_ref().and_then(|link| link.id(None)),
            rule: waiver.rule(),
            subject: waiver.subject(),
            until: waiver.until.end(),
            reason: waiver.reason.as_str().into(),
        })
    };
    catalog.specs.of_kind(Kind::Waiver).filter_map(waiver).collect()
}
