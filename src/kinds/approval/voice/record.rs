//! What somebody said by a command.

use super::stale::{SaidTo, stale};
use super::{From, Voice, named};
use crate::kinds::approval::request::Request;
use crate::model::{Ballot, Denial, Reason, Said, Timestamp};

pub(super) fn on_record<'a>(
    request: &Request<'a>,
    as_of: Timestamp,
    recorded: Timestamp,
) -> impl Iterator<Item = Voice> + use<'a> {
    let request = request.clone();
    let ballots = request.task.record.as_ref().map_or(&[][..], |record| &record.ballots);
    ballots.iter().filter_map(move |ballot| {
        let Said::Vote(vote) = ballot.said else { return None };
        if ballot.policy != *request.id || ballot.at > recorded {
            return None;
        }
        let to = SaidTo { content: &ballot.content, version: ballot.version, at: ballot.at };
        let stale = || stale(&request, &to, (&ballot.by, ballot.said.word()));
        let fault = forged(ballot).or_else(stale).or_else(|| {
            let ended = ballot.expires.filter(|ends| *ends <= as_of)?;
            Some(Denial::new(Reason::Expired, format!("what {} said ran out at {ended}", ballot.by)))
        });
        let turns = ballot.expires.filter(|ends| *ends > as_of);
        named(&request, &ballot.by, as_of).map(|voice| Voice {
            vote,
            at: Some(ballot.at),
            from: From::Record,
            because: ballot.reason.clone(),
            // What was never said is nobody's, whoever they are.
            fault: fault.clone().filter(|it| it.reason == Reason::Forged).or(voice.fault).or(fault),
            turns: [voice.turns, turns].into_iter().flatten().min(),
            ..voice
        })
    })
}

/// That a ballot was put into the database or changed there, if so.
fn forged(ballot: &Ballot) -> Option<Denial> {
    (!ballot.is_borne_out).then(|| {
        let (by, said, nonce) = (&ballot.by, ballot.said.word(), &ballot.nonce);
        let words = format!("no row of the audit tells that {by} {said} it so, as the ballot `{nonce}` has it");
        Denial::new(Reason::Forged, words)
    })
}
