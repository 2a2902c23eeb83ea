//! How requests stand, held against the rows that tell of their transitions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::kept::Request;
use super::super::mismatch::{Differences, How, Mismatch};
use super::super::{Entry, particulars};
use super::text;

/// The task and the policy of the request that a row takes away, if it does.
pub fn withdrawn(entry: &Entry) -> Option<(String, String)> {
    let may = entry.action == "gate" && entry.what.contains("withdrawn");
    let what = may.then(|| particulars(entry))?;
    let names = ["task", "policy"].map(|key| text(&what, key).map(str::to_owned));
    let [Some(task), Some(policy)] = names else { return None };
    (text(&what, "to") == Some("withdrawn")).then_some((task, policy))
}

/// The requests whose last row so far left something that is not there. A later row may have moved or withdrawn them, so only the
/// end tells; meanwhile those alone are remembered that have moved since.
#[derive(Debug, Default)]
pub(super) struct Requests(BTreeMap<(String, String), i64>);

impl Requests {
    /// Takes a row that tells of a request, with those that name it, and those that are there although a row of this page took
    /// them away.
    pub(super) fn step(
        &mut self,
        entry: &Entry,
        what: &Value,
        named: Vec<Request>,
        risen: &mut Vec<Request>,
    ) -> Vec<Mismatch> {
        let [task, policy] = ["task", "policy"].map(|key| text(what, key).unwrap_or_default().to_owned());
        let is_own = |request: &Request| request.task == task && request.policy == policy;
        let (own, others): (Vec<Request>, Vec<Request>) = named.into_iter().partition(is_own);
        let mut found: Vec<Mismatch> = others.iter().map(|request| foreign(request, entry)).collect();
        let row = Some(entry.seq);
        if text(what, "to") == Some("withdrawn") {
            let there = own.into_iter().chain(risen.extract_if(.., |request| is_own(request)));
            found.extend(there.map(|request| Mismatch { what: words(&request), row, how: How::Risen }));
            self.0.remove(&(task, policy));
            return found;
        }
        if own.is_empty() {
            self.0.insert((task, policy), entry.seq);
            return found;
        }
        self.0.remove(&(task, policy));
        for request in own {
            found.extend(differences(entry, what, &request).map(|how| Mismatch { what: words(&request), row, how }));
        }
        found
    }

    /// What is not there as it was left.
    pub(super) fn finish(self) -> impl Iterator<Item = Mismatch> {
        self.0.into_iter().map(|((task, policy), seq)| {
            let what = words(&Request { task, policy, ..Request::default() });
            Mismatch { what, row: Some(seq), how: How::Gone }
        })
    }
}

/// That a request names a row which tells of something else.
pub(super) fn foreign(request: &Request, entry: &Entry) -> Mismatch {
    Mismatch { what: words(request), row: Some(entry.seq), how: How::Foreign(entry.action.clone()) }
}

/// That a request names a row which is not there.
pub(super) fn untold(request: &Request) -> Mismatch {
    Mismatch { what: words(request), row: Some(request.touched), how: How::Untold }
}

fn words(request: &Request) -> String {
    format!("the request of {} about task {}", request.policy, request.task)
}

fn differences(entry: &Entry, what: &Value, request: &Request) -> Option<How> {
    let mut found = Differences::default();
    let opens = entry.action == "request";
    let state = text(what, if opens { "state" } else { "to" });
    // What was not yet written down in older rows is not held against them.
    if state.is_some() {
        found.text("state", state, Some(&request.state));
    }
    found.text("reason", text(what, "reason"), request.why.as_deref());
    found.moment("time", Some(entry.at), Some(request.since));
    if let Some(digest) = text(what, "digest") {
        found.text("digest", Some(digest), Some(&format!("sha256:{}", request.digest)));
    }
    if opens {
        found.moment("first time", Some(entry.at), Some(request.asked));
    } else if let Some(asked) = text(what, "asked") {
        found.time("first time", Some(asked), Some(request.asked));
    }
    // What has started may wait once more, which no row tells.
    if request.used.is_some() {
        let starts = entry.action == "start";
        found.moment("start", starts.then_some(entry.at), request.used);
        found.time("start by the row", text(what, "started"), request.used_started);
        found.text("content", text(what, "content"), request.used_content.as_deref());
    }
    found.found()
}
