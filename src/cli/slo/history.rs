//! `abide slo history`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::list::Format;
use crate::cli::output::{Output, write_all};
use crate::cli::setup::{Access, now};
use crate::cli::{CliError, Exit, Global, Io, Setup, table};
use crate::kinds::slo::words;
use crate::model::{Duration, Kind, Name, Sample, SpecId, Subject, Timestamp};
use crate::store::KEPT_FOR;

/// Shows how a service level did: the figures that passes kept.
///
/// `abide run` and `abide reconcile` keep the figures that they judge by: of each objective one an hour at most, and only
/// where they changed, for 400 days. What lies between two of them was as the first one says.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The service level: slo/fixes-succeed, or its name alone.
    pub name: String,
    /// How far back to look: 30d.
    #[arg(long, value_name = "DURATION", default_value = "30d")]
    pub since: Duration,
    /// Looks back from this time instead of now: 2026-03-02T10:00:00Z.
    #[arg(long, env = "ABIDE_AT", value_name = "TIME")]
    pub at: Option<Timestamp>,
    /// What to write: table or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    version: u32,
    spec: String,
    since: String,
    samples: Vec<SampleWire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SampleWire<'a> {
    subject: &'a str,
    at: String,
    state: &'a str,
    target: f64,
    good: f64,
    total: f64,
    budget: f64,
    spent: f64,
    budget_left: f64,
    burn: Option<f64>,
}

/// Runs the command.
///
/// # Errors
/// When the database is out of reach, or nothing is kept of such a service level.
pub fn run(args: &Args, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let name = args.name.strip_prefix("slo/").unwrap_or(&args.name);
    let name: Name = name.parse().map_err(|error| CliError::usage(format!("`{name}` is no name: {error}")))?;
    let spec = SpecId::new(Kind::Slo, name);
    let until = args.at.unwrap_or_else(now);
    let since = until.minus(args.since);
    let asked = spec.clone();
    let samples = setup.with_engine(Access::Read, |handle| async move { Ok(handle.history(asked, since).await?) })?;
    let samples: Vec<Sample> = samples.into_iter().filter(|sample| sample.at <= until).collect();
    if samples.is_empty() {
        let what = format!("no figures of {spec} are kept since {since}");
        let hint = match args.since >= KEPT_FOR {
            true => "`abide run` and `abide reconcile` keep them; `abide slo show` judges it now",
            false => "`abide run` and `abide reconcile` keep them; --since 400d looks back as far as they go",
        };
        return Err(CliError { exit: Exit::NothingMatched, ..CliError::usage(what) }.hint(hint));
    }
    write_all(&args.output, Format::Table, io, |format, _, out| match format {
        Format::Table => text(&spec, &samples, out),
        Format::Json => json(&spec, since, &samples, out),
    })?;
    Ok(Exit::Fine)
}

fn text(spec: &SpecId, samples: &[Sample], out: &mut dyn Write) -> io::Result<()> {
    let mut targets: BTreeMap<&Subject, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        targets.entry(&sample.subject).or_default().push(sample);
    }
    for (index, (subject, samples)) in targets.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{spec} {subject}")?;
        let rows: Vec<[String; 8]> = samples.iter().map(|sample| row(sample)).collect();
        table::write(["AT", "STATE", "TARGET", "GOOD", "OF", "BUDGET", "LEFT", "BURN"], &rows, out)?;
    }
    Ok(())
}

fn row(sample: &Sample) -> [String; 8] {
    let percent = |share: f64| format!("{}%", words::percent(share));
    [
        sample.at.to_string(),
        sample.state.to_string(),
        percent(sample.target),
        words::amount(sample.good),
        words::amount(sample.total),
        words::amount(sample.budget),
        if sample.total > 0.0 { format!("{:.1}%", sample.budget_left() * 100.0) } else { "-".to_owned() },
        sample.burn.map_or_else(|| "-".to_owned(), |burn| words::rate(Some(burn))),
    ]
}

impl<'a> SampleWire<'a> {
    fn of(sample: &'a Sample) -> Self {
        Self {
            subject: sample.subject.as_str(),
            at: sample.at.to_string(),
            state: &sample.state,
            target: sample.target,
            good: sample.good,
            total: sample.total,
            budget: sample.budget,
            spent: sample.spent,
            budget_left: sample.budget_left(),
            burn: sample.burn,
        }
    }
}

fn json(spec: &SpecId, since: Timestamp, samples: &[Sample], out: &mut dyn Write) -> io::Result<()> {
    let samples = samples.iter().map(SampleWire::of).collect();
    let wire = Wire { version: 1, spec: spec.to_string(), since: since.to_string(), samples };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}
