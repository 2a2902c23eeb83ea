//! Where the figures of service levels come from besides the task table.

use std::collections::BTreeMap;

use crate::model::Duration;

/// The sources that `[sources.NAME]` describes, by the name of the `DataSource` spec that they belong to. One that is called
/// `prometheus` or `sql` serves metrics of that type that name no `DataSource`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    /// Prometheus servers.
    pub prometheus: BTreeMap<String, PrometheusSource>,
    /// Databases that one read-only statement may be asked of.
    pub sql: BTreeMap<String, SqlSource>,
}

/// A Prometheus server, and how to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrometheusSource {
    /// Where it is: `http://HOST:PORT`, with a path where it lies behind one.
    pub url: String,
    /// How to be let in.
    pub auth: Auth,
    /// How long one request may take.
    pub timeout: Duration,
    /// How often a request that failed for a reason that may pass is made again.
    pub retries: u32,
}

/// How to be let in. Secrets are never written into a file that is committed: only where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Nobody asks.
    None,
    /// With a token.
    Bearer(Secret),
    /// With a name and a password.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: Secret,
    },
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In an environment variable of that name.
    Variable(String),
    /// In a file, seen from the folder of `abide.toml`; white space at its end does not count.
    File(String),
}

/// A database that one read-only statement may be asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlSource {
    /// `sqlite:PATH`, seen from the folder of `abide.toml`; the store's database unless given.
    pub url: Option<String>,
    /// The tables that may be read. What is not listed cannot be.
    pub tables: Vec<String>,
    /// How long one statement may take.
    pub timeout: Duration,
    /// How many rows one statement may give.
    pub rows: usize,
}
