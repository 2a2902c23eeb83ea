//! What people and agents want done, with what the specs say of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use tracing::{info, warn};

use super::turn::{Engine, answer};
use super::{Ask, EngineError, Reply, roster};
use crate::model::{ABIDE, Duration, Kind, TaskId, Timestamp};
use crate::store::{Applied, Claim, Command, Enlisted, Filter, GivenBack, Refusal, StoreError, Taken, queue};

/// How often a daemon looks for work whose holders are lost.
const SWEEP: Duration = Duration::from_secs(5);

impl Engine {
    /// Has the store carry a command out, as far as the specs say that it may be. What an agent
    /// says when it enlists may not contradict its spec.
    pub(super) async fn apply(&mut self, command: Command, by: &str) -> Result<Applied, EngineError> {
        if let Command::Station { agent, .. } = &command {
            self.must_be_known(agent).await?;
        }
        let command = match command {
            Command::Enlist(said) => Command::Enlist(roster::enlist(&self.catalog().await?.specs, said)?),
            // Whoever only reports is known to be away by its spec as well; it may report where no specs can be read.
            Command::Beat { agent, instance, dead_after: None } => {
                let catalog = self.catalog().await.ok();
                let dead_after = catalog.and_then(|catalog| roster::silence(&catalog.specs, &agent));
                Command::Beat { agent, instance, dead_after }
            }
            other => other,
        };
        if let Command::Complete { task, token: None, .. } | Command::Fail { task, token: None, .. } = &command {
            self.weigh_waiting(task).await?;
        }
        let applied = self.store.apply(&command, by, self.clock.now()).await?;
        // A new task shows at once what it waits for, where that is at hand.
        if let (Command::Add(_), Applied::Task(id), Some(catalog)) = (&command, &applied, self.in_force()) {
            self.weigh(&catalog, Some([id.clone()].into()), (None, None)).await?;
        }
        Ok(applied)
    }

    /// Refuses the name of an agent that neither a spec declares nor the store knows. Where no specs can be read, the store decides.
    async fn must_be_known(&self, agent: &str) -> Result<(), EngineError> {
        let catalog = self.catalog().await.ok();
        let specs = catalog.iter().flat_map(|catalog| catalog.specs.of_kind(Kind::Agent));
        let known = self.store.agents().await?;
        let said = known.iter().map(|known| &*known.said.agent);
        let known: BTreeSet<&str> = specs.map(|spec| spec.id.name.as_str()).chain(said).collect();
        if known.contains(agent) { Ok(()) } else { Err(queue::stranger(agent, known).into()) }
    }

    /// Weighs what asks about a task that nobody has taken: whoever ends it with a result starts it too.
    async fn weigh_waiting(&mut self, task: &TaskId) -> Result<(), EngineError> {
        let found = self.store.list(&Filter { id: Some(task.clone()), ..Filter::default() }).await?;
        if !found.iter().any(|row| row.task.waits()) {
            return Ok(());
        }
        let catalog = self.catalog().await?;
        self.weigh(&catalog, Some([task.clone()].into()), (None, None)).await
    }

    /// Gives back the work of holders that are lost. Every claim does the same; this is for when nobody claims.
    pub(super) async fn sweep(&mut self, now: Timestamp) -> Result<(), StoreError> {
        if self.swept.is_some_and(|last| now.since(last) < SWEEP && now >= last) {
            return Ok(());
        }
        if let Applied::GivenBack(GivenBack { count, stuck }) = self.store.apply(&Command::Sweep, ABIDE, now).await? {
            if count > 0 {
                info!(count, "work was given back: its holders are lost");
            }
            for Refusal { task, why } in stuck.iter().filter(|refusal| !self.stuck.contains(refusal)) {
                warn!(%task, "its holder is lost, and it cannot be given back: {why}");
            }
            self.stuck = stuck;
        }
        self.swept = Some(now);
        Ok(())
    }

    /// Everybody who works, as the specs say what they can do; as they say themselves, where no specs can be read.
    pub(super) async fn agents(&self) -> Result<Vec<Enlisted>, EngineError> {
        let mut agents = self.store.agents().await?;
        match self.catalog().await {
            Ok(catalog) => agents.iter_mut().for_each(|agent| roster::declare(&catalog.specs, &mut agent.said)),
            Err(error) => warn!(%error, "what the specs say of agents is left out"),
        }
        Ok(agents)
    }

    /// Takes work for an agent. The engine goes on meanwhile: of many that claim at once none waits for another.
    pub(super) async fn hand_out(&mut self, ask: Box<Ask>, reply: Reply<Taken>) {
        let claim = match self.claim(&ask).await {
            Ok(claim) => Command::Claim(Box::new(claim)),
            Err(error) => return answer(reply, Err(error)),
        };
        let (store, now) = (self.store.clone(), self.clock.now());
        while self.under_way.try_join_next().is_some() {}
        self.under_way.spawn(async move {
            let taken = store.apply(&claim, &ask.agent, now).await.map(|applied| match applied {
                Applied::Claimed(taken) => taken,
                // A store that answers a claim with anything else has claimed nothing.
                _ => Taken::default(),
            });
            answer(reply, taken.map_err(EngineError::from));
        });
    }

    /// What an agent may claim, as the specs say who does what.
    async fn claim(&mut self, ask: &Ask) -> Result<Claim, EngineError> {
        let catalog = self.catalog().await?;
        let said = self.store.said_of(&ask.agent).await?;
        Ok(Claim {
            worker: roster::worker(&catalog.specs, ask, said.as_ref())?,
            duties: Arc::new(roster::duties(&catalog.specs)),
            gates: self.gates(&catalog),
            task: ask.task.clone(),
            most: ask.most,
            length: ask.length,
        })
    }
}
