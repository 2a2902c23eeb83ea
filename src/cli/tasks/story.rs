//! What was done to a task, by whom and when.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::find::find;
use crate::cli::output::{Output, write_all};
use crate::cli::plan::Format;
use crate::cli::{CliError, Io};
use crate::diagnostic::plain;
use crate::engine::Handle;
use crate::store::Told;

/// Tells what was done to a task, by whom and when.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The task's key, or its fingerprint.
    pub id: String,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

pub(super) async fn run(args: &Args, handle: &Handle, io: &mut Io) -> Result<(), CliError> {
    let task = find(handle, &args.id).await?.listed.task.id.clone();
    let story = handle.story(task.clone()).await?;
    write_all(&args.output, Format::Text, io, |format, _, out| match format {
        Format::Text if story.is_empty() => {
            writeln!(out, "Abide has done nothing to task {task}, nor has anybody through it")
        }
        Format::Text => text(&story, out),
        Format::Json => {
            let events: Vec<Value> = story.iter().map(as_json).collect();
            writeln!(out, "{:#}", json!({"version": 1, "task": *task.0, "events": events}))
        }
    })
}

fn particulars(told: &Told) -> Value {
    serde_json::from_str(&told.what).unwrap_or_default()
}

fn as_json(told: &Told) -> Value {
    json!({"at": told.at.to_string(), "by": told.by, "action": told.action, "what": particulars(told)})
}

fn text(story: &[Told], out: &mut dyn Write) -> io::Result<()> {
    let wide = story.iter().map(|told| told.action.len()).max().unwrap_or_default();
    story.iter().try_for_each(|told| {
        let Told { at, by, action, .. } = told;
        writeln!(out, "{at}  {action:<wide$}  {}", plain(&format!("{by}{}", beside(action, &particulars(told)))))
    })
}

/// What of the particulars people want to see.
fn beside(action: &str, what: &Value) -> String {
    let number = |key: &str| what.get(key).and_then(Value::as_i64);
    let text = |key: &str| what.get(key).and_then(Value::as_str);
    let reason = text("reason").or_else(|| text("why"));
    let token = number("token").map(|token| format!(", token {token}"));
    let until = text("until").map(|until| format!(", until {until}"));
    let again = text("again").map(|again| format!(", again from {again}"));
    let why = match (action, text("to"), text("field"), text("spec")) {
        ("assign", Some(to), Some(field), Some(spec)) => {
            Some(format!("set the {field} from {} to {to}, as {spec} wants it", text("from").unwrap_or("nothing")))
        }
        ("forget", _, Some(field), Some(spec)) => {
            Some(format!("that it set the {field} for {spec}: the task has ended, or the spec says something else now"))
        }
        // Who waits for the task asks what has become of it, and not how the row is called.
        ("lost", Some("failed"), ..) => Some(format!(
            "the task has failed and waits for a person, since its holder was lost {}; this time {}",
            times(number("returns").unwrap_or(1)),
            reason.unwrap_or("nobody knows how"),
        )),
        ("lost", ..) => reason.map(|reason| format!("{reason}, so the task was given back")),
        _ => reason.map(str::to_owned),
    };
    let why = why.map(|why| format!(": {why}"));
    [token, until, again, why].into_iter().flatten().collect()
}

fn times(count: i64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_is_given_up_is_said_to_have_failed_and_why() {
        let lost = |to: &str| {
            let reason = "the lease of dev-1 was over at 2026-03-02T10:00:00Z";
            beside("lost", &json!({"token": 4, "returns": 4, "to": to, "reason": reason}))
        };
        let failed = ", token 4: the task has failed and waits for a person, since its holder was lost 4 times; this time \
                      the lease of dev-1 was over at 2026-03-02T10:00:00Z";
        assert_eq!(lost("failed"), failed);
        let again = ", token 4: the lease of dev-1 was over at 2026-03-02T10:00:00Z, so the task was given back";
        assert_eq!(lost("pending"), again);
    }

    #[test]
    fn a_correction_that_filled_an_empty_field_says_so() {
        let set = json!({"spec": "assignment/a", "field": "role", "from": null, "to": "qa"});
        assert_eq!(beside("assign", &set), ": set the role from nothing to qa, as assignment/a wants it");
        let gone = json!({"spec": "assignment/a", "field": "role"});
        let said = ": that it set the role for assignment/a: the task has ended, or the spec says something else now";
        assert_eq!(beside("forget", &gone), said);
    }
}
