//! Who has said what about a task, and whether that is enough.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{ApprovalPolicy, Bind, Excluded, Requirement};
use crate::kinds::{Body, Case, Specs};
use crate::model::{Kind, Name, SpecId, Task, Timestamp, Vote};

/// One verdict on one task.
#[derive(Debug, Clone)]
pub(super) struct Voice {
    /// Who, where it is known.
    pub by: Option<Arc<str>>,
    /// The roles for which it counts.
    roles: BTreeSet<Arc<str>>,
    /// Whether it is a person's.
    human: bool,
    /// Yes or no.
    pub vote: Vote,
    /// Why it does not hold any more, if so.
    pub void: Option<String>,
}

/// What all voices come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Enough have agreed.
    Satisfied,
    /// It would be enough, but something of it does not hold any more: why.
    Void(String),
    /// Not enough.
    Missing,
    /// Somebody who was asked said no: who.
    Rejected(String),
}

/// All verdicts on a task that count for a policy, as of a moment.
pub(super) fn voices(case: &Case<'_>, policy: &ApprovalPolicy, task: &Task, as_of: Timestamp) -> Vec<Voice> {
    let in_row = task.approvals.iter().filter_map(|approval| {
        if approval.at.is_some_and(|at| at > as_of) {
            return None;
        }
        let expired = approval.at.zip(policy.valid_for).filter(|(at, valid)| at.plus(*valid) < as_of);
        let void = expired.map(|(_, valid)| format!("the approval of {} is older than {valid}", approval.role));
        let Some(by) = &approval.by else {
            let roles = BTreeSet::from([approval.role.clone()]);
            return Some(Voice { by: None, roles, human: true, vote: approval.vote, void });
        };
        // The column speaks for its role: whatever else they are, they said it as that, or as the people they are.
        let mut voice = person(case.specs, by, approval.vote, void)?;
        voice.roles.retain(|role| *role == approval.role);
        Some(voice)
    });
    let in_git = documents(case, policy, task, as_of);
    in_row.chain(in_git).filter(|voice| !is_excluded(policy, task, voice)).collect()
}

/// Whether enough have agreed to a task, as of a moment.
pub(in crate::kinds) fn has_agreed(case: &Case<'_>, policy: &ApprovalPolicy, task: &Task, as_of: Timestamp) -> bool {
    weigh(&policy.require, &voices(case, policy, task, as_of)) == Standing::Satisfied
}

/// A verdict of somebody who is named: it counts for the roles that they have and that may approve.
fn person(specs: &Specs, name: &Arc<str>, vote: Vote, void: Option<String>) -> Option<Voice> {
    let id = SpecId::new(Kind::Agent, name.parse::<Name>().ok()?);
    let Body::Agent(agent) = &specs.get(&id)?.body else { return None };
    let may_approve =
        |role: &SpecId| matches!(specs.get(role).map(|spec| &spec.body), Some(Body::Role(role)) if role.may_approve);
    let roles = agent.roles.iter().filter_map(|role| role.id(Some(Kind::Role))).filter(may_approve);
    let roles = roles.map(|role| Arc::from(role.name.as_str())).collect();
    Some(Voice { by: Some(name.clone()), roles, human: agent.human, vote, void })
}

fn documents<'a>(
    case: &Case<'a>,
    policy: &'a ApprovalPolicy,
    task: &'a Task,
    as_of: Timestamp,
) -> impl Iterator<Item = Voice> + use<'a> {
    let specs = case.specs;
    let own = case.spec.map(|spec| spec.id.clone());
    specs.approvals(&task.id.0).iter().filter_map(move |spec| {
        let Body::Approval(approval) = &spec.body else { return None };
        if approval.policy.id(Some(Kind::ApprovalPolicy)) != own {
            return None;
        }
        let seen = approval.digest.value.strip_prefix("sha256:").unwrap_or_default();
        let changed = policy.bind == Bind::Content && !seen.eq_ignore_ascii_case(&task.content.to_string());
        let void = if changed {
            Some(format!("the task has changed since {} approved it", approval.by.text()))
        } else {
            (as_of >= approval.expires.end()).then(|| format!("{} expired on {}", spec.id, approval.expires))
        };
        let by = approval.by.id(Some(Kind::Agent))?;
        person(specs, &by.name.as_str().into(), approval.verdict.into(), void)
    })
}

