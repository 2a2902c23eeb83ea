//! Who agrees to what: policies of the specs in force, held against tasks and what is on record of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use tracing::{info, warn};

use super::chance::hex;
use super::turn::Engine;
use super::{EngineError, Looked, Pass, roster};
use crate::catalog::Catalog;
use crate::diagnostic::nearest;
use crate::kinds::approval::{Assessed, Gates, NAMESPACE, Payload, Request, Tree, Word, hear, reason_of};
use crate::kinds::slo::budgets;
use crate::model::{
    ABIDE, Answers, Denial, Digest, Epoch, Kind, Ledger, Name, Reason, Said, Signer, SpecId, Spent, Task, TaskId,
    TaskStatus, Timestamp, Vote,
};
use crate::signature;
use crate::store::{Applied, Cast, Command, Filter, Proof, Stands, StoreError, Weighing};

/// What somebody says of a task that needs a yes.
#[derive(Debug, Clone, PartialEq)]
pub struct Saying {
    /// Of which task.
    pub task: TaskId,
    /// To which policy; to every one that asks them, unless given.
    pub policy: Option<SpecId>,
    /// What.
    pub said: Said,
    /// Who: the name of an agent.
    pub by: Arc<str>,
    /// What shows that it is them.
    pub credential: Credential,
    /// The digest of what they have seen; what there is now, unless given.
    pub seen: Option<Digest>,
    /// Makes it count once; made up unless given.
    pub nonce: Option<Arc<str>>,
    /// Until when it holds.
    pub expires: Option<Timestamp>,
    /// Why.
    pub reason: Option<Arc<str>>,
}

/// What shows who somebody is.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    Nothing,
    /// A token that they were given.
    Token(String),
    /// A signature, by a key of theirs, of [`Payload::text`].
    Key(String),
}

impl std::fmt::Debug for Credential {
    /// A token is never printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Token(_) => "Token",
            Self::Key(_) => "Key",
        })
    }
}

/// Which requests are sought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sought {
    /// Those about this task, whatever has become of it; about open tasks unless given.
    pub task: Option<TaskId>,
    /// Only those that this person may say yes to now.
    pub whom: Option<Arc<str>>,
}

/// One request, as it stands.
#[derive(Debug, Clone)]
pub struct Requested {
    /// The task.
    pub task: Arc<Task>,
    /// The policy that asks.
    pub policy: SpecId,
    /// The file and the line where it stands.
    pub place: crate::model::Place,
    /// What a yes must be said to.
    pub digest: Digest,
    /// Since when it asks, as far as that is on record.
    pub asked: Option<Timestamp>,
    /// How it stands.
    pub assessed: Assessed,
    /// What is required, and what of it is met; nothing where only the calendar decides.
    pub tree: Option<Tree>,
    /// Who could say what is missing, by role or name.
    pub waits_on: Vec<SpecId>,
}

impl Engine {
    /// The policies of a catalog, worked out once.
    pub(super) fn gates(&mut self, catalog: &Arc<Catalog>) -> Gates {
        if let Some((known, gates)) = &self.gates
            && Arc::ptr_eq(known, catalog)
        {
            return gates.clone();
        }
        let gates = Gates::of(catalog.specs.clone(), catalog.revision.as_str());
        self.gates = Some((catalog.clone(), gates.clone()));
        gates
    }

    /// Puts on record what somebody says, and tells how the requests about the task stand then.
    pub(super) async fn say(&mut self, saying: Saying) -> Result<Vec<Stands>, EngineError> {
        let catalog = self.catalog().await?;
        if let Some(policy) = &saying.policy {
            must_be_declared(&catalog, policy, &[Kind::ApprovalPolicy, Kind::ErrorBudgetPolicy])?;
        }
        let nonce = match saying.nonce.clone() {
            Some(nonce) => nonce,
            None => hex(&self.chance.bytes().map_err(EngineError::Chance)?).into(),
        };
        let said = Payload {
            task: &saying.task,
            said: saying.said,
            by: &saying.by,
            seen: saying.seen,
            nonce: &nonce,
            expires: saying.expires,
        }
        .text();
        let said = (saying.by.clone(), said);
        let cast = Cast {
            gates: self.gates(&catalog),
            task: saying.task,
            policy: saying.policy,
            said: saying.said,
            proof: match saying.credential {
                Credential::Nothing => Proof::Nothing,
                Credential::Token(token) => Proof::Token(Digest::of(token)),
                Credential::Key(signature) => key(&catalog, &said, &signature, self.clock.now())?,
            },
            seen: saying.seen,
            nonce: nonce.clone(),
            expires: saying.expires,
            reason: saying.reason,
            by: saying.by,
        };
        let by = cast.by.clone();
        let applied = self.store.apply(&Command::Cast(Box::new(cast)), &by, self.clock.now()).await?;
        Ok(if let Applied::Stand(stands) = applied { stands } else { Vec::new() })
    }

