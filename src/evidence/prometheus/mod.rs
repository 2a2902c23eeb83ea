//! Asks Prometheus, or what speaks its HTTP API, for the figures of service levels.

mod fault;
mod grid;
mod line;
mod login;
mod reply;
mod send;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use ureq::Agent;

use crate::config::{Auth, PrometheusSource};
use crate::model::{Duration, Timestamp};

pub use crate::model::Line;
pub use fault::Fault;

use grid::Grid;
use line::Lines;
use login::Login;

/// Lines that one query may give. More are a query that forgot to aggregate.
pub const MOST_LINES: usize = 200;

/// Bytes that one answer may have.
pub const MOST_BYTES: u64 = 64 << 20;

/// Points of a line that one query may be asked for, in however many requests: about two years of minutes.
pub const MOST_POINTS: u64 = 1_000_000;

/// Points that one query may give in all its lines together: what fits into memory beside everything else.
pub const MOST_VALUES: usize = 10_000_000;

/// Points of a line in one request. Prometheus refuses more than 11,000.
const CHUNK: u64 = 10_000;

/// For a server of which nothing but the URL is known.
const TIMEOUT: Duration = Duration::from_secs(30);
const RETRIES: u32 = 2;

/// Lets a time pass before a request is made again. Says whether there is still a point in making it: not where the program
/// has been told to end meanwhile.
pub type Wait = Arc<dyn Fn(Duration) -> bool + Send + Sync>;

/// Asks one Prometheus server. Calls block; keep them off async threads.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    /// Without credentials, and without a slash at its end.
    url: Arc<str>,
    login: Login,
    timeout: Duration,
    retries: u32,
    wait: Wait,
}

impl Client {
    /// A client of the server that the configuration describes. Files with secrets are seen from `base`, the folder of `abide.toml`.
    /// Secrets are read anew for each query, so that they may be replaced while Abide runs. A user and a password that are part of the
    /// URL are not used.
    pub fn new(source: &PrometheusSource, base: &Path) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(source.timeout.to_std()))
            // A form does not survive most redirections, and what lets us in is for this host alone.
            .max_redirects(0)
            .user_agent(concat!("abide/", env!("CARGO_PKG_VERSION")))
            .build();
        Self {
            agent: Agent::new_with_config(config),
            url: fault::bare(&source.url).trim_end_matches('/').into(),
            login: Login::new(source.auth.clone(), base),
            timeout: source.timeout,
            retries: source.retries,
            wait: Arc::new(wait),
        }
    }

    /// A client of the server at a URL that asks nobody for credentials: 30 seconds for a request, which is made at most three times.
    pub fn at(url: &str) -> Self {
        let source = PrometheusSource { url: url.into(), auth: Auth::None, timeout: TIMEOUT, retries: RETRIES };
        Self::new(&source, Path::new(""))
    }

    /// The same client, which waits in this way between tries instead of blocking its thread until the time has passed: for whoever
    /// has another clock, or wants to be told to end meanwhile.
    #[must_use]
    pub fn waiting(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// The values of a query between two times, both included, at every multiple of `step` since 1970: so the points of
    /// different queries with the same step pair up. Long ranges are asked for in parts. Lines are in order of their labels,
    /// points in order of time.
    ///
    /// What is no number is left out: NaN, which is how Prometheus says that it divided nothing by nothing, both infinities, and
    /// moments at which there was no fresh sample. A line of which nothing is left is left out as well. A `step` of nothing is taken as
    /// a millisecond, and times before 1970 have no points.
    ///
    /// # Errors
    /// [`Fault`], also where only a part of the range cannot be had: a half answer would be taken for a whole one.
    pub fn range(&self, query: &str, from: Timestamp, to: Timestamp, step: Duration) -> Result<Vec<Line>, Fault> {
        let mut lines = Lines::new(&self.url, MOST_VALUES);
        let Some(grid) = Grid::new(from, to, step) else { return Ok(lines.finish()) };
        if grid.points() > MOST_POINTS {
            let why = format!("{} points a line, where {MOST_POINTS} is the most; take a longer step", grid.points());
            return Err(Fault::TooMuch { url: self.url.clone(), why });
        }
        for chunk in grid.chunks(CHUNK) {
            let (start, end, step) = chunk.written();
            let form = [("query", query), ("start", &start), ("end", &end), ("step", &step)];
            let body = self.ask("query_range", &form)?;
            lines.add(reply::matrix(&self.url, &body)?, |at| chunk.holds(at))?;
        }
        Ok(lines.finish())
    }

    /// The values of a query at one time, one point a line, in order of the lines' labels. A query that gives a single number gives one
    /// line without labels. What is no number is left out as in [`range`](Self::range).
    ///
    /// # Errors
    /// [`Fault`], which says what to do. A query that gives a text or a range is a [`Fault::BadQuery`].
    pub fn instant(&self, query: &str, at: Timestamp) -> Result<Vec<Line>, Fault> {
        let time = grid::seconds(at.as_millis());
        let body = self.ask("query", &[("query", query), ("time", &time)])?;
        let mut lines = Lines::new(&self.url, MOST_VALUES);
        lines.add(reply::vector(&self.url, &body)?, |_| true)?;
        Ok(lines.finish())
    }
}

/// Blocks until the time has passed: nobody ever sends.
fn wait(length: Duration) -> bool {
    let (_sender, never) = channel::<()>();
    never.recv_timeout(length.to_std()).is_err()
}
