//! A real Prometheus with a history that the test makes up, and a real exporter for it to ask.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::process::{Process, free_port, program, run, status};

/// Whom a server with a login lets in: the password is `secret`.
pub(crate) const USER: &str = "ada";
const HASH: &str = "$2y$05$k9fQ2mZr7TtVxYbN3cLpDenPuScZ72X8yuI9/2E6/AESXTGATFQzO";
/// The two in a header.
const LOGIN: &str = "Authorization: Basic YWRhOnNlY3JldA==\r\n";

/// A Prometheus that asks its targets every second.
pub(crate) struct Server {
    pub(crate) process: Process,
    url: String,
    _folder: TempDir,
}

/// What is special about a server.
#[derive(Default)]
pub(crate) struct Setup<'a> {
    /// What it remembers from before it was started, in the OpenMetrics format.
    pub(crate) history: Option<&'a str>,
    /// The port of an exporter that it asks, as the job `node`.
    pub(crate) scrapes: Option<u16>,
    /// Whether it lets only [`USER`] in.
    pub(crate) has_login: bool,
}

impl Server {
    /// One that remembers this, in the OpenMetrics format, and asks nobody.
    pub(crate) fn start(history: Option<&str>) -> Self {
        Self::with(&Setup { history, ..Setup::default() })
    }

    pub(crate) fn with(setup: &Setup<'_>) -> Self {
        let prometheus = program(&["prometheus"], "prometheus");
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        if let Some(history) = setup.history {
            std::fs::write(at("history"), history).unwrap();
            // One block for each two hours, which is what it makes unless told, takes a quarter of a minute for a month.
            let order = ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=2400h"].map(AsRef::as_ref);
            let places = [at("history"), at("data")];
            let places = places.iter().map(AsRef::as_ref);
            run(program(&["promtool"], "prometheus"), &order.into_iter().chain(places).collect::<Vec<_>>());
        }
        let target = setup.scrapes.map(|port| {
            format!("scrape_configs: [{{job_name: node, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n")
        });
        let global = "global: {scrape_interval: 1s, scrape_timeout: 1s}\n";
        std::fs::write(at("prometheus.yml"), format!("{global}{}", target.unwrap_or_default())).unwrap();
        let users = if setup.has_login { format!("basic_auth_users: {{{USER}: '{HASH}'}}\n") } else { String::new() };
        std::fs::write(at("web.yml"), users).unwrap();
        let overlaps = overlaps(prometheus);
        let command = |port| command(prometheus, folder.path(), port, overlaps);
        let (process, port) = Process::start(free_port, command, |port| status(port, "/-/ready", LOGIN) == Some(200));
        Self { process, url: format!("http://127.0.0.1:{port}"), _folder: folder }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

fn command(prometheus: &str, folder: &Path, port: u16, overlaps: bool) -> Command {
    let place = |option: &str, name: &str| format!("--{option}={}", folder.join(name).display());
    let mut command = Command::new(prometheus);
    command
        .current_dir(folder)
        .arg(place("config.file", "prometheus.yml"))
        .arg(place("web.config.file", "web.yml"))
        .arg(place("storage.tsdb.path", "data"))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        // A history that is told by its dates is as old as the test.
        .arg("--storage.tsdb.retention.time=20y");
    if overlaps {
        command.arg("--storage.tsdb.allow-overlapping-blocks");
    }
    command
}

/// Whether this version must be told that what is filled in may overlap with what it has. Newer ones take it anyhow.
fn overlaps(prometheus: &str) -> bool {
    let help = Command::new(prometheus).arg("--help").output().unwrap();
    let says = |text: &[u8]| String::from_utf8_lossy(text).contains("--storage.tsdb.allow-overlapping-blocks");
    says(&help.stdout) || says(&help.stderr)
}

/// A node exporter that tells little, and counts how often it was asked.
pub(crate) struct Exporter {
    process: Option<Process>,
    pub(crate) port: u16,
}

impl Exporter {
    pub(crate) fn start() -> Self {
        let (process, port) = Self::spawn(free_port);
        Self { process: Some(process), port }
    }

    /// Ends it.
    pub(crate) fn stop(&mut self) {
        self.process = None;
    }

    /// Ends it and starts it anew at the same port: it counts from nothing again.
    pub(crate) fn restart(&mut self) {
        self.process = None;
        let port = self.port;
        self.process = Some(Self::spawn(|| port).0);
    }

    fn spawn(port: impl FnMut() -> u16) -> (Process, u16) {
        let names = ["prometheus-node-exporter", "node_exporter"];
        let exporter = program(&names, "prometheus-node-exporter");
        let command = |port| {
            let mut command = Command::new(exporter);
            command.args(["--collector.disable-defaults", "--collector.cpu"]);
            command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
            command
        };
        // Its page, not its figures: those count how often they were asked for.
        Process::start(port, command, |port| status(port, "/", "") == Some(200))
    }
}
