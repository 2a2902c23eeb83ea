//! The rows of the demo's task table, before they are written.

use super::{Code, Planted, Random};

/// Seconds in a minute, an hour, a day.
pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// One task. Times are seconds before now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub kind: &'static str,
    pub title: String,
    pub role: Option<&'static str>,
    pub agent: Option<&'static str>,
    pub status: &'static str,
    pub priority: i64,
    pub area: &'static str,
    pub error: Option<&'static str>,
    pub po: Option<&'static str>,
    pub architect: Option<&'static str>,
    pub created: i64,
    pub started: Option<i64>,
    pub finished: Option<i64>,
}

impl Row {
    /// A task that waits in its queue, created so many seconds ago.
    pub(super) fn pending(kind: &'static str, role: &'static str, created: i64) -> Self {
        Self {
            kind,
            title: title(kind).to_owned(),
            role: Some(role),
            agent: None,
            status: "pending",
            priority: 5,
            area: "scoring",
            error: None,
            po: None,
            architect: None,
            created,
            started: None,
            finished: None,
        }
    }

    /// Somebody works on it since so many seconds ago.
    pub(super) fn running(self, agent: &'static str, started: i64) -> Self {
        Self { status: "running", agent: Some(agent), started: Some(started), ..self }
    }

    /// It ended so many seconds ago, well or not.
    pub(super) fn ended(self, agent: &'static str, finished: i64, well: bool) -> Self {
        let (status, error) = if well { ("completed", None) } else { ("failed", Some("ETIMEDOUT after 30000 ms")) };
        let started = self.started.or(Some(finished + (self.created - finished) / 2));
        Self { status, error, agent: Some(agent), started, finished: Some(finished), ..self }
    }
}

/// What people would call a task of that type.
fn title(kind: &str) -> &'static str {
    match kind {
        "fix_bug" => "Fix what triage found",
        "implement_feature" => "Build the next feature",
        "code_review" => "Review a change",
        "design_review" => "Review a design",
        "write_test" => "Write tests for a change",
        "security_scan" => "Scan a change for weaknesses",
        "triage_error" => "Sort an error",
        "health_check" => "Look whether all is up",
        "deploy" => "Deploy a release",
        "schema_change" => "Change the database schema",
        "sqlite_migration" => "Move a table to PostgreSQL",
        "data_fix" => "Correct a customer's data",
        "send_mail" => "Send a mail",
        "send_form" => "Send a form",
        "send_sms" => "Send a text message",
        _ => "Export a report",
    }
}

/// Everything that the table will hold, and what of it is out of order.
#[derive(Debug)]
pub(super) struct World {
    pub rows: Vec<Row>,
    pub planted: Vec<Planted>,
    pub random: Random,
}

impl World {
    pub(super) const fn new(seed: u64) -> Self {
        Self { rows: Vec::new(), planted: Vec::new(), random: Random::new(seed) }
    }

    /// Adds a task and gives its number.
    pub(super) fn add(&mut self, row: Row) -> usize {
        self.rows.push(row);
        self.rows.len()
    }

    /// Notes that a subject is out of order.
    pub(super) fn plant(&mut self, spec: Option<&'static str>, subject: impl Into<String>, code: Code) {
        self.planted.push(Planted { spec, subject: subject.into(), code });
    }

    /// Adds a task that is itself out of order.
    pub(super) fn add_wrong(&mut self, spec: Option<&'static str>, code: Code, row: Row) -> usize {
        let id = self.add(row);
        self.plant(spec, format!("task/{id}"), code);
        id
    }

    /// One that has lived through everything, for tests.
    #[cfg(test)]
    pub(super) fn lived(seed: u64) -> Self {
        let mut world = Self::new(seed);
        super::history::live_through(&mut world);
        super::traffic::send(&mut world);
        super::planted::plant(&mut world);
        world
    }
}
