//! The sources of figures that `abide.toml` names, each asked something that costs nothing.

use super::Finding;
use crate::cli::Setup;
use crate::cli::setup::now;
use crate::config::TimeFormat;
use crate::evidence::prometheus::Client;
use crate::evidence::sql::Database;
use crate::model::Duration;

/// How each source stands, in order of name.
pub(super) fn all(setup: &Setup) -> Vec<Finding> {
    let sources = &setup.config.sources;
    let mut findings = Vec::new();
    for (name, source) in &sources.prometheus {
        let what = format!("source {name}");
        findings.push(match Client::new(source, &setup.base).instant("1", now()) {
            Ok(_) => Finding::fine(&what, format!("the Prometheus at {} answers", source.url)),
            Err(fault) => trouble(&what, fault.to_string(), name),
        });
    }
    for (name, source) in &sources.sql {
        let database = Database::new(name, source, &setup.tasks_url(), &setup.base);
        let (to, what) = (now(), format!("source {name}"));
        let ask = |table: &String| {
            let quoted = table.replace('"', "\"\"");
            let statement = format!("SELECT 1 FROM \"{quoted}\" WHERE :from <= :to LIMIT 1");
            database.ask(&statement, to.minus(Duration::from_secs(1)), to, TimeFormat::Unix)
        };
        let wrong = source.tables.iter().find_map(|table| ask(table).err().map(|fault| format!("{table}: {fault}")));
        findings.push(match wrong {
            None => Finding::fine(&what, format!("{} can be read", source.tables.join(", "))),
            Some(wrong) => trouble(&what, wrong, name),
        });
    }
    findings
}

fn trouble(what: &str, wrong: String, name: &str) -> Finding {
    Finding::trouble(what, wrong, Some(format!("mend `[sources.{name}]` in abide.toml, or bring it back")))
}