    /// Makes a token that shows who somebody is. It is told once, and kept nowhere.
    pub(super) async fn entrust(
        &mut self,
        agent: Arc<str>,
        until: Option<Timestamp>,
        by: &str,
    ) -> Result<String, EngineError> {
        let catalog = self.catalog().await?;
        if !roster::is_person(&catalog.specs, &agent) {
            let what = format!("agent/{agent} is not declared as a person: only people approve");
            return Err(StoreError::Denied(what).into());
        }
        let token = format!("abide-{}", hex(&self.chance.bytes().map_err(EngineError::Chance)?));
        let command = Command::Entrust { agent, token: Digest::of(&token), until };
        self.store.apply(&command, by, self.clock.now()).await?;
        Ok(token)
    }

    /// Every request that is sought, as of now; of what has started as of then. What has waited longest comes first.
    pub(super) async fn requests(&mut self, sought: &Sought) -> Result<Vec<Requested>, EngineError> {
        let (catalog, now) = (self.catalog().await?, self.clock.now());
        if let Some(whom) = &sought.whom {
            // What is no name is nobody's.
            let name: Name =
                whom.parse().map_err(|_| StoreError::NotFound(format!("`{whom}` is no name of an agent")))?;
            must_be_declared(&catalog, &SpecId::new(Kind::Agent, name), &[Kind::Agent])?;
        }
        let gates = self.gates(&catalog);
        let spent = self.store.ledger().await?.spent;
        let status = if sought.task.is_some() { Vec::new() } else { OPEN.to_vec() };
        let filter = Filter { id: sought.task.clone(), status, ..Filter::default() };
        let listed = self.store.list(&filter).await?;
        let mut found = Vec::new();
        for row in listed {
            for (request, assessed) in gates.assess(&row.task, &spent, now) {
                if sought.whom.as_ref().is_some_and(|whom| !may_answer(&request, whom, now)) {
                    continue;
                }
                found.push(requested(&request, assessed, row.task.clone()));
            }
        }
        found.sort_by(|a, b| {
            (a.asked.unwrap_or(now), &a.task.id, &a.policy).cmp(&(b.asked.unwrap_or(now), &b.task.id, &b.policy))
        });
        Ok(found)
    }

    /// Weighs requests after a pass: all of them where policies may have changed, else those about the rows that moved.
    pub(super) async fn weigh(
        &mut self,
        catalog: &Arc<Catalog>,
        tasks: Option<BTreeSet<TaskId>>,
        (spent, fence): (Option<Spent>, Option<Epoch>),
    ) -> Result<(), EngineError> {
        let gates = self.gates(catalog);
        let is_known = self.weighed == Some(gates.digest())
            && spent.as_ref().is_none_or(|spent| self.spent.as_ref() == Some(spent));
        let tasks = tasks.filter(|_| is_known);
        if gates.is_empty() && self.weighed.is_none() {
            return Ok(());
        }
        if self.weighed != Some(gates.digest()) {
            let commits = catalog.specs.sighted().cloned().collect::<Vec<_>>();
            if !commits.is_empty() {
                self.store.apply(&Command::Sight(commits), ABIDE, self.clock.now()).await?;
            }
        }
        let digest = gates.digest();
        let tasks = tasks.map(|tasks| tasks.into_iter().collect());
        let ended_since = self.clock.now().minus(self.policy().lookback);
        let weighing = Weighing { gates, tasks, ended_since, spent: spent.clone(), fence };
        let applied = match self.store.apply(&Command::Weigh(weighing), ABIDE, self.clock.now()).await {
            // Nothing that needs a yes starts meanwhile, and everything else goes on.
            Err(StoreError::Unheard(denial)) if denial.reason == Reason::ClockBack => {
                if !std::mem::replace(&mut self.is_back_said, true) {
                    warn!("requests for approval are not weighed: {denial}");
                }
                return Ok(());
            }
            applied => applied?,
        };
        self.is_back_said = false;
        if let Applied::Swept(count @ 1..) = applied {
            info!(count, "requests for approval were weighed");
        }
        self.weighed = Some(digest);
        self.spent = spent.or_else(|| self.spent.take());
        Ok(())
    }

