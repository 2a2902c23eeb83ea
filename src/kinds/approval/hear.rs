//! Whether what somebody is about to say of a request counts, before it is put on record.

use std::sync::Arc;

use super::barred::Barred;
use super::request::Request;
use super::voice::{From, Voice, agent, named, overriding};
use super::weigh::is_asked;
use super::{BreakGlass, Requirement, Signature};
use crate::model::{Denial, Digest, Duration, GateState, Kind, Reason, Said, Timestamp, Vote};

/// How long whoever breaks the glass goes ahead, where the policy does not say.
const GLASS: Duration = Duration::from_hours(24);

/// What somebody is about to say.
#[derive(Debug, Clone, Copy)]
pub struct Word<'w> {
    /// What.
    pub said: Said,
    /// Who: the name of an agent.
    pub by: &'w str,
    /// What they have seen; what there is now, where they do not say.
    pub seen: Option<Digest>,
    /// Whether a key of theirs signed it.
    pub is_signed: bool,
    /// Until when they say it, where they do.
    pub expires: Option<Timestamp>,
    /// Why.
    pub reason: Option<&'w Arc<str>>,
}

/// Until when a word holds that counts.
///
/// # Errors
/// Why it does not count.
pub fn hear(request: &Request<'_>, word: &Word<'_>, now: Timestamp) -> Result<Option<Timestamp>, Denial> {
    let voice = person(request, word, now)?;
    if request.policy.signature == Signature::Required && !word.is_signed {
        let words = format!("{} wants what is said to it signed; a token is no signature", request.id);
        return Err(Denial::new(Reason::Unsigned, words));
    }
    if let Some(ends) = word.expires.filter(|ends| *ends <= now) {
        return Err(Denial::new(Reason::Expired, format!("what holds until {ends} has run out: it is {now}")));
    }
    if word.seen.is_some_and(|seen| seen != request.digest()) {
        let words = format!(
            "task {} or {} has changed since it was looked at: it is sha256:{} now",
            request.task.id,
            request.id,
            request.digest()
        );
        return Err(Denial::new(Reason::Changed, words));
    }
    match word.said {
        Said::Vote(vote) => may_vote(request, word, &voice, vote, now),
        Said::Override => may_override(request, word, now),
    }
}

/// Who says it: a person who is declared.
fn person(request: &Request<'_>, word: &Word<'_>, now: Timestamp) -> Result<Voice, Denial> {
    let none = || Denial::new(Reason::Undeclared, format!("no spec declares agent/{}", word.by));
    let voice = named(request, word.by, now).ok_or_else(none)?;
    match voice.fault {
        Some(fault) => Err(fault),
        None => Ok(voice),
    }
}

fn may_vote(
    request: &Request<'_>,
    word: &Word<'_>,
    voice: &Voice,
    vote: Vote,
    now: Timestamp,
) -> Result<Option<Timestamp>, Denial> {
    let by = word.by;
    let not_asked = || {
        let nobody = || format!("{} asks nobody: it only says when something may start", request.id);
        let asks = |require: &Requirement| format!("{} asks {}, and not agent/{by}", request.id, require.words());
        Denial::new(Reason::NotAsked, request.policy.require.as_ref().map_or_else(nobody, asks))
    };
    let barred = Barred::of(request.specs, request.policy, request.task);
    let mut voice = voice.clone();
    voice.lent.retain(|name, _| barred.why(name).is_none());
    if !request.policy.require.as_ref().is_some_and(|require| is_asked(require, &voice)) {
        return Err(not_asked());
    }
    if let Some(why) = barred.why(by) {
        return Err(why.clone());
    }
    let assessed = request.stands(now);
    // Where the glass was broken, whoever has answered before looks at it again.
    let glass = overriding(request.task, request.id, now).filter(|glass| !request.is_reviewed(glass, now));
    let counts = |voice: &&Voice| glass.is_none_or(|glass| voice.at.is_some_and(|at| at > glass.at));
    let said = assessed.voices.iter().find(|it| it.by.as_deref() == Some(by) && it.fault.is_none()).filter(counts);
    if said.is_some_and(|said| said.vote == vote && said.from == From::Record) {
        let words = format!("agent/{by} has {} task {} already", vote.word(), request.task.id);
        return Err(Denial::new(Reason::Decided, words));
    }
    let is_enough = assessed.state == GateState::Approved && assessed.why.is_none();
    if vote == Vote::Approved && is_enough && glass.is_none() && !has_no(said) {
        let words =
            format!("enough have agreed to task {} already, so that this would change nothing", request.task.id);
        return Err(Denial::new(Reason::Decided, words));
    }
    // A yes is good for so long; a no stands until it is taken back.
    let valid = request.policy.valid_for.filter(|_| vote == Vote::Approved).map(|valid| now.plus(valid));
    Ok(word.expires.into_iter().chain(valid).min())
}

fn has_no(said: Option<&Voice>) -> bool {
    said.is_some_and(|said| said.vote == Vote::Rejected)
}

fn may_override(request: &Request<'_>, word: &Word<'_>, now: Timestamp) -> Result<Option<Timestamp>, Denial> {
    let refused = |words: String| Err(Denial::new(Reason::NoBreakGlass, words));
    let Some(BreakGlass { by, max_for, .. }) = &request.policy.break_glass else {
        return refused(format!("{} lets nobody go ahead without a yes", request.id));
    };
    let roles: Vec<_> = agent(request.specs, word.by)
        .map(|agent| agent.roles.iter().filter_map(|role| role.id(Some(Kind::Role))).collect())
        .unwrap_or_default();
    let is_named = by.iter().filter_map(super::gates::who).any(|who| match who.kind {
        Kind::Agent => who.name.as_str() == word.by,
        _ => roles.contains(&who),
    });
    if !is_named {
        let names: Vec<&str> = by.iter().map(|link| &**link.text()).collect();
        return refused(format!("{} lets {} go ahead, and not agent/{}", request.id, names.join(", "), word.by));
    }
    if word.reason.is_none_or(|reason| reason.trim().is_empty()) {
        return refused("whoever breaks the glass says why".to_owned());
    }
    let most = now.plus(max_for.unwrap_or(GLASS));
    Ok(Some(word.expires.map_or(most, |ends| ends.min(most))))
}
