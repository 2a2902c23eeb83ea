//! `abide approve` and `abide reject`.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::approvals::policy_of;
use super::output::{Output, write_all};
use super::plan::Format;
use super::setup::Access;
use super::{CliError, Exit, Global, Io, Setup};
use crate::diagnostic::plain;
use crate::engine::{Chance, Credential, Saying, SystemChance};
use crate::kinds::approval::{NAMESPACE, Payload};
use crate::model::{Digest, Said, TaskId, Timestamp, Vote};
use crate::signature;
use crate::store::{Filter, Stands};

/// Says yes to a task that needs it, in the name of a person who shows that it is them.
///
/// The yes is bound to the task, the policy and both as they read now; a later change of either makes it void. With --digest it
/// is given only if they still read as they did when they were looked at: `abide approvals show TASK` prints the digest.
#[derive(Debug, clap::Args)]
pub struct ApproveArgs {
    /// What is said.
    #[command(flatten)]
    pub word: Word,
    /// Goes ahead without the yes of others, where the policy's breakGlass lets one: for a time, and to be looked at afterwards.
    /// Wants --reason.
    #[arg(long, requires = "reason")]
    pub break_glass: bool,
}

/// Says no to a task that needs a yes, in the name of a person who shows that it is them.
#[derive(Debug, clap::Args)]
pub struct RejectArgs {
    /// What is said.
    #[command(flatten)]
    pub word: Word,
}

/// What is said, by whom, and what shows that it is them.
#[derive(Debug, clap::Args)]
pub struct Word {
    /// The task's key.
    pub task: String,
    /// The policy that is answered: its name, or kind/name. Every one that asks the person, unless given.
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,
    /// Who says it: the name of an Agent with `human: true`.
    #[arg(long = "as", value_name = "AGENT")]
    pub by: String,
    /// A token that was made for the person by `abide approvals token`. Others may see arguments: better give it in ABIDE_TOKEN.
    #[arg(long, value_name = "TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// A private key of the person in OpenSSH's form, without a passphrase: signs what is said, and takes the place of a token. Wants --digest.
    #[arg(long, value_name = "FILE", requires = "digest")]
    pub key: Option<PathBuf>,
    /// What was looked at: sha256: and 64 digits.
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub digest: Option<Digest>,
    /// Until when it holds, where that is sooner than the policy lets it: 2026-12-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub expires: Option<Timestamp>,
    /// Makes it count once, however often it is sent. Made up unless given.
    #[arg(long, value_name = "TEXT")]
    pub nonce: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// What to write: text or json, each with =PATH to a file. May be given several times.
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<Output<Format>>,
}

fn digest(text: &str) -> Result<Digest, String> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text).to_lowercase();
    Digest::stored(&digits).ok_or_else(|| "a digest is `sha256:` and 64 hexadecimal digits".to_owned())
}

/// Says yes.
///
/// # Errors
/// When it does not count (exit codes 5 and 6), and when specs or database are out of reach.
pub fn approve(args: &ApproveArgs, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let said = if args.break_glass { Said::Override } else { Said::Vote(Vote::Approved) };
    say(&args.word, said, global, io)
}

/// Says no.
///
/// # Errors
/// As [`approve`].
pub fn reject(args: &RejectArgs, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    say(&args.word, Said::Vote(Vote::Rejected), global, io)
}

fn say(word: &Word, said: Said, global: &Global, io: &mut Io) -> Result<Exit, CliError> {
    let setup = Setup::new(global)?;
    let by = word.by.strip_prefix("agent/").unwrap_or(&word.by);
    let task = TaskId::from(word.task.as_str());
    let nonce = word.nonce.as_deref().map_or_else(nonce, |nonce| Ok(nonce.to_owned()))?;
    let payload = Payload { task: &task, said, by, seen: word.digest, nonce: &nonce, expires: word.expires };
    let credential = credential(word, &payload)?;
    let saying = Saying {
        task: task.clone(),
        policy: word.policy.as_deref().map(policy_of).transpose()?,
        said,
        by: by.into(),
        credential,
        seen: word.digest,
        nonce: Some(nonce.into()),
        expires: word.expires,
        reason: word.reason.as_deref().map(Arc::from),
    };
    let (stands, has_started) = setup.with_engine(Access::Write, |handle| async move {
        let stands = handle.say(saying).await?;
        let found = handle.list(Filter { id: Some(task), ..Filter::default() }).await?;
        Ok((stands, found.iter().any(|row| row.task.has_run())))
    })?;
    write_all(&word.output, Format::Text, io, |format, _, out| match format {
        Format::Text => text(word, (by, said), (&stands, has_started), out),
        Format::Json => {
            let stands: Vec<Value> = stands.iter().map(as_json).collect();
            let whole = json!({
                "version": 1, "task": word.task, "said": said.word(), "by": format!("agent/{by}"), "requests": stands
            });
            writeln!(out, "{whole:#}")
        }
    })?;
    Ok(Exit::Fine)
}

/// A nonce that nobody had before.
fn nonce() -> Result<String, CliError> {
    let bytes = SystemChance.bytes().map_err(CliError::usage)?;
    Ok(bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
}

/// What shows who says it.
fn credential(word: &Word, payload: &Payload<'_>) -> Result<Credential, CliError> {
    let Some(path) = &word.key else {
        return Ok(word.token.clone().map_or(Credential::Nothing, Credential::Token));
    };
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::usage(format!("cannot read the key {shown}: {error}")))?;
    let signed = signature::sign(payload.text().as_bytes(), NAMESPACE, &text);
    signed.map(Credential::Key).map_err(|error| CliError::usage(format!("the key {shown} cannot sign: {error}")))
}

fn as_json(stands: &Stands) -> Value {
    json!({"policy": stands.policy.to_string(), "state": stands.state.word(), "reason": stands.why})
}

fn text(
    word: &Word,
    (by, said): (&str, Said),
    (stands, has_started): (&[Stands], bool),
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}: task {}, by agent/{by}", said.word(), word.task)?;
    for Stands { policy, state, why } in stands {
        let why = why.as_ref().map(|why| format!(": {}", plain(why))).unwrap_or_default();
        writeln!(out, "  {policy} is {state}{why}")?;
    }
    if has_started {
        return writeln!(out, "It has started already, so this is a review.");
    }
    if stands.iter().all(|stands| stands.state.is_open()) {
        return writeln!(out, "It may start.");
    }
    writeln!(out, "It may not start yet: `abide approvals explain {}` shows what is missing.", word.task)
}
