//! From flags, environment and `abide.toml` to the parts that a command works with.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output::Color;
use super::{CliError, Exit};
use crate::catalog::{SourceFile, SourceTree};
use crate::config::{Config, Mapping};
use crate::engine::{Clock, Engine, EngineError, Handle, Parts, SpecReader, SystemClock};
use crate::evidence::{Branches, CodeSource, Evidence, Metrics, SpecsAt, World};
use crate::git::{SourceConfig, SourceError, read_specs};
use crate::model::{Digest, Reason, Revision, Timestamp};
use crate::store::inspect::Inspect;
use crate::store::memory::MemoryStore;
use crate::store::{Check, Filter, Listed, Settings, SqliteInspect, SqliteStore, StoreError, TaskStore};

/// What every command may be told.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The configuration; what it does not say has a default.
    #[arg(long, global = true, env = "ABIDE_CONFIG", value_name = "FILE", default_value = "abide.toml")]
    pub config: PathBuf,
    /// Overrides a key of the configuration: --set tasks.table=jobs.
    #[arg(long = "set", global = true, env = "ABIDE_SET", value_name = "KEY=VALUE", value_delimiter = '\n')]
    pub set: Vec<String>,
    /// The task database: sqlite:PATH.
    #[arg(long, global = true, env = "ABIDE_STORE", value_name = "URL")]
    pub store: Option<String>,
    /// When to use colours.
    #[arg(long, global = true, env = "ABIDE_COLOR", value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Says less; twice, nothing but results and errors.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub quiet: u8,
    /// Says more on standard error.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Whether a command may write to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It may not even create or migrate anything.
    Read,
    /// It may.
    Write,
}

/// The configuration and the folder that it stands in.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What it says.
    pub config: Config,
    /// The folder of `abide.toml`: paths are relative to it.
    pub base: PathBuf,
    /// Whether there is an `abide.toml` at all.
    pub configured: bool,
    token: Option<String>,
}

