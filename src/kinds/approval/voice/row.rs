//! What stands in the task's own row.

use std::collections::{BTreeMap, BTreeSet};

use super::stale::{SLACK, SaidTo, stale};
use super::{From, Voice, agent, approving_roles, may_approve};
use crate::kinds::approval::request::Request;
use crate::model::{Approval, Denial, Duration, Reason, Seen, Timestamp, Vote};

const MOMENT: Duration = Duration::from_millis(1);

pub(super) fn in_row<'a>(request: &Request<'a>, as_of: Timestamp) -> impl Iterator<Item = Voice> + use<'a> {
    let request = request.clone();
    request.task.approvals.iter().map(move |approval| {
        let Approval { role, vote, by, at } = approval;
        let from = From::Row(role.clone());
        let late = at.filter(|at| *at > as_of).map(|at| {
            let words = if request.task.waits() { "is still to come" } else { "is after the start" };
            Denial::new(Reason::NotInTime, format!("the approval of {role} is dated {at}, which {words}"))
        });
        let record = request.task.record.as_ref();
        // Keys come again where rows are deleted: what was seen before this one came to be was another one's.
        let is_of_row = |seen: &&Seen| seen.at.plus(SLACK) >= request.task.created;
        let seen = record.and_then(|record| record.seen_by(request.id, approval)).filter(is_of_row);
        let about = request.about(approval);
        let to = match seen {
            Some(seen) => SaidTo { content: &seen.content, version: seen.version, at: at.unwrap_or(seen.at) },
            None => {
                let at = at.unwrap_or(as_of.max(request.task.created));
                SaidTo { content: &about, version: request.version(), at }
            }
        };
        let stale = stale(&request, &to, (by.as_deref().unwrap_or(role), vote.word()));
        // Where no column tells when it was given, it was when it was first seen.
        let given = at.or_else(|| seen.and_then(|_| record?.first_seen(approval)));
        let valid = request.policy.valid_for.filter(|_| *vote == Vote::Approved);
        let ends = given.zip(valid).map(|(at, valid)| at.plus(valid).plus(MOMENT));
        let ended = ends.filter(|ends| *ends <= as_of).map(|_| {
            let valid = request.policy.valid_for.map(|valid| valid.to_string()).unwrap_or_default();
            let whose = by.as_deref().unwrap_or(role);
            Denial::new(Reason::Expired, format!("what {whose} said is older than {valid}"))
        });
        let fault = late.or(stale).or(ended);
        let voice = Voice {
            by: None,
            roles: may_approve(request.specs, role).then(|| role.clone()).into_iter().collect(),
            lent: BTreeMap::new(),
            human: true,
            vote: *vote,
            at: *at,
            from,
            because: None,
            fault,
            turns: ends.filter(|ends| *ends > as_of),
        };
        let Some(by) = by else { return voice };
        if by.is_empty() {
            let nobody = format!("its column does not say whose the approval of {role} is");
            let fault = Some(Denial::new(Reason::NoCredential, nobody));
            return Voice { roles: BTreeSet::new(), fault, ..voice };
        }
        // The column speaks for its role: whatever else they are, they said it as that, or as the people they are.
        let Some(agent) = agent(request.specs, by) else {
            let undeclared = Denial::new(Reason::Undeclared, format!("no spec declares agent/{by}"));
            return Voice { by: Some(by.clone()), roles: BTreeSet::new(), fault: Some(undeclared), ..voice };
        };
        let roles = approving_roles(request.specs, agent).filter(|own| own == role).collect();
        Voice { by: Some(by.clone()), roles, human: agent.human, ..voice }
    })
}
