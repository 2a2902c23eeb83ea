//! The engine: takes events one by one, and makes a pass when there is reason to.

use std::sync::{Arc, Mutex};

use rustc_hash::FxHashMap;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::{debug, info, warn};

use super::chance::{Chance, SystemChance};
use super::event::Event;
use super::pass::{Pass, Wanted, pass};
use super::specs::{Looked, SpecReader, Which};
use super::{Clock, EngineError, State};
use crate::catalog::Catalog;
use crate::evidence::{Evidence, Moved};
use crate::kinds::approval::Gates;
use crate::model::{Action, Digest, Duration, Epoch, Ledger, Policy, Sample, SpecId, Spent, Subject, Timestamp};
use crate::schedule::Backoff;
use crate::store::{Refusal, StoreError, TaskStore};

/// How long a lease lasts unless renewed; a leader renews it well before.
const LEASE: Duration = Duration::from_secs(15);

/// How often a plan is made anew when the world moved while it was made.
const TRIES: usize = 3;

/// How long to leave alone what is away: a moment at first, half a minute at most.
const RETRY: Backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30));

/// What an engine is made of. Everything that touches the world is a port.
pub struct Parts {
    /// Reads the specs.
    pub specs: SpecReader,
    /// Holds the tasks.
    pub store: Arc<dyn TaskStore>,
    /// Answers questions.
    pub evidence: Arc<dyn Evidence>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The limits and the owner of what nobody owns.
    pub policy: Policy,
    /// Who this is among those who may lead.
    pub holder: String,
    /// How often a remote repository and silent questions are looked at again.
    pub poll: Duration,
}

/// Reconciles, one event after another.
pub struct Engine {
    pub(super) specs: Arc<Mutex<SpecReader>>,
    pub(super) store: Arc<dyn TaskStore>,
    evidence: Arc<dyn Evidence>,
    pub(super) clock: Arc<dyn Clock>,
    policy: Policy,
    holder: String,
    pub(super) poll: Duration,
    state: State,
    /// What the daemon looked at last; nothing before its first pass.
    pub(super) last: Option<Standing>,
    lease: Option<(Epoch, Timestamp)>,
    /// The samples that were kept last, so that the store is not asked to keep what it has.
    kept: FxHashMap<(SpecId, Subject), Sample>,
    /// What was complained of last, so that it is said once and not every second.
    complaint: Option<String>,
    /// Whether it was said that the clock has gone back.
    pub(super) is_back_said: bool,
    /// How many turns in a row have failed, and until when to leave the world alone after that.
    failures: u32,
    rest: Option<Timestamp>,
    /// When work was last given back whose holders are lost.
    pub(super) swept: Option<Timestamp>,
    /// What could not be given back then, which was said.
    pub(super) stuck: Vec<Refusal>,
    /// The policies of the specs that were used last.
    pub(super) gates: Option<(Arc<Catalog>, Gates)>,
    /// By which policies all requests were last weighed, and what was short of budget then.
    pub(super) weighed: Option<Digest>,
    pub(super) spent: Option<Spent>,
    /// What is being done in the store while the engine goes on.
    pub(super) under_way: JoinSet<()>,
    /// Where what nobody can guess comes from.
    pub(super) chance: Arc<dyn Chance>,
}

/// Where the daemon stands after a pass.
pub(super) struct Standing {
    pub(super) looked: Looked,
    pub(super) ledger: Arc<Ledger>,
    due: Option<Timestamp>,
    retried: Timestamp,
}

impl Engine {
    /// An engine of these parts.
    pub fn new(parts: Parts) -> Self {
        let Parts { specs, store, evidence, clock, policy, holder, poll } = parts;
        let specs = Arc::new(Mutex::new(specs));
        let state = State::default();
        Self {
            specs,
            store,
            evidence,
            clock,
            policy,
            holder,
            poll,
            state,
            last: None,
            lease: None,
            kept: FxHashMap::default(),
            complaint: None,
            is_back_said: false,
            failures: 0,
            rest: None,
            swept: None,
            stuck: Vec::new(),
            gates: None,
            weighed: None,
            spent: None,
            under_way: JoinSet::new(),
            chance: Arc::new(SystemChance),
        }
    }