impl Setup {
    /// Reads the configuration.
    ///
    /// # Errors
    /// When it cannot be read or says something that cannot be meant.
    pub fn new(global: &Global) -> Result<Self, CliError> {
        let shown = global.config.display();
        let text = match std::fs::read_to_string(&global.config) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_default(&global.config) => None,
            Err(error) => {
                let error = CliError::usage(format!("cannot read the configuration {shown}: {error}"));
                return Err(error.hint("name it with --config, or make one with `abide init`"));
            }
        };
        let mut overrides = Vec::new();
        for set in &global.set {
            let (key, value) = set.split_once('=').ok_or_else(|| {
                CliError::usage(format!("`--set {set}` has no value")).hint("write it as --set KEY=VALUE")
            })?;
            overrides.push((key.trim().to_owned(), value.to_owned()));
        }
        overrides.extend(global.store.clone().map(|url| ("store.url".to_owned(), url)));
        let configured = text.is_some();
        let config =
            Config::parse(&text.unwrap_or_default(), &overrides).map_err(|error| CliError::usage(error.to_string()))?;
        let folder = global.config.parent().filter(|folder| !folder.as_os_str().is_empty());
        let base = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
        let base =
            std::path::absolute(&base).map_err(|error| CliError::usage(format!("{}: {error}", base.display())))?;
        Ok(Self { config, base, configured, token: std::env::var("ABIDE_GIT_TOKEN").ok() })
    }

    /// What a configuration would set up that stands in a folder and is not written yet.
    pub(super) fn of(config: Config, base: &Path) -> Self {
        Self { config, base: base.to_owned(), configured: true, token: None }
    }

    /// Where the specs are.
    pub fn source(&self) -> SourceConfig {
        let digest = Digest::of(&self.config.specs.repository).short(16);
        SourceConfig {
            repository: self.config.specs.repository.clone(),
            branch: self.config.specs.branch.clone(),
            path: self.config.specs.path.clone(),
            records: self.config.specs.records.clone(),
            base: self.base.clone(),
            mirror: self.base.join(".abide/mirrors").join(digest),
            token: self.token.clone(),
        }
    }

    /// The folders of specs: that of all of them, and those in which decisions may be Markdown.
    pub(super) fn spec_folders(&self) -> Vec<String> {
        let specs = &self.config.specs;
        [&specs.path].into_iter().chain(&specs.records).cloned().collect()
    }

    /// The specs as they lie on the disk, without a look at git.
    ///
    /// # Errors
    /// When one of the folders cannot be read. One that is not there has none.
    pub(super) fn spec_files(&self) -> Result<BTreeMap<Arc<str>, SourceFile>, CliError> {
        let specs = &self.config.specs;
        Ok(read_specs(&self.base, &specs.path, &specs.records).map_err(EngineError::from)?)
    }

    /// The specs of a revision; without one as they lie on the disk, or the newest commit's where the repository is a remote one.
    ///
    /// # Errors
    /// When they are out of reach.
    pub(super) fn spec_tree(&self, revision: Option<&str>) -> Result<SourceTree, CliError> {
        let mut source = crate::git::open(self.source());
        match revision {
            Some(revision) => Ok(source.at(revision).map_err(EngineError::from)?),
            None if crate::git::is_remote(&self.source()) => Ok(source.head(None).map_err(EngineError::from)?),
            None => Ok(SourceTree { revision: Revision::new(""), files: self.spec_files()?, renames: Vec::new() }),
        }
    }

    /// The URL of the database of Abide's own tables, with its path made absolute.
    fn store_url(&self) -> String {
        self.absolute(&self.config.store.url)
    }

    /// The URL of the database that the tasks are in, with its path made absolute.
    pub(super) fn tasks_url(&self) -> String {
        self.absolute(self.tasks_database())
    }

    /// The database that the tasks are in, as `abide.toml` names it.
    fn tasks_database(&self) -> &str {
        let tasks = self.config.tasks.as_ref().and_then(|tasks| tasks.url.as_deref());
        tasks.unwrap_or(&self.config.store.url)
    }

    fn absolute(&self, url: &str) -> String {
        match url.strip_prefix("sqlite:") {
            Some(path) => format!("sqlite:{}", self.base.join(path).display()),
            None => url.to_owned(),
        }
    }

    /// The files of the databases that can be watched.
    pub fn databases(&self) -> Vec<PathBuf> {
        let urls = BTreeSet::from([self.store_url(), self.tasks_url()]);
        urls.iter().filter_map(|url| url.strip_prefix("sqlite:").map(PathBuf::from)).collect()
    }

    /// Opens the database.
    ///
    /// # Errors
    /// When it is out of reach or the mapping does not fit it.
    pub fn open_store(&self, access: Access) -> Result<Arc<dyn TaskStore>, CliError> {
        let (url, mapping) = (self.store_url(), self.config.mapping());
        let mapping = Mapping { url: mapping.url.map(|url| self.absolute(&url)), ..mapping };
        let settings = Settings { queue: self.config.queue, durability: self.config.store.durability };
        let store = match access {
            Access::Read => SqliteStore::open_read(&url, mapping),
            Access::Write => SqliteStore::open_with(&url, mapping, settings),
        };
        Ok(Arc::new(store.map_err(EngineError::from)?))
    }

    /// The engine's parts, answering from the world for one command.
    pub fn parts(&self, store: Arc<dyn TaskStore>) -> Parts {
        self.parts_with(store, World::new)
    }

    /// The engine's parts, answering from the world for as long as it runs.
    pub fn lasting_parts(&self, store: Arc<dyn TaskStore>) -> Parts {
        self.parts_with(store, World::following)
    }

    fn parts_with(
        &self,
        store: Arc<dyn TaskStore>,
        world: fn(Arc<dyn TaskStore>, CodeSource, Metrics) -> World,
    ) -> Parts {
        let code = CodeSource::new(self.source(), self.base.join(".abide/mirrors"), SpecsAt::Working);
        let sources = self.config.sources.clone();
        let metrics = Metrics::new(sources, self.tasks_url(), &self.base, self.config.specs.poll);
        let evidence: Arc<dyn Evidence> =
            Arc::new(world(store.clone(), code, metrics).with(Branches::new(self.source())));
        Parts {
            specs: SpecReader::new(crate::git::open(self.source())),
            store,
            evidence,
            clock: Arc::new(SystemClock),
            policy: self.config.policy(),
            holder: holder(),
            poll: self.config.specs.poll,
        }
    }

    /// Starts an engine for one command, and has it answer.
    ///
    /// # Errors
    /// When the database is out of reach, or as `command` says.
    pub fn with_engine<T, F>(&self, access: Access, command: impl FnOnce(Handle) -> F) -> Result<T, CliError>
    where
        F: Future<Output = Result<T, CliError>>,
    {
        let parts = self.parts(self.open_store(access)?);
        with_parts(parts, command)
    }
}

