//! Whether what was said is about what there is now.

use crate::kinds::approval::Bind;
use crate::kinds::approval::request::Request;
use crate::model::{Content, Denial, Digest, Duration, Reason, Timestamp};

/// Clocks of those who write the table differ from Abide's by so much.
pub(in crate::kinds::approval) const SLACK: Duration = Duration::from_mins(1);

/// What somebody said something to.
pub(super) struct SaidTo<'s> {
    /// The task as it read.
    pub(super) content: &'s Content,
    /// The policy as it read.
    pub(super) version: Digest,
    /// When.
    pub(super) at: Timestamp,
}

/// Why what was said is about something else than what there is now, if so.
pub(super) fn stale(request: &Request<'_>, to: &SaidTo<'_>, (who, said): (&str, &str)) -> Option<Denial> {
    let task = request.task;
    // Keys come again where rows are deleted; clocks differ by a moment.
    if to.at.plus(SLACK) < task.created {
        let words = format!("task {} came to be after {who} {said} what had its number before", task.id);
        return Some(Denial::new(Reason::Changed, words));
    }
    // It asks something else since then, as far as that was seen yet.
    let when = request.asked().filter(|asked| *asked > to.at);
    let when = when.map(|at| format!(", as was seen at {at}")).unwrap_or_default();
    if !request.is_version(to.version) {
        return Some(Denial::new(Reason::Changed, format!("{} has changed since {who} {said} it{when}", request.id)));
    }
    // What is noted in the context of a task as it is done is not what was approved.
    let is_same = *to.content == task.content || (!task.waits() && to.content.is_same_work(&task.content));
    (request.policy.bind == Bind::Content && !is_same).then(|| {
        let what = what_changed(&task.content, to.content);
        Denial::new(Reason::Changed, format!("{what} changed since {who} {said} it{when}"))
    })
}

/// The parts that have changed, in words.
fn what_changed(now: &Content, before: &Content) -> String {
    match now.changed_since(before).as_slice() {
        [] => "the task has".to_owned(),
        ["labels"] => "its labels have".to_owned(),
        [one] => format!("its {one} has"),
        [most @ .., last] => format!("its {} and {last} have", most.join(", ")),
    }
}
