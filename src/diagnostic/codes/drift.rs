//! What the states of drift mean. A spec in drift is no bad spec: the world differs from it.

use crate::model::Code;

/// What a state of drift means, an example, and how to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriftText {
    /// What it means, in a sentence or a few.
    pub means: &'static str,
    /// What may be seen when it is found.
    pub example: &'static str,
    /// How to mend it.
    pub mend: &'static str,
}

const fn text(means: &'static str, example: &'static str, mend: &'static str) -> DriftText {
    DriftText { means, example, mend }
}

/// The text of a state.
pub const fn drift(code: Code) -> DriftText {
    match code {
        Code::SloBurning | Code::SloNoData | Code::SloBudgetSpent => slo(code),
        Code::SloBudgetLow | Code::SloPolicyReviewOverdue | Code::SloFrozen => policy(code),
        Code::DecisionUndelivered
        | Code::DecisionReviewOverdue
        | Code::DecisionSuperseded
        | Code::DecisionProposedTooLong
        | Code::DecisionRuleBroken => decision(code),
        Code::DecisionNumberTaken | Code::DecisionPlaceTaken => branches(code),
        Code::AssignmentWrongRole
        | Code::AssignmentUnassigned
        | Code::AssignmentWrongSeverity
        | Code::AssignmentOverWip
        | Code::AssignmentNone
        | Code::AssignmentAmbiguous
        | Code::AssignmentLateClaim
        | Code::AssignmentLateFinish => assignment(code),
        Code::AgentSilent | Code::AgentOverloaded | Code::AgentUndeclared => agent(code),
        Code::ApprovalVoid
        | Code::ApprovalMissing
        | Code::ApprovalRejected
        | Code::ApprovalClosed
        | Code::ApprovalUnanswered
        | Code::ApprovalUnreviewed => approval(code),
    }
}

const fn policy(code: Code) -> DriftText {
    match code {
        Code::SloBudgetLow => text(
            "Less of an error budget is left than a step of its ErrorBudgetPolicy lets pass without a task.",
            "The policy says `remainingBelow: 0.25, task: {to: role/developer}`; 18% of the budget is left.",
            "Do what the team agreed on for a budget that runs low. The drift ends when more than the step's share is left.",
        ),
        Code::SloPolicyReviewOverdue => text(
            "The review date of an ErrorBudgetPolicy has passed.",
            "`reviewBy: 2026-06-30`, and it is July.",
            "Look at the policy again and set a new reviewBy by pull request.",
        ),
        _ => text(
            "A task started while an error budget was below the share at which its policy freezes such tasks, without the yes \
             that the policy demands.",
            "`remainingBelow: 0, freeze: {select: {types: [implement_feature]}, require: {role: architect}}`; the budget is \
             spent and implement_feature task 12 runs.",
            "Stop it until the budget recovers or until those whom the freeze names agree.",
        ),
    }
}

const fn slo(code: Code) -> DriftText {
    match code {
        Code::SloBurning => text(
            "The error budget of an objective goes faster than it may: over a long window and a short one at once, so \
             much went wrong that the budget would be gone before its window is over.",
            "The target is 0.95, so 5 of 100 may fail. Over the last hour 80 of 100 failed, over the last 5 minutes 9 \
             of 10: 16 times the rate that the budget allows, and more than 14.4.",
            "Find what fails and stop it: look at the tasks that failed within the short window. The drift ends once \
             the short window has stayed under the rate for its own length. If the target asks for more than anybody \
             needs, change the target by pull request.",
        ),
        Code::SloNoData => text(
            "The source of an indicator answers and has no data at all, and an alert policy with `alertWhenNoData` wants to \
             hear of that. A source that does not answer is unknown and no drift.",
            "The query of the indicator gives no series: the exporter was renamed, or nobody scrapes it any more.",
            "Bring the metric back, or correct the query of the indicator by pull request.",
        ),
        _ => text(
            "Over the whole window of the objective, the share of good events is under its target: the error budget is \
             spent.",
            "The target is 0.95 over 30 days; of 400 tasks that finished in them, 372 succeeded: 0.93.",
            "Put reliability before new work until enough good events have come in or the bad ones have left the \
             window. An ErrorBudgetPolicy says what else happens then. If the target is wrong, change it by pull \
             request.",
        ),
    }
}