fn is_excluded(policy: &ApprovalPolicy, task: &Task, voice: &Voice) -> bool {
    let Some(by) = &voice.by else { return false };
    policy.exclude.iter().any(|excluded| match excluded {
        Excluded::Author | Excluded::Requester => task.author.as_ref() == Some(by),
        Excluded::Assignee => task.agent.as_ref() == Some(by),
        Excluded::Committer => false,
    })
}

/// What the voices come to. Where enough have agreed, a no beside them changes nothing; where they have not, it is
/// rejected rather than missing, and missing rather than void.
pub(super) fn weigh(requirement: &Requirement, voices: &[Voice]) -> Standing {
    let yes = |voice: &&Voice| voice.vote == Vote::Approved;
    let standing: Vec<&Voice> = voices.iter().filter(yes).filter(|voice| voice.void.is_none()).collect();
    if satisfied(requirement, &standing) {
        return Standing::Satisfied;
    }
    let asked = |voice: &&Voice| voice.vote == Vote::Rejected && is_asked(requirement, voice);
    if let Some(no) = voices.iter().find(asked) {
        let role = || no.roles.iter().next().map_or_else(|| "somebody".into(), ToString::to_string);
        return Standing::Rejected(no.by.as_ref().map_or_else(role, ToString::to_string));
    }
    let lapsed: Vec<&Voice> = voices.iter().filter(yes).collect();
    match lapsed.iter().find_map(|voice| voice.void.clone()) {
        Some(why) if satisfied(requirement, &lapsed) => Standing::Void(why),
        _ => Standing::Missing,
    }
}

fn counts(requirement: &Requirement, voice: &Voice) -> bool {
    let role = requirement.role.as_ref().and_then(|role| role.id(Some(Kind::Role)));
    let of_role = role.is_some_and(|role| voice.roles.contains(role.name.as_str()));
    let person = |who: &super::Link| who.id(Some(Kind::Agent)).map(|id| Arc::<str>::from(id.name.as_str()));
    let named = || requirement.people.iter().flat_map(|people| &people.value).filter_map(person);
    let of_people = voice.by.as_ref().is_some_and(|by| named().any(|who| who == *by));
    (of_role || of_people) && (voice.human || !requirement.human)
}

fn is_asked(requirement: &Requirement, voice: &Voice) -> bool {
    counts(requirement, voice) || requirement.parts().iter().any(|part| is_asked(part, voice))
}

fn satisfied(requirement: &Requirement, voices: &[&Voice]) -> bool {
    if let Some(all) = &requirement.all {
        return all.iter().all(|part| satisfied(part, voices));
    }
    if let Some(any) = &requirement.any {
        return any.iter().any(|part| satisfied(part, voices));
    }
    if let Some(at_least) = &requirement.at_least {
        return at_least.of.iter().filter(|part| satisfied(part, voices)).count() >= at_least.count as usize;
    }
    let counting = voices.iter().filter(|voice| counts(requirement, voice));
    let named: BTreeSet<&Arc<str>> = counting.clone().filter_map(|voice| voice.by.as_ref()).collect();
    let unnamed = counting.filter(|voice| voice.by.is_none()).count();
    named.len() + unnamed >= requirement.count.unwrap_or(1) as usize
}

/// What is required, in words.
pub(in crate::kinds) fn words(requirement: &Requirement) -> String {
    let joined = |parts: &[Requirement], word: &str| parts.iter().map(words).collect::<Vec<_>>().join(word);
    if let Some(all) = &requirement.all {
        return joined(all, " and ");
    }
    if let Some(any) = &requirement.any {
        return format!("({})", joined(any, " or "));
    }
    if let Some(at_least) = &requirement.at_least {
        return format!("{} of ({})", at_least.count, joined(&at_least.of, ", "));
    }
    let count = requirement.count.unwrap_or(1);
    let who = match (&requirement.role, &requirement.people) {
        (Some(role), _) => role.text().to_string(),
        (None, Some(people)) => people.iter().map(|who| who.text().to_string()).collect::<Vec<_>>().join(" or "),
        (None, None) => String::new(),
    };
    if count == 1 { who } else { format!("{count} of {who}") }
}
