//! One policy that asks about one task, and how that stands at a moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::barred::Barred;
use super::voice::{From, SLACK, Voice, mended, overriding, voices};
use super::weigh::{Tree, is_asked, is_met, missing, refusal, tree};
use super::{ApprovalPolicy, Bind, Requirement, TimeoutVerdict};
use crate::kinds::{Spec, Specs};
use crate::model::{
    Approval, Ballot, Content, Digest, GateState, Place, Reason, SpecId, Task, Timestamp, Used, Vote, request_digest,
};

/// One policy that asks about one task.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// All specs: who is who.
    pub specs: &'a Specs,
    /// The policy, by name: an error budget policy asks too.
    pub id: &'a SpecId,
    /// What it asks.
    pub policy: &'a ApprovalPolicy,
    /// The task.
    pub task: &'a Task,
    spec: &'a Arc<Spec>,
}

/// How a request stands.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// The state.
    pub state: GateState,
    /// Why, where there is more to say.
    pub why: Option<String>,
    /// Everything that was said, whether it counts or not.
    pub voices: Vec<Voice>,
    /// When time alone may change the state.
    pub turns: Option<Timestamp>,
}

impl<'a> Request<'a> {
    /// What a spec asks about a task.
    pub fn new(specs: &'a Specs, spec: &'a Arc<Spec>, policy: &'a ApprovalPolicy, task: &'a Task) -> Self {
        Self { specs, id: &spec.id, policy, task, spec }
    }

    /// The digest of what the policy asks.
    pub fn version(&self) -> Digest {
        self.spec.meaning()
    }

    /// What a verdict in the task's row is about, which this policy sees there for the first time.
    pub fn about(&self, approval: &Approval) -> Content {
        let (task, now) = (self.task, self.task.content);
        task.record.as_ref().map_or(now, |record| record.about(self.id, approval, (task.created.minus(SLACK), now)))
    }

    /// Whether that is the policy as it reads: by what it asks, or, as in what was said before that was told apart, by its whole text.
    pub fn is_version(&self, version: Digest) -> bool {
        version == self.version() || version == self.spec.digest()
    }

    /// Whether that is what a yes must be said to.
    pub fn is_digest(&self, digest: Digest) -> bool {
        digest == self.digest() || digest == self.bound(self.task.content, self.spec.digest())
    }

    /// What a yes must be said to.
    pub fn digest(&self) -> Digest {
        self.digest_of(self.task.content)
    }

    /// What a yes was said to, where the task read so.
    pub fn digest_of(&self, content: Content) -> Digest {
        self.bound(content, self.version())
    }

    fn bound(&self, content: Content, version: Digest) -> Digest {
        // Where a yes is bound to the task whatever becomes of it, how the task reads is no part of it.
        let content = match self.policy.bind {
            Bind::Content => content.digest(),
            Bind::Task => Digest::of(""),
        };
        request_digest(&self.task.id, content, self.id, version)
    }

    /// Where the policy stands.
    pub fn place(&self) -> Place {
        self.spec.place.clone()
    }

    /// Who could say what is missing: roles and people of the parts that are not met.
    pub fn waits_on(&self, voices: &[Voice]) -> Vec<SpecId> {
        let yes: Vec<&Voice> = voices.iter().filter(|voice| voice.is_yes()).collect();
        let mut asked: Vec<SpecId> = self.policy.require.iter().flat_map(|require| missing(require, &yes)).collect();
        asked.sort();
        asked.dedup();
        asked
    }

    /// Since when it asks, as far as that is on record.
    pub fn asked(&self) -> Option<Timestamp> {
        Some(self.task.record.as_ref()?.asked_by(self.id)?.since)
    }

    /// How it stands now: of what has started, how it stood then.
    pub fn stands(&self, now: Timestamp) -> Assessed {
        if self.task.waits() { self.assess(now) } else { self.stood(now) }
    }

    /// How it stood when the task started; without a start, when it ended; without either, now. What was put on record since
    /// counts: somebody has looked at it.
    pub fn stood(&self, now: Timestamp) -> Assessed {
        let fixed = self.started();
        // It started no later than now, and not while it was still seen to wait, whatever its row says.
        let asked = self.task.record.as_ref().and_then(|record| record.asked_by(self.id));
        let waited = asked.filter(|_| self.began().is_none()).map(|asked| asked.stood);
        let as_of = match fixed {
            Some(at) if at <= now => waited.map_or(at, |waited| at.max(waited)),
            // What Abide has seen was there, whatever the clock shows now.
            Some(at) if self.task.started.is_none() && self.task.finished.is_none() => at,
            // What is still to come has not been, and would move on with every look.
            Some(_) => waited.unwrap_or(now),
            None => now,
        };
        let assessed = self.assess_with(as_of, now);
        let assessed = Assessed { turns: assessed.turns.filter(|_| fixed.is_none()), ..assessed };
        if assessed.state == GateState::Overridden {
            let no = self.refused_since(&assessed, now);
            return no.map_or(assessed.clone(), |why| Assessed {
                state: GateState::Rejected,
                why: Some(why),
                ..assessed
            });
        }
        match self.used().filter(|_| !assessed.state.is_open()) {
            Some(used) => self.since_its_start(assessed, used, now),
            None => assessed,
        }
    }

