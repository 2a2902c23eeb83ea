//! `abide run`: the daemon.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use super::logging::{self, LogFormat};
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup};
use crate::engine::{Engine, Event, Handle};
use crate::git::Watcher;
use crate::store::TaskStore;

/// How often the daemon looks whether anything has moved, watched or not.
const TICK: Duration = Duration::from_millis(250);

/// How long the daemon waits before it tries again to open a database that is away.
const REOPEN: Duration = Duration::from_secs(2);

/// Runs the daemon: watches the specs, the tasks and the clock, and reconciles whenever one of them has moved.
///
/// Ends cleanly on SIGTERM and on SIGINT.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How log lines on standard error look.
    #[arg(long, env = "ABIDE_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// Runs the command until it is told to stop.
///
/// # Errors
/// When the configuration is wrong or the mapping does not fit the database. One that is away is waited for.
pub fn run(args: &Args, global: &Global, _: &mut Io) -> Result<Exit, CliError> {
    logging::start(global, args.log_format)?;
    let setup = Setup::new(global)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let ended = runtime.block_on(serve(setup));
    // What still waits for a source of metrics is nobody's business any more.
    runtime.shutdown_background();
    ended
}

async fn serve(setup: Setup) -> Result<Exit, CliError> {
    let mut stop = Stop::new()?;
    let Some(store) = open(&setup, &mut stop).await? else { return Ok(Exit::Fine) };
    let (handle, events) = Handle::new();
    let engine = tokio::spawn(Engine::new(setup.lasting_parts(store)).run(events));
    let _watcher = watch(&setup, &handle);
    info!(specs = %setup.config.specs.repository, store = %setup.config.store.url, "abide runs");
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            signal = stop.wait() => {
                info!(signal, "stopping");
                break;
            }
            _ = ticks.tick() => handle.send(Event::Tick).await?,
        }
    }
    handle.send(Event::Stop).await?;
    engine.await.map_err(|error| CliError::usage(format!("the engine broke: {error}")))?;
    info!("stopped");
    Ok(Exit::Fine)
}

/// Opens the database, waiting for one that is away; nothing when told to stop meanwhile.
async fn open(setup: &Setup, stop: &mut Stop) -> Result<Option<std::sync::Arc<dyn TaskStore>>, CliError> {
    let mut said = None;
    loop {
        match setup.open_store(Access::Write) {
            Ok(store) => return Ok(Some(store)),
            Err(error) if error.exit != Exit::OutOfReach => return Err(error),
            Err(error) => {
                if said.as_ref() != Some(&error.message) {
                    warn!("{}; trying again every {} s", error.message, REOPEN.as_secs());
                    said = Some(error.message);
                }
            }
        }
        tokio::select! {
            _ = stop.wait() => return Ok(None),
            () = tokio::time::sleep(REOPEN) => {}
        }
    }
}

/// Watching only makes the daemon quicker: without it, polling finds everything.
fn watch(setup: &Setup, handle: &Handle) -> Option<Watcher> {
    let handle = handle.clone();
    match Watcher::new(&setup.source(), &setup.databases(), move || handle.hint()) {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            warn!("{error}");
            None
        }
    }
}

/// The signals that end the daemon.
struct Stop {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    fn new() -> Result<Self, CliError> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