/// Starts an engine of these parts for one command, and has it answer.
pub(super) fn with_parts<T, F>(parts: Parts, command: impl FnOnce(Handle) -> F) -> Result<T, CliError>
where
    F: Future<Output = Result<T, CliError>>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let (handle, events) = Handle::new();
        let engine = tokio::spawn(Engine::new(parts).run(events));
        let result = command(handle).await;
        // The last handle is gone, so the engine gives its lease back and ends.
        engine.await.map_err(|error| CliError::usage(format!("the engine broke: {error}")))?;
        result
    })
}

/// Looks over a database that Abide knows nothing of yet.
pub(super) fn inspect(url: &str) -> Result<Box<dyn Inspect>, CliError> {
    Ok(Box::new(of_store(SqliteInspect::open(url))?))
}

/// What a store says, as a command says it.
pub(super) fn of_store<T>(result: Result<T, StoreError>) -> Result<T, CliError> {
    Ok(result.map_err(EngineError::from)?)
}

/// Looks a set-up over that no engine runs on yet, and reads a few of its tasks.
pub(super) fn sample(setup: &Setup, most: usize) -> Result<(Vec<Check>, Vec<Listed>), CliError> {
    let store = setup.open_store(Access::Read)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let checks = of_store(store.examine().await)?;
        // What cannot be read is a finding of the look already.
        let listed = store.list(&Filter { most, skips: true, ..Filter::default() }).await.unwrap_or_default();
        Ok((checks, listed))
    })
}

/// A store without any task, for whoever plans without a database.
pub(super) fn empty_store() -> Arc<dyn TaskStore> {
    Arc::new(MemoryStore::new())
}

/// The time now, for a command that was given none.
pub(super) fn now() -> Timestamp {
    SystemClock.now()
}

/// Who this process is among those who may lead.
fn holder() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_else(|_| "localhost".into());
    format!("{}:{}", host.trim(), std::process::id())
}

fn is_default(path: &Path) -> bool {
    path == Path::new("abide.toml")
}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        let message = error.to_string();
        let (exit, hint) = match &error {
            EngineError::Source(SourceError::TooLarge { .. }) | EngineError::Stopped | EngineError::Chance(_) => {
                (Exit::Usage, None)
            }
            EngineError::Source(SourceError::NoRevision { .. }) => (Exit::OutOfReach, None),
            EngineError::Source(SourceError::OutOfReach { .. }) => {
                (Exit::OutOfReach, Some("`abide doctor` looks closer"))
            }
            EngineError::Store(error) => exit_of(error),
        };
        let code = match &error {
            EngineError::Store(StoreError::Unheard(denial)) => Some(denial.reason.code()),
            _ => None,
        };
        let error = Self { exit, code, ..Self::usage(message) };
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}

fn exit_of(error: &StoreError) -> (Exit, Option<&'static str>) {
    match error {
        StoreError::OutOfReach { .. } => (Exit::OutOfReach, Some("`abide doctor` looks closer")),
        StoreError::Stale(what) if what.starts_with("the plan is stale") => {
            (Exit::Conflict, Some("somebody else wrote at the same time; try again"))
        }
        StoreError::Stale(_) => (Exit::Conflict, None),
        StoreError::Fenced { .. } => (Exit::Conflict, Some("another leads now and does this work")),
        StoreError::Led { .. } => {
            (Exit::Conflict, Some("the daemon reconciles by itself; `abide status` shows how things stand"))
        }
        StoreError::Lost(_) => {
            (Exit::Conflict, Some("nothing was written; `abide tasks show` tells what has become of the task"))
        }
        StoreError::Outdated { .. } => {
            (Exit::OutOfReach, Some("`abide run` or `abide reconcile` brings them up to date; nothing in them is lost"))
        }
        StoreError::Unheard(denial) => match denial.reason {
            Reason::Changed | Reason::Decided | Reason::Replayed => (Exit::Conflict, None),
            _ => (Exit::Denied, None),
        },
        StoreError::Denied(_) => (Exit::Denied, None),
        StoreError::Mapping(_)
        | StoreError::Refused { .. }
        | StoreError::Impossible(_)
        | StoreError::NotFound(_)
        | StoreError::Damaged(_) => (Exit::Usage, None),
    }
}