const fn branches(code: Code) -> DriftText {
    match code {
        Code::DecisionNumberTaken => text(
            "Branches that are not merged give one number to decisions of their own, or one of them takes a number that the \
             branch that counts has given away since.",
            "kafka adds `number: 12` in specs/kafka.yaml, and rabbit adds `number: 12` in specs/rabbit.yaml.",
            "Give all but one of them the next free number before they are merged.",
        ),
        _ => text(
            "Branches that are not merged supersede one decision by different ones, or one of them supersedes what the branch \
             that counts has superseded since.",
            "kafka adds use-kafka with `supersedes: [file-queue]`, and rabbit adds use-rabbitmq with the same.",
            "Agree on one of them before they are merged. The other one amends or supersedes that one, or is rejected.",
        ),
    }
}

const fn decision(code: Code) -> DriftText {
    match code {
        Code::DecisionUndelivered => text(
            "An accepted decision should have been carried out by `delivery.dueBy`, and it was not: no task that \
             `delivery.select` finds is there at all, or some of them are not completed.",
            "use-postgres was due on 2026-06-01. Of its 3 tasks, task 812 is still pending.",
            "Complete the open tasks, or create the missing ones with the labels that the decision selects. If the date \
             cannot hold, move `dueBy` by pull request, so that everybody sees it.",
        ),
        Code::DecisionReviewOverdue => text(
            "An accepted decision should have been looked at again, by `reviewBy` or `reviewEvery` after its date, and \
             that day has passed.",
            "reviewBy: 2026-03-01, and today is 2026-03-09.",
            "Ask the deciders whether it still holds. If so, set a new `reviewBy`; else deprecate it, or write the \
             decision that supersedes it.",
        ),
        Code::DecisionProposedTooLong => text(
            "A decision has been proposed for longer than `limits.proposed` in abide.toml allows, and nobody has said yes or \
             no.",
            "status: proposed, date: 2026-02-20, and `proposed = \"60d\"`; today is 2026-05-02.",
            "Ask the deciders, and accept or reject it by pull request. A new date says that it was proposed anew.",
        ),
        Code::DecisionSuperseded => text(
            "A decision is still `accepted`, although another accepted decision names it under `supersedes`. Readers \
             cannot tell which of the two holds.",
            "use-postgres supersedes file-locks, and file-locks still says status: accepted.",
            "Set the older decision's status to `superseded`. If both should hold, use `amends` or `relatesTo` in the \
             newer one.",
        ),
        _ => text(
            "A rule of an accepted decision does not hold: code or tasks go against what was decided.",
            "no-direct-calls forbids `api\\.openai\\.com` outside src/llm, and src/triage/prompt.rs line 12 has it.",
            "Change the places that the task lists, so that the rule holds. If the decision no longer fits, supersede \
             it; if this one case is all right for a while, write a Waiver with an end.",
        ),
    }
}

const fn assignment(code: Code) -> DriftText {
    match code {
        Code::AssignmentWrongRole => text(
            "An open task is with another role than the assignment that selects it names.",
            "bug-fixes gives fix_bug tasks to role/developer; task 1234 is with qa.",
            "Give the listed tasks to the role that the assignment names. If they are right where they are, change the \
             assignment, or add a more specific one for them.",
        ),
        Code::AssignmentUnassigned => text(
            "An open task that an assignment selects has no role at all, so that nobody will look for it.",
            "Task 1234 is pending, and its role is empty.",
            "Give the task to the role that the assignment names. That it has no agent yet is no drift.",
        ),
        Code::AssignmentWrongSeverity => text(
            "An open task is of another severity than the assignment that selects it names.",
            "outages says severity: critical; task 1234 is of severity low.",
            "Give the listed tasks the severity that the assignment names. If they are right as they are, change the \
             assignment, or add a more specific one for them.",
        ),
        Code::AssignmentOverWip => text(
            "More tasks of an assignment run at once than `wip.max` allows in all, or `wip.perAgent` for one agent. Work in \
             progress is what runs: pending and blocked tasks do not count, and neither do Abide's own.",
            "fixes says wip: {max: 10, perAgent: 1}; dev-1 runs the fixes 1234 and 1240.",
            "Finish what was begun before anything else begins, release what nobody works on, or raise the limit by pull \
             request.",
        ),
        Code::AssignmentNone => text(
            "No assignment selects an open task, so that nobody has said whose work it is.",
            "Task 1234 is of type tune_prompts, and no assignment selects that type.",
            "Add an assignment that selects it, or correct the task's type or labels.",
        ),
        Code::AssignmentAmbiguous => text(
            "Two or more assignments select an open task with equally many fields, so that none of them wins.",
            "One assignment selects {types: [fix_bug]}, another {labels: {area: db}}; task 1234 is both.",
            "Give one of them another field, so that it is more specific, or make the two exclude each other.",
        ),
        Code::AssignmentLateClaim => text(
            "An open task has waited longer for somebody to take it than its assignment allows for its severity.",
            "Critical tasks are claimed within 15m; task 1234 is critical, pending and 40m old.",
            "Claim it now. If that happens often, the role has too few agents or too much work: look at \
             `abide status`.",
        ),
        _ => text(
            "An open task is older than its assignment allows for its severity. The time counts from its creation and \
             runs on while the task is blocked.",
            "Critical tasks are finished within 4h; task 1234 is critical, running and 5h old.",
            "Finish it, or free it from what it waits for. If it no longer matters, cancel it.",
        ),
    }
}