    /// Weighs requests where no pass was made: about the rows that moved, and at times those that are due.
    pub(super) async fn weigh_moved(
        &mut self,
        looked: &Looked,
        touched: Option<BTreeSet<TaskId>>,
        (now, epoch): (Timestamp, Epoch),
    ) -> Result<(), EngineError> {
        let is_due = self.swept == Some(now);
        if looked.doubt.is_some() || (!is_due && touched.as_ref().is_some_and(BTreeSet::is_empty)) {
            return Ok(());
        }
        self.weigh(&looked.catalog, touched, (None, Some(epoch))).await
    }

    /// Weighs all requests after a pass that was made for one command.
    pub(super) async fn weigh_all(&mut self, made: &Pass, epoch: Epoch) -> Result<(), EngineError> {
        // A tree that a person should look at first moves nothing.
        let is_accepted = made.plan.basis.revision == made.catalog.revision;
        let Some(answers) = made.answers.as_ref().filter(|_| is_accepted) else { return Ok(()) };
        let spent = self.short(&made.catalog, answers, &made.ledger, made.plan.at);
        self.weigh(&made.catalog, None, (Some(spent), Some(epoch))).await
    }

    /// What is short of budget by the answers of a pass; what cannot be told stays as it was.
    pub(super) fn short(&self, catalog: &Catalog, answers: &Answers, ledger: &Ledger, now: Timestamp) -> Spent {
        budgets::short(&catalog.specs, self.policy(), answers, &ledger.spent, now)
    }
}

/// Refuses a name that no spec of those kinds has.
fn must_be_declared(catalog: &Catalog, id: &SpecId, kinds: &[Kind]) -> Result<(), StoreError> {
    if catalog.specs.is_declared(id) {
        return Ok(());
    }
    let known: Vec<String> =
        kinds.iter().flat_map(|kind| catalog.specs.of_kind(*kind)).map(|spec| spec.id.to_string()).collect();
    let near = nearest(&id.to_string(), known.iter().map(String::as_str)).map(str::to_owned);
    let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    Err(StoreError::NotFound(format!("no spec declares {id}{hint}")))
}

/// That a key of the person has signed it.
fn key(catalog: &Catalog, said: &(Arc<str>, String), signature: &str, now: Timestamp) -> Result<Proof, EngineError> {
    let (by, text) = said;
    let denied = |reason, words: String| EngineError::from(StoreError::Unheard(Denial::new(reason, words)));
    let made = signature::verify(signature, NAMESPACE, text.as_bytes());
    let made = made.map_err(|fault| denied(Reason::BadSignature, format!("the signature is not good: {fault}")))?;
    let keys = roster::keys(&catalog.specs, by);
    match signature::matching(&keys, &Signer::Ssh(made), NAMESPACE, now) {
        Ok(()) => Ok(Proof::Key),
        Err(why) => Err(denied(reason_of(&why), format!("agent/{by}: {why}"))),
    }
}

const OPEN: [TaskStatus; 3] = [TaskStatus::Pending, TaskStatus::Running, TaskStatus::Blocked];

/// Whether somebody's yes would count.
fn may_answer(request: &Request<'_>, whom: &str, now: Timestamp) -> bool {
    let said = Said::Vote(Vote::Approved);
    let word = Word { said, by: whom, seen: None, is_signed: true, expires: None, reason: None };
    hear(request, &word, now).is_ok()
}

fn requested(request: &Request<'_>, assessed: Assessed, task: Arc<Task>) -> Requested {
    let tree = request.tree(&assessed.voices);
    Requested {
        policy: request.id.clone(),
        place: request.place(),
        digest: request.digest(),
        asked: request.asked(),
        waits_on: if assessed.state.is_open() { Vec::new() } else { request.waits_on(&assessed.voices) },
        assessed,
        tree,
        task,
    }
}
