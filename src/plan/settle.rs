//! What becomes of an open task whose drift was not found: it closes only on positive evidence.

use std::collections::BTreeMap;

use crate::model::{Action, CaseVerdict, CloseReason, Standing, Step, Subject};

use super::draft::{RULE, SPEC, WORLD, differ};
use super::rename::Known;
use super::{Pass, Presence};

impl Pass<'_> {
    /// The step that an open task without drift calls for, if any.
    pub(super) fn settle(&self, known: &Known<'_>) -> Option<Step> {
        let reason = match self.input.verdicts.cases.get(&known.case) {
            Some(CaseVerdict::Judged { findings, .. }) => self.evidence(known, findings),
            Some(CaseVerdict::Unknown(_)) => None,
            None => self.unasked(known),
        };
        reason.map(|reason| self.close(known, reason)).or_else(|| self.rename(known))
    }

    /// Why a task may close whose case was judged: every subject that it lists is gone or clean.
    fn evidence(&self, known: &Known<'_>, findings: &BTreeMap<Subject, Standing>) -> Option<CloseReason> {
        if !self.undecided(known).is_empty() {
            return None;
        }
        let listed = known.subjects();
        let gone = |subject| matches!(findings.get(subject), Some(Standing::Gone));
        if !listed.is_empty() && listed.iter().all(gone) {
            return Some(CloseReason::Gone);
        }
        // A pass over this very revision saw the drift: whatever changed since then, it was not the spec.
        let seen_here =
            self.input.ledger.accepted.as_ref().is_some_and(|(accepted, _)| accepted == self.input.revision);
        Some(if self.is_changed(known) && !seen_here { CloseReason::SpecChanged } else { CloseReason::Mended })
    }

    /// Why a task may close whose case nobody asks about any more: its spec is gone, or no longer wants it.
    fn unasked(&self, known: &Known<'_>) -> Option<CloseReason> {
        match known.case.spec.as_ref().map(|spec| self.input.specs.presence(spec)) {
            Some(Presence::Unread) => None,
            Some(Presence::Absent) => Some(CloseReason::Withdrawn),
            Some(Presence::Read { .. }) | None => Some(CloseReason::SpecChanged),
        }
    }

    /// Closes a task. Where its row says already that it is done, that claim is verified.
    pub(super) fn close(&self, known: &Known<'_>, reason: CloseReason) -> Step {
        let mut remediation = self.recorded(known);
        remediation.changed = match reason {
            CloseReason::Mended | CloseReason::Gone => WORLD,
            CloseReason::Withdrawn | CloseReason::Waived => SPEC,
            CloseReason::SpecChanged if self.is_changed(known) => SPEC,
            CloseReason::SpecChanged => RULE,
        };
        Step { action: Action::Close(reason), remediation }
    }

    fn is_changed(&self, known: &Known<'_>) -> bool {
        match known.case.spec.as_ref().map(|spec| self.input.specs.presence(spec)) {
            Some(Presence::Read { digest, .. }) => differ(known.record.spec_digest, Some(digest)),
            Some(Presence::Absent | Presence::Unread) | None => false,
        }
    }
}