const fn agent(code: Code) -> DriftText {
    match code {
        Code::AgentSilent => text(
            "An agent holds a running task and has not reported for longer than `heartbeat.deadAfter`. Its work may \
             have stopped without anybody knowing.",
            "deadAfter is 2m; dev-1 reported 20m ago and runs task 1234.",
            "Start the agent again, or release its running tasks so that a backup takes them.",
        ),
        Code::AgentOverloaded => text(
            "An agent runs more tasks at once than its `maxConcurrency`. Abide's own remediation tasks do not count.",
            "maxConcurrency is 2; dev-1 runs the tasks 1234, 1240 and 1251.",
            "Finish, release or hand over enough of them, and find out why they were claimed. If the agent can bear \
             more, raise the limit.",
        ),
        _ => text(
            "Somebody holds an open task or reports a heartbeat, and no Agent spec declares them.",
            "dev-9 holds task 1234; there are specs for dev-1 to dev-4.",
            "Declare the agent (`abide new agent dev-9`), or stop it and release what it holds.",
        ),
    }
}

const fn approval(code: Code) -> DriftText {
    match code {
        Code::ApprovalVoid => text(
            "A task runs or ran that had enough approvals, but some no longer held when it started: the task was changed \
             after it was approved, or the approval had expired.",
            "The Product Owner approved task 1234 on Monday; its description was changed on Tuesday; it started on \
             Wednesday.",
            "Stop the task if it still runs, and have it approved as it is now. What finished needs a look at what was \
             done, and an approval after the fact or a way back.",
        ),
        Code::ApprovalMissing => text(
            "A task runs, or ran within the lookback, without the approvals that a policy asks for. Approvals by those \
             whom the policy excludes do not count.",
            "schema-changes asks for the Product Owner and an architect; task 1234 runs, and only the architect agreed.",
            "Stop the task until everybody whom the policy names has agreed. If this work needs no approval, narrow the \
             policy's `select` by pull request.",
        ),
        Code::ApprovalClosed => text(
            "A task started at a time at which the calendar of a policy lets nothing start: outside what `windows.allow` says, \
             or within what `windows.deny` says, which wins.",
            "deploys allows Monday to Thursday, 09:00 to 16:00; task 1234 started on Friday at 17:10.",
            "Stop it until the next window, or have somebody who may break the glass say so: `abide approve --break-glass`.",
        ),
        Code::ApprovalUnanswered => text(
            "A task waits for a yes, and a step of the policy's `timeout` says whom to ask next, since nobody has answered for so \
             long.",
            "`timeout: [{after: 4h, escalate: role/architect}]`; task 1234 has waited for five hours.",
            "Answer: `abide approve` or `abide reject`. Who may say yes is the same as before; whoever gets this task sees to \
             it that they do.",
        ),
        Code::ApprovalUnreviewed => text(
            "Somebody went ahead without the yes that a policy asks for, as its `breakGlass` lets them, and those whom it asks \
             have not looked at it since.",
            "The admin broke the glass for task 1234 at 03:10: the site was down.",
            "Look at what was done. `abide approve` says that it was right, `abide reject` that it was not; both end this. \
             Whoever broke the glass cannot.",
        ),
        _ => text(
            "A task runs or ran although somebody whose approval the policy asks for said no.",
            "The architect rejected task 1234 at 10:00; it started at 10:20.",
            "Stop the task and undo what it did, or settle the matter with whoever said no, who may then approve.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_state_has_a_text_of_its_own() {
        let means: BTreeSet<&str> = Code::ALL.iter().map(|&code| drift(code).means).collect();
        assert_eq!(means.len(), Code::ALL.len());
        for &code in Code::ALL {
            let DriftText { means, example, mend } = drift(code);
            for text in [means, example, mend] {
                assert!(text.len() > 20 && text.ends_with(['.', '?']), "{code}: {text}");
            }
        }
    }
}