    /// That somebody who is asked said no since it started, if so. Where it did by a broken glass, whoever broke that is not asked.
    fn refused_since(&self, assessed: &Assessed, now: Timestamp) -> Option<String> {
        let require = self.policy.require.as_ref()?;
        let glass = overriding(self.task, self.id, now);
        let since = self.started().into_iter().chain(glass.map(|glass| glass.at)).max()?;
        let no = |voice: &&Voice| voice.is_no() || voice.is_late_no(now);
        let is_since = |voice: &&Voice| voice.at.is_some_and(|at| at > since);
        let is_other = |voice: &&Voice| glass.is_none_or(|glass| !voice.is_of(&glass.by));
        let mut refusals = assessed.voices.iter().filter(no).filter(is_since).filter(is_other);
        refusals.find(|voice| is_asked(require, voice)).map(|no| format!("{} said no since", no.who()))
    }

    /// How it stands where the task had its yes when it started, and has not enough of them now: it had them, unless somebody has said no
    /// since, or somebody who agreed does it now.
    fn since_its_start(&self, assessed: Assessed, used: &Used, now: Timestamp) -> Assessed {
        if used.state == GateState::Overridden {
            let why = self.refused_since(&assessed, now);
            let state = if why.is_some() { GateState::Rejected } else { used.state };
            return Assessed { state, why, ..assessed };
        }
        let is_asked = |voice: &&Voice| self.policy.require.as_ref().is_some_and(|require| is_asked(require, voice));
        let mut refusals =
            assessed.voices.iter().filter(|voice| voice.is_no() || voice.is_late_no(now)).filter(is_asked);
        if let Some(no) = refusals.next() {
            let why = Some(format!("{} said no since", no.who()));
            return Assessed { state: GateState::Rejected, why, ..assessed };
        }
        let hands = Task { author: None, labels: BTreeMap::new(), ..self.task.clone() };
        let barred = Barred::of(self.specs, self.policy, &hands);
        let agreed = |voice: &&Voice| voice.vote == Vote::Approved;
        let own = assessed.voices.iter().filter(agreed).find_map(|voice| barred.why(voice.by.as_ref()?));
        match own {
            Some(why) => Assessed { why: Some(why.to_string()), ..assessed },
            None => Assessed { state: used.state, why: None, ..assessed },
        }
    }

    /// That the task, as it reads, has started with what this asks for, whatever it asks for now.
    pub fn used(&self) -> Option<&Used> {
        let is_same = |used: &&Used| self.policy.bind == Bind::Task || used.content.is_same_work(&self.task.content);
        self.began().filter(|used| used.state.is_open()).filter(is_same)
    }

    /// This start of the task as far as it is on record, however the request stood then.
    pub fn began(&self) -> Option<&Used> {
        let used = self.task.record.as_ref()?.asked_by(self.id)?.used.as_ref()?;
        Some(used).filter(|used| self.task.started == used.started)
    }

    /// Whether its start is to be put on record, where the request stands so: once with what it asks for, and before that once
    /// without, where nothing else tells when it was.
    pub fn is_start_untold(&self, state: GateState) -> bool {
        match state.is_open() {
            true => self.used().is_none(),
            false => self.task.started.is_none() && self.began().is_none(),
        }
    }

    /// When the task started. Where its row does not tell, it was no later than it ended, and than it was first seen to have.
    pub fn started(&self) -> Option<Timestamp> {
        let seen = self.began().map(|used| used.at);
        self.task.started.or_else(|| [self.task.finished, seen].into_iter().flatten().min())
    }

    /// How it stands at a moment.
    pub fn assess(&self, as_of: Timestamp) -> Assessed {
        self.assess_with(as_of, as_of)
    }

    fn assess_with(&self, as_of: Timestamp, recorded: Timestamp) -> Assessed {
        let voices = voices(self, as_of, recorded);
        let (state, why) = self.state(&voices, as_of);
        let turns = self.turns(&voices, as_of);
        Assessed { state, why, voices, turns }
    }

    /// Whether those who are asked, and did not break the glass themselves, have looked at it since somebody did. That they did so
    /// at a time stands, whatever runs out afterwards; that nobody did so in time is no look.
    pub fn is_reviewed(&self, glass: &Ballot, now: Timestamp) -> bool {
        let known = |voice: &Voice| voice.at.or_else(|| self.first_seen(voice));
        let is_since = |voice: &Voice| known(voice).is_none_or(|at| at > glass.at) && !voice.is_of(&glass.by);
        let said = voices(self, now, now).into_iter().filter_map(|voice| voice.at);
        let mut looks = said.chain([glass.at]).filter(|at| (glass.at..=now).contains(at));
        looks.any(|at| {
            let mut voices = voices(self, at, at);
            voices.retain(is_since);
            self.heard(&voices).is_some()
        })
    }