    /// Takes events until told to stop or until nobody is left to send any. Gives the lease back at the end.
    pub async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        let mut next = None;
        loop {
            let event = match next.take() {
                Some(event) => event,
                None => match events.recv().await {
                    Some(event) => gather(event, &mut events, &mut next),
                    None => break,
                },
            };
            match event {
                Event::Stop => break,
                Event::Tick => self.turn(false).await,
                Event::Hint => self.turn(true).await,
                Event::Plan(which, at, reply) => answer(reply, self.foresee(&which, at).await),
                Event::Reconcile(at, reply) => answer(reply, self.reconcile(at).await),
                Event::Apply(command, by, reply) => answer(reply, self.apply(*command, &by).await),
                Event::Claim(ask, reply) => self.hand_out(ask, reply).await,
                Event::Say(saying, reply) => answer(reply, self.say(*saying).await),
                Event::Requests(sought, reply) => answer(reply, self.requests(&sought).await),
                Event::Entrust(agent, until, by, reply) => answer(reply, self.entrust(agent, until, &by).await),
                Event::Agents(reply) => answer(reply, self.agents().await),
                Event::Story(task, reply) => answer(reply, self.store.story(&task).await.map_err(EngineError::from)),
                Event::Audit(wanted, reply) => {
                    answer(reply, self.store.audit(&wanted).await.map_err(EngineError::from))
                }
                Event::History(spec, since, reply) => {
                    answer(reply, self.store.history(&spec, since).await.map_err(EngineError::from));
                }
                Event::List(filter, reply) => answer(reply, self.store.list(&filter).await.map_err(EngineError::from)),
                Event::Unread(filter, reply) => {
                    answer(reply, self.store.unread(&filter).await.map_err(EngineError::from));
                }
                Event::Ledger(reply) => answer(reply, self.store.ledger().await.map_err(EngineError::from)),
                Event::Examine(reply) => answer(reply, self.store.examine().await.map_err(EngineError::from)),
            }
        }
        while self.under_way.join_next().await.is_some() {}
        if let Some((epoch, _)) = self.lease.take()
            && let Err(error) = self.store.resign(epoch).await
        {
            warn!(%error, "the lease could not be given back; it ends by itself");
        }
    }

    /// What a pass would do, and what of the live table does not fit. Writes nothing.
    async fn plan(&self, which: &Which, at: Option<Timestamp>) -> Result<Pass, EngineError> {
        let now = at.unwrap_or_else(|| self.clock.now());
        let ledger = self.store.ledger().await?;
        let looked = self.look(which, &ledger, now).await?;
        let mut state = State::default();
        let about = (ledger, &self.policy);
        let made = pass(&mut state, &looked, about, &*self.evidence, (Wanted::Everything, now)).await;
        Ok(Pass { answers: Some(Arc::new(state.answers)), misfit: self.evidence.misfit(), ..made })
    }

    /// The same for those who only look: what the live table refused in the last pass is said to wait.
    async fn foresee(&self, which: &Which, at: Option<Timestamp>) -> Result<Pass, EngineError> {
        let made = self.plan(which, at).await?;
        Ok(Pass { plan: Arc::new(made.plan.doubting(&made.ledger.refused)), ..made })
    }

    /// Makes a pass and carries it out; made anew where the world moved in between.
    async fn reconcile(&mut self, at: Option<Timestamp>) -> Result<Pass, EngineError> {
        let epoch = self.lead().await?;
        let mut made = self.plan(&Which::Head, at).await?;
        for _ in 1..TRIES {
            match self.carry_out(&mut made, epoch).await {
                Ok(()) => break,
                Err(StoreError::Stale(_)) => made = self.plan(&Which::Head, at).await?,
                Err(error) => return Err(error.into()),
            }
        }
        if made.outcome.is_none() {
            self.carry_out(&mut made, epoch).await?;
        }
        self.keep(&made, epoch).await;
        self.weigh_all(&made, epoch).await?;
        Ok(made)
    }

    /// Keeps the figures that a pass judged by, of each target one an hour; none of a time that is still to come. They are for
    /// those who look back: a pass that was carried out does not fail for want of them.
    async fn keep(&mut self, pass: &Pass, epoch: Epoch) {
        let now = self.clock.now();
        let key = |sample: &Sample| (sample.spec.clone(), sample.subject.clone());
        let is_new = |sample: &&Sample| {
            let kept = self.kept.get(&key(sample));
            sample.at <= now && kept.is_none_or(|kept| kept.hour() != sample.hour() && sample.differs(kept))
        };
        let new: Vec<Sample> = pass.samples.iter().filter(is_new).cloned().collect();
        if new.is_empty() {
            return;
        }
        match self.store.keep(&new, epoch, now).await {
            Ok(_) => self.kept.extend(new.into_iter().map(|sample| (key(&sample), sample))),
            Err(error) => warn!(%error, "the figures of service levels are not kept for looking back"),
        }
    }

    async fn lead(&mut self) -> Result<Epoch, StoreError> {
        let now = self.clock.now();
        if let Some((epoch, until)) = self.lease
            && now.plus(LEASE.scaled(1, 2)) < until
        {
            return Ok(epoch);
        }
        let epoch = self.store.lead(&self.holder, now, LEASE).await?;
        self.lease = Some((epoch, now.plus(LEASE)));
        Ok(epoch)
    }

    /// Carries the plan of a pass out. What the live table refused waits from then on.
    async fn carry_out(&self, pass: &mut Pass, epoch: Epoch) -> Result<(), StoreError> {
        let outcome = self.store.commit(&pass.plan, epoch).await?;
        if !outcome.undone.is_empty() {
            pass.plan = Arc::new(pass.plan.but_for(&outcome.undone));
        }
        pass.outcome = Some(outcome);
        for step in &pass.plan.steps {
            let remediation = &step.remediation;
            let action = step.action.word();
            let reason = match &step.action {
                Action::Close(reason) => reason.word(),
                Action::Reopen { why } => why.as_str(),
                _ => remediation.code.word(),
            };
            info!(action, fingerprint = %remediation.fingerprint, severity = %remediation.severity, reason, "{}", remediation.title);
        }
        Ok(())
    }

    /// The limits and the owner of what nobody owns.
    pub(super) const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// One turn of the daemon. What fails is said once and tried again at the next turn.
    async fn turn(&mut self, hinted: bool) {
        if self.rest.is_some_and(|until| self.clock.now() < until) {
            return;
        }
        match self.try_turn(hinted).await {
            Ok(None) => {}
            Ok(Some(made)) => {
                self.failures = 0;
                self.rest = None;
                // What does not fit is unknown until somebody mends it, and what is refused waits; everything else goes on.
                let misfit = self.evidence.misfit().map(|misfit| misfit.to_string());
                self.complain(misfit.or_else(|| made.undone().next().map(str::to_owned)));
                let plan = &made.plan;
                let (drifts, steps, held) = (plan.drifts.len(), plan.steps.len(), plan.held.len());
                debug!(revision = %plan.basis.revision, drifts, steps, held, unknown = plan.unknown.len(), "pass");
            }
            Err(EngineError::Store(StoreError::Stale(why))) => {
                debug!(why, "the world moved while a pass was made; making it anew");
                self.last = None;
            }
            Err(error) => {
                // After a failure nothing that was known can be relied on.
                self.last = None;
                self.lease = None;
                self.failures = self.failures.saturating_add(1);
                self.rest = Some(RETRY.due(self.clock.now(), self.failures));
                self.complain(Some(error.to_string()));
            }
        }
    }

    fn complain(&mut self, complaint: Option<String>) {
        if self.complaint != complaint {
            match &complaint {
                Some(text) => warn!("cannot reconcile all: {}; trying again", text.trim_end_matches('.')),
                None => info!("reconciling again"),
            }
            self.complaint = complaint;
        }
    }

    async fn try_turn(&mut self, hinted: bool) -> Result<Option<Pass>, EngineError> {
        let now = self.clock.now();
        let epoch = self.lead().await?;
        self.sweep(now).await?;
        let mut moved = self.evidence.moved(now).await;
        // What Abide corrected is remembered for as long as the task is open, whether a rule still asks about it or not.
        moved.ledger |=
            self.last.as_ref().is_some_and(|last| moved.touches_any(last.ledger.enforced.keys().map(|it| &it.task)));
        let ledger = match &self.last {
            Some(last) if !moved.touches_ledger() => last.ledger.clone(),
            _ => Arc::new(self.store.ledger().await?),
        };
        let looked = self.follow(&ledger, hinted, now).await?;
        let (wanted, retried) = self.wanted(&looked, &mut moved, &ledger, now);
        let touched = moved.tasks();
        let Some(wanted) = wanted else {
            self.last.iter_mut().for_each(|last| last.retried = retried);
            self.weigh_moved(&looked, touched, (now, epoch)).await?;
            return Ok(None);
        };
        let due = crate::plan::due(&ledger, &crate::plan::waivers(&looked.catalog), now);
        let mut state = std::mem::take(&mut self.state);
        let about = (Ledger::clone(&ledger), &self.policy);
        let mut made = pass(&mut state, &looked, about, &*self.evidence, (wanted, now)).await;
        self.state = state;
        self.carry_out(&mut made, epoch).await?;
        self.keep(&made, epoch).await;
        if looked.doubt.is_none() {
            let spent = self.short(&looked.catalog, &self.state.answers, &ledger, now);
            self.weigh(&looked.catalog, touched, (Some(spent), Some(epoch))).await?;
        }
        // Nothing tells when the table takes what it has refused.
        let again = made.undone().next().map(|_| now.plus(self.poll));
        let due = [self.state.verdicts.due(), due, again].into_iter().flatten().min();
        self.last = Some(Standing { looked, ledger, due, retried });
        Ok(Some(made))
    }

    /// What the turn must look at, if anything, and when silent questions were last asked again.
    fn wanted(
        &mut self,
        looked: &Looked,
        moved: &mut Moved,
        ledger: &Ledger,
        now: Timestamp,
    ) -> (Option<Wanted>, Timestamp) {
        let Some(last) = &self.last else { return (Some(Wanted::Everything), now) };
        let retry = now.since(last.retried) >= self.poll;
        let retried = if retry { now } else { last.retried };
        let same_specs = Arc::ptr_eq(&last.looked.catalog, &looked.catalog);
        // The code beside the specs is of the same commit.
        moved.code.extend((!same_specs).then_some(None));
        let is_due = last.due.is_some_and(|due| due <= now);
        let written = moved.touches_ledger() || moved.heartbeats || !moved.rows.is_empty();
        let quiet = moved.metrics.is_empty() && moved.code.is_empty() && !moved.branches;
        if same_specs && !is_due && !retry && !written && quiet {
            return (None, retried);
        }
        let wanted = match self.state.follow(moved, ledger, retry, now) {
            Wanted::Cases { again, .. } if !same_specs => Some(Wanted::Specs { again }),
            // What moved answers no question, and no task of Abide's own is other than it was.
            Wanted::Cases { cases, .. } if cases.is_empty() && !is_due && !moved.touches_ledger() => None,
            wanted => Some(wanted),
        };
        (wanted, retried)
    }
}

/// Lets ticks and hints that have piled up run together; what comes after them is put into `next`.
fn gather(first: Event, events: &mut mpsc::Receiver<Event>, next: &mut Option<Event>) -> Event {
    let mut gathered = first;
    while matches!(gathered, Event::Tick | Event::Hint) {
        match events.try_recv() {
            Ok(Event::Hint) => gathered = Event::Hint,
            Ok(Event::Tick) => {}
            Ok(other) => {
                *next = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    gathered
}

pub(super) fn answer<T>(reply: super::Reply<T>, result: Result<T, EngineError>) {
    // Whoever asked may have gone; then nobody misses the answer.
    drop(reply.send(result));
}
