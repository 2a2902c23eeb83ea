//! The record of all transitions, as a chain.

use serde_json::Value;

use super::{Entry as Kept, State};
use crate::store::audit::{Entry, Extract, Head, Page, Witness};

impl State {
    /// The rows that are wanted. The chain is made here: nobody can change what is in memory behind it.
    pub(super) fn page(&self, wanted: &Extract) -> Page {
        let mut head: Option<Head> = None;
        let chained = self.audit.iter().map(|kept| {
            let entry = Entry::after(head.take(), kept.at, &kept.by, kept.what, particulars(kept));
            head = Some(entry.head());
            (kept, entry)
        });
        let is_wanted = |(kept, entry): &(&Kept, Entry)| {
            wanted.after.is_none_or(|after| entry.seq > after)
                && wanted.task.as_ref().is_none_or(|task| kept.task.as_ref() == Some(task))
                && wanted.who.as_ref().is_none_or(|who| entry.who == *who)
                && wanted.action.as_ref().is_none_or(|action| entry.action == *action)
                && wanted.since.is_none_or(|since| entry.at >= since)
                && wanted.until.is_none_or(|until| entry.at <= until)
        };
        let mut rows: Vec<Entry> = chained.filter(is_wanted).map(|(_, entry)| entry).collect();
        let beyond = rows.len().saturating_sub(wanted.most);
        if wanted.newest {
            drop(rows.drain(..beyond));
        } else {
            rows.truncate(wanted.most);
        }
        let has_more = beyond > 0;
        Page { rows, has_more, witness: (!has_more).then(Witness::default), kept: None }
    }
}

/// What is told of a transition, with what it is about.
fn particulars(kept: &Kept) -> String {
    let mut what: Value = serde_json::from_str(&kept.particulars).unwrap_or_default();
    if let (Some(what), Some(task)) = (what.as_object_mut(), &kept.task) {
        what.insert("task".into(), task.to_string().into());
    }
    if let (Some(what), Some(fingerprint)) = (what.as_object_mut(), &kept.fingerprint) {
        what.insert("fingerprint".into(), fingerprint.as_str().into());
    }
    what.to_string()
}