    /// When a verdict was first seen in the task's row, which may not tell when it was given.
    fn first_seen(&self, voice: &Voice) -> Option<Timestamp> {
        let From::Row(role) = &voice.from else { return None };
        let approval = self.task.approvals.iter().find(|approval| approval.role == *role)?;
        self.task.record.as_ref()?.first_seen(approval)
    }

    /// What has been said to each part of it.
    pub fn tree(&self, voices: &[Voice]) -> Option<Tree> {
        let yes: Vec<&Voice> = voices.iter().filter(|voice| voice.is_yes()).collect();
        self.policy.require.as_ref().map(|require| tree(require, &yes))
    }

    fn state(&self, voices: &[Voice], as_of: Timestamp) -> (GateState, Option<String>) {
        let glass = overriding(self.task, self.id, as_of).filter(|it| it.expires.is_none_or(|ends| as_of < ends));
        let mended = glass.and_then(|glass| mended(self, glass));
        if let (Some(glass), None) = (glass, &mended) {
            let reason = glass.reason.as_deref().unwrap_or("no reason given");
            return (GateState::Overridden, Some(format!("{} broke the glass: {reason}", glass.by)));
        }
        if let Some(why) = self.policy.windows.as_ref().and_then(|windows| windows.closed(as_of)) {
            return (GateState::Closed, Some(why));
        }
        let (state, why) = self.weighed(voices, as_of);
        (state, why.or_else(|| mended.map(|mended| mended.words)))
    }

    /// What was said comes to, once it comes to anything. Where enough have agreed, a no beside them changes nothing.
    fn heard(&self, voices: &[Voice]) -> Option<(GateState, Option<String>)> {
        let Some(require) = &self.policy.require else { return Some((GateState::Approved, None)) };
        let yes: Vec<&Voice> = voices.iter().filter(|voice| voice.is_yes()).collect();
        if is_met(require, &yes) {
            return Some((GateState::Approved, None));
        }
        refusal(require, voices).map(|no| (GateState::Rejected, Some(format!("{} said no", no.who()))))
    }

    fn weighed(&self, voices: &[Voice], as_of: Timestamp) -> (GateState, Option<String>) {
        if let Some(heard) = self.heard(voices) {
            return heard;
        }
        if let Some(lapsed) = self.policy.require.as_ref().and_then(|require| lapsed(require, voices)) {
            return lapsed;
        }
        // Whoever said no has answered, though it has run out.
        let has_answered = |voice: &Voice| {
            voice.vote == Vote::Rejected && voice.fault.as_ref().is_some_and(|fault| fault.reason == Reason::Expired)
        };
        match self.timed_out(as_of) {
            Some((TimeoutVerdict::Allow, _)) if voices.iter().any(has_answered) => (GateState::Pending, None),
            Some((TimeoutVerdict::Allow, why)) => (GateState::Approved, Some(why)),
            Some((TimeoutVerdict::Deny, why)) => (GateState::Rejected, Some(why)),
            None => (GateState::Pending, None),
        }
    }

    /// What counts as said since nobody has answered for so long.
    fn timed_out(&self, as_of: Timestamp) -> Option<(TimeoutVerdict, String)> {
        let asked = self.asked()?;
        let past = self.policy.timeout.iter().filter(|step| asked.plus(*step.after) <= as_of);
        let last = past.filter_map(|step| Some((step.verdict?, *step.after))).max_by_key(|(_, after)| *after)?;
        Some((last.0, format!("nobody has answered within {}", last.1)))
    }

    /// When time alone may change how it stands.
    fn turns(&self, voices: &[Voice], as_of: Timestamp) -> Option<Timestamp> {
        let steps = self
            .asked()
            .into_iter()
            .flat_map(|asked| self.policy.timeout.iter().map(move |step| asked.plus(*step.after)));
        let glass = overriding(self.task, self.id, as_of).and_then(|glass| glass.expires);
        let later = self.task.record.iter().flat_map(|record| &record.ballots).map(|ballot| ballot.at);
        let given = self.task.approvals.iter().filter_map(|approval| approval.at);
        let voices = voices.iter().filter_map(|voice| voice.turns);
        let windows = self.policy.windows.as_ref().and_then(|windows| windows.turns(as_of));
        steps.chain(glass).chain(later).chain(given).chain(voices).chain(windows).filter(|at| *at > as_of).min()
    }
}

/// That it would be met by what has run out or was said to something else.
fn lapsed(require: &Requirement, voices: &[Voice]) -> Option<(GateState, Option<String>)> {
    let state = |reason| match reason {
        Reason::Expired => Some(GateState::Expired),
        Reason::Changed => Some(GateState::Void),
        _ => None,
    };
    let lapsed = |voice: &Voice| state(voice.fault.as_ref()?.reason);
    let counting = |voice: &&Voice| voice.vote == Vote::Approved && (voice.fault.is_none() || lapsed(voice).is_some());
    let yes: Vec<&Voice> = voices.iter().filter(counting).collect();
    let first = yes.iter().find_map(|voice| Some((lapsed(voice)?, voice.fault.as_ref()?.words.clone())));
    let (state, why) = first?;
    is_met(require, &yes).then_some((state, Some(why)))
}
