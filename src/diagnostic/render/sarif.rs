//! For code scanning: SARIF 2.1.0.

use std::collections::BTreeMap;
use std::io;

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region, ReportingConfiguration,
    ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use super::{Diagnostic, Level, Report, Span, fingerprints, paragraph, write_json};
use crate::diagnostic::Entry;

/// The schema that the report follows.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let sorted = report.sorted();
    let entries: BTreeMap<&str, &Entry> =
        sorted.iter().map(|diagnostic| (diagnostic.problem.entry.code, diagnostic.problem.entry)).collect();
    let index: BTreeMap<&str, i64> = entries.keys().copied().zip(0..).collect();
    let results = sorted.iter().zip(fingerprints(&sorted)).map(|(diagnostic, print)| {
        let rule = index.get(diagnostic.problem.entry.code).copied().unwrap_or(-1);
        finding(report, diagnostic, rule, print)
    });
    let driver = ToolComponent::builder()
        .name("abide")
        .version(env!("CARGO_PKG_VERSION"))
        .rules(entries.values().map(|entry| rule(entry)).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(json!("unicodeCodePoints"))
        .results(results.collect::<Vec<_>>())
        .build();
    write_json(&Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build(), out)
}

fn rule(entry: &Entry) -> ReportingDescriptor {
    let text = |text: String| MultiformatMessageString::builder().text(text).build();
    let configuration = ReportingConfiguration::builder().level(json!(level(entry.level).to_string())).build();
    let help = format!("{}\n\nExample:\n\n{}\n\n{}", entry.means, entry.example, entry.mend);
    let markdown = format!("{}\n\n```yaml\n{}\n```\n\n{}", entry.means, entry.example, entry.mend);
    ReportingDescriptor::builder()
        .id(entry.code)
        .short_description(text(entry.means.to_owned()))
        .help(MultiformatMessageString::builder().text(help).markdown(markdown).build())
        .default_configuration(configuration)
        .build()
}

const fn level(level: Level) -> ResultLevel {
    match level {
        Level::Error => ResultLevel::Error,
        Level::Warning => ResultLevel::Warning,
        Level::Info => ResultLevel::Note,
    }
}

fn finding(report: &Report<'_>, diagnostic: &Diagnostic, rule: i64, fingerprint: String) -> Finding {
    let problem = &diagnostic.problem;
    let related = problem.related.iter().map(|related| {
        let mut location = location(report, &related.file, related.span);
        location.message = Some(message(related.message.clone()));
        location
    });
    let mut finding = Finding::builder()
        .rule_id(problem.entry.code)
        .rule_index(rule)
        .level(level(problem.level))
        .message(message(paragraph(problem)))
        .locations(vec![location(report, &diagnostic.file, problem.span)])
        .partial_fingerprints(BTreeMap::from([("abide/v1".to_owned(), fingerprint)]))
        .build();
    let related: Vec<Location> = related.collect();
    finding.related_locations = (!related.is_empty()).then_some(related);
    finding
}

fn message(text: String) -> Message {
    Message::builder().text(text).build()
}

fn location(report: &Report<'_>, file: &str, span: Span) -> Location {
    let place = report.region(file, span);
    let region = Region::builder()
        .start_line(i64::from(place.begin.line))
        .start_column(i64::from(place.begin.column))
        .end_line(i64::from(place.end.line))
        .end_column(i64::from(place.end.column))
        .build();
    let file = ArtifactLocation::builder().uri(uri(file)).uri_base_id("%SRCROOT%").build();
    let physical = PhysicalLocation::builder().artifact_location(file).region(region).build();
    Location::builder().physical_location(physical).build()
}

/// A path as a relative URI reference (RFC 3986): what may not stand in one is written as `%` and two digits.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&b);
    path.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
