//! What it means that somebody's word does not count. It is no fault of a spec: it is refused when it is said, or told where it
//! stands.

use super::drift::DriftText;
use crate::model::Reason;

const fn text(means: &'static str, example: &'static str, mend: &'static str) -> DriftText {
    DriftText { means, example, mend }
}

/// The text of a reason.
pub const fn denial(reason: Reason) -> DriftText {
    match reason {
        Reason::Own
        | Reason::Owned
        | Reason::NotHuman
        | Reason::Undeclared
        | Reason::NotAsked
        | Reason::NoRequest
        | Reason::NoBreakGlass => who(reason),
        Reason::Replayed
        | Reason::Changed
        | Reason::Expired
        | Reason::NotInTime
        | Reason::Decided
        | Reason::ClockBack
        | Reason::Gated => what(reason),
        Reason::Unsigned
        | Reason::WrongSigner
        | Reason::BadSignature
        | Reason::KeyExpired
        | Reason::NoCredential
        | Reason::Forged => proof(reason),
    }
}

const fn who(reason: Reason) -> DriftText {
    match reason {
        Reason::Own => text(
            "Nobody agrees to their own work: whoever asked for a task, does it or has committed it may not approve it, where the \
             policy's `exclude` says so or says nothing.",
            "Kim added task 12 and says yes to it.",
            "Have somebody else look at it.",
        ),
        Reason::Owned => text(
            "Nobody agrees to the work of an agent that they own: that would be agreeing to their own by another name.",
            "Agent dev-1 has `owner: agent/kim`, and does task 12; Kim says yes to it.",
            "Have somebody look at it who does not own the agent.",
        ),
        Reason::NotHuman => text(
            "Only people approve: no credential of an agent without `human: true` counts, whatever roles it has.",
            "`abide approve 12 --as architect-bot`",
            "Have a person approve. If the agent is a person, its spec must say `human: true`.",
        ),
        Reason::Undeclared => text(
            "Whoever approves must be declared: what roles they have stands in the specs.",
            "`abide approve 12 --as kim`, and no Agent is called kim.",
            "Declare them by pull request.",
        ),
        Reason::NotAsked => text(
            "The policy asks others: the person has none of the roles that it names, or a role that may not approve, and is not named.",
            "deploys asks role/architect; Kim is a developer.",
            "`abide approvals explain TASK` shows who is asked.",
        ),
        Reason::NoRequest => text(
            "No policy asks for agreement to that task, or not the one that was named.",
            "`abide approve 12`, and no ApprovalPolicy selects task 12.",
            "`abide approvals list` shows what waits for a yes.",
        ),
        _ => text(
            "The policy has no `breakGlass`, or lets others break the glass.",
            "`breakGlass: {by: [role/admin]}`, and Kim is no admin.",
            "Have somebody whom it names go ahead, or get the yes that is missing.",
        ),
    }
}

const fn what(reason: Reason) -> DriftText {
    match reason {
        Reason::Replayed => text(
            "The same word was said before. It has a nonce, and counts once.",
            "Two Approval documents have the nonce `8f3a`.",
            "Say it again with a nonce of its own.",
        ),
        Reason::Changed => text(
            "It was said to something else than what there is now: the task or the policy has changed since it was read.",
            "`abide approve 12 --digest sha256:6f3…`, and the description was changed at 10:42.",
            "Look at the task as it is now (`abide approvals show TASK`), and say yes to that.",
        ),
        Reason::Expired => text(
            "A yes holds for so long as the policy's `validFor` or its own `expires` says, and this one has run out.",
            "`validFor: 14d`, and it was said three weeks ago.",
            "Say it again.",
        ),
        Reason::NotInTime => text(
            "A verdict in the task's row is dated after the task had started, or after now: it was not there when it was wanted.",
            "Task 12 started at 10:00, and its column for the architect is dated 10:30.",
            "Stop the task until it is approved, or have it looked at: `abide approve TASK` afterwards is a review.",
        ),
        Reason::Decided => text(
            "Enough others have agreed already, or somebody's no stands, so that this yes would change nothing.",
            "Two people are wanted, and two have said yes a moment before.",
            "Nothing is left to do.",
        ),
        Reason::ClockBack => text(
            "The clock shows an earlier time than what is on record: with a clock that goes back, what has run out would \
             count again. Nothing that needs a yes starts meanwhile.",
            "The newest row is of 12:00, and the clock shows 11:20.",
            "Set the clock right. If it is right now and was ahead before: `abide audit clock --reason …`.",
        ),
        _ => text(
            "The task needs a yes before it starts, and does not have it.",
            "`abide tasks claim 12`, and nobody has approved task 12.",
            "`abide approvals explain TASK` shows what is missing.",
        ),
    }
}

const fn proof(reason: Reason) -> DriftText {
    match reason {
        Reason::Unsigned => text(
            "The policy says `signature: required`, and nothing shows that the person signed it.",
            "The commit that brings an Approval document has no signature.",
            "Sign the commit, or approve with a key: `abide approve TASK --key FILE`.",
        ),
        Reason::WrongSigner => text(
            "It is signed with a key that is not one of the person's in whose name it is said.",
            "Lee signs a commit whose Approval says `by: agent/kim`.",
            "Whoever says it must sign it. Keys stand in `keys` of the person's Agent spec.",
        ),
        Reason::BadSignature => text(
            "The signature does not fit what it signs, or cannot be read.",
            "The commit was altered after it was signed.",
            "Sign it again.",
        ),
        Reason::KeyExpired => text(
            "The key was not valid when what it signed was first seen. What date a commit claims is no matter: anybody can write any.",
            "The key has `valid-before=\"20260101\"`, and the commit, dated in 2025, arrived today.",
            "Sign it with a key that is valid.",
        ),
        Reason::Forged => text(
            "The database holds a ballot of which no row of the audit tells, or tells otherwise: somebody put it in, moved it or \
             changed it there.",
            "Somebody ran `INSERT INTO abide_ballots …`.",
            "`abide audit verify` names each such ballot. Have the person say it again, and find out who can write the database.",
        ),
        _ => text(
            "Nothing shows who says so: a token or a key of the person is wanted.",
            "`abide approve 12 --as kim`, without ABIDE_TOKEN and without --key.",
            "Give a token that was made for the person (`abide approvals token NAME`), or sign with their key.",
        ),
    }
}
